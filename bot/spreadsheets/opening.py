"""Opens a file and makes a table of it, whatever kind it is."""

from __future__ import annotations

import itertools
from pathlib import Path

from bot.spreadsheets import text, workbook
from bot.spreadsheets.headings import Record, read_headings, sort_rows
from bot.spreadsheets.table import BadRow, Table, TableError, blank
from bot.spreadsheets.titles import without_title
from survey_flows.told import told

LARGEST = 50_000_000
"""Bytes of a file that are read. A school's year of replies is a hundredth of it."""
NOT_TABLES = {
    b"%pdf": told("this is a PDF, no table."),
    b"<htm": told("this is a web page, no table."),
    b"<!do": told("this is a web page, no table."),
    b"<tab": told("this is a web page, no table."),
    b"<?xm": told("this is an XML file, no table."),
    b"{\\rt": told("this is a text document, no table."),
}


def open_table(path: str | Path, *, sheet: str | None = None, encoding: str | None = None) -> Table:
    """Read a whole table from a file. ``sheet`` is for workbooks, ``encoding`` for CSV whose guess is wrong.

    Raises TableError, which says what to do about it.
    """
    path = Path(path)
    raw = _read(path)
    kind = workbook.kind_of(path.name, raw)
    if kind is None:
        return _from_text(path.name, raw, encoding)
    name, sheets, records = workbook.read_sheet(path.name, raw, sheet)
    return _table(path.name, kind, list(records), [], sheet=name, sheets=sheets)


def _read(path: Path) -> bytes:
    file = path.name
    try:
        size = path.stat().st_size
        if size > LARGEST:
            problem = told(
                "the file is {size} MB; up to {most} MB can be read.",
                size=f"{size / 1e6:.0f}",
                most=f"{LARGEST / 1e6:.0f}",
            )
            raise TableError(file, problem, told("Split it, or leave out columns that are not needed."))
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise TableError(file, "there is no such file.", "Check the name and the folder.") from error
    except IsADirectoryError as error:
        raise TableError(
            file, "this is a folder.", "Give the one file in it that holds the table."
        ) from error
    except OSError as error:
        raise TableError(
            file, f"the file cannot be opened ({error.strerror}).", "Check that you may read it."
        ) from error
    what = NOT_TABLES.get(raw.lstrip()[:4].lower())
    if what:
        raise TableError(file, what, told("Export it as CSV or .xlsx where it comes from."))
    if not raw.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise TableError(file, told("the file is empty."), told("Give a file with headings and rows."))
    return raw


def _from_text(file: str, raw: bytes, encoding: str | None) -> Table:
    try:
        content, encoding = text.decode(raw, encoding)
    except LookupError as error:
        raise TableError(file, f"there is no encoding {encoding!r}.", "Try utf-8 or cp1252.") from error
    except UnicodeError as error:
        raise TableError(
            file, f"the file is not in {encoding}.", "Leave the encoding out to have it found."
        ) from error
    lines = text.lines_of(content)
    delimiter = text.find_delimiter(lines)
    records: list[Record] = []
    bad: list[BadRow] = []
    for record in text.read_records(lines, delimiter):
        if isinstance(record, Record):
            records.append(record)
        else:
            bad.append(record)
    return _table(file, "csv", records, bad, encoding=encoding, delimiter=delimiter)


def _table(
    file: str,
    kind: str,
    records: list[Record],
    bad: list[BadRow],
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    sheets: tuple[str, ...] = (),
) -> Table:
    records = list(itertools.dropwhile(lambda record: all(map(blank, record.cells)), records))
    if not records or (bad and bad[0].line < records[0].line):
        line = bad[0].line if bad else None
        problem = told("the headings cannot be read.")
        raise TableError(file, problem, told("The first row has to name the columns."), line)
    records = without_title(records)
    headings = read_headings(records)
    columns, rows, misfits = sort_rows(headings, records[headings.rows :])
    return Table(
        file=file,
        kind=kind,
        columns=columns,
        rows=tuple(rows),
        bad=tuple(sorted([*bad, *misfits], key=lambda row: row.line)),
        encoding=encoding,
        delimiter=delimiter,
        header_rows=headings.rows,
        survey_monkey=headings.survey_monkey,
        sheet=sheet,
        sheets=sheets,
    )
