"""States of the numbers: nobody learns what the last few said by looking twice. On both databases."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest
from findings_world import DAY, World
from sqlalchemy import func, select, update

from bot import releases as service
from bot import waves
from bot.app import opened
from bot.cli.root import Problem
from bot.settings import Settings
from bot.store.tables import conversations, figures, releases

BUS, HOUSING, CARE = "transport.bus_service", "needs.housing", "care.before_after"


@pytest.fixture
async def world(database, clock, new_id):
    return await World(database, clock, new_id).begin()


@pytest.fixture
def open_app(url, clock):
    """A process of its own: nothing is kept in it from another."""
    given = Settings(_env_file=None, database_url=url, start_survey="")
    return lambda: opened(given, clock=clock, channels={})


@pytest.fixture
async def app(world, open_app):
    async with open_app() as app:
        yield app


@pytest.fixture
def reckoned(monkeypatch):
    """How often a summary is made."""
    made = []

    def counting(*given, **more):
        made.append(given[0])
        return real(*given, **more)

    real = service.summarize
    monkeypatch.setattr(service, "summarize", counting)
    return made


async def rows(world):
    async with world.database.read() as db:
        return (await db.execute(select(releases).order_by(releases.c.id))).all()


async def test_an_import_shows_at_once(world, app):
    assert await app.findings("fall") is None
    await world.say(40, BUS)

    found = await app.findings("fall")

    assert (found.heard, found.release.number, found.release.since) == (40, 1, 0)
    ((row),) = await rows(world)
    assert (row.heard, row.number, row.wave, row.at) == (40, 1, "", found.release.at)


async def test_a_live_survey_moves_in_steps_and_says_how_many_wait(world, app, clock):
    await world.say(30, BUS)
    first = await app.findings("fall")
    clock.forward(minutes=5)
    await world.say(9, CARE)

    waiting = await app.findings("fall")
    await world.say(1, CARE)
    second = await app.findings("fall")

    assert (waiting.heard, waiting.themes) == (first.heard, first.themes)
    assert (waiting.answered, waiting.unheard) == (first.answered, first.unheard)
    assert (waiting.release.number, waiting.release.since) == (1, 9)
    assert (second.heard, second.release.number, second.release.since) == (40, 2, 0)


async def test_once_every_conversation_has_ended_the_last_ten_are_not_left_waiting(world, app, clock):
    await world.say(100, BUS)
    await app.findings("fall")
    clock.forward(minutes=5)
    await world.say(10, CARE)
    async with world.database.begin() as db:
        one = select(conversations.c.id).limit(1).scalar_subquery()
        await db.execute(update(conversations).where(conversations.c.id == one).values(state="asked"))

    waiting = await app.findings("fall")
    async with world.database.begin() as db:
        await db.execute(update(conversations).values(state="complete"))
    clock.forward(minutes=15)
    over = await app.findings("fall")

    assert (waiting.heard, waiting.release.since) == (100, 10)
    assert (over.heard, over.release.number) == (110, 2)


async def test_nobody_heard_is_no_state_and_is_shown_as_it_is(world, app, clock):
    await world.say(5, spoke=False)
    assert (await app.findings("fall")).asked == 5
    clock.forward(minutes=1)
    await world.say(3, spoke=False)

    found = await app.findings("fall")

    assert (found.asked, found.release) == (8, None)
    assert await rows(world) == []


async def test_a_reply_that_is_read_late_does_not_slip_into_a_state_that_was_shown(world, app, clock):
    await world.say(30, BUS)
    clock.forward(minutes=1)
    (late,) = await world.say(1, coded=False)
    clock.forward(minutes=1)
    await world.say(5, BUS)
    before = await app.findings("fall")

    await world.coded(late, CARE)
    after = await app.findings("fall")

    assert (before.heard, after.heard) == (30, 30)
    assert before.release.at < clock() - timedelta(seconds=60)
    assert after.release.since == 6


async def test_a_reply_that_no_coder_can_read_holds_the_others_up_for_a_day(world, app, clock):
    await world.say(1, coded=False)
    clock.forward(minutes=1)
    await world.say(30, BUS)
    assert (await app.findings("fall")).heard == 0
    clock.forward(hours=25)

    assert (await app.findings("fall")).heard == 30


async def test_recoding_changes_a_states_numbers_for_it_counts_the_same_people(world, app, clock):
    (answer, *_) = await world.say(30, BUS)
    first = await app.findings("fall")
    clock.forward(minutes=1)

    await world.decide(answer, CARE)
    second = await app.findings("fall")

    assert (first.themes[0].count, second.themes[0].count) == (30, 29) or second.themes[0].count is None
    assert (second.heard, second.release.number) == (30, 1)


async def test_a_page_is_quick_until_something_has_happened(world, app, clock, reckoned):
    (answer, *_) = await world.say(30, BUS)
    first = await app.findings("fall")
    assert len(reckoned) == 1  # also where the state is new

    kept = await app.findings("fall")
    assert kept == first
    assert await app.findings("fall") is kept
    clock.forward(minutes=1)
    await world.say(2, BUS)
    assert (await app.findings("fall")).release.since == 2
    assert len(reckoned) == 1
    await world.decide(answer, CARE)
    await app.findings("fall")
    assert len(reckoned) == 2
    await asyncio.gather(*(app.findings("fall") for _ in range(5)))
    assert len(reckoned) == 2


async def test_what_became_of_asking_is_looked_at_again_after_a_while(world, app, clock, reckoned):
    await world.say(30, BUS)
    await app.findings("fall")
    clock.forward(minutes=11)
    await world.say(1, spoke=False)

    await app.findings("fall")

    assert len(reckoned) == 2


async def test_another_process_shows_the_same_state(world, app, open_app, clock):
    await world.say(30, BUS)
    first = await app.findings("fall")
    clock.forward(minutes=1)
    await world.say(3, CARE)

    async with open_app() as other:
        second = await other.findings("fall")

    assert (second.heard, second.themes, second.release.at) == (30, first.themes, first.release.at)


async def test_two_processes_at_once_make_one_state(world, open_app, clock):
    await world.say(30, BUS)
    async with open_app() as one, open_app() as other:
        first, second = await asyncio.gather(one.findings("fall"), other.findings("fall"))

    assert first.release == second.release
    assert [row.number for row in await rows(world)] == [1]


async def test_every_state_puts_its_figures_where_other_programs_read_them(world, app, clock):
    await world.say(30, BUS)
    await world.say(15, CARE)
    await app.findings("fall")
    clock.forward(minutes=1)
    await world.say(9, BUS)
    await app.findings("fall")

    async with world.database.read() as db:
        ((count, at),) = await db.execute(
            select(figures.c.count, figures.c.at).where(
                figures.c.theme == "transport", figures.c.dimension == ""
            )
        )

    assert (count, at) == (30, (await rows(world))[0].at)


async def test_other_programs_read_what_the_pages_show_after_people_have_decided(world, app, clock):
    (answer, *_) = await world.say(30, BUS)
    await world.say(30, CARE)
    await app.findings("fall")
    clock.forward(minutes=1)
    await world.decide(answer, CARE)

    found = await app.findings("fall")

    async with world.database.read() as db:
        counts = await db.execute(
            select(figures.c.theme, figures.c.count).where(
                figures.c.measure == "theme", figures.c.dimension == "", figures.c.count.is_not(None)
            )
        )
    shown = {finding.theme: finding.count for finding in found.themes if finding.count is not None}
    assert dict([tuple(row) for row in counts]) == shown
    assert shown["care"] == 31


async def test_the_next_state_is_protected_against_the_one_before(world, app, clock):
    """12 more people of whom two named care: shown beside the earlier number, it would tell of the two."""
    await world.say(40, BUS)
    await world.say(20, CARE)
    first = await app.findings("fall")
    clock.forward(minutes=1)
    await world.say(10, BUS)
    await world.say(2, CARE)

    second = await app.findings("fall")

    def count(found, theme):
        return next(one.count for one in found.themes if one.theme == theme)

    assert second.release.number == 2
    assert count(first, "care") == 20
    assert count(second, "care") is None


async def test_waves_that_are_entered_later_are_protected_against_what_was_shown_of_all(world, app, clock):
    start = clock()
    await world.say(40, BUS, at=start)
    await world.say(20, CARE, at=start)
    clock.forward(days=1)
    await world.say(2, CARE)
    await world.say(12, BUS)
    whole = await app.findings("fall")
    async with world.database.begin() as db:
        await waves.add(db, "fall", "First", start - DAY)
        await waves.add(db, "fall", "Second", clock() - timedelta(hours=1))

    first, second = await app.findings("fall", wave="First"), await app.findings("fall", wave="Second")

    def count(found):
        return next(one.count for one in found.themes if one.theme == "care")

    assert count(whole) == 22
    assert count(second) is None
    assert count(first) is None  # else 22 - 20 would tell of two
    assert [row.wave for row in await rows(world)] == ["", "First", "Second"]


async def test_an_anonymous_reply_is_counted_from_the_day_after_it_was_cut_off(
    database, clock, new_id, open_app
):
    world = await World(database, clock, new_id, key="quiet").begin(anonymous=True)
    midnight = clock().replace(hour=0)
    await world.say(30, BUS, at=midnight - DAY)
    await world.say(12, CARE, at=midnight)
    await world.say(3, CARE, settled=False)
    async with open_app() as app:
        today = await app.findings("quiet")
        clock.forward(days=1)
        tomorrow = await app.findings("quiet")

    assert (today.heard, today.release.since) == (30, 15)
    assert (tomorrow.heard, tomorrow.release.since) == (42, 3)


async def test_one_theme_is_of_the_same_numbers(world, app):
    await world.say(30, BUS)
    await world.say(15, CARE)

    found, whole = await app.findings("fall", "care"), await app.findings("fall")

    assert [theme.theme for theme in found.themes] == ["care"]
    assert found.themes[0] == next(theme for theme in whole.themes if theme.theme == "care")
    assert found.groups["school"]["Lincoln"].heard == whole.groups["school"]["Lincoln"].heard
    with pytest.raises(KeyError):
        await app.findings("fall", "nothing")


# In the terminal


@pytest.fixture
def openline(world, typed, monkeypatch):
    monkeypatch.setenv("OPENLINE_START_SURVEY", "")
    monkeypatch.setenv("OPENLINE_TIMEZONE", "America/New_York")
    return typed


async def test_the_summary_says_as_of_when_and_compares_groups(world, openline, clock):
    await world.say(30, BUS, school="Lincoln")
    await world.say(25, CARE, school="Oak")
    await world.say(15, BUS, school="Oak")

    told = await openline("summary", "fall", "--by", "school", "--pair", "school,language")
    plain = json.loads(await openline("summary", "--json", "--view", "within-reach"))
    only = await openline("summary", "--theme", "care")

    assert "Numbers as of 2026-10-14 11:00 EDT, state 1." in told
    assert "By school" in told
    assert "Lincoln (30 heard)" in told
    assert "By school and language" in told
    assert "Lincoln / en (30 heard)" in told
    assert plain["release"]["number"] == 1
    assert plain["view"]["name"] == "within_reach"
    assert {duty["role"] for duty in plain["duties"]} >= {"McKinney-Vento liaison"}
    assert "Getting there" not in only.split("What stands in the way")[1].split("Who was not heard")[0]
    assert "Look at each of these, whatever its rank: openline duties" in told


async def test_of_each_group_what_is_shown_is_told_and_the_rest_counted(world, openline):
    for theme in (BUS, CARE):
        await world.say(20, theme, school="Lincoln")
    await world.say(25, CARE, school="Oak")
    await world.say(15, BUS, school="Oak")

    told = await openline("summary", "fall", "--by", "School", "--pair", "LANGUAGE,school")
    oak = told.split("By school")[1].split("Oak (40 heard)")[1].split("Hidden is")[0]

    assert "Getting there" in oak
    assert "38%" in oak
    assert "13 hidden" in oak
    assert "By language and school" in told


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--by", "shoe"), "no dimension shoe. There are: "),
        (("--pair", "school"), "two dimensions"),
        (("--pair", "school,shoe"), "no dimension"),
        (("--theme", "shoe"), "--theme is one of"),
        (("--view", "shoe"), "--view is one of named, within-reach, gap, change"),
        (("--view", "change"), "name an earlier wave"),
    ],
)
async def test_what_there_is_not_is_said_with_what_there_is(world, openline, options, says):
    await world.say(30, BUS)

    with pytest.raises(Problem, match=says):
        await openline("summary", "fall", *options)


async def test_the_numbers_of_another_survey_can_be_compared(world, openline, clock, database, new_id):
    await world.say(40, BUS)
    spring = await World(database, clock, new_id, key="spring").begin()
    await spring.say(20, BUS)
    await spring.say(20, CARE)

    told = await openline("summary", "fall", "--view", "change", "--against", "spring")

    assert "50% last time, 100% now" in told or "hidden" in told


async def test_the_count_of_states_does_not_grow_by_looking(world, app, clock):
    await world.say(30, BUS)
    for _ in range(3):
        await app.findings("fall")
        clock.forward(days=1)

    async with world.database.read() as db:
        assert (await db.execute(select(func.count(releases.c.id)))).scalar_one() == 1
