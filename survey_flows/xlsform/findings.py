"""What an import tells people: what was found, where, and what happens instead; or what has to be mended first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ..told import told

if TYPE_CHECKING:
    from ..survey import Survey


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a form that is not taken over as it stands: a ``warning`` if people should look at it, else a
    ``note``. ``row`` is the number at the left of the spreadsheet; None where it is about the whole sheet."""

    sheet: str
    row: int | None
    what: str
    instead: str
    severity: Literal["note", "warning"] = "warning"

    def __str__(self) -> str:
        return f"{where(self.sheet, self.row)}: {self.what} {self.instead}".strip()


class FormError(Exception):
    """Something in a form that a person has to mend: where, what is wrong, and what to do.

    ``others`` are further problems of the same form, so that all can be mended at once.
    """

    def __init__(
        self, sheet: str, row: int | None, problem: str, cure: str, others: tuple[FormError, ...] = ()
    ) -> None:
        super().__init__(
            told("{where}: {problem} {cure}", where=where(sheet, row), problem=problem, cure=cure)
            if cure
            else told("{where}: {problem}", where=where(sheet, row), problem=problem)
        )
        self.sheet = sheet
        self.row = row
        self.problem = problem
        self.cure = cure
        self.others = others


@dataclass(frozen=True, slots=True)
class Imported:
    """A form taken over: the text of its survey file, the survey, and what was found on the way."""

    text: str
    survey: Survey
    findings: tuple[Finding, ...]


def where(sheet: str, row: int | None) -> str:
    """A place as people look for it.

    >>> where("survey", 12), where("settings", None), where("", None)
    ('survey, row 12', 'settings', 'the file')
    """
    return told("{sheet}, row {row}", sheet=sheet, row=row) if row else sheet or told("the file")


def all_of(problems: list[FormError]) -> FormError:
    """The first problem, with the others."""
    first, *rest = problems
    return FormError(first.sheet, first.row, first.problem, first.cure, tuple(rest))
