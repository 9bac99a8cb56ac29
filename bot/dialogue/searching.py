"""Conversations by a name, or by words that somebody wrote. Through the index of ``store/searching.py``: nobody else's row is
looked at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..store import searching
from ..store.tables import addresses, messages, people
from .listing import Line, last, lines
from .within import Reach, within

MOST = 50


async def search(
    db: AsyncConnection,
    asked: str,
    reach: Reach,
    now: datetime,
    *,
    reader: str = "en",
    narrowed: Sequence[ColumnElement[bool]] = (),
) -> tuple[list[Line], bool]:
    """Who is called so, then who wrote so (the newest first), at most ``MOST``, and whether there are more.

    All words have to be in it, each from its beginning, in any case and with any accents. Somebody who has never written
    to staff is found by their name as well: their line has no words. ``narrowed``: more conditions on ``people``.
    """
    words = searching.terms(asked)
    if not words:
        return [], False
    here = within(reach), *narrowed
    dialect = db.dialect.name
    named = (
        select(people.c.id)
        .where(people.c.id.in_(searching.names(dialect, words)), *here)
        .order_by(people.c.name, people.c.id)
        .limit(MOST + 1)
    )
    newest = func.max(messages.c.created_at)
    wrote = (
        select(people.c.id)
        .join(addresses, addresses.c.person_id == people.c.id)
        .join(messages, messages.c.address_id == addresses.c.id)
        .where(messages.c.id.in_(searching.said(dialect, words)), *here)
        .group_by(people.c.id)
        .order_by(newest.desc(), people.c.id)
        .limit(MOST + 1)
    )
    found: dict[UUID, None] = dict.fromkeys((await db.execute(named)).scalars())
    found |= dict.fromkeys((await db.execute(wrote)).scalars())
    shown = list(found)[:MOST]
    rows = {row.person_id: row for row in await last(db, shown)}
    ordered = [rows[person] for person in shown if person in rows]
    return await lines(db, ordered, reader, now), len(found) > MOST
