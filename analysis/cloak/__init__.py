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

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass

from ..findings import Summary
from ..suppress import MINIMUM
from .blanking import crossed, few, hidden, rest
from .people import SPOKEN, People
from .places import pinned

__all__ = ["SPOKEN", "Cloaked", "cloak"]


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
    people = People(groups, said, summary, tuple(dimensions), minimum)
    hidden(people)
    crossed(people)
    # One step after another, until none takes anything away.
    while few(people) or rest(people) or pinned(people):
        pass
    lost = {name: sum(row[name] is None for row in people.shown.values()) for name in dimensions}
    left_out = tuple(name for name in dimensions if lost[name] == len(people.shown))
    return Cloaked(people.shown, lost, left_out, frozenset(people.withheld))
