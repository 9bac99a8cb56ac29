"""What a person asks of the conversation instead of answering: to skip, to go back, to put right, to talk to a human.

Only whole messages count, whatever their case, punctuation and politeness; a person's own language comes first. The
words that always work (``words.read``: stop, start, help) come before all of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from .folding import fold, light, runs_on
from .lexicon import LEXICONS, Lexicon, bare
from .utterances import Utterances, expand, wordings
from .wording import nearest

Kind = Literal["person", "skip", "back", "dont_know", "ok", "meant", "join"]
_WHOLE: tuple[Kind, ...] = (
    "person",
    "skip",
    "back",
    "dont_know",
    "ok",
)  # where two collide, the earlier one wins


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asks for. ``rest`` is what follows "I meant" or "join", as they wrote it; otherwise empty."""

    kind: Kind
    rest: str = ""


def read(text: str, language: str | None = None) -> Request | None:
    """What a message asks for, or None for an ordinary one.

    ``meant`` and ``join`` are offers: "sorry, I was late" reads as meant too, and the caller looks whether ``rest``
    would have been an answer to the question before, or is a keyword. "No" alone is neither, nor is "no bus".

    >>> read("Pass, please"), read("saltar", "es")
    (Request(kind='skip', rest=''), Request(kind='skip', rest=''))
    >>> read("I meant 2"), read("no 2", "en"), read("No.", "en")
    (Request(kind='meant', rest='2'), Request(kind='meant', rest='2'), None)
    """
    if len(text) > 400:
        return None
    plain = fold(text)
    own = nearest(language, _TAGS, "") if language else ""
    tables = _tables()
    meant = tables.own[own].read(text) if own else None
    if meant is None and not (own and plain in _ANSWERS[own]):
        meant = tables.foreign.read(text)
    if meant is not None:
        return Request(meant)
    return _starred(text) or _with_rest(text, plain, own)


def _starred(text: str) -> Request | None:
    """ "*2" puts the message before right, as people do among friends."""
    rest = text.strip().strip("*").strip()
    starred = text.strip().startswith("*") != text.strip().endswith("*")
    return Request("meant", rest) if starred and rest and len(rest) <= 40 and fold(rest) else None


@dataclass(frozen=True, slots=True)
class _Frame:
    """A pattern around what it is about: the words before it and after it, folded; ``head`` and ``tail`` are the same
    without spaces."""

    kind: Kind
    before: tuple[str, ...]
    after: tuple[str, ...]
    head: str
    tail: str


def _with_rest(text: str, plain: str, own: str) -> Request | None:
    ends = _FIRST.match(plain), _LAST.search(plain.rpartition(" ")[2])
    first, last = (end[0] if end else "" for end in ends)
    packed = plain.replace(" ", "")
    tables = _tables()
    for frames in ((tables.frames[own],) if own else ()) + (tables.foreign_frames,):
        for frame in (*frames.get((first, ""), ()), *frames.get(("", last), ())):
            if not (packed.startswith(frame.head) and packed.endswith(frame.tail)):
                continue
            rest = _inside(frame, text)
            if rest and _puts_right(frame, text, rest):
                return Request(frame.kind, rest)
    return None


def _inside(frame: _Frame, text: str) -> str | None:
    """What stands in the gap of the frame, if the text has its words and there is more than politeness between."""
    units = [(word, unit) for unit in _UNIT.finditer(text) if (word := fold(unit[0]))]
    first, last = len(frame.before), len(units) - len(frame.after)
    around = tuple(word for word, _ in (*units[:first], *units[last:])) if first < last else ()
    if around != (*frame.before, *frame.after) or (frame.kind == "join" and last - first > 3):
        return None
    rest = text[units[first][1].start() : units[last - 1][1].end() if frame.after else None].strip(_AROUND)
    return rest if bare(light(rest).split()) else None


def _puts_right(frame: _Frame, text: str, rest: str) -> bool:
    """ "No 2" and "no, the bus" put an answer right; "no one", "no bus" and "no, nothing" are answers.

    After "no" alone there has to be a number, or a pause and something that is not yes, no or none itself.
    """
    if fold(" ".join(frame.before)) not in _NO or frame.after:
        return True
    said = fold(rest).split()
    if said[0].isdigit() and len(said) < 3:
        return True
    pause = text[: text.rindex(rest)].rstrip()[-1:]
    return pause in _PAUSES and said[0] not in _DENIED and " ".join(said) not in _SETTLED


