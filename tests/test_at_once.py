"""What comes together, in an odd order or with a defect of ours: nothing is lost, nothing doubled, STOP is honoured."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sayings import LUNCH, column, gone_out, shelf_of
from sqlalchemy import event, select, update

from bot import alerts as on_call
from bot import conversing, reminders, work
from bot.anonymity import cut
from bot.inbox import Inbox
from bot.listening import Desk
from bot.reminders import remind
from bot.shelf import Shelf
from bot.store import answers as due_answers
from bot.store.tables import (
    addresses,
    alerts,
    answers,
    conversations,
    messages,
    people,
    quota_fills,
    surveys,
)
from channels.base import Received

BUS = """
survey: bus
title: The bus
intro: "{school} asks. Reply STOP to end."
questions:
  - {key: late, kind: yesno, text: Was the bus late?}
  - {key: what, kind: open, text: What happened?}
  - {quota: late_ones, most: 2, ask_if: {late: [yes]}}
  - {key: often, kind: open, text: What else?}
"""
EATERS = LUNCH + "  - {quota: eaters, most: 9, ask_if: {good: [yes]}}\n"
JOINING = timedelta(seconds=8)
ANA, BEA = "+15035550101", "+15035550102"


@pytest.fixture
async def shelf(database, clock, new_id):
    return await shelf_of(database, clock(), new_id, BUS, EATERS)


@pytest.fixture
async def desk(database, shelf, new_id):
    async with database.read() as db:
        start = await shelf.latest(db, "bus")
    return Desk("Riverbend schools", True, start, new_id, join=JOINING)


@pytest.fixture
def inbox(database, shelf, desk, clock):
    return Inbox(database, shelf, desk, clock)


@pytest.fixture
def say(inbox):
    count = iter(range(10_000))

    async def say(*texts, sender=ANA):
        """These messages, at once."""
        heard = [
            Received("sms", f"SM{next(count)}", sender, "+15035550100", text, language="en") for text in texts
        ]
        return await inbox.hear(heard)

    return say


async def queued(database):
    async with database.read() as db:
        rows = select(messages.c.text).where(messages.c.state == "queued").order_by(messages.c.id)
        return list((await db.execute(rows)).scalars())


async def at_what(say, database, clock):
    """Somebody stands at the open question."""
    await say("START")
    await say("no")
    await gone_out(database, clock())


# Words that are joined


async def test_a_question_that_waits_for_more_words_does_not_go_out_beside_its_repetition(
    database, say, clock
):
    await at_what(say, database, clock)
    await say("it broke down")

    await say("START")

    assert [text for text in await queued(database) if "What else?" in text] == await queued(database)
    assert len(await queued(database)) == 1


async def test_a_reply_that_has_not_gone_out_makes_no_answer_part_of_the_one_before(database, say, clock):
    await at_what(say, database, clock)
    await say("it broke down")
    clock.forward(seconds=9)
    await gone_out(database, clock())
    await say("HELP")

    await say("nothing else")

    assert await column(database, answers.c.heard) == ["no", "it broke down", "nothing else"]


async def test_words_are_joined_although_somebody_asked_for_help_between(database, say, clock):
    await at_what(say, database, clock)

    await say("it broke down", "HELP", "and the driver", "shouted")

    assert await column(database, answers.c.heard) == ["no", "it broke down\nand the driver\nshouted"]


async def test_words_that_come_while_an_answer_is_being_coded_are_coded_with_it(database, say, clock):
    await at_what(say, database, clock)
    await say("it broke down")
    clock.forward(seconds=8)
    until = clock() + timedelta(minutes=5)
    async with database.begin() as db:
        (row,) = await due_answers.claim(db, 9, clock(), clock() + timedelta(minutes=5))

    await say("and the driver shouted")
    read = {
        "language": "en",
        "language_score": 1.0,
        "coder": "c1",
        "sentiment": None,
        "sentiment_score": None,
    }
    async with database.begin() as db:
        late = {"_id": row.id, "polarity": None, **read}
        await due_answers.coded(db, [late], [], until)

    assert (await column(database, answers.c.coder))[-1] is None
    assert (await column(database, answers.c.code_at))[-1] == clock() + JOINING


# Two surveys


async def test_the_keyword_of_the_survey_that_one_is_in_begins_no_second(database, say):
    await say("JOIN BUS")
    await say("no")

    await say("JOIN BUS")

    assert await column(database, conversations.c.state) == ["started"]
    assert (await queued(database))[-1] == "What happened?"


async def test_the_keyword_of_a_survey_that_was_put_aside_takes_it_up(database, say, clock):
    await say("JOIN BUS")
    await say("no")
    await say("JOIN LUNCH")

    await say("JOIN BUS")
    assert await column(database, conversations.c.state) == ["started", "paused"]
    assert "What happened?" in (await queued(database))[-1]
    await say("it broke")
    clock.forward(seconds=9)
    await gone_out(database, clock())
    await say("no")

    assert "Is lunch good?" in (await queued(database))[-1]
    assert len(await column(database, conversations.c.id)) == 2


async def test_a_question_put_aside_does_not_go_out_any_more(database, say, clock):
    await at_what(say, database, clock)
    await say("it broke")

    await say("JOIN LUNCH")

    assert len(await queued(database)) == 1
    assert "Is lunch good?" in (await queued(database))[0]


async def test_a_survey_that_is_taken_up_has_its_week_from_then_on(database, shelf, desk, say, clock):
    await say("START")
    await say("no")
    await say("JOIN LUNCH")
    clock.forward(days=6)
    await say("yes")
    await gone_out(database, clock())

    clock.forward(days=1, hours=1)

    assert await remind(database, shelf, desk, clock()) == {"reminded": 1}


# A defect of ours


async def test_stop_is_honoured_although_a_defect_keeps_us_from_understanding(database, say, monkeypatch):
    await say("START")

    def broken(*_: object) -> None:
        raise KeyError("a defect")

    monkeypatch.setattr("survey_flows.danger.read", broken)

    assert await say("STOP") == ["stopped"]
    assert await column(database, addresses.c.suppressed) == ["stopped"]
    assert await column(database, conversations.c.state) == ["refused"]
    assert [text for text in await queued(database) if "late" in text] == []


async def test_stop_is_honoured_although_it_cannot_be_confirmed(database, say, monkeypatch):
    await say("START")

    def broken(*_: object, **__: object) -> None:
        raise KeyError("a defect")

    monkeypatch.setattr("survey_flows.phrases.say", broken)

    assert await say("STOP", "hello") == ["stopped", "kept"]
    assert await column(database, addresses.c.suppressed) == ["stopped"]
    assert await column(database, conversations.c.state) == ["refused"]


async def test_danger_is_told_although_a_defect_keeps_us_from_understanding(database, say, monkeypatch):
    await say("START")

    def broken(*_: object, **__: object) -> None:
        raise KeyError("a defect")

    monkeypatch.setattr("survey_flows.hear", broken)

    assert await say("I want to die") == ["kept"]
    assert await column(database, alerts.c.kind) == ["self_harm"]


async def test_a_keyword_of_a_survey_that_cannot_be_read_any_more_costs_nobody_their_words(
    database, desk, clock
):
    async with database.begin() as db:
        await db.execute(update(surveys).where(surveys.c.key == "lunch").values(text="survey: lunch"))
    inbox = Inbox(database, Shelf(), desk, clock)

    said = await inbox.hear([Received("sms", "SM1", ANA, "+1", "JOIN LUNCH", language="en")])

    assert said == ["kept"]
    assert await column(database, messages.c.text) == ["JOIN LUNCH"]


async def test_a_reminder_that_cannot_be_written_keeps_no_other_back(
    database, shelf, desk, say, clock, monkeypatch
):
    await say("START")
    await say("START", sender=BEA)
    await gone_out(database, clock())
    real = conversing.put_again

    def broken(desk, survey, who, *more, **named):
        if who.address == ANA:
            raise ValueError("a defect")
        return real(desk, survey, who, *more, **named)

    monkeypatch.setattr(reminders, "put_again", broken)
    clock.forward(hours=24)

    assert await remind(database, shelf, desk, clock()) == {"failed": 1, "reminded": 1}
    assert await remind(database, shelf, desk, clock()) == {}


async def test_what_fails_at_a_tick_keeps_nothing_else_from_being_done(database, monkeypatch):
    done = []

    async def broken(*_: object, **__: object) -> None:
        raise OSError("a provider that is away")

    async def works(*_: object, **__: object) -> None:
        done.append(True)

    class Service:
        settings = type("Settings", (), {"on_call": "", "country": "US", "public_url": ""})
        clock = new_id = shelf = desk = staticmethod(lambda: None)
        channels = {"sms": type("Channel", (), {"name": "sms"})}

    monkeypatch.setattr(Service, "database", database, raising=False)
    monkeypatch.setattr(work, "_reconcile", broken)
    monkeypatch.setattr(work.alerts, "tell", works)
    monkeypatch.setattr(work, "remind", works)
    monkeypatch.setattr(work, "cut", works)

    await work.tick(Service)

    assert len(done) == 3


# People on call


async def test_somebody_on_call_who_said_stop_is_passed_over(database, say, clock, new_id):
    await say("STOP", sender=BEA)
    await say("I want to die")

    await on_call.tell(database, [("sms", BEA), ("sms", "+15035550103")], clock(), new_id)

    async with database.read() as db:
        told = select(messages.c.address).where(messages.c.purpose == "alert")
        assert list((await db.execute(told)).scalars()) == ["+15035550103"]


async def test_an_alert_waits_while_nobody_on_call_can_be_reached(database, say, clock, new_id):
    await say("STOP", sender=BEA)
    await say("I want to die")

    assert await on_call.tell(database, [("sms", BEA)], clock(), new_id) == 0
    await say("START", sender=BEA)
    clock.forward(minutes=15)

    assert await on_call.tell(database, [("sms", BEA)], clock(), new_id) == 1


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
@pytest.mark.postgres
async def test_two_workers_at_once_remind_and_tell_and_cut_once(database, shelf, desk, say, clock, new_id):
    for n in range(120):
        await say("START", sender=f"+1503555{n:04}")
    for n in range(120, 140):
        await say("JOIN LUNCH", "yes", sender=f"+1503555{n:04}")
    await say("I want to die", sender="+15035550140")
    await gone_out(database, clock())
    clock.forward(hours=24)

    reminded = await asyncio.gather(*(remind(database, shelf, desk, clock()) for _ in range(3)))
    told = await asyncio.gather(
        *(on_call.tell(database, [("sms", "+15035559999")], clock(), new_id) for _ in range(3))
    )
    cuts = await asyncio.gather(*(cut(database, clock(), new_id) for _ in range(3)))

    purposes = await column(database, messages.c.purpose)
    assert sum(one["reminded"] for one in reminded) == purposes.count("reminder") == 120
    assert sum(told) == purposes.count("alert") == 1
    assert sum(cuts) == (await column(database, conversations.c.state)).count("cut") == 20


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
@pytest.mark.postgres
async def test_stop_on_one_phone_while_another_is_answering_and_reminded(database, shelf, desk, say, clock):
    """Three processes at once, for people with two phones each: whoever said STOP gets nothing more anywhere."""
    firsts, seconds = ([f"+1503555{n}{m:03}" for m in range(30)] for n in (1, 2))
    for first, second in zip(firsts, seconds, strict=True):
        await say("START", sender=first)
        await say("START", sender=second)
    async with database.begin() as db:
        for first, second in zip(firsts, seconds, strict=True):
            whose = select(addresses.c.person_id).where(addresses.c.address == first).scalar_subquery()
            await db.execute(update(addresses).where(addresses.c.address == second).values(person_id=whose))
    await gone_out(database, clock())
    clock.forward(hours=24)

    def all_say(text, phones):
        inbox = Inbox(database, shelf, desk, clock)
        heard = (Received("sms", f"{text}-{one}", one, "+1", text, language="en") for one in phones)
        return asyncio.gather(*(inbox.hear([one]) for one in heard))

    stopped, answered, *_ = await asyncio.gather(
        all_say("STOP", firsts), all_say("no", reversed(seconds)), remind(database, shelf, desk, clock())
    )

    assert stopped == [["stopped"]] * 30
    assert len(answered) == 30
    assert set(await column(database, addresses.c.suppressed)) == {"stopped"}
    assert set(await column(database, conversations.c.state)) <= {"refused", "partial"}
    async with database.read() as db:
        left = select(messages.c.id).where(messages.c.state == "queued", messages.c.purpose != "farewell")
        assert (await db.execute(left)).all() == []
    assert (await column(database, messages.c.text)).count("no") == 30


# Anonymous surveys


async def test_which_quota_somebody_counted_for_is_cut_from_them_too(database, say, clock, new_id):
    await say("JOIN LUNCH")
    await say("yes")

    assert await cut(database, clock(), new_id) == 1

    async with database.read() as db:
        counted = (
            select(people.c.external_id)
            .join(conversations, conversations.c.person_id == people.c.id)
            .join(quota_fills, quota_fills.c.conversation_id == conversations.c.id)
        )
        (whose,) = (await db.execute(counted)).scalars()
    assert whose.startswith("answers:anonymous:")


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
@pytest.mark.postgres
async def test_nobody_is_cut_in_the_middle_of_a_message(database, say, clock, new_id):
    await say("JOIN LUNCH")
    await say("yes")

    async with database.begin() as db:  # the inbox is hearing somebody
        await db.execute(select(addresses.c.id).with_for_update())
        assert await cut(database, clock(), new_id) == 0

    assert await cut(database, clock(), new_id) == 1


# Many at once


async def test_quotas_hold_among_those_who_answer_in_the_same_moment(database, inbox):
    phones = [f"+1503555{n:04}" for n in range(4)]
    for step, text in enumerate(["START", "yes", "it broke down", "no more"]):
        heard = [Received("sms", f"SM{step}-{phone}", phone, "+1", text, language="en") for phone in phones]
        await inbox.hear(heard)

    assert sorted(await column(database, conversations.c.state)).count("screened") == 2


async def test_a_transaction_takes_as_many_statements_for_thirty_people_as_for_two(
    database, shelf, desk, clock
):
    counted: list[str] = []
    event.listen(
        database.writer.sync_engine,
        "before_cursor_execute",
        lambda _, __, statement, *more: counted.append(statement.split()[0]),
    )

    async def spent(people, *texts):
        inbox = Inbox(database, shelf, desk, clock)
        phones, spent = [f"+1503{people:03}{n:04}" for n in range(people)], []
        for step, text in enumerate(texts):
            counted.clear()
            await inbox.hear([Received("sms", f"{p}-{step}", p, "+1", text, language="en") for p in phones])
            spent.append(len(counted))
        return spent[1:]  # whoever is new is entered one by one

    said = "START", "no", "it broke down", "and the driver", "español", "nada", "HELP"

    assert await spent(30, *said) == await spent(2, *said)
