"""Blanks what can be read or counted beside replies: what the findings hide, combinations of few, and few that are missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from .people import People


def hidden(people: People) -> None:
    """Blanks a group beside whoever named a theme that the findings hide for it, or nothing that they tell of."""
    for group, some in people.members.items():
        readable = people.readable(group)
        for person in some:
            named = people.named[person] - people.tongues
            if not named or not named <= readable:
                people.shown[person][group[0]] = None


def crossed(people: People) -> None:
    """The same for two dimensions at once, where the findings tell of them."""
    for pair, told in people.summary.pairs.items():
        if not set(pair) <= set(people.dimensions):
            continue
        finer = max(pair, key=lambda name: len(people.summary.groups.get(name, {})))
        for person, of in people.groups.items():
            found = told.get((of[pair[0]], of[pair[1]]))
            themes = {} if found is None or found.heard is None else found.themes
            if any(themes.get(code) is None for code in people.named[person] - people.tongues):
                people.shown[person][finer] = None


def few(people: People) -> bool:
    """Blanks one value of everybody whose combination is that of few. Whether there was anybody."""
    alike: dict[tuple[str | None, ...], list[str]] = {}
    for person, row in people.shown.items():
        alike.setdefault(tuple(row.values()), []).append(person)
    sizes = {pattern: len(some) for pattern, some in alike.items()}
    found = False
    for pattern, some in alike.items():
        if all(value is None for value in pattern):
            continue
        keys = Counter(key for person in some for key in people.said[person])
        rare = {key for key, count in keys.items() if count < people.minimum}
        small = len(some) < people.minimum
        lonely = [person for person in some if small or not rare.isdisjoint(people.said[person])]
        if lonely:
            found = True
            name = people.dimensions[_least(people, pattern, sizes)]
            for person in lonely:
                people.shown[person][name] = None
    return found


def _least(
    people: People, pattern: tuple[str | None, ...], sizes: Mapping[tuple[str | None, ...], int]
) -> int:
    """The value whose loss leads into the largest company; of the dimension with most values where that is equal."""

    def company(at: int) -> tuple[int, int, int]:
        without = (*pattern[:at], None, *pattern[at + 1 :])
        alone = all(value is None for value in without)
        values = len(people.summary.groups.get(people.dimensions[at], {}))
        return 0 if alone else sizes.get(without, 0), values, -at

    return max((at for at, value in enumerate(pattern) if value is not None), key=company)


def rest(people: People) -> bool:
    """Blanks more of each group of which a few are blanked."""
    found = False
    for (name, _), some in people.members.items():
        left = [person for person in some if people.shown[person][name] is not None]
        gone = len(some) - len(left)
        if left and 0 < gone < people.minimum:
            found = True
            # Those of whom there are most alike are missed least.
            alike = Counter(frozenset(people.said[person]) for person in left)
            left.sort(key=lambda person: -alike[frozenset(people.said[person])])
            for person in left[: people.minimum - gone]:
                people.shown[person][name] = None
    return found
