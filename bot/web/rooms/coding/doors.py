"""Who reads, what they may see, and what they ask for: 404 for what is not there or not theirs to see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import HTTPException, Request
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ....app import App
from ....reviewing import queue
from ....roles import Role
from ....store.readings import Schools
from ....store.tables import answers, people

READERS: tuple[Role, ...] = ("coder", "organizer")


@dataclass(frozen=True, slots=True)
class Reader:
    """A member of staff who reads. ``coder``: under which name their readings stand; ``schools``: of whose families they
    may read, None for all."""

    id: UUID
    name: str
    email: str
    coder: str
    schools: Schools


@dataclass(frozen=True, slots=True)
class Named:
    """A survey by its key and title."""

    key: str
    title: str
    anonymous: bool = False


def reader(request: Request) -> Reader:
    """Whoever asks."""
    session = request.state.session
    member = session.member
    schools = session.grants.reach(*READERS)
    return Reader(member.id, member.name, member.email, queue.reader(member.id), schools)


def for_all(request: Request) -> Reader:
    """Whoever asks, where it concerns all schools. Raises 403 for a role at some."""
    found = reader(request)
    if found.schools is not None:
        raise HTTPException(403)
    return found


async def survey(app: App, db: AsyncConnection, key: str) -> Named:
    """The survey with this key. Raises 404."""
    latest = await app.shelf.latest(db, key)
    if latest is None:
        raise HTTPException(404)
    found = latest[1]
    return Named(key, found.title[found.source], found.anonymous)


async def reply(app: App, db: AsyncConnection, key: str, answer: UUID, by: Reader) -> Row[Any]:
    """The answer to this survey with the school and id of who gave it, where this reader may see it. Raises 404."""
    wanted = (
        select(answers, people.c.school)
        .join(people, people.c.id == answers.c.person_id)
        .where(answers.c.id == answer, answers.c.coder.is_not(None))
    )
    row = (await db.execute(wanted)).one_or_none()
    if row is None or (by.schools is not None and row.school not in by.schools):
        raise HTTPException(404)
    if (await app.shelf.get(db, row.survey_id)).key != key:
        raise HTTPException(404)
    return row
