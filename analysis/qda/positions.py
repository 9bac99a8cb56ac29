"""Positions in a text, as different tools count them.

The standard counts Unicode code points. NVivo 12 counts UTF-16 units: characters beyond U+FFFF, most emoji among them,
have two. Texts with Windows' line ends are counted with both signs by some and with one by others. So where it matters
a reader tries which way of counting puts most selections where people put them: at the edges of replies or words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

_SURER = 0.05
"""The share of a text's selections by which another way of counting has to be better than the expected one."""


@dataclass(frozen=True)
class Ruler:
    """One way of counting over one text as it is stored. ``utf16``: in UTF-16 units; ``pairs``: CR LF is two."""

    stored: str
    utf16: bool = False
    pairs: bool = True

    @cached_property
    def text(self) -> str:
        """The text with lines that end in LF: what ``index`` leads into."""
        return self.stored.replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def _counted(self) -> str:
        return self.stored if self.pairs else self.text

    @cached_property
    def _wide(self) -> list[int]:
        return [place for place, sign in enumerate(self._counted) if sign > "\uffff"]

    @cached_property
    def _wide_in_units(self) -> list[int]:
        return [place + before for before, place in enumerate(self._wide)]

    @cached_property
    def _pairs(self) -> list[int]:
        """Where a CR stands that is not in ``text``."""
        return [found.start() for found in re.finditer("\r\n", self._counted)] if self.pairs else []

    @cached_property
    def length(self) -> int:
        return len(self._counted) + (len(self._wide) if self.utf16 else 0)

    def index(self, position: int) -> int:
        """A position as the tool counts it, as a place in ``text`` (code points)."""
        if self.utf16:
            position -= bisect_left(self._wide_in_units, position)
        return position - bisect_left(self._pairs, position)

    def position(self, index: int) -> int:
        """The way back, for a text that has only LF."""
        return index + (bisect_left(self._wide, index) if self.utf16 else 0)


def choose(
    stored: str, spans: Sequence[tuple[int, int]], utf16: bool, edges: Callable[[str, int, int], bool]
) -> Ruler:
    """The ruler that puts most ``spans`` on ``edges``; the expected one unless another is clearly better."""
    expected = Ruler(stored, utf16)
    wide = any(sign > "\uffff" for sign in stored)
    others = [
        Ruler(stored, counts, pairs)
        for pairs in ((True, False) if "\r\n" in stored else (True,))
        for counts in ((utf16, not utf16) if wide else (utf16,))
    ]

    def score(ruler: Ruler) -> int:
        inside = [(ruler.index(start), ruler.index(end)) for start, end in spans if end <= ruler.length]
        return sum(edges(ruler.text, start, end) for start, end in inside)

    best = max(others, key=score)
    return best if score(best) - score(expected) >= max(1, _SURER * len(spans)) else expected


def on_words(text: str, start: int, end: int) -> bool:
    """Whether neither end cuts a word in two."""
    return all(
        not (0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum())
        for place in (start, end)
    )
