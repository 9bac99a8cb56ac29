"""translate check and approve: a machine looks translations over, then a person says that they may go out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.status import Status

from analysis.embed import NoEmbedder
from survey_flows.files import approvals

from .. import clock, phrasebook
from ..app import embedder
from ..outreach.campaign import Campaign
from ..translation import gate
from ..translation.gate import Finding, Judge
from ..translation.memory import Memory, New
from ..translation.units import Unit
from .root import Problem, console, run, settings, write
from .translating import (
    Document,
    FileArgument,
    Language,
    count,
    document,
    many,
    memory,
    read,
    results,
    short,
    tag,
    target_path,
    translate,
)

Found = Mapping[str, tuple[Finding, ...]]
"""What the gate says, by context; nothing of a text that it has nothing to say of."""
_COLOUR = {"block": "bold red", "warn": "yellow", "note": "cyan"}
By = Annotated[str, typer.Option("--by", help="Who has read it: a person who speaks it at home.")]


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
    found = {language: _looked_over(given, language, judge) for language in languages}
    lacking = {language: missing(given, language) for language in languages}
    if as_json:
        typer.echo(json.dumps(_to_json(found, lacking), ensure_ascii=False, indent=2))
    else:
        for language in languages:
            _show(given.name, given.units, language, found[language], lacking[language])
    blocks = any(gate.blocks(findings) for each in found.values() for findings in each.values())
    if blocks or any(lacking.values()):
        raise typer.Exit(1)


@translate.command()
def approve(
    file: FileArgument,
    language: Language,
    by: By,
    out: Annotated[
        Path | None, typer.Option("--out", help="The file to write (default: FILE itself).", dir_okay=False)
    ] = None,
) -> None:
    """Write into the file that a person has read a language and approves it. From then on it is sent.

    `openline translate approve mornings.yaml es --by "Ana Pérez"`. It holds for these words: when they or the source's
    change, the language is a draft again. `openline translate approve phrases es --by …` is for what Openline says itself.
    """
    given = document(file)
    if given.made is None:
        wanted, who = tag(language, given.source), named(by)
        results.print(
            f"{_phrases(wanted, who)} of Openline's own phrases in {wanted} are approved by {escape(who)}."
        )
        return
    approve_document(given, target_path(given, out), language, by)


def approve_document(given: Document, path: Path, language: str, by: str) -> None:
    """Approve a language of a document as it stands, in the file and in the memory. Raises Problem where it cannot be."""
    who, language = named(by), tag(language, given.source)
    if language not in given.languages:
        others = ", ".join(given.languages) or "no other"
        raise Problem(f"There is no {language} to approve: {given.name} is in {given.source} and {others}.")
    found, lacking = _looked_over(given, language), missing(given, language)
    if lacking or any(map(gate.blocks, found.values())):
        _show(given.name, given.units, language, found, lacking)
        raise Problem(f"{language} cannot be approved like this. Mend what stands above, then approve it.")
    try:
        text = approvals.approve(given.text, language, who, clock.utcnow().date(), given.digest(language))
        read(text, path, campaign=isinstance(given.made, Campaign))
    except ValueError as error:
        raise Problem(f"{given.name}: {error}.") from None
    write(path, given.encoded(text))
    results.print(
        f"{language} of {escape(str(path))} is approved by {escape(who)}: {count(len(given.units), 'text')}."
    )
    if doubtful := sum(one.severity == "warn" for findings in found.values() for one in findings):
        results.print(
            f"[yellow]{count(doubtful, 'thing')} to read once more:[/] openline translate check {escape(str(path))} --to {language}"
        )
    remember(given, language, who)


def named(by: str) -> str:
    """A person's name on one line. Raises Problem for none."""
    who = " ".join(by.split())
    if not who:
        raise Problem("Say who approves it: --by 'Ana Pérez'.")
    return who


def missing(given: Document, language: str) -> list[Unit]:
    """The texts that a document does not have in a language."""
    return [unit for unit in given.units if language not in unit.texts]


def remember(given: Document, language: str, who: str) -> None:
    """Keep an approved language in the translation memory, where there is one: the next document begins with it."""

    async def go() -> None:
        async with memory() as known:
            await _keep(known, given, language, who)

    try:
        run(go())
    except Problem as problem:
        console.print(f"Not kept in the translation memory: {problem}", highlight=False, markup=False)


async def _keep(memory: Memory, given: Document, language: str, who: str) -> None:
    """What a machine has drafted stays known as that; anything else is a person's."""
    units = [unit for unit in given.units if language in unit.texts]
    known = await memory.find_units(units, language)
    origins = {
        where: entry.origin for where, entry in known.items() if entry.text == _text(units, where, language)
    }
    await memory.keep(
        [
            New(
                unit.context, unit.source, language, unit.text, unit.texts[language],
                origins.get(unit.context) or "person", approved_by=who,
            )
            for unit in units
        ]
    )  # fmt: skip


def _text(units: list[Unit], where: str, language: str) -> str:
    return next(unit.texts[language] for unit in units if unit.context == where)


def _phrases(language: str, who: str) -> int:
    """Approve what Openline says itself: the catalogue's words, and what people have put in their place. How many."""
    given = document("phrases")

    async def go() -> int:
        async with memory() as kept:
            known = await kept.find_units(given.units, language)
            ours = {
                where: entry.text for where, entry in known.items() if entry.context == where and entry.text
            }
            units = [
                replace(unit, texts={**unit.texts, language: ours.get(unit.context, unit.texts[language])})
                for unit in given.units
                if language in unit.texts
            ]
            found = _reviewed(units, language)
            if any(map(gate.blocks, found.values())):
                _show(given.name, units, language, found, [])
                raise Problem(
                    f"{language} cannot be approved like this. Mend what stands above: export, import."
                )
            try:
                return await phrasebook.approve(kept, language, who)
            except LookupError as error:
                raise Problem(f"{error.args[0]}.") from None

    return run(go())


def _judge() -> Judge:
    try:
        return Judge(embedder(settings()))
    except NoEmbedder as error:
        raise Problem(f"--meaning: {error}") from None


def _looked_over(given: Document, language: str, judge: Judge | None = None) -> Found:
    with Status(f"Looking {language} over …", console=console):
        return _reviewed(given.units, language, judge)


def _reviewed(units: Sequence[Unit], language: str, judge: Judge | None = None) -> Found:
    texts = {unit.context: unit.texts[language] for unit in units if language in unit.texts}
    found = gate.review(units, language, texts, judge)
    return {where: findings for where, findings in found.items() if findings}


def _show(name: str, units: Sequence[Unit], language: str, found: Found, lacking: Sequence[Unit]) -> None:
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
