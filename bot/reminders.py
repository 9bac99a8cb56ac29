"""Reminds whoever has not finished: after a day and after three, twice at most; after a week the round is over.

Nobody is reminded outside the hours of their school: what is due then waits until they open.
The time of the next look is a column, so any worker may take it, and a missed tick is no loss.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

import survey_flows
from survey_flows import Place, Survey, phrases
from survey_flows.dispositions import OPEN, after

from .conversing import put_again, speaks
from .dialogue import asides
from .outreach.calendars import Calendars, load, school_of
from .outreach.hours import opening
from .outreach.wall_time import Span
from .shelf import Shelf
from .store.database import Database
from .store.inbound import Correspondent, free
from .store.queue import still_open
from .store.tables import addresses, conversations, messages, people
from .timing import EXPIRE, REMIND, next_due
from .turns import Desk, values

log = structlog.get_logger(__name__)

AT_ONCE = 100
"""Conversations looked after in one transaction."""
LATER = timedelta(hours=1)
"""When to look again where our last message has not gone out yet."""
BULK = 5


async def remind(
    database: Database, shelf: Shelf, desk: Desk, now: datetime, *, country: str = ""
) -> Counter[str]:
    """Look after every conversation that is due: ``reminded``, ``resumed`` after a talk with staff, ``expired``, ``quiet``
    until their school's hours begin, or ``waiting`` for its last message or for such a talk to end.

    ``country`` is the one whose holidays are closed days where no school says otherwise. ``failed`` are those whose
    reminder could not be written, by a defect of ours; the others must not wait for them.
    """
    counted: Counter[str] = Counter()
    calendars: Calendars | None = None
    while True:
        async with database.begin() as db:
            rows = await _due(db, now)
            if rows:
                calendars = calendars or await load(db, str(desk.zone), country)
                for row in rows:
                    counted[await _look(db, shelf, desk, calendars, row, now)] += 1
                await database.rouse(db)
        if len(rows) < AT_ONCE:
            return counted


async def _due(db: AsyncConnection, now: datetime) -> list[Row[Any]]:
    """Conversations that are due, their addresses locked as the inbox locks them."""
    wanted = (
        select(conversations.c.address_id)
        .where(conversations.c.due_at.is_not(None), conversations.c.due_at <= now)
        .order_by(conversations.c.due_at)
        .limit(AT_ONCE)
    )
    mine = await free(db, [id_ for id_ in (await db.execute(wanted)).scalars() if id_ is not None])
    if not mine:
        return []
    rows = await db.execute(
        select(conversations, people.c.language, people.c.respondent, people.c.school, people.c.groups,
               addresses.c.channel, addresses.c.address, addresses.c.suppressed, school_of().label("calendar"))
        .join(addresses, addresses.c.id == conversations.c.address_id)
        .join(people, people.c.id == conversations.c.person_id)
        .where(conversations.c.address_id.in_(mine), conversations.c.due_at.is_not(None), conversations.c.due_at <= now)
        .order_by(conversations.c.id)
    )  # fmt: skip
    return list(rows)


async def _look(
    db: AsyncConnection, shelf: Shelf, desk: Desk, calendars: Calendars, row: Row[Any], now: datetime
) -> str:
    place = Place.from_json(row.place or {"at": None, "language": row.language})
    since = row.heard_at or row.started_at
    if row.suppressed == "stopped":  # of several that were put aside, a STOP ends the one that it finds
        state = after(row.state, "stopped", answered=bool(place.answers))
        await _set(db, row, state=state, due_at=None)
        return "expired"
    talk = row.state == "paused" and now - since < asides.AT_MOST and await asides.by_staff(db, row)
    if not talk and (now - since >= EXPIRE or row.state not in OPEN):
        state = after(row.state, "timed_out", answered=bool(place.answers))
        await _set(db, row, state=state, due_at=None)
        return "expired"
    if talk and await asides.standing(db, row) != "over":
        await _set(db, row, due_at=now + asides.QUIET)
        return "waiting"
    hours = opening(calendars.of(row.calendar), None, now)
    if hours is None or hours[0] > now:
        over = since + (asides.AT_MOST if talk else EXPIRE)
        await _set(db, row, due_at=min(hours[0], over) if hours else over)
        return "quiet"
    if await _on_its_way(db, row):
        await _set(db, row, due_at=now + LATER)
        return "waiting"
    who = Correspondent(
        row.address_id, row.person_id, row.channel, row.address, row.suppressed, row.language, row.respondent,
        row.school, groups=row.groups,
    )  # fmt: skip
    try:
        letter = _letter(desk, await shelf.get(db, row.survey_id), who, row, place, now, hours)
    except DBAPIError:
        raise
    except Exception as error:  # its own words may be somebody's
        log.error("reminder not written", conversation=str(row.id), error=type(error).__name__)
        await _set(db, row, due_at=now + LATER)
        return "failed"
    await db.execute(insert(messages), [letter])
    if talk:  # their week begins anew: it was we who interrupted
        state = after("paused", "resumed", answered=bool(place.answers))
        await _set(db, row, state=state, heard_at=now, due_at=next_due(now, row.reminders))
        return "resumed"
    reminders = row.reminders + 1
    # One that was put aside, or waited for a person to look, may be late: the next still leaves the first its day.
    await _set(db, row, reminders=reminders, due_at=max(next_due(since, reminders), now + REMIND[0]))
    return "reminded"


async def _on_its_way(db: AsyncConnection, row: Row[Any]) -> bool:
    """Whether a message to this address has not gone out yet: nobody is reminded of what they have not seen."""
    waiting = (
        select(messages.c.id).where(messages.c.address_id == row.address_id, still_open(messages)).limit(1)
    )
    return (await db.execute(waiting)).first() is not None


def _letter(
    desk: Desk, survey: Survey, who: Correspondent, row: Row[Any], place: Place, now: datetime, hours: Span
) -> dict[str, Any]:
    """The reminder, or what follows a talk with staff: who asks, how much is left, how to end, and the question that waits. It goes within the hours."""
    language, told = speaks(desk, survey, who), values(desk, who)
    if row.state == "paused":
        first = phrases.say("resumed", language, **told)
    elif row.reminders + 1 < len(REMIND):
        waiting = survey_flows.switch(survey, place, language)
        left = survey_flows.left(survey, waiting, told, now=now.astimezone(desk.zone))
        first = phrases.count("reminder", language, left, **told)
    else:
        first = phrases.say("reminder_last", language, **told)
    letter = put_again(desk, survey, who, row.id, place, now, first, purpose="reminder", priority=BULK)
    return letter | {"expires_at": hours[1]}


async def _set(db: AsyncConnection, row: Row[Any], **what: Any) -> None:
    await db.execute(update(conversations).where(conversations.c.id == row.id).values(**what))
