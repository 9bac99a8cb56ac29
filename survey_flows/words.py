"""The words that always work, in every language we speak: stop, start, help, and the name of a language.

A word is the whole message ("STOP!!!", "pls stop", "no más"), or one whole sentence of it that can mean nothing else
("I answered. Stop texting me."), or in capitals what it ends with ("El bus llega tarde, ALTO"). Inside an ordinary
sentence a word does nothing ("the bus does not stop here").
The list follows Twilio's default opt-out words and goes further, because a person may revoke consent in any
reasonable way (47 CFR 64.1200(a)(10)), and a carrier knows only the English words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from typing import Literal

from .folding import fold, light
from .lexicon import LEXICONS, Lexicon
from .utterances import Utterances, politely_or_not, wordings

Kind = Literal["stop", "start", "help", "language"]
_KINDS: tuple[Kind, ...] = ("stop", "start", "help")  # where two collide, the earlier one wins


@dataclass(frozen=True, slots=True)
class Word:
    """A word that always works; ``language`` is the language asked for, set only for that kind.

    >>> read("STOP").kind, read("in English please").language
    ('stop', 'en')
    """

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
    not_stop = _tables().not_stop.get(language or "", frozenset())
    if not plain or plain in not_stop:
        return None
    return _tables().words.read(text) or _as_written(text) or _sentence(text) or _ending(text, not_stop)


def _as_written(text: str) -> Word | None:
    word = _tables().as_written.get(light(text))
    capitals = text.strip(" \t\r\n.!¡*\"'") in _tables().capitals
    return word or (Word("stop") if capitals else None)


_ENDS = re.compile(r"[.!?;,\n。！？；，،؛؟۔።।]+")
_COMMA = re.compile(r"[,，،]+[^,，،.!?;\n。！？；؛؟]*$")


def _sentence(text: str) -> Word | None:
    parts = [part.strip() for part in _ENDS.split(text)]
    if len(parts) < 2:
        return None
    for part in parts:
        # Lower-case "stop" may open an answer ("Stop! The bus…"); in capitals it is the word we taught people.
        if part == "STOP" or _tables().sentences.read(part):
            return Word("stop")
    return None


def _ending(text: str, not_stop: frozenset[str]) -> Word | None:
    """Stop, where a stop word of any language is the last thing said: in capitals, unless its script has none.

    Somebody who writes all in capitals, or in a script without them, has to have ended the sentence before:
    "MUY CARO, ALTO" may well be about the price.
    """
    body = text.rstrip(" \t\r\n.!?;,。！？；，،؛؟¡*\"'…-")
    parts = [part.strip() for part in _ENDS.split(body)]
    last = parts[-1]
    if len(parts) < 2 or not any(parts[:-1]) or last != last.upper() or fold(last) in not_stop:
        return None
    shouted = last != last.lower() and body != body.upper()
    if not shouted and _COMMA.search(body):
        return None
    word = _tables().words.read(last) or _as_written(last)
    return word if word and word.kind == "stop" else None


@dataclass(frozen=True, slots=True)
class _Tables:
    """Every language's words. ``sentences`` are those that may stand beside others."""

    sentences: Utterances[Word]
    words: Utterances[Word]
    as_written: Mapping[str, Word]
    capitals: AbstractSet[str]
    not_stop: Mapping[str, frozenset[str]]


@cache
def _tables() -> _Tables:
    """Laid out once, at the first message."""
    sentences = politely_or_not(pattern for lexicon in LEXICONS.values() for pattern in lexicon.stop_sentence)
    as_written = {
        light(word): Word(kind)
        for kind in _KINDS[::-1]
        for lexicon in LEXICONS.values()
        for word in getattr(lexicon, f"{kind}_as_written")
    }
    return _Tables(
        Utterances(dict.fromkeys(sentences, Word("stop"))),
        Utterances(_table(LEXICONS.values(), sentences)),
        as_written,
        frozenset(word for lexicon in LEXICONS.values() for word in lexicon.stop_capitals),
        {lexicon.language: frozenset(map(fold, lexicon.not_stop)) for lexicon in LEXICONS.values()},
    )


def _table(lexicons: Iterable[Lexicon], sentences: AbstractSet[str]) -> dict[str, Word]:
    """Folded message to word; where two collide, the earlier kind wins: to stop comes before all else."""
    known: dict[str, Word] = {}
    rows: list[tuple[Word, AbstractSet[str]]] = []
    lexicons = list(lexicons)
    for kind in _KINDS:
        for lexicon in lexicons:
            rows.append((Word(kind), wordings(getattr(lexicon, kind))))
    patterns = {
        pattern: _script(pattern.replace("{name}", "")) for x in lexicons for pattern in x.ask_language
    }
    patterns |= {pattern: "" for x in lexicons if x.language == "en" for pattern in x.ask_language}
    for lexicon in lexicons:
        named = {
            fold(pattern.replace("{name}", name))
            for name in lexicon.names
            for script in ("", _script(name))  # nobody asks for a language across scripts, but in English
            for pattern, written_in in patterns.items()
            if written_in == script
        }
        rows.append((Word("language", lexicon.language), named))
    for word, messages in [(Word("stop"), sentences), *rows]:
        for message in messages:
            known.setdefault(message, word)
    return known


def _script(text: str) -> str:
    """The script of a text's first letter: "LATIN", "CYRILLIC", "HANGUL"; empty where it has no letter."""
    return next((unicodedata.name(char, "").partition(" ")[0] for char in text if char.isalpha()), "")
