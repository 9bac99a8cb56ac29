"""inbox: what families write to people, who waits for an answer, and the whole of one talk in both languages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Annotated, TypeVar

import typer
from langcodes import Language

from ..app import App, opened
from ..dialogue import listing
from ..dialogue.listing import Line, Wanted
from ..dialogue.people import find
from ..dialogue.reaching import Refused
from ..dialogue.threads import Bubble, Thread, thread
from .alerts import KINDS
from .campaigns import local
from .root import Problem, app, console, run, settings

T = TypeVar("T")

inbox = typer.Typer(
    rich_markup_mode="markdown",
    help="""Read what families write to people, and answer them, each in their own language.

    `openline inbox` lists who waits; `openline inbox show ID` shows what they wrote, word for word, with a translation
    beside it; `openline inbox reply ID "…"` drafts an answer in their language and asks before it goes.
    """,
)
app.add_typer(inbox, name="inbox")

Id = Annotated[str, typer.Argument(help="A person, as `openline inbox` shows them.", metavar="ID")]
By = Annotated[
    str | None,
    typer.Option(
        metavar="EMAIL", help="The staff account that does it (default: the only account there is)."
    ),
]
Reader = Annotated[str, typer.Option(metavar="LANGUAGE", help="The language that you read.")]


@inbox.callback(invoke_without_command=True)
def list_(
    context: typer.Context,
    everybody: Annotated[bool, typer.Option("--all", help="Also those whom somebody has answered.")] = False,
    language: Annotated[str | None, typer.Option(help="Only those who speak or write it.")] = None,
    school: Annotated[str | None, typer.Option(help="Only people of this school.")] = None,
    campaign: Annotated[
        str | None, typer.Option(help="Only those who wrote after this campaign's message.")
    ] = None,
    channel: Annotated[str | None, typer.Option(help="Only what came by this channel.")] = None,
    longest: Annotated[bool, typer.Option("--longest", help="Whoever waits longest comes first.")] = False,
    words: Annotated[bool, typer.Option("--words", help="With their words and names: private.")] = False,
    reader: Reader = "en",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="So many people at most.")] = 50,
) -> None:
    """List who has written and waits for a person, without anybody's words."""
    if context.invoked_subcommand is not None:
        return
    wanted = Wanted(not everybody, language, school, campaign, channel)

    async def go(service: App) -> tuple[list[Line], bool, datetime]:
        async with service.database.read() as db:
            found, more = await listing.listed(
                db, wanted, reader=reader, order="longest" if longest else "newest", limit=limit
            )
        return found, more is not None, service.clock()

    found, more, now = with_(go)
    if not found:
        console.print("Nobody waits for an answer.", highlight=False)
    for line in found:
        typer.echo(_line(line, now, words))
        if words:
            for each in line.text.splitlines():
                typer.echo(f"    {each}")
    if more:
        console.print(f"There are more: --limit {limit * 2}, or narrow it down.", highlight=False)


@inbox.command()
def show(
    id_: Id,
    reader: Reader = "en",
    number: Annotated[bool, typer.Option("--number", help="With the number to call: private.")] = False,
    household: Annotated[
        bool, typer.Option("--household", help="How many people are in their household.")
    ] = False,
    most: Annotated[int, typer.Option(min=1, max=2000, help="So many messages, the newest.")] = 50,
) -> None:
    """Show what one person and we have written, word for word, with translations beside it: private."""

    async def go(service: App) -> tuple[Thread, App]:
        async with service.database.read() as db:
            person = await find(db, id_)
            return await thread(db, person, reader, number=number, household=household, most=most), service

    found, service = with_(go)
    for line in _head(found):
        typer.echo(line)
    if found.earlier is not None:
        typer.echo(f"\n(there is more before this: --most {most * 2})")
    for one in found.bubbles:
        typer.echo("")
        for line in _bubble(one, local(service, one.at)):
            typer.echo(line)


@asynccontextmanager
async def _serving() -> AsyncIterator[App]:
    async with opened(settings()) as service:
        try:
            yield service
        except Refused as error:
            raise Problem(str(error)) from None
        except LookupError as error:
            if isinstance(error, KeyError | IndexError):
                raise  # a defect, not a word that somebody typed
            raise Problem(str(error.args[0])) from None


def with_(work: Callable[[App], Awaitable[T]]) -> T:
    """Do this with the service. What cannot be done is told as a Problem."""

    async def go() -> T:
        async with _serving() as service:
            return await work(service)

    return run(go())


def _line(line: Line, now: datetime, words: bool) -> str:
    told = [
        line.short,
        f"{_age(now - (line.since or line.at)):>11}",
        tongue(line.text_language or line.language),
    ]
    told += filter(None, (line.school, line.name if words else None))
    waits = f"{line.waiting} waiting" if line.waiting else "answered"
    told.append(waits if line.translated else f"{waits}, not translated yet")
    if line.stopped:
        told.append("asked us to stop")
    if line.alerts:
        told.append("ALERT: openline alerts")
    return "  ".join(told)


def _age(span: timedelta) -> str:
    """
    >>> _age(timedelta(minutes=97)), _age(timedelta(days=2, hours=3)), _age(timedelta(seconds=5))
    ('1 h 37 min', '2 days', '0 min')
    """
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes >= 2880:
        return f"{minutes // 1440} days"
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def tongue(tag: str | None) -> str:
    """A language's English name."""
    return Language.get(tag).display_name("en") if tag not in (None, "und") else "language not known"


def _head(found: Thread) -> list[str]:
    who = found.head
    about = ", ".join(filter(None, (who.name, who.respondent, tongue(who.language), who.school)))
    lines = [f"{who.short}  {about}", *(f"{name}: {value}" for name, value in who.groups.items())]
    if who.household is not None:
        lines.append(f"household: {who.household}")
    lines += [
        f"reached by {' '.join(filter(None, (one.channel, one.address)))} ({one.state})" for one in who.ways
    ]
    if who.stopped:
        lines.append("THEY HAVE ASKED US TO STOP: nothing can be sent.")
    lines += [
        f"ALERT {one.id} {KINDS.get(one.kind, one.kind)} ({one.state}): openline alerts" for one in who.alerts
    ]
    if who.survey is not None:
        lines.append(f"in the middle of the survey {who.survey}")
    return lines


STATES = {"waiting": "waits for an answer", "answered": "answered", "heard": ""}


def _bubble(one: Bubble, at: str) -> list[str]:
    whose = "they" if one.direction == "in" else f"we{f' ({one.written_by})' if one.written_by else ''}"
    state = ", ".join(filter(None, (STATES.get(one.state, one.state), one.reason)))
    lines = [f"{at}  {whose}, {one.channel}" + (f"  ({state})" if state else "")]
    if one.note == "anonymous":
        return [*lines, "    (part of an anonymous survey)"]
    lines.append(f"  {tongue(one.language)}:")
    lines += [f"    {line}" for line in one.text.splitlines() or ["(the words are no longer kept)"]]
    lines += [f"    {kind}: {url}" for url, kind in one.media]
    if one.other is not None:
        by = (
            f"{one.translated_by}, {one.sure}"
            if one.direction == "in"
            else f"as written; translated by {one.translated_by}"
        )
        lines += [
            f"  {tongue(one.other_language)} ({by}):",
            *(f"    {line}" for line in one.other.splitlines()),
        ]
    elif one.note:
        lines.append(f"  ({one.note})")
    return lines
