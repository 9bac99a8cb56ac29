"""pyxform's complaints in plain words, each with its row and a cure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from ..files.tree import did_you_mean
from ..told import told
from .findings import FormError, all_of
from .sheets import ROW

_ROW = re.compile(r"\[row ?: ?(\d+)\]\s*")
_SHEET = re.compile(r"On the '(\w+)' sheet, (?:the '(\w+)' value(?: '([^']*)')? is invalid\. )?")
_UNIQUE = told("Give each its own name.")


def complaint(error: Exception, book: Any) -> FormError:
    """What to tell of an exception that pyxform raised while it read this form."""
    text = str(error).strip()
    problems = [_told(part, row, book) for part, row in _parts(text)] if text else []
    if not problems or type(error).__name__ != "PyXFormError":
        kind = type(error).__name__
        problem = told(
            "The form cannot be read, and it is not clear where ({kind}: {text}).", kind=kind, text=text[:200]
        )
        cure = told("Take rows out until it can be read, or try it at getodk.org/xlsform, to find the row.")
        return FormError("survey", _suspect(book), problem, cure)
    return all_of(problems)


def _parts(text: str) -> Iterator[tuple[str, int | None]]:
    """The complaints in one message, which may be about several rows."""
    starts = [match.start() for match in _ROW.finditer(text)]
    bounds = [0, *starts[1:], len(text)] if starts else [0, len(text)]
    for start, end in pairwise(bounds):
        part = text[start:end]
        row = _ROW.search(part)
        yield _ROW.sub("", part).strip(), int(row[1]) if row else None


def _told(text: str, row: int | None, book: Any) -> FormError:
    found = _SHEET.search(text)
    sheet = found[1] if found else "choices" if "choice" in text.lower() and row is None else "survey"
    column = (found[2] if found else None) or "name"
    for pattern, say in _SAID:
        match = pattern.search(text)
        if match:
            problem, cure = say(match, book, column)
            where = row or _row_of(match, book, sheet)
            return FormError(sheet, where, problem, cure)
    plain = re.sub(r"\s*Learn more: \S+", "", text).split("\n")[0]
    return FormError(sheet, row, plain[:300], told("See xlsform.org."))


def _row_of(match: re.Match[str], book: Any, sheet: str) -> int | None:
    """The row that holds what a message speaks of, where it names no row."""
    said = [group for group in match.groups() if group]
    for row in (book.choices if sheet == "choices" else book.survey) or ():
        if said and any(str(cell).strip() == said[0] for cell in row.values()):
            return int(row[ROW])
    return None


def _suspect(book: Any) -> int | None:
    """The first row that has cells and no type: what pyxform stumbles over most."""
    for row in book.survey or ():
        if row and not any(str(head).strip().lower() in ("type", "command") for head in row):
            return int(row[ROW])
    return None


def _lists(book: Any) -> list[str]:
    heads = ("list_name", "list name")
    return list(
        dict.fromkeys(str(row[head]) for row in book.choices or () for head in heads if row.get(head))
    )


def _names(book: Any) -> list[str]:
    return [str(row["name"]) for row in book.survey or () if row.get("name")]


_Say = Callable[[re.Match[str], Any, str], tuple[str, str]]


def _as(problem: str, cure: str) -> _Say:
    return lambda match, book, column: (problem, cure)


_TABLE: tuple[tuple[str, _Say], ...] = (
    (
        r"List name not in (?:external )?choices sheet: (\S+)",
        lambda m, b, c: (
            told("There is no list '{name}' on the choices sheet.", name=m[1]),
            did_you_mean(m[1], _lists(b)),
        ),
    ),
    (
        r"There should be an? (\w+) sheet",
        lambda m, b, c: (
            told("There is no sheet called '{name}'.", name=m[1]),
            told("Add it, with list_name, name and label."),
        ),
    ),
    (
        r"Could not find the name '([^']*)'",
        lambda m, b, c: (
            told("In '{column}', ${{name}} is the name of no question.", column=c, name=m[1]),
            did_you_mean(m[1], _names(b)[:200]) if _near(m[1], b) else told("Check the spelling."),
        ),
    ),
    (
        r"The name '([^']*)' appears more than once",
        lambda m, b, c: (
            told("In '{column}', ${{name}} may mean several questions.", column=c, name=m[1]),
            _UNIQUE,
        ),
    ),
    (
        r"must start with '\$\{",
        lambda m, b, c: (
            told("In '{column}', a reference is not well-formed.", column=c),
            told("Write ${name}, with both braces."),
        ),
    ),
    (
        r"Unmatched 'end_(\w+)'",
        lambda m, b, c: (
            told("This 'end {what}' ends nothing.", what=m[1]),
            told("Take it out, or add 'begin {what}' above.", what=m[1]),
        ),
    ),
    (
        r"Unmatched 'begin_(\w+)'.*for the name '([^']*)'",
        lambda m, b, c: (
            told("The {what} '{name}' begins here and never ends.", what=m[1], name=m[2]),
            told("Add 'end {what}' below it.", what=m[1]),
        ),
    ),
    (
        r"(?:Question or group with no name|Question with no name)",
        _as(told("This row has no name."), told("Write one into the 'name' column, like q1.")),
    ),
    (
        r"Question with no type",
        _as(told("This row has no type."), told("Write one into the 'type' column, like text.")),
    ),
    (
        r"Questions, groups, and repeats must be unique",
        _as(told("The name stands twice in one group."), _UNIQUE),
    ),
    (r"Repeat names must unique", _as(told("Two repeats have one name."), _UNIQUE)),
    (
        r"The name 'meta' is reserved",
        _as(told("'meta' cannot be a name: forms keep it for themselves."), told("Use another one.")),
    ),
    (r"Choices must have a name", _as(told("This choice has no name."), told("Write one, like yes."))),
    (r"Choice names must be unique", _as(told("The list has two choices of this name."), _UNIQUE)),
    (
        r"Choice names with spaces.*?See \[(.*?)\]",
        lambda m, b, c: (
            told("The choice name '{name}' has a space.", name=m[1]),
            told("Use an underscore: several are kept in a row."),
        ),
    ),
    (
        r"Names must begin with a letter",
        _as(
            told("The name cannot be used."),
            told("Begin with a letter; then letters, digits and _ only."),
        ),
    ),
    (
        r"column headers were not found: (.*?)\. Learn",
        lambda m, b, c: (
            told("There is no column {names}.", names=m[1]),
            told("Add it to the first row of the sheet."),
        ),
    ),
    (
        r"Headers that are different names for the same column were found: (.*?)\. Rename",
        lambda m, b, c: (
            told("These columns mean one thing: {names}.", names=m[1]),
            told("Keep one of them."),
        ),
    ),
    (
        r"Invalid headers",
        _as(told("The headings cannot be read."), told("The first row has to hold them.")),
    ),
    (
        r"Missing calculation",
        _as(told("There is no calculation."), told("Fill the column 'calculation'.")),
    ),
    (
        r"Choice filter not supported with or_other",
        _as(
            told("or_other and a choice filter do not go together."),
            told("Add a choice 'other' to the list."),
        ),
    ),
    (
        r"Badly formatted table list.*match: (\S+) vs\. (\S+)",
        lambda m, b, c: (
            told("A table of questions uses two lists, {one} and {other}.", one=m[1], other=m[2]),
            told("Use one list in a table."),
        ),
    ),
    (
        r"Parameters must be in the form",
        _as(told("'parameters' cannot be read."), told("Write name=value.")),
    ),
    (
        r"accepted parameter keys for this question type are '(.*?)'",
        lambda m, b, c: (
            told("'parameters' names something unknown."),
            told("Known here: {names}.", names=m[1] or told("nothing")),
        ),
    ),
    (
        r"'range' question type, the parameter '(\w+)' (.*)$",
        lambda m, b, c: (told("'{name}' {problem}", name=m[1], problem=m[2]), told("Mend it.")),
    ),
)
_SAID = tuple((re.compile(pattern, re.DOTALL), say) for pattern, say in _TABLE)


def _near(name: str, book: Any) -> bool:
    return did_you_mean(name, _names(book)).startswith("Did you mean")
