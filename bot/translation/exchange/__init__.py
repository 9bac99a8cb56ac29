"""Texts handed to translators, and taken back: XLIFF for agencies' tools, PO for Poedit and Weblate, Excel for anybody.

``write`` makes a file of units; ``read`` reads one back, whatever kind it is and whoever has saved it; ``match`` says
what each of its rows means for the texts of today. Nothing here decides what is taken over.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from ..units import Unit
from . import po_reading, po_writing, xliff_reading, xliff_writing, xlsx_reading, xlsx_writing
from .base import Complaint, ExchangeError, Kind, Returned, Row, Sheet, State, sheet_of
from .matching import WANTED, Match, Verdict, match
from .sniffing import kind_of

__all__ = [
    "ENDINGS", "WANTED", "Complaint", "ExchangeError", "Kind", "Match", "Returned", "Row", "Sheet", "State", "Verdict",
    "match", "read", "sheet_of", "write",
]  # fmt: skip

ENDINGS: Mapping[Kind, str] = {"xliff": ".xlf", "po": ".po", "xlsx": ".xlsx"}
READERS: Mapping[Kind, Callable[[bytes, str], Returned]] = {
    "xliff": xliff_reading.read,
    "po": po_reading.read,
    "xlsx": xlsx_reading.read,
}


def write(
    units: Sequence[Unit],
    target: str,
    kind: Kind,
    *,
    approved: bool = True,
    stale: Collection[str] = (),
    when: datetime | None = None,
) -> bytes:
    """A file for translators: units into ``target`` (BCP 47).

    Without ``approved``, texts that a person has already approved are left out. ``stale`` are contexts whose
    translation was made for an earlier source text. ``when`` is noted as the date of the translations.

    Raises ValueError for units that cannot stand in one file, ExchangeError for a text that the format cannot hold.
    """
    sheet = sheet_of(units, target, stale=stale, approved=approved)
    file = f"{target}{ENDINGS[kind]}"
    match kind:
        case "xliff":
            return xliff_writing.write(sheet)
        case "po":
            return po_writing.write(sheet, file, when)
        case "xlsx":
            return xlsx_writing.write(sheet, file)


def read(data: bytes, name: str) -> Returned:
    """What a translator sent back. The content decides what kind it is, never the ending of ``name``.

    Raises ExchangeError for a file that is none of these, too large, or damaged.
    """
    return READERS[kind_of(data, name)](data, name)
