"""Puts recipients' messages into the queue, a few hundred at a time, just ahead of the senders.

So little of a campaign is ever in the queue that it can be stopped at once, that an opt-out, a correction or a change
of hours is still in time, and that what is said of a person is true when it is sent. One transaction a batch: a worker
that dies in the middle has staged nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, bindparam, func, insert, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..ids import NewId
from ..shelf import Shelf
from ..store.database import by_keys
from ..store.queue import QUEUED
from ..store.readers import Known, readers
from ..store.tables import (
    addresses,
    campaigns,
    conversations,
    guardianships,
    messages,
    recipients,
    runs,
    shared_addresses,
    students,
)
from ..turns import Desk
from . import anchors, audience
from .calendars import Calendars
from .campaign import Campaign
from .caps import Caps, had
from .deciding import Decider, Facts, Send, Skip, Wait
from .first_message import BULK, asked
from .putting_back import in_danger

WAITING: ColumnElement[str] = literal_column("'waiting'")
"""A literal, not a bound value: in the words of the index ``recipients_waiting``."""
BATCH = 250
"""Recipients in one transaction."""

DONE = (
    update(recipients)
    .where(
        recipients.c.run_id == bindparam("_run"),
        recipients.c.step == bindparam("_step"),
        recipients.c.person_id == bindparam("_person"),
    )
    .values(
        state=bindparam("state"),
        reason=bindparam("reason"),
        variant=bindparam("variant"),
        message_id=bindparam("message_id"),
        due_at=bindparam("due_at"),
    )
)


@dataclass(frozen=True, slots=True)
class Stage:
    """What staging needs of the service, at one moment."""

    desk: Desk
    shelf: Shelf
    calendars: Calendars
    caps: Caps
    now: datetime
    new_id: NewId


async def depth(db: AsyncConnection, channel: str, most: int) -> int:
    """How many bulk messages wait in the queue of a channel, counted up to ``most``."""
    waiting = (
        select(messages.c.id)
        .where(messages.c.state == QUEUED, messages.c.channel == channel, messages.c.priority == BULK)
        .limit(most)
        .subquery()
    )
    return int((await db.execute(select(func.count()).select_from(waiting))).scalar_one())


async def stage(
    db: AsyncConnection, given: Stage, run: Row[*tuple[Any, ...]], campaign: Campaign, channel: str, most: int
) -> Counter[str]:
    """Decide up to ``most`` recipients of one run who are due on one channel. Returns how many were ``queued``,
    ``skipped``, ``later``. The caller owns the transaction, and rouses the senders."""
    counted: Counter[str] = Counter()
    # Shared: several workers stage at once, and whoever pauses or stops the campaign waits for them, and they for it.
    going = select(campaigns.c.state).where(campaigns.c.id == run.campaign_id).with_for_update(read=True)
    if (await db.execute(going)).scalar() != "scheduled":
        return counted
    await by_keys(db)
    rows = await _due(db, run.id, channel, given.now, most)
    locked = await _locked(db, [row.address_id for row in rows])
    rows = [
        row for row in rows if row.address_id in locked
    ]  # whoever writes to us just now is left for the next time
    for step in sorted({row.step for row in rows}):
        mine = [row for row in rows if row.step == step]
        decide, facts = await _gather(db, given, run, campaign, step, mine, locked)
        decisions = [decide(each) for each in facts]
        results = [_result(row, decision) for row, decision in zip(mine, decisions, strict=True)]
        counted.update({"waiting": "later"}.get(one["state"], one["state"]) for one in results)
        # At once, so that the step after it sees what this one has begun.
        await _write(db, run.id, [one for one in decisions if isinstance(one, Send)], results)
    return counted


async def _write(
    db: AsyncConnection, run_id: UUID, queued: Sequence[Send], results: Sequence[dict[str, Any]]
) -> None:
    if opened := [send.conversation for send in queued if send.conversation is not None]:
        await db.execute(insert(conversations), opened)
    if queued:
        await db.execute(insert(messages), [send.message for send in queued])
        await db.execute(update(runs).where(runs.c.id == run_id).values(staged=runs.c.staged + len(queued)))
    await db.execute(DONE, results)


async def _due(
    db: AsyncConnection, run_id: UUID, channel: str, now: datetime, most: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    wanted = (
        select(recipients.c.step, recipients.c.person_id, recipients.c.address_id, recipients.c.occasion,
               recipients.c.run_id)
        .where(recipients.c.run_id == run_id, recipients.c.state == WAITING, recipients.c.channel == channel,
               recipients.c.due_at <= now)
        .order_by(recipients.c.due_at, recipients.c.person_id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )  # fmt: skip
    return (await db.execute(wanted)).all()


async def _locked(db: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, Row[*tuple[Any, ...]]]:
    """Those of these addresses that nobody else holds; a STOP that comes in now waits for us, and we for it."""
    if not ids:
        return {}
    wanted = (
        select(addresses.c.id, addresses.c.person_id, addresses.c.channel, addresses.c.address, addresses.c.suppressed,
               addresses.c.consented)
        .where(addresses.c.id.in_(ids))
        .order_by(addresses.c.id)
        .with_for_update(skip_locked=True, key_share=True)
    )  # fmt: skip
    return {row.id: row for row in await db.execute(wanted)}


async def _gather(
    db: AsyncConnection, given: Stage, run: Row[*tuple[Any, ...]], campaign: Campaign, step: int,
    rows: Sequence[Row[*tuple[Any, ...]]], locked: dict[UUID, Row[*tuple[Any, ...]]],
) -> tuple[Decider, list[Facts]]:  # fmt: skip
    """All that is asked of the store for these recipients of one step, in a handful of statements."""
    persons = [row.person_id for row in rows]
    zone = given.calendars.other.zone
    meant = audience.children(audience.parse(run.audience), run.begins_at, zone=zone)
    known = await readers(db, persons, meant)
    today = run.begins_at.astimezone(zone).date()
    days = {row.person_id: _day(row.occasion, today) for row in rows}
    absence = campaign.when.kind == "date" and campaign.when.of == anchors.ABSENCE
    if absence:
        known = await _absent(db, known, days)
    said = campaign.steps[step]
    survey = await given.shelf.latest(db, said.survey) if said.survey else None
    done, busy = set[UUID](), set[UUID]()
    if survey is not None:
        done, _, busy = await asked(db, survey[1].key, persons, locked)
    replied = await _replied(db, rows, run.begins_at) if "replied" in said.unless else set[UUID]()
    decider = Decider(
        campaign,
        run.campaign_id,
        step,
        run.occasion,
        run.begins_at,
        given.now,
        given.desk,
        given.calendars,
        await had(db, {row.person_id: row.address_id for row in rows}, given.caps, given.now),
        survey,
    )
    # The campaign is about some children only: whoever has children, and none of those any more, gets nothing.
    childless = [person for person, one in known.items() if not one.children]
    passed = await _parents(db, childless) if meant is not None or absence else set[UUID]()
    alarmed = await _alarmed(db, list(locked))
    strange = await _strange(db, rows, locked)
    facts = []
    for row in rows:
        to = locked[row.address_id]
        mine = None if row.person_id in strange else known.get(row.person_id)
        facts.append(
            Facts(
                to.id, to.channel, to.address, to.suppressed, to.consented, mine,
                days[row.person_id], to.id in replied, row.person_id in done, to.id in busy, to.id in alarmed,
                row.person_id in passed,
            )
        )  # fmt: skip
    return decider, facts


async def _strange(
    db: AsyncConnection, rows: Sequence[Row[*tuple[Any, ...]]], locked: Mapping[UUID, Row[*tuple[Any, ...]]]
) -> set[UUID]:
    """Those whose number has become somebody else's since: what is said of their children is for nobody else."""
    others = {
        row.person_id: row.address_id for row in rows if locked[row.address_id].person_id != row.person_id
    }
    if not others:
        return set()
    sharing = select(shared_addresses.c.person_id, shared_addresses.c.address_id).where(
        shared_addresses.c.person_id.in_(list(others))
    )
    shared = {tuple(row) for row in await db.execute(sharing)}
    return {person for person, address in others.items() if (person, address) not in shared}


