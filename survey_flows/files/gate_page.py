"""Reads when something is asked: conditions on earlier answers, and ODK expressions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import yaml

from ..gates import Condition, Gate, Relevant
from ..questions import Number, Question
from ..told import told
from .survey_page import SurveyPage
from .tree import Entry, did_you_mean

if TYPE_CHECKING:
    from ..expressions import Expression

_ALIASES = {"true": "yes", "false": "no"}


def gates(page: SurveyPage, entry: Entry | None) -> tuple[Gate, ...]:
    """What ``ask_if:`` says: a mapping of earlier questions to answers, or an expression."""
    if entry is None:
        return ()
    if isinstance(entry.value, yaml.ScalarNode):
        found = expression(page, entry, "'ask_if'")
        met = {*page.asked, *page.lots, *page.passed}
        for name in sorted(found.names if found and not page.lenient else ()):
            if name in page.names and name not in met:
                problem = told("'ask_if' refers to '{name}', which is not asked before.", name=name)
                page.wrong(entry.value, problem, told("Move that question up."))
        return (Relevant(found),) if found else ()
    conditions = []
    for name, condition in page.mapping(entry.value, "'ask_if'").items():
        if name in page.asked:
            earlier = page.asked[name]
            made = _condition(page, earlier, condition) if earlier else None
            if made:
                conditions.append(made)
        elif name in page.lots:
            conditions.append(_of_lot(page, name, condition))
        elif name in page.names:
            problem = told("'ask_if' refers to '{name}', which is not asked before.", name=name)
            page.wrong(condition.key, problem, told("Move that question up."))
        else:
            problem = told("'ask_if' refers to '{name}', but there is no such question.", name=name)
            page.wrong(condition.key, problem, did_you_mean(name, tuple(page.asked)))
    return tuple(conditions)


def expression(page: SurveyPage, entry: Entry | None, what: str) -> Expression | None:
    """An ODK expression; None (and a complaint) where it cannot be read."""
    from ..expressions import ExpressionError, parse

    written = page.text(entry.value, what) if entry else None
    if entry is None or written is None:
        return None
    try:
        found = parse(written)
    except ExpressionError as error:
        page.wrong(entry.value, told("In {what}: {problem}", what=what, problem=error.problem), error.cure)
        return None
    page.mentions += [(entry.value, name) for name in sorted(found.names)]
    return found


def bound(page: SurveyPage, entry: Entry | None) -> float | None:
    """A number written in digits; None (and a complaint) where it is none."""
    if entry is None:
        return None
    written = page.text(entry.value, told("A bound")) or ""
    try:
        value = float(written)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        page.wrong(
            entry.value,
            told("'{written}' is not a number.", written=written),
            told("Write it in digits, like 31."),
        )
        return None
    return value


def truth(page: SurveyPage, entry: Entry | None, what: str, *, cure: str = told("Write yes or no.")) -> bool:
    """Whether a yes-or-no key says yes; no where it is left out."""
    written = page.text(entry.value, what) if entry else "no"
    if entry is not None and written not in ("yes", "no", "true", "false"):
        page.wrong(entry.value, told("{what} is yes or no.", what=what), cure)
    return written in ("yes", "true")


def whole(page: SurveyPage, entry: Entry | None, what: str) -> int | None:
    """A whole number of one or more; None (and a complaint) where it is none."""
    value = bound(page, entry)
    if entry is not None and value is not None and (value < 1 or not value.is_integer()):
        page.wrong(
            entry.value,
            told("{what} has to be a whole number from 1.", what=what),
            told("Write it in digits, like 2."),
        )
        return None
    return int(value) if value is not None else None


def _condition(page: SurveyPage, earlier: Question, entry: Entry) -> Condition | None:
    if isinstance(earlier, Number):
        bounds: Mapping[str, Entry] = page.mapping(
            entry.value, told("the condition on '{key}'", key=earlier.key), ("min", "max")
        )
        return Condition(
            earlier.key, least=bound(page, bounds.get("min")), most=bound(page, bounds.get("max"))
        )
    if not earlier.keys:
        problem = told("'{key}' is an open question: it cannot decide what is asked.", key=earlier.key)
        page.wrong(entry.key, problem, told("Use a question with choices."))
        return None
    keys = page.listed(entry, told("the condition on '{key}'", key=earlier.key), earlier.keys)
    if not keys:
        problem = told("The condition on '{key}' names no answer.", key=earlier.key)
        page.wrong(entry.value, problem, told("List the answers that lead here."))
    return Condition(earlier.key, frozenset(_ALIASES.get(key, key) for key in keys))


def _of_lot(page: SurveyPage, name: str, entry: Entry) -> Condition:
    return Condition(
        name, frozenset(page.listed(entry, told("the condition on '{key}'", key=name), page.lots[name]))
    )
