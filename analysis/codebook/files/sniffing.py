"""Tells what kind of file a codebook came in, by what is in it: names lie."""

from __future__ import annotations

import re
from typing import Literal

from .. import CodebookError

Kind = Literal["yaml", "csv", "qdc", "qmd"]
LARGEST = 20_000_000
"""Bytes. The codebook that ships with Openline, in eight languages, has 210,000."""
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_PAGE = re.compile(rb"^:::+ *\{", re.MULTILINE)
_KEY = re.compile(rb"^(id|version|title|themes|order)[ \t]*:", re.MULTILINE)
_OTHERS = (
    (b"%PDF", "a PDF", "Type its table into a spreadsheet, one theme a row, and save that as CSV."),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file", "Open it and save its table as CSV (UTF-8)."),
    (b"{\\rtf", "a text document", "Save its table as CSV (UTF-8)."),
    (b"\x89PNG", "a picture", "Give the codebook as YAML, CSV or .qdc."),
)


def sniff(data: bytes, name: str) -> Kind:
    """Raises CodebookError for what is empty, too large, or nothing of these."""
    if len(data) > LARGEST:
        raise CodebookError(
            name,
            None,
            f"the file is {len(data) / 1e6:.0f} MB; up to {LARGEST / 1e6:.0f} MB are read",
            "A codebook holds themes, not replies: export the codes alone.",
        )
    start = next((data.removeprefix(bom) for bom in _BOMS if data.startswith(bom)), data)[:200_000]
    # UTF-16 is plain for most of what is looked for here once its zeros are gone.
    flat = start.replace(b"\0", b"").lstrip()
    if not flat:
        raise CodebookError(name, None, "the file is empty", "Give a codebook as YAML, CSV or .qdc.")
    if data.startswith(b"PK\x03\x04"):
        if b".qde" in data[:200] or name.lower().endswith(".qdpx"):
            raise CodebookError(
                name, None, "this is a whole project (.qdpx)", "Import it as a project, with its codings."
            )
        raise CodebookError(
            name, None, "this is a packed file or a workbook", "Save the sheet as CSV (UTF-8)."
        )
    for sign, what, cure in _OTHERS:
        if data.startswith(sign):
            raise CodebookError(name, None, f"this is {what}", cure)
    if flat.startswith(b"<"):
        return "qdc"
    if name.lower().endswith((".yaml", ".yml")):
        return "yaml"
    if name.lower().endswith((".csv", ".tsv", ".txt")) and not _KEY.match(flat):
        return "csv"
    if _PAGE.search(flat):
        return "qmd"
    return "yaml" if _KEY.search(flat) else "csv"
