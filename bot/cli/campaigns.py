"""The group openline campaign, and what its commands share: who does it, which campaign is meant, how errors read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from .. import staff as accounts
from ..app import App, opened
from ..outreach.audience import AudienceError
from ..outreach.campaign import CampaignError
from ..outreach.control import Refused
from ..store import staff as rows
from .root import Problem, app, settings

campaign = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="""Send a message, a survey or a sequence to an audience, and account for every person.

    A campaign is a file: `openline campaign new thanks.yaml` writes one to begin with. Edit it, look it over with
    `openline campaign check thanks.yaml`, send it to your own phone with `openline campaign test`, and send it with
    `openline campaign schedule thanks.yaml`. From then on it goes by its key: `watch`, `pause`, `stop`, `report`.
    """,
)
app.add_typer(campaign, name="campaign")

Key = Annotated[
    str, typer.Argument(help="The key of a campaign, as `openline campaign list` shows it.", metavar="KEY")
]
Named = Annotated[
    str,
    typer.Argument(help="A campaign's file, or the key of one that has been written.", metavar="CAMPAIGN"),
]
By = Annotated[
    str | None,
    typer.Option(
        metavar="EMAIL", help="The staff account that does it (default: the only account there is)."
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@asynccontextmanager
async def serving() -> AsyncIterator[App]:
    """The service; what cannot be done is told as a Problem."""
    async with opened(settings()) as service:
        try:
            yield service
        except (CampaignError, AudienceError, Refused) as error:
            raise Problem(str(error)) from None
        except LookupError as error:
            if isinstance(error, KeyError | IndexError):
                raise  # a defect, not a word that somebody typed
            raise Problem(f"{str(error.args[0]).rstrip('.')}.") from None


async def account(service: App, email: str | None) -> str:
    """The address of the account that does it. Raises Problem where it is not clear whose, or not enabled."""
    async with service.database.read() as db:
        if email is not None:
            member = await accounts.find(db, email)
            if member is None:
                raise Problem(
                    f"No account has the address {email.strip()}, or it is disabled: openline user list"
                )
            return member.email
        enabled = [each.email for each in await rows.everybody(db) if each.state != "disabled"]
    if not enabled:
        raise Problem(
            "Nobody has an account yet, and a campaign is somebody's. See `openline user add --help`."
        )
    if len(enabled) > 1:
        raise Problem(f"Say who does it: --by EMAIL. There are: {', '.join(enabled)}.")
    return enabled[0]


def written(named: str) -> str | None:
    """The text of the campaign's file that is named; None where it is a key. Raises Problem."""
    path = Path(named)
    if not path.is_file():
        if path.suffix or len(path.parts) > 1:
            raise Problem(
                f"There is no file {named}. `openline campaign new {named}` writes one to begin with."
            )
        return None
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise Problem(f"{named} is not in UTF-8. Save it again as UTF-8.") from None
    except OSError as error:
        raise Problem(f"{named} cannot be read: {error.strerror}.") from None


def local(service: App, moment: datetime | None) -> str:
    """A moment on the clock of the settings' time zone; a dash for none."""
    return (
        "-" if moment is None else f"{moment.astimezone(ZoneInfo(service.settings.timezone)):%Y-%m-%d %H:%M}"
    )


def people(count: int | None) -> str:
    """So many people, in words.

    >>> people(1), people(1200), people(None)
    ('1 person', '1,200 people', 'not counted yet')
    """
    if count is None:
        return "not counted yet"
    return f"{count:,} {'person' if count == 1 else 'people'}"
