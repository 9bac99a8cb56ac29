"""Writes a workbook for people who know nothing but Excel: one row a text, one column to fill in, three rules."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation

from . import hints
from .base import ExchangeError, Row, Sheet
from .layout import (
    BY,
    CHECK,
    HEADINGS,
    KEY,
    LENGTH,
    MOST,
    NOTE,
    REMARK,
    SOURCE,
    STATE,
    STATES,
    TRANSLATION,
    WHERE,
    WIDTHS,
)  # fmt: skip

_UNSAID = re.compile(r"[\x01-\x08\x0b\x0c\x0d\x0e-\x1f]|_(?=x[0-9A-Fa-f]{4}_)")
_SPACE = re.compile(r"[\x01-\x20]")
_IMPOSSIBLE = re.compile("[\0\ud800-\udfff\ufffe\uffff]")
_FIRST = 4
"""The row of the first text: the marks, the translator and the headings stand above it."""
_TO_FILL, _GREY = PatternFill("solid", bgColor="FFF6D6"), PatternFill("solid", fgColor="E7ECEF")
_STEPS = (
    "How it goes: open the sheet “Translate”, and write into the yellow cells.",
    "In the column State, choose “approved” where you are sure of a translation, and “draft” where somebody else should look.",
    "Write your name at the top. Is anything unclear? Say so in the column “Your comment”.",
    "Rows may be sorted and left out. Please do not change the text that is to be translated.",
    "Save the workbook, and send it back. Nothing is sent to families before the school has looked at it.",
)  # fmt: skip


def write(sheet: Sheet, file: str) -> bytes:
    """A workbook. Raises ExchangeError for a text that no cell can hold."""
    book = Workbook()
    _instruct(book.active, sheet)
    page = book.create_sheet("Translate")
    columns = {mark: place for place, mark in enumerate(WIDTHS, start=1)}
    marked = {SOURCE: f"{SOURCE}:{sheet.source}", TRANSLATION: f"{TRANSLATION}:{sheet.target}"}
    _fill(page, 1, columns, {mark: marked.get(mark, mark) for mark in columns})
    _fill(page, 2, columns, {SOURCE: "Who translates this? Your name:", TRANSLATION: sheet.by, KEY: BY})
    _fill(page, 3, columns, _headings(sheet))
    for number, row in enumerate(sheet.rows, start=_FIRST):
        _fill(page, number, columns, _cells(row, file))
    _dress(page, columns, hints.direction(sheet.target) == "rtl", max(_FIRST, _FIRST + len(sheet.rows) - 1))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _headings(sheet: Sheet) -> dict[str, str]:
    return {
        WHERE: "Where",
        SOURCE: hints.name(sheet.source),
        TRANSLATION: hints.name(sheet.target),
        NOTE: "Note",
        LENGTH: "Length",
        STATE: "State",
        REMARK: "Your comment",
        KEY: HEADINGS,
    }


def _cells(row: Row, file: str) -> dict[str, str]:
    cells = {
        WHERE: hints.where(row.context),
        SOURCE: row.text,
        TRANSLATION: row.translation,
        NOTE: row.note,
        LENGTH: hints.length(row.text),
        STATE: STATES[row.state],
        REMARK: row.remark,
        KEY: row.context,
        CHECK: f"{row.digest}-{row.was}",
    }
    for text in (row.text, row.translation):
        if len(_escaped(text)) > MOST:
            what = f"the text is longer than the {MOST:,} characters of a cell."
            raise ExchangeError(file, what, "Hand it over as XLIFF or PO.", row.context)
        if _IMPOSSIBLE.search(text):
            what = "there is a character in it that no cell can hold (NUL, or half a character)."
            raise ExchangeError(file, what, "Take it out of the text.", row.context)
    return cells


def _escaped(text: str) -> str:
    """A text as a cell holds it (ECMA-376, ST_Xstring): what XML cannot say, and only spaces, which readers drop.

    >>> _escaped("a\\rb"), _escaped("_x0041_"), _escaped("  ")
    ('a_x000D_b', '_x005F_x0041_', '_x0020__x0020_')
    """
    unsaid = _UNSAID if text.strip() else _SPACE
    return unsaid.sub(lambda one: f"_x{ord(one[0]):04X}_", text)


def _fill(page: Any, number: int, columns: Mapping[str, int], cells: Mapping[str, str]) -> None:
    for mark, text in cells.items():
        if text:
            cell = page.cell(number, columns[mark])
            # "=1+1" is words, now and when somebody has clicked into the cell.
            cell.value, cell.data_type, cell.quotePrefix = _escaped(text), "s", text[0] in "=+-@"


def _dress(page: Any, columns: Mapping[str, int], rtl: bool, last: int) -> None:
    letters = {mark: page.cell(1, place).column_letter for mark, place in columns.items()}
    for mark, width in WIDTHS.items():
        page.column_dimensions[letters[mark]].width = width
        page.column_dimensions[letters[mark]].hidden = mark in (KEY, CHECK)
        page.cell(3, columns[mark]).font = Font(bold=True)
        page.cell(3, columns[mark]).fill = _GREY
    page.row_dimensions[1].hidden = True
    page.freeze_panes = f"A{_FIRST}"
    page.auto_filter.ref = f"A3:{letters[CHECK]}{last}"
    for number in (2, *range(_FIRST, last + 1)):
        for mark, place in columns.items():
            cell = page.cell(number, place)
            turned = {"horizontal": "right", "readingOrder": 2} if rtl and mark == TRANSLATION else {}
            cell.alignment = Alignment(wrap_text=True, vertical="top", **turned)
            if mark in (TRANSLATION, STATE, REMARK):
                cell.protection, cell.number_format = Protection(locked=False), "@"
    choice = DataValidation(
        type="list", formula1=f'"{STATES["draft"]},{STATES["approved"]}"', allow_blank=True
    )
    choice.add(f"{letters[STATE]}{_FIRST}:{letters[STATE]}{last}")
    page.add_data_validation(choice)
    wanted = f"{letters[TRANSLATION]}{_FIRST}:{letters[TRANSLATION]}{last}"
    empty = FormulaRule(formula=[f"LEN(TRIM({letters[TRANSLATION]}{_FIRST}))=0"], fill=_TO_FILL)
    page.conditional_formatting.add(wanted, empty)
    # Without a password: it keeps from mishaps, not from people.
    page.protection.sheet = True
    for allowed in ("formatCells", "formatColumns", "formatRows", "sort", "autoFilter"):
        setattr(page.protection, allowed, False)


def _instruct(page: Any, sheet: Sheet) -> None:
    page.title = "Read me first"
    page.column_dimensions["A"].width = 100
    lines = [
        (f"Please translate from {hints.name(sheet.source)} into {hints.name(sheet.target)}", True),
        (
            "These texts are messages that a school sends to families by telephone. Thank you for your help.",
            False,
        ),
        ("Three rules", True),
        *((f"{number}. {rule} {why}", False) for number, (rule, why) in enumerate(hints.RULES, start=1)),
        *((step, False) for step in _STEPS),
    ]
    for number, (text, bold) in enumerate(lines, start=1):
        cell = page.cell(number, 1)
        cell.value, cell.data_type = text, "s"
        cell.font, cell.alignment = Font(bold=bold, size=14 if bold else 12), Alignment(wrap_text=True)
