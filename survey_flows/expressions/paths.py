"""Paths: a question's answer, the answers of a repeated group's turns, a column of a list's rows.

There is no tree of answers here. A path to a question means the question of its last step, whatever groups it names
on the way; a path from ``instance('list')`` means rows; a predicate, ``[…]``, keeps some of the rows or turns.

Source: docs.getodk.org/form-logic ("Advanced: XPath paths"); ODK XForms Specification, "XPath Paths", "XPath Predicates".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from elementpath.xpath_tokens import XPathToken

from ..told import told
from .grammar import ExpressionError
from .parts import Compiler, Part, Run, fixed
from .values import Value, truth
from .world import Row, World


@dataclass
class Step:
    """One step of a path, and the predicates behind it."""

    token: XPathToken
    predicates: list[XPathToken] = field(default_factory=list)

    @property
    def sign(self) -> str:
        return str(self.token.symbol)

    @property
    def name(self) -> str:
        return str(self.token.value)


def path(compiler: Compiler, token: XPathToken) -> Part:
    """The part of an expression that is a path."""
    steps = list(_steps(token))
    if steps[0].sign == "instance":
        return _of_list(compiler, steps)
    if steps[0].sign == "randomize":
        raise ExpressionError(
            told("A path cannot go on behind randomize()."), told("Put the whole path inside it.")
        )
    return _of_question(compiler, steps)


def question(compiler: Compiler, token: XPathToken) -> str | None:
    """The name of the question that a token points at, if it does."""
    try:
        steps = list(_steps(token))
    except ExpressionError:
        return None
    named = [_name(compiler, step) for step in steps if step.sign in ("(name)", "$")]
    return named[-1] if named and steps[0].sign not in ("instance", "randomize") else None


def _steps(token: XPathToken) -> Iterator[Step]:
    if token.symbol in ("/", "//"):
        if len(token) < 2:
            yield Step(token)
        for each in token:
            yield from _steps(each)
    elif token.symbol == "[":
        *before, last = _steps(token[0])
        yield from before
        yield Step(last.token, [*last.predicates, token[1]])
    elif token.symbol == "(":
        yield from _steps(token[0])
    elif token.symbol in _STEPS:
        yield Step(token)
    else:
        raise ExpressionError(
            told("{symbol} cannot be part of a path.", symbol=token.symbol),
            told("A path is like ../name or /data/name."),
        )


_STEPS = ("(name)", "$", ".", "..", "*", "@", "instance", "current", "randomize")


def _name(compiler: Compiler, step: Step) -> str:
    if step.sign != "$":
        return step.name
    return compiler.variables[int(str(step.token[0].value).removeprefix("v"))]


def _of_question(compiler: Compiler, steps: list[Step]) -> Part:
    for step in steps:
        if step.sign == "current" and len(step.token):
            raise ExpressionError(told("current() takes 0 arguments."), told("Write current()/../name."))
    last = steps[-1]
    if last.sign in ("@", "*"):
        compiler.unsupported.add("attribute" if last.sign == "@" else "wildcard")
        return fixed("")
    named = [step for step in steps if step.sign in ("(name)", "$")]
    if not named:
        return _of_dots(compiler, steps)
    name = _name(compiler, named[-1])
    if name.startswith("last-saved#"):
        compiler.unsupported.add("last-saved")
        return fixed("")
    # Inside a predicate a bare name is the row's own; in a path that starts elsewhere it is a question's.
    relative = steps[0].sign in ("(name)", ".") and compiler.inside > 0
    if relative:
        return Part(lambda world, row: row.columns.get(name, "") if row else "", "text")
    compiler.names.add(name)
    filtered = [step for step in named if step.predicates]
    if filtered:
        return _of_turns(
            compiler, name, _name(compiler, filtered[0]), [p for step in filtered for p in step.predicates]
        )
    return Part(lambda world, row: world.read(name), "any")


def _of_dots(compiler: Compiler, steps: list[Step]) -> Part:
    if steps[-1].sign in ("..", "/", "//"):
        return fixed("")  # a group has no answer
    if steps[0].sign == "." and compiler.inside:
        here = _keep(compiler, [p for step in steps for p in step.predicates])
        return Part(lambda world, row: row.here if row else "", "text") if here is None else fixed("")
    compiler.uses_dot = True
    return Part(lambda world, row: world.this, "text")


class _Turn(Mapping[str, str]):
    """One turn of a repeated group, as a row whose columns are the questions in it."""

    def __init__(self, world: World, at: int) -> None:
        self.world = world
        self.at = at

    def __getitem__(self, name: str) -> str:
        answers = self.world.instances(name)
        if self.at >= len(answers):
            raise KeyError(name)
        return answers[self.at]

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _of_turns(compiler: Compiler, name: str, filtered: str, predicates: list[XPathToken]) -> Part:
    compiler.names.add(filtered)
    keep = _keep(compiler, predicates)

    def run(world: World, row: Row | None) -> Value:
        answers = world.instances(name)
        turns: Sequence[Mapping[str, str]] = [_Turn(world, at) for at in range(len(answers))]
        kept = keep(world, turns, name) if keep else turns
        return [turn.get(name, "") for turn in kept]

    return Part(run, "any")


def _keep(
    compiler: Compiler, predicates: list[XPathToken]
) -> Callable[[World, Sequence[Mapping[str, str]], str], Sequence[Mapping[str, str]]] | None:
    """A filter of rows: the predicates one after the other; a number means the row at that place."""
    if not predicates:
        return None
    compiler.inside += 1
    tests: list[Run] = [compiler.part(each).run for each in predicates]
    compiler.inside -= 1

    def keep(world: World, rows: Sequence[Mapping[str, str]], column: str) -> Sequence[Mapping[str, str]]:
        for test in tests:
            count, kept = len(rows), []
            for at, columns in enumerate(rows, 1):
                value = test(world, Row(columns, at, count, columns.get(column, "")))
                if value == at if isinstance(value, float) else truth(value):
                    kept.append(columns)
            rows = kept
        return rows

    return keep


def _of_list(compiler: Compiler, steps: list[Step]) -> Part:
    call = steps[0].token
    if len(call) != 1 or call[0].symbol != "(string)":
        raise ExpressionError(
            told("instance() takes the name of one list in quotes."),
            told("Write instance('list')/root/item."),
        )
    compiler.functions.add("instance")
    instance = str(call[0].value)
    column = _column(steps[1:])
    keep = _keep(compiler, [p for step in steps for p in step.predicates])
    if column == "itextId" and compiler.labels:
        column = "label"

    def run(world: World, row: Row | None) -> Value:
        rows = world.rows(instance)
        if keep:
            rows = keep(world, rows, column)
        return [each.get(column, "") for each in rows]

    return Part(run, "any")


def _column(steps: list[Step]) -> str:
    """The column that is meant: what comes after the step for the rows, which is ``item`` or has the predicates."""
    named = [step for step in steps if step.sign == "(name)"]
    if not named or named[-1].sign != steps[-1].sign:
        if steps and steps[-1].sign == "@":
            return "@" + str(steps[-1].token[0].value)
        return "name"
    rows = next((at for at, step in enumerate(named) if step.predicates or step.name == "item"), 1)
    return named[-1].name if len(named) - 1 > rows else "name"
