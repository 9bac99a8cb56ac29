"""Contact lists: whoever is on one is entered once, with their children and household, and may leave it again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

import survey_flows
from bot.app import opened
from bot.dialogue import listing as inbox
from bot.dialogue.threads import thread
from bot.importing import people as lists
from bot.importing.guessing import guess
from bot.importing.layout import Layout
from bot.importing.removal import Doubtful
from bot.settings import Settings
from bot.spreadsheets import open_table
from bot.store import consents as ledger
from bot.store.tables import (
    addresses,
    answers,
    consents,
    conversations,
    guardianships,
    keywords,
    list_entries,
    messages,
    people,
    shared_addresses,
    students,
)
from channels.base import Received
from channels.console import Console


@pytest.fixture
async def app(url, clock, tmp_path):
    settings = Settings(database_url=url, cache_folder=tmp_path, _env_file=None)
    async with opened(settings, clock=clock, channels={"sms": Console(lambda _: None)}) as app:
        yield app


@pytest.fixture
def listed(app, tmp_path):
    """Take a list as its headings are guessed; gives the report."""

    async def listed(text: str, name: str = "families", layout: Layout | None = None, **how):
        path = tmp_path / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        table = open_table(path)
        report = await lists.take(app, table, name, layout or guess(table.columns), **how)
        assert report.rows == len(table.rows) + len(table.bad), "every row is in one count"
        return report

    return listed


@pytest.fixture
def rows(app):
    async def rows(*what, where=True):
        async with app.database.read() as db:
            found = await db.execute(select(*what).where(where).order_by(*what))
            return [tuple(row) for row in found]

    return rows


async def homes(rows):
    """The names of each household."""
    found: dict = {}
    for home, name in await rows(people.c.household_id, people.c.name):
        found.setdefault(home, set()).add(name)
    return sorted(map(sorted, found.values()))


WIDE = (
    "Student ID,Student First Name,Grade,School,Guardian1 Name,Guardian1 Cell,Guardian2 Name,Guardian2 Cell\n"
    "S1,Ana,3,Lincoln,Maria,503-555-0101,Jose,503-555-0102\n"
    "S2,Luis,5,Lincoln,Maria,503-555-0101,Jose,503-555-0102\n"
    "S3,Bo,4,Marsh Lane,Kim,503-555-0103,,\n"
)
PAIRS = (
    "student_id,student_name,grade,school,guardian_id,guardian_name,phone,relation\n"
    "S1,Ana,3,Lincoln,G1,Maria,503-555-0101,mother\n"
    "S1,Ana,3,Lincoln,G2,Jose,503-555-0102,father\n"
    "S2,Luis,5,Lincoln,G1,Maria,503-555-0101,mother\n"
    "S2,Luis,5,Lincoln,G2,Jose,503-555-0102,father\n"
    "S3,Bo,4,Marsh Lane,G3,Kim,503-555-0103,mother\n"
)


@pytest.mark.parametrize("shape", [WIDE, PAIRS], ids=["a student a row", "a pair a row"])
async def test_guardians_and_children_are_each_entered_once_and_share_a_household(shape, listed, rows):
    first = await listed(shape)
    again = await listed(shape)

    assert (first.taken, first.known + first.changed) in ((3, 0), (4, 1))
    assert (again.taken, again.changed, len(again.bad)) == (0, 0, 0)
    assert await homes(rows) == [["Jose", "Maria"], ["Kim"]]
    assert await rows(students.c.external_id, students.c.name, students.c.school) == [
        ("S1", "Ana", "Lincoln"),
        ("S2", "Luis", "Lincoln"),
        ("S3", "Bo", "Marsh Lane"),
    ]
    assert len(await rows(guardianships.c.person_id, guardianships.c.student_id)) == 5
    assert await rows(people.c.name, people.c.school, people.c.groups["grade"].as_string()) == [
        ("Jose", "Lincoln", "several"),
        ("Kim", "Marsh Lane", "4"),
        ("Maria", "Lincoln", "several"),
    ]


async def test_both_shapes_of_one_list_give_the_same_people(listed, rows):
    await listed(WIDE)
    await listed(PAIRS)

    assert await rows(people.c.external_id, people.c.name) == [("G1", "Maria"), ("G2", "Jose"), ("G3", "Kim")]
    assert len(await rows(addresses.c.address)) == 3
    assert len(await rows(consents.c.id)) == 3
    assert (
        await rows(guardianships.c.relation, where=guardianships.c.relation == "father") == [("father",)] * 2
    )


async def test_two_names_at_one_number_are_two_people_of_one_household_who_share_a_phone(listed, rows):
    report = await listed("Name,Phone\nAna,503-555-0101\nBea,503-555-0101\nana,(503) 555-0101\n")

    assert (report.taken, report.known) == (2, 1)
    assert await homes(rows) == [["Ana", "Bea"]]
    assert len(await rows(addresses.c.id)) == 1
    ((sharer,),) = await rows(shared_addresses.c.person_id)
    assert await rows(people.c.name, where=people.c.id == sharer) == [("Bea",)]


async def test_a_row_without_a_name_is_whoever_is_at_that_number(listed, rows):
    await listed("Name,Phone\n,503-555-0101\n", "one")
    await listed("Name,Phone\nAna,503-555-0101\n", "two")
    await listed("Phone\n503-555-0101\n", "three")

    assert await rows(people.c.name) == [("Ana",)]
    assert len(await rows(list_entries.c.list)) == 3


async def test_a_column_of_households_wins_over_shared_children(listed, rows):
    apart = (
        "student_id,guardian_id,guardian_name,phone,household_id\n"
        "S1,G1,Maria,503-555-0101,H1\nS1,G2,Jose,503-555-0102,H2\nS2,G3,Kim,503-555-0103,H1\n"
    )
    await listed(PAIRS)
    assert await homes(rows) == [["Jose", "Maria"], ["Kim"]]

    await listed(apart)

    assert await homes(rows) == [["Jose"], ["Kim", "Maria"]]
    await listed(PAIRS)
    assert await homes(rows) == [["Jose"], ["Kim", "Maria"]], "a list that says nothing of it changes nothing"


async def test_a_list_that_brings_two_households_together_joins_them_under_the_oldest_person(listed, rows):
    await listed("guardian_id,name,phone\nG1,Ana,503-555-0101\nG2,Bea,503-555-0102\n", "first")
    oldest = min(await rows(people.c.id))

    await listed("student_id,guardian_id,phone\nS1,G1,503-555-0101\nS1,G2,503-555-0102\n", "second")

    assert await rows(people.c.household_id) == [oldest, oldest]


async def test_the_newest_list_holds_but_not_over_what_somebody_said_themselves(app, listed, rows):
    heading = "ID,Name,Phone,Language,School,Grade\n"
    await listed(heading + "G1,Ana,503-555-0101,es,Lincoln,3\nG2,Bea,503-555-0102,es,Lincoln,3\n", "fall")
    async with app.database.begin() as db:
        await db.execute(
            people.update().where(people.c.name == "Ana").values(language="ht", language_by="person")
        )

    report = await listed(
        heading + "G1,Ana Maria,503-555-0101,en,Marsh Lane,4\nG2,Bea,503-555-0102,en,,4\n", "spring"
    )

    assert (report.taken, report.changed) == (0, 2)
    assert await rows(
        people.c.name, people.c.language, people.c.school, people.c.groups["grade"].as_string()
    ) == [("Ana Maria", "ht", "Marsh Lane", "4"), ("Bea", "en", "Lincoln", "4")]


async def queued(app, address, priority=5):
    async with app.database.begin() as db:
        id_ = (await db.execute(select(addresses.c.id).where(addresses.c.address == address))).scalar_one()
        await db.execute(
            messages.insert().values(
                id=app.new_id(), direction="out", channel="sms", address_id=id_, address=address, text="…",
                purpose="outreach", state="queued", priority=priority, attempts=0, due_at=app.clock(),
                created_at=app.clock(),
            )
        )  # fmt: skip


async def test_a_changed_number_ends_consent_for_the_old_one_and_what_waited_for_it(app, listed, rows):
    await listed("ID,Name,Phone\nG1,Ana,503-555-0101\n")
    await queued(app, "+15035550101")
    await queued(app, "+15035550101", priority=0)

    report = await listed("ID,Name,Phone\nG1,Ana,503-555-0199\n")

    assert "Numbers given up for others, whose consent has ended: 1." in report.facts
    assert await rows(addresses.c.address, addresses.c.consented) == [
        ("+15035550101", False),
        ("+15035550199", True),
    ]
    assert [event for (_, event) in await rows(consents.c.id, consents.c.event)] == [
        "granted",
        "removed",
        "granted",
    ]
    assert await rows(messages.c.priority, messages.c.state, messages.c.reason) == [
        (0, "queued", None),
        (5, "cancelled", "changed"),
    ]
    assert len(await rows(people.c.id)) == 1


async def test_a_guardian_without_an_id_is_known_by_child_and_name_when_the_number_changes(listed, rows):
    await listed(WIDE)

    await listed(WIDE.replace("503-555-0103", "503-555-0199"))

    assert len(await rows(people.c.id)) == 3
    assert ("+15035550103", False) in await rows(addresses.c.address, addresses.c.consented)


async def test_a_number_that_somebody_left_and_another_has_now_makes_no_household(listed, rows):
    await listed("ID,Name,Phone\nG1,Ana,503-555-0101\nG2,Bea,503-555-0102\n")

    await listed("ID,Name,Phone\nG1,Ana,503-555-0199\nG2,Bea,503-555-0101\n")

    assert await homes(rows) == [["Ana"], ["Bea"]]
    assert await rows(people.c.name, addresses.c.address, where=(addresses.c.person_id == people.c.id)
                      & addresses.c.consented) == [("Ana", "+15035550199"), ("Bea", "+15035550101")]  # fmt: skip
    assert await rows(shared_addresses.c.person_id) == []


async def test_whoever_has_somebody_s_old_number_reads_and_answers_nothing_of_theirs(
    app, listed, rows, clock
):
    await listed("id,name,phone\nG1,Ana,503-555-0101\nG2,Bo,503-555-0102\n", "people")
    survey = survey_flows.loads(ASKING, "bus")
    async with app.database.begin() as db:
        id_ = await app.shelf.publish(db, survey, clock(), app.new_id)
        await db.execute(keywords.insert().values(keyword="bus", survey_id=id_, created_at=clock()))
    await said(app, "JOIN BUS", "my sister is ill", "please call me tomorrow?")
    clock.forward(days=1)

    await listed("id,name,phone\nG1,Ana,503-555-0109\nG2,Bo,503-555-0101\n", "people")
    await said(app, "can we talk about Leo's bus")

    assert await rows(addresses.c.address, people.c.name, where=addresses.c.person_id == people.c.id) == [
        ("+15035550101", "Bo"), ("+15035550102", "Bo"), ("+15035550109", "Ana"),
    ]  # fmt: skip
    ((bo,),) = await rows(people.c.id, where=people.c.name == "Bo")
    async with app.database.read() as db:
        words = [bubble.text for bubble in (await thread(db, bo, "en")).bubbles if bubble.direction == "in"]
        lines, _ = await inbox.listed(db)
    assert words == ["can we talk about Leo's bus"]
    assert [line.person for line in lines] == [bo]
    assert await rows(answers.c.heard) == [("my sister is ill\nplease call me tomorrow?",)]
    assert await rows(conversations.c.state) == [("partial",)]


async def said(app, *texts):
    for text in texts:
        id_ = f"SM{app.new_id().hex}"
        await app.inbox.hear([Received("sms", id_, "+15035550101", "+15550000000", text)])


ASKING = """
survey: bus
title: The bus
intro: "{school} asks. Reply STOP to end."
questions:
  - {key: late, kind: open, text: What makes mornings hard?}
  - {key: more, kind: open, text: What would help?}
