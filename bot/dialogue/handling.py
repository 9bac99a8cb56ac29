"""Who answers whom, and what may rest for a while. The caller owns the transaction.

A conversation that rests comes back by itself when its time has come, and at once when they write again: nothing has to
run for that, it is how the list is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from ..roles import grants
from ..store.tables import addresses, messages, people, staff, staff_roles, threads
from .waits import waits
from .within import Reach


@dataclass(frozen=True, slots=True)
class Handled:
    """``by``: the account that answers (None: nobody's in particular), with its name. ``until``: it rests so long."""

    by: UUID | None = None
    name: str | None = None
    until: datetime | None = None


NOBODYS = Handled()


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody to whom a conversation can be handed over."""

    id: UUID
    name: str


def resting(now: datetime) -> ColumnElement[bool]:
    """Whether the conversation with a row of ``people`` rests."""
    later = (
        select(messages.c.id)
        .join(addresses, addresses.c.id == messages.c.address_id)
        .where(
            addresses.c.person_id == people.c.id,
            waits(messages),
            messages.c.created_at > threads.c.snoozed_at,
        )
        .correlate(people, threads)
        .exists()
    )
    return (
        select(threads.c.person_id)
        .where(threads.c.person_id == people.c.id, threads.c.snoozed_until > now, ~later)
        .correlate(people)
        .exists()
    )


def given_to(member: UUID | None) -> ColumnElement[bool]:
    """Whether the conversation with a row of ``people`` is this account's; None: nobody's."""
    mine = (
        select(threads.c.person_id)
        .where(
            threads.c.person_id == people.c.id,
            threads.c.assigned_to.is_not(None) if member is None else threads.c.assigned_to == member,
        )
        .correlate(people)
        .exists()
    )
    return ~mine if member is None else mine


async def handled(db: AsyncConnection, persons: list[UUID], now: datetime) -> dict[UUID, Handled]:
    """How these conversations stand; whoever is not in it is nobody's and does not rest."""
    wanted = (
        select(
            threads.c.person_id, threads.c.assigned_to, staff.c.name, threads.c.snoozed_until, resting(now)
        )
        .join(people, people.c.id == threads.c.person_id)
        .outerjoin(staff, staff.c.id == threads.c.assigned_to)
        .where(threads.c.person_id.in_(persons))
    )
    return {
        person: Handled(by, name, until if rests else None)
        for person, by, name, until, rests in await db.execute(wanted)
    }


async def assign(db: AsyncConnection, person: UUID, member: UUID | None, now: datetime) -> None:
    """From now on this account answers (None: whoever comes first)."""
    await _put(db, person, {"assigned_to": member}, now)


async def snooze(db: AsyncConnection, person: UUID, until: datetime, now: datetime) -> None:
    """Let it rest until then, or until they write again."""
    await _put(db, person, {"snoozed_at": now, "snoozed_until": until}, now)


async def wake(db: AsyncConnection, person: UUID, now: datetime) -> None:
    """It rests no more."""
    await _put(db, person, {"snoozed_at": None, "snoozed_until": None}, now)


async def colleagues(db: AsyncConnection, schools: Reach) -> list[Colleague]:
    """Who answers families of these schools (any of them; None or none: of all), by name."""
    rows = await db.execute(
        select(staff.c.id, staff.c.name, staff_roles.c.role, staff_roles.c.school)
        .join(staff_roles, staff_roles.c.staff_id == staff.c.id)
        .where(staff.c.disabled_at.is_(None))
        .order_by(staff.c.name, staff.c.id)
    )
    roles: dict[tuple[UUID, str], list[tuple[str, str | None]]] = {}
    for id_, name, role, school in rows:
        roles.setdefault((id_, name), []).append((role, school))
    found = []
    for (id_, name), pairs in roles.items():
        reach = grants(pairs).reach("staff")
        if reach is None or (schools and reach & schools):
            found.append(Colleague(id_, name))
    return found


async def names(db: AsyncConnection, emails: set[str]) -> dict[str, str]:
    """What these accounts (lower case) are called."""
    rows = await db.execute(select(staff.c.email, staff.c.name).where(staff.c.email.in_(sorted(emails))))
    return {email: name for email, name in rows}  # noqa: C416


async def _put(db: AsyncConnection, person: UUID, values: Mapping[str, Any], now: datetime) -> None:
    upsert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    changed = {**values, "changed_at": now}
    await db.execute(
        upsert(threads)
        .values(person_id=person, **changed)
        .on_conflict_do_update(index_elements=["person_id"], set_=changed)
    )
