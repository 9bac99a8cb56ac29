"""results: what people chose at each closed question, and how sure that is."""

from __future__ import annotations

import csv as csv_
import json as json_
import shutil
from pathlib import Path
from typing import Annotated

import typer

from analysis import item_report as report
from analysis.items import Results

from ..app import opened
from .root import Problem, app, run, settings

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


@app.command()
def results(
    survey: Annotated[str, typer.Argument(help="Which survey.")],
    by: Annotated[
        str | None, typer.Option(help="Also for each language, school, channel, or another group of yours.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON, for other programs.")] = False,
    csv: Annotated[
        Path | None,
        typer.Option(
            help="Write a table to this file: a row for each choice, of everybody and of each group."
        ),
    ] = None,
) -> None:
    """Show what people chose at each closed question: percents with their interval, and what is hidden, and why."""

    async def go() -> Results:
        async with opened(settings()) as service:
            found = await service.results(survey)
            if found is None:
                keys = ", ".join(listed.key for listed in await service.surveys())
                raise Problem(f"There is no survey {survey}. There are: {keys or 'none yet'}.")
            return found

    found = run(go())
    dimensions = sorted({name for result in found.items for name in result.groups})
    if by is not None and by not in dimensions:
        raise Problem(f"--by {by}: there is no such group. There are: {', '.join(dimensions) or 'none yet'}.")
    if csv is not None:
        write(found, csv)
    if json:
        typer.echo(json_.dumps(report.to_json(found), ensure_ascii=False, indent=2))
    elif not found.items:
        typer.echo(
            "This survey has no closed questions. What people said in their own words: openline summary"
        )
    else:
        typer.echo(report.as_text(found, min(shutil.get_terminal_size((100, 24)).columns, 110), by))


def write(found: Results, file: Path) -> None:
    """Write the table. Raises Problem for a file that cannot be written."""
    try:
        # The mark at the beginning tells Excel that this is UTF-8.
        with file.open("w", encoding="utf-8-sig", newline="") as out:
            table = csv_.writer(out)
            table.writerow(report.HEADINGS)
            table.writerows([_cell(value) for value in row] for row in report.rows(found))
    except OSError as error:
        raise Problem(f"{file} cannot be written: {error.strerror}.") from None


def _cell(value: str | int | float | None) -> str | int | float | None:
    """A cell that no spreadsheet runs as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
