"""Queries: how far people have read a survey's answers, and what they and the machine made of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from .readings import LOT, READ, Schools, coded, of_survey, parts
from .tables import answers, coders, people, readings, staff, surveys

MOST = 10_000
"""So many are counted; of more it is said that there are more."""
LOOKED_AT = 3 * MOST
"""So many answers of some schools, to whichever survey, are looked at."""


async def unread(
    db: AsyncConnection, survey: str | None = None, schools: Schools = None, most: int = MOST
) -> int:
    """How many answers a coder has read and no person, of one survey or of all; most + 1 where there are more than ``most``."""
    open_ = answers.c.decided.is_(None), answers.c.doubt.is_not(None)
    if schools is None:
        near = () if survey is None else (of_survey(survey),)
        wanted = select(literal(1)).where(*open_, *near)
    else:
        # From people to their answers, and only then to the survey: else each answer's person is looked up. The limit keeps
        # planners from turning it round.
        theirs = select(people.c.id).where(people.c.school.in_(schools))
        found = (
            select(answers.c.survey_id)
            .where(*open_, answers.c.person_id.in_(theirs))
            .limit(LOOKED_AT)
            .subquery()
        )
        wanted = select(literal(1)).select_from(found)
        if survey is not None:
            wanted = wanted.where(found.c.survey_id.in_(select(surveys.c.id).where(surveys.c.key == survey)))
    counted = select(func.count()).select_from(wanted.limit(most + 1).subquery())
    return int((await db.execute(counted)).scalar_one())


def _of(survey: str, schools: Schools = None) -> ColumnElement[bool]:
    """Readings of this survey's answers, looked up one by one: of readings there are fewer than of answers."""
    return (
        select(answers.c.id).where(answers.c.id == readings.c.answer_id, of_survey(survey, schools)).exists()
    )


async def read_by_people(db: AsyncConnection, survey: str, schools: Schools = None) -> int:
    """How many answers people have read."""
    wanted = select(func.count(readings.c.answer_id.distinct())).where(readings.c.purpose != "stale")
    return int((await db.execute(wanted.where(_of(survey, schools)))).scalar_one())


async def pulse(db: AsyncConnection, survey: str) -> tuple[Any, ...]:
    """Changes whenever readings of this survey do: how many there are, and when the last was changed."""
    wanted = select(func.count(), func.max(readings.c.changed_at)).select_from(readings)
    return tuple((await db.execute(wanted.where(_of(survey)))).one())


async def languages(db: AsyncConnection, survey: str, schools: Schools = None) -> list[Row[Any]]:
    """For each language how many answers have been coded (``all``) and how many people have ``decided``."""
    wanted = select(
        answers.c.language, func.count(answers.c.decided).label("decided"), func.count().label("all")
    )
    found: list[Row[Any]] = []
    found += await db.execute(
        wanted.where(coded(survey, schools)).group_by(answers.c.language).order_by(func.count().desc())
    )
    return found


async def readers(db: AsyncConnection, survey: str, schools: Schools = None) -> list[Row[Any]]:
    """How many answers each has ``read``, whoever read most first; what came with an identical one is not counted."""
    wanted = select(readings.c.coder, func.count().label("read"))
    found: list[Row[Any]] = []
    found += await db.execute(
        wanted.where(_of(survey, schools), readings.c.purpose.in_(READ), ~readings.c.copied)
        .group_by(readings.c.coder)
        .order_by(func.count().desc(), readings.c.coder)
    )
    return found


async def counts(db: AsyncConnection, survey: str, schools: Schools = None) -> Row[int, int]:
    """How many answers have been read ``by_lot``, and how many are ``outgrown``: their readings are of fewer words."""
    at = func.count(readings.c.answer_id.distinct())
    wanted = select(
        at.filter(readings.c.drawn == LOT, readings.c.coder == answers.c.decided).label("by_lot"),
        at.filter(readings.c.purpose == "stale", answers.c.decided.is_(None)).label("outgrown"),
    ).join(answers, answers.c.id == readings.c.answer_id)
    return (await db.execute(wanted.where(of_survey(survey, schools)))).one()


async def read_twice(db: AsyncConnection, survey: str, schools: Schools = None) -> list[UUID]:
    """The answers that two people or more have read and on which nobody has agreed yet; identical ones once."""
    agreed = readings.alias("agreed")
    found = await db.execute(
        select(readings.c.answer_id)
        .where(_of(survey, schools), readings.c.purpose.in_(READ), ~readings.c.copied)
        .where(
            ~select(agreed.c.id)
            .where(agreed.c.answer_id == readings.c.answer_id, agreed.c.purpose == "agreed")
            .exists()
        )
        .group_by(readings.c.answer_id)
        .having(func.count() > 1)
        .order_by(func.min(readings.c.created_at), readings.c.answer_id)
    )
    return list(found.scalars())


async def words(db: AsyncConnection, ids: Collection[UUID]) -> list[Row[Any]]:
    """These answers' words."""
    found: list[Row[Any]] = []
    for some in parts(ids):
        wanted = select(answers.c.id, answers.c.heard, answers.c.language, answers.c.declared)
        found += await db.execute(wanted.where(answers.c.id.in_(some)))
    return found


async def read(db: AsyncConnection, survey: str, codebook: str, schools: Schools = None) -> list[Row[Any]]:
    """Every reading by this codebook that stands, but for those that came with an identical answer's and stand for no others:
    with the answer's ``machine_coder``, which codes it ``held`` before it had learned from it, and until when that coder had learned."""
    found: list[Row[Any]] = []
    found += await db.execute(
        select(
            readings.c.answer_id, readings.c.coder, readings.c.purpose, readings.c.drawn, readings.c.machine,
            readings.c.created_at, readings.c.copied, answers.c.decided, answers.c.coder.label("machine_coder"), answers.c.held,
            coders.c.seen_until,
        )
        .join(answers, answers.c.id == readings.c.answer_id)
        .outerjoin(coders, coders.c.version == answers.c.coder)
        .where(and_(of_survey(survey, schools), readings.c.codebook == codebook))
        .where(readings.c.purpose != "stale", or_(~readings.c.copied, readings.c.drawn == LOT))
        .order_by(readings.c.answer_id, readings.c.coder)
    )  # fmt: skip
    return found


async def names(db: AsyncConnection) -> list[Row[Any]]:
    """Everybody's name and address on the staff, by id."""
    found: list[Row[Any]] = []
    found += await db.execute(select(staff.c.id, staff.c.name, staff.c.email))
    return found
