"""The pages of campaigns: written, checked, approved, watched, and narrowed to the schools of whoever looks."""

from __future__ import annotations

import asyncio
import csv
import io

import pytest
from campaign_world import STAFF, THANKS, District
from office import office, plain
from sqlalchemy import select, update

from bot.outreach import checks, control
from bot.outreach.audience import parse
from bot.outreach.audience.narrowing import narrowed, within
from bot.outreach.audience.writing import written
from bot.outreach.campaign_file import LIBRARY, loads, starter
from bot.outreach.files.editing import put, said
from bot.store.tables import audit, campaigns, messages, schools
from bot.web.rooms.outreach import conditions
from bot.web.rooms.outreach.account import account

LINCOLN, OAK = "Lincoln", "Oak Hill"
HERE = 'respondent = family and school = "Lincoln"'


def campaign(key="thanks", audience="respondent = family", when="{at: 2026-10-15 16:30}", more=""):
    return (
        THANKS.replace("campaign: thanks", f"campaign: {key}")
        .replace("audience: respondent = family", f"audience: {audience}")
        .replace("when: now", f"when: {when}\n{more}".rstrip())
    )


async def families(here, count=4, school=LINCOLN, language="en", **more):
    world = District(here.app, here.clock, here.phone)
    world.people = more.pop("after", 0)
    return [
        (await world.person(language=language, school=school, name=f"Rosa{n}", **more))[0]
        for n in range(count)
    ]


def form_of(page):
    """What a browser would send of the page's form."""
    found = {}
    for one in page.select("#compose [name]"):
        if one.name == "button" or (one.get("type") in ("radio", "checkbox") and not one.has_attr("checked")):
            continue
        if one.name == "select":
            chosen = one.select_one("option[selected]") or one.select_one("option")
            value = chosen["value"] if chosen else ""
        else:
            value = one.text.removeprefix("\n") if one.name == "textarea" else one.get("value", "")
        found.setdefault(one["name"], []).append(value)
    return found


async def stored(here, key):
    async with here.app.database.read() as db:
        return (await db.execute(select(campaigns).where(campaigns.c.key == key))).one()


async def test_a_campaign_is_written_looked_at_and_scheduled_without_scripts(url, clock):
    async with office(url, clock) as here:
        await families(here)
        await families(here, 1, suppressed="stopped", after=10)
        ines = await here.sign_in("organizer", "staff")
        page = await ines.see("/campaigns/new")
        form = form_of(page) | {
            "title": "Thank you for May",
            "say.0.en": "Hi {name}, {school} here. Reply STOP to end.",
        }
        looked = await ines.do("/campaigns/new", form | {"go": "look"})
        assert "Hi Rosa0, Lincoln here." in plain(looked.select_one("#preview"))
        assert plain(looked.select_one("#counts")).startswith(
            "Match 5 Asked us to stop − 1 Will get this message 4"
        )
        assert (await ines.see("/campaigns")).find("h2", string="No campaign yet")  # looking keeps nothing
        kept = await ines.do("/campaigns/new", form | {"go": "save"})
        assert "Nothing is sent" in plain(kept.select_one(".said"))
        row = await stored(here, "thank-you-for-may")
        assert loads(row.text, "x").steps[0].said("")["en"] == "Hi {name}, {school} here. Reply STOP to end."
        done = await ines.do("/campaigns/thank-you-for-may/edit", form_of(kept) | {"go": "send"})
        assert "The campaign is scheduled." in plain(done.select_one(".said"))
        async with here.app.database.read() as db:
            did = (await db.execute(select(audit.c.did, audit.c.staff_id, audit.c.about))).all()
        assert {one.did for one in did} == {"campaign.written", "campaign.scheduled"}
        assert {(one.staff_id, one.about) for one in did} == {(ines.member.id, "thank-you-for-may")}


