"""What every format is made of: named tables with typed columns, and what they say of themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from analysis.codebook import Codebook

Cell = str | int | float | bool | tuple[str, ...] | None
Row = Sequence[Cell]
Purpose = Literal["findings", "replies"]
Kind = Literal["text", "code", "several", "count", "number", "share", "yesno"]
"""``code``: one of few values. ``several``: any number of them. ``share``: from 0 to 1. ``yesno``: True or False."""

PURPOSES: Mapping[Purpose, str] = {
    "findings": "FINDINGS: counts and shares in which small numbers are hidden. They may be published.",
    "replies": "REPLIES: what people said, for the staff's own work. Never publish them or pass them on: names were taken "
    "out by rules, and people can be known by what they tell.",
}


@dataclass(frozen=True, slots=True)
class Column:
    """``name``: small letters, digits and _. ``values``: what the values of a ``code`` mean; ``ordered``: they have an order."""

    name: str
    label: str
    kind: Kind = "text"
    values: Mapping[str, str] = field(default_factory=dict)
    ordered: bool = False
    width: int = 14


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. ``rows`` may be called any number of times, and gives one row after another."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterator[Row]]

    def named(self) -> Iterator[dict[str, Cell]]:
        """The rows, by the names of the columns."""
        names = [column.name for column in self.columns]
        return (dict(zip(names, row, strict=True)) for row in self.rows())


@dataclass(frozen=True, slots=True)
class About:
    """What is told in every file: which kind of export it is, of what, as of when. ``notes`` are whole sentences."""

    purpose: Purpose
    survey: str
    title: str
    codebook: str
    codebook_version: str
    minimum: int
    at: datetime
    wave: str = ""
    release: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def as_of(self) -> str:
        """The day, and which state of the numbers it is."""
        day = self.at.date().isoformat()
        return f"{day} (state {self.release})" if self.release else day

    def facts(self) -> list[tuple[str, str]]:
        """What stands in the table ``about``."""
        return [
            ("kind", PURPOSES[self.purpose]),
            ("survey", self.survey),
            ("title", self.title),
            *([("wave", self.wave)] if self.wave else []),
            ("as of", self.as_of),
            ("codebook", f"{self.codebook}, version {self.codebook_version}"),
            ("smallest group shown", str(self.minimum)),
            *(("note", note) for note in self.notes),
            ("made by", "Openline"),
        ]


@dataclass(frozen=True, slots=True)
class Tables:
    """One export. ``single`` is what a format gets that holds one table."""

    about: About
    sheets: tuple[Sheet, ...]
    single: Sheet
    codebook: Codebook

    def all(self) -> tuple[Sheet, ...]:
        """What the export says of itself, its tables, and the codebook."""
        return (about_sheet(self.about), *self.sheets, codebook_sheet(self.codebook))


def sheet(name: str, title: str, columns: Iterable[Column], rows: Sequence[Row]) -> Sheet:
    """A table whose rows are there already."""
    return Sheet(name, title, tuple(columns), lambda: iter(rows))


def about_sheet(about: About) -> Sheet:
    """What this export is."""
    columns = (Column("what", "What", width=22), Column("value", "Value", width=100))
    return sheet("about", "About this file", columns, about.facts())


def codebook_sheet(book: Codebook) -> Sheet:
    """The themes, with what they mean."""
    columns = (
        Column("theme", "Theme", width=26),
        Column("parent", "Part of", width=16),
        Column("label", "Label", width=34),
        Column("definition", "Definition", width=60),
        Column("use_for", "Use for", width=40),
        Column("not_for", "Not for", width=40),
        Column("kind", "Kind"),
        Column("reach", "Who can change it"),
        Column("flag", "What people must do", width=24),
    )
    rows = [
        (
            theme.id, theme.parent or "", theme.label, theme.definition, theme.include, theme.exclude, theme.kind,
            theme.reach or "", theme.flag or "",
        )
        for theme in book
    ]  # fmt: skip
    return sheet("codebook", f"{book.title} ({book.id} {book.version})", columns, rows)
