"""campaign new, check, test, schedule and approve: from a file to a campaign that is going to be sent."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated

import typer

from ..app import App
from ..outreach import control
from ..outreach.campaign import Campaign
from ..outreach.campaign_file import LIBRARY, loads, starter
from ..outreach.checks import Checked, look
from ..outreach.control import Standing
from .campaigns import By, Key, Named, Yes, account, campaign, local, people, serving, written
from .root import Problem, console, run, write

FIRST = "on-time-thanks"
"""The starter with the most to read in it."""
_KEY = re.compile(r"[a-z][a-z0-9-]{0,63}")
_NUMBER = re.compile(r"\+[1-9]\d{6,14}")


@campaign.command()
def new(
    file: Annotated[
        Path, typer.Argument(help="The file to write, like thanks-for-may.yaml.", metavar="FILE")
    ],
    like: Annotated[
        str, typer.Option(metavar="KIND", help=f"What to start from. One of: {', '.join(LIBRARY)}.")
    ] = FIRST,
) -> None:
    """Write a campaign's file to begin with, in eight languages and with comments that explain it. Nothing is sent.

    Its key is the file's name. Put in your own words, audience and hours; then: `openline campaign check FILE`.
    """
    try:
        text = starter(like)
    except LookupError as error:
        raise Problem(f"{error.args[0]}.") from None
    if file.exists():
        raise Problem(f"{file} is there already. Give another name: nothing is written over.")
    if not _KEY.fullmatch(file.stem):
        raise Problem(
            f"{file.name}: a campaign is called by its file. Use small letters a-z, digits and hyphens, like thanks-for-may.yaml."
        )
    write(file, re.sub(r"(?m)^campaign: .*$", f"campaign: {file.stem}", text, count=1).encode())
    typer.echo(f"{file} is written. Make it yours, and then: openline campaign check {file}")


@campaign.command()
def check(
    named: Named,
    as_json: Annotated[bool, typer.Option("--json", help="Write what was found as JSON.")] = False,
) -> None:
    """Look a campaign over before anybody gets it: who, in which languages, which words, how much, how long it takes.

    Nothing is kept and nothing is sent. Ends with code 1 where something keeps it from being sent.
    """

    async def go() -> Checked:
        async with serving() as service:
            return await _looked_over(service, await _read(service, named))

    found = run(go())
    typer.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=2) if as_json else found.as_text())
    if found.blocks:
        raise typer.Exit(1)


@campaign.command()
def schedule(named: Named, by: By = None, yes: Yes = False) -> None:
    """Send a campaign when its time comes: look it over, ask, and from then on it goes by itself.

    A file is kept under its key first; one that has begun cannot be changed any more. Above a number of people
    (OPENLINE_APPROVE_ABOVE) it waits for a second person: `openline campaign approve`.
    """

    async def go() -> tuple[App, Standing]:
        async with serving() as service:
            who = await account(service, by)
            key = await _kept(service, named, who)
            made = loads((await control.standing(service, key)).text, named)
            found = await _looked_over(service, made)
            typer.echo(found.as_text())
            if found.blocks:
                raise Problem(
                    f"{key} is kept as a draft. Mend what stands in its way, and schedule it again."
                )
            if not yes and not typer.confirm(f"Send it to {people(found.size)}, {_when(made)}?", err=True):
                raise Problem(f"{key} is kept as a draft. Nothing is sent.")
            return service, await control.schedule(service, key, who)

    typer.echo(_scheduled(*run(go())))


@campaign.command()
def approve(key: Key, by: By = None, yes: Yes = False) -> None:
    """Approve a large campaign as a second person, after reading what it says. An edit takes the approval away."""

    async def go() -> tuple[App, Standing]:
        async with serving() as service:
            who = await account(service, by)
            stands = await control.standing(service, key)
            if stands.state == "awaiting":
                found = await _looked_over(service, loads(stands.text, key))
                typer.echo(found.as_text())
                asked = f"Approve {key}, written by {stands.written_by}, for {people(found.size)}?"
                if not yes and not typer.confirm(asked, err=True):
                    raise Problem(f"{key} still waits for approval. Nothing is sent.")
            return service, await control.approve(service, key, who)

    typer.echo(_scheduled(*run(go())))


@campaign.command("test")
def to_oneself(
    named: Named,
    to: Annotated[
        str,
        typer.Option(
            metavar="CHANNEL:ADDRESS", help="Your own phone or chat, like sms:+15551230001 or telegram:12345."
        ),
    ],
    language: Annotated[
        str | None, typer.Option(help="In which language (default: the source). Drafts can be tested.")
    ] = None,
    by: By = None,
) -> None:
    """Send a campaign's messages to yourself, each step and each variant, with made-up names in their gaps.

    A file is kept under its key as a draft first. They are counted nowhere. A worker sends them (`openline work`).
    """
    channel, colon, address = (part.strip() for part in to.partition(":"))
    if not (channel and colon and address):
        raise Problem(f"--to {to}: write it as CHANNEL:ADDRESS, like sms:+15551230001.")
    if channel == "sms" and not _NUMBER.fullmatch(address):
        raise Problem(f"--to {to}: write the number with its country, like sms:+15551230001.")

    async def go() -> str:
        async with serving() as service:
            who = await account(service, by)
            if channel not in service.channels:
                known = ", ".join(service.channels) or "none: `openline doctor` tells what is missing"
                raise Problem(f"--to {to}: the channels that are set up are {known}.")
            key = await _kept(service, named, who)
            made = loads((await control.standing(service, key)).text, named)
            tag = language or made.source
            if tag not in made.languages:
                raise Problem(f"{key} speaks {', '.join(made.languages)}, not {tag}.")
            await control.test(service, key, (channel, address), tag, who)
            return tag

    typer.echo(f"What it says in {run(go())} is on its way to you.")


async def _looked_over(service: App, made: Campaign) -> Checked:
    """What the checks find, with a count on standard error while they look: a large audience takes a while."""
    with console.status("Looking everybody up …") as status:

        def looked(so_far: int) -> None:
            status.update(f"Looked at {people(so_far)} …")

        return await look(service, made, service.clock(), progress=looked)


async def _read(service: App, named: str) -> Campaign:
    text = written(named)
    return loads(text if text is not None else (await control.standing(service, named)).text, named)


async def _kept(service: App, named: str, who: str) -> str:
    """The key of the campaign that is named; a file is kept under its key."""
    text = written(named)
    return named if text is None else (await control.write(service, text, who)).key


def _when(made: Campaign) -> str:
    """When it goes, as it stands in the file.

    >>> from bot.outreach.campaign_file import loads, starter
    >>> _when(loads(starter("missed-you"), "")), _when(loads(starter("good-news"), ""))
    ('1 day after each absence, at 16:30', 'whenever it is triggered')
    """
    when = made.when
    if when.kind == "at":
        return f"on {when.at:%Y-%m-%d} at {when.at:%H:%M} by each school's clock"
    if when.kind == "cron":
        return f"each time that '{when.cron}' comes" + (f", until {when.ends}" if when.ends else "")
    if when.kind == "date":
        days = f"{abs(when.days)} day{'' if abs(when.days) == 1 else 's'}"
        far = f"{days} {'after' if when.days > 0 else 'before'}" if when.days else "on the day of"
        return f"{far} each {when.of}, at {when.time:%H:%M}"
    return "now" if when.kind == "now" else "whenever it is triggered"


def _scheduled(service: App, stands: Standing) -> str:
    if stands.state == "awaiting":
        return (
            f"{stands.key} is not sent yet. {stands.reason or 'A second person has to approve it'}: "
            f"openline campaign approve {stands.key} --by EMAIL"
        )
    if stands.next_at is None and stands.runs and loads(stands.text, stands.key).when.kind != "trigger":
        return f"{stands.key} has begun already. See how far it is: openline campaign show {stands.key}"
    if stands.next_at is None:
        return f"{stands.key} is scheduled, and goes whenever somebody says so: openline campaign trigger {stands.key}"
    return f"{stands.key} is scheduled: {local(service, stands.next_at)}. See it go: openline campaign watch {stands.key}"
