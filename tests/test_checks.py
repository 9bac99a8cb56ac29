"""What is looked at before a campaign is sent: texts, people, surveys, hours. On both databases."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from bot.app import opened
from bot.outreach import checks
from bot.outreach.calendars import Calendars
from bot.outreach.campaign import Campaign, Step, When
from bot.outreach.checks import reach, timing, wording
from bot.outreach.hours import Calendar, Window
from bot.settings import Settings
from bot.store.tables import addresses, guardianships, messages, people, shared_addresses, students
from channels.console import Console
from survey_flows.segments import count
from survey_flows.survey import Approval

GOOD = "Hi {name}, {school} here. {children} came on time all week. Thank you! Reply STOP to end."
SPANISH = (
    "Hola, {name}. Le escribe {school}. {children} vino a tiempo toda la semana. Responda STOP para terminar."
)


def campaign(said: Mapping[str, str] | str = GOOD, *steps: Step, **given: Any) -> Campaign:
    texts = {"en": said} if isinstance(said, str) else said
    made = {
        "key": "thanks", "title": "Thanks", "text": "", "source": "en", "languages": tuple(texts),
        "drafted": frozenset[str](), "audience": "everyone", "when": When("now"),
        "steps": (Step(texts={"": texts}), *steps),
    }  # fmt: skip
    return Campaign(**{**made, **given})


def rules(found: Any, severity: str | None = None) -> list[str]:
    return [one.rule for one in found if severity in (None, one.severity)]


def about(found: Any, rule: str) -> list[str]:
    return [one.what for one in found if one.rule == rule]


# Texts by themselves.


def texts_of(said: Mapping[str, str] | str, **given: Any) -> list[checks.Finding]:
    return list(wording.texts(campaign(said, **given), "Riverbend"))


def test_a_good_text_has_nothing_to_mend():
    assert texts_of({"en": GOOD, "es": SPANISH}) == []


@pytest.mark.parametrize(
    ("text", "rule", "severity"),
    [
        ("Hi {name}, we are glad. Reply STOP to end.", "name", "block"),
        ("{school}: thank you, {name}!", "stop", "block"),
        ("{school}: your child is failing. Reply STOP to end.", "tone", "warn"),
        ("{school}: see bit.ly/x1 please. Reply STOP to end.", "links", "warn"),
        ("{school}: READ THIS TODAY please. Reply STOP to end.", "capitals", "note"),
        ("{school}: institutional transportation accommodations deteriorated. STOP", "reading", "warn"),
        ("{school}: it was a terrible, awful day. Reply STOP to end.", "tone", "note"),
    ],
)
def test_each_fault_of_a_text_is_found(text, rule, severity):
    assert rules(texts_of(text), severity) == [rule]


def test_the_organization_s_own_name_says_who_writes():
    assert texts_of("Riverbend thanks you. Reply STOP to end.") == []


def test_only_the_first_message_has_to_say_stop():
    later = Step(after=timedelta(days=2), texts={"": {"en": "How is it going?"}})

    found = list(wording.texts(campaign(GOOD, later), "Riverbend"))

    assert [(one.severity, one.rule, one.step) for one in found] == [("warn", "name", 2)]


def test_stop_may_be_the_word_of_the_language_in_capitals():
    assert wording.says_stop("Escriba ALTO para terminar.", "es")
    assert not wording.says_stop("Es un alto honor.", "es")
    assert wording.says_stop("回复「停止」即可", "zh-Hans")
    assert not wording.says_stop("校车今天停止运行。", "zh-Hans")
    assert not wording.says_stop("توقفت الحافلة اليوم.", "ar")
    assert wording.says_stop("Responda STOP.", "mk")
    assert not wording.says_stop("We stop the late slips.", "en")


@pytest.mark.parametrize(
    ("said", "shouted"),
    [
        ("POR FAVOR LLAMEN MAÑANA. STOP", 1),
        ("ПРИХОДИТЕ ЗАВТРА. STOP", 1),
        ("Привет всем друзьям школы. STOP", 0),
        ("افتقدنا طفلكم اليوم ونتمنى السلامة. STOP", 0),
        ("안녕하세요 여러분들 반갑습니다. STOP", 0),
        ("École fermée, élèves absents. STOP", 0),
    ],
)
def test_only_capitals_are_shouted_in_whatever_script(said, shouted):
    found = texts_of({"en": GOOD, "xx": f"{{school}}: {said}"})

    assert rules(found).count("capitals") == shouted


def test_a_finding_says_where_it_is_in_one_line():
    two = {"a": {"en": GOOD}, "b": {"en": "{school}: your child is failing. Reply STOP to end."}}

    (found,) = wording.texts(campaign(steps=(Step(texts=two),), variants={"a": 50, "b": 50}), "Riverbend")

    assert str(found).startswith("step 1, variant b, en: 'is failing': It blames.")
    assert found.to_json()["variant"] == "b"


# How long it takes.

NOON = Window(time(12), time(18), frozenset(range(5)))
NEW_YORK, CHICAGO = Calendar("America/New_York", (NOON,)), Calendar("America/Chicago", (NOON,))
WEDNESDAY = datetime(2026, 10, 14, 20, 40, tzinfo=UTC)  # 16:40 in New York


def timed(load: timing.Load, rate: float, now: datetime = WEDNESDAY, **given: Any) -> timing.Timing:
    known = Calendars(NEW_YORK, {"Lakeside": CHICAGO})
    (one,) = timing.timings(campaign(**given), load, known, {"sms": rate}, now)
    return one


def told(one: timing.Timing, now: datetime = WEDNESDAY) -> list[checks.Finding]:
    return list(timing.fits(one, NEW_YORK, lambda day: f"{day:%A}", now))


def test_what_fits_today_says_from_when_to_when():
    (one,) = told(timed({("sms", None): (1, 2)}, rate=1.0))
    assert one.what.startswith("sms: 1 person, takes less than a minute")
    (found,) = told(timed({("sms", None): (300, 600)}, rate=1.0))

    assert (found.severity, found.what) == (
        "note",
        "sms: 300 people, takes about 10 min at 1 a second: today, 16:40 to 16:50.",
    )


def test_what_does_not_fit_today_goes_on_the_next_open_day():
    one = timed({("sms", None): (318, 6000)}, rate=1.0)
    (found,) = told(one)

    assert (one.days[date(2026, 10, 14)], one.days[date(2026, 10, 15)], one.left) == (254, 64, 0)
    assert found.severity == "warn"
    assert "takes about 1 h 40 min" in found.what
    assert "today's hours allow 254 of 318: the others go later (64 on Thursday)" in found.what


def test_what_is_given_up_before_its_turn_is_said_and_stops_a_campaign_if_it_is_many():
    few = timed({("sms", None): (100, 4800 + 20 * 48)}, rate=1.0, try_for=timedelta(hours=1, minutes=20))
    many = timed({("sms", None): (100, 48_000)}, rate=1.0, try_for=timedelta(hours=2))

    assert [(one.left, told(one)[0].severity) for one in (few, many)] == [(17, "warn"), (90, "block")]
    assert "17 of 100 get nothing" in told(few)[0].what


def test_schools_in_two_time_zones_share_one_sender():
    both = timed({("sms", None): (100, 4800), ("sms", "Lakeside"): (100, 4800)}, rate=1.0)

    assert (both.left, both.days) == (0, {date(2026, 10, 14): 175, date(2026, 10, 15): 25})
    assert both.took == timedelta(seconds=9600)


def test_without_a_limit_it_takes_no_time():
    (found,) = told(timed({("sms", None): (300, 600)}, rate=0))

    assert "takes less than a minute: today, 16:40 to 16:40" in found.what


def test_no_open_hours_at_all_stop_a_campaign():
    saturday = Window(time(12), time(18), frozenset({5}))

    (found,) = told(timed({("sms", None): (1, 1)}, 1.0, hours=saturday))

    assert (found.severity, found.rule) == ("block", "hours")


def test_a_planned_time_is_that_of_the_wall_at_each_school():
    at = When("at", at=datetime(2026, 10, 16, 16, 30))

    assert timing.begins(campaign(when=at), NEW_YORK, WEDNESDAY) == datetime(2026, 10, 16, 20, 30, tzinfo=UTC)
    assert timing.begins(campaign(when=at), CHICAGO, WEDNESDAY) == datetime(2026, 10, 16, 21, 30, tzinfo=UTC)
    weekly = When("cron", cron="30 16 * * thu")
    assert timing.begins(campaign(when=weekly), NEW_YORK, WEDNESDAY) == datetime(
        2026, 10, 15, 20, 30, tzinfo=UTC
    )


# Everybody in an audience.


@pytest.fixture
async def add(database, clock, new_id):
    """Put a person on the list, with an address and children; gives their id."""

    async def add(name: str | None = "Rosa", language="en", channel: str | None = "sms", kids=(), **given):
        id_ = new_id()
        row = {"id": id_, "respondent": "family", "language": language, "language_by": "import", "groups": {},
               "name": name, "school": "Lincoln", "created_at": clock(),
               **{key: value for key, value in given.items() if key in people.c}}  # fmt: skip
        async with database.begin() as db:
            await db.execute(insert(people).values(row))
            if channel:
                to = {"id": new_id(), "person_id": id_, "channel": channel, "address": f"+1{new_id().int % 10**9}",
                      "suppressed": given.get("suppressed"), "consented": given.get("consented", True),
                      "created_at": clock()}  # fmt: skip
                await db.execute(insert(addresses).values(to))
                for other in given.get("shared_with", ()):
                    await db.execute(insert(shared_addresses).values(person_id=other, address_id=to["id"]))
            for kid in kids:
                child = {"id": new_id(), "external_id": str(new_id()), "name": kid, "school": "Lincoln",
                         "attributes": {}, "created_at": clock()}  # fmt: skip
                await db.execute(insert(students).values(child))
                await db.execute(insert(guardianships).values(person_id=id_, student_id=child["id"]))
        return id_

    return add


@pytest.fixture
async def app(url, clock):
    doubles = {name: Console(lambda _: None) for name in ("sms", "telegram")}
    given = Settings(database_url=url, organization="Riverbend", on_call="sms:+15551230001")
    async with opened(given, clock=clock, channels=doubles) as service:
        yield service


async def looked(app, one: Campaign, **given: Any) -> checks.Checked:
    return await checks.look(app, one, app.clock(), **given)


async def test_real_recipients_are_rendered_counted_and_priced(app, add):
    await add("Rosa", kids=["Leo"])
    await add("ANA", kids=["Sofi", "Max"], channel="telegram")
    await add("Luz", "es", kids=["Inés"])
    await add("Maximiliana Guadalupe", "es-MX", kids=["Leo", "Inés"])

    found = await looked(app, campaign({"en": GOOD, "es": SPANISH}))

    english, spanish = found.tally.rows[0, "", "en"], found.tally.rows[0, "", "es"]
    assert found.blocks == ()
    assert sorted(english.samples) == [
        "Hi Ana, Lincoln here. Sofi and Max came on time all week. Thank you! Reply STOP to end.",
        "Hi Rosa, Lincoln here. Leo came on time all week. Thank you! Reply STOP to end.",
    ]
    assert (english.channels, english.parts) == ({"sms": 1, "telegram": 1}, 1)
    assert "Leo e Inés" in spanish.longest
    assert spanish.parts == sum(count(text).parts for text in spanish.samples) == 2
    assert found.cost == pytest.approx(3 * 0.0083)
    assert (found.size, found.to_json()["cost"]) == (4, 0.02)


async def test_everybody_who_gets_nothing_is_counted_with_the_reason(app, add):
    home = (await add("Rosa", kids=["Leo"]),)
    await add("Second guardian", household_id=home[0])
    await add("No phone", channel=None)
    await add("Stopped", suppressed="stopped")
    await add("Dead", suppressed="dead")
    await add("Unasked", consented=False)
    borrower = await add("Borrower", channel=None)
    await add("Lender", shared_with=[borrower])
    await add("Gone", removed_at=app.clock())
    await add("Answers", external_id="answers:1")

    found = await looked(app, campaign("{school} thanks you. Reply STOP to end."))

    assert found.tally.reasons == {
        "same household": 1, "no address": 1, "opted out": 1, "unreachable": 1, "no consent": 1, "same number": 1,
    }  # fmt: skip
    assert (found.tally.people, found.size) == (8, 2)
    assert found.size + found.tally.reasons.total() == found.tally.people


async def test_households_are_never_cut_in_two_by_a_page(app, add, monkeypatch):
    monkeypatch.setattr(reach, "PAGE", 3)
    for number in range(5):
        first = await add(f"First {number}")
        await add(f"Second {number}", household_id=first)
    heard: list[int] = []

    found = await looked(app, campaign("{school} thanks you. STOP"), progress=heard.append)

    assert (found.size, found.tally.reasons) == (5, {"same household": 5})
    assert (heard, sum(row.people for row in found.tally.rows.values())) == ([2, 4, 6, 8, 10], 5)


async def test_a_translation_that_has_changed_since_it_was_approved_is_waited_for_too(app, add):
    await add("Luz", "es", kids=["Leo"])
    given = {"es": Approval("Ana", "2026-11-22", "0")}
    changed = campaign({"en": GOOD, "es": SPANISH}, approved=given, stale=frozenset(["es"]))

    found = await looked(app, changed)

    assert "stale" in rules(found.findings, "warn")
    assert about(found.blocks, "translation") == [
        "No person has approved this text: 1 person would wait for it."
    ]


async def test_a_translation_that_nobody_approved_blocks_and_says_how_many_would_wait(app, add):
    await add("Luz", "es", kids=["Leo"])
    await add("An", "vi", kids=["Bình"])
    await add("Rosa", kids=["Leo"])
    drafted = campaign({"en": GOOD, "es": SPANISH}, drafted=frozenset(["es"]))

    found = await looked(app, drafted)

    assert [(one.language, one.what) for one in found.blocks] == [
        ("es", "No person has approved this text: 1 person would wait for it."),
        ("vi", "There is no text in this language: 1 person would wait for it."),
    ]
    assert found.to_json()["may_be_sent"] is False


async def test_where_the_source_will_do_it_is_a_warning(app, add):
    await add("Luz", "es", kids=["Leo"])
    await add("Rosa", kids=["Leo"])

    found = await looked(app, campaign(untranslated="source"))

    assert found.blocks == ()
    assert about(found.findings, "translation") == [
        "1 person gets it in this language because theirs is not approved: es 1."
    ]


async def test_people_without_words_for_a_gap_are_counted_by_gap(app, add):
    for number in range(9):
        await add("Rosa", kids=["Leo"] if number else [])
    few = await looked(app, campaign(GOOD))
    await add(None, kids=["Leo"])
    await add(None)
    many = await looked(app, campaign(GOOD))
    cured = await looked(
        app, campaign(GOOD, fallback={"name": {"en": "there"}, "children": {"en": "your child"}})
    )

    assert rules(few.findings, "warn") == ["words"]
    assert rules(many.blocks) == ["words"]
    assert about(many.blocks, "words") == [
        "3 of 11 have no words for a gap, so nothing goes there: {children} 2, {name} 2."
    ]
    assert "words" not in rules(cured.findings)


async def test_the_longest_text_is_what_is_warned_of(app, add):
    await add("Rosa", kids=["Leo"])
    await add("Maximiliana Guadalupe de la Santísima Trinidad", kids=["José Ignácio", "Álvaro", "Íñigo"])

    found = await looked(app, campaign(f"{GOOD} What helps you in the morning?"))

    (parts,) = [one for one in found.findings if one.rule == "parts"]
    assert parts.severity == "warn"
    assert "Takes up to 3 SMS" in parts.what
    assert "2.0 on the average" in parts.what


async def test_a_curly_quote_is_named_with_its_plain_stand_in(app, add):
    await add("Rosa")

    found = await looked(app, campaign("{school}: it’s a fine day, {name}. Reply STOP to end."))

    assert [one.cure for one in found.findings if one.rule == "parts"] == ["Write '’' as \"'\"."]


async def test_nobody_in_the_audience_and_an_audience_that_cannot_be_read_block(app, add):
    nobody = await looked(app, campaign())
    await add("Rosa")
    slip = await looked(app, campaign(audience="schol = Lincoln"))
    unset = await looked(app, campaign(channels=("whatsapp",)))

    assert rules(nobody.blocks) == ["audience"]
    assert rules(slip.blocks) == ["audience"]
    assert "schol" in slip.blocks[0].what
    assert set(rules(unset.blocks)) == {"channels", "audience"}


async def test_variants_and_the_holdout_are_counted_apart(app, add):
    for number in range(60):
        await add(f"Rosa {number}")
    two = {"a": {"en": "{school} A. STOP"}, "b": {"en": "{school} B. STOP"}}

    found = await looked(app, campaign(steps=(Step(texts=two),), variants={"a": 50, "b": 50}, holdout=20))

    people_of = {variant: row.people for (_, variant, _), row in found.tally.rows.items()}
    assert set(people_of) == {"a", "b"}
    assert sum(people_of.values()) + found.tally.reasons["held out"] == 60
    assert found.tally.reasons["held out"] > 0


# Surveys.


def asking(key: str, **given: str) -> Step:
    return Step(survey=key, given=given)


async def test_a_survey_that_is_not_there_blocks(app, add):
    await add("Rosa")

    found = await looked(app, campaign(steps=(asking("getting-to-schol"),)))

    assert rules(found.blocks) == ["survey"]


async def test_a_survey_s_first_message_is_counted_like_any_text(app, add):
    await add("Rosa")
    await add("Luz", "es")

    found = await looked(app, campaign(steps=(asking("pulse-family"),), untranslated="source"))

    row = found.tally.rows[0, "", "en"]
    assert (row.people, row.source) == (2, {"es": 1})
    assert row.samples[0].startswith("Lincoln")
    assert row.parts == 2 * count(row.samples[0]).parts


async def test_a_survey_for_students_does_not_go_to_families(app, add):
    await add("Rosa")
    await add("Leo", respondent="student")

    wrong = await looked(app, campaign(steps=(asking("belong-student"),)))
    right = await looked(app, campaign(steps=(asking("belong-student"),), audience="respondent = student"))

    assert [one.what for one in wrong.blocks] == [
        "belong-student is for students, and these are not: family 1."
    ]
    assert right.blocks == ()


async def test_a_survey_that_needs_words_of_ours_says_which(app, add):
    await add("Rosa")

    without = await looked(app, campaign(steps=(asking("results-all"),)))

    (found,) = without.blocks
    assert "results-all needs your words for" in found.what
    assert "set: {" in found.cure


async def test_the_cautions_of_a_survey_are_told(app, add):
    await add("Leo", respondent="student")

    found = await looked(app, campaign(steps=(asking("safe-student"),), audience="respondent = student"))

    assert any("Answers may report harm" in one for one in about(found.findings, "caution"))


# What is shown.


async def test_it_reads_in_a_terminal(app, add):
    await add("Rosa", kids=["Leo"])
    await add("Luz", "es", kids=["Inés"])
    await add("Stopped", suppressed="stopped")

    text = (await looked(app, campaign({"en": GOOD, "es": SPANISH}))).as_text()

    assert "        3  in the audience\n       -1  opted out\n        2  get it" in text
    lines = {line.split()[0]: line.split() for line in text.splitlines() if line.strip()}
    assert lines["Language"] == ["Language", "People", "SMS", "Parts", "each", "At", "most", "Cost"]
    assert lines["Spanish"] == ["Spanish", "1", "1", "1.0", "1", "$0.01"]
    assert lines["All"] == ["All", "2", "2", "1.0", "1", "$0.02"]
    assert "  | Hola, Luz. Le escribe Lincoln. Inés vino a tiempo" in text
    assert "sms: 2 people, takes less than a minute at 1 a second: today, 12:00 to 12:00." in text
    assert text.endswith("Nothing stands in its way.")


async def test_it_is_plain_json_and_nothing_is_written(app, add, database):
    await add("Rosa", kids=["Leo"])

    said = json.loads(json.dumps((await looked(app, campaign())).to_json()))

    assert (said["may_be_sent"], said["going"], said["texts"][0]["parts_each"]) == (True, 1, 1.0)
    async with database.read() as db:
        assert (await db.execute(messages.select())).first() is None


async def test_a_school_s_own_hours_count(app, add, database, clock):
    await add("Rosa")
    async with database.begin() as db:
        await db.execute(update(people).values(school=None))

    found = await looked(
        app, campaign("{school} thanks you. STOP", hours=Window(time(21), time(22), frozenset(range(7))))
    )

    assert rules(found.blocks) == ["hours"]
