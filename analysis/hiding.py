"""Which numbers of a summary may be shown, in all its tables at once: sizes, themes, crossings, and earlier states.

First the tables of one dimension, as if there were no others. Then the crossings of two dimensions, which give way: what
the first have decided stays. All crossings that anybody could ask for are looked at together, whichever are asked for,
for people ask for one after another and lay them side by side.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np

from .audit import Facts, Sums, look
from .counting import ALL, Cells, Crossing, Group, Key, Numbers, People, Truths, is_crossing
from .releases import Growth, Past, reveal
from .suppress import SPREAD, Count, hide

SIZES = ("asked", "answered", "heard")
"""Each is a part of the one before it."""
PATIENCE = 12
"""So often we hide what stands beside a number that is told before all crossings of its table are hidden."""
Sum = tuple[Key, Sequence[Key]]


@dataclass(frozen=True, slots=True)
class Table:
    """People who are counted (``who``), and those of whom they are a part."""

    who: Truths
    of: Truths


@dataclass(frozen=True)
class Census:
    """Everything that is counted: the people, three sizes, and who named each theme (``rows``)."""

    people: People
    heard: Truths
    rows: Mapping[str, Truths]
    minimum: int
    past: Sequence[Past] = ()
    spread: int = field(default=SPREAD)

    @property
    def sizes(self) -> dict[str, Truths]:
        everybody = np.ones(len(self.people), dtype=bool)
        return {"asked": everybody, "answered": self.people.answered, "heard": self.heard}


class Shown(NamedTuple):
    """What is counted in each cell of each table, and the cells of each that are hidden. Of a ``crossing`` that is no
    more than a group under another name, ``same`` has the group."""

    cells: Cells
    counts: Mapping[str, Mapping[Key, int]]
    hidden: Mapping[str, frozenset[Key]]
    same: Mapping[Crossing, Group]

    def get(self, table: str, key: Key) -> int | None:
        """The number, where it may be told."""
        return None if key in self.hidden[table] else self.counts[table].get(key)


def decide(census: Census, *, crossed: bool = False) -> Shown:
    """What may be shown; with all crossings where ``crossed``."""
    sums = _sums(census.people)
    level = _Level(census, census.people.cells(), sums, {})
    plain = level.settled()
    if not crossed:
        return plain
    pairs = list(combinations(census.people.dimensions, 2))
    cells = census.people.cells(pairs)
    same, more = _crossed(cells.keys, census.people)
    kept = [at for at, key in enumerate(cells.keys) if key not in same]
    return _Level(census, cells, [*sums, *more], plain.hidden, same, kept).settled()


def _sums(people: People) -> list[Sum]:
    """Everybody is the sum of each dimension's groups; some groups are the sums of others."""
    whole: list[Sum] = [
        (ALL, [(name, value) for value in values])
        for name, values in zip(people.dimensions, people.values, strict=True)
    ]
    return [*whole, *people.nested()]


def _crossed(keys: Sequence[Key], people: People) -> tuple[dict[Crossing, Group], list[Sum]]:
    """Crossings that are a whole group, and the sums that crossings stand in: each group is the sum of its crossings with
    another dimension, and where a group is the sum of others, so are its crossings."""
    lines: dict[tuple[Group, str], list[Crossing]] = {}
    for key in keys:
        if is_crossing(key):
            one, other = key
            lines.setdefault((one, other[0]), []).append(key)
            lines.setdefault((other, one[0]), []).append(key)
    same: dict[Crossing, Group] = {}
    for (group, _), line in sorted(lines.items()):
        if len(line) == 1:
            same.setdefault(line[0], group)
    found: list[Sum] = [
        (group, [same.get(key, key) for key in line]) for (group, _), line in sorted(lines.items()) if len(line) > 1
    ]  # fmt: skip
    there = {frozenset(key): key for line in lines.values() for key in line}
    for whole, parts in people.nested():
        for name, values in zip(people.dimensions, people.values, strict=True):
            for value in values if name not in (whole[0], parts[0][0]) else ():
                over = there.get(frozenset((whole, (name, value))))
                under = [there.get(frozenset((part, (name, value)))) for part in parts]
                if over:
                    kids = [same.get(kid, kid) for kid in under if kid]
                    found.append((same.get(over, over), kids))
    return same, [(whole, kids) for whole, kids in found if kids != [whole]]


