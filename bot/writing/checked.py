"""What is wrong with a draft, and where: what keeps it from being a survey at all, and what a careful editor finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import survey_flows
from survey_flows import Survey, SurveyError, loading
from survey_flows.lint import SEVERITIES, Severity, check

from .outline import Item, Outline, outline
from .sheet import At, Sheet


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend. ``at`` is the place of the item, () for the first and the last message, None for the whole
    survey; ``line`` is that of the file where it cannot be read."""

    severity: Severity
    what: str
    cure: str
    at: At | None = None
    language: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A text looked over. ``survey`` is None where it is none yet."""

    survey: Survey | None
    outline: Outline
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.severity == "error")

    def of(self, at: At | None) -> tuple[Finding, ...]:
        """The findings of one place, the worst first."""
        return tuple(one for one in self.findings if one.at == at)

    def count(self, severity: Severity) -> int:
        return sum(one.severity == severity for one in self.findings)


def whole(text: str) -> str:
    """The text with the surveys of the library that it includes behind it. Raises SurveyError."""
    return loading.together(text, loading.FOLDER / "draft.yaml") if "include:" in text else text


def read(text: str, name: str = "survey") -> Survey:
    """The survey that a text makes. Raises SurveyError, with all that is wrong."""
    return survey_flows.loads(whole(text), name)


_OF_LANGUAGES = frozenset({"missing", "stale", "drafts"})
"""What is told language by language (``Outline.lacking``, ``Survey.drafts``), not as a fault of the draft."""


@lru_cache(maxsize=128)
def seen(text: str) -> Outline:
    """The outline alone, of a text that has been published: nobody looks it over any more. Raises SurveyError."""
    return outline(Sheet(text))


@lru_cache(maxsize=128)
def look(text: str) -> Checked:
    """Everything that is to be said of a text. Raises SurveyError where it is not even a list of keys."""
    shown = seen(text)
    try:
        survey = read(text)
    except SurveyError as error:
        wrong = [_unread(one, shown) for one in (error, *error.others)]
        return Checked(None, shown, tuple(wrong))
    found = [
        Finding(one.severity, one.what, one.cure, _place(one.question, shown), one.language)
        for one in check(survey, long=True)
        if one.rule not in _OF_LANGUAGES
    ]
    return Checked(survey, shown, tuple(sorted(found, key=lambda one: SEVERITIES.index(one.severity))))


def _unread(error: SurveyError, seen: Outline) -> Finding:
    inside = [
        item for item in seen.walked() if item.lines[0] <= error.line < max(item.lines[1], item.lines[0] + 1)
    ]
    at: At | None = inside[-1].at if inside else None
    first = min((item.lines[0] for item in seen.items), default=None)
    if at is None and first is not None and 1 < error.line < first:
        at = ()
    return Finding("error", error.problem, error.cure, at, None, error.line)


def _place(question: str | None, seen: Outline) -> At | None:
    if question is None:
        return None
    if question in ("intro", "thanks"):
        return ()
    found: Item | None = seen.named(question)
    return found.at if found else None


def unreadable(error: SurveyError) -> Sequence[Finding]:
    """The findings of a text that is not even a list of keys."""
    return [Finding("error", one.problem, one.cure, None, None, one.line) for one in (error, *error.others)]


__all__ = ["Checked", "Finding", "look", "read", "seen", "unreadable", "whole"]