async def test_a_form_leaves_all_that_it_does_not_show_in_the_file(sqlite_url, clock):
    text = campaign(more="holdout: 10  # for comparison\ntry_for: 2 days\n")
    async with office(sqlite_url, clock) as here:
        await families(here)
        ines = await here.sign_in("organizer", "staff")
        await control.write(here.app, text, STAFF)
        page = await ines.see("/campaigns/thanks/edit")
        await ines.do("/campaigns/thanks/edit", form_of(page) | {"title": "Thanks again", "go": "save"})
        now = (await stored(here, "thanks")).text
        assert now == text.replace("title: Thanks", "title: Thanks again")


async def test_a_wrong_form_keeps_its_answers_and_says_what_to_do(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        ines = await here.sign_in("organizer")
        form = form_of(await ines.see("/campaigns/new"))
        wrong = form | {"title": "", "say.0.en": "Hello {", "at_time": "", "go": "save"}
        page = await ines.do("/campaigns/new", wrong, 422)
        assert page.title.text.startswith("Error: ")
        told = plain(page.select_one(".problems"))
        assert "Give the campaign a title" in told
        assert "Choose the time" in told
        assert page.select_one("textarea[name='say.0.en']").text.strip() == "Hello {"


async def test_conditions_are_added_and_taken_away_and_counted_at_once(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        await families(here, 3, LINCOLN)
        await families(here, 2, OAK, after=10)
        ines = await here.sign_in("organizer", "staff")
        form = form_of(await ines.see("/campaigns/new"))
        page = await ines.do("/campaigns/new", form | {"go": "add", "add_kind": "school"})
        boxes = [one["value"] for one in page.select("[name='who.1.value']")]
        assert boxes == [LINCOLN, OAK]
        chosen = form_of(page) | {"who.1.value": [OAK], "go": "look"}
        page = await ines.do("/campaigns/new", chosen)
        assert "Will get this message 2" in plain(page.select_one("#counts"))
        page = await ines.do("/campaigns/new", form_of(page) | {"go": "remove:1"})
        assert "Will get this message 5" in plain(page.select_one("#counts"))
        part = await ines.post("/campaigns/new/look", chosen, headers={"HX-Request": "true"})
        assert part.status_code == 200
        assert '<hx-partial hx-target="#counts"' in part.text
        assert "<html" not in part.text
        bare = await ines.do(
            "/campaigns/new", form | {"title": "X", "go": "save", "who.1.kind": "school"}, 422
        )
        assert "Finish this condition" in plain(bare.select_one(".problems"))


async def test_a_filter_by_hand_goes_first_and_a_slip_in_it_is_told(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        await families(here, 2)
        ines = await here.sign_in("organizer", "staff")
        form = form_of(await ines.see("/campaigns/new")) | {"title": "By hand"}
        page = await ines.do("/campaigns/new", form | {"filter": "school = ", "go": "save"}, 422)
        assert "a value is wanted" in plain(page.select_one(".problems"))
        await ines.do("/campaigns/new", form | {"filter": "school = Lincoln or language = es", "go": "save"})
        assert (
            loads((await stored(here, "by-hand")).text, "x").audience == "school = Lincoln or language = es"
        )


async def test_whoever_is_of_one_school_writes_to_that_school_only(url, clock):
    async with office(url, clock) as here:
        await families(here, 3, LINCOLN)
        await families(here, 2, OAK, after=10)
        lou = await here.sign_in(("staff", LINCOLN), name="Lou Exemple")
        ines = await here.sign_in("organizer", "staff")
        await control.write(here.app, campaign("oak", f'school = "{OAK}"'), STAFF)
        await control.write(here.app, campaign("all"), STAFF)
        for key in ("oak", "all"):
            for path in ("", "/edit", "/file", "/test", "/account", "/report.csv"):
                assert (await lou.get(f"/campaigns/{key}{path}")).status_code == 404
            assert (await lou.post(f"/campaigns/{key}/stop")).status_code == 404
        form = form_of(await lou.see("/campaigns/new"))
        sly = form | {"title": "To all", "filter": f'school = "{OAK}" or everyone', "go": "look"}
        page = await lou.do("/campaigns/new", sly)
        assert "Will get this message 3" in plain(page.select_one("#counts"))
        await lou.do("/campaigns/new", sly | {"go": "save"})
        meant = parse(loads((await stored(here, "to-all")).text, "x").audience)
        assert within(meant, [LINCOLN])
        text = (await stored(here, "to-all")).text
        file = {
            "text": put(text, "audience", "everyone"),
            "changed": (await stored(here, "to-all")).changed_at.isoformat(),
        }
        await lou.do("/campaigns/to-all/file", file)
        assert loads((await stored(here, "to-all")).text, "x").audience == "school = Lincoln"
        assert plain(await lou.see("/campaigns")).count("Go on writing") == 1
        assert plain(await ines.see("/campaigns")).count("Go on writing") == 3


async def test_staff_ask_and_an_organizer_who_did_not_write_it_approves_or_sends_it_back(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        await families(here, 3)
        lou = await here.sign_in(("staff", LINCOLN), name="Lou Exemple")
        kim = await here.sign_in(("organizer", LINCOLN), name="Kim Voorbeeld")
        away = await here.sign_in(("organizer", OAK), name="Away Ailleurs")
        await control.write(here.app, campaign(audience=HERE), lou.member.email)
        page = await lou.see("/campaigns/thanks/edit")
        assert plain(page.select_one(".check .btn-primary")) == "Ask Kim Voorbeeld to approve"
        await lou.do("/campaigns/thanks/edit", form_of(page) | {"go": "send"})
        assert (await stored(here, "thanks")).state == "awaiting"
        assert (await lou.post("/campaigns/thanks/approve")).status_code == 403
        assert (await away.get("/campaigns/thanks")).status_code == 404
        seen = await kim.see("/campaigns/thanks")
        assert "3 people would get this" in plain(seen)
        assert "Lincoln here. Thank you" not in plain(seen.title)
        assert "Written by" in plain(seen)
        assert "{school}" in plain(seen)
        stale = await kim.post("/campaigns/thanks/approve", {"changed": "2026-01-01T00:00:00+00:00"})
        assert stale.status_code == 422
        assert "changed while you read it" in stale.text
        back = await kim.do("/campaigns/thanks/return", {"why": "Say thank you twice"})
        assert "Say thank you twice" in plain(back)
        assert (await stored(here, "thanks")).state == "draft"
        page = await lou.see("/campaigns/thanks/edit")
        assert "Say thank you twice" in plain(page.select_one(".notice"))
        await lou.do("/campaigns/thanks/edit", form_of(page) | {"go": "send"})
        token = (await kim.see("/campaigns/thanks")).select_one("[name=changed]")["value"]
        await kim.do("/campaigns/thanks/approve", {"changed": token})
        row = await stored(here, "thanks")
        assert (row.state, row.approved_by) == ("scheduled", kim.member.email)


async def test_nobody_approves_their_own_large_campaign(sqlite_url, clock):
    async with office(sqlite_url, clock, approve_above=2) as here:
        await families(here, 3)
        ines = await here.sign_in("organizer", "staff")
        await control.write(here.app, campaign(), ines.member.email)
        await control.schedule(here.app, "thanks", ines.member.email)
        page = await ines.see("/campaigns/thanks")
        assert "somebody else has to approve it" in plain(page)
        assert not page.select("[action$='/approve']")
        changed = (await stored(here, "thanks")).changed_at.isoformat()
        answer = await ines.post("/campaigns/thanks/approve", {"changed": changed})
        assert answer.status_code == 422
        assert (await stored(here, "thanks")).state == "awaiting"


async def test_the_account_counts_everybody_once_and_lists_them_to_those_who_may(url, clock):
    async with office(url, clock) as here:
        await families(here, 3, LINCOLN)
        await families(here, 2, LINCOLN, after=10, number=False)
        await families(here, 1, LINCOLN, after=20, suppressed="stopped")
        world = District(here.app, clock, here.phone)
        await control.write(here.app, campaign(audience=HERE, when="now"), STAFF)
        await control.schedule(here.app, "thanks", STAFF)
        clock.forward(hours=2)  # until the hours are open
        await world.work()
        lou = await here.sign_in(("staff", LINCOLN), name="Lou Exemple")
        omar = await here.sign_in("organizer", name="Omar Ejemplo")
        page = await lou.see("/campaigns/thanks")
        assert "Adds up to 6" in plain(page)
        assert "3 of 3 messages sent (100%)" in plain(page)
        states = {plain(row.th): plain(row.td) for row in page.select(".account tbody tr")}
        assert states["Sent, no receipt yet"] == "3 Sent, no receipt yet"
        assert states["Not sent, on purpose"] == "3"
        listed = await lou.see("/campaigns/thanks/account?state=no+address")
        assert [plain(one) for one in listed.select("tbody th")] == ["Rosa0", "Rosa1"]
        assert not (await omar.see("/campaigns/thanks")).select(".account a")
        assert (await omar.get("/campaigns/thanks/account?state=sent")).status_code == 403
        assert (await lou.get("/campaigns/thanks/account?state=nonsense")).status_code == 404
        rows = list(
            csv.reader(
                io.StringIO((await lou.get("/campaigns/thanks/report.csv")).content.decode("utf-8-sig"))
            )
        )
        assert rows[-1][:3] == ["All", "", "6"]
        assert sum(int(row[2]) for row in rows[1:-1]) == 6
        excel = await lou.get("/campaigns/thanks/account.xlsx?state=sent")
        assert excel.content[:2] == b"PK"


async def test_every_state_lists_exactly_those_it_counts(url, clock):
    async with office(url, clock) as here:
        await families(here, 8, LINCOLN)
        world = District(here.app, clock, here.phone)
        await control.write(here.app, campaign(when="now"), STAFF)
        await control.schedule(here.app, "thanks", STAFF)
        clock.forward(hours=2)  # until the hours are open
        await world.work()
        kinds = [("delivered", None), ("failed", "no such number"), ("cancelled", "stopped"), ("cancelled", "who knows"),
                 ("cancelled", None), ("read", None), ("uncertain", None)]  # fmt: skip
        async with here.app.database.begin() as db:
            ids = (
                (await db.execute(select(messages.c.id).where(messages.c.campaign_id.is_not(None))))
                .scalars()
                .all()
            )
            for id_, (state, why) in zip(ids, kinds, strict=False):
                await db.execute(update(messages).where(messages.c.id == id_).values(state=state, reason=why))
        ines = await here.sign_in("organizer", "staff")
        page = await ines.see("/campaigns/thanks")
        links = page.select(".account a")
        assert len(links) == 7
        for link in links:
            listed = await ines.see(link["href"])
            assert len(listed.select("tbody tr")) == int(link.text.split()[0]), link["href"]


async def test_pause_go_on_and_stop_say_what_they_did_and_pause_can_be_undone(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        await families(here, 2)
        ines = await here.sign_in("organizer", "staff")
        await control.write(here.app, campaign(), STAFF)
        await control.schedule(here.app, "thanks", STAFF)
        page = await ines.do("/campaigns/thanks/pause")
        undo = page.select_one(".said form")["action"]
        assert (await stored(here, "thanks")).state == "paused"
        assert undo == "/campaigns/thanks/resume"
        await ines.do(undo)
        assert (await stored(here, "thanks")).state == "scheduled"
        await ines.do("/campaigns/thanks/stop")
        assert (await stored(here, "thanks")).state == "stopped"
        again = await ines.see("/campaigns/new?again=thanks")
        assert "Thank you for being on time" in again.select_one("textarea").text
        assert (await ines.get("/campaigns/thanks/edit")).status_code == 303
        assert (await ines.post("/campaigns/thanks/explode")).status_code == 404


async def test_two_who_edit_at_once_do_not_write_over_each_other(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        ines, kim = await here.sign_in("organizer"), await here.sign_in("organizer", name="Kim Voorbeeld")
        await control.write(here.app, campaign(), STAFF)
        mine, theirs = (
            form_of(await ines.see("/campaigns/thanks/edit")),
            form_of(await kim.see("/campaigns/thanks/edit")),
        )
        clock.forward(minutes=1)
        await kim.do("/campaigns/thanks/edit", theirs | {"title": "Kim's", "go": "save"})
        page = await ines.do("/campaigns/thanks/edit", mine | {"title": "Mine", "go": "save"}, 422)
        assert "Somebody else has saved" in plain(page.select_one(".problems"))


async def test_a_test_goes_to_ones_own_number_only_when_it_is_one(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        ines = await here.sign_in("organizer")
        await control.write(here.app, campaign(), STAFF)
        wrong = await ines.do("/campaigns/thanks/test", {"channel": "sms", "to": "12", "lang": "en"}, 422)
        assert "Write your number" in plain(wrong.select_one(".problems"))
        await ines.do("/campaigns/thanks/test", {"channel": "sms", "to": "(503) 555-0199", "lang": "es"})
        async with here.app.database.read() as db:
            row = (await db.execute(select(messages.c.address, messages.c.purpose, messages.c.text))).one()
        assert row.address == "+15035550199"
        assert row.purpose == "test"
        assert "Lincoln Elementary" in row.text


async def test_doors_are_shut_to_others_and_to_forms_without_their_token(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        coder = await here.sign_in("coder")
        ines = await here.sign_in(("organizer", LINCOLN))
        await control.write(here.app, campaign(audience=HERE), STAFF)
        for path in ("/campaigns", "/campaigns/new", "/campaigns/thanks", "/audiences", "/calendar"):
            assert (await coder.get(path)).status_code == 403
        assert (await ines.post("/campaigns/thanks/stop", {"csrf": "wrong"})).status_code == 403
        staff = await here.sign_in(("staff", LINCOLN), name="Lou Exemple")
        assert (await staff.post("/calendar/school", {"school": LINCOLN})).status_code == 403
        assert (await ines.get("/calendar/file")).status_code == 403
        assert (await ines.get("/calendar/school")).status_code == 403  # that of all others is not theirs


async def test_saved_audiences_are_made_narrowed_and_kept_while_they_are_needed(url, clock):
    async with office(url, clock) as here:
        await families(here, 3, LINCOLN)
        await families(here, 2, OAK, after=10)
        lou, ines = await here.sign_in(("staff", LINCOLN), name="Lou"), await here.sign_in("organizer")
        form = form_of(await lou.see("/audiences/new")) | {"name": "Our families", "go": "save"}
        await lou.do("/audiences/new", form)
        page = await lou.see("/audiences/our-families")
        assert "Match 3 Can be reached 3" in plain(page.select_one("#counts"))
        theirs = form_of(await ines.see("/audiences/new"))
        await ines.do("/audiences/new", theirs | {"name": "Everybody here", "go": "save"})
        assert (await lou.get("/audiences/everybody-here")).status_code == 404
        assert "everybody-here" not in plain(await lou.see("/audiences"))
        taken = await lou.do("/audiences/new", form | {"name": "Everybody here"}, 422)
        assert "There is an audience of this name" in plain(taken)
        await control.write(here.app, campaign(audience="our-families"), STAFF)
        needed = await lou.do("/audiences/our-families/delete", status=422)
        assert "still needed by: thanks" in plain(needed.select_one(".problems"))
        assert (await lou.get("/campaigns/thanks")).status_code == 200  # by what its saved audience says


async def test_closed_days_that_a_colleague_has_entered_meanwhile_are_not_lost_unseen(sqlite_url, clock):
    def filled(page):
        found = page.select("form[action='/calendar/school'] [name]")
        return {one["name"]: one.get("value") or one.text.strip() for one in found}

    async with office(sqlite_url, clock) as here:
        await families(here, 1, LINCOLN)
        path, to = f"/calendar/school?school={LINCOLN}", "/calendar/school"
        ines, kim = await here.sign_in("organizer"), await here.sign_in("organizer", name="Kim Voorbeeld")
        before = filled(await ines.see(path))
        await kim.do(to, filled(await kim.see(path)) | {"closed": "2026-10-20"})

        told = await ines.do(to, before | {"closed": "2026-11-02"}, 422)
        assert "Somebody else has saved this calendar meanwhile" in plain(told.select_one(".problems"))
        assert filled(told)["closed"] == "2026-11-02"
        assert filled(await ines.see(path))["closed"] == "2026-10-20"
        await ines.do(to, filled(told) | {"closed": "2026-10-20\n2026-11-02"})
        assert filled(await ines.see(path))["closed"].split() == ["2026-10-20", "2026-11-02"]


async def test_a_school_has_its_own_hours_and_closed_days_and_the_month_shows_them(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        await families(here, 1, LINCOLN)
        await control.write(here.app, campaign(audience=HERE), STAFF)
        await control.schedule(here.app, "thanks", STAFF)
        ines = await here.sign_in(("organizer", LINCOLN))
        form = {
            one["name"]: one.get("value") or one.text.strip()
            for one in (await ines.see(f"/calendar/school?school={LINCOLN}")).select(
                "form[action='/calendar/school'] [name]"
            )
        }
        wrong = await ines.do("/calendar/school", form | {"closed": "2026-13-40"}, 422)
        assert "no day of the calendar" in plain(wrong.select_one(".problems"))
        page = await ines.do(
            "/calendar/school",
            form
            | {"closed": "2026-10-20..2026-10-21", "sat_from": "", "sat_to": "", "dates": "term: 2026-10-22"},
        )
        days = {
            plain(day.select_one(".day")): plain(day)
            for day in page.select(".month td .day") and page.select(".month td:not(.other)")
        }
        assert days["20"] == "20 Closed"
        assert days["12"] == "12 Columbus Day"
        assert days["22"] == "22 term"
        assert days["17"] == "17 No hours"
        assert "Thanks" in days["15"]
        async with here.app.database.read() as db:
            rows = (await db.execute(select(schools.c.name, schools.c.calendar))).all()
        assert [row.name for row in rows] == [LINCOLN]
        assert rows[0].calendar["closed"] == [["2026-10-20", "2026-10-21"]]
        assert (await ines.see(f"/calendar?at=2026-11&school={LINCOLN}")).h1.text.endswith("November 2026")
        assert (await ines.get(f"/calendar?school={OAK}")).status_code == 404


async def test_a_calendar_file_is_shown_before_it_holds(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        await families(here, 1, LINCOLN)
        ines = await here.sign_in("organizer")
        bad = await ines.do(
            "/calendar/file", status=422, files={"file": ("c.yaml", b"default: {hours: 25-3}")}
        )
        assert "hours" in plain(bad.select_one(".problems"))
        file = b"default: {hours: 9-18 mon-fri}\nschools: {Lincon: {timezone: America/Denver}}\n"
        page = await ines.do("/calendar/file", files={"file": ("c.yaml", file)})
        assert "Did you mean Lincoln?" in plain(page)
        async with here.app.database.read() as db:
            assert (await db.execute(select(schools))).first() is None
        await ines.do("/calendar/file", {"text": page.select_one("[name=text]")["value"], "go": "keep"})
        async with here.app.database.read() as db:
            assert set((await db.execute(select(schools.c.name))).scalars()) == {"", "Lincon"}


async def test_every_pattern_of_the_library_opens_as_a_form_that_changes_nothing(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        await families(here, 2)
        ines = await here.sign_in("organizer", "staff")
        await ines.see("/campaigns/library")
        for kind in LIBRARY:
            page = await ines.see(f"/campaigns/new?like={kind}")
            await ines.do("/campaigns/new", form_of(page) | {"go": "save"})
        async with here.app.database.read() as db:
            texts = set((await db.execute(select(campaigns.c.text))).scalars())
        said_ = {text.split("\ncampaign: ")[1].partition("\n")[2] for text in texts}
        assert said_ == {starter(kind).split("\ncampaign: ")[1].partition("\n")[2] for kind in LIBRARY}


@pytest.mark.parametrize(
    "text",
    [
        "everyone",
        "lincoln-families",
        'respondent = family and school in ("Oak Hill", Lincoln)',
        "absences.last_week >= 2 and late.last_14_days = 0 and absences.total <= 3",
        "grade >= 6 and bus_route = 12 and `Bus route` is missing",
        'not answered(pulse-family) and replied_within(7) and language != es and not on_list("Fall 2026")',
        "(school = Lincoln or grade = 6) and not (a = 1 and b = 2)",
        "not absences.last_week >= 2 and children >= 2",
    ],
)
def test_an_audience_becomes_conditions_and_the_same_audience_again(text):
    found = conditions.of_text(text)
    assert conditions.kept(text, found) == text
    again = conditions.text_of(found)
    meant = parse(text) if text != "lincoln-families" else parse("audience(lincoln-families)")
    assert parse(again).root == meant.root
    assert parse(written(meant.root)).root == meant.root


@pytest.mark.parametrize(
    "sly",
    ["everyone", "school = Oak or everyone", "not school = Oak", "school != Lincoln", "grade = 1) or (grade = 2", "school contains Linc",
     'school in (Lincoln, "Oak")', "not (school = Lincoln)"],
)  # fmt: skip
def test_whatever_is_asked_for_is_narrowed_to_ones_schools(sly):
    if sly.count("(") == sly.count(")") and ") or (" in sly:
        sly = f"({sly})"
    text = narrowed(sly, [LINCOLN])
    assert (
        within(parse(text), [LINCOLN]) and text.startswith("school = Lincoln and (")
    ) or text == "school = Lincoln"


def test_a_source_text_is_changed_in_its_place_and_makes_approved_languages_drafts():
    text = campaign(more="")
    changed = said(
        text, {("campaign:thanks/1/text", "en"): "{school} here: thanks! Reply STOP to end."}, "en"
    )
    assert changed != text
    assert changed.replace("{school} here: thanks! ", "{school} here. Thank you for being on time. ") == text
    spanish = said(text, {("campaign:thanks/1/text", "es"): "{school}: gracias. Responda STOP."}, "en")
    assert loads(spanish, "x").drafts == {"es"}


def test_an_account_that_misses_somebody_says_by_how_many():
    from bot.outreach.accounting import Line, Report

    lines = (Line("delivered", 5, 0.5, {}), Line("failed", 2, 0.2, {"gone": 2}))
    shown = account(Report("a", None, 1, lines, {}, {}, 0, 10))
    assert shown.off == 3
    assert [piece.kind for piece in shown.pieces] == ["reached", "failed"]


@pytest.mark.parametrize(
    "path", ["/campaigns/new", "/campaigns/ours", "/campaigns/ours/edit", "/audiences/new"]
)
async def test_a_page_comes_without_waiting_for_a_long_count_and_asks_for_itself_again(
    sqlite_url, clock, monkeypatch, path
):
    counted, count = asyncio.Event(), checks.foreseen

    async def slow(*given, **more):
        await counted.wait()
        return await count(*given, **more)

    monkeypatch.setattr(checks, "foreseen", slow)
    async with office(sqlite_url, clock) as here:
        await families(here, 3)
        await control.write(here.app, campaign("ours", HERE), "maria@riverbend.example")
        ines = await here.sign_in("organizer", "staff")
        here.app.lately.patience = 0.0
        page = await ines.see(f"{path}?pages_in=en")
        again = page.select_one("#counting")["hx-get"]
        assert again == page.select_one("main a.btn")["href"] == f"{path}?pages_in=en"
        counted.set()
        here.app.lately.patience = 60.0
        assert (await ines.see(again)).select_one("#counting") is None