class _Level:
    """One round of deciding: over groups, or over groups and crossings where the groups are ``before`` decided."""

    def __init__(
        self,
        census: Census,
        cells: Cells,
        sums: Sequence[Sum],
        before: Mapping[str, frozenset[Key]],
        same: Mapping[Crossing, Group] | None = None,
        kept: Sequence[int] | None = None,
    ) -> None:
        self._census, self._cells, self._sums = census, cells, sums
        self._same, self._before = same or {}, before
        self._keys = [cells.keys[at] for at in kept] if kept is not None else list(cells.keys)
        self._fixed = frozenset(key for key in self._keys if before and not is_crossing(key))
        self._tables = {name: Table(who, who) for name, who in census.sizes.items()}
        self._tables |= {row: Table(who, census.heard) for row, who in census.rows.items()}
        self._counts = {name: self._count(table.who) for name, table in self._tables.items()}
        # Of crossings nobody is told how many were asked.
        self._unasked = frozenset(self._keys) - self._fixed if before else frozenset[Key]()
        # Of an earlier state kept without its crossings it is not known what they showed.
        self._lost = self._unasked if not all(past.crossed for past in census.past) else frozenset[Key]()
        rows = {person: at for at, person in enumerate(census.people.ids)}
        self._then = []
        for past in census.past:
            there = np.zeros(len(census.people), dtype=bool)
            there[[rows[person] for person in past.people if person in rows]] = True
            self._then.append(there)
        self._new = [
            {name: self._count(table.who & ~there) for name, table in self._tables.items()}
            for there in self._then
        ]
        self._lots: _Lots | None = None
        self._safe: dict[str, set[tuple[int, Key]]] = {}

    def _count(self, who: Truths) -> dict[Key, int]:
        counts = self._cells.count(who)
        return {key: counts[key] for key in self._keys}

    def settled(self) -> Shown:
        """The sizes first, then each theme, which is hidden wherever the number of people heard is."""
        hidden = dict(self._settle_sizes())
        for row in self._census.rows:
            hidden[row] = self._settle_row(row, hidden)
        return Shown(self._cells, self._counts, hidden, self._same)

    # sizes

    def _settle_sizes(self) -> dict[str, frozenset[Key]]:
        gone = {name: self._before.get(name, frozenset[Key]()) | self._lost for name in SIZES}
        gone["asked"] |= self._unasked
        for patience in range(PATIENCE + 1):
            self._close_sizes(gone)
            if not self._audited:
                break
            more = {name: self._beside(name, gone) for name in ("answered", "heard")}
            if not any(more.values()):
                break
            for name, cells in more.items():
                gone[name] |= cells if patience < PATIENCE else frozenset(self._keys) - self._fixed
        self._close_sizes(gone)
        return gone

    def _close_sizes(self, gone: dict[str, frozenset[Key]]) -> None:
        """A cell is hidden in every size that is part of a hidden one, and where its whole would tell."""
        while True:
            before = dict(gone)
            for outer, name in zip((None, *SIZES), SIZES, strict=False):
                also = gone[name] | (gone[outer] - self._unasked if outer else frozenset())
                if self._fixed:
                    also |= self._under(gone[name])
                if name == "asked":
                    if not self._fixed:
                        gone[name] = self._hide(name, also)
                    continue
                gone[name] = self._hide(name, also)
                for past, new in zip(self._census.past, self._new, strict=True):
                    grown = Growth(self._counts[name], past.tables.get(name, {}), new[name])
                    gone[name] |= reveal(grown, None, gone[name], self._sums, self._census.minimum, {ALL, *self._fixed})  # fmt: skip
            for whole, part in pairwise(SIZES):
                if not self._fixed or whole != "asked":
                    gone[whole] |= self._tight(whole, part, gone[part]) - self._fixed
            if gone == before:
                return

    def _hide(self, name: str, also: Collection[Key], of: str | None = None) -> frozenset[Key]:
        base = self._counts[of] if of else None
        counts = {key: Count(said, base[key] if base else None) for key, said in self._counts[name].items()}
        return hide(counts, self._sums, minimum=self._census.minimum, also=also, fixed=self._fixed)

    def _under(self, hidden: Collection[Key]) -> frozenset[Key]:
        """The crossings of which one group is hidden."""
        return frozenset(
            key for key in self._keys if is_crossing(key) and (key[0] in hidden or key[1] in hidden)
        )

    def _tight(self, whole: str, part: str, hidden: Collection[Key]) -> frozenset[Key]:
        """The cells whose hidden part their whole would give away: all but a few of the whole are in the part."""
        found: set[Key] = set()
        for _, children in self._sums:
            gone = [cell for cell in children if cell in hidden]
            if sum(self._counts[whole][cell] - self._counts[part][cell] for cell in gone) < SPREAD:
                found.update(gone)
        return frozenset(found)

    # themes

    def _settle_row(self, row: str, sizes: Mapping[str, frozenset[Key]]) -> frozenset[Key]:
        gone = self._before.get(row, frozenset[Key]()) | sizes["heard"]
        for patience in range(PATIENCE + 1):
            gone = self._close_row(row, gone)
            if not self._audited:
                break
            more = self._beside(row, {**sizes, row: gone})
            if not more:
                break
            gone |= more if patience < PATIENCE else frozenset(self._keys) - self._fixed
        return self._close_row(row, gone)

    def _close_row(self, row: str, gone: frozenset[Key]) -> frozenset[Key]:
        while True:
            also = gone | (self._under(gone) if self._fixed else frozenset())
            hidden = self._hide(row, also, "heard")
            for past, new in zip(self._census.past, self._new, strict=True):
                part = Growth(self._counts[row], past.tables.get(row, {}), new[row])
                whole = Growth(self._counts["heard"], past.tables.get("heard", {}), new["heard"])
                hidden |= reveal(part, whole, hidden, self._sums, self._census.minimum, self._fixed)
            if hidden == gone:
                return hidden
            gone = hidden

    # the attacker

    @property
    def _audited(self) -> bool:
        """One dimension at a time needs no programme: its sums are all there is, and they are closed."""
        return bool(self._fixed or self._census.past)

    def _beside(self, name: str, gone: Mapping[str, frozenset[Key]]) -> frozenset[Key]:
        """More cells to hide, for the sake of hidden ones that an attacker could tell: one beside each."""
        free = set(self._keys) - self._fixed - gone[name] - ({ALL} if name in SIZES else set())
        if not free:
            return frozenset()
        if self._lots is None:
            self._lots = _Lots(self._census.people, self._cells, self._keys, self._then)
        lots = self._lots
        table = self._tables[name]
        outer = {"answered": "asked", "heard": "answered"}.get(name, "heard")
        roof = {"heard": "asked", "answered": None}.get(name, "answered")
        base = self._tables[outer].who
        shown = {size: self._mask(set(self._keys) - gone[size]) for size in {name, outer, roof} if size}
        did, did_not = lots.count(table.who), lots.count(base & ~table.who)
        counts, bases = [lots.sums[shown[name]]], [lots.sums[shown[outer]]]
        small = [key for key in self._keys if key in gone[name] and self._small(name, outer, key)]
        wanted: list[tuple[Sums, Sequence[Key]]] = [(lots.sums[self._mask(small)], small)]
        for past, there in zip(self._census.past, lots.heard, strict=True):
            if name == "answered":  # who had answered then is not known, only who was heard
                continue
            then = past.tables.get(name, {})
            counts.append(lots.only(there)[self._mask(then)])
            if outer == "heard":
                bases.append(lots.only(there)[self._mask(past.tables.get("heard", {}))])
            for rows, known in ((lots.only(there), set(then)), (lots.only(~there), set(then) - gone[name])):
                said, people = rows @ did, rows @ (did + did_not)
                few = [
                    key
                    for at, key in enumerate(self._keys)
                    if key not in known
                    and people[at]
                    and Count(int(said[at]), int(people[at]) if outer == "heard" else None).small(self._census.minimum)
                ]  # fmt: skip
                wanted.append((rows[self._mask(few)], few))
        over = shown[roof] if roof else np.zeros(len(self._keys), dtype=bool)
        slack = [self._counts[roof or outer][key] - self._counts[outer][key] for key in self._keys]
        room = np.array(slack, np.int64)[over]
        facts = Facts(did, did_not, lots.stack(counts), lots.stack(bases), lots.sums[over], room)
        asked = [(way, key) for way, (_, group) in enumerate(wanted) for key in group]
        safe = self._safe.setdefault(name, set())
        new = np.array([one not in safe for one in asked], dtype=bool)
        rows = lots.stack([rows for rows, _ in wanted])
        verdict = look(facts, rows[new], self._census.spread)
        tried = [one for one, is_new in zip(asked, new, strict=True) if is_new]
        # What is safe stays so when more is hidden.
        safe.update(one for one, is_safe in zip(tried, verdict.safe, strict=True) if is_safe)
        tells = sorted({key for (_, key), told in zip(tried, verdict.told, strict=True) if told}, key=str)
        return frozenset(cell for key in tells if (cell := self._nearest(name, key, free)) is not None)

    def _small(self, name: str, outer: str, key: Key) -> bool:
        of = self._counts[outer][key] if outer == "heard" else None
        return Count(self._counts[name][key], of).small(self._census.minimum)

    def _nearest(self, name: str, key: Key, free: Collection[Key]) -> Key | None:
        """The cell itself, or the smallest shown one that stands in a sum with it, or any crossing of its groups."""
        if key in free:
            return key
        together = {
            cell for whole, kids in self._sums if key == whole or key in kids for cell in (whole, *kids)
        }
        groups: set[Key] = set(key) if is_crossing(key) else {key}
        nearest: tuple[Collection[Key], ...] = (
            together - {ALL},
            {cell for cell in free if is_crossing(cell) and groups & set(cell)},
            free,
        )
        for beside in nearest:
            if left := [cell for cell in beside if cell in free]:
                return min(left, key=lambda cell: (self._counts[name][cell], str(cell)))
        return None

    def _mask(self, keys: Collection[Key]) -> Truths:
        wanted = set(keys)
        return np.array([key in wanted for key in self._keys], dtype=bool)


