"""Queries: the rounds of a survey that are compared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from .spans import Span, here
from .tables import answers, waves


async def listed(db: AsyncConnection, survey: str | None = None) -> Sequence[Row[Any]]:
    """The waves of one survey, or of all: ``survey``, ``name``, ``begins_at``, the earliest first."""
    wanted = select(waves).order_by(waves.c.survey, waves.c.begins_at, waves.c.name)
    return (await db.execute(wanted if survey is None else wanted.where(waves.c.survey == survey))).all()


async def add(db: AsyncConnection, survey: str, name: str, begins: datetime) -> None:
    await db.execute(insert(waves).values(survey=survey, name=name, begins_at=begins))


async def remove(db: AsyncConnection, survey: str, name: str) -> bool:
    """Take one away; its answers belong to the wave before. False where there is none of this name."""
    done = await db.execute(delete(waves).where(waves.c.survey == survey, waves.c.name == name))
    return done.rowcount == 1


async def replied(db: AsyncConnection, survey: str, span: Span) -> int:
    """How many people have answered anything in this span."""
    counted = here(select(func.count(answers.c.person_id.distinct())), survey, span)
    return int((await db.execute(counted)).scalar_one())
