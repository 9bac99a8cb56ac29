"""Translations that people made, found again by the exact text. The first choice everywhere, and the test twin."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from .base import Translated


def _key(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


class Glossary:
    """Looks a text up; knows nothing else.

    ``entries`` are (source language, target language, text, translation).
    """

    def __init__(self, entries: Iterable[tuple[str, str, str, str]], origin: str = "person") -> None:
        self._origin = origin
        self._known = {(source, target, _key(text)): done for source, target, text, done in entries}

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[Translated | None]:
        """People's own translations where there are any."""
        found = (self._known.get((source, target, _key(text))) for text in texts)
        return [None if text is None else Translated(text, self._origin) for text in found]

    async def close(self) -> None:
        """Nothing to give back."""