async def _alarmed(db: AsyncConnection, ids: Sequence[UUID]) -> set[UUID]:
    """Those of these addresses from which danger was written, as long as nobody has closed the alert."""
    rows = await db.execute(in_danger().where(addresses.c.id.in_(ids)))
    return set(rows.scalars())


async def _absent(
    db: AsyncConnection, known: Mapping[UUID, Known], days: Mapping[UUID, date | None]
) -> dict[UUID, Known]:
    """These people with only those of their children who were absent on the day that the message is about."""
    among = {child.id for one in known.values() for child in one.children}
    missed = await anchors.absent(db, among, {day for day in days.values() if day is not None})
    return {
        person: Known(
            one.person, tuple(child for child in one.children if (child.id, days[person]) in missed)
        )
        for person, one in known.items()
    }


async def _replied(db: AsyncConnection, rows: Sequence[Row[*tuple[Any, ...]]], since: datetime) -> set[UUID]:
    """The addresses that have written to us since the campaign began."""
    heard = select(messages.c.address_id).where(
        messages.c.address_id.in_([row.address_id for row in rows]),
        messages.c.direction == "in",
        messages.c.created_at >= since,
    )
    return set((await db.execute(heard)).scalars())


def _day(occasion: str, today: date) -> date:
    """The date that an occasion is about; of one that is no date, the day on which the run began."""
    try:
        return datetime.fromisoformat(occasion).date()
    except ValueError:
        return today


async def _parents(db: AsyncConnection, persons: Sequence[UUID]) -> set[UUID]:
    """Those of these people who have children on the list at all."""
    if not persons:
        return set()
    theirs = (
        select(guardianships.c.person_id)
        .join(students, students.c.id == guardianships.c.student_id)
        .where(guardianships.c.person_id.in_(persons), students.c.removed_at.is_(None))
    )
    return set((await db.execute(theirs)).scalars())


def _result(row: Row[*tuple[Any, ...]], decision: Send | Wait | Skip) -> dict[str, Any]:
    result: dict[str, Any] = {
        "_run": row.run_id, "_step": row.step, "_person": row.person_id,
        "state": "waiting", "reason": None, "variant": None, "message_id": None, "due_at": None,
    }  # fmt: skip
    if isinstance(decision, Send):
        return result | {
            "state": "queued", "message_id": decision.message["id"], "variant": decision.variant or None
        }  # fmt: skip
    if isinstance(decision, Skip):
        return result | {"state": "skipped", "reason": decision.reason, "variant": decision.variant or None}
    return result | {"due_at": decision.due_at}
