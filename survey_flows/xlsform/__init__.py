"""XLSForm in and out: a form becomes a survey file that people can read and edit, and a survey becomes a form.

There is one model and one text for it. ``read_form`` writes a form as a survey file (YAML) and reads that; what a
conversation cannot do is told, row by row, with what happens instead. ``write_xform`` and ``write_xlsform`` give any
survey, also one written in YAML, to ODK Collect and to translators.

>>> made = read_form(b'''
... | survey |            |      |                          |
... |        | type       | name | label::English (en)      |
... |        | select_one yn | bus | Do you come by bus?    |
... | choices |           |      |                          |
... |        | list_name  | name | label::English (en)      |
... |        | yn         | yes  | Yes                      |
... |        | yn         | no   | No                       |
... ''', "bus.md")
>>> made.survey.languages, made.survey.questions[0].key
(('en',), 'bus')
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .findings import Finding, FormError, Imported

if TYPE_CHECKING:
    from ..survey import Survey


def read_form(data: bytes | Path, name: str = "", language: str | None = None) -> Imported:
    """A form (.xlsx, .xls, .csv, or Markdown tables) as a survey, the text of its file, and what was found.

    ``name`` is the file's name, for messages; what the file is, its bytes tell. ``language`` (BCP 47) is the one of
    columns that name none. Raises FormError, whose ``others`` are further problems, and OSError for a path that
    cannot be read.
    """
    from .reading import read  # pyxform takes a second to load

    if isinstance(data, Path):
        name, data = name or data.name, data.read_bytes()
    return read(data, name or "form", language)


def write_xform(survey: Survey) -> str:
    """The survey as an ODK XForm (XML). Raises FormError for a survey that no form can hold."""
    from .writing import xform

    return xform(survey)


def write_xlsform(survey: Survey) -> bytes:
    """The survey as an XLSForm workbook (.xlsx), one column a language: to translate, or to edit in Kobo or ODK."""
    from .writing import workbook

    return workbook(survey)


__all__ = ["Finding", "FormError", "Imported", "read_form", "write_xform", "write_xlsform"]
