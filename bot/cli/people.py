"""import people and import absences: who may be written to, and which children were missing."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from ..app import opened
from ..importing import absences as absence_rows
from ..importing import people as people_rows
from ..importing.dates import UncertainDates
from ..importing.guessing import guess
from ..importing.layout import Layout, LayoutError, PersonColumns, StudentColumns, words
from ..importing.mapping import allowed, dumps, loads
from ..importing.removal import Doubtful
from ..importing.report import Report
from ..importing.respondents import RESPONDENTS
from ..spreadsheets import Table
from .data import (
    FileArgument,
    Groups,
    LanguageColumn,
    SchoolColumn,
    Sheet,
    find_column,
    imports,
    known_language,
    read_table,
    tell,
)
from .root import Problem, console, progress, run, settings, write

DryRun = Annotated[bool, typer.Option("--dry-run", help="Find out everything, say it, and write nothing.")]
DateOrder = Annotated[
    str | None, typer.Option(help="How 3/4/2026 is meant: mdy (month first) or dmy (day first).")
]
ACCOUNTS = {"username", "password", "login"}
"""A list with one of these is of accounts: of students and staff as well as of families."""


def _option(help_: str) -> typer.models.OptionInfo:
    return typer.Option(help=help_)  # type: ignore[no-any-return]


@imports.command("people")
def import_people(
    file: FileArgument,
    mapping: Annotated[
        Path | None,
        typer.Option(help="A mapping file: which column holds what.", exists=True, dir_okay=False),
    ] = None,
    write_mapping: Annotated[
        Path | None,
        typer.Option(help="Write a mapping file from the headings, to be mended, and enter nobody."),
    ] = None,
    list_: Annotated[
        str | None, typer.Option("--list", help="What the list is called; default: the file's name.")
    ] = None,
    phone_column: Annotated[
        list[str] | None, _option("A column with phone numbers. May be repeated: the first is tried first.")
    ] = None,
    telegram_column: Annotated[str | None, _option("The column with Telegram chat ids.")] = None,
    name_column: Annotated[str | None, _option("The column with each person's name.")] = None,
    id_column: Annotated[
        str | None, _option("The column with each person's id in the system that the list is from.")
    ] = None,
    language_column: LanguageColumn = None,
    relation_column: Annotated[
        str | None, _option("The column that says what they are to the child.")
    ] = None,
    student_id_column: Annotated[str | None, _option("The column with the child's id.")] = None,
    student_name_column: Annotated[str | None, _option("The column with the child's given name.")] = None,
    school_column: SchoolColumn = None,
    group_column: Groups = None,
    household_column: Annotated[
        str | None, _option("The column with the household's id; whoever has the same is one household.")
    ] = None,
    respondent_column: Annotated[
        str | None, _option("The column with roles: guardian, student, teacher …")
    ] = None,
    consent_source_column: Annotated[
        str | None, _option("The column that says where consent was given; default: the list's name.")
    ] = None,
    consent_date_column: Annotated[
        str | None, _option("The column with the date of consent; default: now.")
    ] = None,
    respondent: Annotated[
        str | None, typer.Option(help="Who they are: family (if nothing is said), student or staff.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="The language where a row names none; if nothing is said, en.")
    ] = None,
    date_order: DateOrder = None,
    sheet: Sheet = None,
    dry_run: DryRun = False,
    whole_list: Annotated[
        bool,
        typer.Option(
            "--whole-list", help="The file is all of the list: whoever it has no more is taken off."
        ),
    ] = False,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Also where more than a fifth of the list would be taken off.")
    ] = False,
) -> None:
    """Read a contact list: people, their children, their households, and the ground for writing to them.

    Columns are named by flags or by a mapping file; without either they are guessed from the headings, and the guess is
    shown. The newest list holds for what lists say; what somebody said themselves stays, and a STOP stays a STOP.
    """
    table = read_table(file, sheet)
    flags = _flags(
        table,
        PersonColumns(
            id=id_column,
            name=name_column,
            phones=tuple(phone_column or ()),
            telegram=telegram_column,
            language=language_column,
            relation=relation_column,
            consent_source=consent_source_column,
            consent_date=consent_date_column,
        ),
        StudentColumns(student_id_column, student_name_column),
        Layout(
            school=school_column,
            household=household_column,
            respondent_column=respondent_column,
            attributes={name: name for name in group_column or ()},
        ),
    )
    if mapping and flags:
        raise Problem(
            "Columns are named by --mapping or by flags, not by both: put them all into the mapping."
        )
    layout = _mapped(mapping, table) if mapping else flags or _guessed(table, respondent)
    layout = _assumed(layout, respondent, language, date_order)
    if write_mapping:
        write(write_mapping, dumps(layout, table).encode())
        console.print(f"Look it over, then: openline import people {file.name} --mapping {write_mapping.name} --dry-run",
                      highlight=False, markup=False)  # fmt: skip
        return
    if not any(person.phones or person.telegram or person.id for person in layout.people):
        raise Problem(
            f"{table.file}: no column with phone numbers was found. If a title or a date stands above the headings, "
            "take those rows out: the headings come first. Else name the column with --phone-column, or begin with "
            "--write-mapping FILE."
        )
    if not (mapping or flags):
        _show(layout, table)

    async def go() -> Report:
        async with opened(settings()) as service:
            with progress("Reading") as bar:
                rows, entered = bar.add_task("", total=table.total), bar.add_task("", total=None)
                return await people_rows.take(
                    service,
                    table,
                    (list_ or file.stem).strip()[:200],
                    layout,
                    reading=lambda n: bar.advance(rows, n),
                    entering=lambda n: bar.advance(entered, n),
                    dry=dry_run,
                    whole=whole_list,
                    anyway=anyway,
                )

    _carry_out(go, dry_run)


@imports.command("absences")
def import_absences(
    file: FileArgument,
    student_column: Annotated[
        str | None, _option("The column with the child's id; default: as it is headed.")
    ] = None,
    date_column: Annotated[str | None, _option("The column with the day; default: as it is headed.")] = None,
    kind_column: Annotated[
        str | None,
        _option("The column that says absent or late; default: as it is headed, else all were absent."),
    ] = None,
    date_order: DateOrder = None,
    sheet: Sheet = None,
    dry_run: DryRun = False,
) -> None:
    """Read which children were absent or late, on which day. The same row twice is one absence."""
    table = read_table(file, sheet)
    found = absence_rows.guess(table.columns)
    given = {"student": student_column, "day": date_column, "kind": kind_column}
    columns = replace(found, **{what: find_column(table, name) for what, name in given.items() if name})
    if not columns.student or not columns.day:
        raise Problem(
            f"{table.file}: no column was found for {'the child’s id' if not columns.student else 'the day'}. "
            "Name it with --student-column or --date-column."
        )
    order = _order(date_order)

    async def go() -> Report:
        async with opened(settings()) as service:
            with progress("Reading") as bar:
                task = bar.add_task("", total=table.total)
                return await absence_rows.take(
                    service, table, columns, order, lambda n: bar.advance(task, n), dry=dry_run
                )

    _carry_out(go, dry_run)


def _carry_out(go: object, dry: bool) -> None:
    try:
        report = run(go())  # type: ignore[operator]
    except (UncertainDates, Doubtful) as error:
        raise Problem(f"{str(error)[0].upper()}{str(error)[1:].rstrip('.')}. Nothing was written.") from None
    tell(report)
    if dry:
        console.print("Nothing was written: this was a dry run.", highlight=False)


def _flags(table: Table, person: PersonColumns, student: StudentColumns, rest: Layout) -> Layout | None:
    """The layout that flags name, by the table's own headings; None where no flag names a column."""

    def column(name: str) -> str:
        found = find_column(table, name)
        complaints: list[str] = []
        allowed(found, complaints.append)
        if complaints:
            raise Problem(f"{table.file}: {complaints[0]}.")
        return found

    def columns(of: PersonColumns | StudentColumns | Layout, *names: str) -> dict[str, str]:
        return {name: column(value) for name in names if (value := getattr(of, name)) is not None}

    named = PersonColumns(
        phones=tuple(column(name) for name in person.phones),
        **columns(person, "id", "name", "telegram", "language", "relation", "consent_source", "consent_date"),
    )
    child = StudentColumns(**columns(student, "id", "name"))
    groups = [column(name) for name in rest.attributes]
    whole = columns(rest, "school", "household", "respondent_column")
    if not (list(named.columns()) or child.id or child.name or groups or whole):
        return None
    return Layout(
        people=(named,),
        student=child,
        school=whole.get("school"),
        household=whole.get("household"),
        respondent_column=whole.get("respondent_column"),
        attributes={name: name for name in groups},
    )


