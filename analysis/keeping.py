"""A summary as plain data and back, so that another process can show it without reckoning it again."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from pydantic import TypeAdapter

from .findings import Summary

VERSION = 1
"""Goes up when a summary's fields change their meaning: what was kept before is then reckoned anew."""


@cache
def _shape() -> TypeAdapter[Summary]:
    return TypeAdapter(Summary)


def to_plain(found: Summary) -> bytes:
    """As JSON, without crossings and without what only the next state needs (``shown``)."""
    return _shape().dump_json(replace(found, pairs={}, shown={}))


def from_plain(data: bytes) -> Summary:
    """What ``to_plain`` made. Raises ValueError for anything else."""
    return _shape().validate_json(data)


def fewer_quotes(found: Summary, most: int) -> Summary:
    """The same with at most so many quotes of each theme, the most typical ones."""
    return replace(found, themes=tuple(replace(one, quotes=one.quotes[:most]) for one in found.themes))


def guarded_quotes(found: Summary, most: int) -> Summary:
    """The same, with no more quotes than may stand on a page that shows all of them.

    The first ``most`` of a theme stay as they are. Of the others only the language is told, and in a language whose number
    is hidden for that theme there are no more than ``most`` in all: many would tell how many there are at least.
    """
    spoken = found.groups.get("language", {})
    themes = []
    for theme in found.themes:
        kept, in_language = list(theme.quotes[:most]), dict[str, int]()
        for quote in kept:
            in_language[quote.language] = in_language.get(quote.language, 0) + 1
        for quote in theme.quotes[most:]:
            group = spoken.get(quote.language)
            told = group is not None and group.heard is not None and group.themes.get(theme.theme) is not None
            number = in_language.get(quote.language, 0)
            if told or number < most:
                in_language[quote.language] = number + 1
                kept.append(replace(quote, groups=dict[str, str]()))
        themes.append(replace(theme, quotes=tuple(kept)))
    return replace(found, themes=tuple(themes))