class _Lots:
    """People whom no table tells apart, and which cells they are in (``sums``: a sparse matrix, a row a cell)."""

    def __init__(self, people: People, cells: Cells, keys: Sequence[Key], then: Sequence[Truths]) -> None:
        # Costs time and memory, and only crossings and earlier states need it.
        from scipy.sparse import csr_matrix, diags, vstack

        self._diags, self._vstack = diags, vstack
        told_apart = np.column_stack([people.codes, *then]) if then else people.codes
        lots, first, self._of = np.unique(told_apart, axis=0, return_index=True, return_inverse=True)
        self._of = self._of.reshape(-1)
        self._number = len(lots)
        at = {key: n for n, key in enumerate(keys)}
        # -1 is where crossings went that are groups under another name.
        place = np.array([at.get(key, -1) for key in cells.keys], np.int64)[cells.places[first]]
        lot, column = np.nonzero(place >= 0)
        self.sums: Sums = csr_matrix(
            (np.ones(len(lot)), (place[lot, column], lot)), shape=(len(keys), self._number)
        )
        self.heard = [there[first] for there in then]

    def count(self, who: Truths) -> Numbers:
        """How many of these people are in each lot."""
        return np.bincount(self._of[who], minlength=self._number).astype(np.int64)

    def only(self, there: Truths) -> Sums:
        """The sums over some of the lots."""
        found = (self.sums @ self._diags(there.astype(np.float64))).tocsr()
        found.eliminate_zeros()
        return found

    def stack(self, rows: Sequence[Sums]) -> Sums:
        """All these sums below each other."""
        return self._vstack(rows, format="csr")
