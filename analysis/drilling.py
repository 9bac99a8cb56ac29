"""From a theme to its root: which parts of it, which groups, and which routes, hours, days and places people name.

Numbers of themes and groups are those of the Summary, hidden ones left out. What people name beside them is counted by people,
shown from the minimum on, and in steps of five: routes may be compared from one day, page or sub-theme to the next without
anybody being the difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from . import cues
from .codebook import Codebook
from .findings import UNKNOWN, Finding, Summary, Voice
from .mentions import Mention, mentions

Read = tuple[frozenset[Mention], Mapping[str, tuple[str, ...]]]
"""What a reply names, and the cues of each theme that stand in it."""
STEP = 5
MOST = 8
"""So many routes, times … are given, the most named first."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something that so many people named: ``people`` or more, fewer than five more."""

    value: str
    people: int


@dataclass(frozen=True, slots=True)
class Branch:
    """A part of the theme. ``share`` is of all who were heard. ``wordings`` are the codebook's cues, with their language;
    ``named`` what can be looked up, by kind: route, time, hour, day, part of day, street."""

    theme: str
    label: str
    count: int
    share: float
    wordings: tuple[Named, ...]
    named: Mapping[str, tuple[Named, ...]]


@dataclass(frozen=True, slots=True)
class Among:
    """The share of a group who named the top theme, out of ``heard``."""

    group: str
    share: float
    heard: int


@dataclass(frozen=True, slots=True)
class Drill:
    """``theme`` taken apart. ``groups`` are by dimension, the largest share first; they are of the top theme, for no
    smaller part is counted by group."""

    theme: str
    label: str
    count: int | None
    share: float | None
    heard: int
    minimum: int
    branches: tuple[Branch, ...]
    groups: Mapping[str, tuple[Among, ...]]
    whole: str
    """The label of the top theme."""
    hidden: int
    """So many sub-themes were named by too few, or by nobody."""


def drill(summary: Summary, voices: Sequence[Voice], theme: str, codebook: Codebook) -> Drill:
    """Take a theme or sub-theme apart. ``voices`` are those that the summary counts. Raises KeyError for a theme that the summary
    does not have."""
    if theme not in codebook:
        raise KeyError(theme)
    top = codebook.top(theme)
    found = next((one for one in summary.themes if one.theme == top), None)
    if found is None:
        raise KeyError(theme)
    wanted = [sub for sub in found.subs if theme in (top, sub.theme)]
    shown = [sub for sub in wanted if sub.count is not None]
    this = found if theme == top else next((sub for sub in shown if sub.theme == theme), None)
    parts = len(codebook.children(top)) if theme == top else 1

    @cache
    def read(text: str, language: str) -> Read:
        """Many people say the same, and one reply may name several parts."""
        return mentions(text, language), cues.find(codebook, text, language)

    return Drill(
        theme,
        codebook[theme].label,
        this.count if this else None,
        this.share if this else None,
        summary.heard,
        summary.minimum,
        tuple(_branch(sub, voices, read, summary.minimum) for sub in shown if found.count is not None),
        {dimension: among for dimension, among in _groups(summary, top) if among},
        found.label,
        parts - len(shown),
    )


def _groups(summary: Summary, top: str) -> Iterator[tuple[str, tuple[Among, ...]]]:
    for dimension, groups in summary.groups.items():
        if len(groups) < 2:  # its only group is everybody
            continue
        told = [
            Among(group, share, found.heard)
            for group, found in groups.items()
            if group != UNKNOWN and (share := found.themes.get(top)) is not None and found.heard
        ]
        yield dimension, tuple(sorted(told, key=lambda one: (-one.share, one.group)))


def _branch(sub: Finding, voices: Iterable[Voice], read: Callable[[str, str], Read], minimum: int) -> Branch:
    said: dict[tuple[str, str], set[str]] = {}
    for voice in voices:
        if sub.theme not in voice.themes:
            continue
        mentioned, wordings = read(voice.original, voice.language)
        for kind, value in mentioned:
            said.setdefault((kind, value), set()).add(voice.person)
            if kind == "time":
                hour = value.partition(":")[0]
                said.setdefault(("hour", f"{hour}:00 to {hour}:59"), set()).add(voice.person)
        for cue in wordings.get(sub.theme, ()):
            said.setdefault(("wording", f"{cue} ({voice.language})"), set()).add(voice.person)
    kinds = ("route", "time", "hour", "day", "part of day", "street")
    by_kind = {kind: _named(said, kind, minimum) for kind in kinds}
    return Branch(
        sub.theme,
        sub.label,
        sub.count or 0,
        sub.share or 0.0,
        _named(said, "wording", minimum),
        {kind: named for kind, named in by_kind.items() if named},
    )


def _named(said: Mapping[tuple[str, str], set[str]], kind: str, minimum: int) -> tuple[Named, ...]:
    enough = {
        value: len(people) for (of, value), people in said.items() if of == kind and len(people) >= minimum
    }
    # In steps, and by name within a step: the order must not tell more than the number does.
    told = [Named(value, people - people % STEP) for value, people in enough.items()]
    return tuple(sorted(told, key=lambda one: (-one.people, one.value))[:MOST])
