"""Reads dates as files write them. 3/4/2026 is two days: which of them, a whole column or a person has to say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

Order = Literal["mdy", "dmy"]

YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?: .*)?")
COMPACT = re.compile(r"(20\d{2})(\d{2})(\d{2})")
SERIAL = re.compile(r"([2-6]\d{4})(?:\.\d+)?")
"""What a spreadsheet shows of a day whose cell is formatted as a number: days since 1899-12-30. These are 1954 to 2091."""


class UncertainDates(ValueError):  # noqa: N818 - it reads as what is the matter
    """The dates of a column can be read in two ways, or in none: says what to do."""


def order_of(texts: Iterable[str]) -> Order | None:
    """Whether months or days come first in these dates; None where none of them is written with the year last.

    >>> order_of(["3/4/2026", "3/14/2026"]), order_of(["2026-03-04"])
    ('mdy', None)

    Raises UncertainDates where nothing tells, or where they contradict each other.
    """
    found: set[Order] = set()
    undecided = False
    for text in texts:
        if not (read := YEAR_LAST.fullmatch(text.strip())):
            continue
        first, second = int(read[1]), int(read[2])
        if first > 12 >= second:
            found.add("dmy")
        elif second > 12 >= first:
            found.add("mdy")
        else:
            undecided = undecided or first != second
    if len(found) > 1:
        raise UncertainDates(
            "some dates have the month first and some the day; write them all as 2026-10-14, or give --date-order"
        )
    if not found and undecided:
        raise UncertainDates(
            "it cannot be seen whether the month or the day comes first; give --date-order mdy (month first) "
            "or --date-order dmy (day first)"
        )
    return found.pop() if found else None


def read_day(text: str, order: Order | None = None) -> date | None:
    """A date: 2026-10-14 (with or without a time), 20261014, a spreadsheet's 46309, or with the year last in this order; else None.

    >>> read_day("10/14/26", "mdy"), read_day("2026-10-14 08:30"), read_day("46309"), read_day("14 or so")
    (datetime.date(2026, 10, 14), datetime.date(2026, 10, 14), datetime.date(2026, 10, 14), None)
    """
    text = text.strip()
    if read := YEAR_FIRST.fullmatch(text) or COMPACT.fullmatch(text):
        year, month, day = map(int, read.groups())
    elif read := YEAR_LAST.fullmatch(text):
        first, second, year = map(int, read.groups())
        month, day = (second, first) if order == "dmy" else (first, second)
        year += 2000 if year < 100 else 0
    elif read := SERIAL.fullmatch(text):
        return date(1899, 12, 30) + timedelta(days=int(read[1]))
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
