"""The four kinds of value and how one becomes another, as in XPath 1.0 with ODK's dates.

A blank answer is "": as a number it is NaN, and NaN is neither less, equal nor greater. A list holds the answers of a
repeated question or a column of a list's rows; where one value is wanted, its first is meant. Dates are text
(2026-10-14) and turn into days since 1970-01-01 where a number is wanted.

Source: XPath 1.0, sections 3.4 (comparison) and 4 (number, string, boolean); ODK XForms Specification, "XPath
Functions" (number) and "XPath Operators"; JavaRosa, XPathEqExpr (an empty set of nodes is a blank).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

from .dates import days

Value: TypeAlias = "str | float | bool | list[str]"

_NUMBER = re.compile(r"\s*-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*")
_NEAR = 1e-12  # JavaRosa's: 0.1 + 0.2 = 0.3


def number(value: Value) -> float:
    """XPath's number(), and days for a date or a date with a time.

    >>> number("7.50"), number(True), number("1970-01-03"), number("1970-01-03T12:00:00")
    (7.5, 1.0, 2.0, 2.5)
    >>> number("a few"), number("")
    (nan, nan)
    """
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value) else days(value)
    if isinstance(value, list):
        return number(value[0]) if value else float("nan")
    return float(value)


def text(value: Value) -> str:
    """XPath's string(), but no number is no text: never an exponent, and no ".0".

    A calculate that gives NaN is blank in ODK (JavaRosa, IAnswerData.wrapData), and in ODK Web Forms so is NaN inside
    a text: a family should not read "NaN". Only the function ``string()`` still says it, for who asks for it.

    >>> text(3.0), text(0.5), text(1e21), text(float("nan")), text(True), text(["a", "b"])
    ('3', '0.5', '1000000000000000000000', '', 'true', 'a')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return value[0] if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value != value:
        return ""
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    if value.is_integer():
        return str(int(value))
    written = repr(value)
    return format(Decimal(written), "f") if "e" in written else written


def spelled(value: Value) -> str:
    """The function ``string()``: as ``text``, and "NaN" for no number."""
    return "NaN" if isinstance(value, float) and value != value else text(value)


def truth(value: Value) -> bool:
    """XPath's boolean(): any text is true, "false" and "0" too; a list is true if something in it is.

    >>> truth("0"), truth(""), truth(0.0), truth(float("nan")), truth(["", "x"])
    (True, False, False, False, True)
    """
    if isinstance(value, list):
        return any(value)
    if isinstance(value, float):
        return value == value and abs(value) > _NEAR
    return bool(value)


def blank(value: Value) -> bool:
    """No text and no number: what ``coalesce`` passes over."""
    if isinstance(value, list):
        return not any(value)
    return value == "" or value != value


def several(value: Value) -> list[str]:
    """A list as it is, any other value as a list of one."""
    return value if isinstance(value, list) else [text(value)]


def equal(one: Value, other: Value) -> bool:
    """``=``: as truths if either is one, else as numbers if either is one, else as texts."""
    if isinstance(one, list) or isinstance(other, list):
        return _any(equal, one, other)
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    if isinstance(one, bool) or isinstance(other, bool):
        return truth(one) == truth(other)
    a, b = number(one), number(other)
    return a == b or abs(a - b) < _NEAR


def unequal(one: Value, other: Value) -> bool:
    """``!=``; of a list, whether any of it differs."""
    if isinstance(one, list) or isinstance(other, list):
        return _any(unequal, one, other)
    return not equal(one, other)


def ordered(test: Callable[[float, float], bool]) -> Callable[[Value, Value], bool]:
    """``<`` and its like: always as numbers."""

    def compare(one: Value, other: Value) -> bool:
        if isinstance(one, list) or isinstance(other, list):
            return _any(compare, one, other)
        return test(number(one), number(other))

    return compare


def _any(compare: Callable[[Value, Value], bool], one: Value, other: Value) -> bool:
    # XPath would say no of an empty set of nodes; JavaRosa takes it as a blank answer, which is what authors expect.
    left = (one or [""]) if isinstance(one, list) else [one]
    right = (other or [""]) if isinstance(other, list) else [other]
    return any(compare(a, b) for a in left for b in right)
