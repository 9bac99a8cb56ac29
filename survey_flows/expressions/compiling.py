"""Makes a tree of tokens into one Python function of a world."""

from __future__ import annotations

from collections.abc import Callable

from elementpath.xpath_tokens import XPathToken

from ..told import told
from .functions import FUNCTIONS, Function
from .grammar import ExpressionError, OdkParser
from .operators import COMPARED, RECKONED, compared, joined, reckoned, signed, united
from .parts import Compiler, Part, Run, as_number, as_text, as_truth, fixed
from .paths import path
from .special import SPECIAL
from .world import UNSUPPORTED

OdkParser.know(tuple(FUNCTIONS))


def compiled(compiler: Compiler, token: XPathToken) -> Part:
    """The part that a token and all below it make."""
    sign = token.symbol
    if sign == "(string)":
        return fixed(str(token.value))
    if sign in ("(integer)", "(decimal)", "(float)"):
        return fixed(_number(token))
    if sign == "(":
        return compiler.part(token[0])
    if sign in ("and", "or"):
        return joined(compiler, token)
    if sign in COMPARED:
        return compared(compiler, token)
    if sign in RECKONED and len(token) == 2:
        return reckoned(compiler, token)
    if sign in ("-", "+"):
        return signed(compiler, token)
    if sign == "|":
        return united(compiler, token)
    if sign in FUNCTIONS and token.label == "function" and sign not in ("instance", "current"):
        return _called(compiler, token)
    return path(compiler, token)


def _number(token: XPathToken) -> float:
    try:
        return float(str(token.value))
    except OverflowError:
        return float("inf")


def _called(compiler: Compiler, token: XPathToken) -> Part:
    name, function = token.symbol, FUNCTIONS[token.symbol]
    compiler.functions.add(name)
    if not function.fits(len(token)):
        problem = told(
            "{name}() takes {wanted} arguments, not {n}.", name=name, wanted=function.wanted, n=len(token)
        )
        raise ExpressionError(problem, told("See docs.getodk.org/form-operators-functions."))
    if name in SPECIAL:
        return SPECIAL[name](compiler, token)
    if name in UNSUPPORTED:
        compiler.unsupported.add(name)
    if (
        not len(token) and function.takes == "t"
    ):  # string-length() and normalize-space(): of the answer itself
        compiler.uses_dot = True
        return Part(_call(function, [lambda world, row: world.this]), function.gives)
    parts = [compiler.part(each) for each in token]
    letters = function.takes + function.more * len(parts)
    return Part(
        _call(function, [_AS[letter](part) for letter, part in zip(letters, parts, strict=False)]),
        function.gives,
    )


_AS: dict[str, Callable[[Part], Run]] = {
    "t": as_text,
    "n": as_number,
    "b": as_truth,
    "v": lambda part: part.run,
}


def _call(function: Function, taken: list[Run]) -> Run:
    run = function.run
    if run is None:
        raise TypeError("special.py compiles this one")
    if function.world:
        return lambda w, r: run(w, *[each(w, r) for each in taken])
    if len(taken) == 1:
        (one,) = taken
        return lambda w, r: run(one(w, r))
    if len(taken) == 2:
        one, other = taken
        return lambda w, r: run(one(w, r), other(w, r))
    return lambda w, r: run(*[each(w, r) for each in taken])
