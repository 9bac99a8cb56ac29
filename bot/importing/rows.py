"""Reads the rows of a contact list: who is named on each, of which child, and what is wrong with it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from survey_flows.told import told

from ..spreadsheets import Row, Table, blank
from .dates import order_of, read_day
from .layout import Layout, PersonColumns
from .numbers import read as read_numbers
from .report import tag
from .respondents import folded, respondent

Reach = tuple[str, str]
"""A channel and an address there."""

OURS = ("answers:", "people:", "demo:", "student:", "staff:")
"""How ids begin that Openline gives itself."""
TELEGRAM = re.compile(r"-?\d{4,20}")
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "md", "phd"})
LONGEST = 200


@dataclass(slots=True, repr=False)
class Mention:
    """One person as one row names them. ``groups`` and ``school`` are their own, on a row without a child."""

    line: int
    id: str | None
    name: str | None
    reaches: tuple[Reach, ...]
    respondent: str
    language: str | None
    child: str | None
    relation: str | None
    household: str | None
    school: str | None
    groups: Mapping[str, str]
    consent_source: str | None
    consent_day: date | None


@dataclass(slots=True, repr=False)
class Child:
    """A child as the list has it; the first row to say something is right. ``attributes`` has "" where the cell was empty."""

    id: str
    name: str | None = None
    school: str | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)


@dataclass(slots=True, repr=False)
class Reading:
    """All that a list says. ``bad`` are lines to look at, and why; ``empty`` those that name nobody."""

    mentions: list[Mention] = field(default_factory=list)
    children: dict[str, Child] = field(default_factory=dict)
    bad: dict[int, str] = field(default_factory=dict)
    empty: set[int] = field(default_factory=set)
    not_valid: list[int] = field(default_factory=list)
    landlines: list[int] = field(default_factory=list)
    strange_languages: int = 0

    def look_at(self, line: int, problem: str) -> None:
        """Note what is wrong with a line; the first thing is enough."""
        self.bad.setdefault(line, problem)


def read(table: Table, layout: Layout, country: str, step: Callable[[], None] = lambda: None) -> Reading:
    """Read every row; ``step`` is called after each. ``country`` is that of numbers without a country code.

    Raises dates.UncertainDates where the days of consent can be read in two ways.
    """
    reading = Reading()
    columns = {column for _, column in layout.columns()}
    asked = [person.consent_date for person in layout.people if person.consent_date]
    order = layout.date_order or order_of(row.values.get(c, "") for row in table.rows for c in asked)
    for row in table.rows:
        if all(blank(row.values.get(column, "")) for column in columns):
            reading.empty.add(row.line)
        else:
            _Line(reading, row, layout, country, order).read()
        step()
    return reading


class _Line:
    """One row while it is read."""

    def __init__(self, reading: Reading, row: Row, layout: Layout, country: str, order: str | None) -> None:
        self.reading, self.row, self.layout = reading, row, layout
        self.country, self.order = country, order

    def read(self) -> None:
        who = self._respondent()
        if who is None:
            return
        child = self._child()
        named = [self._person(columns, who, child) for columns in self.layout.people]
        mentions = [mention for mention in named if mention is not None]
        if not mentions:
            self._bad(told("nobody is named on this line who could be written to"))
        self.reading.mentions += mentions

    def _bad(self, problem: str) -> None:
        self.reading.look_at(self.row.line, problem)

    def _cell(self, column: str | None) -> str | None:
        """What stands there, in one line; None where nothing does."""
        value = self.row.values.get(column, "") if column else ""
        return None if blank(value) else " ".join(value.split())

    def _respondent(self) -> str | None:
        said = self._cell(self.layout.respondent_column)
        if said is None:
            return self.layout.respondent
        found = self.layout.roles.get(folded(said)) or respondent(said)
        if found is None:
            self._bad(told("the role is no word we know; add it under roles: in a mapping file. Left out"))
        return found

    def _child(self) -> str | None:
        """The child's id, where the row has one that can be used."""
        id_ = self._cell(self.layout.student.id)
        if id_ is None:
            if self.layout.student.id:
                self._bad(told("no student id; whoever is on this line was entered without a child"))
            return None
        if len(id_) > LONGEST:
            self._bad(
                told(
                    "the student id is longer than {n} characters; whoever is here was entered without a child",
                    n=LONGEST,
                )
            )
            return None
        child = self.reading.children.setdefault(id_, Child(id_))
        child.name = child.name or _name(self._cell(self.layout.student.name))
        child.school = child.school or (self._cell(self.layout.school) or "")[:LONGEST] or None
        child.attributes |= {
            name: child.attributes.get(name) or self._cell(column) or ""
            for name, column in self.layout.attributes.items()
        }
        child.lines.append(self.row.line)
        return id_

    def _person(self, columns: PersonColumns, who: str, child: str | None) -> Mention | None:
        id_, name = self._cell(columns.id), _name(self._cell(columns.name))
        reaches = self._reaches(columns)
        if reaches is None:
            reaches = ()
            if not (id_ or name):
                if len(self.layout.people) > 1:
                    return None
                self._bad(told("no phone number; entered as somebody we cannot reach"))
            elif columns.phones or columns.telegram:
                self._bad(told("no phone number; entered as somebody we cannot reach"))
        if id_ and (len(id_) > LONGEST - 10 or id_.startswith(OURS)):
            self._bad(told("the person id is too long, or begins as Openline's own ids do. Left out"))
            return None
        relation = self._cell(columns.relation)
        if who == "student" and child and not id_:
            id_, relation = child, "self"
        return Mention(
            line=self.row.line,
            id=id_ if id_ is None or who == "family" else f"{who}:{id_}",
            name=name,
            reaches=reaches,
            respondent=who,
            language=self._language(columns.language),
            child=child,
            relation=relation[:40] if relation else None,
            household=self._cell(self.layout.household),
            school=None if child else (self._cell(self.layout.school) or "")[:LONGEST] or None,
            groups={} if child else {name: self._cell(c) or "" for name, c in self.layout.attributes.items()},
            consent_source=(self._cell(columns.consent_source) or "")[:LONGEST] or None,
            consent_day=self._consent_day(columns.consent_date),
        )

    def _reaches(self, columns: PersonColumns) -> tuple[Reach, ...] | None:
        """Where they can be reached; None where nothing is written."""
        found: dict[Reach, None] = {}
        problem = None
        for column in columns.phones:
            numbers = read_numbers(self.row.values.get(column, ""), self.country)
            problem = problem or numbers.problem
            for number in numbers.found:
                found[("sms", number.e164)] = None
                if not number.valid:
                    self.reading.not_valid.append(self.row.line)
                elif number.landline:
                    self.reading.landlines.append(self.row.line)
        if chat := self._cell(columns.telegram):
            if TELEGRAM.fullmatch(chat):
                found[("telegram", chat)] = None
            else:
                problem = problem or told("the Telegram chat id is not a number")
        if problem:
            self._bad(
                told("{what} (the rest was taken)", what=problem)
                if found
                else told("{what} (entered as somebody we cannot reach)", what=problem)
            )
        return tuple(found) if found or problem else None

    def _language(self, column: str | None) -> str | None:
        said = self._cell(column)
        found = _tag(said) if said else None
        self.reading.strange_languages += said is not None and found is None
        return found

    def _consent_day(self, column: str | None) -> date | None:
        said = self._cell(column)
        found = read_day(said, self.order) if said else None  # type: ignore[arg-type]
        if said and found is None:
            self._bad(told("the date of consent is no date; today was taken. Write it as 2026-10-14"))
        return found


@lru_cache(maxsize=1000)
def _tag(said: str) -> str | None:
    return tag(said)


def _name(written: str | None) -> str | None:
    """A name as it is spoken: "Garcia, Ana" is Ana Garcia.

    >>> _name("Garcia, Ana"), _name("Martin King, Jr.")
    ('Ana Garcia', 'Martin King, Jr.')
    """
    if written and written.count(",") == 1:
        last, first = (part.strip() for part in written.split(","))
        if last and first and folded(first).strip(".") not in SUFFIXES:
            written = f"{first} {last}"
    return written[:LONGEST] if written else None
