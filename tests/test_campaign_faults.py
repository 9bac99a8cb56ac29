"""What is not to happen to a campaign: nobody lost, nobody written to too often, and no campaign in another's way."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from campaign_world import OTHER, STAFF, SURVEY, THANKS, district
from sqlalchemy import insert, select, text, update

from bot.outreach import accounting, beginning, control, dispatch, ending, expansion
from bot.outreach.audience import saved
from bot.store.tables import campaigns, conversations, messages, people, runs, schools
from channels.base import SendFailed

NOON = datetime(2026, 10, 14, 16, 0, tzinfo=UTC)  # in New York, a Wednesday


@pytest.fixture
async def town(url, clock):
    clock.now = NOON
    async with district(url, clock) as made:
        yield made


async def waits(town):
    """Until somebody waits for a lock."""
    for _ in range(200):
        async with town.app.database.read() as db:
            if (await db.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))).scalar():
                return
        await asyncio.sleep(0.05)


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


async def test_a_campaign_that_goes_now_goes_when_it_is_approved(url, clock):
    clock.now = NOON
    async with district(url, clock, approve_above=0) as town:
        await town.person()
        await town.campaign()
        clock.forward(days=5)
        await control.approve(town.app, "thanks", OTHER)
        await town.work()

        assert await town.counts() == {"sent": 1}


async def test_a_phone_in_the_middle_of_a_survey_is_not_asked_another_for_somebody_else(url, clock):
    clock.now = NOON
    async with district(url, clock, surveys_per_fortnight=0) as town:
        _, phone = await town.person()
        await town.campaign(SURVEY)
        await town.work()
        await town.person(respondent="student", number=False, shares=phone)
        await town.person(respondent="student")
        await town.campaign(SURVEY.replace("asking", "students").replace("family", "student"))
        await town.work()

        assert await town.counts("students") == {"sent": 1, "in a survey": 1}


async def test_two_surveys_that_are_due_at_once_are_not_begun_at_once(url, clock):
    clock.now = NOON
    async with district(url, clock, surveys_per_fortnight=0) as town:
        await town.person()
        await town.campaign(SURVEY + "  - survey: pulse-family\n    after: 2 days\n")
        await town.dispatch.drain()
        await control.pause(town.app, "asking", STAFF)
        town.clock.forward(days=2, hours=1)
        await control.resume(town.app, "asking", STAFF)
        await town.work()

        assert await town.counts("asking") == {"sent": 1, "in a survey": 1}


async def test_the_cap_holds_between_the_steps_of_a_batch(url, clock):
    clock.now = NOON
    async with district(url, clock, outreach_per_week=1) as town:
        await town.person()
        await town.campaign(
            THANKS
            + '  - after: 1 day\n    message:\n      en: "{school} again. How is it? Reply STOP to end."\n'
        )
        await town.dispatch.drain()
        await control.pause(town.app, "thanks", STAFF)
        clock.forward(days=1, hours=1)
        await control.resume(town.app, "thanks", STAFF)
        await town.work()

        assert await town.counts() == {"sent": 1, "cap": 1}


async def test_the_cap_holds_for_a_phone_that_is_shared(url, clock):
    clock.now = NOON
    async with district(url, clock, outreach_per_week=1) as town:
        _, phone = await town.person()
        await town.person(respondent="student", number=False, shares=phone)
        for key in ("one", "two"):
            await town.campaign(
                THANKS.replace("campaign: thanks", f"campaign: {key}").replace("family", "student")
            )
            await town.work()

        assert await town.counts("one") == {"sent": 1}
        assert await town.counts("two") == {"cap": 1}


async def test_somebody_who_joins_a_household_while_the_audience_is_expanded_is_there_once(town, monkeypatch):
    monkeypatch.setattr(expansion.expand, "__defaults__", (2,))
    persons = [(await town.person())[0] for _ in range(5)]
    await town.campaign(THANKS.replace("steps:", "to: person\nsteps:"))
    await town.dispatch.turn()
    async with town.app.database.begin() as db:
        await db.execute(update(people).where(people.c.id == persons[0]).values(household_id=persons[-1]))
    await town.work()

    assert await town.counts() == {"sent": 5}


async def test_an_audience_with_nobody_in_a_chunk_is_expanded_without_a_pause(town, monkeypatch):
    monkeypatch.setattr(expansion.expand, "__defaults__", (2,))
    for _ in range(7):
        await town.person(respondent="student")
    await town.person()
    await town.campaign()
    await town.dispatch.drain()

    assert len(await town.queued()) == 1


async def test_what_a_saved_audience_means_is_approved_as_well(url, clock):
    clock.now = NOON
    async with district(url, clock, approve_above=0) as town:
        await town.person()
        await town.person(respondent="student")
        async with town.app.database.begin() as db:
            await saved.save(db, "some", "respondent = family", clock())
        await town.campaign(
            THANKS.replace("audience: respondent = family", "audience: some").replace(
                "when: now", "when: {at: 2026-10-15 13:00}"
            ),
            approve=True,
        )
        async with town.app.database.begin() as db:
            await saved.save(db, "some", "respondent = student", clock())
        clock.forward(days=1, hours=2)
        await town.work()

        assert town.phone.sent == []
        assert (await control.standing(town.app, "thanks")).state == "awaiting"


async def test_one_campaign_that_cannot_begin_does_not_keep_the_others_from_it(town, monkeypatch):
    await town.person()
    await town.campaign()
    await town.campaign(THANKS.replace("campaign: thanks", "campaign: sick"))
    async with town.app.database.begin() as db:
        await db.execute(
            update(campaigns).where(campaigns.c.key == "sick").values(next_at=NOON - timedelta(hours=1))
        )
    whole = beginning.among

    def among(campaign, *rest):
        if campaign.key == "sick":
            raise RuntimeError
        return whole(campaign, *rest)

    monkeypatch.setattr(beginning, "among", among)
    await town.work()

    assert await town.counts() == {"sent": 1}


async def test_a_school_in_a_later_zone_has_its_whole_time(url, clock):
    clock.now = datetime(2026, 10, 13, 12, 0, tzinfo=UTC)
    text = THANKS.replace(
        "when: now", "when: {at: 2026-10-14 16:30}\nhours: 09:00-20:00 mon-sun\ntry_for: 2 hours"
    )
    async with district(url, clock) as town:
        async with town.app.database.begin() as db:
            for name, zone in (("Bronx", "America/New_York"), ("Honolulu", "Pacific/Honolulu")):
                said = {"timezone": zone, "hours": ["09:00-20:00 mon-sun"], "holidays": ""}
                await db.execute(insert(schools).values(name=name, calendar=said, changed_at=clock()))
        await town.person(school="Bronx")
        await town.person(school="Honolulu")
        await town.campaign(text)
        await town.until(clock.now + timedelta(days=3))

        assert await town.counts() == {"sent": 2}


async def test_a_large_campaign_leaves_room_for_a_later_one(town, monkeypatch):
    monkeypatch.setattr(dispatch, "AHEAD", 10)
    monkeypatch.setattr(dispatch, "BATCH", 5)
    for _ in range(60):
        await town.person()
    await town.person(respondent="student")
    await town.campaign()
    await town.dispatch.drain()
    await town.campaign(THANKS.replace("campaign: thanks", "campaign: few").replace("family", "student"))
    for _ in range(3):  # the senders take five at a time
        async with town.app.database.begin() as db:
            five = select(messages.c.id).where(messages.c.state == "queued").limit(5)
            await db.execute(update(messages).where(messages.c.id.in_(five)).values(state="sent"))
        await town.dispatch.drain()

    async with town.app.database.read() as db:
        staged = select(runs.c.staged).join(campaigns, campaigns.c.id == runs.c.campaign_id)
        assert (await db.execute(staged.where(campaigns.c.key == "few"))).scalar() == 1


async def test_of_what_was_missed_only_the_latest_goes_out(url, clock):
    clock.now = datetime(2026, 10, 12, 12, 0, tzinfo=UTC)
    text = THANKS.replace("when: now", 'when: {cron: "30 16 * * *"}\nhours: 09:00-20:00 mon-sun')
    async with district(url, clock, outreach_per_week=0) as town:
        await town.person()
        await town.campaign(text)
        clock.now = datetime(2026, 10, 14, 22, 0, tzinfo=UTC)
        await town.work()

        assert len(town.phone.sent) == 1


async def test_a_sequence_stopped_while_it_is_expanded_adds_up(town, monkeypatch):
    monkeypatch.setattr(expansion.expand, "__defaults__", (2,))
    for _ in range(4):
        await town.person()
    await town.campaign(
        THANKS + '  - after: 1 day\n    message:\n      en: "{school} again. How is it? Reply STOP to end."\n'
    )
    await town.dispatch.turn()
    async with town.app.database.read() as db:
        assert (await accounting.report(db, await control.find(db, "thanks"))).total == 8
    await control.stop(town.app, "thanks", STAFF)
    await town.work()

    assert await town.counts() == {"cancelled": 8}


@pytest.mark.postgres
async def test_a_campaign_that_pauses_itself_and_one_that_stages_do_not_wait_for_each_other(
    postgres_url, clock, monkeypatch
):
    clock.now = NOON

    async def wrong(*_):
        return "too much fails"

    async with district(postgres_url, clock) as town:
        await town.person()
        await town.campaign(THANKS.replace("when: now", "when: now\nhours: 14:00-18:00 mon-fri"))
        await town.dispatch.turn()
        monkeypatch.setattr(ending, "look", wrong)
        town.dispatch._looked = None
        async with town.app.database.begin() as staging:  # what staging locks, in its order
            await staging.execute(select(campaigns).with_for_update(read=True))
            looking = asyncio.create_task(town.dispatch.turn())
            await waits(town)
            await staging.execute(update(runs).values(staged=runs.c.staged))
        await looking

        assert (await control.standing(town.app, "thanks")).state == "paused"


async def test_what_is_put_back_after_the_end_is_taken_up_again(town):
    await town.person()
    await town.campaign()
    await town.work()
    assert (await control.standing(town.app, "thanks")).state == "finished"
    async with town.app.database.begin() as db:  # the provider says after the hours' end: not for now
        await db.execute(update(messages).values(state="queued", provider_id=None, due_at=town.clock()))
    town.clock.forward(hours=8)
    await town.until(NOON + timedelta(days=4))

    assert await town.counts() == {"sent": 1}
    assert (await control.standing(town.app, "thanks")).state == "finished"


@pytest.mark.postgres
async def test_somebody_who_writes_at_the_moment_of_a_stop_does_not_hold_it_up(postgres_url, clock):
    clock.now = NOON
    async with district(postgres_url, clock) as town:
        await town.person()
        await town.person()
        await town.campaign(SURVEY)
        await town.dispatch.drain()
        async with town.app.database.begin() as writing:  # what the inbox does for one of them
            one = (await writing.execute(select(messages).limit(1))).mappings().one()
            mine = conversations.c.id == one["conversation_id"]
            await writing.execute(update(conversations).where(mine).values(heard_at=NOON))
            heard = {
                "id": town.app.new_id(),
                "direction": "in",
                "state": "heard",
                "purpose": "heard",
                "campaign_id": None,
            }
            await writing.execute(insert(messages).values(dict(one) | heard))
            stopping = asyncio.create_task(control.stop(town.app, "asking", STAFF))
            await waits(town)
        await stopping
        await town.work()

        assert await town.counts("asking") == {"cancelled": 1, "in a survey": 1}
