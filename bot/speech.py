"""In which language something may be said: the person's own where a text in it has been approved, else the source."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from langcodes import closest_supported_match

from survey_flows import Survey, phrases
from survey_flows.wording import nearest

_HELP = re.compile(r"(?<!\d)(?:911|988|112|999|1-?800-?\d{3}-?\d{4})(?!\d)")
FAR = 25
"""How far apart two languages may be and still stand in for one another (CLDR's distance, as langcodes has it)."""


def spoken(
    wanted: str, languages: Sequence[str], drafts: Collection[str], source: str, *, allow_drafts: bool
) -> str:
    """Choose among the languages a text exists in.

    ``drafts`` are those whose text no person has approved: they are used only with ``allow_drafts``.

    >>> spoken("es-MX", ("en", "es"), (), "en", allow_drafts=False)
    'es'
    >>> spoken("es", ("en", "es"), ("es",), "en", allow_drafts=False)
    'en'
    """
    return closest(wanted, usable(languages, drafts, allow_drafts=allow_drafts)) or source


def drafts_of(survey: Survey) -> frozenset[str]:
    """The survey's languages in which something that people would read is a draft: its own words, or Openline's around
    them. (In a language that Openline does not speak, ours are English.)"""
    ours = phrases.drafts()
    around = {tag for tag in survey.languages if nearest(tag, phrases.LANGUAGES, phrases.SOURCE) in ours}
    return survey.drafts | (around - {survey.source})


def names_help(text: str) -> bool:
    """Whether a text names an emergency number: it may be the last thing that somebody reads before they call it, so it is
    never said in words that nobody has approved.

    >>> names_help("In danger call 911."), names_help("Room 9112")
    (True, False)
    """
    return _HELP.search(text) is not None


def usable(languages: Sequence[str], drafts: Collection[str], *, allow_drafts: bool) -> tuple[str, ...]:
    """The languages whose text a person has approved, or all of them with ``allow_drafts``."""
    return tuple(tag for tag in languages if allow_drafts or tag not in drafts)


@lru_cache(maxsize=4096)
def closest(wanted: str, among: tuple[str, ...]) -> str | None:
    """The language among these that stands in for one; None where none does."""
    if wanted in among:
        return wanted
    return closest_supported_match(wanted, list(among), max_distance=FAR) if among else None
