"""A survey's question steps aside while staff and a person talk: their next words are for staff, not an answer to it.

A reply by staff pauses the conversation that waits. Once the talk has been quiet for a day and nothing waits for staff, or
staff have said that it is done, the question is asked again, within the school's hours (``bot/reminders.py`` does it).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Row, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows.dispositions import OPEN, after

from ..store.inbound import Correspondent
from ..store.queue import QUEUED, still_open
from ..store.tables import alerts, conversations, messages
from ..timing import EXPIRE
from .waiting import WAITING

QUIET = timedelta(hours=24)
"""How long after our last word the question is asked again."""
AT_MOST = 2 * EXPIRE
"""For so long after their last answer it waits for a talk to end; then it is given up as any other."""
STAFF = "staff"
"""The purpose of messages that staff have written."""
FIRST = ("ask", "outreach")
"""Purposes of a survey's first message: one that has not gone out yet says who asks, and nothing takes its place."""

Standing = Literal["over", "talking", "in danger"]


async def put_aside(db: AsyncConnection, who: Correspondent, now: datetime) -> bool:
    """Whether a question of theirs had to step aside (it may have before): it waits for ``QUIET``. The caller holds the
    lock on the address, and owns the transaction."""
    waits = who.conversation
    if waits is None or waits.state not in (*OPEN, "paused"):
        return False
    if waits.state in OPEN:
        queued = and_(
            messages.c.address_id == who.address_id,
            still_open(messages),
            messages.c.state == QUEUED,
            messages.c.conversation_id == waits.id,
        )
        first = select(messages.c.id).where(queued, messages.c.purpose.in_(FIRST)).limit(1)
        if (await db.execute(first)).first() is not None:
            return False
        # What answers words of danger, or a wish to talk to somebody, is no question: it goes.
        alarm = select(alerts.c.message_id).where(alerts.c.person_id == who.person_id)
        await db.execute(
            update(messages)
            .where(
                queued,
                messages.c.purpose.in_(["reply", "reminder"]),
                or_(messages.c.answers_to.is_(None), messages.c.answers_to.not_in(alarm)),
            )
            .values(state="cancelled", reason="put aside")
        )
        waits.state = after(waits.state, "interrupted", answered=False)
    await db.execute(
        update(conversations)
        .where(conversations.c.id == waits.id)
        .values(state=waits.state, due_at=now + QUIET)
    )
    return True


async def done(db: AsyncConnection, addresses: list[Any], now: datetime) -> None:
    """The talk is over: what stepped aside for it is due now. The caller owns the transaction."""
    if not addresses:
        return
    paused = await db.execute(
        select(
            conversations.c.id,
            conversations.c.address_id,
            conversations.c.heard_at,
            conversations.c.started_at,
        )
        .where(conversations.c.address_id.in_(addresses), conversations.c.state == "paused")
        .order_by(conversations.c.id)
    )
    for row in paused.all():
        if await by_staff(db, row):
            # They may have taken it up themselves in this very moment.
            still = conversations.c.id == row.id, conversations.c.state == "paused"
            await db.execute(update(conversations).where(*still).values(due_at=now))


async def by_staff(db: AsyncConnection, row: Row[*tuple[Any, ...]]) -> bool:
    """Whether it was for a talk with staff that a conversation stepped aside: one that has been since its last answer."""
    talked = (
        select(messages.c.id)
        .where(
            messages.c.address_id == row.address_id,
            messages.c.purpose == STAFF,
            messages.c.state.not_in(["draft", "cancelled"]),
            messages.c.created_at >= (row.heard_at or row.started_at),
        )
        .limit(1)
    )
    return (await db.execute(talked)).first() is not None


async def standing(db: AsyncConnection, row: Row[*tuple[Any, ...]]) -> Standing:
    """Whether the talk, for which this conversation stepped aside, is over.

    In danger nobody is asked questions until a person has called it a false alarm. While another survey waits for an
    answer, this one waits for its end.
    """
    since = row.heard_at or row.started_at
    in_danger = select(alerts.c.id).where(
        alerts.c.person_id == row.person_id,
        alerts.c.kind != "person",
        or_(
            alerts.c.state != "closed",
            and_(alerts.c.created_at >= since, alerts.c.outcome != "false_alarm"),
        ),
    )
    if (await db.execute(in_danger.limit(1))).first() is not None:
        return "in danger"
    unanswered = select(messages.c.id).where(
        messages.c.address_id == row.address_id, messages.c.state == WAITING
    )
    another = select(conversations.c.id).where(
        conversations.c.address_id == row.address_id, conversations.c.state.in_(OPEN)
    )
    for waits in (unanswered, another):
        if (await db.execute(waits.limit(1))).first() is not None:
            return "talking"
    return "over"
