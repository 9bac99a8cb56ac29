"""A survey written as an XForm for ODK Collect, or as an XLSForm workbook for translators."""

from __future__ import annotations

import io
import warnings
from typing import Any

from ..survey import Survey
from .findings import FormError
from .ours import NAME
from .plain import guarded, restored
from .rows import Row, Rows, rows_of

_FIRST = ("type", "name", "list_name", "label", "hint")
_TITLES = {
    "survey": ("type", "name"),
    "choices": ("list_name", "name"),
    "settings": ("form_title", "form_id"),
}


def xform(survey: Survey) -> str:
    """See ``survey_flows.xlsform.write_xform``."""
    from pyxform.xls2xform import convert

    rows = rows_of(survey)
    book = {
        **_sheet(
            "survey",
            [guarded(_without_ours(row)) for row in rows.survey if not row["name"].startswith(f"{NAME}_")],
        ),
        **_sheet("choices", [guarded(row) for row in rows.choices]),
        **_sheet("settings", [guarded(rows.settings)]),
        "sheet_names": ["survey", "choices", "settings"],
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            made: str = convert(xlsform=book, warnings=[], validate=False, pretty_print=True).xform
        except Exception as error:
            problem = f"This survey cannot be written as a form: {str(error)[:300]}"
            raise FormError("survey", None, problem, "Change what it names in the survey file.") from None
    return restored(made)


def workbook(survey: Survey) -> bytes:
    """See ``survey_flows.xlsform.write_xlsform``."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    rows = rows_of(survey)
    book = Workbook()
    book.remove(book.active)
    for name, held in _sheets(rows).items():
        sheet = book.create_sheet(name)
        heads = _heads(name, held)
        sheet.append(heads)
        for number, row in enumerate(held, start=2):
            for at, head in enumerate(heads, start=1):
                if row.get(head):
                    cell = sheet.cell(number, at)
                    cell.value, cell.data_type = row[head], "s"  # "=1+1" stays words
                    cell.alignment = Alignment(wrap_text=True, vertical="top")
        for at, head in enumerate(heads):
            sheet.cell(1, at + 1).font = Font(bold=True)
            sheet.column_dimensions[sheet.cell(1, at + 1).column_letter].width = 44 if "::" in head else 20
        sheet.freeze_panes = "C2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheets(rows: Rows) -> dict[str, list[Row]]:
    return {"survey": rows.survey, "choices": rows.choices, "settings": [rows.settings]}


def _sheet(name: str, rows: list[Row]) -> dict[str, Any]:
    return {name: rows, f"{name}_header": [dict.fromkeys(_heads(name, rows))]}


def _heads(name: str, rows: list[Row]) -> list[str]:
    """The columns: what comes first in every form, then each as it is met; translations of a text side by side."""
    found = dict.fromkeys(head for row in rows for head in row)
    first = [head for head in _TITLES[name] if head in found or name != "settings"]
    order = list(dict.fromkeys(head.partition("::")[0] for head in found if head not in first))
    order = sorted(order, key=lambda head: _FIRST.index(head) if head in _FIRST else len(_FIRST))
    rest = [head for base in order for head in found if head.partition("::")[0] == base and head not in first]
    return [*first, *(head for head in rest if head != NAME), *([NAME] if NAME in found else [])]


def _without_ours(row: Row) -> Row:
    return {head: told for head, told in row.items() if head != NAME}
