"""problems and drill: from a finding to a problem statement that people agree on, and to what is behind a theme."""

from __future__ import annotations

import json as json_
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar

import typer

from analysis.drilling import Drill, Named
from analysis.problems import as_text, to_json

from ..app import App, opened
from ..codebooks import NoCodebook
from ..dialogue.people import SHORT
from ..problems import Kept, NoStatement, Problems, called
from .root import Problem, app, console, run, settings

T = TypeVar("T")

problems = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="""Write down what is to change: "reduce X among Y at Z from A to B by D".

    `openline problems draft SURVEY` drafts a statement for each of the largest gaps between groups; `show` and `edit` let
    people make it theirs; `agree` says what it still lacks.
    """,
)
app.add_typer(problems, name="problems")

Survey = Annotated[str, typer.Argument(help="Which survey.")]
Id = Annotated[str, typer.Argument(help="A statement, as `openline problems list` shows it.", metavar="ID")]
By = Annotated[str | None, typer.Option(help="Who does it: a name or an e-mail address.")]
Json = Annotated[bool, typer.Option("--json", help="As JSON, for other programs.")]


@problems.command("draft")
def draft(
    survey: Survey,
    until: Annotated[
        datetime | None,
        typer.Option("--until", formats=["%Y-%m-%d"], help="The end of the cycle; default: 30 June."),
    ] = None,
    where: Annotated[
        str | None, typer.Option(help="Where it is to change; default: your organization.")
    ] = None,
) -> None:
    """Draft a statement for each of the largest gaps that has none yet, from the numbers that are shown."""

    async def go(service: App) -> list[Kept]:
        place = where or service.settings.organization
        return await _of(service).draft(survey, place, until.date() if until else None)

    made = _with(survey, go)
    if not made:
        console.print(
            "Nothing new: no gap between groups is shown that has no statement yet.", highlight=False
        )
    for one in made:
        typer.echo(_line(one))


@problems.command("list")
def list_(survey: Survey, json: Json = False) -> None:
    """List a survey's statements, and how they stand."""
    found = _with(survey, lambda service: _of(service).of_survey(survey))
    if json:
        typer.echo(json_.dumps([_plain(one) for one in found], ensure_ascii=False, indent=2))
        return
    for one in found:
        typer.echo(_line(one))
    if not found:
        console.print(f"None yet. Draft some: openline problems draft {survey}", highlight=False)


@problems.command()
def show(id_: Id) -> None:
    """Show a statement with its evidence, what is not known, and what it still lacks."""
    one = _with(None, lambda service: _of(service).one(id_))
    typer.echo(as_text(one.statement))
    _tell_lacks(one)


@problems.command()
def edit(
    id_: Id,
    set_: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="FIELD=VALUE",
            help="verb, what, who, where, start, target, by, going_well, our_rules; or evidence.records=… to add a source. "
            "May be repeated.",
        ),
    ],
    by: By = None,
) -> None:
    """Set fields of a statement: --set target=30% --set by=2027-05-31. What was agreed on is a draft again."""
    changes = []
    for change in set_:
        field, equals, value = change.partition("=")
        if not equals or not value.strip():
            raise Problem(f"--set {change}: write FIELD=VALUE, as target=30%.")
        changes.append((field.strip(), value))
    one = _with(None, lambda service: _of(service).edit(id_, changes, by))
    typer.echo(_line(one))
    _tell_lacks(one)


@problems.command()
def agree(id_: Id, by: By = None) -> None:
    """Agree on a statement. Refused while something is lacking: a number, a source, or what only people can set."""
    typer.echo(_line(_with(None, lambda service: _of(service).agree(id_, by))))


@problems.command()
def drop(id_: Id, by: By = None) -> None:
    """Put a statement aside. The same gap is not drafted again."""
    typer.echo(_line(_with(None, lambda service: _of(service).drop(id_, by))))


@app.command("drill")
def drill(
    survey: Survey,
    theme: Annotated[str, typer.Argument(help="A theme or sub-theme: transport, transport.bus_service.")],
    json: Json = False,
) -> None:
    """Take a theme apart: its parts, the groups that name it most, and which routes, times, days and streets are named."""

    async def go(service: App) -> Drill | None:
        return await _of(service).drilled(survey, theme)

    try:
        found = _with(survey, go)
    except KeyError:
        raise Problem(
            f"There is no barrier {theme} in the findings of {survey}. See: openline summary {survey}"
        ) from None
    if found is None:
        raise Problem("Nobody has been asked yet. See `openline ask --help`.")
    typer.echo(
        json_.dumps(_tree(found), ensure_ascii=False, indent=2) if json else "\n".join(_branches(found))
    )


