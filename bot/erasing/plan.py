"""What belongs to a person and to nobody else: found before anything goes, told to whoever decides. Looks only."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..store.tables import (
    absences,
    addresses,
    alerts,
    answers,
    codings,
    conversations,
    duties,
    guardianships,
    list_entries,
    messages,
    notes,
    people,
    readings,
    recipients,
    shared_addresses,
)

AT_ONCE = 500


class Blocked(Exception):  # noqa: N818 - it reads as what is the matter
    """They cannot be erased now; the text says what has to be done first."""


@dataclass(frozen=True, slots=True, repr=False)
class Number:
    """One of their own addresses, and what becomes of it.

    ``heir`` is somebody else who is reached there: the number is theirs from now on. ``other`` is somebody else whose
    messages went there once: the row stays for these, without the number. With neither it goes.
    """

    id: UUID
    channel: str
    address: str
    suppressed: str | None
    heir: UUID | None = None
    other: UUID | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Plan:
    """All that goes, by id. ``counts`` has it in numbers, by what it is; ``alerts`` are those that nobody has closed."""

    person: UUID
    numbers: tuple[Number, ...]
    children: tuple[UUID, ...]
    children_staying: int
    conversations: tuple[UUID, ...]
    messages: tuple[UUID, ...]
    answers: tuple[UUID, ...]
    anonymous: int
    recipients: int
    open_alerts: int
    open_duties: int
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def stopped(self) -> bool:
        """Whether a STOP is kept, as a digest."""
        return any(one.suppressed == "stopped" and one.heir is None for one in self.numbers)

    @property
    def shared(self) -> int:
        """How many of their numbers stay, because somebody else is reached there."""
        return sum(one.heir is not None for one in self.numbers)


async def look(db: AsyncConnection, person: UUID) -> Plan:
    """Find out what erasing this person takes with it. Raises LookupError where there is nobody."""
    if (await db.execute(select(people.c.id).where(people.c.id == person))).first() is None:
        raise LookupError("There is nobody with this id.")
    talks = await _ids(db, select(conversations.c.id).where(conversations.c.person_id == person))
    numbers = await _numbers(db, person)
    said = await _ids(db, select(answers.c.id).where(answers.c.person_id == person))
    said = sorted({*said, *await _within(db, answers.c.id, answers.c.conversation_id, talks)})
    sent = await _messages(db, person, [one.id for one in numbers], talks)
    children, staying = await _children(db, person)
    open_alerts = await _open_alerts(db, person, sent)
    open_duties = sum([await _sum(db, duties, some, duties.c.state != "closed") for some in parts(said)])
    cut = conversations.c.person_id == person, conversations.c.state == "cut"
    plan = Plan(
        person=person,
        numbers=tuple(numbers),
        children=tuple(children),
        children_staying=staying,
        conversations=tuple(talks),
        messages=tuple(sent),
        answers=tuple(said),
        anonymous=await _count(db, conversations, *cut),
        recipients=await _count(db, recipients, recipients.c.person_id == person),
        open_alerts=open_alerts,
        open_duties=open_duties,
    )
    counted = {
        "numbers": sum(one.heir is None for one in numbers),
        "children": len(children),
        "conversations": len(talks),
        "messages": len(sent),
        "answers": len(said),
        "codings": sum([await _sum(db, codings, some) for some in parts(said)]),
        "readings": sum([await _sum(db, readings, some) for some in parts(said)]),
        "duties": sum([await _sum(db, duties, some) for some in parts(said)]),
        "alerts": await _count(db, alerts, alerts.c.person_id == person),
        "notes": await _count(db, notes, notes.c.person_id == person),
        "lists": await _count(db, list_entries, list_entries.c.person_id == person),
        "absences": sum([await _sum(db, absences, some, column="student_id") for some in parts(children)]),
    }
    plan.counts.update(counted)
    return plan


async def _numbers(db: AsyncConnection, person: UUID) -> list[Number]:
    """Their own addresses, locked in the order in which everybody locks them."""
    own = select(addresses).where(addresses.c.person_id == person).order_by(addresses.c.id)
    found = []
    for row in (await db.execute(own.with_for_update())).all():
        sharing = (
            select(shared_addresses.c.person_id)
            .join(people, people.c.id == shared_addresses.c.person_id)
            .where(shared_addresses.c.address_id == row.id, shared_addresses.c.person_id != person)
            .order_by(people.c.removed_at.is_not(None), shared_addresses.c.person_id)
            .limit(1)
        )
        heir = (await db.execute(sharing)).scalar()
        other = None if heir else await _other(db, person, row.id)
        found.append(Number(row.id, row.channel, row.address, row.suppressed, heir, other))
    return found


async def _other(db: AsyncConnection, person: UUID, address: UUID) -> UUID | None:
    """Somebody else who was asked or written to at this number."""
    for table, column in (
        (conversations, conversations.c.address_id),
        (recipients, recipients.c.address_id),
    ):
        wanted = select(table.c.person_id).where(column == address, table.c.person_id != person).limit(1)
        if (found := (await db.execute(wanted)).scalar()) is not None:
            return UUID(str(found))
    theirs = (
        select(alerts.c.person_id)
        .join(messages, messages.c.id == alerts.c.message_id)
        .where(messages.c.address_id == address, alerts.c.person_id != person)
    )
    return (await db.execute(theirs.limit(1))).scalar()


async def _messages(
    db: AsyncConnection, person: UUID, own: Collection[UUID], talks: Collection[UUID]
) -> list[UUID]:
    """Theirs: in their conversations, or at their addresses and not somebody else's."""
    talk = conversations.alias("talk")
    elses: ColumnElement[bool] = or_(
        exists().where(talk.c.id == messages.c.conversation_id, talk.c.person_id != person),
        exists().where(recipients.c.message_id == messages.c.id, recipients.c.person_id != person),
        exists().where(alerts.c.message_id == messages.c.id, alerts.c.person_id != person),
    )
    found: set[UUID] = set()
    for some in parts(own):
        at = select(messages.c.id).where(and_(messages.c.address_id.in_(some), ~elses))
        found |= set((await db.execute(at)).scalars())
    found |= set(await _within(db, messages.c.id, messages.c.conversation_id, talks))
    told = select(recipients.c.message_id).where(
        recipients.c.person_id == person, recipients.c.message_id.is_not(None)
    )
    return sorted(found | set((await db.execute(told)).scalars()))


