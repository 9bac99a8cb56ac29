"""One person's words: a campaign's text with its gaps filled. Pure and quick: millions are written.

Gaps: ``{name}``, ``{children}`` (their given names, as the language joins them), ``{school}`` (the children's, if they
agree; else the person's own; else the organization's name), ``{organization}``, ``{day}`` (the date of the occasion in
the language's words), the campaign's own fields, and any attribute of the children meant (if all agree) or of the
person. What is filled in is never filled again, so no name and no attribute can be a gap.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from survey_flows.wording import fill, gaps

from ..store.readers import Known
from .campaign import Texts
from .days import in_words
from .joining import isolated, joined


@dataclass(frozen=True, slots=True)
class Child:
    """A child that a message is about."""

    name: str | None
    school: str | None = None
    attributes: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever reads a message. ``children`` are those it is about; ``day`` the date of the occasion at their school."""

    person_id: UUID
    name: str | None
    language: str
    respondent: str
    school: str | None = None
    groups: Mapping[str, Any] | None = None
    children: tuple[Child, ...] = ()
    day: date | None = None


def reader(known: Known, day: date | None = None) -> Reader:
    """A person and their children as the store has them."""
    person = known.person
    children = tuple(Child(child.name, child.school, child.attributes) for child in known.children)
    return Reader(
        person.id,
        person.name,
        person.language,
        person.respondent,
        person.school,
        person.groups,
        children,
        day,
    )


