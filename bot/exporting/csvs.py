"""CSV: a folder with a file for each table, or the same in a zip. UTF-8, with the mark by which Excel knows it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from .tables import Cell, Sheet, Tables

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""
THEN = (1980, 1, 1, 0, 0, 0)


def write_folder(tables: Tables, path: Path, *, bom: bool = True) -> None:
    """Write the tables into a new folder."""
    path.mkdir()
    for sheet in tables.all():
        with (path / f"{sheet.name}.csv").open("wb") as out:
            write(sheet, out, bom=bom)


def write_zip(tables: Tables, path: Path, *, bom: bool = True) -> None:
    """Write the tables into a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for sheet in tables.all():
            with packed.open(zipfile.ZipInfo(f"{sheet.name}.csv", THEN), "w", force_zip64=True) as out:
                write(sheet, out, bom=bom)


def write(sheet: Sheet, out: IO[bytes], *, bom: bool = False, guard: bool = True) -> None:
    """One table. ``guard``: a sign before what a spreadsheet would run as a formula; programs want the words as they are."""
    text = io.TextIOWrapper(out, "utf-8-sig" if bom else "utf-8", newline="", write_through=True)
    table = csv.writer(text)
    table.writerow([column.name for column in sheet.columns])
    table.writerows(_rows(sheet, guard=guard))
    text.flush()
    text.detach()


def _rows(sheet: Sheet, *, guard: bool) -> Iterator[list[str | int | float | None]]:
    return ([_cell(cell, guard=guard) for cell in row] for row in sheet.rows())


def _cell(cell: Cell, *, guard: bool) -> str | int | float | None:
    """
    >>> _cell("=1+1", guard=True), _cell(-0.5, guard=True), _cell(True, guard=True), _cell(("a", "b"), guard=True)
    ("'=1+1", -0.5, 'true', 'a; b')
    """
    if isinstance(cell, bool):
        return "true" if cell else "false"
    text = "; ".join(cell) if isinstance(cell, tuple) else cell
    return f"'{text}" if guard and isinstance(text, str) and text.startswith(FORMULA) else text
