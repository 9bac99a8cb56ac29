"""Tells the people on call that a message needs a person: one after the other, until somebody has seen it.

What they are told holds no word of the message, no name and no number: those are for people who have signed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import structlog
from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows import phrases
from survey_flows.dispositions import OPEN

from .conversing import put_again, speaks
from .dialogue.within import Reach, within
from .ids import NewId
from .letters import outgoing
from .shelf import Shelf
from .store import inbound
from .store.database import Database
from .store.tables import addresses, alerts, conversations, messages, people
from .timing import next_due
from .turns import Desk, place_of, values

log = structlog.get_logger(__name__)

WAIT = timedelta(minutes=15)
"""How long one of those on call has before the next is told."""
ROUNDS = 3
"""How often the whole list is gone through."""

TEXTS = {
    "person": "Openline: somebody asked to talk to a person. See who: {where}",
    "danger": "Openline: a message may speak of danger. Please look now: {where}",
}


def parse(on_call: str) -> list[tuple[str, str]]:
    """The setting as (channel, address) pairs.

    >>> parse("sms:+15551230001, telegram:12345")
    [('sms', '+15551230001'), ('telegram', '12345')]
    """
    pairs = (part.strip().partition(":") for part in on_call.split(",") if part.strip())
    return [(channel, address) for channel, _, address in pairs]


async def tell(
    database: Database,
    on_call: Sequence[tuple[str, str]],
    now: datetime,
    new_id: NewId,
    where: str = "openline alerts",
) -> int:
    """Queue a message to the next of those on call for every alert that nobody has seen. Returns how many.

    ``where`` is the address at which they can look after signing in, or the command.

    Somebody whom no message reaches, for they have said STOP or their number is dead, is passed over.
    """
    async with database.begin() as db:
        due = await db.execute(
            select(alerts.c.id, alerts.c.kind, alerts.c.told)
            .where(alerts.c.tell_at.is_not(None), alerts.c.tell_at <= now)
            .order_by(alerts.c.id)
            .limit(50)
            .with_for_update(skip_locked=True)
        )
        rows = due.all()
        if not rows:
            return 0
        if not on_call:
            log.warning("nobody is on call", alerts=len(rows))
            await _until(db, [row.id for row in rows], None)
            return 0
        known = await inbound.correspondents(
            db, {who: {"respondent": "staff", "language": "en"} for who in on_call}, now, new_id
        )
        reached = [known[who] for who in on_call if known[who].suppressed is None]
        if not reached:
            log.error("nobody on call can be reached", alerts=len(rows))
            await _until(db, [row.id for row in rows], now + WAIT)
            return 0
        for row in rows:
            who = reached[row.told % len(reached)]
            text = TEXTS["person" if row.kind == "person" else "danger"].format(where=where)
            message = outgoing(new_id(), who, text, now=now, purpose="alert", language="en")
            await db.execute(insert(messages), [message])
            last = row.told + 1 >= ROUNDS * len(reached)
            await db.execute(
                update(alerts)
                .where(alerts.c.id == row.id)
                .values(told=row.told + 1, tell_at=None if last else now + WAIT)
            )
        await database.rouse(db)
    log.info("told of alerts", alerts=len(rows))
    return len(rows)


async def listed(
    db: AsyncConnection,
    *,
    closed: bool = False,
    reach: Reach = None,
    before: UUID | None = None,
    limit: int | None = None,
) -> Sequence[Row[Any]]:
    """The alerts that are not closed (or all), newest first, with whom they are about: of people in ``reach`` only, and
    ``limit`` of them from after ``before`` on."""
    wanted = (
        select(alerts, people.c.language, people.c.school, people.c.respondent)
        .join(people, people.c.id == alerts.c.person_id)
        .where(within(reach))
        .order_by(alerts.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        wanted = wanted.where(alerts.c.id < before)
    return (await db.execute(wanted if closed else wanted.where(alerts.c.state != "closed"))).all()


async def in_reach(db: AsyncConnection, alert_id: UUID, reach: Reach) -> Row[Any] | None:
    """One alert without any words, of somebody in reach; None where there is none."""
    wanted = (
        select(alerts, people.c.language, people.c.school, people.c.respondent)
        .join(people, people.c.id == alerts.c.person_id)
        .where(alerts.c.id == alert_id, within(reach))
    )
    return (await db.execute(wanted)).first()


@dataclass(frozen=True, slots=True)
class OnCall:
    """One of those on call: by which channel, the last two digits of where, and how often they were told of an alert.
    ``next`` says that they are told next; ``reached``, whether anything reaches them (they may have said STOP)."""

    channel: str
    ending: str
    told: int
    next: bool
    reached: bool


async def told(
    db: AsyncConnection, on_call: Sequence[tuple[str, str]], times: int, *, more: bool
) -> list[OnCall]:
    """Whom an alert was told to, after ``times`` messages; ``more``: somebody else will be told. In the order of the list."""
    silent = select(addresses.c.channel, addresses.c.address).where(
        addresses.c.suppressed.is_not(None), addresses.c.address.in_([address for _, address in on_call])
    )
    closed = {(channel, address) for channel, address in await db.execute(silent)}
    open_ = [who for who in on_call if who not in closed]
    found = []
    for who in on_call:
        at = open_.index(who) if who in open_ else None
        count = 0 if at is None else len(range(at, times, len(open_)))
        next_ = more and at is not None and times % len(open_) == at
        found.append(OnCall(who[0], who[1][-2:], count, next_, at is not None))
    return found


async def find(db: AsyncConnection, shortened: str) -> UUID:
    """The alert whose id ends so. Raises LookupError, in words for whoever typed it."""
    end = shortened.strip().replace("-", "").lower()
    found: list[UUID] = [
        id_ for id_ in (await db.execute(select(alerts.c.id))).scalars() if end and id_.hex.endswith(end)
    ]
    if not found:
        raise LookupError(f"There is no alert {shortened}")
    if len(found) > 1:
        raise LookupError(f"{shortened} may mean {len(found)} alerts: write more of it")
    return found[0]


async def answered(db: AsyncConnection, alert_id: UUID) -> bool:
    """Whether its writer was told at once where to get help: whoever had said STOP was not."""
    about, reply = messages.alias("about"), messages.alias("reply")
    wanted = (
        select(reply.c.id)
        .join(about, about.c.address_id == reply.c.address_id)
        .join(alerts, alerts.c.message_id == about.c.id)
        .where(alerts.c.id == alert_id, reply.c.answers_to == about.c.id, reply.c.purpose != "staff")
    )
    return (await db.execute(wanted.limit(1))).first() is not None


async def words(db: AsyncConnection, alert_id: UUID) -> Row[Any]:
    """One alert with the message it is about, where to reach its writer, and who that is."""
    wanted = (
        select(
            alerts, people.c.language, people.c.school, people.c.respondent, people.c.external_id, people.c.groups,
            messages.c.text, messages.c.media, messages.c.channel, messages.c.address,
        )
        .join(people, people.c.id == alerts.c.person_id)
        .join(messages, messages.c.id == alerts.c.message_id)
        .where(alerts.c.id == alert_id)
    )  # fmt: skip
    return (await db.execute(wanted)).one()


async def see(db: AsyncConnection, alert_id: UUID, by: str, now: datetime) -> bool:
    """Note that somebody looks after it: nobody else is told any more. False where it is not new."""
    done = await db.execute(
        update(alerts)
        .where(alerts.c.id == alert_id, alerts.c.state == "new")
        .values(state="seen", seen_by=by, seen_at=now, tell_at=None)
    )
    return done.rowcount == 1


async def close(
    db: AsyncConnection, alert_id: UUID, outcome: str, by: str, now: datetime, note: str | None = None
) -> bool:
    """Close it as ``helped`` or ``false_alarm``; ``note`` says what was done. False where it is closed already."""
    seen = {"seen_by": by, "seen_at": now}
    await db.execute(update(alerts).where(alerts.c.id == alert_id, alerts.c.seen_at.is_(None)).values(**seen))
    done = await db.execute(
        update(alerts)
        .where(alerts.c.id == alert_id, alerts.c.state != "closed")
        .values(state="closed", outcome=outcome, note=note, closed_at=now, tell_at=None)
    )
    if done.rowcount != 1:
        return False
    # Words of an anonymous survey stayed with their message until somebody had looked.
    cut = select(conversations.c.id).where(conversations.c.state == "cut")
    mine = select(alerts.c.message_id).where(alerts.c.id == alert_id)
    await db.execute(
        update(messages)
        .where(messages.c.id.in_(mine), messages.c.conversation_id.in_(cut))
        .values(text="", media=None)
    )
    return True


Concluded = Literal["closed already", "helped", "asked again", "nothing to ask"]


async def conclude(
    db: AsyncConnection,
    shelf: Shelf,
    desk: Desk,
    alert_id: UUID,
    outcome: Literal["helped", "false_alarm"],
    by: str,
    now: datetime,
    note: str | None = None,
) -> Concluded:
    """Close it; after a false alarm the question that has been waiting is asked again: then rouse who sends."""
    if not await close(db, alert_id, outcome, by, now, note):
        return "closed already"
    if outcome == "helped":
        return "helped"
    return "asked again" if await go_on(db, shelf, desk, alert_id, now) else "nothing to ask"


async def go_on(db: AsyncConnection, shelf: Shelf, desk: Desk, alert_id: UUID, now: datetime) -> bool:
    """After a false alarm: ask the question again that has been waiting since, and remind of it as of any other.

    False where there is nothing to ask: they have written since, opted out or finished, or time has run out.
    """
    alert = await words(db, alert_id)
    if alert.kind == "person":  # their question never stopped waiting
        return False
    here = alert.channel, alert.address
    assumed = {"respondent": alert.respondent, "language": alert.language}
    who = (await inbound.correspondents(db, {here: assumed}, now, desk.new_id))[here]
    conversation = who.conversation
    if (
        conversation is None
        or conversation.state not in OPEN
        or conversation.heard_at is None
        or conversation.heard_at > alert.created_at
        or who.suppressed
    ):
        return False
    survey = await shelf.get(db, conversation.survey_id)
    first = phrases.say("resumed", speaks(desk, survey, who), **values(desk, who))
    place = place_of(conversation)
    message = put_again(desk, survey, who, conversation.id, place, now, first, purpose="reply")
    await db.execute(insert(messages), [message])
    await db.execute(
        update(conversations)
        .where(conversations.c.id == conversation.id)
        .values(due_at=next_due(now, conversation.reminders))
    )
    return True


async def _until(db: AsyncConnection, ids: Sequence[UUID], when: datetime | None) -> None:
    await db.execute(update(alerts).where(alerts.c.id.in_(ids)).values(tell_at=when))