async def _open_alerts(db: AsyncConnection, person: UUID, sent: Collection[UUID]) -> int:
    """Theirs, and those of their messages that count as another's, whose number it was."""
    about = alerts.c.state != "closed"
    found = set(await _ids(db, select(alerts.c.id).where(alerts.c.person_id == person, about)))
    for some in parts(sent):
        found |= set(await _ids(db, select(alerts.c.id).where(alerts.c.message_id.in_(some), about)))
    return len(found)


async def _children(db: AsyncConnection, person: UUID) -> tuple[list[UUID], int]:
    """Children whom nobody else has, and how many others there are."""
    other = guardianships.alias("other")
    elses = exists().where(other.c.student_id == guardianships.c.student_id, other.c.person_id != person)
    mine = guardianships.c.person_id == person
    alone = await _ids(db, select(guardianships.c.student_id).where(mine, ~elses))
    return alone, await _count(db, guardianships, mine, elses)


async def _ids(db: AsyncConnection, wanted: Any) -> list[UUID]:
    return sorted((await db.execute(wanted)).scalars())


async def _within(db: AsyncConnection, wanted: Any, column: Any, ids: Collection[UUID]) -> list[UUID]:
    found: list[UUID] = []
    for some in parts(ids):
        found += (await db.execute(select(wanted).where(column.in_(some)))).scalars()
    return found


async def _count(db: AsyncConnection, table: Any, *where: ColumnElement[bool]) -> int:
    return int((await db.execute(select(func.count()).select_from(table).where(*where))).scalar_one())


async def _sum(
    db: AsyncConnection, table: Any, ids: list[UUID], *where: ColumnElement[bool], column: str = "answer_id"
) -> int:
    return await _count(db, table, table.c[column].in_(ids), *where)


def parts(ids: Iterable[UUID]) -> Iterable[list[UUID]]:
    """The ids in lots that one statement takes."""
    listed = sorted(ids)
    return (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))
