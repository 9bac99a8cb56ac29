"""Query: what people and their children are called. Names are taken out of whatever is quoted, shown or sent elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import guardianships, people, students

AT_ONCE = 5000


async def of(db: AsyncConnection, whose: Collection[UUID] | Select[Any]) -> dict[UUID, tuple[str, ...]]:
    """The names of these people, named one by one or by a query of their ids, and of their children: nobody's is empty."""
    found: dict[UUID, dict[str, None]] = {}
    for some in _parts(whose):
        own = select(people.c.id, people.c.name).where(people.c.id.in_(some), people.c.name.is_not(None))
        children = (
            select(guardianships.c.person_id, students.c.name)
            .join(students, students.c.id == guardianships.c.student_id)
            .where(guardianships.c.person_id.in_(some), students.c.name.is_not(None))
        )
        for query in (own, children):
            for person, name in await db.execute(query):
                found.setdefault(person, {})[name] = None
    return {person: tuple(names) for person, names in found.items()}


def _parts(whose: Collection[UUID] | Select[Any]) -> Iterable[Any]:
    """A query as it is; ids in parts, since a statement takes so many values and no more."""
    if isinstance(whose, Select):
        return [whose]
    ids = sorted(whose)
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
