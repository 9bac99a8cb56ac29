"""survey check, test, draw, approve: what can be done with a survey before any family sees it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from survey_flows import Survey, SurveyError, transcripts
from survey_flows.lint import SEVERITIES, Finding, check
from survey_flows.talk import Timing

from .. import timing
from .forms import FORMS, survey, taken
from .root import Problem, write
from .surveys import SurveyArgument, find
from .translate_approve import approve_document as approve
from .translate_documents import document

results = Console(highlight=False, soft_wrap=True, emoji=False)
_COLOUR = {"error": "bold red", "warning": "yellow", "note": "cyan"}
Surveys = Annotated[
    list[str],
    typer.Argument(
        help="Surveys of the library, survey files, or forms (XLSForm).",
        metavar="SURVEY…",
        show_default=False,
    ),
]


@survey.command("check")
def check_(
    surveys: Surveys,
    long: Annotated[bool, typer.Option("--long", help="Let a survey of more than 8 questions pass.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write the findings as JSON.")] = False,
) -> None:
    """Look surveys over as a careful editor would: questions nobody comes to, texts that cost too much or are too hard to
    read, choices that are commands, protected topics. Ends with code 1 where anything must not be sent so."""
    found = {named: _checked(named, long) for named in surveys}
    if as_json:
        typer.echo(
            json.dumps({n: list(map(asdict, fs)) for n, fs in found.items()}, ensure_ascii=False, indent=2)
        )
    else:
        for named, findings in found.items():
            _show(named, findings)
        _count(found)
    if any(finding.severity == "error" for findings in found.values() for finding in findings):
        raise typer.Exit(1)


def _checked(named: str, long: bool) -> tuple[Finding, ...]:
    try:
        return check(_found(named), long=long)
    except Problem as problem:  # it cannot even be read: every line says where, what and how to mend it
        return tuple(Finding("error", line, "", rule="file") for line in str(problem).splitlines())


def _found(named: str) -> Survey:
    """A survey by its file, its form or its name in the library. Raises Problem."""
    path = Path(named)
    return taken(path).survey if path.suffix.lower() in FORMS and path.is_file() else find(named)


def _show(named: str, findings: Sequence[Finding]) -> None:
    results.print(f"[bold]{escape(named)}[/]" + ("" if findings else "  nothing found"))
    alike = sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), f.rule, f.question or "", f.cure))
    for (severity, rule, question, cure), group in groupby(
        alike, key=lambda f: (f.severity, f.rule, f.question, f.cure)
    ):
        first = f"  [{_COLOUR[severity]}]{severity:8}[/] {escape(question or ''):14}"
        for finding in group:
            told = f"[dim]{finding.language}:[/] " if finding.language else ""
            results.print(f"{first} {told}{escape(finding.what)}")
            first = " " * 25
        if cure:  # what cannot be read says itself how to mend it
            results.print(f"{' ' * 25} [dim]→ {escape(f'{cure} ({rule})'.strip())}[/]")


def _count(found: dict[str, tuple[Finding, ...]]) -> None:
    counted = Counter(finding.severity for findings in found.values() for finding in findings)
    told = ", ".join(f"{counted[s]} {s}{'' if counted[s] == 1 else 's'}" for s in SEVERITIES)
    results.print(f"{len(found)} survey{'' if len(found) == 1 else 's'}: {told}.")


@survey.command()
def test(
    files: Annotated[
        list[Path],
        typer.Argument(help="Transcripts, or folders of them (*.txt).", metavar="FILE|FOLDER…", exists=True),
    ],
) -> None:
    """Play conversations that are written down (docs/write-a-survey.md), and show where they go otherwise. Ends with
    code 1 where any does."""
    paths = list(_transcripts(files))
    if not paths:
        raise Problem("There is no transcript (*.txt) there.")
    wrong = [path for path in paths if not _goes_as_written(path)]
    results.print(
        f"{len(paths)} conversation{'' if len(paths) == 1 else 's'}, {len(wrong)} otherwise than written."
    )
    if wrong:
        raise typer.Exit(1)


def _transcripts(files: Sequence[Path]) -> Iterator[Path]:
    for file in files:
        yield from sorted(file.rglob("*.txt")) if file.is_dir() else [file]


def _goes_as_written(path: Path) -> bool:
    try:
        transcript = transcripts.parse(path.read_text("utf-8-sig"), str(path))
        different = transcripts.differences(
            transcript, transcripts.beside(path.parent), Timing(timing.REMIND, timing.EXPIRE)
        )
    except SurveyError as error:
        different = "\n".join(map(str, (error, *error.others)))
    except (LookupError, UnicodeDecodeError) as error:
        different = (
            f"{path}: {error.args[0] if isinstance(error, LookupError) else 'The file is not in UTF-8.'}"
        )
    for line in different.splitlines():
        colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "default")
        results.print(f"[{colour}]{escape(line)}[/]")
    return not different


@survey.command("approve")
def approve_(
    file: Annotated[
        Path, typer.Argument(help="The survey file.", metavar="FILE", exists=True, dir_okay=False)
    ],
    language: Annotated[str, typer.Argument(help="The language that has been read, as es or zh-Hans.")],
    by: Annotated[str, typer.Option("--by", help="Who approves it: a person who speaks it at home.")],
) -> None:
    """Write into a survey file that a person has approved a language: `openline translate approve`, for surveys."""
    approve(document(str(file)), file, language, by)


@survey.command()
def draw(
    survey: SurveyArgument,
    language: Annotated[
        str | None, typer.Option(help="The language of the texts (default: the source).")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where to write it (default: NAME.svg here).", dir_okay=False)
    ] = None,
) -> None:
    """Draw how a survey goes, as an SVG picture: questions, choices, who is asked what."""
    from survey_flows.drawing import draw as drawn

    made = _found(survey)
    if language is not None and language not in made.languages:
        raise Problem(f"This survey speaks {', '.join(made.languages)}, not {language}.")
    path = out or Path(f"{made.key}.svg")
    write(path, drawn(made, language or made.source).encode())
    results.print(f"Drawn: {escape(str(path))}")
