"""pyxform's complaints in plain words, each with its row and a cure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from ..files.tree import did_you_mean
from .findings import FormError, all_of
from .sheets import ROW

_ROW = re.compile(r"\[row ?: ?(\d+)\]\s*")
_SHEET = re.compile(r"On the '(\w+)' sheet, (?:the '(\w+)' value(?: '([^']*)')? is invalid\. )?")
_UNIQUE = "Give each its own name."


def told(error: Exception, book: Any) -> FormError:
    """What to tell of an exception that pyxform raised while it read this form."""
    text = str(error).strip()
    problems = [_told(part, row, book) for part, row in _parts(text)] if text else []
    if not problems or type(error).__name__ != "PyXFormError":
        kind = type(error).__name__
        problem = f"The form cannot be read, and it is not clear where ({kind}: {text[:200]})."
        cure = "Take rows out until it can be read, or try it at getodk.org/xlsform, to find the row."
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
            problem, cure = say(match, book)
            where = row or _row_of(match, book, sheet)
            return FormError(sheet, where, problem.replace("<column>", column), cure)
    plain = re.sub(r"\s*Learn more: \S+", "", text).split("\n")[0]
    return FormError(sheet, row, plain[:300], "See xlsform.org.")


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


_Say = Callable[[re.Match[str], Any], tuple[str, str]]
_TABLE: tuple[tuple[str, _Say], ...] = (
    (
        r"List name not in (?:external )?choices sheet: (\S+)",
        lambda m, b: (f"There is no list '{m[1]}' on the choices sheet.", did_you_mean(m[1], _lists(b))),
    ),
    (
        r"There should be an? (\w+) sheet",
        lambda m, b: (f"There is no sheet called '{m[1]}'.", "Add it, with list_name, name and label."),
    ),
    (
        r"Could not find the name '([^']*)'",
        lambda m, b: (
            f"In '<column>', ${{{m[1]}}} is the name of no question.",
            did_you_mean(m[1], _names(b)[:200]) if _near(m[1], b) else "Check the spelling.",
        ),
    ),
    (
        r"The name '([^']*)' appears more than once",
        lambda m, b: (f"In '<column>', ${{{m[1]}}} may mean several questions.", _UNIQUE),
    ),
    (
        r"must start with '\$\{",
        lambda m, b: ("In '<column>', a reference is not well-formed.", "Write ${name}, with both braces."),
    ),
    (
        r"Unmatched 'end_(\w+)'",
        lambda m, b: (f"This 'end {m[1]}' ends nothing.", f"Take it out, or add 'begin {m[1]}' above."),
    ),
    (
        r"Unmatched 'begin_(\w+)'.*for the name '([^']*)'",
        lambda m, b: (f"The {m[1]} '{m[2]}' begins here and never ends.", f"Add 'end {m[1]}' below it."),
    ),
    (
        r"(?:Question or group with no name|Question with no name)",
        lambda m, b: ("This row has no name.", "Write one into the 'name' column, like q1."),
    ),
    (
        r"Question with no type",
        lambda m, b: ("This row has no type.", "Write one into the 'type' column, like text."),
    ),
    (
        r"Questions, groups, and repeats must be unique",
        lambda m, b: ("The name stands twice in one group.", _UNIQUE),
    ),
    (r"Repeat names must unique", lambda m, b: ("Two repeats have one name.", _UNIQUE)),
    (
        r"The name 'meta' is reserved",
        lambda m, b: ("'meta' cannot be a name: forms keep it for themselves.", "Use another one."),
    ),
    (r"Choices must have a name", lambda m, b: ("This choice has no name.", "Write one, like yes.")),
    (r"Choice names must be unique", lambda m, b: ("The list has two choices of this name.", _UNIQUE)),
    (
        r"Choice names with spaces.*?See \[(.*?)\]",
        lambda m, b: (
            f"The choice name '{m[1]}' has a space.",
            "Use an underscore: several are kept in a row.",
        ),
    ),
    (
        r"Names must begin with a letter",
        lambda m, b: ("The name cannot be used.", "Begin with a letter; then letters, digits and _ only."),
    ),
    (
        r"column headers were not found: (.*?)\. Learn",
        lambda m, b: (f"There is no column {m[1]}.", "Add it to the first row of the sheet."),
    ),
    (
        r"Headers that are different names for the same column were found: (.*?)\. Rename",
        lambda m, b: (f"These columns mean one thing: {m[1]}.", "Keep one of them."),
    ),
    (r"Invalid headers", lambda m, b: ("The headings cannot be read.", "The first row has to hold them.")),
    (r"Missing calculation", lambda m, b: ("There is no calculation.", "Fill the column 'calculation'.")),
    (
        r"Choice filter not supported with or_other",
        lambda m, b: (
            "or_other and a choice filter do not go together.",
            "Add a choice 'other' to the list.",
        ),
    ),
    (
        r"Badly formatted table list.*match: (\S+) vs\. (\S+)",
        lambda m, b: (f"A table of questions uses two lists, {m[1]} and {m[2]}.", "Use one list in a table."),
    ),
    (r"Parameters must be in the form", lambda m, b: ("'parameters' cannot be read.", "Write name=value.")),
    (
        r"accepted parameter keys for this question type are '(.*?)'",
        lambda m, b: ("'parameters' names something unknown.", f"Known here: {m[1] or 'nothing'}."),
    ),
    (r"'range' question type, the parameter '(\w+)' (.*)$", lambda m, b: (f"'{m[1]}' {m[2]}", "Mend it.")),
)
_SAID = tuple((re.compile(pattern, re.DOTALL), say) for pattern, say in _TABLE)


def _near(name: str, book: Any) -> bool:
    return did_you_mean(name, _names(book)).startswith("Did you mean")
