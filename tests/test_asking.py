"""openline ask: whom it means, what staff fill in, and what it says before anything goes out. On both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from bot.app import opened
from bot.cli.root import Problem
from bot.outreach.among import check, parse
from bot.store import consents
from bot.store.tables import addresses, conversations, messages, people
from channels.console import Console

PEOPLE = [
    # respondent, language, school, groups, channel, allowed
    ("family", "en", "Lincoln", {"grade": "6"}, "sms", True),
    ("family", "es-MX", "Lincoln", {"grade": 7}, "sms", True),
    ("family", "es", "Oak Hill", {}, None, False),
    ("student", "en", "Lincoln", {"grade": "6"}, "sms", True),
    ("student", "vi", "Oak Hill", {}, "sms", True),
    ("staff", "en", None, {}, "sms", False),
]


@pytest.fixture
async def asked(database, clock, new_id, monkeypatch, typed):
    """The command, and how many got which first message."""
    monkeypatch.setitem(opened.__wrapped__.__kwdefaults__, "channels", {"sms": Console(lambda _: None)})
    async with database.begin() as db:
        for n, (respondent, language, school, groups, channel, allowed) in enumerate(PEOPLE):
            person, address = new_id(), new_id()
            await db.execute(
                people.insert().values(
                    id=person, respondent=respondent, language=language, language_by="import", school=school,
                    groups=groups, created_at=clock(),
                )
            )  # fmt: skip
            if channel:
                await db.execute(
                    addresses.insert().values(
                        id=address, person_id=person, channel=channel, address=f"+1503555010{n}", created_at=clock()
                    )
                )  # fmt: skip
            if allowed:
                ground = {"event": "granted", "source": "list:x", "at": clock()}
                await consents.enter(db, [{"id": new_id(), "address_id": address, **ground}])
    return typed


async def texts(database):
    async with database.read() as db:
        return list((await db.execute(select(messages.c.text).order_by(messages.c.id))).scalars())


async def whose(database):
    async with database.read() as db:
        rows = await db.execute(
            select(people.c.respondent, people.c.language)
            .join(conversations, conversations.c.person_id == people.c.id)
            .order_by(people.c.id)
        )
        return [tuple(row) for row in rows]


async def test_a_survey_for_students_goes_to_students_only(asked, database):
    with pytest.raises(Problem, match="safe-student is for students, and these are not: family 3") as told:
        await asked("ask", "safe-student", "--yes")
    assert "--among respondent=student" in str(told.value)
    assert await whose(database) == []

    said = await asked("ask", "safe-student", "--among", "respondent=student", "--yes")

    assert "     2  queued" in said
    assert "no address" not in said
    assert await whose(database) == [("student", "en"), ("student", "vi")]


async def test_and_one_for_families_to_families_unless_it_has_words_for_students(asked, database):
    with pytest.raises(Problem, match="transport-family is for families, and these are not: student 2"):
        await asked("ask", "transport-family", "--yes")

    assert "     4  queued" in await asked("ask", "getting-to-school", "--yes")  # has a student's wording


async def test_anyway_asks_them_all_the_same(asked):
    assert "     4  queued" in await asked("ask", "transport-family", "--yes", "--anyway")


async def test_before_it_goes_out_it_says_whom_and_what_to_take_care_of(asked):
    with pytest.raises(Problem, match="Nothing was queued"):
        await asked("ask", "safe-student", "--among", "respondent=student", said="n\n")
    said = await asked("ask", "safe-student", "--among", "respondent=student", said="y\n")
    plain = " ".join(said.split())

    assert "Queue the first message to those among them not yet asked? On the list are: student 2" in plain
    assert "Answers may report harm (S2)" in plain
    assert "Nobody is on call" in plain
    assert "(20 U.S.C. 1232h): mental or psychological problems; illegal, anti-social" in plain
    assert "Asked in English, because nobody has approved the text in their language: vi 1" in plain


async def test_families_are_not_bothered_with_the_law_on_students(asked):
    said = await asked("ask", "getting-to-school", "--among", "respondent=family", "--yes")

    assert "1232h" not in said
    assert "es-MX 1" in " ".join(said.split())
    assert "vi 1" not in said


@pytest.mark.parametrize(
    ("filters", "who"),
    [
        (["language=ES"], [("family", "es-MX"), ("family", "es")]),
        (["school=oak hill", "respondent=family"], [("family", "es")]),
        (["school=Lincoln", "grade=6"], [("family", "en"), ("student", "en")]),
        (["grade=6", "grade=7"], [("family", "en"), ("family", "es-MX"), ("student", "en")]),
        (
            ["Grade=6", "grade=7", "SCHOOL=lincoln"],
            [("family", "en"), ("family", "es-MX"), ("student", "en")],
        ),
        (["Language=es"], [("family", "es-MX"), ("family", "es")]),
    ],
)
async def test_filters_of_one_key_add_and_of_several_narrow(asked, database, filters, who):
    arguments = [part for one in filters for part in ("--among", one)]

    await asked("ask", "getting-to-school", "--yes", *arguments)

    assert await whose(database) == who


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        ("language=fr", "--among language=fr: nobody has it. There are: en, es, es-MX, vi"),
        ("school=Lincon", "There are: Lincoln, Oak Hill\\.$"),
        ("klass=6", "there is no klass on the list. There are: respondent, school, language, grade"),
        ("students", "write it as KEY=VALUE"),
    ],
)
async def test_a_filter_that_nobody_meets_asks_nobody_and_says_so(asked, database, filters, told):
    with pytest.raises(Problem, match=told):
        await asked("ask", "getting-to-school", "--yes", "--among", filters)
    assert await whose(database) == []


async def test_those_left_out_are_asked_another_day(asked, database):
    await asked("ask", "getting-to-school", "--yes", "--among", "language=en")

    said = await asked("ask", "getting-to-school", "--yes")

    assert "     2  queued" in said
    assert "     2  asked before" in said


async def test_staff_fill_in_the_fields_of_a_survey(asked, database):
    said = await asked(
        "ask", "fit-staff", "--yes", "--anyway", "--set", "change=advisory period", "--among", "grade=6"
    )

    assert "     2  queued" in said
    assert any("advisory period" in text for text in await texts(database))


async def test_words_for_several_languages_are_pointed_out(asked):
    said = await asked("ask", "fit-staff", "--yes", "--anyway", "--set", "change=advisory period")

    assert "go out as they are, to speakers of 4 languages" in " ".join(said.split())


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([], 'fit-staff needs your words for change. For example: --set change="the advisory period"'),
        (["--set", "chnge=x"], "fit-staff has no field of that name. It has: change"),
        (["--set", "change="], "write it as FIELD=WORDS"),
    ],
)
async def test_a_field_that_is_missing_or_strange_is_named(asked, database, given, told):
    with pytest.raises(Problem) as problem:
        await asked("ask", "fit-staff", "--yes", "--anyway", *given)
    assert told in str(problem.value)
    assert await texts(database) == []


async def test_asking_publishes_no_keyword(asked, tmp_path):
    (tmp_path / "bus.yaml").write_text(
        "survey: bus\ntitle: Bus\nintro: '{school} asks. Reply STOP to end.'\nkeywords: [BUS]\n"
        "questions:\n  - {key: late, kind: yesno, text: Late?}\n"
    )

    await asked("ask", str(tmp_path / "bus.yaml"), "--yes")

    assert "No keyword" in await asked("publish", "--list")


async def test_for_every_survey_it_says_that_nobody_is_on_call(asked, monkeypatch):
    said = " ".join((await asked("ask", "getting-to-school", "--yes")).split())
    assert "Nobody is on call: set OPENLINE_ON_CALL" in said
    assert "docs/safety.md" in said

    monkeypatch.setenv("OPENLINE_ON_CALL", "sms:+15035550901")
    assert "Nobody is on call" not in await asked("ask", "transport-family", "--yes", "--anyway")


async def test_a_survey_with_errors_is_not_sent_unless_they_are_sure(asked, database, tmp_path):
    file = tmp_path / "long.yaml"
    file.write_text(
        "survey: long\ntitle: Long\nintro: '{school} asks. Reply STOP to end.'\nquestions:\n"
        + "".join(f"  - {{key: q{n}, kind: yesno, text: Is it late?}}\n" for n in range(9))
    )

    with pytest.raises(Problem, match=r"(?s)must not be sent so\. Nothing was queued.*9 questions.*--anyway"):
        await asked("ask", str(file), "--yes")
    assert await whose(database) == []

    assert "     4  queued" in await asked("ask", str(file), "--yes", "--anyway")


def test_only_so_many_values_are_listed():
    rows = [
        SimpleNamespace(respondent="family", school=f"S{n:02}", language="en", groups={}) for n in range(25)
    ]

    with pytest.raises(LookupError, match=r"S00, S01, .*, S19, and 5 more$"):
        check(rows, parse(["school=Oak"]))


def test_filters_are_read_with_their_spaces():
    assert parse([" school = Oak Hill "]) == {"school": frozenset({"Oak Hill"})}


async def test_at_night_a_survey_is_queued_for_the_next_open_hour_of_the_school(asked, database, clock):
    clock.now = datetime(2026, 10, 18, 2, 0, tzinfo=UTC)  # Saturday, ten in the evening in New York

    await asked("ask", "pulse-family", "--among", "respondent=family", "--yes")

    async with database.read() as db:
        rows = (await db.execute(select(messages.c.due_at, messages.c.expires_at))).all()
    assert {(row.due_at, row.expires_at) for row in rows} == {
        (
            datetime(2026, 10, 19, 13, 0, tzinfo=UTC),
            datetime(2026, 10, 20, 0, 0, tzinfo=UTC),
        )  # Monday, 9 to 20
    }
