"""What is loaded when it is first needed, loaded while nobody waits: some seconds of a new process, beside its first pages."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from analysis.sentiment import polarity

from .translation.terms import TERMS

log = structlog.get_logger(__name__)


def warm(*first: Callable[[], object]) -> None:
    """Load what reads the tone of a campaign, the glossary's patterns, which the pages of translations look texts over with;
    before them what ``first`` loads.

    For a thread of its own. What cannot be loaded here is told of, and again by whoever needs it.
    """
    for load in (*first, _glossary, _tone):
        try:
            load()
        except Exception as error:  # the service runs without it
            log.warning("not loaded beforehand", error=type(error).__name__)


def _glossary() -> None:
    TERMS.in_("-", TERMS.source)


def _tone() -> None:
    polarity("-")
