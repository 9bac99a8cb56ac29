"""A conversation over days: reminders, joined words, other surveys, danger, quotas, anonymity. On both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sayings import LUNCH, column, gone_out, shelf_of
from sqlalchemy import select, update

from bot import alerts as on_call
from bot.anonymity import cut
from bot.findings import gather
from bot.inbox import Inbox
from bot.listening import Desk
from bot.outbox import Outbox
from bot.reminders import remind
from bot.store import memory
from bot.store.tables import alerts, answers, conversations, messages, people, surveys, translations
from channels.base import Media, Received
from channels.console import Console

BUS = """
survey: bus
title: {en: The bus, es: El autobús}
intro: {en: "{school} asks. Reply STOP to end.", es: "{school} pregunta. Responda STOP para terminar."}
keywords: [BUS]
questions:
  - key: late
    kind: yesno
    text: {en: Was the bus late?, es: ¿Llegó tarde el autobús?}
  - {key: what, kind: open, text: {en: What happened?, es: ¿Qué pasó?}}
  - {quota: late_ones, most: 2, ask_if: {late: [yes]}}
  - {key: photo, kind: image, text: {en: Any picture?, es: ¿Una foto?}}
"""
SALTY = LUNCH + "  - {key: why, kind: open, text: Why?}\n"


@pytest.fixture
async def shelf(database, clock, new_id):
    return await shelf_of(database, clock(), new_id, BUS, SALTY)


@pytest.fixture
async def desk(database, shelf, new_id):
    async with database.read() as db:
        start = await shelf.latest(db, "bus")
    return Desk("Riverbend schools", True, start, new_id)


@pytest.fixture
def say(database, shelf, desk, clock):
    """Say something; ``joining`` waits so long for more words."""
    count = iter(range(10_000))

    async def say(text="", *, joining=0, menu=False, sender="+15035550101", **more):
        inbox = Inbox(database, shelf, replace(desk, join=timedelta(seconds=joining), menu=menu), clock)
        heard = Received(
            "sms", f"SM{next(count)}", sender, "+15035550100", text, **({"language": "en"} | more)
        )
        return (await inbox.hear([heard]))[0]

    return say


async def out(database, purpose="reply"):
    async with database.read() as db:
        rows = await db.execute(
            select(messages.c.text)
            .where(
                messages.c.direction == "out", messages.c.purpose == purpose, messages.c.state != "cancelled"
            )
            .order_by(messages.c.id)
        )
    return list(rows.scalars())


async def after(database, shelf, desk, clock, **time):
    clock.now += timedelta(**time)
    counted = await remind(database, shelf, desk, clock())
    await gone_out(database, clock())
    return dict(counted)


# Reminders


async def test_whoever_has_not_finished_is_reminded_after_a_day_and_after_three_and_then_given_up(
    database, shelf, desk, clock, say
):
    await say("START")
    await say("yes")
    await gone_out(database, clock())

    assert await after(database, shelf, desk, clock, hours=23) == {}
    assert await after(database, shelf, desk, clock, hours=2) == {"reminded": 1}
    assert await after(database, shelf, desk, clock, hours=46) == {}
    assert await after(database, shelf, desk, clock, hours=2) == {"reminded": 1}
    assert await after(database, shelf, desk, clock, days=3) == {}
    assert await after(database, shelf, desk, clock, days=2) == {"expired": 1}
    assert await after(database, shelf, desk, clock, days=30) == {}
    first, last = await out(database, "reminder")
    assert (
        first
        == "Riverbend schools: 2 questions are left, when you have a moment. Reply STOP to end.\nWhat happened?"
    )
    assert last.startswith("Riverbend schools: this is our last reminder.")
    assert await column(database, conversations.c.state) == ["partial"]


async def test_whoever_never_answered_expires(database, shelf, desk, clock, say):
    await say("START")
    await gone_out(database, clock())

    await after(database, shelf, desk, clock, days=8)

    assert await column(database, conversations.c.state) == ["expired"]


async def test_an_answer_puts_the_reminder_off_and_the_end_takes_it_away(database, shelf, desk, clock, say):
    await say("START")
    clock.now += timedelta(hours=20)
    await say("no")
    await gone_out(database, clock())
    assert await after(database, shelf, desk, clock, hours=20) == {}
    await say("it broke")
    await say("none")
    await gone_out(database, clock())
    assert await after(database, shelf, desk, clock, days=20) == {}
    assert await column(database, conversations.c.state) == ["complete"]


async def test_nobody_is_reminded_of_a_message_that_has_not_gone_out(database, shelf, desk, clock, say):
    await say("START")
    clock.now += timedelta(hours=25)

    assert await remind(database, shelf, desk, clock()) == {"waiting": 1}
    assert await out(database, "reminder") == []


async def test_whoever_opted_out_is_not_reminded(database, shelf, desk, clock, say):
    await say("START")
    await say("STOP")
    assert await after(database, shelf, desk, clock, days=2) == {}
    assert await out(database, "reminder") == []


async def test_what_comes_too_late_is_kept_with_its_question_and_acknowledged_once(
    database, shelf, desk, clock, say
):
    await say("START")
    await say("yes")
    await gone_out(database, clock())
    await after(database, shelf, desk, clock, days=8)

    said = [await say("it never came"), await say("and nobody called")]

    async with database.read() as db:
        kept = (await db.execute(select(answers.c.question, answers.c.heard).order_by(answers.c.id))).all()
    assert said == ["answered", "answered"]
    assert kept == [("late", "yes"), ("what", "it never came"), ("what", "and nobody called")]
    assert (await out(database)).count(
        "Thank you. These questions have closed, but what you wrote is kept."
    ) == 1
    assert await column(database, conversations.c.state) == ["partial"]


# Several messages


async def test_more_words_that_come_before_the_next_question_went_out_are_one_answer(database, say, clock):
    await say("START")
    await say("yes")
    await gone_out(database, clock())

    said = [await say("The bus", joining=8)]
    clock.now += timedelta(seconds=5)
    said.append(await say("was late again", joining=8))

    async with database.read() as db:
        kept = (
            await db.execute(select(answers.c.heard, answers.c.code_at).where(answers.c.question == "what"))
        ).all()
        waits = (
            (await db.execute(select(messages.c.due_at).where(messages.c.state == "queued"))).scalars().all()
        )
    assert said == ["answered", "joined"]
    assert kept == [("The bus\nwas late again", clock() + timedelta(seconds=8))]
    assert waits == [clock() + timedelta(seconds=8)]
    clock.now += timedelta(seconds=9)
    await gone_out(database, clock())
    assert await say("no photo", joining=8) == "answered"
    assert await column(database, conversations.c.state) == ["complete"]


async def test_a_closed_answer_waits_for_nothing(database, say, clock):
    await say("START", joining=8)
    await say("yes", joining=8)

    async with database.read() as db:
        waits = (
            (await db.execute(select(messages.c.due_at).where(messages.c.state == "queued"))).scalars().all()
        )
    assert waits == [clock(), clock()]


# Other surveys


async def test_a_keyword_starts_its_survey_and_the_other_is_taken_up_afterwards(database, say):
    await say("START")
    await say("yes")

    said = [await say("join lunch"), await say("no"), await say("too salty")]

    texts = await out(database)
    states = await column(database, conversations.c.state)
    assert said == ["started", "answered", "answered"]
    assert texts[2].startswith("Riverbend schools asks about lunch.")
    assert texts[-1] == "Now back to the questions from before.\n\nWhat happened?"
    assert states == ["started", "complete"]
    assert await say("it broke down") == "answered"


async def test_a_word_alone_starts_a_survey_only_where_no_question_waits(database, say):
    assert await say("Lunch!") == "started"
    assert await say("lunch") == "answered"
    assert await say("join nothing") in ("answered", "again")
    assert await say("lunch", sender="+15035550102") == "started"
    assert await column(database, surveys.c.key) == ["bus", "lunch"]


async def test_stop_ends_the_survey_that_was_put_aside_as_well(database, say):
    await say("START")
    await say("JOIN LUNCH")
    await say("STOP")

    assert await column(database, conversations.c.state) == ["refused", "refused"]


# Danger, and a person to talk to


async def test_danger_is_told_to_people_and_the_next_question_does_not_follow(
    database, say, clock, shelf, desk
):
    await say("START")
    await say("yes")
    await gone_out(database, clock())

    outcome = await say("i want to kill myself")

    async with database.read() as db:
        raised = (await db.execute(select(alerts.c.kind, alerts.c.state, alerts.c.tell_at))).all()
        kept = (await db.execute(select(answers.c.heard).where(answers.c.question == "what"))).scalars().all()
    assert outcome == "danger"
    assert raised == [("self_harm", "new", clock())]
    assert kept == ["i want to kill myself"]
    assert "call or text 988" in (await out(database))[-1]
    assert "picture" not in (await out(database))[-1]
    await gone_out(database, clock())
    assert await after(database, shelf, desk, clock, days=2) == {}  # nobody is pressed to go on
    await say("the bus driver shouts")
    assert (await column(database, answers.c.question))[-1] == "what"


async def test_danger_in_a_second_message_stops_the_question_that_was_on_its_way(database, say, clock):
    await say("START")
    await say("yes")
    await gone_out(database, clock())
    await say("everything is too much", joining=8)
    await say("i want to die", joining=8)

    assert [text for text in await out(database) if "picture" in text] == []
    assert "988" in (await out(database))[-1]


async def test_danger_is_seen_after_the_end_and_from_somebody_who_opted_out(database, say):
    await say("START")
    await say("STOP")
    before = await out(database)

    assert await say("they beat me at home") == "danger"

    assert await column(database, alerts.c.state) == ["new"]
    assert await out(database) == before  # we may not write to them


async def test_stop_is_honoured_even_where_the_message_speaks_of_danger(database, say):
    await say("START")
    assert await say("I want to kill myself. STOP") == "stopped"
    assert await column(database, alerts.c.kind) == ["self_harm"]


async def test_whoever_wants_a_person_is_heard_and_the_question_goes_on_waiting(database, say):
    await say("START")

    assert await say("can I talk to a person") == "person"

    assert await column(database, alerts.c.kind) == ["person"]
    assert await say("yes") == "answered"


async def test_those_on_call_are_told_one_after_the_other_until_somebody_looks(database, say, clock, new_id):
    await say("START")
    await say("i want to kill myself")
    people_on_call = on_call.parse("sms:+15035550901, sms:+15035550902")

    async def told():
        count = await on_call.tell(database, people_on_call, clock(), new_id)
        async with database.read() as db:
            rows = await db.execute(
                select(messages.c.address).where(messages.c.purpose == "alert").order_by(messages.c.id)
            )
        return count, list(rows.scalars())

    assert await told() == (1, ["+15035550901"])
    assert await told() == (0, ["+15035550901"])
    clock.now += timedelta(minutes=15)
    assert await told() == (1, ["+15035550901", "+15035550902"])
    async with database.begin() as db:
        (row,) = await on_call.listed(db)
        assert await on_call.see(db, row.id, "ana@example.org", clock())
    clock.now += timedelta(hours=1)
    assert (await told())[0] == 0
    (text,) = set(await out(database, "alert"))
    assert "kill" not in text
    assert "+1503" not in text
    async with database.begin() as db:
        assert await on_call.close(db, row.id, "helped", "ana@example.org", clock())
        assert await on_call.listed(db) == []
        assert not await on_call.close(db, row.id, "helped", "ana@example.org", clock())


async def test_without_anybody_on_call_the_alert_stays(database, say, clock, new_id):
    await say("START")
    await say("i want to kill myself")

    assert await on_call.tell(database, [], clock(), new_id) == 0
    assert await column(database, alerts.c.state) == ["new"]


# Quotas, menus, media


async def test_when_enough_have_answered_later_ones_are_thanked(database, say):
    for n in (1, 2, 3):
        await say("START", sender=f"+1503555020{n}")
        await say("yes", sender=f"+1503555020{n}")
        await say("late", sender=f"+1503555020{n}")

    assert await column(database, conversations.c.state) == ["started", "started", "screened"]
    assert (await out(database))[-1] == "Thank you. We have heard from enough people this time."


async def test_a_newcomer_chooses_the_language_and_it_is_remembered(database, say):
    await say("START", menu=True)
    assert "2. Español" in (await out(database))[-1]

    await say("2", menu=True)

    assert "¿Llegó tarde el autobús?" in (await out(database))[-1]
    assert await column(database, people.c.language) == ["es"]
    assert await column(database, people.c.language_by) == ["person"]


async def test_a_picture_answers_a_question_for_one(database, say):
    await say("START")
    await say("no")
    await say("it broke")

    await say("", media=(Media("https://api.twilio.example/media/1", "image/jpeg"),))

    async with database.read() as db:
        value = (await db.execute(select(answers.c.value).where(answers.c.question == "photo"))).scalar_one()
    assert value == "image/jpeg"
    assert await column(database, conversations.c.state) == ["complete"]


async def test_passing_over_a_question_is_kept_as_such_and_not_coded(database, say):
    await say("START")
    await say("skip")
    await say("no idea")

    async with database.read() as db:
        rows = (await db.execute(select(answers.c.question, answers.c.missing, answers.c.code_at))).all()
    assert sorted(rows) == [("late", "skipped", None), ("what", "dont_know", None)]


# Anonymous surveys


async def test_anonymous_answers_are_cut_from_the_person_when_the_survey_has_ended(
    database, say, clock, new_id
):
    await say("JOIN LUNCH")
    await say("no")
    await say("too salty, says Ana")
    assert await cut(database, clock(), new_id) == 0  # an answer waits to be coded
    async with database.begin() as db:
        await db.execute(update(answers).values(code_at=None))

    assert await cut(database, clock(), new_id) == 1
    assert await cut(database, clock(), new_id) == 0

    async with database.read() as db:
        said = (await db.execute(select(answers))).all()
        real = (await db.execute(select(people.c.id).where(people.c.external_id.is_(None)))).scalar_one()
        texts = (
            (await db.execute(select(messages.c.text).where(messages.c.conversation_id.is_not(None))))
            .scalars()
            .all()
        )
        left = (
            await db.execute(select(conversations.c.state, conversations.c.place, conversations.c.address_id))
        ).all()
        asked, _ = await gather(db, "lunch")
    assert sorted(row.heard for row in said) == ["no", "too salty, says Ana"]
    assert all(row.person_id != real and row.message_id is None for row in said)
    assert not any("Ana" in text for text in texts)
    assert {state for state, _, _ in left} == {"cut", "complete"}
    assert all(address is None for state, _, address in left if state == "complete")
    assert [one.outcome for one in asked] == ["answered"]  # one person is counted once


async def test_words_sent_apart_keep_no_moment_either(database, say, clock, new_id):
    await say("JOIN LUNCH")
    await say("no")
    await say("demasiada sal")
    moment = clock()
    parts = ["demasiada sal", "no"]  # translated as they came: later words may have been joined to the answer
    row = {"source": "es", "target": "en", "due_at": moment, "created_at": moment}
    async with database.begin() as db:
        await memory.want(
            db, [{**row, "id": uuid4(), "digest": memory.digest(part), "source_text": part} for part in parts]
        )
        joined = update(answers).where(answers.c.heard == "demasiada sal")
        await db.execute(joined.values(heard="demasiada sal\ny muy frío"))
        await db.execute(update(answers).values(code_at=None))

    await cut(database, clock(), new_id)

    async with database.read() as db:
        moments = set((await db.execute(select(translations.c.created_at))).scalars())
    assert moments == {clock().replace(hour=0, minute=0, second=0, microsecond=0)} != {moment}


async def test_a_named_survey_is_not_cut(database, say, clock, new_id):
    await say("START")
    await say("no")
    await say("it broke")
    await say("none")
    async with database.begin() as db:
        await db.execute(update(answers).values(code_at=None))

    assert await cut(database, clock(), new_id) == 0


async def test_a_delayed_question_really_goes_out_later(database, say, clock, new_id):
    await say("START")
    await say("yes")
    await say("The bus", joining=8)
    console = Console(lambda _: None)
    console.name = "sms"
    outbox = Outbox(database, console, clock, new_id, timedelta(seconds=60))

    await outbox.drain()
    early = [row for row in await states(database) if row[1] == "queued"]
    clock.now += timedelta(seconds=9)
    await outbox.drain()

    assert [text for text, _ in early] == ["Any picture?\nPlease send a photo, or tell us in words."]
    assert {state for _, state in await states(database)} == {"sent"}


async def states(database):
    async with database.read() as db:
        rows = await db.execute(
            select(messages.c.text, messages.c.state).where(messages.c.direction == "out")
        )
    return [tuple(row) for row in rows]
