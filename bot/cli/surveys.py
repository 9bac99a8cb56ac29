"""talk: playing a survey at the terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.cells import cell_len
from rich.markup import escape

import survey_flows
from survey_flows import Survey, SurveyError, phrases
from survey_flows.lint.messages import size
from survey_flows.segments import count
from survey_flows.talk import Talk, Timing, duration, say, wait
from survey_flows.talk import start as begin

from .. import clock, timing
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


class Look(StrEnum):
    """What the conversation is made to look like."""

    plain = "plain"
    sms = "sms"
    telegram = "telegram"


@app.command()
def talk(
    survey: SurveyArgument,
    language: Annotated[
        str | None, typer.Option(help="The language to begin in, as en, es, zh-Hans (default: the source).")
    ] = None,
    channel: Annotated[
        Look, typer.Option(help="sms counts the parts of each message; telegram draws the buttons.")
    ] = Look.plain,
    student: Annotated[bool, typer.Option("--student", help="Use the wording for students.")] = False,
    school: Annotated[str, typer.Option(help="The school's name in the texts.")] = "Lincoln School",
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="FIELD=WORDS",
            help="Words for one of the survey's own fields (default: its example).",
        ),
    ] = None,
) -> None:
    """Play a survey here in the terminal, as a family would hear it. Nothing is stored or sent.

    Type +24h to let a day pass, /2 to press a button, ? for more.
    """
    played = find(survey)
    language = language or played.source
    if language not in played.languages:
        raise Problem(f"This survey speaks {', '.join(played.languages)}, not {language}.")
    values = {"school": school, **_fields(played, language, set_ or ())}
    talking, said = begin(
        played,
        language,
        values,
        "student" if student else None,
        now=clock.utcnow(),
        timing=Timing(timing.REMIND, timing.EXPIRE),
    )
    console.print(f"[dim]{escape(_header(played, language))}[/]", highlight=False, soft_wrap=True)
    _bot(talking, said, channel)
    while talking.place.at is not None and (heard := _heard()) is not None:
        talking = _turn(talking, heard, channel)


def _turn(talking: Talk, heard: str, channel: Look) -> Talk:
    """One line typed: a message, or something asked of the player."""
    silence = duration(heard) if heard.startswith("+") else None
    if heard.strip() == "?":
        _aside(HELP)
    elif silence is not None:
        talking = _passed(talking, silence, channel)
    elif heard.startswith("/") and heard[1:].strip().isdigit():
        choices = talking.prompt.choices if talking.prompt else ()
        at = int(heard[1:]) - 1
        if not 0 <= at < len(choices):
            _aside("There is no such button.")
        else:
            named = f"{talking.prompt.question}:{choices[at].key}" if talking.prompt else choices[at].key
            talking = _said(*say(talking, choices[at].label, named), channel)
    else:
        media = {"(photo)": ("image/jpeg",), "(voice)": ("audio/ogg",)}.get(heard.strip(), ())
        talking = _said(*say(talking, "" if media else heard, media=media), channel)
    return talking


HELP = """\
+24h, +3d, +30m   let time pass: whoever is silent is reminded, and given up after a week
/2                press the second button
(photo), (voice)  send a picture or a voice message
?                 this help; Ctrl-D ends"""


def _said(talking: Talk, reply: str | None, channel: Look) -> Talk:
    if talking.told == "person":
        _aside("People on call are told: somebody would like to talk.")
    elif talking.told:
        _aside(f"People on call are told at once ({talking.told.replace('_', ' ')}).")
    if reply is None:
        _aside("Nothing is said.")
    _bot(talking, reply, channel)
    return talking


def _passed(talking: Talk, silence: timedelta, channel: Look) -> Talk:
    before = talking.state
    talking, reminders = wait(talking, silence)
    for reminder in reminders:
        _bot(talking, reminder, channel)
    if talking.state != before:
        _aside("A week has passed: the conversation is given up. What still comes is kept.")
    elif not reminders:
        _aside("Nothing is said.")
    return talking


def _header(played: Survey, language: str) -> str:
    name = phrases.say("language_name", language) if language in phrases.LANGUAGES else language
    state = ""
    if language in played.stale:
        state = f" (changed since {played.approved[language].by} approved it)"
    elif language in played.drafts:
        state = " (machine-drafted, not approved)"
    elif language in played.approved:
        state = f" (approved by {played.approved[language].by})"
    return f"{played.key} in {name}{state}. ? for help."


def _fields(played: Survey, language: str, given: Sequence[str]) -> dict[str, str]:
    """What fills the survey's own fields: what is given, else the examples. Raises Problem."""
    values = {name: texts[language] for name, texts in played.fields.items()}
    for pair in given:
        name, equals, words = pair.partition("=")
        if not equals or name not in values:
            known = ", ".join(values) or "none"
            raise Problem(f"--set {pair}: the fields of this survey are {known}. Write FIELD=WORDS.")
        values[name] = words
    return values


def _bot(talking: Talk, text: str | None, channel: Look) -> None:
    for line in (text or "").splitlines():
        console.print(f"[cyan]‹[/] {escape(line)}" if line else "", highlight=False, soft_wrap=True)
    if text and channel is Look.sms:
        counted = count(text)
        _aside(f"{counted.parts} part{'' if counted.parts == 1 else 's'}: {size(counted)}")
    choices = talking.prompt.choices if talking.prompt and talking.prompt.text == text else ()
    if choices and channel is Look.telegram:
        for line in _buttons([choice.label for choice in choices]):
            console.print(f"  [cyan]{escape(line)}[/]", highlight=False, soft_wrap=True)


def _buttons(labels: Sequence[str], width: int = 76) -> list[str]:
    """The buttons, drawn in rows as wide as a screen."""
    rows: list[list[str]] = [[]]
    for number, label in enumerate(labels, start=1):
        text = f"/{number} {label}"
        if rows[-1] and sum(cell_len(t) + 5 for t in rows[-1]) + cell_len(text) + 4 > width:
            rows.append([])
        rows[-1].append(text)
    lines = []
    for row in rows:
        bars = ["─" * (cell_len(text) + 2) for text in row]
        lines.append(" ".join(f"╭{bar}╮" for bar in bars))
        lines.append(" ".join(f"│ {text} │" for text in row))
        lines.append(" ".join(f"╰{bar}╯" for bar in bars))
    return lines


def _aside(text: str) -> None:
    """What the player says, not Openline."""
    for line in text.splitlines():
        console.print(f"[dim]  {escape(line)}[/]", highlight=False, soft_wrap=True)


def _heard() -> str | None:
    if sys.stdin.isatty():
        console.print("[bold]›[/] ", end="")
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None
