"""ask: sending a survey's first message to those who have not been asked yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from survey_flows import Survey
from survey_flows.lint import check

from ..app import App, opened
from ..outreach.among import Among, parse
from ..outreach.ask import RESPONDENTS, Outlook, outlook, unapproved
from ..outreach.ask import ask as ask_everyone
from ..outreach.cautions import cautions
from .root import Problem, app, console, run, settings
from .surveys import SurveyArgument, find


@app.command()
def ask(
    survey: SurveyArgument,
    among: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=VALUE",
            help="Only people of whom this is so: respondent=student, school=…, language=…, or one of your groups. "
            "May be repeated: any one of several values of a key, and every key.",
        ),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="FIELD=WORDS",
            help="Words for one of the survey's own fields. They are sent as written here, in every language: ask one "
            "language at a time (--among language=es) to give each its own.",
        ),
    ] = None,
    channel: Annotated[
        list[str] | None, typer.Option(help="Only these channels (default: all set up).")
    ] = None,
    drafts_too: Annotated[
        bool, typer.Option("--drafts-too", help="Also send translations that no person has approved yet.")
    ] = False,
    anyway: Annotated[
        bool,
        typer.Option(
            "--anyway", help="Ask people for whom the survey is not meant, too, and in spite of errors in it."
        ),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before queueing.")] = False,
) -> None:
    """Ask everyone this survey who has not been asked yet, or those --among them. A worker then sends it.

    Everyone is accounted for. Keywords (JOIN BUS) start the survey only after `openline publish`.
    """
    asked = find(survey)
    given = _fields(asked, set_ or [])
    if not anyway:
        _sound(asked)
    try:
        filters = parse(among or [])
    except LookupError as error:
        raise Problem(f"{error.args[0]}.") from None

    async def go() -> list[tuple[str, int]]:
        async with opened(settings(allow_drafts=drafts_too or None)) as service:
            channels = _channels(service, channel)
            try:
                look = await outlook(service, asked, channels, filters)
            except LookupError as error:
                raise Problem(f"{error.args[0]}.") from None
            if look.strangers and not anyway:
                raise Problem(_strangers(asked, look))
            await _caution(service, asked, channels, filters, look)
            if not yes and not typer.confirm(_question(look, filters), err=True):
                raise Problem("Nothing was queued.")
            return (await ask_everyone(service, asked, channels, given, filters)).most_common()

    for state, count in run(go()):
        typer.echo(f"{count:6}  {state}")


def _sound(survey: Survey) -> None:
    """Raises Problem where the survey has errors, as `openline survey check` finds them."""
    errors = [finding for finding in check(survey) if finding.severity == "error"]
    if errors:
        told = (
            f"  {': '.join(part for part in (one.question, one.language, one.what) if part)} {one.cure}"
            for one in errors
        )
        raise Problem(
            "\n".join(
                (
                    f"{survey.key} has what must not be sent so. Nothing was queued.",
                    *dict.fromkeys(told),
                    "Mend it, and see `openline survey check`. Or ask it as it is, if you are sure: --anyway.",
                )
            )
        )


def _fields(survey: Survey, given: list[str]) -> Mapping[str, str]:
    """The survey's fields as they are typed. Raises Problem for one that is missing, strange or not FIELD=WORDS."""
    fields: dict[str, str] = {}
    for one in given:
        name, equals, words = (part.strip() for part in one.partition("="))
        if not (name and equals and words):
            raise Problem(f'--set {one}: write it as FIELD=WORDS, like --set change="advisory period".')
        if name not in survey.fields:
            has = ", ".join(survey.fields) or "none"
            raise Problem(f"--set {name}: {survey.key} has no field of that name. It has: {has}.")
        fields[name] = words
    missing = {name: texts[survey.source] for name, texts in survey.fields.items() if name not in fields}
    if missing:
        examples = " ".join(f'--set {name}="{example}"' for name, example in missing.items())
        raise Problem(f"{survey.key} needs your words for {', '.join(missing)}. For example: {examples}")
    return fields


def _channels(service: App, wanted: list[str] | None) -> list[str]:
    unknown = set(wanted or ()) - set(service.channels)
    if unknown or not service.channels:
        raise Problem(
            f"Not set up: {', '.join(sorted(unknown)) or 'any channel'}. `openline doctor` tells what is missing."
        )
    return wanted or list(service.channels)


def _strangers(survey: Survey, look: Outlook) -> str:
    meant = RESPONDENTS[survey.about.audience]
    told = ", ".join(f"{who} {count}" for who, count in look.strangers.most_common())
    return (
        f"{survey.key} is for {survey.about.audience}, and these are not: {told}. Nothing was queued. "
        f"Ask the others only: --among respondent={meant}. Or everybody, if you are sure: --anyway."
    )


async def _caution(service: App, survey: Survey, channels: list[str], filters: Among, look: Outlook) -> None:
    students, on_call = "student" in look.respondents, bool(service.settings.on_call)
    told = cautions(survey, students=students, on_call=on_call)
    if survey.fields and len(look.languages) > 1:
        told.append(
            f"Your words for {', '.join(survey.fields)} go out as they are, to speakers of {len(look.languages)} "
            "languages. To give each its own, ask one at a time: --among language=es."
        )
    missing = await unapproved(service, survey, channels, filters)
    if missing:
        counts = ", ".join(f"{language} {count}" for language, count in missing.most_common())
        told.append(
            f"Asked in English, because nobody has approved the text in their language: {counts}. "
            "Have a speaker approve it (docs/write-a-survey.md), or use --drafts-too for machine drafts."
        )
    for one in told:
        console.print(one, highlight=False, markup=False)


def _question(look: Outlook, filters: Among) -> str:
    whom = ", ".join(f"{who} {count}" for who, count in look.respondents.most_common()) or "nobody"
    those = "those among them" if filters else "everyone"
    return f"Queue the first message to {those} not yet asked? On the list are: {whom}"
