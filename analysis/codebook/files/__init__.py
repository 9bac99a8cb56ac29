"""A codebook as one file: YAML, CSV (a spreadsheet), or REFI-QDA .qdc (NVivo, ATLAS.ti, MAXQDA, QualCoder); a page with
callouts (.qmd) is read, and not written.

``read(data, name)`` gives the codebook and what was understood in a way that somebody should know of; ``write(book,
kind)`` gives bytes. What Openline writes, it reads back without loss. See docs/coding.md.
"""

from __future__ import annotations

from .. import Codebook, CodebookError, qmd
from . import qdc, table, yaml_form
from .loaded import Loaded, Notice
from .sniffing import Kind, sniff

__all__ = ("SUFFIXES", "Kind", "Loaded", "Notice", "read", "sniff", "write")

SUFFIXES: dict[Kind, str] = {"yaml": ".yaml", "csv": ".csv", "qdc": ".qdc", "qmd": ".qmd"}


def _page(data: bytes, name: str, language: str) -> Loaded:
    return Loaded(qmd.parse(data, name, language), stated=False)


_READERS = {"yaml": yaml_form.read, "csv": table.read, "qdc": qdc.read, "qmd": _page}
_WRITERS = {"yaml": yaml_form.write, "csv": table.write, "qdc": qdc.write}


def read(data: bytes, name: str, language: str = "en") -> Loaded:
    """The codebook in a file called ``name``. Raises CodebookError, naming file, place, problem and cure.

    ``language`` (BCP 47) is that of examples whose language the file does not name.
    """
    return _READERS[sniff(data, name)](data, name, language)


def write(book: Codebook, kind: Kind) -> bytes:
    """The codebook as a file of this kind. Raises CodebookError if it has no themes."""
    if kind not in _WRITERS:
        raise CodebookError(book.id, None, f"{SUFFIXES[kind]} is not written", "Choose yaml, csv or qdc.")
    if not book.themes:
        raise CodebookError(book.id, None, "the codebook has no themes", "Add a theme first.")
    return _WRITERS[kind](book)
