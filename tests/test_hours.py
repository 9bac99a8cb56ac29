"""When messages may go: by the clock on the school's wall, over every change of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.outreach.hours import OUTER, Calendar, Window, opening, weekdays
from bot.outreach.public_holidays import known, public_holidays
from bot.outreach.wall_time import instant

ZONES = (
    "America/New_York",
    "America/Denver",
    "America/Phoenix",
    "Pacific/Honolulu",
    "Europe/Lisbon",
    "Australia/Lord_Howe",
)
CHANGES = {
    "America/New_York": ("2026-03-08", "2026-11-01", "2027-03-14", "2027-11-07"),
    "America/Denver": ("2026-03-08", "2026-11-01", "2027-03-14", "2027-11-07"),
    "America/Phoenix": ("2026-03-08", "2026-11-01"),  # these two change no clock
    "Pacific/Honolulu": ("2026-03-08", "2026-11-01"),
    "Europe/Lisbon": ("2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31"),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04", "2027-04-04", "2027-10-03"),
}
"""The days on which the clock is changed."""
EVERY_DAY = frozenset(range(7))
NOON_TO_SIX = Window.parse("12:00-18:00 mon-fri")


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12:00-18:00 mon-fri", "12:00-18:00 mon-fri"),
        ("9-20", "09:00-20:00 mon-fri"),
        ("9am-8pm mon,wed,fri", "09:00-20:00 mon,wed,fri"),
        ("12am-12pm Sunday", "00:00-12:00 sun"),
        ("9.30 – 17.00 Monday, Tues", "09:30-17:00 mon,tue"),
        ("9-12 sat - mon", "09:00-12:00 mon,sat,sun"),
        ("  9:15am-11:45PM   fri  mon ", "09:15-23:45 mon,fri"),
    ],
)
def test_hours_are_read_as_people_write_them(written, meant):
    assert str(Window.parse(written)) == meant


@pytest.mark.parametrize(
    ("written", "cure"),
    [
        ("", "Write hours like"),
        ("noon", "Write hours like"),
        ("9-25", "latest end is 23:59"),
        ("18-24", "latest end is 23:59"),
        ("20-9", "never go over midnight"),
        ("9-5", "18:00 or 6pm"),
        ("9-9", "ends before it begins"),
        ("13pm-2pm", "does not go with am or pm"),
        ("9:75-10", "no clock shows"),
        ("9-10 someday", "Write mon, tue"),
        ("9-10 m", "Write mon, tue"),
    ],
)
def test_hours_that_cannot_be_say_how_to_mend_them(written, cure):
    with pytest.raises(ValueError, match=cure):
        Window.parse(written)


@given(
    st.times().map(lambda one: one.replace(second=0, microsecond=0)),
    st.times().map(lambda one: one.replace(second=0, microsecond=0)),
    st.frozensets(st.integers(0, 6), min_size=1),
)
def test_hours_that_are_written_down_are_read_back(one, other, days):
    if one == other:
        return
    window = Window(min(one, other), max(one, other), days)

    assert Window.parse(str(window)) == window


def test_days_may_run_over_the_end_of_the_week():
    assert weekdays("fri-mon") == {4, 5, 6, 0}


def test_a_calendar_is_written_and_read_back_and_says_what_it_leaves_out_as_its_base_does():
    base = Calendar("America/Denver", holidays="US", dates={"term": (date(2027, 1, 5),)})
    own = Calendar(
        "America/Phoenix",
        (Window.parse("9-18 mon-thu"), Window.parse("10-12 sun")),
        "US-AZ",
        ((date(2026, 12, 24), date(2027, 1, 2)),),
        {"term": (date(2027, 1, 5), date(2027, 8, 3))},
    )

    assert Calendar.from_json(own.to_json(), base) == own
    assert Calendar.from_json({}, base) == base
    assert Calendar.from_json({"hours": ["9-12 mon"]}, base).dates == base.dates


def test_after_friday_evening_comes_monday_noon():
    calendar = Calendar("America/New_York")

    assert opening(calendar, NOON_TO_SIX, at("2026-10-16 19:00", "America/New_York")) == (
        at("2026-10-19 12:00", "America/New_York"),
        at("2026-10-19 18:00", "America/New_York"),
    )


def test_a_moment_within_the_hours_is_the_beginning_of_what_is_left_of_them():
    calendar, now = Calendar("America/New_York"), at("2026-10-16 17:59", "America/New_York")

    assert opening(calendar, NOON_TO_SIX, now) == (now, now + timedelta(minutes=1))
    assert opening(calendar, NOON_TO_SIX, now + timedelta(minutes=1)) == (
        at("2026-10-19 12:00", "America/New_York"),
        at("2026-10-19 18:00", "America/New_York"),
    )


def test_a_window_is_cut_to_the_schools_hours_and_days():
    calendar = Calendar("America/Denver", (Window.parse("14-20 mon-thu"), Window.parse("10-13 fri")))

    thursday, friday = (
        opening(calendar, NOON_TO_SIX, at(f"2026-10-{day}", "America/Denver")) for day in (15, 16)
    )
    assert thursday == (at("2026-10-15 14:00", "America/Denver"), at("2026-10-15 18:00", "America/Denver"))
    assert friday == (at("2026-10-16 12:00", "America/Denver"), at("2026-10-16 13:00", "America/Denver"))


def test_holidays_and_breaks_are_closed():
    calendar = Calendar("America/New_York", holidays="US", closed=((date(2026, 12, 24), date(2027, 1, 2)),))

    assert calendar.closed_on(date(2026, 11, 26))  # Thanksgiving
    assert not calendar.closed_on(date(2026, 11, 27))
    assert [calendar.closed_on(date(2026, 12, day)) for day in (23, 24, 31)] == [False, True, True]
    assert opening(calendar, None, at("2026-12-24 12:00", "America/New_York")) == (
        at("2027-01-04 09:00", "America/New_York"),
        at("2027-01-04 20:00", "America/New_York"),
    )


def test_where_nothing_opens_for_two_months_there_is_no_opening():
    summer = Calendar("America/New_York", closed=((date(2026, 6, 15), date(2026, 9, 8)),))

    assert opening(summer, None, at("2026-06-15 12:00", "America/New_York")) is None
    assert opening(Calendar("America/New_York"), Window.parse("9-20 sun"), at("2026-10-16 12:00")) is None
    assert opening(summer, None, at("2026-07-15 12:00", "America/New_York")) is not None


def test_states_have_holidays_of_their_own_and_days_off_for_a_holiday_on_a_weekend_count():
    assert date(2026, 2, 12) in public_holidays("US-NY", 2026)  # Lincoln's birthday
    assert date(2026, 2, 12) not in public_holidays("US", 2026)
    assert date(2026, 7, 3) in public_holidays("US", 2026)
    assert date(2027, 12, 31) in public_holidays("US", 2027)  # for New Year's Day 2028, a Saturday
    assert not public_holidays("", 2026)
    assert [known(code) for code in ("US", "US-NY", "PT", "XX", "US-XX", "US-", "")] == [
        True, True, True, False, False, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("hours", "day", "lengths"),
    [
        ("1-4", "2026-03-08", [2]),  # 02:00 to 03:00 is not there
        ("2:30-4", "2026-03-08", [1]),  # opens in the gap: with the first moment after it
        ("1-2:30", "2026-03-08", [1]),  # closes in the gap
        ("2-3", "2026-03-08", []),  # is the gap
        ("0-3", "2026-11-01", [4]),  # 01:00 to 02:00 comes twice
        ("1:30-3", "2026-11-01", [0.5, 1.5]),  # 01:00 to 01:30 comes again in between, and does not belong
        ("0:30-1:30", "2026-11-01", [1, 0.5]),
    ],
)
def test_hours_on_a_day_when_the_clock_is_changed_are_those_that_it_shows(hours, day, lengths):
    window = Window.parse(f"{hours} mon-sun")
    calendar = Calendar("America/New_York", (window,))

    found = calendar.open_on(date.fromisoformat(day))

    assert [(end - start) / timedelta(hours=1) for start, end in found] == lengths


@st.composite
def moments(draw: st.DrawFn) -> tuple[str, datetime]:
    """A zone, and a whole minute near a change of its clock."""
    zone = draw(st.sampled_from(ZONES))
    day = datetime.fromisoformat(draw(st.sampled_from(CHANGES[zone]))).replace(tzinfo=UTC)
    return zone, day + timedelta(minutes=draw(st.integers(-3 * 1440, 3 * 1440)))


minutes = st.one_of(st.integers(0, 300), st.integers(0, 1439))
"""Often in the small hours, when clocks are changed."""


@st.composite
def windows(draw: st.DrawFn) -> Window:
    opens, closes = sorted(draw(st.lists(minutes, min_size=2, max_size=2, unique=True)))
    days = draw(st.one_of(st.just(EVERY_DAY), st.frozensets(st.integers(0, 6), min_size=1)))
    return Window(time(*divmod(opens, 60)), time(*divmod(closes, 60)), days)


@settings(max_examples=150, deadline=None)
@given(moments(), windows(), windows(), st.integers(-3, 3), st.integers(0, 2))
@example(("America/New_York", at("2026-03-08 06:00")), Window.parse("2:30-4 sun"), OUTER, 1, 0)
def test_an_opening_is_what_looking_at_the_clock_every_minute_finds(where, window, hours, first, more):
    zone, moment = where
    begin = moment.date() + timedelta(days=first)
    calendar = Calendar(zone, (hours,), "US", ((begin, begin + timedelta(days=more)),))

    def is_open(at: datetime) -> bool:
        wall = at.astimezone(ZoneInfo(zone))
        shown = wall.time()
        return (
            wall.weekday() in window.days & hours.days
            and window.opens <= shown < window.closes
            and hours.opens <= shown < hours.closes
            and not begin <= wall.date() <= begin + timedelta(days=more)
            and wall.date() not in public_holidays("US", wall.year)
        )

    found = opening(calendar, window, moment)

    week = [moment + timedelta(minutes=count) for count in range(8 * 1440)]
    start = next((minute for minute in week if is_open(minute)), None)
    if start is None:
        assert found is None or found[0] > week[-1]
        return
    end = start
    while is_open(end):
        end += timedelta(minutes=1)
    assert found == (start, end)


@settings(max_examples=300, deadline=None)
@given(moments())
def test_a_wall_time_has_one_moment_and_it_is_the_first_at_which_the_clock_has_come_so_far(where):
    name, moment = where
    zone, wall = ZoneInfo(name), moment.replace(tzinfo=None)

    found = instant(wall, zone)

    shown = found.astimezone(zone).replace(tzinfo=None)
    a_minute_before = (found - timedelta(minutes=1)).astimezone(zone).replace(tzinfo=None)
    assert shown >= wall > a_minute_before
    gap = wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall
    assert (shown == wall) is not gap
