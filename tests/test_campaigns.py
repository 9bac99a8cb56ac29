"""Campaigns from the list to the phone: the right people, at the right hour, once, and everybody accounted for."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from campaign_world import OTHER, STAFF, SURVEY, THANKS, district
from sqlalchemy import select

import survey_flows
from bot import alerts
from bot.outreach import control
from bot.outreach.replies import replies
from bot.store.tables import addresses, conversations, messages, recipients, runs
from channels.base import SendFailed

NOON = datetime(2026, 10, 14, 16, 0, tzinfo=UTC)  # in New York, a Wednesday


@pytest.fixture
async def town(url, clock):
    clock.now = NOON
    async with district(url, clock) as made:
        yield made


async def test_everyone_of_the_audience_ends_in_one_counted_state(town):
    await town.person()
    await town.person(language="es")
    await town.person(suppressed="stopped")
    await town.person(suppressed="dead")
    await town.person(consent=False)
    await town.person(number=False)
    mother, phone = await town.person()
    await town.person(household=mother)
    await town.person(number=False, shares=phone)
    await town.person(respondent="student")

    await town.campaign()
    await town.work()

    assert await town.counts() == {
        "sent": 3, "opted out": 1, "unreachable": 1, "no consent": 1, "no address": 1, "same household": 1,
        "same number": 1,
    }  # fmt: skip
    assert len(town.phone.sent) == 3
    assert sorted(text.split(".")[0] for _, text, _ in town.phone.sent) == [
        "Le escribe Riverbend", "Riverbend here", "Riverbend here",
    ]  # fmt: skip


async def test_two_schedulers_at_once_send_once(town):
    for _ in range(40):
        await town.person()
    await town.campaign()

    await asyncio.gather(*(town.app.dispatch().drain() for _ in range(4)))
    await asyncio.gather(*(outbox.drain() for _ in range(2) for outbox in town.app.outboxes()))
    await town.work()

    assert set(town.sent_to().values()) == {1}
    assert await town.counts() == {"sent": 40}


async def test_a_stop_before_its_turn_is_honoured_and_counted(town):
    await town.person()
    await town.person()
    await town.campaign(THANKS.replace("when: now", "when: now\nhours: 14:00-18:00 mon-fri"))
    await town.work()
    assert await town.counts() == {"waiting": 2}

    await town.hears("+15035550001", "STOP")
    await town.until(NOON + timedelta(hours=4))

    assert await town.counts() == {"sent": 1, "opted out": 1}
    assert "+15035550001" not in {to for to, text, _ in town.phone.sent if "Thank you for being" in text}


async def test_a_campaign_is_stopped_in_the_middle_and_the_rest_counted(town):
    for _ in range(30):
        await town.person()
    await town.campaign()
    await town.dispatch.drain()
    assert len(await town.queued()) == 30

    await control.stop(town.app, "thanks", STAFF)
    await town.work()

    assert town.phone.sent == []
    assert await town.queued() == []
    assert await town.counts() == {"cancelled": 30}


async def test_a_paused_campaign_goes_on_where_it_was(town):
    for _ in range(5):
        await town.person()
    await town.campaign()
    await town.dispatch.drain()

    await control.pause(town.app, "thanks", STAFF, "wrong date in the text")
    await town.work()
    assert town.phone.sent == []
    assert await town.counts() == {"waiting": 5}
    assert (await control.standing(town.app, "thanks")).reason == "wrong date in the text"

    await control.resume(town.app, "thanks", STAFF)
    await town.work()

    assert await town.counts() == {"sent": 5}
    assert set(town.sent_to().values()) == {1}
    assert (await control.standing(town.app, "thanks")).state == "finished"


async def test_what_has_not_gone_out_when_the_hours_end_goes_the_next_morning(town):
    await town.person()
    await town.campaign()
    await town.dispatch.drain()  # staged, and then no sender until the evening
    town.clock.now = NOON + timedelta(hours=7)

    await town.work()
    assert town.phone.sent == []
    await town.until(NOON + timedelta(days=1, hours=1))

    ((_, _, at),) = town.phone.sent
    assert at.astimezone(ZoneInfo("America/New_York")).hour == 12
    assert await town.counts() == {"sent": 1}


async def test_nothing_goes_when_the_hours_have_run_out(town):
    await town.person()
    await town.campaign()
    town.clock.now = NOON + timedelta(days=4)  # no worker ran for four days

    await town.work()

    assert town.phone.sent == []
    assert await town.counts() == {"hours ran out": 1}


async def test_the_cap_holds_over_all_campaigns(town):
    await town.person()
    for n in range(4):
        await town.campaign(THANKS.replace("campaign: thanks", f"campaign: thanks-{n}"))
        await town.work()

    assert len(town.phone.sent) == 3
    assert await town.counts("thanks-3") == {"cap": 1}
    town.clock.forward(days=7, minutes=1)
    await town.campaign(THANKS.replace("campaign: thanks", "campaign: again"))
    await town.work()
    assert await town.counts("again") == {"sent": 1}


async def test_variants_and_those_held_out_are_by_lot_and_add_up(town):
    for _ in range(60):
        await town.person()
    text = THANKS.replace("steps:", "variants: {a: 50, b: 50}\nholdout: 20\nsteps:").replace(
        """  - message:
      en: "{school} here. Thank you for being on time. Reply STOP to end."
      es: "Le escribe {school}. Gracias por llegar a tiempo. Responda STOP para terminar."
