"""Which groups may stand beside people's own words, so that no small group can be counted there, nor worked out.

Rows of replies are no table of shares: whoever has them can count. So values are blanked beside the replies of some (local
suppression: Willenborg and de Waal, *Elements of Statistical Disclosure Control*, 2001, chapter 5) until

* every combination of values that stands there is that of ``minimum`` people, and so many of these said each thing that
  one of them said (a theme, a language);
* nobody has a value beside a theme whose number the findings hide for that group, nor does anybody who named nothing that
  the findings tell of: they are the ones whom a small number can hide among;
* of no group are a few blanked: the findings tell how many it has, and the rest is a subtraction;
* each number that the findings hide could still be several. For that we look for pairs of blanked people, one of the
  group and one of another, who could change places without any number that can be read becoming another: ``SPREAD`` of
  them, or as many as named the theme at all. Where there are fewer, more are blanked who are like them; else those who
  named what few named are left out; else the group is blanked altogether, and in the end the whole dimension.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .findings import UNKNOWN, Summary
from .suppress import MINIMUM, SPREAD

Group = tuple[str, str]
"""(dimension, value)"""
Kind = tuple[tuple[str, ...], frozenset[str]]
"""What people who may change places have in common: where else they belong, and which themes they named."""


@dataclass(frozen=True, slots=True)
class Cloaked:
    """``values``: what may stand beside each person's replies, None where it is blanked. ``lost``: of how many people, by
    dimension. ``left_out``: the dimensions of which nothing may stand there. ``withheld``: people whose replies may not be
    there at all, where groups stand beside others'; they have no ``values``."""

    values: Mapping[str, Mapping[str, str | None]]
    lost: Mapping[str, int]
    left_out: tuple[str, ...]
    withheld: frozenset[str]


def cloak(
    groups: Mapping[str, Mapping[str, str]],
    said: Mapping[str, Collection[Hashable]],
    summary: Summary,
    dimensions: Sequence[str],
    *,
    minimum: int = MINIMUM,
) -> Cloaked:
    """``groups``: each person's, in all dimensions of the summary, of everybody whose replies are handed on. ``said``: what
    stands beside these and can be counted, themes by their ids among it. ``dimensions``: those that are wanted."""
    work = _Work(groups, said, summary, tuple(dimensions), minimum)
    for _ in work.steps():
        pass
    lost = {name: sum(row[name] is None for row in work.shown.values()) for name in dimensions}
    left_out = tuple(name for name in dimensions if lost[name] == len(work.shown))
    return Cloaked(work.shown, lost, left_out, frozenset(work.withheld))


