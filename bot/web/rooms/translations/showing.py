"""What the pages of this room show of languages, texts and what was found in them: pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from langcodes import Language
from langcodes.tag_parser import LanguageTagError
from markupsafe import Markup, escape

from ....store.memory import digest
from ....texts.overview import Standing
from ....texts.returned import short
from ....texts.standing import Text
from ....texts.stored import Kind, Stored
from ....translation.gate import Finding, blocks
from ....translation.gate.kept import GAP, LINK, keyword
from ....translation.terms import TERMS, Found
from ... import tongue

STATES = ("approved", "draft", "stale", "missing")
KEPT = re.compile(rf"{GAP.pattern}|(?i:{LINK.pattern})|(?<![A-Za-z])[A-Z]{{2,}}(?![A-Za-z])")
"""What may not be changed in a translation; words in capitals only where phone companies act on them."""


@lru_cache(maxsize=2048)
def _name(tag: str, language: str) -> str:
    try:
        name = Language.get(tag).display_name(language)
    except LanguageTagError:
        return tag
    return name[:1].upper() + name[1:] if language == "en" else name


def name(tag: str) -> str:
    """A language in the language of the page: "Haitian Creole"."""
    return _name(tag, tongue.current())


@lru_cache(maxsize=256)
def own_name(tag: str) -> str:
    """A language by its own name: "Kreyòl Ayisyen"."""
    try:
        return str(Language.get(tag).autonym())
    except LanguageTagError:
        return tag


def state(name: str) -> str:
    """How a text stands, in a word or two."""
    return {
        "approved": tongue.say("Approved"),
        "draft": tongue.say("Waits for a reader"),
        "stale": tongue.say("Changed since it was approved"),
        "missing": tongue.say("Missing"),
    }[name]


def kind(name: Kind | str) -> str:
    """What a document is."""
    return {
        "survey": tongue.say("Survey"),
        "draft": tongue.say("Survey that is being written"),
        "campaign": tongue.say("Campaign"),
        "phrases": tongue.say("What Openline says itself"),
        "saved": tongue.say("Saved replies"),
    }[name]


def title(stored: Stored) -> str:
    """What a document is called."""
    return stored.title or kind(stored.kind)


def maker(text: Text) -> str:
    """Who has made a translation."""
    if text.origin == "person":
        return tongue.say("Translated by a person")
    engine = text.origin.removeprefix("machine:")
    if engine and engine != "draft":
        return tongue.say("Machine draft by %(engine)s") % {"engine": engine}
    return tongue.say("Machine draft")


def sure(text: Text) -> str:
    """How sure the meaning is the same, as far as somebody has looked."""
    if text.confidence is None:
        return ""
    return tongue.say("Meaning: %(percent)s%% sure") % {"percent": round(text.confidence * 100)}


def where(context: str) -> str:
    """Where a text stands in its document, to be read: "hard › choice › bus"."""
    return short(context).replace("/", " › ").replace("_", " ")


def marked(text: str, terms: Iterable[Found] = ()) -> Markup:
    """A source text with what has to stay as it is marked, and the words of the glossary."""
    spans = [
        (found.start(), found.end(), "keep")
        for found in KEPT.finditer(text)
        if not found.group().isalpha() or keyword(found.group())
    ]
    spans += [(term.start, term.end, "term") for term in terms]
    parts, end = [], 0
    for start, stop, what in sorted(spans):
        if start < end:
            continue
        parts += [escape(text[end:start]), Markup('<mark class="%s">%s</mark>') % (what, text[start:stop])]
        end = stop
    return Markup("").join([*parts, escape(text[end:])])


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of a bar: from where, how wide, both in percent."""

    state: str
    at: float
    width: float


def bar(counted: Mapping[str, int], total: int = 0) -> list[Bar]:
    """The states as lengths of one bar, in their order.

    >>> [(part.state, part.width) for part in bar({"approved": 3, "missing": 1})]
    [('approved', 75.0), ('missing', 25.0)]
    """
    total = total or sum(counted.values()) or 1
    parts, at = [], 0.0
    for one in STATES:
        width = round(counted.get(one, 0) / total * 100, 2)
        if width:
            parts.append(Bar(one, round(at, 2), width))
        at += width
    return parts


