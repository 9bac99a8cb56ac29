"""Groups as a page names and orders them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from analysis.findings import UNKNOWN, Summary

from ..tongue import say, say_n
from . import tongues
from .figures import thousands

ORDER = ("school", "language", "grade", "channel", "respondent")
"""The order in which dimensions are shown; any other follows under its own name."""


@dataclass(frozen=True, slots=True)
class Noun:
    """What to call those who were asked: ``kind`` is family, student or person."""

    kind: str

    @property
    def one(self) -> str:
        """One of them."""
        return {"family": say("family"), "student": say("student")}.get(self.kind, say("person"))

    @property
    def many(self) -> str:
        """Several."""
        return {"family": say("families"), "student": say("students")}.get(self.kind, say("people"))

    def of(self, number: int) -> str:
        """
        >>> Noun("family").of(1200)
        '1,200 families'
        """
        if self.kind == "family":
            text = say_n("{n} family", "{n} families", number)
        elif self.kind == "student":
            text = say_n("{n} student", "{n} students", number)
        else:
            text = say_n("{n} person", "{n} people", number)
        return text.format(n=thousands(number))


FAMILY, PEOPLE = Noun("family"), Noun("person")


def who(found: Summary) -> Noun:
    """Families, students, or people where both were asked."""
    asked = set(found.groups.get("respondent", {})) or {"family"}
    kind = next(iter(asked))
    return Noun(kind) if len(asked) == 1 and kind in ("family", "student") else PEOPLE


BEFORE_FIRST = (re.compile(r"p(re)?-?k\b", re.I), re.compile(r"k\b", re.I))
"""Grades that have no number: pre-kindergarten, kindergarten."""


def dimension_name(dimension: str) -> str:
    """What a dimension is called inside a sentence; one of the contact list's own as it is called there."""
    known = {
        "school": say("school"),
        "language": say("language"),
        "grade": say("grade"),
        "channel": say("channel"),
        "respondent": say("who answered"),
    }
    return known.get(dimension, dimension.replace("_", " "))


def dimension_label(dimension: str) -> str:
    """The same at the head of something.

    >>> dimension_label("school"), dimension_label("bus_route")
    ('School', 'Bus route')
    """
    name = dimension_name(dimension)
    return f"{name[:1].upper()}{name[1:]}"


def group_name(dimension: str, value: str) -> str:
    """
    >>> group_name("language", "ht"), group_name("school", "Lincoln"), group_name("grade", "unknown")
    ('Haitian Creole', 'Lincoln', 'Not known')
    """
    if value == UNKNOWN:
        return say("Not known")
    if dimension == "language":
        return tongues.name(value)
    known = {
        ("channel", "sms"): say("SMS"),
        ("channel", "telegram"): say("Telegram"),
        ("channel", "imported"): say("Imported"),
        ("respondent", "family"): say("Families"),
        ("respondent", "student"): say("Students"),
        ("respondent", "staff"): say("Staff"),
    }
    return known.get((dimension, value), value)


def in_order(dimensions: Iterable[str]) -> list[str]:
    """The dimensions as they are shown.

    >>> in_order(["zone", "language", "school"])
    ['school', 'language', 'zone']
    """
    known = list(ORDER)
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
