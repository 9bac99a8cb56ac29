"""Evidence in a reply: the words of the codebook that stand in it, each with the key of the theme that they speak for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from analysis.cues import places


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text. ``keys``: those of the themes that it speaks for; none for words between."""

    text: str
    keys: tuple[str, ...] = ()


def pieces(text: str, cues: Mapping[str, Collection[str]]) -> tuple[Piece, ...]:
    """A text in pieces; ``cues`` are the words to look for, by the key of their theme. What overlaps is one piece.

    >>> [(piece.text, piece.keys) for piece in pieces("no bus, and late", {"1": ["bus", "no bus"], "2": ["late"]})]
    [('no bus', ('1',)), (', and ', ()), ('late', ('2',))]
    """
    found = sorted(
        {(*place, key) for key, words in cues.items() for word in words for place in places(text, word)}
    )
    marks: list[tuple[int, int, tuple[str, ...]]] = []
    for start, end, key in found:
        if marks and start < marks[-1][1]:
            before = marks.pop()
            keys = before[2] if key in before[2] else (*before[2], key)
            marks.append((before[0], max(before[1], end), keys))
        else:
            marks.append((start, end, (key,)))
    told, at = [], 0
    for start, end, keys in marks:
        told += [Piece(text[at:start])] * (start > at)
        told.append(Piece(text[start:end], tuple(sorted(keys))))
        at = end
    return (*told, *([Piece(text[at:])] * (at < len(text))))


def quoted(text: str, cues: Collection[str]) -> tuple[str, ...]:
    """These words as they stand in the text, each once, none that is a part of another."""
    return tuple(dict.fromkeys(piece.text for piece in pieces(text, {"": cues}) if piece.keys))
