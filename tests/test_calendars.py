"""Calendars: what a file may say, how schools inherit, how it shows at the terminal. The store's on both databases."""

from __future__ import annotations

import re
import shlex
import textwrap
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from bot.cli.root import Problem
from bot.outreach import calendar_file, calendars
from bot.outreach.calendar_file import CalendarError, loads, starter
from bot.outreach.campaign import DEFAULT_HOURS
from bot.outreach.hours import OUTER, opening
from bot.store.tables import guardianships, people, schools, students

DISTRICT = """\
default:
  timezone: America/Chicago
  holidays: us-il
  closed: [2026-12-24..2027-01-02, 2026-11-27]
  dates: {term: 2027-01-05, report_cards: [2027-02-05, 2026-11-13]}
schools:
  Lincoln School:
    timezone: America/Denver
    hours: {mon-fri: 9am-6pm, sun: "12:00-18:00"}
  Oak Hill: {closed: [], holidays: none}
  Elm:
"""


@pytest.fixture
def given(database, clock):
    """Have calendars hold; gives them as they are read back, for a district in New York."""

    async def given(said):
        async with database.begin() as db:
            await calendars.write(db, said, clock())
        async with database.read() as db:
            return await calendars.load(db, "America/New_York", "US")

    return given


@pytest.fixture
def people_of(database, clock, new_id):
    """Somebody on the list, of a school or with children in schools; gives their id."""

    async def people_of(school, *children):
        person, at = new_id(), {"created_at": clock()}
        of = {"id": person, "respondent": "family", "language": "en", "language_by": "import", "groups": {}}
        pupils = [
            {"id": new_id(), "external_id": str(new_id()), "school": child, "attributes": {}, **at}
            for child in children
        ]
        async with database.begin() as db:
            await db.execute(insert(people).values(**of, **at, school=school))
            if pupils:
                await db.execute(insert(students), pupils)
                pairs = [{"person_id": person, "student_id": pupil["id"]} for pupil in pupils]
                await db.execute(insert(guardianships), pairs)
        return person

    return people_of


# In the store


async def test_without_any_calendar_it_is_nine_to_eight_on_weekdays_and_saturdays_but_not_on_holidays(given):
    found = await given({})

    anywhere = found.of("Lincoln School")
    assert anywhere == found.of(None) == found.other
    assert (anywhere.timezone, anywhere.hours, anywhere.holidays) == ("America/New_York", (OUTER,), "US")
    assert found.schools == ()
    assert found.zones() == ("America/New_York",)


@pytest.mark.parametrize(("country", "holidays"), [("PT", "PT"), ("us", "US"), ("ZZ", ""), ("", "")])
def test_the_holidays_are_those_of_the_country_in_the_settings_where_they_are_known(country, holidays):
    assert calendars.usual("Europe/Lisbon", country).holidays == holidays


async def test_a_school_has_what_it_does_not_say_from_every_other_school(given):
    found = await given(loads(DISTRICT, "district.yaml"))

    lincoln, oak, elm = (found.of(name) for name in ("Lincoln School", "Oak Hill", "Elm"))
    assert found.schools == ("Elm", "Lincoln School", "Oak Hill")
    assert found.zones() == ("America/Chicago", "America/Denver")
    assert [str(window) for window in lincoln.hours] == ["09:00-18:00 mon-fri", "12:00-18:00 sun"]
    assert lincoln.closed_on(date(2026, 11, 27))
    assert lincoln.closed_on(date(2027, 1, 2))
    assert not oak.closed_on(date(2026, 11, 26))
    assert oak.timezone == "America/Chicago"
    assert elm == found.other == found.of("nowhere")
    assert lincoln.dates == {
        "term": (date(2027, 1, 5),),
        "report_cards": (date(2026, 11, 13), date(2027, 2, 5)),
    }


async def test_what_is_written_takes_the_place_of_what_was(given, database):
    await given({"": {"holidays": ""}, "Oak Hill": {"timezone": "America/Denver"}})
    found = await given({"Elm": {"hours": ["10:00-12:00 mon-fri"]}})

    assert found.schools == ("Elm",)
    assert found.other.holidays == "US"
    async with database.read() as db:
        assert (await db.execute(select(schools.c.name))).scalars().all() == ["Elm"]


async def test_the_same_campaign_goes_by_the_clock_of_each_school(given):
    found = await given(loads(DISTRICT, "district.yaml"))
    at = datetime(2026, 12, 23, 19, 0, tzinfo=UTC)

    chicago, denver, oak = (
        opening(found.of(school), DEFAULT_HOURS, at) for school in (None, "Lincoln School", "Oak Hill")
    )

    assert chicago == (at, datetime(2026, 12, 24, 0, 0, tzinfo=UTC))  # 13:00 to 18:00
    assert denver == (at, datetime(2026, 12, 24, 1, 0, tzinfo=UTC))  # noon to 18:00
    late = datetime(2026, 12, 24, 2, 0, tzinfo=UTC)
    assert opening(found.other, DEFAULT_HOURS, late)[0] == datetime(2027, 1, 4, 18, 0, tzinfo=UTC)
    assert opening(found.of("Oak Hill"), DEFAULT_HOURS, late)[0] == datetime(2026, 12, 24, 18, 0, tzinfo=UTC)
    assert oak == chicago