def _of(service: App) -> Problems:
    return Problems(service.database, service.books, service.releases, service.clock, service.new_id)


def _with(survey: str | None, work: Callable[[App], Awaitable[T]]) -> T:
    """Do it; what can go wrong is one line."""

    async def go() -> T:
        async with opened(settings()) as service:
            keys = [listed.key for listed in await service.surveys()] if survey is not None else []
            if survey is not None and survey not in keys:
                raise Problem(f"There is no survey {survey}. There are: {', '.join(keys) or 'none yet'}.")
            try:
                return await work(service)
            except (NoStatement, NoCodebook, ValueError) as error:
                raise Problem(str(error)) from None

    return run(go())


def _line(one: Kept) -> str:
    return f"{one.id.hex[-SHORT:]}  {one.state:7}  {one.statement.line}"


def _tell_lacks(one: Kept) -> None:
    for lack in one.lacks:
        console.print(f"Still lacking: {lack.problem}. {lack.cure}", highlight=False, markup=False)


def _plain(one: Kept) -> dict[str, Any]:
    lacks = [{"field": lack.field, "problem": lack.problem, "cure": lack.cure} for lack in one.lacks]
    head = {"id": one.id.hex[-SHORT:], "state": one.state, "by": one.by, "line": one.statement.line}
    return {**head, "lacks": lacks, "fields": to_json(one.statement)}


def _branches(tree: Drill) -> list[str]:
    lines = [f"{tree.label}: {_share(tree.count, tree.share, tree.heard, tree.minimum)}"]
    for branch in tree.branches:
        if branch.theme != tree.theme:
            lines.append(f"  {branch.label}: {_share(branch.count, branch.share, tree.heard, tree.minimum)}")
        lines += [f"    {kind}: {_named(named)}" for kind, named in branch.named.items()]
        if branch.wordings:
            lines.append(f"    in words such as: {_named(branch.wordings)}")
    if tree.hidden:
        parts = "further part was" if tree.hidden == 1 else "further parts were"
        lines.append(f"  {tree.hidden} {parts} named by fewer than {tree.minimum} people, or are hidden.")
    of = "" if tree.whole == tree.label else f"{tree.whole}, "
    for dimension, groups in tree.groups.items():
        told = "; ".join(
            f"{called(dimension, one.group)} {one.share:.0%} of {one.heard}" for one in groups[:8]
        )
        lines.append(f"  {of}by {dimension.replace('_', ' ')}: {told}")
    if any(branch.named for branch in tree.branches):
        lines.append(
            "Routes, times, days and streets: so many people or more, in steps of five; from the replies as they were written."
        )
    else:
        lines.append(f"No route, time, day or street was named by {tree.minimum} people within one part.")
    return lines


def _share(count: int | None, share: float | None, heard: int, minimum: int) -> str:
    if count is None or share is None:
        return f"hidden (fewer than {minimum} named it, or nearly everybody)"
    return f"{count} of {heard} heard ({share:.0%})"


def _named(named: tuple[Named, ...]) -> str:
    return ", ".join(f"{one.value} ({one.people}+)" for one in named)


def _tree(tree: Drill) -> dict[str, Any]:
    return {
        "theme": tree.theme,
        "label": tree.label,
        "count": tree.count,
        "share": tree.share,
        "heard": tree.heard,
        "minimum": tree.minimum,
        "parts_hidden": tree.hidden,
        "parts": [
            {
                "theme": branch.theme,
                "label": branch.label,
                "count": branch.count,
                "share": branch.share,
                "wordings": {one.value: one.people for one in branch.wordings},
                "named": {
                    kind: {one.value: one.people for one in named} for kind, named in branch.named.items()
                },
            }
            for branch in tree.branches
        ],
        "groups": {
            dimension: {one.group: {"share": one.share, "heard": one.heard} for one in groups}
            for dimension, groups in tree.groups.items()
        },
    }
