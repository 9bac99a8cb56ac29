"""Which key stands for which theme: a digit for what is suggested, a letter and a digit for the others."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.codebook import Codebook

TAKEN = frozenset("nopsu")
"""Letters that do something else: none of these, something else, pass over, save, undo."""
DIGITS = "123456789"


def themes(book: Codebook, first: Sequence[str]) -> dict[str, str]:
    """The key of each theme of a codebook: those that come ``first`` have 1 to 9. A codebook of nine themes has no others;
    in a larger one a theme has the letter of its top theme and its number under it: "G2".

    >>> from analysis.codebook import load
    >>> found = themes(load(), ["care.student_job"])
    >>> found["care.student_job"], found["transport.cost"], found["x.thanks"]
    ('1', 'G5', 'K4')
    """
    found = dict(zip(first, DIGITS, strict=False))
    others = [code for code in book.codes if code not in found]
    if len(book.codes) <= len(DIGITS):
        return found | dict(zip(others, DIGITS[len(found) :], strict=False))
    letter = letters(book)
    for top in book.tops:
        for number, theme in enumerate(book.children(top.id)[: len(DIGITS)], start=1):
            found.setdefault(theme.id, f"{letter[top.id]}{number}" if top.id in letter else "")
    return {code: key for code, key in found.items() if key}


def letters(book: Codebook) -> dict[str, str]:
    """A letter for each top theme: of its name, the first that is free; as long as there are any."""
    found: dict[str, str] = {}
    for top in book.tops:
        wanted = [each for each in f"{top.label.lower()}abcdefghijklmnopqrstuvwxyz" if "a" <= each <= "z"]
        free = (each.upper() for each in wanted if each not in TAKEN and each.upper() not in found.values())
        if letter := next(free, ""):
            found[top.id] = letter
    return found
