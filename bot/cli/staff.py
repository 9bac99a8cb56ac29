"""user add, link, password, disable and list: who may sign in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from .. import staff as accounts
from ..app import App, opened
from ..store import staff as rows
from .root import Problem, app, run, settings

user = typer.Typer(no_args_is_help=True, help="Staff accounts: who may sign in and read.")
app.add_typer(user, name="user")

LINK_LIFE = timedelta(days=1)
"""Long enough to hand a link to somebody by hand."""

Email = Annotated[str, typer.Argument(help="Their work address; they sign in with it.")]


@asynccontextmanager
async def _accounts() -> AsyncIterator[tuple[App, AsyncConnection]]:
    """The service and one transaction on it; what cannot be done undoes it and is told as a Problem."""
    async with opened(settings()) as service:
        try:
            async with service.database.begin() as db:
                yield service, db
        except accounts.StaffError as error:
            raise Problem(f"{error}.") from None


async def _link(service: App, db: AsyncConnection, email: str) -> str:
    token = await accounts.make_link(db, service.clock(), email, LINK_LIFE)
    return f"{service.settings.public_url}/signin/link/{token}"


@user.command()
def add(
    email: Email,
    name: Annotated[str, typer.Option(help="Their name, as colleagues see it.")] = "",
    password: Annotated[
        str | None,
        typer.Option(
            envvar="OPENLINE_PASSWORD",
            help="Better left out: then a sign-in link is printed.",
            show_envvar=True,
        ),
    ] = None,
) -> None:
    """Let somebody in. Without a password you get a sign-in link to hand them; it works once, for a day."""

    async def go() -> str | None:
        async with _accounts() as (service, db):
            await accounts.add(db, service.clock(), email, name or email.split("@")[0], password)
            return None if password else await _link(service, db, email)

    link = run(go())
    typer.echo(f"{email} can sign in" + (f" here, once, until tomorrow:\n{link}" if link else "."))


@user.command()
def link(email: Email) -> None:
    """Print a new sign-in link for somebody who has an account. It works once, for a day."""

    async def go() -> str:
        async with _accounts() as (service, db):
            return await _link(service, db, email)

    typer.echo(f"{email} can sign in here, once, until tomorrow:\n{run(go())}")


@user.command()
def password(
    email: Email,
    new: Annotated[
        str,
        typer.Option(
            "--password",
            prompt="New password",
            confirmation_prompt=True,
            hide_input=True,
            envvar="OPENLINE_PASSWORD",
            help="Better left out: then you are asked, and nothing is shown.",
            show_envvar=True,
        ),
    ],
) -> None:
    """Set a password, of 15 characters or more. It is asked for twice; every open session of theirs ends."""

    async def go() -> None:
        async with _accounts() as (_, db):
            await accounts.set_password(db, email, new)

    run(go())
    typer.echo(f"{email} has a new password, and is signed out everywhere.")


@user.command()
def disable(email: Email) -> None:
    """Shut somebody out at once: their sessions and unused links end. What they did stays."""

    async def go() -> None:
        async with _accounts() as (service, db):
            await accounts.disable(db, service.clock(), email)

    run(go())
    typer.echo(f"{email} can no longer sign in.")


@user.command("list")
def list_() -> None:
    """List everybody who has an account: address, name, and how they sign in, or that they no longer may."""

    async def go() -> list[rows.Listed]:
        async with _accounts() as (_, db):
            return await rows.everybody(db)

    everybody = run(go())
    if not everybody:
        raise Problem("Nobody has an account yet. See `openline user add --help`.")
    widest = max(len(each.email) for each in everybody), max(len(each.name) for each in everybody)
    for each in everybody:
        typer.echo(f"{each.email:<{widest[0]}}  {each.name:<{widest[1]}}  {each.state}")
