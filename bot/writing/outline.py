"""A survey's file as whoever writes it sees it: its items in order, each with its words in every language.

It goes by the file's nodes, not by the checked survey: a draft with something wrong in it can be looked at, and mended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from survey_flows.files.item_page import KEYS

from .sheet import At, Sheet, get, listed, plain, same

TEXTS = {"question": "text", "note": "note", "group": "label", "quota": "full"}
"""The key of the words that an item is known by."""
CHOSEN = ("one", "scale", "many", "rank")
"""Kinds of question with choices."""
NUMBERS = ("number", "range")
_SHOWN = frozenset(
    ("key", "kind", "text", "note", "group", "label", "quota", "full", "most", "ask_if", "hint", "required", "choices", "none",
     "pick", "min", "max", "shuffle", "seeks", "questions", "order")
)  # fmt: skip

Words = Mapping[str, str]
"""Language to words; a language that lacks them is not there."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice: its place in the list, its key, its words, and the other words that mean it."""

    at: int
    key: str
    texts: Words
    also: Words


@dataclass(frozen=True, slots=True)
class Item:
    """One item. ``what`` is question, note, group, compute, split, quota or include; ``texts`` has its words by the key
    they stand under ("text", "hint", a variant); ``conditions`` what earlier answers lead to it, or ``expression``;
    ``more`` the keys that only the file shows, ``lines`` where it stands in the file, from 1."""

    at: At
    what: str
    key: str
    kind: str
    texts: Mapping[str, Words]
    choices: tuple[Choice, ...] = ()
    list_name: str = ""
    conditions: Mapping[str, tuple[str, ...]] | None = None
    bounds: Mapping[str, tuple[str, str]] | None = None
    expression: str = ""
    settings: Mapping[str, str] | None = None
    more: tuple[str, ...] = ()
    inner: tuple[Item, ...] = ()
    lines: tuple[int, int] = (1, 1)
    digest: str = ""

    @property
    def main(self) -> Words:
        """The words that it is known by."""
        return self.texts.get(TEXTS.get(self.what, ""), {})

    def setting(self, name: str) -> str:
        return (self.settings or {}).get(name, "")


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole file. ``head`` has title, intro and thanks; ``about`` what it says of itself."""

    key: str
    source: str
    languages: tuple[str, ...]
    variants: tuple[str, ...]
    head: Mapping[str, Words]
    about: Mapping[str, str]
    keywords: tuple[str, ...]
    anonymous: bool
    items: tuple[Item, ...]
    digest: str = ""

    def walked(self) -> Iterator[Item]:
        """Every item, those of a group behind it."""
        return _walked(self.items)

    def lacking(self, language: str) -> int:
        """How many texts are there in the source and not in this language."""
        held = [*self.head.values()]
        for item in self.walked():
            held += [*item.texts.values(), *(choice.texts for choice in item.choices)]
        return sum(self.source in words and language not in words for words in held)

    def find(self, at: At) -> Item | None:
        return next((item for item in self.walked() if item.at == at), None)

    def named(self, key: str) -> Item | None:
        return next((item for item in self.walked() if item.key == key), None)

    def number(self, item: Item) -> int | None:
        """The number of a question, as the drawing and the findings count."""
        questions = [one.at for one in self.walked() if one.what == "question"]
        return questions.index(item.at) + 1 if item.at in questions else None

    def before(self, at: At) -> list[Item]:
        """The questions that stand before a place."""
        return [item for item in self.walked() if item.what == "question" and item.at < at]


def outline(sheet: Sheet) -> Outline:
    """The file as it is shown."""
    top, tags = sheet.top, sheet.languages
    rows = get(top, "questions")
    about = get(top, "about")
    return Outline(
        key=plain(get(top, "survey")),
        source=sheet.source,
        languages=tags,
        variants=sheet.variants,
        head={name: _words(get(top, name), tags) for name in ("title", "intro", "thanks")},
        about={key.value: plain(value) or ", ".join(listed(value)) for key, value in about.value}
        if isinstance(about, yaml.MappingNode)
        else {},
        keywords=tuple(listed(get(top, "keywords"))),
        anonymous=plain(get(top, "anonymous")) in ("yes", "true"),
        items=_items(rows, (), tags, sheet.variants),
        digest=repr({name: same(node) for name in HEAD if (node := get(top, name)) is not None}),
    )


HEAD = ("title", "intro", "thanks", "about", "keywords", "anonymous")
"""What stands on top of a file and has a form of its own."""


def _items(
    rows: yaml.Node | None, within: At, tags: tuple[str, ...], variants: tuple[str, ...]
) -> tuple[Item, ...]:
    found = rows.value if isinstance(rows, yaml.SequenceNode) else []
    return tuple(
        _item(node, (*within, at), tags, variants)
        for at, node in enumerate(found)
        if isinstance(node, yaml.MappingNode)
    )


def _item(node: yaml.MappingNode, at: At, tags: tuple[str, ...], variants: tuple[str, ...]) -> Item:
    held = [key.value for key, _ in node.value]
    what = next((name for name in KEYS if name in held), "question")
    named = "include" if what == "include" else what if what in ("group", "split", "quota") else "key"
    kind = plain(get(node, "kind"))
    choices = get(node, "choices")
    ask_if = get(node, "ask_if")
    names = [name for name in ("text", "note", "label", "full", "hint", "none", *variants) if name in held]
    if isinstance(get(node, "required"), yaml.MappingNode):
        names.append("required")
    return Item(
        at=at,
        what=what,
        key=plain(get(node, named)),
        kind=kind,
        texts={name: _words(get(node, name), tags) for name in names if what != "note" or name != "text"},
        choices=tuple(_choices(choices, tags)),
        list_name=plain(choices) if isinstance(choices, yaml.ScalarNode) else "",
        conditions=_conditions(ask_if),
        bounds=_bounds(ask_if),
        expression=plain(ask_if),
        settings={
            name: plain(get(node, name))
            for name in (
                "required",
                "pick",
                "min",
                "max",
                "shuffle",
                "seeks",
                "most",
                "order",
                "compute",
                "repeat",
            )
            if isinstance(get(node, name), yaml.ScalarNode)
        },
        more=tuple(name for name in held if name not in _SHOWN and name not in variants),
        inner=_items(get(node, "questions"), at, tags, variants),
        lines=(node.start_mark.line + 1, node.end_mark.line + 1),
        digest=repr(same(node)),
    )


def _words(node: yaml.Node | None, tags: tuple[str, ...]) -> Words:
    if isinstance(node, yaml.ScalarNode):
        return {tags[0]: plain(node)} if plain(node) else {}
    found = {tag: plain(get(node, tag)) for tag in tags}
    return {tag: text for tag, text in found.items() if text}


def _choices(node: yaml.Node | None, tags: tuple[str, ...]) -> Iterator[Choice]:
    for at, one in enumerate(node.value if isinstance(node, yaml.SequenceNode) else ()):
        also = get(one, "also")
        yield Choice(
            at,
            plain(get(one, "key")),
            _words(one, tags),
            {tag: ", ".join(words) for tag in tags if (words := listed(get(also, tag)))},
        )


def _conditions(node: yaml.Node | None) -> Mapping[str, tuple[str, ...]]:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return {
        key.value: tuple(listed(value)) for key, value in pairs if not isinstance(value, yaml.MappingNode)
    }


def _bounds(node: yaml.Node | None) -> Mapping[str, tuple[str, str]]:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return {
        key.value: (plain(get(value, "min")), plain(get(value, "max")))
        for key, value in pairs
        if isinstance(value, yaml.MappingNode)
    }


def _walked(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _walked(item.inner)
