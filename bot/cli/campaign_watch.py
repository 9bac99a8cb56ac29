"""campaign watch: a campaign that is going out, live."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.live import Live
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from ..app import App
from ..outreach import control
from ..outreach.accounting import Report
from ..outreach.control import Standing
from .campaign_views import counted, told
from .campaigns import Key, campaign, local, serving
from .root import Problem, console, run

UNDER_WAY = ("waiting", "queued", "sending")
"""States of those who are still to be handed to a provider."""
OVER = ("draft", "awaiting", "paused", "stopped", "finished")
"""States of a campaign in which nothing more goes out by itself."""
ENDED = ("done", "stopped")


@campaign.command()
def watch(
    key: Key,
    every: Annotated[float, typer.Option(min=0.2, help="Look again after so many seconds.")] = 2.0,
) -> None:
    """Watch a campaign go out, live: how far it is, and how many people are in which state. Ends when it has ended.

    Ctrl-C only ends the watching. To hold the campaign: `openline campaign pause KEY`.
    """

    async def go() -> tuple[App, Standing, Report]:
        async with serving() as service:
            stands = await control.standing(service, key)
            if stands.state in ("draft", "awaiting"):
                raise Problem(f"{key} is not scheduled ({stands.state}), so there is nothing to watch.")
            bar, task = _bar()
            report = await counted(service, key)
            with Live(console=console, transient=True, auto_refresh=False) as live:
                while not over(stands):
                    live.update(_picture(service, bar, task, stands, report), refresh=True)
                    await asyncio.sleep(every)
                    stands, report = await control.standing(service, key), await counted(service, key)
            return service, stands, report

    service, stands, report = run(go())
    for line in told(report):
        typer.echo(line)
    console.print(_end(service, stands), highlight=False, markup=False, soft_wrap=True)


def over(stands: Standing) -> bool:
    """Whether nothing goes out any more until somebody does something, or the next occasion comes."""
    return stands.state in OVER or (bool(stands.runs) and all(one.state in ENDED for one in stands.runs))


def gone(report: Report) -> int:
    """How many are behind us: sent, or not to be sent."""
    return report.total - sum(line.people for line in report.lines if line.state in UNDER_WAY)


def _bar() -> tuple[Progress, TaskID]:
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=console,
    )
    return bar, bar.add_task("", total=None)


def _picture(service: App, bar: Progress, task: TaskID, stands: Standing, report: Report) -> RenderableType:
    expanding = [one for one in stands.runs if one.state == "expanding"]
    if expanding:
        looked, expected = (sum(getattr(one, name) for one in expanding) for name in ("expanded", "expected"))
        bar.update(
            task, description=f"{stands.key}: looking up who is meant", completed=looked, total=expected
        )
    elif report.total:
        bar.update(
            task, description=f"{stands.key}: {stands.state}", completed=gone(report), total=report.total
        )
    else:
        bar.update(task, description=f"{stands.key} begins {local(service, stands.next_at)}", total=None)
    counts = Table.grid(padding=(0, 2))
    for line in report.lines:
        counts.add_row(f"{line.people:9,}", line.state, f"{line.share:.1%}")
    return Group(bar, counts)


def _end(service: App, stands: Standing) -> str:
    if stands.state == "paused":
        return f"Paused: {stands.reason or 'by hand'}. To go on: openline campaign resume {stands.key}"
    if stands.next_at is not None:
        return f"It goes again {local(service, stands.next_at)}."
    return f"It is {stands.state}."