"""


async def test_a_shared_phone_stays_with_the_one_who_still_has_it(listed, rows):
    await listed("ID,Name,Phone\nG1,Ana,503-555-0101\nG2,Bea,503-555-0101\n")

    await listed("ID,Name,Phone\nG1,Ana,503-555-0199\nG2,Bea,503-555-0101\n")

    owners = await rows(people.c.name, addresses.c.address, addresses.c.consented,
                        where=addresses.c.person_id == people.c.id)  # fmt: skip
    assert owners == [("Ana", "+15035550199", True), ("Bea", "+15035550101", True)]
    assert await rows(shared_addresses.c.person_id) == []


async def test_somebody_who_wrote_from_their_new_number_is_one_person_with_their_past(app, listed, rows):
    await listed("ID,Name,Phone\nG1,Ana,503-555-0101\n")
    wrote, address = app.new_id(), app.new_id()
    async with app.database.begin() as db:
        await db.execute(
            people.insert().values(
                id=wrote, respondent="family", language="ht", language_by="person", groups={}, household_id=wrote,
                created_at=app.clock(),
            )
        )  # fmt: skip
        await db.execute(
            addresses.insert().values(
                id=address, person_id=wrote, channel="sms", address="+15035550199", created_at=app.clock()
            )
        )

    report = await listed("ID,Name,Phone\nG1,Ana,503-555-0199\n")

    assert report.notes == ["1 person who had written before is now on the list"]
    assert await rows(people.c.name, people.c.language, where=people.c.removed_at.is_(None)) == [
        ("Ana", "ht")
    ]
    assert await rows(people.c.name, addresses.c.address, where=(addresses.c.person_id == people.c.id)
                      & addresses.c.consented) == [("Ana", "+15035550199")]  # fmt: skip


async def test_consent_has_the_source_and_the_day_that_the_list_gives(listed, rows):
    await listed(
        "Name,Phone,Consent source,Consent date\nAna,503-555-0101,enrollment form,08/15/2026\nBea,503-555-0102,,\n"
    )

    found = await rows(consents.c.source, consents.c.at)
    assert found == [
        ("enrollment form", datetime(2026, 8, 15, 4, tzinfo=UTC)),
        ("list: families", datetime(2026, 10, 14, 15, tzinfo=UTC)),
    ]


TEN = "ID,Name,Phone,Student ID\n" + "".join(f"G{n},N{n},503-555-01{n:02},S{n}\n" for n in range(10))
NINE = TEN.replace("G9,N9,503-555-0109,S9\n", "")


async def test_whoever_a_whole_list_has_no_more_is_removed_with_their_children_and_messages(
    app, listed, rows
):
    await listed(TEN)
    await queued(app, "+15035550109")

    report = await listed(NINE, whole=True)

    assert "People on no list any more, whose consent has ended: 1." in report.facts
    assert await rows(people.c.external_id, where=people.c.removed_at.is_not(None)) == [("G9",)]
    assert await rows(students.c.external_id, where=students.c.removed_at.is_not(None)) == [("S9",)]
    assert await rows(addresses.c.address, where=~addresses.c.consented) == [("+15035550109",)]
    assert await rows(messages.c.state, messages.c.reason) == [("cancelled", "removed")]
    assert (await rows(consents.c.id, consents.c.event, consents.c.source))[-1][1:] == (
        "removed",
        "list: families",
    )


async def test_coming_back_on_a_list_undoes_the_removal(listed, rows):
    await listed(TEN)
    await listed(NINE, whole=True)

    report = await listed(TEN, whole=True)

    assert report.notes == ["1 person is on a list again, and may be written to"]
    assert await rows(people.c.id, where=people.c.removed_at.is_not(None)) == []
    assert await rows(students.c.id, where=students.c.removed_at.is_not(None)) == []
    assert await rows(addresses.c.id, where=~addresses.c.consented) == []


async def test_coming_back_does_not_undo_a_stop(app, listed, rows):
    await listed(TEN)
    async with app.database.begin() as db:
        nine = addresses.c.address == "+15035550109"
        id_ = (await db.execute(select(addresses.c.id).where(nine))).scalar_one()
        await db.execute(addresses.update().where(nine).values(suppressed="stopped"))
        stop = {
            "id": app.new_id(),
            "address_id": id_,
            "event": "stopped",
            "source": "message",
            "at": app.clock(),
        }
        await ledger.enter(db, [stop])
    await listed(NINE, whole=True)
    await listed(TEN, whole=True)

    assert await rows(addresses.c.suppressed, addresses.c.consented, where=nine) == [("stopped", False)]


async def test_whoever_is_on_another_list_stays(listed, rows):
    await listed(TEN)
    await listed("ID,Name,Phone,Student ID\nG9,N9,503-555-0109,S9\n", "athletics")

    await listed(NINE, whole=True)

    assert await rows(people.c.id, where=people.c.removed_at.is_not(None)) == []
    assert await rows(students.c.id, where=students.c.removed_at.is_not(None)) == []
    assert await rows(list_entries.c.list, where=list_entries.c.list == "athletics") == [("athletics",)]


async def test_a_shared_phone_is_left_to_whoever_stays_on_the_list(listed, rows):
    more = TEN.replace("503-555-0109,S9", "503-555-0108,S8")
    await listed(more)
    gone = more.replace("G8,N8,503-555-0108,S8\n", "")

    await listed(gone, whole=True)
    assert await rows(addresses.c.consented, where=addresses.c.address == "+15035550108") == [(True,)]

    await listed(gone.replace("G9,N9,503-555-0108,S8\n", ""), whole=True)
    assert await rows(addresses.c.consented, where=addresses.c.address == "+15035550108") == [(False,)]


async def test_a_guardian_whom_a_whole_list_has_no_more_for_a_child_is_parted_from_it(listed, rows):
    await listed(PAIRS)

    await listed(PAIRS.replace("S2,Luis,5,Lincoln,G2,Jose,503-555-0102,father\n", ""), whole=True)

    assert await rows(people.c.name, students.c.external_id, where=(guardianships.c.person_id == people.c.id)
                      & (guardianships.c.student_id == students.c.id) & (people.c.name == "Jose")) == [("Jose", "S1")]  # fmt: skip
    assert await rows(people.c.groups["grade"].as_string(), where=people.c.name == "Jose") == [("3",)]


async def test_a_list_that_lacks_more_than_a_fifth_is_refused_and_nothing_written(listed, rows):
    await listed(TEN)
    seven = "".join(TEN.splitlines(keepends=True)[:8]).replace("N0", "Nora")

    with pytest.raises(Doubtful, match=r"3 of the 10 people.*--anyway"):
        await listed(seven, whole=True)

    assert await rows(people.c.name, where=people.c.name == "Nora") == []
    tried = await listed(seven, whole=True, dry=True)
    assert (
        "3 of the 10 people on the list are not in this file; taking them off needs --anyway" in tried.notes
    )
    await listed(seven, whole=True, anyway=True)
    assert len(await rows(people.c.id, where=people.c.removed_at.is_not(None))) == 3


async def test_a_whole_list_with_a_line_that_cannot_be_read_is_refused(listed, rows):
    await listed(TEN)

    with pytest.raises(Doubtful, match="1 lines of the file cannot be read"):
        await listed(TEN + "G1,too,many,cells,for,this,table\n", whole=True)


async def test_a_dry_run_says_what_the_list_would_do_and_writes_nothing(listed, rows):
    tried = await listed(TEN, dry=True)
    assert await rows(people.c.id) == []

    done = await listed(TEN)

    assert (tried.taken, tried.facts, tried.notes) == (done.taken, done.facts, done.notes)
    await listed(NINE, whole=True, dry=True)
    assert len(await rows(people.c.id, where=people.c.removed_at.is_(None))) == 10


async def test_every_line_that_needs_a_look_is_named_by_line_and_never_by_its_words(listed, rows):
    report = await listed(
        "ID,Name,Role,Phone,Note\n"
        "G1,Ana,guardian,503-555-0101 x12,\n"
        "G2,Bea,proctor,503-555-0102,\n"
        "G3,Cleo,guardian,555-0103,\n"
        "G4,Dee,guardian,999-999-9999,\n"
        "G5,Eve,guardian,5.03556E+09,\n"
        "people:7,Fay,guardian,503-555-0107,\n"
        "G8,Gia,guardian,,\n"
        ",,,,left town\n"
        "G9,Hal,teacher,503-555-0109 / 503-555-0110,\n"
    )

    assert (report.taken, report.empty, [bad.line for bad in report.bad]) == (1, 1, [2, 3, 4, 5, 6, 7, 8])
    problems = " ".join(bad.problem for bad in report.bad)
    assert not any(word in problems for word in ("Ana", "Bea", "503", "555", "0101"))
    assert await rows(people.c.name, people.c.respondent) == [
        ("Ana", "family"), ("Cleo", "family"), ("Dee", "family"), ("Eve", "family"), ("Gia", "family"),
        ("Hal", "staff"),
    ]  # fmt: skip
    assert len(await rows(addresses.c.id)) == 2


async def test_a_number_that_stands_with_too_many_people_is_nobodys(listed, rows):
    report = await listed("ID,Name,Phone\n" + "".join(f"G{n},N{n},503-555-0100\n" for n in range(13)))

    assert len(report.bad) == 13
    assert "13 people" in report.bad[0].problem
    assert (len(await rows(people.c.id)), await rows(addresses.c.id)) == (13, [])


async def test_a_number_in_no_plan_is_taken_with_a_note_and_a_landline_is_told(listed, rows):
    report = await listed("ID,Phone\nG1,+1 123 456 7890\nG2,+44 20 7946 0958\n")

    assert report.taken == 2
    assert (
        "1 numbers are in no numbering plan we know; they were taken all the same (lines 2)" in report.notes
    )
    assert "1 numbers are landlines, which get no text messages (lines 3)" in report.notes


async def test_students_on_a_list_of_their_own_are_respondents_and_children(listed, rows):
    layout = guess(["Student ID", "Student Name", "Role", "Cell", "Grade"])
    await listed("Student ID,Student Name,Role,Cell,Grade\nS1,Ana,student,503-555-0101,9\n", layout=layout)

    assert await rows(people.c.external_id, people.c.respondent) == [("student:S1", "student")]
    assert await rows(
        guardianships.c.relation, students.c.external_id, where=guardianships.c.student_id == students.c.id
    ) == [("self", "S1")]


async def test_a_telegram_chat_is_an_address_like_a_number(listed, rows):
    report = await listed("ID,Name,Telegram chat id,Phone\nG1,Ana,555014201,\nG2,Bea,@bea,503-555-0102\n")

    assert await rows(addresses.c.channel, addresses.c.address) == [
        ("sms", "+15035550102"),
        ("telegram", "555014201"),
    ]
    assert [bad.line for bad in report.bad] == [3]
