"""Nobody is reminded outside the hours of their school; whoever writes is answered at any hour. On both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sayings import LUNCH, column, gone_out, shelf_of
from sqlalchemy import insert, select, update

from bot.inbox import Inbox
from bot.listening import Desk
from bot.outreach import calendars
from bot.reminders import remind
from bot.store.tables import conversations, guardianships, messages, people, students
from channels.base import Received

NEW_YORK = ZoneInfo("America/New_York")


def here(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)


@pytest.fixture
async def line(database, clock, new_id):
    """The inbox and the reminders on one store, at a time that is set by hand."""
    shelf = await shelf_of(database, clock(), new_id, LUNCH)
    async with database.read() as db:
        desk = Desk("Riverbend schools", True, await shelf.latest(db, "lunch"), new_id, NEW_YORK)

    class Line:
        async def say(self, text, at=None):
            clock.now = here(at) if at else clock.now
            inbox = Inbox(database, shelf, desk, clock)
            heard = Received("sms", f"SM{clock.now}", "+15035550101", "+15035550100", text, language="en")
            await inbox.hear([heard])

        async def look(self, at):
            clock.now = here(at)
            await gone_out(database, clock())
            return dict(await remind(database, shelf, desk, clock(), country="US"))

        async def due(self):
            (at,) = await column(database, conversations.c.due_at)
            return at.astimezone(NEW_YORK).strftime("%a %d %H:%M")

        async def reminders(self):
            async with database.read() as db:
                rows = await db.execute(select(messages.c.expires_at).where(messages.c.purpose == "reminder"))
            return [at.astimezone(NEW_YORK).strftime("%a %d %H:%M") for at in rows.scalars()]

        async def calendar(self, **said):
            async with database.begin() as db:
                await calendars.write(db, said, clock())

        async def goes_to(self, school):
            async with database.begin() as db:
                await db.execute(update(people).values(school=school))

    return Line()


async def test_who_wrote_late_in_the_evening_is_reminded_in_the_morning_after_the_next(line):
    await line.say("START", "2026-10-14 23:30")

    assert await line.look("2026-10-15 23:40") == {"quiet": 1}
    assert await line.due() == "Fri 16 09:00"
    assert await line.look("2026-10-16 08:59") == {}
    assert await line.look("2026-10-16 09:00") == {"reminded": 1}
    assert await line.reminders() == ["Fri 16 20:00"]


async def test_nobody_is_reminded_on_a_sunday_or_a_holiday(line):
    await line.say("START", "2026-10-10 16:00")

    assert await line.look("2026-10-11 16:01") == {"quiet": 1}
    assert await line.due() == "Tue 13 09:00"  # Monday is Columbus Day


async def test_the_hours_are_those_of_the_persons_school(line):
    await line.say("START", "2026-10-14 09:30")
    await line.calendar(Lincoln={"timezone": "America/Denver", "hours": ["10:00-16:00 mon-fri"]})
    await line.goes_to("Lincoln")

    assert await line.look("2026-10-15 09:31") == {"quiet": 1}
    assert await line.due() == "Thu 15 12:00"  # 10:00 in Denver
    assert await line.look("2026-10-15 12:01") == {"reminded": 1}
    assert await line.reminders() == ["Thu 15 18:00"]


async def test_where_a_person_has_no_school_it_is_their_childs(line, database, clock, new_id):
    await line.say("START", "2026-10-14 09:30")
    await line.calendar(Lincoln={"hours": ["15:00-16:00 mon-fri"]})
    (person,) = await column(database, people.c.id)
    child = {
        "id": new_id(),
        "external_id": "S1",
        "school": "Lincoln",
        "attributes": {},
        "created_at": clock(),
    }
    async with database.begin() as db:
        await db.execute(insert(students), [child])
        await db.execute(insert(guardianships), [{"person_id": person, "student_id": child["id"]}])

    assert await line.look("2026-10-15 09:31") == {"quiet": 1}
    assert await line.due() == "Thu 15 15:00"


async def test_a_break_longer_than_a_week_ends_the_conversation_without_a_word(line):
    await line.say("START", "2026-12-22 12:00")
    await line.calendar(**{"": {"closed": [["2026-12-23", "2027-01-10"]]}})

    assert await line.look("2026-12-23 12:01") == {"quiet": 1}
    assert await line.due() == "Tue 29 12:00"
    assert await line.look("2026-12-29 12:00") == {"expired": 1}
    assert await line.reminders() == []


async def test_where_nothing_opens_for_months_the_conversation_ends_in_its_time(line):
    await line.say("START", "2026-06-12 12:00")
    await line.calendar(**{"": {"closed": [["2026-06-13", "2026-09-08"]]}})

    assert await line.look("2026-06-13 12:01") == {"quiet": 1}
    assert await line.due() == "Fri 19 12:00"


async def test_whoever_writes_at_night_is_answered_at_night(line, database):
    await line.calendar(**{"": {"closed": [["2026-10-14", "2026-10-20"]]}})

    await line.say("START", "2026-10-15 03:00")

    async with database.read() as db:
        (reply,) = (await db.execute(select(messages).where(messages.c.direction == "out"))).all()
    assert (reply.purpose, reply.due_at, reply.expires_at) == ("reply", here("2026-10-15 03:00"), None)


async def test_calendars_are_read_once_a_tick_and_only_where_somebody_is_due(line, monkeypatch):
    read = []
    really = calendars.load

    async def load(*arguments):
        read.append(True)
        return await really(*arguments)

    monkeypatch.setattr("bot.reminders.load", load)
    await line.say("START", "2026-10-14 12:00")

    await line.look("2026-10-14 13:00")
    assert read == []
    await line.look("2026-10-15 13:00")
    assert read == [True]
