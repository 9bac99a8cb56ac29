"""The texts of a campaign by themselves: who writes, how to end, tone, length of sentences, links. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from analysis.sentiment import polarity
from survey_flows.folding import tokens
from survey_flows.lexicon import LEXICONS
from survey_flows.lint.plain_words import GRADE, HARD, LONG_SENTENCE
from survey_flows.reading_level import grade, sentence_length
from survey_flows.told import told, told_n
from survey_flows.wording import fill, gaps, nearest

from .. import tone
from ..campaign import Campaign, Step
from .finding import Finding

UNKIND = -0.3
"""TextBlob's polarity below which an English text is read again. Of made-up messages it finds one in ten of those that
punish, and is wrong as often as right (docs/tone.md): a note, never more."""

_SHORTENED = re.compile(
    r"\b(?:bit\.ly|tinyurl\.com|goo\.gl|t\.co|ow\.ly|is\.gd|rb\.gy|cutt\.ly|buff\.ly|t\.ly|shorturl\.at)\b/?",
    re.IGNORECASE,
)
_WORDS = re.compile(r"(?:\b[^\W\d_]{4,}\b[ ,!]*)+")
_EXAMPLES = {"name": "Ana", "children": "Leo", "school": "Lincoln School", "day": "Monday"}


def texts(campaign: Campaign, organization: str) -> Iterator[Finding]:
    """Everything that can be said of the texts without knowing who reads them."""
    for number, step in enumerate(campaign.steps, 1):
        for variant, language, text in _each(step):
            said = _filled(campaign, text, language, organization)
            for finding in (
                *_who_writes(text, language, organization, first=number == 1),
                *_tone(said, language),
                *_reading(said, language),
                *_carriers(said),
            ):
                yield _at(finding, number, variant, language)


def _each(step: Step) -> Iterator[tuple[str, str, str]]:
    """Variant, language and text of everything that a step may say."""
    for variant, by_language in step.texts.items():
        for language, text in by_language.items():
            yield variant, language, text


def _at(finding: Finding, step: int, variant: str, language: str) -> Finding:
    return Finding(
        finding.severity, finding.rule, finding.what, finding.cure, step, variant or None, language
    )


def _filled(campaign: Campaign, text: str, language: str, organization: str) -> str:
    """The text with an example in each gap: a brace has no tone and no grade."""
    own = {name: texts.get(language, "") for name, texts in campaign.fields.items()}
    values = {name: _EXAMPLES.get(name) or own.get(name) or "it" for name in gaps(text)}
    return fill(text, values | ({"organization": organization} if "organization" in values else {}))


def _who_writes(text: str, language: str, organization: str, *, first: bool) -> Iterator[Finding]:
    named = {"school", "organization"} & gaps(text) or organization.casefold() in text.casefold()
    if not named:
        what = told("It does not say who writes: neither {school} nor {organization} is in it.")
        cure = told("Begin with it, like 'Hi {name}, {school} here.' People do not answer strangers.")
        yield Finding("block" if first else "warn", "name", what, cure)
    if first and not says_stop(text, language):
        what = told("The first message does not say how to end these messages.")
        cure = told(
            "Add 'Reply STOP to end.' STOP stays STOP in every language, because phone companies act on it."
        )
        yield Finding("block", "stop", what, cure)


def says_stop(text: str, language: str) -> bool:
    """Whether a text tells the word that ends: STOP, or one of the language's own, in capitals where it has them and standing
    by itself: a bus that stops running (停止运行) is no way to end.

    >>> says_stop("Responda STOP para terminar.", "es"), says_stop("Escriba ALTO", "es"), says_stop("un alto honor", "es")
    (True, True, False)
    """
    words = set(tokens(text))
    if "STOP" in words:
        return True
    known = LEXICONS.get(nearest(language, tuple(LEXICONS), ""))
    if known is None:
        return False
    return any(word.upper() in words for word in known.stop if " " not in word and len(word) > 1)


def _tone(text: str, language: str) -> Iterator[Finding]:
    found = tone.read(text, language)
    for one in found:
        what = told("'{phrase}': {why}", phrase=one.phrase, why=one.why)
        yield Finding("warn", "tone", what, told("For example: {example}", example=one.suggestion))
    if not tone.knows(language):
        what = told("There is no list of hard wordings for this language yet.")
        yield Finding("note", "tone", what, told("Have a speaker read it for its tone (docs/tone.md)."))
    if language.partition("-")[0] == "en" and not found and polarity(text) < UNKIND:
        what = told(
            "Its words lean to the negative ({score} of -1 to 1, TextBlob).", score=f"{polarity(text):.1f}"
        )
        cure = told("Read it aloud: would you like to get it? It may well be all right.")
        yield Finding("note", "tone", what, cure)


def _reading(text: str, language: str) -> Iterator[Finding]:
    if language.partition("-")[0] == "en":
        level = grade(text)
        if level > GRADE:
            what = told("It reads like US grade {grade}.", grade=f"{level:.0f}")
            cure = told("Grade 6 or lower: short words, short sentences. Read it aloud to somebody.")
            yield Finding("warn" if level > HARD else "note", "reading", what, cure)
    elif sentence_length(text) > LONG_SENTENCE:
        long = round(sentence_length(text))
        what = told_n("Its sentences have {n} word each.", "Its sentences have {n} words each.", long)
        yield Finding("warn", "reading", what, told("Keep them under {n}.", n=LONG_SENTENCE))


def _carriers(text: str) -> Iterator[Finding]:
    if link := _SHORTENED.search(text):
        what = told("Phone companies block messages with shortened links ({link}).", link=link[0].rstrip("/"))
        yield Finding("warn", "links", what, told("Write the school's own address out."))
    if shouted := _shouted(text.replace("STOP", "")):
        what = told("Words in capitals read as shouted, and as spam: {words}.", words=shouted)
        yield Finding("note", "capitals", what, told("Write them small."))


def _shouted(text: str) -> str:
    """Two long words or more, side by side, all of whose letters are capitals; "" where there are none.

    >>> _shouted("Por favor, LLAMEN MAÑANA temprano"), _shouted("Привет всем"), _shouted("افتقدنا اليوم طفلكم")
    ('LLAMEN MAÑANA', '', '')
    """
    for run in _WORDS.finditer(text):
        # A script without capitals has none: each letter is the same in both cases.
        for capitals, words in groupby(run[0].split(), lambda word: word.upper() == word != word.lower()):
            if capitals and len(shouted := list(words)) > 1:
                return " ".join(shouted).strip(" ,!")
    return ""
