"""Tables as files: CSV and Excel, of whatever table a page shows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Literal

import xlsxwriter  # type: ignore[import-untyped]
from fastapi import Response

from .times import here

Kind = Literal["csv", "xlsx"]
Cell = str | int | float | bool | datetime | date | None
TYPES: dict[Kind, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet takes a text for a formula."""


def table(name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], kind: Kind = "csv") -> Response:
    """A file to download, called ``name``; times are told in the reader's zone.

    Nothing in a cell is ever run: Excel gets texts as texts, and in CSV what looks like a formula has an apostrophe before it.
    """
    content = _xlsx(headings, rows) if kind == "xlsx" else _csv(headings, rows)
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-") or "table"
    headers = {"Content-Disposition": f'attachment; filename="{plain}.{kind}"'}
    return Response(content, media_type=TYPES[kind], headers=headers)


def _plain(cell: Cell) -> str | int | float | bool | None:
    if isinstance(cell, datetime):
        return here(cell).strftime("%Y-%m-%d %H:%M")
    return cell.isoformat() if isinstance(cell, date) else cell


def _csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headings)
    for row in rows:
        cells = map(_plain, row)
        writer.writerow([f"'{c}" if isinstance(c, str) and c.startswith(FORMULA) else c for c in cells])
    return text.getvalue().encode("utf-8-sig")  # the mark makes Excel read it as UTF-8


def _xlsx(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    packed = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(packed, options) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, headings, book.add_format({"bold": True}))
        for at, row in enumerate(rows, 1):
            sheet.write_row(at, 0, [_plain(cell) for cell in row])
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return packed.getvalue()
