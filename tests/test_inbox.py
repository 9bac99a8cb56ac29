"""The inbox: nothing lost, nothing doubled, and a STOP is a STOP."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sayings import SURVEY, column
from sqlalchemy import func, insert, select, update

import survey_flows
from bot.inbox import Inbox
from bot.listening import Desk
from bot.shelf import Shelf
from bot.store.tables import (
    addresses,
    answers,
    consents,
    conversations,
    messages,
    people,
)
from channels.base import Receipt, Received, SendFailed


@pytest.fixture
async def desk(database, clock, new_id):
    survey = survey_flows.loads(SURVEY, "bus")
    async with database.begin() as db:
        id_ = await Shelf().publish(db, survey, clock(), new_id)
    return Desk("Riverbend schools", True, (id_, survey), new_id)


@pytest.fixture
def inbox(database, desk, clock):
    return Inbox(database, Shelf(), desk, clock)


@pytest.fixture
def say(inbox):
    """Say something from an address; the provider's id is made up unless given."""
    count = iter(range(10_000))

    async def say(text: str = "", id_: str = "", sender: str = "+15035550101", **more: object) -> str:
        message = Received(
            "sms", id_ or f"SM{next(count)}", sender, "+15035550100", text, **({"language": "es"} | more)
        )
        return (await inbox.hear([message]))[0]

    return say


async def sent(database) -> list[str]:
    async with database.read() as db:
        rows = await db.execute(
            select(messages.c.text)
            .where(messages.c.direction == "out", messages.c.state != "cancelled")
            .order_by(messages.c.id)
        )
    return list(rows.scalars())


async def test_a_family_is_asked_answers_and_is_thanked(database, say):
    said = [await say("START"), await say("3"), await say("la guagua no pasa")]

    texts = await sent(database)
    async with database.read() as db:
        kept = (await db.execute(select(answers.c.question, answers.c.value, answers.c.heard))).all()
    assert said == ["started", "answered", "answered"]
    assert [tuple(row) for row in kept] == [
        ("hard", "very", "3"),
        ("why", "la guagua no pasa", "la guagua no pasa"),
    ]
    assert "Responda STOP" in texts[0]
    assert texts[-1] == "Gracias. Le diremos qué haremos."
    assert await column(database, conversations.c.state) == ["complete"]


async def test_a_webhook_delivered_twice_is_answered_once(database, say):
    await say("START", "SM-1")
    await say("3", "SM-2")

    again = await say("3", "SM-2")

    assert again == "duplicate"
    assert len(await sent(database)) == 2
    assert len(await column(database, answers.c.id)) == 1


async def test_the_same_webhook_ten_times_at_once_is_one_answer_and_one_reply(database, desk, clock):
    doors = [Inbox(database, Shelf(), desk, clock) for _ in range(5)]  # as five processes would
    start = Received("sms", "SM-1", "+15035550101", "us", "START")
    once = Received("sms", "SM-2", "+15035550101", "us", "2")
    await doors[0].hear([start])

    outcomes = await asyncio.gather(*(door.hear([once]) for door in doors * 2))

    assert sorted(o[0] for o in outcomes) == ["answered"] + ["duplicate"] * 9
    assert len(await column(database, answers.c.id)) == 1
    assert len(await sent(database)) == 2


async def test_many_people_writing_at_once_are_all_heard(database, desk, clock):
    doors = [Inbox(database, Shelf(), desk, clock) for _ in range(3)]
    people_ = [f"+1503555{n:04}" for n in range(60)]

    for step, text in enumerate(["START", "3", "no bus"]):
        await asyncio.gather(
            *(
                doors[n % 3].hear([Received("sms", f"{step}-{n}", number, "us", text)])
                for n, number in enumerate(people_)
            )
        )

    assert len(await column(database, answers.c.id)) == 120
    assert set(await column(database, conversations.c.state)) == {"complete"}
    assert len(await sent(database)) == 180


