"""The group openline codebook, and what its commands share: which codebook is meant, and how errors read; list, show."""

from __future__ import annotations

import json as json_
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis import codebook as bundled
from analysis.codebook import Codebook, CodebookError, Theme, files
from analysis.codebook.changes import Changes
from analysis.codebook.files import Loaded

from .. import staff as accounts
from ..app import App, opened
from ..codebooks import NoCodebook
from ..store import staff as rows
from .campaigns import local
from .root import Problem, app, console, run, settings

codebook = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="""The themes that replies are coded to: look at them, bring in your own, split one, merge two.

    `openline codebook show` shows the one in use. Write it into a file with `openline codebook export`, change it there,
    and bring it back with `openline codebook import`: that makes a new version, and says what is different. What was
    coded before follows with `openline code --again`.
    """,
)
app.add_typer(codebook, name="codebook")

Json = Annotated[bool, typer.Option("--json", help="As JSON, for other programs.")]
Key = Annotated[
    str,
    typer.Argument(
        help="A codebook, as `openline codebook list` shows it; one version of it as KEY@VERSION.",
        metavar="KEY",
    ),
]
By = Annotated[
    str | None,
    typer.Option(
        metavar="EMAIL", help="The staff account that does it (default: the only account there is)."
    ),
]
SHIPPED = "shipped"
"""KEY@shipped: the codebook as this version of Openline comes with it."""
LINES = 40


@asynccontextmanager
async def serving() -> AsyncIterator[App]:
    """The service; what is wrong with a codebook is told as a Problem."""
    try:
        async with opened(settings()) as service:
            yield service
    except (CodebookError, NoCodebook) as error:
        raise Problem(str(error)) from None


async def named(service: App, db: AsyncConnection, text: str) -> Codebook:
    """The codebook of a KEY or KEY@VERSION. Raises NoCodebook."""
    key, _, version = text.partition("@")
    if version == SHIPPED and key == service.books.bundled.id:
        return service.books.bundled
    return await service.books.get(db, key, version or None)


def read(path: Path, language: str = "en") -> Loaded:
    """The codebook in a file, or in a folder as Openline's own is. Raises Problem."""
    try:
        if path.is_dir():
            return Loaded(bundled.load(path))
        return files.read(path.read_bytes(), path.name, language)
    except CodebookError as error:
        raise Problem(str(error)) from None
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.") from None


async def whose(service: App, email: str | None) -> str | None:
    """Who does it: the account with this address, or the only one there is; None where there are none or several."""
    async with service.database.read() as db:
        if email is None:
            enabled = [each.email for each in await rows.everybody(db) if each.state != "disabled"]
            return enabled[0] if len(enabled) == 1 else None
        member = await accounts.find(db, email)
    if member is None:
        raise Problem(f"No account has the address {email.strip()}, or it is disabled: openline user list")
    return member.email


def tell(changes: Changes, most: int = LINES) -> None:
    """What is different, a line each, on standard output."""
    lines = changes.text().splitlines()
    for line in lines[:most]:
        typer.echo(line)
    if len(lines) > most:
        typer.echo(
            f"… and {len(lines) - most} more: openline codebook compare "
            f"{changes.old.id}@{changes.old.version} {changes.new.id}@{changes.new.version}"
        )


def note(text: str) -> None:
    """Something that somebody should know of, beside the results."""
    console.print(f"[dim]{escape(text)}[/]", highlight=False)


