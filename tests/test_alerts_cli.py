"""openline alerts: what needs a person, who has it, and the question that is asked again. On both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sayings import LUNCH
from sqlalchemy import select, update

import survey_flows
from bot import alerts as on_call
from bot.anonymity import cut
from bot.app import opened
from bot.cli.root import Problem
from bot.reminders import remind
from bot.settings import Settings
from bot.store.tables import alerts, answers, conversations, messages
from channels.base import Received

ANA = "+15035550101"


@pytest.fixture
async def service(url, clock):
    given = Settings(
        _env_file=None,
        database_url=url,
        allow_drafts=True,
        organization="Riverbend schools",
        language_menu=False,
    )
    async with opened(given, clock=clock, channels={}) as app:
        yield app


@pytest.fixture
def say(service, clock):
    count = iter(range(10_000))

    async def say(text, sender=ANA):
        await gone_out(service)
        clock.forward(seconds=30)
        heard = Received("sms", f"SM{next(count)}", sender, "+15035550100", text, language="en")
        return (await service.inbox.hear([heard]))[0]

    return say


@pytest.fixture
def openline(typed, monkeypatch):
    monkeypatch.setenv("OPENLINE_ALLOW_DRAFTS", "true")
    monkeypatch.setenv("OPENLINE_TIMEZONE", "America/New_York")
    return typed


async def gone_out(service):
    async with service.database.begin() as db:
        await db.execute(update(messages).where(messages.c.state == "queued").values(state="sent"))


async def the_alert(service):
    async with service.database.read() as db:
        return (await on_call.listed(db, closed=True))[0]


async def sent(service, purpose="reply"):
    async with service.database.read() as db:
        rows = await db.execute(
            select(messages.c.text)
            .where(messages.c.direction == "out", messages.c.purpose == purpose)
            .order_by(messages.c.id)
        )
        return list(rows.scalars())


async def in_danger(say):
    await say("START")
    await say("very hard")
    assert await say("i want to die") == "danger"


async def test_the_list_tells_when_and_what_and_whose_but_no_words(service, say, openline, clock):
    assert "Nothing waits" in await openline("alerts")
    await in_danger(say)
    clock.forward(hours=2)
    await say("can i talk to a person", sender="+15035550102")

    listed = (await openline("alerts")).splitlines()

    assert [line[10:].split("  ")[0] for line in listed] == [
        "2026-10-14 13:02 (0 minutes ago)",
        "2026-10-14 11:01 (2 hours ago)",
    ]
    assert "would like to talk to a person  [family, en]  NOT SEEN; nobody told" in listed[0]
    assert "may speak of harming themselves" in listed[1]
    assert "die" not in "".join(listed)
    assert "+1503" not in "".join(listed)


async def test_the_words_and_a_number_to_call_are_shown_when_asked_for(service, say, openline):
    await in_danger(say)
    id_ = (await the_alert(service)).id.hex

    shown = await openline("alerts", "--show", id_[-8:])

    assert "i want to die" in shown
    assert f"reach them: sms {ANA}" in shown


async def test_whoever_sees_it_has_it_and_a_second_one_is_told_so(service, say, openline):
    await in_danger(say)
    id_ = (await the_alert(service)).id.hex[-8:]

    said = await openline("alerts", "see", id_.upper(), "--by", "Ana")

    assert f"{id_} is with Ana" in said
    assert "seen by Ana, 2026-10-14 11:01" in await openline("alerts")
    with pytest.raises(Problem, match="seen already"):
        await openline("alerts", "see", id_, "--by", "Bo")
    with pytest.raises(Problem, match="There is no alert 12345678"):
        await openline("alerts", "see", "12345678", "--by", "Bo")
    with pytest.raises(Problem, match="Say who"):
        await openline("alerts", "close", id_, "--by", " ", "--outcome", "helped")


async def test_an_id_that_means_two_is_refused(service, say, openline):
    await in_danger(say)
    async with service.database.begin() as db:
        row = await on_call.words(db, (await the_alert(service)).id)
        for first in "ab":
            made = alerts.insert().values(
                id=UUID(f"{first * 24}12345678"), message_id=row.message_id, person_id=row.person_id, kind="harm",
                state="new", told=0, created_at=row.created_at,
            )  # fmt: skip
            await db.execute(made)

    with pytest.raises(Problem, match="may mean 2 alerts"):
        await openline("alerts", "--show", "12345678")
    assert "hurts them" in await openline("alerts", "--show", "a12345678")


async def test_after_a_false_alarm_the_question_is_asked_again_and_reminded_of(service, say, openline, clock):
    await in_danger(say)
    await gone_out(service)
    clock.forward(hours=50)
    assert await remind(service.database, service.shelf, service.desk, clock()) == {}
    id_ = (await the_alert(service)).id.hex[-8:]

    said = await openline("alerts", "close", id_, "--outcome", "false-alarm", "--by", "Ana")

    assert "asked again" in said
    again = (await sent(service))[-1]
    assert again.startswith("Now back to the questions from before.")
    assert "What, if anything, made it hard?" in again
    assert "Nothing waits" in await openline("alerts")
    assert "closed, false alarm" in await openline("alerts", "--closed")
    await gone_out(service)
    clock.forward(hours=23)
    assert await remind(service.database, service.shelf, service.desk, clock()) == {}
    clock.forward(hours=2)
    assert await remind(service.database, service.shelf, service.desk, clock()) == {"reminded": 1}
    await gone_out(service)
    clock.forward(
        hours=1
    )  # 78 hours after their last word, and yet not a second one on the heels of the first
    assert await remind(service.database, service.shelf, service.desk, clock()) == {}


async def test_nobody_who_was_helped_is_pressed_and_the_round_still_ends(service, say, openline, clock):
    await in_danger(say)
    before = await sent(service)
    id_ = (await the_alert(service)).id.hex[-8:]

    assert "Nothing more is asked" in await openline(
        "alerts", "close", id_, "--outcome", "helped", "--by", "Ana"
    )

    assert await sent(service) == before
    clock.forward(days=8)
    assert await remind(service.database, service.shelf, service.desk, clock()) == {"expired": 1}
    assert await sent(service, "reminder") == []
    with pytest.raises(Problem, match="closed already"):
        await openline("alerts", "close", id_, "--outcome", "helped", "--by", "Ana")


@pytest.mark.parametrize("what", ["the bus is late", "STOP"])
async def test_nothing_is_asked_again_of_whoever_wrote_or_stopped_since(service, say, openline, what):
    await in_danger(say)
    await say(what)
    before = await sent(service)
    id_ = (await the_alert(service)).id.hex[-8:]

    said = await openline("alerts", "close", id_, "--outcome", "false-alarm", "--by", "Ana")

    assert "no question to ask again" in said
    assert await sent(service) == before


async def test_while_a_second_alarm_is_open_nothing_is_asked(service, say, openline):
    await in_danger(say)
    first = (await the_alert(service)).id.hex[-8:]
    await say("my father beats me")
    second = (await the_alert(service)).id.hex[-8:]

    one = await openline("alerts", "close", first, "--outcome", "false-alarm", "--by", "Ana")
    other = await openline("alerts", "close", second, "--outcome", "false-alarm", "--by", "Ana")

    assert "no question to ask again" in one
    assert "asked again" in other


async def test_a_wish_to_talk_leaves_the_question_waiting(service, say, openline):
    await say("START")
    await say("call me")
    id_ = (await the_alert(service)).id.hex[-8:]

    said = await openline("alerts", "close", id_, "--outcome", "false-alarm", "--by", "Ana")

    assert "no question to ask again" in said


async def test_words_of_an_anonymous_survey_are_let_go_when_the_alert_is_closed(
    service, say, openline, clock
):
    text = LUNCH + "  - {key: why, kind: open, text: Why?}\n"
    async with service.database.begin() as db:
        lunch = survey_flows.loads(text, "lunch")
        start = await service.shelf.publish(db, lunch, clock(), service.new_id), lunch
    service.inbox._desk = replace(service.desk, start=start, join=timedelta())
    await say("START")
    await say("i want to die")
    await say("no")
    await say("salty")
    async with service.database.begin() as db:
        await db.execute(update(answers).values(code_at=None))
    assert await cut(service.database, clock(), service.new_id) == 1
    id_ = (await the_alert(service)).id.hex[-8:]
    kept = await openline("alerts", "--show", id_)

    await openline("alerts", "close", id_, "--outcome", "helped", "--by", "Ana")

    assert "i want to die" in kept
    assert "i want to die" not in await openline("alerts", "--show", id_)
    async with service.database.read() as db:
        states = (await db.execute(select(conversations.c.state))).scalars().all()
    assert sorted(states) == ["complete", "cut"]
