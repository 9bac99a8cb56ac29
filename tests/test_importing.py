"""Importing: every row ends in one place, the same file twice doubles nothing, and words stay as they were."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bot.app import opened
from bot.importing import answers as answer_rows
from bot.importing import people as people_rows
from bot.importing.layout import Layout, PersonColumns
from bot.importing.report import tag
from bot.outreach.ask import ask, unapproved
from bot.settings import Settings
from bot.spreadsheets import open_table
from bot.store.tables import addresses, answers, consents, conversations, messages, people
from channels.console import Console
from survey_flows import library


@pytest.fixture
async def app(url, clock, tmp_path):
    settings = Settings(database_url=url, cache_folder=tmp_path, _env_file=None)
    async with opened(settings, clock=clock, channels={"sms": Console(lambda _: None)}) as app:
        yield app


@pytest.fixture
def file(tmp_path):
    def file(text: str):
        path = tmp_path / "fall survey.csv"
        path.write_bytes(text.encode())
        return open_table(path), path

    return file


async def everything(app, *what):
    async with app.database.read() as db:
        return [tuple(row) for row in await db.execute(select(*what).order_by(what[0].table.c.id))]


ANSWERS = (
    'Language,Grade,Why\nSpanish,3,la guagua no pasa\nht,4,bis la an reta\n,5,\nQqqqish,3,"two\nlines"\n'
)


async def take_answers(app, table, path):
    columns = answer_rows.Columns("Why", language="Language", groups=["Grade"])
    return await answer_rows.take(app, table, path, columns, "fall", "en", lambda _: None)


async def test_answers_come_in_verbatim_with_language_and_groups(app, file):
    report = await take_answers(app, *file(ANSWERS))

    assert (report.taken, report.empty, report.known, report.rows) == (3, 1, 0, 4)
    assert await everything(app, answers.c.heard, answers.c.declared) == [
        ("la guagua no pasa", "es"),
        ("bis la an reta", "ht"),
        ("two\nlines", "en"),
    ]
    assert [row[0] for row in await everything(app, people.c.groups)] == [
        {"Grade": "3"},
        {"Grade": "4"},
        {"Grade": "3"},
    ]
    assert "1 values of the language column" in report.notes[0]


async def test_the_same_file_again_doubles_nothing(app, file):
    await take_answers(app, *file(ANSWERS))

    again = await take_answers(app, *file(ANSWERS))

    assert (again.taken, again.known) == (0, 3)
    assert len(await everything(app, answers.c.id)) == 3


async def test_a_form_exported_again_brings_only_what_is_new(app, file):
    await take_answers(app, *file(ANSWERS))

    longer = await take_answers(app, *file(ANSWERS + "en,6,the road floods\n"))
    wider = await take_answers(
        app, *file(ANSWERS.replace("Why\n", "Why,New question\n", 1).replace("pasa\n", "pasa,\n"))
    )

    assert (longer.taken, longer.known) == (1, 3)
    assert wider.taken == 0
    assert len(await everything(app, answers.c.id)) == 4


async def test_two_people_who_say_the_same_are_two(app, file):
    twins = "Language,Grade,Why\nen,3,the bus\nen,3,the bus\n"

    first = await take_answers(app, *file(twins))
    again = await take_answers(app, *file(twins))
    third = await take_answers(app, *file(twins + "en,3,the bus\n"))

    assert (first.taken, again.taken, third.taken) == (2, 0, 1)


async def test_the_same_file_for_another_survey_or_column_is_taken(app, file):
    table, path = file(ANSWERS)
    await take_answers(app, table, path)

    other = await answer_rows.take(
        app, table, path, answer_rows.Columns("Why"), "spring", "en", lambda _: None
    )
    column = await answer_rows.take(
        app, table, path, answer_rows.Columns("Grade"), "fall", "en", lambda _: None
    )

    assert (other.taken, column.taken) == (3, 4)
    assert all(name.startswith("answers:") for (name,) in await everything(app, people.c.external_id))


async def test_imported_answers_are_due_for_coding(app, file, clock):
    await take_answers(app, *file(ANSWERS))

    due = await everything(app, answers.c.code_at, answers.c.coder)

    assert due == [(clock(), None)] * 3


PEOPLE = (
    "Name,Phone,Home language,School\n"
    "A,(503) 555-0101,Spanish,Lincoln\n"
    "B,+1 503 555 0102,Kreyòl ayisyen,Lincoln\n"
    "C,503-555-0101,English,Marsh Lane\n"
    "D,none,Vietnamese,Marsh Lane\n"
)


async def take_people(app, table, path):
    person = PersonColumns(phones=("Phone",), language="Home language")
    return await people_rows.take(app, table, path.stem, Layout(people=(person,), school="School"))


async def test_a_contact_list_is_entered_once_a_number_with_the_ground_for_writing(app, file):
    first = await take_people(app, *file(PEOPLE))
    again = await take_people(app, *file(PEOPLE))

    assert (first.taken, first.known, len(first.bad), first.rows) == (2, 1, 1, 4)
    assert (again.taken, again.known) == (0, 3)
    assert again.changed == 0
    assert first.bad[0].line == 5
    assert await everything(app, addresses.c.address) == [("+15035550101",), ("+15035550102",)]
    assert (
        await everything(app, consents.c.event, consents.c.source) == [("granted", "list: fall survey")] * 2
    )
    assert await everything(app, people.c.language, people.c.school) == [
        ("es", "Lincoln"),
        ("ht", "Lincoln"),
        ("vi", "Marsh Lane"),
    ]


async def wrote_first(app, number, *, suppressed=None, language_by="guess"):
    person = app.new_id()
    async with app.database.begin() as db:
        await db.execute(
            people.insert().values(
                id=person, respondent="family", language="en", language_by=language_by, groups={},
                created_at=app.clock(),
            )
        )  # fmt: skip
        await db.execute(
            addresses.insert().values(
                id=app.new_id(), person_id=person, channel="sms", address=number, suppressed=suppressed,
                created_at=app.clock(),
            )
        )  # fmt: skip


async def test_somebody_who_wrote_first_gets_their_place_on_the_list(app, file):
    await wrote_first(app, "+15035550101")

    first = await take_people(app, *file(PEOPLE))
    again = await take_people(app, *file(PEOPLE))

    assert (first.taken, first.changed, first.known) == (1, 1, 1)
    assert first.notes == ["1 person who had written before is now on the list"]
    assert again.notes == []
    listed = await everything(app, people.c.language, people.c.language_by, people.c.school)
    assert listed[0] == ("es", "import", "Lincoln")
    async with app.database.read() as db:
        grounds = await db.execute(
            select(consents.c.event, consents.c.source)
            .join(addresses, addresses.c.id == consents.c.address_id)
            .where(addresses.c.address == "+15035550101")
        )
    assert [tuple(ground) for ground in grounds] == [("granted", "list: fall survey")]


async def test_a_list_changes_neither_a_stop_nor_a_language_somebody_chose(app, file):
    await wrote_first(app, "+15035550101", suppressed="stopped")
    await wrote_first(app, "+15035550102", language_by="person")

    report = await take_people(app, *file(PEOPLE))

    assert report.notes == ["2 people who had written before are now on the list"]
    stopped, chose = (await everything(app, people.c.language, people.c.language_by, people.c.school))[:2]
    assert stopped == ("es", "import", "Lincoln")
    assert chose == ("en", "person", "Lincoln")
    assert await everything(app, addresses.c.address, addresses.c.suppressed) == [
        ("+15035550101", "stopped"),
        ("+15035550102", None),
    ]
    assert len(await everything(app, consents.c.id)) == 1


async def test_everybody_is_asked_once_and_accounted_for(app, file):
    await take_people(app, *file(PEOPLE))
    survey = library("getting-to-school")

    first = await ask(app, survey, ["sms"])
    again = await ask(app, survey, ["sms"])

    assert first == {"queued": 2, "no address": 1}
    assert again == {"asked before": 2, "no address": 1}
    assert await everything(app, messages.c.state, messages.c.purpose, messages.c.language) == [
        ("queued", "ask", "en"),  # no person has approved the Spanish
        ("queued", "ask", "en"),
    ]
    assert sorted(s for (s,) in await everything(app, conversations.c.state)) == [
        "asked",
        "asked",
        "unreachable",
    ]
    assert await unapproved(app, survey, ["sms"]) == {"es": 1, "ht": 1, "vi": 1}


async def test_somebody_who_said_stop_is_counted_and_not_asked(app, file):
    await take_people(app, *file(PEOPLE))
    async with app.database.begin() as db:
        await db.execute(
            addresses.update().where(addresses.c.address == "+15035550101").values(suppressed="stopped")
        )

    counted = await ask(app, library("getting-to-school"), ["sms"])

    assert counted == {"queued": 1, "stopped": 1, "no address": 1}
    async with app.database.read() as db:
        to = (await db.execute(select(func.min(messages.c.address)))).scalar()
    assert to == "+15035550102"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Spanish", "es"),
        ("español", "es"),
        ("HT", "ht"),
        ("zh", "zh-Hans"),
        ("pt_BR", "pt-BR"),
        ("Tiếng Việt", "vi"),
        ("", None),
        ("n/a", None),
        ("???", None),
    ],
)
def test_languages_are_read_as_people_write_them(written, read):
    assert tag(written) == read


@pytest.mark.parametrize("name", ["Fall survey (Responses).csv", "عربي.xlsx", "a" * 300])
def test_a_file_name_makes_a_survey_key(name):
    assert 0 < len(answer_rows.survey_key(name)) <= 48
    assert answer_rows.one_question(answer_rows.survey_key(name), "Why?\n{x}").questions[0].key == "answer"
