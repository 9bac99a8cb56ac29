"""code: what people said becomes themes; what an older coder has read is read again, and the difference shown."""

from __future__ import annotations

from typing import Annotated

import typer

from analysis.recoding import Difference, difference

from ..app import opened
from ..recoding import snapshots
from .data import code_all
from .root import app, console, run, settings


@app.command()
def code(
    again: Annotated[
        bool,
        typer.Option(
            "--again", help="Also what an earlier version of the coder has read; shows what that changed."
        ),
    ] = False,
    learn: Annotated[
        bool,
        typer.Option(
            "--learn",
            help="Let the coder learn now from all that people have decided, however little is new.",
        ),
    ] = False,
) -> None:
    """Theme-code every answer that is waiting, and have it translated where a translator is set up.

    Replies are coded with the codebook of their survey (`openline codebook list`). The coder learns by itself from what
    people decide (`openline review`); what a person has decided is never coded anew.
    """

    async def go() -> tuple[int, list[Difference]]:
        async with opened(settings()) as service:
            async with service.database.read() as db:
                books = [await service.books.get(db, key) for key in await service.books.keys(db)]
            with console.status("Learning from what people have decided"):
                for book in books:
                    await service.learning.learn(book, now=learn)
            before = await snapshots(service.database, service.books) if again else {}
            if again:
                await service.coding.again()
            done = await code_all(service)
            after = await snapshots(service.database, service.books) if again else {}
            return done, [
                difference(before[book.id], after[book.id], book) for book in books if book.id in before
            ]

    done, changes = run(go())
    typer.echo(f"{done} answers coded.")
    for change in changes:
        if change.answers:
            typer.echo(change.as_text(settings().minimum_cell))
