"""waves: rounds of one survey that are compared, each with findings of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from .. import waves as rounds
from ..app import App, opened
from ..store import waves as store
from .root import Problem, app, console, run, settings

T = TypeVar("T")

waves = typer.Typer(
    help="Rounds of one survey that are compared: an answer belongs to the last that had begun when it was given."
)
app.add_typer(waves, name="waves")

Survey = Annotated[str, typer.Argument(help="The key of a survey.", metavar="SURVEY")]
Name = Annotated[str, typer.Argument(help='What it is called, as "Fall 2026".', metavar="NAME")]


@waves.callback(invoke_without_command=True)
def show(context: typer.Context) -> None:
    """List the waves of every survey, and how many people answered in each."""
    if context.invoked_subcommand is not None:
        return

    async def go(service: App, db: AsyncConnection) -> list[str]:
        zone = ZoneInfo(service.settings.timezone)
        lines = []
        for survey in dict.fromkeys(row.survey for row in await store.listed(db)):
            lines.append(survey)
            for wave in await rounds.of_survey(db, survey):
                replied = await store.replied(db, survey, wave.span)
                lines.append(f"  {wave.begins.astimezone(zone):%Y-%m-%d}  {wave.name}: {replied} replied")
            if before := await rounds.outside(db, survey):
                lines.append(f"  {before} replied before the first wave: they are in none")
        return lines

    lines = _with(go)
    if not lines:
        console.print(
            'No survey has waves. To add one: openline waves add SURVEY "Fall 2026" --from 2026-09-01'
        )
    for line in lines:
        typer.echo(line)


@waves.command()
def add(
    survey: Survey,
    name: Name,
    begins: Annotated[
        datetime,
        typer.Option(
            "--from", formats=["%Y-%m-%d"], help="Its first day, in your time zone.", metavar="DATE"
        ),
    ],
) -> None:
    """Begin a wave on a day. It lasts until the next wave of the survey begins."""

    async def go(service: App, db: AsyncConnection) -> tuple[int, int]:
        keys = await service.shelf.keys(db)
        if survey not in keys:
            raise Problem(f"There is no survey {survey}. There are: {', '.join(keys) or 'none yet'}.")
        moment = begins.replace(tzinfo=ZoneInfo(service.settings.timezone))
        await rounds.add(db, survey, name, moment)
        wave = rounds.pick(await rounds.of_survey(db, survey), name, service.clock())
        replied = await store.replied(db, survey, wave.span) if wave else 0
        return replied, await rounds.outside(db, survey)

    replied, before = _with(go)
    typer.echo(f"{name} begins on {begins:%Y-%m-%d}. {replied} have replied in it so far.")
    if before:
        typer.echo(
            f"{before} replied before the first wave and are in none now. To count them, add a wave for them: "
            f'openline waves add {survey} "NAME" --from DATE'
        )


@waves.command()
def remove(survey: Survey, name: Name) -> None:
    """Take a wave away. Nothing is lost: its answers belong to the wave before it, or to none."""

    async def go(_: App, db: AsyncConnection) -> None:
        await rounds.remove(db, survey, name)

    _with(go)
    typer.echo(f"{name} is no wave of {survey} any more.")


def _with(work: Callable[[App, AsyncConnection], Awaitable[T]]) -> T:
    """Do this in one transaction. What cannot be done undoes it."""

    async def go() -> T:
        async with opened(settings()) as service:
            try:
                async with service.database.begin() as db:
                    return await work(service, db)
            except rounds.NoWave as error:
                raise Problem(str(error)) from None

    return run(go())
