"""Queries: the states of a survey's numbers that have been shown, and what would make the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, String, func, or_, select, type_coerce
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows.dispositions import OPEN

from .spans import READ_BY, Span, here
from .tables import answers, codings, conversations, erasures, readings, releases, surveys

PATIENCE = timedelta(days=1)
"""An answer that no coder could read for so long keeps the others waiting no more."""
Print = tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many people were ``heard`` (their words were read for themes), and how many ``spoke`` (read or not yet)."""

    heard: int
    spoke: int


async def of_survey(db: AsyncConnection, survey: str) -> Sequence[Row[Any]]:
    """Every state that was shown, in any wave, in the order in which they were made."""
    return (
        await db.execute(select(releases).where(releases.c.survey == survey).order_by(releases.c.id))
    ).all()


async def add(db: AsyncConnection, row: dict[str, Any]) -> bool:
    """Enter a state. False where another process has just entered one of this number: that one holds."""
    upsert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    entered = upsert(releases).values(**row).on_conflict_do_nothing().returning(releases.c.id)
    return (await db.execute(entered)).first() is not None


async def lock(db: AsyncConnection, id_: UUID) -> None:
    """Whoever else holds this state waits until we are done."""
    await db.execute(select(releases.c.id).where(releases.c.id == id_).with_for_update())


async def counted(db: AsyncConnection, survey: str, state: Span, span: Span) -> Count:
    """The people heard in ``state``, and those who spoke in ``span``."""
    heard = here(select(func.count(answers.c.person_id.distinct())), survey, state)
    spoke = here(select(func.count(answers.c.person_id.distinct())), survey, span)
    words = or_(READ_BY.is_not(None), answers.c.code_at.is_not(None))
    return Count(
        int((await db.execute(heard.where(READ_BY.is_not(None)))).scalar_one()),
        int((await db.execute(spoke.where(words))).scalar_one()),
    )


async def unread(db: AsyncConnection, survey: str, now: datetime) -> datetime | None:
    """When the earliest answer was given that no coder has read yet, those aside that none seems able to read."""
    rows = await db.execute(
        select(func.min(answers.c.created_at))
        .join(surveys, surveys.c.id == answers.c.survey_id)
        .where(
            surveys.c.key == survey,
            answers.c.code_at.is_not(None),
            READ_BY.is_(None),
            answers.c.created_at > now - PATIENCE,
        )
    )
    found: datetime | None = rows.scalar_one()
    return found


async def over(db: AsyncConnection, survey: str) -> bool:
    """Whether nobody is waited for any more: every conversation of the survey has ended."""
    rows = await db.execute(
        select(conversations.c.id)
        .join(surveys, surveys.c.id == conversations.c.survey_id)
        .where(surveys.c.key == survey, conversations.c.state.in_((*OPEN, "paused")))
        .limit(1)
    )
    return rows.first() is None


async def anonymous(db: AsyncConnection, survey: str) -> bool:
    """Whether any version of this survey promises that answers are cut from people."""
    rows = await db.execute(select(surveys.c.id).where(surveys.c.key == survey, surveys.c.anonymous).limit(1))
    return rows.first() is not None


async def heard(db: AsyncConnection, survey: str) -> Sequence[Row[Any]]:
    """Every reply that was read: ``person`` (as text), ``at``, and whether it is ``settled`` (Span)."""
    wanted = here(
        select(
            type_coerce(answers.c.person_id, String).label("person"),
            answers.c.created_at.label("at"),
            or_(surveys.c.anonymous.is_(False), conversations.c.address_id.is_(None)).label("settled"),
        ),
        survey,
        Span(),
    )
    return (await db.execute(wanted.where(READ_BY.is_not(None)))).all()


async def pulse(db: AsyncConnection, survey: str) -> Print:
    """What is other after anything has happened that may change the numbers of a survey, and often after less. Quick."""
    ids = select(surveys.c.id).where(surveys.c.key == survey)
    looks = (
        select(func.count(answers.c.id)).where(answers.c.survey_id.in_(ids)),
        select(func.count(conversations.c.id)).where(conversations.c.survey_id.in_(ids)),
        select(func.count()).select_from(answers).where(answers.c.code_at.is_not(None)),
        # Ids tell the time, so the newest says whether any are new.
        select(codings.c.id).order_by(codings.c.id.desc()).limit(1),
        select(func.count(readings.c.id), func.max(readings.c.changed_at)),
        select(func.count(releases.c.id)).where(releases.c.survey == survey),
        select(func.count()).select_from(erasures),
    )
    return tuple([tuple(row) for look in looks for row in (await db.execute(look)).all()])


async def print_of(db: AsyncConnection, survey: str, state: Span) -> Print:
    """What is other when a coder or people have read the answers of this state anew."""
    by = here(select(READ_BY, func.count()), survey, state).group_by(READ_BY).order_by(READ_BY)
    latest = here(select(func.count(readings.c.id), func.max(readings.c.changed_at)), survey, state)
    latest = latest.join(readings, readings.c.answer_id == answers.c.id)
    gone = select(func.count()).select_from(erasures)  # nobody is quoted any more who was erased
    return tuple([tuple(row) for look in (by, latest, gone) for row in (await db.execute(look)).all()])
