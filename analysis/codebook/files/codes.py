"""The code tree of REFI-QDA: the same in a codebook (.qdc) and in a project (.qdpx)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...refi.colours import colour
from ...refi.guids import guid, read_guid
from ...refi.writing import tag
from ...refi.xml import Element
from .. import Codebook, Theme
from . import description
from .tree import Branch


def code_guid(book: Codebook, code: str) -> str:
    """The name of a theme in all files: it stays when the label, the version or the place in the order changes."""
    return guid("code", book.id, code)


def elements(book: Codebook, notes: Mapping[str, Sequence[str]] | None = None) -> list[str]:
    """The ``Code`` elements, sub-themes inside their top themes, which themselves cannot be coded to.

    ``notes`` (projects only): the GUIDs of the notes on a theme.
    """
    return [_element(book, top, index, notes or {}) for index, top in enumerate(book.tops)]


def _element(book: Codebook, theme: Theme, index: int, notes: Mapping[str, Sequence[str]]) -> str:
    attributes: dict[str, str | None] = {
        "guid": code_guid(book, theme.id),
        "name": theme.label,
        "isCodable": "false" if theme.parent is None else "true",
        "color": colour(index),
    }
    inside = [tag("Description", {}, text=description.write(theme, book))]
    inside += [tag("NoteRef", {"targetGUID": note}) for note in notes.get(theme.id, ())]
    inside += [_element(book, child, index, notes) for child in book.children(theme.id)]
    return tag("Code", attributes, inside)


def branches(codes: list[Element], language: str) -> list[Branch]:
    """The ``Code`` elements of any tool, as a tree."""
    grown = []
    for code in codes:
        said = code.first("Description")
        place = f"line {code.line}"
        branch = description.branch(code.get("name"), said.text if said else "", place, language)
        branch.label = branch.label or "Without a name"
        branch.guid = read_guid(code.get("guid")) or ""
        branch.codable = code.get("isCodable").strip().lower() not in ("false", "0")
        branch.branches = branches(code.named("Code"), language)
        grown.append(branch)
    return grown


def head(codes: list[Element]) -> tuple[str, str, str] | None:
    """Id, version and title of the codebook, which its first theme carries. None: another tool made it."""
    stack = list(codes)
    while stack:
        code = stack.pop()
        stack += code.named("Code")
        said = code.first("Description")
        book = description.read(said.text, "en").tail.get("codebook") if said else None
        if isinstance(book, dict) and all(
            isinstance(book.get(key), str) for key in ("id", "version", "title")
        ):
            return book["id"], book["version"], book["title"]
    return None
