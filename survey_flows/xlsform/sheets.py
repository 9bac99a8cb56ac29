"""From the bytes of a file to the sheets of a form: what it is, its bytes tell, whatever its name says."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections import Counter
from typing import Any

from ..told import told
from ..unpacking import BROKEN, unpacks_to_more
from .findings import Finding, FormError
from .plain import guarded

PACKED = 10 * 1024 * 1024
UNPACKED = 100 * 1024 * 1024
ROW = "openline_row"
"""The column that we add to every row: its number in the sheet."""

_OLE = bytes.fromhex("D0CF11E0")
_SHEET = told("Save it as an Excel workbook (.xlsx) with a sheet called 'survey'.")


def sheets(data: bytes, findings: list[Finding]) -> Any:
    """pyxform's DefinitionData, with ROW in each row that is not empty. Raises FormError."""
    if len(data) > PACKED:
        raise FormError(
            "", None, told("The file is larger than 10 MB."), told("Take pictures and other sheets out.")
        )
    if not data.strip():
        raise FormError("", None, told("The file is empty."), _SHEET)
    if data[:4] == _OLE:
        book = _read(data, ".xls")
    elif data[:2] == b"PK":
        _small_enough(data, findings)
        book = _workbook(data, findings)
    else:
        text = _text(data)
        table = text.lstrip().startswith("|")
        book = _read(text if table else _listed(text), ".md" if table else ".csv")
    if not book.survey:
        _no_form(book)
    _number(book)
    return book


def _text(data: bytes) -> str:
    if b"\0" in data[:1000] and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise FormError("", None, told("This is neither a spreadsheet nor text."), _SHEET)
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FormError("", None, told("The text is not in UTF-8."), told("Save it again as 'CSV UTF-8'."))


def _listed(text: str) -> str:
    """CSV as pyxform knows it, with the sheet's name in a column of its own; one plain table is the survey sheet."""
    first = text.lstrip("\ufeff\r\n \t").partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error as error:
        raise FormError("", None, told("This is not a table: {error}.", error=str(error)), _SHEET) from None
    head = {cell.strip().lower() for cell in (rows[0] if rows else ())}
    if "type" in head:
        rows = [["survey"], *(["", *row] for row in rows)]
    elif not any(row and row[0].strip().lower() == "survey" for row in rows):
        raise FormError("", None, told("There is no column 'type' and no sheet 'survey' here."), _SHEET)
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(row for row in rows if any(cell.strip() for cell in row))
    return out.getvalue()


def _small_enough(data: bytes, findings: list[Finding]) -> None:
    """How much really comes out, before anything is read: a zip may say less than it holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            large = unpacks_to_more(packed, UNPACKED)
            names = set(packed.namelist())
    except BROKEN:
        raise FormError(
            "", None, told("The file is damaged."), told("Save it again in your spreadsheet.")
        ) from None
    if large:
        raise FormError(
            "", None, told("Unpacked, the file is larger than 100 MB."), told("Copy the form to a new file.")
        )
    if "xl/workbook.xml" not in names:
        raise FormError("", None, told("This is not an Excel workbook."), _SHEET)
    if "xl/vbaProject.bin" in names:
        findings.append(
            Finding(
                "", None, told("The workbook has macros."), told("They are neither read nor run."), "note"
            )
        )


def _workbook(data: bytes, findings: list[Finding]) -> Any:
    try:
        return _read(data, ".xlsx")
    except FormError as error:
        if "Duplicate column header" not in error.problem:
            raise
    return _read(_single_headers(data, findings), ".xlsx")


def _single_headers(data: bytes, findings: list[Finding]) -> bytes:
    """The workbook without second columns of one name: the first counts."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data))
    for sheet in book.worksheets:
        seen: Counter[str] = Counter()
        for cell in sheet[1] if sheet.max_row else ():
            head = str(cell.value or "").strip()
            seen[head] += bool(head)
            if seen[head] > 1:
                what = told("There are two columns called '{name}'.", name=head)
                findings.append(
                    Finding(sheet.title, 1, what, told("The first counts, the other is left out."))
                )
                cell.value = f"left_out_{cell.column}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _read(content: bytes | str, kind: str) -> Any:
    from pyxform.xls2json_backends import get_xlsform

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return get_xlsform(content, file_type=kind)
        except Exception as error:  # pyxform and the libraries below it raise many kinds
            found = str(error).strip() or type(error).__name__
            if "Duplicate column header" in found:
                head = found.rpartition("Duplicate column header:")[2].strip()
                problem = told("Duplicate column header: there are two columns called '{name}'.", name=head)
                raise FormError("", 1, problem, told("Take one of them out.")) from None
            problem = told("The file cannot be read as a spreadsheet.")
            raise FormError("", None, problem, told("Open it, and save it again as .xlsx.")) from None


def _no_form(book: Any) -> None:
    names = [str(name) for name in book.sheet_names or ()]
    if book.survey is not None or book.survey_header:
        raise FormError(
            "survey", None, told("There are no questions."), told("Add a row for each, below the headings.")
        )
    problem = told("This is not an XLSForm: it has no sheet called 'survey'.")
    near = next((name for name in names if re.search("surve|quest|form", name, re.IGNORECASE)), None)
    if near:
        raise FormError("", None, problem, told("Rename the sheet '{near}' if that is the one.", near=near))
    raise FormError("", None, problem, told("See xlsform.org for how a form is laid out."))


def _number(book: Any) -> None:
    book.survey, book.choices, book.settings = (
        [guarded(row) for row in sheet] if sheet else sheet
        for sheet in (book.survey, book.choices, book.settings)
    )
    for sheet, header in ((book.survey, book.survey_header), (book.choices, book.choices_header)):
        for at, row in enumerate(sheet or (), start=2):
            if row:
                row[ROW] = str(at)
        if header:
            header[0][ROW] = None
