"""Campaigns that come again come at the same time by the clock on the wall, once each, all through the year."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_hours import CHANGES, ZONES

from bot.outreach.campaign import When
from bot.outreach.recurrence import following, instant


def occasions(when: When, after: datetime, until: datetime) -> list[datetime]:
    found, wall = [], following(when, after)
    while wall is not None and wall < until:
        found.append(wall)
        wall = following(when, wall)
    return found


def test_a_campaign_at_a_time_comes_once():
    when = When("at", at=datetime(2026, 10, 15, 16, 30))

    assert following(when, None) == when.at
    assert following(when, datetime(2026, 10, 15, 16, 29)) == when.at
    assert following(when, when.at) is None


@pytest.mark.parametrize(
    "when", [When("now"), When("trigger"), When("date", of="absence", days=3, time=time(16, 30))]
)
def test_what_goes_by_no_clock_has_no_next_time(when):
    assert following(when, None) is None
    assert following(when, datetime(2026, 10, 15)) is None


def test_a_pattern_ends_with_its_last_day():
    when = When("cron", cron="30 16 * * thu", ends=date(2026, 10, 22))

    assert occasions(when, datetime(2026, 10, 8, 16, 30), datetime(2027, 1, 1)) == [
        datetime(2026, 10, 15, 16, 30),
        datetime(2026, 10, 22, 16, 30),
    ]


def test_next_is_strictly_after():
    when = When("cron", cron="*/15 * * * *")

    assert following(when, datetime(2026, 10, 15, 16, 30)) == datetime(2026, 10, 15, 16, 45)
    assert following(when, datetime(2026, 10, 15, 16, 44, 59, 999999)) == datetime(2026, 10, 15, 16, 45)


def test_a_pattern_is_counted_from_some_moment():
    with pytest.raises(ValueError, match="after which wall time"):
        following(When("cron", cron="30 16 * * *"), None)


@pytest.mark.parametrize(
    ("days", "meant"),
    [
        ("0", {6}),
        ("7", {6}),
        ("4", {3}),
        ("1-5", {0, 1, 2, 3, 4}),
        ("5-7", {4, 5, 6}),
        ("0-6", set(range(7))),
        ("0-7", set(range(7))),
        ("*/2", {6, 1, 3, 5}),
        ("1-5/2", {0, 2, 4}),
        ("sun-thu", {6, 0, 1, 2, 3}),
        ("mon,THU", {0, 3}),
        ("*", set(range(7))),
    ],
)
def test_days_of_the_week_are_numbered_as_in_crontab(days, meant):
    when = When("cron", cron=f"0 12 * * {days}")

    found = occasions(when, datetime(2026, 10, 1), datetime(2026, 10, 15))

    assert {wall.weekday() for wall in found} == meant
    assert len(found) == 2 * len(meant)


def test_a_day_of_the_month_and_one_of_the_week_must_both_hold():
    found = occasions(When("cron", cron="0 12 1-7 * thu"), datetime(2026, 9, 30), datetime(2027, 1, 1))

    assert [wall.date().isoformat() for wall in found] == ["2026-10-01", "2026-11-05", "2026-12-03"]


def test_a_leap_day_is_waited_for_and_a_day_that_never_comes_is_not():
    assert following(When("cron", cron="0 9 29 2 *"), datetime(2096, 3, 1)) == datetime(2104, 2, 29, 9)
    assert following(When("cron", cron="0 9 30 2 *"), datetime(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("30 16 * *", "has 4 fields where a pattern has five"),
        ("61 * * * *", "maximum value"),
        ("* * * * 8", "no day of the week"),
        ("* * * * someday", "Write mon, tue"),
        ("* * * * 1/0", "step that is no number"),
        ("* * * * 1/x", "step that is no number"),
        ("x * * * *", 'like "30 16'),
    ],
)
def test_a_pattern_that_cannot_be_says_how_to_mend_it(text, cure):
    with pytest.raises(ValueError, match=cure) as error:
        following(When("cron", cron=text), datetime(2026, 1, 1))
    assert '"30 16 * * thu"' in str(error.value)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("year", [2026, 2027])
def test_half_past_four_is_half_past_four_on_every_day_of_the_year(zone, year):
    daily = When("cron", cron="30 16 * * *")
    first, last = datetime(year, 1, 1), datetime(year + 1, 1, 1)

    found = [instant(wall, ZoneInfo(zone)) for wall in occasions(daily, first, last)]

    assert len(found) == (last - first).days
    assert {moment.astimezone(ZoneInfo(zone)).time() for moment in found} == {time(16, 30)}
    days = {timedelta(hours=24)} if zone in ("America/Phoenix", "Pacific/Honolulu") else set()
    assert not days or {late - early for early, late in pairwise(found)} == days


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("clock", ["30 1", "0 2", "15 2", "30 2", "0 3"])
def test_in_the_hours_when_clocks_are_changed_a_day_has_one_occasion(zone, clock):
    daily = When("cron", cron=f"{clock} * * *")
    for day in map(datetime.fromisoformat, CHANGES[zone]):
        walls = occasions(daily, day - timedelta(days=3), day + timedelta(days=4))

        moments = [instant(wall, ZoneInfo(zone)) for wall in walls]

        assert [moment.astimezone(ZoneInfo(zone)).date() for moment in moments] == [
            (day + timedelta(days=count)).date() for count in range(-3, 4)
        ]


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.sampled_from(["30 16 * * *", "30 2 * * *", "0 9 * * 1-5", "15 1 1-7 * sun", "0 */6 * * *"]),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1)),
)
def test_every_occasion_has_one_moment_and_they_keep_their_order(zone, cron, after):
    walls = occasions(When("cron", cron=cron), after, after + timedelta(days=40))

    moments = [instant(wall, ZoneInfo(zone)) for wall in walls]

    assert moments == sorted(set(moments))
    assert all(moment.tzinfo is UTC for moment in moments)
    assert all(wall > after for wall in walls)
