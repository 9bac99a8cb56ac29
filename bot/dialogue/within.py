"""Whom a member of staff may talk with: the families and students of their schools.

Somebody belongs to the school that stands with them, and to those of their children. Who has no school at all is for staff
of all schools: nobody at one school could say that they are theirs.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from ..store.tables import guardianships, people, students

Reach = frozenset[str] | None
"""The schools of a member of staff (``Grants.reach``): None is everywhere, an empty set nowhere."""


def within(reach: Reach) -> ColumnElement[bool]:
    """Whether a row of ``people`` is in reach."""
    if reach is None:
        return true()
    theirs = (
        select(guardianships.c.student_id)
        .join(students, students.c.id == guardianships.c.student_id)
        .where(
            guardianships.c.person_id == people.c.id,
            students.c.school.in_(sorted(reach)),
            students.c.removed_at.is_(None),
        )
        .correlate(people)
        .exists()
    )
    return or_(people.c.school.in_(sorted(reach)), theirs)


async def reached(db: AsyncConnection, reach: Reach, person: UUID) -> bool:
    """Whether there is such a person, in reach."""
    wanted = select(people.c.id).where(people.c.id == person, within(reach))
    return (await db.execute(wanted)).first() is not None


async def schools_of(db: AsyncConnection, person: UUID) -> frozenset[str]:
    """Every school that somebody belongs to."""
    own = select(people.c.school).where(people.c.id == person, people.c.school.is_not(None))
    children = (
        select(students.c.school)
        .join(guardianships, guardianships.c.student_id == students.c.id)
        .where(
            guardianships.c.person_id == person,
            students.c.school.is_not(None),
            students.c.removed_at.is_(None),
        )
    )
    return frozenset((await db.execute(own.union(children))).scalars())
