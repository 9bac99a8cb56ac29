"""openline review: a sitting at the terminal, readings one by one, figures in plain words. On both databases."""

from __future__ import annotations

import json
import re

import pytest
from review_world import BUS, FEES, ILL, MACHINE, room
from sqlalchemy import update

from bot.cli.review import take
from bot.cli.root import Problem
from bot.dialogue.people import short
from bot.reviewing import drawing
from bot.store.tables import answers

BY = ("--by", "ines@school.example")
KIM = ("--by", "kim@school.example")


@pytest.fixture
async def school(url, clock, tmp_path):
    async with room(url, clock, tmp_path, readers=("ines", "kim")) as made:
        yield made


@pytest.fixture
def openline(typed, monkeypatch):
    monkeypatch.setenv("OPENLINE_START_SURVEY", "")
    monkeypatch.setenv("OPENLINE_DOUBLE_SHARE", "0")
    return typed


async def test_a_sitting_shows_the_words_and_why_and_chooses_nothing_beforehand(school, openline):
    answer = await school.says("the bus is late and we cannot pay", themes=(BUS, ILL))

    told = await openline("review", "start", *BY, said="q\n")

    assert "    the bus is late and we cannot pay" in told
    assert "Asked: What made it hard?" in told
    assert (
        f"1 [ ] {school.app.books.bundled[BUS].label} ({BUS})  80%; words: bus; like “The bus is late.”"
        in told
    )
    assert "[x]" not in told
    assert "decided on 0 replies" in told
    assert await school.readings(answer) == {}


@pytest.mark.parametrize(
    ("keys", "given"),
    [
        ("a\n", {BUS, ILL}),
        ("1\n\n", {BUS}),
        ("1 2\n1\n\n", {ILL}),  # chosen, and left out again
        ("n\n", set()),
        ("\n1\n\n", {BUS}),  # Enter alone decides nothing
        ("/money\n3\n\n", {FEES}),
        ("2\n/money\n3\n\n", {ILL, FEES}),
        ("9\nx\n?\n?1\n1\n\n", {BUS}),
    ],
)
async def test_themes_are_chosen_by_their_keys(school, openline, keys, given):
    answer = await school.says(themes=(BUS, ILL))

    told = await openline("review", "start", *BY, said=keys)

    assert "decided on 1 reply" in told
    assert "Nothing is left to read." in told
    assert await school.decided(answer) == school.readers[0]
    assert await school.themes(answer) == given


async def test_the_keys_explain_themselves(school, openline):
    await school.says()

    told = await openline("review", "start", *BY, said="?\n?1\n/zzzz\n7\n\nhello\nq\n")

    assert "none: no theme of the codebook fits" in told
    assert school.app.books.bundled[BUS].definition in told
    assert "No theme has “zzzz”" in told
    assert "There is no theme 7 here" in told
    assert "If no theme fits, type n" in told
    assert "“hello” is no key" in told


async def test_a_reply_is_passed_over_and_a_decision_is_taken_back(school, openline):
    one, two = await school.says(doubt=0.9), await school.says(doubt=0.1)

    told = await openline("review", "start", *BY, said="a\nu\nn\ns\n")

    assert told.count(short(one)) == 2  # seen again after u
    assert await school.themes(one) == set()
    assert await school.readings(two) == {}
    assert "Nothing is left" in told
    assert "Nothing was decided in this sitting" in await openline("review", "start", *KIM, said="u\nq\n")


async def test_what_two_read_has_no_suggestions(school, openline):
    answer = await school.says(themes=(BUS,))
    await openline("review", "draw", "--reply", short(answer), "--double")

    told = await openline("review", "start", *BY, said="a\n/bus_service\n1\n\n")
    with pytest.raises(Problem, match="without suggestions"):
        await openline("review", "decide", short(answer), "--accept", *KIM)

    assert "read by two people, each without suggestions" in told
    assert "80%" not in told
    assert "Nothing is suggested" in told
    assert await school.themes(answer, school.readers[0]) == {BUS}


async def test_words_that_have_come_meanwhile_are_not_decided_about(school, openline, monkeypatch):
    answer = await school.says("the bus")

    async def taken(service, *given):
        found = await take(service, *given)
        async with service.database.begin() as db:
            await db.execute(update(answers).values(heard="the bus and the fees"))
        return found

    monkeypatch.setattr("bot.cli.review_start.take", taken)
    told = await openline("review", "start", *BY, said="a\nn\n")

    assert "More words of this reply have come" in told
    assert "the bus and the fees" in told
    assert await school.themes(answer) == set()


