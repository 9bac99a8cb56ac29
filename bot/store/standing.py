"""Queries: how far people have read a survey's answers, and what they and the machine made of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from .readings import LOT, READ, coded, of_survey, parts
from .tables import answers, coders, readings, staff


async def languages(db: AsyncConnection, survey: str) -> list[Row[Any]]:
    """For each language how many answers have been coded (``all``) and how many people have ``decided``."""
    wanted = select(
        answers.c.language, func.count(answers.c.decided).label("decided"), func.count().label("all")
    )
    found: list[Row[Any]] = []
    found += await db.execute(
        wanted.where(coded(survey)).group_by(answers.c.language).order_by(func.count().desc())
    )
    return found


async def readers(db: AsyncConnection, survey: str) -> list[Row[Any]]:
    """How many answers each has ``read``, whoever read most first; what came with an identical one is not counted."""
    wanted = select(readings.c.coder, func.count().label("read")).join(
        answers, answers.c.id == readings.c.answer_id
    )
    found: list[Row[Any]] = []
    found += await db.execute(
        wanted.where(of_survey(survey), readings.c.purpose.in_(READ), ~readings.c.copied)
        .group_by(readings.c.coder)
        .order_by(func.count().desc(), readings.c.coder)
    )
    return found


async def counts(db: AsyncConnection, survey: str) -> Row[int, int]:
    """How many answers have been read ``by_lot``, and how many are ``outgrown``: their readings are of fewer words."""
    at = func.count(readings.c.answer_id.distinct())
    wanted = select(
        at.filter(readings.c.drawn == LOT, readings.c.coder == answers.c.decided).label("by_lot"),
        at.filter(readings.c.purpose == "stale", answers.c.decided.is_(None)).label("outgrown"),
    ).join(answers, answers.c.id == readings.c.answer_id)
    return (await db.execute(wanted.where(of_survey(survey)))).one()


async def read_twice(db: AsyncConnection, survey: str) -> list[UUID]:
    """The answers that two people or more have read and on which nobody has agreed yet; identical ones once."""
    agreed = readings.alias("agreed")
    found = await db.execute(
        select(readings.c.answer_id)
        .join(answers, answers.c.id == readings.c.answer_id)
        .where(of_survey(survey), readings.c.purpose.in_(READ), ~readings.c.copied)
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


async def read(db: AsyncConnection, survey: str, codebook: str) -> list[Row[Any]]:
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
        .where(and_(of_survey(survey), readings.c.codebook == codebook))
        .where(readings.c.purpose != "stale", or_(~readings.c.copied, readings.c.drawn == LOT))
        .order_by(readings.c.answer_id, readings.c.coder)
    )  # fmt: skip
    return found


async def names(db: AsyncConnection) -> list[Row[Any]]:
    """Everybody's name and address on the staff, by id."""
    found: list[Row[Any]] = []
    found += await db.execute(select(staff.c.id, staff.c.name, staff.c.email))
    return found
