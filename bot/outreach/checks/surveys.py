"""The surveys that a campaign's steps begin: published, sound, and meant for those who would get them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows import LIBRARY, Survey, library
from survey_flows.lint import check
from survey_flows.told import listed, told, told_n

from ...shelf import Shelf
from ..ask import RESPONDENTS
from ..campaign import Campaign, Step
from ..cautions import cautions
from .finding import Finding

UNPUBLISHED = UUID(int=0)
"""Stands for the id of a survey that has none yet."""

PEOPLE = {
    str(one): one
    for one in (told("families"), told("students"), told("staff"), told("family"), told("student"))
}
"""What a survey calls those whom it is meant for, and the list its people, to be read."""
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
            what = told("The survey {survey} has not been published.", survey=step.survey)
            cure = told(
                "Run: openline publish FILE, with the file of {survey}. Or correct the name.",
                survey=step.survey,
            )
            yield Finding("block", "survey", what, cure, number)
            continue
        _, survey = known[step.survey]
        yield from _sound(number, survey)
        yield from _words(number, step, survey, languages)
        yield from _meant(number, survey, respondents)
        for one in cautions(survey, students="student" in respondents, on_call=on_call):
            yield Finding("warn", "caution", one, "", number)


def _sound(number: int, survey: Survey) -> Iterator[Finding]:
    errors = [one for one in check(survey) if one.severity == "error"]
    for one in dict.fromkeys(errors):
        where = listed(filter(None, (survey.key, one.question)))
        what = told("{where}: {what}", where=where, what=one.what)
        yield Finding("block", "survey", what, one.cure, number, None, one.language)


def _words(number: int, step: Step, survey: Survey, languages: int) -> Iterator[Finding]:
    if missing := missing_words(step, survey):
        what = told("{survey} needs your words for {gaps}.", survey=survey.key, gaps=listed(missing))
        example = f'set: {{{missing[0]}: "{survey.fields[missing[0]][survey.source]}"}}'
        cure = told("Give them in the step: {example}.", example=example)
        yield Finding("block", "survey", what, cure, number)
    elif step.given and languages > 1:
        what = told_n(
            "Your words for {gaps} go out as they are, to speakers of {n} language.",
            "Your words for {gaps} go out as they are, to speakers of {n} languages.",
            languages,
            gaps=listed(step.given),
        )
        cure = told(
            "Make one campaign a language, each with its own words and 'and language = es' in its audience."
        )
        yield Finding("warn", "survey", what, cure, number)


def _meant(number: int, survey: Survey, respondents: Counter[str]) -> Iterator[Finding]:
    meant = RESPONDENTS.get(survey.about.audience)
    strangers = {who: n for who, n in respondents.items() if meant and who not in (meant, *survey.variants)}
    if strangers:
        what = told(
            "{survey} is for {audience}, and these are not: {others}.",
            survey=survey.key,
            audience=PEOPLE.get(survey.about.audience, survey.about.audience),
            others=listed(told("{who} {n}", who=PEOPLE.get(who, who), n=n) for who, n in strangers.items()),
        )
        cure = told("Add 'and respondent = {kind}' to the campaign's audience.", kind=meant)
        yield Finding("block", "survey", what, cure, number)
