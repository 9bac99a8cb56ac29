"""audience count, save, list, show, delete and fields: whom a message is for, before anything is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from channels import CHANNELS

from ..app import App, opened
from ..outreach import audience as filters
from ..outreach import calendars
from ..outreach.audience import AudienceError, Counts
from ..outreach.audience.checking import telling
from ..outreach.audience.fields import FIELDS, FUNCTIONS, attribute, field_named
from ..outreach.audience.sources import attributes, sources, values
from ..outreach.audience.writing import named
from .campaigns import people
from .root import Problem, app, console, run, settings

audience = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="""Say whom a message is for: `openline audience count 'school = "Lincoln" and language in (es, ht)'`.

    The page docs/audiences.md explains the language of filters; `openline audience fields` shows what there is.
    """,
)
app.add_typer(audience, name="audience")

EXAMPLES = 5
"""So many values of a field are shown."""

Key = Annotated[
    str, typer.Argument(help="The name of a saved audience: small letters, digits, hyphens.", metavar="KEY")
]
Filter = Annotated[str, typer.Argument(help="A filter, or the name of a saved one.", metavar="FILTER")]


@asynccontextmanager
async def _store(*, writing: bool = False) -> AsyncIterator[tuple[App, AsyncConnection]]:
    """The service, and a look at its store or a transaction on it; a filter's fault is told as a Problem."""
    async with opened(settings()) as service:
        try:
            async with service.database.begin() if writing else service.database.read() as db:
                yield service, db
        except AudienceError as error:
            raise Problem(str(error)) from None


@audience.command()
def count(
    text: Filter,
    channel: Annotated[
        list[str] | None,
        typer.Option(help="Only these channels, the first choice first (default: all that are set up)."),
    ] = None,
) -> None:
    """Count who is in an audience: by language, by channel, and why some cannot be reached. Nothing is sent."""

    async def go() -> tuple[Counts, list[str]]:
        async with _store() as (service, db):
            meant = await filters.resolve(db, text)
            warnings = await filters.check(db, meant)
            known = await calendars.load(db, service.settings.timezone, service.settings.country)
            wanted = channel or list(service.channels) or list(CHANNELS)
            found = await filters.counts(db, meant, wanted, service.clock(), zone=known.other.zone)
            return found, warnings

    found, warnings = run(go())
    for warning in warnings:
        console.print(warning, highlight=False, markup=False)
    homes = f"{found.households:,} household{'' if found.households == 1 else 's'}"
    typer.echo(f"{people(found.people)} in {homes}")
    for title, counted in (
        ("by language", found.languages),
        ("by respondent", found.respondents),
        ("reached by", found.channels),
        ("not reached", found.without),
    ):
        _table(title, counted)


def _table(title: str, counted: Mapping[str, int]) -> None:
    if counted:
        typer.echo(f"\n{title}")
        for name, number in counted.items():
            typer.echo(f"{number:9}  {name}")


@audience.command()
def save(key: Key, text: Filter) -> None:
    """Keep a filter under a name, for campaigns and for other filters: audience(KEY). In place of what was there."""

    async def go() -> list[str]:
        async with _store(writing=True) as (service, db):
            return await filters.check(db, await filters.save(db, key, text, service.clock()))

    for warning in run(go()):
        console.print(warning, highlight=False, markup=False)
    typer.echo(f"{key} is saved. See who is in it: openline audience count {key}")


@audience.command("list")
def list_() -> None:
    """List the saved audiences with their filters."""

    async def go() -> dict[str, str]:
        async with _store() as (_, db):
            return await filters.listed(db)

    saved = run(go())
    if not saved:
        raise Problem("No audience has been saved yet. See `openline audience save --help`.")
    for key, text in saved.items():
        typer.echo(f"{key:24}  {' '.join(text.split())}")


@audience.command()
def show(key: Key) -> None:
    """Print a saved audience's filter as it was written."""

    async def go() -> str:
        async with _store() as (_, db):
            return await filters.get(db, key)

    typer.echo(run(go()))


@audience.command()
def delete(key: Key) -> None:
    """Forget a saved audience that no campaign and no other audience needs."""

    async def go() -> None:
        async with _store(writing=True) as (_, db):
            await filters.delete(db, key)

    run(go())
    typer.echo(f"{key} is deleted.")


@audience.command()
def fields() -> None:
    """Show what a filter can ask for: every field and function, with values that there are and how many have them."""

    async def go() -> tuple[dict[str, Counter[str]], dict[str, Counter[str]]]:
        async with _store() as (_, db):
            fixed = {
                name: await values(db, field_named(name))
                for name in FIELDS
                if list(sources(field_named(name)))
            }
            return fixed, {name: await values(db, attribute(name)) for name in await attributes(db)}

    fixed, own = run(go())
    for name, (_, what) in FIELDS.items():
        typer.echo(f"{name:24}  {what}{_examples(fixed.get(name, Counter()))}")
    typer.echo("\nattributes of your lists")
    for name, found in own.items():
        typer.echo(f"{named(attribute(name)):24}  {_examples(found).removeprefix(': ')}")
    if not own:
        typer.echo("none yet: openline import people --help")
    typer.echo("\nfunctions")
    for name, (argument, what) in FUNCTIONS.items():
        typer.echo(f"{name}({argument}): {what}")


def _examples(found: Counter[str]) -> str:
    """The most frequent values. What is different for nearly everybody may tell who somebody is, and is not shown."""
    if not found:
        return ""
    if telling(found):
        return f": {len(found)} different values"
    most = sorted(found.items(), key=lambda one: (-one[1], one[0]))[:EXAMPLES]
    shown = ", ".join(f"{value} {number}" for value, number in most)
    return f": {shown}{' …' * (len(found) > EXAMPLES)}"
