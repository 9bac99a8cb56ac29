"""What is different between two versions of a survey, as a person would tell it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .outline import Item, Outline

How = Literal["added", "removed", "moved", "texts", "changed", "head", "order"]


@dataclass(frozen=True, slots=True)
class Words:
    """One text in one language, before and now."""

    language: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. ``item`` is as it is now, or as it was where it is gone; None for the first and the last message.
    ``words`` are the texts that differ; ``besides`` says that something else does too: choices' keys, conditions, limits."""

    how: How
    item: Item | None
    words: tuple[Words, ...] = ()
    besides: bool = False


def changes(before: Outline, now: Outline) -> tuple[Change, ...]:
    """Every difference, in the order of the survey as it is now; what is gone comes last."""
    return tuple(_changes(before, now))


def _changes(before: Outline, now: Outline) -> Iterator[Change]:
    if before.digest != now.digest:
        words = tuple(
            word
            for name in now.head
            for word in _words(before.head.get(name, {}), now.head[name], now.languages)
        )
        besides = (before.about, before.keywords, before.anonymous) != (
            now.about,
            now.keywords,
            now.anonymous,
        )
        yield Change("head", None, words, besides=besides)
    old = {item.key: item for item in before.walked()}
    new = {item.key: item for item in now.walked()}
    for key, item in new.items():
        if key not in old:
            yield Change("added", item)
        elif old[key].digest != item.digest:
            words = tuple(_item_words(old[key], item, now.languages))
            yield Change("texts" if words else "changed", item, words, besides=_besides(old[key], item))
    shared = [key for key in new if key in old]
    if shared != [key for key in old if key in new]:
        yield Change("order", None)
    yield from (Change("removed", item) for key, item in old.items() if key not in new)


def _item_words(before: Item, now: Item, languages: tuple[str, ...]) -> Iterator[Words]:
    for name in dict.fromkeys((*now.texts, *before.texts)):
        yield from _words(before.texts.get(name, {}), now.texts.get(name, {}), languages)
    old = {choice.key: choice for choice in before.choices}
    new = {choice.key: choice for choice in now.choices}
    for key in dict.fromkeys((*new, *old)):
        yield from _words(
            old[key].texts if key in old else {}, new[key].texts if key in new else {}, languages
        )


def _words(
    before: dict[str, str] | object, now: dict[str, str] | object, languages: tuple[str, ...]
) -> Iterator[Words]:
    was, is_ = (held if isinstance(held, dict) else {} for held in (before, now))
    for tag in languages:
        if was.get(tag, "") != is_.get(tag, ""):
            yield Words(tag, was.get(tag, ""), is_.get(tag, ""))


def _besides(before: Item, now: Item) -> bool:
    def rest(item: Item) -> tuple[object, ...]:
        keys = [choice.key for choice in item.choices]
        return (item.kind, keys, item.conditions, item.bounds, item.expression, item.settings, item.more)

    return rest(before) != rest(now)
