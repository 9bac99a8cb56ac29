"""What the law asks where students answer: the eight protected areas of the PPRA, and where to turn in danger.

20 U.S.C. 1232h: a survey that touches one of these areas takes a parent's written consent first where it is required
and paid for by the US Department of Education, and notice with a way to opt out otherwise; parents may see it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from pathlib import Path
from typing import Any

import yaml

from ..choices import One
from ..engine import begin
from ..folding import fold, light, runs_on
from ..items import Note
from ..program import walked
from ..questions import Question
from ..survey import Survey
from ..told import told
from ..wording import nearest
from .finding import Finding, for_students
from .messages import SCHOOL

ASKED = told(
    "Give parents notice and a way to opt out; where the survey is required and paid for by the US Department of "
    "Education, have their written consent."
)
_NAMES = {
    1: told("political affiliations or beliefs"),
    2: told("mental or psychological problems of the student or the family"),
    3: told("sex behavior or attitudes"),
    4: told("illegal, anti-social, self-incriminating or demeaning behavior"),
    5: told("critical appraisals of close family members"),
    6: told("legally privileged relationships (lawyers, doctors, ministers of religion)"),
    7: told("religious practices, affiliations or beliefs"),
    8: told("income"),
}
"""The areas, for people to read; ppra.yaml names them beside their words."""
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_EXACT = frozenset({"vi"})  # where accents make other words


@dataclass(frozen=True, slots=True)
class Area:
    """A protected area: its number in the law, its name, and words for it by language."""

    number: int
    name: str
    words: Mapping[str, re.Pattern[str]]


@cache
def areas() -> tuple[Area, ...]:
    """The eight areas, from ppra.yaml."""
    raw: Any = yaml.load((Path(__file__).parent / "ppra.yaml").read_text("utf-8"), _Loader)  # noqa: S506 - strings only
    return tuple(
        Area(
            int(number),
            _NAMES[int(number)],
            {tag: _pattern(words, tag) for tag, words in held["words"].items()},
        )
        for number, held in raw.items()
    )


def _pattern(words: list[str], language: str) -> re.Pattern[str]:
    rows = []
    for word in words:
        plain = re.escape(_plain(word.removesuffix("*"), language))
        rows.append(plain if runs_on(word) else rf"\b{plain}" + (r"\w*" if word.endswith("*") else r"\b"))
    return re.compile("|".join(rows))


def _plain(text: str, language: str) -> str:
    return light(text) if language in _EXACT else fold(text)


def touched(text: str, language: str) -> dict[int, str]:
    """The protected areas that a text touches, each with the word that shows it.

    >>> touched("Do your parents vote?", "en")
    {1: 'vote', 5: 'your parents'}
    """
    found = {}
    for area in areas():
        tag = nearest(language, tuple(area.words), "")
        hit = area.words[tag].search(_plain(text.replace("{school}", ""), tag)) if tag else None
        if hit:
            found[area.number] = hit[0]
    return found


def protected(survey: Survey) -> Iterator[Finding]:
    """Questions to students that touch a protected area, set beside what the survey says of itself."""
    if not for_students(survey):
        return
    declared, names = set(survey.about.ppra), {area.number: area.name for area in areas()}
    for item, _, _ in walked(survey.items):
        if not isinstance(item, Question | Note):
            continue
        seen: dict[int, tuple[str, str]] = {}
        for language in survey.languages:
            for text in _asked_of_students(item, language):
                for number, word in touched(text, language).items():
                    seen.setdefault(number, (word, language))
        for number, (word, language) in sorted(seen.items()):
            if number not in declared:
                what = told(
                    "'{word}' ({language}) may touch what the law protects in students: {area} (PPRA {number}).",
                    word=word,
                    language=language,
                    area=names[number],
                    number=number,
                )
                cure = told(
                    "Reword it, or declare it under about: ppra: [{number}]. {besides}",
                    number=number,
                    besides=ASKED,
                )
                yield Finding("warning", what, cure, item.key, language)
    if declared:
        touches = (told("{number} {area}", number=number, area=names[number]) for number in sorted(declared))
        areas_touched = reduce(lambda some, more: told("{some}; {more}", some=some, more=more), touches)
        what = told("When students answer, this touches what the law protects: {areas}.", areas=areas_touched)
        yield Finding("note", what, ASKED)


def _asked_of_students(item: Question | Note, language: str) -> Iterator[str]:
    yield item.wording(language, "student" if "student" in item.texts else None)
    if isinstance(item, Question) and item.hints:
        yield item.hints[language]
    if isinstance(item, One):
        yield from (option.labels[language] for option in item.options)


def danger_line(survey: Survey) -> Iterator[Finding]:
    """Students, a topic that may bring reports of harm, and no word on where to turn."""
    if survey.about.audience not in ("students", "everyone") or survey.about.sensitivity != "S2":
        return
    for language in survey.languages:
        values = {"school": SCHOOL, **{name: texts[language] for name, texts in survey.fields.items()}}
        step = begin(survey, language, values, "student")
        said = fold(step.prompt.text) if step.prompt else ""
        lacking = [number for number in ("911", "988") if number not in said]
        if lacking:
            what = told(
                "The first message to students does not name {numbers}, and this may bring reports of harm.",
                numbers=reduce(lambda some, more: told("{one} and {other}", one=some, other=more), lacking),
            )
            cure = told("Add: 'Not watched all day: in danger call 911; in a crisis call or text 988.'")
            yield Finding("error", what, cure, "intro", language)
