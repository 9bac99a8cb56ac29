"""Finds a codebook's cue words in a reply, whatever its case, accents and spacing."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from .codebook import Codebook

_WORD = re.compile(r"\w+")
_WRITTEN = re.compile(r"[\w\u0300-\u036f]+")
"""A word as it is written, its accents maybe apart."""
_JOIN = re.compile(r"[\W_]+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff]")
# "and", "so", "with", "to" and "the" are written onto the next Arabic word.
_ARABIC_PREFIX = re.compile(r"^(?:[وف]?[بلك]?ال|[وف])(?=\w{3})")


def fold(text: str) -> str:
    """Lower case, no accents, no marks; letters that people swap for plain ones are swapped.

    >>> fold("Đường TỐI quá, año")
    'duong toi qua, ano'
    """
    apart = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d").replace("’", "'"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def find(codebook: Codebook, text: str, language: str) -> dict[str, tuple[str, ...]]:
    """The cues of each theme that stand in ``text``, as the codebook writes them: ``{theme: (cue, …)}``.

    Those of the reply's language and of English count, since English words turn up everywhere; those of every
    language when the reply's has none. Whole words only, save for scripts written without spaces.
    """
    spaced, joined = _words(text), _JOIN.sub("", fold(text))
    found: dict[str, dict[str, None]] = {}
    base = language.split("-")[0]
    table = _table(codebook)
    languages = [known for known in table if known.split("-")[0] in (base, "en")]
    if not any(known.split("-")[0] == base for known in languages):
        languages = list(table)
    for known in languages:
        for form, themes in table[known].items():
            if form in joined if _UNSPACED.search(form) else form in spaced:
                for theme, cue in themes:
                    found.setdefault(theme, {})[cue] = None
    return {theme: tuple(cues) for theme, cues in found.items()}


def _words(text: str) -> str:
    words = [_ARABIC_PREFIX.sub("", word) for word in _WORD.findall(fold(text))]
    return f" {' '.join(words)} "


@cache
def _table(codebook: Codebook) -> dict[str, dict[str, list[tuple[str, str]]]]:
    table: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for theme in codebook:
        for language, cues in theme.cues.items():
            for cue in cues:
                form = _JOIN.sub("", fold(cue)) if _UNSPACED.search(cue) else _words(cue)
                table.setdefault(language, {}).setdefault(form, []).append((theme.id, cue))
    return table


def places(text: str, cue: str) -> list[tuple[int, int]]:
    """Where a cue that find() gave stands in ``text``, as (start, end), in order.

    >>> [("Hay tráfico, mucho tráfico"[start:end]) for start, end in places("Hay tráfico, mucho tráfico", "trafico")]
    ['tráfico', 'tráfico']
    >>> places("他迟到了", "迟到")
    [(1, 3)]
    """
    if _UNSPACED.search(cue):
        letters = [
            (letter, at) for at, each in enumerate(text) for letter in fold(each) if not _JOIN.match(letter)
        ]
        joined, form = "".join(letter for letter, _ in letters), _JOIN.sub("", fold(cue))
        starts = [match.start() for match in re.finditer(re.escape(form), joined)] if form else []
        return [(letters[start][1], letters[start + len(form) - 1][1] + 1) for start in starts]
    wanted = _words(cue).split()
    words = [
        (folded, match.start(), match.end())
        for match in _WRITTEN.finditer(text)
        for folded in _words(match[0]).split()
    ]
    found: list[tuple[int, int]] = []
    for at in range(len(words) - len(wanted) + 1 if wanted else 0):
        if [word for word, _, _ in words[at : at + len(wanted)]] == wanted:
            found.append((words[at][1], words[at + len(wanted) - 1][2]))
    return found
