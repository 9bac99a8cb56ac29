"""The functions that decide themselves which arguments they read, or draw by lot, or look at a path.

Source: docs.getodk.org/form-operators-functions; ODK XForms Specification, "XPath Functions" (randomize: the
"inside-out" Fisher-Yates shuffle with Park and Miller's numbers); JavaRosa, XPathFuncExpr.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random
from uuid import UUID

from elementpath.xpath_tokens import XPathToken

from ..told import told
from . import texts
from .grammar import ExpressionError
from .parts import Compiler, Part, as_number, as_text, as_truth, fixed
from .paths import question
from .values import Value, blank, several
from .world import Row, World


def _if(compiler: Compiler, token: XPathToken) -> Part:
    """An if in the else of an if, and so on, is one list of cases: forms have them by the hundred."""
    cases = []
    while token.symbol == "if" and len(token) == 3:
        cases.append((as_truth(compiler.part(token[0])), compiler.part(token[1])))
        token = token[2]
    other = compiler.part(token)
    gives = other.gives if all(part.gives == other.gives for _, part in cases) else "any"
    (first, then), *rest = [(holds, part.run) for holds, part in cases]
    last = other.run
    if not rest:
        return Part(lambda w, r: then(w, r) if first(w, r) else last(w, r), gives)

    def run(world: World, row: Row | None) -> Value:
        if first(world, row):
            return then(world, row)
        for holds, value in rest:
            if holds(world, row):
                return value(world, row)
        return last(world, row)

    return Part(run, gives)


def _coalesce(compiler: Compiler, token: XPathToken) -> Part:
    *first, last = (compiler.part(each).run for each in token)

    def run(world: World, row: Row | None) -> Value:
        for each in first:
            value = each(world, row)
            if not blank(value):
                return value
        return last(world, row)

    return Part(run, "any")


def _once(compiler: Compiler, token: XPathToken) -> Part:
    compiler.uses_dot = True
    fresh = compiler.part(token[0]).run
    return Part(lambda w, r: w.this or fresh(w, r), "any")


def _regex(compiler: Compiler, token: XPathToken) -> Part:
    value, written = as_text(compiler.part(token[0])), compiler.part(token[1])
    if written.fixed is not None:
        ready = texts.pattern(str(written.fixed))
        if ready is None:
            raise ExpressionError(
                told("The pattern {pattern} is not well formed.", pattern=written.fixed),
                told("See docs.getodk.org/form-regex."),
            )
        return Part(lambda w, r: texts.fits(value(w, r), ready), "truth")
    other = as_text(written)
    return Part(lambda w, r: texts.fits(value(w, r), texts.pattern(other(w, r))), "truth")


def _choice_name(compiler: Compiler, token: XPathToken) -> Part:
    value = as_text(compiler.part(token[0]))
    if token[1].symbol == "(string)":  # '${name}', or '/data/group/name' as a converter writes it
        name = re.split(r"[/\s{}]+", str(token[1].value).strip(" }"))[-1]
    else:
        name = question(compiler, token[1]) or ""
    if not name:
        raise ExpressionError(
            told("jr:choice-name() needs a question."), told("Write jr:choice-name(${name}, '${name}').")
        )

    def run(world: World, row: Row | None) -> Value:
        chosen = value(world, row)
        return world.choice_name(chosen, name) if chosen else ""

    return Part(run, "text")


def _itext(compiler: Compiler, token: XPathToken) -> Part:
    """The label of a choice is all that can be asked for: what stands in its column ``itextId``."""
    compiler.labels += 1
    part = compiler.part(token[0])
    compiler.labels -= 1
    if "itextId" in _words(token[0]):
        return Part(as_text(part), "text")
    compiler.unsupported.add("jr:itext")
    return fixed("")


def _words(token: XPathToken) -> set[str]:
    return {str(each.value) for each in token.iter("(name)")}


def _random(compiler: Compiler, token: XPathToken) -> Part:
    key = _key(compiler, "random")
    return Part(lambda w, r: w.draw(_at(key, r)), "number")


def _uuid(compiler: Compiler, token: XPathToken) -> Part:
    key = _key(compiler, "uuid")
    length = as_number(compiler.part(token[0])) if len(token) else None

    def run(world: World, row: Row | None) -> Value:
        lot = _lot(world, _at(key, row))
        if length is None:
            return str(UUID(int=lot.getrandbits(128), version=4))
        wanted = length(world, row)
        count = int(min(max(wanted, 0), 255)) if wanted == wanted else 0
        return "".join(lot.choice("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(count))

    return Part(run, "text")


def _key(compiler: Compiler, kind: str) -> str:
    compiler.draws += 1
    return f"{kind} {compiler.draws} of {compiler.source}"


def _at(key: str, row: Row | None) -> str:
    return f"{key} row {row.at}" if row else key


def _lot(world: World, key: str) -> Random:
    # One draw has 53 bits: three are enough for an id that nobody else has.
    return Random(" ".join(repr(world.draw(f"{key}.{n}")) for n in range(3)))  # noqa: S311 - ids, not secrets


def _randomize(compiler: Compiler, token: XPathToken) -> Part:
    items = compiler.part(token[0]).run
    seed = as_number(compiler.part(token[1])) if len(token) > 1 else None
    key = _key(compiler, "randomize")

    def run(world: World, row: Row | None) -> Value:
        values = several(items(world, row))
        given = seed(world, row) if seed else float("nan")
        if given == given and abs(given) != float("inf"):
            return shuffled(values, _park_miller(int(given)))
        return shuffled(values, _lot(world, _at(key, row)).random)

    return Part(run, "any")


def shuffled(values: Sequence[str], draw: Callable[[], float]) -> list[str]:
    """The same in another order: Fisher and Yates, inside out."""
    out: list[str] = []
    for at, value in enumerate(values):
        other = int(draw() * (at + 1))
        out.append(value)
        out[at], out[other] = out[other], value
    return out


def _park_miller(seed: int) -> Callable[[], float]:
    modulus = 2**31 - 1
    state = seed % modulus or modulus - 1

    def draw() -> float:
        nonlocal state
        state = state * 16807 % modulus
        return (state - 1) / (modulus - 1)

    return draw


def _position(compiler: Compiler, token: XPathToken) -> Part:
    if len(token):  # position(..): the turn of the repeat that the question is in
        return Part(lambda w, r: float(w.position()), "number")
    return Part(lambda w, r: float(r.at) if r else float(w.position()), "number")


def _last(compiler: Compiler, token: XPathToken) -> Part:
    return Part(lambda w, r: float(r.of) if r else 1.0, "number")


def _indexed_repeat(compiler: Compiler, token: XPathToken) -> Part:
    name = question(compiler, token[0])
    if name is None:
        raise ExpressionError(
            told("indexed-repeat() needs a question."), told("Write indexed-repeat(${name}, ${group}, 1).")
        )
    compiler.names.add(name)
    if len(token) > 3:
        compiler.unsupported.add("nested indexed-repeat")
    index = as_number(compiler.part(token[-1]))

    def run(world: World, row: Row | None) -> Value:
        answers, wanted = world.instances(name), index(world, row)
        at = int(wanted) if 1 <= wanted <= len(answers) else 0 if wanted > len(answers) else 1
        return answers[at - 1] if at and answers else ""

    return Part(run, "text")


SPECIAL: dict[str, Callable[[Compiler, XPathToken], Part]] = {
    "if": _if,
    "coalesce": _coalesce,
    "once": _once,
    "regex": _regex,
    "jr:choice-name": _choice_name,
    "jr:itext": _itext,
    "random": _random,
    "uuid": _uuid,
    "randomize": _randomize,
    "position": _position,
    "last": _last,
    "indexed-repeat": _indexed_repeat,
}
