"""What the store has of the people of a list: read in a fixed handful of statements, their addresses locked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..store.tables import addresses, guardianships, list_entries, people, shared_addresses, students
from .rows import Reach

AT_ONCE = 5_000
"""Values of one IN: both databases take no more than 32,766 in a statement."""


@dataclass(slots=True, repr=False, eq=False)
class Place:
    """An address: whose it is, who else is reached there, and whether we may begin."""

    id: UUID
    person_id: UUID
    reach: Reach
    suppressed: str | None
    consented: bool
    shared_with: set[UUID] = field(default_factory=set)


@dataclass(slots=True, repr=False, eq=False)
class Person:
    """Somebody the store has."""

    id: UUID
    external_id: str | None
    respondent: str
    language: str
    language_by: str
    school: str | None
    groups: dict[str, Any]
    name: str | None
    household_id: UUID
    removed_at: datetime | None
    places: list[Place] = field(default_factory=list)  # their own
    shared: list[Place] = field(default_factory=list)  # another's
    children: dict[UUID, str | None] = field(default_factory=dict)
    listed: bool = False  # on the list that is read


@dataclass(slots=True, repr=False, eq=False)
class Student:
    """A child the store has."""

    id: UUID
    external_id: str
    name: str | None
    school: str | None
    attributes: dict[str, Any]
    removed_at: datetime | None


@dataclass(slots=True, repr=False)
class Known:
    """Everybody who may be concerned by one chunk of a list."""

    people: dict[UUID, Person] = field(default_factory=dict)
    by_mark: dict[str, Person] = field(default_factory=dict)
    places: dict[Reach, Place] = field(default_factory=dict)
    students: dict[str, Student] = field(default_factory=dict)
    guardians: dict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    homes: dict[UUID, UUID] = field(default_factory=dict)  # all members of all their households
    stopped: set[Reach] = field(default_factory=set)  # numbers that asked us to stop before they were erased


async def look_up(
    db: AsyncConnection,
    marks: Collection[str],
    reaches: Collection[Reach],
    children: Collection[str],
    name: str,
    ids: Collection[UUID] = (),
) -> Known:
    """Read who may be meant: by mark, by number, by child, by id. Locks their addresses as the inbox does."""
    known = Known()
    wanted: set[UUID] = set(ids)
    for some in _parts(marks):
        by_mark = select(people.c.id).where(people.c.external_id.in_(some))
        wanted.update((await db.execute(by_mark)).scalars())
    here: list[UUID] = []
    for values in _parts({address for _, address in reaches}):
        found = select(addresses.c.id, addresses.c.person_id, addresses.c.channel, addresses.c.address)
        for id_, person, channel, address in await db.execute(found.where(_at(values))):
            if (channel, address) in reaches:
                here.append(id_)
                wanted.add(person)
    for some in _parts(here):
        sharing = select(shared_addresses.c.person_id).where(shared_addresses.c.address_id.in_(some))
        wanted.update((await db.execute(sharing)).scalars())
    await _students(db, known, students.c.external_id, children)
    theirs = [student.id for student in known.students.values()]
    for some in _parts(theirs):
        guarding = select(guardianships.c.person_id).where(guardianships.c.student_id.in_(some))
        wanted.update((await db.execute(guarding)).scalars())
    await _people(db, known, wanted, name)
    return known


def _at(values: Collection[str]) -> Any:
    return addresses.c.channel.in_(["sms", "telegram"]) & addresses.c.address.in_(values)


async def _people(db: AsyncConnection, known: Known, wanted: set[UUID], name: str) -> None:
    for ids in _parts(wanted):
        await _places(db, known, ids)
    columns = (
        people.c.id, people.c.external_id, people.c.respondent, people.c.language, people.c.language_by,
        people.c.school, people.c.groups, people.c.name, people.c.household_id, people.c.removed_at,
    )  # fmt: skip
    for ids in _parts(wanted):
        for row in await db.execute(select(*columns).where(people.c.id.in_(ids))):
            person = Person(*row)
            person.groups = dict(person.groups or {})
            person.household_id = person.household_id or person.id
            known.people[person.id] = person
            if person.external_id is not None:
                known.by_mark[person.external_id] = person
    for place in known.places.values():
        if place.person_id in known.people:
            known.people[place.person_id].places.append(place)
        for id_ in place.shared_with & known.people.keys():
            known.people[id_].shared.append(place)
    more: set[UUID] = set()
    for ids in _parts(wanted):
        links = select(guardianships).where(guardianships.c.person_id.in_(ids))
        for person_id, student_id, relation in await db.execute(links):
            known.people[person_id].children[student_id] = relation
            known.guardians[student_id].add(person_id)
            more.add(student_id)
        on_it = select(list_entries.c.person_id).where(
            list_entries.c.list == name, list_entries.c.person_id.in_(ids)
        )
        for person_id in (await db.execute(on_it)).scalars():
            known.people[person_id].listed = True
    more -= {student.id for student in known.students.values()}
    await _students(db, known, students.c.id, more)
    known.homes = {person.id: person.household_id for person in known.people.values()}
    for ids in _parts(set(known.homes.values())):
        members = select(people.c.id, people.c.household_id).where(people.c.household_id.in_(ids))
        known.homes |= {row.id: row.household_id for row in await db.execute(members)}


async def _places(db: AsyncConnection, known: Known, persons: list[UUID]) -> None:
    """The addresses of these people, locked in the order in which everybody locks them; and those they share."""
    columns = (addresses.c.id, addresses.c.person_id, addresses.c.channel, addresses.c.address,
               addresses.c.suppressed, addresses.c.consented)  # fmt: skip
    sharing = select(shared_addresses.c.address_id).where(shared_addresses.c.person_id.in_(persons))
    shared = set((await db.execute(sharing)).scalars())
    theirs = addresses.c.person_id.in_(persons)
    rows = await db.execute(
        select(*columns)
        .where(theirs | addresses.c.id.in_(shared) if shared else theirs)
        .order_by(addresses.c.id)
        .with_for_update()
    )
    found = {}
    for id_, person_id, channel, address, suppressed, consented in rows:
        place = Place(id_, person_id, (channel, address), suppressed, consented)
        known.places.setdefault(place.reach, place)
        found[id_] = known.places[place.reach]
    for ids in _parts(found):
        everybody = select(shared_addresses).where(shared_addresses.c.address_id.in_(ids))
        for person_id, address_id in await db.execute(everybody):
            found[address_id].shared_with.add(person_id)


async def _students(db: AsyncConnection, known: Known, column: Column[Any], wanted: Collection[Any]) -> None:
    for values in _parts(wanted):
        for row in await db.execute(select(students).where(column.in_(values))):
            attributes = dict(row.attributes)
            student = Student(row.id, row.external_id, row.name, row.school, attributes, row.removed_at)
            known.students[student.external_id] = student


def _parts(values: Iterable[Any]) -> Iterable[list[Any]]:
    listed = sorted(values)
    return (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))
