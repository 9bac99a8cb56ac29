"""alerts: which messages need a person, who has looked, and what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from .. import alerts as rows
from ..app import App, opened
from .root import Problem, app, console, run, settings

T = TypeVar("T")

alerts = typer.Typer(
    help="Messages that need a person: danger, and people who would like to talk to somebody."
)
app.add_typer(alerts, name="alerts")

KINDS = {
    "self_harm": "may speak of harming themselves",
    "harm": "may speak of somebody who hurts them or a child",
    "violence": "may speak of violence against others",
    "person": "would like to talk to a person",
}
CONCLUDED = {
    "helped": "Nothing more is asked until they write to us.",
    "asked again": "Their question is asked again.",
    "nothing to ask": "There is no question to ask again.",
}
SHORT = 8
"""So many of the last digits of an id are shown: the first ones are only the time."""

Id = Annotated[str, typer.Argument(help="The alert, as `openline alerts` shows it.", metavar="ID")]
By = Annotated[str, typer.Option(help="Who looks after it: a name your colleagues know.")]


class Outcome(StrEnum):
    """What came of it."""

    HELPED = "helped"
    FALSE_ALARM = "false-alarm"


@alerts.callback(invoke_without_command=True)
def show(
    context: typer.Context,
    id_: Annotated[
        str | None,
        typer.Option(
            "--show",
            metavar="ID",
            help="Show one with the words of its message and a number to call: private.",
        ),
    ] = None,
    closed: Annotated[bool, typer.Option("--closed", help="Also those that are closed.")] = False,
) -> None:
    """List what needs a person, newest first, without anybody's words."""
    if context.invoked_subcommand is not None:
        return

    async def one(service: App, db: AsyncConnection) -> list[str]:
        alert = await rows.words(db, await rows.find(db, id_ or ""))
        return _whole(alert, ZoneInfo(service.settings.timezone), service.clock())

    async def every(service: App, db: AsyncConnection) -> list[str]:
        zone, now = ZoneInfo(service.settings.timezone), service.clock()
        found = await rows.listed(db, closed=closed)
        return [f"{_short(row)}  {_when(row.created_at, zone, now)}  {_told(row, zone)}" for row in found]

    lines = _with(one if id_ else every)
    if not lines:
        console.print("Nothing waits for a person.", highlight=False)
    for line in lines:
        typer.echo(line)


@alerts.command()
def see(id_: Id, by: By) -> None:
    """Say that you are looking after it. Nobody else on call is told of it any more."""

    async def go(service: App, db: AsyncConnection) -> str:
        alert = await rows.find(db, id_)
        if not await rows.see(db, alert, _name(by), service.clock()):
            raise Problem(f"{id_} has been seen already. Who has it: openline alerts --closed")
        return f"{alert.hex[-SHORT:]} is with {_name(by)}. When it is over: openline alerts close {alert.hex[-SHORT:]}"

    typer.echo(_with(go))


@alerts.command()
def close(
    id_: Id, by: By, outcome: Annotated[Outcome, typer.Option(help="What came of it.", show_choices=True)]
) -> None:
    """Say that it is over. After a false alarm the question that has been waiting is asked again."""

    async def go(service: App, db: AsyncConnection) -> str:
        alert, now = await rows.find(db, id_), service.clock()
        said: Literal["helped", "false_alarm"] = "helped" if outcome is Outcome.HELPED else "false_alarm"
        became = await rows.conclude(db, service.shelf, service.desk, alert, said, _name(by), now)
        if became == "closed already":
            raise Problem(f"{id_} is closed already.")
        if became == "asked again":
            await service.database.rouse(db)
        return f"{alert.hex[-SHORT:]} is closed. {CONCLUDED[became]}"

    typer.echo(_with(go))


def _with(work: Callable[[App, AsyncConnection], Awaitable[T]]) -> T:
    """Do this in one transaction. What cannot be done undoes it."""

    async def go() -> T:
        async with opened(settings()) as service:
            try:
                async with service.database.begin() as db:
                    return await work(service, db)
            except LookupError as error:
                raise Problem(f"{error.args[0]}. They are listed by: openline alerts --closed") from None

    return run(go())


def _name(by: str) -> str:
    if not by.strip():
        raise Problem('Say who: --by "Ana Muster".')
    return by.strip()[:200]


def _short(row: Row[Any]) -> str:
    return str(row.id.hex[-SHORT:])


def _when(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """The moment on the clock there, and how long ago that is.

    >>> from datetime import UTC
    >>> _when(datetime(2026, 10, 14, 15, tzinfo=UTC), ZoneInfo("America/New_York"), datetime(2026, 10, 14, 17, tzinfo=UTC))
    '2026-10-14 11:00 (2 hours ago)'
    """
    minutes = max(0, int((now - moment).total_seconds() // 60))
    number, unit = next(
        (minutes // size, unit)
        for size, unit in ((1440, "day"), (60, "hour"), (1, "minute"))
        if minutes >= size or size == 1
    )
    ago = f"{number} {unit}{'' if number == 1 else 's'} ago"
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M} ({ago})"


def _told(row: Row[Any], zone: ZoneInfo) -> str:
    """What it is about, who writes, and who looks after it."""
    whose = f"{row.respondent}, {row.language}" + (f", {row.school}" if row.school else "")
    if row.seen_at is None:
        state = f"NOT SEEN; {row.told or 'nobody'} told"
    else:
        state = f"seen by {row.seen_by}, {row.seen_at.astimezone(zone):%Y-%m-%d %H:%M}"
    if row.state == "closed":
        state += f"; closed, {(row.outcome or '').replace('_', ' ')}"
    return f"{KINDS.get(row.kind, row.kind)}  [{whose}]  {state}"


def _whole(row: Row[Any], zone: ZoneInfo, now: datetime) -> list[str]:
    about = {**(row.groups or {}), **({"list": row.external_id} if row.external_id else {})}
    return [
        f"{_short(row)}  {_when(row.created_at, zone, now)}",
        _told(row, zone),
        f"reach them: {row.channel} {row.address}",
        *(f"{name}: {value}" for name, value in about.items()),
        "",
        row.text or "(the words are no longer kept)",
        *(f"{type_}: {url}" for url, type_ in row.media or ()),
    ]
