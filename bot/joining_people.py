"""Two records that are one person become one; people are put into one household, or into two. It cannot be undone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, Table, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from . import audit
from .app import App
from .store.suppression import stop_elsewhere
from .store.tables import (
    addresses,
    alerts,
    answers,
    conversations,
    guardianships,
    list_entries,
    messages,
    notes,
    people,
    recipients,
    shared_addresses,
    threads,
)

CHOICES = ("name", "language", "school", "respondent", "external_id")
"""What the two records may say differently, and somebody chooses."""
OURS = ("people:", "answers:", "demo:", "sample:", "erased:", "joined:")
"""How ids begin that no other system gave."""


class NotOne(Exception):  # noqa: N818 - it reads as what is the matter
    """These two cannot be made one; the text says why."""


@dataclass(frozen=True, slots=True)
class Joining:
    """What comes with the record that goes. ``differ`` are the values of which one has to be chosen."""

    stays: Row[Any]
    gone: Row[Any]
    differ: tuple[str, ...]
    counts: dict[str, int]
    stopped: bool


async def look(db: AsyncConnection, stays: UUID, gone: UUID) -> Joining:
    """Find out what joining takes over. Raises LookupError, and NotOne for one and the same record."""
    if stays == gone:
        raise NotOne("These are one record already.")
    found = {row.id: row for row in await db.execute(select(people).where(people.c.id.in_([stays, gone])))}
    if len(found) < 2:
        raise LookupError("There is nobody with this id.")
    one, other = found[stays], found[gone]
    mine = select(addresses.c.id).where(addresses.c.person_id == gone)
    counts = {
        table.name: await _count(db, table, table.c.person_id == gone)
        for table in (addresses, conversations, answers, guardianships, list_entries, notes, recipients)
    }
    counts["messages"] = await _count(db, messages, messages.c.address_id.in_(mine))
    both = addresses.c.person_id.in_([stays, gone]), addresses.c.suppressed == "stopped"
    return Joining(
        one,
        other,
        tuple(what for what in CHOICES if _differ(what, one, other)),
        counts,
        await _count(db, addresses, *both) > 0,
    )


async def join(app: App, stays: UUID, gone: UUID, by: UUID | None, chosen: Collection[str] = ()) -> Joining:
    """Make one record of two. ``chosen`` names the values that are taken from the one that goes (``CHOICES``); of the
    others the staying record's hold, and where it has none, the other's.

    Addresses with their consents, conversations, answers with all that was made of them, recipients, notes, children and
    lists move. A STOP of either is a STOP of the one. Raises LookupError, NotOne.
    """
    now = app.clock()
    async with app.database.begin() as db:
        whose = addresses.c.person_id.in_([stays, gone])
        # Locked as the inbox locks them: whoever is writing just now is waited for.
        await db.execute(select(addresses.c.id).where(whose).order_by(addresses.c.id).with_for_update())
        joining = await look(db, stays, gone)
        one, other = joining.stays, joining.gone
        await move(db, gone, stays)
        left = await _recipients(db, gone, stays)
        await _threads(db, gone, stays, now)
        await _at_home(db, one, other)
        if left:
            shell: dict[str, Any] = {
                "name": None,
                "school": None,
                "groups": {},
                "household_id": gone,
                "removed_at": now,
            }
            veil = f"joined:{uuid4().hex}"
            await db.execute(update(people).where(people.c.id == gone).values(external_id=veil, **shell))
        else:
            await db.execute(delete(people).where(people.c.id == gone))
        await db.execute(update(people).where(people.c.id == stays).values(**_values(one, other, chosen)))
        await _stop(db, app, stays, now)
        counts = {what: count for what, count in joining.counts.items() if count}
        await audit.record(db, now, by, "person.merge", stays, **counts)
    return joining


async def move(db: AsyncConnection, gone: UUID, stays: UUID) -> None:
    """Addresses, history, children, lists and notes of the one are the other's from now on."""
    for table in (addresses, conversations, answers, alerts, notes):
        await db.execute(update(table).where(table.c.person_id == gone).values(person_id=stays))
    for table, key in (
        (shared_addresses, "address_id"),
        (guardianships, "student_id"),
        (list_entries, "list"),
    ):
        await _once(db, table, key, gone, stays)
    own = select(addresses.c.id).where(addresses.c.person_id == stays)
    theirs = shared_addresses.c.person_id == stays, shared_addresses.c.address_id.in_(own)
    await db.execute(delete(shared_addresses).where(*theirs))


async def put_together(app: App, person: UUID, other: UUID, by: UUID | None) -> None:
    """From now on these two, and whoever lives with either, are one household. Raises LookupError."""
    async with app.database.begin() as db:
        homes = {row.id: row.home for row in await db.execute(_homes([person, other]))}
        if len(homes) < 2:
            raise LookupError("There is nobody with this id.")
        await _settle(db, list(homes.values()))
        await audit.record(db, app.clock(), by, "household.join", person)