class _Work:
    """The people as they are, and as they may be shown. Values are only ever taken away, so the work ends."""

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
        self.withheld: set[str] = set()
        every = {*summary.groups, *dimensions}
        self.distinct = {
            (one, other): len({(of[one], of[other]) for of in self.groups.values()})
            for one in every
            for other in every
        }
        self.people: dict[Group, list[str]] = {}
        for person, of in self.groups.items():
            for name in dimensions:
                self.people.setdefault((name, of[name]), []).append(person)

    def steps(self) -> Iterator[None]:
        """One step at a time, until none takes anything away."""
        self._hidden()
        self._crossed()
        while self._few() or self._rest() or self._pinned():
            yield

    def readable(self, group: Group) -> frozenset[str]:
        """The themes whose shares in this group the findings tell."""
        found = self.summary.groups.get(group[0], {}).get(group[1])
        if found is None or found.heard is None:
            return frozenset()
        return frozenset(code for code, share in found.themes.items() if share is not None)

    def _hidden(self) -> None:
        for group, people in self.people.items():
            readable = self.readable(group)
            for person in people:
                if not self.named[person] or not self.named[person] <= readable:
                    self.shown[person][group[0]] = None

    def _crossed(self) -> None:
        """The same for two dimensions at once, where the findings tell of them."""
        for pair, crossed in self.summary.pairs.items():
            if not set(pair) <= set(self.dimensions):
                continue
            finer = max(pair, key=lambda name: len(self.summary.groups.get(name, {})))
            for person, of in self.groups.items():
                found = crossed.get((of[pair[0]], of[pair[1]]))
                themes = {} if found is None or found.heard is None else found.themes
                if any(themes.get(code) is None for code in self.named[person]):
                    self.shown[person][finer] = None

    def _few(self) -> bool:
        """Blanks one value of everybody whose combination is that of few. Whether there was anybody."""
        alike: dict[tuple[str | None, ...], list[str]] = {}
        for person, row in self.shown.items():
            alike.setdefault(tuple(row.values()), []).append(person)
        sizes = {pattern: len(people) for pattern, people in alike.items()}
        found = False
        for pattern, people in alike.items():
            if all(value is None for value in pattern):
                continue
            keys = Counter(key for person in people for key in self.said[person])
            few = {key for key, count in keys.items() if count < self.minimum}
            small = len(people) < self.minimum
            lonely = [person for person in people if small or not few.isdisjoint(self.said[person])]
            if lonely:
                found = True
                name = self.dimensions[self._least(pattern, sizes)]
                for person in lonely:
                    self.shown[person][name] = None
        return found

    def _least(self, pattern: tuple[str | None, ...], sizes: Mapping[tuple[str | None, ...], int]) -> int:
        """The value whose loss leads into the largest company; of the dimension with most values where that is equal."""

        def company(at: int) -> tuple[int, int, int]:
            without = (*pattern[:at], None, *pattern[at + 1 :])
            alone = all(value is None for value in without)
            values = len(self.summary.groups.get(self.dimensions[at], {}))
            return 0 if alone else sizes.get(without, 0), values, -at

        return max((at for at, value in enumerate(pattern) if value is not None), key=company)

    def _rest(self) -> bool:
        """Blanks more of each group of which a few are blanked."""
        found = False
        for (name, _), people in self.people.items():
            left = [person for person in people if self.shown[person][name] is not None]
            gone = len(people) - len(left)
            if left and 0 < gone < self.minimum:
                found = True
                # Those of whom there are most alike are missed least.
                alike = Counter(frozenset(self.said[person]) for person in left)
                left.sort(key=lambda person: -alike[frozenset(self.said[person])])
                for person in left[: self.minimum - gone]:
                    self.shown[person][name] = None
        return found

    def _pinned(self) -> bool:
        """Blanks a group altogether where something that the findings hide could be only one thing; or its dimension."""
        found = False
        naming = Counter(theme for named in self.named.values() for theme in named)
        for name in self.dimensions:
            if all(row[name] is None for row in self.shown.values()):
                continue
            values = [group for group in self.people if group[0] == name]
            elsewhere = self._beside(name)
            blanked = {group: self._kinds(group, elsewhere) for group in values}
            wholly = {g for g in values if all(self.shown[p][name] is None for p in self.people[g])}
            finer = self._finer(name)
            for group in values:
                for theme in sorted(self.told - self.readable(group)):
                    others = [g for g in values if g != group and theme not in self.readable(g) | finer]
                    missing = min(SPREAD, naming[theme]) - self._moves(theme, blanked, group, others, finer)
                    if missing <= 0:
                        continue
                    found = True
                    more = self._alike(theme, group, others, elsewhere, finer, missing)
                    if not more and naming[theme] < self.minimum:
                        self._withhold(theme)
                        return True
                    for person in more or self._wholly(
                        group, [other for other in others if other not in wholly], wholly
                    ):
                        self.shown[person][name] = None
        return found

    def _withhold(self, theme: str) -> None:
        """Leaves out everybody who named a theme that few named."""
        gone = {person for person, named in self.named.items() if theme in named}
        self.withheld |= gone
        for person in gone:
            for kept in (self.groups, self.named, self.shown):
                del kept[person]
        self.people = {group: [one for one in of if one not in gone] for group, of in self.people.items()}

    def _alike(
        self,
        theme: str,
        here: Group,
        others: Sequence[Group],
        elsewhere: Sequence[str],
        finer: frozenset[str],
        most: int,
    ) -> list[str]:
        """People not blanked yet who could change places with somebody blanked who named the theme."""
        name, found = here[0], list[str]()
        for there in others:
            seen = self.readable(here) | self.readable(there) | finer

            def kind(person: str, seen: frozenset[str] = seen) -> Kind:
                return tuple(self.groups[person][other] for other in elsewhere), self.named[person] & seen

            for one, other in ((here, there), (there, here)):
                wanted = Counter(kind(each) for each in self._gone(one) if theme in self.named[each])
                # For these there is somebody blanked already.
                wanted -= Counter(kind(each) for each in self._gone(other) if theme not in self.named[each])
                for person in self.people[other] if wanted else []:
                    if self.shown[person][name] is not None and wanted[like := kind(person)] > 0:
                        wanted[like] -= 1
                        found.append(person)
                        if len(found) == most:
                            return found
        return found

    def _gone(self, group: Group) -> list[str]:
        return [person for person in self.people[group] if self.shown[person][group[0]] is None]

    def _wholly(self, group: Group, others: Sequence[Group], wholly: Collection[Group]) -> list[str]:
        """Everybody of the group and of the smallest that it could be mixed up with; of the dimension, where these are blanked
        already."""
        more = [each for each in (group,) if each not in wholly]
        more += sorted(others, key=lambda other: (len(self.people[other]), other))[:1]
        more = more or [each for each in self.people if each[0] == group[0]]
        return [person for each in more for person in self.people[each]]

    def _kinds(self, group: Group, elsewhere: Sequence[str]) -> Counter[Kind]:
        """The blanked of a group, by what they must have in common with whoever takes their place."""
        name, kinds = group[0], Counter[Kind]()
        for person in self.people[group]:
            if self.shown[person][name] is None:
                of = self.groups[person]
                kinds[tuple(of[other] for other in elsewhere), self.named[person]] += 1
        return kinds

    def _beside(self, name: str) -> list[str]:
        """The dimensions that would show if somebody's value of this one were another: handed on or told beside it, or
        made of its groups."""
        paired = {other for pair in self.summary.pairs if name in pair for other in pair}
        wider = {other for other in self.summary.groups if self._within(name, other)}
        return sorted({*self.dimensions, *paired, *wider} - {name})

    def _finer(self, name: str) -> frozenset[str]:
        """What the findings tell of dimensions whose groups this one's are made of."""
        return frozenset().union(
            *(
                self.readable((other, value))
                for other in self.summary.groups
                if other != name and self._within(other, name) and not self._within(name, other)
                for value in self.summary.groups[other]
            )
        )

    def _within(self, fine: str, wide: str) -> bool:
        """Whether each value of one dimension lies in one value of the other."""
        return self.distinct[fine, wide] == self.distinct[fine, fine]

    def _moves(
        self,
        theme: str,
        blanked: Mapping[Group, Counter[Kind]],
        here: Group,
        others: Sequence[Group],
        finer: frozenset[str],
    ) -> int:
        """How many pairs of the blanked could change places, one from here and one from another group, of whom one named the
        theme and one did not. Each is in one pair."""
        mine = dict(blanked[here])
        moves = 0
        for there in others:
            seen = self.readable(here) | self.readable(there) | finer
            theirs: Counter[tuple[bool, Kind]] = Counter()
            for (elsewhere, named), count in blanked[there].items():
                theirs[theme in named, (elsewhere, named & seen)] += count
            for (elsewhere, named), count in mine.items():
                like = theme not in named, (elsewhere, named & seen)
                pairs = min(count, theirs[like])
                mine[elsewhere, named] -= pairs
                theirs[like] -= pairs
                moves += pairs
            if moves >= SPREAD:
                break
        return moves


def _whole(of: Mapping[str, str], summary: Summary, dimensions: Collection[str]) -> dict[str, str]:
    return {name: of.get(name) or UNKNOWN for name in sorted({*summary.groups, *dimensions})}
