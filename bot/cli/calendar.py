"""calendar set, show and new: in which hours and on which days each school can be heard from."""

from __future__ import annotations

import difflib
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from ..app import opened
from ..outreach import calendar_file, calendars
from ..outreach.calendars import Calendars
from ..outreach.hours import Calendar
from ..outreach.public_holidays import public_holidays
from .root import Problem, app, console, run, settings, write

calendar = typer.Typer(
    no_args_is_help=True, help="When messages may go: hours, holidays, breaks and term dates of each school."
)
app.add_typer(calendar, name="calendar")

DAYS = 14
"""So many days are shown."""
MOST = 30
"""Schools that are shown at once."""
EVERY_OTHER = "every other school"


@calendar.command("set")
def set_(
    file: Annotated[Path, typer.Argument(help="A calendar file; `openline calendar new FILE` writes one.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what it comes to.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before it holds.")] = False,
) -> None:
    """Have the calendars in a file hold, and no others. It first shows the next 14 days of each school."""
    said = _read(file)

    async def go() -> None:
        async with opened(settings()) as service:
            given = service.settings
            made = calendars.put_together(said, given.timezone, given.country)
            for line in _overview(made, service.clock(), DAYS):
                typer.echo(line)
            async with service.database.read() as db:
                attended = await calendars.attended(db)
            for warning in _strangers(made, attended):
                console.print(warning, highlight=False, markup=False, soft_wrap=True)
            if dry_run:
                raise typer.Exit
            if not yes and not typer.confirm("Have these calendars hold from now on?", err=True):
                raise Problem("Nothing was changed.")
            async with service.database.begin() as db:
                await calendars.write(db, said, service.clock())

    run(go())
    typer.echo("These calendars hold from now on.")


@calendar.command()
def show(
    school: Annotated[
        str | None, typer.Argument(help="A school, for the hours of each day (default: all, in short).")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=400, help="How many days.")] = DAYS,
) -> None:
    """Show on which days messages may go, today first: all schools in short, or one school with its hours."""

    async def go() -> list[str]:
        async with opened(settings()) as service:
            async with service.database.read() as db:
                found = await calendars.load(db, service.settings.timezone, service.settings.country)
                attended = await calendars.attended(db)
            if school is None:
                return _overview(found, service.clock(), days)
            if school not in {*found.schools, *attended}:
                known = sorted({*found.schools, *attended})
                raise Problem(f"Nobody goes to a school '{school}'. {_near(school, known)}".strip())
            return _detail(found, school, service.clock(), days)

    for line in run(go()):
        typer.echo(line)


@calendar.command()
def new(file: Annotated[Path, typer.Argument(help="Where to write it.")]) -> None:
    """Write a calendar file to begin with, with comments that explain it."""
    given = settings()
    usual = calendars.usual(given.timezone, given.country)
    if file.exists():
        raise Problem(f"{file} is there already. Give another name, or move it away.")
    write(file, calendar_file.starter(usual.timezone, usual.holidays).encode())
    typer.echo(f"Written: {file}. Change it, then: openline calendar set {file}")


def _read(file: Path) -> dict[str, calendars.Said]:
    """What a calendar file says. Raises Problem with all that is wrong with it."""
    try:
        return calendar_file.loads(file.read_text(encoding="utf-8-sig"), str(file))
    except OSError as error:
        raise Problem(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise Problem(f"{file} is not UTF-8 text. Save it as UTF-8 and try again.") from None
    except calendar_file.CalendarError as error:
        raise Problem(str(error)) from None


def _strangers(made: Calendars, attended: list[str]) -> list[str]:
    """A warning for each school of the file that nobody on the list goes to: a slip would leave its people unheeded."""
    if not attended:
        return (
            ["Nobody on your list has a school yet, so the names could not be compared."]
            if made.schools
            else []
        )
    return [
        f"Nobody on your list goes to '{school}', so its calendar holds for no one."
        + (f" Did you mean '{near}'?" if near else "")
        for school, near in calendars.strangers(made, attended)
    ]


def _near(school: str, known: list[str]) -> str:
    near = difflib.get_close_matches(school, known, n=1, cutoff=0.6)
    return f"Did you mean '{near[0]}'?" if near else ""


def _overview(found: Calendars, now: datetime, days: int) -> list[str]:
    """A line for each school: ▇ is a day with hours, · a closed one."""
    named = [(EVERY_OTHER, found.other), *found.named.items()][: MOST + 1]
    width = max(len(name) for name, _ in named)
    today = now.astimezone(found.other.zone).date()
    ahead = [today + timedelta(days=count) for count in range(days)]
    lines = [
        f"From {today:%a %b} {today.day}, {today.year}: ▇ open, · closed",
        f"{'':{width}}  {''.join(f'{day:%a}'[0] for day in ahead)}",
    ]
    for name, one in named:
        shown = "".join("▇" if one.open_on(day) else "·" for day in ahead)
        lines.append(f"{name:{width}}  {shown}  {_hours(one)}  {one.timezone}".rstrip())
    if len(found.named) > MOST:
        lines.append(f"and {len(found.named) - MOST} more: openline calendar show SCHOOL")
    return lines


def _hours(one: Calendar) -> str:
    return ", ".join(map(str, one.hours))


def _detail(found: Calendars, school: str, now: datetime, days: int) -> list[str]:
    """One school: a line for each day, with its hours or why there are none, and what is special about it."""
    one = found.of(school)
    today = now.astimezone(one.zone).date()
    lines = [
        school + ("" if school in found.schools else f" (has no calendar of its own: as {EVERY_OTHER})"),
        f"{one.timezone}, {_hours(one)}, holidays: {one.holidays or 'none'}",
        "",
    ]
    for day in (today + timedelta(days=count) for count in range(days)):
        notes = [name for name, dates in one.dates.items() if day in dates]
        notes += ["the clock is changed"] if _changes(one, day) else []
        told = " and ".join(_times(one, day)) or _why(one, day)
        lines.append(
            f"{day:%a %b} {day.day:2}  {'▇' if one.open_on(day) else '·'}  {'; '.join((told, *notes))}"
        )
    return lines


def _times(one: Calendar, day: date) -> list[str]:
    return ["-".join(f"{moment.astimezone(one.zone):%H:%M}" for moment in span) for span in one.open_on(day)]


def _why(one: Calendar, day: date) -> str:
    holiday = public_holidays(one.holidays, day.year).get(day)
    return f"closed: {holiday}" if holiday else "closed" if one.closed_on(day) else "no hours on this day"


def _changes(one: Calendar, day: date) -> bool:
    noons = (datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(days=n) for n in (-1, 0))
    return any(
        a.astimezone(one.zone).utcoffset() != b.astimezone(one.zone).utcoffset() for a, b in pairwise(noons)
    )
