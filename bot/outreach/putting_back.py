"""Takes messages out of the queue again that were to go and have not: the hours ended, or the campaign was paused.

Nothing of such a message has left the house (or the provider gave it up and it was to be tried once more), so its row
goes, and its recipient waits as before. A survey's or a reminder's message that no campaign stands behind only moves to
the next open hour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..store.queue import QUEUED
from ..store.tables import addresses, alerts, campaigns, conversations, messages, people, recipients, runs
from .calendars import Calendars, school_of
from .hours import opening

AT_ONCE = 500
LATER = timedelta(days=1)
"""When to look again where a school's calendar has no open hour in sight."""
MOVE = (
    update(messages)
    .where(messages.c.id == bindparam("_id"))
    .values(due_at=bindparam("due_at"), expires_at=bindparam("expires_at"))
)


def in_danger() -> Select[Any]:
    """The addresses of people who have written of danger, as long as nobody has closed the alert."""
    open_ = and_(alerts.c.state != "closed", alerts.c.kind != "person")
    return select(addresses.c.id).join(alerts, alerts.c.person_id == addresses.c.person_id).where(open_)


async def put_back(
    db: AsyncConnection, now: datetime, *, campaign_id: UUID | None = None, only_idle: bool = False
) -> int:
    """Put back what has expired, what belongs to a campaign that does not run, and what is for somebody whom a person
    should look after first; with ``campaign_id`` all of that one's instead, ``only_idle``: where it does not run.

    Returns how many messages that were. The caller owns the transaction.
    """
    idle = select(campaigns.c.id).where(campaigns.c.state.in_(["paused", "stopped", "awaiting"]))
    which: ColumnElement[bool] = or_(
        messages.c.expires_at <= now,
        messages.c.campaign_id.in_(idle),
        messages.c.address_id.in_(in_danger()),
    )
    if campaign_id is not None:
        which = messages.c.campaign_id == campaign_id
        if only_idle:
            which = and_(which, messages.c.campaign_id.in_(idle))
    wanted = (
        select(messages.c.id, messages.c.conversation_id)
        .where(messages.c.state == QUEUED, messages.c.campaign_id.is_not(None), which)
        .order_by(messages.c.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=messages)
    )
    back = 0
    while rows := (await db.execute(wanted)).all():
        await _back(db, rows, now)
        back += len(rows)
        if len(rows) < AT_ONCE:
            break
    return back


async def _back(db: AsyncConnection, rows: Sequence[Row[*tuple[Any, ...]]], now: datetime) -> None:
    ids = [row.id for row in rows]
    opened = [row.conversation_id for row in rows if row.conversation_id is not None]
    # Whoever has written to us meanwhile, or is writing now, is in the conversation already: it stays, and its first
    # message is needless.
    free = select(conversations.c.id).where(conversations.c.id.in_(opened)).with_for_update(skip_locked=True)
    still = list((await db.execute(free)).scalars())
    untouched = set(
        (
            await db.execute(
                select(conversations.c.id).where(
                    conversations.c.id.in_(still),
                    conversations.c.state == "asked",
                    conversations.c.heard_at.is_(None),
                    ~exists().where(
                        messages.c.conversation_id == conversations.c.id, messages.c.id.not_in(ids)
                    ),
                )
            )
        ).scalars()
    )
    overtaken = [
        row.id for row in rows if row.conversation_id is not None and row.conversation_id not in untouched
    ]
    gone = [id_ for id_ in ids if id_ not in set(overtaken)]
    if overtaken:
        await db.execute(
            update(messages).where(messages.c.id.in_(overtaken)).values(state="cancelled", reason="overtaken")
        )
    moved = await db.execute(
        update(recipients)
        .where(recipients.c.message_id.in_(gone))
        .values(state="waiting", message_id=None, variant=None, due_at=now)
        .returning(recipients.c.run_id)
    )
    counts = Counter(row.run_id for row in moved)
    for run_id, count in sorted(counts.items()):
        await db.execute(update(runs).where(runs.c.id == run_id).values(staged=runs.c.staged - count))
    await _reopen(db, list(counts))
    await db.execute(delete(messages).where(messages.c.id.in_(gone)))
    if untouched:
        await db.execute(delete(conversations).where(conversations.c.id.in_(untouched)))


async def _reopen(db: AsyncConnection, run_ids: Sequence[UUID]) -> None:
    """A receipt may ask for one more try after a run has ended: whoever waits in it again has still to be decided."""
    again = update(runs).where(runs.c.id.in_(run_ids), runs.c.state == "done")
    theirs = await db.execute(again.values(state="sending", ended_at=None).returning(runs.c.campaign_id))
    if ids := list(theirs.scalars()):
        finished = update(campaigns).where(campaigns.c.id.in_(ids), campaigns.c.state == "finished")
        await db.execute(finished.values(state="scheduled"))


async def postpone(db: AsyncConnection, calendars: Calendars, now: datetime) -> int:
    """Move what has expired and belongs to no campaign (reminders, `ask`) to the next open hour. Returns how many."""
    wanted = (
        select(messages.c.id, school_of().label("school"))
        .join(addresses, addresses.c.id == messages.c.address_id)
        .join(people, people.c.id == addresses.c.person_id)
        .where(messages.c.state == QUEUED, messages.c.campaign_id.is_(None), messages.c.expires_at <= now)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=messages)
    )
    moved = []
    for row in await db.execute(wanted):
        span = opening(calendars.of(row.school), None, now)
        start, end = span if span else (now + LATER, now + LATER)
        moved.append({"_id": row.id, "due_at": start, "expires_at": end})
    if moved:
        await db.execute(MOVE, moved)
    return len(moved)
