"""openline publish: words that start a survey, which survey holds them, and how they pass on. On both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.app import opened
from bot.cli.root import Problem
from bot.settings import Settings
from bot.store.tables import conversations, surveys
from channels.base import Received

BUS = """
survey: bus
title: The bus
intro: "{school} asks about the bus. Reply STOP to end."
keywords: [BUS, Ride]
questions:
  - {key: late, kind: yesno, text: Was the bus late?}
"""


@pytest.fixture
def file(tmp_path):
    def file(text, name="bus.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return file


async def say(url, clock, text, id_="SM1"):
    async with opened(Settings(_env_file=None, database_url=url), clock=clock, channels={}) as service:
        return await service.inbox.hear(
            [Received("sms", id_, "+15035550101", "+15035550100", text, language="en")]
        )


async def begun(database, what):
    async with database.read() as db:
        rows = await db.execute(select(what).join(conversations, conversations.c.survey_id == surveys.c.id))
        return list(rows.scalars())


async def test_a_published_survey_is_begun_by_its_keywords(url, database, clock, typed, file):
    assert await say(url, clock, "join ride", "SM0") == ["kept"]

    said = await typed("publish", file(BUS))
    listed = await typed("publish", "--list")

    assert "BUS starts it from now on: JOIN BUS" in said
    assert listed.splitlines() == ["BUS           bus", "RIDE          bus"]
    assert await say(url, clock, "Join Ride!") == ["started"]
    assert await begun(database, surveys.c.key) == ["bus"]


async def test_a_word_of_another_survey_is_moved_only_when_told_so(url, clock, typed, file):
    await typed("publish", file(BUS))
    other = file(BUS.replace("survey: bus", "survey: train").replace("Ride", "TRAIN"), "train.yaml")

    with pytest.raises(Problem, match=r"BUS starts bus\. Nothing was changed\..*--take"):
        await typed("publish", other)
    assert "train" not in await typed("publish", "--list")
    said = await typed("publish", other, "--take")

    assert "BUS starts it from now on (until now it started bus)" in said
    assert (await typed("publish", "--list")).splitlines() == [
        "BUS           train",
        "RIDE          bus",
        "TRAIN         train",
    ]


async def test_a_new_version_takes_its_words_along_and_drops_the_others(url, database, clock, typed, file):
    await typed("publish", file(BUS))

    said = await typed("publish", file(BUS.replace("BUS, Ride", "BUS").replace("late?", "too late?")))

    assert "No longer: RIDE." in said
    assert (await typed("publish", "--list")).splitlines() == ["BUS           bus"]
    await say(url, clock, "bus")
    assert ["too late?" in text for text in await begun(database, surveys.c.text)] == [True]


async def test_publishing_twice_changes_nothing(typed, file):
    await typed("publish", file(BUS))

    assert "until now" not in await typed("publish", file(BUS))


async def test_without_keywords_it_says_that_nobody_can_begin_it(typed):
    assert "It has no keywords" in await typed("publish", "getting-to-school")
    assert "No keyword starts a survey" in await typed("publish", "--list")


async def test_languages_that_nobody_has_approved_are_named(typed, file):
    said = await typed("publish", "getting-to-school")
    assert "Nobody has approved it in ar, es, fr, ht, pt, vi, zh-Hans as it stands" in said
    assert "get it in en" in said
    assert "Nobody has approved" not in await typed("publish", file(BUS))


async def test_a_survey_that_staff_fill_in_cannot_be_begun_by_a_word(typed, file):
    filled = BUS.replace("questions:", "fields:\n  change: new stops\nquestions:").replace(
        "Was the bus late?", '"Was the bus late since the {change}?"'
    )

    with pytest.raises(Problem, match=r"\{change\}"):
        await typed("publish", file(filled))


@pytest.mark.parametrize(
    ("word", "why"),
    [
        *((word, "meaning already") for word in ("YES", "No", "OK", "SÍ", "não", "SKIP", "saltar", "HELP")),
        ("6", "a number is an answer"),
        ("٢", "a number is an answer"),
    ],
)
async def test_what_is_an_answer_or_a_request_cannot_be_a_keyword(typed, file, word, why):
    with pytest.raises(Problem, match=f"'{word}' cannot be a keyword: .*{why}"):
        await typed("publish", file(BUS.replace("Ride", f'"{word}"')))


async def test_what_staff_should_know_is_said(typed, file):
    risky = BUS.replace(
        "questions:", "about: {audience: students, sensitivity: S2, ppra: [2, 8]}\nquestions:"
    )

    said = " ".join((await typed("publish", file(risky))).split())

    assert "Answers may report harm (S2)" in said
    assert "Nobody is on call: set OPENLINE_ON_CALL" in said
    assert "mental or psychological problems; income" in said


@pytest.mark.parametrize("arguments", [[], ["getting-to-school", "--list"]])
async def test_it_wants_one_survey_or_the_list(typed, arguments):
    with pytest.raises(Problem, match="Name one survey"):
        await typed("publish", *arguments)
