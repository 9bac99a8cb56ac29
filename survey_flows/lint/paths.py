"""Which questions anybody can come to, and how many one person can be asked.

Conditions are decided exactly: each looks at one earlier answer, all of them have to hold, and so do those of the
questions they look at. Expressions are decided where they are about choices alone; of the others nothing is said.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import combinations, product

from ..choices import Many, One
from ..gates import Condition, Gate, Relevant
from ..items import Block, Item, Split
from ..program import walked
from ..questions import Number, Question, YesNo
from ..scope import Scope, Value
from ..survey import Survey
from ..told import told
from .finding import Finding, lenient

_MOST = 4096
"""Combinations of answers that are tried for one expression."""
_STATES = 20_000
_UNDECIDED = frozenset(
    [
        "today",
        "now",
        "random",
        "uuid",
        "once",
        "pulldata",
        "position",
        "indexed-repeat",
        "instance",
        "count",
        "sum",
        "min",
        "max",
        "index",
        "current",
    ]
)
WARN, REFUSE = 5, 8
"""Questions on the longest way through: most people who leave, leave after the fifth."""


def unreachable(survey: Survey) -> Iterator[Finding]:
    """Items whose conditions no combination of earlier answers can meet."""
    seen: set[str] = set()
    for item, _, blocks in walked(survey.items):
        if any(block.key in seen for block in blocks):
            continue  # said once, of the group
        why = _impossible(survey, item)
        if why:
            seen.add(item.key)
            what = (
                told("Nobody can come to this group: {why}.", why=why)
                if isinstance(item, Block)
                else told("Nobody can come to this question: {why}.", why=why)
                if isinstance(item, Question)
                else told("Nobody can come to this item: {why}.", why=why)
            )
            yield Finding("error", what, told("Mend 'ask_if', or take it out."), item.key)


def by_lot(survey: Survey) -> Iterator[Finding]:
    """Conditions on a question that may come later, because its group is in random order."""
    holders = {item.key: blocks for item, _, blocks in walked(survey.items)}
    for item, _, blocks in walked(survey.items):
        for name in {name for gate in item.ask_if for name in gate.names} & holders.keys():
            both = [block for block in (*blocks, item) if block in holders[name] and isinstance(block, Block)]
            if any(block.shuffled for block in both):
                what = told(
                    "'{name}' may be asked later than this, because their group is in random order.",
                    name=name,
                )
                yield Finding(
                    "error",
                    what,
                    told("Move '{name}' out of the group, in front of it.", name=name),
                    item.key,
                )


def too_many(survey: Survey) -> Iterator[Finding]:
    """More questions than people answer by text message."""
    asked = longest(survey)
    what = (
        told("Somebody may be asked {n} questions each time round a group.", n=asked)
        if any(isinstance(i, Block) and i.repeat for i in survey.items)
        else told("Somebody may be asked {n} questions.", n=asked)
    )
    if asked > REFUSE and not lenient(survey):
        yield Finding(
            "error", what, told("Leave some out: {most} is a good number. `--long` lets it pass.", most=WARN)
        )
    elif asked > WARN:
        yield Finding(
            "warning", what, told("Most people who leave, leave after the fifth: keep to {most}.", most=WARN)
        )


def longest(survey: Survey) -> int:
    """The most questions that one person can be asked, going once through repeated groups; where there are too many
    ways to try, the number of all questions."""
    rows = [(item, _gates(item, blocks)) for item, _, blocks in walked(survey.items)]
    conditions = [gate for _, gates in rows for gate in gates if isinstance(gate, Condition)]
    about: dict[str, list[Condition]] = {}
    for condition in dict.fromkeys(conditions):
        about.setdefault(condition.question, []).append(condition)
    last = {
        condition: at
        for at, (_, gates) in enumerate(rows)
        for condition in gates
        if isinstance(condition, Condition)
    }
    best: dict[frozenset[Condition], int] = {frozenset(): 0}
    for at, (item, gates) in enumerate(rows):
        found: dict[frozenset[Condition], int] = {}
        for true, count in best.items():
            opened = all(gate in true for gate in gates if isinstance(gate, Condition)) and not isinstance(
                item, Block
            )
            count += opened and isinstance(item, Question)
            ways = (
                _signatures(item, about[item.key])
                if opened and item.key in about
                else [frozenset[Condition]()]
            )
            for way in ways:
                kept = frozenset(condition for condition in true | way if last[condition] > at)
                found[kept] = max(found.get(kept, 0), count)
        best = found
        if len(best) > _STATES:
            return sum(isinstance(item, Question) for item, _ in rows)
    return max(best.values())


def _gates(item: Item, blocks: Sequence[Block]) -> tuple[Gate, ...]:
    return (*item.ask_if, *(gate for block in blocks for gate in block.ask_if))


def _signatures(item: Item, conditions: Sequence[Condition]) -> list[frozenset[Condition]]:
    """Which of the conditions can be true together, over every answer there is."""
    ways = {frozenset(c for c in conditions if c.holds(value)) for value in _answers(item, conditions)}
    return list(ways) or [frozenset()]


def _answers(item: Item, conditions: Sequence[Condition]) -> Iterator[object]:
    """Answers enough to find whatever the conditions can let in: of several choices, as many as can be picked, because
    more of them never close what fewer open."""
    if isinstance(item, Split):
        yield from item.arms
    elif isinstance(item, YesNo):
        yield from (True, False)
    elif isinstance(item, Number):
        yield from _numbers(item, conditions)
    elif isinstance(item, Many):
        named = sorted({key for c in conditions for key in c.keys} - {"none"})
        size = min(item.pick or len(named), len(named))
        if math.comb(len(named), size) > _MOST:
            size = len(named)  # too many to try: as if all could be picked
        yield []
        yield from map(list, combinations(named, size))
    elif isinstance(item, One):
        yield from (option.value for option in item.options)


def _numbers(item: Number, conditions: Sequence[Condition]) -> Iterator[float]:
    bounds = {bound for c in conditions for bound in (c.least, c.most) if bound is not None}
    least = item.least if item.least is not None else min(bounds, default=0) - 1
    most = item.most if item.most is not None else max(bounds, default=0) + 1
    step = 0.001 if item.decimals else 1
    tried = {near for b in bounds for near in (b - step, b, b + step, math.floor(b), math.ceil(b))} | {
        least,
        most,
    }
    yield from (n for n in sorted(tried) if least <= n <= most and (item.decimals or float(n).is_integer()))


def _impossible(survey: Survey, item: Item) -> str | None:
    """Why nobody comes here; None where somebody may."""
    holders: dict[str, tuple[Item, tuple[str, ...], tuple[Block, ...]]] = {
        one.key: (one, loops, blocks) for one, loops, blocks in walked(survey.items)
    }
    needed: dict[str, list[Condition]] = {}
    relevant: list[Relevant] = []
    todo, seen = [item.key], set[str]()
    while todo:
        key = todo.pop()
        if key in seen or key not in holders:
            continue
        seen.add(key)
        one, loops, blocks = holders[key]
        for block in (*blocks, *([one] if isinstance(one, Block) else [])):
            count = block.repeat.count if block.repeat else None
            known = count is not None and not count.names and not count.functions & _UNDECIDED
            if count is not None and known and not count.number(Scope(survey, {}, survey.source)) >= 1:
                return told("group '{key}' comes round {count} times", key=block.key, count=count.source)
        for gate in _gates(one, blocks):
            if isinstance(gate, Relevant):
                relevant.append(gate)
            elif isinstance(gate, Condition):
                if (
                    gate.question in holders
                    and holders[gate.question][1] != loops[: len(holders[gate.question][1])]
                ):
                    return told(
                        "'{key}' is asked several times, in a group that has ended", key=gate.question
                    )
                needed.setdefault(gate.question, []).append(gate)
                todo.append(gate.question)
    for name, conditions in needed.items():
        if name in holders and not any(
            all(c.holds(answer) for c in conditions) for answer in _answers(holders[name][0], conditions)
        ):
            wanted = reduce(_both, map(_told, conditions))
            return told("'{name}' would have to be {wanted}", name=name, wanted=wanted)
    return _never(survey, item, relevant, needed)


def _told(condition: Condition) -> str:
    if condition.keys:
        return reduce(_either, sorted(condition.keys))
    ends: list[str] = []
    if condition.least is not None:
        ends.append(told("at least {least}", least=f"{condition.least:g}"))
    if condition.most is not None:
        ends.append(told("at most {most}", most=f"{condition.most:g}"))
    return reduce(_both, ends) if ends else told("anything")


def _both(one: str, other: str) -> str:
    return told("{one} and {other}", one=one, other=other)


def _either(one: str, other: str) -> str:
    return told("{one} or {other}", one=one, other=other)


def _never(
    survey: Survey, item: Item, gates: list[Relevant], needed: dict[str, list[Condition]]
) -> str | None:
    """An expression that is false whatever is answered, as far as that can be tried."""
    names = sorted({name for gate in gates for name in gate.names})
    if not gates or any(
        gate.expression.functions & _UNDECIDED or gate.expression.unsupported or gate.expression.uses_dot
        for gate in gates
    ):
        return None
    values: list[list[tuple[str, Value]]] = []
    for name in names:
        asked = survey.by_key.get(name)
        if not isinstance(asked, One | YesNo) or isinstance(asked, Many) or survey.loops[name]:
            return None
        conditions = needed.get(name, [])
        answers: list[Value] = [True, False] if isinstance(asked, YesNo) else []
        answers += [option.value for option in asked.options] if isinstance(asked, One) else []
        answers = [answer for answer in answers if all(c.holds(answer) for c in conditions)]
        values.append([(name, answer) for answer in (answers if conditions else [*answers, None])])
    if math.prod(map(len, values)) > _MOST:
        return None
    for given in product(*values):
        scope = Scope(survey, {name: value for name, value in given if value is not None}, survey.source)
        scope.at = item.key
        if all(gate.met(scope) for gate in gates):
            return None
    written = "; ".join(gate.expression.source for gate in gates)
    if names:
        return told("{expression} is never true, whatever is answered", expression=written)
    return told("{expression} is never true", expression=written)
