"""codebook import, export, check and compare: codebooks in and out of files."""

from __future__ import annotations

import json as json_
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from analysis.codebook import REACHES, Codebook, CodebookError, Theme, files
from analysis.codebook.changes import compare
from analysis.codebook.files import Loaded
from analysis.codebook.remarks import remarks

from ..codebooks import fits
from ..versions import from_file, wanted_version
from .codebook import By, Json, Key, codebook, named, note, read, serving, tell, whose
from .codebook_moves import enter
from .root import Problem, run, write
from .translating import count

KINDS = {suffix: kind for kind, suffix in files.SUFFIXES.items() if kind != "qmd"} | {".yml": "yaml"}
File = Annotated[
    Path,
    typer.Argument(help="YAML, CSV, REFI-QDA .qdc, a .qmd page, or a folder.", exists=True, metavar="FILE"),
]
Spoken = Annotated[
    str, typer.Option(metavar="TAG", help="The language of examples where the file names none.")
]


@codebook.command("import")
def import_(
    file: File,
    key: Annotated[
        str | None, typer.Option(help="What to call it here; default: what the file says, or its name.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Its title for people; default: the file's.")] = None,
    language: Spoken = "en",
    reach: Annotated[
        list[str] | None,
        typer.Option(
            metavar="THEME=WHO",
            help="Who can change what a theme names: school, district, partners or outside; for a top theme also "
            "those below it that say nothing. May be repeated.",
        ),
    ] = None,
    other: Annotated[
        list[str] | None,
        typer.Option(metavar="THEME", help="A theme that names no barrier. May be repeated."),
    ] = None,
    version: Annotated[
        str | None, typer.Option(help="The version it shall be; default: the file's, or the next number.")
    ] = None,
    by: By = None,
) -> None:
    """Bring in a codebook, or a new version of one, and say what is different.

    The same content again changes nothing. What people have coded follows its themes; nothing else changes until
    `openline code --again`. A file with a mistake is refused as a whole.
    """
    loaded = read(file, language)

    async def go() -> None:
        async with serving() as service:
            who = await whose(service, by)
            async with service.database.begin() as db:
                book, before = await from_file(service.books, db, loaded, key, title)
                book = _as_wished(book, reach or [], other or [])
                wanted = version or await wanted_version(service.books, db, loaded, book, before)
                _remark(loaded, book)
                await enter(service, db, book, who, wanted)

    run(go())


@codebook.command()
def export(
    key: Key,
    file: Annotated[
        Path, typer.Argument(help="Ends in .yaml, .csv or .qdc.", dir_okay=False, metavar="FILE")
    ],
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Write a codebook into a file: to change it, to hand it on, or to work with it in NVivo, ATLAS.ti and others."""
    kind = KINDS.get(file.suffix.lower())
    if kind is None:
        raise Problem(f"{file}: a codebook's file ends in {', '.join(KINDS)}.")
    if file.exists() and not force:
        raise Problem(
            f"{file} is there already: perhaps somebody has changed it. Give another name, or --force."
        )

    async def go() -> Codebook:
        async with serving() as service, service.database.read() as db:
            return await named(service, db, key)

    book = run(go())
    write(file, files.write(book, kind))
    typer.echo(f"{file}: {book.title}, version {book.version}, {len(book.codes)} themes.")
    note(f"When you have changed it: openline codebook import {file}")


@codebook.command()
def check(file: File, language: Spoken = "en", json: Json = False) -> None:
    """Read a codebook's file, and say what it holds and what a careful reader would mend. Needs no store."""
    loaded = read(file, language)
    book = loaded.codebook
    try:
        fits(book)
    except CodebookError as error:
        raise Problem(str(error)) from None
    told = _remarks(loaded, book)
    if json:
        head = {"id": book.id, "version": book.version, "title": book.title, "languages": book.languages}
        numbers = {"themes": len(book.tops), "codes": len(book.codes), "remarks": told}
        typer.echo(json_.dumps(head | numbers, ensure_ascii=False, indent=2))
        return
    typer.echo(
        f"{file}: {book.title} ({book.id}, version {book.version}): {len(book.codes)} themes under {len(book.tops)}, "
        f"examples in {', '.join(book.languages) or 'no language'}."
    )
    for line in told:
        typer.echo(f"  {line}")
    typer.echo(f"{count(len(told), 'remark')}. It can be imported.")


@codebook.command("compare")
def compare_(
    old: Annotated[str, typer.Argument(help="A file, KEY, KEY@VERSION, or KEY@shipped.", metavar="OLD")],
    new: Annotated[str, typer.Argument(help="The same; what it was compared with.", metavar="NEW")],
    language: Spoken = "en",
    json: Json = False,
) -> None:
    """Show what is different between two codebooks or versions, and where each old theme has gone."""

    async def here(text: str) -> Codebook:
        async with serving() as service, service.database.read() as db:
            return await named(service, db, text)

    def of(text: str) -> Codebook:
        if Path(text).exists():
            return read(Path(text), language).codebook
        if Path(text).suffix in files.SUFFIXES.values() and "@" not in text:
            raise Problem(f"There is no file {text}.")
        return run(here(text))

    try:
        changes = compare(of(old), of(new))
    except CodebookError as error:
        raise Problem(str(error)) from None
    if json:
        typer.echo(json_.dumps(changes.data(), ensure_ascii=False, indent=2))
        return
    tell(changes, most=10_000)
    if again := changes.to_read_again():
        note(f"Replies to read again: those of {', '.join(again)}.")


def _as_wished(book: Codebook, reach: list[str], other: list[str]) -> Codebook:
    who = {}
    for wish in reach:
        code, _, value = (part.strip() for part in wish.partition("="))
        known = next((each for each in REACHES if each == value), None)
        if known is None:
            raise Problem(f"--reach {wish}: write THEME=WHO, and for WHO one of {', '.join(REACHES)}.")
        who[code] = known
    for code in (*who, *other):
        if code not in book:
            raise Problem(f"{book.id} has no theme {code}. There are: {', '.join(each.id for each in book)}.")

    def wished(theme: Theme) -> Theme:
        its = who.get(theme.id) or theme.reach or who.get(theme.parent or "")
        others = theme.id in other or theme.parent in other
        return replace(theme, reach=None if others else its, kind="other" if others else theme.kind)

    return replace(book, themes=tuple(wished(theme) for theme in book))


def _remarks(loaded: Loaded, book: Codebook) -> list[str]:
    return list(dict.fromkeys([*map(str, loaded.notices), *remarks(book)]))


def _remark(loaded: Loaded, book: Codebook) -> None:
    for line in _remarks(loaded, book):
        note(f"note: {line}")
