"""What stands above the headings: a printed list begins with its own name, the day, a line of nothing."""

from __future__ import annotations

from collections.abc import Sequence

from bot.spreadsheets.headings import Record, two_rows
from bot.spreadsheets.table import blank

LOOKED = 12
"""So many records from the top may be a title and what belongs to it."""
WIDTH = 3
"""In a narrower table one filled cell may well be the headings."""
NUMBER = 7
"""So many digits in a cell are somebody's number or a day, and no heading."""


def without_title(records: Sequence[Record]) -> list[Record]:
    """The records from the headings on. Nothing is taken away but what stands above them, under a title by itself.

    A title is one filled cell, the first, in a row of at least three cells. The headings are the first row below that is filled
    nearly as far as the widest of the first rows.

    >>> rows = [["Families, fall"], ["", "", ""], ["Name", "Phone", "School"], ["Ana", "5035550101", "Lincoln"]]
    >>> [record.line for record in without_title([Record(n, (row + ["", ""])[:3]) for n, row in enumerate(rows, 1)])]
    [3, 4]
    """
    kept = list(records)
    top = kept[:LOOKED]
    if not top or len(top[0].cells) < WIDTH or _filled(top[0]) != 1 or blank(top[0].cells[0]):
        return kept
    widest = max(_filled(record) for record in top)
    if widest < WIDTH or (len(top) > 1 and two_rows(top[0].cells, top[1].cells)):
        return kept
    found = next(place for place, record in enumerate(top) if _filled(record) >= max(2, 0.7 * widest))
    return kept if _somebody(top[found]) else kept[found:]


def _somebody(record: Record) -> bool:
    return any(sum(letter.isdigit() for letter in cell) >= NUMBER for cell in record.cells)


def _filled(record: Record) -> int:
    return sum(not blank(cell) for cell in record.cells)
