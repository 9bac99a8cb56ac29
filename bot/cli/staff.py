"""user add: who may sign in."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from .. import staff as accounts
from ..app import opened
from .root import Problem, app, run, settings

user = typer.Typer(no_args_is_help=True, help="Staff accounts: who may sign in and read.")
app.add_typer(user, name="user")


@user.command()
def add(
    email: Annotated[str, typer.Argument(help="Their work address; they sign in with it.")],
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
        async with opened(settings()) as service:
            try:
                async with service.database.begin() as db:
                    await accounts.add(db, service.clock(), email, name or email.split("@")[0], password)
                    if password:
                        return None
                    token = await accounts.make_link(db, service.clock(), email, timedelta(days=1))
            except accounts.StaffError as error:
                raise Problem(f"{error}.") from None
            return f"{service.settings.public_url}/signin/link/{token}"

    link = run(go())
    typer.echo(f"{email} can sign in" + (f" here, once, until tomorrow:\n{link}" if link else "."))
