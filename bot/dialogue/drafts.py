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
Closed = Literal["same", "none", "off", "critical", "wrong"]
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


def closed(app: App, stored: Row[*tuple[Any, ...]]) -> Closed | None:
    """Why the translation of a draft may not be sent; None where it may. What people translated always may.

    It is the ``same`` language, there is ``none``, machines' replies are ``off``, it is ``critical`` (danger, a number to
    call, how to end messages), or the checks have found it ``wrong``.
    """
    if same(stored.original_language, stored.language):
        return "same"
    if not stored.text:
        return "none"
    if stored.translated_by == "person":
        return None
    if app.settings.machine_replies == "never":
        return "off"
    if wording.critical(stored.original, stored.original_language):
        return "critical"
    return "wrong" if stored.code == BLOCKED else None


def refusal(app: App, stored: Row[*tuple[Any, ...]]) -> str | None:
    """The same in words for whoever types commands."""
    named = Language.get(stored.language).display_name("en")
    said: dict[Closed | None, str] = {
        "same": f"It is in {named} already: send it as written.",
        "none": f"There is no translation into {named}: no translator answers, or none knows it. Send it as written, or "
        f"ask somebody who writes {named}.",
        "off": "OPENLINE_MACHINE_REPLIES is never: only what a person has translated is sent. Send it as written.",
        "critical": "It speaks of danger, of a number to call, or of how to end messages: no machine's wording of that is "
        "sent. Send it as written, save a translation by a person (openline inbox saved add), or call them.",
        "wrong": f"{stored.reason} Or send it as written.",
    }
    return said.get(closed(app, stored))


async def forget(db: AsyncConnection, addresses: Sequence[UUID], now: datetime) -> None:
    """Take out what was drafted to these addresses more than a day ago."""
    old = messages.c.state == "draft", messages.c.purpose == STAFF, messages.c.created_at <= now - KEPT
    await db.execute(delete(messages).where(messages.c.address_id.in_(addresses), *old))
