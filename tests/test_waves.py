"""Waves: an answer belongs to the last that had begun, whoever looks. On both databases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from findings_world import DAY, World

from bot import waves
from bot.app import opened
from bot.cli.root import Problem
from bot.settings import Settings
from bot.store.spans import Span

BUS, HOUSING, CARE = "transport.bus_service", "needs.housing", "care.before_after"


@pytest.fixture
async def world(database, clock, new_id):
    return await World(database, clock, new_id).begin()


@pytest.fixture
async def app(world, url, clock):
    given = Settings(_env_file=None, database_url=url, start_survey="")
    async with opened(given, clock=clock, channels={}) as app:
        yield app


async def add(world, name, begins, survey="fall"):
    async with world.database.begin() as db:
        await waves.add(db, survey, name, begins)


async def two_rounds(world, clock):
    """20 of 40 name the bus in the first wave, 30 of 40 in the second."""
    start = clock()
    await add(world, "First", start)
    await add(world, "Second", start + 10 * DAY)
    await world.say(20, BUS, at=start)
    await world.say(20, CARE, at=start)
    await world.say(30, BUS, at=start + 10 * DAY)
    await world.say(10, CARE, at=start + 10 * DAY)
    clock.now = start + 11 * DAY


async def test_a_wave_lasts_until_the_next_begins_however_they_were_entered(world, clock):
    start = clock()
    for name, day in (("c", 20), ("a", 0), ("b", 10)):
        await add(world, name, start + day * DAY)

    async with world.database.read() as db:
        found = await waves.of_survey(db, "fall")

    assert [(one.name, one.begins, one.ends) for one in found] == [
        ("a", start, start + 10 * DAY),
        ("b", start + 10 * DAY, start + 20 * DAY),
        ("c", start + 20 * DAY, None),
    ]
    assert found[1].span == Span(start + 10 * DAY, start + 20 * DAY)
    assert waves.pick(found, None, start + 12 * DAY).name == "b"
    assert waves.pick(found, None, start - DAY).name == "a"
    assert waves.pick(found, "c", start).name == "c"
    assert waves.pick([], None, start) is None


async def test_a_name_or_a_beginning_that_is_taken_is_refused(world, clock):
    await add(world, "First", clock())

    for name, begins, says in (
        ("First", clock() + DAY, "already"),
        ("Second", clock(), "First begins at that moment"),
        (" ", clock() + DAY, "needs a name"),
        ("x" * 101, clock() + DAY, "1 to 100"),
        ("two\nlines", clock() + DAY, "needs a name"),
    ):
        with pytest.raises(waves.NoWave, match=says):
            await add(world, name, begins)
    await add(world, "First", clock(), survey="spring")


async def test_the_findings_are_those_of_the_newest_wave_or_of_the_one_that_is_named(world, app, clock):
    await two_rounds(world, clock)

    newest, first = await app.findings("fall"), await app.findings("fall", wave="First")

    assert (newest.heard, newest.themes[0].count) == (40, 30)
    assert (first.heard, first.themes[0].count) == (40, 20)
    with pytest.raises(waves.NoWave, match=r"no wave Third\. There are: First, Second"):
        await app.findings("fall", wave="Third")


async def test_the_change_since_the_wave_before_is_told_with_its_interval(world, app, clock):
    await two_rounds(world, clock)

    found = await app.viewed("fall", "change")

    row = next(row for row in found.ranking.rows if row.theme == "transport")
    assert (round(row.change.then, 2), round(row.change.now, 2)) == (0.5, 0.75)
    assert row.change.low < 0.25 < row.change.high
    assert found.before == "First"
    with pytest.raises(waves.NoWave, match="name an earlier wave"):
        await app.viewed("fall", "change", "First")
    with pytest.raises(waves.NoWave, match="name an earlier wave"):
        await app.viewed("fall", "change", None, "Winter")


# In the terminal


@pytest.fixture
def openline(world, typed, monkeypatch):
    monkeypatch.setenv("OPENLINE_START_SURVEY", "")
    monkeypatch.setenv("OPENLINE_TIMEZONE", "America/New_York")
    return typed


async def test_a_wave_begins_at_midnight_where_the_people_are(world, openline):
    told = await openline("waves", "add", "fall", "Fall 2026", "--from", "2026-09-01")

    async with world.database.read() as db:
        (wave,) = await waves.of_survey(db, "fall")
    assert wave.begins == datetime(2026, 9, 1, 4, tzinfo=UTC)
    assert "Fall 2026 begins on 2026-09-01. 0 have replied in it so far." in told


async def test_waves_are_listed_with_those_who_are_in_none_and_taken_away(world, openline, clock):
    await world.say(3, BUS, at=clock() - 30 * DAY)
    await world.say(2, BUS)
    assert "No survey has waves" in await openline("waves")

    added = await openline("waves", "add", "fall", "October", "--from", "2026-10-01")
    listed = await openline("waves")

    assert "3 replied before the first wave and are in none now" in added
    assert "fall\n  2026-10-01  October: 2 replied\n  3 replied before the first wave" in listed
    assert "October is no wave of fall any more" in await openline("waves", "remove", "fall", "October")
    with pytest.raises(Problem, match="no wave October"):
        await openline("waves", "remove", "fall", "October")
    with pytest.raises(Problem, match=r"There is no survey spring\. There are: fall"):
        await openline("waves", "add", "spring", "April", "--from", "2026-04-01")


async def test_the_summary_names_its_wave_and_shows_another(world, openline, clock):
    await two_rounds(world, clock)

    newest = await openline("summary")
    first = await openline("summary", "--wave", "First")
    change = await openline("summary", "fall", "--view", "change", "--against", "First")

    assert "Wave: Second. Other waves: First (--wave)." in newest
    assert "75%" in newest
    assert "Wave: First." in first
    assert "50%" in first
    assert "50% last time, 75% now" in change
    with pytest.raises(Problem, match="no wave Third"):
        await openline("summary", "--wave", "Third")
    with pytest.raises(Problem, match="name an earlier wave"):
        await openline("summary", "--wave", "First", "--view", "change")
