"""One person's whole record: who they are, whom they live with, how they are reached and by what right, what they were
sent and what they said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..dialogue.understood import Understood, understood
from ..dialogue.within import Reach, within
from ..joining_people import given
from ..outreach.accounting import counted
from ..outreach.campaign_file import loads
from ..store.tables import (
    absences,
    addresses,
    alerts,
    answers,
    campaigns,
    consents,
    conversations,
    guardianships,
    list_entries,
    messages,
    people,
    recipients,
    runs,
    shared_addresses,
    students,
    surveys,
)
from .listing import Line, lines, mask

SENT = 50
"""So many messages of campaigns, and so many answers, are shown at once, the newest."""


@dataclass(frozen=True, slots=True)
class Consent:
    """One event of the ledger."""

    event: str
    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """One number with its history. ``address`` is all of it, for those who may see it."""

    id: UUID
    channel: str
    ending: str
    address: str
    state: str
    shared: bool
    since: datetime
    events: tuple[Consent, ...]


@dataclass(frozen=True, slots=True)
class Child:
    """A child, or the person's own record as a student. ``guardians``: how many others look after them."""

    id: UUID
    external_id: str
    name: str | None
    school: str | None
    relation: str | None
    attributes: Mapping[str, Any]
    removed: bool
    guardians: int
    absences: int


@dataclass(frozen=True, slots=True)
class Outreach:
    """What a campaign had for them: how it ended (``accounting.STATES``)."""

    campaign: str
    title: str
    step: int
    state: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Said:
    """One answer. ``heard`` is empty where it is of an anonymous survey and nobody may read it under a name."""

    id: UUID
    survey: UUID
    question: str
    at: datetime
    heard: str
    language: str | None
    meant: Understood | None
    anonymous: bool


@dataclass(frozen=True, slots=True)
class Record:
    """All but messages and notes, which are read page by page."""

    row: Any
    line: Line
    contacts: tuple[Contact, ...]
    children: tuple[Child, ...]
    household: tuple[Line, ...]
    lists: tuple[tuple[str, datetime], ...]
    outreach: tuple[Outreach, ...]
    open_alerts: int

    @property
    def id(self) -> UUID:
        return UUID(str(self.row.id))

    @property
    def external_id(self) -> str | None:
        return given(self.row.external_id)

    @property
    def stopped(self) -> bool:
        return any(one.state == "stopped" for one in self.contacts if not one.shared)


async def record(db: AsyncConnection, person: UUID, reach: Reach) -> Record:
    """One person. Raises LookupError where there is nobody, or nobody in reach."""
    row = (await db.execute(select(people).where(people.c.id == person, within(reach)))).first()
    if row is None:
        raise LookupError("There is nobody with this id.")
    home = select(people).where(
        people.c.household_id == row.household_id, people.c.id != person, people.c.removed_at.is_(None)
    )
    around = (await db.execute(home.where(within(reach)).order_by(people.c.id).limit(20))).all()
    on = select(list_entries.c.list, list_entries.c.seen_at).where(list_entries.c.person_id == person)
    open_ = select(func.count()).where(alerts.c.person_id == person, alerts.c.state != "closed")
    return Record(
        row=row,
        line=(await lines(db, [row]))[0],
        contacts=await contacts(db, person),
        children=await _children(db, person),
        household=tuple(await lines(db, around)),
        lists=tuple((name, at) for name, at in await db.execute(on.order_by(list_entries.c.list))),
        outreach=await outreach(db, person),
        open_alerts=int((await db.execute(open_)).scalar_one()),
    )


