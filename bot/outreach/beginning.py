"""Begins the runs of campaigns whose time has come. The next time is a column, so any worker may do it, and once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, Row, Select, String, and_, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from ..ids import NewId
from ..store.database import by_keys
from ..store.tables import absences, campaigns, people, recipients, runs
from . import anchors, audience, reasons
from .audience.expression import Test, leaves
from .calendars import Calendars
from .campaign import Campaign, CampaignError
from .campaign_file import loads
from .expansion import Spread
from .journal import note
from .occasions import Next, due_of, next_of

log = structlog.get_logger(__name__)

FRESH = timedelta(days=7)
"""How old the newest absence may be where a campaign goes by absences."""
GROWN = 1.2
"""An audience that has grown by more than a fifth since it was approved has to be approved again."""


@dataclass(frozen=True, slots=True)
class Among:
    """Who is in a run's audience, and which occasion each has."""

    holds: ColumnElement[bool]
    occasion: ColumnElement[Any]


def among(campaign: Campaign, filter_: str, occasion: str, at: datetime, calendars: Calendars) -> Among:
    """The condition on ``people`` of a run that began ``at``. Raises AudienceError."""
    zone = calendars.other.zone
    base = and_(audience.everyone(), audience.condition(audience.parse(filter_), at, zone=zone))
    if campaign.when.kind != "date":
        return Among(base, literal(occasion, String(40)))
    days = anchors.days_of(campaign, datetime.fromisoformat(occasion).date())
    anchored = anchors.anchor(campaign.when, days, calendars)
    return Among(and_(base, anchored.holds), anchored.occasion)


def spread(
    run: Row[*tuple[Any, ...]], campaign: Campaign, calendars: Calendars, channels: list[str]
) -> Spread:
    """What every chunk of this run is expanded with."""
    meant = among(campaign, run.audience, run.occasion, run.begins_at, calendars)
    holds = meant.holds
    if campaign.when.kind == "date":  # another day's run has had them already
        before = (
            select(recipients.c.person_id)
            .where(
                recipients.c.campaign_id == run.campaign_id,
                recipients.c.person_id == people.c.id,
                recipients.c.occasion == meant.occasion,
                recipients.c.run_id.in_(
                    select(runs.c.id).where(runs.c.campaign_id == run.campaign_id, runs.c.id != run.id)
                ),
            )
            .exists()
        )
        holds = and_(holds, ~before)
    return Spread(
        run.id,
        run.campaign_id,
        holds,
        meant.occasion,
        due_of(campaign, run.occasion, run.begins_at, calendars),
        [name for name in campaign.channels or channels if name in channels],
        campaign.per == "household",
    )


async def count(db: AsyncConnection, holds: ColumnElement[bool]) -> int:
    """How many people a condition holds for."""
    await by_keys(
        db
    )  # right after a list came in PostgreSQL would read every table through for each of its people
    return int((await db.execute(select(func.count()).select_from(people).where(holds))).scalar_one())


def due(now: datetime) -> Select[Any]:
    """The campaigns whose next run is to begin."""
    waiting = (campaigns.c.state == "scheduled", campaigns.c.next_at.is_not(None), campaigns.c.next_at <= now)
    return select(campaigns).where(*waiting).order_by(campaigns.c.next_at)


async def begin(
    db: AsyncConnection, calendars: Calendars, now: datetime, new_id: NewId, approve_above: int
) -> list[UUID]:
    """Make a run of each campaign that is due; returns the runs. The caller owns the transaction."""
    begun = []
    for row in (await db.execute(due(now).with_for_update(skip_locked=True))).all():
        try:
            async with db.begin_nested():
                run = await _begin(db, row, calendars, now, new_id, approve_above)
        except Exception as error:  # one campaign's fault is not another's; its own words may be somebody's
            log.error("campaign not begun; trying again", campaign=str(row.id), error=type(error).__name__)
            continue
        if run is not None:
            begun.append(run)
    return begun


