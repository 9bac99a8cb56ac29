"""Queries: what goes on just now, for the first page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Float, cast, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import TRIAL, answers, campaigns, conversations, duties, people, runs, statements, surveys

OUTSIDE = ("screened", "imported", "cut")
"""Conversations in which nobody was asked, or that stand for somebody else's."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A campaign that will go, or waits for something."""

    key: str
    text: str
    state: str
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sending:
    """A run that is under way: how many messages are queued or gone, of how many people."""

    key: str
    text: str
    staged: int
    expected: int


async def newest_survey(db: AsyncConnection) -> str | None:
    """The key of the survey that people were asked last, other than staff themselves; None where nobody was asked anything."""
    real = select(surveys.c.id).where(~surveys.c.key.startswith(TRIAL))
    last = (
        select(conversations.c.survey_id)
        .where(conversations.c.survey_id.in_(real))
        .order_by(conversations.c.id.desc())
        .limit(1)
    )
    key: str | None = (
        await db.execute(select(surveys.c.key).where(surveys.c.id == last.scalar_subquery()))
    ).scalar()
    return key


async def asked_and_replied(db: AsyncConnection, survey: str) -> tuple[int, int]:
    """How many people were asked a survey, in any of its versions, and how many have answered any of its questions."""
    ours = select(surveys.c.id).where(surveys.c.key == survey)
    asked = select(func.count(conversations.c.person_id.distinct())).where(
        conversations.c.survey_id.in_(ours), conversations.c.state.not_in(OUTSIDE)
    )
    replied = select(func.count(answers.c.person_id.distinct())).where(answers.c.survey_id.in_(ours))
    counted = (await db.execute(select(asked.scalar_subquery(), replied.scalar_subquery()))).one()
    return int(counted[0]), int(counted[1])


async def first_replies(db: AsyncConnection, survey: str, since: datetime) -> list[tuple[datetime, int]]:
    """How many people replied to a survey for the first time, by the hour (UTC) in which they did, from ``since`` on."""
    firsts = (
        select(func.min(answers.c.created_at).label("at"))
        .join(surveys, surveys.c.id == answers.c.survey_id)
        .where(surveys.c.key == survey)
        .group_by(answers.c.person_id)
        .subquery()
    )
    # Both engines give seconds since 1970, each in its own words.
    postgresql = db.dialect.name == "postgresql"
    seconds = func.date_part("epoch", firsts.c.at) if postgresql else func.unixepoch(firsts.c.at)
    hour = func.floor(cast(seconds, Float) / literal_column("3600"))
    rows = await db.execute(
        select(hour.label("hour"), func.count()).where(firsts.c.at >= since).group_by("hour").order_by("hour")
    )
    return [(datetime.fromtimestamp(int(at) * 3600, UTC), int(number)) for at, number in rows]


async def coming(db: AsyncConnection, until: datetime, most: int = 20) -> list[Coming]:
    """At most so many campaigns that wait for approval, are paused, or go before ``until``: the earliest first, those without a time last."""
    wanted = (
        select(
            campaigns.c.key,
            campaigns.c.text,
            campaigns.c.state,
            campaigns.c.next_at,
        )
        .where(
            campaigns.c.state.in_(("awaiting", "paused", "scheduled", "draft")),
            campaigns.c.next_at.is_(None) | (campaigns.c.next_at < until),
        )
        .order_by(campaigns.c.next_at.is_(None), campaigns.c.next_at, campaigns.c.key)
        .limit(most)
    )
    return [Coming(*row) for row in await db.execute(wanted)]


async def sending(db: AsyncConnection, most: int = 5) -> list[Sending]:
    """At most so many runs that are under way, the newest first."""
    wanted = (
        select(campaigns.c.key, campaigns.c.text, runs.c.staged, runs.c.expected)
        .join(campaigns, campaigns.c.id == runs.c.campaign_id)
        .where(runs.c.state.in_(("expanding", "sending")))
        .order_by(runs.c.id.desc())
        .limit(most)
    )
    return [Sending(*row) for row in await db.execute(wanted)]


async def duties_open(db: AsyncConnection, schools: Collection[str] | None = None) -> int:
    """How many replies that may mean a legal duty nobody has looked at; of people at these schools only."""
    wanted = select(func.count()).select_from(duties).where(duties.c.state == "new")
    if schools is not None:
        theirs = select(people.c.id).where(people.c.school.in_(sorted(schools)))
        wanted = wanted.join(answers, answers.c.id == duties.c.answer_id).where(
            answers.c.person_id.in_(theirs)
        )
    return int((await db.execute(wanted)).scalar_one())


async def statements_open(db: AsyncConnection) -> int:
    """How many problem statements are drafts."""
    wanted = select(func.count()).select_from(statements).where(statements.c.state == "draft")
    return int((await db.execute(wanted)).scalar_one())
