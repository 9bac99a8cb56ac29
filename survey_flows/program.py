"""A survey laid out flat, and the walk through it: from an answer to the next question that is wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, TypeAlias

from .gates import open_to
from .items import LONGEST, TURNS, Block, Computed, Item, Note, Quota, Split
from .questions import Question
from .scope import Scope, Turn, Value, apart, key

if TYPE_CHECKING:
    from .survey import Survey


@dataclass(frozen=True, slots=True, eq=False)
class Enter:
    """The door of a group; ``past`` is the place behind it."""

    block: Block
    past: int


@dataclass(frozen=True, slots=True, eq=False)
class Leave:
    """The end of a group that may come round again; ``first`` is the place of its first item."""

    block: Block
    first: int


Op: TypeAlias = "Question | Note | Computed | Split | Quota | Enter | Leave"


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """The items in the order in which one person meets them, and where each question and each group's door stands."""

    ops: tuple[Op, ...]
    places: Mapping[str, int]
    doors: Mapping[str, int]


@dataclass(slots=True)
class Walk:
    """Where a walk has come to: a question and its turn (None at the end), and what was met on the way."""

    question: Question | None
    turn: Turn
    notes: list[Note] = field(default_factory=list)
    computed: list[tuple[str, Value]] = field(default_factory=list)
    quotas: list[str] = field(default_factory=list)
    full: Quota | None = None


def program(survey: Survey, seed: int) -> Program:
    """The order for one person: everybody's, but for groups whose order is drawn by lot."""
    seed = seed if survey.has_lots else 0
    laid = survey.programs.get(seed)
    if laid is None:
        if len(survey.programs) > 512:
            survey.programs.clear()
        survey.programs[seed] = laid = _laid_out(survey, seed)
    return laid  # not looked up again: another thread may have cleared them


def _laid_out(survey: Survey, seed: int) -> Program:
    ops: list[Op] = []
    _lay(survey.items, seed, ops)
    places = {op.key: at for at, op in enumerate(ops) if isinstance(op, Question)}
    doors = {op.block.key: at for at, op in enumerate(ops) if isinstance(op, Enter)}
    return Program(tuple(ops), places, doors)


def _lay(items: Sequence[Item], seed: int, ops: list[Op]) -> None:
    for item in items:
        if not isinstance(item, Block):
            ops.append(item)
            continue
        inner = list(item.items)
        if item.shuffled:
            Random(f"{seed}:{item.key}").shuffle(inner)  # noqa: S311 - no secret hangs on it
        at = len(ops)
        ops.append(Enter(item, 0))
        _lay(inner, seed, ops)
        if item.repeat is not None:
            ops.append(Leave(item, at + 1))
        ops[at] = Enter(item, len(ops))


def onward(survey: Survey, scope: Scope, answers: dict[str, Value], start: str | None) -> Walk:
    """Walk from behind the question ``start`` (from the beginning when None) to the next one that is wanted and has
    no answer.

    ``answers`` is what ``scope`` sees: computed values and lots are entered into it, and answers to questions that
    are not wanted any more are taken out (their words are kept elsewhere).
    """
    laid = program(survey, scope.seed)
    name, scope.turn = apart(start) if start else ("", ())
    at = laid.places[name] + 1 if start else 0
    walk = Walk(None, scope.turn)
    ops = laid.ops
    while at < len(ops):
        op = ops[at]
        at += 1
        if isinstance(op, Question):
            scope.at = op.key
            kept = key(op.key, scope.turn)
            if not open_to(op.ask_if, scope) or not op.shown(scope).possible:
                answers.pop(kept, None)
            elif kept in answers:
                walk.notes.clear()  # they belong to a question that has been answered
            else:
                walk.question, walk.turn = op, scope.turn
                return walk
        elif isinstance(op, Enter):
            at = _enter(op, scope, answers, at)
        elif isinstance(op, Leave):
            at = _leave(op, scope, answers, at)
        else:
            scope.at = op.key
            if not open_to(op.ask_if, scope):
                answers.pop(key(op.key, scope.turn), None)
            elif _pass(op, scope, answers, walk):
                break
    scope.turn = ()
    return walk


