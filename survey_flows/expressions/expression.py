"""An expression: parsed once, asked often."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from ..told import told
from .compiling import compiled
from .grammar import ExpressionError, tree
from .parts import Compiler, Run
from .values import Value, number, text, truth
from .world import World


@dataclass(frozen=True, slots=True)
class Expression:
    """What an author wrote, ready to be asked.

    ``names`` are the questions whose answers it reads, ``uses_dot`` whether it reads the answer of its own question,
    ``functions`` what it calls. ``unsupported`` are the keys of UNSUPPORTED that it needs: those parts give a blank.
    Two expressions are equal if they are written alike.

    Whatever the answers, asking raises nothing, but for ExpressionError where the time is needed and not known.
    """

    source: str
    names: frozenset[str] = field(compare=False)
    uses_dot: bool = field(compare=False)
    functions: frozenset[str] = field(compare=False)
    unsupported: frozenset[str] = field(compare=False)
    _run: Run = field(compare=False, repr=False)

    def value(self, world: World) -> Value:
        """What it gives: a text, a number, a truth, or a list of texts."""
        return self._run(world, None)

    def truth(self, world: World) -> bool:
        """Whether it holds: for relevant, constraint, required."""
        return truth(self._run(world, None))

    def number(self, world: World) -> float:
        """The number; NaN for what is none: for repeat_count."""
        return number(self._run(world, None))

    def text(self, world: World) -> str:
        """The text that is kept: for calculate and default.

        No number is "": ODK keeps nothing for a calculate that gives NaN, so that a sum over blanks stays blank.
        """
        return text(self._run(world, None))


@lru_cache(maxsize=4096)
def parse(source: str) -> Expression:
    """Parse an expression. Raises ExpressionError, and nothing else.

    >>> parse("${age} >= 18 and selectd(., 'yes')")
    Traceback (most recent call last):
    survey_flows.expressions.grammar.ExpressionError: There is no function selectd(). Did you mean selected()?
    """
    token, variables = tree(source)
    compiler = Compiler(compiled, source, variables)
    try:
        run = compiler.part(token).run
    except RecursionError:
        raise ExpressionError(
            told("The expression has too many parts in parts."), told("Take it apart.")
        ) from None
    return Expression(
        source,
        frozenset(compiler.names),
        compiler.uses_dot,
        frozenset(compiler.functions),
        frozenset(compiler.unsupported),
        run,
    )
