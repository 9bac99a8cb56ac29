"""Where talks with families meet a STOP, danger, a holiday, or somebody else who is quicker."""

from __future__ import annotations

from datetime import timedelta

import pytest
from dialogue_world import LATE, STAFF, asked, school
from sqlalchemy import insert

from bot.dialogue import reaching
from bot.dialogue.listing import Wanted, listed
from bot.dialogue.reaching import Refused
from bot.dialogue.saved import remove, save
from bot.dialogue.sending import done, send
from bot.dialogue.waiting import polite
from bot.store.tables import addresses, alerts, answers, conversations, messages


@pytest.fixture
async def town(url, clock):
    async with school(url, clock) as made:
        yield made


async def test_a_stop_ends_a_survey_that_has_stepped_aside(town):
    mother, number = await asked(town)
    await town.reply(mother, "We will see to it.", "as written")
    await town.sends()

    await town.says(number, "STOP")
    town.clock.forward(hours=25)
    looked = await town.reminds()

    assert await town.column(conversations.c.state) == ["partial"]
    assert await town.column(conversations.c.due_at) == [None]
    assert not looked


async def test_the_keyword_of_a_survey_that_has_stepped_aside_goes_on_with_it(town):
    mother, number = await asked(town)
    await town.reply(mother, "We will see to it.", "as written")
    await town.sends()

    await town.says(number, "JOIN BUS")
    (question,) = await town.sends()
    outcome = await town.says(number, "the bus is late")

    assert outcome == "answered"
    assert len(await town.column(conversations.c.state)) == 1
    assert await town.column(answers.c.heard) == ["3", "the bus is late"]
    assert question


@pytest.mark.parametrize("words", ["I want to die", "I would like to talk to a person"])
async def test_a_reply_takes_back_the_question_and_never_the_help_that_is_on_its_way(town, words):
    mother, number = await asked(town)
    await town.says(number, words)
    await town.reply(mother, "I am calling you now.", "as written")

    assert len(await town.sends()) == 2


async def test_a_reply_can_be_drafted_and_sent_at_once_while_a_school_is_closed(town, monkeypatch):
    monkeypatch.setattr(reaching, "opening", lambda *_: None)
    mother, _ = await town.person("en")

    made = await town.draft(mother, "Please call the office.")
    with pytest.raises(Refused, match="Send it now"):
        await send(town.app, mother, made.digest, STAFF, "as written")
    sent = await send(town.app, mother, made.digest, STAFF, "as written", now_please=True)

    assert made.due is None
    assert sent.due == town.clock()


async def test_a_translation_that_a_person_has_saved_since_takes_the_place_of_the_machines(town):
    mother, number = await town.person("ht")
    await town.says(number, LATE)
    by_machine = await town.draft(mother, "We will look into it.")

    await save(town.app, "look", "We will look into it.", "en", {"ht": "N ap gade sa."}, STAFF)
    by_person = await town.draft(mother, "We will look into it.")
    await save(town.app, "look", "We will look into it.", "en", {"ht": "N ap gade sa talè."}, STAFF)
    better = await town.draft(mother, "We will look into it.")
    await remove(town.app, "look")
    again = await town.draft(mother, "We will look into it.")

    assert (by_machine.text, by_machine.origin) == ("Nou pral gade sa.", "machine:test")
    assert (by_person.text, by_person.origin) == ("N ap gade sa.", "person")
    assert (better.text, better.origin) == ("N ap gade sa talè.", "person")
    assert again.digest == by_machine.digest


async def test_an_answer_to_staff_is_theirs_also_where_a_survey_has_not_asked_yet(town):
    await town.publish()
    mother, number = await town.person("en")
    await town.says(number, "JOIN BUS")
    later = town.clock() + timedelta(hours=3)
    await town.set(messages, messages.c.direction == "out", purpose="ask", priority=5, due_at=later)
    await town.set(conversations, heard_at=None)
    await town.reply(mother, "Which stop is it?", "as written")
    await town.sends()

    await town.says(number, "The one at the store")

    assert (await town.states())[-1] == "waiting"


