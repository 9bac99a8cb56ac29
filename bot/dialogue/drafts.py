"""A draft as it is stored: a message's row that never changes until it goes, what it would look like, and what stands
against its translation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

from langcodes import Language
from sqlalchemy import Row, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..app import App
from ..store.tables import messages
from . import wording
from .asides import STAFF
from .sureness import same
from .wording import Letter

How = Literal["translated", "as written"]
KEPT = timedelta(days=1)
"""A draft that nobody has sent by then is forgotten."""
BLOCKED = "blocked"
"""The code of a draft whose translation the checks have found wrong; its reason says how."""


async def drafts(
    db: AsyncConnection, addresses: Sequence[UUID], now: datetime
) -> Sequence[Row[*tuple[Any, ...]]]:
    """What has been drafted to these addresses within a day and not been sent, the oldest first."""
    wanted = (
        select(messages)
        .where(
            messages.c.address_id.in_(addresses),
            messages.c.state == "draft",
            messages.c.purpose == STAFF,
            messages.c.created_at > now - KEPT,
        )
        .order_by(messages.c.id)
    )
    return (await db.execute(wanted)).all() if addresses else []


def digest(id_: UUID) -> str:
    """What stands for one draft, to be given back by whoever has read it. A draft never changes."""
    return sha256(id_.bytes).hexdigest()


def letters(app: App, stored: Row[*tuple[Any, ...]], channel: str) -> tuple[Letter | None, Letter]:
    """A draft as it would arrive by this channel: its translation, if it has one, and as it was written."""
    price, made = app.settings.part_price, None
    if stored.text:
        made = wording.translated(
            stored.text, stored.language, stored.original, stored.original_language, channel, price,
            machine=stored.translated_by != "person",
        )  # fmt: skip
    return made, wording.written(stored.original, channel, price)


def refusal(app: App, stored: Row[*tuple[Any, ...]]) -> str | None:
    """Why the translation of a draft may not be sent; None where it may. What people translated always may."""
    named = Language.get(stored.language).display_name("en")
    if same(stored.original_language, stored.language):
        return f"It is in {named} already: send it as written."
    if not stored.text:
        return (
            f"There is no translation into {named}: no translator answers, or none knows it. Send it as written, or "
            f"ask somebody who writes {named}."
        )
    if stored.translated_by == "person":
        return None
    if app.settings.machine_replies == "never":
        return "OPENLINE_MACHINE_REPLIES is never: only what a person has translated is sent. Send it as written."
    if wording.critical(stored.original, stored.original_language):
        return (
            "It speaks of danger, of a number to call, or of how to end messages: no machine's wording of that is "
            "sent. Send it as written, save a translation by a person (openline inbox saved add), or call them."
        )
    if stored.code == BLOCKED:
        return f"{stored.reason} Or send it as written."
    return None


async def forget(db: AsyncConnection, addresses: Sequence[UUID], now: datetime) -> None:
    """Take out what was drafted to these addresses more than a day ago."""
    old = messages.c.state == "draft", messages.c.purpose == STAFF, messages.c.created_at <= now - KEPT
    await db.execute(delete(messages).where(messages.c.address_id.in_(addresses), *old))