async def test_a_person_goes_by_their_own_school_else_by_a_childs(database, people_of):
    own = await people_of("Elm", "Lincoln School")
    child = await people_of(None, "Oak Hill", "Lincoln School", None)
    none = await people_of(None)

    async with database.read() as db:
        rows = await db.execute(select(people.c.id, calendars.school_of()))
        found = {row[0]: row[1] for row in rows}
        attended = await calendars.attended(db)

    assert found == {own: "Elm", child: "Lincoln School", none: None}
    assert attended == ["Elm", "Lincoln School", "Oak Hill"]


# The file


def test_a_file_may_leave_everything_out():
    assert loads("default:\nschools:\n", "empty.yaml") == {"": {}}
    assert loads("schools: {Elm: {dates: }}", "one.yaml") == {"Elm": {"dates": {}}}


def test_the_file_to_begin_with_says_what_holds_without_it():
    usual = calendars.usual("America/New_York", "US")

    assert calendars.put_together(loads(starter("America/New_York", "US"), "new.yaml"), "UTC", "") == (
        calendars.Calendars(usual)
    )


def test_the_examples_in_the_file_to_begin_with_can_be_taken():
    _, text = starter("America/New_York", "US").split("\n\n", 1)
    text = re.sub(r"(?m)^( *)# ", r"\1", text.replace("  hours: 9:00", "  # 9:00"))

    said = loads(text.replace("  9:00", "  #"), "new.yaml")

    assert said["Lincoln School"] == {"timezone": "America/Denver", "hours": ["10:00-18:00 mon-fri"]}
    assert said[""]["hours"] == ["09:00-20:00 mon-fri", "12:00-18:00 sun"]
    assert said[""]["closed"][1] == ["2026-12-24", "2027-01-02"]
    assert said[""]["dates"]["report_cards"] == ["2026-11-13", "2027-02-05"]


def test_all_faults_are_told_at_once_each_with_its_line_and_its_cure():
    text = """\
    defalt: {}
    schools:
      Elm:
        timezone: Chicago
        hours: 9-25
        holidays: US-XX
        closed: [2026-13-01, 2026-12-24..2026-12-01, 2026-12-24..2127-01-02]
        dates: {Term: 2027-01-05, absence: 2027-01-05, report_cards: soon}
      Oak Hill:
        hours: {mon-fri: 9-20, fri: 9-18, sat: 9-12 sun, someday: 9-10}
        holidays: XX
        timezone: Mars/Olympus
        color: blue
      "": {}
      Elm: {timezone: America/New_Yrok, hours: {}}
    """

    with pytest.raises(CalendarError) as error:
        loads(textwrap.dedent(text), "district.yaml")

    told = str(error.value).splitlines()
    assert told[0] == "district.yaml cannot be used:"
    for line, part in [
        (1, "Did you mean 'default'?"),
        (4, "Did you mean America/Chicago?"),
        (5, "'9-25' has a time that no clock shows"),
        (6, "US-WY"),
        (7, "'2026-13-01' is no day of the calendar"),
        (7, "'2026-12-24..2026-12-01' ends before it begins"),
        (7, "more than a year. Look at the years"),
        (8, "A date cannot be called 'Term'"),
        (8, "A date cannot be called 'absence'"),
        (8, "'soon' is no day"),
        (10, "two windows for Friday"),
        (10, "'9-12 sun' names days"),
        (10, "'someday' is no day of the week"),
        (11, "Write a country's two letters"),
        (12, "like America/Chicago"),
        (13, "'Oak Hill' has no 'color'"),
        (14, "A school has no name"),
        (15, "'Elm' is given twice"),
    ]:
        assert any(one.startswith(f"  line {line}: ") and part in one for one in told), (line, part)
    assert len(told) == 19


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "A calendar file is a list of keys"),
        ("- Elm", "A calendar file is a list of keys"),
        ("default: [", "not well-formed YAML"),
        ("default: {}\n---\ndefault: {}", "second calendar"),
        ("default: {timezone: [a]}", "plain text"),
        ("default: {timezone: America/New_Yrok}", "Did you mean America/New_York?"),
        ("default: {hours: {}}", "nothing would ever go out"),
        ("default: {hours: }", "Write hours like"),
        ("default: {closed: {a: b}}", "has to be a list"),
        ("default: [1]", "has to have names with values"),
        ('default: {timezone: "a\\u001b[31mb"}', "There is no time zone 'a [31mb'"),
    ],
)
def test_a_file_that_cannot_be_used_says_how_to_mend_it(text, told):
    with pytest.raises(CalendarError) as error:
        loads(text, "district.yaml")
    assert told in str(error.value)


