"""How a reply reads on a family's phone, what it costs, and which words no machine may put into another language.

A machine's translation comes first, in the family's own language; one short line under it says that a computer made it;
then the words as staff wrote them, for whoever at home reads that language and wants to check. docs/two-way.md says why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from survey_flows import danger, phrases, segments

from ..speech import names_help

MOST_PARTS = 4
"""SMS parts that a reply with both languages may take: with more the original is left out, and staff are told so."""
LONGEST = 1000
"""Characters that staff may write at once: about seven SMS parts."""
MOST_CHARACTERS = 3500
"""Of one message on a channel that does not count parts."""
COMMANDS = re.compile(r"\b(?:STOP|START|UNSTOP|HELP)\b")


@dataclass(frozen=True, slots=True)
class Letter:
    """A text as it goes out. ``original`` says whether the words that staff wrote are in it."""

    text: str
    original: bool
    parts: int
    cost: float


def written(text: str, channel: str, price: float) -> Letter:
    """Words that go out as they were written."""
    return _letter(text, True, channel, price)


def translated(
    translation: str, language: str, original: str, source: str, channel: str, price: float, *, machine: bool
) -> Letter:
    """A translation as it goes out: by a person, by itself; by a machine, with its line and, where it fits, the original.

    >>> print(translated("Bis la ap vini.", "ht", "The bus is coming.", "en", "sms", 0.01, machine=True).text)
    Bis la ap vini.
    (Se yon òdinatè ki tradui sa. Ka gen erè.)
    <BLANKLINE>
    English: The bus is coming.
    """
    if not machine:
        return _letter(translation, False, channel, price)
    marked = f"{translation}\n({phrases.say('machine_translated', language)})"
    # A paragraph of its own: where one runs from right to left and the other does not, each keeps its direction.
    whole = _letter(f"{marked}\n\n{phrases.say('language_name', source)}: {original}", True, channel, price)
    fits = whole.parts <= MOST_PARTS if channel == "sms" else len(whole.text) <= MOST_CHARACTERS
    return whole if fits else _letter(marked, False, channel, price)


def critical(text: str, language: str) -> bool:
    """Whether these words are about danger, name a number for emergencies, or say how to end messages: a slip of a machine
    could cost a life or somebody's consent.

    >>> critical("Please call 988 tonight.", "en"), critical("Reply STOP to end.", "en"), critical("Bus 9 is late.", "en")
    (True, True, False)
    """
    return names_help(text) or COMMANDS.search(text) is not None or danger.read(text, language) is not None


def _letter(text: str, original: bool, channel: str, price: float) -> Letter:
    if channel != "sms":
        return Letter(text, original, 1, 0.0)
    # One curled apostrophe, as a computer types it, would more than halve what a part holds.
    plain = "".join(segments.LOOK_ALIKES.get(letter, letter) for letter in text)
    counted = segments.count(plain)
    if counted.encoding == "GSM-7":
        text = plain
    else:
        counted = segments.count(text)
    return Letter(text, original, counted.parts, round(counted.parts * price, 4))