def _pass(op: Note | Computed | Split | Quota, scope: Scope, answers: dict[str, Value], walk: Walk) -> bool:
    """Go by an item that asks nothing; True ends the walk."""
    kept = key(op.key, scope.turn)
    if isinstance(op, Note):
        walk.notes.append(op)
    elif isinstance(op, Computed):
        before = answers.get(kept)
        scope.this = "" if before is None else str(before)
        value = op.expression.text(scope)[:LONGEST]
        if value != before:
            answers[kept] = value
            walk.computed.append((kept, value))
    elif isinstance(op, Split):
        if kept not in answers:
            answers[kept] = arm = op.arm(scope.draw(op.key))
            walk.computed.append((kept, arm))
    elif kept not in answers:
        if op.key in scope.full:
            walk.full = op
            return True
        answers[kept] = True
        walk.quotas.append(op.key)
    return False


def _enter(op: Enter, scope: Scope, answers: dict[str, Value], at: int) -> int:
    block = op.block
    scope.at = block.key
    if open_to(block.ask_if, scope) and _wants(block, scope, 1):
        if block.repeat is not None:
            scope.turn = (*scope.turn, 1)
        return at
    _forget(block, scope, answers)
    return op.past


def _forget(block: Block, scope: Scope, answers: dict[str, Value], rounds: int = 0) -> None:
    """Take out what was said in a group: all of it, or what came after so many times round."""
    inside, depth = set(scope.survey.inside[block.key]), len(scope.turn)
    for kept in [kept for kept in answers if kept.partition("[")[0] in inside]:
        turn = apart(kept)[1]
        if turn[:depth] == scope.turn and (len(turn) == depth or turn[depth] > rounds):
            del answers[kept]


def _leave(op: Leave, scope: Scope, answers: dict[str, Value], at: int) -> int:
    *outer, rounds = scope.turn
    repeat = op.block.repeat
    assert repeat is not None
    scope.at = repeat.more or op.block.key
    more = scope.look(repeat.more) is True if repeat.more else True
    scope.turn, scope.at = tuple(outer), op.block.key
    if more and _wants(op.block, scope, rounds + 1):
        scope.turn = (*outer, rounds + 1)
        return op.first
    _forget(op.block, scope, answers, rounds)
    return at


def _wants(block: Block, scope: Scope, rounds: int) -> bool:
    if block.repeat is None:
        return True
    if rounds > TURNS:
        return False
    return block.repeat.count is None or rounds <= block.repeat.count.number(scope)  # NaN is never enough


def before(survey: Survey, seed: int, answers: Mapping[str, Value], at: str | None) -> str | None:
    """The answered question that comes last before ``at`` (before the end when None) in this person's order; None
    when there is none."""
    laid = program(survey, seed)

    def stands(kept: str) -> list[int]:
        name, turn = apart(kept)
        doors = [laid.doors[block] for block in survey.loops[name]]
        return [*(n for pair in zip(doors, turn, strict=False) for n in pair), laid.places[name]]

    here = stands(at) if at else [len(laid.ops)]
    earlier = [
        (spot, kept) for kept in answers if apart(kept)[0] in laid.places and (spot := stands(kept)) < here
    ]
    return max(earlier)[1] if earlier else None


def walked(items: Sequence[Item]) -> Iterator[tuple[Item, tuple[str, ...], tuple[Block, ...]]]:
    """Every item with the repeated groups, and all groups, it stands in."""

    def inside(
        items: Sequence[Item], loops: tuple[str, ...], blocks: tuple[Block, ...]
    ) -> Iterator[tuple[Item, tuple[str, ...], tuple[Block, ...]]]:
        for item in items:
            yield item, loops, blocks
            if isinstance(item, Block):
                more = (*loops, item.key) if item.repeat else loops
                yield from inside(item.items, more, (*blocks, item))

    return inside(items, (), ())
