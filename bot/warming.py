"""What is loaded when it is first needed, loaded while nobody waits: a second or two of a new process, beside its first pages."""

from __future__ import annotations

import structlog

from analysis.sentiment import polarity

from .translation.terms import TERMS

log = structlog.get_logger(__name__)


def warm() -> None:
    """Load what reads the tone of a campaign and the glossary's patterns, which the pages of translations look texts over with.

    For a thread of its own. What cannot be loaded here is told of, and again by whoever needs it.
    """
    try:
        TERMS.in_("-", TERMS.source)
        polarity("-")
    except Exception as error:  # the service runs without it
        log.warning("not loaded beforehand", error=type(error).__name__)
