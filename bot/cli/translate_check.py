"""translate check: a machine looks translations over, before a person does."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Annotated

import typer
from rich.markup import escape
from rich.status import Status

from analysis.embed import NoEmbedder

from ..app import embedder
from ..texts.entering import Found, reviewed
from ..translation import gate
from ..translation.gate import Judge
from ..translation.units import Unit
from .root import Problem, console, settings
from .translate_documents import Document, document
from .translating import FileArgument, count, many, results, short, translate

_COLOUR = {"block": "bold red", "warn": "yellow", "note": "cyan"}


@translate.command()
def check(
    file: FileArgument,
    to: Annotated[
        str | None, typer.Option("--to", help="Languages, as es,ht (default: all that the file has).")
    ] = None,
    meaning: Annotated[
        bool, typer.Option("--meaning", help="Also compare what the texts mean: slower, needs the embedder.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write the findings as JSON.")] = False,
) -> None:
    """Look translations over: gaps, numbers, STOP, links, a "not" that got lost, choices that read alike.

    `openline translate check mornings.yaml --to es`. Ends with code 1 where something keeps a language from being approved.
    A machine cannot say that a text is good: a person does, with `openline translate approve`.
    """
    given = document(file)
    languages = many(to, given.source) or list(given.languages)
    judge = _judge() if meaning else None
    found = {language: looked_over(given, language, judge) for language in languages}
    lacking = {language: given.missing(language) for language in languages}
    if as_json:
        typer.echo(json.dumps(_to_json(found, lacking), ensure_ascii=False, indent=2))
    else:
        for language in languages:
            show(given.name, given.units, language, found[language], lacking[language])
    blocks = any(gate.blocks(findings) for each in found.values() for findings in each.values())
    if blocks or any(lacking.values()):
        raise typer.Exit(1)


def _judge() -> Judge:
    try:
        return Judge(embedder(settings()))
    except NoEmbedder as error:
        raise Problem(f"--meaning: {error}") from None


def looked_over(given: Document, language: str, judge: Judge | None = None) -> Found:
    """What the gate says of a document in one language."""
    with Status(f"Looking {language} over …", console=console):
        return reviewed(given.units, language, judge)


def show(name: str, units: Sequence[Unit], language: str, found: Found, lacking: Sequence[Unit]) -> None:
    """The findings, those alike together, the worst first."""
    rows = [(one, where) for where, findings in found.items() for one in findings]
    rows.sort(key=lambda row: (gate.SEVERITIES.index(row[0].severity), row[0].rule, row[0].cure))
    told = "" if rows or lacking else "  nothing found"
    results.print(f"[bold]{escape(name)}, {language}[/]: {count(len(units), 'text')}{told}")
    if lacking:
        some = ", ".join(short(unit.context) for unit in lacking[:6]) + (" …" if len(lacking) > 6 else "")
        results.print(f"  [bold red]missing [/] {count(len(lacking), 'text')}: {escape(some)}")
        results.print(
            f"           [dim]→ openline translate fill {escape(name)} --to {language}, or export for a person[/]"
        )
    said = {unit.context: unit.texts.get(language, "") for unit in units}
    for (severity, rule, cure), group in groupby(
        rows, key=lambda row: (row[0].severity, row[0].rule, row[0].cure)
    ):
        for one, where in group:
            results.print(
                f"  [{_COLOUR[severity]}]{severity:8}[/] {escape(short(where))}: {escape(one.what)}"
            )
            results.print(f"           [dim]{escape(said[where])}[/]")
        results.print(f"           [dim]→ {escape(cure)} ({rule})[/]")


def _to_json(found: Mapping[str, Found], lacking: Mapping[str, list[Unit]]) -> dict[str, object]:
    return {
        language: {
            "missing": [unit.context for unit in lacking[language]],
            "findings": [
                {"context": where, **asdict(one)} for where, findings in each.items() for one in findings
            ],
        }
        for language, each in found.items()
    }
