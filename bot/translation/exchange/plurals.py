"""Texts that count: one unit a plural form of the language it goes into, "phrase:reminder/form/0", "…/form/1" …

The forms are numbered as gettext numbers them in that language.
"""

from __future__ import annotations

import re
from functools import cache
from gettext import c2py

from babel import UnknownLocaleError
from babel.messages.plurals import get_plural

FORM = re.compile(r"(.+)/form/([0-5])")
_LOOKED_AT = range(1001)


@cache
def rule(language: str) -> tuple[int, str]:
    """How many forms a language (BCP 47) has, and the C expression that picks one; English's two where none is known.

    >>> rule("zh-Hans"), rule("ru")[0], rule("not-a-tag")
    ((1, '0'), 3, (2, '(n != 1)'))
    """
    try:
        found = get_plural(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError, LookupError):
        found = get_plural("en")
    return found.num_plurals, found.plural_expr


def forms(context: str) -> tuple[str, int] | None:
    """The text that counts and the number of the form, of such a context.

    >>> forms("phrase:reminder/form/2"), forms("phrase:help")
    (('phrase:reminder', 2), None)
    """
    found = FORM.fullmatch(context)
    return (found[1], int(found[2])) if found else None


def agree(expression: str, language: str) -> bool:
    """Whether a rule picks the same forms as ours.

    >>> agree("n>1", "fr"), agree("n!=1", "fr"), agree("system()", "fr")
    (True, False, False)
    """
    try:
        theirs = c2py(expression)
        ours = c2py(rule(language)[1])
        return all(theirs(n) == ours(n) for n in range(201))
    except (ValueError, ArithmeticError, RecursionError):
        return False


def said_of(context: str, language: str) -> str:
    """Of which numbers a form is said, for the translator; "" for a text that does not count.

    >>> said_of("phrase:reminder/form/0", "ru"), said_of("phrase:reminder/form/1", "es"), said_of("phrase:help", "es")
    ('Said of 1, 21, 31 …', 'Said of 0, 2, 3 …', '')
    """
    found = forms(context)
    if not found:
        return ""
    pick = c2py(rule(language)[1])
    numbers = [n for n in _LOOKED_AT if pick(n) == found[1]]
    if not numbers:
        return "Said of no whole number."
    shown = ", ".join(map(str, numbers[:3]))
    return f"Said of {shown}{' …' if len(numbers) > 3 else ''}"