async def test_messages_of_one_person_that_come_together_are_taken_in_their_order(database, inbox):
    texts = ["START", "2", "the bus is late"]

    outcomes = await inbox.hear(
        [Received("sms", f"SM{n}", "+15035550101", "us", text) for n, text in enumerate(texts)]
    )

    assert outcomes == ["started", "answered", "answered"]
    assert await column(database, answers.c.heard) == ["2", "the bus is late"]


async def test_what_cannot_be_read_is_asked_again_once_and_then_kept(database, say):
    await say("START")

    await say("???")
    await say("mañana")

    assert await column(database, answers.c.understood) == [False, False]
    assert await column(database, answers.c.heard) == ["???", "mañana"]
    assert len(await sent(database)) == 3


async def test_stop_ends_everything_and_is_confirmed_once(database, say):
    await say("START")
    await say("STOP")
    texts = await sent(database)

    await say("stop")
    await say("y otra cosa")

    assert len(texts) == 1  # the question that was queued is not sent; the confirmation is
    assert await sent(database) == texts
    assert await column(database, conversations.c.state) == ["refused"]
    assert await column(database, addresses.c.suppressed) == ["stopped"]
    assert await column(database, consents.c.event) == ["granted", "stopped", "stopped"]
    assert "y otra cosa" in await column(database, messages.c.text)


async def test_a_stop_that_the_provider_has_confirmed_gets_no_second_reply(database, say):
    await say("START")

    outcome = await say("STOP", word="stop", answered=True)

    assert outcome == "stopped"
    assert await sent(database) == []
    assert await column(database, consents.c.source) == ["message", "provider"]


async def test_a_stop_on_one_address_is_a_stop_on_all_of_them(database, say, clock, new_id):
    await say("START")
    (person,) = await column(database, people.c.id)
    async with database.begin() as db:
        await db.execute(
            insert(addresses).values(
                id=new_id(), person_id=person, channel="telegram", address="77", created_at=clock()
            )
        )

    await say("ALTO")

    assert await column(database, addresses.c.suppressed) == ["stopped", "stopped"]


async def test_start_takes_up_where_stop_left_off(database, say):
    await say("START")
    await say("2")
    await say("STOP")

    outcome = await say("START")

    last = (await sent(database))[-1]
    assert outcome == "started"
    assert "¿Qué lo hizo difícil?" in last
    assert await column(database, conversations.c.state) == ["started"]
    assert await column(database, addresses.c.suppressed) == [None]


async def test_naming_a_language_changes_it_and_asks_again_in_it(database, say):
    await say("START")

    outcome = await say("English")

    assert outcome == "language"
    assert "Was it hard" in (await sent(database))[-1]
    assert await column(database, people.c.language) == ["en"]
    assert await column(database, people.c.language_by) == ["person"]


async def test_help_is_answered_and_the_question_still_waits(database, say):
    await say("START")
    await say("AYUDA")

    outcome = await say("1")

    assert outcome == "answered"
    assert any("988" in text for text in await sent(database))


async def test_a_button_answers_its_question_and_pressed_later_corrects_it(database, say):
    await say("START")
    async with database.read() as db:
        options = (
            await db.execute(select(messages.c.options).where(messages.c.options.is_not(None)))
        ).scalar()

    said = [await say(choice=payload) for payload in (options[2][0], options[1][0])]
    said.append(await say(choice="0123456789ab:hard:very"))

    assert said == ["answered", "answered", "stale"]
    assert await column(database, answers.c.value) == ["very", "a_little"]


async def test_the_name_of_the_language_we_speak_is_an_answer_and_not_a_command(database, say):
    await say("START")
    await say("3")

    await say("español")

    assert (await column(database, answers.c.heard))[-1] == "español"
    assert await column(database, conversations.c.state) == ["complete"]


async def test_words_after_the_end_are_heard_too(database, say):
    await say("START")
    await say("1")

    await say("y también hace mucho frío en la parada")

    assert (await column(database, answers.c.heard))[-1] == "y también hace mucho frío en la parada"
    assert await column(database, conversations.c.state) == ["complete"]


