"""Who a thread is with: found by a few digits, with what staff have to know before they answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, String, and_, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows.dispositions import OPEN

from ..store.tables import addresses, alerts, conversations, messages, people, surveys

SHORT = 8
"""So many of the last digits of an id are shown: the first ones are only the time."""


@dataclass(frozen=True, slots=True)
class Alert:
    """A message of theirs that a person on call was told of. ``id`` is what `openline alerts` takes."""

    id: str
    kind: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach them. ``state`` is open, stopped, dead or no consent; ``address`` is None unless it was asked for."""

    channel: str
    state: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a thread.

    ``stopped`` says that they have asked us to stop: nothing may be sent. ``survey`` is the key of one in whose middle
    they are. ``household`` is how many people are in theirs, where that was asked for.
    """

    id: UUID
    name: str | None
    respondent: str
    language: str
    school: str | None
    groups: dict[str, Any]
    stopped: bool
    ways: tuple[Way, ...]
    alerts: tuple[Alert, ...]
    survey: str | None
    household: int | None = None

    @property
    def short(self) -> str:
        """The id as commands show and take it."""
        return short(self.id)


def short(id_: UUID) -> str:
    """The last digits of an id.

    >>> short(UUID("0199e0f4-7d5e-7c1a-9a52-0c7a6f1d2e3b"))
    '6f1d2e3b'
    """
    return id_.hex[-SHORT:]


async def find(db: AsyncConnection, shortened: str) -> UUID:
    """The person whose id ends so. Raises LookupError, in words for whoever typed it."""
    end = shortened.strip().replace("-", "").lower()
    found: list[UUID] = []
    if 4 <= len(end) <= 32 and all(digit in "0123456789abcdef" for digit in end):
        # SQLite keeps ids as bare digits, PostgreSQL shows them with hyphens.
        digits = func.replace(cast(people.c.id, String), "-", "")
        wanted = select(people.c.id).where(digits.endswith(end, autoescape=True)).limit(20)
        found = list((await db.execute(wanted)).scalars())
    if not found:
        raise LookupError(
            f"There is nobody {shortened.strip()[:40]}. They are listed by: openline inbox --all"
        )
    if len(found) > 1:
        raise LookupError(f"{shortened} may mean {len(found)} people or more: write more of it")
    return found[0]


async def head(db: AsyncConnection, person: UUID, *, number: bool = False, household: bool = False) -> Head:
    """What is known of one person, without their number unless it is asked for. Raises LookupError."""
    row = (await db.execute(select(people).where(people.c.id == person))).first()
    if row is None:
        raise LookupError("There is nobody with this id.")
    mine = (await ways(db, person)).all
    ids = [one.id for one in mine]
    around = None
    if household:
        theirs = select(func.count()).where(
            people.c.household_id == row.household_id, people.c.removed_at.is_(None)
        )
        around = max(1, int((await db.execute(theirs)).scalar_one()))
    asked = (
        select(surveys.c.key)
        .join(conversations, conversations.c.survey_id == surveys.c.id)
        .where(conversations.c.address_id.in_(ids), conversations.c.state.in_([*OPEN, "paused"]))
        .order_by(conversations.c.id.desc())
        .limit(1)
    )
    return Head(
        id=person,
        name=row.name,
        respondent=row.respondent,
        language=row.language,
        school=row.school,
        groups=dict(row.groups or {}),
        stopped=any(one.suppressed == "stopped" for one in mine) and all(one.suppressed for one in mine),
        ways=tuple(Way(one.channel, _state(one), one.address if number else None) for one in mine),
        alerts=await _alerts(db, person),
        survey=(await db.execute(asked)).scalar() if ids else None,
        household=around,
    )


@dataclass(frozen=True, slots=True)
class Ways:
    """Every address of one person, the oldest first."""

    all: Sequence[Row[*tuple[Any, ...]]]

    @property
    def ids(self) -> list[UUID]:
        """Their ids in the store."""
        return [one.id for one in self.all]

    @property
    def their_own(self) -> ColumnElement[bool]:
        """Messages of these addresses, of one that was somebody else's before only those since then."""
        always = [one.id for one in self.all if one.since is None]
        since = [(one.id, one.since) for one in self.all if one.since is not None]
        return or_(
            messages.c.address_id.in_(always),
            *(and_(messages.c.address_id == id_, messages.c.created_at >= at) for id_, at in since),
        )


async def ways(db: AsyncConnection, person: UUID) -> Ways:
    """The addresses of a person."""
    found = await db.execute(
        select(
            addresses.c.id,
            addresses.c.channel,
            addresses.c.address,
            addresses.c.suppressed,
            addresses.c.consented,
            addresses.c.since,
        )
        .where(addresses.c.person_id == person)
        .order_by(addresses.c.id)
    )
    return Ways(found.all())


def _state(one: Row[*tuple[Any, ...]]) -> str:
    return str(one.suppressed or ("open" if one.consented else "no consent"))


async def _alerts(db: AsyncConnection, person: UUID) -> tuple[Alert, ...]:
    """Those that are not closed, the newest first."""
    found = await db.execute(
        select(alerts.c.id, alerts.c.kind, alerts.c.state, alerts.c.created_at)
        .where(alerts.c.person_id == person, alerts.c.state != "closed")
        .order_by(alerts.c.id.desc())
    )
    return tuple(Alert(short(id_), kind, state, at) for id_, kind, state, at in found)
