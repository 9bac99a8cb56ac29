"""Carries an erasure out, in one transaction: nothing of it is seen before all of it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .. import audit
from ..app import App
from ..store import erased, searching
from ..store.tables import (
    absences,
    addresses,
    alerts,
    answers,
    codings,
    consents,
    conversations,
    draws,
    duties,
    erasures,
    guardianships,
    holds,
    list_entries,
    messages,
    notes,
    people,
    quota_fills,
    readings,
    recipients,
    runs,
    shared_addresses,
    students,
    threads,
)
from . import words
from .plan import Blocked, Number, Plan, look, parts

OF_ANSWERS = (codings, readings, draws, holds, duties)
OF_PEOPLE = (alerts, notes, threads, list_entries, shared_addresses, guardianships)


async def erase(app: App, person: UUID, by: UUID | None, *, never_again: bool = False) -> Plan:
    """Erase one person, for good; returns what has gone.

    ``by`` is the member of staff who does it (None: a command on the server). With ``never_again`` their numbers are
    known again even if they had not asked us to stop. Raises LookupError, and Blocked while an alert of theirs is open:
    somebody may be in danger, and their number is the way to them.
    """
    async with app.database.begin() as db:
        plan = await look(db, person)
        if plan.open_alerts:
            raise Blocked(
                "A message of theirs may speak of danger, and nobody has closed the alert. Look after it first, and "
                "close it; then come back."
            )
        await _one(db, app, plan, never_again=never_again)
        now, id_ = app.clock(), uuid4()
        await searching.tidy(db)
        counts = {what: count for what, count in plan.counts.items() if count}
        await db.execute(insert(erasures).values(id=id_, at=now, staff_id=by, counts=counts))
        await audit.record(db, now, by, "person.erase", id_, **counts)
    return plan


async def erase_all(app: App, db: AsyncConnection, ids: Collection[UUID]) -> Counter[str]:
    """Erase these people in the caller's transaction, whatever is open of them: made-up ones, for whom nobody asks."""
    counts: Counter[str] = Counter()
    for id_ in sorted(ids):
        plan = await look(db, id_)
        await _one(db, app, plan, remember=False)
        counts.update(plan.counts)
    await searching.tidy(db)
    return counts


async def _one(
    db: AsyncConnection, app: App, plan: Plan, *, never_again: bool = False, remember: bool = True
) -> None:
    said = await words.gather(db, plan)
    accepted = await words.take_out_of_proposals(db, plan, said)
    await words.take_out_of_codebooks(db, app.books, accepted, said)
    plan.counts["translations"] = await words.forget(db, said)
    await _stand_in(db, plan.person, app.clock())
    for some in parts(plan.answers):
        for table in OF_ANSWERS:
            await db.execute(delete(table).where(table.c.answer_id.in_(some)))
        await db.execute(delete(answers).where(answers.c.id.in_(some)))
    for table in OF_PEOPLE:
        await db.execute(delete(table).where(table.c.person_id == plan.person))
    for some in parts(plan.messages):
        # Somebody else's answer that came by a message of theirs, at a number that two had.
        await db.execute(update(answers).where(answers.c.message_id.in_(some)).values(message_id=None))
        await db.execute(delete(alerts).where(alerts.c.message_id.in_(some)))
        await db.execute(update(recipients).where(recipients.c.message_id.in_(some)).values(message_id=None))
        await db.execute(delete(messages).where(messages.c.id.in_(some)))
    for some in parts(plan.conversations):
        await db.execute(
            update(messages).where(messages.c.conversation_id.in_(some)).values(conversation_id=None)
        )
        await db.execute(delete(quota_fills).where(quota_fills.c.conversation_id.in_(some)))
        await db.execute(delete(conversations).where(conversations.c.id.in_(some)))
    for number in plan.numbers:
        await _number(db, number)
    if remember:
        await _remember(db, app, plan, never_again)
    for some in parts(plan.children):
        await db.execute(delete(absences).where(absences.c.student_id.in_(some)))
        await db.execute(delete(students).where(students.c.id.in_(some)))
    await _leave_home(db, plan.person)
    await db.execute(delete(people).where(people.c.id == plan.person))


async def _stand_in(db: AsyncConnection, person: UUID, now: datetime) -> None:
    """The accounts of campaigns add up to their audience, so somebody has to stand there: a person of no age, language,
    school or number, another one in each run, so that no two runs can be laid side by side."""
    wanted = (
        select(recipients, runs.c.occasion.label("of_all"))
        .join(runs, runs.c.id == recipients.c.run_id)
        .where(recipients.c.person_id == person)
    )
    rows = (await db.execute(wanted)).all()
    await db.execute(delete(recipients).where(recipients.c.person_id == person))
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    standing: dict[UUID, UUID] = {}
    for row in rows:
        if row.run_id not in standing:
            id_ = standing[row.run_id] = uuid4()  # random: an id that tells the time would lead back
            nobody: dict[str, Any] = {"respondent": "family", "language": "und", "language_by": "import"}
            nobody |= {"external_id": f"erased:{id_.hex}", "groups": {}, "removed_at": day, "created_at": day}
            await db.execute(insert(people).values(id=id_, **nobody))
        await db.execute(
            insert(recipients).values(
                run_id=row.run_id,
                step=row.step,
                person_id=standing[row.run_id],
                campaign_id=row.campaign_id,
                occasion=row.of_all,
                state="skipped",
                reason="erased",
            )
        )


async def _number(db: AsyncConnection, number: Number) -> None:
    """The number goes to whoever shares it, is taken out of what is somebody else's, or goes altogether."""
    mine = addresses.c.id == number.id
    if number.heir is not None:
        shared = shared_addresses.c.person_id == number.heir, shared_addresses.c.address_id == number.id
        await db.execute(delete(shared_addresses).where(*shared))
        await db.execute(update(addresses).where(mine).values(person_id=number.heir))
        return
    await db.execute(delete(consents).where(consents.c.address_id == number.id))
    await db.execute(delete(shared_addresses).where(shared_addresses.c.address_id == number.id))
    if number.other is None:
        await db.execute(delete(addresses).where(mine))
        return
    veil = f"erased:{uuid4().hex}"
    nothing = {"address": veil, "suppressed": "dead", "consented": False, "since": None}
    await db.execute(update(addresses).where(mine).values(person_id=number.other, **nothing))
    await db.execute(update(messages).where(messages.c.address_id == number.id).values(address=veil))


async def _remember(db: AsyncConnection, app: App, plan: Plan, never_again: bool) -> None:
    """A STOP outlives the number; one that was taken back by START does not."""
    own = [one for one in plan.numbers if one.heir is None]
    stopped = [(one.channel, one.address) for one in own if one.suppressed == "stopped" or never_again]
    free = [(one.channel, one.address) for one in own if (one.channel, one.address) not in stopped]
    await erased.forget(db, app.desk.seal, free)
    await erased.remember(db, app.desk.seal, stopped, app.clock())


async def _leave_home(db: AsyncConnection, person: UUID) -> None:
    """A household is called by one of its people: by another, where it was this one."""
    others = people.c.household_id == person, people.c.id != person
    first = (await db.execute(select(people.c.id).where(*others).order_by(people.c.id).limit(1))).scalar()
    if first is not None:
        await db.execute(update(people).where(*others).values(household_id=first))


async def recent(db: AsyncConnection, most: int = 50) -> list[Any]:
    """The last erasures: when, by whom, how much; never who it was."""
    found = await db.execute(select(erasures).order_by(erasures.c.at.desc()).limit(most))
    return list(found.all())
