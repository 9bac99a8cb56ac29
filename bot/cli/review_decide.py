"""review decide, agree, undo, draw and disagreements: a reading at a time, and what readers make of their differences."""

from __future__ import annotations

from typing import Annotated

import typer

from ..app import App
from ..dialogue.people import short
from ..reviewing import deciding as decisions
from ..reviewing import drawing, standing
from ..reviewing.showing import show
from ..store import readings
from .inbox import By, tongue, with_
from .review import Id, Survey, deciding, find, reader, review, survey_of, themes
from .root import Problem, console

Themes = Annotated[list[str] | None, typer.Argument(help="Every theme that it names.", metavar="THEME …")]
NoTheme = Annotated[bool, typer.Option("--none", help="No theme of the codebook fits.")]
Note = Annotated[str | None, typer.Option(help="A note for whoever reads it later.")]


@review.command()
def decide(
    id_: Id,
    given: Themes = None,
    none: NoTheme = False,
    accept: Annotated[bool, typer.Option("--accept", help="The themes that the coder suggests.")] = False,
    note: Note = None,
    by: By = None,
) -> None:
    """Say which themes a reply names: all of them, in place of what you said of it before.

    It counts for every reply in exactly these words, in this language, to this kind of question.
    """
    wanted = _wanted(given, none, accept)

    async def go(service: App) -> decisions.Made:
        who = await reader(service, by)
        async with deciding(service) as db:
            answer = await find(db, id_)
            task = await show(service, db, answer, who)
            if accept and task.blind:
                raise Problem("This reply is read without suggestions, by two people: name its themes.")
            chosen = [one.theme for one in task.suggestions] if accept else wanted
            return await decisions.decide(service, db, answer, who, chosen, note=note)

    _tell(with_(go))


@review.command()
def agree(id_: Id, given: Themes = None, none: NoTheme = False, note: Note = None, by: By = None) -> None:
    """Enter what readers who differed on a reply have agreed on: it counts before what each of them said."""
    wanted = _wanted(given, none)

    async def go(service: App) -> decisions.Made:
        who = await reader(service, by)
        async with deciding(service) as db:
            return await decisions.agree(service, db, await find(db, id_), who, wanted, note=note)

    _tell(with_(go))


@review.command()
def undo(
    id_: Annotated[
        str | None, typer.Argument(help="A reply (default: the one you decided on last).", metavar="ID")
    ] = None,
    by: By = None,
) -> None:
    """Take back what you said of a reply. What counted before you counts again, and it may be read anew."""

    async def go(service: App) -> tuple[str, int]:
        who = await reader(service, by)
        mine = (who, decisions.agreed(who))
        async with deciding(service) as db:
            if id_ is None:
                last = await readings.newest(db, mine)
            else:
                answer = await find(db, id_)
                said = [one for one in await readings.of(db, [answer]) if one.coder in mine]
                # What was agreed comes after what it settled.
                last = max(said, key=lambda one: (one.changed_at, one.purpose == "agreed"), default=None)
            if last is None:
                raise Problem("There is nothing of yours to take back.")
            gone = await decisions.withdraw(service, db, last.answer_id, last.coder)
            return short(last.answer_id), gone

    answer, gone = with_(go)
    typer.echo(f"{answer}: taken back" + (f", for {gone} identical replies." if gone > 1 else "."))


@review.command()
def draw(
    survey: Survey = None,
    count: Annotated[int, typer.Option(min=1, max=10_000, help="So many, by lot.")] = 50,
    double: Annotated[
        bool, typer.Option("--double", help="Each to be read by two people, without suggestions.")
    ] = False,
    reply: Annotated[
        str | None, typer.Option(metavar="ID", help="This one instead, in front of all others.")
    ] = None,
) -> None:
    """Draw replies that are to be read: by lot, so that what is found in them stands for all; or one that you name."""

    async def go(service: App) -> int:
        async with deciding(service) as db:
            if reply is not None:
                await drawing.choose(service, db, await find(db, reply), 2 if double else 1)
                return 1
            key = await survey_of(service, survey)
            return await drawing.by_lot(service, db, key, count, 2 if double else 1)

    drawn = with_(go)
    typer.echo(
        f"{drawn} {'reply is' if drawn == 1 else 'replies are'} drawn, {'two readers' if double else 'one reader'} each."
    )
    if drawn < count and reply is None:
        console.print("There were no more that need reading.", highlight=False)


@review.command()
def disagreements(
    survey: Survey = None,
    words: Annotated[bool, typer.Option("--words", help="With the replies themselves: private.")] = False,
) -> None:
    """List the replies that people have read differently, until they agree: who said what."""

    async def go(service: App) -> list[standing.Difference]:
        key = await survey_of(service, survey)
        async with service.database.read() as db:
            return await standing.differences(db, key)

    found = with_(go)
    if not found:
        console.print("Readers differ on nothing that is not settled.", highlight=False)
    for one in found:
        typer.echo(f"{short(one.answer)}  {tongue(one.language)}")
        if words:
            for line in one.text.splitlines():
                typer.echo(f"    {line}")
        for name, given in one.readings.items():
            typer.echo(f"  {name}: {themes(given)}")
    if found:
        console.print("Talk it over, then: openline review agree ID THEME …", highlight=False)


def _wanted(given: list[str] | None, none: bool, accept: bool = False) -> list[str]:
    if sum((bool(given), none, accept)) != 1:
        raise Problem(
            "Name every theme that the reply names, or say --none where no theme fits"
            + (", or --accept for what the coder suggests." if accept else ".")
        )
    return given or []


def _tell(made: decisions.Made) -> None:
    others = len(made.answers) - 1
    typer.echo(
        f"{short(made.answers[0])}: {themes(made.themes)}"
        + (f"; so for {others} identical {'reply' if others == 1 else 'replies'}" if others else "")
    )
    if made.counts is not None and made.counts.startswith("agreed:"):
        console.print("What was agreed on counts for this reply.", highlight=False)
