"""openline inbox: who waits, what they wrote, and an answer that somebody has read before it goes. On both databases."""

from __future__ import annotations

import re

import pytest
from dialogue_world import ANSWER_ES, ANSWER_HT, KNOWN, LATE, LATE_EN, STAFF, Machine, school

from bot import staff
from bot.app import opened
from bot.cli.root import Problem
from bot.dialogue.people import short
from bot.store.tables import messages


@pytest.fixture
async def town(url, clock):
    async with school(url, clock) as made:
        async with made.app.database.begin() as db:
            await staff.add(db, clock(), STAFF, "Ines Muster")
        yield made


@pytest.fixture
def openline(typed, monkeypatch):
    for name, value in {
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "x",
        "TWILIO_FROM": "+15550000000",
        "ALLOW_DRAFTS": "true",
        "START_SURVEY": "",
        "TIMEZONE": "America/New_York",
    }.items():
        monkeypatch.setenv(f"OPENLINE_{name}", value)
    engines = (Machine(KNOWN),)
    monkeypatch.setitem(opened.__wrapped__.__kwdefaults__, "translators", engines)
    return typed


@pytest.fixture
async def mother(town):
    person, number = await town.person("ht", name="Mirlande", school="Marsh Lane", groups={"grade": "3"})
    await town.says(number, LATE)
    await town.understands()
    return short(person), number


def mark(told):
    return re.search(r"Draft ([0-9a-f]{8})", told)[1]


async def queued(town):
    return await town.column(messages.c.text, messages.c.state == "queued")


async def test_the_list_says_who_waits_and_nobodys_words_or_number(town, openline, mother):
    town.clock.forward(minutes=97)

    (line,) = (await openline("inbox")).splitlines()
    with_words = await openline("inbox", "--words")

    assert line.split("  ")[0] == mother[0]
    assert "1 h 37 min" in line
    assert "Haitian Creole" in line
    assert "1 waiting" in line
    assert all(private not in line for private in (LATE, "Mirlande", mother[1]))
    assert LATE in with_words
    assert "Mirlande" in with_words
    assert mother[1] not in with_words


async def test_a_list_of_nobody_says_so(town, openline):
    assert "Nobody waits" in await openline("inbox")
    with pytest.raises(Problem, match="no campaign"):
        await openline("inbox", "--campaign", "thanks")


async def test_a_thread_shows_the_words_and_the_translation_and_the_number_only_on_request(
    town, openline, mother
):
    told = await openline("inbox", "show", mother[0])
    private = await openline("inbox", "show", mother[0], "--number", "--household")

    assert LATE in told
    assert LATE_EN in told
    assert "English (machine:test, fair):" in told
    assert "waits for an answer" in told
    assert "grade: 3" in told
    assert mother[1] not in told
    assert mother[1] in private
    assert "household: 1" in private


async def test_a_thread_in_danger_and_stopped_says_so_on_top(town, openline, mother):
    await town.says(mother[1], "I want to die")
    await town.says(mother[1], "STOP")

    told = await openline("inbox", "show", mother[0])
    listed = await openline("inbox")

    assert "THEY HAVE ASKED US TO STOP" in told
    assert re.search(r"ALERT [0-9a-f]{8} may speak of harming themselves", told)
    assert "ALERT: openline alerts" in listed
    with pytest.raises(Problem, match="asked us to stop"):
        await openline("inbox", "reply", mother[0], "Hello")


async def test_without_a_terminal_a_reply_is_only_shown(town, openline, mother):
    told = await openline("inbox", "reply", mother[0], ANSWER_ES, "--from", "es")

    assert ANSWER_HT in told
    assert "Translated by machine:test: fair." in told
    assert "Hablé con la oficina del autobús" in told
    assert "Nothing was sent." in told
    assert await queued(town) == []


async def test_a_machines_words_go_only_with_the_mark_of_the_draft_that_was_read(town, openline, mother):
    reply = "inbox", "reply", mother[0], ANSWER_ES, "--from", "es"
    read = mark(await openline(*reply))
    unread = await openline(*reply, "--yes")
    with pytest.raises(Problem, match="another draft"):
        await openline(*reply, "--yes", "--draft", "0" * 8)
    before = await queued(town)

    sent = await openline(*reply, "--yes", "--draft", read)
    with pytest.raises(Problem, match="another draft"):  # a script that is run twice
        await openline(*reply, "--yes", "--draft", read)

    assert "Nothing was sent." in unread
    assert before == []
    assert "It is on its way." in sent
    (text,) = await queued(town)
    assert text.startswith(ANSWER_HT)
    assert "Nobody waits" in await openline("inbox")


async def test_a_reply_may_go_as_it_was_written_and_be_read_from_standard_input(town, openline, mother):
    told = await openline(
        "inbox", "reply", mother[0], "-", "--as-written", "--yes", said="We will see to it.\n"
    )

    assert "It is on its way." in told
    assert await queued(town) == ["We will see to it."]


async def test_what_cannot_be_translated_is_not_sent_and_says_what_can_be_done(town, openline, mother):
    with pytest.raises(Problem, match=r"no translation into Haitian Creole.*--as-written"):
        await openline("inbox", "reply", mother[0], "Something that nobody has translated.")
    assert await queued(town) == []


async def test_a_saved_reply_goes_in_the_words_of_the_person_who_translated_it(town, openline, mother):
    added = await openline(
        "inbox", "saved", "add", "look", "We will look into it.", "--in", "ht=N ap chèche konnen."
    )
    shown = await openline("inbox", "saved", "list")
    sent = await openline("inbox", "reply", mother[0], "--saved", "look", "--yes")
    removed = await openline("inbox", "saved", "remove", "look")

    assert "2 languages" in added
    assert "ht       N ap chèche konnen." in shown
    assert "It is on its way." in sent
    assert await queued(town) == ["N ap chèche konnen."]
    assert "removed" in removed
    for command in (
        ["remove", "look"],
        ["add", "Look!", "Hi", "--in", "ht=Alo"],
        ["add", "look", "Hi", "--in", "ht"],
    ):
        with pytest.raises(Problem):
            await openline("inbox", "saved", *command)
    with pytest.raises(Problem, match="no saved reply"):
        await openline("inbox", "reply", mother[0], "--saved", "look")


async def test_what_needs_no_answer_is_done(town, openline, mother):
    assert "1 message waits no more." in await openline("inbox", "done", mother[0])
    assert "Nothing waited." in await openline("inbox", "done", mother[0])
    assert "answered" in await openline("inbox", "--all")


async def test_a_wrong_id_or_account_is_told(town, openline, mother):
    with pytest.raises(Problem, match="There is nobody"):
        await openline("inbox", "show", "00000000")
    with pytest.raises(Problem, match="No account"):
        await openline("inbox", "reply", mother[0], "Hello", "--by", "kim@example.org")
