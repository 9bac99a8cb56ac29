"""import: answers that were collected elsewhere come in and are coded."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis import summary as reckoning
from analysis.summary import Summary
from survey_flows.questions import SEEKS

from ..app import App, opened
from ..importing import answers as answer_rows
from ..importing.report import Report, tag
from ..spreadsheets import Table, TableError, open_table
from ..store import answers as due
from .root import Problem, app, console, progress, run, settings
from .summary import width

imports = typer.Typer(no_args_is_help=True, help="Bring in a contact list, or answers collected elsewhere.")
app.add_typer(imports, name="import")

FileArgument = Annotated[
    Path, typer.Argument(help="CSV, Excel or OpenDocument.", exists=True, dir_okay=False, metavar="FILE")
]
Groups = Annotated[
    list[str] | None,
    typer.Option(
        "--group-column", help="A column whose values are compared in the findings. May be repeated."
    ),
]
LanguageColumn = Annotated[str | None, typer.Option(help="The column that names each person's language.")]
SchoolColumn = Annotated[str | None, typer.Option(help="The column that names the school.")]
Sheet = Annotated[str | None, typer.Option(help="Which sheet of a workbook; default: the first.")]
Assumed = Annotated[str, typer.Option(help="The language where a row names none.")]


@imports.command("answers")
def import_answers(
    file: FileArgument,
    text_column: Annotated[
        str, typer.Option(help="The column with people's words: its heading, or its letter.")
    ],
    language_column: LanguageColumn = None,
    school_column: SchoolColumn = None,
    group_column: Groups = None,
    survey: Annotated[
        str | None, typer.Option(help="The name to file them under; default: the file's.")
    ] = None,
    language: Assumed = "en",
    seeks: Annotated[
        str | None,
        typer.Option(help="What was asked for: barriers, helps or ideas. It makes the coding surer."),
    ] = None,
    sheet: Sheet = None,
    code: Annotated[bool, typer.Option(help="Also theme-code them now.")] = True,
) -> None:
    """Read answers from a Google Forms, SurveyMonkey or other export, code them, and show what comes out.

    The file may be imported again: rows that are here already are not taken twice.
    """
    if seeks is not None and seeks not in SEEKS:
        raise Problem(f"--seeks is one of {', '.join(SEEKS)}.")
    table = read_table(file, sheet)
    columns = answer_rows.Columns(
        find_column(table, text_column),
        find_column(table, language_column) if language_column else None,
        find_column(table, school_column) if school_column else None,
        [find_column(table, name) for name in group_column or ()],
        seeks,
    )
    key = answer_rows.survey_key(survey or file.name)

    async def go() -> tuple[Report, Summary | None]:
        async with opened(settings()) as service:
            with progress("Reading") as bar:
                task = bar.add_task("", total=table.total)
                report = await answer_rows.take(
                    service,
                    table,
                    file,
                    columns,
                    key,
                    known_language(language),
                    lambda n: bar.advance(task, n),
                )
            if code:
                await code_all(service)
            return report, await service.findings(key)

    report, found = run(go())
    tell(report)
    if found is not None and code:
        typer.echo(reckoning.as_text(found, width()))
    if found is None:
        console.print(f"{key} has no replies yet: there are no findings.", highlight=False)
    else:
        console.print(f"The findings: openline summary {key}", highlight=False)


async def code_all(service: App) -> int:
    """Code what is waiting, and have it translated, with a bar; return how many answers."""
    async with service.database.read() as db:
        waiting = await due.waiting(db, service.clock())
    with progress("Coding") as bar:
        task = bar.add_task("", total=waiting)
        coded = await service.coding.finish(lambda n: bar.advance(task, n))
        while await service.interpreter.translate():
            pass
        return coded


def read_table(file: Path, sheet: str | None) -> Table:
    """The table in a file. Raises Problem."""
    try:
        return open_table(file, sheet=sheet)
    except TableError as error:
        raise Problem(str(error)) from None


def find_column(table: Table, name: str) -> str:
    """The heading that is meant. Raises Problem, which names those there are."""
    try:
        return table.column(name)
    except TableError as error:
        raise Problem(str(error)) from None


def known_language(named: str) -> str:
    """The tag of a language. Raises Problem."""
    found = tag(named)
    if found is None:
        raise Problem(f"--language: {named} is no language we know. Write it as en, es, ht, or by its name.")
    return found


def tell(report: Report) -> None:
    """Say what became of the rows of a file."""
    counted = [f"{report.taken} taken", f"{report.known} here already"]
    if report.changed:
        counted.insert(1, f"{report.changed} changed")
    counted.append(f"{report.empty} {'empty' if report.facts else 'without words'}")
    rows = f"{report.rows} row{'' if report.rows == 1 else 's'}"
    lines = [f"{report.file}: {rows}: {', '.join(counted)}, {len(report.bad)} to look at."]
    lines += [f"  {fact}" for fact in report.facts]
    lines += [f"  line {bad.line}: {bad.problem}" for bad in report.bad[:20]]
    if len(report.bad) > 20:
        lines.append(f"  … and {len(report.bad) - 20} more")
    for line in [*lines, *(f"  {note}" for note in report.notes)]:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
