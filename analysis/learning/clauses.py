"""Splits a reply where it may turn to another subject."""

from __future__ import annotations

import re

# In any script: the marks that end a sentence or part it. A time (7:30) or a number (1,000) is not broken.
_BREAK = re.compile(r"(?<=[.!?…;,:])\s+|(?<=[。！？；，、：\n])\s*|(?<=[؟؛،۔।॥።፣፤፥፧။၊។៕])\s*|\s+[-–—]+\s+")
_WORD = re.compile(r"[^\W\d_]+")
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
"""Letters of scripts without spaces between words: Chinese, Japanese, Thai, Lao, Burmese, Khmer."""
LEAST = 3
"""Words of the shortest clause: anything shorter is joined to the next."""
MOST = 12
"""Clauses of one reply that are read; the last holds all that is left."""


def clauses(text: str) -> list[str]:
    """The clauses of ``text`` where it has several, otherwise nothing: the whole is read anyway.

    >>> clauses("The bus is late, nobody tells us. Thanks")
    ['The bus is late,', 'nobody tells us. Thanks']
    >>> clauses("bus, cost")
    []
    """
    found: list[str] = []
    short = ""
    for piece in _BREAK.split(text):
        short = f"{short} {piece.strip()}".strip() if piece else short
        if words(short) >= LEAST:
            found.append(short)
            short = ""
    if short and found:
        found[-1] = f"{found[-1]} {short}"
    if len(found) > MOST:
        found[MOST - 1 :] = [" ".join(found[MOST - 1 :])]
    return found if len(found) > 1 else []


def words(text: str) -> float:
    """About how many words: one or two letters make a word of a script without spaces."""
    unspaced = len(UNSPACED.findall(text))
    return unspaced / 1.5 + len(_WORD.findall(UNSPACED.sub(" ", text)))
