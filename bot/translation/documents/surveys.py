"""The texts of a survey's file, each with what a translator should know about it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import yaml

from survey_flows.told import sentences

from ..units import Kind, Unit
from . import notes
from .places import HEARD, Entries, Place, context, entered, entries, items, plain, top

_NO = ("no", "false", "yes", "true")
"""What says only whether, where there may be a text as well."""
_CHOSEN = ("one", "scale", "many", "rank")


class Document(Protocol):
    """What a survey and a campaign have in common for a translator."""

    @property
    def text(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def languages(self) -> tuple[str, ...]: ...
    @property
    def drafts(self) -> frozenset[str]: ...


def survey_units(survey: Document, *, heard: bool = False) -> list[Unit]:
    """Every text of a survey, in the order of its file, with those of surveys that it includes.

    ``heard`` adds the words that are only listened for (their contexts end with HEARD). Families' own words for a choice
    cannot be translated, and no survey needs them; a person who speaks the language can give them.

    >>> from survey_flows import library
    >>> unit = survey_units(library("getting-to-school"))[5]
    >>> unit.context, unit.kind, unit.text, unit.texts["fr"]
    ('survey:getting-to-school/hard/choice/not_hard', 'choice', 'Not hard', 'Pas difficile')
    """
    found = (
        place.unit(survey.languages, survey.source, survey.drafts)
        for place in places(survey.text)
        if heard or not place.heard
    )
    return [unit for unit in found if unit]


def places(text: str) -> Iterator[Place]:
    """Where the texts of a survey's file stand. Raises ValueError for what is no mapping."""
    first, *others = top(text)
    variants = [name.value for name in items(first["variants"][1])] if "variants" in first else []
    included = {plain(held, "survey"): held for held in others}
    source = plain(first, "source", "en")
    walk = _Walk(plain(first, "survey"), source, variants, included, notes.gaps_of(first, source))
    yield from walk.header(first)
    yield from walk.lists(first)
    yield from walk.items(items(first["questions"][1]) if "questions" in first else [])


@dataclass
class _Walk:
    """One survey being walked. ``included`` has those that follow in the same text and have not been come to."""

    key: str
    source: str
    variants: Collection[str]
    included: dict[str, Entries]
    gaps: notes.Gaps = field(default_factory=dict)

    def header(self, held: Entries) -> Iterator[Place]:
        yield from self._one(held, "title", "", "title", notes.TITLE)
        yield from self._one(held, "intro", "", "message", notes.INTRO)
        for name, key, value in entered(held, "fields"):
            yield self._place(value, key, "field", notes.FIELD, f"field:{name}")
        for name, key, value in entered(held, "contact"):
            yield self._place(value, key, "field", notes.contact(name), f"contact:{name}")
        yield from self._one(held, "thanks", "", "message", notes.THANKS)

    def lists(self, held: Entries) -> Iterator[Place]:
        for name, _, value in entered(held, "lists"):
            yield from self._choices(items(value), f"list:{name}", "", notes.LISTED)

    def items(self, nodes: Sequence[yaml.Node]) -> Iterator[Place]:
        for node in nodes:
            held = entries(node)
            if "note" in held:
                yield from self._worded(held, "note", notes.NOTE)
            elif "group" in held:
                key = plain(held, "group")
                yield from self._one(held, "label", key, "field", notes.LABEL)
                yield from self.items(items(held["questions"][1]) if "questions" in held else [])
            elif "quota" in held:
                yield from self._one(held, "full", plain(held, "quota"), "message", notes.FULL)
            elif "include" in held:
                yield from self._others(plain(held, "include"))
            elif "kind" in held:
                yield from self._question(held, plain(held, "kind"))

    def _others(self, name: str) -> Iterator[Place]:
        other = self.included.pop(name, None)
        if other is not None and "questions" in other:
            walk = _Walk(name, self.source, self.variants, self.included, self.gaps)
            yield from walk.items(items(other["questions"][1]))

    def _worded(self, held: Entries, name: str, note: str) -> Iterator[Place]:
        """A text with its other wordings: the usual one, and one for each variant that has its own."""
        key, last = plain(held, "key"), "ask" if name == "text" else name
        yield from self._one(held, name, key, "message", note, last)
        for variant in self.variants:
            told = notes.variant(note, variant)
            yield from self._one(held, variant, key, "message", told, last, variant)

    def _question(self, held: Entries, kind: str) -> Iterator[Place]:
        key = plain(held, "key")
        choices = items(held["choices"][1]) if "choices" in held and kind in _CHOSEN else []
        asked = self._said(held["text"][1]) if "text" in held else ""
        answers = [self._said(choice) for choice in choices]
        yield from self._worded(held, "text", notes.question(kind, answers))
        yield from self._one(held, "hint", key, "message", notes.hint(asked))
        yield from self._one(held, "required", key, "message", notes.required(asked))
        if "constraint" in held:
            limit = entries(held["constraint"][1])
            yield from self._one(limit, "say", key, "message", notes.limit(asked), "constraint")
        yield from self._choices(choices, key, "choice", notes.choice(asked, answers))
        if kind == "many":
            group = context(f"survey:{self.key}", key, "choice")
            yield from self._one(held, "none", key, "choice", notes.none(asked), group=group)
        if "units" in held:
            yield self._place(held["units"][1], held["units"][0], "field", notes.UNITS, key, f"units{HEARD}")

    def _choices(self, nodes: Sequence[yaml.Node], key: str, under: str, note: str) -> Iterator[Place]:
        above = [part for part in (key, under) if part]
        group = context(f"survey:{self.key}", *above)
        for node in nodes:
            held = entries(node)
            name = plain(held, "key")
            yield self._place(node, None, "choice", note, *above, name, group=group)
            if "also" in held:
                told = notes.also(self._said(node))
                yield self._place(held["also"][1], held["also"][0], "field", told, *above, f"{name}{HEARD}")

    def _one(
        self, held: Entries, name: str, key: str, kind: Kind, note: str, *last: str, group: str = ""
    ) -> Iterator[Place]:
        if name not in held:
            return
        under, node = held[name]
        if isinstance(node, yaml.ScalarNode) and name in ("required", "none") and node.value in _NO:
            return
        parts = [part for part in (key, *(last or (name,))) if part]
        yield self._place(node, under, kind, note, *parts, group=group)

    def _place(
        self, node: yaml.Node, under: yaml.Node | None, kind: Kind, note: str, *parts: str, group: str = ""
    ) -> Place:
        where = context(f"survey:{self.key}", *parts)
        told = sentences(filter(None, (note, notes.gaps_in(self._said(node), self.gaps))))
        return Place(where, node, under, kind, told, group)

    def _said(self, node: yaml.Node) -> str:
        """What a node says in the source."""
        return Place("", node).texts((self.source,), self.source).get(self.source, "")
