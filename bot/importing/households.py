"""Who is one household: whoever shares a child or a phone, unless the list says so itself. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID


def settle(
    homes: Mapping[UUID, UUID],
    ties: Iterable[tuple[UUID, UUID]],
    said: Mapping[UUID, str],
) -> dict[UUID, UUID]:
    """The household of each person: the smallest id of a person in it. Only those are given whose household changes.

    ``homes`` are the people concerned with their households as they are, all members of each; somebody new is at home
    with themselves. ``ties`` are pairs who have newly come to share a child or a phone. ``said`` is what the list's own
    column of households has for some people: it wins, so that two of its households stay two whatever they share.

    >>> a, b, c = UUID(int=1), UUID(int=2), UUID(int=3)
    >>> settle({a: a, b: b, c: c}, [(b, c)], {}) == {c: b}
    True
    >>> settle({a: a, b: a, c: a}, [(a, b)], {a: "1", b: "2"}) == {b: b, c: c}
    True
    """
    above = {person: person for person in homes}
    label: dict[UUID, str] = {}

    def top(one: UUID) -> UUID:
        while above[one] != one:
            above[one] = above[above[one]]
            one = above[one]
        return one

    def join(one: UUID, other: UUID) -> None:
        one, other = sorted((top(one), top(other)))
        if one == other or (one in label and other in label and label[one] != label[other]):
            return
        above[other] = one
        if other in label:
            label[one] = label.pop(other)

    members: dict[UUID, list[UUID]] = defaultdict(list)
    named: dict[str, list[UUID]] = defaultdict(list)
    for person in sorted(homes):
        members[homes[person]].append(person)
        if person in said:
            label[person] = said[person]
            named[said[person]].append(person)
    for people in named.values():
        for person in people[1:]:
            join(people[0], person)
    for people in members.values():
        # The list may have put members of one household into several: the rest stays together, and with none of them.
        rest = [person for person in people if person not in said]
        whose = {said[person]: person for person in people if person in said}
        for person in rest[1:]:
            join(rest[0], person)
        if rest and len(whose) == 1:
            join(rest[0], *whose.values())
    for one, other in sorted(tuple(sorted(tie)) for tie in ties):
        join(one, other)
    return {person: top(person) for person in homes if top(person) != homes[person]}
