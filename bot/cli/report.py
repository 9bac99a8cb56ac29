"""report: the findings on paper, for organizers and for families."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from ..app import App, opened
from ..reports import gathering, organizers, page, paper
from ..reports.gathering import Asked
from ..reports.organizers import Material
from ..waves import NoWave
from . import report_families
from .report_families import As, Wish
from .report_files import free, made_pdf, say
from .root import Problem, app, progress, run, settings, write

FAMILIES = "For families"
FEW = 10
"""Of fewer people than these minimal cells a report shows little."""
KINDS = {".html": "html", ".htm": "html", ".pdf": "pdf"}
LETTER = ("US", "CA", "MX")
"""Countries whose paper is Letter."""


@app.command()
def report(
    survey: Annotated[str, typer.Argument(help="Which survey.")],
    to: Annotated[
        Path | None,
        typer.Option(
            help="The file to write, .html or .pdf (default: report-SURVEY.html here); with --families a folder."
        ),
    ] = None,
    wave: Annotated[
        str | None, typer.Option(help="Which wave, where it has waves; default: the newest.")
    ] = None,
    before: Annotated[
        str | None,
        typer.Option(
            help="What to compare with: an earlier wave, or another survey; default: the wave before."
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(help="Compare only these groups: school, language, or one of yours. May be repeated."),
    ] = None,
    pair: Annotated[
        list[str] | None,
        typer.Option(help="Also two dimensions at once, as school,language. May be repeated."),
    ] = None,
    size: Annotated[
        Literal["letter", "a4"] | None, typer.Option("--paper", help="Default: by your country.")
    ] = None,
    for_families: Annotated[
        bool, typer.Option("--families", help="One page for families, in each language of the survey.")
    ] = False,
    language: Annotated[
        list[str] | None,
        typer.Option(
            help="Only in this language, as es or zh-Hans. May be repeated.", rich_help_panel=FAMILIES
        ),
    ] = None,
    as_: Annotated[
        list[As] | None,
        typer.Option(
            "--as",
            help="html (default), pdf, or text: a message of at most 3 SMS, as a campaign's file. May be repeated.",
            rich_help_panel=FAMILIES,
        ),
    ] = None,
    plan_file: Annotated[
        Path | None,
        typer.Option(
            "--plan",
            help="A YAML file with what you will do, and how to reach you, in each language.",
            exists=True,
            dir_okay=False,
            rich_help_panel=FAMILIES,
        ),
    ] = None,
    words_folder: Annotated[
        Path | None,
        typer.Option(
            "--words",
            help="A folder with the page's phrases as your speakers approved them. Ours are put there for them to read.",
            file_okay=False,
            rich_help_panel=FAMILIES,
        ),
    ] = None,
    drafts_too: Annotated[
        bool,
        typer.Option(
            "--drafts-too",
            help="Also languages whose phrases no person has approved; such a page says so.",
            rich_help_panel=FAMILIES,
        ),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over files that are there.")] = False,
) -> None:
    """Write the findings down: a report for organizers, or a page for families ("you said").

    `openline report getting-to-school` writes report-getting-to-school.html, one file that can be mailed; `--to fall.pdf` a
    tagged PDF. `openline report getting-to-school --families --to pages` writes a page in each language, with themes
    that 10 or more named, and nobody's words. Read it before you hand it out.
    """
    size = size or ("letter" if settings().country in LETTER else "a4")
    if for_families:
        if by or pair or before:
            raise Problem("--by, --pair and --before are for the report to organizers: leave out --families.")
        wish = Wish(
            survey, wave, to or Path(f"families-{survey}"), tuple(language or ()), tuple(as_ or [As.html]),
            plan_file, words_folder, drafts_too, size, force,
        )  # fmt: skip
        report_families.give_back(wish)
        return
    if language or as_ or plan_file or words_folder or drafts_too:
        raise Problem("--language, --as, --plan, --words and --drafts-too go with --families.")
    asked = Asked(survey, wave, tuple(map(_pair, pair or ())), tuple(by) if by else None, before)
    _organizers(asked, to or Path(f"report-{survey}.html"), size, force)


def _organizers(asked: Asked, to: Path, size: str, force: bool) -> None:
    kind = KINDS.get(to.suffix.lower())
    if kind is None:
        raise Problem(f"{to.name}: a report is .html or .pdf. Name it like report-{asked.survey}.pdf.")
    free([to], force)
    made = run(_material(asked))
    try:
        html = page.for_organizers(organizers.report(made), size)
    except LookupError as error:
        raise Problem(f"--by {error.args[0]}: there is no such group. There are: {_groups(made)}.") from None
    if kind == "html":
        write(to, html.encode())
    else:
        with progress("Making the PDF") as bar:
            task = bar.add_task("", total=paper.STEPS)
            write(to, made_pdf(html, lambda: bar.advance(task)))
    typer.echo(f"Written: {to}")
    say("Before it leaves the house, read the families' words in it: a program took names and numbers out.")
    if made.found.heard < FEW * made.found.minimum:
        say(f"Only {made.found.heard} were heard: most groups are hidden, and the likely ranges are wide.")


async def _material(asked: Asked) -> Material:
    async with opened(settings()) as service:
        await report_families.known(service, asked.survey)
        try:
            made = await gathering.material(service, asked)
        except NoWave as error:
            raise Problem(str(error)) from None
        except KeyError as error:
            raise Problem(
                f"--pair: there is no group {error.args[0]}. {await _there(service, asked)}"
            ) from None
    if made is None:
        raise Problem(f"Nobody has been asked {asked.survey} yet. See `openline ask --help`.")
    return made


async def _there(service: App, asked: Asked) -> str:
    found = await service.findings(asked.survey, wave=asked.wave)
    return f"There are: {', '.join(sorted(found.groups))}." if found else ""


def _groups(made: Material) -> str:
    return ", ".join(sorted(made.found.groups)) or "none yet"


def _pair(named: str) -> tuple[str, str]:
    parts: Sequence[str] = [part.strip() for part in named.split(",")]
    if len(parts) != 2 or not all(parts) or parts[0] == parts[1]:
        raise Problem("--pair names two groups with a comma between, as school,language.")
    return parts[0], parts[1]
