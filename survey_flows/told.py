"""Texts for people who run surveys: said in English, and able to be said again in the language that somebody reads.

A command prints such a text as it is. A page, which has the words in other languages, says it again: ``Told.again``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import reduce

_GAP = re.compile(r"\{(\w+)\}")


class Told(str):
    """A text in English that knows of which words and which values it was made."""

    one: str
    many: str | None
    number: int
    values: Mapping[str, object]

    def __str__(self) -> str:
        """Itself: the text of an error made of it can be said again as well."""
        return self

    def again(self, say: Callable[[str], str], say_n: Callable[[str, str, int], str]) -> str:
        """The text in other words, which ``say`` gives for a text, and ``say_n`` for its forms for one and for many and a
        number (those of gettext). Values that can be said again are."""
        words = say(self.one) if self.many is None else say_n(self.one, self.many, self.number)
        values = {
            name: value.again(say, say_n) if isinstance(value, Told) else value
            for name, value in self.values.items()
        }
        return _filled(words, values)


def told(text: str, /, **values: object) -> Told:
    """A text with its gaps filled. A brace that no value is given for stays: surveys and messages have their own.

    >>> told("Row {row} does not say {gap}.", row=7, gap="{school}")
    'Row 7 does not say {school}.'
    """
    return _made(text, None, 0, values)


def told_n(one: str, many: str, number: int, /, **values: object) -> Told:
    """The form of a text for so many; ``{n}`` is the number.

    >>> told_n("{n} row has no name.", "{n} rows have no name.", 2)
    '2 rows have no name.'
    """
    return _made(one, many, number, {"n": number} | values)


def listed(parts: Iterable[str]) -> str:
    """Several texts beside each other, as a part of a sentence; "" for none. Those that can be said again are.

    >>> listed(["grade", "school", "language"])
    'grade, school, language'
    """
    return joined(told("{some}, {more}"), parts)


def lines(parts: Iterable[str]) -> str:
    """Several texts, each on a line of its own; "" for none. Those that can be said again are."""
    return joined("{some}\n{more}", parts)  # no words of its own: nothing to translate


def sentences(parts: Iterable[str]) -> str:
    """Several whole sentences, one after the other; "" for none. Those that can be said again are."""
    return joined("{some} {more}", parts)  # no words of its own either


def joined(pair: str, parts: Iterable[str]) -> str:
    """Several texts put together two by two, as ``pair`` says of ``{some}`` and one ``{more}``; "" for none."""
    known = list(parts)
    return reduce(lambda some, more: told(pair, some=some, more=more), known) if known else ""


def _made(one: str, many: str | None, number: int, values: Mapping[str, object]) -> Told:
    made = Told(_filled(one if many is None or number == 1 else many, values))
    made.one, made.many, made.number, made.values = one, many, number, values
    return made


def _filled(words: str, values: Mapping[str, object]) -> str:
    return _GAP.sub(lambda gap: str(values[gap[1]]) if gap[1] in values else gap[0], words)
