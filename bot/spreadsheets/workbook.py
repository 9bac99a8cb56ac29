"""Excel and OpenDocument workbooks, every cell as the text a person sees in it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)
from rapidfuzz import process

from bot.spreadsheets.headings import Record
from bot.spreadsheets.table import TableError, place_of
from survey_flows.told import told
from survey_flows.unpacking import BROKEN, CHUNK, unpacks_to_more

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
UNPACKED = 500_000_000
"""Bytes that a workbook may unpack to. A zip of a few kilobytes can hold gigabytes."""
CELLS = 5_000_000
"""Cells of one sheet, empty ones included, up to the last that is filled."""
CELL = re.compile(rb'<(?:\w+:)?c (?:[^>]*? )?r="([A-Z]{1,3})([0-9]{1,7})"[^>]*(?<!/)>')

Cell = str | float | bool | date | datetime | time | timedelta | None


def kind_of(file: str, raw: bytes) -> str | None:
    """What the content is: xlsx, xlsb, xls or ods; None when it is no workbook (an .xls named .xlsx is an .xls).

    Raises TableError for a zip that is something else, or that would take too much memory.
    """
    if raw.startswith(OLE):
        return "xls"
    if not raw.startswith(ZIP):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            inside = set(archive.namelist())
            if unpacks_to_more(archive, UNPACKED):
                problem = told("the workbook unpacks to more than {n} MB.", n=500)
                raise TableError(file, problem, told("Save the one sheet as CSV."))
            for member in sorted(inside):
                if member.startswith("xl/worksheets/") and member.endswith(".xml"):
                    _measure(file, archive, member)
            ods = "mimetype" in inside and b"opendocument.spreadsheet" in archive.open("mimetype").read(200)
    except BROKEN as error:
        cure = told("Open it in a spreadsheet program and save it again.")
        raise TableError(file, told("the workbook is damaged."), cure) from error
    if ods:
        return "ods"
    for member, kind in (("xl/workbook.xml", "xlsx"), ("xl/workbook.bin", "xlsb")):
        if member in inside:
            return kind
    cure = told("Unpack it, and give the table inside.")
    raise TableError(file, told("this zip file is no workbook."), cure)


def read_sheet(file: str, raw: bytes, sheet: str | None) -> tuple[str, tuple[str, ...], list[Record]]:
    """The sheet that was read, all sheets there are, and the records with their row numbers.

    Without ``sheet`` it is the first one that can be seen and is not empty. Raises TableError.
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        seen = tuple(
            each.name
            for each in book.sheets_metadata
            if each.typ == SheetTypeEnum.WorkSheet and each.visible == SheetVisibleEnum.Visible
        )
        name = _choose(file, book, seen, sheet)
        return name, seen, list(_records(file, book.get_sheet_by_name(name)))
    except PasswordError as error:
        raise TableError(file, told("the workbook has a password."), told("Save it without one.")) from error
    except BaseException as error:
        # A panic of calamine's Rust is no Exception, and its class cannot be imported.
        if isinstance(error, CalamineError) or type(error).__name__ == "PanicException":
            problem = told("the workbook cannot be read; it is damaged or has a password.")
            cure = told("Open it in a spreadsheet program and save it as .xlsx.")
            raise TableError(file, problem, cure) from error
        raise


def _measure(file: str, archive: zipfile.ZipFile, member: str) -> None:
    """Refuse a sheet with a stray cell far away, before calamine takes memory for the whole rectangle and dies."""
    down = right = 0
    with archive.open(member) as part:
        rest = b""
        while chunk := part.read(CHUNK):
            text = rest + chunk
            # Cut where a tag ends, so that no cell is halved.
            end = text.rfind(b">") + 1
            rest = text[end:][-CHUNK:]
            for column, row in CELL.findall(text, 0, end):
                down = max(down, int(row))
                right = max(right, place_of(column.decode()) + 1)
    _allow(file, down, right)


def _allow(file: str, rows: int, columns: int) -> None:
    if rows * columns > CELLS:
        problem = told(
            "a sheet is {rows} rows by {columns} columns.", rows=f"{rows:,}", columns=f"{columns:,}"
        )
        cure = told("Delete the stray cells at its end, or save the sheet that is needed as CSV.")
        raise TableError(file, problem, cure)


def _choose(file: str, book: CalamineWorkbook, seen: tuple[str, ...], asked: str | None) -> str:
    if asked is None:
        for name in seen:
            if book.get_sheet_by_name(name).total_height:
                return name
        problem = told("there is nothing in any sheet.")
        raise TableError(file, problem, told("Give a file with headings and rows."))
    for name in book.sheet_names:
        if name.strip().casefold() == asked.strip().casefold():
            return str(name)
    close = process.extractOne(asked, seen, score_cutoff=60)
    cure = told("The sheets are: {sheets}.", sheets="; ".join(seen))
    if close:
        cure = told("Did you mean {one}? {there}", one=repr(close[0]), there=cure)
    raise TableError(file, told("there is no sheet {name}.", name=repr(asked)), cure)


def _records(file: str, sheet: CalamineSheet) -> Iterator[Record]:
    _allow(file, sheet.total_height, sheet.total_width)
    for line, row in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        yield Record(line, [shown(cell) for cell in row])


def shown(cell: Cell) -> str:
    """A cell as text: 15555550101.0 is "15555550101", midnight of a day is the day, and TRUE is TRUE.

    >>> shown(7.0), shown(0.1 + 0.2), shown(True), shown(datetime(2026, 1, 2))
    ('7', '0.3', 'TRUE', '2026-01-02')
    """
    match cell:
        case None:
            return ""
        case str():
            return cell.replace("\0", "")
        case bool():
            return str(cell).upper()
        case float() | int():
            # A spreadsheet holds fifteen digits; what Python prints beyond them is not in the sheet.
            return str(int(cell)) if abs(cell) < 1e15 and cell == int(cell) else format(cell, ".15g")
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
        case date():
            return cell.isoformat()
        case time():
            return cell.isoformat("seconds")
        case _:
            return str(cell)