class MissingWords(LookupError):  # noqa: N818
    """A gap for which this person has no value, and the campaign no fallback. ``name`` is the gap's."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no value for {{{name}}}")
        self.name = name


def render(
    texts: Texts,
    reader: Reader,
    *,
    language: str,
    organization: str,
    fields: Mapping[str, Texts],
    fallback: Mapping[str, Texts],
) -> str:
    """The text in that language (one of ``texts``) as this person reads it. Raises MissingWords.

    >>> ana = Reader(UUID(int=1), "ROSA", "es", "family", "Lincoln", children=(Child("Leo"), Child("Inés")))
    >>> said = {"es": "Hola, {name}. {children} llegaron hoy a {school}. {help}"}
    >>> own = {"help": {"es": "¿Qué les ayuda?"}}
    >>> render(said, ana, language="es", organization="Riverbend", fields=own, fallback={})
    'Hola, Rosa. Leo e Inés llegaron hoy a Lincoln. ¿Qué les ayuda?'
    """
    pieces, places = _prepared(texts[language])
    if not places:
        return pieces[0]
    written = list(pieces)
    for at, name in places:
        said = words(name, reader, language, organization, fields) or _in(fallback, name, language)
        if not said:
            raise MissingWords(name)
        written[at] = said
    return "".join(written)


def lacking(
    text: str, reader: Reader, language: str, fields: Mapping[str, Texts], fallback: Mapping[str, Texts]
) -> list[str]:
    """Every gap of a text for which this person has no words."""
    return [
        name
        for name in dict.fromkeys(name for _, name in _prepared(text)[1])
        if not (words(name, reader, language, "-", fields) or _in(fallback, name, language))
    ]


def words(
    name: str, reader: Reader, language: str, organization: str, fields: Mapping[str, Texts]
) -> str | None:
    """What stands for one gap, or None where the person has nothing for it."""
    if name == "name":
        return _own(reader.name, language)
    if name == "children":
        return _children(reader.children, language)
    if name == "school":
        school = _agreed(reader.children) or reader.school
        return _own(school, language) if school else _verbatim(organization, language)
    if name == "organization":
        return _verbatim(organization, language)
    if name == "day":
        return in_words(reader.day, language) if reader.day else None
    if name in fields:
        return _in(fields, name, language)
    return _attribute(name, reader, language)


@lru_cache(maxsize=4096)
def clean(words: str) -> str:
    """A name as it came, fit for a message: one line, without control characters and marks of direction.

    A name all in capitals, as rosters export it, is written as a name: in a message it reads as shouted. Initials stay.
    A name in small letters stays too: some people write theirs so.

    >>> clean("MARÍA JOSÉ O'BRIEN-LEE"), clean("AJ"), clean("JJ SMITH III"), clean("de la Cruz"), clean(" An\\n\\u202ea")
    ("María José O'Brien-Lee", 'AJ', 'JJ Smith III', 'de la Cruz', 'An a')
    >>> clean("JFK HIGH SCHOOL"), clean("IS 25")
    ('JFK High School', 'IS 25')
    """
    words = _on_one_line(words)
    return _SHOUTED.sub(_calmly, words) if words.isupper() else words


def _on_one_line(words: str) -> str:
    if not words.isprintable():
        words = "".join(_plain(char) for char in words)
    return " ".join(words.split())


_SHOUTED = re.compile(r"[^\W\d_]+")
_NUMERALS = frozenset(("II", "III", "IV"))
_TITLES = frozenset(("DR", "JR", "MR", "MRS", "SR", "ST"))
_JOINERS = "\u200c\u200d"  # Persian and Indic names are spelled with them


def _plain(char: str) -> str:
    if char in _JOINERS:
        return char
    category = unicodedata.category(char)
    return " " if category in ("Cc", "Zl", "Zp") or char.isspace() else "" if category[0] == "C" else char


def _calmly(word: re.Match[str]) -> str:
    part = word[0]
    letters = "".join(char for char in unicodedata.normalize("NFD", part) if not unicodedata.combining(char))
    # A word without a vowel is spelled out: TJ, JFK.
    spelled = letters.isascii() and not re.search("[AEIOUY]", letters) and letters not in _TITLES
    initials = spelled or (len(letters) == 2 and letters[1] == "J")
    numbered = len(part) <= 2 and re.match(r" \d", word.string[word.end() :])
    if initials or numbered or part in _NUMERALS or len(part) == 1:
        return part
    return part[0] + part[1:].lower().replace("i\u0307", "i")  # Turkish İ


@lru_cache(maxsize=1024)
def _prepared(text: str) -> tuple[tuple[str, ...], tuple[tuple[int, str], ...]]:
    """A text cut at its gaps, once: its pieces, and at which of them stands which gap."""
    pieces = tuple(fill(text, {name: f"\0{name}\0" for name in gaps(text)}).split("\0"))
    return pieces, tuple((at, pieces[at]) for at in range(1, len(pieces), 2))


def _own(words: str | None, language: str) -> str | None:
    return _written(words, language) if words else None


@lru_cache(maxsize=8192)
def _written(words: str, language: str) -> str:
    return isolated(clean(words), language)


@lru_cache(maxsize=8192)
def _verbatim(words: str, language: str) -> str | None:
    """With its capitals: the organization writes itself as it will (KIPP), and a code or a bus has them for a reason."""
    return isolated(_on_one_line(words), language) if words else None


def _in(texts: Mapping[str, Texts], name: str, language: str) -> str | None:
    return texts[name].get(language) or None if name in texts else None


def _children(children: tuple[Child, ...], language: str) -> str | None:
    """None where one has no name: a message about two that names one is wrong."""
    names = [_written(child.name, language) for child in children if child.name]
    return joined(names, language) if names and len(names) == len(children) else None


def _agreed(children: tuple[Child, ...]) -> str | None:
    """The school that these children go to, if it is one."""
    schools = {child.school for child in children if child.school}
    return schools.pop() if len(schools) == 1 else None


def _attribute(name: str, reader: Reader, language: str) -> str | None:
    """Of the children meant, if all of them have the same; where none has it, the person's own."""
    said = [_spoken(_of(child.attributes, name), language) for child in reader.children]
    if any(said):
        return said[0] if len(set(said)) == 1 else None
    return _spoken(_of(reader.groups, name), language)


def _of(attributes: Mapping[str, Any] | None, name: str) -> Any:
    if not attributes:
        return None
    if name in attributes:
        return attributes[name]
    return next((value for key, value in attributes.items() if _key(key) == name), None)


def _key(heading: str) -> str:
    """A gap is written in small letters, a heading as it was: {bus_route} is "Bus route"."""
    return "_".join(heading.casefold().replace("-", " ").split())


_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def _spoken(value: Any, language: str) -> str | None:
    """A value of an attribute in words; None for what has none, as true and false."""
    if isinstance(value, str):
        if _DATE.fullmatch(value):
            try:
                return in_words(date.fromisoformat(value), language)
            except ValueError:
                pass
        named = len(value.split()) > 1 and not any(char.isdigit() for char in value)  # as MRS GARCIA
        return _own(value, language) if named else _verbatim(value, language)
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return f"{value:g}" if isinstance(value, float) else str(value)
    if isinstance(value, list):
        parts = [_spoken(part, language) for part in value]
        return joined([part for part in parts if part], language) if any(parts) else None
    return None
