"""Families' words, whose they are, and who translated them."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.quotes import Quote

from ..tongue import say
from . import tongues


@dataclass(frozen=True, slots=True)
class Said:
    """One quote. ``alone``: it is English already and stands without a translation."""

    original: str
    language: str
    english: str
    alone: bool
    caption: str


def origin(made_by: str) -> str:
    """Who or what made a translation, as the page says it.

    >>> origin("person"), origin("machine:libretranslate")
    ('English by a person', 'English by a machine (libretranslate), not checked by a person')
    """
    kind, _, engine = made_by.partition(":")
    if kind == "person":
        return say("English by a person")
    if kind == "glossary":
        return say("English from the glossary")
    if engine:
        text = say("English by a machine ({engine}), not checked by a person")
        return text.format(engine=engine)
    return say("English by a machine, not checked by a person")


def said(quote: Quote) -> Said:
    """One quote with its caption."""
    alone = quote.language.split("-")[0] == "en"
    language, school = tongues.name(quote.language), quote.groups.get("school")
    if school:
        caption = say("{language}, {school}").format(language=language, school=school)
    else:
        text = say("{language}, school not shown because the group is small, or not known")
        caption = text.format(language=language)
    if quote.english and not alone:
        caption = f"{caption}. {origin(quote.english_origin or 'machine')}"
    return Said(quote.original, quote.language, "" if alone else quote.english or "", alone, caption)


def of_all(quote: Quote) -> Said:
    """The same on a page of all quotes, where no school is told: many would tell how many of a school there are."""
    alone = quote.language.split("-")[0] == "en"
    caption = tongues.name(quote.language)
    if quote.english and not alone:
        caption = f"{caption}. {origin(quote.english_origin or 'machine')}"
    return Said(quote.original, quote.language, "" if alone else quote.english or "", alone, caption)
