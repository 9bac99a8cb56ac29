"""What happened to a campaign, in order: who wrote, approved, paused or stopped it, and what it did by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from .. import audit
from ..ids import NewId
from ..store.tables import campaign_log, staff


async def note(
    db: AsyncConnection,
    campaign_id: UUID,
    event: str,
    now: datetime,
    new_id: NewId,
    *,
    by: str | None = None,
    detail: str | None = None,
) -> None:
    """Enter an event. ``by`` is a staff account, or None where Openline did it itself. The caller owns the transaction."""
    row = {"id": new_id(), "campaign_id": campaign_id, "at": now, "event": event, "by": by}
    await db.execute(insert(campaign_log).values(**row, detail=detail[:400] if detail else None))


async def did(
    db: AsyncConnection,
    campaign: tuple[UUID, str],
    event: str,
    now: datetime,
    new_id: NewId,
    by: str | None,
    detail: str | None = None,
    **counts: int,
) -> None:
    """Enter what a person did with a campaign (its id and key), here and in the book of what staff do."""
    await note(db, campaign[0], event, now, new_id, by=by, detail=detail)
    await audited(db, campaign[1], event, now, by, **counts)


async def audited(
    db: AsyncConnection, key: str, event: str, now: datetime, by: str | None, **counts: int
) -> None:
    """Enter it only in the book of what staff do: without any words of theirs."""
    who = await db.scalar(select(staff.c.id).where(staff.c.email == by)) if by else None
    await audit.record(db, now, who, f"campaign.{event}", key, **counts)


async def told(db: AsyncConnection, campaign_id: UUID) -> list[Row[Any]]:
    """Every event of a campaign, the oldest first: at, event, by, detail."""
    columns = (campaign_log.c.at, campaign_log.c.event, campaign_log.c.by, campaign_log.c.detail)
    wanted = select(*columns).where(campaign_log.c.campaign_id == campaign_id).order_by(campaign_log.c.id)
    return list(await db.execute(wanted))
