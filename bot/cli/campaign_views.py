"""campaign list, show, log and report: how campaigns stand, and where every person has ended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

import typer
from sqlalchemy import Row, select

from ..app import App
from ..outreach import accounting, control, journal
from ..outreach.accounting import Group, Line, Report
from ..outreach.control import Standing
from ..outreach.replies import Reply, replies
from ..store.tables import runs
from .campaigns import Key, campaign, local, people, serving
from .root import Problem, run

GROUPS: tuple[Group, ...] = ("reached", "on the way", "failed", "not sent, on purpose")
_WIDTH = 22


@campaign.command("list")
def list_() -> None:
    """List all campaigns: key, state, when each goes next, how many people, title."""

    async def go() -> tuple[App, list[Standing]]:
        async with serving() as service:
            return service, await control.listed(service)

    service, found = run(go())
    if not found:
        raise Problem("There are no campaigns yet. See `openline campaign new --help`.")
    widest = max(len(one.key) for one in found)
    for one in found:
        size = "" if one.size is None else f"{one.size:,}"
        typer.echo(
            f"{one.key:<{widest}}  {one.state:9}  {local(service, one.next_at):16}  {size:>9}  {one.title}"
        )


@campaign.command()
def show(
    key: Key,
    file: Annotated[
        bool, typer.Option("--file", help="Only its file, to be edited and written again.")
    ] = False,
) -> None:
    """Show how a campaign stands: state and why, when it goes next, who wrote and approved it, how far each run is."""

    async def go() -> tuple[App, Standing]:
        async with serving() as service:
            return service, await control.standing(service, key)

    service, stands = run(go())
    if file:
        typer.echo(stands.text.rstrip("\n"))
        return
    for line in _standing(service, stands):
        typer.echo(line)


def _standing(service: App, stands: Standing) -> list[str]:
    lines = [
        f"{stands.key}: {stands.title}",
        f"state     {stands.state}" + (f" ({stands.reason})" if stands.reason else ""),
        f"next      {local(service, stands.next_at)}",
        f"audience  {people(stands.size)}",
        f"written   by {stands.written_by or '-'}",
        f"approved  by {stands.approved_by or '-'}",
    ]
    lines += [
        f"run       {one.occasion}: {one.state}, {one.expanded:,} of {one.expected:,} looked up, {one.staged:,} queued"
        for one in stands.runs
    ]
    return lines


@campaign.command()
def log(key: Key) -> None:
    """Show what happened to a campaign and who did it, the oldest first: written, approved, paused, begun, stopped."""

    async def go() -> tuple[App, list[Row[Any]]]:
        async with serving() as service, service.database.read() as db:
            return service, await journal.told(db, await control.find(db, key))

    service, events = run(go())
    for one in events:
        detail = f": {one.detail}" if one.detail else ""
        typer.echo(f"{local(service, one.at)}  {one.event:12}  {one.by or 'Openline'}{detail}")


@campaign.command()
def report(
    key: Key,
    occasion: Annotated[
        str | None, typer.Option("--run", metavar="OCCASION", help="Only this run (default: all of them).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for other programs.")] = False,
) -> None:
    """Count where everybody of the audience has ended: each person in one state, at each step. The sum is the audience."""

    async def go() -> Report:
        async with serving() as service:
            return await counted(service, key, occasion)

    found = run(go())
    if as_json:
        typer.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=2))
        return
    for line in told(found):
        typer.echo(line)


@campaign.command("replies")
def replies_(
    key: Key,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for other programs.")] = False,
) -> None:
    """Read what people wrote back since their message, the newest first. Their words and numbers: for whoever answers.

    Openline confirms a STOP, asks surveys and raises alerts by itself; everything else here waits for a person.
    """

    async def go() -> tuple[App, list[Reply]]:
        async with serving() as service, service.database.read() as db:
            return service, await replies(db, await control.find(db, key))

    service, found = run(go())
    if as_json:
        typer.echo(json.dumps([one.to_json() for one in found], ensure_ascii=False, indent=2))
        return
    if not found:
        typer.echo("Nobody has written back yet.")
    for one in found:
        who = ", ".join(filter(None, (one.name, one.school, one.language)))
        mark = "answered" if one.answered else "no answer yet"
        typer.echo(f"{local(service, one.at)}  {one.channel} {one.address}  {who}  ({mark})")
        for line in one.text.splitlines() or [""]:
            typer.echo(f"    {line}")


async def counted(service: App, key: str, occasion: str | None = None) -> Report:
    """The report of a campaign, or of one run. Raises LookupError."""
    async with service.database.read() as db:
        campaign_id = await control.find(db, key)
        run_id: UUID | None = None
        if occasion is not None:
            wanted = select(runs.c.occasion, runs.c.id).where(runs.c.campaign_id == campaign_id)
            known = {row.occasion: row.id for row in await db.execute(wanted.order_by(runs.c.id))}
            if occasion not in known:
                raise LookupError(f"{key} has no run {occasion}. There are: {', '.join(known) or 'none yet'}")
            run_id = known[occasion]
        return await accounting.report(db, campaign_id, run_id)


def told(found: Report) -> list[str]:
    """A report in lines."""
    about = f", {found.occasion}" if found.occasion else ""
    steps = f", over {found.steps} steps" if found.steps > 1 else ""
    if not found.total:
        return [f"{found.key}{about}: nobody yet. It counts from the moment at which it begins."]
    lines = [f"{found.key}{about}: {found.total:,} counted{steps}"]
    for group in GROUPS:
        mine = [line for line in found.lines if line.group == group]
        if mine:
            lines += ["", f"{group}: {sum(line.people for line in mine):,}"]
            lines += [row for line in mine for row in _line(line)]
    lines += ["", f"{people(found.replied)} {'has' if found.replied == 1 else 'have'} written back."]
    for title, counts in (("by language", found.by_language), ("by variant", found.by_variant)):
        lines += _by(title, counts) if counts else []
    return lines


def _line(line: Line) -> list[str]:
    rows = [f"{line.people:9,}  {line.share:6.1%}  {line.state:15}  {line.next}"]
    return rows + [f"{count:9,}          because: {why}" for why, count in line.reasons.items()]


def _by(title: str, counts: Mapping[str, Mapping[Group, int]]) -> list[str]:
    head = "".join(f"{group:>{_WIDTH}}" for group in GROUPS)
    rows = [
        f"  {name[:14]:14}" + "".join(f"{held.get(group, 0):>{_WIDTH},}" for group in GROUPS)
        for name, held in sorted(counts.items(), key=lambda one: (-sum(one[1].values()), one[0]))
    ]
    return ["", f"{title:16}{head}", *rows]