_AROUND = " \t\r\n.!…。！"  # what may stand around an answer and says nothing
_PAUSES = frozenset(",.;:!-–—…，。、；：！،؛\n")
_RUN_ON = "\u3040-\u30ff\u3400-\u9fff"  # scripts that are written without spaces
# A word as people write it, a number, or one character of such a script; and the first and last of folded text.
_UNIT = re.compile(
    rf"[{_RUN_ON}]|\d+|[^\W\d{_RUN_ON}][^\s\d.,;:!?…()\[\]{{}}\"“”«»<>/\\،؛؟。，！？；：、—–{_RUN_ON}-]*"
)
_VOWELS = "\u0900-\u0dff"  # signs of Indian scripts are no word characters to re
_FIRST = re.compile(rf"[{_RUN_ON}]|\d+|(?:[^\W\d{_RUN_ON}]|[{_VOWELS}])+")
_LAST = re.compile(rf"(?:[{_RUN_ON}]|\d+|(?:[^\W\d{_RUN_ON}]|[{_VOWELS}])+)$")
_GAP = re.compile(r"\{(?:answer|keyword)\}")


def _frames(lexicon: Lexicon) -> Iterator[_Frame]:
    for kind in ("meant", "join"):
        for pattern in getattr(lexicon, kind):
            for wording in expand(pattern):
                before, after = (
                    tuple(fold(unit) for unit in _UNIT.findall(part)) for part in _GAP.split(wording)
                )
                yield _Frame(kind, before, after, "".join(before), "".join(after))


_Frames = Mapping[tuple[str, str], tuple[_Frame, ...]]


def _by_word(frames: Iterable[_Frame]) -> _Frames:
    """Frames by their first word, or by their last if nothing stands before the gap; the longest come first, so that
    "change it to 2" does not mean "it to 2"."""
    found: dict[tuple[str, str], list[_Frame]] = {}
    for frame in sorted(dict.fromkeys(frames), key=lambda f: -len(f.before) - len(f.after)):
        if frame.before or frame.after:
            word = (frame.before[0], "") if frame.before else ("", frame.after[-1])
            found.setdefault(word, []).append(frame)
    return {word: tuple(rows) for word, rows in found.items()}


def _own(lexicon: Lexicon) -> dict[str, Kind]:
    known: dict[str, Kind] = {}
    for kind in _WHOLE:
        for message in wordings(getattr(lexicon, kind)):
            known.setdefault(message, kind)
    return known


def _plain(rows: Iterable[str]) -> frozenset[str]:
    return frozenset(map(fold, rows))


def _long(message: str) -> bool:
    return len(message) >= (2 if runs_on(message) else 4)


def _agreed(tables: Iterable[Mapping[str, Kind]]) -> dict[str, Kind]:
    """What means one thing, in all languages that know it, and is long enough not to be chance."""
    meanings: dict[str, set[Kind]] = {}
    for table in tables:
        for message, kind in table.items():
            meanings.setdefault(message, set()).add(kind)
    return {m: next(iter(kinds)) for m, kinds in meanings.items() if len(kinds) == 1 and _long(m)}


@dataclass(frozen=True, slots=True)
class _Tables:
    """What people ask for, by language, and what is understood from whoever speaks another."""

    own: Mapping[str, Utterances[Kind]]
    foreign: Utterances[Kind]
    frames: Mapping[str, _Frames]
    foreign_frames: _Frames


@cache
def _tables() -> _Tables:
    """Laid out once, at the first message."""
    known = {tag: _own(lexicon) for tag, lexicon in LEXICONS.items()}
    frames = {tag: tuple(_frames(lexicon)) for tag, lexicon in LEXICONS.items()}
    foreign = (
        frame
        for rows in frames.values()
        for frame in rows
        if frame.kind == "join" or _long(frame.head + frame.tail)
    )
    return _Tables(
        {tag: Utterances(rows) for tag, rows in known.items()},
        Utterances(_agreed(known.values())),
        {tag: _by_word(rows) for tag, rows in frames.items()},
        _by_word(foreign),
    )


_TAGS = tuple(LEXICONS)
_ANSWERS = {
    tag: _plain(
        [
            *(
                word
                for row in ("yes", "no", "own_yes", "own_no", "none", "every")
                for word in getattr(lexicon, row)
            ),
            *(word for words in lexicon.numbers.values() for word in words),
        ]
    )
    for tag, lexicon in LEXICONS.items()
}
_NO = frozenset().union(*(_plain((*x.no, *x.own_no)) for x in LEXICONS.values()))
_SETTLED = _NO.union(*(_plain((*x.yes, *x.own_yes, *x.none, *x.every)) for x in LEXICONS.values()))
_DENIED = _NO.union(*(_plain(x.negations) for x in LEXICONS.values()))


def declines(text: str) -> bool:
    """Whether a message is a polite refusal and nothing else, in any language. Where a choice is called "No" it may still
    be that choice: the caller decides.

    >>> declines("No, thanks!"), declines("no"), declines("no gracias")
    (True, False, True)
    """
    return len(text) <= 40 and fold(text) in _no_thanks()


@cache
def _no_thanks() -> frozenset[str]:
    return frozenset(
        fold(said) for lexicon in LEXICONS.values() for said in getattr(lexicon, "no_thanks", ())
    )