async def test_someone_unknown_who_just_writes_is_kept_and_not_answered(database, say):
    outcome = await say("buenos días a todos")

    assert outcome == "kept"
    assert await sent(database) == []
    assert await column(database, messages.c.text) == ["buenos días a todos"]


async def test_a_text_nobody_approved_is_not_sent(database, clock, new_id):
    drafted = survey_flows.loads(SURVEY.replace("drafted: []", "drafted: [es]"), "bus")
    async with database.begin() as db:
        id_ = await Shelf().publish(db, drafted, clock(), new_id)
    inbox = Inbox(database, Shelf(), Desk("Riverbend", False, (id_, drafted), new_id), clock)

    await inbox.hear([Received("sms", "SM1", "+15035550101", "us", "START", language="es")])

    assert "Was it hard" in (await sent(database))[0]


# SQLite takes any length and any character: there nothing fails.
@pytest.mark.postgres
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_a_message_that_cannot_be_stored_fails_alone(database, inbox):
    good = [Received("sms", f"SM{n}", f"+1503555{n:04}", "us", "START") for n in range(3)]
    bad = Received("sms", "SM-bad", "x" * 300, "us", "\x00")

    outcomes = await asyncio.gather(
        *(inbox.hear([m]) for m in [good[0], bad, *good[1:]]), return_exceptions=True
    )

    assert [o for o in outcomes if o == ["started"]] == [["started"]] * 3
    assert isinstance(outcomes[1], Exception)
    assert len(await column(database, people.c.id)) == 3


def report(message: object, status: str, **more: object) -> Receipt:
    return Receipt("sms", "SM-out-1", status, str(message), **more)


async def test_receipts_out_of_order_never_step_back(database, inbox, say):
    await say("START")
    (id_,) = (await column(database, messages.c.id))[1:]
    async with database.begin() as db:
        await db.execute(update(messages).where(messages.c.id == id_).values(state="sending"))

    said = [
        (await inbox.hear([report(id_, status)]))[0]
        for status in ("delivered", "sent", "delivered", "queued")
    ]

    assert said == ["settled", "old news", "old news", "old news"]
    assert (await column(database, messages.c.state))[1] == "delivered"
    assert (await column(database, messages.c.provider_id))[1] == "SM-out-1"


async def test_a_receipt_that_says_opted_out_ends_the_conversation(database, inbox, say):
    await say("START")
    (id_,) = (await column(database, messages.c.id))[1:]
    async with database.begin() as db:
        await db.execute(update(messages).where(messages.c.id == id_).values(state="sent"))

    await inbox.hear([report(id_, "failed", code="21610", failure=SendFailed("opted out", "stop"))])

    assert await column(database, addresses.c.suppressed) == ["stopped"]
    assert await column(database, conversations.c.state) == ["refused"]


async def test_a_receipt_for_nothing_of_ours_changes_nothing(database, inbox):
    said = await inbox.hear([Receipt("sms", "SM-x", "delivered", "not-a-uuid")])

    async with database.read() as db:
        count = (await db.execute(select(func.count()).select_from(messages))).scalar_one()
    assert (said, count) == (["unknown"], 0)


async def test_a_receipt_that_says_later_has_the_message_sent_again_and_at_last_given_up(
    database, inbox, say, clock
):
    await say("START")
    (id_,) = (await column(database, messages.c.id))[1:]
    off = SendFailed("phone off", "retry", code="30003", after=timedelta(hours=24))
    states = []

    for attempt in (1, 2, 3):
        async with database.begin() as db:
            values = {"state": "sent", "attempts": attempt, "provider_id": f"SM-{attempt}"}
            await db.execute(update(messages).where(messages.c.id == id_).values(**values))
        await inbox.hear([Receipt("sms", f"SM-{attempt}", "failed", str(id_), "30003", off)])
        states.append((await column(database, messages.c.state))[1])

    async with database.read() as db:
        due = (await db.execute(select(messages.c.due_at).where(messages.c.id == id_))).scalar()
    assert states == ["queued", "queued", "failed"]
    assert due == clock() + timedelta(hours=24)