@codebook.command("list")
def list_(json: Json = False) -> None:
    """Show every codebook: where it is from, its newest version, how much it holds, and which surveys are coded with it."""

    async def go() -> list[str]:
        async with serving() as service:
            async with service.database.read() as db:
                found = await service.books.listed(db)
            if json:
                every: list[dict[str, Any]] = []
                for one in found:
                    plain = {name: getattr(one, name) for name in one.__slots__}
                    every.append({**plain, "created": one.created and one.created.isoformat()})
                return [json_.dumps(every, ensure_ascii=False, indent=2)]
            lines = []
            for one in found:
                since = f", since {local(service, one.created)}" if one.created else ""
                lines.append(f"{one.key}  {one.title}")
                lines.append(
                    f"    version {one.version} ({SOURCES[one.source]}{since}); {one.codes} themes under {one.themes}; "
                    f"examples in {', '.join(one.languages) or 'no language'}"
                )
                usual = "every survey that names no other" if one.usual else ""
                used = "; ".join(filter(None, (usual, ", ".join(one.surveys))))
                lines.append(f"    used for: {used or 'no survey yet'}")
                if one.update:
                    lines.append(
                        f"    Openline comes with another version now: openline codebook compare {one.key} {one.key}@{SHIPPED}"
                    )
            return lines

    for line in run(go()):
        typer.echo(line)


SOURCES = {
    "bundled": "comes with Openline",
    "changed": "comes with Openline, changed here",
    "imported": "imported",
}


@codebook.command()
def show(
    key: Annotated[
        str | None,
        typer.Argument(help="A codebook, or one version as KEY@VERSION; default: the usual one."),
    ] = None,
    theme: Annotated[str | None, typer.Argument(help="One theme of it, with everything about it.")] = None,
    json: Json = False,
) -> None:
    """Show a codebook's themes, or one theme with its notes, examples and cues.

    `openline codebook show transport.cost` looks the theme up in the usual codebook.
    """
    if key is not None and theme is None and "." in key and "@" not in key:
        key, theme = None, key

    async def go() -> Codebook:
        async with serving() as service, service.database.read() as db:
            return await named(service, db, key or service.books.usual)

    book = run(go())
    if theme is not None and theme not in book:
        raise Problem(f"{book.id} has no theme {theme}. There are: {', '.join(each.id for each in book)}.")
    shown = [each for each in book if theme in (None, each.id, each.parent)]
    if json:
        themes = [_plain(each) for each in shown]
        head = {"id": book.id, "version": book.version, "title": book.title, "themes": themes}
        typer.echo(json_.dumps(head, ensure_ascii=False, indent=2))
        return
    for line in _whole(book[theme]) if theme and book[theme].parent else _tree(book, shown):
        typer.echo(line)


def _plain(theme: Theme) -> dict[str, Any]:
    every = {name: getattr(theme, name) for name in theme.__slots__}
    wordings = {
        name: {key: list(texts) for key, texts in every[name].items()} for name in ("examples", "cues")
    }
    return {**every, **wordings, "map": dict(theme.map), "drafted": sorted(theme.drafted)}


def _tree(book: Codebook, themes: list[Theme]) -> Iterator[str]:
    yield f"{book.title} ({book.id}, version {book.version})"
    wide = max(len(theme.id) for theme in themes)
    for theme in themes:
        about = [theme.reach, theme.flag and f"to: {theme.flag}"]
        if theme.parent is None:
            yield ""
            yield f"{theme.label}: {theme.definition}"
            continue
        number = sum(map(len, theme.examples.values()))
        about.append(f"{number} examples" if number else "no examples")
        yield f"  {theme.id:{wide}}  {theme.label}  ({', '.join(filter(None, about))})"


def _whole(theme: Theme) -> Iterator[str]:
    yield f"{theme.id}  {theme.label}"
    for name, text in (
        ("is", theme.definition),
        ("use for", theme.include),
        ("not for", theme.exclude),
        ("kind", theme.kind),
        ("who can change it", theme.reach),
        ("whom it has to reach", theme.flag),
        ("machine drafts in", ", ".join(sorted(theme.drafted))),
        *theme.map.items(),
    ):
        if text:
            yield f"  {name}: {text}"
    for name, wordings in (("examples", theme.examples), ("cues", theme.cues)):
        for language, texts in wordings.items():
            yield f"  {name} {language}:"
            yield from (f"    - {text}" for text in texts)
