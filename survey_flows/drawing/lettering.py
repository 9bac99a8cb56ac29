"""Text in a picture: how wide it will be, and where its lines break. There is no font at hand, so widths are guessed
from above: DejaVu Sans is the widest of the faces that are likely, and the guess is close to it."""

from __future__ import annotations

import unicodedata

from ..folding import runs_on

_NARROW = dict.fromkeys("iljI|.,:;'!’ ", 0.33) | dict.fromkeys('frt()[]{}/-"“”¡', 0.42) | {" ": 0.32}
_WIDE = dict.fromkeys("mwMW%@—…", 0.97)
_NOT_FIRST = frozenset("，。！？；：、）」』》,.!?;:)")


def width(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide a text is, in the units of ``size``; rather too wide than too narrow.

    >>> width("illness", 10) < width("minimum", 10) < width("学校上学远不远", 10)
    True
    """
    return sum(map(_em, text)) * size * (1.1 if bold else 1.0)


def _em(char: str) -> float:
    if char in _NARROW:
        return _NARROW[char]
    if char in _WIDE:
        return _WIDE[char]
    if unicodedata.combining(char) or unicodedata.category(char) == "Cf":
        return 0.0
    if unicodedata.east_asian_width(char) in "WF":
        return 1.02
    return 0.72 if char.isupper() else 0.62


def wrapped(text: str, room: float, size: float, *, bold: bool = False, lines: int = 40) -> list[str]:
    """The text in lines that fit into ``room``; what does not fit into so many lines ends in an ellipsis."""
    found: list[str] = []
    for row in text.split("\n"):
        line = ""
        for piece in _pieces(row, room, size, bold):
            if line and width((line + piece).rstrip(), size, bold=bold) > room:
                found.append(line.rstrip())
                line = ""
            line += piece if line else piece.lstrip()
        found.append(line.rstrip())
    if len(found) > lines:
        found = [*found[: lines - 1], f"{found[lines - 1]} …"]
    return [line for line in found if line]


def _pieces(row: str, room: float, size: float, bold: bool) -> list[str]:
    """Where a line may break: behind each word, and between the characters of scripts without spaces."""
    pieces: list[str] = []
    for word in row.replace("\t", " ").split(" "):
        rest = ""
        for char in word:
            fits = width(rest + char, size, bold=bold) <= room
            if rest and (
                not fits
                or (_breaks(char) and char not in _NOT_FIRST)
                or (_breaks(rest[-1]) and char not in _NOT_FIRST)
            ):
                pieces.append(rest)
                rest = ""
            rest += char
        pieces.append(f"{rest} ")
    return pieces


def _breaks(char: str) -> bool:
    return runs_on(char) and not "\uac00" <= char <= "\ud7a3"  # Korean has spaces
