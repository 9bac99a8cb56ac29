"""ODK's functions as a table: name, what it takes, what it gives, how.

``takes`` has a letter for each argument: t text, n number, b truth, v any value. ``spare`` of the last may be left out;
``more`` may follow any number of times. What needs the person's world has it as its first argument. Functions that
decide which of their arguments are read at all (if, coalesce, once …) or that look at paths are in ``special.py``.

Source: docs.getodk.org/form-operators-functions; ODK XForms Specification, "XPath Functions"; JavaRosa, XPathFuncExpr.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from ..told import told
from . import arithmetic, clock, texts
from .values import Value, number, several, spelled, text, truth

Gives = Literal["text", "number", "truth", "any"]


@dataclass(frozen=True)
class Function:
    """One function; ``run`` None where ``special`` compiles it."""

    takes: str
    gives: Gives
    run: Callable[..., Any] | None
    spare: int = 0
    more: str = ""
    world: bool = False

    def fits(self, count: int) -> bool:
        """Whether it may be called with so many arguments."""
        beyond = count - len(self.takes)
        if beyond <= 0:
            return -beyond <= self.spare
        return bool(self.more) and beyond % len(self.more) == 0

    @property
    def wanted(self) -> str:
        """How many arguments it takes, in words."""
        most = len(self.takes)
        if self.more:
            if len(self.more) > 1:
                return told("at least {least} and then pairs", least=most - self.spare)
            return told("at least {least}", least=most - self.spare)
        return told("{least} to {most}", least=most - self.spare, most=most) if self.spare else str(most)


def _count(value: Value) -> float:
    return float(len(value)) if isinstance(value, list) else 1.0


def _filled(value: Value) -> float:
    return float(sum(1 for each in several(value) if each))


def _flat(values: tuple[Value, ...]) -> list[Value]:
    out: list[Value] = []
    for value in values:
        out.extend(value) if isinstance(value, list) else out.append(value)
    return out


def _numbers(values: tuple[Value, ...]) -> list[float]:
    return [n for n in map(number, _flat(values)) if n == n]


def _sum(value: Value) -> float:
    return float(sum(_numbers((value,))))


def _least(*values: Value) -> float:
    return min(_numbers(values), default=float("nan"))


def _most(*values: Value) -> float:
    return max(_numbers(values), default=float("nan"))


def _concat(*values: Value) -> str:
    return "".join(map(text, _flat(values)))


def _join(between: str, *values: Value) -> str:
    return between.join(map(text, _flat(values)))


def _checklist(least: float, most: float, *values: Value) -> bool:
    return _within(sum(map(truth, _flat(values))), least, most)


def _weighted(least: float, most: float, *pairs: Value) -> bool:
    flags, weights = _flat(pairs[::2]), _flat(pairs[1::2])
    return _within(sum(number(w) for f, w in zip(flags, weights, strict=False) if truth(f)), least, most)


def _within(count: float, least: float, most: float) -> bool:
    return (least == -1 or count >= least) and (most == -1 or count <= most)


def _blank(*_: Value) -> str:
    return ""


def _unknown(*_: Value) -> float:
    return float("nan")


def _plain(run: Callable[[float], float]) -> Function:
    return Function("n", "number", arithmetic.ieee(run))


FUNCTIONS: dict[str, Function] = {
    # truths
    "true": Function("", "truth", lambda: True),
    "false": Function("", "truth", lambda: False),
    "not": Function("b", "truth", lambda value: not value),
    "boolean": Function("b", "truth", lambda value: value),
    "boolean-from-string": Function("t", "truth", lambda word: word == "1" or word.lower() == "true"),
    "checklist": Function("nn", "truth", _checklist, more="v"),
    "weighted-checklist": Function("nn", "truth", _weighted, more="vv"),
    # choices
    "selected": Function("tt", "truth", texts.selected),
    "is-selected": Function("tt", "truth", texts.selected),
    "selected-at": Function("tn", "text", texts.selected_at),
    "count-selected": Function("t", "number", lambda chosen: float(len(chosen.split()))),
    "jr:choice-name": Function("tv", "text", None),
    "jr:itext": Function("t", "text", None),
    # choosing what is read
    "if": Function("bvv", "any", None),
    "coalesce": Function("vv", "any", None, more="v"),
    "once": Function("v", "any", None),
    "depend": Function("v", "any", lambda value, *_: value, more="v"),
    # texts
    "string": Function("v", "text", spelled),
    "concat": Function("", "text", _concat, more="v"),
    "join": Function("t", "text", _join, more="v"),
    "contains": Function("tt", "truth", lambda whole, part: part in whole),
    "starts-with": Function("tt", "truth", str.startswith),
    "ends-with": Function("tt", "truth", str.endswith),
    "substr": Function("tnn", "text", texts.substr, spare=1),
    "substring": Function("tnn", "text", texts.substring, spare=1),
    "substring-before": Function(
        "tt", "text", lambda whole, part: whole.partition(part)[0] if part and part in whole else ""
    ),
    "substring-after": Function(
        "tt", "text", lambda whole, part: whole.partition(part)[2] if part else whole
    ),
    "translate": Function("ttt", "text", texts.translate),
    "string-length": Function("t", "number", lambda value: float(len(value)), spare=1),
    "normalize-space": Function("t", "text", lambda value: " ".join(value.split()), spare=1),
    "upper-case": Function("t", "text", str.upper),
    "lower-case": Function("t", "text", str.lower),
    "regex": Function("tt", "truth", None),
    "digest": Function("ttt", "text", texts.digest, spare=1),
    "base64-decode": Function("t", "text", texts.base64_decode),
    "uuid": Function("n", "text", None, spare=1),
    # numbers
    "number": Function("n", "number", lambda value: value),
    "int": Function("n", "number", arithmetic.whole),
    "round": Function("nn", "number", arithmetic.rounded, spare=1),
    "floor": Function("n", "number", arithmetic.floor),
    "ceiling": Function("n", "number", arithmetic.ceiling),
    "abs": Function("n", "number", abs),
    "pow": Function("nn", "number", arithmetic.power),
    "log": Function("n", "number", arithmetic.log),
    "log10": Function("n", "number", arithmetic.log10),
    "sqrt": _plain(math.sqrt),
    "exp": _plain(math.exp),
    "exp10": Function("n", "number", lambda value: arithmetic.power(10.0, value)),
    "sin": _plain(math.sin),
    "cos": _plain(math.cos),
    "tan": _plain(math.tan),
    "asin": _plain(math.asin),
    "acos": _plain(math.acos),
    "atan": _plain(math.atan),
    "atan2": Function("nn", "number", math.atan2),
    "pi": Function("", "number", lambda: math.pi),
    "thousands-sep": Function("n", "text", arithmetic.thousands),
    "random": Function("", "number", None),
    # several answers
    "count": Function("v", "number", _count),
    "count-non-empty": Function("v", "number", _filled),
    "sum": Function("v", "number", _sum),
    "min": Function("v", "number", _least, more="v"),
    "max": Function("v", "number", _most, more="v"),
    "position": Function("v", "number", None, spare=1),
    "last": Function("", "number", None),
    "indexed-repeat": Function("vvn", "any", None, more="vn"),
    "randomize": Function("vn", "any", None, spare=1),
    "instance": Function("t", "any", None),
    "current": Function("", "any", None),
    # dates and times
    "today": Function("", "text", clock.today, world=True),
    "now": Function("", "text", clock.now, world=True),
    "date": Function("v", "text", clock.to_date),
    "date-time": Function("v", "text", clock.to_moment),
    "decimal-date-time": Function("n", "number", lambda value: value),
    "decimal-time": Function("v", "number", clock.part_of_day),
    "format-date": Function("vt", "text", clock.format_date, world=True),
    "format-date-time": Function("vt", "text", clock.format_date, world=True),
    # what there is none of here: see UNSUPPORTED
    "pulldata": Function("tttt", "text", _blank, more="t"),
    "property": Function("t", "text", _blank),
    "version": Function("", "text", _blank),
    "area": Function("v", "number", _unknown, more="v"),
    "enclosed-area": Function("v", "number", _unknown, more="v"),
    "distance": Function("v", "number", _unknown, more="v"),
    "geofence": Function("vv", "number", _unknown),
    "intersects": Function("v", "number", _unknown),
}
"""Every function that an expression may call."""
