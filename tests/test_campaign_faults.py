"""What is not to happen to a campaign: nobody lost, nobody written to too often, and no campaign in another's way."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from campaign_world import STAFF, THANKS, district

from bot.outreach import control
from channels.base import SendFailed

NOON = datetime(2026, 10, 14, 16, 0, tzinfo=UTC)  # in New York, a Wednesday
SURVEY = """\
campaign: asking
title: Asking
source: en
audience: respondent = family
channels: [sms]
when: now
steps:
  - survey: getting-to-school
"""


@pytest.fixture
async def town(url, clock):
    clock.now = NOON
    async with district(url, clock) as made:
        yield made


async def test_failures_of_an_earlier_run_do_not_count_against_the_next(url, clock):
    clock.now = NOON
    failed = SendFailed("filtered", "drop", code="30007")
    async with district(url, clock, fails=lambda one: failed if one.to[-1] == "1" else None,
                        outreach_per_week=0) as town:  # fmt: skip
        for _ in range(60):
            await town.person()
        await town.campaign(THANKS.replace("when: now", "when: trigger"))
        for occasion in range(4):
            await control.trigger(town.app, "thanks", STAFF, f"2026-10-0{occasion + 1}")
            await town.work()
            town.clock.forward(seconds=10)
            await town.work()

        assert (await control.standing(town.app, "thanks")).state == "scheduled"
