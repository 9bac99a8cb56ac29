"""Conversations by a name, or by words that somebody wrote. Through the index of ``store/searching.py``: nobody else's row is
looked at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..store import searching
from ..store.tables import addresses, messages, people
from .listing import COLUMNS, Line, lines
from .waits import talk
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
    rows = {row.person_id: row for row in await _last(db, shown)}
    ordered = [rows[person] for person in shown if person in rows]
    return await lines(db, ordered, reader, now), len(found) > MOST


async def _last(db: AsyncConnection, persons: Sequence[UUID]) -> Sequence[Row[*tuple[Any, ...]]]:
    """These people with the last that they wrote to staff, where there is any."""
    last, theirs = messages.alias("last"), addresses.alias("theirs")
    newest = (
        select(last.c.id)
        .join(theirs, theirs.c.id == last.c.address_id)
        .where(theirs.c.person_id == people.c.id, talk(last))
        .order_by(last.c.id.desc())
        .limit(1)
        .correlate(people)
        .scalar_subquery()
    )
    none = {"created_at": people.c.created_at, "text": "", "channel": ""}
    columns = [
        func.coalesce(one, none[one.name]).label(one.name) if one.name in none else one for one in COLUMNS
    ]
    wanted = (
        select(*columns)
        .select_from(people)
        .outerjoin(messages, messages.c.id == newest)
        .outerjoin(addresses, addresses.c.id == messages.c.address_id)
        .where(people.c.id.in_(persons))
    )
    return (await db.execute(wanted)).all()
