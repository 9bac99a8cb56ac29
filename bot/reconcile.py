"""Looks into sends that were cut short. Asks the provider where it can be asked; never repeats blindly."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import structlog

from channels.base import Channel, Outgoing, SendFailed, Trace

from .clock import Clock
from .ids import NewId
from .outreach.putting_back import put_back
from .store import queue
from .store.database import Database
from .store.queue import Claimed, Record

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=1)
"""How long a look at the provider may take; after that, or where it could not say, anyone asks again."""
MOST = 50


async def reconcile(
    database: Database,
    channel: Channel,
    clock: Clock,
    new_id: NewId,
    *,
    grace: timedelta,
    policy: Literal["hold", "resend"],
    lease: timedelta = LEASE,
) -> dict[str, int]:
    """Settle this channel's uncertain messages; return how many became ``sent``, ``queued`` or ``held``.

    A message is asked about ``grace`` after its lease ran out, so that a slow provider has listed it by then. Where a
    provider cannot be asked, ``policy`` says whether to keep the message aside (``held``) or to send it again.
    """
    token, now, settled = new_id(), clock(), {"sent": 0, "queued": 0, "held": 0}
    async with database.begin() as db:
        await queue.expire(db, now, now + grace)
        await queue.sweep(db)
        rows = await queue.uncertain(db, channel.name, MOST, token, now, now + lease)
    for row in rows:
        result = {"_id": row.id, "provider_id": None, "sent_at": None, "due_at": now, "code": None}
        found = await _look(database, channel, row) if channel.asks else _by(policy)
        if found is None:
            continue
        result |= found
        async with database.begin() as db:
            await queue.settle(db, token, [result])
            if result["state"] == "queued" and row.campaign_id is not None:
                # Its campaign may have been paused or stopped meanwhile: then it waits, or is cancelled, as the others.
                await put_back(db, now, campaign_id=row.campaign_id, only_idle=True)
            await database.rouse(db)
        settled[str(result["state"])] += 1
        log.info("reconciled", channel=channel.name, message=str(row.id), state=result["state"])
    return settled


async def _look(database: Database, channel: Channel, row: Claimed) -> Record | None:
    async with database.read() as db:
        known = await queue.matched(db, row.address_id)
    outgoing = Outgoing(id=str(row.id), to=row.address, text=row.text)
    try:
        sent = await channel.find(Trace(outgoing, row.created_at, known))
    except SendFailed as failed:
        log.info("could not ask", channel=channel.name, code=failed.code)
        return None
    if sent is None:
        return {"state": "queued", "reason": "the provider never had it"}
    return {"state": "sent", "provider_id": sent.provider_id, "sent_at": row.created_at, "reason": "found"}


def _by(policy: Literal["hold", "resend"]) -> Record:
    if policy == "resend":
        return {"state": "queued", "reason": "sent again: the first send is not known"}
    return {"state": "held", "reason": "it may have been sent; the provider cannot say"}
