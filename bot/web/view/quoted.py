"""Families' words, whose they are, and who translated them."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.quotes import Quote

from . import tongues

ORIGINS = {"person": "English by a person", "glossary": "English from the glossary"}


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
    return ORIGINS.get(
        kind, f"English by a machine{f' ({engine})' if engine else ''}, not checked by a person"
    )


def said(quote: Quote) -> Said:
    """One quote with its caption."""
    alone = quote.language.split("-")[0] == "en"
    school = quote.groups.get("school", "school not shown because the group is small, or not known")
    caption = f"{tongues.name(quote.language)}, {school}"
    if quote.english and not alone:
        caption = f"{caption}. {origin(quote.english_origin or 'machine')}"
    return Said(quote.original, quote.language, "" if alone else quote.english or "", alone, caption)
