"""What the parser says, in words that help: what stands there, what could stand there, how to mend it."""

from __future__ import annotations

import re

from lark import Token, UnexpectedToken

RESERVED = ("_AND", "_OR", "_NOT", "_IN", "_IS", "_CONTAINS", "_MISSING", "_KNOWN")
"""Words of the language: as values they stand in quotes."""
_QUOTES = "\"'“‘„«`"
_SIGNS = {
    "&": "Write and.",
    "|": "Write or.",
    "!": "Write not, or != for another value.",
    "~": "Write contains.",
}
_EXAMPLE = 'For example: school = "Lincoln" and absences.last_week >= 2.'


class Slip(Exception):  # noqa: N818
    """What is wrong at a place of a text that whoever raises it does not know."""

    def __init__(self, at: int, what: str, cure: str) -> None:
        super().__init__(what)
        self.at, self.what, self.cure = at, what, cure


def unreadable(text: str, at: int) -> Slip:
    """A sign that begins nothing."""
    sign = text[at]
    if sign in _QUOTES:
        return Slip(
            at,
            "This quote is not closed, or it stands within a word.",
            'Put both ends of a value in quotes: "O\'Brien".',
        )
    cure = _SIGNS.get(sign, 'Put quotes around a value that has signs in it: "Room 7 (north)".')
    return Slip(at, f"{sign} means nothing here.", cure)


def unwanted(text: str, error: UnexpectedToken) -> Slip:
    """Something that could stand elsewhere."""
    token: Token = error.token
    ended = token.type == "$END"
    at = len(text.rstrip()) if ended else token.start_pos or 0
    found = "The filter ends here" if ended else f"Here stands {_short(token)}"
    what, cure = _wanted(text, token, set(error.expected), at)
    return Slip(at, f"{found}, where {what}.", cure)


def _wanted(text: str, token: Token, wanted: set[str], at: int) -> tuple[str, str]:
    if "OPERATOR" in wanted:
        return "a test of the word before it is wanted: = != < <= > >= in, contains, is missing", _EXAMPLE
    if wanted <= {"_KNOWN", "_MISSING", "_NOT"}:
        return (
            "missing or known is wanted",
            "For example: school is missing. To compare, write = in place of is.",
        )
    if wanted <= {"_IN", "_CONTAINS"}:
        return "in or contains is wanted", "Write not before the whole test, or !=: language != es."
    if wanted == {"_LPAR"}:
        return "a list in parentheses is wanted", "For example: language in (es, ht)."
    if "STRING" in wanted and "_LPAR" not in wanted:
        if token.type in RESERVED:
            return "a value is wanted", f'Put quotes around it, if it is the value: "{token}".'
        return "a value is wanted", 'A word, a number, or anything in quotes: "Oak Hill".'
    if "STRING" in wanted:
        return "a test is wanted", f"{_EXAMPLE} Or all people: everyone."
    if token.type in ("WORD", "STRING") and (run := _run(text, at)):
        return "and, or, or the end is wanted", f'Put quotes around words that belong together: "{run}".'
    if "_AND" in wanted or "$END" in wanted:
        if token.type == "_RPAR":
            return "nothing is open that it could close", "Delete it, or open the parenthesis before."
        if "_RPAR" in wanted and "$END" not in wanted:
            return "a parenthesis is still open", "Close it with )."
        return "and, or, or the end is wanted", f"Join two tests with and or or. {_EXAMPLE}"
    return "a parenthesis is still open", "Close it with )."


def _run(text: str, at: int) -> str:
    """The plain words that stand side by side about a place, as one value."""
    before = re.search(r"[\w.-]+\s+$", text[max(0, at - 60) : at])
    behind = re.match(r"[\w.-]+", text[at : at + 60])
    if (
        not before
        or not behind
        or re.match(r"\s*[=<>!≠≤≥(]", text[at + behind.end() : at + behind.end() + 20])
    ):
        return ""
    return " ".join((before[0] + behind[0]).split())


def _short(token: Token) -> str:
    return str(token) if len(token) <= 40 else f"{token[:40]} …"
