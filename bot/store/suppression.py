"""Addresses that get nothing more: opted out at the provider, or unable to receive."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..ids import NewId
from .queue import QUEUED, still_open
from .tables import addresses, consents, conversations, messages


async def suppress(db: AsyncConnection, address_id: UUID, why: str, now: datetime, new_id: NewId) -> None:
    """Stop everything to this address. ``why`` is ``stop`` (opted out at the provider) or ``dead`` (unreachable).

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
        .where(conversations.c.address_id == address_id, conversations.c.state == "open")
        .values(state="stopped" if why == "stop" else "unreachable")
    )
    if why == "stop":
        await db.execute(
            insert(consents).values(
                id=new_id(), address_id=address_id, event="stopped", source="provider", at=now
            )
        )
