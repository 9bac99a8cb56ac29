"""Groups as a page names and orders them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from analysis.findings import UNKNOWN, Summary

from . import tongues
from .figures import thousands

DIMENSIONS = {
    "school": "school",
    "language": "language",
    "grade": "grade",
    "channel": "channel",
    "respondent": "who answered",
}
"""What a dimension is called, in the order in which they are shown; any other follows under its own name."""
VALUES = {
    ("channel", "sms"): "SMS",
    ("channel", "telegram"): "Telegram",
    ("channel", "imported"): "Imported",
    ("respondent", "family"): "Families",
    ("respondent", "student"): "Students",
    ("respondent", "staff"): "Staff",
}


@dataclass(frozen=True, slots=True)
class Noun:
    """What to call those who were asked."""

    one: str
    many: str

    def of(self, number: int) -> str:
        """
        >>> Noun("family", "families").of(1200)
        '1,200 families'
        """
        return f"1 {self.one}" if number == 1 else f"{thousands(number)} {self.many}"


NOUNS = {"family": Noun("family", "families"), "student": Noun("student", "students")}


def who(found: Summary) -> Noun:
    """Families, students, or people where both were asked."""
    asked = set(found.groups.get("respondent", {})) or {"family"}
    return NOUNS.get(next(iter(asked)), PEOPLE) if len(asked) == 1 else PEOPLE


PEOPLE = Noun("person", "people")
BEFORE_FIRST = (re.compile(r"p(re)?-?k\b", re.I), re.compile(r"k\b", re.I))
"""Grades that have no number: pre-kindergarten, kindergarten."""


def dimension_name(dimension: str) -> str:
    return DIMENSIONS.get(dimension, dimension)


def group_name(dimension: str, value: str) -> str:
    """
    >>> group_name("language", "ht"), group_name("school", "Lincoln"), group_name("grade", "unknown")
    ('Haitian Creole', 'Lincoln', 'Not known')
    """
    if value == UNKNOWN:
        return "Not known"
    return tongues.name(value) if dimension == "language" else VALUES.get((dimension, value), value)


def in_order(dimensions: Iterable[str]) -> list[str]:
    """The dimensions as they are shown.

    >>> in_order(["zone", "language", "school"])
    ['school', 'language', 'zone']
    """
    known = list(DIMENSIONS)
    return sorted(dimensions, key=lambda d: (known.index(d) if d in known else len(known), d))


def place(dimension: str, value: str, size: int | None) -> tuple[bool, int, int, str]:
    """Where a group stands: schools and languages by size, grades in their own order, the unknown last.

    >>> sorted(["10", "3–5", "K", "unknown", "PK"], key=lambda grade: place("grade", grade, 9))
    ['PK', 'K', '3–5', '10', 'unknown']
    """
    unknown = value == UNKNOWN
    if dimension in ("school", "language"):
        return (unknown, -(size or 0), 0, value)
    first = next((n for n, name in enumerate(BEFORE_FIRST) if name.match(value)), len(BEFORE_FIRST))
    number = re.match(r"\d+", value)
    return (unknown, first, int(number[0]) if number else 0, value)
