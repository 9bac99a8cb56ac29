"""A campaign is over when nothing of it is on its way any more, and not before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from campaign_world import STAFF, district

from bot.outreach import control

NOON = datetime(2026, 10, 14, 16, 0, tzinfo=UTC)  # in New York, a Wednesday


@pytest.fixture
async def town(url, clock):
    """Three people, all of whom have a message in the queue that nobody has sent yet."""
    clock.now = NOON
    async with district(url, clock) as made:
        for _ in range(3):
            await made.person()
        await made.campaign()
        await made.dispatch.drain()
        made.clock.forward(seconds=10)
        await made.dispatch.drain()
        assert len(await made.queued()) == 3
        yield made


async def test_a_campaign_whose_last_messages_are_still_queued_can_be_stopped(town):
    await control.stop(town.app, "thanks", STAFF)
    await town.work()

    assert town.phone.sent == []
    assert await town.counts() == {"cancelled": 3}


async def test_what_was_still_queued_when_the_hours_ended_goes_the_next_morning(town):
    town.clock.now = NOON + timedelta(hours=7)
    await town.work()
    assert town.phone.sent == []

    await town.until(NOON + timedelta(days=1, hours=1))

    assert await town.counts() == {"sent": 3}
    assert (await control.standing(town.app, "thanks")).state == "finished"


async def test_a_run_knows_how_many_people_it_has(town):
    (run,) = (await control.standing(town.app, "thanks")).runs

    assert (run.expected, run.expanded, run.staged) == (3, 3, 3)
