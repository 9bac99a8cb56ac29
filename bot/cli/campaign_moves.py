"""campaign pause, resume, stop and trigger: what is done with one that has been scheduled."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from ..app import App
from ..outreach import control
from ..outreach.control import Standing
from .campaigns import By, Key, Yes, account, campaign, serving
from .root import Problem, run


@campaign.command()
def pause(
    key: Key,
    reason: Annotated[str, typer.Option(help="Why: your colleagues see it.")] = "paused by hand",
    by: By = None,
) -> None:
    """Hold a campaign at once: nothing more goes out until somebody resumes it. What is with the provider has gone.

    Openline also pauses one by itself when failures or opt-outs rise; `openline campaign show` says why.
    """
    _move(by, lambda service, who: control.pause(service, key, who, reason.strip()[:200]))
    typer.echo(f"{key} is paused. To go on: openline campaign resume {key}")


@campaign.command()
def resume(key: Key, by: By = None) -> None:
    """Let a paused campaign go on where it was. Nobody who has had a message gets it again."""
    stands = _move(by, lambda service, who: control.resume(service, key, who))
    typer.echo(f"{key} is {stands.state} again.")


@campaign.command()
def stop(key: Key, by: By = None, yes: Yes = False) -> None:
    """End a campaign for good. Whoever has had nothing yet is counted as cancelled. There is no way back."""
    if not yes and not typer.confirm(
        f"Stop {key} for good? `openline campaign pause` only holds it", err=True
    ):
        raise Problem(f"{key} goes on.")
    _move(by, lambda service, who: control.stop(service, key, who))
    typer.echo(f"{key} is stopped. Who had it, and who did not: openline campaign report {key}")


@campaign.command()
def trigger(
    key: Key,
    occasion: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="What it is about, 40 characters at most (default: today's date)."),
    ] = None,
    by: By = None,
    yes: Yes = False,
) -> None:
    """Send a campaign now whose file says `when: trigger`. It goes once for each occasion, so twice a day does no harm."""

    async def go(service: App, who: str) -> Standing:
        stands = await control.standing(service, key)
        today = service.clock().astimezone(ZoneInfo(service.settings.timezone)).date().isoformat()
        named = (occasion or today).strip()[:40]
        if not yes and not typer.confirm(f"Send '{stands.title}' now, for {named}?", err=True):
            raise Problem("Nothing is sent.")
        return await control.trigger(service, key, who, named)

    _move(by, go)
    typer.echo(f"{key} begins. See it go: openline campaign watch {key}")


def _move(by: str | None, work: Callable[[App, str], Awaitable[Standing]]) -> Standing:
    """Do this as that account. Raises Problem."""

    async def go() -> Standing:
        async with serving() as service:
            return await work(service, await account(service, by))

    return run(go())
