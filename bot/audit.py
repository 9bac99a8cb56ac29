"""What is remembered of what staff did: who, what, when, and which thing by its key or id. Never anybody's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import and_, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from .store.tables import audit, staff


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done. ``by``: the name of a member of staff, None for a command on the server."""

    id: UUID
    at: datetime
    by: str | None
    did: str
    about: str
    detail: Mapping[str, Any]


async def record(
    db: AsyncConnection, now: datetime, by: UUID | None, did: str, about: object = "", **detail: Any
) -> None:
    """Write down that ``by`` did something, in the transaction in which it was done.

    ``did`` is a thing and a verb: ``user.role``, ``person.erase``. ``about`` is its key or id; ``detail`` may hold counts,
    keys and words of our own, never what a person wrote, their name or number.
    """
    await db.execute(
        insert(audit).values(
            id=uuid4(), at=now, staff_id=by, did=did, about=str(about)[:200], detail=detail or None
        )
    )


async def listed(
    db: AsyncConnection,
    limit: int,
    before: tuple[datetime, UUID] | None = None,
    *,
    did: str = "",
    by: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Entry]:
    """The newest first, ``limit`` of them, from after ``before`` on; of one kind of thing (``user``), one person, or one
    span of time only (``until`` is not in it)."""
    wanted = select(audit.c.id, audit.c.at, staff.c.name, audit.c.did, audit.c.about, audit.c.detail)
    wanted = wanted.join(staff, staff.c.id == audit.c.staff_id, isouter=True)
    if before is not None:
        at, id_ = before
        wanted = wanted.where(or_(audit.c.at < at, and_(audit.c.at == at, audit.c.id < id_)))
    if did:
        wanted = wanted.where(
            or_(audit.c.did == did, and_(audit.c.did >= f"{did}.", audit.c.did < f"{did}/"))
        )
    if by is not None:
        wanted = wanted.where(audit.c.staff_id == by)
    if since is not None:
        wanted = wanted.where(audit.c.at >= since)
    if until is not None:
        wanted = wanted.where(audit.c.at < until)
    found = await db.execute(wanted.order_by(audit.c.at.desc(), audit.c.id.desc()).limit(limit))
    return [Entry(id_, at, name, did, about, detail or {}) for id_, at, name, did, about, detail in found]