""",
        """  - message:
      a: {en: "{school} here. Thank you. Reply STOP to end."}
      b: {en: "{school} here. Well done. Reply STOP to end."}
""",
    )
    await town.campaign(text)
    await town.work()

    counts = await town.counts()
    said = {text for _, text, _ in town.phone.sent}
    assert counts["sent"] + counts["held out"] == 60
    assert 3 <= counts["held out"] <= 24  # 12 on average; beyond these by chance once in some thousand
    assert said == {
        "Riverbend here. Thank you. Reply STOP to end.",
        "Riverbend here. Well done. Reply STOP to end.",
    }


SEQUENCE = (
    THANKS
    + """\
  - after: 2 days
    unless: replied
    message:
      en: "{school} again. How is it going? Reply STOP to end."
"""
)


async def test_a_sequence_goes_on_after_its_days_and_leaves_alone_whoever_has_replied(town):
    await town.person()
    await town.person()
    await town.campaign(SEQUENCE)
    await town.work()
    assert len(town.phone.sent) == 2

    await town.hears("+15035550002", "thank you")
    await town.until(NOON + timedelta(days=2, hours=2))

    assert [to for to, text, _ in town.phone.sent if "again" in text] == ["+15035550001"]
    assert await town.counts() == {"sent": 3, "replied": 1}


async def test_a_survey_is_begun_once_and_its_conversation_answered(town):
    await town.person()
    await town.campaign(SURVEY)
    await town.work()
    await town.hears("+15035550001", "1")

    async with town.app.database.read() as db:
        (state,) = (await db.execute(select(conversations.c.state))).scalars()
    assert state == "started"
    town.clock.forward(days=15)
    await town.campaign(SURVEY.replace("campaign: asking", "campaign: asking-again"))
    await town.work()
    assert await town.counts("asking-again") == {"asked before": 1}


async def test_a_survey_that_is_put_back_leaves_no_conversation_behind(town):
    await town.person()
    await town.campaign(SURVEY)
    await town.dispatch.drain()
    await control.pause(town.app, "asking", STAFF)

    async with town.app.database.read() as db:
        assert (await db.execute(select(conversations))).all() == []
        assert (await db.execute(select(messages))).all() == []
    await control.resume(town.app, "asking", STAFF)
    await town.work()
    assert await town.counts("asking") == {"sent": 1}


MISSED = """\
campaign: missed
title: We missed you
source: en
audience: respondent = family
channels: [sms]
when: {date: absence, days: 1, at: "13:00"}
steps:
  - message: {en: "{school} here. We missed {children} on {day}. Reply STOP to end."}
