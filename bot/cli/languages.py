"""languages: in which language each reply of a file is. Needs no store, and keeps nothing."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from langcodes import tag_is_valid

from analysis import language
from survey_flows import phrases

from ..importing.report import tag
from ..spreadsheets import BadRow, Row, Table
from .data import FileArgument, Sheet, find_column, read_table
from .root import Problem, app, console, progress, write

HEADINGS = ("row", "language", "score")


@app.command()
def languages(
    file: FileArgument,
    text_column: Annotated[
        str, typer.Option(help="The column with people's words: its heading, or its letter.")
    ],
    among: Annotated[
        str,
        typer.Option(help="The languages that they may be in: ht,en,fr,es. Default: all that we supply."),
    ] = ",".join(phrases.LANGUAGES),
    declared: Annotated[
        str | None, typer.Option(help="The language that these people gave as theirs; it stands in doubt.")
    ] = None,
    sheet: Sheet = None,
    out: Annotated[
        Path | None, typer.Option(help="Write to this file, not to the screen.", dir_okay=False)
    ] = None,
) -> None:
    """Tell in which language each reply of a file is: a line for every row, with how sure that is (0 to 1).

    Rows are counted from 1, the first under the headings. A row without words, or one that cannot be read, has
    *und* (or the declared language) and 0. Nothing is stored, and nothing leaves this computer.
    """
    tags = _known(among)
    own = _tag("--declared", declared) if declared else None
    table = read_table(file, sheet)
    column = find_column(table, text_column)
    with progress("Reading") as bar:
        task = bar.add_task("", total=table.total + len(table.bad))
        found = []
        for words in _texts(table, column):
            found.append(language.identify(words, tags, own))
            bar.advance(task)
    lines = io.StringIO()
    made = csv.writer(lines, lineterminator="\n")
    made.writerow(HEADINGS)
    made.writerows((row, each.language, f"{each.probability:.3f}") for row, each in enumerate(found, 1))
    if out is None:
        typer.echo(lines.getvalue(), nl=False)
    else:
        write(out, lines.getvalue().encode())
    _tell(table, found)


def _texts(table: Table, column: str) -> Iterator[str]:
    """The words of every row in the order of the file; none of a row that could not be read."""
    rows: list[Row | BadRow] = [*table.rows, *table.bad]
    for row in sorted(rows, key=lambda each: each.line):
        yield row.values[column] if isinstance(row, Row) else ""


def _known(among: str) -> tuple[str, ...]:
    tags = tuple(dict.fromkeys(_tag("--among", named) for named in among.split(",") if named.strip()))
    if not tags:
        raise Problem("--among names no language. Write it as ht,en,fr,es.")
    strange = ", ".join(each for each in tags if not language.tellable(each))
    if strange:
        raise Problem(f"--among: {strange} cannot be told by the words. Leave it out, or mend the name.")
    return tags


def _tag(option: str, named: str) -> str:
    if (ours := named.strip()) in phrases.LANGUAGES:
        return ours
    found = tag(named)
    if found is None or not tag_is_valid(found):
        raise Problem(
            f"{option}: {named.strip()!r} is no language we know. Write it as en, es, ht, or by its name."
        )
    return found


def _tell(table: Table, found: Sequence[language.Identified]) -> None:
    """Say how many there are of each; words are never shown."""
    counted = Counter(each.language for each in found)
    named = ", ".join(f"{tag} {number}" for tag, number in counted.most_common())
    unsure = sum(1 for each in found if each.probability and not each.sure)
    silent = sum(1 for each in found if not each.probability)
    mixed = sum(1 for each in found if each.also)
    said = [
        f"{table.file}: {len(found)} row{'' if len(found) == 1 else 's'}: {named or 'nothing to tell'}.",
        f"  {unsure} not sure; {silent} without words to tell it by; {mixed} with a second language.",
    ]
    said += [f"  line {bad.line} cannot be read: {bad.problem}" for bad in table.bad[:20]]
    if len(table.bad) > 20:
        said.append(f"  … and {len(table.bad) - 20} more")
    for line in said:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