async def test_a_channel_shows_whoever_waits_by_it_and_by_another_too(town):
    mother, number = await town.person("en")
    await town.says(number, "Is there school tomorrow?")
    async with town.app.database.begin() as db:
        address = {"id": town.app.new_id(), "person_id": mother, "channel": "telegram", "address": "77"}
        await db.execute(insert(addresses).values(**address, created_at=town.clock()))
        row = {
            "id": town.app.new_id(),
            "direction": "in",
            "purpose": "heard",
            "state": "waiting",
            "text": "Hello?",
        }
        row |= {"address_id": address["id"], "address": "77", "channel": "telegram", "language": "fr"}
        row |= {"created_at": town.clock(), "priority": 0, "attempts": 0}
        await db.execute(insert(messages).values(**row))

    async with town.app.database.read() as db:
        by = {channel: (await listed(db, Wanted(channel=channel)))[0] for channel in ("sms", "telegram")}
        french = (await listed(db, Wanted(language="fr"), order="longest"))[0]

    assert [line.text for line in by["sms"]] == ["Is there school tomorrow?"]
    assert [line.text for line in by["telegram"]] == ["Hello?"]
    assert [line.text for line in french] == ["Hello?"]


async def test_what_came_after_the_page_was_read_still_waits(town):
    mother, number = await town.person("en")
    await town.says(number, "Never mind.")
    read = (await town.thread(mother)).bubbles[-1].id
    await town.says(number, "But is there school tomorrow?")

    assert await done(town.app, mother, seen=read) == 1
    assert await town.states() == ["answered", "waiting"]


async def test_a_question_does_not_come_back_while_words_wait_that_nobody_had_seen(town):
    mother, number = await asked(town)
    await town.reply(mother, "Which stop?", "as written")
    await town.says(number, "The one at the store")
    read = (await town.thread(mother)).bubbles[-1].id
    await town.says(number, "And who will call me?")
    await town.sends()

    await done(town.app, mother, seen=read)
    await town.reminds()

    assert await town.sends() == []


@pytest.mark.parametrize(
    "text",
    [
        "\u0645\u06cc\u200c\u0622\u06cc\u062f",
        "\U0001f469\u200d\U0001f467 Yes!",
        "\u200f\u0646\u0639\u0645",
        "Monday\u200b only",
    ],
)
async def test_letters_that_join_or_turn_others_are_part_of_a_text(town, text):
    mother, _ = await town.person("en")

    assert (await town.draft(mother, text)).as_written.text


async def test_a_draft_of_the_day_before_yesterday_is_not_sent(town):
    mother, number = await town.person("ht")
    await town.says(number, LATE)
    made = await town.draft(mother, "We will look into it.")
    town.clock.forward(hours=49)

    with pytest.raises(LookupError, match="a day has passed"):
        await send(town.app, mother, made.digest, STAFF)


async def test_after_a_false_alarm_the_question_comes_back_within_a_day(town):
    mother, number = await asked(town)
    await town.says(number, "I want to die")
    await town.reply(mother, "I am calling you now.", "as written")
    await town.sends()
    await done(town.app, mother)
    town.clock.forward(hours=25)
    await town.reminds()
    alarmed = await town.sends()

    await town.set(alerts, state="closed", outcome="false_alarm")
    town.clock.forward(hours=25)
    await town.reminds()

    assert alarmed == []
    assert [text.startswith("Now back") for text in await town.sends()] == [True]


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("👍🏽", "heard"),
        ("❤️!", "heard"),
        ("...", "heard"),
        ("???", "waiting"),
        ("؟", "waiting"),
        ("🆘", "waiting"),
    ],
)
async def test_signs_wait_unless_they_are_friendly(town, text, state):
    _, number = await town.person("en")
    await town.says(number, text)

    assert await town.states() == [state]


def test_a_greeting_that_asks_is_no_mere_politeness():
    assert not polite("Hello?", "en")
    assert polite("Hello!", "en")
