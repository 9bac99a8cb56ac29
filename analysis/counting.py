"""Who said what as arrays: people by their groups, and people by what they named, counted fast.

A row is a person, each once however often they wrote. Everything that is counted of people is a column of truth values
over those rows, and a count is one pass over it (numpy's bincount).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Self, TypeGuard

import numpy as np
from numpy.typing import NDArray

from .codebook import Codebook
from .findings import OUTCOMES, UNKNOWN, Asked, Voice

Group = tuple[str, str]
"""(dimension, value)"""
Crossing = tuple[Group, Group]
Key = Group | Crossing
"""Everybody, a group, or those of one group who are in another as well."""
ALL: Group = ("", "")
Truths = NDArray[np.bool_]
Numbers = NDArray[np.int64]
_RANK = {outcome: rank for rank, outcome in enumerate(OUTCOMES)}
_ANSWERED = _RANK["answered"]


def is_crossing(key: Key) -> TypeGuard[Crossing]:
    """Whether a key names people by two groups."""
    return isinstance(key[0], tuple)


@dataclass(frozen=True, slots=True)
class People:
    """Everybody once. ``codes`` has a row a person and a column a dimension: where the person's value stands in the
    ``values`` of that dimension, which are in order of the alphabet. ``outcomes`` are places in OUTCOMES."""

    ids: Sequence[str]
    dimensions: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    codes: NDArray[np.int32]
    outcomes: NDArray[np.int8]

    @classmethod
    def of(cls, asked: Iterable[Asked], voices: Sequence[Voice]) -> Self:
        """Whoever spoke has answered, and what the list of the asked says of a person's groups comes first."""
        groups: dict[str, Mapping[str, str]] = {}
        best: dict[str, int] = {}
        for one in asked:
            person, rank = one.person, _RANK[one.outcome]
            if person not in groups:
                groups[person], best[person] = _known(one.groups), rank
            else:
                groups[person] = _joined(groups[person], one.groups)
                best[person] = min(best[person], rank)
        for voice in voices:
            person = voice.person
            if person not in groups:
                groups[person] = _known(voice.groups)
            elif voice.groups is not groups[person]:
                groups[person] = _joined(groups[person], voice.groups)
            best[person] = _ANSWERED
        return cls.placed(groups, np.fromiter(best.values(), np.int8, len(best)))

    @classmethod
    def placed(
        cls, groups: Mapping[str, Mapping[str, str]], outcomes: NDArray[np.int8] | None = None
    ) -> Self:
        """From each person's groups. A dimension in which a person has no value has them as unknown."""
        dimensions = tuple(sorted({name for belongs in groups.values() for name in belongs}))
        values, columns = [], []
        for name in dimensions:
            said = [belongs.get(name) or UNKNOWN for belongs in groups.values()]
            known = tuple(sorted(set(said)))
            at = {value: place for place, value in enumerate(known)}
            values.append(known)
            columns.append(np.fromiter((at[value] for value in said), np.int32, len(said)))
        codes = np.stack(columns, axis=1) if columns else np.zeros((len(groups), 0), np.int32)
        if outcomes is None:
            outcomes = np.full(len(groups), _ANSWERED, np.int8)
        return cls(list(groups), dimensions, tuple(values), codes, outcomes)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def answered(self) -> Truths:
        return np.asarray(self.outcomes == _ANSWERED)

    def at(self) -> dict[str, int]:
        """Each person's row."""
        return {person: row for row, person in enumerate(self.ids)}

    def cells(self, crossed: Collection[tuple[str, str]] = ()) -> Cells:
        """Everybody, each group, and each crossing of two dimensions in which there is anybody."""
        keys: list[Key] = [ALL]
        places = [np.zeros(len(self), np.int64)]
        for name, values, codes in zip(self.dimensions, self.values, self.codes.T, strict=True):
            places.append(len(keys) + codes.astype(np.int64))
            keys += [(name, value) for value in values]
        for first, second in crossed:
            one, other = self.dimensions.index(first), self.dimensions.index(second)
            wide = len(self.values[other])
            both = self.codes[:, one].astype(np.int64) * wide + self.codes[:, other]
            there, place = np.unique(both, return_inverse=True)
            places.append(len(keys) + place.astype(np.int64))
            keys += [
                ((first, self.values[one][code // wide]), (second, self.values[other][code % wide]))
                for code in there.tolist()
            ]
        return Cells(tuple(keys), np.stack(places, axis=1))

    def nested(self) -> list[tuple[Group, list[Group]]]:
        """Sums that hold between dimensions: a group, and the groups of another dimension that it is made of.

        A group that consists of whole groups of another dimension (a district of its schools, a language of the one
        channel it uses) is their sum for anyone who knows the place, so it is treated as known.
        """
        found: list[tuple[Group, list[Group]]] = []
        tables = {}
        for one, other in combinations(range(len(self.dimensions)), 2):
            shape = len(self.values[one]), len(self.values[other])
            flat = self.codes[:, one].astype(np.int64) * shape[1] + self.codes[:, other]
            table = np.bincount(flat, minlength=shape[0] * shape[1]).reshape(shape)
            tables[one, other], tables[other, one] = table, table.T
        for one, name in enumerate(self.dimensions):
            for place, value in enumerate(self.values[one]):
                for other, beneath in enumerate(self.dimensions):
                    if one == other:
                        continue
                    inside = tables[one, other][place]
                    parts = np.nonzero(inside)[0]
                    if (inside[parts] == tables[one, other].sum(axis=0)[parts]).all():
                        found.append(((name, value), [(beneath, self.values[other][part]) for part in parts]))
        return found


@dataclass(frozen=True, slots=True)
class Cells:
    """The places of a table, and in which of them each person is (a row a person, a column a dimension or crossing)."""

    keys: tuple[Key, ...]
    places: Numbers

    def count(self, who: Truths) -> dict[Key, int]:
        """How many of these people are in each cell."""
        return dict(zip(self.keys, self.counts(who).tolist(), strict=True))

    def counts(self, who: Truths) -> Numbers:
        """The same, in the order of ``keys``."""
        chosen = self.places[who]
        total = np.zeros(len(self.keys), np.int64)
        for column in chosen.T:
            total += np.bincount(column, minlength=len(self.keys))
        return total


def _known(groups: Mapping[str, str]) -> Mapping[str, str]:
    return groups if all(groups.values()) else {name: value for name, value in groups.items() if value}


def _joined(known: Mapping[str, str], more: Mapping[str, str]) -> Mapping[str, str]:
    return known if more.keys() <= known.keys() else {**_known(more), **known}


@dataclass(frozen=True, slots=True)
class Sayings:
    """What was named: one entry for each theme of each voice, as arrays side by side.

    ``voice`` and ``person`` are rows of the voices and of the people; ``code`` and ``top`` places in the codebook's themes.
    """

    voice: Numbers
    person: Numbers
    code: Numbers
    top: Numbers
    chance: NDArray[np.float64]
    speaker: Numbers  # of each voice, whose it is
    language: Numbers  # of each voice, its place in ``languages``
    languages: tuple[str, ...]

    @classmethod
    def of(cls, voices: Sequence[Voice], at: Mapping[str, int], codebook: Codebook) -> Self:
        """Raises KeyError for a code that the codebook does not have."""
        place = {theme.id: n for n, theme in enumerate(codebook.themes)}
        over = np.array([place[codebook.top(theme.id)] for theme in codebook.themes], np.int64)
        themes = [voice.themes for voice in voices]
        code = np.array([place[name] for named in themes for name in named], np.int64)
        chance = np.array([sure for named in themes for sure in named.values()], np.float64)
        voice = np.repeat(np.arange(len(voices)), np.fromiter(map(len, themes), np.int64, len(voices)))
        speaker = np.fromiter((at[voice.person] for voice in voices), np.int64, len(voices))
        spoken = [voice.language for voice in voices]
        languages = tuple(sorted(set(spoken)))
        known = {language: n for n, language in enumerate(languages)}
        language = np.fromiter((known[one] for one in spoken), np.int64, len(voices))
        return cls(voice, speaker[voice], code, over[code], chance, speaker, language, languages)

    def heard(self, people: int) -> Truths:
        heard = np.zeros(people, dtype=bool)
        heard[self.speaker] = True
        return heard

    def said(self, people: int, themes: int) -> Truths:
        """A row a person, a column a theme of the codebook: whether they named it, or a sub-theme of it."""
        said = np.zeros((themes, people), dtype=bool)
        said[self.code, self.person] = True
        said[self.top, self.person] = True
        return said.T
