"""What the checks found, as a page shows it: who gets it, what each language costs, what to mend. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey_flows.reading_level import grade, sentence_length

from ....outreach import tone
from ....outreach.campaign import Campaign
from ....outreach.checks import Checked, Finding
from ....outreach.checks.counting import Row
from ... import accountwords
from ...tongue import say, say_n
from ...view import tongues
from . import words

RULES = (
    "name",
    "stop",
    "tone",
    "reading",
    "parts",
    "words",
    "links",
    "capitals",
    "translation",
    "stale",
    "missing",
)
"""Findings that are about a text in one language, in the order of the list beside it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line of the checks: ``good``, ``block``, ``warn`` or ``note``; what it is about, what was found, what to do."""

    how: str
    about: str
    what: str
    cure: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One language of the table: families, those by text, text parts each, cost."""

    tag: str
    name: str
    people: int
    texted: int
    waiting: int
    each: str
    cost: float


@dataclass(frozen=True, slots=True)
class Sum:
    """Who gets it: everybody who matches, less those who do not, by reason. It adds up."""

    matched: int
    left: Sequence[tuple[str, int]]
    going: int


@dataclass(frozen=True, slots=True)
class Looked:
    """All that a page shows of one look. ``about``: the costs are reckoned from some families of each language."""

    sum: Sum
    lines: Sequence[Line]
    findings: Sequence[Verdict]
    blocked: bool
    cost: float
    texted: int
    about: bool


def looked(found: Checked, campaign: Campaign) -> Looked:
    """A whole campaign, looked over."""
    lines, several = _lines(found, campaign), len(campaign.steps) > 1
    return Looked(
        total(found),
        lines,
        [verdict(one, where=words.where(one, several=several)) for one in found.findings if _for_all(one)],
        bool(found.blocks),
        found.cost,
        sum(line.texted for line in lines),
        _about(found),
    )


def _for_all(one: Finding) -> bool:
    """Whether a finding is for the end of the page: what is about one language stands beside its words, unless it blocks."""
    if one.rule == "hours" and one.severity == "note":
        return False  # the bar says it
    return one.language is None or one.severity == "block"


def total(found: Checked) -> Sum:
    """Who gets it, and who does not: what waits for a reader of their language, or has no words, is taken off too."""
    left = Counter({accountwords.reason(name): count for name, count in found.tally.reasons.items()})
    waiting = sum(row.waiting for (step, _, _), row in found.tally.rows.items() if step == 0)
    lacking = sum(row.skipped for (step, _, _), row in found.tally.rows.items() if step == 0)
    if waiting:
        left[say("Nobody has approved their language yet")] += waiting
    if lacking:
        left[say("The list has no words for a gap")] += lacking
    return Sum(found.tally.people, left.most_common(), found.tally.people - left.total())


def _about(found: Checked) -> bool:
    """Whether more families speak a language than were looked at."""
    some = found.some
    return some is not None and any(some.of(tag) > len(held) for tag, held in some.picked.items())


def _lines(found: Checked, campaign: Campaign) -> list[Line]:
    held: dict[str, list[tuple[int, Row]]] = {}
    for (step, _, tag), row in found.tally.rows.items():
        held.setdefault(tag, []).append((step, row))
    lines = []
    for tag, rows in held.items():
        first = [row for step, row in rows if step == 0]
        texted = sum(row.channels["sms"] for row in first)
        parts = sum(row.parts for _, row in rows)
        lines.append(
            Line(
                tag, tongues.name(tag), sum(row.people for row in first), texted,
                sum(row.waiting for row in first), _each(first, texted), parts * found.price,
            )
        )  # fmt: skip
    return sorted(
        lines, key=lambda line: (line.tag != campaign.source, -line.people - line.waiting, line.name)
    )


def _each(rows: Sequence[Row], texted: int) -> str:
    """Text parts for each family: "2", or "about 2.4" where they differ."""
    parts = sum(row.parts for row in rows)
    if not texted:
        return "–"
    share = parts / texted
    return f"{share:.0f}" if abs(share - round(share)) < 0.05 else f"{share:.1f}"


def checks(found: Checked, language: str, text: str) -> list[Verdict]:
    """What there is to say of the words in one language, what is well about them too."""
    mine = [one for one in found.findings if one.language == language and one.rule in RULES]
    said = {one.rule for one in mine}
    good = [(rule, about, what) for rule, about, what in _good(found, language, text) if rule not in said]
    verdicts = [(rule, Verdict("good", about, what)) for rule, about, what in good]
    verdicts += [(one.rule, verdict(one)) for one in mine]
    return [one for rule, one in sorted(verdicts, key=lambda pair: RULES.index(pair[0]))]


def _good(found: Checked, language: str, text: str) -> Iterator[tuple[str, str, str]]:
    yield "name", words.rule("name"), say("It says who writes.")
    yield "stop", words.rule("stop"), say("It says how to end these messages.")
    if tone.knows(language):
        yield "tone", words.rule("tone"), say("Nothing in it blames, frightens or gives orders.")
    plain = re.sub(r"\{[a-z0-9_]+\}", "Lee", text)
    if language.partition("-")[0] == "en":
        level = max(0, round(grade(plain)))
        told = say("Grade {level}. The goal is grade 6 or lower.") if level else say("As easy as it can be.")
        yield "reading", words.rule("reading"), told.format(level=level)
    else:
        length = max(1, round(sentence_length(plain)))
        told = say_n("About {n} word in a sentence.", "About {n} words in a sentence.", length)
        yield "reading", words.rule("reading"), told.format(n=length)
    rows = [row for (_, _, tag), row in found.tally.rows.items() if tag == language and row.most]
    most = max((row.most.parts for row in rows if row.most), default=0)
    if most:
        told = say_n("{n} text part at most.", "{n} text parts at most.", most)
        yield "parts", words.rule("parts"), told.format(n=most)


def verdict(one: Finding, where: str = "") -> Verdict:
    """A finding in the words of a page, whose reader has no file and no command line."""
    return Verdict(one.severity, words.rule(one.rule), one.what, words.cure(one), where)


@dataclass(frozen=True, slots=True)
class Size:
    """How long the text of one language is: the longest, in characters, text parts, and how full the last of them is."""

    characters: int
    parts: int
    full: float
    each: str
    texted: int
    cost: float
    wide: str


def size(found: Checked, language: str) -> Size | None:
    """What the first message takes in one language; None where nobody gets it there by text."""
    rows = [row for (step, _, tag), row in found.tally.rows.items() if tag == language and step == 0]
    texted = sum(row.channels["sms"] for row in rows)
    most = max((row.most for row in rows if row.most), key=lambda one: one.units, default=None)
    if most is None:
        return None
    room = {("GSM-7", True): 160, ("GSM-7", False): 153, ("UCS-2", True): 70, ("UCS-2", False): 67}
    per = room[most.encoding, most.parts == 1]
    full = min(1.0, max(0.05, (most.units - per * (most.parts - 1)) / per))
    longest = max((len(row.longest) for row in rows), default=0)
    cost = sum(row.parts for row in rows) * found.price
    return Size(longest, most.parts, full, _each(rows, texted), texted, cost, " ".join(most.culprits[:6]))


def state_of(campaign: Campaign, tag: str, needed: Mapping[str, int]) -> str:
    """How a language stands: ``source``, ``approved``, ``draft``, ``stale`` or ``missing``."""
    if tag == campaign.source:
        return "source"
    if tag not in campaign.languages or tag in campaign.lacking:
        return "missing"
    if tag in campaign.stale:
        return "stale"
    return "draft" if tag in campaign.drafted else "approved"
