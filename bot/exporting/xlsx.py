"""Excel: one sheet a table, in front what the file is. Nothing that somebody wrote is ever a formula or a link."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .tables import Cell, Column, Sheet, Tables

LONGEST = 32_767
"""Characters that a cell of Excel holds."""
CUT = " […]"
FORMATS = {"count": "#,##0", "share": "0.0%", "number": "0.00"}
MOST = 1_048_575
"""Rows of a sheet, without the one of the headings."""


def write(tables: Tables, path: Path) -> None:
    """Write a workbook, row by row: it never is in memory as a whole."""
    import xlsxwriter  # type: ignore[import-untyped]

    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }  # fmt: skip
    with xlsxwriter.Workbook(path, options) as book:
        kind = tables.about.purpose.upper()
        book.set_properties({"title": f"{tables.about.title} ({kind})", "author": "Openline"})
        for sheet in tables.all():
            _sheet(book, sheet, kind)


def _sheet(book: Any, sheet: Sheet, kind: str) -> None:
    for number, rows in enumerate(_parts(sheet), start=1):
        page = book.add_worksheet(sheet.name if number == 1 else f"{sheet.name} {number}")
        formats = [_format(book, column) for column in sheet.columns]
        for at, (column, style) in enumerate(zip(sheet.columns, formats, strict=True)):
            page.set_column(at, at, column.width, style)
        page.freeze_panes(1, 0)
        page.set_header(f"&L{kind}&R{sheet.title.replace('&', '&&')[:150]}")
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E7ECEF"})
        for at, column in enumerate(sheet.columns):
            page.write_string(0, at, column.label, heading)
        last = 0
        for last, row in enumerate(rows, start=1):
            for at, (cell, style) in enumerate(zip(row, formats, strict=True)):
                _cell(page, last, at, cell, style)
        page.autofilter(0, 0, max(last, 1), len(sheet.columns) - 1)


def _parts(sheet: Sheet) -> Iterator[Iterator[Any]]:
    """The rows, as many at a time as a sheet holds."""
    rows = sheet.rows()
    first = next(rows, None)
    if first is None:
        yield iter(())
    while first is not None:
        yield _some(first, rows)
        first = next(rows, None)


def _some(first: Any, rows: Iterator[Any]) -> Iterator[Any]:
    yield first
    for _, row in zip(range(MOST - 1), rows, strict=False):
        yield row


def _format(book: Any, column: Column) -> Any:
    number = FORMATS.get(column.kind, "@")
    style = {"valign": "top", "text_wrap": column.width >= 30, "num_format": number}
    return book.add_format(style)


def _cell(page: Any, row: int, at: int, cell: Cell, style: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, bool):
        page.write_string(row, at, "yes" if cell else "", style)
    elif isinstance(cell, int | float):
        page.write_number(row, at, cell, style)
    else:
        text = "; ".join(cell) if isinstance(cell, tuple) else cell
        page.write_string(row, at, text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT, style)
