"""Puts a filter's parts together as the parser finds them, and holds each to what may be said of its field."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from lark import Token, Transformer
from lark.visitors import v_args

from survey_flows.told import listed, told

from .expression import And, Call, Everyone, Node, Not, Or, Test
from .fields import ALLOWED, COUNTED, EVERYONE, FUNCTIONS, MOST_DAYS, ORDER, Field, Op, attribute, field_named
from .slips import Slip
from .values import Value

DEPTH = 12
"""How deep ``and`` and ``or`` may be nested in each other: at 18 SQLite's parser gives up. What changes nothing (more
parentheses, ``not`` of ``not``) is free."""
TESTS = 400
"""Tests and values at most: a database refuses an expression that is too deep, and would do so at night."""


class Read(NamedTuple):
    """A part that has been read, how deep it is nested, and how many tests and values it holds."""

    node: Node
    depth: int = 1
    tests: int = 1


class _Name(NamedTuple):
    text: str
    ticked: bool
    at: int


@v_args(inline=True)
class Builder(Transformer[Token, Read]):
    """Puts the parts together as the parser finds them, so that no depth of nesting recurses."""

    def name(self, token: Token) -> _Name:
        ticked = token.type == "TICKED"
        return _Name(str(token)[1:-1] if ticked else words(token), ticked, token.start_pos or 0)

    def value(self, token: Token) -> Value:
        text, at = words(token), token.start_pos or 0
        if not text.strip():
            raise Slip(
                at,
                told("There is nothing between these quotes."),
                told('Ask for what has no value with "is missing".'),
            )
        value = Value(text, at=at)
        # Quotes make a difference for numbers only: "06" is these two letters, 06 is six.
        return replace(value, quoted=token.type == "STRING" and value.number is not None)

    def list(self, *values: Value) -> tuple[Value, ...]:
        return values

    def compared(self, name: _Name, sign: Token, value: Value) -> Read:
        if sign in ("!=", "<>", "≠"):
            return _not(_test(name, "=", (value,)))
        return _test(name, _OPS[sign], (value,))

    def among(self, name: _Name, values: tuple[Value, ...]) -> Read:
        return _test(name, "=", values)

    def not_among(self, name: _Name, values: tuple[Value, ...]) -> Read:
        return _not(_test(name, "=", values))

    def contains(self, name: _Name, value: Value) -> Read:
        return _test(name, "contains", (value,))

    def not_contains(self, name: _Name, value: Value) -> Read:
        return _not(_test(name, "contains", (value,)))

    def known(self, name: _Name) -> Read:
        return _test(name, "known", ())

    def missing(self, name: _Name) -> Read:
        return _not(_test(name, "known", ()))

    def called(self, name: Token, argument: Value) -> Read:
        function, at = name.lower(), name.start_pos or 0
        if function not in FUNCTIONS:
            raise Slip(
                at,
                told("There is no {function}( ).", function=str(name)),
                told("There are: {names}.", names=listed(FUNCTIONS)),
            )
        wants = FUNCTIONS[function][0]
        if function == "replied_within" and not (
            re.fullmatch(r"[0-9]{1,4}", argument.text) and 1 <= int(argument.text) <= MOST_DAYS
        ):
            raise Slip(
                argument.at,
                told(
                    "{function} takes {what}, from 1 to {most}.",
                    function=function,
                    what=wants,
                    most=MOST_DAYS,
                ),
                told("For example {example}.", example=f"{function}(7)"),
            )
        if function == "anniversary":
            _named(argument.text, argument.at, ticked=True)
        return Read(Call(function, argument, at))

    def alone(self, word: Token) -> Read:
        if word.lower() == EVERYONE:
            return Read(Everyone())
        raise Slip(
            (word.start_pos or 0) + len(word),
            told("A test is missing after {word}.", word=str(word)),
            told('For example: school = "Lincoln". Or all people: everyone.'),
        )

    def opposite(self, part: Read) -> Read:
        return _not(part)

    def both(self, *parts: Read) -> Read:
        nodes = [part.node for part in parts]
        return _joined(
            And(tuple(of for node in nodes for of in (node.parts if isinstance(node, And) else (node,)))),
            parts,
        )

    def either(self, *parts: Read) -> Read:
        nodes = [part.node for part in parts]
        return _joined(
            Or(tuple(of for node in nodes for of in (node.parts if isinstance(node, Or) else (node,)))), parts
        )


_OPS: dict[str, Op] = {
    "=": "=", "==": "=", "<": "<", ">": ">", "<=": "<=", "≤": "<=", ">=": ">=", "≥": ">=",
}  # fmt: skip


def _joined(node: And | Or, parts: tuple[Read, ...]) -> Read:
    return _within(Read(node, max(part.depth for part in parts) + 1, sum(part.tests for part in parts)))


def _not(part: Read) -> Read:
    node = part.node.part if isinstance(part.node, Not) else Not(part.node)
    return part._replace(node=node)


def _within(read: Read) -> Read:
    if read.depth > DEPTH:
        raise Slip(
            0,
            told("And and or are nested in each other more than {most} deep.", most=DEPTH),
            told("Write it flatter: a and b and (c or d)."),
        )
    if read.tests > TESTS:
        raise Slip(
            0,
            told("A filter has at most {most} tests and values.", most=TESTS),
            told("Use a list (on_list) for so many."),
        )
    return read


def words(token: Token) -> str:
    """What a word or a quoted value says."""
    if token.type == "WORD":
        return str(token)
    inner = str(token)[1:-1]
    return re.sub(r"\\(.)", r"\1", inner, flags=re.DOTALL) if token[0] in "\"'" else inner


def _named(name: str, at: int, *, ticked: bool) -> Field:
    try:
        return attribute(name) if ticked else field_named(name)
    except LookupError as error:
        raise Slip(at, str(error.args[0]), told("See `openline audience fields`.")) from None


def _test(name: _Name, op: Op, values: tuple[Value, ...]) -> Read:
    field = _named(name.text, name.at, ticked=name.ticked)
    if op not in ALLOWED[field.kind]:
        can = listed(_SAID.get(each, each) for each in ALLOWED[field.kind])
        raise Slip(
            name.at,
            told("{field} cannot be tested so.", field=field.name),
            told("What can be asked of it: {tests}.", tests=can),
        )
    for value in values:
        if field.kind in COUNTED and not re.fullmatch(r"[0-9]{1,9}", value.text):
            raise Slip(
                value.at,
                told("{field} is a number.", field=field.name),
                told("For example: {example}.", example=f"{field.name} {_sign(op)} 2"),
            )
        if op in ORDER and value.number is None and value.grade is None and not value.is_day:
            raise Slip(
                value.at,
                told(
                    "Larger and smaller are for numbers, grades and dates, and this is none: {value}",
                    value=value.text[:40],
                ),
                told('Write 6, K, 2026-10-15, today or "7 days ago"; or compare with =.'),
            )
    return _within(Read(Test(field, op, values, name.at), tests=max(1, len(values))))


def _sign(op: Op) -> str:
    return op if op in ORDER else ">="


_SAID = {"=": "=, !=, in ( ), not in ( )", "known": "is missing, is known"}
