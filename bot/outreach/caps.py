"""How much one person hears from us: a cap over all campaigns, so that two teams do not write to a family at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..store.tables import addresses, messages

WEEK = timedelta(days=7)
FORTNIGHT = timedelta(days=14)
KINDS = ("ask", "outreach")
"""What counts: messages that begin something. Replies, reminders and confirmations do not."""


@dataclass(frozen=True, slots=True)
class Caps:
    """The most messages in seven days, and the most surveys in fourteen; 0 is no cap."""

    messages: int
    surveys: int


@dataclass(slots=True)
class Had:
    """How many each person has had, kept up while more are decided in the same transaction."""

    caps: Caps
    messages: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))
    surveys: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))

    def full(self, person: UUID, purpose: str) -> bool:
        """Whether one more is too much."""
        many = self.caps.messages and self.messages[person] >= self.caps.messages
        asked = purpose == "ask" and self.caps.surveys and self.surveys[person] >= self.caps.surveys
        return bool(many or asked)

    def add(self, person: UUID, purpose: str) -> None:
        """One more has been decided."""
        self.messages[person] += 1
        self.surveys[person] += purpose == "ask"


async def had(db: AsyncConnection, reached: Mapping[UUID, UUID], caps: Caps, now: datetime) -> Had:
    """What these people have had of late, on all of their addresses and on the one at which each is ``reached``.

    That may be somebody else's: a phone that is shared has no more of us than another. Exact while these are locked.
    """
    counted = Had(caps)
    if not (caps.messages or caps.surveys):
        return counted
    recent = func.sum(case((messages.c.created_at > now - WEEK, 1), else_=0))
    own = select(addresses.c.id, addresses.c.person_id).where(addresses.c.person_id.in_(list(reached)))
    # Two look-ups by keys: asked for with OR, PostgreSQL reads both tables through.
    belongs = {row.id: row.person_id for row in await db.execute(own)}
    wanted = (
        select(
            messages.c.address_id, messages.c.purpose, recent.label("week"), func.count().label("fortnight")
        )
        .where(
            messages.c.address_id.in_(list({*belongs, *reached.values()})),
            messages.c.purpose.in_(KINDS),
            messages.c.created_at > now - FORTNIGHT,
            messages.c.state.not_in(["cancelled", "failed"]),
        )
        .group_by(messages.c.address_id, messages.c.purpose)
    )
    through = defaultdict[UUID, set[UUID]](set)
    for person, address in reached.items():
        through[address].add(person)
    for row in await db.execute(wanted):
        whose = {belongs[row.address_id]} if row.address_id in belongs else set()
        for person in through[row.address_id] | whose:
            counted.messages[person] += int(row.week)
            if row.purpose == "ask":
                counted.surveys[person] += int(row.fortnight)
    return counted
