"""Campaigns that go by a date of the person: whose date it is today, and which one. Absences, school dates, attributes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, case, cast, func, literal, null, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import Select

from ..store.tables import absences, guardianships, people, students
from .calendars import Calendars
from .campaign import Campaign, When

ABSENCE = "absence"


@dataclass(frozen=True, slots=True)
class Anchor:
    """``holds`` is a condition on ``people``; ``occasion`` the date that it is about (ISO), null where it does not hold."""

    holds: ColumnElement[bool]
    occasion: ColumnElement[str | None]


def days_of(campaign: Campaign, today: date) -> list[date]:
    """The dates that a run of this day is about: those whose moment has come, and those that came too late for theirs.

    An absence that reaches us two days late still has its message, within ``try_for``.
    """
    latest = today - timedelta(days=campaign.when.days)
    return [latest - timedelta(days=ago) for ago in range(max(campaign.try_for.days, 1))]


def anchor(when: When, days: Sequence[date], calendars: Calendars) -> Anchor:
    """Whose date ``when.of`` is one of these days. A date of the school's calendar goes before an attribute of that name."""
    if when.of == ABSENCE:
        return _absence(days)
    named = str(when.of)
    if named in calendars.other.dates or any(named in one.dates for one in calendars.named.values()):
        return _of_school(named, days, calendars)
    return _attribute(named, days)


def _of_children() -> Select[tuple[object]]:
    """The students of the person in the query around it."""
    joined = guardianships.join(students, students.c.id == guardianships.c.student_id)
    mine = guardianships.c.person_id == people.c.id
    return select(students.c.id).select_from(joined).where(mine, students.c.removed_at.is_(None))


def _absence(days: Sequence[date]) -> Anchor:
    latest = (
        select(func.max(absences.c.day))
        .join(guardianships, guardianships.c.student_id == absences.c.student_id)
        .join(students, students.c.id == absences.c.student_id)
        .where(
            guardianships.c.person_id == people.c.id,
            students.c.removed_at.is_(None),
            absences.c.kind == "absent",
            absences.c.day.in_(days),
        )
        .scalar_subquery()
    )
    return Anchor(latest.is_not(None), cast(latest, String(40)))


def _of_school(name: str, days: Sequence[date], calendars: Calendars) -> Anchor:
    cases, known = [], list(calendars.schools)
    for day in days:
        of = [school for school in known if day in calendars.of(school).dates.get(name, ())]
        here = [_at(of)] if of else []
        if day in calendars.other.dates.get(name, ()):
            here.append(_elsewhere(known))
        if here:
            cases.append((or_(*here), literal(day.isoformat(), String(40))))
    if not cases:
        return Anchor(literal(False), cast(null(), String(40)))
    occasion = case(*cases, else_=null())
    return Anchor(or_(*(holds for holds, _ in cases)), occasion)


def _at(schools: Sequence[str]) -> ColumnElement[bool]:
    return or_(people.c.school.in_(schools), _of_children().where(students.c.school.in_(schools)).exists())


def _elsewhere(schools: Sequence[str]) -> ColumnElement[bool]:
    """At a school without a calendar of its own, or at none."""
    own = and_(
        or_(people.c.school.is_(None), people.c.school.not_in(schools)),
        ~_of_children().where(students.c.school.is_not(None)).exists(),
    )
    return or_(own, _of_children().where(students.c.school.not_in(schools)).exists())


def _attribute(name: str, days: Sequence[date]) -> Anchor:
    texts = [day.isoformat() for day in days]
    own = people.c.groups[name].as_string()
    of_child = (
        select(func.max(students.c.attributes[name].as_string()))
        .select_from(guardianships.join(students, students.c.id == guardianships.c.student_id))
        .where(
            guardianships.c.person_id == people.c.id,
            students.c.removed_at.is_(None),
            students.c.attributes[name].as_string().in_(texts),
        )
        .scalar_subquery()
    )
    occasion = func.coalesce(of_child, case((own.in_(texts), own), else_=null()))
    return Anchor(occasion.is_not(None), cast(occasion, String(40)))


async def absent(
    db: AsyncConnection, among: Collection[UUID], days: Collection[date]
) -> set[tuple[UUID, date]]:
    """Which of these students were absent on which of these days."""
    rows = await db.execute(
        select(absences.c.student_id, absences.c.day).where(
            absences.c.student_id.in_(list(among)),
            absences.c.day.in_(list(days)),
            absences.c.kind == "absent",
        )
    )
    return {(row.student_id, row.day) for row in rows}
