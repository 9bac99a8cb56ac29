"""The calendars of the schools, as the store has them: each school's own, and one for every other."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..store.tables import guardianships, people, schools, students
from .hours import Calendar
from .public_holidays import known

EVERY_OTHER = ""
"""The name in the table of the calendar that holds for every school without one of its own."""

Said = Mapping[str, Any]
"""What is said of one school, as ``Calendar.to_json`` names it; what is not said is as for every other school."""


@dataclass(frozen=True, slots=True)
class Calendars:
    """Every school's calendar. ``other`` is for those that have none of their own, and for people without a school."""

    other: Calendar
    named: Mapping[str, Calendar] = field(default_factory=dict)

    def of(self, school: str | None) -> Calendar:
        """The calendar of a school, by its name as people and students have it."""
        return self.named.get(school or EVERY_OTHER, self.other)

    @property
    def schools(self) -> tuple[str, ...]:
        """The schools that have a calendar of their own."""
        return tuple(self.named)

    def zones(self) -> tuple[str, ...]:
        """Every time zone that a school is in, each once."""
        return tuple(sorted({self.other.timezone, *(one.timezone for one in self.named.values())}))


async def load(db: AsyncConnection, default_timezone: str, country: str) -> Calendars:
    """The calendars as they are now. Without any, all is as ``usual`` says."""
    return put_together(await said(db), default_timezone, country)


async def said(db: AsyncConnection) -> dict[str, Said]:
    """What has been said of each school, and under "" of every other."""
    rows = await db.execute(select(schools.c.name, schools.c.calendar).order_by(schools.c.name))
    return {row.name: row.calendar for row in rows}


def put_together(said: Mapping[str, Said], default_timezone: str, country: str) -> Calendars:
    """The calendars that come of what is said of each school."""
    other = Calendar.from_json(said.get(EVERY_OTHER, {}), usual(default_timezone, country))
    named = {name: Calendar.from_json(one, other) for name, one in said.items() if name != EVERY_OTHER}
    return Calendars(other, named)


def usual(timezone: str, country: str) -> Calendar:
    """The calendar where nothing has been said: 9 to 20, Monday to Saturday, closed on the country's public holidays.

    ``country`` has two letters; one whose holidays are not known has none.
    """
    country = country.upper()
    return Calendar(timezone, holidays=country if known(country) else "")


async def write(db: AsyncConnection, said: Mapping[str, Said], now: datetime) -> None:
    """Have these calendars, and no others. The caller owns the transaction."""
    await db.execute(delete(schools))
    rows = [{"name": name, "calendar": dict(one), "changed_at": now} for name, one in said.items()]
    if rows:
        await db.execute(insert(schools), rows)


def school_of() -> ColumnElement[str | None]:
    """The school whose calendar holds for a row of ``people``: their own, else that of a child (by name the first)."""
    of_child = (
        select(func.min(students.c.school))
        .join(guardianships, guardianships.c.student_id == students.c.id)
        .where(guardianships.c.person_id == people.c.id, students.c.removed_at.is_(None))
        .correlate(people)
        .scalar_subquery()
    )
    return func.coalesce(people.c.school, of_child)


def strangers(made: Calendars, attended: Collection[str]) -> list[tuple[str, str]]:
    """The schools of a calendar file that nobody on the list goes to, each with the one that may be meant ("" for none)."""
    near = {one: get_close_matches(one, list(attended), n=1, cutoff=0.6) for one in made.schools}
    return [(one, (found or [""])[0]) for one, found in near.items() if one not in attended]


async def attended(db: AsyncConnection) -> list[str]:
    """The names of the schools that somebody on the list, or a child of theirs, goes to."""
    of_people = select(people.c.school).where(people.c.school.is_not(None), people.c.removed_at.is_(None))
    of_students = select(students.c.school).where(
        students.c.school.is_not(None), students.c.removed_at.is_(None)
    )
    return sorted((await db.execute(of_people.union(of_students))).scalars())
