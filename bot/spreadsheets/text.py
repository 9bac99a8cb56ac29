"""CSV, as it really comes: any delimiter, any encoding, line breaks in cells, quotation marks that do not match."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from charset_normalizer import from_bytes

from bot.spreadsheets.headings import Record
from bot.spreadsheets.table import BadRow, blank
from survey_flows.told import told

DELIMITERS = (",", ";", "\t", "|")
LEGACY = ["cp1252", "cp1251", "cp1256", "cp1258", "gb18030", "big5"]
"""What programs of schools write besides Unicode. Left free, charset-normalizer takes Spanish in cp1252 for cp1250."""
SAMPLE = 300
RESTARTS = 200
CELL = 131_072
"""Characters of the longest cell: beyond it a quotation mark was not closed. The csv module keeps its limit for the
whole process, and other libraries lift it when they are imported, so it is set wherever reading begins."""


def decode(raw: bytes, encoding: str | None = None) -> tuple[str, str]:
    """The text and the name of its encoding: as told, else UTF-8, UTF-16, a likely legacy encoding, else cp1252.

    NUL characters are dropped: no answer has them, and databases refuse them. Raises UnicodeError and LookupError
    only for an encoding that was asked for.
    """
    if encoding:
        return _without_nul(raw.decode(encoding)), codecs.lookup(encoding).name
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _without_nul(raw.decode("utf-16", "replace")), "utf-16"
    if 3 * raw.count(0) > len(raw):
        # UTF-16 whose mark was cut off: in Latin writing every other byte is zero.
        order = "utf-16-le" if raw[1::2].count(0) > raw[0::2].count(0) else "utf-16-be"
        return _without_nul(raw.decode(order, "replace")), order
    try:
        return _without_nul(raw.decode("utf-8-sig")), "utf-8"
    except UnicodeDecodeError:
        if _mostly_utf8(raw):
            return _without_nul(_by_line(raw)), "utf-8, with lines in cp1252"
    best = from_bytes(raw, cp_isolation=LEGACY).best()
    name = best.encoding if best else "cp1252"
    return _without_nul(raw.decode(name, "replace")), name


def _without_nul(text: str) -> str:
    return text.replace("\0", "").removeprefix("\ufeff")


def _mostly_utf8(raw: bytes) -> bool:
    """Whether nearly all of what is not ASCII is sound UTF-8: then a few cells were pasted in, or the end is cut."""
    text = raw.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return sum(not char.isascii() for char in text) - broken > 10 * broken


def _by_line(raw: bytes) -> str:
    def line(each: bytes) -> str:
        try:
            return each.decode("utf-8")
        except UnicodeDecodeError:
            return each.decode("cp1252", "replace")

    return "".join(map(line, raw.removeprefix(codecs.BOM_UTF8).splitlines(keepends=True)))


def lines_of(text: str) -> list[str]:
    """Physical lines with their ends. Unlike str.splitlines, only CR, LF and CRLF end a line."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text)


def find_delimiter(lines: Sequence[str]) -> str:
    """The delimiter under which most records have as many cells as the headings; a comma when there is one column.

    csv.Sniffer is not asked: it takes letters for delimiters, and free text with commas deceives it.
    """
    told = re.fullmatch(r"sep=([,;\t|])\s*", lines[0]) if lines else None  # Excel writes this for its own use
    if told:
        return told[1]
    csv.field_size_limit(CELL)
    best, score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        reader = csv.reader(islice(lines, SAMPLE * 4), delimiter=delimiter)
        try:
            widths = [len(cells) for cells in islice(reader, SAMPLE) if not all(map(blank, cells))]
        except csv.Error:
            continue
        if not widths or widths[0] == 1:
            continue
        counted = Counter(widths)
        agree = counted[widths[0]] / len(widths)
        if agree * len(widths) >= counted[1] and (agree, widths[0]) > score:
            best, score = delimiter, (agree, widths[0])
    return best


def read_records(lines: Sequence[str], delimiter: str) -> Iterator[Record | BadRow]:
    """Every record with its line, counted from 1; the first is the headings.

    A quotation mark that is never closed swallows the rows behind it. Where that shows (the file ends inside it,
    the cell grows beyond the csv module's limit, or the swallowed lines are sound rows by themselves), the line is
    reported and reading goes on with the next one.
    """
    start, width, restarts = 0, None, 0
    if lines and re.fullmatch(r"sep=[,;\t|]\s*", lines[0]):
        start = 1
    while start < len(lines):
        restart = None
        for record, end in _stretch(lines, start, delimiter):
            if isinstance(record, BadRow):
                yield record
                restart = record.line
                break
            if width is None and not all(map(blank, record.cells)):
                width = len(record.cells)
            swallowed = lines[record.line : end]
            if width and _are_rows(swallowed, len(record.cells), width, delimiter):
                yield BadRow(record.line, told("a quotation mark is opened and not closed on this line."))
                restart = record.line
                break
            yield record
        if restart is None:
            return
        start, restarts = restart, restarts + 1
        if restarts > RESTARTS:
            problem = told("too many quotation marks do not match; nothing below this line was read.")
            yield BadRow(restart, problem)
            return


def _stretch(lines: Sequence[str], start: int, delimiter: str) -> Iterator[tuple[Record | BadRow, int]]:
    """Records from ``start`` on, each with the line after its last; a BadRow ends it."""
    csv.field_size_limit(CELL)
    reader = csv.reader(islice(lines, start, None), delimiter=delimiter)
    begin = start
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            problem = told(
                "a cell of more than {n} characters; is a quotation mark not closed?", n=f"{CELL:,}"
            )
            yield BadRow(begin + 1, problem), begin + 1
            return
        end = start + reader.line_num
        if end == len(lines) and end - begin > 1 and _open_at_end(lines[begin:end], delimiter):
            yield BadRow(begin + 1, told("a quotation mark is opened and never closed.")), begin + 1
            return
        yield Record(begin + 1, cells), end
        begin = end


def _open_at_end(lines: Sequence[str], delimiter: str) -> bool:
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


def _are_rows(swallowed: Sequence[str], cells: int, width: int, delimiter: str) -> bool:
    if not swallowed or cells == width or width == 1:
        return False
    try:
        widths = [len(row) for row in csv.reader(swallowed, delimiter=delimiter)]
    except csv.Error:
        return False
    return widths.count(width) * 2 > len(widths)
