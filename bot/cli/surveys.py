"""talk and ask: playing a survey at the terminal, and asking it."""

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

from ..app import opened
from ..outreach.ask import ask as ask_everyone
from ..outreach.ask import unapproved
from ..settings import Settings
from .root import Problem, app, console, run, settings

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


@app.command()
def ask(
    survey: SurveyArgument,
    channel: Annotated[
        list[str] | None, typer.Option(help="Only these channels (default: all set up).")
    ] = None,
    drafts_too: Annotated[
        bool, typer.Option("--drafts-too", help="Also send translations that no person has approved yet.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before queueing.")] = False,
) -> None:
    """Ask everyone this survey who has not been asked yet. A worker then sends it, and everyone is accounted for."""
    asked = find(survey)
    given = settings(allow_drafts=drafts_too or None)
    counted = run(_ask(given, asked, channel, yes))
    for state, count in counted:
        typer.echo(f"{count:6}  {state}")


async def _ask(
    given: Settings, survey: Survey, channel: list[str] | None, yes: bool
) -> list[tuple[str, int]]:
    async with opened(given) as service:
        unknown = set(channel or ()) - set(service.channels)
        if unknown or not service.channels:
            raise Problem(
                f"Not set up: {', '.join(sorted(unknown)) or 'any channel'}. `openline doctor` tells what is missing."
            )
        channels = channel or list(service.channels)
        missing = await unapproved(service, survey, channels)
        if missing:
            told = ", ".join(f"{language} {count}" for language, count in missing.most_common())
            console.print(
                f"Asked in English, because nobody has approved the text in their language: {told}. "
                "Have a speaker approve it (docs/write-a-survey.md), or use --drafts-too for machine drafts.",
                highlight=False,
            )
        if not yes and not typer.confirm("Queue the first message to everyone not yet asked?", err=True):
            raise Problem("Nothing was queued.")
        counted = await ask_everyone(service, survey, channels)
    return counted.most_common()
