"""Queries: the findings that pages show, as they were reckoned last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import erasures, summaries


async def stamp(db: AsyncConnection, survey: str, wave: str) -> Row[*tuple[Any, ...]] | None:
    """Of what a kept summary is, when it was looked at and wanted last: ``mark``, ``at``, ``wanted_at``; without the summary."""
    wanted = select(summaries.c.mark, summaries.c.at, summaries.c.wanted_at)
    return (await db.execute(wanted.where(*_of(survey, wave)))).one_or_none()


async def load(db: AsyncConnection, survey: str, wave: str) -> Row[*tuple[Any, ...]] | None:
    """All of it."""
    return (await db.execute(select(summaries).where(*_of(survey, wave)))).one_or_none()


async def since(db: AsyncConnection, moment: datetime) -> Sequence[str]:
    """The surveys of which a page has shown anything since then."""
    wanted = select(summaries.c.survey).where(summaries.c.wanted_at >= moment).distinct()
    return (await db.execute(wanted.order_by(summaries.c.survey))).scalars().all()


async def wanted(db: AsyncConnection, survey: str, wave: str, at: datetime) -> None:
    """A page shows it."""
    await db.execute(update(summaries).where(*_of(survey, wave)).values(wanted_at=at))


async def store(db: AsyncConnection, survey: str, wave: str, values: Mapping[str, Any]) -> None:
    """Put it in the place of what was kept. When it was wanted stays."""
    upsert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    entered = upsert(summaries).values(survey=survey, wave=wave, wanted_at=values["at"], **values)
    await db.execute(entered.on_conflict_do_update(index_elements=["survey", "wave"], set_=dict(values)))


async def looked(db: AsyncConnection, survey: str, wave: str, at: datetime, took: float) -> None:
    """It is still so."""
    await db.execute(update(summaries).where(*_of(survey, wave)).values(at=at, took=took))


async def forget(db: AsyncConnection, survey: str, waves: frozenset[str]) -> None:
    """Take away what is of waves that there are not any more."""
    await db.execute(delete(summaries).where(summaries.c.survey == survey, summaries.c.wave.not_in(waves)))


async def erased(db: AsyncConnection) -> int:
    """How many people have been erased: with one more, what was kept may quote somebody who is gone."""
    return int((await db.execute(select(func.count()).select_from(erasures))).scalar_one())


def _of(survey: str, wave: str) -> tuple[Any, Any]:
    return summaries.c.survey == survey, summaries.c.wave == wave
