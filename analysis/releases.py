"""Two states of one survey, one after the other: what their difference tells, and when a second may be shown.

The same survey is shown today and again next week, with a few more people. Whoever lays the two side by side has a third
table, that of the few: what today's numbers have more than the earlier ones. So a number may be shown now only where
the difference to each earlier state that showed it could itself be shown (suppress.py), or where nobody came or went.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Self

from .counting import ALL, Cells, Key, is_crossing
from .findings import Earlier
from .suppress import MINIMUM, Count, hide

GROWTH = 0.2
"""The share of those heard before by which a survey has to have grown."""


def due(heard_before: int, heard_now: int, minimum: int = MINIMUM, *, over: bool = False) -> bool:
    """Whether a new state may be shown: the first as soon as anybody is heard, a later one when enough more are.

    At least ``minimum``, since fewer new people are a small group whatever they say. And at least a fifth of those heard
    before: of few new people nearly every number is small and would have to be hidden, so a state shown too soon shows
    less than the one before it. It also keeps the states few (from 100 people to 1,000 there are 13), and each
    further state is one more table for those who compare. Once the survey is ``over`` nobody waits for more, and
    ``minimum`` is enough.

    >>> due(0, 1), due(30, 39), due(30, 40), due(200, 239), due(200, 240), due(200, 210, over=True)
    (True, False, True, False, True, True)
    """
    return heard_now - heard_before >= (minimum if over and heard_before else wait(heard_before, minimum))


def wait(heard_before: int, minimum: int = MINIMUM) -> int:
    """How many more people have to be heard for the next state.

    >>> wait(0), wait(20), wait(200)
    (1, 10, 40)
    """
    # In whole numbers: a fifth of 5 is 1, whatever floats make of 0.2.
    return max(minimum, ceil(heard_before * round(GROWTH * 100) / 100)) if heard_before else 1


def told(
    cells: Cells,
    tables: Mapping[str, Mapping[Key, int]],
    hidden: Mapping[str, Collection[Key]],
    more: Mapping[str, Mapping[str, int]],
    *,
    crossed: bool,
) -> dict[str, Any]:
    """The numbers of a state that can be read, as plain data: ``Summary.shown``.

    ``{"cells": [[], ["school", "Oak"], ["school", "Oak", "language", "es"]], "counts": {"heard": [120, 40, null]}, …}``,
    where ``more`` are tables that have no groups, by name, and ``crossed`` says whether crossings were looked at: where they
    were not, they may all have been asked for.
    """
    keys = [key for key in cells.keys if any(key in counts and key not in hidden[name] for name, counts in tables.items())]  # fmt: skip
    return {
        "crossed": crossed,
        "cells": [_plain(key) for key in keys],
        "counts": {
            name: [counts[key] if key in counts and key not in hidden[name] else None for key in keys]
            for name, counts in tables.items()
        },
        **{name: dict(counts) for name, counts in more.items()},
    }


def _plain(key: Key) -> list[str]:
    if key == ALL:
        return []
    return [part for group in key for part in group] if is_crossing(key) else [str(part) for part in key]  # fmt: skip


def _key(plain: Sequence[str]) -> Key:
    if not plain:
        return ALL
    return ((plain[0], plain[1]), (plain[2], plain[3])) if len(plain) == 4 else (plain[0], plain[1])


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier state: who was heard in it, and the shown numbers of each table (``more``: of those without groups)."""

    people: frozenset[str]
    tables: Mapping[str, Mapping[Key, int]]
    more: Mapping[str, Mapping[str, int]]
    crossed: bool

    @classmethod
    def of(cls, earlier: Earlier) -> Self:
        shown = earlier.shown
        keys = [_key(plain) for plain in shown.get("cells", ())]
        return cls(
            earlier.people,
            {
                name: {key: count for key, count in zip(keys, counts, strict=True) if count is not None}
                for name, counts in shown.get("counts", {}).items()
            },
            {
                name: counts
                for name, counts in shown.items()
                if isinstance(counts, Mapping) and name != "counts"
            },
            bool(shown.get("crossed")),
        )


@dataclass(frozen=True, slots=True)
class Growth:
    """What one cell's table gained since an earlier state. ``new`` are people heard now and not then."""

    now: Mapping[Key, int]
    then: Mapping[Key, int]
    new: Mapping[Key, int]


def reveal(
    part: Growth,
    whole: Growth | None,
    hidden: Collection[Key],
    sums: Sequence[tuple[Key, Sequence[Key]]],
    minimum: int,
    fixed: Collection[Key] = (),
) -> frozenset[Key]:
    """The shown cells of now that must be hidden since an earlier state showed them, or what makes them up, too.

    The difference of the two states is a table like any other, some cells of which are known: those that both show. ``whole``
    is the table of which this one counts a part (of the people heard, those who named a theme).
    """
    base = whole or part
    # Cells in which as many people are as were then: nobody came, or those who did stand in for others (whose answers were
    # cut from them). Then a number that is another one is a reading that was changed, or tells of who came and went.
    still = {
        key
        for key, now in part.now.items()
        if key in base.now
        and base.now[key] == base.then.get(key)
        and (not base.new[key] or key not in part.then or part.then[key] == now)
    }
    known = {key for key in part.now if key in part.then and key not in hidden}
    counts: dict[Key, Count] = {}
    for key in part.now:
        if key in still:
            continue
        # A number that went down tells of those who are gone.
        said = abs(part.now[key] - part.then[key]) if key in known else part.new[key]
        if whole is None:
            counts[key] = Count(said)
        elif key in whole.then:
            counts[key] = Count(said, abs(whole.now[key] - whole.then[key]))
        else:
            counts[key] = Count(said, whole.new[key])
    over = [(parent, [kid for kid in kids if kid in counts]) for parent, kids in sums if parent in counts]
    gone = hide(
        counts,
        [(parent, kids) for parent, kids in over if kids],
        minimum=minimum,
        also=counts.keys() - known,
        fixed=fixed,
    )
    # Where nobody is new, what is shown now is what was hidden then.
    again = {key for key in still if whole is not None and key not in part.then} if whole else set()
    return frozenset((gone | again) - set(fixed) - set(hidden))