async def contacts(db: AsyncConnection, person: UUID) -> tuple[Contact, ...]:
    """Their numbers, their own first, each with what the ledger has of it, the oldest first."""
    through = select(shared_addresses.c.address_id).where(shared_addresses.c.person_id == person)
    rows = (
        await db.execute(
            select(addresses)
            .where((addresses.c.person_id == person) | addresses.c.id.in_(through))
            .order_by((addresses.c.person_id != person), addresses.c.id)
        )
    ).all()
    events: dict[UUID, list[Consent]] = defaultdict(list)
    ledger = (
        select(consents.c.address_id, consents.c.event, consents.c.source, consents.c.at)
        .where(consents.c.address_id.in_([row.id for row in rows]))
        .order_by(consents.c.at, consents.c.id)
    )
    for address, event, source, at in await db.execute(ledger):
        events[address].append(Consent(event, source, at))
    return tuple(
        Contact(
            id=row.id,
            channel=row.channel,
            ending=mask(row.address),
            address=row.address,
            state=row.suppressed or ("open" if row.consented else "no consent"),
            shared=row.person_id != person,
            since=row.since or row.created_at,
            events=tuple(events[row.id]),
        )
        for row in rows
    )


async def outreach(db: AsyncConnection, person: UUID, most: int = SENT) -> tuple[Outreach, ...]:
    """What campaigns had for them, the newest first."""
    found = await db.execute(
        select(
            campaigns.c.key,
            campaigns.c.text,
            campaigns.c.state.label("moves"),
            recipients.c.step,
            recipients.c.state,
            recipients.c.reason,
            messages.c.state.label("message"),
            messages.c.reason.label("why"),
            func.coalesce(messages.c.sent_at, runs.c.begins_at).label("at"),
        )
        .join(campaigns, campaigns.c.id == recipients.c.campaign_id)
        .join(runs, runs.c.id == recipients.c.run_id)
        .outerjoin(messages, messages.c.id == recipients.c.message_id)
        .where(recipients.c.person_id == person)
        .order_by(runs.c.id.desc(), recipients.c.step.desc())
        .limit(most)
    )
    rows = found.all()
    titles = {key: loads(text, key).title for key, text in {row.key: row.text for row in rows}.items()}
    return tuple(
        Outreach(
            row.key,
            titles[row.key],
            row.step,
            counted(row.state, row.reason, row.message, row.why, stopped=row.moves == "stopped"),
            row.at,
        )
        for row in rows
    )


async def said(
    db: AsyncConnection, person: UUID, reader: str, before: UUID | None = None, most: int = SENT
) -> tuple[Sequence[Said], UUID | None]:
    """What they answered, the newest first, and where the earlier ones begin (None where there are none)."""
    wanted = (
        select(answers, surveys.c.anonymous)
        .join(surveys, surveys.c.id == answers.c.survey_id)
        .join(conversations, conversations.c.id == answers.c.conversation_id)
        .where(answers.c.person_id == person)
        .order_by(answers.c.id.desc())
        .limit(most + 1)
    )
    rows = (await db.execute(wanted.where(answers.c.id < before) if before else wanted)).all()
    shown = rows[:most]
    known = await understood(
        db, [(row.heard, row.language or row.declared) for row in shown if not row.anonymous], reader
    )
    return (
        [
            Said(
                id=row.id,
                survey=row.survey_id,
                question=row.question,
                at=row.created_at,
                heard="" if row.anonymous else row.heard,
                language=row.language or row.declared,
                meant=None if row.anonymous else known.get(row.heard),
                anonymous=bool(row.anonymous),
            )
            for row in shown
        ],
        shown[-1].id if len(rows) > most else None,
    )


async def _children(db: AsyncConnection, person: UUID) -> tuple[Child, ...]:
    other = guardianships.alias("other")
    others = (
        select(func.count())
        .where(other.c.student_id == students.c.id, other.c.person_id != person)
        .correlate(students)
        .scalar_subquery()
    )
    missed = (
        select(func.count())
        .where(absences.c.student_id == students.c.id)
        .correlate(students)
        .scalar_subquery()
    )
    rows = await db.execute(
        select(students, guardianships.c.relation, others.label("others"), missed.label("missed"))
        .join(guardianships, guardianships.c.student_id == students.c.id)
        .where(guardianships.c.person_id == person)
        .order_by(students.c.id)
    )
    return tuple(
        Child(
            id=row.id,
            external_id=row.external_id,
            name=row.name,
            school=row.school,
            relation=row.relation,
            attributes=dict(row.attributes or {}),
            removed=row.removed_at is not None,
            guardians=row.others,
            absences=row.missed,
        )
        for row in rows
    )
