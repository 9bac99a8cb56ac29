"""The words that always work, in every language we speak: stop, start, help, and the name of a language.

A word is the whole message ("STOP!!!", "pls stop", "no más"), or one whole sentence of it that can mean nothing else
("I answered. Stop texting me."). Inside an ordinary sentence a word does nothing ("the bus does not stop here").
The list follows Twilio's default opt-out words and goes further, because a person may revoke consent in any
reasonable way (47 CFR 64.1200(a)(10)), and a carrier knows only the English words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal

from .folding import fold, light
from .lexicon import LEXICONS, Lexicon, bare

Kind = Literal["stop", "start", "help", "language"]
_KINDS: tuple[Kind, ...] = ("stop", "start", "help")  # where two collide, the earlier one wins


@dataclass(frozen=True, slots=True)
class Word:
    """A word that always works; ``language`` is the language asked for, set only for that kind."""

    kind: Kind
    language: str | None = None


def read(text: str, language: str | None = None) -> Word | None:
    """The word a message is, or None for an ordinary message.

    ``language`` is the language of the person, where known: it settles the few words that are a command in one
    language and an everyday word in another. "Yes" is never a command: it is an answer.

    >>> read("Stop."), read("they should stop the fights"), read("¡En español, por favor!")
    (Word(kind='stop', language=None), None, Word(kind='language', language='es'))
    """
    if len(text) > 400:  # no command is this long
        return None
    plain = fold(text)
    if not plain or plain in _NOT_STOP.get(language or "", ()):
        return None
    return _whole(plain, text) or _as_written(text) or _sentence(text)


def _whole(plain: str, text: str) -> Word | None:
    if plain in _WORDS:
        return _WORDS[plain]
    words = light(text).split()
    if len(words) > _LONGEST:
        return None
    kept = bare(words) or words
    if len(set(kept)) == 1:  # STOP STOP STOP
        kept = kept[:1]
    return _WORDS.get(fold(" ".join(kept)))


def _as_written(text: str) -> Word | None:
    written = light(text)
    if written in _AS_WRITTEN:
        return _AS_WRITTEN[written]
    return Word("stop") if text.strip(" \t\r\n.!¡*\"'") in _CAPITALS else None


_ENDS = re.compile(r"[.!?;,\n。！？；，،؛؟]+")


def _sentence(text: str) -> Word | None:
    parts = [part.strip() for part in _ENDS.split(text)]
    if len(parts) < 2:
        return None
    for part in parts:
        # Lower-case "stop" may open an answer ("Stop! The bus…"); in capitals it is the word we taught people.
        if part == "STOP" or fold(" ".join(bare(light(part).split()))) in _SENTENCES:
            return Word("stop")
    return None


_OPTION = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]")


def expand(pattern: str) -> Iterator[str]:
    """Every wording of a pattern: ``(a)`` may be left out, ``(a|b)`` too, ``[a|b]`` is one of the two.

    >>> list(expand("stop (it) [now|today]"))
    ['stop it now', 'stop it today', 'stop now', 'stop today']
    """
    pieces: list[list[str]] = []
    at = 0
    for match in _OPTION.finditer(pattern):
        pieces.append([pattern[at : match.start()]])
        optional, required = match.groups()
        pieces.append([*optional.split("|"), ""] if optional is not None else required.split("|"))
        at = match.end()
    pieces.append([pattern[at:]])
    for wording in product(*pieces):
        yield " ".join("".join(wording).split())


def _all(patterns: Iterable[str]) -> set[str]:
    return {fold(wording) for pattern in patterns for wording in expand(pattern)}


def _table(lexicons: Iterable[Lexicon]) -> dict[str, Word]:
    """Folded message to word; where two collide, the earlier kind wins: to stop comes before all else."""
    known: dict[str, Word] = {}
    rows: list[tuple[Word, set[str]]] = []
    lexicons = list(lexicons)
    for kind in _KINDS:
        for lexicon in lexicons:
            rows.append((Word(kind), _all(getattr(lexicon, kind))))
    patterns = {pattern for lexicon in lexicons for pattern in lexicon.ask_language}
    for lexicon in lexicons:
        named = {fold(p.replace("{name}", name)) for p in patterns for name in lexicon.names}
        rows.append((Word("language", lexicon.language), named))
    for word, messages in [(Word("stop"), _SENTENCES), *rows]:
        for message in messages:
            known.setdefault(message, word)
    return known


_SENTENCES = {
    form
    for lexicon in LEXICONS.values()
    for pattern in lexicon.stop_sentence
    for wording in expand(pattern)
    for form in (fold(wording), fold(" ".join(bare(light(wording).split()))))
}
_WORDS = _table(LEXICONS.values())
_LONGEST = max(len(message.split()) for message in _WORDS) + 6  # and some politeness
_AS_WRITTEN = {
    light(word): Word(kind)
    for kind in _KINDS[::-1]
    for lexicon in LEXICONS.values()
    for word in getattr(lexicon, f"{kind}_as_written")
}
_CAPITALS = frozenset(word for lexicon in LEXICONS.values() for word in lexicon.stop_capitals)
_NOT_STOP = {lexicon.language: {fold(word) for word in lexicon.not_stop} for lexicon in LEXICONS.values()}
