"""Reads an expression into a tree of tokens: XPath 1.0's grammar as elementpath has it, mended where ODK allows more.

Only the grammar is elementpath's. Nothing is evaluated there, and its own parser class stays as it was.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import ClassVar

from elementpath.tdop import Parser
from elementpath.xpath1 import XPath1Parser
from elementpath.xpath_tokens import XPathAxis, XPathFunction, XPathToken

from ..told import told

LONGEST = 20_000
_MARKS = r"\u00b7\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u0900-\u109f\u1780-\u17d3\u203f\u2040"
_NAME = rf"[^\W\d][\w.\-{_MARKS}]*(?::[^\W\d][\w.\-{_MARKS}]*)?"
_LITERAL = r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\""
_PIECE = re.compile(rf"({_LITERAL})|\$\{{([^{{}}]*)\}}|([\u200b-\u200f\u2060\ufeff]+)")


class ExpressionError(Exception):
    """An expression that a person has to mend: what is wrong, and what to do."""

    def __init__(self, problem: str, cure: str = "") -> None:
        super().__init__(told("{problem} {cure}", problem=problem, cure=cure) if cure else problem)
        self.problem = problem
        self.cure = cure


class _Call(XPathFunction):
    """A function with any number of arguments: who has how many is for us to say."""

    symbol = lookup_name = "(call)"
    label = "function"
    lbp = rbp = 90
    pattern = rf"\b{_NAME}(?=\s*\()"

    def nud(self) -> XPathFunction:
        self.parser.advance("(")
        if self.parser.next_token.symbol != ")":
            self.append(self.parser.expression(5))
            while self.parser.next_token.symbol == ",":
                self.parser.advance()
                self.append(self.parser.expression(5))
        self.parser.advance(")")
        return self


class _Comparison(XPathToken):
    """Left to right, as XPath 1.0 has it: ``1 < 2 = true()``; elementpath takes XPath 2's view and refuses."""

    label = "operator"

    def led(self, left: XPathToken) -> XPathToken:
        self[:] = left, self.parser.expression(rbp=self.rbp)
        return self


def _comparison(sign: str, power: int) -> type[XPathToken]:
    body = {"symbol": sign, "lookup_name": sign, "lbp": power, "rbp": power}
    return type("Comparison", (_Comparison,), body)


class OdkParser(XPath1Parser):
    """XPath 1.0 with ODK's functions, calls as steps of a path, and prefixes that need no declaration."""

    name_pattern = re.compile(_NAME)
    PATH_STEP_LABELS: ClassVar[tuple[str, ...]] = ("axis", "kind test", "function")
    failed_at = 0

    @classmethod
    def know(cls, functions: tuple[str, ...]) -> None:
        """Add functions by name."""
        for name in functions:
            cls.symbol_table[name] = type("Call", (_Call,), {"symbol": name, "lookup_name": name})

    def parse(self, source: str) -> XPathToken:
        """As the grammar alone would have it: elementpath's own would go on to evaluate."""
        self.failed_at = 0
        return Parser.parse(self, source)

    def advance(self, *symbols: str, message: str | None = None) -> XPathToken:
        try:
            return super().advance(*symbols, message=message)
        finally:
            self.failed_at = max(self.failed_at, self.next_token.span[0])


# The table is a copy: elementpath's own parser stays as it was.
for _sign, _kind in list(OdkParser.symbol_table.items()):
    if _sign in (":", "::", "{", "}") or issubclass(_kind, XPathFunction | XPathAxis):
        del OdkParser.symbol_table[_sign]
for _sign, _power in (("=", 30), ("!=", 30), ("<", 35), ("<=", 35), (">", 35), (">=", 35)):
    OdkParser.symbol_table[_sign] = _comparison(_sign, _power)


@dataclass(frozen=True)
class Sentence:
    """An expression in the grammar's own letters: question ``names[3]`` is ``$v3`` in ``written``."""

    written: str
    names: tuple[str, ...]

    def near(self, at: int) -> str:
        """What stands there, as its author wrote it."""
        piece = " ".join(self.written[max(0, at - 12) : at + 24].split())
        return _STAND_IN.sub(lambda match: "${" + self.names[int(match[1])] + "}", piece)

    @property
    def bare(self) -> str:
        """Without what stands in quotes."""
        return re.sub(_LITERAL, "''", self.written)


