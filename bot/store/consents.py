"""The consent ledger: what was said, when and where; and what it adds up to, kept with each address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import addresses, consents

ALLOWS = {"granted": True, "restarted": True, "removed": False}
"""Whether we may begin after this event. A STOP is not here: ``addresses.suppressed`` says it, and outlives a list."""

ALLOW = (
    update(addresses)
    .where(addresses.c.id == bindparam("_id"), addresses.c.consented != bindparam("consented"))
    .values(consented=bindparam("consented"))
)


async def enter(db: AsyncConnection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write these events, in their order, and whether each address may be written to since.

    A row has ``id``, ``address_id``, ``event`` (granted, stopped, restarted, removed), ``source``, ``at`` and perhaps
    ``message_id``. It takes two statements at most, however many rows there are. The caller owns the transaction.
    """
    ledger = [{"message_id": None, **row} for row in rows]
    if not ledger:
        return
    await db.execute(insert(consents), ledger)
    allowed: dict[UUID, bool] = {
        row["address_id"]: ALLOWS[row["event"]] for row in ledger if row["event"] in ALLOWS
    }
    if allowed:
        # In the order in which addresses are locked everywhere.
        await db.execute(ALLOW, [{"_id": id_, "consented": allowed[id_]} for id_ in sorted(allowed)])
