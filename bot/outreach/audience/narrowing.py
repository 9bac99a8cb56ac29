"""Audiences that are of some schools only: for people whose work is at one school, and who may write to nobody else."""

from __future__ import annotations

from collections.abc import Collection

from .expression import And, Expression, Node, Not, Or, Test
from .fields import EVERYONE
from .reading import parse
from .saved import KEY
from .values import Value
from .writing import value


def within(meant: Expression, schools: Collection[str] | None) -> bool:
    """Whether a filter says by itself that everybody in it (with the child that makes it true) is of these schools.
    ``None`` is every school. What only a saved audience says counts where it has been written out (``saved.resolve``).

    >>> within(parse('school = "Lincoln" and grade = 6'), ["Lincoln"]), within(parse("grade = 6"), ["Lincoln"])
    (True, False)
    >>> within(parse('school in ("Lincoln", "Oak") '), ["Lincoln"]), within(parse('not school = "Oak"'), ["Lincoln"])
    (False, False)
    """
    return schools is None or _held(meant.root, frozenset(one.casefold() for one in schools))


def _held(node: Node, schools: frozenset[str]) -> bool:
    match node:
        case And(parts):
            return any(_held(part, schools) for part in parts)
        case Or(parts):
            return all(_held(part, schools) for part in parts)
        case Not(Not(part)):
            return _held(part, schools)
        case Test(field, "=", values) if field.kind == "school":
            return bool(values) and all(one.text.casefold() in schools for one in values)
    return False


def narrowed(text: str, schools: Collection[str] | None) -> str:
    """A filter, or the name of a saved one, with the condition that it is of these schools where it does not say so itself.

    Raises AudienceError for a filter that cannot be read.

    >>> narrowed("grade = 6 or grade = 7", ["Lincoln"])
    'school = Lincoln and (grade = 6 or grade = 7)'
    """
    if schools is None:
        return text
    text = text.strip()
    if KEY.fullmatch(text) and text != EVERYONE:
        text = f"audience({text})"
    meant = parse(text)
    if within(meant, schools):
        return text
    names = [value(Value(one, quoted=True)) for one in sorted(schools)]
    here = f"school = {names[0]}" if len(names) == 1 else f"school in ({', '.join(names)})"
    if text == EVERYONE:
        return here
    return f"{here} and ({text}\n)" if "#" in text else f"{here} and ({text})"
