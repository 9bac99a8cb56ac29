"""An engine that is never trusted: it sees tokens where something must survive, and what it says is looked over.

A text that comes back damaged is tried once more in small pieces, with other tokens; then it is refused. Nothing is
better than a message that sends a family to the wrong number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import regex

from survey_flows.lexicon import LEXICONS
from survey_flows.prompts import right_to_left
from survey_flows.wording import nearest

from .base import Failed, Translated, Translator
from .masking import FORMS, Damaged, Masked, Span, mask, shouted, survivors, unmask, western
from .plausible import implausible

FindTerms = Callable[[str, str, str], Iterable[Span]]
"""The terms of a text (text, source, target) that are put in as the glossary has them: ``Terms.spans``."""

AS_IT_IS = "machine:as-it-is"
"""Who made the translation of a text without words ("988", "👍", "{school}"): no engine was asked."""

_OPTION = r"[ \t]*(?:\p{Nd}{1,2}|[A-Za-z])[.)．、][ \t]+"
_OPTIONS = regex.compile(rf"(?m)^{_OPTION}")
_LINES = regex.compile(rf"(\A{_OPTION}|\s*\n\s*(?:{_OPTION})?)")
_SENTENCES = regex.compile(
    rf"(\A{_OPTION}|\s*\n\s*(?:{_OPTION})?|(?<=[.!?…؟]['\"»”)]?)\s+(?=[^\s\p{{Ll}}])|(?<=[。！？])\s*)"
)
_SPACES = regex.compile(r"  +")
_DIGITS = regex.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class _Way:
    """How texts are put to the engine: in pieces how small, with which tokens, whether "2 weeks" keeps its 2."""

    fine: bool
    form: str
    small: bool


WAYS = (_Way(fine=False, form=FORMS[0], small=False), _Way(fine=True, form=FORMS[1], small=True))


class _Refused(Exception):  # noqa: N818
    """``args`` is why, in one word."""


class Careful:
    """Another translator, made safe. ``refused`` counts why texts were, ``again`` how many were tried a second time."""

    def __init__(self, engine: Translator, terms: FindTerms | None = None, names: Iterable[str] = ()) -> None:
        self.engine = engine
        self.refused: Counter[str] = Counter()
        self.again = 0
        self._terms, self._names = terms, tuple(names)

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[Translated | None]:
        """One result for each text; None where the engine has none, or none that can be trusted. Raises Failed."""
        results: list[Translated | None] = [None] * len(texts)
        open_, why = list(range(len(texts))), dict[int, str]()
        for way in WAYS:
            parts = {at: self._parts(texts[at], way, source, target) for at in open_}
            wanted = list(dict.fromkeys(p.text for some in parts.values() for p in some if not p.wordless))
            failure = None
            try:
                heard = await self.engine.translate(wanted, source, target) if wanted else []
            except Failed as failed:
                failure, heard = str(failed), list(failed.found) or [None] * len(wanted)
            said = dict(zip(wanted, heard, strict=True))
            why = {}
            for at in filter(lambda at: texts[at].strip(), open_):
                try:
                    results[at] = _together(parts[at], said, source, target)
                except _Refused as refused:
                    why[at] = str(refused)
            if failure is not None:
                raise Failed(failure, results if any(results) else ())
            open_ = list(why)
            if not open_:
                break
            self.again += len(open_) if way is WAYS[0] else 0
        self.refused.update(why.values())
        return results

    def _parts(self, text: str, way: _Way, source: str, target: str) -> list[Masked]:
        """The text in pieces, every second one only held back: the numbers of options, line ends, spaces."""
        cut = _SENTENCES if way.fine else _LINES if _OPTIONS.search(text) else None
        pieces = cut.split(text) if cut else [text]
        masked = []
        for at, piece in enumerate(pieces):
            if at % 2:
                masked.append(Masked(piece, "", (Span(0, len(piece), piece),), piece))
                continue
            terms = self._terms(piece, source, target) if self._terms else ()
            masked.append(mask(piece, names=self._names, terms=terms, small=way.small, form=way.form))
        return masked

    async def close(self) -> None:
        """Close the engine."""
        await self.engine.close()


def _together(
    parts: Sequence[Masked], said: Mapping[str, Translated | None], source: str, target: str
) -> Translated | None:
    """The pieces as one text again. Raises _Refused for the first that is damaged."""
    done, heard = [], []
    for part in parts:
        if part.wordless:
            done.append(part.expected)
            continue
        answer = said[part.text]
        if answer is None:
            if any(said.values()):  # it knows these languages
                raise _Refused("empty")
            return None
        heard.append(answer)
        done.append(_back(part, answer.text, source, target))
    if not heard:
        return Translated("".join(done), AS_IT_IS)
    sure = [answer.confidence for answer in heard]
    confidence = None if None in sure else min(value for value in sure if value is not None)
    return Translated("".join(done), heard[0].origin, confidence)


def _back(part: Masked, said: str, source: str, target: str) -> str:
    """One piece with all that was hidden in its place again, looked over. Raises _Refused."""
    reason = implausible(part.text, said, source, target)
    if reason:
        raise _Refused(reason)
    try:
        # Where a mask stood between two spaces, some engines leave both.
        said = said.strip() if "  " in part.text else _SPACES.sub(" ", said.strip())
        whole = unmask(part, said, right_to_left=right_to_left(target))
    except Damaged:
        raise _Refused("token") from None
    if _DIGITS.findall(part.expected) == _DIGITS.findall(western(part.expected)):
        whole = western(whole)
    wanted, there = survivors(part.expected), survivors(whole)
    for kind, thing in there - wanted:
        if not (kind == "number" and _in_words(thing, part.source, source)):
            raise _Refused(kind)
    for kind, _ in wanted - there:
        if not (kind == "keyword" and shouted(part.source)):
            raise _Refused(kind)
    blank = part.source[: len(part.source) - len(part.source.lstrip())]
    return f"{blank}{whole}{part.source[len(part.source.rstrip()) :]}"


def _in_words(number: str, text: str, language: str) -> bool:
    """Whether the source says this number as a word: an engine may write "ocho años" as "8 years old"."""
    lexicon = LEXICONS.get(nearest(language, tuple(LEXICONS), ""))
    words = lexicon.numbers.get(int(number), ()) if lexicon and len(number) < 4 else ()
    plain = f" {text.casefold()} "
    return any(
        regex.search(rf"(?<!\p{{L}}){regex.escape(word)}(?!\p{{L}})", plain)
        if word.isascii() or word[0] < "\u2e80"
        else word in plain
        for word in words
    )
