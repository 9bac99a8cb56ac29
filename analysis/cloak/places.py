"""Looks whether what the findings hide could be worked out from rows, and blanks more until it could not.

A hidden number could be another where blanked people of two groups could change places without any number that can be read
becoming another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from ..suppress import SPREAD
from .people import SPOKEN, Group, People

Kind = tuple[tuple[str, ...], frozenset[str]]
"""What people who may change places have in common: where else they belong, and which themes they named."""


def pinned(people: People) -> bool:
    """Blanks a group altogether where something that the findings hide could be only one thing; or its dimension."""
    found = False
    naming = Counter(theme for named in people.named.values() for theme in named)
    for name in people.dimensions:
        if all(row[name] is None for row in people.shown.values()):
            continue
        values = [group for group in people.members if group[0] == name]
        elsewhere = _beside(people, name)
        blanked = {group: _kinds(people, group, elsewhere) for group in values}
        wholly = {g for g in values if all(people.shown[p][name] is None for p in people.members[g])}
        finer = _finer(people, name)
        for group in values:
            for theme in people.to_hide(group):
                others = [g for g in values if g != group and theme not in people.readable(g) | finer]
                missing = min(SPREAD, naming[theme]) - _moves(people, theme, blanked, group, others, finer)
                if missing <= 0:
                    continue
                found = True
                more = _alike(people, theme, group, others, elsewhere, finer, missing)
                if not more and naming[theme] < people.minimum:
                    people.withhold(theme)
                    return True
                for person in more or _wholly(
                    people, group, [other for other in others if other not in wholly], wholly
                ):
                    people.shown[person][name] = None
    return found


def _moves(
    people: People,
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
        seen = (people.seen(here) | people.seen(there) | finer) - {theme}
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


def _alike(
    people: People,
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
        seen = (people.seen(here) | people.seen(there) | finer) - {theme}

        def kind(person: str, seen: frozenset[str] = seen) -> Kind:
            return tuple(people.groups[person][other] for other in elsewhere), people.named[person] & seen

        for one, other in ((here, there), (there, here)):
            wanted = Counter(kind(each) for each in people.gone(one) if theme in people.named[each])
            # For these there is somebody blanked already.
            wanted -= Counter(kind(each) for each in people.gone(other) if theme not in people.named[each])
            for person in people.members[other] if wanted else []:
                if people.shown[person][name] is not None and wanted[like := kind(person)] > 0:
                    wanted[like] -= 1
                    found.append(person)
                    if len(found) == most:
                        return found
    return found


def _wholly(people: People, group: Group, others: Sequence[Group], wholly: Collection[Group]) -> list[str]:
    """Everybody of the group and of the smallest that it could be mixed up with; of the dimension, where these are blanked
    already."""
    more = [each for each in (group,) if each not in wholly]
    more += sorted(others, key=lambda other: (len(people.members[other]), other))[:1]
    more = more or [each for each in people.members if each[0] == group[0]]
    return [person for each in more for person in people.members[each]]


def _kinds(people: People, group: Group, elsewhere: Sequence[str]) -> Counter[Kind]:
    """The blanked of a group, by what they must have in common with whoever takes their place."""
    name, kinds = group[0], Counter[Kind]()
    for person in people.members[group]:
        if people.shown[person][name] is None:
            of = people.groups[person]
            kinds[tuple(of[other] for other in elsewhere), people.named[person]] += 1
    return kinds


def _beside(people: People, name: str) -> list[str]:
    """The dimensions that would show if somebody's value of this one were another: handed on or told beside it, or
    made of its groups."""
    paired = {other for pair in people.summary.pairs if name in pair for other in pair}
    wider = {other for other in people.summary.groups if people.within(name, other)}
    others = {*people.dimensions, *paired, *wider} - {name}
    return sorted(others - {SPOKEN} if people.tongues else others)


def _finer(people: People, name: str) -> frozenset[str]:
    """What the findings tell of dimensions whose groups this one's are made of."""
    return frozenset().union(
        *(
            people.readable((other, value))
            for other in people.summary.groups
            if other != name and people.within(other, name) and not people.within(name, other)
            for value in people.summary.groups[other]
        )
    )
