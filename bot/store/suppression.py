"""Addresses that get nothing more: opted out at the provider, or unable to receive."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows.dispositions import OPEN, Event, after

from ..ids import NewId
from . import consents
from .queue import QUEUED, still_open
from .tables import addresses, answers, conversations, messages


def unfinished() -> ColumnElement[bool]:
    """A question waits, or another survey has been put before it."""
    return conversations.c.state.in_([*OPEN, "paused"])


def ended(event: Event) -> ColumnElement[str]:
    """What an unfinished conversation becomes by this event: the table of dispositions as SQL."""
    answered = select(answers.c.id).where(answers.c.conversation_id == conversations.c.id).exists()
    rows = [
        (
            and_(conversations.c.state == state, answered if said else ~answered),
            after(state, event, answered=said),
        )
        for state in (*OPEN, "paused")
        for said in (True, False)
    ]
    return case(*rows, else_=conversations.c.state)


async def suppress(
    db: AsyncConnection, address_id: UUID, why: str, now: datetime, new_id: NewId, source: str = "provider"
) -> None:
    """Stop everything to this address. ``why`` is ``stop`` (opted out, as ``source`` says) or ``dead`` (unreachable).

    An opt-out goes into the consent ledger; a dead address does not take anybody's consent away. The caller owns
    the transaction.
    """
    state = "stopped" if why == "stop" else "dead"
    before = (await db.execute(select(addresses.c.suppressed).where(addresses.c.id == address_id))).scalar()
    if before in ("stopped", state):
        return
    await db.execute(update(addresses).where(addresses.c.id == address_id).values(suppressed=state))
    await db.execute(
        update(messages)
        .where(messages.c.address_id == address_id, still_open(messages), messages.c.state == QUEUED)
        .values(state="cancelled", reason=state)
    )
    await db.execute(
        update(conversations)
        .where(conversations.c.address_id == address_id, unfinished())
        .values(state=ended("stopped" if why == "stop" else "failed"), due_at=None)
    )
    if why == "stop":
        ledger = {"event": "stopped", "source": source, "at": now}
        await consents.enter(db, [{"id": new_id(), "address_id": address_id, **ledger}])
        await stop_elsewhere(db, address_id, now, new_id)


async def stop_elsewhere(db: AsyncConnection, address_id: UUID, now: datetime, new_id: NewId) -> None:
    """A STOP on one of a person's addresses is a STOP on all of them. The caller owns the transaction."""
    person = select(addresses.c.person_id).where(addresses.c.id == address_id).scalar_subquery()
    others = select(addresses.c.id).where(addresses.c.person_id == person, addresses.c.id != address_id)
    ids = list((await db.execute(others)).scalars())
    if not ids:
        return
    await db.execute(update(addresses).where(addresses.c.id.in_(ids)).values(suppressed="stopped"))
    await db.execute(
        update(messages)
        .where(messages.c.address_id.in_(ids), still_open(messages), messages.c.state == QUEUED)
        .values(state="cancelled", reason="stopped")
    )
    await db.execute(
        update(conversations)
        .where(conversations.c.address_id.in_(ids), unfinished())
        .values(state=ended("stopped"), due_at=None)
    )
    ledger = {"event": "stopped", "source": "another address", "at": now}
    await consents.enter(db, [{"id": new_id(), "address_id": id_, **ledger} for id_ in ids])
