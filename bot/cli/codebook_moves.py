"""codebook use, split and merge: which survey is coded with what, and themes that become several or one."""

from __future__ import annotations

from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

import survey_flows
from analysis.codebook import Codebook
from analysis.codebook.editing import Part, merged
from analysis.codebook.editing import split as split_

from .. import recoding
from ..app import App
from ..versions import bring_in
from .codebook import By, Key, codebook, named, note, serving, tell, whose
from .root import Problem, run
from .translating import count

SHOWN = 12
Named = Annotated[str, typer.Argument(metavar="THEME", help="The theme's id, as transport.cost.")]


async def enter(
    service: App, db: AsyncConnection, book: Codebook, by: str | None, version: str | None = None
) -> None:
    """Bring in a version; have people's codings follow; tell what is different and what comes next."""
    done = await bring_in(service.books, db, book, by, service.clock(), service.new_id, version)
    added, surveys, followed = done.added, done.surveys, done.followed
    key, now = added.codebook.id, added.codebook.version
    if not added.new:
        typer.echo(f"{key}: nothing new. This is version {now}, which is here already.")
        if added.before is not None and added.before.version != now:
            note(
                f"Version {added.before.version} has come after it, and stays. To go back to this one, say which version it "
                "shall be: --version"
            )
        return
    typer.echo(f"{key}: version {now} ({len(book.codes)} themes under {len(book.tops)}).")
    if done.changes is None:
        note(f"Look at it: openline codebook show {key}")
    else:
        tell(done.changes)
        if followed.readings:
            number = count(followed.readings, "reading")
            typer.echo(f"Followed by people's codings: {number} with a theme that goes by another name now.")
        if followed.again:
            typer.echo(f"Due for review again: {count(followed.again, 'answer')} that people had read.")
    if not surveys and key != service.books.usual:
        note(f"No survey is coded with it yet: openline codebook use {key} --for SURVEY")
    elif added.before is not None and added.before.digest == added.codebook.digest:
        note("The coder learns nothing else from it: what was coded stays.")
    elif surveys:
        note(f"For answers to {', '.join(surveys)} that were coded before: openline code --again")


@codebook.command()
def use(
    key: Annotated[str, typer.Argument(help="A codebook, as `openline codebook list` shows it.")],
    survey: Annotated[str, typer.Option("--for", help="The survey whose answers are coded with it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Code a survey's answers with this codebook from now on, always in its newest version.

    What people have read by another codebook stays on record, no longer counts, and is due for review again.
    """

    async def look() -> tuple[list[str], str, int]:
        async with serving() as service, service.database.read() as db:
            await service.books.get(db, key)
            known = await service.shelf.keys(db)
            before = await service.books.of_survey(db, survey)
            return known, before.id, len(await recoding.read_by_others(db, survey, key))

    async def go() -> None:
        async with serving() as service, service.database.begin() as db:
            before = await service.books.of_survey(db, survey)
            book = await service.books.use(db, survey, key, service.clock())
            if before.codes != book.codes:
                await recoding.forget_chances(db, [survey])
            await recoding.set_aside(db, await recoding.read_by_others(db, survey, key))

    known, before, read = run(look())
    if survey not in known and survey not in survey_flows.LIBRARY:
        raise Problem(f"There is no survey {survey}. There are: {', '.join(known) or 'none yet'}.")
    if read and not yes:
        told = f"People have read {count(read, 'answer')} with the codebook {before}, and would have to read again."
        if not typer.confirm(f"{told} Go on?", default=False, err=True):
            typer.echo(f"Nothing has changed: {survey} is coded with {before}.")
            return
    run(go())
    typer.echo(f"{survey} is coded with {key}" + (f", no longer with {before}." if before != key else "."))
    if before != key and survey in known:
        note("For answers that were coded before: openline code --again")


@codebook.command()
def split(
    key: Key,
    theme: Named,
    into: Annotated[
        list[str],
        typer.Option(
            metavar="ID=LABEL",
            help="A part and what it is called; two or more. The old id may be one of them.",
        ),
    ],
    words: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID=WORDS",
            help="Words, with commas between them, that say of an example or cue that it belongs to the part.",
        ),
    ] = None,
    definition: Annotated[
        list[str] | None, typer.Option(metavar="ID=TEXT", help="What a part means; default: its label.")
    ] = None,
    by: By = None,
) -> None:
    """Make several themes of one, in a new version of the codebook.

    `openline codebook split school_barriers transport.cost --into gas="Gas" --into fares="Bus fares" --words
    gas="gas, fuel, gasolina" --words fares="bus pass, fare, pasaje"`. Replies that people gave the theme are due for
    review again; the coder reads all others anew with `openline code --again`.
    """
    top = theme.partition(".")[0]
    labels = _pairs("--into", into, top)
    said, means = _pairs("--words", words or [], top), _pairs("--definition", definition or [], top)
    for option, given in (("--words", said), ("--definition", means)):
        if strange := given.keys() - labels.keys():
            raise Problem(f"{option} {', '.join(sorted(strange))}: there is no such part among --into.")
    parts = [
        Part(code, label, means.get(code, ""), tuple(word.strip() for word in said.get(code, "").split(",") if word.strip()))
        for code, label in labels.items()
    ]  # fmt: skip

    async def go() -> None:
        async with serving() as service:
            who = await whose(service, by)
            async with service.database.begin() as db:
                found = split_(await named(service, db, _newest(key)), theme, parts)
                await enter(service, db, found.codebook, who)
        for code, number in found.given.items():
            typer.echo(f"{code} has {number} of the examples.")
        left = [f"{language}: {text}" for language, texts in found.left.items() for text in texts]
        if left:
            typer.echo(f"{count(len(left), 'example')} went to no part, for want of its --words:")
            for line in left[:SHOWN]:
                typer.echo(f"  {line}")
            note(
                "The version before has them all. Put them where they belong: "
                f"openline codebook export {key} FILE, and then import it."
            )

    run(go())


@codebook.command()
def merge(
    key: Key,
    theme: Named,
    into: Annotated[str, typer.Argument(metavar="INTO", help="The theme that it becomes a part of.")],
    by: By = None,
) -> None:
    """Make one theme of two, in a new version of the codebook: the second stays, and receives what the first had.

    What people have coded to the first counts for the second from now on.
    """

    async def go() -> None:
        async with serving() as service:
            who = await whose(service, by)
            async with service.database.begin() as db:
                book = merged(await named(service, db, _newest(key)), theme, into)
                await enter(service, db, book, who)

    run(go())


def _newest(key: str) -> str:
    if "@" in key:
        raise Problem(f"{key}: only the newest version can be changed. Leave out @{key.partition('@')[2]}.")
    return key


def _pairs(option: str, given: list[str], top: str) -> dict[str, str]:
    pairs = {}
    for text in given:
        code, equals, value = (part.strip() for part in text.partition("="))
        if not code or not equals or not value:
            raise Problem(f"{option} {text}: write it as ID=…, for example {top}.part=…")
        pairs[code if "." in code else f"{top}.{code}"] = value
    return pairs
