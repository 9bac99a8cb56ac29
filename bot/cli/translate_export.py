"""translate export: texts handed to a person who translates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from ..translation import exchange
from ..translation.documents import HEARD
from ..translation.exchange import ENDINGS, ExchangeError, Kind
from .root import Problem, write
from .translate_documents import document, remembered
from .translating import FileArgument, count, results, tag, translate


@translate.command()
def export(
    file: FileArgument,
    to: Annotated[str, typer.Option("--to", help="The language, as es.")],
    kind: Annotated[
        Kind, typer.Option("--format", help="xlsx for anybody; po for Poedit or Weblate; xliff for agencies.")
    ] = "xlsx",
    out: Annotated[
        Path | None,
        typer.Option("--out", help="The file to write (default: NAME.es.xlsx here).", dir_okay=False),
    ] = None,
    only_open: Annotated[
        bool,
        typer.Option(
            "--only-open/--all", help="Leave out what a person has approved (the usual), or give everything."
        ),
    ] = True,
) -> None:
    """Write a file for a person who translates: each text with a note, and room for the translation.

    `openline translate export mornings.yaml --to es`. Send it by e-mail; take it back with `openline translate import`.
    """
    (given,) = remembered([document(file)])
    language = tag(to, given.source)
    units = given.offered
    stale = [unit.context for unit in units if given.state(unit, language) == "stale"]
    kept = [unit for unit in units if not (only_open and given.state(unit, language) == "approved")]
    if not any(not unit.context.endswith(HEARD) for unit in kept):
        raise Problem(f"{given.name} is approved in {language}, so nothing is open. Give everything: --all")
    try:
        data = exchange.write(kept, language, kind, stale=stale)
    except (ValueError, ExchangeError) as error:
        raise Problem(f"{given.name}: {error}") from None
    path = out or Path(f"{Path(given.name).stem}.{language}{ENDINGS[kind]}")
    if path.exists() and out is None:
        raise Problem(f"{path} is there already: perhaps somebody works in it. Give another name with --out.")
    write(path, data)
    results.print(f"{escape(str(path))}: {count(len(kept), 'text')} to translate into {language}.")
    results.print(
        f"[dim]When it comes back: openline translate import {escape(given.name)} {escape(str(path))} --by NAME[/]"
    )
