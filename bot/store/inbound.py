"""What the inbox reads, in bulk: who wrote and where they stand. ``Changes`` gathers what ``saving`` then writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows.dispositions import OPEN, Disposition

from ..ids import NewId
from . import consents, erased
from .queue import QUEUED
from .tables import addresses, conversations, keywords, messages, people, quota_fills

Row = dict[str, Any]


@dataclass(slots=True)
class Conversation:
    """Where one person stands in one survey."""

    id: UUID
    survey_id: UUID
    state: Disposition
    place: Mapping[str, Any] | None
    heard_at: datetime | None = None
    reminders: int = 0
    due_at: datetime | None = None
    pending: UUID | None = None  # its next question, queued and waiting for more words of the answer before


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
    language_by: str = "import"
    groups: Mapping[str, Any] | None = None
    conversation: Conversation | None = None  # the open one, else the latest
    paused: Conversation | None = None  # one that was put aside for another


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
    alerts: list[Row] = field(default_factory=list)
    quotas: list[Row] = field(default_factory=list)
    # More words of an answer (conversation, question, words, when to code it), and messages that wait for them.
    joined: list[tuple[UUID, str, str, datetime]] = field(default_factory=list)
    postponed: dict[UUID, datetime] = field(default_factory=dict)
    cancelled: dict[UUID, str] = field(default_factory=dict)  # messages that shall not go out, and why

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
        self.alerts += more.alerts
        self.quotas += more.quotas
        self.joined += more.joined
        self.postponed |= more.postponed
        self.cancelled |= more.cancelled


async def correspondents(
    db: AsyncConnection,
    wanted: Mapping[tuple[str, str], Row],
    now: datetime,
    new_id: NewId,
    seal: bytes = b"",
) -> dict[tuple[str, str], Correspondent]:
    """Lock and return who writes from these (channel, address) pairs; whoever is new is entered.

    ``wanted`` gives for each pair what to assume of somebody new: ``respondent`` and ``language``. The lock on the
    address puts two deliveries of one message, or two messages of one person, in a line. With ``seal`` whoever had asked
    us to stop before they were erased has still asked us to.
    """
    found = await _lock(db, wanted)
    missing = [pair for pair in wanted if pair not in found]
    if missing:
        stopped = await erased.among(db, seal, missing) if seal else set()
        await _enter(db, {pair: wanted[pair] for pair in missing}, stopped, now, new_id)
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
            conversations.c.reminders,
        )
        .join(addresses, addresses.c.id == conversations.c.address_id)
        .where(
            conversations.c.address_id.in_(list(by_address)),
            # What somebody was asked at this number who has it no more is not theirs to answer who has it now.
            or_(addresses.c.since.is_(None), conversations.c.started_at >= addresses.c.since),
        )
        .order_by(conversations.c.id)
    )
    for id_, address_id, survey_id, state, place, heard_at, reminders in rows:
        who, found_here = (
            by_address[address_id],
            Conversation(id_, survey_id, state, place, heard_at, reminders),
        )
        if state == "paused":
            who.paused = found_here
        elif who.conversation is None or who.conversation.state not in OPEN:
            who.conversation = found_here
    for who in by_address.values():
        who.conversation, who.paused = (
            who.conversation or who.paused,
            who.paused if who.conversation else None,
        )
    return found


async def free(db: AsyncConnection, wanted: Collection[UUID]) -> list[UUID]:
    """Lock those of these addresses that nobody else holds just now, in the order in which ``correspondents`` locks."""
    if not wanted:
        return []
    locked = (
        select(addresses.c.id)
        .where(addresses.c.id.in_(wanted))
        .order_by(addresses.c.id)
        .with_for_update(skip_locked=True)
    )
    return list((await db.execute(locked)).scalars())


async def pending(db: AsyncConnection, waiting: Iterable[Conversation]) -> None:
    """Note with these conversations the next question that is queued for later and has not gone out.

    Only a question waits for more words: the row of any other reply is due when it is made.
    """
    by_id = {conversation.id: conversation for conversation in waiting}
    if not by_id:
        return
    rows = await db.execute(
        select(messages.c.id, messages.c.conversation_id).where(
            messages.c.conversation_id.in_(list(by_id)),
            messages.c.state == QUEUED,
            messages.c.purpose == "reply",
            messages.c.attempts == 0,
            messages.c.due_at > messages.c.created_at,
        )
    )
    for id_, conversation_id in rows:
        by_id[conversation_id].pending = id_


async def after_campaign(db: AsyncConnection, addresses: Collection[UUID]) -> set[UUID]:
    """Of these addresses those to which the last that went out was a campaign's message, or a reply by staff, and no
    survey's question."""
    if not addresses:
        return set()
    question = messages.alias("question")
    asked_since = (
        select(question.c.id)
        .where(
            question.c.address_id == messages.c.address_id,
            question.c.id > messages.c.id,
            question.c.conversation_id.is_not(None),
            question.c.sent_at.is_not(None),
        )
        .exists()
    )
    rows = await db.execute(
        select(messages.c.address_id).where(
            messages.c.address_id.in_(list(addresses)),
            or_(messages.c.campaign_id.is_not(None), messages.c.purpose == "staff"),
            messages.c.conversation_id.is_(None),
            messages.c.sent_at.is_not(None),
            ~asked_since,
        )
    )
    return set(rows.scalars())


async def surveys_of(db: AsyncConnection, words: Collection[str]) -> dict[str, UUID]:
    """The surveys that these keywords start."""
    if not words:
        return {}
    rows = await db.execute(
        select(keywords.c.keyword, keywords.c.survey_id).where(keywords.c.keyword.in_(list(words)))
    )
    return {row.keyword: row.survey_id for row in rows}


async def fills(db: AsyncConnection, survey: str) -> dict[str, int]:
    """How many have come to count for each of a survey's quotas, over all its versions."""
    rows = await db.execute(
        select(quota_fills.c.quota, func.count().label("total"))
        .where(quota_fills.c.survey == survey)
        .group_by(quota_fills.c.quota)
    )
    return {row.quota: row.total for row in rows}


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
            people.c.language_by,
            people.c.groups,
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
    db: AsyncConnection,
    wanted: Mapping[tuple[str, str], Row],
    stopped: Collection[tuple[str, str]],
    now: datetime,
    new_id: NewId,
) -> None:
    upsert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    for (channel, address), assumed in sorted(wanted.items()):
        person_id = new_id()
        await db.execute(
            insert(people).values(id=person_id, language_by="guess", groups={}, created_at=now, **assumed)
        )
        taken = await db.execute(
            upsert(addresses)
            .values(
                id=new_id(),
                person_id=person_id,
                channel=channel,
                address=address,
                suppressed="stopped" if (channel, address) in stopped else None,
                created_at=now,
            )
            .on_conflict_do_nothing()
            .returning(addresses.c.id)
        )
        entered = taken.scalar()
        if entered is not None and (channel, address) in stopped:
            before = {"event": "stopped", "source": erased.SOURCE, "at": now}
            await consents.enter(db, [{"id": new_id(), "address_id": entered, **before}])
        if entered is None:  # somebody else has just entered this address
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
