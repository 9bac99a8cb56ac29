"""Writes what was decided about a chunk of a list: a fixed handful of bulk statements. The caller owns the transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, and_, bindparam, case, delete, func, insert, null, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows.dispositions import OPEN

from ..ids import NewId
from ..joining_people import move
from ..outreach.first_message import BULK
from ..store import consents as ledger
from ..store.queue import QUEUED, still_open
from ..store.tables import (
    addresses,
    consents,
    conversations,
    guardianships,
    list_entries,
    messages,
    people,
    shared_addresses,
    students,
)
from ..store.types import Instant
from .deciding import Row, Work

AT_ONCE = 5_000
OWN_WORD = ("message", "provider", "another address")
"""Where a consent comes from that a person gave us, and no list."""

PERSON = (
    update(people)
    .where(people.c.id == bindparam("_id"))
    .values(
        {
            name: bindparam(name)
            for name in ("external_id", "respondent", "name", "school", "groups", "removed_at")
        }
    )
)
# The person may choose a language while we read the list: what they say themselves stays.
TRANSLATE = (
    update(people)
    .where(people.c.id == bindparam("_id"), people.c.language_by != "person")
    .values(language=bindparam("language"), language_by=bindparam("by"))
)
STUDENT = (
    update(students)
    .where(students.c.id == bindparam("_id"))
    .values({name: bindparam(name) for name in ("name", "school", "attributes")} | {"removed_at": null()})
)
HOME = update(people).where(people.c.id == bindparam("_id")).values(household_id=bindparam("home"))
MOVE = (
    update(addresses)
    .where(addresses.c.id == bindparam("_id"))
    .values(
        person_id=bindparam("person_id"),
        since=func.coalesce(bindparam("since", type_=Instant), addresses.c.since),
    )
)
# A number that has become somebody else's: no question of its last owner's waits for what the next one says, and no words of
# theirs wait to be answered there.
LET_GO = (
    update(conversations)
    .where(conversations.c.address_id == bindparam("_id"), conversations.c.state.in_([*OPEN, "paused"]))
    .values(state=case((conversations.c.state == "asked", "unreachable"), else_="partial"), due_at=null())
)
NOT_THEIRS = (
    update(messages)
    .where(messages.c.address_id == bindparam("_id"), messages.c.state.in_(["waiting", "answered"]))
    .values(state="heard")
)
NOT_SHARED = delete(shared_addresses).where(
    shared_addresses.c.person_id == bindparam("_person"),
    shared_addresses.c.address_id == bindparam("_address"),
)
RELATION = (
    update(guardianships)
    .where(
        and_(
            guardianships.c.person_id == bindparam("_person"),
            guardianships.c.student_id == bindparam("_student"),
        )
    )
    .values(relation=bindparam("relation"))
)


async def enter(db: AsyncConnection, work: Work, name: str, now: datetime, new_id: NewId) -> None:
    """Write it all; whoever is in it is on the list ``name`` from now on."""
    for table, rows in ((people, work.people), (students, work.students), (addresses, work.addresses)):
        if rows:
            await db.execute(insert(table), rows)
    for gone, stays in work.same:
        await _become(db, gone, stays, now)
    moved = sorted(work.moved, key=lambda row: str(row["_id"]))
    elsewhere = [{"_id": row["_id"]} for row in moved if row["since"] is not None]
    for statement, changed in (
        (PERSON, work.people_changed),
        (TRANSLATE, work.languages),
        (STUDENT, work.students_changed),
        (MOVE, moved),
        (LET_GO, elsewhere),
        (NOT_THEIRS, elsewhere),
        (RELATION, work.links_changed),
        (HOME, [{"_id": id_, "home": home} for id_, home in sorted(work.homes.items())]),
    ):
        if changed:
            await db.execute(statement, changed)
    await _once(db, shared_addresses, work.shared)
    if work.not_shared:
        await db.execute(NOT_SHARED, work.not_shared)
    await _once(db, guardianships, work.links)
    given_up = [id_ for id_ in work.given_up if id_ not in await _own_word(db, work.given_up)]
    ended = end(given_up, f"{name}: changed", now, new_id)
    await ledger.enter(db, [*ended, *({"id": new_id(), **row} for row in (*work.stopped, *work.granted))])
    await cancel(db, given_up, "changed")
    entries = [{"list": name, "person_id": id_, "seen_at": now} for id_ in dict.fromkeys(work.on_list)]
    upsert = _upsert(db)(list_entries)
    seen = upsert.on_conflict_do_update(
        index_elements=[list_entries.c.list, list_entries.c.person_id], set_={"seen_at": now}
    )
    if entries:
        await db.execute(seen, entries)


def end(ids: Collection[UUID], source: str, now: datetime, new_id: NewId) -> list[Row]:
    """The rows of the ledger that end consent for these addresses."""
    ended = {"event": "removed", "source": f"list: {source}"[:200], "at": now}
    return [{"id": new_id(), "address_id": id_, **ended} for id_ in sorted(ids)]


async def cancel(db: AsyncConnection, ids: Sequence[UUID], reason: str) -> int:
    """Take what we begin out of the queue for these addresses; replies still go. Returns how many messages."""
    cancelled = 0
    for start in range(0, len(ids), AT_ONCE):
        done = await db.execute(
            update(messages)
            .where(
                messages.c.address_id.in_(ids[start : start + AT_ONCE]),
                still_open(messages),
                messages.c.state == QUEUED,
                messages.c.priority >= BULK,
            )
            .values(state="cancelled", reason=reason)
        )
        cancelled += done.rowcount
    return cancelled


async def _become(db: AsyncConnection, gone: UUID, stays: UUID, now: datetime) -> None:
    """One person in two rows: addresses, children, lists and history of the one are the other's from now on."""
    await move(db, gone, stays)
    await db.execute(update(people).where(people.c.id == gone).values(removed_at=now))


async def _own_word(db: AsyncConnection, ids: Sequence[UUID]) -> set[UUID]:
    """Those of these addresses that have said themselves that we may write."""
    if not ids:
        return set()
    said = select(consents.c.address_id).where(
        consents.c.address_id.in_(ids),
        consents.c.event.in_(["granted", "restarted"]),
        consents.c.source.in_(OWN_WORD),
    )
    return set((await db.execute(said)).scalars())


async def _once(db: AsyncConnection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        await db.execute(_upsert(db)(table).on_conflict_do_nothing(), rows)


def _upsert(db: AsyncConnection) -> Any:
    return postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