async def _begin(
    db: AsyncConnection,
    row: Row[*tuple[Any, ...]],
    calendars: Calendars,
    now: datetime,
    new_id: NewId,
    approve_above: int,
) -> UUID | None:
    """The run of one campaign that is due; None where it is paused or held back instead."""
    try:
        campaign = loads(row.text, row.key)
        filter_ = (await audience.resolve(db, campaign.audience)).text
        mine, following = _latest(row, campaign, calendars, now)
        holds = among(campaign, filter_, mine.occasion, now, calendars).holds
    except (CampaignError, ValueError) as error:  # of an earlier version, or its saved audience has gone
        await _set(
            db,
            row.id,
            now,
            state="paused",
            reason=reasons.made(reasons.UNREADABLE, error=type(error).__name__),
        )
        await note(
            db, row.id, "paused", now, new_id, detail=reasons.made(reasons.UNREAD, error=type(error).__name__)
        )
        return None
    if by_absences(audience.parse(filter_)) and await _stale(db, now):
        why = reasons.made(reasons.STALE)
        await _set(db, row.id, now, state="paused", reason=why)
        await note(db, row.id, "paused", now, new_id, detail=why)
        return None
    expected = await count(db, holds)
    if needs_approval(row, campaign.meant(filter_), expected, approve_above):
        why = reasons.made(reasons.GROWN, n=expected)
        await _set(db, row.id, now, state="awaiting", reason=why)
        await note(db, row.id, "held back", now, new_id, detail=why)
        return None
    run = await start(db, row.id, campaign, filter_, expected, mine, now, new_id)
    await _set(
        db,
        row.id,
        now,
        next_at=following.at if following else None,
        next_occasion=following.occasion if following else None,
    )
    return run


def _latest(
    row: Row[*tuple[Any, ...]], campaign: Campaign, calendars: Calendars, now: datetime
) -> tuple[Next, Next | None]:
    """The occasion that begins now, and the one that follows: of a recurring campaign's that were missed, the latest."""
    mine = Next(row.next_occasion, row.next_at)
    following = next_of(campaign, calendars, now, mine.occasion)
    if campaign.when.kind == "cron" and following is not None and following.at <= now:
        mine, following = following, next_of(campaign, calendars, now, following.occasion)
    return mine, following


def by_absences(meant: audience.Expression) -> bool:
    """Whether a filter goes by how often children were absent or late."""
    return any(isinstance(leaf, Test) and leaf.field.kind == "days" for leaf in leaves(meant.root))


async def _stale(db: AsyncConnection, now: datetime) -> bool:
    """Whether the last absence came to us too long ago: everybody would count as present, and be thanked for it."""
    newest = (await db.execute(select(func.max(absences.c.created_at)))).scalar()
    return newest is None or newest < now - FRESH


def needs_approval(row: Row[*tuple[Any, ...]], digest: str, size: int, approve_above: int) -> bool:
    """Whether a second person has to look at it, or again: it is large, and nobody has approved this text or size."""
    if size <= approve_above:
        return False
    return bool(row.approved_digest != digest or size > (row.approved_size or 0) * GROWN)


async def start(
    db: AsyncConnection,
    campaign_id: UUID,
    campaign: Campaign,
    filter_: str,
    expected: int,
    which: Next,
    now: datetime,
    new_id: NewId,
) -> UUID:
    """Enter the run of an occasion, or find it there: an occasion has one run. Returns its id.

    It begins at the time that was meant: what has waited too long for a worker is given up, not sent late.
    """
    upsert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    id_ = new_id()
    made = await db.execute(
        upsert(runs)
        .values(
            id=id_,
            campaign_id=campaign_id,
            occasion=which.occasion,
            text=campaign.text,
            audience=filter_,
            state="expanding",
            begins_at=which.at,
            expected=expected,
            expanded=0,
            staged=0,
            created_at=now,
        )
        .on_conflict_do_nothing()
        .returning(runs.c.id)
    )
    if made.first() is None:
        here = select(runs.c.id).where(runs.c.campaign_id == campaign_id, runs.c.occasion == which.occasion)
        return UUID(str((await db.execute(here)).scalar_one()))
    await note(db, campaign_id, "begun", now, new_id, detail=f"{which.occasion}: {expected} people")
    return id_


async def _set(db: AsyncConnection, campaign_id: UUID, now: datetime, **what: Any) -> None:
    await db.execute(update(campaigns).where(campaigns.c.id == campaign_id).values(changed_at=now, **what))
