"""From the rows to what item results are made of: the closed questions of a survey, and who chose what.

Every version of the survey counts; titles and choices are those of the newest that has the question.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis.items import KINDS, NUMBERS, Choice, Given, Item
from survey_flows import Survey, phrases
from survey_flows.choices import Many, One, Option
from survey_flows.questions import Number, Question
from survey_flows.scope import Scope
from survey_flows.wording import fill, gaps

from . import findings
from .coding import ENGLISH
from .shelf import Shelf
from .store.tables import answers, conversations, surveys

APART = frozenset(
    {
        "not_sure", "dont_know", "dk", "no_opinion",  # "Not sure" about the help in a plan, the trip, the effect
        "not_tried", "not_shared", "not_seen", "no_meeting",  # it has not come up: nothing to judge by
        "not_needed", "no_need", "not_applicable", "na", "n_a",  # "Do not need it"
        "no_answer", "refused", "prefer_not", "prefer_not_to_say", "rather_not_say",
    }
)  # fmt: skip
"""Keys of choices that are ways out, left out of percents (see the notes of the surveys in the library).

Only where they stand last, behind the answers proper. A "Not sure" that stands among them is one of them: the lowest
point of "How sure are you …?" (health-family), what lies between yes and no (belong-student), "No help needed" as one way
of several in which a talk went (language-family).
"""
CHANGED = "The wording or the choices were changed while the survey ran. Answers to all versions are counted together."
ALIKE = frozenset({"one", "scale"})


async def gather(
    db: AsyncConnection, shelf: Shelf, key: str, organization: str
) -> tuple[list[Item], list[Given], list[str]]:
    """The closed questions of a survey, every answer to them, earlier before later, and the titles of the questions
    that are asked several times of one person, which percents of people cannot tell of."""
    versions = await _versions(db, shelf, key)
    values = {"school": organization} | await _filled_in(db, key)
    asked: dict[str, list[tuple[Survey, Question]]] = {}
    for survey in versions.values():
        for question in survey.questions:
            if question.kind in KINDS:
                asked.setdefault(question.key, []).append((survey, question))
    several = {name for name, found in asked.items() if any(survey.loops[name] for survey, _ in found)}
    items = [item(found, values) for name, found in asked.items() if name not in several]
    titles = [
        _text(found[0][1].texts[None], found[0][0], values)
        for name, found in asked.items()
        if name in several
    ]
    return items, await _given(db, key, {item.key: item for item in items}, versions), titles


async def _versions(db: AsyncConnection, shelf: Shelf, key: str) -> dict[UUID, Survey]:
    """Every version, the newest first."""
    ids = (
        await db.execute(select(surveys.c.id).where(surveys.c.key == key).order_by(surveys.c.id.desc()))
    ).scalars()
    return {id_: await shelf.get(db, id_) for id_ in ids}


async def _filled_in(db: AsyncConnection, key: str) -> dict[str, str]:
    """What staff filled in when they asked, where it was the same every time."""
    places = await db.execute(
        select(conversations.c.place)
        .join(surveys, surveys.c.id == conversations.c.survey_id)
        .where(surveys.c.key == key, conversations.c.place.is_not(None))
    )
    found: dict[str, set[str]] = {}
    for place in places.scalars():
        for name, value in (place.get("given") or {}).items():
            found.setdefault(name, set()).add(value)
    return {name: next(iter(said)) for name, said in found.items() if len(said) == 1}


def item(found: Sequence[tuple[Survey, Question]], values: Mapping[str, str]) -> Item:
    """One question as it is counted, from every version that has it, the newest first."""
    survey, question = found[0]
    choices = _choices(found, values)
    changed = any(_asks(other, also) != _asks(survey, question) for other, also in found[1:])
    return Item(
        key=question.key,
        title=_text(question.texts[None], survey, values),
        kind=question.kind,  # type: ignore[arg-type] # one of KINDS, or gather had passed it by
        choices=choices,
        none=question.options[-1].value if isinstance(question, Many) and question.nothing else None,
        pick=question.pick if isinstance(question, Many) else None,
        lots=any(_by_lot(other) for _, other in found),
        ordered=all(_values(other) == _values(question) for _, other in found),
        least=question.least if isinstance(question, Number) else None,
        note=CHANGED if changed else "",
    )


def _choices(found: Sequence[tuple[Survey, Question]], values: Mapping[str, str]) -> tuple[Choice, ...]:
    """The choices of the newest version, then those that only earlier ones had."""
    survey, question = found[0]
    if question.kind == "yesno":
        return tuple(Choice(key, phrases.say(key, ENGLISH)) for key in ("yes", "no"))
    labels: dict[str, str] = {}
    apart: set[str] = set()
    for survey, question in found:
        options: tuple[Option, ...] = question.options if isinstance(question, One) else ()
        out = [option.value for option in options]
        while question.kind in ALIKE and out and out[-1] in APART:
            apart.add(out.pop())
        for option in options:
            labels.setdefault(option.value, _text(option.labels, survey, values))
    return tuple(Choice(key, label, key in apart) for key, label in labels.items())


def _asks(survey: Survey, question: Question) -> object:
    options = question.options if isinstance(question, One) else ()
    return (
        question.kind,
        question.texts[None][_language(survey)],
        [(o.value, o.label(_language(survey))) for o in options],
    )


def _values(question: Question) -> list[str]:
    return [option.value for option in question.options] if isinstance(question, One) else []


def _by_lot(question: Question) -> bool:
    """Whether people see a part of the choices only."""
    return isinstance(question, One) and (question.show is not None or question.offered is not None)


def _language(survey: Survey) -> str:
    return ENGLISH if ENGLISH in survey.languages else survey.source


def _text(texts: Mapping[str, str], survey: Survey, values: Mapping[str, str]) -> str:
    """The words as staff read them: gaps filled where that can be known, else named."""
    words = texts[_language(survey)]
    filled = fill(words, {gap: values.get(gap) or f"[{gap}]" for gap in gaps(words)}, lambda _: "…")
    return " ".join(filled.split())


async def _given(
    db: AsyncConnection, key: str, items: Mapping[str, Item], versions: Mapping[UUID, Survey]
) -> list[Given]:
    groups = {one.person: one.groups for one in await findings.everyone(db, key)}
    rows = await db.execute(
        select(
            answers.c.person_id,
            answers.c.question,
            answers.c.kind,
            answers.c.value,
            answers.c.missing,
            answers.c.survey_id,
            conversations.c.place if any(one.lots for one in items.values()) else conversations.c.id,
        )
        .join(surveys, surveys.c.id == answers.c.survey_id)
        .join(conversations, conversations.c.id == answers.c.conversation_id)
        .where(surveys.c.key == key, answers.c.kind.in_(KINDS))
        .order_by(answers.c.id)
    )
    # Beside the loop: a hundred thousand rows are a second's work, and other pages shall not stand still for it.
    return await asyncio.to_thread(lambda: list(_each(rows, items, versions, groups)))


def _each(
    rows: Iterable[Any],
    items: Mapping[str, Item],
    versions: Mapping[UUID, Survey],
    groups: Mapping[str, Mapping[str, str]],
) -> Iterable[Given]:
    for row in rows:
        asked = items.get(row.question)
        if asked is None or not _same(row.kind, asked.kind):
            continue
        shown = _shown(versions[row.survey_id], row.question, row.place) if asked.lots else None
        person = str(row.person_id)
        yield Given(person, row.question, row.value, row.missing, groups.get(person, {}), shown)


def _same(kind: str, other: str) -> bool:
    return kind == other or {kind, other} <= ALIKE or {kind, other} <= set(NUMBERS)


def _shown(survey: Survey, name: str, place: Mapping[str, Any] | None) -> frozenset[str] | None:
    """The choices that this person saw: the lot is drawn from a number that is kept with the conversation. None where
    it is gone, as in an anonymous survey."""
    question = survey.by_key.get(name)
    if place is None or not isinstance(question, One):
        return None
    scope = Scope(survey, place.get("answers") or {}, place.get("language") or survey.source,
                  seed=place.get("seed") or 0)  # fmt: skip
    return frozenset(option.value for option in question.shown(scope).options)
