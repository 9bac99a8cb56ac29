"""survey import and survey export: forms of other software in, and surveys out as forms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from langcodes import tag_is_valid

from survey_flows import Survey
from survey_flows.xlsform import Finding, FormError, Imported, read_form, write_xform, write_xlsform

from .root import Problem, app, write
from .surveys import SurveyArgument, find

survey = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="""Surveys as files: take over forms (XLSForm), write them for other software, look them over, try them out.

    Start with `openline survey import FORM.xlsx`, then read the survey file it writes.
    """,
)
app.add_typer(survey, name="survey")

FORMS = frozenset({".xlsx", ".xlsm", ".xls", ".csv", ".md"})


@survey.command("import")
def import_(
    form: Annotated[
        Path, typer.Argument(help="An XLSForm: .xlsx, .xls, .csv, or Markdown tables.", metavar="FORM")
    ],
    out: Annotated[
        Path | None, typer.Option(help="The survey file to write (default: FORM.yaml, here); - prints it.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="The language of columns that name none, as en, es, zh-Hans.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Take over a form (XLSForm): write it as a survey file, and tell row by row what a conversation does otherwise."""
    if language is not None and not tag_is_valid(language):
        raise Problem(f"'{language}' is no language tag. Use one like en, es or zh-Hans.")
    made = taken(form, language)
    if str(out) == "-":
        typer.echo(made.text, nl=False)
        _tell(made, err=True)
        return
    path = out or Path(f"{form.stem}.yaml")
    if path.exists() and not force:
        raise Problem(f"{path} is there already. Use --force to write over it, or --out for another name.")
    write(path, made.text.encode())
    _tell(made)
    count, languages = len(made.survey.questions), ", ".join(made.survey.languages)
    typer.echo(f"{path}: {count} {'question' if count == 1 else 'questions'}, in {languages}.")


@survey.command()
def export(
    named: SurveyArgument,
    xform: Annotated[
        bool, typer.Option("--xform", help="An XForm (XML), for ODK Collect, Enketo or Kobo.")
    ] = False,
    xlsform: Annotated[
        bool,
        typer.Option("--xlsform", help="An XLSForm (.xlsx), for translators: a column for each language."),
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="The file to write (default: the survey's key, here).")
    ] = None,
) -> None:
    """Write a survey as a form: for ODK Collect (--xform), or as a spreadsheet for translators (--xlsform)."""
    if xform == xlsform:
        raise Problem("Say which: --xform for ODK Collect, or --xlsform for translators.")
    written = _survey(named)
    path = out or Path(f"{written.key}.{'xml' if xform else 'xlsx'}")
    try:
        data = write_xform(written).encode() if xform else write_xlsform(written)
    except FormError as error:
        raise Problem(str(error)) from None
    write(path, data)
    typer.echo(f"{path}: {len(written.questions)} questions, in {', '.join(written.languages)}.")


def taken(form: Path, language: str | None = None) -> Imported:
    """A form taken over. Raises Problem that lists all that has to be mended, each with its sheet and row."""
    try:
        return read_form(form, form.name, language)
    except OSError as error:
        raise Problem(f"{form} cannot be read: {error.strerror}.") from None
    except FormError as error:
        problems = "\n".join(f"  {one}" for one in (error, *error.others))
        raise Problem(f"{form.name} has to be mended first.\n{problems}") from None


def _survey(named: str) -> Survey:
    path = Path(named)
    return taken(path).survey if path.suffix.lower() in FORMS and path.is_file() else find(named)


def _tell(made: Imported, *, err: bool = False) -> None:
    """What was found, what people should look at first."""
    for title, severity in (("Please look at these:", "warning"), ("Good to know:", "note")):
        found = [finding for finding in made.findings if finding.severity == severity]
        if found:
            typer.echo(title, err=err)
        for finding in sorted(found, key=_place):
            typer.echo(f"  {finding}", err=err)


def _place(finding: Finding) -> tuple[str, int]:
    return finding.sheet, finding.row or 0
