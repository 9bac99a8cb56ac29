"""Campaigns by the clock on the wall: quiet hours and patterns that come again, over both changes of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from campaign_world import THANKS, district
from sqlalchemy import insert

from bot.store.tables import schools

ZONES = {
    "Bronx": "America/New_York",
    "Denver": "America/Denver",
    "Phoenix": "America/Phoenix",  # never changes its clock
    "Honolulu": "Pacific/Honolulu",
}
ALWAYS = {"hours": ["09:00-20:00 mon-sun"], "holidays": ""}


async def with_calendars(town):
    async with town.app.database.begin() as db:
        for name, zone in ZONES.items():
            said = ALWAYS | {"timezone": zone}
            await db.execute(insert(schools).values(name=name, calendar=said, changed_at=town.clock()))
    for name in ZONES:
        await town.person(school=name)


@pytest.mark.parametrize(
    "begin",
    [datetime(2026, 3, 6, 0, 0, tzinfo=UTC), datetime(2026, 10, 30, 0, 0, tzinfo=UTC)],
    ids=["clocks-forward", "clocks-back"],
)
async def test_a_daily_campaign_is_at_its_hour_in_four_zones_on_every_day_and_once(url, clock, begin):
    clock.now = begin
    text = THANKS.replace(
        "when: now", 'when: {cron: "30 16 * * *"}\nhours: 09:00-20:00 mon-sun\ntry_for: 20 hours'
    )
    async with district(url, clock, outreach_per_week=0) as town:
        await with_calendars(town)
        await town.campaign(text)
        await town.until(begin + timedelta(days=5, hours=4), every=timedelta(minutes=30))

        for number, zone in enumerate(ZONES.values(), start=1):
            walls = [
                at.astimezone(ZoneInfo(zone)) for to, _, at in town.phone.sent if to == f"+1503555{number:04}"
            ]
            assert {wall.strftime("%H:%M") for wall in walls} == {"16:30"}, zone
            days = [wall.date() for wall in walls]
            assert len(set(days)) == len(days) == 5, zone


async def test_nobody_is_written_to_outside_the_hours_of_their_school(url, clock):
    """A campaign that begins on a Friday night in New York, two nights before the clocks go back there."""
    clock.now = datetime(2026, 10, 31, 3, 0, tzinfo=UTC)
    text = THANKS.replace("when: now", "when: now\nhours: 12:00-18:00 mon-fri\ntry_for: 5 days")
    async with district(url, clock) as town:
        await with_calendars(town)
        await town.campaign(text)
        await town.until(clock.now + timedelta(days=4), every=timedelta(minutes=30))

        assert await town.counts() == {"sent": 4}
        for number, zone in enumerate(ZONES.values(), start=1):
            (at,) = [at for to, _, at in town.phone.sent if to == f"+1503555{number:04}"]
            wall = at.astimezone(ZoneInfo(zone))
            assert wall.weekday() < 5, zone
            assert 12 <= wall.hour < 18, zone


async def test_a_worker_that_was_away_sends_the_latest_occasion_only(url, clock):
    clock.now = datetime(2026, 10, 12, 12, 0, tzinfo=UTC)
    text = THANKS.replace("when: now", 'when: {cron: "30 16 * * *"}\nhours: 09:00-20:00 mon-sun')
    async with district(url, clock, outreach_per_week=0) as town:
        await with_calendars(town)
        await town.campaign(text)
        clock.forward(days=6)
        await town.work()
        await town.until(clock.now + timedelta(days=1))

        assert max(town.sent_to().values()) <= 3
