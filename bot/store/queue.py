"""The message table as a queue: claim, settle, reconcile. One set of statements for both databases, but for ``settle``.

Facts behind the form (measured): the state is a literal, for a bound one hides the partial index, and so does, on
SQLite, a condition that is not word for word the index's own; what is claimed is looked up once, in a WITH, for as a
subquery PostgreSQL may look again and again and take more than was asked for; only the first open message of an
address may be claimed, by priority and then by id, which keeps the order and lets a reply overtake bulk that waits; a
worker settles only what carries its own token.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Row,
    String,
    Update,
    Uuid,
    and_,
    bindparam,
    column,
    func,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine

from .tables import addresses, messages
from .types import Instant

Record = dict[str, Any]
Claimed = Row[Any]

_earlier = messages.alias("earlier")
_due = messages.alias("due")

QUEUED: ColumnElement[str] = literal_column("'queued'")
SENDING: ColumnElement[str] = literal_column("'sending'")
UNCERTAIN: ColumnElement[str] = literal_column("'uncertain'")
FAREWELL: ColumnElement[str] = literal_column("'farewell'")


def still_open(of: FromClause) -> ColumnElement[bool]:
    """It may still go out. In the words of the index ``messages_open``."""
    return of.c.state.in_([QUEUED, SENDING, UNCERTAIN])


def under_way(of: FromClause) -> ColumnElement[bool]:
    """A send has begun. In the words of the index ``messages_under_way``."""
    return of.c.state.in_([SENDING, UNCERTAIN])


def _head() -> ColumnElement[bool]:
    """Nothing to this address is under way, and nothing waits that goes before: what matters more, or is older."""
    before = or_(
        _earlier.c.priority < _due.c.priority,
        and_(_earlier.c.priority == _due.c.priority, _earlier.c.id < _due.c.id),
    )
    # What has expired goes nowhere until it has been put back, and must not hold up a reply meanwhile.
    waits = or_(_earlier.c.expires_at.is_(None), _earlier.c.expires_at > bindparam("now"))
    blocks = or_(_earlier.c.state != QUEUED, and_(before, waits))
    return ~(
        select(_earlier.c.id)
        .where(_earlier.c.address_id == _due.c.address_id, still_open(_earlier), blocks)
        .exists()
    )


def _welcome() -> ColumnElement[bool]:
    """The address is not suppressed; the one confirmation of a STOP goes all the same."""
    suppressed = (
        select(addresses.c.id)
        .where(addresses.c.id == _due.c.address_id, addresses.c.suppressed.is_not(None))
        .exists()
    )
    return or_(~suppressed, _due.c.purpose == FAREWELL)


def _rested() -> ColumnElement[bool]:
    """The last message to this chat is long enough ago."""
    return ~(
        select(addresses.c.id)
        .where(addresses.c.id == _due.c.address_id, addresses.c.next_at > bindparam("now"))
        .exists()
    )


def _claim(*more: ColumnElement[bool]) -> Update:
    following = (
        select(_due.c.id)
        .where(
            _due.c.state == QUEUED,
            _due.c.channel == bindparam("on_channel"),
            _due.c.due_at <= bindparam("now"),
            or_(_due.c.expires_at.is_(None), _due.c.expires_at > bindparam("now")),
            _head(),
            _welcome(),
            *more,
        )
        .order_by(_due.c.priority, _due.c.due_at, _due.c.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True, of=_due)
        .cte("next")
    )
    return (
        update(messages)
        .where(messages.c.id.in_(select(following.c.id)))
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
            messages.c.purpose,
            messages.c.expires_at,
        )
    )


CLAIM, CLAIM_BY_CHAT = _claim(), _claim(_rested())


async def claim(
    db: AsyncConnection,
    channel: str,
    most: int,
    worker: UUID,
    now: datetime,
    until: datetime,
    *,
    by_chat: bool = False,
) -> Sequence[Claimed]:
    """Take up to ``most`` due messages of this channel; they count as being sent until ``until``.

    What has expired stays where it is. ``by_chat``: so does what would come too soon after the last to its chat.
    """
    rows = await db.execute(
        CLAIM_BY_CHAT if by_chat else CLAIM,
        {"on_channel": channel, "now": now, "most": most, "by": worker, "until": until},
    )
    return sorted(rows, key=lambda row: row.id)


SUPPRESSED = {
    "postgresql": "SELECT id, suppressed FROM addresses WHERE suppressed IS NOT NULL AND id = ANY($1)",
    "sqlite": "SELECT id, suppressed FROM addresses "
    "WHERE suppressed IS NOT NULL AND id IN (SELECT value FROM json_each(?))",
}


async def suppressed(db: AsyncConnection, claimed: Sequence[Claimed]) -> dict[UUID, str]:
    """Which addresses of these messages get nothing more by now, and why; farewells are let through.

    It is asked after every claim, so it goes straight to the driver: one trip, and no transaction around it.
    """
    ids = [row.address_id for row in claimed if row.purpose != "farewell"]
    if not ids:
        return {}
    driver: Any = (await db.get_raw_connection()).driver_connection
    asked = SUPPRESSED[db.dialect.name]
    if db.dialect.name == "postgresql":
        return dict(await driver.fetch(asked, ids))
    found = await driver.execute_fetchall(asked, (json.dumps([id_.hex for id_ in ids]),))
    return {UUID(id_): why for id_, why in found}


WRITTEN = ("state", "provider_id", "sent_at", "due_at", "code", "reason")
"""What ``settle`` writes."""
SETTLE = (
    update(messages)
    .where(
        messages.c.id == bindparam("_id"),
        messages.c.worker == bindparam("_worker"),
        under_way(messages),
    )
    .values({name: bindparam(name) for name in WRITTEN} | {"lease_until": null()})
)
# PostgreSQL runs the statement anew for every row of a list; with the list as a table it runs once.
_types: dict[str, TypeEngine[Any]] = dict.fromkeys(WRITTEN, String()) | {
    "_id": Uuid(),
    "sent_at": Instant(),
    "due_at": Instant(),
}
_done = (
    func.unnest(*(bindparam(name, type_=ARRAY(type_)) for name, type_ in _types.items()))
    .table_valued(*(column(name, type_) for name, type_ in _types.items()), name="done")
    .render_derived()
)
SETTLE_TOGETHER = (
    update(messages)
    .where(messages.c.id == _done.c["_id"], messages.c.worker == bindparam("_worker"), under_way(messages))
    .values({name: _done.c[name] for name in WRITTEN} | {"lease_until": null()})
)


async def settle(db: AsyncConnection, worker: UUID, results: Sequence[Record]) -> None:
    """Record what became of messages this worker claimed. A receipt that was quicker is not overwritten."""
    if not results:
        return
    if db.dialect.name == "postgresql":
        together: Record = {name: [result[name] for result in results] for name in _types}
        await db.execute(SETTLE_TOGETHER, {"_worker": worker, **together})
    else:
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
    """Cancel what was queued for an address after it was suppressed, and say how it is. Returns how many."""
    suppressed = select(addresses.c.id).where(addresses.c.suppressed.is_not(None))
    why = select(addresses.c.suppressed).where(addresses.c.id == messages.c.address_id).scalar_subquery()
    done = await db.execute(
        update(messages)
        .where(
            still_open(messages),
            messages.c.state == QUEUED,
            messages.c.purpose != "farewell",
            messages.c.address_id.in_(suppressed),
        )
        .values(state="cancelled", reason=why)
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
            messages.c.campaign_id,
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
