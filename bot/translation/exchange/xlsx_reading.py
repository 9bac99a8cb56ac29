"""Reads the workbook back, whoever has saved it: Excel, LibreOffice, Google; as .xlsx, .ods, .xls, or as CSV."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from itertools import islice

from survey_flows.told import told
from survey_flows.unpacking import BROKEN, unpacks_to_more

from ...spreadsheets import TableError, text, workbook
from ...spreadsheets.headings import Record
from .base import (
    CONTEXT,
    MOST_ROWS,
    Complaint,
    ExchangeError,
    Returned,
    Row,
    State,
    digest,
    state_of,
    too_many,
)
from .layout import BY, CHECK, KEY, MARK, REMARK, SOURCE, STATE, STATES, TRANSLATION

UNPACKED = 100_000_000
"""Bytes that a workbook may unpack to. One for translators takes a few hundred kilobytes."""
_CHECK = re.compile(r"([0-9a-f]{16})-([0-9a-f]{16})?")
_SAID: dict[str, State] = {word: state for state, word in STATES.items()} | {"": "missing"}


def read(raw: bytes, file: str) -> Returned:
    """The rows of a workbook. Raises ExchangeError."""
    for records in _sheets(raw, file):
        if len(records) > MOST_ROWS:
            raise too_many(file)
        if columns := _columns(records):
            return _rows(records, columns, file)
    what = told("the hidden marks in the first row of the sheet are missing, by which its columns are known.")
    cure = told("Copy the translations into the workbook that was sent out, and give that.")
    raise ExchangeError(file, what, cure)


def _sheets(raw: bytes, file: str) -> Iterator[list[Record]]:
    try:
        if raw.startswith(workbook.ZIP):
            _unpack(raw, file)
        if workbook.kind_of(file, raw) is None:
            yield _separated(raw, file)
            return
        first, names, records = workbook.read_sheet(file, raw, None)
        yield records
        for name in names:
            if name != first:
                yield workbook.read_sheet(file, raw, name)[2]
    except TableError as error:
        raise ExchangeError(file, error.problem, error.cure) from error


def _unpack(raw: bytes, file: str) -> None:
    """Look through a zip before it is read: how large it really is, whatever its head says."""
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            large = unpacks_to_more(archive, UNPACKED)
    except BROKEN as error:
        cure = told("Open it in a spreadsheet program and save it again.")
        raise ExchangeError(file, told("the workbook is damaged, or has a password."), cure) from error
    if large:
        what = told("the workbook unpacks to more than {n} MB.", n=f"{UNPACKED / 1e6:.0f}")
        raise ExchangeError(file, what, told("Give the workbook that was sent for translation."))


def _separated(raw: bytes, file: str) -> list[Record]:
    lines = text.lines_of(text.decode(raw)[0])
    mark = re.search(rf"{MARK}[\w:-]+\"?([,;\t|])", "".join(lines))
    found = text.read_records(lines, mark[1] if mark else text.find_delimiter(lines))
    kept = [record for record in islice(found, MOST_ROWS + 1) if isinstance(record, Record)]
    if len(kept) > MOST_ROWS:
        raise too_many(file)
    return kept


def _columns(records: Sequence[Record]) -> dict[str, int]:
    """Where the columns stand, by their marks; and ``source``, ``target``: the whole marks of the two languages."""
    for record in records:
        marks = {cell.strip(): place for place, cell in enumerate(record.cells) if cell.startswith(MARK)}
        if KEY in marks and any(mark.startswith(TRANSLATION) for mark in marks):
            return marks
    return {}


def _rows(records: Sequence[Record], columns: dict[str, int], file: str) -> Returned:
    source, target = (
        next((mark for mark in columns if mark.startswith(f"{which}:")), which)
        for which in (SOURCE, TRANSLATION)
    )
    by = ""
    rows: list[Row] = []
    complaints: list[Complaint] = []
    for record in records:
        cells = {mark: record.cells[at] for mark, at in columns.items() if at < len(record.cells)}
        key, words, place = cells.get(KEY, "").strip(), cells.get(target, ""), told("row {n}", n=record.line)
        if key.startswith(MARK):
            by = words.strip() if key == BY else by
        elif CONTEXT.fullmatch(key):
            row = _row(key, cells.get(source, ""), words, cells, place)
            rows.append(row)
            complaints += _complaints(row, cells.get(STATE, ""), file)
        elif words.strip():
            what = told("this row has lost its hidden key: nobody can tell of which text it is.")
            cure = told("Write the translation into the row that was sent out.")
            complaints.append(Complaint(file, place, "no_key", what, cure))
    tongues = source.removeprefix(SOURCE).strip(":"), target.removeprefix(TRANSLATION).strip(":")
    return Returned(file, "xlsx", *tongues, tuple(rows), tuple(complaints), by)


def _row(key: str, text: str, words: str, cells: Mapping[str, str], place: str) -> Row:
    check = _CHECK.fullmatch(cells.get(CHECK, "").strip())
    said = _SAID.get(_folded(cells.get(STATE, "")), "draft")
    return Row(
        key,
        text,
        words,
        state_of(words, said, stale=said == "stale"),
        digest=check[1] if check else digest(text),
        was=(check[2] or "") if check else "",
        remark=cells.get(REMARK, "").strip(),
        place=place,
    )


def _complaints(row: Row, state: str, file: str) -> Iterator[Complaint]:
    if row.digest != digest(row.text):
        what = told("the text to be translated is not the one that was sent.")
        cure = told("The translation is taken as one of the text that was sent; look at it.")
        yield Complaint(file, row.place, "source_changed", what, cure, row.context)
    if _folded(state) not in _SAID:
        what = told("the State is neither draft nor approved.")
        cure = told("It is taken as a draft: choose draft or approved.")
        yield Complaint(file, row.place, "state", what, cure, row.context)


def _folded(state: str) -> str:
    return " ".join(state.split()).casefold()
