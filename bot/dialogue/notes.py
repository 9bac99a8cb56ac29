"""What staff tell each other about somebody: it stands in the conversation, and is never sent. The caller owns the
transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..ids import NewId
from ..store.tables import notes, staff
from .reaching import Refused

LONGEST = 2000
MOST = 200
"""So many notes are shown beside one page of messages, the newest."""


@dataclass(frozen=True, slots=True)
class Note:
    """One note. ``by`` is its writer's account, ``name`` what they are called."""

    id: UUID
    by: UUID | None
    name: str | None
    text: str
    at: datetime


async def write(db: AsyncConnection, person: UUID, text: str, by: UUID, now: datetime, new_id: NewId) -> UUID:
    """Add a note. Raises Refused for one that is empty or too long."""
    text = text.strip()
    if not text:
        raise Refused("There is nothing in this note: write something.")
    if len(text) > LONGEST:
        raise Refused(f"It has {len(text):,} characters, and may have {LONGEST:,}. Write two notes.")
    id_ = new_id()
    await db.execute(insert(notes).values(id=id_, person_id=person, staff_id=by, text=text, created_at=now))
    return id_


async def remove(db: AsyncConnection, person: UUID, note: UUID, by: UUID, now: datetime) -> bool:
    """Take one's own note away. False where there is none."""
    return await _set(db, person, note, by, now)


async def put_back(db: AsyncConnection, person: UUID, note: UUID, by: UUID) -> bool:
    """And have it again."""
    return await _set(db, person, note, by, None)


async def listed(
    db: AsyncConnection, person: UUID, since: datetime | None = None, until: datetime | None = None
) -> list[Note]:
    """The notes about somebody, of a span of time where that is given, the oldest first."""
    wanted = (
        select(notes.c.id, notes.c.staff_id, staff.c.name, notes.c.text, notes.c.created_at)
        .outerjoin(staff, staff.c.id == notes.c.staff_id)
        .where(notes.c.person_id == person, notes.c.removed_at.is_(None))
        .order_by(notes.c.created_at.desc(), notes.c.id.desc())
        .limit(MOST)
    )
    if since is not None:
        wanted = wanted.where(notes.c.created_at >= since)
    if until is not None:
        wanted = wanted.where(notes.c.created_at < until)
    return [Note(*row) for row in reversed((await db.execute(wanted)).all())]


async def _set(db: AsyncConnection, person: UUID, note: UUID, by: UUID, removed_at: datetime | None) -> bool:
    done = await db.execute(
        update(notes)
        .where(notes.c.id == note, notes.c.person_id == person, notes.c.staff_id == by)
        .values(removed_at=removed_at)
    )
    return done.rowcount == 1
