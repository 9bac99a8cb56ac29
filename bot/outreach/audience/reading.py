"""A filter's text to its expression, or an AudienceError that points at the place."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

from lark import Lark, UnexpectedCharacters, UnexpectedToken

from survey_flows.told import told

from .building import Builder, Read, words
from .errors import AudienceError
from .expression import Expression
from .slips import Slip, unreadable, unwanted

LENGTH = 10_000
"""Characters in a filter at most."""


@lru_cache(maxsize=256)
def parse(text: str) -> Expression:
    """Read a filter. Raises AudienceError: what is wrong, where, and how to mend it.

    >>> parse('school = "Lincoln" and absences.last_week >= 2').of_child
    True
    >>> parse("language in (es, ht) and not answered(getting-to-school)").of_child
    False
    """
    if len(text) > LENGTH:
        what = told("A filter has at most {most} characters.", most=LENGTH)
        raise AudienceError(text, LENGTH, what, told("Make it shorter."))
    for at, letter in enumerate(text):
        if unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\t\r\n":
            what = told("There is a sign here that cannot be seen.")
            raise AudienceError(text, at, what, told("Delete it."))
    try:
        read: Read = _GRAMMAR.parse(text)  # type: ignore[assignment]  # the builder makes no trees
    except UnexpectedCharacters as error:
        slip = unreadable(text, error.pos_in_stream or 0)
    except UnexpectedToken as error:
        slip = unwanted(text, error)
    except Slip as error:
        slip = error
    else:
        return Expression(text, read.node)
    raise AudienceError(text, slip.at, slip.what, slip.cure)


def mentions(text: str) -> list[tuple[int, int, str]]:
    """Where a filter that can be read says ``audience(name)``: from, to, name. In the order in which they stand."""
    tokens = list(_GRAMMAR.lex(text))
    return [
        (word.start_pos or 0, end.end_pos or 0, words(name))
        for word, opened, name, end in zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False)
        if word.type == "WORD"
        and word.lower() == "audience"
        and opened.type == "_LPAR"
        and end.type == "_RPAR"
    ]


_GRAMMAR = Lark(
    Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8"),
    parser="lalr",
    lexer="basic",
    maybe_placeholders=False,
    transformer=Builder(),
)
