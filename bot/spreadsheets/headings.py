"""From raw records to a table: which records are headings, what the columns are called, which rows do not fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.spreadsheets.table import BadRow, Row, blank, clean, folded, letter
from survey_flows.told import told

# What SurveyMonkey writes in its second row of headings, under a question that has no options of its own.
NO_OPTION = frozenset({"response", "openendedresponse", "respuesta", "réponse", "resposta"})
RESPONDENT = frozenset({"respondentid", "iddelencuestado", "idderespondente", "iddurépondant"})


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one row as they stand in the file, and the line where it starts."""

    line: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Headings:
    """Column names by position; positions without a name are left out. ``rows`` is how many records they take."""

    names: tuple[str | None, ...]
    rows: int
    survey_monkey: bool


def two_rows(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether the second record is headings too, as SurveyMonkey writes them.

    Such a row names no respondent (its first cell is empty, or says "Response" where the identifying columns were
    cut off). It says "Response" or "Open-Ended Response" somewhere, or else fills every gap that the first row
    leaves behind a Respondent ID; a contact list with an unnamed column does neither.
    """
    if not second or not (blank(second[0]) or folded(second[0]) in NO_OPTION):
        return False
    if any(folded(cell) in NO_OPTION for cell in second):
        return True
    gaps = [place for place, cell in enumerate(first) if blank(cell)]
    return (
        folded(first[0]) in RESPONDENT
        and bool(gaps)
        and all(place < len(second) and not blank(second[place]) for place in gaps)
    )


def read_headings(records: Sequence[Record]) -> Headings:
    """Name the columns from the first record or two. ``records`` begins with the headings and is not empty."""
    first = [clean(cell) for cell in records[0].cells]
    second = [clean(cell) for cell in records[1].cells] if len(records) > 1 else []
    if not two_rows(first, second):
        named = tuple(unique(first))
        return Headings(named, 1, bool(first) and folded(first[0]) in RESPONDENT)
    names: list[str] = []
    question = ""
    for place in range(max(len(first), len(second))):
        top = first[place] if place < len(first) else ""
        option = second[place] if place < len(second) else ""
        question = top or (question if option else "")
        plain = not option or folded(option) in NO_OPTION
        names.append(question if plain or not question else f"{question}: {option}")
    return Headings(tuple(unique(names)), 2, True)


def unique(names: Iterable[str]) -> list[str | None]:
    """Each name once: "Other", "Other (2)". An empty heading stays None until it is known whether anything is in it.

    >>> unique(["Other", "Other", "", "Other (2)"])
    ['Other', 'Other (2)', None, 'Other (2) (2)']
    """
    taken: set[str] = set()
    out: list[str | None] = []
    for name in names:
        if not name:
            out.append(None)
            continue
        again, count = name, 1
        while again in taken:
            count += 1
            again = f"{name} ({count})"
        taken.add(again)
        out.append(again)
    return out


def sort_rows(
    headings: Headings, records: Iterable[Record]
) -> tuple[tuple[str, ...], list[Row], list[BadRow]]:
    """Columns, good rows and bad rows. A row of the wrong width is bad: a cell too many has moved all behind it.

    Empty cells beyond the last heading are only what a spreadsheet program leaves behind. A column without a
    heading is kept, under its letter, when there is something in it.
    """
    kept = [record for record in records if not all(map(blank, record.cells))]
    width = len(headings.names)
    while width and headings.names[width - 1] is None and not any(_filled(record, width) for record in kept):
        width -= 1
    used = [
        place
        for place in range(width)
        if headings.names[place] or any(len(r.cells) > place and not blank(r.cells[place]) for r in kept)
    ]
    names = unique([headings.names[place] or f"Column {letter(place)}" for place in used])
    columns = tuple(name for name in names if name)
    rows, bad = [], []
    for record in kept:
        cells = record.cells
        if len(cells) < width or any(not blank(cell) for cell in cells[width:]):
            bad.append(BadRow(record.line, _misfit(len(cells), width)))
            continue
        values = (cells[place] for place in used)
        if headings.survey_monkey:
            values = ("" if cell.strip() == "-" else cell for cell in values)
        rows.append(Row(record.line, dict(zip(columns, values, strict=True))))
    return columns, rows, bad


def _filled(record: Record, width: int) -> bool:
    return len(record.cells) == width and not blank(record.cells[width - 1])


def _misfit(cells: int, width: int) -> str:
    if cells > width:
        return told(
            "{cells} cells where there are {columns} columns; is a text with the separator in it not in quotation marks?",
            cells=cells,
            columns=width,
        )
    return told(
        "only {cells} of {columns} cells; is the row cut off, or broken over two lines?",
        cells=cells,
        columns=width,
    )
