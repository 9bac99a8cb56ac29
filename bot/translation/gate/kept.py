"""What must stand in a translation exactly as in the source: gaps, addresses, and the words that phone companies act on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from survey_flows import requests, words
from survey_flows.lint.replies import CARRIERS
from survey_flows.told import told

from .case import Case, listed
from .finding import Finding

GAP = re.compile(r"\$?\{[^{}]*\}")
_MASK = re.compile(r"__\s*\w{1,3}\d+\s*__")
_BRACES = re.compile(r"[{}｛｝]")
LINK = re.compile(
    r"https?://[!-~]+|www\.[!-~]+|(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
    r"|(?<![A-Za-z0-9@.-])(?:[A-Za-z0-9-]{1,63}\.){1,8}(?:org|com|net|edu|gov|us|info|app|io|school)(?![A-Za-z0-9])(?:/[!-~]*)?",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"(?<![A-Za-z])[A-Z]{2,}(?![A-Za-z])")


def placeholders(case: Case) -> Iterator[Finding]:
    """The same gaps, each as often: they are filled by name, so that a translated name stays a hole in the message."""
    wanted, there = _gaps(case.unit.text), _gaps(case.text)
    cure = told(
        "Gaps are filled in when the message is sent. Copy each from the source, letter by letter, once each time it stands there."
    )
    if lost := sorted((wanted - there).elements()):
        yield Finding("block", "placeholder", told("{what} is missing.", what=listed(lost)), cure)
    if strange := sorted((there - wanted).elements()):
        what = told("{what} is not in the source, or not so often.", what=listed(strange))
        yield Finding("block", "placeholder", what, cure)
    if mask := _MASK.search(case.text):
        what = told("{what} was left behind by a translation engine.", what=mask[0])
        yield Finding("block", "placeholder", what, cure)
    if _BRACES.search(GAP.sub("", case.text)) and not _BRACES.search(GAP.sub("", case.unit.text)):
        yield Finding("block", "placeholder", told("A brace stands by itself: { or }."), cure)


def links(case: Case) -> Iterator[Finding]:
    """Web and e-mail addresses, unchanged."""
    wanted, there = Counter(addresses(case.unit.text)), Counter(addresses(case.text))
    if lost := sorted((wanted - there).elements()):
        what = told("The address {address} is missing or changed.", address=listed(lost))
        yield Finding("block", "url", what, told("Copy it from the source."))
    if added := sorted((there - wanted).elements()):
        what = told("The address {address} is not in the source.", address=listed(added))
        cure = told("If it is the same page in this language, have somebody open it; otherwise take it out.")
        yield Finding("warn", "url", what, cure)


def addresses(text: str) -> list[str]:
    """The addresses in a text, without the full stop after them."""
    return [found.rstrip(".,;:!?)'\"") for found in LINK.findall(text)]


def keywords(case: Case) -> Iterator[Finding]:
    """Words in capitals that people send us. The phone companies' own stay as they are; SKIP or BACK may become the
    language's own word for it, if it is one that we understand."""
    there = set(_CAPITALS.findall(case.text))
    for word in dict.fromkeys(_CAPITALS.findall(case.unit.text)):
        if word in there:
            continue
        if keyword(word):
            what = told(
                "{word} is not there in capitals: phone companies act on this word only as it is written in English.",
                word=word,
            )
            cure = told("Write {word}, in these letters, where people are told to send it.", word=word)
            yield Finding("block", "keyword", what, cure)
        elif (kind := _asked(word, case.unit.source)) and not _says(case.text, case.language, kind):
            what = told(
                "{word} is not there, nor a word that means it to Openline in this language.", word=word
            )
            cure = told("Write {word}; it is understood in every language.", word=word)
            yield Finding("block", "keyword", what, cure)


def keyword(word: str) -> bool:
    """Whether a word in capitals is one that phone companies, or Openline in every language, act on."""
    found = words.read(word)
    return word.casefold() in CARRIERS - {"yes", "end"} or (found is not None and found.kind != "language")


def _asked(word: str, language: str) -> str | None:
    found = requests.read(word, language)
    return found.kind if found is not None and found.kind in ("skip", "back", "ok") else None


def _says(text: str, language: str, kind: str) -> bool:
    said = re.findall(r"[^\s.,;:!?\"“”«»()。，、：؟،]+", GAP.sub(" ", text))
    runs = (" ".join(said[at : at + length]) for length in (1, 2, 3) for at in range(len(said)))
    return any((found := requests.read(run, language)) is not None and found.kind == kind for run in runs)


def _gaps(text: str) -> Counter[str]:
    return Counter(re.sub(r"\s", "", gap) if gap.startswith("$") else gap for gap in GAP.findall(text))


@lru_cache(maxsize=512)  # one text is looked at by many checks
def bare(text: str) -> str:
    """The text without its gaps and addresses, for checks that look at words, letters and numbers.

    >>> bare("{school}: see https://example.org/1 at 8.")
    ' : see   at 8.'
    """
    return LINK.sub(" ", GAP.sub(" ", text))
