"""What is loaded when it is first needed, loaded while nobody waits: some seconds of a new process, beside its first pages."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from analysis.sentiment import polarity

from .outreach.public_holidays import known
from .translation.documents.phrases import phrase_units
from .translation.terms import TERMS

log = structlog.get_logger(__name__)


def warm(*first: Callable[[], object]) -> None:
    """Load the phrases in all languages, the glossary's patterns, which the pages of translations look texts over with, what
    reads the tone of a campaign, and every country's holidays; before them what ``first`` loads.

    For a thread of its own. What cannot be loaded here is told of, and again by whoever needs it.
    """
    for load in (*first, phrase_units, _glossary, _tone, _holidays):
        try:
            load()
        except Exception as error:  # the service runs without it
            log.warning("not loaded beforehand", error=type(error).__name__)


def _glossary() -> None:
    TERMS.in_("-", TERMS.source)


def _tone() -> None:
    polarity("-")


def _holidays() -> None:
    known("US")
