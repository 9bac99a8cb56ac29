"""The plain text of a source or a note: in the XML itself, or in a file beside it."""

from __future__ import annotations

from ..refi.xml import Element
from .heard import Heard
from .packing import Packed
from .project import QdaError

_INTERNAL = "internal://"


def text_of(element: Element, packed: Packed, place: str, heard: Heard) -> str | None:
    """The plain text of a source or a note, as it is stored, without a byte order mark."""
    content = element.first("PlainTextContent")
    if content is not None:
        return content.text
    path = element.get("plainTextPath")
    if not path:
        what = (
            "it is left out: there is only formatted text" if element.get("richTextPath") else "it is empty"
        )
        heard.note(place, what)
        return None
    name = path.removeprefix(_INTERNAL).replace("\\", "/").lstrip("/")
    found = packed.find(f"sources/{name}", name, f"sources/{name.rpartition('/')[2]}")
    if found is None:
        cure = "Export the project with its texts inside (not linked)."
        raise QdaError(packed.file, place, f"its text {path[:80]} is not in the file", cure)
    data = packed.read(found)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        heard.note(place, "it is not in UTF-8; read as Western European (Windows): look at the accents")
        return data.decode("cp1252", "replace")
