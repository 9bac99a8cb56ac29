"""Who is among the recipients of a campaign, page by page. Looks only."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from sqlalchemy import literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from ...outreach.accounting import counted
from ...store.tables import campaigns, messages, people, recipients, runs
from .accounts import Recipient
from .problems import Trouble

Place = tuple[UUID, int, UUID]
_ORDER = (recipients.c.run_id, recipients.c.step, recipients.c.person_id)
WRITTEN = r"^[A-Za-z0-9_-]{46}$"
"""How a place looks in an address."""
_OURS = "people:"
"""Ids that were made from a number because the list had none: they are nobody else's business."""


async def stopped(db: AsyncConnection, campaign_id: UUID) -> bool:
    """Whether a campaign was ended for good: then nobody waits any more."""
    state = (await db.execute(select(campaigns.c.state).where(campaigns.c.id == campaign_id))).scalar()
    return state == "stopped"


async def run(db: AsyncConnection, campaign_id: UUID, occasion: str) -> UUID:
    """The round of this occasion. Raises Trouble."""
    wanted = select(runs.c.id).where(runs.c.campaign_id == campaign_id, runs.c.occasion == occasion)
    found: UUID | None = (await db.execute(wanted)).scalar()
    if found is None:
        raise Trouble(
            "not-found", "The campaign has no round of this occasion. Its rounds are in GET /campaigns/{key}."
        )
    return found


async def page(
    db: AsyncConnection,
    campaign_id: UUID,
    run_id: UUID | None,
    after: Place | None,
    limit: int,
    *,
    stopped: bool,
) -> tuple[list[Recipient], Place | None]:
    """At most ``limit`` recipients behind ``after``, and where the next page begins (None at the end)."""
    mine = select(runs.c.id).where(runs.c.campaign_id == campaign_id)
    wanted = (
        select(
            *_ORDER,
            people.c.external_id,
            recipients.c.occasion,
            recipients.c.state,
            recipients.c.reason,
            recipients.c.channel,
            recipients.c.variant,
            recipients.c.due_at,
            messages.c.state.label("message"),
            messages.c.reason.label("why"),
            messages.c.sent_at,
        )
        .join(people, people.c.id == recipients.c.person_id)
        .outerjoin(messages, messages.c.id == recipients.c.message_id)
        .where(recipients.c.run_id == run_id if run_id else recipients.c.run_id.in_(mine))
        .order_by(*_ORDER)
        .limit(limit + 1)
    )
    if after:
        place = tuple_(*(literal(value, column.type) for value, column in zip(after, _ORDER, strict=True)))
        wanted = wanted.where(tuple_(*_ORDER) > place)
    found = (await db.execute(wanted)).all()
    more = len(found) > limit
    shown = found[:limit]
    return [_read(row, stopped) for row in shown], _place(shown[-1]) if more else None


def external(known: str | None) -> str | None:
    """What the other system calls a person; None where it was we who made an id, from their number."""
    return None if known is None or known.startswith(_OURS) else known


def written(place: Place) -> str:
    """A place as it goes into an address.

    >>> read(written((UUID(int=1), 2, UUID(int=3)))) == (UUID(int=1), 2, UUID(int=3))
    True
    """
    run_id, step, person = place
    return (
        base64.urlsafe_b64encode(run_id.bytes + step.to_bytes(2, "big") + person.bytes).decode().rstrip("=")
    )


def read(after: str) -> Place:
    """The place that ``written`` wrote; of anything else of that length, some place."""
    raw = base64.urlsafe_b64decode(after + "==")
    return UUID(bytes=raw[:16]), min(int.from_bytes(raw[16:18], "big"), 2**15 - 1), UUID(bytes=raw[18:])


def _place(row: Any) -> Place:
    return row.run_id, row.step, row.person_id


def _read(row: Any, stopped: bool) -> Recipient:
    return Recipient(
        person=str(row.person_id),
        external_id=external(row.external_id),
        occasion=row.occasion,
        step=row.step,
        state=counted(row.state, row.reason, row.message, row.why, stopped=stopped),
        channel=row.channel,
        variant=row.variant,
        due_at=row.due_at,
        sent_at=row.sent_at,
    )
