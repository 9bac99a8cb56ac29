"""How a workbook for translators is laid out: the same for writing and for reading back.

The columns are found by the hidden marks in the first row, never by their order or their headings, and rows by their
hidden key: people sort, add columns, and translate headings as well.
"""

from __future__ import annotations

from collections.abc import Mapping

from .base import State

MARK = "openline:"
WHERE, SOURCE, TRANSLATION, NOTE, LENGTH, STATE, REMARK, KEY, CHECK = (
    f"{MARK}{name}"
    for name in ("where", "source", "translation", "note", "length", "state", "remark", "key", "check")
)
BY, HEADINGS = f"{MARK}by", f"{MARK}headings"
"""What stands in the key column of the two rows that hold no text."""
WIDTHS: Mapping[str, int] = {
    WHERE: 26, SOURCE: 46, TRANSLATION: 46, NOTE: 34, LENGTH: 16, STATE: 13, REMARK: 30, KEY: 12, CHECK: 12,
}  # fmt: skip
"""The columns in their order, and how wide they are, in characters."""
STATES: Mapping[State, str] = {
    "missing": "to translate",
    "draft": "draft",
    "approved": "approved",
    "stale": "look again",
}
MOST = 32_767
"""Characters in one cell: no spreadsheet program takes more."""
