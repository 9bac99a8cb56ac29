"""What an expression is read in: somebody's answers, seen from one question. The caller provides it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from ..told import told

UNSUPPORTED: dict[str, str] = {
    "area": told("is not measured"),
    "distance": told("is not measured"),
    "enclosed-area": told("is not measured"),
    "geofence": told("is not measured"),
    "intersects": told("is not measured"),
    "property": told("is blank: there is no device to ask"),
    "pulldata": told("is blank: data files are not read"),
    "version": told("is blank"),
    "jr:itext": told("is blank, but for the label of a choice"),
    "last-saved": told("is blank: earlier answers are not looked up"),
    "attribute": told("is blank: forms here have none"),
    "wildcard": told("is blank: name the question"),
    "nested indexed-repeat": told("looks only at the repeated group that the question is in"),
}
"""What parses and gives a blank (or no number), and why: for an importer to report. See ``Expression.unsupported``."""


class World(Protocol):
    """One person's answers, seen from one question."""

    @property
    def this(self) -> str:
        """The answer to the question itself, ``.``; "" where there is none."""

    @property
    def now(self) -> datetime | None:
        """An aware time on the person's clock; without one, ``today()`` and ``now()`` raise ExpressionError."""

    @property
    def language(self) -> str:
        """The person's language (BCP 47), for the names of months and days."""

    def read(self, name: str, /) -> str | list[str]:
        """An answer as text; "" if blank or not relevant; a list for a repeated question seen from outside its
        repeat, and one text (it does not matter which) for each turn where the name is a repeated group's."""

    def instances(self, name: str, /) -> Sequence[str]:
        """As ``read`` from outside every repeat: the answers of all turns, in order, wherever the question is."""

    def rows(self, instance: str, /) -> Sequence[Mapping[str, str]]:
        """The rows of a list of choices: ``name``, ``label`` in the person's language, other columns; else ()."""

    def choice_name(self, value: str, question: str, /) -> str:
        """The label of a choice of the question, in the person's language."""

    def position(self) -> int:
        """Which turn of the nearest repeat this is, from 1."""

    def draw(self, key: str, /) -> float:
        """A number in [0, 1), the same for the same key: each ``random()`` of an expression has a key of its own."""


class Row(NamedTuple):
    """The row that a predicate, ``[…]``, is looking at, which of how many it is, and what ``.`` means there."""

    columns: Mapping[str, str]
    at: int
    of: int
    here: str
