"""The glossary of school terms: "IEP", "bus pass", "front office" found in a text, and what to write in each language.

One YAML file a language in terms/, and the same keys in all of them; terms/en.yaml explains the fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import regex
import yaml

from survey_flows.folding import runs_on
from survey_flows.wording import nearest

from .masking import Span

FOLDER = Path(__file__).parent / "terms"
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_PLURALS = {"en": "(?:s|es)?", "es": "(?:s|es)?", "pt": "(?:s|es)?", "fr": "(?:s|x)?"}
_ARABIC = r"(?:[وف]?[بكل]?(?:ال|لل)?)"
"""What Arabic writes as part of the next word: and, with, for, the."""


@dataclass(frozen=True, slots=True)
class Term:
    """``say`` is what to write; ``forms`` mean the same, ``avoid`` looks the same and does not. ``note`` is for translators.
    ``whole`` terms are not shown to engines; ``kept`` ones are names that stay as they are in every language."""

    key: str
    say: str
    forms: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    note: str = ""
    whole: bool = False
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A term in a text, from where to where, as it is said there."""

    key: str
    start: int
    end: int
    said: str


@dataclass(frozen=True, slots=True)
class Amiss:
    """A term of the source for which the translation has ``said``, a word to avoid, in the place of ``say``."""

    key: str
    said: str
    say: str


class Terms:
    """The terms of every language; those of ``source``'s file say which an engine is not shown."""

    def __init__(self, languages: Mapping[str, Mapping[str, Term]], source: str = "en") -> None:
        self.given = self.languages = languages
        self.source = source
        self.version = 0
        """Another number whenever other terms were adopted."""

    def adopt(self, own: Mapping[str, Mapping[str, Term | None]]) -> None:
        """From now on these, by language and key, in place of what was given, or beside it; None takes a term out. Whatever was
        adopted before goes."""
        laid = {
            tag: {
                key: term
                for key, term in {**self.given.get(tag, {}), **own.get(tag, {})}.items()
                if term is not None
            }
            for tag in {**self.given, **own}
        }
        if laid == self.languages:
            return  # looked at every minute, and nothing is new: the patterns stay
        self.languages = laid
        self.version += 1
        self.__dict__.pop("_patterns", None)

    @classmethod
    def read(cls, folder: Path = FOLDER) -> Terms:
        """The glossary in a folder. Raises TypeError for a field that no term has."""
        files = (yaml.load(path.read_text("utf-8"), _Loader) for path in sorted(folder.glob("*.yaml")))  # noqa: S506
        return cls({raw.pop("language"): {key: _term(key, row) for key, row in raw.items()} for raw in files})

    def in_(self, text: str, language: str) -> tuple[Found, ...]:
        """The terms of a text, in order; of two that overlap, the longer.

        >>> [(f.key, f.said) for f in TERMS.in_("Ask the front office about bus passes.", "en")]
        [('front_office', 'front office'), ('bus_pass', 'bus passes')]
        """
        pattern = self._patterns.get(self._tag(language))
        if pattern is None:
            return ()
        finder, keys = pattern
        found = []
        for match in finder.finditer(text):
            number = next(n for n in range(1, len(keys) + 1) if match.start(n) >= 0)
            found.append(Found(keys[number - 1], match.start(number), match.end(number), match[number]))
        return tuple(found)

    def preferred(self, key: str, language: str) -> str | None:
        """What to write for a term; None where the glossary does not have the language.

        >>> TERMS.preferred("bus_stop", "es-MX"), TERMS.preferred("bus_stop", "so")
        ('parada de autobús', None)
        """
        term = self.languages.get(self._tag(language), {}).get(key)
        return term.say if term else None

    def note(self, key: str) -> str:
        """What a translator should know of a term."""
        term = self.languages.get(self.source, {}).get(key)
        return term.note if term else ""

    def keeps(self, key: str) -> bool:
        """Whether a term of the source is a name that stays as it is."""
        term = self.languages.get(self.source, {}).get(key)
        return term is not None and term.kept

    def spans(self, text: str, source: str, target: str) -> list[Span]:
        """What an engine is not shown of a text, with what is put in its place.

        >>> TERMS.spans("Is the 504 plan going well?", "en", "fr")
        [Span(start=7, end=15, put='plan 504', kind='term')]
        """
        own = self.languages.get(self.source, {})
        return [
            Span(found.start, found.end, said, "term")
            for found in self.in_(text, source)
            if (term := own.get(found.key))
            and (said := found.said if term.kept else term.whole and self.preferred(found.key, target))
        ]

    def amiss(self, text: str, source: str, said: str, target: str) -> list[Amiss]:
        """Terms of the source for which a translation has a word to avoid, and none that means it.

        >>> TERMS.amiss("Buy a bus pass.", "en", "Compre un paso de autobús.", "es")
        [Amiss(key='bus_pass', said='paso de autobús', say='pase de autobús')]
        """
        there = {found.key for found in self.in_(said, target)}
        tag = self._tag(target)
        wrong = []
        for key in dict.fromkeys(found.key for found in self.in_(text, source)):
            term = self.languages.get(tag, {}).get(key)
            if term is not None and key not in there:
                heard = (regex.search(_pattern(word, tag), said, regex.IGNORECASE) for word in term.avoid)
                wrong += [Amiss(key, match[1], term.say) for match in heard if match][:1]
        return wrong

    @cached_property
    def _patterns(self) -> Mapping[str, tuple[Any, tuple[str, ...]]]:
        laid = {}
        for tag, terms in self.languages.items():
            every = [(form, term.key) for term in terms.values() for form in (term.say, *term.forms)]
            every = list(dict(sorted(every, key=lambda row: -len(row[0]))).items())
            if not every:
                continue
            finder = "|".join(_pattern(form, tag) for form, _ in every)
            laid[tag] = regex.compile(finder), tuple(key for _, key in every)
        return laid

    def _tag(self, language: str) -> str:
        return nearest(language, tuple(self.languages), "")


def _pattern(form: str, tag: str) -> str:
    """Finds a form whatever its spaces, apostrophes, capitals and simple plural; what is all in capitals only so."""
    if runs_on(form):
        return f"({regex.escape(form)})"
    plural = _PLURALS.get(tag, "")
    words = [regex.escape(word) for word in form.replace("’", "'").split()]
    joined = r"\s+".join(word + (plural if len(word) > 3 or word == words[-1] else "") for word in words)
    case = "" if form.isupper() else "(?i:"
    before = _ARABIC if tag == "ar" else ""
    letter = (
        r"[A-Za-z0-9\u00c0-\u024f]" if form.isascii() else r"[^\W_]"
    )  # Chinese may stand right beside IEP
    return rf"(?<!{letter}){before}({case}{joined.replace(chr(39), '[’' + chr(39) + ']')}{')' if case else ''})(?!{letter})"


def _term(key: str, row: Mapping[str, Any]) -> Term:
    rest: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in row.items()
    }
    rest["whole"] = row.get("whole") == "true"
    return Term(key, **rest)


TERMS = Terms.read()
"""The terms that come with Openline."""
