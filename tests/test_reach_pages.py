"""Whoever has a role at one school sees and changes nothing of another's, also where a page gathers from everywhere."""

from __future__ import annotations

import asyncio

import pyotp
import pytest
from fastapi import Request
from findings_world import World
from office import office, plain
from sqlalchemy import select
from test_outreach_pages import HERE, LINCOLN, OAK, campaign, families, stored

from bot import second_step, staff, totp
from bot.dialogue import saved
from bot.outreach import control
from bot.people.everything import everything
from bot.roles import grants
from bot.store import staff as rows
from bot.store.pulse import Pulse
from bot.store.tables import answers, people
from bot.web.live import stream

OTHER = 'respondent = family and school = "Oak Hill"'
AUTHOR = "maria@riverbend.example"


async def two_campaigns(here):
    """One for each of two schools, both on their way."""
    await families(here, 2)
    await families(here, 2, school=OAK, after=10)
    for key, audience in (("ours", HERE), ("theirs", OTHER)):
        text = campaign(key, audience).replace("title: ", f"title: {key} ")
        await control.write(here.app, text, AUTHOR)
        await control.schedule(here.app, key, AUTHOR)


async def test_the_first_page_has_campaigns_of_ones_own_school_only(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        await two_campaigns(here)
        kim = await here.sign_in(("staff", LINCOLN), ("organizer", LINCOLN))
        ines = await here.sign_in("staff", "organizer", name="Ines Muster")
        mine, all_ = str(await kim.see("/")), str(await ines.see("/"))
        assert "/campaigns/ours" in mine
        assert "/campaigns/theirs" not in mine
        assert "/campaigns/theirs" in all_


async def test_the_inbox_is_narrowed_by_campaigns_of_ones_own_school_only(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        await two_campaigns(here)
        kim = await here.sign_in(("staff", LINCOLN))
        offered = {one.text for one in (await kim.see("/inbox")).select("[name=campaign] option")}
        assert "ours" in offered
        assert "theirs" not in offered


@pytest.mark.parametrize("role", ["translator", "organizer"])
async def test_texts_are_everybodys_so_a_role_at_one_school_does_not_open_them(sqlite_url, clock, role):
    async with office(sqlite_url, clock) as here:
        await two_campaigns(here)
        kim = await here.sign_in((role, LINCOLN))
        assert (await kim.get("/translations")).status_code == 403
        assert (await kim.post("/translations/es/use", {"document": "x"})).status_code == 403


async def test_staff_who_may_not_decide_do_not_let_a_paused_campaign_go_on(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        await two_campaigns(here)
        ines, kim = await here.sign_in("organizer"), await here.sign_in("staff", name="Kim Voorbeeld")
        await ines.do("/campaigns/ours/pause")
        assert "Go on sending" not in plain(await kim.see("/campaigns/ours"))
        assert (await kim.post("/campaigns/ours/resume")).status_code == 403
        assert (await stored(here, "ours")).state == "paused"
        await ines.do("/campaigns/ours/resume")
        assert (await stored(here, "ours")).state == "scheduled"
        # Their own pause they may take back.
        await kim.do("/campaigns/ours/pause")
        await kim.do("/campaigns/ours/resume")
        assert (await stored(here, "ours")).state == "scheduled"


async def test_a_family_s_name_is_in_a_text_only_for_staff_of_everybody_in_the_audience(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        await families(here, 2, school=OAK)
        text = campaign("all").replace("Thank you", "{name}, thank you").replace("Gracias", "{name}, gracias")
        await control.write(here.app, text, AUTHOR)
        await control.schedule(here.app, "all", AUTHOR)
        kim = await here.sign_in("organizer", ("staff", LINCOLN))
        assert "Rosa" not in plain((await kim.see("/campaigns/all")).select_one(".texts"))
        ines = await here.sign_in("organizer", "staff")
        assert "Rosa" in plain((await ines.see("/campaigns/all")).select_one(".texts"))


async def test_ones_own_second_step_is_not_turned_off_as_somebody_elses_is(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        ines, secret = await here.sign_in("admin"), totp.new_secret()
        async with here.app.database.begin() as db:
            code = pyotp.TOTP(secret).at(clock())
            await second_step.turn_on(db, clock(), b"made up for tests", ines.member.id, secret, code)
        answer = await ines.post(f"/settings/users/{ines.member.id}/two-step/reset")
        assert answer.headers["location"] == "/account/two-step"
        async with here.app.database.read() as db:
            assert await second_step.is_on(db, ines.member.id)


async def test_a_stream_ends_when_a_role_is_taken_away(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        kim = await here.sign_in(("staff", LINCOLN))
        token = kim.client.cookies["__Host-openline"]
        scope = {"type": "http", "headers": [], "state": {}}

        async def receive():
            await asyncio.sleep(60)

        request = Request(scope, receive)
        async with here.app.database.read() as db:
            request.state.session = await staff.session(db, clock(), token)
        assert request.state.session.grants == grants([("staff", LINCOLN)])
        said = iter(range(100))

        async def part():
            return str(next(said))

        here.app.database.pulse = Pulse(here.app.database.reader, fresh=0.0)
        events = stream(here.app, request, part, token=token, every=0.01, stored=False).body_iterator
        assert await anext(events)
        assert await anext(events)
        async with here.app.database.begin() as db:
            await rows.take_role(db, kim.member.id, "staff", LINCOLN)
        assert len([one async for one in events]) <= 1


async def test_what_was_made_of_anonymous_words_is_not_handed_out_under_a_name(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        found = {}
        for anonymous in (False, True):
            world = World(here.app.database, clock, here.app.new_id, key=f"fall-{anonymous}".lower())
            await world.begin(anonymous=anonymous)
            (answer,) = await world.say(1, "transport.bus", settled=False)
            await world.decide(answer, "transport.bus", by="staff:1")
            async with here.app.database.read() as db:
                wanted = select(answers.c.person_id).where(answers.c.id == answer)
                person = (await db.execute(wanted)).scalar_one()
                found[anonymous] = await everything(db, person)
        assert found[False]["themes"]
        assert found[False]["readings"]
        assert not found[True]["themes"]
        assert not found[True]["readings"]


async def test_a_school_s_own_saved_replies_are_out_of_reach_of_another(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        await families(here, 1)
        await families(here, 1, school=OAK, after=10)
        ines = await here.sign_in("staff")
        kim = await here.sign_in(("staff", LINCOLN), name="Kim Voorbeeld")
        bo = await here.sign_in(("staff", OAK), name="Bo Muster")
        reply = {"name": "hours", "text": "We open at 8.", "language": "en", "to": "es", "read": "1"}

        def names(page):
            return [plain(each) for each in page.select(".saved-reply h2")]

        await ines.do("/inbox/saved", reply | {"translation": "Abrimos a las 8."})
        ours = await kim.do(
            "/inbox/saved", reply | {"text": "Call 555-0100.", "translation": "Llame al 555-0100."}
        )
        assert names(ours) == ["hours", f"hours {LINCOLN}"]
        assert len(ours.select(".saved-reply form")) == 1  # everybody's is not theirs to remove
        assert names(await bo.see("/inbox/saved")) == ["hours"]
        assert names(await ines.see("/inbox/saved")) == ["hours", f"hours {LINCOLN}"]

        assert (await bo.post(f"/inbox/saved/hours/remove?school={LINCOLN}")).status_code == 404
        assert (await kim.post("/inbox/saved/hours/remove")).status_code == 404
        assert (
            await kim.post("/inbox/saved", reply | {"translation": "x y", "school": OAK})
        ).status_code == 422
        assert len(await saved.listed(here.app)) == 2
        gone = await kim.do(f"/inbox/saved/hours/remove?school={LINCOLN}")
        assert names(gone) == ["hours"]
        back = gone.select_one(".said form")["action"]
        assert names(await kim.do(back)) == ["hours", f"hours {LINCOLN}"]


async def test_a_school_s_own_saved_reply_is_not_inserted_for_another(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        await families(here, 1)
        bo = await here.sign_in(("staff", LINCOLN), name="Bo Muster")
        await saved.add(
            here.app, saved.key_of("hours", OAK), "Call 555-0100.", "en", {"es": "Llame."}, AUTHOR
        )
        async with here.app.database.read() as db:
            person = (await db.execute(select(people.c.id))).scalar_one()
        form = {"text": "", "language": "en", "insert": "1", "saved": f"hours@{OAK}"}

        page = await bo.do(f"/inbox/{person}/draft", form, 422)

        assert "This saved reply is gone." in plain(page)
        assert "555-0100" not in plain(page)
