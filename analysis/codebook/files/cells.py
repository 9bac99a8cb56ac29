"""What stands in one cell of a codebook's table: a text, several wordings, or pairs; safe to open in a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_FORMULA = re.compile(r"'*[=+\-@\t]")
_QUOTED = re.compile(r"'+[=+\-@\t]")
_GOES_ON = "↳ "


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula. ``unguarded`` gives it back.

    >>> guarded("=1+1"), unguarded("'=1+1"), guarded("it's")
    ("'=1+1", '=1+1', "it's")
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    return text[1:] if _QUOTED.match(text) else text


def listed(texts: Iterable[str]) -> str:
    """Several wordings in one cell, a line each; a line that goes on with the one above begins with ↳."""
    return "\n".join(text.replace("\n", f"\n{_GOES_ON}") for text in texts)


def unlisted(cell: str) -> tuple[str, ...]:
    texts: list[str] = []
    for line in cell.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line.startswith(_GOES_ON) and texts:
            texts[-1] += f"\n{line.removeprefix(_GOES_ON)}"
        elif line.strip():
            texts.append(line.strip())
    return tuple(texts)


def paired(pairs: Mapping[str, str]) -> str:
    """Pairs, a line each: ``access: accessibility``."""
    return listed(f"{key}: {value}" for key, value in pairs.items())


def unpaired(cell: str) -> dict[str, str]:
    parts = (line.partition(":") for line in unlisted(cell))
    return {key.strip(): value.strip() for key, _, value in parts if key.strip()}
