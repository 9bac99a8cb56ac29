"""user add, role, link, password, disable, enable and list: who may sign in, and what they may do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from .. import appointing
from .. import staff as accounts
from ..app import App, opened
from ..roles import ROLES
from ..store import accounts as kept
from ..store import staff as rows
from .root import Problem, app, run, settings

user = typer.Typer(no_args_is_help=True, help="Staff accounts: who may sign in and read.")
app.add_typer(user, name="user")

LINK_LIFE = timedelta(days=1)
"""Long enough to hand a link to somebody by hand."""

Email = Annotated[str, typer.Argument(help="Their work address; they sign in with it.")]
School = Annotated[
    str,
    typer.Option(help="The school that it is for, as the lists of families write it. Empty: all of them."),
]
ALL = ", ".join(ROLES)


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
    role: Annotated[
        str,
        typer.Option(help=f"What they may do: {ALL}; or none, to read findings and nothing else."),
    ] = "organizer",
    school: School = "",
) -> None:
    """Let somebody in. Without a password you get a sign-in link to hand them; it works once, for a day.

    The first account of all is an admin, who can give roles to others, also on the pages.
    """

    async def go() -> tuple[str | None, str | None]:
        async with _accounts() as (service, db):
            wanted = None if role == "none" else appointing.role(role)
            called = name or email.split("@")[0]
            _, given = await appointing.admit(
                db, service.clock(), None, email, called, wanted, school or None, password
            )
            return given, None if password else await _link(service, db, email)

    given, link = run(go())
    if given == "admin" != role:
        typer.echo(f"{email} is the first account, so it is an admin's.")
    typer.echo(f"{email} can sign in" + (f" here, once, until tomorrow:\n{link}" if link else "."))


@user.command("role")
def role_(
    email: Email,
    role: Annotated[str, typer.Argument(help=f"One of: {ALL}.")],
    school: School = "",
    remove: Annotated[bool, typer.Option("--remove", help="Take it away instead.")] = False,
) -> None:
    """Give somebody a role, everywhere or at one school, or take it away. It counts from their next click on."""

    async def go() -> bool:
        async with _accounts() as (service, db):
            now, member = service.clock(), await accounts.wanted(db, email)
            move = appointing.dismiss if remove else appointing.appoint
            return await move(db, now, None, member.id, appointing.role(role), school or None)

    told = f"{role.lower()} {f'at {school}' if school else 'everywhere'}"
    if run(go()):
        typer.echo(f"{email} is {'no longer' if remove else 'now'} {told}.")
    else:
        typer.echo(f"{email} is {'not' if remove else 'already'} {told}.")


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
            await appointing.close(db, service.clock(), None, email)

    run(go())
    typer.echo(f"{email} can no longer sign in.")


@user.command()
def enable(email: Email) -> None:
    """Let somebody in again who was shut out, with the roles and the password that they had."""

    async def go() -> None:
        async with _accounts() as (service, db):
            await appointing.reopen(
                db, service.clock(), None, await kept.by_address(db, accounts.address(email))
            )

    run(go())
    typer.echo(f"{email} can sign in again.")


@user.command("list")
def list_() -> None:
    """List everybody who has an account: address, name, how they sign in or that they no longer may, and their roles."""

    async def go() -> list[rows.Listed]:
        async with _accounts() as (_, db):
            return await rows.everybody(db)

    everybody = run(go())
    if not everybody:
        raise Problem("Nobody has an account yet. See `openline user add --help`.")
    widest = max(len(each.email) for each in everybody), max(len(each.name) for each in everybody)
    for each in everybody:
        roles = ", ".join(role if school is None else f"{role} at {school}" for role, school in each.roles)
        typer.echo(
            f"{each.email:<{widest[0]}}  {each.name:<{widest[1]}}  {each.state:<9}  {roles or 'no role'}"
        )
