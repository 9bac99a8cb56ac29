"""A codebook as REFI-QDA 1.5 codebook (.qdc), schema Codebook.xsd (urn:QDA-XML:codebook:1.0)."""

from __future__ import annotations

from pathlib import PurePath

from ...refi.writing import HEAD, tag
from ...refi.xml import XmlError, parse
from .. import Codebook, CodebookError
from ..fields import slug
from . import codes
from .loaded import Loaded, Notice
from .tree import Grove

NAMESPACE = "urn:QDA-XML:codebook:1.0"


def write(book: Codebook) -> bytes:
    """The codebook as .qdc. The same codebook gives the same bytes."""
    inside = [tag("Codes", {}, codes.elements(book))]
    return (HEAD + tag("CodeBook", {"xmlns": NAMESPACE, "origin": "Openline"}, inside)).encode()


def read(data: bytes, name: str, language: str = "en") -> Loaded:
    """A .qdc of any tool. Raises CodebookError; what is left out or changed is in the notices."""
    try:
        root = parse(data)
    except XmlError as problem:
        raise CodebookError(name, None, problem.what, problem.cure, f"line {problem.line}") from problem
    if root.name == "Project":
        what = "this is the inside of a project (project.qde)"
        raise CodebookError(name, None, what, "Give the whole .qdpx, and import it as a project.")
    if root.name != "CodeBook":
        what = f"its root is <{root.name[:40]}>, not <CodeBook>"
        raise CodebookError(name, None, what, "Export the codebook as REFI-QDA (.qdc).", f"line {root.line}")
    found = root.inside("Codes", "Code")
    if not found:
        raise CodebookError(name, None, "there are no codes in it", "Export a codebook that has codes.")
    grove = Grove().grow(codes.branches(found, language))
    for other in root.elements:
        if other.name != "Codes":
            what = f"<{other.name[:40]}> is left out: Openline has no place for it"
            grove.notices.append(Notice(f"line {other.line}", what))
    stem = PurePath(name).stem
    ours = codes.head(found)
    book = Codebook(*(ours or (slug(stem), "1", stem)), tuple(grove.themes))
    return Loaded(book, tuple(grove.notices), grove.guids, stated=ours is not None)
