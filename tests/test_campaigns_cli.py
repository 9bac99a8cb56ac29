"""openline campaign: from a file to a report, on both databases."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select, update

from bot import staff as accounts
from bot.cli.campaign_files import _scheduled
from bot.cli.root import Problem
from bot.outreach.campaign_file import LIBRARY, loads, starter
from bot.outreach.standing import RunStanding, Standing
from bot.store.database import connect
from bot.store.tables import addresses, campaigns, messages, people, recipients, runs

ANA, BEN = "ana@school.example", "ben@school.example"
THANKS = """\
campaign: thanks
title: Thank you for May
audience: respondent = family
channels: [sms]
when: trigger
hours: 00:00-23:59 mon-sun
steps:
  - message: {en: "{school}: thank you for your help in May. Reply STOP to end."}
"""


@pytest.fixture(autouse=True)
def _sms(typed, monkeypatch):
    """A sender of SMS that is set up; no test sends anything."""
    monkeypatch.setenv("OPENLINE_TWILIO_ACCOUNT_SID", "AC" + "0" * 32)
    monkeypatch.setenv("OPENLINE_TWILIO_AUTH_TOKEN", "t" * 32)
    monkeypatch.setenv("OPENLINE_TWILIO_FROM", "+15035550100")


@pytest.fixture
async def ana(database, clock):
    async with database.begin() as db:
        await accounts.add(db, clock(), ANA, "Ana")


@pytest.fixture
async def families(database, clock, new_id):
    """Three families who may be written to."""
    async with database.begin() as db:
        for number in range(3):
            id_ = new_id()
            await db.execute(
                insert(people).values(
                    id=id_, household_id=id_, external_id=f"f{number}", language="en", language_by="import", respondent="family",
                    school="Lincoln", groups={}, created_at=clock(),
                )
            )  # fmt: skip
            await db.execute(
                insert(addresses).values(
                    id=new_id(), person_id=id_, channel="sms", address=f"+1503555010{number}", consented=True,
                    created_at=clock(),
                )
            )  # fmt: skip


@pytest.fixture
def thanks(tmp_path):
    path = tmp_path / "thanks.yaml"
    path.write_text(THANKS, encoding="utf-8")
    return str(path)


@pytest.fixture
async def scheduled(typed, ana, families, thanks):
    await typed("campaign", "schedule", thanks, "--yes")
    return "thanks"


@pytest.mark.parametrize("kind", LIBRARY)
async def test_a_new_file_is_called_as_its_campaign_and_can_be_read(typed, tmp_path, kind):
    told = await typed("campaign", "new", str(tmp_path / "spring-2027.yaml"), "--like", kind)

    made = loads((tmp_path / "spring-2027.yaml").read_text("utf-8"), "spring-2027.yaml")
    assert made.key == "spring-2027"
    assert "openline campaign check" in told


async def test_new_writes_over_nothing_and_names_what_it_can_start_from(typed, tmp_path):
    (tmp_path / "mine.yaml").write_text("mine", encoding="utf-8")

    with pytest.raises(Problem, match="is there already"):
        await typed("campaign", "new", str(tmp_path / "mine.yaml"))
    with pytest.raises(Problem, match="missed-you"):
        await typed("campaign", "new", str(tmp_path / "other.yaml"), "--like", "missing-you")
    with pytest.raises(Problem, match="small letters"):
        await typed("campaign", "new", str(tmp_path / "My Thanks.yaml"))
    assert (tmp_path / "mine.yaml").read_text("utf-8") == "mine"
    assert len(list(tmp_path.glob("*.yaml"))) == 1


async def test_a_file_that_is_wrong_is_told_with_every_line(typed, ana, tmp_path):
    path = tmp_path / "thanks.yaml"
    path.write_text(THANKS.replace("trigger", "soon").replace("[sms]", "[smss]"), encoding="utf-8")

    with pytest.raises(Problem, match=r"(?s)line 4: .*Did you mean 'sms'.*line 5: 'when' cannot be 'soon'"):
        await typed("campaign", "check", str(path))


async def test_a_file_that_is_not_there_is_no_key(typed, ana):
    with pytest.raises(Problem, match=r"There is no file thanks\.yaml"):
        await typed("campaign", "check", "thanks.yaml")


async def test_check_shows_the_words_and_how_many_get_them_and_keeps_nothing(
    typed, families, thanks, database
):
    told = await typed("campaign", "check", thanks)
    found = json.loads(await typed("campaign", "check", thanks, "--json"))

    assert "Lincoln: thank you for your help in May." in told
    assert found["going"] == 3
    assert found["may_be_sent"] is True
    async with database.read() as db:
        assert not (await db.execute(select(campaigns.c.id))).all()


async def test_what_must_not_be_sent_ends_check_with_1_and_is_not_scheduled(
    typed, ana, families, thanks, tmp_path, database
):
    path = tmp_path / "thanks.yaml"
    path.write_text(THANKS.replace(" Reply STOP to end.", ""), encoding="utf-8")

    told = await typed("campaign", "check", str(path))
    assert "STOP" in told
    with pytest.raises(Problem, match="kept as a draft"):
        await typed("campaign", "schedule", str(path), "--yes")
    async with database.read() as db:
        assert (await db.execute(select(campaigns.c.state))).scalar_one() == "draft"


async def test_schedule_asks_and_no_leaves_a_draft(typed, ana, families, thanks, database):
    with pytest.raises(Problem, match="Nothing is sent"):
        await typed("campaign", "schedule", thanks, said="n\n")
    async with database.read() as db:
        assert (await db.execute(select(campaigns.c.state))).scalar_one() == "draft"

    told = await typed("campaign", "schedule", "thanks", said="y\n")

    assert "Send it to 3 people, whenever it is triggered?" in told
    assert "openline campaign trigger thanks" in told


async def test_a_campaign_is_somebodys(typed, thanks, database, clock):
    with pytest.raises(Problem, match="openline user add"):
        await typed("campaign", "schedule", thanks, "--yes")
    async with database.begin() as db:
        await accounts.add(db, clock(), ANA, "Ana")
        await accounts.add(db, clock(), BEN, "Ben")
    with pytest.raises(Problem, match=r"--by EMAIL\. There are: ana@school\.example, ben@school\.example"):
        await typed("campaign", "schedule", thanks, "--yes")
    async with database.begin() as db:
        await accounts.disable(db, clock(), BEN)
    with pytest.raises(Problem, match="or it is disabled"):
        await typed("campaign", "schedule", thanks, "--yes", "--by", BEN)


async def test_a_large_one_waits_for_a_second_person(
    typed, ana, families, thanks, database, clock, monkeypatch
):
    monkeypatch.setenv("OPENLINE_APPROVE_ABOVE", "2")
    async with database.begin() as db:
        await accounts.add(db, clock(), BEN, "Ben")

    told = await typed("campaign", "schedule", thanks, "--yes", "--by", ANA)
    assert "openline campaign approve thanks" in told
    with pytest.raises(Problem, match="written by you"):
        await typed("campaign", "approve", "thanks", "--yes", "--by", ANA)
    asked = await typed("campaign", "approve", "thanks", "--by", BEN, said="y\n")

    assert f"written by {ANA}, for 3 people" in asked
    assert "thanks is scheduled" in asked
    assert f"approved  by {BEN}" in await typed("campaign", "show", "thanks")


async def test_list_and_show_say_how_it_stands_and_give_the_file_back(typed, scheduled):
    assert "thanks  scheduled" in await typed("campaign", "list")

    shown = await typed("campaign", "show", scheduled)
    assert "state     scheduled" in shown
    assert f"written   by {ANA}" in shown
    assert await typed("campaign", "show", scheduled, "--file") == THANKS


async def test_a_key_that_is_not_there_is_told_with_the_nearest(typed, scheduled):
    for command in ("show", "log", "report", "watch", "pause"):
        with pytest.raises(Problem, match="Did you mean thanks"):
            await typed("campaign", command, "thnks")


async def test_a_list_without_campaigns_says_how_to_write_one(typed):
    with pytest.raises(Problem, match="openline campaign new"):
        await typed("campaign", "list")


async def test_pausing_resuming_and_stopping_are_in_the_log_with_who_did_it(typed, scheduled):
    await typed("campaign", "pause", scheduled, "--reason", "wrong bus")
    assert "state     paused (wrong bus)" in await typed("campaign", "show", scheduled)
    await typed("campaign", "resume", scheduled)
    with pytest.raises(Problem, match="goes on"):
        await typed("campaign", "stop", scheduled, said="n\n")
    await typed("campaign", "stop", scheduled, "--yes")
    with pytest.raises(Problem, match="stopped"):
        await typed("campaign", "resume", scheduled)

    lines = (await typed("campaign", "log", scheduled)).splitlines()
    assert [line.split()[2] for line in lines] == ["written", "scheduled", "paused", "resumed", "stopped"]
    assert all(ANA in line for line in lines)
    assert lines[2].endswith("wrong bus")


@pytest.mark.parametrize(
    ("kind", "says"), [("now", "has begun already"), ("trigger", "whenever somebody says so")]
)
def test_what_has_begun_is_not_said_to_wait_for_a_word(kind, says):
    begun = RunStanding("once", "done", datetime(2026, 10, 14, tzinfo=UTC), 3, 3, 3)
    text = starter("good-news").replace("when: trigger", f"when: {kind}")
    stands = Standing("good-news", "", "scheduled", None, None, None, None, 3, (begun,), text)

    assert says in _scheduled(None, stands)


async def test_a_trigger_begins_one_run_for_an_occasion_however_often_it_is_typed(typed, scheduled, database):
    with pytest.raises(Problem, match="Nothing is sent"):
        await typed("campaign", "trigger", scheduled, said="n\n")
    await typed("campaign", "trigger", scheduled, "--yes")
    await typed("campaign", "trigger", scheduled, "--yes")
    await typed("campaign", "trigger", scheduled, "--yes", "--occasion", "spring")

    async with database.read() as db:
        begun = list((await db.execute(select(runs.c.occasion).order_by(runs.c.id))).scalars())
    assert begun == ["2026-10-14", "spring"]


@pytest.fixture
async def sent(typed, scheduled, database, new_id, clock):
    """A run that is over: one delivered, one failed, one in the cap."""
    await typed("campaign", "trigger", scheduled, "--yes")
    async with database.begin() as db:
        run = (await db.execute(select(runs))).one()
        who = (await db.execute(select(addresses).order_by(addresses.c.id))).all()
        for at, state in zip(who, ("delivered", "failed", None), strict=True):
            row = {"run_id": run.id, "step": 0, "person_id": at.person_id, "campaign_id": run.campaign_id}
            row |= {"occasion": run.occasion, "address_id": at.id, "channel": "sms", "variant": None}
            id_ = new_id() if state else None
            if state:
                await db.execute(
                    insert(messages).values(
                        id=id_, address_id=at.id, address=at.address, channel="sms", direction="out", purpose="outreach",
                        priority=5, attempts=1,
                        text="Thank you.", language="en", state=state, campaign_id=run.campaign_id,
                        reason="unknown number" if state == "failed" else None, created_at=clock(),
                    )
                )  # fmt: skip
            reason = None if state else "cap"
            row |= {"message_id": id_, "state": "queued" if state else "skipped", "reason": reason}
            await db.execute(insert(recipients).values(**row, due_at=clock()))
        await db.execute(update(runs).values(state="done", expanded=3, staged=2, ended_at=clock()))
    return scheduled


async def test_the_report_counts_everybody_once_in_words_and_as_json(typed, sent):
    told = await typed("campaign", "report", sent)
    found = json.loads(await typed("campaign", "report", sent, "--json"))

    assert "thanks, 2026-10-14: 3 counted" in told
    assert "0 people have written back." in told
    assert "because: unknown number" in told
    assert "not sent, on purpose: 1" in told
    assert found["total"] == 3 == sum(state["people"] for state in found["states"])
    assert {state["state"]: state["people"] for state in found["states"]} == {
        "delivered": 1,
        "failed": 1,
        "cap": 1,
    }


async def test_a_report_before_the_beginning_says_so(typed, scheduled):
    assert "thanks: nobody yet" in await typed("campaign", "report", scheduled)


async def test_a_report_can_be_of_one_run_and_names_the_runs_there_are(typed, sent):
    assert "3 counted" in await typed("campaign", "report", sent, "--run", "2026-10-14")
    with pytest.raises(Problem, match="There are: 2026-10-14"):
        await typed("campaign", "report", sent, "--run", "2026-10-15")


async def test_watching_ends_with_the_report_when_every_run_has_ended(typed, sent):
    told = await typed("campaign", "watch", sent)

    assert "3 counted" in told


async def test_watching_shows_how_far_it_is_until_it_is_paused(typed, sent, database, url, monkeypatch):
    pictures = []

    async def no_waiting(_seconds):
        pictures.append(True)
        here = connect(url)  # the command runs in a loop of its own
        async with here.begin() as db:
            await db.execute(update(campaigns).values(state="paused", reason="too many failed"))
        await here.close()

    async with database.begin() as db:
        await db.execute(update(runs).values(state="sending"))
    monkeypatch.setattr("bot.cli.campaign_watch.asyncio.sleep", no_waiting)
    told = await typed("campaign", "watch", sent)

    assert len(pictures) == 1
    assert "Paused: too many failed." in told


async def test_a_draft_cannot_be_watched(typed, ana, families, thanks):
    with pytest.raises(Problem):
        await typed("campaign", "schedule", thanks, said="n\n")

    with pytest.raises(Problem, match="not scheduled"):
        await typed("campaign", "watch", "thanks")


async def test_a_test_goes_to_ones_own_phone_and_counts_for_nobody(typed, ana, families, thanks, database):
    told = await typed("campaign", "test", thanks, "--to", "sms:+15035550199")

    assert "What it says in en is on its way to you." in told
    async with database.read() as db:
        (one,) = (await db.execute(select(messages.c.purpose, messages.c.state, messages.c.text))).all()
        assert not (await db.execute(select(recipients.c.person_id))).all()
    assert (one.purpose, one.state) == ("test", "queued")
    assert "thank you for your help in May" in one.text


@pytest.mark.parametrize(
    ("typed_in", "told"),
    [
        (("--to", "+15035550199"), "CHANNEL:ADDRESS"),
        (("--to", "sms:555-0199"), "with its country"),
        (("--to", "fax:1234"), "the channels that are set up are sms"),
        (("--to", "sms:+15035550199", "--language", "es"), "speaks en, not es"),
    ],
)
async def test_a_test_that_cannot_go_says_why(typed, ana, families, thanks, typed_in, told):
    with pytest.raises(Problem, match=told):
        await typed("campaign", "test", thanks, *typed_in)
