"""Gives every row of a form a name of its own, and follows each reference to it, before pyxform reads the form.

A reference means the nearest question of that name: in the same group first, then in the groups about it. Where two are
as near, only a person knows which one is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from ..files.survey_page import LONGEST_KEY
from ..told import told
from .findings import Finding, FormError
from .sheets import ROW

REFERENCE = re.compile(r"\$\{\s*(last-saved#)?([^${}]+?)\s*\}")
_BEGIN = re.compile(r"begin[\s_]+(group|lgroup|repeat|loop|looped group)\b", re.IGNORECASE)
_END = re.compile(r"end[\s_]+(group|lgroup|repeat|loop|looped group)\b", re.IGNORECASE)
_SAFE = re.compile(r"[^\W\d][\w.-]*")
_RESERVED = frozenset({"meta"})

Row = dict[str, Any]


@dataclass
class Named:
    """A row with a name: where it stands, and what it is called from now on."""

    row: Row
    was: str
    section: tuple[int, ...]
    grouped: bool
    now: str = ""


@dataclass
class Rows:
    """The survey sheet's rows, each with the numbers of the groups it stands in."""

    named: list[Named] = field(default_factory=list)
    sections: list[tuple[Row, tuple[int, ...]]] = field(default_factory=list)


def settle(book: Any, findings: list[Finding]) -> None:
    """Rename what has to be renamed, in all sheets. Raises FormError for a reference that may mean two rows."""
    type_, name = _column(book.survey, "type", "command"), _column(book.survey, "name", "tag", "value")
    rows = _walk(book.survey, type_, name)
    _rename(rows.named, name, findings)
    if all(each.was == each.now for each in rows.named):
        return
    for row, section in rows.sections:
        _refer(row, section, rows.named, "survey")
    for sheet in (book.choices, book.settings):
        for row in sheet or ():
            _refer(row, (), rows.named, "choices" if sheet is book.choices else "settings")


def _column(rows: Iterable[Row], *known: str) -> str:
    """The heading of a column as it is written here."""
    heads = {head.strip().lower(): head for row in rows for head in row}
    return next((heads[name] for name in known if name in heads), known[0])


def _walk(survey: Iterable[Row], type_: str, name: str) -> Rows:
    found, section, count = Rows(), (), 0
    stack: tuple[int, ...] = section
    for row in survey:
        kind = str(row.get(type_, "")).strip()
        if _END.match(kind):
            stack = stack[:-1]
            continue
        found.sections.append((row, stack))
        begins = bool(_BEGIN.match(kind))
        if begins and not row.get(name):
            row[name] = f"group_{row.get(ROW)}"
        if row.get(name) and kind:
            found.named.append(Named(row, str(row[name]).strip(), stack, begins))
        if begins:
            count += 1
            stack = (*stack, count)
    return found


def _rename(named: list[Named], name: str, findings: list[Finding]) -> None:
    taken: set[str] = {each.was for each in named if _fits(each.was)}
    seen: dict[str, Named] = {}
    # A question keeps its name before a group does: it is what others refer to.
    for each in sorted(named, key=lambda each: each.grouped):
        each.now = each.was
        if _fits(each.was) and each.was not in seen:
            seen[each.was] = each
            continue
        each.now = _other(each, taken)
        taken.add(each.now)
        each.row[name] = each.now
        findings.append(_told(each, seen.get(each.was)))


def _fits(name: str) -> bool:
    return bool(_SAFE.fullmatch(name)) and len(name) <= LONGEST_KEY and name not in _RESERVED


def _other(each: Named, taken: set[str]) -> str:
    plain = re.sub(r"[^\w.-]+", "_", each.was).strip("_") or "question"
    if not _SAFE.fullmatch(plain):
        plain = f"q_{plain}"
    if each.grouped or plain in _RESERVED:
        plain = f"{plain[: LONGEST_KEY - 6]}_group" if plain in taken or plain in _RESERVED else plain
    plain = plain[:LONGEST_KEY]
    found, number = plain, 1
    while found in taken:
        number += 1
        found = f"{plain[: LONGEST_KEY - len(str(number)) - 1]}_{number}"
    return found


def _told(each: Named, before: Named | None) -> Finding:
    row = int(each.row[ROW])
    if before is not None:
        what = told("'{name}' is the name of row {row} too.", name=each.was, row=before.row[ROW])
    elif len(each.was) > LONGEST_KEY:
        what = told(
            "The name '{name}…' is longer than {most} characters.",
            name=each.was[:30],
            most=LONGEST_KEY,
        )
    else:
        what = told("'{name}' cannot be a name.", name=each.was)
    instead = told("Here it is called {name}, also where others refer to it.", name=each.now)
    return Finding("survey", row, what, instead, "note" if each.grouped else "warning")


def _refer(row: Row, section: tuple[int, ...], named: list[Named], sheet: str) -> None:
    for head, cell in row.items():
        if isinstance(cell, str) and "${" in cell:
            row[head] = REFERENCE.sub(lambda match: _reference(match, section, named, row, sheet), cell)


def _reference(
    match: re.Match[str], section: tuple[int, ...], named: list[Named], row: Row, sheet: str
) -> str:
    meant = list(_nearest(match[2], section, named))
    if len(meant) > 1:
        rows = reduce(
            lambda one, other: told("{one} and {other}", one=one, other=other),
            (str(each.row[ROW]) for each in meant[:3]),
        )
        problem = told("${{name}} may mean rows {rows} of the survey sheet.", name=match[2], rows=rows)
        at = int(row[ROW]) if ROW in row else None
        raise FormError(sheet, at, problem, told("Give each its own name."))
    return f"${{{match[1] or ''}{meant[0].now if meant else match[2]}}}"


def _nearest(name: str, section: tuple[int, ...], named: list[Named]) -> Iterator[Named]:
    """The rows of that name that are as near as any: those in the innermost group that is about both."""

    def shared(each: Named) -> tuple[int, int]:
        both = sum(1 for a, b in zip(each.section, section, strict=False) if a == b)
        return both, both - len(each.section)

    found = [each for each in named if each.was == name]
    questions = [each for each in found if not each.grouped] or found
    near = max((shared(each) for each in questions), default=(0, 0))
    return (each for each in questions if shared(each) == near)
