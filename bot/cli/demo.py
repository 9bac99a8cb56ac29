"""demo: the whole thing on this computer, with made-up families."""

from __future__ import annotations

import asyncio
import json as json_
import os
import shutil
import sys
import webbrowser
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from analysis import summary as reckoning

from .. import appointing, staff
from ..demo import content, office
from ..demo.bars import bars
from ..demo.round import SURVEY, RoundFailed, Stage, stage
from .root import Problem, app, console, run

VISITOR = "visitor@riverbend.invalid"


@app.command()
def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Play the round, print what was found, and end.")
    ] = False,
    json: Annotated[Path | None, typer.Option(help="Also write the findings to this file, as JSON.")] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port for the pages; 0 takes any that is free.")
    ] = 0,
    database: Annotated[
        str | None, typer.Option(help="An empty database to play in; default: var/demo.db, emptied first.")
    ] = None,
    browser: Annotated[
        bool,
        typer.Option(
            "--browser/--no-browser",
            help="Open the pages in the browser; without it, write one line with the sign-in link and nothing else.",
        ),
    ] = True,
) -> None:
    """Play a listening round with 300 made-up families and students, then show its pages until Ctrl-C.

    Text messages and Telegram updates really travel, signed, over this computer's own network; two doubles stand in
    for the providers. Nothing leaves this computer, and none of your own settings or data are touched.
    """
    try:
        good = run(_demo(once, json, port, database, browser))
    except RoundFailed as error:
        raise Problem(str(error)) from None
    except OSError as error:
        raise Problem(f"Port {port} cannot be used ({error.strerror}). Try --port 0.") from None
    if not good:
        raise typer.Exit(1)


async def _demo(once: bool, json: Path | None, port: int, database: str | None, browser: bool) -> bool:
    settings = {"database_url": database} if database else None
    with bars(console) as progress:
        async with stage(settings=settings, port=port, progress=progress) as played:
            await asyncio.to_thread(_print, played, json, quiet=not browser)
            if not once:
                await _show(played, browser)
    return played.outcome.good


def _print(played: Stage, json: Path | None, *, quiet: bool) -> None:
    outcome = played.outcome
    if not quiet:
        width = min(shutil.get_terminal_size((100, 24)).columns, 110)
        typer.echo(reckoning.as_text(outcome.summary, width))
        typer.echo(
            f"\n{outcome.people} made-up people, {outcome.replies} different replies, "
            f"{sum(outcome.seconds.values()):.0f} seconds. {outcome.accounts.line}"
        )
    if json is not None:
        text = json_.dumps(reckoning.to_json(outcome.summary), ensure_ascii=False, indent=2)
        json.write_text(text + "\n", encoding="utf-8")


async def _show(played: Stage, browser: bool) -> None:
    database, now = played.app.database, played.app.clock()
    async with database.begin() as db:
        await appointing.admit(db, now, None, VISITOR, "Demo visitor", "admin")
        token = await staff.make_link(db, now, VISITOR, timedelta(days=1))
    await office.furnish(played.app, SURVEY, content.replies())
    link = f"{played.address}/signin/link/{token}"
    if browser:
        typer.echo(f"\nThe pages are at {played.address}")
    typer.echo(f"Sign in: {link}")
    if browser:
        typer.echo("The link works once. Ctrl-C ends the demo.")
        if _has_screen():
            await asyncio.to_thread(webbrowser.open, link)
    await asyncio.Event().wait()


def _has_screen() -> bool:
    """Whether a window can be opened: without one, Python would open a browser of letters in the terminal."""
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True
