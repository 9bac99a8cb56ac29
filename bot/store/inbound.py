"""What the inbox reads and writes, in bulk: a fixed handful of statements however many messages arrive together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from ..ids import NewId
from .queue import QUEUED, still_open
from .tables import addresses, answers, consents, conversations, messages, people

Row = dict[str, Any]


@dataclass(slots=True)
class Conversation:
    """Where one person stands in one survey."""

    id: UUID
    survey_id: UUID
    state: str
    place: Mapping[str, Any] | None
    heard_at: datetime | None = None


@dataclass(slots=True)
class Correspondent:
    """One address and the person behind it, as this transaction sees and changes them."""

    address_id: UUID
    person_id: UUID
    channel: str
    address: str
    suppressed: str | None
    language: str
    respondent: str
    school: str | None
    conversation: Conversation | None = None  # the open one, else the latest


@dataclass(slots=True)
class Changes:
    """All that a transaction will write, gathered while messages are understood one after another."""

    messages: list[Row] = field(default_factory=list)
    answers: list[Row] = field(default_factory=list)
    consents: list[Row] = field(default_factory=list)
    begun: list[Row] = field(default_factory=list)
    moved: dict[UUID, Row] = field(default_factory=dict)
    suppressed: dict[UUID, str | None] = field(default_factory=dict)
    languages: dict[UUID, str] = field(default_factory=dict)
    silenced: set[UUID] = field(default_factory=set)  # people whose queued messages are cancelled

    def add(self, more: Changes) -> None:
        """Take over what follows from one more message."""
        self.messages += more.messages
        self.answers += more.answers
        self.consents += more.consents
        self.begun += more.begun
        self.moved |= more.moved
        self.suppressed |= more.suppressed
        self.languages |= more.languages
        self.silenced |= more.silenced


async def correspondents(
    db: AsyncConnection, wanted: Mapping[tuple[str, str], Row], now: datetime, new_id: NewId
) -> dict[tuple[str, str], Correspondent]:
    """Lock and return who writes from these (channel, address) pairs; whoever is new is entered.

    ``wanted`` gives for each pair what to assume of somebody new: ``respondent`` and ``language``. The lock on the
    address puts two deliveries of one message, or two messages of one person, in a line.
    """
    found = await _lock(db, wanted)
    missing = [pair for pair in wanted if pair not in found]
    if missing:
        await _enter(db, {pair: wanted[pair] for pair in missing}, now, new_id)
        found |= await _lock(db, missing)
    by_address = {c.address_id: c for c in found.values()}
    rows = await db.execute(
        select(
            conversations.c.id,
            conversations.c.address_id,
            conversations.c.survey_id,
            conversations.c.state,
            conversations.c.place,
            conversations.c.heard_at,
        )
        .where(conversations.c.address_id.in_(list(by_address)))
        .order_by(conversations.c.id)
    )
    for id_, address_id, survey_id, state, place, heard_at in rows:
        who = by_address[address_id]
        if who.conversation is None or who.conversation.state != "open":
            who.conversation = Conversation(id_, survey_id, state, place, heard_at)
    return found


async def _lock(
    db: AsyncConnection, pairs: Collection[tuple[str, str]]
) -> dict[tuple[str, str], Correspondent]:
    rows = await db.execute(
        select(
            addresses.c.id,
            addresses.c.person_id,
            addresses.c.channel,
            addresses.c.address,
            addresses.c.suppressed,
            people.c.language,
            people.c.respondent,
            people.c.school,
        )
        .join(people, people.c.id == addresses.c.person_id)
        .where(_among(addresses.c.channel, addresses.c.address, pairs))
        .order_by(addresses.c.id)
        .with_for_update(of=addresses)
    )
    return {(row.channel, row.address): Correspondent(*row) for row in rows}


def _among(
    channel: ColumnElement[str], value: ColumnElement[str], pairs: Collection[tuple[str, str]]
) -> ColumnElement[bool]:
    """(channel, value) is one of these pairs. SQLite reads a whole table for a list of pairs; for this, an index."""
    by_channel: dict[str, list[str]] = {}
    for name, one in pairs:
        by_channel.setdefault(name, []).append(one)
    return or_(*(and_(channel == name, value.in_(some)) for name, some in by_channel.items()))


async def _enter(
    db: AsyncConnection, wanted: Mapping[tuple[str, str], Row], now: datetime, new_id: NewId
) -> None:
    upsert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    for (channel, address), assumed in sorted(wanted.items()):
        person_id = new_id()
        await db.execute(
            insert(people).values(id=person_id, language_by="guess", groups={}, created_at=now, **assumed)
        )
        taken = await db.execute(
            upsert(addresses)
            .values(id=new_id(), person_id=person_id, channel=channel, address=address, created_at=now)
            .on_conflict_do_nothing()
            .returning(addresses.c.id)
        )
        if taken.first() is None:  # somebody else has just entered this address
            await db.execute(people.delete().where(people.c.id == person_id))


async def already_heard(db: AsyncConnection, keys: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of these (channel, provider id) have been stored before. Safe under the address lock."""
    rows = await db.execute(
        select(messages.c.channel, messages.c.provider_id).where(
            messages.c.direction == "in",
            _among(messages.c.channel, messages.c.provider_id, keys),
        )
    )
    return {(channel, provider_id) for channel, provider_id in rows}


MOVE = (
    update(conversations)
    .where(conversations.c.id == bindparam("_id"))
    .values(state=bindparam("state"), place=bindparam("place"), heard_at=bindparam("heard_at"))
)


async def save(db: AsyncConnection, changes: Changes, now: datetime, new_id: NewId) -> None:
    """Write everything at once. The caller owns the transaction."""
    if changes.silenced:
        await silence(db, changes.silenced)
    if changes.begun:
        await db.execute(insert(conversations), changes.begun)
    if changes.messages:
        await db.execute(insert(messages), changes.messages)
    if changes.answers:
        await db.execute(insert(answers), changes.answers)
    if changes.consents:
        await db.execute(insert(consents), [{"id": new_id(), "at": now, **row} for row in changes.consents])
    if changes.moved:
        await db.execute(MOVE, [{"_id": id_, **row} for id_, row in changes.moved.items()])
    for address_id, suppressed in changes.suppressed.items():
        await db.execute(update(addresses).where(addresses.c.id == address_id).values(suppressed=suppressed))
    for person_id, language in changes.languages.items():
        await db.execute(
            update(people).where(people.c.id == person_id).values(language=language, language_by="person")
        )


async def silence(db: AsyncConnection, persons: Iterable[UUID]) -> None:
    """Nothing that is queued for these people goes out, on any of their addresses."""
    theirs = select(addresses.c.id).where(addresses.c.person_id.in_(list(persons)))
    await db.execute(
        update(messages)
        .where(
            still_open(messages),
            messages.c.state == QUEUED,
            messages.c.purpose != "farewell",
            messages.c.address_id.in_(theirs),
        )
        .values(state="cancelled", reason="stopped")
    )
