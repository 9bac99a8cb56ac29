"""People as a message speaks to them, with the children it is about: two statements for any number of people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from json import dumps
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Uuid, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import ColumnElement

from .tables import guardianships, people, students


@dataclass(frozen=True, slots=True)
class Known:
    """``person`` has id, name, language, respondent, school, groups, household_id; each of the ``children`` id, name,
    school, attributes, in the order in which they came to the store."""

    person: Row[*tuple[Any, ...]]
    children: tuple[Row[*tuple[Any, ...]], ...]

    @property
    def school(self) -> str | None:
        """The school whose calendar holds for them: their own, else that of a child (by name the first)."""
        return self.person.school or min(
            (child.school for child in self.children if child.school), default=None
        )


async def readers(
    db: AsyncConnection, person_ids: Collection[UUID], children: ColumnElement[bool] | None = None
) -> Mapping[UUID, Known]:
    """These people by their ids; whoever is not in the store is not in the answer.

    ``children`` is a condition on joined rows of people and students that picks those the message is about (as
    ``audience.children`` gives it). Without it, it is about all they have. Children who were removed are left out.
    """
    if not person_ids:
        return {}
    among = one_of(db, person_ids)
    theirs = (
        select(
            guardianships.c.person_id,
            students.c.id,
            students.c.name,
            students.c.school,
            students.c.attributes,
        )
        .join(students, students.c.id == guardianships.c.student_id)
        .join(people, people.c.id == guardianships.c.person_id)
        .where(guardianships.c.person_id.in_(among), students.c.removed_at.is_(None))
        .order_by(students.c.id)
    )
    found: defaultdict[UUID, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for child in await db.execute(theirs.where(children) if children is not None else theirs):
        found[child.person_id].append(child)
    persons = select(
        people.c.id,
        people.c.name,
        people.c.language,
        people.c.respondent,
        people.c.school,
        people.c.groups,
        people.c.household_id,
    ).where(people.c.id.in_(among))
    return {person.id: Known(person, tuple(found.get(person.id, ()))) for person in await db.execute(persons)}


def one_of(db: AsyncConnection, ids: Collection[UUID]) -> Any:
    """The ids as one value: a list of thousands of parameters is slow to prepare, and both databases have a limit."""
    if db.dialect.name == "postgresql":
        return select(func.unnest(bindparam("ids", list(ids), ARRAY(Uuid))))
    each = func.json_each(dumps([one.hex for one in ids])).table_valued("value")
    return select(each.c.value)
