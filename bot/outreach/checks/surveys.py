"""The surveys that a campaign's steps begin: published, sound, and meant for those who would get them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows import LIBRARY, Survey, library
from survey_flows.lint import check

from ...shelf import Shelf
from ..ask import RESPONDENTS
from ..campaign import Campaign, Step
from ..cautions import cautions
from .finding import Finding

UNPUBLISHED = UUID(int=0)
"""Stands for the id of a survey that has none yet."""

Published = Mapping[str, tuple[UUID, Survey]]


async def published(db: AsyncConnection, shelf: Shelf, campaign: Campaign) -> Published:
    """Every survey that the campaign begins: the newest that was published, with what people have approved in it; else
    the one that comes with Openline. One that is neither is not in the answer."""
    found: dict[str, tuple[UUID, Survey]] = {}
    for step in campaign.steps:
        if step.survey is None:
            continue
        if latest := await shelf.latest(db, step.survey):
            found[step.survey] = latest
        elif step.survey in LIBRARY:
            found[step.survey] = UNPUBLISHED, library(step.survey)
    return found


def usable(campaign: Campaign, known: Published) -> Published:
    """Those of the surveys whose first message can be written: nothing that it needs is missing."""
    lacking = {
        step.survey
        for step in campaign.steps
        if step.survey and step.survey in known and missing_words(step, known[step.survey][1])
    }
    return {key: one for key, one in known.items() if key not in lacking}


def missing_words(step: Step, survey: Survey) -> list[str]:
    """The survey's own fields that the step gives no words for."""
    return [name for name in survey.fields if not step.given.get(name, "").strip()]


def surveys(
    campaign: Campaign, known: Published, respondents: Counter[str], languages: int, *, on_call: bool
) -> Iterator[Finding]:
    """All that there is to say of the survey steps. ``respondents`` are those whom the campaign goes to."""
    for number, step in enumerate(campaign.steps, 1):
        if not step.survey:
            continue
        if step.survey not in known:
            what = f"The survey {step.survey} has not been published."
            cure = f"Run: openline publish FILE, with the file of {step.survey}. Or correct the name."
            yield Finding("block", "survey", what, cure, number)
            continue
        _, survey = known[step.survey]
        yield from _sound(number, survey)
        yield from _words(number, step, survey, languages)
        yield from _meant(number, survey, respondents)
        for told in cautions(survey, students="student" in respondents, on_call=on_call):
            yield Finding("warn", "caution", told, "", number)


def _sound(number: int, survey: Survey) -> Iterator[Finding]:
    errors = [one for one in check(survey) if one.severity == "error"]
    for one in dict.fromkeys(errors):
        where = ", ".join(filter(None, (survey.key, one.question)))
        yield Finding("block", "survey", f"{where}: {one.what}", one.cure, number, None, one.language)


def _words(number: int, step: Step, survey: Survey, languages: int) -> Iterator[Finding]:
    if missing := missing_words(step, survey):
        what = f"{survey.key} needs your words for {', '.join(missing)}."
        cure = f'Give them in the step: set: {{{missing[0]}: "{survey.fields[missing[0]][survey.source]}"}}.'
        yield Finding("block", "survey", what, cure, number)
    elif step.given and languages > 1:
        what = f"Your words for {', '.join(step.given)} go out as they are, to speakers of {languages} languages."
        cure = (
            "Make one campaign a language, each with its own words and 'and language = es' in its audience."
        )
        yield Finding("warn", "survey", what, cure, number)


def _meant(number: int, survey: Survey, respondents: Counter[str]) -> Iterator[Finding]:
    meant = RESPONDENTS.get(survey.about.audience)
    strangers = {who: n for who, n in respondents.items() if meant and who not in (meant, *survey.variants)}
    if strangers:
        told = ", ".join(f"{who} {n}" for who, n in strangers.items())
        what = f"{survey.key} is for {survey.about.audience}, and these are not: {told}."
        yield Finding(
            "block", "survey", what, f"Add 'and respondent = {meant}' to the campaign's audience.", number
        )
