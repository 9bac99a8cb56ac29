"""Where the values of each field are: what there is to choose from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from ...store.tables import addresses, people, students
from . import columns
from .condition import everyone
from .fields import Field

Source = tuple[FromClause, ColumnElement[Any], ColumnElement[bool]]
"""A table, a field's text in it, and which rows count."""


def sources(field: Field) -> Iterator[Source]:
    """Every place where a field's values are; none for those that are counted, and for names."""
    listed, enrolled = everyone(), students.c.removed_at.is_(None)
    match field.kind:
        case "respondent" | "language":
            yield people, people.c[field.kind], listed
        case "school":
            yield students, columns.known(students.c.school), enrolled
            yield people, columns.known(people.c.school), listed
        case "channel":
            yield addresses.join(people, people.c.id == addresses.c.person_id), addresses.c.channel, listed
        case "attribute":
            yield students, columns.attribute(students.c.attributes, field.key), enrolled
            yield people, columns.attribute(people.c.groups, field.key), listed


async def values(db: AsyncConnection, field: Field) -> Counter[str]:
    """Every value of a field, and how many rows have it."""
    found: Counter[str] = Counter()
    for table, text, counts in sources(field):
        each = select(text.label("text")).select_from(table).where(counts).subquery()
        counted = select(each.c.text, func.count()).where(each.c.text.is_not(None)).group_by(each.c.text)
        found.update({str(value): number for value, number in await db.execute(counted)})
    return found


async def attributes(db: AsyncConnection) -> list[str]:
    """The names of all attributes of people and students."""
    found: set[str] = set()
    for table, said, counts in (
        (students, students.c.attributes, students.c.removed_at.is_(None)),
        (people, people.c.groups, everyone()),
    ):
        wanted: Select[Any]
        if db.dialect.name == "postgresql":
            wanted = select(func.jsonb_object_keys(said)).where(counts)
        else:
            each = func.json_each(said).table_valued("key")
            wanted = select(each.c.key).select_from(table.join(each, true())).where(counts)
        found |= set((await db.execute(wanted.distinct())).scalars())
    return sorted(found)
