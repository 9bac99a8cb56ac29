"""What a careful editor would find in a survey before any family sees it.

``check`` gives every finding of every rule. Each rule is a row in RULES and a small function: to add a rule, add both.
Nothing here is needed to ask a survey, and nothing else of survey_flows imports it.

>>> from survey_flows import library
>>> [finding.rule for finding in check(library("getting-to-school")) if finding.severity == "error"]
[]
"""

from __future__ import annotations

from dataclasses import replace

from ..files.approvals import approve, digest
from ..survey import Survey
from . import messages, opening, paths, plain_words, protected, replies, translations
from .finding import SEVERITIES, Check, Finding, Rule, Severity

RULES: tuple[Rule, ...] = (
    Rule("unreachable", "items whose conditions no earlier answers can meet", paths.unreachable),
    Rule("order", "conditions on a question that a random order may put later", paths.by_lot),
    Rule("questions", "more than 5 questions for one person (8: refused, but with --long)", paths.too_many),
    Rule("first-text", "a first message without the school's name, a purpose, or 'Reply STOP to end'", opening.first_text),
    Rule("danger-line", "a topic that may bring reports of harm, asked of students without 911 and 988", protected.danger_line),
    Rule("protected", "questions to students that touch the eight areas of the PPRA", protected.protected),
    Rule("private", "questions that say who answers an anonymous survey, or that no school should ask", plain_words.private),
    Rule("missing", "texts that are not there in a language", translations.missing),
    Rule("stale", "translations whose words changed after they were approved", translations.stale),
    Rule("drafts", "languages that nobody has approved", translations.drafts),
    Rule("our-words", "languages that Openline itself does not speak", translations.our_words),
    Rule("reserved", "choices that mean something to Openline or to the phone company", replies.reserved),
    Rule("alike", "choices that read the same, or are heard as another or not at all", replies.alike),
    Rule("parts", "messages that take more than 2 SMS (5: refused)", messages.parts),
    Rule("costly", "messages that cost more for a curly quote, a dash or an emoji", messages.costly),
    Rule("reading", "English above US grade 6; sentences of more than 20 words in other languages", plain_words.reading),
    Rule("choices", "lists of more than 9 choices, long choices, no way to say none", plain_words.choices),
    Rule("scale", "scales out of order, or with too few or too many steps", plain_words.scale),
    Rule("why", "questions that ask why", plain_words.why),
    Rule("presumes", "open questions that take for granted that something is hard", plain_words.presumes),
    Rule("negation", "closed questions with a 'not' in them", plain_words.negation),
    Rule("agree", "choices of agreement", plain_words.agree),
    Rule("bounds", "numbers without a least and a most", plain_words.bounds),
    Rule("open-first", "a survey that begins with a question that takes writing", opening.open_first),
    Rule("carriers", "shortened links and capitals, which phone companies filter", plain_words.carriers),
    Rule("about", "a file that does not say who is asked", opening.about),
)  # fmt: skip


def check(survey: Survey, *, long: bool = False) -> tuple[Finding, ...]:
    """All that the rules find, the worst first. ``long`` lets a survey of more than 8 questions pass with a warning."""
    found = [
        replace(finding, rule=rule.name) for rule in RULES for finding in dict.fromkeys(rule.check(survey))
    ]
    if long:
        found = [replace(f, severity="warning") if f.rule == "questions" else f for f in found]
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))


__all__ = ["RULES", "SEVERITIES", "Check", "Finding", "Rule", "Severity", "approve", "check", "digest"]
