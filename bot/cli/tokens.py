"""token create, list and revoke: which programs may use the API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from .. import tokens
from ..app import App, opened
from ..store import tokens as rows
from ..store.tokens import Token
from .root import Problem, app, console, run, settings

token = typer.Typer(no_args_is_help=True, help="Tokens that let programs use the API.")
app.add_typer(token, name="token")

Name = Annotated[str, typer.Argument(help="What the token is for, as: nightly-absences.")]


@asynccontextmanager
async def _store() -> AsyncIterator[tuple[App, AsyncConnection]]:
    """The service and one transaction on it; what cannot be done undoes it and is told as a Problem."""
    async with opened(settings()) as service:
        try:
            async with service.database.begin() as db:
                yield service, db
        except tokens.TokenError as error:
            raise Problem(f"{error}.") from None


@token.command()
def create(
    name: Name,
    by: Annotated[
        str, typer.Option(help="Whose account it acts for: what the program does, this person did.")
    ],
    scope: Annotated[
        list[str] | None,
        typer.Option(help=f"What it may do; repeat it for several. One of: {', '.join(tokens.SCOPES)}."),
    ] = None,
    days: Annotated[
        int, typer.Option(help=f"How many days it is good for, {tokens.MOST_DAYS} at most.")
    ] = tokens.DAYS,
) -> None:
    """Make a token for a program and print it, once: it is kept nowhere, so keep it where the program can read it."""

    async def go() -> str:
        async with _store() as (service, db):
            return await tokens.create(db, service.clock(), name, scope or (), days, by)

    typer.echo(run(go()))
    console.print(
        f"{name} is good for {days} days. This is the only time it is shown.", highlight=False, markup=False
    )


@token.command("list")
def list_() -> None:
    """List all tokens: name, whose, what it may do, when it ends, when it was last used. Never the token itself."""

    async def go() -> tuple[App, list[Token]]:
        async with _store() as (service, db):
            return service, await rows.everything(db)

    service, made = run(go())
    if not made:
        raise Problem("There are no tokens yet. See `openline token create --help`.")
    now = service.clock()
    for each in made:
        ends = f"until {each.expires_at:%Y-%m-%d}" if each.expires_at else "without end"
        used = f"used {each.used_at:%Y-%m-%d %H:%M} UTC" if each.used_at else "never used"
        good = tokens.state(each, now)
        typer.echo(
            f"{each.name}  {each.email}  {' '.join(sorted(each.scopes))}  "
            f"{ends if good == 'good' else good}  {used}"
        )


@token.command()
def revoke(name: Name) -> None:
    """End a token at once. The program that uses it gets 401 from now on."""

    async def go() -> None:
        async with _store() as (service, db):
            await tokens.revoke(db, service.clock(), name)

    run(go())
    typer.echo(f"{name} lets nobody in any more.")
