"""ask: sending a survey's first message to everyone not asked yet."""

from __future__ import annotations

from typing import Annotated

import typer

from survey_flows import Survey

from ..app import opened
from ..outreach.ask import ask as ask_everyone
from ..outreach.ask import unapproved
from ..settings import Settings
from .root import Problem, app, console, run, settings
from .surveys import SurveyArgument, find


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
