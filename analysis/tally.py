"""Counts what people chose, question by question, and hides what would tell of few.

Of several answers of one person to one question the last that was understood counts. Ways out ("Not sure", "Have not
tried") are counted apart and are no part of any base, and neither is whoever passed over the question. Numbers of few
people are hidden, and every number from which one could be worked out (conceal.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .amounts import Band, bands, middle
from .conceal import ALL, TOTAL, Cell, Group, Parts, conceal
from .findings import UNKNOWN
from .intervals import wilson
from .items import NUMBERS, PASSED, TOP, Given, Item, Part, Result, Share
from .suppress import MINIMUM, SPREAD, Count, hide, nested

REST = "the rest"
"""The row of all points of a scale below the two highest."""
SHOWN_TO = 20
"""Where people see a part of the choices, by lot, a choice is told of when so many have seen it."""


def reckon(items: Sequence[Item], given: Iterable[Given], *, minimum: int = MINIMUM) -> tuple[Result, ...]:
    """What people chose at each item. Answers to other questions are passed over; later answers come after earlier."""
    last: dict[str, dict[str, Given]] = {item.key: {} for item in items}
    belongs: dict[str, dict[str, str]] = {}
    for one in given:
        belongs.setdefault(one.person, {}).update(
            {name: value for name, value in one.groups.items() if value}
        )
        said = last.get(one.item)
        if said is not None and (_understood(one) or one.person not in said):
            said[one.person] = one
    dimensions = sorted({name for groups in belongs.values() for name in groups})
    placed = {
        person: {name: groups.get(name) or UNKNOWN for name in dimensions}
        for person, groups in belongs.items()
    }
    return tuple(_result(item, last[item.key], placed, minimum) for item in items)


def _understood(one: Given) -> bool:
    return one.value is not None or one.missing is not None


def _result(
    item: Item, said: Mapping[str, Given], placed: Mapping[str, Mapping[str, str]], minimum: int
) -> Result:
    chosen: dict[str, Any] = {person: _chosen(item, one.value) for person, one in said.items()}
    passed = Counter(
        one.missing if one.missing in PASSED else "unclear"
        for person, one in said.items()
        if chosen[person] is None
    )
    ways_out = {(choice.key,) for choice in item.choices if choice.apart}
    out = Counter(value[0] for value in chosen.values() if value in ways_out)
    kept = {person: value for person, value in chosen.items() if value is not None and value not in ways_out}
    told = passed_over(passed, minimum)
    counted = len(kept) if len(kept) >= minimum else None
    answered, apart = _apart(item, len(kept), out, minimum)
    result = Result(item, answered, counted, (), apart, told[TOTAL], {how: told[how] for how in PASSED})
    if counted is None:
        return replace(result, shares=tuple(Share(c.key, c.label) for c in item.choices if not c.apart))
    groups = {person: placed[person] for person in kept}
    if item.kind in NUMBERS:
        return _of_numbers(result, kept, groups, minimum)
    return _of_choices(result, kept, said, groups, minimum)


def _chosen(item: Item, value: Any) -> float | tuple[str, ...] | None:
    """The answer as it is counted: a number, or the choices named; None for what is no answer to this item."""
    if item.kind in NUMBERS:
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    if item.kind == "yesno":
        return ("yes" if value else "no",) if isinstance(value, bool) else None
    keys = {choice.key for choice in item.choices}
    if item.kind in ("one", "scale"):
        return (value,) if isinstance(value, str) and value in keys else None
    if not isinstance(value, list):
        return None
    named = tuple(dict.fromkeys(key for key in value if key in keys))
    return named or ((item.none,) if item.none and item.kind == "many" and not value else None)


def passed_over(passed: Mapping[str, int], minimum: int) -> dict[str, int | None]:
    """How many passed over a question, in all (under TOTAL) and by how, as far as it may be told.

    >>> passed_over({"skipped": 14, "unclear": 3}, 10)
    {'skipped': None, 'dont_know': None, 'unclear': None, '': 17}
    """
    counts = {how: Count(passed.get(how, 0)) for how in PASSED} | {TOTAL: Count(sum(passed.values()))}
    hidden = hide(counts, [(TOTAL, PASSED)], minimum=minimum)
    return {how: None if how in hidden else count.said for how, count in counts.items()}


def _apart(
    item: Item, counted: int, out: Mapping[str, int], minimum: int
) -> tuple[int | None, tuple[Share, ...]]:
    """How many answered, and the ways out. Where one of those is hidden, it is the sum that goes, not the base."""
    ways = [choice for choice in item.choices if choice.apart]
    small = [choice.key for choice in ways if out.get(choice.key, 0) < minimum]
    together = sum(out.get(key, 0) for key in small)
    tells = counted < minimum or (small and (len(small) < 2 or together < minimum))
    shares = tuple(Share(c.key, c.label, None if c.key in small else out.get(c.key, 0)) for c in ways)
    return None if tells else counted + sum(out.values()), shares


def _of_numbers(
    result: Result, values: Mapping[str, float], groups: Mapping[str, Mapping[str, str]], minimum: int
) -> Result:
    cut = bands(list(values.values()), minimum, result.item.least)
    held = [sum(band.holds(value) for value in values.values()) for band in cut]
    sizes = _sizes(groups)
    hidden = conceal(
        {(group, TOTAL): size for group, size in sizes.items()}, {}, nested(groups), minimum=minimum
    )
    by: dict[str, dict[str, Part]] = {}
    for dimension, value in _ordered(sizes, hidden):
        gone = ((dimension, value), TOTAL) in hidden
        inside = [values[person] for person, belongs in groups.items() if belongs[dimension] == value]
        found = Part(None) if gone else Part(len(inside), {}, middle(inside, minimum))
        by.setdefault(dimension, {})[value] = found
    return replace(
        result,
        middle=middle(list(values.values()), minimum),
        bands=tuple(_band(band, n, len(values), minimum) for band, n in zip(cut, held, strict=True))
        if len(cut) > 1
        else (),
        groups=by,
    )


def _band(band: Band, count: int, of: int, minimum: int) -> Share:
    # Bands are joined until each holds enough; a share of nearly all cannot be, for the others hold enough as well.
    return (
        share(band.label, band.label, Count(count, of)) if count >= minimum else Share(band.label, band.label)
    )


def _of_choices(
    result: Result,
    kept: Mapping[str, Any],
    said: Mapping[str, Given],
    groups: Mapping[str, Mapping[str, str]],
    minimum: int,
) -> Result:
    item = result.item
    shown = {person: said[person].shown for person in kept}
    known = item.lots and all(seen is not None for seen in shown.values())
    choices = [choice for choice in item.choices if not choice.apart]
    parts, top = _parts(item, [choice.key for choice in choices])
    labels = {choice.key: choice.label for choice in choices}
    rows = [*labels, *(row for row in (TOP, REST) if top and (row == TOP or row in parts[TOTAL]))]
    inside = {row: set(parts.get(row, (row,))) for row in rows}
    sizes = _sizes(groups)
    of: Counter[Cell] = Counter()
    chose: Counter[Cell] = Counter()
    for person, value in kept.items():
        named = set(value[:1] if item.kind == "rank" else value)
        belongs = (ALL, *groups[person].items())
        seen = shown[person] if known else None
        for row in rows:
            if seen is None or row in seen:
                of.update((group, row) for group in belongs)
                if inside[row] & named:
                    chose.update((group, row) for group in belongs)
    counts: dict[Cell, Count] = {(group, TOTAL): size for group, size in sizes.items()}
    counts |= {(g, row): Count(chose[g, row], of[g, row]) for g in sizes for row in rows}
    few = {
        cell for cell, count in counts.items() if known and cell[1] != TOTAL and (count.of or 0) < SHOWN_TO
    }
    hidden = _hidden(item, counts, parts, nested(groups), minimum, few)
    if top:
        labels[TOP] = f"Top two: {' or '.join(labels[key] for key in parts[TOP])}"
    told = {cell: _told_share(cell, counts, labels, hidden) for cell in counts if cell[1] in labels}
    by: dict[str, dict[str, Part]] = {}
    for group in _ordered(sizes, hidden):
        gone = (group, TOTAL) in hidden
        part = Part(None if gone else sizes[group].said, {row: told[group, row] for row in labels})
        by.setdefault(group[0], {})[group[1]] = part
    shares = [told[ALL, choice.key] for choice in choices]
    if item.kind == "rank":
        shares = _places(shares, list(kept.values()))
    return replace(
        result,
        shares=tuple(shares),
        top=told[ALL, TOP] if top else None,
        base="shown" if known else "asked" if item.lots else "counted",
        groups=by,
    )


def _parts(item: Item, keys: Sequence[str]) -> tuple[dict[str, tuple[str, ...]], bool]:
    """What adds up to what, and whether there is a top-two share."""
    picks = [key for key in keys if key != item.none]
    if item.kind == "many" and (item.pick != 1 or item.lots) and (len(picks) > 1 or item.lots):
        return {}, False
    if item.kind != "scale" or not item.ordered or len(keys) < 3:
        return {TOTAL: tuple(keys)}, False
    low, high = tuple(keys[:-2]), tuple(keys[-2:])
    return (
        {TOTAL: (*low, TOP), TOP: high} if len(low) == 1 else {TOTAL: (REST, TOP), REST: low, TOP: high}
    ), True


def _hidden(
    item: Item,
    counts: Mapping[Cell, Count],
    parts: Parts,
    within: Sequence[tuple[Group, Sequence[Group]]],
    minimum: int,
    also: Collection[Cell],
) -> frozenset[Cell]:
    """The cells to hide; of a list also those that the rule of at most ``pick`` would narrow down."""
    gone = frozenset(also)
    while True:
        hidden = conceal(counts, parts, within, minimum=minimum, also=gone)
        more = set() if parts else set(_narrowed(item, counts, hidden, minimum))
        if not more:
            return hidden
        gone = hidden | more


def _narrowed(
    item: Item, counts: Mapping[Cell, Count], hidden: Collection[Cell], minimum: int
) -> Iterable[Cell]:
    """One more cell for each group in which so many picks are shown that hardly any are left for a hidden choice, or
    so few that a hidden one must have had many: everybody who did not say "none" picked at least one.
    """
    picks = [choice.key for choice in item.choices if not choice.apart and choice.key != item.none]
    for group in {group for group, _ in counts}:
        gone = [(group, key) for key in picks if (group, key) in hidden]
        left = [(group, key) for key in picks if (group, key) not in hidden]
        if not gone or not left or (group, TOTAL) in hidden:
            continue
        none = (group, item.none or "")
        people = counts[group, TOTAL].said - (
            counts[none].said if none in counts and none not in hidden else 0
        )
        shown = [counts[cell].said for cell in left]
        roof = min(people, people * item.pick - sum(shown)) if item.pick else people
        floor = people - sum(shown) if len(gone) == 1 and item.none in {c.key for c in item.choices} else 0
        if roof < minimum or roof - max(floor, 0) < SPREAD:
            yield min(left, key=lambda cell: (counts[cell].said, cell))


def _places(shares: Sequence[Share], orders: Sequence[Sequence[str]]) -> list[Share]:
    """The shares with their mean places, as far as a mean does not tell a hidden number of firsts."""
    people, last = len(orders), len(shares)
    summed = {
        one.key: sum(order.index(one.key) + 1 if one.key in order else last for order in orders)
        for one in shares
    }
    told = {
        one.key for one in shares if one.count is not None or _firsts(people, last, summed[one.key]) >= SPREAD
    }
    if len(shares) - len(told) == 1:  # all places add up
        told -= {min(told, key=lambda key: (-summed[key], key), default="")}
    return [replace(o, mean=round(summed[o.key] / people, 1)) if o.key in told else o for o in shares]


def _firsts(people: int, last: int, summed: int) -> int:
    """How far apart the most and the fewest are that can have put first what got these places in all.

    >>> _firsts(20, 2, 38), _firsts(20, 4, 50)
    (0, 10)
    """
    return (people * last - summed) // (last - 1) - max(0, people * 2 - summed) if last > 1 else 0


def _told_share(
    cell: Cell, counts: Mapping[Cell, Count], labels: Mapping[str, str], hidden: Collection[Cell]
) -> Share:
    label = labels[cell[1]]
    return Share(cell[1], label) if cell in hidden else share(cell[1], label, counts[cell])


def share(key: str, label: str, count: Count) -> Share:
    """A share that may be told."""
    of = count.of or 0
    low, high = wilson(count.said, of)
    return Share(key, label, count.said, of, count.said / of if of else 0.0, low, high)


def _sizes(groups: Mapping[str, Mapping[str, str]]) -> dict[Group, Count]:
    found: Counter[Group] = Counter(group for belongs in groups.values() for group in belongs.items())
    return {ALL: Count(len(groups)), **{group: Count(found[group]) for group in sorted(found)}}


def _ordered(sizes: Mapping[Group, Count], hidden: Collection[Cell]) -> list[Group]:
    """The groups in the order of a table: the largest first, the unknown last; hidden ones by name, for an order by
    size would tell of it."""
    return sorted(
        (group for group in sizes if group != ALL),
        key=lambda group: (
            group[0],
            group[1] == UNKNOWN,
            0 if (group, TOTAL) in hidden else -sizes[group].said,
            group[1],
        ),
    )
