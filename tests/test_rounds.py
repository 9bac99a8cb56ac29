"""openline rounds: every person in one disposition, a rate that flatters nobody, and small groups hidden. On both databases."""

from __future__ import annotations

import re

import pytest

import survey_flows
from bot.cli.root import Problem
from bot.cli.rounds import WORDS
from bot.rounds import BEST_FIRST
from bot.shelf import Shelf
from bot.store.tables import conversations, people
from survey_flows.dispositions import Disposition


@pytest.fixture
def people_with(database, clock, new_id):
    """So many people of a school and language whose conversation came so far."""

    async def people_with(count, *states, school="Lincoln", language="en"):
        async with database.begin() as db:
            shelf = Shelf()
            survey = await shelf.publish(db, survey_flows.library("getting-to-school"), clock(), new_id)
            for _ in range(count):
                person = new_id()
                await db.execute(
                    people.insert().values(
                        id=person, respondent="family", language=language, language_by="import", school=school,
                        groups={}, created_at=clock(),
                    )
                )  # fmt: skip
                for state in states:
                    await db.execute(
                        conversations.insert().values(
                            id=new_id(), survey_id=survey, person_id=person, state=state, started_at=clock()
                        )
                    )

    return people_with


def groups(said):
    """The rows of the tables: people asked, complete, rate."""
    rows = re.findall(r"^  (\S[^\d\n]*?) +(\d+|-) +(\d+|-)  (.*)$", said, re.MULTILINE)
    return {name: row for name, *row in rows}


async def test_every_person_is_in_one_disposition_and_the_rate_counts_all_who_were_to_be_asked(
    people_with, typed
):
    for count, state in [(20, "complete"), (3, "partial"), (5, "asked"), (4, "refused"), (6, "expired"), (2, "unreachable"), (7, "screened")]:  # fmt: skip
        await people_with(count, state)

    said = await typed("rounds", "getting-to-school")

    assert "getting-to-school: 47 people" in said
    for line in ("20  complete ", "3  partial ", "5  asked ", "4  refused ", "6  expired ", "2  unreachable ", "7  screened "):  # fmt: skip
        assert f" {line}" in said
    assert "Response rate: 50% (20 of 40)" in said


async def test_whoever_was_asked_twice_counts_once_by_what_came_of_it(people_with, typed):
    await people_with(12, "unreachable", "complete")
    await people_with(1, "complete", "expired")

    said = await typed("rounds", "getting-to-school")

    assert "getting-to-school: 13 people" in said
    assert "13 of 13" in said


async def test_answers_that_were_cut_and_imported_ones_are_not_counted_twice(people_with, typed):
    await people_with(12, "cut")
    await people_with(12, "complete")
    await people_with(5, "imported")

    said = await typed("rounds", "getting-to-school")

    assert "17 people" in said
    assert "12 of 12" in said


async def test_groups_are_shown_and_small_ones_are_hidden_with_what_would_give_them_away(people_with, typed):
    await people_with(30, "complete", school="Lincoln")
    await people_with(20, "asked", school="Lincoln")
    await people_with(25, "complete", school="Oak Hill")
    await people_with(25, "asked", school="Oak Hill")
    await people_with(4, "complete", school="River")
    await people_with(16, "expired", school="River")

    rows = groups(await typed("rounds", "getting-to-school"))

    assert rows["Lincoln"] == ["50", "30", "60%"]
    assert rows["Oak Hill"][1] == rows["River"][1] == "-"  # the total would give River away
    assert rows["River"][2] == "-" or rows["River"][2].startswith("at most")


async def test_a_language_that_few_speak_is_hidden_whole(people_with, typed):
    await people_with(40, "complete")
    await people_with(30, "asked")
    await people_with(3, "complete", language="so")

    said = await typed("rounds", "getting-to-school")

    assert groups(said)["so"] == ["-", "-", "-"]
    assert "- is hidden" in said


async def test_a_survey_nobody_was_asked_and_one_that_is_not_there_are_said_so(typed):
    with pytest.raises(Problem, match="Nobody has been asked getting-to-school yet"):
        await typed("rounds", "getting-to-school")
    with pytest.raises(Problem, match=r"There is no survey nowhere\. There are: getting-to-school"):
        await typed("rounds", "nowhere")


def test_every_disposition_has_its_rank_and_its_words():
    assert set(BEST_FIRST) == set(Disposition.__args__) == set(WORDS)
