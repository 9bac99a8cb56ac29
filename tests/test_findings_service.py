"""From the rows to voices: whose reading counts, who is heard, and what comes with a reply. On both databases."""

from __future__ import annotations

from uuid import UUID

import numpy as np
import pytest
from findings_world import DAY, World

from analysis import codebook
from bot import findings
from bot.store.spans import Span

BOOK = codebook.load()
BUS, HOUSING = "transport.bus_service", "needs.housing"


@pytest.fixture
async def world(database, clock, new_id):
    return await World(database, clock, new_id).begin()


async def gathered(world, book=BOOK, **span):
    async with world.database.read() as db:
        return await findings.gather(db, world.key, book, Span(**span))


async def test_an_answer_in_which_no_theme_was_found_is_heard(world):
    await world.say(1, BUS)
    await world.say(1)

    asked, voices = await gathered(world)

    assert [dict(voice.themes) for voice in voices] == [{BUS: 0.8}, {}]
    assert {voice.person for voice in voices} == {one.person for one in asked if one.outcome == "answered"}


async def test_an_answer_that_no_coder_has_read_is_no_voice_yet(world):
    await world.say(1, coded=False)

    asked, voices = await gathered(world)

    assert voices == []
    assert [one.outcome for one in asked] == ["answered"]


async def test_what_a_person_decided_counts_and_the_machines_does_not(world):
    (first, second) = await world.say(2, BUS)
    await world.decide(first, HOUSING, drawn="lot")
    await world.decide(second, drawn="doubt")

    _, voices = await gathered(world)

    assert [dict(voice.themes) for voice in voices] == [{HOUSING: 1.0}, {}]
    assert [voice.decided.by_lot for voice in voices] == [True, False]
    assert [voice.decided.themes for voice in voices] == [(HOUSING,), ()]


async def test_a_theme_that_the_codebook_does_not_have_is_left_out(world):
    await world.say(1, BUS, "local.ferry")

    (_, (voice,)), (_, (whole,)) = await gathered(world), await gathered(world, None)

    assert set(voice.themes) == {BUS}
    assert set(whole.themes) == {BUS, "local.ferry"}


async def test_chances_are_rows_in_the_codebooks_order_and_those_of_another_codebook_are_left_out(world):
    chances = np.linspace(0, 1, len(BOOK.codes))
    await world.say(1, BUS, chances=chances)
    await world.say(1, BUS)
    await world.say(1, BUS, chances=chances[:-1])

    _, (one, none, other) = await gathered(world)

    assert np.allclose(one.chances, chances, atol=1e-3)
    assert none.chances is None
    assert other.chances is None


async def test_a_voice_says_which_answer_it_is_to_what_and_when(world, clock):
    (answer,) = await world.say(1, BUS)

    _, (voice,) = await gathered(world)

    assert (voice.answer, voice.question, voice.at) == (str(answer), "hard", clock())
    assert voice.groups == {
        "language": "en",
        "school": "Lincoln",
        "channel": "imported",
        "respondent": "family",
        "grade": "3",
    }


async def test_a_span_holds_who_was_asked_and_who_answered_in_it(world, clock):
    start = clock()
    await world.say(3, BUS)
    await world.say(2, at=start + 2 * DAY, spoke=False)
    await world.say(1, BUS, at=start + 3 * DAY)

    async def count(**span):
        asked, voices = await gathered(world, **span)
        return len(asked), len(voices)

    assert await count() == (6, 4)
    assert await count(at=start) == (3, 3)
    assert await count(begins=start + DAY) == (3, 1)
    assert await count(begins=start, ends=start + DAY) == (3, 3)
    assert await count(ends=start) == (0, 0)


async def test_whoever_answers_in_a_later_span_than_they_were_asked_counts_in_both(world, clock):
    start = clock()
    await world.say(1, spoke=False)
    asked, _ = await gathered(world)
    await world.say(1, BUS, at=start + 2 * DAY, person=UUID(asked[0].person))

    then, _ = await gathered(world, begins=start, ends=start + DAY)
    now, voices = await gathered(world, begins=start + DAY)

    assert [one.outcome for one in then] != ["answered"]
    assert [one.outcome for one in now] == ["answered"]
    assert len(voices) == 1


async def test_an_anonymous_answer_counts_in_a_state_once_it_is_cut_from_who_gave_it(database, clock, new_id):
    world = await World(database, clock, new_id, key="quiet").begin(anonymous=True)
    await world.say(1, BUS, settled=False)
    await world.say(1, BUS, at=clock() - DAY)

    asked, voices = await gathered(world, at=clock())

    assert len(voices) == 1
    assert sorted(one.outcome for one in asked) == ["answered", "waiting"]
    assert len((await gathered(world))[1]) == 2


async def test_people_with_equal_groups_share_them(world):
    await world.say(3, BUS)

    asked, _ = await gathered(world)

    assert len({id(one.groups) for one in asked}) == 1
