"""The themes of our own codebook by their names in the language of the page. Any other codebook has its own names."""

from __future__ import annotations

from dataclasses import replace

from analysis.codebook import Codebook
from analysis.findings import Finding, Summary

from ..tongue import SOURCE, current, say, to_say

LABELS = (
    to_say("Getting there"),
    to_say("No dependable ride"),
    to_say("Bus service does not work"),
    to_say("Unsafe route"),
    to_say("Too far or takes too long"),
    to_say("Trip costs too much"),
    to_say("Care, work and family duties"),
    to_say("No care before or after school"),
    to_say("Adult work hours clash"),
    to_say("Caring for family or family emergency"),
    to_say("Student works"),
    to_say("Language access"),
    to_say("Messages not in our language"),
    to_say("No interpreter"),
    to_say("Student needs more English support"),
    to_say("Health"),
    to_say("Short illness or sick-day rules"),
    to_say("Long-term health condition"),
    to_say("Worry, sadness, stress"),
    to_say("Hard to get care"),
    to_say("Basic needs"),
    to_say("Food"),
    to_say("Housing"),
    to_say("Clothes, supplies, fees"),
    to_say("Digital access"),
    to_say("Home internet"),
    to_say("Device"),
    to_say("Too many apps or hard to use"),
    to_say("Safety and school building"),
    to_say("Bullying or harassment"),
    to_say("Fights, threats, community violence"),
    to_say("Building and crowding"),
    to_say("Rules and discipline"),
    to_say("Rules applied unfairly"),
    to_say("Sent out or sent home"),
    to_say("Attendance rules that punish"),
    to_say("Belonging and relationships"),
    to_say("No trusted adult"),
    to_say("Disrespect for culture or identity"),
    to_say("Alone or new"),
    to_say("Teaching and learning"),
    to_say("Boring or not useful"),
    to_say("Behind and no help"),
    to_say("Teachers missing or changing"),
    to_say("Courses, programs and information"),
    to_say("Shut out of advanced courses"),
    to_say("Did not know about it"),
    to_say("Clubs, sports, tutoring out of reach"),
    to_say("Disability and special services"),
    to_say("Agreed help not given"),
    to_say("Waiting for testing"),
    to_say("Physical or sensory access"),
    to_say("Family partnership"),
    to_say("Not welcome or no trust"),
    to_say("Not told, late or too much"),
    to_say("Asked but nothing changes"),
    to_say("Beliefs about attendance"),
    to_say("A few days do not matter"),
    to_say("Fine if excused or planned"),
    to_say("Can catch up online"),
    to_say("Enrollment, legal and public systems"),
    to_say("Enrollment, records, moves"),
    to_say("Court, custody, probation"),
    to_say("Fear about status"),
    to_say("Other replies"),
    to_say("Nothing is hard"),
    to_say("What helps"),
    to_say("A suggestion"),
    to_say("Thanks"),
    to_say("Another barrier"),
    to_say("Unclear or off topic"),
)
"""As the codebook that comes with Openline has them; a test says where it has others."""
OURS = frozenset(LABELS)


def called(label: str) -> str:
    """A theme's name in the language of the page.

    >>> called("Getting there"), called("A theme of somebody's own")
    ('Getting there', "A theme of somebody's own")
    """
    return say(label) if label in OURS else label


def in_words(found: Summary) -> Summary:
    """The same findings, the themes by their names in the language of the page."""
    if current() == SOURCE:
        return found
    themes = tuple(map(_finding, found.themes))
    return replace(found, themes=themes, apart=_finding(found.apart) if found.apart else None)


def book_in_words(book: Codebook) -> Codebook:
    """The same codebook, to be looked at: never to be kept."""
    if current() == SOURCE:
        return book
    return replace(book, themes=tuple(replace(theme, label=called(theme.label)) for theme in book))


def _finding(one: Finding) -> Finding:
    return replace(one, label=called(one.label), subs=tuple(map(_finding, one.subs)))
