"""What providers say became of our messages. Receipts come late, twice and out of order: none steps back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import and_, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from channels.base import Receipt

from .ids import NewId
from .store import queue
from .store.suppression import suppress
from .store.tables import messages

log = structlog.get_logger(__name__)

TRIES = 3
"""How often a message is sent whose provider says afterwards that it could not be delivered for now."""
LATER = timedelta(hours=1)
REST = timedelta(minutes=30)
"""How long a channel rests when a provider refuses messages because of our account: long enough for an operator."""
RANK = {
    "queued": 0,
    "sending": 0,
    "uncertain": 0,
    "held": 0,
    "sent": 1,
    "delivered": 2,
    "read": 3,
    "failed": 4,
}
"""A state is only ever replaced by one of higher rank. ``cancelled`` is not here: it never left the house."""

UPDATE = (
    update(messages)
    .where(messages.c.id == bindparam("_id"))
    .values(
        state=bindparam("state"),
        provider_id=bindparam("provider_id"),
        sent_at=bindparam("sent_at"),
        due_at=bindparam("due_at"),
        code=bindparam("code"),
        reason=bindparam("reason"),
    )
)


async def settle(db: AsyncConnection, reports: Sequence[Receipt], now: datetime, new_id: NewId) -> list[str]:
    """Apply receipts; return for each ``settled``, ``old news`` or ``unknown``. The caller owns the transaction."""
    rows = await _messages(db, reports)
    outcomes, changed = [], {}
    for report in reports:
        row = rows.get(report.message or "") or rows.get((report.channel, report.provider_id))
        if row is None:
            outcomes.append("unknown")
            continue
        state = "sent" if report.status == "queued" else report.status
        earlier = row["provider_id"] not in (None, report.provider_id)  # of a send that was tried again since
        if RANK.get(state, 0) <= RANK.get(row["state"], 9) or (earlier and state == "failed"):
            outcomes.append("old news")
            continue
        failure = report.failure
        row.update(
            state=state,
            provider_id=report.provider_id,
            sent_at=row["sent_at"] or now,
            code=report.code,
            reason=failure.reason if failure else None,
        )
        changed[row["_id"]] = row
        if failure is not None and failure.then in ("stop", "dead"):
            await suppress(db, row["address_id"], failure.then, now, new_id)
        if failure is not None and failure.then in ("retry", "halt") and row["attempts"] < TRIES:
            # Surely not delivered, and worth another try: a phone that was off, or our own account.
            row.update(state="queued", provider_id=None, due_at=now + (failure.after or LATER))
        if failure is not None and failure.then == "halt":
            log.error("channel rests", channel=report.channel, reason=failure.reason, code=failure.code)
            await queue.rest(db, report.channel, now + REST)
        outcomes.append("settled")
    if changed:
        await db.execute(
            UPDATE,
            [
                {k: v for k, v in row.items() if k not in ("address_id", "attempts")}
                for row in changed.values()
            ],
        )
    return outcomes


async def _messages(db: AsyncConnection, reports: Sequence[Receipt]) -> dict[Any, dict[str, Any]]:
    ours = {id_ for report in reports if (id_ := _uuid(report.message)) is not None}
    theirs = {report.provider_id for report in reports}
    found = await db.execute(
        select(
            messages.c.id.label("_id"),
            messages.c.channel,
            messages.c.provider_id,
            messages.c.state,
            messages.c.sent_at,
            messages.c.code,
            messages.c.reason,
            messages.c.due_at,
            messages.c.attempts,
            messages.c.address_id,
        )
        .where(
            messages.c.direction == "out",
            or_(
                messages.c.id.in_(ours),
                and_(
                    messages.c.channel.in_({report.channel for report in reports}),
                    messages.c.provider_id.in_(theirs),
                ),
            ),
        )
        .order_by(messages.c.id)
        .with_for_update()
    )
    rows: dict[Any, dict[str, Any]] = {}
    for row in found.mappings():
        kept = dict(row)
        channel = kept.pop("channel")
        rows[str(kept["_id"])] = kept
        if kept["provider_id"]:
            rows[channel, kept["provider_id"]] = kept
    return rows


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
