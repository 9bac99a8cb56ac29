"""import codings: what people coded in NVivo, ATLAS.ti or MAXQDA comes back to the replies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from analysis import qda
from analysis.codebook import Codebook
from analysis.qda import Project, QdaError

from ..app import opened
from ..exporting import making
from ..exporting.coming_back import LONGEST, Back, Changes, coder_of, enter, match
from .data import imports
from .root import Problem, console, run, settings


@imports.command("codings")
def import_codings(
    file: Annotated[
        Path, typer.Argument(help="A REFI-QDA project (.qdpx).", exists=True, dir_okay=False, metavar="FILE")
    ],
    survey: Annotated[str, typer.Option(help="The survey whose replies were exported.")],
    who: Annotated[
        str, typer.Option(help="A name for where it comes from, the same every time: nvivo, university.")
    ],
    code: Annotated[
        list[str] | None,
        typer.Option(
            help="What a code of the file means: 'Late buses=transport.bus_service'. May be repeated."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would come in; nothing is changed.")
    ] = False,
) -> None:
    """Bring back what people coded in another program, from a project that `openline export` wrote.

    The same file may come twice: nothing changes. Codings of the machine, and of staff here, are not taken from a file.
    """
    if not who.strip() or "/" in who or len(coder_of(who, "")) > LONGEST // 2:
        raise Problem("--who is a short name without /, as nvivo or university.")
    mapped = dict(_mapped(each) for each in code or ())
    try:
        project = qda.read(file.read_bytes(), file.name)
    except QdaError as error:
        raise Problem(str(error)) from None
    except OSError as error:
        raise Problem(f"{file} cannot be read: {error.strerror}.") from None

    async def go() -> tuple[Back, Changes, Codebook]:
        async with opened(settings()) as service:
            names = making.names_of(service, survey)
            async with service.database.begin() as db:
                if await service.shelf.latest(db, survey) is None:
                    raise making.CannotExport(f"There is no survey {survey}.")
                book = await service.books.of_survey(db, survey)
                _look(mapped, book)
                back = await match(db, project, survey, book, names, who.strip(), mapped)
                return back, await enter(db, back, book, service.clock(), service.new_id, dry=dry_run), book

    try:
        back, changes, book = run(go())
    except making.CannotExport as error:
        raise Problem(str(error.args[0])) from None
    for line in report(file, project, back, changes, book, dry_run):
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def _mapped(written: str) -> tuple[str, str]:
    name, sign, theme = written.rpartition("=")
    if not sign or not name.strip() or not theme.strip():
        raise Problem(
            f"--code {written}: write the file's code, =, and the theme, like 'Late buses=transport.bus_service'."
        )
    return name.strip(), theme.strip()


def _look(mapped: Mapping[str, str], book: Codebook) -> None:
    for name, theme in mapped.items():
        if theme not in book.codes:
            subs = ", ".join(sub.id for sub in book.children(theme)) if theme in book else ""
            cure = (
                f" Give one of its sub-themes: {subs}."
                if subs
                else f" `openline codebook show {book.id}` lists them."
            )
            raise Problem(f"--code {name}={theme}: replies cannot be coded to {theme} in {book.id}.{cure}")


def report(
    file: Path, project: Project, back: Back, changes: Changes, book: Codebook, dry: bool
) -> list[str]:
    """What came of it, line by line."""
    would = "would be " if dry else ""
    lines = [
        f"{file.name}: {len(back.seen)} replies found; {changes.new} readings {would}new, {changes.changed} {would}changed, "
        f"{changes.gone} {would}taken back, {changes.same} as they were."
    ]
    if back.missing:
        cure = (
            ""
            if back.seen
            else " Was it exported from this place, for this survey, with the same OPENLINE_SECRET_KEY?"
        )
        lines.append(f"  {back.missing} replies of the file are not (or no longer) here.{cure}")
    if back.machine or back.ours:
        lines.append(
            f"  Left as they are here: {back.machine} codings by the machine, {back.ours} by staff here."
        )
    for label, times in back.unknown.most_common():
        lines.append(
            f"  No theme for the code “{label}” ({times} codings left out). Say which it is with --code '{label}=THEME', "
            f"or add it to the codebook {book.id} and import again."
        )
    lines += [f"  {notice}" for notice in project.notices[:20]]
    if len(project.notices) > 20:
        lines.append(f"  … and {len(project.notices) - 20} more")
    return lines
