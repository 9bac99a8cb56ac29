"""talk: playing a survey at the terminal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

import survey_flows
from survey_flows import Survey, SurveyError
from survey_flows.talk import say
from survey_flows.talk import start as begin

from .root import Problem, app, console

SurveyArgument = Annotated[
    str, typer.Argument(help="A survey of the library (getting-to-school), or a YAML file.", metavar="SURVEY")
]


def find(named: str) -> Survey:
    """A survey by its file or its name in the library. Raises Problem."""
    try:
        if named in survey_flows.LIBRARY:
            return survey_flows.library(named)
        path = Path(named)
        if path.is_file():
            return survey_flows.load(path)
    except SurveyError as error:
        raise Problem("\n".join(map(str, (error, *error.others)))) from None
    raise Problem(
        f"There is no survey file {named}, and none of that name in the library. "
        f"The library has: {', '.join(survey_flows.LIBRARY)}."
    )


@app.command()
def talk(
    survey: SurveyArgument,
    language: Annotated[str, typer.Option(help="The language to begin in, as en, es, zh-Hans.")] = "en",
    student: Annotated[bool, typer.Option("--student", help="Use the wording for students.")] = False,
    school: Annotated[str, typer.Option(help="The school's name in the texts.")] = "Lincoln School",
) -> None:
    """Play a survey here in the terminal, as a family would hear it. Nothing is stored or sent."""
    played, values = find(survey), {"school": school}
    if language not in played.languages:
        raise Problem(f"This survey speaks {', '.join(played.languages)}, not {language}.")
    talking, said = begin(played, language, values, "student" if student else None)
    while True:
        if said is not None:
            _bot(said)
        heard = None if talking.place.at is None else _heard()
        if heard is None:
            return
        talking, said = say(talking, heard)


def _bot(text: str) -> None:
    for line in text.splitlines():
        console.print(f"[cyan]‹[/] {escape(line)}" if line else "", highlight=False, soft_wrap=True)


def _heard() -> str | None:
    if sys.stdin.isatty():
        console.print("[bold]›[/] ", end="")
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None
