"""The message table as a queue: claim, settle, reconcile. One set of statements for both databases.

Facts behind the form (measured): the state is a literal, for a bound one hides the partial index, and so does, on
SQLite, a condition that is not word for word the index's own; what is claimed is looked up once, in a WITH, for as a
subquery PostgreSQL may look again and again and take more than was asked for; only the first open message of an
address may be claimed, which keeps the order; a worker settles only what carries its own token.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    bindparam,
    func,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import addresses, messages

Record = dict[str, Any]
Claimed = Row[Any]

_earlier = messages.alias("earlier")
_due = messages.alias("due")

QUEUED: ColumnElement[str] = literal_column("'queued'")
SENDING: ColumnElement[str] = literal_column("'sending'")
UNCERTAIN: ColumnElement[str] = literal_column("'uncertain'")


def still_open(of: FromClause) -> ColumnElement[bool]:
    """It may still go out. In the words of the index ``messages_open``."""
    return of.c.state.in_([QUEUED, SENDING, UNCERTAIN])


def under_way(of: FromClause) -> ColumnElement[bool]:
    """A send has begun. In the words of the index ``messages_under_way``."""
    return of.c.state.in_([SENDING, UNCERTAIN])


def _head() -> Any:
    """No earlier message to this address is still open."""
    return ~(
        select(_earlier.c.id)
        .where(
            _earlier.c.address_id == _due.c.address_id,
            still_open(_earlier),
            _earlier.c.id < _due.c.id,
        )
        .exists()
    )


def _welcome() -> Any:
    """The address is not suppressed; the one confirmation of a STOP goes all the same."""
    suppressed = (
        select(addresses.c.id)
        .where(addresses.c.id == _due.c.address_id, addresses.c.suppressed.is_not(None))
        .exists()
    )
    return or_(~suppressed, _due.c.purpose == literal_column("'farewell'"))


_next = (
    select(_due.c.id)
    .where(
        _due.c.state == QUEUED,
        _due.c.channel == bindparam("on_channel"),
        _due.c.due_at <= bindparam("now"),
        _head(),
        _welcome(),
    )
    .order_by(_due.c.priority, _due.c.due_at, _due.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=_due)
    .cte("next")
)

CLAIM = (
    update(messages)
    .where(messages.c.id.in_(select(_next.c.id)))
    .values(
        state="sending",
        worker=bindparam("by"),
        lease_until=bindparam("until"),
        attempts=messages.c.attempts + 1,
    )
    .returning(
        messages.c.id,
        messages.c.address,
        messages.c.text,
        messages.c.language,
        messages.c.options,
        messages.c.attempts,
        messages.c.address_id,
    )
)


async def claim(
    db: AsyncConnection, channel: str, most: int, worker: UUID, now: datetime, until: datetime
) -> Sequence[Claimed]:
    """Take up to ``most`` due messages of this channel; they count as being sent until ``until``."""
    rows = await db.execute(
        CLAIM, {"on_channel": channel, "now": now, "most": most, "by": worker, "until": until}
    )
    return sorted(rows, key=lambda row: row.id)


SETTLE = (
    update(messages)
    .where(
        messages.c.id == bindparam("_id"),
        messages.c.worker == bindparam("_worker"),
        under_way(messages),
    )
    .values(
        state=bindparam("state"),
        provider_id=bindparam("provider_id"),
        sent_at=bindparam("sent_at"),
        due_at=bindparam("due_at"),
        code=bindparam("code"),
        reason=bindparam("reason"),
        lease_until=null(),
    )
)


async def settle(db: AsyncConnection, worker: UUID, results: Sequence[Record]) -> None:
    """Record what became of messages this worker claimed. A receipt that was quicker is not overwritten."""
    if results:
        await db.execute(SETTLE, [{"_worker": worker, **result} for result in results])


async def expire(db: AsyncConnection, now: datetime, ask_at: datetime) -> int:
    """Sends whose lease has run out were cut short: they are uncertain from now on. Returns how many."""
    done = await db.execute(
        update(messages)
        .where(under_way(messages), messages.c.state == SENDING, messages.c.lease_until < now)
        .values(state="uncertain", due_at=ask_at, lease_until=null())
    )
    return done.rowcount


async def rest(db: AsyncConnection, channel: str, until: datetime) -> None:
    """Nothing of what is queued on this channel is due before ``until``, for any worker."""
    await db.execute(
        update(messages)
        .where(
            messages.c.state == QUEUED,
            messages.c.channel == channel,
            messages.c.purpose != "farewell",
            messages.c.due_at < until,
        )
        .values(due_at=until)
    )


async def sweep(db: AsyncConnection) -> int:
    """Cancel what was queued for an address after it was suppressed. Returns how many."""
    suppressed = select(addresses.c.id).where(addresses.c.suppressed.is_not(None))
    done = await db.execute(
        update(messages)
        .where(
            still_open(messages),
            messages.c.state == QUEUED,
            messages.c.purpose != "farewell",
            messages.c.address_id.in_(suppressed),
        )
        .values(state="cancelled", reason="suppressed")
    )
    return done.rowcount


async def uncertain(
    db: AsyncConnection, channel: str, most: int, worker: UUID, now: datetime, until: datetime
) -> Sequence[Claimed]:
    """Take uncertain messages to look into; another worker leaves them alone until ``until``."""
    due = (
        select(_due.c.id)
        .where(under_way(_due), _due.c.state == UNCERTAIN, _due.c.channel == channel, _due.c.due_at <= now)
        .order_by(_due.c.id)
        .limit(most)
        .with_for_update(skip_locked=True, of=_due)
        .cte("due_now")
    )
    rows = await db.execute(
        update(messages)
        .where(messages.c.id.in_(select(due.c.id)))
        .values(worker=worker, due_at=until)
        .returning(
            messages.c.id,
            messages.c.address,
            messages.c.address_id,
            messages.c.text,
            messages.c.created_at,
            messages.c.attempts,
        )
    )
    return sorted(rows, key=lambda row: row.id)


async def matched(db: AsyncConnection, address_id: UUID) -> set[str]:
    """Provider ids that already belong to messages of ours to this address."""
    rows = await db.execute(
        select(messages.c.provider_id).where(
            messages.c.direction == "out",
            messages.c.address_id == address_id,
            messages.c.provider_id.is_not(None),
        )
    )
    return set(rows.scalars())


async def counts(db: AsyncConnection) -> dict[tuple[str, str], int]:
    """How many outgoing messages are in each state, by (channel, state)."""
    rows = await db.execute(
        select(messages.c.channel, messages.c.state, func.count())
        .where(messages.c.direction == "out")
        .group_by(messages.c.channel, messages.c.state)
    )
    return {(channel, state): count for channel, state, count in rows}