async def test_a_receipt_that_blames_our_account_rests_the_channel(database, inbox, say, clock):
    await say("START")
    await say("START", sender="+15035550102")
    (first,) = (await column(database, messages.c.id))[1:2]
    async with database.begin() as db:
        await db.execute(
            update(messages)
            .where(messages.c.id == first)
            .values(state="sent", attempts=1, provider_id="SM-1")
        )

    await inbox.hear(
        [Receipt("sms", "SM-1", "failed", str(first), "30034", SendFailed("not registered", "halt"))]
    )

    async with database.read() as db:
        due = list(
            (
                await db.execute(
                    select(messages.c.due_at).where(messages.c.state == "queued").order_by(messages.c.id)
                )
            ).scalars()
        )
    assert len(due) == 2
    assert min(due) == clock() + timedelta(minutes=30)


async def test_who_writes_again_from_a_number_given_up_takes_up_where_they_were(database, inbox, say):
    await say("START")
    (id_,) = (await column(database, messages.c.id))[1:]
    async with database.begin() as db:
        await db.execute(update(messages).where(messages.c.id == id_).values(state="sent"))
    await inbox.hear([report(id_, "failed", code="30005", failure=SendFailed("unknown number", "dead"))])
    given_up = await column(database, conversations.c.state)

    outcome = await say("3")

    assert given_up == ["unreachable"]
    assert outcome == "answered"
    assert await column(database, conversations.c.state) == ["started"]
    assert await column(database, addresses.c.suppressed) == [None]


async def test_a_defect_of_ours_costs_nobody_their_words(database, inbox, say, monkeypatch):
    await say("START")

    def broken(*_: object) -> None:
        raise KeyError("a defect")

    monkeypatch.setattr(survey_flows, "hear", broken)
    outcome = await say("la guagua no pasa")

    assert outcome == "kept"
    assert "la guagua no pasa" in await column(database, messages.c.text)
    assert await column(database, answers.c.id) == []


async def test_a_database_that_restarts_turns_nobody_away(database, inbox, say, monkeypatch):
    failures = iter([ConnectionRefusedError("away"), ConnectionResetError("away")])
    begin = database.begin

    def unsteady():
        failure = next(failures, None)
        if failure is not None:
            raise failure
        return begin()

    monkeypatch.setattr(database, "begin", unsteady)

    assert await say("START") == "started"


async def test_an_opt_out_that_the_provider_reports_is_one_on_all_addresses(
    database, inbox, say, clock, new_id
):
    await say("START")
    (person,) = await column(database, people.c.id)
    (id_,) = (await column(database, messages.c.id))[1:]
    async with database.begin() as db:
        row = {"id": new_id(), "person_id": person, "channel": "telegram", "address": "77"}
        await db.execute(insert(addresses).values(**row, created_at=clock()))
        await db.execute(update(messages).where(messages.c.id == id_).values(state="sent"))

    await inbox.hear([report(id_, "failed", failure=SendFailed("opted out", "stop"))])

    assert await column(database, addresses.c.suppressed) == ["stopped", "stopped"]
    assert sorted(await column(database, consents.c.source)) == ["another address", "message", "provider"]


async def test_a_failure_of_an_earlier_send_does_not_undo_the_later_one(database, inbox, say):
    await say("START")
    (id_,) = (await column(database, messages.c.id))[1:]
    async with database.begin() as db:
        values = {"state": "sent", "attempts": 2, "provider_id": "SM-2"}
        await db.execute(update(messages).where(messages.c.id == id_).values(**values))

    said = await inbox.hear(
        [Receipt("sms", "SM-1", "failed", str(id_), "30003", SendFailed("phone off", "retry"))]
    )

    assert said == ["old news"]
    assert (await column(database, messages.c.state))[1] == "sent"
