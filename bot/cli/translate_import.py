"""translate import: what a person has translated, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from ..outreach.campaign import Campaign
from ..texts.document import Unusable
from ..texts.entering import blocked
from ..texts.returned import Taken, agree, looked_at, refuse
from ..translation.memory import New
from .root import Problem, console, run, write
from .translate_approve import By, approve_document, named
from .translate_documents import PHRASES, Document, document, entered, memory, read, target_path
from .translating import FileArgument, results, translate


@translate.command("import")
def import_(
    file: FileArgument,
    returned: Annotated[
        list[Path],
        typer.Argument(help="Files that have come back.", metavar="RETURNED…", exists=True, dir_okay=False),
    ],
    by: By,
    approve: Annotated[
        bool,
        typer.Option(
            "--approve", help="Whoever has translated it has also read it over: approve it at once."
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be taken.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="The file to write (default: FILE itself).", dir_okay=False)
    ] = None,
) -> None:
    """Take translations back: look them over, enter them into the file, and keep them for other documents.

    `openline translate import mornings.yaml mornings.es.xlsx --by "Ana Pérez"`. What would do harm stays out, and is told
    with why. What comes in is a draft until somebody approves it.
    """
    given, who = document(file), named(by)
    if given.made is None and approve:
        raise Problem("Take them in first, then: openline translate approve phrases LANGUAGE --by NAME")
    path = None if given.made is None else target_path(given, out)
    taken = [_read(given, one) for one in returned]
    agree(taken)
    changes = {key: said for one in taken for key, said in one.changes.items()}
    text, refused = given.text, blocked(given, changes) if path is None else {}
    if path is not None:
        written = entered(given, changes)
        text, refused = written.text, dict(written.refused)
    for one in taken:
        refuse(one, refused)
        _show(one)
    changes = {key: said for key, said in changes.items() if key not in refused}
    if dry_run:
        results.print("[dim]Nothing was written: --dry-run.[/]")
        return
    if path is not None and (text != given.text or out is not None):
        write(path, given.encoded(text))
    if changes:
        _remember(given, changes)
    if path is None:
        return
    languages = list(dict.fromkeys(one.language for one in taken))
    again = replace(
        given,
        name=str(path),
        path=path,
        text=text,
        made=read(text, path, campaign=isinstance(given.made, Campaign)),
        before={},
    )
    for language in languages if approve else ():
        approve_document(again, path, language, who)
    if changes and not approve:
        results.print(
            f"[dim]Next: openline translate check {escape(str(path))} --to {','.join(languages)}, then "
            f"openline translate approve {escape(str(path))} {languages[0]} --by NAME[/]"
        )


def _read(given: Document, file: Path) -> Taken:
    try:
        return looked_at(given, file.read_bytes(), file.name)
    except Unusable as error:
        raise Problem(str(error)) from None
    except OSError as error:
        raise Problem(f"{file} cannot be read: {error.strerror}.") from None


def _show(taken: Taken) -> None:
    counted = ", ".join(f"{number} {verdict}" for verdict, number in taken.counted.items() if number)
    results.print(f"[bold]{taken.language}[/]  {counted or 'nothing in it'}")
    if not taken.rows:
        return
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 1))
    for verdict, where, why in taken.rows:
        table.add_row(f"  [yellow]{verdict}[/]", escape(where), escape(why))
    results.print(table)


def _remember(given: Document, changes: Mapping[tuple[str, str], str]) -> None:
    """Keep a person's translations as drafts, where there is a memory."""
    units = {unit.context: unit for unit in given.own}
    new = [
        New(where, units[where].source, language, units[where].text, said, "person")
        for (where, language), said in changes.items()
        if where in units
    ]

    async def go() -> None:
        async with memory() as known:
            await known.keep(new)

    try:
        run(go())
    except Problem as problem:
        if given.name == PHRASES:
            raise
        console.print(f"Not kept in the translation memory: {problem}", highlight=False, markup=False)
