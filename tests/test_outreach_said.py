"""What the checks, gates and refusals of campaigns say is there in the words of whoever reads the page."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import test_audiences
import test_calendars
import test_campaign_file
from campaign_world import OTHER, STAFF, SURVEY, THANKS, District
from campaign_world import district as district_at
from office import office, plain
from sqlalchemy import select, update
from test_checks import GOOD as KIND
from test_checks import NEW_YORK, WEDNESDAY, asking, campaign, timed
from test_surveys_said import LANGUAGES, english_in

from bot.outreach import audience, checks, control, reasons, to_oneself
from bot.outreach.audience import AudienceError
from bot.outreach.calendar_file import CalendarError
from bot.outreach.calendar_file import loads as calendar
from bot.outreach.campaign import CampaignError, When
from bot.outreach.campaign_file import loads
from bot.outreach.checks import people as of_people
from bot.outreach.checks import reach, timing, translations
from bot.outreach.checks.counting import Row, Tally
from bot.outreach.days import in_words, told_day
from bot.outreach.hours import Window
from bot.store.tables import campaigns
from bot.web import tongue
from bot.web.rooms.outreach import words
from bot.web.rooms.outreach.failures import FAILURES, failure
from channels import telegram_wire, twilio_codes
from survey_flows import library
from survey_flows.segments import count
from survey_flows.survey import Approval
from survey_flows.told import Told

ROOT = Path(__file__).parent.parent
RULES = {
    "name", "stop", "tone", "reading", "parts", "words", "links", "capitals", "translation", "stale", "missing",
    "audience", "hours", "when", "channels", "survey", "caution",
}  # fmt: skip
HARSH = "YOUR CHILD FAILED. You must call us at bit.ly/abc or you will be taken to court. It is awful and horrible."
HARD = (
    f"{HARSH} Institutional transportation accommodations deteriorated considerably notwithstanding administrative "
    "interventions implemented throughout numerous comprehensive organizational reconsiderations."
)


def is_said(text):
    """Whether a text can be said again, and all of it is, in every language that pages have."""
    assert isinstance(text, Told), text
    assert [english_in(text, language) for language in LANGUAGES] == [[] for _ in LANGUAGES], text


def rows_of(test):
    """The rows that another test is given."""
    return next(mark.args[1] for mark in test.pytestmark if mark.name == "parametrize")


def found_in_texts():
    yield from checks.wording.texts(campaign(HARD), "Riverbend")
    yield from checks.wording.texts(campaign({"es": "palabra " * 60, "is": "Bless."}), "Riverbend")
    yield from checks.wording.texts(
        campaign("The dull, boring, terrible and disgusting evil mess."), "Riverbend"
    )
    changed = campaign(
        approved={"es": Approval("Kim", "2026-10-01", "x")},
        stale=frozenset({"es"}),
        lacking=frozenset({"so"}),
    )
    yield from translations.stale(changed)


def found_of_people():
    written = campaign({"en": KIND, "es": KIND}, drafted=frozenset({"es"}))
    tally = Tally(people=9, going=9)
    long = count("á" * 500)
    dear = count("Thank you, it’s fine — really.")
    rows = {
        (0, "", "es"): Row(waiting=2),
        (0, "", "so"): Row(waiting=1, source=Counter({"so": 3})),
        (0, "a", "en"): Row(
            channels=Counter(sms=1), skipped=1, missing=Counter(children=1), parts=8, most=long
        ),
        (1, "", "en"): Row(
            channels=Counter(sms=90), skipped=1, missing=Counter(name=1), parts=300, most=dear
        ),
    }
    tally.rows.update(rows)
    yield from of_people.people(written, tally)
    yield from of_people.people(written, Tally())
    nobody = Tally(people=8, reasons=Counter(dict.fromkeys(of_people.WHY, 1)))
    yield from of_people.people(replace(written, when=When("date", of="term")), nobody)


def found_of_time():
    saturday = Window(NEW_YORK.hours[0].opens, NEW_YORK.hours[0].closes, frozenset({5}))
    evening, noon = WEDNESDAY + timedelta(hours=4), WEDNESDAY
    for load, rate, now, more in (
        ((1, 2), 1.0, noon, {}),
        ((300, 600), 0, noon, {}),
        ((300, 60), 1.0, evening, {}),
        ((318, 6000), 1.0, noon, {}),
        ((318, 40_000), 1.0, evening, {}),
        ((318, 200_000), 1.0, noon, {"try_for": timedelta(days=20)}),
        ((100, 48_000), 1.0, noon, {"try_for": timedelta(hours=2)}),
        ((1, 1), 1.0, noon, {"hours": saturday}),
    ):
        one = timed({("sms", None): load}, rate=rate, now=now, **more)
        yield from timing.fits(one, NEW_YORK, told_day, now)


def found_of_surveys():
    keys = ("results-all", "belong-student", "safe-student", "getting-to-school")
    known = {key: (checks.surveys.UNPUBLISHED, library(key)) for key in keys}
    asked = campaign(steps=(*map(asking, keys), asking("no-such")))
    given = dict.fromkeys(library("results-all").fields, "Buses")
    people = Counter(family=1, student=1)
    yield from checks.surveys.surveys(asked, known, people, 3, on_call=False)
    yield from checks.surveys.surveys(
        campaign(steps=(asking("results-all", **given),)), known, people, 3, on_call=True
    )


async def found_in_store(here):
    """Findings that need a store: audiences, dates, channels."""
    written = [
        campaign(audience=one)
        for one in (
            "respondent = famly",
            "school =",
            "absences.last_week >= 2 and language = en",
            "language = qq",
        )
    ]
    written += [campaign(when=When("date", of="trem")), campaign(channels=("whatsapp",))]
    for one in written:
        for finding in (await checks.look(here.app, one, here.clock())).findings:
            yield finding


async def test_every_check_says_what_it_finds_in_the_language_of_the_reader(sqlite_url, clock):
    found = [*found_in_texts(), *found_of_people(), *found_of_time(), *found_of_surveys()]
    async with district_at(sqlite_url, clock) as here:
        await here.person()
        found += [one async for one in found_in_store(here)]

    for one in found:
        is_said(one.what)
        if one.cure:
            is_said(one.cure)
        is_said(words.found(one))
        is_said(one.where) if one.step or one.variant else None
    assert {one.rule for one in found} == RULES
    for language in LANGUAGES:
        with tongue.speaking(language):
            assert all(words.rule(rule) != rule.capitalize() for rule in RULES)


def test_a_reason_why_nobody_gets_it_has_words():
    names = {node.value for node in ast.walk(ast.parse(Path(reach.__file__).read_text("utf-8"))) if isinstance(node, ast.Constant)}  # fmt: skip
    assert names & {"same household", "no consent", "same number"} <= set(of_people.WHY)
    for why in of_people.WHY.values():
        is_said(why)


def test_a_day_is_the_same_in_english_and_natural_in_spanish():
    for day in (date(2026, 10, 15), date(2027, 5, 3)):
        assert told_day(day) == in_words(day, "en")
        with tongue.speaking("es"):
            assert tongue.say(told_day(day)) == in_words(day, "es")


FILES = [
    *(test_campaign_file.with_when(row[0]) for row in rows_of(test_campaign_file.test_a_when_that_is_none_is_told_with_its_cure)),
    *(
        test_campaign_file.GOOD.replace(part, instead, 1)
        for part, instead, _ in rows_of(test_campaign_file.test_a_fault_is_told_with_its_line_and_its_cure)
    ),
    *(row[0] for row in rows_of(test_campaign_file.test_what_is_no_campaign_at_all_is_refused_in_plain_words)),
    *(
        THANKS.replace("when: now", f"when: now\nhours: {hours}")
        for hours in ("18-12 mon-fri", "9-20 mon-fry", "13am-2pm", "25:00-26:00")
    ),
    "source: en\n",
]  # fmt: skip


@pytest.mark.parametrize("text", FILES)
def test_what_is_wrong_with_a_campaign_s_file_is_said_in_the_language_of_the_reader(text):
    with pytest.raises(CampaignError) as refused:
        loads(text, "thanks.yaml")

    for one in refused.value.complaints:
        if one.isascii() or isinstance(one, Told):
            is_said(one)
    is_said(str(refused.value))


CALENDARS = [
    *(row[0] for row in rows_of(test_calendars.test_a_file_that_cannot_be_used_says_how_to_mend_it)[:-1]),
    "default:\n  hours: {mon-fri: 9-20, fri: 10-12, tue: 9-12 mon}\n  holidays: QQ\n"
    "  closed: [2027-02-30, 2027-01-05..2026-01-05, 2020-01-01..2027-01-01]\n"
    "  dates: {absence: 2027-01-01}\n  color: red\nschools: {' ': {}}\n",
    "default: {holidays: US-QQ}",
]


@pytest.mark.parametrize("text", CALENDARS)
def test_what_is_wrong_with_a_calendar_file_is_said_in_the_language_of_the_reader(text):
    with pytest.raises(CalendarError) as refused:
        calendar(text, "district.yaml")

    for one in (*refused.value.complaints, str(refused.value)):
        is_said(one)


SLIPS = [
    *(row[0] for row in rows_of(test_audiences.test_a_slip_is_shown_where_it_is_with_what_mends_it)),
    *rows_of(test_audiences.test_what_a_database_could_not_take_is_refused),
    "school ! Lincoln", "late.last_weak >= 1", "household.color = 2", "a ~ b", "a | b", "audience(", "school not Lincoln",
]  # fmt: skip


@pytest.mark.parametrize("text", SLIPS)
def test_what_is_wrong_with_a_filter_is_said_in_the_language_of_the_reader(text):
    with pytest.raises(AudienceError) as refused:
        audience.parse(text)

    for one in (refused.value.what, refused.value.cure, refused.value.plain):
        is_said(one)
    assert isinstance(str(refused.value), Told)


NOT_THERE = (
    "school = Linclon", "shool = Lincoln", "asked(buses)", "received(thanks)", "on_list(spring)", "audience(lincoln)",
    "anniversary(birthday)", "school contains Oak",
)  # fmt: skip


async def test_what_a_filter_names_and_is_not_there_is_said_too(sqlite_url, clock):
    warned, refused = [], []
    async with district_at(sqlite_url, clock) as here:
        for number in range(3):
            await here.person(
                school="Lincoln", groups={"bus_route": f"Route {number}", "birthday": "unknown"}
            )
        async with here.app.database.begin() as db:
            for text in (*NOT_THERE, "anniversary(birthday)", "bus_route > 6", "asked(getting-to-school)", "late.total > 1",
                         "absences.total > 1", "school in (Lincoln, Quux)", "birthday >= 2020-01-01"):  # fmt: skip
                try:
                    warned += await audience.check(db, await audience.resolve(db, text))
                except AudienceError as error:
                    refused.append(error)
            await audience.save(db, "one", "school = Lincoln", clock())
            await audience.save(db, "two", "audience(one)", clock())
            for attempt in (
                audience.save(db, "Not Good", "everyone", clock()),
                audience.save(db, "one", "audience(two)", clock()),
                audience.delete(db, "one"),
                audience.delete(db, "three"),
            ):
                with pytest.raises(AudienceError) as error:
                    await attempt
                refused.append(error.value)

    assert (len(warned), len(refused)) == (8, 11)
    for text in (*warned, *(one.plain for one in refused)):
        is_said(text)


async def test_what_cannot_be_done_with_a_campaign_is_said_in_the_language_of_the_reader(sqlite_url, clock):
    said = []
    async with district_at(sqlite_url, clock) as here:
        app = here.app
        await here.person(suppressed="stopped")
        await here.person()

        async def refused(attempt):
            with pytest.raises((control.Refused, LookupError)) as error:
                await attempt
            said.append(str(error.value) if error.type is not LookupError else error.value.args[0])

        await refused(control.standing(app, "thanks"))
        await control.write(app, THANKS, STAFF)
        for move in (control.approve, control.pause, control.resume):
            await refused(move(app, "thanks", OTHER))
        await refused(control.send_back(app, "thanks", OTHER, "why"))
        await refused(control.trigger(app, "thanks", OTHER, "x"))
        await refused(control.trigger(app, "thanks", OTHER, "x" * 50))
        await refused(control.test(app, "thanks", ("pigeon", "1"), "en", STAFF))
        await refused(control.test(app, "thanks", ("sms", "+15035550001"), "en", STAFF))
        await refused(control.test(app, "thnaks", ("sms", "+15035550002"), "en", STAFF))
        await refused(to_oneself.ask_oneself(app, library("getting-to-school"), ("pigeon", "1"), "en", STAFF))
        past = THANKS.replace("when: now", "when: {at: 2020-10-15 16:30}").replace(
            "campaign: thanks", "campaign: past"
        )
        await control.write(app, past, STAFF)
        await refused(control.schedule(app, "past", STAFF))
        bad = THANKS.replace("campaign: thanks", "campaign: bad").replace(" Reply STOP to end.", "")
        await control.write(app, bad, STAFF)
        await refused(control.schedule(app, "bad", STAFF))
        await control.write(app, SURVEY.replace("getting-to-school", "no-such"), STAFF)
        await refused(control.test(app, "asking", ("sms", "+15035550002"), "en", STAFF))
        await control.schedule(app, "thanks", STAFF, ask=True)
        await refused(control.approve(app, "thanks", STAFF))
        await control.approve(app, "thanks", OTHER)
        await here.until(clock.now + timedelta(hours=3))
        await refused(control.stop(app, "thanks", STAFF))
        await refused(control.schedule(app, "thanks", STAFF))
        again = THANKS.replace("Thank you", "Thanks")
        async with app.database.begin() as db:
            await db.execute(update(campaigns).where(campaigns.c.key == "thanks").values(state="scheduled"))
        await refused(control.write(app, again, STAFF))
        waits = THANKS.replace("when: now", "when: trigger").replace("campaign: thanks", "campaign: waits")
        await control.write(app, waits, STAFF)
        await refused(control.trigger(app, "waits", STAFF, "x"))

    assert len(said) == 19
    for text in said:
        is_said(text)


KEPT = (
    "It cannot be read: CampaignError", "cannot be read: ValueError", "by a person", "in es",
    "No absences were brought in of late: bring them in (openline import absences), and resume it",
    "Its audience is 1200 people now: a second person has to approve it", "600 people: a second person has to approve it",
    "600 people: a second person approves", "12 of the last 60 failed: more than 15%", "5 of the last 60 said STOP: more than 5%",
)  # fmt: skip


@pytest.mark.parametrize("kept", KEPT)
def test_a_reason_that_was_kept_in_english_is_said_in_the_language_of_the_reader(kept):
    said = reasons.again(kept)

    assert said == kept
    is_said(said)
    assert {reasons.again(one).one for one in KEPT} == {one.one for one in reasons.KNOWN}


def test_what_a_person_wrote_of_a_campaign_stays_as_it_is():
    assert not isinstance(reasons.again("Ask the bus company first"), Told)


def test_every_reason_of_a_channel_is_said_in_the_language_of_the_reader():
    rows = (*twilio_codes.CODES.values(), *twilio_codes.STATUSES.values())
    known = {one.reason for one in rows} | {reason for *_, reason, _ in telegram_wire.FAILURES}
    known |= set(_raised("channels")) | set(_raised("bot/sends.py"))

    assert known <= set(FAILURES)
    for one in FAILURES:
        is_said(failure(one))


def _raised(where):
    """What is given to SendFailed as it stands, in the code of a folder or file."""
    path = ROOT / where
    for file in [path] if path.is_file() else sorted(path.glob("*.py")):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "SendFailed":
                yield from (one.value for one in call.args[:1] if isinstance(one, ast.Constant))


SAID_BY = {
    "Finding": (2, 3), "Refused": (0,), "Slip": (1, 2), "AudienceError": (2, 3), "wrong": (1, 2), "Unwritable": (0,),
    "LookupError": (0,), "ValueError": (0,),
}  # fmt: skip
FOLDERS = ("", "audience", "checks", "files")
ELSEWHERE = {
    "among.py",
    "ask.py",
    "audience/condition.py",
    "campaign_file.py:starter",
    "recurrence.py:following",
}
"""What is said to a terminal only, or to whoever wrote a wrong program."""


def test_nothing_is_found_or_refused_in_plain_english():
    """Whoever adds a finding says it by ``told``: else pages in other languages show it in English."""
    home, flat = ROOT / "bot" / "outreach", []
    for file in sorted(path for folder in FOLDERS for path in (home / folder).glob("*.py")):
        where = str(file.relative_to(home))
        tree = ast.parse(file.read_text("utf-8"))
        within = {
            id(node): one.name
            for one in ast.walk(tree)
            if isinstance(one, ast.FunctionDef)
            for node in ast.walk(one)
        }
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or {where, f"{where}:{within.get(id(call))}"} & ELSEWHERE:
                continue
            for at in SAID_BY.get(getattr(call.func, "attr", getattr(call.func, "id", "")), ()):
                given = call.args[at] if at < len(call.args) else None
                if isinstance(given, ast.JoinedStr | ast.BinOp) or (
                    isinstance(given, ast.Constant) and given.value
                ):
                    flat.append(f"{where}:{call.lineno}: {ast.unparse(given)}")
    assert flat == []


async def test_the_pages_of_campaigns_say_in_spanish_and_arabic_what_is_to_be_mended(sqlite_url, clock):
    async with office(sqlite_url, clock, allow_drafts=False) as here:
        world = District(here.app, clock, here.phone)
        for language in ("en", "es", "so"):
            await world.person(language=language, school="Lincoln", name="Rosa")
        ines = await here.sign_in("organizer", "staff")
        await control.write(here.app, THANKS.replace(" Reply STOP to end.", ""), STAFF)
        async with here.app.database.begin() as db:
            await db.execute(update(campaigns).values(reason="12 of the last 60 failed: more than 15%"))
            row = (await db.execute(select(campaigns))).one()

        page = await ines.see("/campaigns/thanks?pages_in=es")
        assert "El primer mensaje no dice cómo dejar de recibir estos mensajes." in plain(page)
        assert "Idioma (somalí): No hay texto en este idioma: 1 persona lo esperaría." in plain(page)
        assert "12 de los últimos 60 fallaron: más de 15%" in plain(await ines.see("/campaigns"))
        page = await ines.do("/campaigns/thanks/resume", status=422)
        assert "thanks: borrador; solo se puede reanudar lo que está en pausa." in plain(page)
        page = await ines.do(
            "/campaigns/thanks/file", {"text": "campaign: thanks\nwhen: tomorrow\n"}, status=422
        )
        assert "línea 2: 'when' no puede ser 'tomorrow'." in plain(page)
        asked = {"go": "save", "name": "x", "filter": "school =", "filter_was": ""}
        page = await ines.do("/audiences/new", asked, status=422)
        assert "El filtro termina aquí, donde hace falta un valor." in plain(page)
        assert page.select_one("#filter").text.strip() == "school ="
        asked["filter"] = "school = Linclon"
        assert "¿Quiso decir Lincoln?" in plain(await ines.do("/audiences/new", asked, status=422))
        closed = {"school": "", "timezone": "America/New_York", "mon_from": "18:00", "mon_to": "09:00"}
        page = await ines.do("/calendar/school", closed, status=422)
        assert "'18:00-09:00 mon' termina antes de empezar." in plain(page)

        await ines.see("/campaigns?pages_in=ar")
        form = {"title": "Thanks", "go": "send", "changed": row.changed_at.isoformat()}
        page = await ines.do("/campaigns/thanks/edit", form, status=422)
        assert "لا يمكن أن تخرج الحملة هكذا:" in plain(page)
        assert "الإنجليزية: لا تقول الرسالة الأولى كيف تُوقف هذه الرسائل." in plain(page)


def test_a_command_still_says_it_in_english():
    with tongue.speaking("es"), pytest.raises(CampaignError) as refused:
        loads(THANKS.replace("when: now", "when: tomorrow"), "thanks.yaml")
    assert f"{refused.value}".splitlines()[1].startswith("  line 6: 'when' cannot be 'tomorrow'. Write now,")