async def test_the_page_on_calendars_shows_what_the_program_shows(typed, tmp_path, clock):
    page = (Path(__file__).parent.parent / "docs/calendars.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    shown = re.findall(r"(?m)^    \$ openline (.*)\n((?:    (?!\$).*\n|\n(?=    [^$]))+)", page)
    (tmp_path / "district.yaml").write_text(example, encoding="utf-8")
    await typed("calendar", "set", str(tmp_path / "district.yaml"), "--yes")
    clock.now = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)

    assert len(shown) == 2
    for command, told in shown:
        assert await typed(*shlex.split(command)) == textwrap.dedent(told)


# At the terminal


@pytest.fixture
def district(tmp_path):
    path = tmp_path / "district.yaml"
    path.write_text(DISTRICT, encoding="utf-8")
    return path


async def test_a_file_is_shown_before_it_holds(typed, district, database, people_of, clock):
    await people_of("Lincoln School", "Oak Hil")
    clock.now = datetime(2026, 12, 21, 18, 0, tzinfo=UTC)

    told = await typed("calendar", "set", str(district), "--dry-run")

    assert "From Mon Dec 21, 2026" in told
    assert "every other school  ▇▇▇···········  09:00-20:00 mon-sat  America/Chicago" in told
    assert "Lincoln School      ▇▇▇··········▇  09:00-18:00 mon-fri, 12:00-18:00 sun  America/Denver" in told
    assert "Oak Hill            ▇▇▇▇▇▇·▇▇▇▇▇▇·" in told
    assert (
        "Nobody on your list goes to 'Oak Hill', so its calendar holds for no one. Did you mean 'Oak Hil'?"
        in (told)
    )
    assert "Nobody on your list goes to 'Lincoln School'" not in told
    assert "from now on" not in told
    async with database.read() as db:
        assert (await db.execute(select(schools))).all() == []


async def test_a_file_holds_once_somebody_has_said_yes(typed, district, database):
    with pytest.raises(Problem, match="Nothing was changed"):
        await typed("calendar", "set", str(district), said="n\n")
    assert "These calendars hold" in await typed("calendar", "set", str(district), said="y\n")

    async with database.read() as db:
        found = await calendars.load(db, "UTC", "")
    assert found == calendars.put_together(loads(DISTRICT, "district.yaml"), "UTC", "")


async def test_nothing_changes_by_a_file_with_a_fault(typed, district, tmp_path, database):
    await typed("calendar", "set", str(district), "--yes")
    slip = tmp_path / "slip.yaml"
    slip.write_text("schools: {Elm: {hours: 9-25}}", encoding="utf-8")

    with pytest.raises(Problem, match="line 1: '9-25' has a time that no clock shows"):
        await typed("calendar", "set", str(slip), "--yes")
    with pytest.raises(Problem, match="cannot be read"):
        await typed("calendar", "set", str(tmp_path / "none.yaml"), "--yes")
    slip.write_bytes("schools: {École: {}}".encode("latin-1"))
    with pytest.raises(Problem, match="not UTF-8"):
        await typed("calendar", "set", str(slip), "--yes")

    assert "Lincoln School" in await typed("calendar", "show")


async def test_a_school_is_shown_day_by_day_with_what_is_special(typed, district, people_of, clock):
    await people_of("Birch")
    await typed("calendar", "set", str(district), "--yes")
    clock.now = datetime(2026, 10, 30, 18, 0, tzinfo=UTC)

    told = await typed("calendar", "show", "Lincoln School", "--days", "30")

    assert "America/Denver, 09:00-18:00 mon-fri, 12:00-18:00 sun, holidays: US-IL" in told
    assert "Fri Oct 30  ▇  09:00-18:00\n" in told
    assert "Sat Oct 31  ·  no hours on this day\n" in told
    assert "Sun Nov  1  ▇  12:00-18:00; the clock is changed\n" in told
    assert "Fri Nov 13  ▇  09:00-18:00; report_cards\n" in told
    assert "Thu Nov 26  ·  closed: Thanksgiving Day\n" in told
    assert "Fri Nov 27  ·  closed\n" in told
    assert "Sat Nov 28" in told
    assert "Sun Nov 29" not in told
    assert "Birch (has no calendar of its own: as every other school)" in await typed(
        "calendar", "show", "Birch"
    )
    with pytest.raises(Problem, match="Did you mean 'Lincoln School'"):
        await typed("calendar", "show", "Lincon School")


async def test_many_schools_are_shown_in_part(typed, tmp_path):
    many = tmp_path / "many.yaml"
    many.write_text("schools:\n" + "".join(f"  School {n:03}:\n" for n in range(50)), encoding="utf-8")

    told = await typed("calendar", "set", str(many), "--yes")

    assert "School 029" in told
    assert "School 030" not in told
    assert "and 20 more" in told
    assert "could not be compared" in told


async def test_a_file_to_begin_with_is_written_once(typed, tmp_path):
    path = tmp_path / "new.yaml"

    await typed("calendar", "new", str(path))

    assert path.read_text(encoding="utf-8") == calendar_file.starter("America/New_York", "US")
    with pytest.raises(Problem, match="is there already"):
        await typed("calendar", "new", str(path))
