"""An attacker who has every number that was published of a survey, in all its states, and solves for those that were not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from random import Random

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from analysis.codebook import Codebook, Theme
from analysis.findings import Asked, Earlier, Summary, Voice
from analysis.frame import rows
from analysis.releases import due
from analysis.sentiment import TONES
from analysis.summary import summarize
from analysis.suppress import SPREAD

ALL = ()
Groups = tuple[tuple[str, str], ...]
"""What a number is of: nobody in particular, a group, or a crossing, in order of the alphabet."""
Cell = tuple[str, Groups, int]
"""(table, groups, state)"""
SIZES = ("asked", "answered", "heard")


def theme(id_, parent=None, kind="barrier"):
    return Theme(id_, parent, id_, "", "", "", kind, examples={"en": ("x",)} if parent else {})


def book(tops, subs):
    themes = [theme("x", kind="other"), theme("x.no_barrier", "x", "other"), theme("x.unclear", "x", "other")]
    for top in range(tops):
        themes += [theme(f"t{top}"), *(theme(f"t{top}.{sub}", f"t{top}") for sub in range(subs))]
    return Codebook("attacked", "1", "Attacked", tuple(themes))


@dataclass
class World:
    """People with groups; since which state they have been heard (None: never), or else whether they answered at all; and what
    they named. ``inside`` are dimensions of which each value lies in one of another (school: district)."""

    codebook: Codebook
    values: dict[str, list[str]]
    inside: dict[str, tuple[str, dict[str, str]]]
    groups: list[dict[str, str]]
    since: list[int | None]
    answered: list[bool]
    said: list[tuple[str, ...]]
    states: int
    mood: list[str] = field(default_factory=list)

    def at(self, state):
        asked, voices = [], []
        for n, groups in enumerate(self.groups):
            heard = self.since[n] is not None and self.since[n] <= state
            asked.append(
                Asked(
                    str(n),
                    "answered" if heard or (self.since[n] is None and self.answered[n]) else "waiting",
                    groups,
                )
            )
            if heard:
                voices.append(
                    Voice(
                        str(n), "en", "…", None, None, dict.fromkeys(self.said[n], 0.9), groups, self.mood[n]
                    )
                )
        return asked, voices


def made_up(seed, *, states=1, least=30, most=400):
    random = Random(seed)
    schools = [f"s{n}" for n in range(random.randint(2, 6))]
    values = {"school": schools}
    inside = {}
    if random.random() < 0.6:
        zone = {school: f"d{n // 2}" for n, school in enumerate(schools)}
        values["district"] = sorted(set(zone.values()))
        inside["school"] = ("district", zone)
    for name in ("language", "grade")[: random.randint(1, 2)]:
        values[name] = [f"{name[0]}{n}" for n in range(random.randint(2, 4))]
    codebook = book(random.randint(3, 4), 3)
    codes = [*codebook.barriers, "x.no_barrier", "x.unclear"]
    world = World(codebook, values, inside, [], [], [], [], states)
    weight = {name: [1 / (n + 1) ** random.uniform(0.3, 1.6) for n in range(len(of))] for name, of in values.items()}  # fmt: skip
    liking = [random.random() ** 2 for _ in codes]
    for _ in range(random.randint(least, most)):
        groups = {name: random.choices(of, weight[name])[0] for name, of in values.items()}
        for name, (over, zone) in inside.items():
            groups[over] = zone[groups[name]]
        world.groups.append(groups)
        began = random.random()
        since = 0 if began < 0.55 else random.randint(1, states - 1) if began < 0.75 and states > 1 else None
        world.since.append(since)
        world.answered.append(random.random() < 0.4)
        # Groups differ in what they say, so that some cells are full and others empty.
        tilt = [1 + 3 * ((hash_of(groups, code) % 7) == 0) for code in codes]
        number = random.choice((1, 1, 2))
        said = random.choices(codes, [a * b for a, b in zip(liking, tilt, strict=True)], k=number)
        world.said.append(tuple(dict.fromkeys(said)))
        world.mood.append(random.choice(["negative", "negative", "neutral", "positive"]))
    return world


def hash_of(groups, code):
    return sum(map(ord, "".join(groups.values()) + code))


def published(world, **options) -> dict[int, list[Summary]]:
    """What each state shows that may be shown, by its place; crossings are asked for one after the other, as pages do."""
    found: dict[int, list[Summary]] = {}
    earlier: list[Earlier] = []
    for state in range(world.states):
        asked, voices = world.at(state)
        people = frozenset(voice.person for voice in voices)
        if not due(len(earlier[-1].people) if earlier else 0, len(people)):
            continue
        found[state] = [
            summarize("s", asked, voices, world.codebook, quotes=0, pairs=[pair], earlier=earlier, **options)
            for pair in combinations(sorted(world.values), 2)
        ]
        earlier.append(Earlier(people, found[state][0].shown))
    return found


def numbers(states: Mapping[int, Sequence[Summary]]) -> dict[Cell, float]:
    """Every number that can be read."""
    known: dict[Cell, float] = {}

    def put(table, groups, state, value):
        if value is not None:
            cell = (table, tuple(sorted(groups)), state)
            assert known.setdefault(cell, round(value)) == round(value), cell

    def group(found, groups, state):
        put("answered", groups, state, found.answered)
        put("heard", groups, state, found.heard)
        for row, share in found.themes.items():
            if share is not None:
                put(row, groups, state, share * found.heard)

    for state, pages in states.items():
        for page in pages:
            for row in rows(page):
                of = [(row["dimension"], row["value"]), (row["dimension2"], row["value2"])]
                put(row["theme"] or "heard", [one for one in of if one[0]], state, row["count"])
            for size in SIZES:
                put(size, ALL, state, getattr(page, size))
            for finding in (*page.themes, page.apart):
                put(finding.theme, ALL, state, finding.count)
                for sub in finding.subs:
                    put(sub.theme, ALL, state, sub.count)
                for tone, count in finding.tones.items():
                    put(f"{finding.theme} {tone}", ALL, state, count)
            for dimension, values in page.groups.items():
                for value, found in values.items():
                    group(found, [(dimension, value)], state)
            for dimension, values in page.unheard.response.items():
                for value, response in values.items():
                    put("asked", [(dimension, value)], state, response.asked)
                    put("answered", [(dimension, value)], state, response.answered)
            for (one, other), crossings in page.pairs.items():
                for (a, b), found in crossings.items():
                    group(found, [(one, a), (other, b)], state)
    return known


class Attack:
    """Of one theme: how many people of each lot (a value in every dimension) said it, did not, or were not heard, each by the
    state since which they were heard: unknowns of which every published number is a sum."""

    def __init__(self, world: World, known: Mapping[Cell, float], row: str) -> None:
        self.world, self.row = world, row
        names = sorted(world.values)
        lots = [
            dict(zip(names, values, strict=True)) for values in product(*(world.values[n] for n in names))
        ]
        self.lots = [
            lot
            for lot in lots
            if all(zone[lot[name]] == lot[over] for name, (over, zone) in world.inside.items())
        ]
        # Of each lot: said and not said since each state, answered only, never answered.
        self.ways = 2 * world.states + 2
        rows, values = [], []
        for (table, groups, state), value in known.items():
            if table in (*SIZES, row):
                rows.append(self.sum_of(table, groups, state))
                values.append(value)
        self.rows, self.values = np.array(rows), np.array(values)
        self.short = Reach(self.rows, self.values)

    def sum_of(self, table, groups, state, since=0):
        ways = np.zeros(self.ways)
        for k in range(self.world.states):
            if since <= k <= state:
                ways[2 * k] = table in (*SIZES, self.row)
                ways[2 * k + 1] = table in SIZES
            elif table == "asked":
                ways[2 * k : 2 * k + 2] = 1
        if table in ("asked", "answered"):
            ways[-2] = 1
        if table == "asked":
            ways[-1] = 1
        inside = np.array([all(lot[name] == value for name, value in groups) for lot in self.lots], float)
        return np.outer(inside, ways).ravel()

    def range_of(self, row):
        return self.short.range_of(row)


class Reach:
    """What an unknown that is a sum can be, given sums that are known and that nothing is below nothing."""

    def __init__(self, rows, values, under=None, room=None) -> None:
        self.rows, self.values = csr_matrix(rows), values
        self.under, self.room = under, room

    def range_of(self, row):
        ends = []
        for sign in (1.0, -1.0):
            found = linprog(
                sign * row, A_ub=self.under, b_ub=self.room, A_eq=self.rows, b_eq=self.values, bounds=(0, None), method="highs"
            )  # fmt: skip
            if found.status == 3:
                ends.append(sign * -np.inf)
                continue
            assert found.status == 0, found.message
            ends.append(sign * found.fun)
        return ends[0], ends[1]


@dataclass(frozen=True)
class Found:
    """A number that is not shown: of whom, of those since which state, what it is, and what an attacker can tell of it."""

    cell: Cell
    since: int
    count: int
    low: float
    high: float
    left: int = SPREAD  # so many people could be new there, as an earlier state has told

    @property
    def width(self):
        return self.high - self.low

    @property
    def wide(self):
        """Whether it could have four values, or as many as there can be."""
        return self.width >= min(SPREAD, max(self.left, 1)) - 1e-6


def attack(world: World, known: Mapping[Cell, float], minimum=10) -> Iterator[Found]:
    """How near the attacker comes to each small number: those of each state, and of those who came between two."""
    states = sorted({state for _, _, state in known})
    spans = [
        (since, state) for state in states for since in (0, *(one + 1 for one in states)) if since <= state
    ]
    cells: list[Groups] = [ALL, *(((name, value),) for name, of in world.values.items() for value in of)]
    cells += [
        tuple(sorted([(one, a), (other, b)]))
        for one, other in combinations(sorted(world.values), 2)
        for a, b in product(world.values[one], world.values[other])
    ]
    for row in ("heard", *tops(world), "x.no_barrier"):
        attacker = Attack(world, known, row)
        for groups, (since, state) in product(cells, spans):
            people = [n for n, of in enumerate(world.groups) if groups_in(groups, of)]
            there = [n for n in people if world.since[n] is not None and since <= world.since[n] <= state]
            did = [n for n in there if row == "heard" or names(world, n, row)]
            # A number of nobody tells of nobody: nobody is asked there, or nobody came.
            if len(did) >= minimum or not (there if row != "heard" or since else people):
                continue
            low, high = attacker.range_of(attacker.sum_of(row, groups, state, since))
            late = [n for n in people if world.since[n] is None or world.since[n] >= since]
            yield Found((row, groups, state), since, len(did), low, high, len(late) if since else SPREAD)
        if row.startswith("t"):
            yield from attack_parts(world, known, row, spans, states, minimum)


def attack_parts(world, known, top, spans, states, minimum) -> Iterator[Found]:
    """The same for the sub-themes of a theme and its tones, which are told for everybody only."""
    begins = [0, *(state + 1 for state in states[:-1])]
    steps = list(zip(begins, states, strict=True))
    subs = [sub.id for sub in world.codebook.children(top)]
    for parts, add_up in ((subs, False), ([f"{top} {tone}" for tone in TONES], True)):
        things = [top, *parts]
        at = {(thing, n): place for place, (n, thing) in enumerate(product(range(len(steps)), things))}
        same, values, under = [], [], []
        for (table, groups, state), value in known.items():
            if table in things and groups == ALL:
                row = np.zeros(len(at))
                row[[at[table, n] for n, (_, end) in enumerate(steps) if end <= state]] = 1
                same.append(row)
                values.append(value)
        for n in range(len(steps)):
            whole = np.zeros(len(at))
            whole[at[top, n]] = 1
            inside = np.zeros(len(at))
            inside[[at[part, n] for part in parts]] = 1
            under.append(whole - inside)  # nobody names a theme without one of its parts
            if add_up:
                under.append(inside - whole)
            for part in parts:
                row = -whole
                row[at[part, n]] = 1
                under.append(row)
        reach = Reach(
            np.array(same).reshape(-1, len(at)), np.array(values), np.array(under), np.zeros(len(under))
        )
        for part, (since, state) in product(parts, spans):
            there = [n for n, came in enumerate(world.since) if came is not None and since <= came <= state]
            count = sum(
                names(world, n, part) if not add_up else names(world, n, top) and part.endswith(world.mood[n])
                for n in there
            )
            if count < minimum and there and (top, ALL, state) in known:
                row = np.zeros(len(at))
                row[
                    [at[part, n] for n, (begin, end) in enumerate(steps) if begin >= since and end <= state]
                ] = 1
                yield Found((part, ALL, state), since, count, *reach.range_of(row))


def tops(world):
    return [theme.id for theme in world.codebook.tops if theme.kind == "barrier"]


def groups_in(groups, of):
    return all(of[name] == value for name, value in groups)


def names(world, n, row):
    return any(row in (code, world.codebook.top(code)) for code in world.said[n])
