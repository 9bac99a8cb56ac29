"""What the parser says, in words that help: what stands there, what could stand there, how to mend it."""

from __future__ import annotations

import re

from lark import Token, UnexpectedToken

from survey_flows.told import Told, told

RESERVED = ("_AND", "_OR", "_NOT", "_IN", "_IS", "_CONTAINS", "_MISSING", "_KNOWN")
"""Words of the language: as values they stand in quotes."""
_QUOTES = "\"'“‘„«`"
_SIGNS = {
    "&": told("Write and."),
    "|": told("Write or."),
    "!": told("Write not, or != for another value."),
    "~": told("Write contains."),
}
_EXAMPLE = told('For example: school = "Lincoln" and absences.last_week >= 2.')


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
            told("This quote is not closed, or it stands within a word."),
            told('Put both ends of a value in quotes: "O\'Brien".'),
        )
    cure = _SIGNS.get(sign, told('Put quotes around a value that has signs in it: "Room 7 (north)".'))
    return Slip(at, told("{sign} means nothing here.", sign=sign), cure)


def unwanted(text: str, error: UnexpectedToken) -> Slip:
    """Something that could stand elsewhere."""
    token: Token = error.token
    ended = token.type == "$END"
    at = len(text.rstrip()) if ended else token.start_pos or 0
    what, cure = _wanted(text, token, set(error.expected), at)
    if ended:
        return Slip(at, told("The filter ends here, where {what}.", what=what), cure)
    return Slip(at, told("Here stands {word}, where {what}.", word=_short(token), what=what), cure)


def _wanted(text: str, token: Token, wanted: set[str], at: int) -> tuple[Told, Told]:
    if "OPERATOR" in wanted:
        what = told("a test of the word before it is wanted: = != < <= > >= in, contains, is missing")
        return what, _EXAMPLE
    if wanted <= {"_KNOWN", "_MISSING", "_NOT"}:
        cure = told("For example: school is missing. To compare, write = in place of is.")
        return told("missing or known is wanted"), cure
    if wanted <= {"_IN", "_CONTAINS"}:
        cure = told("Write not before the whole test, or !=: language != es.")
        return told("in or contains is wanted"), cure
    if wanted == {"_LPAR"}:
        return told("a list in parentheses is wanted"), told("For example: language in (es, ht).")
    if "STRING" in wanted and "_LPAR" not in wanted:
        cure = told('A word, a number, or anything in quotes: "Oak Hill".')
        if token.type in RESERVED:
            cure = told('Put quotes around it, if it is the value: "{word}".', word=str(token))
        return told("a value is wanted"), cure
    if "STRING" in wanted:
        return told("a test is wanted"), told("{example} Or all people: everyone.", example=_EXAMPLE)
    if token.type in ("WORD", "STRING") and (run := _run(text, at)):
        cure = told('Put quotes around words that belong together: "{words}".', words=run)
        return told("and, or, or the end is wanted"), cure
    if "_AND" in wanted or "$END" in wanted:
        if token.type == "_RPAR":
            cure = told("Delete it, or open the parenthesis before.")
            return told("nothing is open that it could close"), cure
        if "_RPAR" in wanted and "$END" not in wanted:
            return told("a parenthesis is still open"), told("Close it with ).")
        cure = told("Join two tests with and or or. {example}", example=_EXAMPLE)
        return told("and, or, or the end is wanted"), cure
    return told("a parenthesis is still open"), told("Close it with ).")


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
