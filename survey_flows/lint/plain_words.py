"""How questions are worded: reading level, presumption, negation. Where a rule is about words, those are English."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..choices import Many, One, Rank, Scale
from ..items import Note
from ..program import walked
from ..questions import Number, Open, Question, Range
from ..reading_level import grade, sentence_length
from ..survey import Survey
from ..told import told
from .finding import Finding, english

GRADE, HARD = 6.0, 9.0
LONG_SENTENCE = 20
CHOICES = 9
POINTS = (3, 5)
LABEL = 40
"""Characters of a choice that a button and a tired eye take."""


def reading(survey: Survey) -> Iterator[Finding]:
    """Texts above US grade 6 in English; long sentences in the other languages."""
    tongue = english(survey)
    for language in survey.languages:
        texts = {key: text.replace("{school}", "school") for key, text in _texts(survey, language)}
        if language != tongue:
            for key, text in texts.items():
                if sentence_length(text) > LONG_SENTENCE:
                    what = told("Its sentences have {n} words each.", n=f"{sentence_length(text):.0f}")
                    yield Finding(
                        "warning",
                        what,
                        told("Keep them under {most}.", most=LONG_SENTENCE),
                        key,
                        language,
                    )
            continue
        whole = grade(" ".join(f"{text}." if text[-1:].isalnum() else text for text in texts.values()))
        if whole > GRADE:
            what = told("All in all it reads like US grade {grade}.", grade=f"{whole:.0f}")
            yield Finding(
                "warning", what, told("Grade 6 or lower: short words, short sentences."), None, language
            )
        for key, text in texts.items():
            level = grade(text)
            if level > GRADE:
                what = told(
                    "It reads like US grade {grade}; on one line that figure is shaky.", grade=f"{level:.0f}"
                )
                cure = told("Read it aloud to somebody; use shorter words and sentences.")
                yield Finding("warning" if level > HARD else "note", what, cure, key, language)


def _texts(survey: Survey, language: str) -> Iterator[tuple[str, str]]:
    yield "intro", survey.intro[language]
    for item, _, _ in walked(survey.items):
        if isinstance(item, Question | Note):
            yield item.key, item.wording(language, None)


def _english(survey: Survey) -> Iterator[tuple[Question, str, str]]:
    """Each question in each English wording."""
    tongue = english(survey)
    for question in survey.questions if tongue else ():
        for texts in question.texts.values():
            yield question, texts[tongue or ""], tongue or ""


def why(survey: Survey) -> Iterator[Finding]:
    """Questions that ask why."""
    for question, text, language in _english(survey):
        if re.match(r"why\b|how come\b", text, re.IGNORECASE):
            yield Finding(
                "warning",
                told("'Why' sounds like blame."),
                told("Ask what made it so."),
                question.key,
                language,
            )


_PRESUMES = re.compile(
    r"what (makes|made|is making|keeps|kept|stops|stopped|prevents|prevented)\b"
    r"|what (is|are|was|were) (the |your )?(main |biggest |worst |hardest )?(problem|barrier|difficult|challenge|obstacle)"
    r"|how (hard|difficult|bad|unhappy|worried) ",
    re.IGNORECASE,
)
_HEDGE = re.compile(r"\bif (any|at all|you)|\banything\b", re.IGNORECASE)


def presumes(survey: Survey) -> Iterator[Finding]:
    """Open questions, asked of everybody, that take for granted that something is hard."""
    for question, text, language in _english(survey):
        if (
            isinstance(question, Open)
            and not question.ask_if
            and _PRESUMES.search(text)
            and not _HEDGE.search(text)
        ):
            if re.search(
                r"\b(makes you want|helps?|work(s|ed)? well|like|enjoy|easier|good)\b", text, re.IGNORECASE
            ):
                continue
            what = told("It takes for granted that something is hard.")
            cure = told("Ask first whether it was, or say 'What, if anything, …'.")
            yield Finding("warning", what, cure, question.key, language)


def negation(survey: Survey) -> Iterator[Finding]:
    """Closed questions with a "not" in them: a "no" then has two meanings."""
    for question, text, language in _english(survey):
        if not isinstance(question, Open) and re.search(r"\bnot\b|\bnever\b|n['’]t\b", text, re.IGNORECASE):
            what = told("There is a 'not' in the question: 'no' may then mean either thing.")
            yield Finding("note", what, told("Turn it round."), question.key, language)


def agree(survey: Survey) -> Iterator[Finding]:
    """Choices of agreement."""
    tongue = english(survey)
    for question in survey.questions if tongue else ():
        if isinstance(question, One) and any(
            re.search(r"\b(dis)?agree\b", o.labels[tongue or ""], re.IGNORECASE) for o in question.options
        ):
            what = told("'Agree' choices invite yes to anything.")
            yield Finding(
                "warning",
                what,
                told("Use the words of the thing itself: never, sometimes, always."),
                question.key,
            )


def choices(survey: Survey) -> Iterator[Finding]:
    """Lists that are too long to read on a phone, or whose choices are."""
    for question in survey.questions:
        if not isinstance(question, One) or question.offered is not None:
            continue
        offered = question.show or len(question.options) - (question.zero is not None)
        if offered > CHOICES:
            what = told("{n} choices in one message.", n=offered)
            yield Finding(
                "warning",
                what,
                told("Keep to {most}, or show some of them by lot ('show: 5').", most=CHOICES),
                question.key,
            )
        if isinstance(question, Rank) and offered > 5:
            what = told("{n} things to put in order: few people hold more than five in mind.", n=offered)
            yield Finding(
                "note", what, told("Ask for the two that matter most: 'kind: many', 'pick: 2'."), question.key
            )
        if isinstance(question, Many) and not question.nothing:
            what = told("There is no way to say 'none of these'.")
            yield Finding("note", what, told("Take 'none: no' out."), question.key)
        for language in survey.languages:
            long = [o.labels[language] for o in question.options if len(o.labels[language]) > LABEL]
            if long:
                what = told(
                    "A choice has {n} characters: '{choice}'.",
                    n=max(map(len, long)),
                    choice=max(long, key=len),
                )
                yield Finding(
                    "note", what, told("Keep choices under {most}.", most=LABEL), question.key, language
                )


_LADDERS = (
    (
        "never",
        "almost never",
        "rarely",
        "seldom",
        "sometimes",
        "often",
        "usually",
        "almost always",
        "always",
        "every day",
    ),
    (
        "not at all",
        "not hard",
        "a little",
        "a little hard",
        "some",
        "somewhat",
        "hard",
        "a lot",
        "very hard",
        "extremely",
    ),
    ("very bad", "bad", "poor", "fair", "ok", "okay", "good", "very good", "great", "excellent"),
    ("strongly disagree", "disagree", "neither", "neutral", "agree", "strongly agree"),
    ("no one", "none", "one", "a few", "some", "many", "most", "all"),
)


def scale(survey: Survey) -> Iterator[Finding]:
    """Scales whose steps are not in order, or too few or too many."""
    tongue = english(survey)
    for question in survey.questions:
        if not isinstance(question, Scale):
            continue
        if question.shuffled or question.show is not None:
            yield Finding(
                "error",
                told("A scale by lot has no order."),
                told("Take 'shuffle' and 'show' out."),
                question.key,
            )
        if not POINTS[0] <= len(question.options) <= POINTS[1] + 1:  # one more for "not sure"
            what = told("A scale of {n} steps.", n=len(question.options))
            yield Finding(
                "note",
                what,
                told("Three or four, each with its own words, are what a phone holds."),
                question.key,
            )
        labels = [o.labels[tongue].casefold().strip(" .") for o in question.options] if tongue else []
        for ladder in _LADDERS:
            steps = [ladder.index(label) for label in labels if label in ladder]
            if len(steps) < 3 or steps == sorted(steps):
                continue
            down = steps == sorted(steps, reverse=True)
            what = (
                told("The scale goes from high to low.")
                if down
                else told("The steps of the scale are not in order.")
            )
            severity = "note" if down else "warning"
            yield Finding(severity, what, told("List them lowest first."), question.key, tongue)  # type: ignore[arg-type]
            break


def bounds(survey: Survey) -> Iterator[Finding]:
    """Numbers that may be anything: a slip of the finger is then kept as it is."""
    for question in survey.questions:
        if not isinstance(question, Number) or isinstance(question, Range) or question.constraint is not None:
            continue
        if question.least is None or question.most is None:
            what = (
                told("The number has no min and no max: 3 and 3000 are taken alike.")
                if question.least is None and question.most is None
                else told("The number has no min: 3 and 3000 are taken alike.")
                if question.least is None
                else told("The number has no max: 3 and 3000 are taken alike.")
            )
            yield Finding(
                "note", what, told("Give both: a number outside is asked for once more."), question.key
            )


_SHORTENED = re.compile(
    r"\b(bit\.ly|tinyurl\.com|goo\.gl|t\.co|ow\.ly|is\.gd|rb\.gy|cutt\.ly)\b", re.IGNORECASE
)
_SHOUTED = re.compile(r"(?:\b[A-Z]{4,}\b[ ,!]*){2,}")


def carriers(survey: Survey) -> Iterator[Finding]:
    """What phone companies filter: shortened links, and words in capitals."""
    for language in survey.languages:
        for key, text in (*_texts(survey, language), ("thanks", survey.thanks[language])):
            if _SHORTENED.search(text):
                what = told("Phone companies block messages with shortened links.")
                yield Finding("warning", what, told("Write the school's own address out."), key, language)
            elif _SHOUTED.search(text.replace("STOP", "")):
                yield Finding(
                    "note",
                    told("Words in capitals look like spam."),
                    told("Write them small."),
                    key,
                    language,
                )


_WHO = re.compile(
    r"\b(your|full|first|last|child's|student) name\b|\bphone number\b|\be-?mail\b|\baddress\b|\bbirth",
    re.IGNORECASE,
)
_STATUS = re.compile(
    r"\bsocial security\b|\bimmigration status\b|\bundocumented\b|\bcitizen|\bgreen card\b", re.IGNORECASE
)


def private(survey: Survey) -> Iterator[Finding]:
    """Questions that say who answers, in an anonymous survey; and what a school should never ask by text message."""
    for question, text, language in _english(survey):
        if _STATUS.search(text):
            what = told(
                "It asks what a school should not ask: families may fear it (Plyler v. Doe, 457 U.S. 202)."
            )
            yield Finding("error", what, told("Leave it out."), question.key, language)
        elif survey.anonymous and (_WHO.search(text) or question.kind in ("image", "audio")):
            what = told("The survey is anonymous, and this may say who answers.")
            yield Finding(
                "warning", what, told("Leave it out, or take 'anonymous' off."), question.key, language
            )