async def take_apart(app: App, person: UUID, by: UUID | None) -> None:
    """From now on they are a household of their own. Raises LookupError."""
    async with app.database.begin() as db:
        homes = {row.id: row.home for row in await db.execute(_homes([person]))}
        if not homes:
            raise LookupError("There is nobody with this id.")
        await db.execute(update(people).where(people.c.id == person).values(household_id=uuid4()))
        await _settle(db, [homes[person]])
        await db.execute(update(people).where(people.c.id == person).values(household_id=person))
        await audit.record(db, app.clock(), by, "household.part", person)


def given(external_id: str | None) -> str | None:
    """The id that another system has for somebody; None where there is none, or it is our own."""
    return None if external_id is None or external_id.startswith(OURS) else external_id


def _differ(what: str, one: Row[Any], other: Row[Any]) -> bool:
    first, second = getattr(one, what), getattr(other, what)
    if what == "external_id":
        first, second = given(first), given(second)
    return bool(first and second and first != second)


def _values(one: Row[Any], other: Row[Any], chosen: Collection[str]) -> Mapping[str, Any]:
    values: dict[str, Any] = {}
    for what in CHOICES:
        first, second = (other, one) if what in chosen else (one, other)
        values[what] = getattr(first, what) or getattr(second, what)
        if what == "language":
            values["language_by"] = first.language_by
    if given(values["external_id"]) is None:
        values["external_id"] = given(one.external_id) or given(other.external_id) or values["external_id"]
    values["groups"] = {**(other.groups or {}), **{k: v for k, v in (one.groups or {}).items() if v}}
    values["removed_at"] = None if None in (one.removed_at, other.removed_at) else one.removed_at
    values["created_at"] = min(one.created_at, other.created_at)
    return values


async def _once(db: AsyncConnection, table: Table, key: str, gone: UUID, stays: UUID) -> None:
    """Move the rows of one to the other, but for those that the other has as well."""
    there = set((await db.execute(select(table.c[key]).where(table.c.person_id == stays))).scalars())
    rows = (await db.execute(select(table).where(table.c.person_id == gone))).mappings().all()
    await db.execute(delete(table).where(table.c.person_id == gone))
    if new := [{**row, "person_id": stays} for row in rows if row[key] not in there]:
        await db.execute(insert(table), new)


async def _recipients(db: AsyncConnection, gone: UUID, stays: UUID) -> int:
    """What they were sent, but for runs that had both: an account counts everybody once, and they were two then.

    Returns how many stay with the record that goes.
    """
    mine, theirs = recipients.alias("mine"), recipients.c.person_id == gone
    both = (
        select(mine.c.run_id)
        .where(
            mine.c.person_id == stays, mine.c.run_id == recipients.c.run_id, mine.c.step == recipients.c.step
        )
        .exists()
    )
    await db.execute(update(recipients).where(theirs, ~both).values(person_id=stays))
    return await _count(db, recipients, theirs)


async def _threads(db: AsyncConnection, gone: UUID, stays: UUID, now: datetime) -> None:
    theirs = threads.c.person_id == gone
    both = select(threads.c.person_id).where(threads.c.person_id == stays)
    if (await db.execute(both)).first() is None:
        await db.execute(update(threads).where(theirs).values(person_id=stays))
        return
    whose = (await db.execute(select(threads.c.assigned_to).where(theirs))).scalar()
    await db.execute(delete(threads).where(theirs))
    nobody = threads.c.person_id == stays, threads.c.assigned_to.is_(None)
    await db.execute(update(threads).where(*nobody).values(assigned_to=whose, changed_at=now))


async def _at_home(db: AsyncConnection, one: Row[Any], other: Row[Any]) -> None:
    """Whoever lives with one lives with the other."""
    await db.execute(update(people).where(people.c.id == other.id).values(household_id=uuid4()))
    await _settle(db, [one.household_id or one.id, other.household_id or other.id])


async def _settle(db: AsyncConnection, homes: Collection[UUID]) -> None:
    """Those of these households become one, called by the first of its people."""
    here = people.c.household_id.in_(set(homes))
    first = (await db.execute(select(people.c.id).where(here).order_by(people.c.id).limit(1))).scalar()
    if first is not None:
        await db.execute(update(people).where(here).values(household_id=first))


async def _stop(db: AsyncConnection, app: App, person: UUID, now: datetime) -> None:
    mine = select(addresses.c.id, addresses.c.suppressed).where(addresses.c.person_id == person)
    rows = (await db.execute(mine.order_by(addresses.c.id))).all()
    stopped = [row.id for row in rows if row.suppressed == "stopped"]
    if stopped and len(stopped) < len(rows):
        await stop_elsewhere(db, stopped[0], now, app.new_id)


def _homes(ids: Collection[UUID]) -> Any:
    return select(people.c.id, func.coalesce(people.c.household_id, people.c.id).label("home")).where(
        people.c.id.in_(ids)
    )


async def _count(db: AsyncConnection, table: Table, *where: Any) -> int:
    return int((await db.execute(select(func.count()).select_from(table).where(*where))).scalar_one())
