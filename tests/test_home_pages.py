"""The first page: what needs whoever looks, the running round; and the guide from empty to a survey on one's own phone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from office import office, plain
from sqlalchemy import func, insert, select, update

import survey_flows
from bot.outreach.standing import Refused
from bot.outreach.to_oneself import ask_oneself
from bot.roles import grants
from bot.store import lately
from bot.store.lately import Coming
from bot.store.tables import (
    TRIAL,
    addresses,
    alerts,
    answers,
    consents,
    conversations,
    messages,
    people,
    surveys,
)
from bot.web import times
from bot.web.rooms.home.running import columns
from bot.web.rooms.home.tasks import Waiting, tasks

NOW = datetime(2026, 10, 14, 15, 0, tzinfo=UTC)
MINE = ("sms", "+16175550142")


@pytest.fixture
async def here(sqlite_url, clock):
    async with office(sqlite_url, clock) as found:
        yield found


async def asked(here, replied=0, of=3):
    """So many people are asked a survey, and some of them reply to it, an hour apart."""
    app, now = here.app, here.clock()
    async with app.database.begin() as db:
        survey = await app.shelf.publish(db, survey_flows.library("getting-to-school"), now, app.new_id)
        for n in range(of):
            person, talk = app.new_id(), app.new_id()
            await db.execute(
                insert(people).values(
                    id=person, respondent="family", language="en", language_by="import", school="Lincoln", groups={},
                    created_at=now,
                )
            )  # fmt: skip
            await db.execute(
                insert(conversations).values(
                    id=talk, survey_id=survey, person_id=person, state="asked", started_at=now
                )
            )
            if n < replied:
                await db.execute(
                    insert(answers).values(
                        id=app.new_id(), survey_id=survey, conversation_id=talk, person_id=person, question="hard",
                        kind="scale", heard="1", understood=True, declared="en", created_at=now - timedelta(hours=n),
                    )
                )  # fmt: skip


def names(found):
    return [task.what for task in found]


def test_tasks_stand_in_the_order_of_the_rule():
    waiting = Waiting(
        {"inbox": 3, "duties": 1, "translations": 2, "coding": 69, "statements": 1},
        NOW - timedelta(days=2),
        [(Coming("thanks", "", "awaiting", NOW), "On-time thank-you")],
    )

    found = tasks(waiting, grants([("admin", None)]), NOW)

    assert names(found) == [
        "Answer 3 families",
        "Look at 1 reply that may mean a legal duty",
        "Approve “On-time thank-you”",
        "Read 2 translations",
        "Read 69 replies",
        "Finish 1 problem statement",
    ]
    assert (found[0].late, found[0].when) == (True, "Overdue")
    assert found[0].more == "The longest has waited 2 days."
    assert found[4].more.startswith("About 34 minutes")


@pytest.mark.parametrize(
    ("role", "does"),
    [
        ("staff", ["Answer 3 families", "Look at 1 reply that may mean a legal duty"]),
        ("translator", ["Read 2 translations"]),
        ("coder", ["Read 69 replies"]),
    ],
)
def test_nobody_is_told_to_do_what_they_may_not(role, does):
    counts = {"inbox": 3, "duties": 1, "translations": 2, "coding": 69, "statements": 1}

    found = tasks(Waiting(counts, NOW, []), grants([(role, None)]), NOW)

    assert names(found) == does


def test_days_without_a_reply_have_a_place_too():
    times.read_in("America/New_York")
    now = datetime(2026, 10, 14, 15, tzinfo=UTC)
    replies = [(datetime(2026, 10, 12, 3, tzinfo=UTC), 4), (datetime(2026, 10, 14, 14, tzinfo=UTC), 8)]

    found = columns(replies, now)

    # Three in the morning in London is the evening before in New York.
    assert [day.number for day in found] == [4, 0, 0, 8]
    assert [day.label for day in found] == ["Sun 11", "Mon 12", "", "Wed 14"]
    assert [day.height for day in found] == [48, 0, 0, 96]
    assert [day.today for day in found] == [False, False, False, True]


async def test_the_round_tells_who_was_asked_and_who_replied(here):
    await asked(here, replied=2, of=3)
    ines = await here.sign_in("organizer")

    read = await ines.see("/")

    assert "2 of 3 people have replied (67%)" in plain(read.find(class_="panel"))
    assert plain(read.find(id="days-told")) == "First replies on each day; 2 today"


@pytest.mark.parametrize("roles", [[], [("staff", "Lincoln")]], ids=["no role", "one school"])
async def test_who_does_not_see_all_schools_has_the_numbers_that_are_published_not_live_ones(here, roles):
    await asked(here, replied=12, of=20)
    ines = await here.sign_in("organizer")
    kim = await here.sign_in(*roles, name="Kim Voorbeeld")
    held = await here.app.at_hand.find("getting-to-school")
    earlier = replace(held, summary=replace(held.summary, answered=10))

    async def find(survey):
        return earlier

    here.app.at_hand.find = find
    theirs, all_ = await kim.see("/"), await ines.see("/")

    assert "12 of 20" in plain(all_)
    assert "10 of 20" in plain(theirs)
    assert "12" not in plain(theirs.find(class_="panel"))
    assert theirs.find(id="days-told") is None


async def test_first_replies_are_counted_once_a_person_by_the_hour(url, clock):
    async with office(url, clock) as here:
        await asked(here, replied=3)
        async with here.app.database.read() as db:
            found = await lately.first_replies(db, "getting-to-school", clock() - timedelta(days=1))
            counted = await lately.asked_and_replied(db, "getting-to-school")

    assert found == [(clock() - timedelta(hours=n), 1) for n in (2, 1, 0)]
    assert counted == (3, 3)


async def test_an_alert_is_what_comes_first(here):
    app, now = here.app, here.clock()
    async with app.database.begin() as db:
        person, address, message = app.new_id(), app.new_id(), app.new_id()
        await db.execute(
            insert(people).values(
                id=person, respondent="family", language="vi", language_by="import", school="Lincoln", groups={},
                created_at=now,
            )
        )  # fmt: skip
        await db.execute(
            insert(addresses).values(
                id=address, person_id=person, channel="sms", address=MINE[1], created_at=now
            )
        )
        await db.execute(
            insert(messages).values(
                id=message, direction="in", channel="sms", address_id=address, address=MINE[1], text="…",
                purpose="heard", state="waiting", priority=0, attempts=0, created_at=now,
            )
        )  # fmt: skip
        await db.execute(
            insert(alerts).values(
                id=app.new_id(), message_id=message, person_id=person, kind="harm", state="new", told=0,
                created_at=now,
            )
        )  # fmt: skip
    at_lincoln = await here.sign_in(("staff", "Lincoln"))
    elsewhere = await here.sign_in(("staff", "Cedar"))

    read = await at_lincoln.see("/")

    assert plain(read.find(id="first")) == "A message may tell of somebody in danger"
    assert plain(read.find("a", class_="btn-primary")) == "Open the alert"
    assert (await elsewhere.see("/")).find(id="first") is None


async def test_the_guide_is_for_admins_until_families_are_asked(here):
    admin, organizer = await here.sign_in("admin"), await here.sign_in("organizer")

    assert plain((await admin.see("/")).find(id="first")) == "Set up Openline"
    assert (await organizer.see("/")).find(id="first") is None
    assert (await organizer.get("/setup")).status_code == 403

    await asked(here)

    assert (await admin.see("/")).find(id="first") is None


async def test_the_guide_knows_what_is_done_and_has_one_next_step(here):
    admin = await here.sign_in("admin")
    first = await admin.see("/setup")
    async with here.app.database.begin() as db:
        survey = survey_flows.library("getting-to-school")
        await here.app.shelf.publish(db, survey, here.clock(), here.app.new_id)
    second = await admin.see("/setup")

    assert plain(first.find(class_="step-now").h2) == "Choose a survey"
    assert plain(second.find(class_="step-now").h2) == "Send it to yourself"
    assert len(second.find_all(class_="btn-primary")) == 1


async def test_a_survey_comes_to_ones_own_phone_and_counts_nowhere(here):
    admin = await here.sign_in("admin")
    async with here.app.database.begin() as db:
        survey = survey_flows.library("getting-to-school")
        await here.app.shelf.publish(db, survey, here.clock(), here.app.new_id)
    form = {"survey": "getting-to-school", "language": "es", "number": "617 555 0142"}

    read = await admin.do("/setup/oneself", form)

    assert "on its way to your phone" in plain(read.find(class_="said"))
    async with here.app.database.read() as db:
        rows = (await db.execute(select(messages.c.address, messages.c.language, messages.c.state))).all()
        keys = (await db.execute(select(surveys.c.key).order_by(surveys.c.id))).scalars().all()
        granted = (await db.execute(select(consents.c.event))).scalars().all()
        assert await here.app.shelf.keys(db) == ["getting-to-school"]
    assert rows == [(MINE[1], "es", "queued")]
    assert keys == ["getting-to-school", f"{TRIAL}getting-to-school"]
    assert granted == ["granted"]
    assert [one.key for one in await here.app.surveys()] == ["getting-to-school"]
    assert plain(read.find(class_="step-now").h2) == "Bring in the people"


async def test_a_trial_is_not_the_round_that_is_running(here):
    await asked(here, replied=2, of=3)
    await ask_oneself(here.app, survey_flows.library("getting-to-school"), MINE, "en", "somebody")
    admin = await here.sign_in("admin")

    read = await admin.see("/")

    assert "2 of 3 people have replied (67%)" in plain(read.find("section", class_="panel"))
    async with here.app.database.read() as db:
        assert await lately.newest_survey(db) == "getting-to-school"


async def test_a_second_trial_ends_the_first(here):
    survey = survey_flows.library("getting-to-school")

    for _ in range(2):
        await ask_oneself(here.app, survey, MINE, "en", "somebody")

    async with here.app.database.read() as db:
        states = (await db.execute(select(conversations.c.state).order_by(conversations.c.id))).scalars()
        assert list(states) == ["expired", "asked"]


async def test_who_asked_us_to_stop_gets_no_trial_either(here):
    survey = survey_flows.library("getting-to-school")
    await ask_oneself(here.app, survey, MINE, "en", "somebody")
    async with here.app.database.begin() as db:
        await db.execute(update(addresses).values(suppressed="stopped"))

    with pytest.raises(Refused, match="START"):
        await ask_oneself(here.app, survey, MINE, "en", "somebody")

    async with here.app.database.read() as db:
        assert (await db.execute(select(func.count()).select_from(messages))).scalar() == 1


async def test_a_real_survey_is_not_cut_short_by_a_trial(here):
    survey = survey_flows.library("getting-to-school")
    await ask_oneself(here.app, survey, MINE, "en", "somebody")
    async with here.app.database.begin() as db:
        await db.execute(update(surveys).values(key="a-real-one"))

    with pytest.raises(Refused, match="middle of a real survey"):
        await ask_oneself(here.app, survey, MINE, "en", "somebody")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"survey": "nothing"}, "survey"), ({"language": "xx"}, "language"), ({"number": "12"}, "number")],
)
async def test_a_wrong_form_says_what_is_wrong_and_keeps_what_was_written(here, wrong, field):
    admin = await here.sign_in("admin")
    async with here.app.database.begin() as db:
        survey = survey_flows.library("getting-to-school")
        await here.app.shelf.publish(db, survey, here.clock(), here.app.new_id)
    form = {"survey": "getting-to-school", "language": "es", "number": "617 555 0142"} | wrong

    read = await admin.do("/setup/oneself", form, 422)

    assert read.title.string.startswith("Error: ")
    assert read.find(class_="problems").a["href"] == f"#{field}"
    assert read.find(id="number")["value"] == form["number"]


def test_a_day_is_told_as_people_say_it():
    times.read_in("America/New_York")

    assert times.weekday(date(2026, 10, 5)) == "Mon 5"
    assert times.whole(NOW) == "Wednesday 14 October 2026, 11:00 am"
