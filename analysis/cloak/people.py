"""The people whose replies are handed on: as they are, as they may be shown, and what the findings tell of their groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping

from ..findings import UNKNOWN, Summary

Group = tuple[str, str]
"""(dimension, value)"""
SPOKEN = "language"
"""The dimension that stands beside every reply: the words tell it."""


class People:
    """``shown`` is what may stand beside each one's replies. Values are only ever taken away, and people ``withheld``."""

    def __init__(
        self,
        groups: Mapping[str, Mapping[str, str]],
        said: Mapping[str, Collection[Hashable]],
        summary: Summary,
        dimensions: tuple[str, ...],
        minimum: int,
    ) -> None:
        self.groups = {person: _whole(of, summary, dimensions) for person, of in groups.items()}
        self.said = said
        self.summary = summary
        self.minimum = minimum
        self.told = frozenset(
            code for of in summary.groups.values() for found in of.values() for code in found.themes
        )
        of_keys = {keys: self.told.intersection(keys) for keys in {frozenset(keys) for keys in said.values()}}
        self.named = {person: of_keys[frozenset(keys)] for person, keys in said.items()}
        self.shown: dict[str, dict[str, str | None]] = {
            person: {name: of[name] for name in dimensions} for person, of in self.groups.items()
        }
        self.dimensions = dimensions
        self.tongues: frozenset[str] = frozenset()
        if SPOKEN not in dimensions and any(
            SPOKEN in pair and {*pair} & {*dimensions} for pair in summary.pairs
        ):
            # The words beside a group tell the language as they tell a theme.
            spoken = {person: _tongue(of[SPOKEN]) for person, of in self.groups.items()}
            self.tongues = frozenset(spoken.values())
            self.named = {person: named | {spoken[person]} for person, named in self.named.items()}
        self.withheld: set[str] = set()
        self._crossings: dict[Group, frozenset[str]] = {}
        every = {*summary.groups, *dimensions}
        self.distinct = {
            (one, other): len({(of[one], of[other]) for of in self.groups.values()})
            for one in every
            for other in every
        }
        self.members: dict[Group, list[str]] = {}
        for person, of in self.groups.items():
            for name in dimensions:
                self.members.setdefault((name, of[name]), []).append(person)

    def gone(self, group: Group) -> list[str]:
        """Those of a group beside whom it is blanked."""
        return [person for person in self.members[group] if self.shown[person][group[0]] is None]

    def withhold(self, theme: str) -> None:
        """Leaves out everybody who named a theme that few named."""
        gone = {person for person, named in self.named.items() if theme in named}
        self.withheld |= gone
        for person in gone:
            for kept in (self.groups, self.named, self.shown):
                del kept[person]
        self.members = {group: [one for one in of if one not in gone] for group, of in self.members.items()}

    def readable(self, group: Group) -> frozenset[str]:
        """The themes whose shares in this group the findings tell."""
        found = self.summary.groups.get(group[0], {}).get(group[1])
        if found is None or found.heard is None:
            return frozenset()
        themes = (code for code, share in found.themes.items() if share is not None)
        return frozenset((*themes, *(self._heard_at(group) if self.tongues else ())))

    def seen(self, group: Group) -> frozenset[str]:
        """The themes that must stay as they are in a group, for itself or crossed with another."""
        if group not in self._crossings:
            self._crossings[group] = self.readable(group).union(
                *(
                    (code for code, share in found.themes.items() if share is not None)
                    for (one, other), crossed in self.summary.pairs.items()
                    for (value, value2), found in crossed.items()
                    if group in ((one, value), (other, value2)) and found.heard is not None
                )
            )
        return self._crossings[group]

    def to_hide(self, group: Group) -> Iterator[str]:
        """What must not be worked out of a group: themes that the findings hide, languages of few."""
        readable = self.readable(group)
        yield from sorted(self.told - readable)
        spoken = Counter(
            tongue for person in self.members[group] for tongue in self.named[person] & self.tongues
        )
        yield from sorted(
            one for one, count in spoken.items() if count < self.minimum and one not in readable
        )

    def within(self, fine: str, wide: str) -> bool:
        """Whether each value of one dimension lies in one value of the other."""
        return self.distinct[fine, wide] == self.distinct[fine, fine]

    def _heard_at(self, group: Group) -> Iterator[str]:
        """The languages of which the findings tell how many of this group speak them."""
        for (one, other), crossed in self.summary.pairs.items():
            for (value, value2), found in crossed.items():
                for here, there in (((one, value), (other, value2)), ((other, value2), (one, value))):
                    if here == group and there[0] == SPOKEN and found.heard is not None:
                        yield _tongue(there[1])


def _whole(of: Mapping[str, str], summary: Summary, dimensions: Collection[str]) -> dict[str, str]:
    return {name: of.get(name) or UNKNOWN for name in sorted({*summary.groups, *dimensions})}


def _tongue(language: str) -> str:
    return f"{SPOKEN} {language}"
