"""Turns an English sentence round, so that a judge can ask which of the two a translation is nearer to.

Embeddings hardly see a "not" by itself; of a sentence and its opposite they mostly do prefer the right one. The opposite is
good enough to be compared with, and for nothing else: nobody ever reads it.
"""

from __future__ import annotations

import re

_HELPERS = "is|are|was|were|am|can|could|will|would|should|has|have|had|do|does|did|must|may|might"
_PAIRS = {
    "nobody": "somebody", "no one": "someone", "nothing": "something", "never": "always", "none": "all",
    "without": "with", "cannot": "can", "nowhere": "somewhere", "neither": "both",
}  # fmt: skip
_PAIR = re.compile(rf"\b(?:{'|'.join(_PAIRS)})\b", re.IGNORECASE)
_DENIED = re.compile(rf"\b({_HELPERS})(?:n't|nt| not)\b", re.IGNORECASE)
_SHORTENED = re.compile(r"\b(ca|wo)(?:n't|nt)\b", re.IGNORECASE)
_NOT = re.compile(r"\s*\bnot\b", re.IGNORECASE)
_NO = re.compile(r"\bno (?=\w)", re.IGNORECASE)
_PEOPLE = "i|you|he|she|it|we|they|there"
_HELPED = re.compile(rf"\b(?:{_HELPERS})\b(?: (?:{_PEOPLE})\b)?", re.IGNORECASE)
_SAID = re.compile(r"\b(i|we|they|you|he|she|it)\b(?= \w)", re.IGNORECASE)
_ORDER = re.compile(
    r"(?:please )?(?=(?:reply|tell|share|send|say|write|choose|read|call|put|come|bring)\b)", re.IGNORECASE
)


def opposite(text: str) -> str | None:
    """An English text that says the opposite; None where no place for a "not" is found.

    >>> opposite("Nobody told us."), opposite("Was it hard?"), opposite("She doesn't like it"), opposite("A little")
    ('somebody told us.', 'Was it not hard?', 'She does like it', None)
    """
    text = text.replace("’", "'")
    if found := _PAIR.search(text):
        return text[: found.start()] + _PAIRS[found[0].lower()] + text[found.end() :]
    if found := _DENIED.search(text):
        return text[: found.end(1)] + text[found.end() :]
    if found := _SHORTENED.search(text):
        return text[: found.start()] + {"ca": "can", "wo": "will"}[found[1].lower()] + text[found.end() :]
    if _NOT.search(text):
        return _NOT.sub("", text, count=1).strip()
    if _NO.search(text):
        return _NO.sub("some ", text, count=1)
    if found := _HELPED.search(text):
        return f"{text[: found.end()]} not{text[found.end() :]}"
    if found := _SAID.search(text):
        does = "does" if found[1].lower() in ("he", "she", "it") else "do"
        return f"{text[: found.end()]} {does} not{text[found.end() :]}"
    if found := _ORDER.match(text):
        return f"{text[: found.end()]}do not {text[found.end() :]}"
    return None
