"""Ends runs: those with nobody waiting and nothing on its way, and those of a stopped campaign; pauses what goes wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..ids import NewId
from ..store.queue import still_open
from ..store.tables import campaigns, messages, recipients, runs
from .campaign_file import loads
from .health import Limits, look
from .journal import note
from .putting_back import put_back
from .staging import WAITING

ACTIVE = runs.c.state.in_(["expanding", "sending"])
SWEPT = 5000
"""Recipients of a stopped campaign that are marked in one transaction."""


async def end(db: AsyncConnection, now: datetime, new_id: NewId) -> bool:
    """Look over every run that is under way; whether there is more to do at once. The caller owns the transaction."""
    more = False
    for run in await _active(db):
        if run.of == "stopped":
            more |= not await _cancel(db, run, now)
        elif run.of == "scheduled" and run.state == "sending" and not await _waits(db, run):
            await _done(db, run, now, new_id)
    return more


async def alarms(db: AsyncConnection, limits: Limits, now: datetime) -> dict[UUID, str]:
    """The campaigns that go wrong, and why each is to be paused: in another transaction, for staging locks a campaign
    before its run, and here the runs are locked."""
    found = {}
    for run in await _active(db):
        if run.of == "scheduled" and (reason := await look(db, run, limits, now)) is not None:
            found[run.campaign_id] = reason
    return found


async def _active(db: AsyncConnection) -> Sequence[Row[*tuple[Any, ...]]]:
    wanted = (
        select(runs, campaigns.c.state.label("of"), campaigns.c.next_at)
        .join(campaigns, campaigns.c.id == runs.c.campaign_id)
        .where(ACTIVE)
        .order_by(runs.c.id)
        .with_for_update(skip_locked=True, of=runs)
    )
    return (await db.execute(wanted)).all()


async def pause(
    db: AsyncConnection, campaign_id: Any, reason: str, now: datetime, new_id: NewId, by: str | None = None
) -> None:
    """Pause a campaign that runs: nothing more of it goes out, and what is queued is put back."""
    done = await db.execute(
        update(campaigns)
        .where(campaigns.c.id == campaign_id, campaigns.c.state == "scheduled")
        .values(state="paused", reason=reason[:200], changed_at=now)
    )
    if done.rowcount:
        await put_back(db, now, campaign_id=campaign_id)
        await note(db, campaign_id, "paused", now, new_id, by=by, detail=reason)


async def _waits(db: AsyncConnection, run: Row[*tuple[Any, ...]]) -> bool:
    """Whether anybody has still to be decided, or a message may still go out: that one can be stopped, or put back
    when the hours end, and then somebody waits again."""
    one = (
        select(recipients.c.step).where(recipients.c.run_id == run.id, recipients.c.state == WAITING).limit(1)
    )
    if (await db.execute(one)).first() is not None:
        return True
    going = (
        select(messages.c.id).where(messages.c.campaign_id == run.campaign_id, still_open(messages)).limit(1)
    )
    return (await db.execute(going)).first() is not None


async def _done(db: AsyncConnection, run: Row[*tuple[Any, ...]], now: datetime, new_id: NewId) -> None:
    await db.execute(update(runs).where(runs.c.id == run.id).values(state="done", ended_at=now))
    await note(db, run.campaign_id, "done", now, new_id, detail=f"{run.occasion}: everyone has been decided")
    others = select(runs.c.id).where(runs.c.campaign_id == run.campaign_id, ACTIVE).exists()
    if run.next_at is None and loads(run.text, "campaign").when.kind != "trigger":
        await db.execute(
            update(campaigns)
            .where(campaigns.c.id == run.campaign_id, campaigns.c.state == "scheduled", ~others)
            .values(state="finished", changed_at=now)
        )


async def _cancel(db: AsyncConnection, run: Row[*tuple[Any, ...]], now: datetime) -> bool:
    """Mark the waiting of a stopped run; whether that were all."""
    key = tuple_(recipients.c.run_id, recipients.c.step, recipients.c.person_id)
    some = (
        select(recipients.c.run_id, recipients.c.step, recipients.c.person_id)
        .where(recipients.c.run_id == run.id, recipients.c.state == WAITING)
        .limit(SWEPT)
    )
    done = await db.execute(
        update(recipients).where(key.in_(some)).values(state="skipped", reason="cancelled", due_at=None)
    )
    if done.rowcount < SWEPT:
        await db.execute(update(runs).where(runs.c.id == run.id).values(state="stopped", ended_at=now))
        return True
    return False
