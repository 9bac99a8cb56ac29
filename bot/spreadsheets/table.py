"""A table as the rest of the service sees it: named columns, rows of text, and the rows that could not be read."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process, utils

from survey_flows.told import told

_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u2060"))
CLOSE_ENOUGH = 70
"""How alike (0 to 100) a heading must be to be offered as "did you mean"."""


class TableError(Exception):
    """A file, or what was asked of it, that cannot be used: which file, which line, what is wrong, what to do."""

    def __init__(self, file: str, problem: str, cure: str, line: int | None = None) -> None:
        self.file, self.problem, self.cure, self.line = file, problem, cure, line
        said = {"file": file, "what": problem, "cure": cure}
        super().__init__(
            told("{file}, line {line}: {what} {cure}", line=line, **said)
            if line
            else told("{file}: {what} {cure}", **said)
        )


class ColumnMissing(TableError):  # noqa: N818 - it reads as what happened
    """No column, or more than one, answers to a name. ``columns`` are the ones there are; ``close`` the likely ones."""

    def __init__(self, file: str, problem: str, columns: Sequence[str], close: Sequence[str] = ()) -> None:
        self.columns, self.close = tuple(columns), tuple(close)
        listed = "; ".join(f"{letter(place)} {name!r}" for place, name in enumerate(columns))
        there = told("The columns are: {columns}.", columns=listed)
        super().__init__(file, problem, _meant(close, there))


def _meant(close: Sequence[str], there: str) -> str:
    """Asks whether one of these was meant, where there are any, and says what there is."""
    match [repr(name) for name in close]:
        case []:
            return there
        case [one]:
            return told("Did you mean {one}? {there}", one=one, there=there)
        case [one, two]:
            return told("Did you mean {one} or {two}? {there}", one=one, two=two, there=there)
        case [one, two, three, *_]:
            said = {"one": one, "two": two, "three": three, "there": there}
            return told("Did you mean {one} or {two} or {three}? {there}", **said)
    raise AssertionError  # pragma: no cover - every list is one of these


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the line of the file (or row of the sheet) where it starts, and its text by column.

    What people wrote stays out of its repr, and so out of tracebacks and logs.
    """

    line: int
    values: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A record that was left out, by the line where it starts. ``problem`` never holds what stands in the row."""

    line: int
    problem: str


@dataclass(frozen=True, slots=True)
class Table:
    """What was read from one file (or one sheet).

    ``kind`` is what the content is: csv, xlsx, xlsb, xls or ods. ``encoding`` is how text was decoded (None for
    workbooks). ``header_rows`` is 2 for exports that put the answer options under the questions. ``survey_monkey``
    says that the export writes a lone hyphen where a question was skipped: those cells are already empty here.
    ``sheets`` are the sheets that could have been asked for.
    """

    file: str
    kind: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...] = field(repr=False)
    bad: tuple[BadRow, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    header_rows: int = 1
    survey_monkey: bool = False
    sheet: str | None = None
    sheets: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many rows there are to go through."""
        return len(self.rows)

    def column(self, name: str) -> str:
        """The heading that a person means: all of it, in any case and spacing, how it begins, or its letter or number.

        A name that could mean two columns ("C" begins "Comments" and is also the third) is never guessed at.

        Raises ColumnMissing.
        """
        if name in self.columns:
            return name
        asked = folded(name)
        same = [column for column in self.columns if folded(column) == asked]
        if len(same) == 1:
            return same[0]
        begins = [column for column in self.columns if asked and folded(column).startswith(asked)]
        place = _place(name)
        there = [self.columns[place]] if place is not None and place < len(self.columns) else []
        meant = list(dict.fromkeys(same or begins + there))
        if len(meant) == 1:
            return meant[0]
        if meant:
            problem = told("{name} could be {n} columns.", name=repr(name), n=len(meant))
            raise ColumnMissing(self.file, problem, self.columns, meant[:3])
        likely = process.extract(
            name,
            self.columns,
            scorer=fuzz.WRatio,
            processor=utils.default_process,
            limit=2,
            score_cutoff=CLOSE_ENOUGH,
        )
        problem = told("there is no column {name}.", name=repr(name))
        raise ColumnMissing(self.file, problem, self.columns, [close for close, *_ in likely])


def blank(value: str) -> bool:
    """Whether a cell says nothing: empty, or only spaces (no-break and zero-width ones too).

    >>> blank(" \\u00a0\\u200b"), blank("-")
    (True, False)
    """
    return not value.translate(_INVISIBLE).strip()


def clean(heading: str) -> str:
    """A heading in one line: Google Forms headings are whole questions with line breaks in them."""
    return " ".join(heading.translate(_INVISIBLE).split())


def folded(name: str) -> str:
    """What is compared when a person types a heading: no case, no spaces, hyphens or underscores."""
    flat = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in flat if not letter.isspace() and letter not in "-_\ufeff\u200b")


def letter(place: int) -> str:
    """The spreadsheet letter of a column, counted from 0.

    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def place_of(letters: str) -> int:
    """The column, counted from 0, that capital letters mean.

    >>> place_of("A"), place_of("AA")
    (0, 26)
    """
    place = 0
    for each in letters:
        place = place * 26 + ord(each) - ord("A") + 1
    return place - 1


def _place(name: str) -> int | None:
    """The column, counted from 0, that a letter ("C", "aa") or a number ("3") means."""
    name = name.strip()
    if name.isascii() and name.isdigit() and int(name[:6]) > 0:
        return int(name[:6]) - 1
    if not (name.isascii() and name.isalpha() and len(name) <= 2):
        return None
    return place_of(name.upper())
