"""How much waits for somebody who signs in: for the menu, the first page and the inbox. Cheap: it is asked on every page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..store.tables import addresses, alerts, messages, people, threads
from .handling import resting
from .waits import talk, waits
from .within import Reach, within

MOST = 500
"""Nobody counts further: who has so many waiting needs no exact number."""


@dataclass(frozen=True, slots=True)
class Counts:
    """``waiting``: people who wait for an answer (at most ``MOST``: there may be more); ``mine``: of them, those that this
    account answers; ``alerts``: alerts about danger that nobody has closed; ``calls``: people who asked to talk to somebody.
    What rests is not counted."""

    waiting: int
    mine: int
    alerts: int
    calls: int

    @property
    def more(self) -> bool:
        """Whether more wait than were counted."""
        return self.waiting >= MOST


async def newest(db: AsyncConnection) -> UUID | None:
    """The last message for a person that there is, whoever's it is."""
    last = select(messages.c.id).where(talk(messages)).order_by(messages.c.id.desc()).limit(1)
    return (await db.execute(last)).scalar()


async def news(db: AsyncConnection, reach: Reach, since: UUID) -> int:
    """How many messages within reach have come since that one and wait (at most ``MOST``)."""
    wanted = (
        select(messages.c.id)
        .join(addresses, addresses.c.id == messages.c.address_id)
        .join(people, people.c.id == addresses.c.person_id)
        .where(waits(messages), messages.c.id > since, within(reach))
        .limit(MOST)
    )
    found = await db.execute(select(func.count()).select_from(wanted.subquery()))
    return int(found.scalar_one())


async def counts(db: AsyncConnection, reach: Reach, member_id: UUID, now: datetime | None = None) -> Counts:
    """What waits within reach. ``now``: as of when something may rest."""
    now = now or datetime.now(UTC)
    if reach is not None and not reach:
        return Counts(0, 0, 0, 0)
    # Looked up once for all, not once for each who waits: few conversations rest.
    rest = select(people.c.id).join(threads, threads.c.person_id == people.c.id)
    rest = rest.where(threads.c.snoozed_until > now, resting(now))
    waiting = (
        select(addresses.c.person_id)
        .join(messages, messages.c.address_id == addresses.c.id)
        .where(waits(messages), addresses.c.person_id.not_in(rest))
        .distinct()
    )
    if reach is not None:
        waiting = waiting.join(people, people.c.id == addresses.c.person_id).where(within(reach))
    unanswered = (
        select(messages.c.id)
        .join(addresses, addresses.c.id == messages.c.address_id)
        .where(addresses.c.person_id == people.c.id, waits(messages))
        .exists()
    )
    mine = (
        select(threads.c.person_id)
        .join(people, people.c.id == threads.c.person_id)
        .where(
            threads.c.assigned_to == member_id, within(reach), unanswered, threads.c.person_id.not_in(rest)
        )
    )
    several = [
        select(func.count()).select_from(one.limit(MOST).subquery()).scalar_subquery()
        for one in (waiting, mine)
    ]
    danger = alerts.c.kind != "person"
    open_ = (
        select(func.count().filter(danger), func.count().filter(~danger))
        .select_from(alerts.join(people, people.c.id == alerts.c.person_id))
        .where(alerts.c.state != "closed", within(reach))
    )
    all_, own = (await db.execute(select(*several))).one()
    danger_, calls = (await db.execute(open_)).one()
    return Counts(all_, own, danger_, calls)