def _mapped(path: Path, table: Table) -> Layout:
    try:
        return loads(path.read_text(encoding="utf-8"), table)
    except LayoutError as error:
        raise Problem("\n  ".join([f"{path.name} cannot be used:", *error.complaints])) from None
    except UnicodeDecodeError:
        raise Problem(f"{path.name} is not UTF-8. Save it as UTF-8.") from None


def _guessed(table: Table, respondent: str | None) -> Layout:
    layout = guess(table.columns)
    accounts = any(ACCOUNTS & set(words(column)) for column in table.columns)
    if accounts and layout.respondent_column is None and respondent is None:
        raise Problem(
            f"{table.file}: this is a list of accounts, and no column says who is family, student or staff. "
            "Put a column with the role into it, or say --respondent for all of them."
        )
    return layout


def _assumed(layout: Layout, respondent: str | None, language: str | None, date_order: str | None) -> Layout:
    """With what is said for all rows."""
    if respondent is not None and respondent not in RESPONDENTS:
        raise Problem("--respondent is one of family, student, staff.")
    return replace(
        layout,
        respondent=respondent or layout.respondent,
        language=known_language(language) if language else layout.language,
        date_order=_order(date_order) or layout.date_order,
    )


def _order(given: str | None) -> str | None:
    if given not in (None, "mdy", "dmy"):
        raise Problem("--date-order is mdy (month first) or dmy (day first).")
    return given


def _show(layout: Layout, table: Table) -> None:
    read = list(layout.columns())
    left = [column for column in table.columns if column not in {column for _, column in read}]
    console.print("Guessed from the headings (to mend it: --write-mapping FILE):", highlight=False)
    for what, column in read:
        console.print(f"  {what}: {column}", highlight=False, markup=False, soft_wrap=True)
    if left:
        console.print(f"  not read: {', '.join(left)}", highlight=False, markup=False, soft_wrap=True)
    if sys.stdin.isatty() and not typer.confirm("Is that right?", default=True, err=True):
        raise Problem("Nothing was written. --write-mapping FILE writes the guess down, to be mended.")
