"""How a survey goes, as a tree: steps one after the other, ways that part and meet again, groups around steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from ..choices import Many, One
from ..gates import Condition, Gate, Relevant
from ..items import Block, Computed, Item, Note, Quota, Split
from ..questions import Number, Question, YesNo
from ..survey import Survey
from ..told import listed, told

WAYS = 3
"""The most ways that are drawn side by side."""
_TRIED = 1000


@dataclass(frozen=True, slots=True)
class Step:
    """One item, with its number where it is a question."""

    item: Question | Note | Computed | Split | Quota
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """What those are asked of whom ``gates`` are true, in short; no steps where they are asked nothing more."""

    gates: tuple[Gate, ...]
    label: str
    steps: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Fork:
    """Ways of which each person goes one; after them all go on together."""

    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Steps with a frame about them, and what is said of the frame."""

    key: str
    told: str
    repeated: bool
    steps: tuple[Part, ...]


Part: TypeAlias = "Step | Fork | Group"
Say: TypeAlias = Callable[[str], str]
"""Gives our own words in the language of whoever looks."""
_Row = tuple[Item, tuple[Gate, ...]]


@dataclass
class _Run:
    """Items under the same gates, being gathered."""

    gates: tuple[Gate, ...]
    rows: list[_Row] = field(default_factory=list)

    def holds(self, name: str) -> bool:
        return any(name in _keys(item) for item, _ in self.rows)


def flow(survey: Survey, language: str, say: Say = str) -> tuple[Part, ...]:
    """The survey as steps, forks and groups; labels of choices are in ``language``, our own words as ``say`` has them."""
    numbers = {question.key: number for number, question in enumerate(survey.questions, start=1)}
    return _Drawn(survey, language, numbers, say).parts([(item, item.ask_if) for item in survey.items])


@dataclass(frozen=True, slots=True)
class _Drawn:
    survey: Survey
    language: str
    numbers: Mapping[str, int]
    say: Say

    def parts(self, rows: Sequence[_Row]) -> tuple[Part, ...]:
        made: list[Part] = []
        at = 0
        while at < len(rows):
            item, gates = rows[at]
            if not gates:
                made.append(self.part(item))
                at += 1
                continue
            runs = [_Run(gates, [(item, ())])]
            at += 1
            while at < len(rows) and self.joins(runs, rows[at]):
                at += 1
            made.append(self.fork(runs))
        return tuple(made)

    def joins(self, runs: list[_Run], row: _Row) -> bool:
        """Put an item into the way that it belongs to, or into a way of its own beside the others."""
        item, gates = row
        if not gates:
            return False
        last = runs[-1]
        inner = tuple(gate for gate in gates if gate not in last.gates)
        if len(inner) < len(gates) and len(gates) - len(inner) == len(last.gates):
            last.rows.append((item, inner))
            return True
        if any(isinstance(gate, Condition) and last.holds(gate.question) for gate in gates):
            last.rows.append((item, inner))  # only whoever went this way can have answered that
            return True
        if len(runs) < WAYS and all(self.apart(run.gates, gates) for run in runs):
            runs.append(_Run(gates, [(item, ())]))
            return True
        return False

    def apart(self, ones: Sequence[Gate], others: Sequence[Gate]) -> bool:
        """Whether nobody can meet both."""
        return any(
            isinstance(one, Condition)
            and isinstance(other, Condition)
            and one.question == other.question
            and self.answers(one.question)
            and not any(one.holds(answer) and other.holds(answer) for answer in self.answers(one.question))
            for one in ones
            for other in others
        )

    def answers(self, name: str) -> Sequence[object]:
        """Every answer to a question of which each person gives one; nothing where that cannot be told."""
        asked = self.survey.by_key.get(name)
        if isinstance(asked, YesNo):
            return (True, False)
        if (
            isinstance(asked, Number)
            and asked.least is not None
            and asked.most is not None
            and not asked.decimals
        ):
            return range(int(asked.least), min(int(asked.most), int(asked.least) + _TRIED) + 1)
        if isinstance(asked, One) and not isinstance(asked, Many):
            return asked.keys
        return ()

    def fork(self, runs: Sequence[_Run]) -> Fork:
        ways = [Way(run.gates, self.told(run.gates), self.parts(run.rows)) for run in runs]
        left = self.left(runs)
        if left is not None:
            ways.append(Way((), left))
        return Fork(tuple(ways))

    def left(self, runs: Sequence[_Run]) -> str | None:
        """What is said of those who go none of the ways; None where there are none."""
        single = [run.gates[0] for run in runs if len(run.gates) == 1]
        conditions = [gate for gate in single if isinstance(gate, Condition)]
        names = {condition.question for condition in conditions}
        if len(conditions) < len(runs) or len(names) != 1:
            return self.say(told("otherwise"))
        (name,) = names
        left = [answer for answer in self.answers(name) if not any(c.holds(answer) for c in conditions)]
        if self.answers(name) and not left:
            return None
        asked = self.survey.by_key.get(name)
        if not left or isinstance(asked, Number) or len(left) > 3:
            return self.say(told("otherwise"))
        keys = [("yes" if answer else "no") if isinstance(answer, bool) else str(answer) for answer in left]
        return self.named(name, keys)

    def told(self, gates: Sequence[Gate]) -> str:
        return "\n".join(self.gate(gate) for gate in gates)

    def gate(self, gate: Gate) -> str:
        if isinstance(gate, Relevant):
            return gate.expression.source
        assert isinstance(gate, Condition)
        if gate.keys:
            asked = self.survey.by_key.get(gate.question)
            order = [*asked.keys, "none"] if asked else sorted(gate.keys)
            return self.named(gate.question, [key for key in order if key in gate.keys])
        number = self.numbers.get(gate.question, gate.question)
        least, most = f"{gate.least or 0:g}", f"{gate.most or 0:g}"
        if gate.least is not None and gate.most is not None:
            if gate.least == gate.most:
                return f"{number}: {least}"
            return self.say(told("{question}: {least} to {most}", question=number, least=least, most=most))
        if gate.least is not None:
            return self.say(told("{question}: {least} or more", question=number, least=least))
        return self.say(told("{question}: {most} or less", question=number, most=most))

    def named(self, name: str, keys: Sequence[str]) -> str:
        asked = self.survey.by_key.get(name)
        labels = [asked.label(key, self.language) if asked else key for key in dict.fromkeys(keys)]
        return f"{self.numbers.get(name, name)}: {' / '.join(labels)}"

    def part(self, item: Item) -> Part:
        if not isinstance(item, Block):
            return Step(item, self.numbers.get(item.key))
        steps = self.parts([(inner, inner.ask_if) for inner in item.items])
        how: list[str] = [told("in random order")] if item.shuffled else []
        if item.repeat is not None:
            how.append(
                told("{count} times", count=item.repeat.count.source)
                if item.repeat.count
                else told("again, as long as there is another")
            )
        return Group(item.key, self.say(listed(how)), item.repeat is not None, steps)


def _keys(item: Item) -> set[str]:
    if not isinstance(item, Block):
        return {item.key}
    return {item.key}.union(*(_keys(inner) for inner in item.items))
