"""Tells what kind of file came back, by what is in it: names lie."""

from __future__ import annotations

import re

from survey_flows.told import told

from ...spreadsheets import workbook
from .base import LARGEST, LARGEST_TEXT, ExchangeError, Kind
from .layout import MARK

_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_OTHERS = (
    (b"%PDF", told("this is a PDF.")),
    (b"{\\rtf", told("this is a text document.")),
    (b"\x1f\x8b", told("this is a packed file (gzip).")),
    (b"7z\xbc\xaf", told("this is a packed file (7z).")),
    (b"Rar!", told("this is a packed file (RAR).")),
    (b"\xde\x12\x04\x95", told("this is a MO file, which programs read.")),
    (b"\x95\x04\x12\xde", told("this is a MO file, which programs read.")),
    (b"\x89PNG", told("this is a picture.")),
    (b"\xff\xd8", told("this is a picture.")),
)


def kind_of(data: bytes, file: str) -> Kind:
    """Raises ExchangeError for a file that is too large, empty, or none of these kinds."""
    _allow(data, LARGEST, file)
    start = data[:4000]
    for bom in _BOMS:
        start = start.removeprefix(bom)
    flat = start.replace(b"\0", b"").lstrip()
    if not flat:
        what = told("the file is empty.")
        raise ExchangeError(file, what, told("Give the file that came back from the translator."))
    if data.startswith((workbook.ZIP, workbook.OLE)):
        return "xlsx"
    for sign, what in _OTHERS:
        if data.startswith(sign):
            raise _no(file, what)
    if flat.startswith(b"<"):
        if re.match(rb"(?i)<(!doctype\s+html|html|head|body|table)", flat):
            raise _no(file, told("this is a web page."))
        return "xliff"
    _allow(data, LARGEST_TEXT, file)
    narrow = data.replace(b"\0", b"")
    if re.search(rb"(?m)^[ \t]*msg(id|ctxt)\s", narrow):
        return "po"
    if MARK.encode() in narrow:
        return "xlsx"  # its table, saved as CSV
    raise _no(file, told("this is no file of translations that can be read."))


def _allow(data: bytes, most: int, file: str) -> None:
    if len(data) > most:
        what = told(
            "the file is {size} MB; up to {most} MB of its kind are read.",
            size=f"{len(data) / 1e6:.0f}",
            most=f"{most / 1e6:.0f}",
        )
        cure = told("Give the file that was sent for translation, one language at a time.")
        raise ExchangeError(file, what, cure)


def _no(file: str, what: str) -> ExchangeError:
    return ExchangeError(file, what, told("Give it as XLIFF (.xlf), PO (.po) or Excel (.xlsx)."))