def told(counted: Mapping[str, int]) -> str:
    """The numbers beside a bar: "40 approved, 3 to read, 2 missing"."""
    parts = []
    if n := counted.get("approved", 0):
        parts.append(tongue.say_n("%(n)s approved", "%(n)s approved", n) % {"n": n})
    if n := counted.get("draft", 0):
        parts.append(tongue.say_n("%(n)s to read", "%(n)s to read", n) % {"n": n})
    if n := counted.get("stale", 0):
        parts.append(tongue.say_n("%(n)s changed since", "%(n)s changed since", n) % {"n": n})
    if n := counted.get("missing", 0):
        parts.append(tongue.say_n("%(n)s missing", "%(n)s missing", n) % {"n": n})
    return ", ".join(parts)


def by_group(one: Standing) -> str:
    """Where texts wait: "7 in surveys, 1 in campaigns"."""
    waits = {group: counted["draft"] + counted["stale"] for group, counted in one.states.items()}
    parts = []
    if n := waits.get("survey", 0):
        parts.append(tongue.say_n("%(n)s in surveys", "%(n)s in surveys", n) % {"n": n})
    if n := waits.get("campaign", 0):
        parts.append(tongue.say_n("%(n)s in campaigns", "%(n)s in campaigns", n) % {"n": n})
    if n := waits.get("phrases", 0):
        parts.append(
            tongue.say_n("%(n)s that Openline says itself", "%(n)s that Openline says itself", n) % {"n": n}
        )
    if n := waits.get("saved", 0):
        parts.append(tongue.say_n("%(n)s saved reply", "%(n)s saved replies", n) % {"n": n})
    return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Row:
    """One text in the list: ``before`` and ``after`` are its neighbours, ``ticket`` what its check-box sends."""

    text: Text
    found: tuple[Finding, ...]
    before: Text | None
    after: Text | None
    ticket: str

    @property
    def blocked(self) -> bool:
        return blocks(self.found)

    @property
    def tickable(self) -> bool:
        """Whether it can be approved from the list."""
        return self.text.waiting and not self.blocked


def ticket(text: Text) -> str:
    """A text with the words that were shown of it: what others have changed meanwhile is not approved unseen."""
    return f"{text.context} {seal(text)}"


def seal(text: Text) -> str:
    """Which words of a text, and of its source, somebody has before their eyes."""
    return digest(f"{text.unit.text}\0{text.text}")[:16]


def chosen(texts: Sequence[Text], show: str, of: str, document: str, q: str) -> list[Text]:
    """The texts that a reader asked for, in the order of their documents; those that wait come with what was changed."""
    wanted = {
        "waiting": ("draft", "stale"),
        "missing": ("missing",),
        "stale": ("stale",),
        "approved": ("approved",),
    }
    states = wanted.get(show, STATES)
    sought = q.casefold().split()
    return [
        one
        for one in texts
        if one.state in states
        and (not of or one.stored.kind == of or (of == "survey" and one.stored.kind == "draft"))
        and (not document or one.stored.name == document)
        and all(word in f"{one.unit.text}\n{one.text}\n{one.context}".casefold() for word in sought)
    ]


def following(texts: Sequence[Text], context: str = "", document: str = "") -> Text | None:
    """The next text to read after one, the first again after the last; of one document only where it is named."""
    order = [one for one in texts if (one.waiting or one.context == context)]
    if document:
        order = [one for one in order if one.stored.name == document or one.context == context]
    at = next((n for n, one in enumerate(order) if one.context == context), -1)
    left = [*order[at + 1 :], *order[: max(at, 0)]]
    return next((one for one in left if one.waiting and one.context != context), None)


def neighbours(texts: Sequence[Text], text: Text) -> tuple[Text | None, Text | None]:
    """The texts before and after one, in its document."""
    same = [one for one in texts if one.stored.name == text.stored.name]
    at = next((n for n, one in enumerate(same) if one.context == text.context), 0)
    return (same[at - 1] if at else None), (same[at + 1] if at + 1 < len(same) else None)


def terms_in(text: Text) -> tuple[Found, ...]:
    """The words of the glossary in a source text."""
    return TERMS.in_(text.unit.text, text.unit.source)


def first(standings: Sequence[Standing]) -> Standing | None:
    """The language that is read next: of those that wait, the one that most people read."""
    return next((one for one in standings if one.waiting and one.people), None)
