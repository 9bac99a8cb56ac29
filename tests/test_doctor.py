"""openline doctor about people: who is on call, alerts nobody has seen, reminders that are late. On both databases."""

from __future__ import annotations

import pytest

import survey_flows
from bot.app import opened
from bot.doctor import examine
from bot.settings import Settings
from bot.shelf import Shelf
from channels.base import Received


@pytest.fixture
def looked(url, clock):
    async def looked(**given):
        found = await examine(Settings(_env_file=None, database_url=url, **given), clock=clock)
        return {one.what: one.state for one in found}

    return looked


async def hear(url, clock, *texts):
    given = Settings(_env_file=None, database_url=url, allow_drafts=True, language_menu=False)
    async with opened(given, clock=clock, channels={}) as service:
        for n, text in enumerate(texts):
            message = Received("sms", f"SM{n}", "+15035550101", "+15035550100", text, language="en")
            await service.inbox.hear([message])


async def test_without_channels_nobody_on_call_is_a_note_until_a_survey_may_bring_reports_of_harm(
    looked, database, clock, new_id
):
    assert (await looked())["nobody is on call"] == "note"

    async with database.begin() as db:
        await Shelf().publish(db, survey_flows.library("safe-student"), clock(), new_id)

    assert (await looked())["nobody is on call, and harm may be reported in safe-student"] == "bad"


async def test_nobody_on_call_is_bad_as_soon_as_people_can_write(looked):
    assert (await looked(telegram_token="1:x"))["nobody is on call"] == "bad"
    assert (await looked(twilio_account_sid="AC1", twilio_auth_token="x", twilio_from="+15035550100"))[
        "nobody is on call"
    ] == "bad"


async def test_who_is_on_call_must_have_a_channel_that_is_set_up(looked):
    twilio = {"twilio_account_sid": "AC1", "twilio_auth_token": "x", "twilio_from": "+15035550100"}
    both = "sms:+15035550901, telegram:77"

    assert (await looked(on_call=both, **twilio))[
        "on call by telegram, which is not set up: they are not told"
    ] == "bad"
    assert (await looked(on_call="sms:+15035550901", **twilio))["one person is on call"] == "note"
    assert (await looked(on_call=both, telegram_token="1:x", **twilio))["2 people are on call"] == "good"


async def test_somebody_on_call_who_has_said_stop_is_told_of(looked, url, clock):
    gone = "on call, but they have sent STOP or cannot be reached: 1"
    assert gone not in await looked(on_call="sms:+15035550101")

    await hear(url, clock, "STOP")

    assert (await looked(on_call="sms:+15035550101, telegram:7"))[gone] == "bad"
    assert gone not in await looked(on_call="sms:+15035550102")


async def test_alerts_that_nobody_has_seen_are_told(looked, url, clock):
    assert (await looked())["no alert waits to be seen"] == "good"

    await hear(url, clock, "START", "i want to die", "call me")

    found = await looked()
    assert found["messages about danger that nobody has seen: 1"] == "bad"
    assert found["people who would like to talk to somebody, not seen yet: 1"] == "note"


async def test_reminders_that_are_late_mean_that_no_worker_runs(looked, url, clock):
    await hear(url, clock, "START")
    clock.forward(hours=24, minutes=30)
    assert not any("is late" in what for what in await looked())

    clock.forward(hours=1)

    assert (await looked())["conversations whose reminder or end is late: 1"] == "note"


async def test_a_time_zone_that_nobody_set_is_a_note(looked):
    assert (await looked())["time zone America/New_York, because nobody has set another"] == "note"
    assert (await looked(timezone="America/New_York"))["time zone America/New_York"] == "good"


async def test_without_tables_the_rest_is_still_looked_at(tmp_path, clock):
    given = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'none.db'}")

    found = {one.what: one.state for one in await examine(given, clock=clock)}

    assert found["nobody is on call"] == "note"
    assert found["database (sqlite): empty or out of reach"] == "bad"
