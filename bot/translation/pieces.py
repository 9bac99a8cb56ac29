"""Texts as they are sent: each different piece once, none without words, none longer than an engine takes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from .base import Translated, has_words

_END = re.compile(r"\n+|(?<=[.!?…؟])[\"'»”)]*\s+|(?<=[。！？，、；])|\s+")
"""Where a text may be cut: after a line, after a sentence, and else between words or after a Chinese comma."""


def cut(text: str, most: int) -> list[str]:
    """Pieces of at most ``most`` characters that make up the text again, cut at the end of a line or sentence, else between
    words, else anywhere.

    >>> cut("The bus is late. It is cold.", 20)
    ['The bus is late. ', 'It is cold.']
    """
    pieces = []
    while len(text) > most:
        ends = [found for found in _END.finditer(text, 0, most + 1) if 0 < found.end() <= most]
        sentences = [found.end() for found in ends if _ends_sentence(text, found)]
        at = (sentences or [found.end() for found in ends] or [most])[-1]
        pieces.append(text[:at])
        text = text[at:]
    return [*pieces, text] if text else pieces


def _ends_sentence(text: str, found: re.Match[str]) -> bool:
    return "\n" in found[0] or text[: found.start()].rstrip("\"'»”)")[-1:] in set(".!?…؟。！？")


class Parcel:
    """What to send for some texts, and their translations put together again from what came back."""

    def __init__(self, texts: Sequence[str], most: int) -> None:
        self._cut = [cut(text, most) if has_words(text) else [] for text in texts]
        wanted = (piece.strip() for pieces in self._cut for piece in pieces if has_words(piece))
        self.pieces = list(dict.fromkeys(wanted))

    def batches(self, texts: int, characters: int) -> Iterator[list[str]]:
        """The pieces in groups of at most so many texts and characters (a single one may be longer)."""
        batch: list[str] = []
        for piece in self.pieces:
            if batch and (len(batch) == texts or sum(map(len, batch)) + len(piece) > characters):
                yield batch
                batch = []
            batch.append(piece)
        if batch:
            yield batch

    def opened(self, done: Mapping[str, str], origin: str) -> list[Translated | None]:
        """One result for each text; None where a piece of it is missing."""
        return [self._joined(pieces, done, origin) for pieces in self._cut]

    def _joined(self, pieces: list[str], done: Mapping[str, str], origin: str) -> Translated | None:
        joined = []
        for piece in pieces:
            core = piece.strip()
            translated = done.get(core, "").strip() if has_words(core) else core
            if core and not translated:
                return None
            before = piece[: len(piece) - len(piece.lstrip())]
            joined.append(before + translated + piece[len(piece.rstrip()) :] if core else piece)
        return Translated("".join(joined), origin) if pieces else None
