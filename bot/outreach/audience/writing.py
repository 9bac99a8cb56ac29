"""A filter that has been read, as text again: whoever reads that finds the same filter."""

from __future__ import annotations

from .errors import AudienceError
from .expression import And, Call, Everyone, Node, Not, Or, Test
from .fields import EVERYONE, Field
from .reading import parse
from .values import Value

_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


def written(node: Node) -> str:
    """The text of a filter, or of a part of one.

    >>> written(parse('not (school = "Oak Hill" or grade in (6, "07")) and absences.last_week>=2').root)
    'not (school = "Oak Hill" or grade in (6, "07")) and absences.last_week >= 2'
    """
    match node:
        case Everyone():
            return EVERYONE
        case Call(name, argument):
            return f"{name}({value(argument)})"
        case Test():
            return _test(node, opposite=False)
        case Not(Test() as part):
            return _test(part, opposite=True)
        case Not(part):
            return f"not {_within(part)}"
        case And(parts):
            return " and ".join(map(_within, parts))
        case Or(parts):
            return " or ".join(map(_within, parts))


def _within(node: Node) -> str:
    return f"({written(node)})" if isinstance(node, And | Or) else written(node)


def _test(test: Test, *, opposite: bool) -> str:
    name = named(test.field)
    if test.op == "known":
        return f"{name} is {'missing' if opposite else 'known'}"
    if test.op == "=" and len(test.values) > 1:
        listed = ", ".join(map(value, test.values))
        return f"{name} {'not ' * opposite}in ({listed})"
    if test.op == "contains":
        return f"{name} {'not ' * opposite}contains {value(test.values[0])}"
    if test.op == "=":
        return f"{name} {'!=' if opposite else '='} {value(test.values[0])}"
    return f"{'not ' * opposite}{name} {test.op} {value(test.values[0])}"


def value(said: Value) -> str:
    """A value as a filter has to write it: in quotes, unless it is one plain word, or a number without."""
    text = said.text
    bare = (said.number is not None and not said.quoted) or (
        said.number is None and bool(text) and text[0].isalpha() and set(text) <= _WORD and _reads(text)
    )
    if bare:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _reads(word: str) -> bool:
    """Whether a bare word is a value, and no word of the language."""
    try:
        parse(f"x = {word}")
    except AudienceError:
        return False
    return True


def named(field: Field) -> str:
    """A field's name as a filter has to write it: an attribute whose name means something else stands in back ticks."""
    if field.kind != "attribute":
        return field.name
    try:
        plain = parse(f"{field.name} is known") == parse(f"`{field.name}` is known")
    except AudienceError:
        plain = False
    return field.name if plain else f"`{field.name}`"
