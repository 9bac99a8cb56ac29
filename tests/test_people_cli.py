"""openline import people and import absences, as they are typed; mapping files; and real rosters where there are some."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.cli.root import Problem
from bot.importing.absences import guess as guess_absences
from bot.importing.guessing import guess
from bot.importing.layout import LayoutError
from bot.importing.mapping import dumps, loads
from bot.spreadsheets import open_table
from bot.store.tables import absences, addresses, guardianships, people, students

ROSTERS = Path(__file__).parents[2] / "shared" / "data" / "rosters"

PAIRS = (
    "Student ID,Child,Guardian,Cell,Lang\n"
    "S1,Ana,Maria,503-555-0101,Spanish\n"
    "S1,Ana,Jose,503-555-0102,Spanish\n"
    "S2,Luis,Maria,503-555-0101,Spanish\n"
)


@pytest.fixture
def file(tmp_path):
    def file(text: str, name: str = "families.csv") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return file


async def column(database, what):
    async with database.read() as db:
        return list((await db.execute(select(what).order_by(what))).scalars())


async def test_a_list_is_guessed_shown_and_taken(typed, file, database):
    told = await typed("import", "people", str(file(PAIRS)))

    assert "Guessed from the headings" in told
    assert "person: phone: Cell" in told
    assert "student: id: Student ID" in told
    assert "3 rows: 3 taken, 0 here already, 0 empty, 0 to look at" in told
    assert "2 people in 1 households" in told
    assert await column(database, people.c.name) == ["Jose", "Maria"]


async def test_the_flags_name_columns_as_they_always_did(typed, file, database):
    path = file("Telefono,Home language,School,Grade\n503-555-0101,Spanish,Lincoln,3\n")

    told = await typed(
        "import", "people", str(path), "--phone-column", "Telefono", "--language-column", "Home language",
        "--school-column", "School", "--group-column", "Grade", "--respondent", "family", "--language", "en",
    )  # fmt: skip

    assert "1 row: 1 taken" in told
    assert "Guessed" not in told
    assert await column(database, people.c.groups) == [{"Grade": "3"}]
    assert await column(database, people.c.language) == ["es"]


async def test_a_dry_run_writes_nothing_and_says_so(typed, file, database):
    told = await typed("import", "people", str(file(PAIRS)), "--dry-run")

    assert "3 rows: 3 taken" in told
    assert "Nothing was written" in told
    assert await column(database, people.c.id) == []


async def test_the_mapping_that_is_written_is_the_guess_and_can_be_taken(typed, file, database, tmp_path):
    path, mapping = file(PAIRS), tmp_path / "families.yaml"

    await typed("import", "people", str(path), "--write-mapping", str(mapping))
    assert await column(database, people.c.id) == []
    table = open_table(path)
    assert loads(mapping.read_text(encoding="utf-8"), table) == guess(table.columns)
    told = await typed("import", "people", str(path), "--mapping", str(mapping), "--list", "all families")

    assert "On the list all families: 2 people" in told
    assert len(await column(database, guardianships.c.student_id)) == 3


async def test_a_whole_list_that_lacks_too_many_is_refused_with_its_cure(typed, file, database):
    await typed("import", "people", str(file(PAIRS)))

    with pytest.raises(Problem, match=r"1 of the 2 people.*--anyway.*Nothing was written"):
        await typed("import", "people", str(file(PAIRS.splitlines()[0] + "\nS2,Luis,Maria,503-555-0101,es\n")),
                    "--whole-list")  # fmt: skip

    assert await column(database, people.c.removed_at) == [None, None]


async def test_what_cannot_be_is_said_with_its_cure(typed, file, tmp_path):
    path = file(PAIRS)
    for arguments, says in (
        (("--phone-column", "Fone"), "there is no column 'Fone'"),
        (("--respondent", "parents"), "--respondent is one of"),
        (("--date-order", "ymd"), "--date-order is mdy"),
        (("--language", "??"), "no language we know"),
    ):
        with pytest.raises(Problem, match=says):
            await typed("import", "people", str(path), *arguments)
    with pytest.raises(Problem, match=r"no column with phone numbers.*the headings come first"):
        await typed("import", "people", str(file("Colour,Shape\nred,round\n")))
    mapping = file("people:\n  - phones: [Cell]\n", "m.yaml")
    with pytest.raises(Problem, match="not by both"):
        await typed(
            "import", "people", str(file(PAIRS)), "--mapping", str(mapping), "--name-column", "Guardian"
        )


async def test_days_of_consent_that_can_be_read_in_two_ways_are_refused(typed, file, database):
    path = file("Name,Phone,Consent date\nAna,503-555-0101,3/4/2026\n")

    with pytest.raises(Problem, match=r"--date-order mdy.*Nothing was written"):
        await typed("import", "people", str(path))
    await typed("import", "people", str(path), "--date-order", "dmy")

    assert await column(database, addresses.c.consented) == [True]


@pytest.mark.parametrize("heading", ["Password", "user_pwd", "SSN", "Contraseña", "userPassword"])
async def test_a_column_of_passwords_is_never_read(heading, typed, file):
    path = file(f"Name,Phone,{heading}\nAna,503-555-0101,hush\n")
    table = open_table(path)

    assert heading not in dict(map(reversed, guess(table.columns).columns()))
    with pytest.raises(Problem, match="never kept"):
        await typed("import", "people", str(path), "--phone-column", "Phone", "--group-column", heading)
    with pytest.raises(LayoutError, match="never kept"):
        loads(f"people: [{{phones: [Phone]}}]\nattributes: {{hint: '{heading}'}}", table)


def test_a_mapping_says_everything_that_is_wrong_with_it_at_once(file):
    table = open_table(file(PAIRS))
    wrong = (
        "people:\n  - phone: Cell\n    name: Nobody\nstudent: {name: Child}\nrespondent: parents\n"
        "language: '??'\ndate_order: ymd\nroles: {proctor: boss}\nattributes: {school: Child}\nschol: Child\n"
    )

    with pytest.raises(LayoutError) as error:
        loads(wrong, table)

    said = "\n".join(error.value.complaints)
    for part in ("did you mean phones?", "'Nobody'", "a name without an id", "respondent: one of", "no language",
                 "date_order: one of", "roles, proctor", "'school' means something else", "did you mean school?"):  # fmt: skip
        assert part in said, part


@pytest.mark.parametrize("text", ["", "- a\n- b", "a: [", "people: 3", "people: [[1]]", "student: x"])
def test_a_mapping_that_is_none_is_complained_of(text, file):
    with pytest.raises(LayoutError):
        loads(text, open_table(file(PAIRS)))


@pytest.mark.parametrize(
    ("headings", "phones", "student"),
    [
        ("Matrícula,Nombre del alumno,Nombre del tutor,Teléfono del tutor,Idioma", [("Teléfono del tutor",)], "Matrícula"),
        ("ID del estudiante,Madre - celular,Padre - celular", [("Madre - celular",), ("Padre - celular",)],
         "ID del estudiante"),
        ("Student Number,Mother,Mother Cell,Father,Father Cell", [("Mother Cell",), ("Father Cell",)], "Student Number"),
        ("First Name,Mobile Phone,Work Phone,Emergency Phone,Fax", [("Mobile Phone",)], None),
        ("Parent Name,Parent Phone,Child ID", [("Parent Phone",)], "Child ID"),
        ("Phone,Cell phone", [("Cell phone", "Phone")], None),
        ("guardian1_phone,guardian2_phone,student_id", [("guardian1_phone",), ("guardian2_phone",)], "student_id"),
    ],
)  # fmt: skip
def test_headings_are_understood_in_many_spellings(headings, phones, student):
    layout = guess(headings.split(","))

    assert [person.phones for person in layout.people] == phones
    assert layout.student.id == student


async def test_absences_are_entered_once_each_and_what_is_unclear_named_by_line(typed, file, database):
    await typed("import", "people", str(file(PAIRS)))
    path = file(
        "Student ID,Date,Code\nS1,10/13/2026,A\nS1,2026-10-13,absent\nS2,10/13/2026,Tardy\nS9,10/13/2026,A\n"
        "S1,soon,A\nS2,10/12/2026,Q\nS1,10/12/2027,A\nS2,10/12/2026,P\n",
        "absences.csv",
    )

    tried = await typed("import", "absences", str(path), "--dry-run")
    assert await column(database, absences.c.day) == []
    told = await typed("import", "absences", str(path))
    again = await typed("import", "absences", str(path))

    assert "8 rows: 2 taken, 1 here already, 1 empty, 4 to look at" in tried
    assert "8 rows: 2 taken, 1 here already, 1 empty, 4 to look at" in told
    assert "8 rows: 0 taken, 3 here already, 1 empty, 4 to look at" in again
    for line, why in (
        (5, "no child with this id"),
        (6, "no date"),
        (7, "neither absent nor late"),
        (8, "yet to come"),
    ):
        assert f"line {line}: " in told
        assert why in told
    assert "S9" not in told
    assert await column(database, absences.c.kind) == ["absent", "late"]


async def test_days_of_absence_that_can_be_read_in_two_ways_are_refused(typed, file, database):
    await typed("import", "people", str(file(PAIRS)))
    path = file("Student ID,Date\nS1,10/05/2026\n", "absences.csv")

    with pytest.raises(Problem, match="--date-order mdy"):
        await typed("import", "absences", str(path))
    await typed("import", "absences", str(path), "--date-order", "mdy")

    assert [day.isoformat() for day in await column(database, absences.c.day)] == ["2026-10-05"]


def test_the_columns_of_absences_are_found():
    found = guess_absences(["Fecha", "ID del estudiante", "Tipo", "Fecha de nacimiento"])

    assert (found.student, found.day, found.kind) == ("ID del estudiante", "Fecha", "Tipo")


def roster(name: str) -> Path:
    path = ROSTERS / name
    if not path.exists():
        pytest.skip("no rosters beside this project")
    return path


@pytest.mark.data
async def test_a_list_of_accounts_is_not_taken_for_families(typed):
    path = roster("sds-v2.1/users.csv")

    with pytest.raises(Problem, match="--respondent"):
        await typed("import", "people", str(path), "--dry-run")


@pytest.mark.data
async def test_guardians_put_together_from_school_data_sync_come_in_with_their_children(
    typed, tmp_path, database
):
    users = {row["sourcedId"]: row for row in _rows(roster("sds-v2.1/users.csv"))}
    links = _rows(roster("sds-v2.1/relationships.csv"))
    joined = tmp_path / "guardians.csv"
    with joined.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(
            ["studentId", "studentGivenName", "guardianId", "guardianName", "guardianSms", "relationship"]
        )
        for link in links:
            child, guardian = users[link["userSourcedId"]], users[link["relationshipUserSourcedId"]]
            writer.writerow([child["sourcedId"], child["givenName"], guardian["sourcedId"], guardian["givenName"],
                             guardian["sms"], link["relationshipRole"]])  # fmt: skip

    await typed("import", "people", str(joined))

    assert len(await column(database, guardianships.c.person_id)) == len(links)
    assert len(await column(database, students.c.id)) == len({link["userSourcedId"] for link in links})
    guardians = {link["relationshipUserSourcedId"] for link in links}
    assert set(await column(database, people.c.external_id)) == guardians


@pytest.mark.data
async def test_users_come_in_by_role_and_nothing_of_their_passwords(typed, database):
    path = roster("mock-large/users.csv")
    accounts = _rows(path)
    roles = [row["role"] for row in accounts]

    told = await typed("import", "people", str(path))

    assert "password" in told.split("not read:")[1].split("\n")[0]
    respondents = await column(database, people.c.respondent)
    assert (respondents.count("student"), respondents.count("staff")) == (
        roles.count("student"),
        roles.count("teacher"),
    )
    async with database.read() as db:
        kept = " ".join(str(tuple(row)) for row in await db.execute(select(people)))
    assert not any(row["password"] and f"'{row['password']}'" in kept for row in accounts)
    assert not any(row["email"] and row["email"] in kept for row in accounts)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_a_written_mapping_says_what_it_leaves_out(file):
    table = open_table(file("Name,Phone,Email\nAna,503-555-0101,a@example.org\n"))

    assert "# Not read:\n#   Email\n" in dumps(guess(table.columns), table)
