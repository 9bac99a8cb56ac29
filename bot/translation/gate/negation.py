"""Whether a translation says no where its source says no: the mistake that machines make most quietly.

"Nadie habla español" has come back from an engine as "Anybody speaks Spanish". The check counts no meanings: it asks
whether a sentence has a word of negation in one language and neither such a word nor one with a "not" inside it in
the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

from survey_flows.folding import fold, light
from survey_flows.told import told
from survey_flows.wording import nearest

from .case import Case
from .finding import Finding
from .kept import bare

FILE = Path(__file__).with_name("negation.yaml")
CURE = told("Ask a speaker whether it says the opposite. If it says the same, keep it.")

Polarity = Literal["yes", "weak", "no"]
"""``no``: it denies; ``weak``: it has a word that may be put either way; ``yes``: neither."""

_ENDS = re.compile(r"(?<=[.!?。！？؟।።;；:：\n…])(?!\d)\s*")
_A_NOT_A = re.compile(r"([\u3400-\u9fff])[不没沒]\1")


@dataclass(frozen=True, slots=True)
class Negations:
    """One language's words, laid out for looking."""

    denies: re.Pattern[str]
    weak: re.Pattern[str]
    not_one: re.Pattern[str]
    ask: re.Pattern[str]
    tag: re.Pattern[str]
    latin: bool

    def polarity(self, sentence: str) -> Polarity:
        """What one sentence says."""
        plain = f" {self._plain(sentence)} "
        if sentence.rstrip().endswith(("?", "？", "؟")) or plain.rstrip().endswith(("吗", "嗎")):
            plain = self.ask.sub(" ", self.tag.sub(" ", plain))
        plain = self.not_one.sub(" ", _A_NOT_A.sub(" ", plain))
        if self.denies.search(plain):
            return "no"
        return "weak" if self.weak.search(plain) else "yes"

    def _plain(self, sentence: str) -> str:
        # Accents tell Latin words apart (French "pas", Vietnamese "chưa"); elsewhere marks are written or left out.
        return (light if self.latin else fold)(sentence)


def polarities(text: str, language: str) -> list[Polarity] | None:
    """What each sentence of a text says; None for a language that we have no words of."""
    known = _known(language)
    if known is None:
        return None
    return [known.polarity(part) for part in _ENDS.split(bare(text)) if re.search(r"\w", part)]


def turned(source_text: str, source: str, text: str, language: str) -> Literal["", "lost", "added"]:
    """Whether a negation was lost or added on the way; empty where it was not, or where it cannot be told.

    >>> turned("No hay autobús.", "es", "There is a bus.", "en"), turned("There is a bus.", "en", "Pa gen bis.", "ht")
    ('lost', 'added')
    >>> turned("Nobody told us.", "en", "Personne ne nous a prévenus.", "fr")
    ''
    """
    before, after = polarities(source_text, source), polarities(text, language)
    if not before or not after:
        return ""
    whole = _differ(_of_all(before), _of_all(after))
    if len(before) != len(after) or whole:
        return whole
    apart = {_differ(one, other) for one, other in zip(before, after, strict=True)} - {""}
    return (
        apart.pop() if len(apart) == 1 else ""
    )  # lost here and added there: the sentences stand in another order


def kept(case: Case) -> Iterator[Finding]:
    """A word of negation on both sides or on neither."""
    found = turned(case.unit.text, case.unit.source, case.text, case.language)
    if not found:
        return
    what = (
        told(
            "The source says no or not (never, nobody, without …); no such word was found in this translation."
        )
        if found == "lost"
        else told(
            "This translation has a word for no or not (never, nobody, without …) that the source has not."
        )
    )
    yield Finding("warn", "negation", what, CURE)


def _of_all(parts: Iterable[Polarity]) -> Polarity:
    found = set(parts)
    return "no" if "no" in found else "weak" if "weak" in found else "yes"


def _differ(before: Polarity, after: Polarity) -> Literal["", "lost", "added"]:
    if (before, after) == ("no", "yes"):
        return "lost"
    return "added" if (before, after) == ("yes", "no") else ""


@lru_cache(maxsize=64)
def _known(language: str) -> Negations | None:
    tag = nearest(language, tuple(_read()), "")
    return _read()[tag] if tag else None


@cache
def _read() -> Mapping[str, Negations]:
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    raw: Mapping[str, Mapping[str, list[str]]] = yaml.load(FILE.read_text("utf-8"), loader)  # noqa: S506 - strings only
    return {tag: _laid_out(tag, rows) for tag, rows in raw.items()}


def _laid_out(tag: str, rows: Mapping[str, Any]) -> Negations:
    latin = not re.search(r"[^\W\d_A-Za-z\u00c0-\u024f\u1e00-\u1eff]", "".join(rows["no"]))
    spaced = not tag.startswith("zh")
    return Negations(
        _any(rows["no"], latin=latin, spaced=spaced),
        _any(rows["weak"], latin=latin, spaced=spaced),
        _any(rows["not_one"], latin=latin, spaced=spaced),
        _any(rows.get("ask", ()), latin=latin, spaced=spaced),
        _any(rows["tag"], latin=latin, spaced=spaced, at_end=True),
        latin,
    )


def _any(words: Iterable[str], *, latin: bool, spaced: bool, at_end: bool = False) -> re.Pattern[str]:
    """One pattern for all of these words, the longest first."""
    plain = light if latin else fold
    made = sorted({_pattern(word, plain) for word in words} - {""}, key=lambda word: (-len(word), word))
    either = "|".join(made) or r"(?!)"
    before, after = (r"(?<=\s)", r"(?=\s)") if spaced else ("", "")
    return re.compile(f"{before}(?:{either}){after}" + (r"\s*$" if at_end else ""))


def _pattern(word: str, plain: Any) -> str:
    """A word with stars as a pattern: * is letters of one word; a star that stands alone, one to four words."""
    parts = [
        r"\S+(?: \S+){0,3}?"
        if part == "*"
        else r"\S+".join(re.escape(plain(piece)) for piece in part.split("*"))
        for part in word.split()
    ]
    return (r"(?<=^ )" if word.startswith("^") else "") + " ".join(filter(None, parts))
