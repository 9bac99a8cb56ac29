"""Takes off a list whoever it has no more: on no list any more, nobody writes to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..ids import NewId
from ..store import consents as ledger
from ..store.suppression import ended, unfinished
from ..store.tables import (
    addresses,
    conversations,
    guardianships,
    list_entries,
    people,
    shared_addresses,
    students,
)
from .entering import AT_ONCE, cancel, end

MOST = 0.2
"""A list that suddenly lacks more than this share of its people is a wrong file, more likely than not."""


class Doubtful(Exception):  # noqa: N818 - it reads as what is the matter
    """A whole list that is likely not whole: what speaks against it, and how to take it all the same."""


PART = delete(guardianships).where(
    guardianships.c.person_id == bindparam("_person"), guardianships.c.student_id == bindparam("_student")
)


def check(gone: int, before: int, unread: int) -> None:
    """Raises Doubtful where too many people would go, or lines could not be read: whoever is on them would go too."""
    if unread:
        raise Doubtful(
            f"{unread} lines of the file cannot be read, so it is not known who is on them and stays. "
            "Mend the file, or say --anyway."
        )
    if gone > MOST * before:
        raise Doubtful(
            f"{gone} of the {before} people on the list are not in this file and would be taken off it. "
            "Is it the whole list? If it is, say --anyway; if not, leave out --whole-list."
        )


async def missing(db: AsyncConnection, name: str, seen: Collection[UUID]) -> tuple[set[UUID], int]:
    """Who is on the list ``name`` and was not ``seen`` in the file; and how many the list has."""
    before = set(
        (await db.execute(select(list_entries.c.person_id).where(list_entries.c.list == name))).scalars()
    )
    return before - set(seen), len(before)


async def take_off(
    db: AsyncConnection, name: str, gone: Collection[UUID], now: datetime, new_id: NewId
) -> Counter[str]:
    """Take these people off the list. Whoever is on no list then is removed: their consent ends, the ledger says so,
    and what we had begun to send them is cancelled; a number that somebody else is reached at stays theirs.

    Returns counts: ``off the list``, ``removed``, ``messages cancelled``. The caller owns the transaction.
    """
    counts: Counter[str] = Counter()
    for ids in _parts(gone):
        entries = list_entries.c.list == name, list_entries.c.person_id.in_(ids)
        counts["off the list"] += (await db.execute(delete(list_entries).where(*entries))).rowcount
        on_none = select(people.c.id).where(
            people.c.id.in_(ids),
            people.c.removed_at.is_(None),
            ~exists().where(list_entries.c.person_id == people.c.id),
        )
        removed = list((await db.execute(on_none)).scalars())
        counts["removed"] += len(removed)
        if removed:
            await db.execute(update(people).where(people.c.id.in_(removed)).values(removed_at=now))
            counts["messages cancelled"] += await _silence(db, name, removed, now, new_id)
    return counts


async def _silence(db: AsyncConnection, name: str, removed: list[UUID], now: datetime, new_id: NewId) -> int:
    sharer = people.alias("sharer")
    somebody = (
        exists()
        .where(
            shared_addresses.c.address_id == addresses.c.id,
            sharer.c.id == shared_addresses.c.person_id,
            sharer.c.removed_at.is_(None),
        )
        .correlate(addresses)
    )
    # A number whose owner is gone already may have been kept for one who shares it, and goes now.
    shared = select(shared_addresses.c.address_id).where(shared_addresses.c.person_id.in_(removed))
    owner = people.alias("owner")
    theirs = (
        select(addresses.c.id, addresses.c.consented)
        .join(owner, owner.c.id == addresses.c.person_id)
        .where(
            addresses.c.person_id.in_(removed)
            | (addresses.c.id.in_(shared) & owner.c.removed_at.is_not(None)),
            ~somebody,
        )
        .order_by(addresses.c.id)
        .with_for_update(of=addresses)
    )
    found = (await db.execute(theirs)).all()
    ids = [row.id for row in found]
    if not ids:
        return 0
    await ledger.enter(db, end([row.id for row in found if row.consented], name, now, new_id))
    await db.execute(
        update(conversations)
        .where(conversations.c.address_id.in_(ids), unfinished())
        .values(state=ended("timed_out"), due_at=None)
    )
    return await cancel(db, ids, "removed")


async def let_go(
    db: AsyncConnection,
    name: str,
    seen: Collection[UUID],
    pairs: Collection[tuple[UUID, UUID]],
    stay: Collection[UUID],
    gone: Collection[UUID],
    now: datetime,
) -> tuple[Counter[str], set[UUID]]:
    """Children whom the list has no more are removed, and who is no guardian of a child any more is not.

    ``seen`` are the list's children, ``pairs`` its (person, child), ``stay`` and ``gone`` its people. Only what no other
    list can have said is undone; a list without any children says nothing of them, but that they go with the last of
    their guardians. Returns counts (``students removed``, ``guardians parted``), and whose children have changed.
    Comes before anybody is taken off the list.
    """
    counts: Counter[str] = Counter()
    elsewhere = exists().where(
        list_entries.c.person_id == guardianships.c.person_id, list_entries.c.list != name
    )
    links = (
        await db.execute(select(guardianships.c.person_id, guardianships.c.student_id).where(~elsewhere))
    ).all()
    here, there, now_linked = {*stay, *gone}, set(seen), set(pairs)
    parted = [
        (person, student)
        for person, student in links
        if person in here and student in there and (person, student) not in now_linked
    ]
    if parted:
        await db.execute(PART, [{"_person": person, "_student": student} for person, student in parted])
    counts["guardians parted"] = len(parted)
    mine = {student for person, student in links if person in here} - there
    if not seen:
        mine -= {student for person, student in links if person not in gone}
    removed = await _only_here(db, name, mine)
    for ids in _parts(removed):
        await db.execute(update(students).where(students.c.id.in_(ids)).values(removed_at=now))
    counts["students removed"] = len(removed)
    bereft = set(removed)
    return counts, {person for person, _ in parted} | {
        person for person, student in links if student in bereft
    }


async def _only_here(db: AsyncConnection, name: str, mine: set[UUID]) -> list[UUID]:
    """Those of these children who are not removed yet, and whom no other list can have."""
    removed: list[UUID] = []
    kept = exists().where(
        guardianships.c.student_id == students.c.id,
        guardianships.c.person_id == list_entries.c.person_id,
        list_entries.c.list != name,
    )
    for ids in _parts(mine):
        found = select(students.c.id).where(students.c.id.in_(ids), students.c.removed_at.is_(None), ~kept)
        removed += (await db.execute(found)).scalars()
    return removed


def _parts(values: Iterable[UUID]) -> Iterable[list[UUID]]:
    listed = sorted(values)
    return (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))
