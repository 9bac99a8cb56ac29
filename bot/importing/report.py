"""What became of each row of an imported file: every row is in exactly one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from langcodes import find, standardize_tag
from langcodes.tag_parser import LanguageTagError

from ..spreadsheets import BadRow

T = TypeVar("T")
CHUNK = 500
"""Rows that share a transaction."""

Progress = Callable[[int], None]


@dataclass(slots=True)
class Report:
    """Counts of rows. ``bad`` rows are named by line and problem, never by their words."""

    file: str
    taken: int = 0
    known: int = 0
    changed: int = 0
    empty: int = 0
    bad: list[BadRow] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)  # what the file came to, a sentence each
    notes: list[str] = field(default_factory=list)
    sums: dict[str, int] = field(default_factory=dict)  # the same as numbers, by what they count

    @property
    def rows(self) -> int:
        """All rows of the file."""
        return self.taken + self.known + self.changed + self.empty + len(self.bad)


def chunks(rows: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The rows in lists of at most ``size``."""
    left = iter(rows)
    while chunk := list(islice(left, size)):
        yield chunk


def tag(named: str) -> str | None:
    """The BCP 47 tag of a language as people write it (``es``, ``Spanish``, ``español``); None where it is not one.

    >>> tag("Spanish"), tag("pt_BR"), tag("Kreyòl ayisyen"), tag("??")
    ('es', 'pt-BR', 'ht', None)
    """
    named = named.strip()
    if not named:
        return None
    try:
        made = standardize_tag(named)
        if len(made.split("-")[0]) in (2, 3) and named.isascii():
            return _written(made)
    except LanguageTagError:
        pass
    try:
        return _written(find(named).to_tag())
    except LookupError:
        return None


def _written(made: str) -> str:
    """Chinese without a script is read as Simplified, which is what its readers in our surveys get."""
    return "zh-Hans" if made in ("zh", "zh-CN", "cmn") else made
