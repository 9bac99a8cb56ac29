"""review: people read replies and decide what they say. Here: how it stands, and one reply as a reader sees it."""

from __future__ import annotations

import json as json_
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from .. import staff as accounts
from ..app import App
from ..dialogue.people import short
from ..dialogue.sureness import word
from ..reviewing import queue, standing
from ..reviewing.deciding import CannotDecide
from ..reviewing.showing import Suggestion, Task, show
from ..store import readings
from .campaigns import account
from .inbox import By, Reader, tongue, with_
from .root import Problem, app, console

review = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="""Read replies and decide which themes they name; the coder learns from it, and the findings go by it.

    `openline review start` hands out one reply after another, with what the coder suggests. `openline review figures` says
    how far people agree, and how often the coder is right.
    """,
)
app.add_typer(review, name="review")

Survey = Annotated[
    str | None, typer.Option("--survey", help="Which survey (default: the only one there is).")
]
Named = Annotated[
    str | None, typer.Argument(help="Which survey (default: the only one there is).", metavar="SURVEY")
]
Id = Annotated[str, typer.Argument(help="A reply, as `openline review` shows them.", metavar="ID")]

WHY = {
    "lot": "drawn by lot",
    "doubt": "the coder is unsure of it",
    "chosen": "somebody put it here",
}


@asynccontextmanager
async def deciding(service: App) -> AsyncIterator[AsyncConnection]:
    """A transaction in which something is decided. What cannot be is told as a Problem."""
    try:
        async with service.database.begin() as db:
            yield db
    except CannotDecide as error:
        raise Problem(str(error)) from None


async def reader(service: App, by: str | None) -> str:
    """Under which name the member of staff reads who is named, or who is the only one."""
    email = await account(service, by)
    async with service.database.read() as db:
        member = await accounts.find(db, email)
    if member is None:
        raise Problem(f"No account has the address {email}, or it is disabled: openline user list")
    return queue.reader(member.id)


async def survey_of(service: App, named: str | None) -> str:
    """The survey that is named, or the only one. Raises Problem."""
    async with service.database.read() as db:
        keys = await service.shelf.keys(db)
    if named is not None:
        if named not in keys:
            raise Problem(f"There is no survey {named}. There are: {', '.join(keys) or 'none'}.")
        return named
    if len(keys) != 1:
        raise Problem(
            f"Say which survey. There are: {', '.join(keys)}."
            if keys
            else "There is no survey yet. See: openline publish --help"
        )
    return keys[0]


async def find(db: AsyncConnection, shortened: str) -> UUID:
    """The reply whose id ends so. Raises LookupError, in words for whoever typed it."""
    end = shortened.strip().replace("-", "").lower()
    known = 4 <= len(end) <= 32 and all(digit in "0123456789abcdef" for digit in end)
    found = await readings.ending(db, end) if known else []
    if not found:
        raise LookupError(f"There is no reply {shortened.strip()[:40]}. One to read: openline review next")
    if len(found) > 1:
        raise LookupError(f"{shortened} may mean {len(found)} replies or more: write more of it")
    return found[0]


@review.command()
def status(
    survey: Named = None,
    json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """How many replies people have read, in which languages, who has, and what waits for a second reader."""

    async def go(service: App) -> standing.Standing:
        key = await survey_of(service, survey)
        async with service.database.read() as db:
            return await standing.status(service, db, key)

    found = with_(go)
    if json:
        typer.echo(json_.dumps(asdict(found), ensure_ascii=False, indent=2))
        return
    typer.echo(f"{found.survey}: people have decided on {found.decided:,} of {found.coded:,} replies.")
    typer.echo(f"  {found.by_lot:,} of them were drawn by lot: they tell how often the coder is right.")
    for count, what in (
        (found.once, "wait for a second reader: openline review start"),
        (found.differing, "were read differently: openline review disagreements"),
        (found.outgrown, "have grown since they were read: openline review start"),
    ):
        if count:
            typer.echo(f"  {count:,} {what}")
    for tag, (decided, every) in found.languages.items():
        typer.echo(f"  {tongue(tag):24} {decided:>7,} of {every:,}")
    for name, read in found.readers.items():
        typer.echo(f"  read by {name}: {read:,}")


@review.command("next")
def next_(by: By = None, survey: Survey = None, speaks: Reader = "en") -> None:
    """Show the next reply to read, and keep it for you for 20 minutes: private."""

    async def go(service: App) -> Task | None:
        who, key = await reader(service, by), await survey_of(service, survey)
        return await take(service, key, who, speaks)

    task = with_(go)
    if task is None:
        console.print("Nothing is left to read.", highlight=False)
        return
    for line in [*lines(task), *(suggested(at, one) for at, one in enumerate(task.suggestions, start=1))]:
        typer.echo(line)
    typer.echo(f"\nTo decide: openline review decide {short(task.answer)} THEME … (or --none)")


async def take(service: App, survey: str, who: str, speaks: str) -> Task | None:
    """The next reply for this reader, held for them."""
    async with service.database.begin() as db:
        answer = await queue.next_(service, db, survey, who)
        return None if answer is None else await show(service, db, answer, who, speaks)


def lines(task: Task) -> list[str]:
    """A reply to read, without what is suggested."""
    how = "read by two people, each without suggestions" if task.blind else WHY.get(task.drawn, task.drawn)
    told = ["", f"{short(task.answer)}  {tongue(task.language)}  ({how})"]
    if task.asked:
        told.append(f"Asked: {task.asked}")
    told += ["", *(f"    {line}" for line in task.text.splitlines()), ""]
    if task.translation is not None:
        made = task.translation
        told.append(f"  Translated by {made.origin}, {word(made.origin, made.confidence)}:")
        told += [*(f"    {line}" for line in made.text.splitlines()), ""]
    if task.outgrown:
        told.append(
            f"  It has more words now, or themes have changed, since you read it. Then: {themes(task.mine or ())}"
        )
    elif task.mine is not None:
        told.append(f"  You have read it before: {themes(task.mine)}")
    return told


def suggested(number: int, one: Suggestion, chosen: str = " ") -> str:
    """One suggestion with its evidence."""
    why = [f"{one.probability:.0%}"]
    why += [f"words: {', '.join(one.cues)}"] if one.cues else []
    why += [f"like “{one.nearest}”"] if one.nearest else []
    why += [f"near {one.confirmed} that people gave it"] if one.confirmed else []
    return f"  {number} [{chosen}] {one.label} ({one.theme})  {'; '.join(why)}"


def themes(given: Collection[str]) -> str:
    """
    >>> themes(["bus", "fees"]), themes([])
    ('bus, fees', 'no theme')
    """
    return ", ".join(given) or "no theme"
