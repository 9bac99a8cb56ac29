"""What a check finds: where, how bad, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from ..survey import Survey

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
"""``error``: do not send it so. ``warning``: it will cost answers, money or trust. ``note``: worth a look."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend. ``question`` is the key of the item, "intro" or "thanks", None for the whole survey;
    ``language`` is None where it is about all of them."""

    severity: Severity
    what: str
    cure: str
    question: str | None = None
    language: str | None = None
    rule: str = ""


Check = Callable[[Survey], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name, what it looks for (for the docs), and the function that looks."""

    name: str
    looks_for: str
    check: Check


def lenient(survey: Survey) -> bool:
    """Whether the survey was made from a form that somebody wrote for other software: what is an error in a file
    written for text messages is a warning there."""
    return re.search(r"^from: *xlsform", survey.text, re.MULTILINE) is not None


def for_students(survey: Survey) -> bool:
    """Whether students may be asked: then the law protects some topics."""
    return survey.about.audience in ("students", "everyone") or "student" in survey.variants


def english(survey: Survey) -> str | None:
    """The survey's English, where it has one: "en" or "en-US"."""
    return next((tag for tag in survey.languages if tag.partition("-")[0] == "en"), None)
