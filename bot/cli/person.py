"""people show, people merge, people erase: one person's record, for whoever runs the server."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from .. import erasing, joining_people
from ..app import App, opened
from ..dialogue.people import find, short
from ..erasing import Blocked
from ..joining_people import CHOICES, NotOne
from ..people.record import Record, record
from .root import Problem, app, console, run, settings

people = typer.Typer(no_args_is_help=True, help="One person's record: seen, joined with another, erased.")
app.add_typer(people, name="people")

Who = Annotated[
    str, typer.Argument(help="The person: the last digits of their id, as the inbox and the pages show it.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask whether that is meant.")]


@people.command("show")
def show(who: Who, numbers: Annotated[bool, typer.Option(help="Show whole numbers.")] = False) -> None:
    """Who somebody is, how they are reached and by what right, whom they live with, what campaigns had for them."""

    async def go() -> Record:
        async with opened(settings()) as service, service.database.read() as db:
            return await record(db, await _find(db, who), None)

    found = run(go())
    row = found.row
    lines = [
        f"{row.name or 'No name'} ({short(found.id)})",
        f"  {row.respondent}, {row.language}, {row.school or 'no school of their own'}; {found.line.state}",
    ]
    for one in found.contacts:
        number = one.address if numbers else f"…{one.ending}"
        lines.append(f"  {one.channel} {number}: {one.state}{', another’s' if one.shared else ''}")
        lines += [f"    {event.at:%Y-%m-%d}: {event.event}, {event.source}" for event in one.events]
    lines += [
        f"  child: {one.name or one.external_id}, {one.school or 'no school'}" for one in found.children
    ]
    lines += [f"  lives with: {one.name or 'no name'} ({short(one.id)})" for one in found.household]
    lines += [f"  list: {name}" for name, _ in found.lists]
    lines += [f"  campaign {one.campaign}: {one.state}" for one in found.outreach]
    for line in lines:
        typer.echo(line)


@people.command("merge")
def merge(
    stays: Annotated[str, typer.Argument(help="The record that stays: the last digits of its id.")],
    gone: Annotated[str, typer.Argument(help="The record that goes into it.")],
    take: Annotated[
        list[str] | None,
        typer.Option(help=f"Take this from the one that goes: {', '.join(CHOICES)}. May be repeated."),
    ] = None,
    yes: Yes = False,
) -> None:
    """Make one record of two that are one person. It cannot be undone.

    Numbers with their consents, messages, answers, notes, children and lists move. A STOP of either holds for both.
    """
    if wrong := set(take or ()) - set(CHOICES):
        raise Problem(f"--take is one of {', '.join(CHOICES)}, not {', '.join(sorted(wrong))}.")

    async def go() -> None:
        async with opened(settings()) as service:
            async with service.database.read() as db:
                one, other = await _find(db, stays), await _find(db, gone)
                try:
                    joining = await joining_people.look(db, one, other)
                except NotOne as error:
                    raise Problem(str(error)) from None
            moved = ", ".join(f"{count} {what}" for what, count in joining.counts.items() if count)
            console.print(f"{joining.gone.name or 'No name'} goes into {joining.stays.name or 'no name'}: "
                          f"{moved or 'nothing moves'}.", highlight=False, markup=False)  # fmt: skip
            _sure(yes)
            await joining_people.join(service, one, other, None, take or ())

    run(go())
    console.print("They are one record now.", highlight=False)


@people.command("erase")
def erase(
    who: Who,
    never_again: Annotated[
        bool,
        typer.Option("--never-again", help="Their numbers are never written to again, whatever a list says."),
    ] = False,
    yes: Yes = False,
) -> None:
    """Erase somebody at their wish: all that they said and all that is known of them. It cannot be undone.

    What stays: published numbers, the sums of campaigns, and of a number that asked us to stop a digest that keeps it stopped.
    """

    async def go() -> None:
        async with opened(settings()) as service:
            async with service.database.read() as db:
                person = await _find(db, who)
                plan = await erasing.look(db, person)
            going = ", ".join(f"{count} {what}" for what, count in plan.counts.items() if count)
            console.print(f"This goes for good: the record, {going or 'and nothing else'}.", highlight=False)
            _sure(yes)
            await _erase(service, person, never_again)

    run(go())
    console.print("Erased.", highlight=False)


async def _erase(service: App, person: UUID, never_again: bool) -> None:
    try:
        await erasing.erase(service, person, None, never_again=never_again)
    except Blocked as error:
        raise Problem(f"{error} See: openline alerts") from None


async def _find(db: AsyncConnection, who: str) -> UUID:
    try:
        return await find(db, who)
    except LookupError as error:
        raise Problem(str(error)) from None


def _sure(yes: bool) -> None:
    if not yes and not typer.confirm("Is that meant? It cannot be undone.", default=False, err=True):
        raise Problem("Nothing was changed.")
