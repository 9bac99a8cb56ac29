"""publish: a survey that people may begin by themselves, with a keyword."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Annotated

import typer

from survey_flows import Survey

from .. import publishing
from ..app import opened
from ..outreach.cautions import cautions
from ..settings import Settings
from ..store import keywords
from .root import Problem, app, console, run, settings
from .surveys import find


@app.command()
def publish(
    survey: Annotated[
        str | None, typer.Argument(help="A survey of the library, or a YAML file.", metavar="SURVEY")
    ] = None,
    take: Annotated[
        bool, typer.Option("--take", help="Also take keywords that start another survey until now.")
    ] = False,
    list_: Annotated[
        bool, typer.Option("--list", help="Show the keywords and what each of them starts.")
    ] = False,
) -> None:
    """Let people begin a survey by its keywords: JOIN BUS, or BUS alone. This sends nothing; `openline ask` does."""
    if (survey is None) is not list_:
        raise Problem("Name one survey, as in `openline publish transport-family`, or use --list.")
    told = run(_list(settings())) if survey is None else run(_publish(settings(), find(survey), take))
    for line in told:
        typer.echo(line)


async def _list(given: Settings) -> list[str]:
    async with opened(given) as service, service.database.read() as db:
        held = await keywords.holders(db)
    if not held:
        console.print("No keyword starts a survey yet. See docs/running.md.", highlight=False)
    return [f"{word.upper():12}  {key}" for word, key in held.items()]


async def _publish(given: Settings, survey: Survey, take: bool) -> list[str]:
    try:
        async with opened(given) as service, service.database.begin() as db:
            done = await publishing.publish(
                db, service.shelf, survey, service.clock(), service.new_id, take=take
            )
    except publishing.Taken as taken:
        raise Problem(
            f"{taken}. Nothing was changed. To have it start this survey from now on, use --take."
        ) from None
    except publishing.Unpublishable as error:
        raise Problem(str(error)) from None
    if survey.keywords:  # anybody who has the number may begin it, students too
        for caution in cautions(survey, students=True, on_call=bool(given.on_call)):
            console.print(caution, highlight=False, markup=False)
    return _told(survey, done.taken, done.lost, () if given.allow_drafts else sorted(survey.drafts))


def _told(survey: Survey, taken: Mapping[str, str], lost: Set[str], drafts: Sequence[str]) -> list[str]:
    lines = [f"Published: {survey.key}, version {survey.version}."]
    if drafts:
        lines.append(
            f"Nobody has approved it in {', '.join(drafts)} as it stands: these families get it in {survey.source}. "
            "See `openline translate status`."
        )
    for word in survey.keywords:
        before = f" (until now it started {taken[word]})" if word in taken else ""
        lines.append(f"{word.upper()} starts it from now on{before}: JOIN {word.upper()}")
    if not survey.keywords:
        lines.append(
            "It has no keywords, so nobody can begin it by themselves. They are a line: keywords: [BUS]"
        )
    if lost:
        lines.append(f"No longer: {', '.join(sorted(word.upper() for word in lost))}.")
    return lines