_STAND_IN = re.compile(r"\$v(\d+)\b")


def tree(source: str) -> tuple[XPathToken, tuple[str, ...]]:
    """The tokens of an expression, and the names of the questions that its variables ``v0``, ``v1`` … stand for.

    Raises ExpressionError for what is not grammatical and for functions that nobody knows.
    """
    if len(source) > LONGEST:
        raise ExpressionError(
            told("An expression has at most {most} characters.", most=LONGEST),
            told("Take it apart with calculates."),
        )
    if not source.strip():
        raise ExpressionError(
            told("The expression is empty."), told("Leave the cell blank or write an expression.")
        )
    sentence = _sentence(source)
    _check_functions(sentence.bare)
    parser = OdkParser()
    try:
        return parser.parse(sentence.written), sentence.names
    except RecursionError:
        raise ExpressionError(
            told("The expression has too many brackets in brackets."), told("Take it apart.")
        ) from None
    except Exception as error:  # elementpath raises many kinds, and an author can write anything
        problem = told("The expression cannot be read near “{words}”.", words=sentence.near(parser.failed_at))
        raise ExpressionError(problem, _cure(source, sentence.bare)) from error


def _sentence(source: str) -> Sentence:
    names: list[str] = []

    def piece(match: re.Match[str]) -> str:
        literal, name, unseen = match.groups()
        if literal is not None:
            return str(literal)
        if unseen is not None:
            return ""
        if not name.strip():
            raise ExpressionError(
                told("${} names no question."), told("Put the question's name between the braces.")
            )
        names.append(name.strip())
        return f" $v{len(names) - 1} "

    # No variable but ours may get through, whatever hides between its $ and its name.
    if re.search(r"\$\s*[^\W\d]", _PIECE.sub("", source)):
        raise ExpressionError(told("A $ is not followed by a name in braces."), told("Write ${name}."))
    return Sentence(_PIECE.sub(piece, source), tuple(names))


_CALLED = re.compile(rf"(?<![\w$.\-:]){_NAME}(?=\s*\()")
_WORDS = frozenset({"and", "or", "div", "mod"})


def _check_functions(bare: str) -> None:
    known = OdkParser.symbol_table
    for match in _CALLED.finditer(bare):
        name = match[0]
        if name in known or name in _WORDS:
            continue
        lower = {each.lower(): each for each in known if each[0].isalpha()}
        close = [lower[name.lower()]] if name.lower() in lower else difflib.get_close_matches(name, known, 1)
        cure = (
            told("Did you mean {name}()?", name=close[0])
            if close
            else told("See docs.getodk.org/form-operators-functions.")
        )
        raise ExpressionError(told("There is no function {name}().", name=name), cure)


_SLIPS = (
    (r"[‘’‚‛“”„«»]", told("Use straight quotes: 'yes'.")),
    (r"[–—−]", told("Write minus with the hyphen: -.")),
    (r"[≥≤≠]", told("Write >=, <= or !=.")),
    (r"&&|&", told("Write and.")),
    (r"\|\|", told("Write or.")),
    (r"==", told("Write = once.")),
    (r"<>|=!|!(?!=)", told("Write != for “is not”, not(…) for “no”.")),
    (r"=<|=>", told("Write <= or >=.")),
    (r"\b(?:AND|OR|And|Or|DIV|MOD)\b", told("Write and, or, div and mod in small letters.")),
    (r"\$\{", told("Close the braces: ${name}.")),
    (r"\$", told("Write ${name}.")),
    (r"[{}]", told("Write ${name} for a question.")),
    (r"%", told("Write mod for what is left of a division.")),
    (r"\d\s*,\s*\d+\s*(?:[<>=]|$)", told("Write decimals with a point: 1.5.")),
)


def _cure(source: str, bare: str) -> str:
    rest = _PIECE.sub("", source)
    if "'" in rest or '"' in rest:
        return told("A quote is opened and not closed.")
    if bare.count("(") != bare.count(")"):
        return told("Each ( needs its ).")
    if bare.count("[") != bare.count("]"):
        return told("Each [ needs its ].")
    return next(
        (cure for slip, cure in _SLIPS if re.search(slip, rest)), told("Is a word or a sign missing there?")
    )
