"""Pauses a campaign by itself when too much of it fails, or too many people say STOP to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..store.database import by_keys
from ..store.queue import still_open
from ..store.tables import consents, messages, recipients, runs
from . import reasons

ENOUGH = 50
"""Fewer messages than these tell nothing: two of ten may fail by chance."""
FAILED: ColumnElement[str] = literal_column("'failed'")


@dataclass(frozen=True, slots=True)
class Limits:
    """Shares of what was sent since the last look, above which a campaign is paused; 0 is no limit."""

    failures: float
    stops: float


async def look(db: AsyncConnection, run: Row[*tuple[Any, ...]], limits: Limits, now: datetime) -> str | None:
    """Compare this run with what the last look saw; the reason to pause it, or None.

    The caller owns the transaction, and holds the run's row.
    """
    await by_keys(db)
    seen = run.health or {"sent": 0, "failed": 0, "stopped": 0}
    if run.staged - seen["sent"] < ENOUGH:
        return None
    sent = run.staged - await _of(db, run, still_open(messages)) - seen["sent"]
    if sent < ENOUGH:
        return None
    failed = await _of(db, run, messages.c.state == FAILED)
    stopped = await _stopped(db, run)
    new = {"sent": seen["sent"] + sent, "failed": failed, "stopped": stopped, "at": now.isoformat()}
    await db.execute(update(runs).where(runs.c.id == run.id).values(health=new))
    for why, limit, count in (
        (reasons.FAILED, limits.failures, failed - seen["failed"]),
        (reasons.STOPPED, limits.stops, stopped - seen["stopped"]),
    ):
        if limit and count / sent > limit:
            return reasons.made(why, some=count, all=sent, limit=f"{limit:.0%}")
    return None


async def _of(db: AsyncConnection, run: Row[*tuple[Any, ...]], state: ColumnElement[bool]) -> int:
    """How many messages of this run, not of the campaign's others, are in a state."""
    # The few messages first, then each one's recipient by its key: the other way round it is the whole run.
    few = select(messages.c.id).where(state, messages.c.campaign_id == run.campaign_id).cte("few")
    few = few.prefix_with("MATERIALIZED", dialect="postgresql")
    wanted = (
        select(func.count())
        .select_from(few.join(recipients, recipients.c.message_id == few.c.id))
        .where(recipients.c.run_id == run.id)
    )
    return int((await db.execute(wanted)).scalar_one())


async def _stopped(db: AsyncConnection, run: Row[*tuple[Any, ...]]) -> int:
    """Those who opted out since the run began and had a message of this campaign before."""
    ours = (
        select(messages.c.id)
        .where(
            messages.c.address_id == consents.c.address_id,
            messages.c.campaign_id == run.campaign_id,
            messages.c.sent_at <= consents.c.at,
        )
        .exists()
    )
    stop = consents.c.event == literal_column("'stopped'")
    wanted = select(func.count()).where(stop, consents.c.at >= run.begins_at, ours)
    return int((await db.execute(wanted)).scalar_one())