async def test_the_next_is_shown_and_decided_by_its_id(school, openline):
    answer = await school.says(themes=(BUS, ILL))

    shown = await openline("review", "next", *BY)
    decided = await openline("review", "decide", short(answer), ILL, FEES, *BY, "--note", "see the nurse")

    assert f"openline review decide {short(answer)} THEME" in shown
    assert f"{short(answer)}: {ILL}, {FEES}" in decided
    assert await school.themes(answer) == {ILL, FEES}
    assert (await school.readings(answer))[school.readers[0]].note == "see the nurse"
    assert "Nothing is left" in await openline("review", "next", *BY)
    await openline("review", "decide", short(answer), "--accept", *BY)
    assert await school.themes(answer) == {BUS, ILL}
    assert "taken back" in await openline("review", "undo", *BY)
    assert await school.decided(answer) is None


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("decide", "{id}", *BY), "Name every theme"),
        (("decide", "{id}", BUS, "--none", *BY), "Name every theme"),
        (("decide", "{id}", "transport.bus", *BY), "Did you mean .*transport.bus_service"),
        (("decide", "00000000", BUS, *BY), "There is no reply 00000000"),
        (("decide", "{id}", BUS, "--by", "joe@school.example"), "joe@school.example"),
        (("decide", "{id}", BUS), "--by"),
        (("agree", "{id}", BUS, *BY), "Nobody has read"),
        (("undo", *BY), "nothing of yours"),
        (("undo", "{id}", *BY), "nothing of yours"),
        (("next", "--survey", "none", *BY), "no survey none"),
    ],
)
async def test_what_cannot_be_done_says_why(school, openline, arguments, told):
    answer = await school.says()

    with pytest.raises(Problem, match=told):
        await openline("review", *(each.format(id=short(answer)) for each in arguments))

    assert await school.readings(answer) == {}


async def test_disagreements_are_listed_without_words_and_settled(school, openline, clock):
    answer = await school.says("the bus and the nurse")
    await school.decide(answer, BUS)
    await school.decide(answer, ILL, reader=1)

    listed = await openline("review", "disagreements")
    worded = await openline("review", "disagreements", "--words")
    await openline("review", "agree", short(answer), BUS, ILL, *KIM)

    assert "the bus and the nurse" not in listed
    assert "    the bus and the nurse" in worded
    assert f"  Ines: {BUS}" in listed
    assert f"  Kim: {ILL}" in listed
    assert await school.themes(answer) == {BUS, ILL}
    assert "differ on nothing" in await openline("review", "disagreements")
    clock.forward(minutes=1)
    assert "What was agreed on counts" in await openline("review", "decide", short(answer), BUS, *BY)
    await openline("review", "undo", short(answer), *KIM)
    assert await school.themes(answer) == {BUS}


async def test_status_counts_and_is_data_for_programs(school, openline):
    for language in ("en", "en", "so"):
        await school.says(language=language)
    assert "3 replies are drawn, one reader each." in await openline("review", "draw", "--count", "3")
    await openline("review", "start", *BY, said="a\n")

    told = await openline("review", "status")
    plain = json.loads(await openline("review", "status", "bus", "--json"))

    assert "people have decided on 1 of 3 replies" in told
    assert "1 of them were drawn by lot" in told
    assert re.search(r"English .* of 2", told)
    assert "read by Ines: 1" in told
    assert (plain["decided"], plain["coded"], plain["readers"]) == (1, 3, {"Ines": 1})


async def test_figures_are_plain_words_and_flag_small_numbers(school, openline):
    nothing = await openline("review", "figures")
    said = [await school.says(themes=(BUS,)) for _ in range(12)]
    async with school.app.database.begin() as db:
        await drawing.by_lot(school.app, db, "bus", 12)
    for at, answer in enumerate(said):
        await school.decide(answer, *((BUS,) if at < 9 else (ILL,)))
        await school.decide(answer, *((BUS,) if at < 7 else (ILL,)), reader=1)

    told = await openline("review", "figures", "bus")
    plain = json.loads(await openline("review", "figures", "--json"))

    label = school.app.books.bundled[BUS].label
    assert "No reply has been read by two people yet" in nothing
    assert "No reply that was drawn by lot" in nothing
    assert "12 replies were read by two or more of 2 readers." in told
    assert "only 12 answers were read twice" in told
    assert f"Talk about: {label}, read differently in 2 of 9" in told or "Talk about: " in told
    assert "fewer than 30" in told
    assert "12 of them were read with its suggestions in view" in told
    assert re.search(
        rf"{re.escape(label)}: 7 of 12 that it gave were right \(likely between \d+% and \d+%\)", told
    )
    assert plain["machine"]["themes"][BUS]["both"] == 7
    assert plain["people"]["verdict"]["word"] in ("reliable", "tentative", "not reliable")


async def test_machine_codes_stay(school, openline):
    answer = await school.says(themes=(BUS,))
    await openline("review", "decide", short(answer), "--none", *BY)

    assert await school.themes(answer, MACHINE) == {BUS}