"""


async def test_an_absence_becomes_a_message_the_day_after_and_never_twice(town):
    ana, _ = await town.person(children=[("Leo", "Lincoln", {})])
    await town.person(children=[("Mia", "Lincoln", {})])
    await town.campaign(MISSED)
    await town.absent(ana, (NOON - timedelta(days=1)).date())

    await town.until(NOON + timedelta(days=2))

    assert [text for _, text, _ in town.phone.sent] == [
        "Lincoln here. We missed Leo on Tuesday, October 13. Reply STOP to end."
    ] or [text.split(" on ")[0] for _, text, _ in town.phone.sent] == ["Lincoln here. We missed Leo"]
    assert town.phone.sent[0][2].astimezone(ZoneInfo("America/New_York")).hour == 13
    await town.absent(ana, (NOON + timedelta(days=1)).date())
    await town.until(NOON + timedelta(days=3))
    assert len(town.phone.sent) == 2


async def test_a_large_campaign_needs_a_second_person(url, clock):
    clock.now = NOON
    async with district(url, clock, approve_above=2) as town:
        for _ in range(3):
            await town.person()
        standing = await town.campaign()
        assert standing.state == "awaiting"
        await town.work()
        assert town.phone.sent == []
        with pytest.raises(control.Refused, match="written by you"):
            await control.approve(town.app, "thanks", STAFF)

        await control.approve(town.app, "thanks", OTHER)
        await town.work()

        assert await town.counts() == {"sent": 3}


async def test_a_campaign_pauses_itself_when_too_much_fails(url, clock):
    clock.now = NOON
    failed = SendFailed("filtered", "drop", code="30007")
    async with district(
        url, clock, fails=lambda outgoing: failed if outgoing.to[-1] in "0123" else None
    ) as town:
        for _ in range(60):
            await town.person()
        await town.campaign()
        await town.work()
        town.clock.forward(seconds=10)
        await town.work()

        standing = await control.standing(town.app, "thanks")
        assert await town.counts() == {"sent": 36, "failed": 24}
    assert standing.state == "paused"


async def test_an_occasion_has_one_run_however_often_it_is_begun(town):
    await town.person()
    text = THANKS.replace("when: now", "when: trigger")
    await town.campaign(text)
    for _ in range(3):
        await control.trigger(town.app, "thanks", STAFF, "2026-10-13")
        await town.work()

    async with town.app.database.read() as db:
        assert len((await db.execute(select(runs))).all()) == 1
        assert len((await db.execute(select(recipients))).all()) == 1
    assert len(town.phone.sent) == 1


async def test_a_message_about_some_children_names_only_those_and_passes_over_whoever_has_none_of_them(town):
    await town.person(children=[("Leo", "Lincoln", {}), ("Mia", "Oak Hill", {})])
    await town.person(children=[("Sol", "Oak Hill", {})])
    await town.person(school="Lincoln")  # no child on the list: they are at the school themselves
    text = THANKS.replace("respondent = family", 'school = "Lincoln"').replace("{school} here. Thank you", "{school} thanks {children}. Thank you").replace("steps:", "fallback: {children: {en: you}}\nsteps:")  # fmt: skip
    text = text.replace(
        '      es: "Le escribe {school}. Gracias por llegar a tiempo. Responda STOP para terminar."\n', ""
    )
    await town.campaign(text)
    await town.work()

    assert sorted(text.split(".")[0] for _, text, _ in town.phone.sent) == [
        "Lincoln thanks Leo",
        "Lincoln thanks you",
    ]


async def test_the_day_of_a_campaign_that_goes_now_is_today(town):
    await town.person()
    await town.campaign(THANKS.replace("Thank you for being on time.", "It is {day}.").replace("Gracias por llegar a tiempo.", "Es {day}."))  # fmt: skip
    await town.work()

    assert [text for _, text, _ in town.phone.sent] == [
        "Riverbend here. It is Wednesday, October 14. Reply STOP to end."
    ]


async def test_nobody_who_wrote_of_danger_is_written_to_before_a_person_has_looked(town):
    await town.person()
    await town.person()
    await town.campaign(THANKS.replace("when: now", "when: now\nhours: 14:00-18:00 mon-fri"))
    await town.work()
    await town.hears("+15035550001", "I want to kill myself")
    await town.until(NOON + timedelta(hours=4))

    thanked = [to for to, text, _ in town.phone.sent if "Thank you for being" in text]
    assert thanked == ["+15035550002"]
    assert await town.counts() == {"sent": 1, "waiting": 1}

    async with town.app.database.begin() as db:
        (alert,) = await alerts.listed(db)
        await alerts.close(db, alert.id, "false_alarm", STAFF, town.clock())
    await town.until(NOON + timedelta(hours=5, minutes=30))

    assert await town.counts() == {"sent": 2}


async def test_a_campaign_by_absences_waits_where_none_were_brought_in_of_late(town):
    ana, _ = await town.person(children=[("Leo", "Lincoln", {})])
    await town.absent(ana, NOON.date() - timedelta(days=3))
    text = THANKS.replace("respondent = family", "absences.total >= 1").replace(
        "when: now", "when: {at: 2026-10-28 13:00}"
    )
    await town.campaign(text)
    await town.until(NOON + timedelta(days=14, hours=3))

    standing = await control.standing(town.app, "thanks")
    assert (standing.state, town.phone.sent) == ("paused", [])
    assert "No absences were brought in of late" in standing.reason

    await town.absent(ana, NOON.date() + timedelta(days=13))
    await control.resume(town.app, "thanks", STAFF)
    await town.work()
    assert await town.counts() == {"sent": 1}


async def test_a_date_that_nobody_has_keeps_a_campaign_from_being_scheduled(town):
    await town.person()
    with pytest.raises(control.Refused, match="has a date named trem"):
        await town.campaign(THANKS.replace("when: now", 'when: {date: trem, days: -7, at: "13:00"}'))


async def test_what_people_write_back_can_be_read(town):
    await town.person(name="Rosa")
    await town.person()
    await town.campaign()
    await town.work()
    town.clock.forward(minutes=5)
    await town.hears("+15035550001", "El bus siempre llega tarde")

    async with town.app.database.read() as db:
        (said,) = await replies(db, await control.find(db, "thanks"))
    assert (said.name, said.text, said.answered) == ("Rosa", "El bus siempre llega tarde", False)


async def test_a_number_that_has_become_somebody_elses_gets_nothing_about_the_children_of_the_first(town):
    _, phone = await town.person(children=[("Leo", "Lincoln", {})])
    other, _ = await town.person(number=False)
    text = THANKS.replace("Thank you for", "Thank you, {children}, for").replace(
        "Gracias por", "Gracias, {children}, por"
    )
    await town.campaign(
        text.replace(
            "when: now", "when: now\nhours: 14:00-18:00 mon-fri\nfallback: {children: {en: dear, es: hola}}"
        )
    )
    await town.work()
    async with town.app.database.begin() as db:
        await db.execute(addresses.update().where(addresses.c.id == phone).values(person_id=other))

    await town.until(NOON + timedelta(hours=4))

    assert town.phone.sent == []
    assert await town.counts() == {"no consent": 1, "no address": 1}


async def test_a_campaign_is_tried_with_the_survey_that_staff_have_published(town):
    text = survey_flows.library("pulse-family").text.replace("three short questions", "three tiny questions")
    async with town.app.database.begin() as db:
        await town.app.shelf.publish(db, survey_flows.loads(text, "ours"), town.clock(), town.app.new_id)
    await control.write(town.app, SURVEY.replace("getting-to-school", "pulse-family"), STAFF)

    await control.test(town.app, "asking", ("sms", "+15035559999"), None, STAFF)
    (queued,) = await town.queued()
    assert "three tiny questions" in queued

    await control.write(town.app, SURVEY.replace("getting-to-school", "nobody-has-it"), STAFF)
    with pytest.raises(control.Refused, match="nothing to show"):
        await control.test(town.app, "asking", ("sms", "+15035559999"), None, STAFF)
