"""Whether what an engine said can be a translation at all. Rough and quick: it catches what no person would call one."""

from __future__ import annotations

import regex

from .gate.letters import script, scripts

_WORD = regex.compile(r"[\p{L}\p{M}]+(?:['’\-][\p{L}\p{M}]+)*")
_MARKUP = regex.compile(r"</?[A-Za-z][^<>]*>|&(?:[a-z]{2,8}|#\d{1,6});")
_LOOP = regex.compile(
    r"(?<!\p{L})(\p{L}[^\n]{0,40}?)(?:[\s,.]+\1){3,}(?!\p{L})|(\p{L}{2,12}?)\2{4,}|(\p{L})\3{9,}",
    regex.IGNORECASE,
)
_TIMES = 4.0
_FREE = 15
"""Characters that a short text may always have: "Tardy" takes a sentence in some languages."""


def implausible(text: str, said: str, source: str, target: str) -> str | None:
    """Why ``said`` cannot be the translation of ``text``, in one word; None where it can.

    >>> implausible("Reply soon", "", "en", "es"), implausible("The bus", "el el el el", "en", "es")
    ('empty', 'loop')
    """
    if not any(map(str.isalnum, said)):
        return "empty" if any(map(str.isalnum, text)) else None
    if len(_MARKUP.findall(said)) > len(_MARKUP.findall(text)):
        return "markup"
    if _loops(said) and not _loops(text):
        return "loop"
    if not _same_language(source, target) and _copied(text, said):
        return "same"
    before, after = _weight(text), _weight(said)
    if after > _TIMES * before + _FREE or before > _TIMES * after + _FREE:
        return "length"
    return "script" if _elsewhere(text, said, target) else None


def _loops(text: str) -> bool:
    """Whether something is said four times running: a word, a phrase, or so many letters without spaces."""
    return _LOOP.search(text) is not None


def _copied(text: str, said: str) -> bool:
    """Whether four words or more came back as they went. Fewer may be a name, or a word that both languages have."""
    before = [word.casefold() for word in _WORD.findall(text)]
    long = len(before) > 3 or sum(script(char) == "CJK" for char in text) > 7
    return long and before == [word.casefold() for word in _WORD.findall(said)]


def _weight(text: str) -> float:
    """How long a text is, whatever it is written in: a Chinese character says as much as three letters."""
    return sum(3.0 if script(char) in ("CJK", "HANGUL") else 1.0 for char in text if char.isalnum())


def _elsewhere(text: str, said: str, target: str) -> bool:
    """Whether most of it is in letters that the language is not written with. Names may be: words that the source
    has too, with a capital inside a sentence or in the middle, or all in capitals."""
    ours = scripts(target)
    if not ours:
        return False
    names = {
        word
        for at, word in enumerate(_WORD.findall(text))
        if word[1:] != word[1:].lower() or (at and word[0].isupper())
    }
    letters = [c for word in _WORD.findall(said) if word not in names for c in word if c.isalpha()]
    strange = sum(script(char) not in ours for char in letters)
    return strange * 2 > len(letters)


def _same_language(source: str, target: str) -> bool:
    return source.partition("-")[0].casefold() == target.partition("-")[0].casefold()
