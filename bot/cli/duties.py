"""duties: replies that may mean a legal duty, for the role that has to look; seen, and closed with what came of it."""

from __future__ import annotations

import json as json_
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from ..app import App, opened
from ..duties import find, parse
from ..store import duties as store
from .root import Problem, app, console, run, settings

T = TypeVar("T")

duties = typer.Typer(
    help="Replies that may mean a legal duty: a named role has to look at each, whatever its theme's rank."
)
app.add_typer(duties, name="duties")

SHORT = 8
"""So many of the last digits of an id are shown: the first ones are only the time."""

Id = Annotated[str, typer.Argument(help="The duty, as `openline duties` shows it.", metavar="ID")]
By = Annotated[str, typer.Option(help="Who looks after it: a name your colleagues know.")]


class Outcome(StrEnum):
    """What came of it."""

    ACTED = "acted"
    NO_DUTY = "no_duty"


@duties.callback(invoke_without_command=True)
def show(
    context: typer.Context,
    role: Annotated[str | None, typer.Option(help="Only those of this role, as the list names it.")] = None,
    id_: Annotated[
        str | None,
        typer.Option(
            "--show", metavar="ID", help="Show one with the words of the reply, and who wrote it: private."
        ),
    ] = None,
    closed: Annotated[bool, typer.Option("--closed", help="Also those that are closed.")] = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON, for other programs; without words.")] = False,
) -> None:
    """List what a role has to look at, newest first, without anybody's words."""
    if context.invoked_subcommand is not None:
        return
    if id_ is not None:

        async def one(service: App, db: AsyncConnection) -> list[str]:
            found = await store.words(db, await find(db, id_))
            return _whole(found, ZoneInfo(service.settings.timezone))

        for line in _with(one):
            typer.echo(line)
        return

    async def every(service: App, db: AsyncConnection) -> tuple[Sequence[Row[Any]], dict[str, str], App]:
        rows = await store.listed(db, role=role, closed=closed)
        labels = {}
        for row in rows:
            book = await service.books.of_survey(db, row.survey)
            labels[row.theme] = book[row.theme].label if row.theme in book else row.theme
        return rows, labels, service

    rows, labels, service = _with(every)
    if json:
        typer.echo(json_.dumps([_plain(row, labels) for row in rows], ensure_ascii=False, indent=2))
        return
    if not rows:
        console.print("Nothing waits for a role.", highlight=False)
    zone, contacts = ZoneInfo(service.settings.timezone), parse(service.settings.duty_roles)
    for named in sorted({row.role for row in rows}):
        told = "" if named.lower() in contacts else "  (nobody is told: OPENLINE_DUTY_ROLES)"
        typer.echo(f"{named}{told}")
        for row in rows:
            if row.role == named:
                typer.echo(f"  {_line(row, labels, zone)}")


@duties.command()
def seen(id_: Id, by: By) -> None:
    """Say that you are looking after it."""

    async def go(service: App, db: AsyncConnection) -> str:
        duty = await find(db, id_)
        if not await store.see(db, duty, _name(by), service.clock()):
            raise Problem(f"{id_} has been seen already. Who has it: openline duties --closed")
        short = duty.hex[-SHORT:]
        return (
            f"{short} is with {_name(by)}. When it is over: openline duties close {short} --by … --outcome …"
        )

    typer.echo(_with(go))


@duties.command()
def close(
    id_: Id,
    by: By,
    outcome: Annotated[
        Outcome,
        typer.Option(help="acted: something was done. no_duty: the reply means none.", show_choices=True),
    ],
) -> None:
    """Say that it is over, and what came of it."""

    async def go(service: App, db: AsyncConnection) -> str:
        duty = await find(db, id_)
        if not await store.close(db, duty, outcome.value, _name(by), service.clock()):
            raise Problem(f"{id_} is closed already.")
        return f"{duty.hex[-SHORT:]} is closed."

    typer.echo(_with(go))


def _with(work: Callable[[App, AsyncConnection], Awaitable[T]]) -> T:
    """Do this in one transaction. What cannot be done undoes it."""

    async def go() -> T:
        async with opened(settings()) as service:
            try:
                async with service.database.begin() as db:
                    return await work(service, db)
            except LookupError as error:
                raise Problem(f"{error.args[0]}. They are listed by: openline duties --closed") from None

    return run(go())


def _name(by: str) -> str:
    if not by.strip():
        raise Problem('Say who: --by "Ana Muster".')
    return by.strip()[:200]


def _line(row: Row[Any], labels: dict[str, str], zone: ZoneInfo) -> str:
    whose = f"{row.respondent}, {row.language}" + (f", {row.school}" if row.school else "")
    return f"{row.id.hex[-SHORT:]}  {row.created_at.astimezone(zone):%Y-%m-%d}  {labels[row.theme]}  [{whose}]  {_state(row, zone)}"


def _state(row: Row[Any], zone: ZoneInfo) -> str:
    state = f"seen by {row.seen_by}, {row.seen_at.astimezone(zone):%Y-%m-%d}" if row.seen_by else "NOT SEEN"
    if row.state != "closed":
        return state
    if row.seen_by is None:
        return "closed: people decided that the reply does not say this"
    return f"{state}; closed, {'acted' if row.outcome == 'acted' else 'no duty'}"


def _plain(row: Row[Any], labels: dict[str, str]) -> dict[str, Any]:
    def said(moment: datetime | None) -> str | None:
        return moment.isoformat() if moment else None

    return {
        "id": row.id.hex[-SHORT:],
        "role": row.role,
        "theme": row.theme,
        "label": labels[row.theme],
        "survey": row.survey,
        "respondent": row.respondent,
        "language": row.language,
        "school": row.school,
        "state": row.state,
        "since": said(row.created_at),
        "told": said(row.told_at),
        "seen_by": row.seen_by,
        "outcome": row.outcome,
    }


def _whole(row: Row[Any], zone: ZoneInfo) -> list[str]:
    about = {**(row.groups or {}), **({"list": row.external_id} if row.external_id else {})}
    reach = f"{row.channel} {row.address}" if row.address else "not known: answered elsewhere, or anonymously"
    whose = ", ".join(filter(None, (row.respondent, row.language, row.school)))
    return [
        f"{row.id.hex[-SHORT:]}  {row.created_at.astimezone(zone):%Y-%m-%d}  for: {row.role}",
        f"{row.theme}  [{whose}]  {_state(row, zone)}",
        f"reach them: {reach}",
        *(f"{name}: {value}" for name, value in about.items()),
        "",
        f"{row.survey}, {row.question}:",
        row.heard,
    ]
