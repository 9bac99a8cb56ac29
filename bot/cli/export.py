"""export: findings and replies as files for other programs, and a way to the figures in the database."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from analysis.qda import QdaError

from ..app import App, opened
from ..exporting import (
    FORMATS,
    PURPOSES,
    Format,
    Job,
    NotInstalled,
    WrongEnding,
    granting,
    making,
    of,
    replies,
)
from .root import Problem, app, console, progress, run, settings


class OneByDefault(TyperGroup):
    """``openline export KEY …`` means ``openline export survey KEY …``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the word in where it was left out."""
        if args and args[0] not in (*self.commands, "--help"):
            args = ["survey", *args]
        return super().parse_args(ctx, args)


export = typer.Typer(
    cls=OneByDefault,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="""Write findings, or replies for the staff's own work, to a file.

    `openline export getting-to-school --to findings.xlsx` writes the findings: they may be published. With `--replies` it
    writes what people said, names taken out: never publish that. The file's ending says what is written.
    """,
)
app.add_typer(export, name="export")

ENDINGS = ", ".join(f"{ending} ({each.what})" for ending, each in FORMATS.items())


@export.command("survey")
def survey_(
    survey: Annotated[str, typer.Argument(help="Which survey.", metavar="SURVEY")],
    to: Annotated[Path, typer.Option("--to", help=f"The file: {ENDINGS}.", metavar="FILE")],
    words: Annotated[
        bool,
        typer.Option("--replies", help="What people said, for the staff's own work: never for publishing."),
    ] = False,
    groups: Annotated[
        str,
        typer.Option(
            help="With --replies: groups to stand beside them where that gives nobody away: school,grade."
        ),
    ] = "",
    wave: Annotated[
        str | None, typer.Option(help="Which wave, where the survey has any; default: the newest.")
    ] = None,
    pair: Annotated[
        list[str] | None,
        typer.Option(help="Findings also by two groups at once: school,language. May be repeated."),
    ] = None,
    units: Annotated[
        str, typer.Option(help="For .qdpx: what positions count. NVivo wants utf-16.", metavar="UNITS")
    ] = "code points",
    bom: Annotated[
        bool, typer.Option(help="For CSV: begin with the mark by which Excel knows UTF-8.")
    ] = True,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Write the findings of a survey to a file; with --replies, what people said.

    Findings hold nothing that pages hide. Each file says in itself which kind it is, as of when, and what was left out.
    """
    kind = look(to, words, force)
    if units not in ("code points", "utf-16"):
        raise Problem(f"--units {units}: it is `code points` (the standard), or utf-16 (NVivo).")
    wanted = [name.strip() for name in groups.split(",") if name.strip()]
    if wanted and not words:
        raise Problem(
            "--groups stands with --replies. Findings have all groups; two at once: --pair school,language."
        )
    pairs = [pair_of(each) for each in pair or ()]
    if pairs and words:
        raise Problem("--pair is for findings. Beside replies stand --groups school,language.")

    async def go() -> Job:
        async with opened(settings()) as service:
            if words:
                return await _replies(service, survey, wave, wanted, kind, units)
            return Job(await making.make_findings(service, survey, wave=wave, pairs=pairs))

    try:
        job = run(go())
        job = Job(job.tables, job.replies, bom, "utf-16" if units == "utf-16" else "code points")
        save(job, kind, to)
    except (making.CannotExport, NotInstalled, QdaError) as error:
        raise Problem(str(error.args[0])) from None
    tell(job, to)


async def _replies(
    service: App, survey: str, wave: str | None, groups: Sequence[str], kind: Format, units: str
) -> Job:
    total = await making.count(service, survey, wave)
    with progress("Reading") as bar:
        task = bar.add_task("", total=total)
        made = await making.make_replies(
            service,
            survey,
            wave=wave,
            groups=groups,
            coming_back=kind.replies_only,
            progress=lambda n: bar.advance(task, n),
        )
    return Job(replies.tables(made), made)


def look(to: Path, words: bool, force: bool) -> Format:
    """The format, where the file can be written. Raises Problem before any work is done."""
    try:
        kind = of(to)
    except WrongEnding as error:
        raise Problem(str(error)) from None
    if kind.replies_only and not words:
        raise Problem(f"{to.name}: a {kind.what} holds replies. Say --replies, and never publish it.")
    if not to.parent.is_dir():
        raise Problem(f"The folder {to.parent} does not exist. Make it first: mkdir -p {to.parent}")
    if to.exists() and not force:
        raise Problem(f"{to} is there already. Give another name, or write over it with --force.")
    if to.is_dir() and (
        not kind.folder or any(file.suffix not in (".csv", ".parquet") for file in to.iterdir())
    ):
        raise Problem(f"{to} is a folder with other things in it. Give another name.")
    return kind


def save(job: Job, kind: Format, to: Path) -> None:
    """Write the file as a whole or not at all; replies so that only this account can open them. Raises Problem."""
    part = to.with_name(f".{to.name}.part")
    _remove(part)
    try:
        with console.status(f"Writing {to.name}"):
            kind.write(job, part)
        if job.replies is not None:
            part.chmod(0o700 if kind.folder else 0o600)
        _remove(to)
        part.rename(to)
    except OSError as error:
        raise Problem(f"{to} cannot be written: {error.strerror}.") from None
    finally:
        _remove(part)
        if job.replies is not None:
            job.replies.kept.close()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def tell(job: Job, to: Path) -> None:
    """Say what was written, and what was left out of it."""
    about = job.tables.about
    lines = [f"{to}: {PURPOSES[about.purpose]}", f"As of {about.as_of}.", *about.notes]
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def pair_of(written: str) -> tuple[str, str]:
    """Two groups as they are written: "school,language". Raises Problem."""
    names = [name.strip() for name in written.split(",")]
    if len(names) != 2 or not all(names) or names[0] == names[1]:
        raise Problem(f"--pair {written}: name two groups with a comma between them, like school,language.")
    return names[0], names[1]


@export.command()
def grant(
    role: Annotated[str, typer.Argument(help="A role of the database, made for this.", metavar="ROLE")],
    do: Annotated[
        bool, typer.Option("--run", help="Give it now; else the statements are only printed.")
    ] = False,
) -> None:
    """Let a PostgreSQL role read the figures, and nothing else: for Tableau, Power BI or Metabase.

    The role can then read the views openline_findings, openline_response and openline_change: numbers of the newest
    release, small ones hidden. Somebody who administers the database makes the role and its password.
    """

    async def go() -> None:
        async with opened(settings()) as service, service.database.begin() as db:
            await granting.grant(db, role)

    try:
        wanted = granting.statements(role)
        if do:
            run(go())
    except granting.CannotGrant as error:
        raise Problem(str(error)) from None
    for line in wanted:
        typer.echo(line)
    if do:
        console.print(
            f"Done: {role} can read {', '.join(granting.VIEWS)}, and nothing else.", highlight=False
        )
