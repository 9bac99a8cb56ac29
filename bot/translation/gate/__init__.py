"""Looks at a translation before a person approves it, and says beside it what may be wrong.

``look`` reads one text, ``review`` a whole document. Both are pure and quick; with a ``Judge`` they also compare meanings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from survey_flows.told import told

from ..units import Unit
from . import choices, kept, leftover, lengths, letters, negation, numbers, terms
from .case import Case, Check
from .finding import Finding, Rule, Severity
from .meaning import Judge, confidence, meaning, without_gaps

CHECKS: tuple[Check, ...] = (
    kept.placeholders,
    kept.links,
    kept.keywords,
    numbers.same,
    choices.apart,
    letters.ours,
    leftover.left,
    negation.kept,
    terms.used,
    lengths.fits,
)
"""Everything that is looked at without a model, in the order in which it is told."""
SEVERITIES: tuple[Severity, ...] = ("block", "warn", "note")


def look(
    unit: Unit,
    language: str,
    text: str,
    *,
    siblings: Mapping[str, str] = {},
    judge: Judge | None = None,
    back: str | None = None,
) -> tuple[Finding, ...]:
    """What may be wrong with ``text`` as the translation of a unit, the worst first; nothing for a text in its own source.

    ``siblings`` are the other texts of the unit's group in the same language, by context. ``back`` is the text
    translated back into the source language, ``judge`` compares meanings: both only sharpen what is found.
    """
    case = Case(
        unit, language, text, {context: said for context, said in siblings.items() if context != unit.context}
    )
    if empty := _empty(case):
        return (empty,)
    found = [finding for check in CHECKS for finding in check(case)]
    return _ordered(meaning(case, found, judge, back))


def review(
    units: Iterable[Unit],
    language: str,
    texts: Mapping[str, str],
    judge: Judge | None = None,
    back: Mapping[str, str] | None = None,
) -> dict[str, tuple[Finding, ...]]:
    """What ``look`` says of each unit that has a text, by context; the choices of one group are compared with each other."""
    units = [unit for unit in units if unit.context in texts]
    groups: dict[str, dict[str, str]] = {}
    for unit in units:
        if unit.group:
            groups.setdefault(unit.group, {})[unit.context] = texts[unit.context]
    if judge is not None:
        judge.learn(without_gaps(text) for unit in units for text in (unit.text, texts[unit.context]))
    return {
        unit.context: look(
            unit,
            language,
            texts[unit.context],
            siblings=groups.get(unit.group, {}),
            judge=judge,
            back=(back or {}).get(unit.context),
        )
        for unit in units
    }


def blocks(findings: Iterable[Finding]) -> bool:
    """Whether a translation cannot be approved as it stands."""
    return any(finding.severity == "block" for finding in findings)


def _empty(case: Case) -> Finding | None:
    cure = told("Write the translation.")
    if not case.text.strip():
        return Finding("block", "empty", told("There is no translation yet."), cure)
    if any(map(str.isalnum, case.unit.text)) and not any(map(str.isalnum, case.text)):
        return Finding("block", "empty", told("It has no word and no number, and the source has."), cure)
    return None


def _ordered(found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: SEVERITIES.index(finding.severity)))


__all__ = [
    "CHECKS", "Case", "Check", "Finding", "Judge", "Rule", "Severity", "blocks", "confidence", "look", "review",
]  # fmt: skip
