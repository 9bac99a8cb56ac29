"""JSON: all tables in one file, for programs. Numbers that are hidden are null."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO

from .tables import Sheet, Tables


def write(tables: Tables, path: Path) -> None:
    """Write the file, row by row: ``{"kind": …, "about": {…}, "tables": {name: [{column: value}]}}``."""
    about = tables.about
    head = {
        "kind": about.purpose,
        "about": dict(about.facts()) | {"notes": list(about.notes)},
        "codebook": {"id": about.codebook, "version": about.codebook_version},
        "columns": {
            sheet.name: {column.name: column.label for column in sheet.columns} for sheet in tables.all()[1:]
        },
    }
    with path.open("w", encoding="utf-8") as out:
        out.write(json.dumps(head, ensure_ascii=False, indent=1)[:-2] + ',\n "tables": {')
        for number, sheet in enumerate(tables.all()[1:]):
            out.write(f"{',' if number else ''}\n  {json.dumps(sheet.name)}: [")
            _rows(sheet, out)
            out.write("]")
        out.write("\n }\n}\n")


def _rows(sheet: Sheet, out: IO[str]) -> None:
    for number, row in enumerate(sheet.named()):
        out.write(f"{',' if number else ''}\n   {json.dumps(row, ensure_ascii=False)}")
