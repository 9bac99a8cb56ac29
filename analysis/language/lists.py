"""The lists of everyday words, one file a language (words/<tag>.txt), and how a phone without accents writes them.

A list has three grades: the words of nearly every sentence (a), of many (b), and those that families and students use
about school and everyday life (c).
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .cleaning import pieces

FOLDER = Path(__file__).parent / "words"
GRADES = {"a": 0.4, "b": 0.35, "c": 0.25}
"""How much of the listed words that people use is of each grade."""
_SPELLINGS = {"a": 3.0, "b": 2.0, "c": 1.0}
"""What a word of each grade counts for where only its letters are looked at."""
_UNACCENTED = 0.3
"""How much of a word's use is without its accents, on phones."""
_KNOWN_WORDS = 20_000


@dataclass(frozen=True, slots=True)
class Listed:
    """One language's list: word to its grade."""

    tag: str
    grades: Mapping[str, str]

    def shares(self) -> Iterator[tuple[str, float]]:
        """Each word, with and without its accents, and its share of all that is listed."""
        many = Counter(self.grades.values())
        yield from self._both({grade: GRADES[grade] / many[grade] for grade in many})

    def spellings(self) -> Iterator[tuple[str, float]]:
        """Each word, with and without its accents, and what its letters count for."""
        yield from self._both(_SPELLINGS)

    def _both(self, weights: Mapping[str, float]) -> Iterator[tuple[str, float]]:
        for word, grade in self.grades.items():
            if (folded := fold(word)) == word:
                yield word, weights[grade]
            else:
                yield word, weights[grade] * (1 - _UNACCENTED)
                yield folded, weights[grade] * _UNACCENTED


def read(tag: str) -> Listed:
    """The list of one language; of a word that stands in it twice the better grade holds."""
    grades: dict[str, str] = {}
    for line in (FOLDER / f"{tag}.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            grade, words = line.split(":", 1)
            for word in words.split():
                for piece in pieces(word):
                    grades.setdefault(piece, grade)
    return Listed(tag, grades)


@lru_cache(maxsize=_KNOWN_WORDS)
def fold(word: str) -> str:
    """The word as a phone without the language's accents would write it.

    >>> fold("không"), fold("đi"), fold("ёлка"), fold("أين")
    ('khong', 'di', 'елка', 'اين')
    """
    if word.isascii():
        return word
    plain = word.replace("đ", "d").replace("ё", "е").replace("\u0640", "")
    if "а" <= plain[:1] <= "ґ":
        return plain
    return "".join(
        letter for letter in unicodedata.normalize("NFD", plain) if unicodedata.category(letter) != "Mn"
    )
