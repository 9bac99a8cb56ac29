"""SPSS (.sav): one table with labels, levels of measurement, and each theme as a variable that is 0 or 1."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .extra import load
from .tables import Cell, Column, Sheet, Tables

LONGEST = 32_767
"""Bytes of a text in SPSS."""
RESERVED = frozenset(("all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"))
MEASURES = {"count": "scale", "number": "scale", "share": "scale"}
YES = {0: "no", 1: "yes"}


@dataclass(slots=True)
class Variable:
    """One variable on its way: ``values`` by row, ``labels`` of its values."""

    label: str
    measure: str
    values: list[Any] = field(default_factory=list)
    labels: dict[int, str] = field(default_factory=dict)


def write(tables: Tables, path: Path) -> None:
    """Write the one table that the export is made of. Raises NotInstalled."""
    pyreadstat = load("pyreadstat", "SPSS")
    pandas = load("pandas", "SPSS")
    variables = dict(_variables(tables.single))
    frame = pandas.DataFrame({name: _series(pandas, each) for name, each in variables.items()})
    about = tables.about
    pyreadstat.write_sav(
        frame,
        path,
        file_label=f"Openline {about.purpose}: {about.title}"[:60],
        column_labels={name: each.label for name, each in variables.items()},
        # A line of a note has 80 bytes.
        note=[line for what, said in about.facts() for line in _lines(f"{what}: {said}")],
        variable_value_labels={name: each.labels for name, each in variables.items() if each.labels},
        variable_measure={name: each.measure for name, each in variables.items()},
        row_compress=True,
    )


def _variables(sheet: Sheet) -> Iterator[tuple[str, Variable]]:
    columns = list(sheet.columns)
    made = [_of(column) for column in columns]
    for row in sheet.rows():
        for cell, column, variables in zip(row, columns, made, strict=True):
            _enter(cell, column, variables)
    taken: set[str] = set()
    for column, variables in zip(columns, made, strict=True):
        for code, variable in variables.items():
            yield variable_name(f"{column.name}_{code}" if code else column.name, taken), variable


def _of(column: Column) -> dict[str, Variable]:
    if column.kind == "several":
        return {
            code: Variable(f"{column.label}: {label}", "nominal", labels=dict(YES))
            for code, label in column.values.items()
        }
    measure = MEASURES.get(column.kind, "ordinal" if column.ordered else "nominal")
    labels = dict(YES) if column.kind == "yesno" else dict(enumerate(column.values.values(), start=1))
    return {"": Variable(column.label, measure, labels=labels)}


def _enter(cell: Cell, column: Column, variables: dict[str, Variable]) -> None:
    if column.kind == "several":
        given = cell if isinstance(cell, tuple) else ()
        for code, variable in variables.items():
            variable.values.append(int(code in given))
    elif column.kind == "code" and column.values:
        keys = list(column.values)
        variables[""].values.append(keys.index(cell) + 1 if cell in keys else None)
    elif column.kind in ("text", "code"):
        variables[""].values.append(_cut(str(cell or "")))
    else:
        variables[""].values.append(int(cell) if isinstance(cell, bool) else cell)


def _cut(text: str) -> str:
    return text if len(text) * 4 <= LONGEST else text.encode()[:LONGEST].decode(errors="ignore")


def _series(pandas: Any, variable: Variable) -> Any:
    if any(isinstance(value, str) for value in variable.values):
        return pandas.Series(variable.values, dtype=object)
    whole = variable.labels == YES and None not in variable.values
    return pandas.Series(variable.values, dtype="int8" if whole else "float64")


def variable_name(wanted: str, taken: set[str]) -> str:
    """A name as SPSS takes it: letters, digits and _ behind a letter, at most 64, no word of its own language; and enters
    it among those taken.

    >>> variable_name("themes_transport.late bus", set()), variable_name("by", set()), variable_name("2nd", set())
    ('themes_transport_late_bus', 'v_by', 'v_2nd')
    """
    name = re.sub(r"[^A-Za-z0-9]+", "_", wanted).strip("_")[:58] or "v"
    if not name[0].isalpha() or name.lower() in RESERVED:
        name = f"v_{name}"
    free, number = name, 1
    while free.lower() in taken:
        number += 1
        free = f"{name}_{number}"
    taken.add(free.lower())
    return free


def _lines(text: str) -> Sequence[str]:
    lines, line = [], ""
    for word in text.split():
        if line and len(f"{line} {word}".encode()) > 79:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]
