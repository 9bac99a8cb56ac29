"""and, or, comparisons and sums, compiled.

Source: XPath 1.0, section 3; docs.getodk.org/form-operators-functions, "Operators".
"""

from __future__ import annotations

import operator
from collections.abc import Callable

from elementpath.xpath_tokens import XPathToken

from .arithmetic import divide, remainder
from .parts import Compiler, Number, Part, as_number, as_truth
from .values import Value, equal, ordered, several, unequal
from .world import Row, World

COMPARED: dict[str, Callable[[Value, Value], bool]] = {
    "=": equal,
    "!=": unequal,
    "<": ordered(operator.lt),
    "<=": ordered(operator.le),
    ">": ordered(operator.gt),
    ">=": ordered(operator.ge),
}
RECKONED: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "div": divide,
    "mod": remainder,
}


def joined(compiler: Compiler, token: XPathToken) -> Part:
    """A whole run of ``and`` or of ``or`` at once: forms have long ones."""
    sign, parts = token.symbol, []
    while token.symbol == sign:
        parts.append(as_truth(compiler.part(token[1])))
        token = token[0]
    parts.append(as_truth(compiler.part(token)))
    tests = tuple(reversed(parts))
    if len(tests) == 2:
        a, b = tests
        if sign == "and":
            return Part(lambda w, r: a(w, r) and b(w, r), "truth")
        return Part(lambda w, r: a(w, r) or b(w, r), "truth")
    if sign == "and":
        return Part(lambda w, r: all(test(w, r) for test in tests), "truth")
    return Part(lambda w, r: any(test(w, r) for test in tests), "truth")


def compared(compiler: Compiler, token: XPathToken) -> Part:
    """``=``, ``<`` and their like."""
    compare = COMPARED[token.symbol]
    one, other = (compiler.part(each) for each in token)
    a, b, value = one.run, other.run, other.fixed
    if value is not None:
        return Part(lambda w, r: compare(a(w, r), value), "truth")
    return Part(lambda w, r: compare(a(w, r), b(w, r)), "truth")


def reckoned(compiler: Compiler, token: XPathToken) -> Part:
    """Sums from the left, without a level for each: a score adds up a hundred questions."""
    steps: list[tuple[Callable[[float, float], float], Number]] = []
    while token.symbol in RECKONED and len(token) == 2:
        steps.append((RECKONED[token.symbol], as_number(compiler.part(token[1]))))
        token = token[0]
    first = as_number(compiler.part(token))
    if len(steps) == 1:
        reckon, second = steps[0]
        return Part(lambda w, r: reckon(first(w, r), second(w, r)), "number")
    steps.reverse()

    def run(world: World, row: Row | None) -> float:
        total = first(world, row)
        for reckon, value in steps:
            total = reckon(total, value(world, row))
        return total

    return Part(run, "number")


def signed(compiler: Compiler, token: XPathToken) -> Part:
    """A sign before a number."""
    value = as_number(compiler.part(token[0]))
    return Part((lambda w, r: -value(w, r)) if token.symbol == "-" else value, "number")


def united(compiler: Compiler, token: XPathToken) -> Part:
    """``|``: the answers of both."""
    one, other = (compiler.part(each).run for each in token)
    return Part(lambda w, r: several(one(w, r)) + several(other(w, r)), "any")
