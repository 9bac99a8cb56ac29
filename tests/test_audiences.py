"""Filters: how they are read, what is told of one that cannot be, saved ones, and how many people are in one."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, event, insert, select

from bot.cli.root import Problem
from bot.outreach import audience
from bot.outreach.audience import AudienceError, parse
from bot.outreach.audience.building import DEPTH, TESTS
from bot.outreach.audience.fields import FIELDS, FUNCTIONS
from bot.outreach.audience.reading import LENGTH
from bot.store import tables

ZONE = ZoneInfo("America/Los_Angeles")
WORDS = [
    "school", "grade", "absences.last_week", "language", "in", "not", "and", "or", "is", "missing", "known", "contains",
    "(", ")", ",", "=", "!=", ">=", '"Lincoln"', "“Oak Hill”", "`bus route`", "es", "6", "K", "today", '"7 days ago"',
    "answered", "on_list", "audience", "everyone", "# why\n", "'", '"', "`", "\\", "\x00", "\ud800", "é", "-", "/",
]  # fmt: skip


# Reading


@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)))
def test_any_text_is_read_or_refused_with_its_place(text):
    try:
        read = parse(text)
    except AudienceError as error:
        refused = error
    else:
        assert read == parse(f"( {text}\n)")
        return

    assert refused.what
    assert refused.cure
    assert 1 <= refused.line <= text.count("\n") + 1
    assert "^" in str(refused)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("school = Lincoln AND NOT grade IN (6, 7)", 'school="Lincoln" and grade not in (6,7,)'),
        ("a = 1 or b = 2 and c = 3", "a = 1 or (b = 2 and c = 3)"),
        ("not a = 1 and b = 2", "(not a = 1) and b = 2"),
        ("not not a = 1", "a = 1"),
        ("a <> 1", "not a == 1"),
        ("a ≥ 1 # from one on", "a >= 1"),
        ("school is not known", "school is missing"),
        ('"bus route" = 12', "`bus route` = 12"),
        ("school = “Oak Hill”", "school = 'Oak Hill'"),
        (r'school = "The \"New\" School"', "school = 'The \"New\" School'"),
        ("Everyone", "everyone"),
    ],
)
def test_these_are_two_ways_to_write_the_same(one, other):
    assert parse(one) == parse(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("grade = 6", 'grade = "6"'),  # a number, or just these letters
        ("`school` = 3", "school = 3"),  # an attribute that is called so
        ("a = 1 and b = 2 or c = 3", "a = 1 and (b = 2 or c = 3)"),
    ],
)
def test_and_these_are_not(one, other):
    assert parse(one) != parse(other)


@pytest.mark.parametrize(
    ("text", "column", "told"),
    [
        ("", 1, "a test is wanted"),
        ("school =", 9, "a value is wanted"),
        ("school = Oak Hill", 14, 'Put quotes around words that belong together: "Oak Hill"'),
        ("born > 7 days ago", 10, '"7 days"'),
        ("school = Lincoln grade = 6", 18, "Join two tests with and or or"),
        ("school = and", 10, 'Put quotes around it, if it is the value: "and"'),
        ("school = “Lincoln", 10, "This quote is not closed"),
        ("route = Route#5", 14, "# means nothing here"),
        ("a = 1 && b = 2", 7, "Write and."),
        ("(a = 1", 7, "a parenthesis is still open"),
        ("a = 1)", 6, "nothing is open that it could close"),
        ("language in es", 13, "a list in parentheses is wanted"),
        ("school is Lincoln", 11, "write = in place of is"),
        ("lincoln", 8, "A test is missing after lincoln"),
        ("replied(buses)", 1, "There is no replied( ). There are: answered"),
        ("replied_within(soon)", 16, "takes a number of days"),
        ("absences.last_weak >= 2", 1, "There are: absences.last_week"),
        ("absences >= 2", 1, "There are: absences.last_week"),
        ("children >= many", 13, "children is a number"),
        ('name = "Ana"', 1, "What can be asked of it: is missing, is known"),
        ("school > Lincoln", 1, "school cannot be tested so"),
        ("grade > Lincoln", 9, "for numbers, grades and dates"),
        ('school = " "', 10, "There is nothing between these quotes"),
        ("a\x07 = 1", 2, "a sign here that cannot be seen"),
        ('``="x"', 1, "An attribute has a name"),
        ("a = 1\nand b ==", 9, "a value is wanted"),
    ],
)
def test_a_slip_is_shown_where_it_is_with_what_mends_it(text, column, told):
    with pytest.raises(AudienceError) as error:
        parse(text)

    lines = str(error.value).splitlines()
    assert told in " ".join((error.value.what, error.value.cure))
    assert error.value.column == column
    assert lines[2].index("^") == column + 1


def test_of_a_long_line_what_stands_about_the_place_is_shown():
    with pytest.raises(AudienceError) as error:
        parse(" and ".join(["school = Lincoln"] * 40) + " or = 3 " + "and x = 1 " * 40)

    _, shown, caret, _ = str(error.value).splitlines()
    assert len(shown) < 110
    assert shown[caret.index("^")] == "="


@pytest.mark.parametrize(
    "text",
    [
        "a = 1 " + " " * LENGTH,
        "not (a = 1 or b = 2 and " * (DEPTH + 1) + "c = 3" + ")" * (DEPTH + 1),
        " or ".join(["a = 1"] * (TESTS + 1)),
        f"a in ({', '.join(map(str, range(TESTS + 1)))})",
    ],
)
def test_what_a_database_could_not_take_is_refused(text):
    with pytest.raises(AudienceError, match=r"at most|more than"):
        parse(text)


def test_but_parentheses_and_nots_that_change_nothing_are_free():
    assert parse("(" * 2000 + "a = 1" + ")" * 2000) == parse("a = 1")
    assert parse("not " * 2000 + "a = 1") == parse("a = 1")


@pytest.mark.parametrize(
    ("text", "of_child"),
    [
        ("everyone", False),
        ("language = es and not asked(buses) and children >= 2", False),
        ("school = Lincoln", True),
        ("income = low", True),  # an attribute may be the child's
        ("language = es or late.last_week > 0", True),
        ("anniversary(birthday)", True),
    ],
)
def test_a_message_is_about_some_children_where_the_filter_speaks_of_children(text, of_child, clock):
    read = parse(text)

    assert (audience.children(read, clock(), zone=ZONE) is not None) == of_child
    assert ("students" in str(audience.condition(read, clock(), zone=ZONE))) == (
        of_child or "children" in text
    )


# The largest that may be written


@pytest.mark.parametrize(
    "text",
    [
        " or ".join(f"grade = {n}" for n in range(TESTS)),
        " and ".join(f'route != "ÀÉÎÕÜŸ {n}"' for n in range(150)),
        f"born not in ({', '.join('2026-10-15' for _ in range(TESTS))})",
        "not (grade in (6, K) or " * (DEPTH - 2) + "absences.total > 2 or not (born < today and received(x))" + ")" * (DEPTH - 2),
    ],
    ids=["wide", "letters", "list", "deep"],
)  # fmt: skip
async def test_a_filter_that_can_be_read_can_be_asked(database, clock, text):
    read = parse(text)
    async with database.read() as db:
        wanted = select(tables.people.c.id).where(audience.condition(read, clock(), zone=ZONE))

        assert (await db.execute(wanted)).all() == []


# A little district


@pytest.fixture
async def district(database, clock, new_id):
    """Ana, mother of Luz (Lincoln, 6) and Leo (Oak Hill, 10); Binh, without an address; Carla, of Ana's household, who
    has said STOP; Dan, of the staff; Eva, whose number is dead; and Finn, who was removed."""
    people = {
        "Ana": ("family", "es-MX", {}), "Binh": ("family", "vi", {"income": "low"}), "Carla": ("family", "es", {}),
        "Dan": ("staff", "en", {"room": "12"}), "Eva": ("family", "en", {}), "Finn": ("family", "ht", {}),
    }  # fmt: skip
    ids = {name: new_id() for name in people}
    luz, leo = new_id(), new_id()
    ways = [
        ("Ana", "telegram", None, True), ("Ana", "sms", None, True), ("Carla", "sms", "stopped", True),
        ("Dan", "telegram", None, False), ("Eva", "sms", "dead", True), ("Finn", "sms", None, True),
    ]  # fmt: skip
    async with database.begin() as db:
        await db.execute(insert(tables.people), [
            {"id": ids[name], "respondent": respondent, "language": language, "language_by": "import", "name": name,
             "groups": groups, "household_id": ids["Ana" if name == "Carla" else name], "created_at": clock(),
             "school": "Oak Hill" if name == "Dan" else None, "removed_at": clock() if name == "Finn" else None}
            for name, (respondent, language, groups) in people.items()])  # fmt: skip
        await db.execute(insert(tables.students), [
            {"id": luz, "external_id": "luz", "school": "Lincoln", "attributes": {"grade": "6"}, "created_at": clock()},
            {"id": leo, "external_id": "leo", "school": "Oak Hill", "attributes": {"grade": "10", "born": "2015-10-14"},
             "created_at": clock()}])  # fmt: skip
        await db.execute(insert(tables.guardianships), [
            {"person_id": ids[name], "student_id": child}
            for name, child in (("Ana", luz), ("Ana", leo), ("Binh", leo))])  # fmt: skip
        await db.execute(insert(tables.absences), [
            {"student_id": leo, "day": date(2026, 10, day), "kind": "absent", "created_at": clock()}
            for day in (6, 7, 13, 14)])  # fmt: skip
        await db.execute(insert(tables.addresses), [
            {"id": new_id(), "person_id": ids[name], "channel": channel, "address": f"{name} {channel}",
             "suppressed": suppressed, "consented": consented, "created_at": clock()}
            for name, channel, suppressed, consented in ways])  # fmt: skip
    return database


@pytest.fixture
def who(district, clock):
    """The names of those in an audience."""

    async def who(text):
        async with district.read() as db:
            meant = audience.condition(parse(text), clock(), zone=ZONE)
            wanted = select(tables.people.c.name).where(audience.everyone(), meant)
            return " ".join(sorted((await db.execute(wanted)).scalars()))

    return who


MEANT = {
    "everyone": "Ana Binh Carla Dan Eva",
    "school = Lincoln": "Ana",
    "school = lincoln and grade = 6": "Ana",
    "school = Lincoln and grade = 10": "",
    "school = Lincoln and absences.last_week >= 1": "",
    "not school = Lincoln": "Ana Binh Carla Dan Eva",
    "school != Lincoln and school is known": "Ana Binh Dan",
    'school = "Oak Hill"': "Ana Binh Dan",
    "grade > 6": "Ana Binh",
    "grade >= K and grade < 7": "Ana",
    "absences.last_week = 2": "Ana Binh",
    "absences.total = 4": "Ana Binh",
    "absences.last_week < 1": "Ana",
    "not absences.last_week >= 1": "Ana Carla Dan Eva",
    "language = es": "Ana Carla",
    "language = es-MX": "Ana",
    "income = LOW": "Binh",
    "channel = sms": "Ana",
    "channel is missing": "Binh Carla Dan Eva",
    "household.size = 2": "Ana Carla",
    "children = 0 and respondent = family": "Carla Eva",
    "anniversary(born)": "Ana Binh",
    "room > 9 or room = 012": "Dan",
    'school = "Lincoln\' OR 1=1 --"': "",
}


async def test_who_is_meant(who):
    assert {text: await who(text) for text in MEANT} == MEANT


async def test_last_week_ends_where_the_school_is(who, clock):
    clock.forward(hours=15)  # 6 in the morning of the 15th in London, 23 o'clock of the 14th in Los Angeles

    assert await who("absences.last_week = 2") == "Ana Binh"
    clock.forward(hours=2)
    assert await who("absences.last_week = 2") == "Ana Binh"  # the 7th has gone, today has come
    assert await who("absences.last_8_days = 3") == "Ana Binh"


async def test_a_value_is_never_a_part_of_the_statement(district, clock):
    said = []

    @event.listens_for(district.reader.sync_engine, "before_cursor_execute")
    def _listen(connection, cursor, statement, *rest):
        said.append(statement)

    async with district.read() as db:
        text = "school = \"x' OR zzz\" and `zzz` = 'zzz' and on_list(zzz) and grade contains zzz and language = zzz"
        meant = audience.condition(parse(text), clock(), zone=ZONE)
        await db.execute(select(tables.people.c.id).where(meant))

    assert said
    assert "zzz" not in said[-1]


# Slips that only the store knows


SLIPS = {
    "school = Linclon": "Nobody's school is Linclon. Did you mean Lincoln?",
    "not school = Linclon": "Did you mean Lincoln?",
    "scool = Lincoln": "There is no scool on the list. Did you mean school?",
    "Grade = 6": "There is no Grade on the list. Did you mean grade?",
    "respondent = families": "Did you mean family?",
    "language = Spanish": "Nobody's language is Spanish. Did you mean es?",
    "language = ht": "There are: en, es, es-MX, vi.",
    "school in (Lincoln, Linclon)": "Did you mean Lincoln?",
    'school contains "North"': "Nobody's school contains North. There are: Lincoln, Oak Hill.",
    "answered(getting-to-scool)": "There is no survey getting-to-scool. Did you mean getting-to-school?",
    "received(thanks)": "There is no campaign thanks. There are: none yet.",
    'on_list("Fall")': "There is no contact list Fall. There are: none yet.",
}


async def test_what_nobody_has_is_asked_back(district):
    async with district.read() as db:
        for text, told in SLIPS.items():
            with pytest.raises(AudienceError) as error:
                await audience.check(db, parse(text))

            assert told in f"{error.value.what} {error.value.cure}"


async def test_values_that_tell_who_somebody_is_are_not_listed_for_a_slip(district, new_id):
    async with district.begin() as db:
        given = {
            "respondent": "family",
            "language": "en",
            "language_by": "import",
            "created_at": datetime.now(UTC),
        }
        streets = [{"id": new_id(), "groups": {"street": f"{n} Elm St"}, **given} for n in range(11)]
        await db.execute(insert(tables.people), streets)
        with pytest.raises(AudienceError) as error:
            await audience.check(db, parse('street = "12 Elm St"'))

    assert error.value.cure == "There are 11 different values; look in your list."


WARNINGS = {
    "school = LINCOLN and language = es and grade > K and channel in (sms, telegram)": [],
    "born = today and born != 2010-01-01 and grade contains 1": [],
    "not answered(getting-to-school)": [
        "answered(getting-to-school): nobody has been asked this survey yet."
    ],
    "grade in (6, 10, 99)": ["Nobody's grade is 99."],
    "income > 3": ["income: nobody has a number in it, so nobody is larger, smaller or the same."],
    "grade > today": [
        "grade: nobody has a day, written as 2026-10-15 in it, so nobody is larger, smaller or the same."
    ],
}


async def test_what_may_be_meant_so_is_only_said(district):
    async with district.read() as db:
        assert {text: await audience.check(db, parse(text)) for text in WARNINGS} == WARNINGS


async def test_that_nobody_was_ever_absent_is_told_before_everybody_is_thanked(district):
    thanks = parse("absences.last_week = 0 and late.last_week = 0")
    async with district.begin() as db:
        known = await audience.check(db, thanks)
        await db.execute(delete(tables.absences).where(tables.absences.c.kind == "absent"))
        unknown = await audience.check(db, thanks)

    assert not any("absences.last_week" in one for one in known)
    assert (
        "absences.last_week: no absences have been brought in, so everybody has 0 (openline import absences)."
        in unknown
    )


# Counting


async def test_everybody_is_counted_once_by_language_and_by_what_reaches_them(district, clock):
    async with district.read() as db:
        found = await audience.counts(db, parse("everyone"), ["sms", "telegram"], clock(), zone=ZONE)
        other = await audience.counts(db, parse("language = es"), ["telegram"], clock(), zone=ZONE)
        none = await audience.counts(db, parse("school = x"), ["sms"], clock(), zone=ZONE)

    assert (found.people, found.households, found.reached) == (5, 4, 1)
    assert found.languages == {"en": 2, "es-MX": 1, "vi": 1, "es": 1}
    assert found.respondents == {"family": 4, "staff": 1}
    assert found.channels == {"sms": 1}
    assert found.without == {"opted out": 1, "unreachable": 1, "no consent": 1, "no address": 1}
    assert (other.channels, other.without) == ({"telegram": 1}, {"no address": 1})
    assert (none.people, none.households, none.channels) == (0, 0, {})


async def test_a_shared_number_reaches_as_well(district, clock):
    async with district.begin() as db:
        ids = dict((await db.execute(select(tables.addresses.c.address, tables.addresses.c.id))).all())
        binh = (
            await db.execute(select(tables.people.c.id).where(tables.people.c.name == "Binh"))
        ).scalar_one()
        await db.execute(insert(tables.shared_addresses).values(person_id=binh, address_id=ids["Ana sms"]))
        found = await audience.counts(db, parse("language = vi"), ["sms"], clock(), zone=ZONE)

    assert found.channels == {"sms": 1}


# Saved ones


async def test_a_saved_filter_stands_for_itself_alone_and_within_another(district, clock):
    async with district.begin() as db:
        await audience.save(db, "spanish", "language = es # all of it", clock())
        await audience.save(db, "lincoln", "school = Lincoln and audience(spanish)", clock())

        assert await audience.resolve(db, " lincoln ") == parse("school = Lincoln and (language = es)")
        assert await audience.resolve(db, "not audience(lincoln)") == parse(
            "not (school = Lincoln and language = es)"
        )
        assert await audience.resolve(db, "everyone") == parse("everyone")
        written = (await audience.resolve(db, "lincoln")).text
        await audience.save(db, "spanish", "language = en", clock())

    assert parse(written) == parse("school = Lincoln and language = es")  # it means the same for ever


async def test_what_cannot_be_saved_or_found_is_told(district, clock):
    async with district.begin() as db:
        await audience.save(db, "spanish", "language = es", clock())
        for key, text, told in (
            ("Not This", "everyone", "small letters"),
            ("everyone", "language = es", "small letters"),
            ("spanish", "language =", "a value is wanted"),
            ("spanish", "school = x or audience(spanish)", "would be a part of itself"),
            ("other", "audience(spanisch)", "Did you mean spanish?"),
        ):
            with pytest.raises(AudienceError, match=told.replace("?", r"\?")):
                await audience.save(db, key, text, clock())
        with pytest.raises(AudienceError, match=r"Did you mean spanish\?"):
            await audience.resolve(db, "spansh")

        assert await audience.listed(db) == {"spanish": "language = es"}


async def test_a_filter_that_is_needed_is_not_deleted(district, clock, new_id):
    async with district.begin() as db:
        await audience.save(db, "spanish", "language = es", clock())
        await audience.save(db, "both", "audience(spanish) or language = vi", clock())
        await db.execute(insert(tables.campaigns).values(
            id=new_id(), key="thanks", text="campaign: thanks\naudience: both\n", state="draft", created_at=clock(),
            changed_at=clock()))  # fmt: skip
        with pytest.raises(AudienceError, match="still needed by: both"):
            await audience.delete(db, "spanish")
        with pytest.raises(AudienceError, match="still needed by: thanks"):
            await audience.delete(db, "both")
        await db.execute(tables.campaigns.update().values(state="stopped"))

        await audience.delete(db, "both")
        await audience.delete(db, "spanish")

        assert await audience.listed(db) == {}


# At the terminal


async def test_staff_count_save_show_and_delete_at_the_terminal(district, typed):
    said = await typed("audience", "count", "everyone", "--channel", "sms")
    assert "5 people in 4 households" in said
    assert "        1  es-MX" in said
    assert "        2  no address" in said

    assert "lincoln is saved" in await typed("audience", "save", "lincoln", "school = Lincoln")
    assert "1 person in 1 household" in await typed("audience", "count", "lincoln")
    assert "lincoln                   school = Lincoln" in await typed("audience", "list")
    assert await typed("audience", "show", "lincoln") == "school = Lincoln\n"
    assert "lincoln is deleted" in await typed("audience", "delete", "lincoln")
    with pytest.raises(Problem, match="No audience has been saved yet"):
        await typed("audience", "list")


async def test_a_slip_at_the_terminal_is_pointed_at_and_saves_nothing(district, typed):
    with pytest.raises(Problem, match=r"Did you mean Lincoln\?") as told:
        await typed("audience", "save", "lincoln", "grade = 6 and school = Linclon")

    assert "\n                         ^\n" in str(told.value)
    with pytest.raises(Problem, match="No audience"):
        await typed("audience", "list")


async def test_the_fields_are_shown_with_what_there_is_and_without_names(district, typed):
    said = await typed("audience", "fields")

    assert (
        "language                  the language they are written to; es is es-MX as well: en 2, es 1, es-MX 1, vi 1"
        in said
    )
    assert "sms 3, telegram 2" in said, "whoever was removed is not counted"
    assert "grade                     10 1, 6 1" in said
    assert "on_list(a contact list)" in said
    assert not {"Ana", "Binh", "Luz", "Leo"} & set(said.split())


def test_every_filter_in_the_documentation_can_be_read():
    page = (Path(__file__).parent.parent / "docs/audiences.md").read_text(encoding="utf-8")
    filters = re.findall(r"```filter\n(.*?)```", page, re.DOTALL)

    assert len(filters) > 3
    assert all(parse(text).of_child for text in filters)
    for name in (*FIELDS, *FUNCTIONS):
        assert f"`{name}" in page, name
