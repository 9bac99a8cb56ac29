"""Queries: how a channel does just now. All of them go through indexes or a day's messages, never through all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from .queue import QUEUED, under_way
from .tables import messages

DAY = timedelta(days=1)
BACK = timedelta(days=30)
"""The last message is looked for as far back as this."""
MOST = 10_000
"""A queue is counted up to here."""
GONE = ("sent", "delivered", "read")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why messages of the last day failed, and how many."""

    reason: str
    code: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Health:
    """One channel: ``queued`` counts up to MOST + 1; ``oldest`` is since when the first of the queue could have gone;
    ``rests`` until when the provider lets nothing of ours through, and why."""

    channel: str
    sent_at: datetime | None
    heard_at: datetime | None
    sent: int
    failures: tuple[Failure, ...]
    queued: int
    oldest: datetime | None
    unsure: int
    rests: tuple[datetime, str] | None

    @property
    def failed(self) -> int:
        """Messages of the last day that could not be sent."""
        return sum(failure.count for failure in self.failures)


def first_id(since: datetime) -> UUID:
    """The smallest id that is made from ``since`` on: ids sort by the time they were made (UUIDv7).

    >>> from datetime import UTC
    >>> str(first_id(datetime(2026, 10, 14, tzinfo=UTC)))
    '0199e0f0-b000-7000-8000-000000000000'
    """
    return UUID(int=int(since.timestamp() * 1000) << 80 | 0x7 << 76 | 0b10 << 62)


def _of(channel: str, direction: str) -> tuple[ColumnElement[bool], ...]:
    """Messages one way on one channel, said so that no index begins with it: the order of ids is what shall be followed."""
    return func.coalesce(messages.c.direction, "") == direction, func.coalesce(
        messages.c.channel, ""
    ) == channel


async def look(db: AsyncConnection, channels: Sequence[str], now: datetime) -> list[Health]:
    """How each of these channels does."""
    return [await _one(db, channel, now) for channel in channels]


async def _one(db: AsyncConnection, channel: str, now: datetime) -> Health:
    counted = await db.execute(
        select(messages.c.state, messages.c.reason, messages.c.code, func.count())
        .where(
            messages.c.id >= first_id(now - DAY),
            messages.c.created_at >= now - DAY,
            *_of(channel, "out"),
        )
        .group_by(messages.c.state, messages.c.reason, messages.c.code)
        .order_by(func.count().desc())
    )
    sent, failures = 0, []
    for state, reason, code, number in counted:
        sent += number if state in GONE else 0
        if state == "failed":
            failures.append(Failure(reason or "", code, number))
    here = (messages.c.state == QUEUED, messages.c.channel == channel)
    some = select(messages.c.id).where(*here).limit(MOST + 1).subquery()
    queued = int((await db.execute(select(func.count()).select_from(some))).scalar_one())
    oldest = (
        await db.execute(select(func.min(messages.c.due_at)).where(*here, messages.c.due_at <= now))
    ).scalar()
    waits = select(messages.c.due_at, messages.c.reason).where(
        *here, messages.c.due_at > now, messages.c.reason.is_not(None)
    )
    rests = None
    if queued and oldest is None:
        first = (await db.execute(waits.order_by(messages.c.due_at).limit(1))).first()
        rests = (first.due_at, first.reason) if first else None
    unsure = select(func.count()).where(
        under_way(messages), messages.c.state == "uncertain", messages.c.channel == channel
    )
    return Health(
        channel,
        await _last(db, channel, "out", now),
        await _last(db, channel, "in", now),
        sent,
        tuple(failures),
        queued,
        oldest,
        int((await db.execute(unsure)).scalar_one()),
        rests,
    )


async def _last(db: AsyncConnection, channel: str, direction: str, now: datetime) -> datetime | None:
    here = (messages.c.direction == direction, messages.c.channel == channel)
    # A channel that was never used is known by its index at once, and not by reading every message of the others.
    if (await db.execute(select(messages.c.id).where(*here).limit(1))).first() is None:
        return None
    at = messages.c.sent_at if direction == "out" else messages.c.created_at
    wanted = (
        select(at)
        .where(*_of(channel, direction), at.is_not(None), messages.c.id >= first_id(now - BACK))
        .order_by(messages.c.id.desc())
        .limit(1)
    )
    found: datetime | None = (await db.execute(wanted)).scalar()
    return found
