"""A campaign as its file describes it: what is said, to whom, when. Frozen; campaign_file.py reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Literal

from survey_flows.files.approvals import digest_of
from survey_flows.survey import Approval

from .files.complaints import unusable
from .hours import Window

Texts = Mapping[str, str]
"""Language (BCP 47) to text."""

DEFAULT_HOURS = Window(time(12), time(18), frozenset(range(5)))
"""Noon to six, Monday to Friday: when the products that schools know send (docs/outreach.md has the sources)."""
TRY_FOR = timedelta(days=3)
"""How long a message waits for open hours, a translation or a cap before it is given up."""


@dataclass(frozen=True, slots=True)
class When:
    """When a campaign goes out. Times are wall times at each recipient's school.

    ``now`` at once; ``at`` once; ``cron`` again and again, until ``ends``; ``date`` so many ``days`` after (before, if
    negative) a date of the person: "absence", a date of their school's calendar, or an attribute that holds a date;
    ``trigger`` whenever a person or a program says so.
    """

    kind: Literal["now", "at", "cron", "date", "trigger"]
    at: datetime | None = None
    cron: str | None = None
    ends: date | None = None
    of: str | None = None
    days: int = 0
    time: time | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One message of a sequence, or a survey that is begun. ``after`` counts from the first step's wall time.

    ``texts`` gives for each variant its texts; where a campaign has no variants (or this step says the same to all),
    the one variant is "". ``unless`` names what makes the step needless: ``replied``.
    """

    after: timedelta = timedelta()
    texts: Mapping[str, Texts] = field(default_factory=dict)
    survey: str | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    unless: frozenset[str] = frozenset()

    def said(self, variant: str) -> Texts:
        """The texts for one variant."""
        return self.texts[variant] if variant in self.texts else self.texts.get("", {})


@dataclass(frozen=True)
class Campaign:
    """All that a campaign's file says.

    ``audience`` is a filter, or the name of a saved one. ``channels`` in the order of preference; empty: every one that
    is set up. ``fields`` are words of the staff's own, by language; ``fallback`` stands in where a person has no value
    for a gap. ``variants`` are shares in percent, ``holdout`` the percent that gets nothing, for comparison.
    ``untranslated``: whoever has no approved text in their language waits for it, or gets the ``source``.

    ``drafted`` are the languages that the file calls drafts, ``lacking`` those in which a text is marked as missing.
    ``approved`` tells who approved others, and ``stale`` are those whose words have changed since.
    """

    key: str
    title: str
    text: str
    source: str
    languages: tuple[str, ...]
    drafted: frozenset[str]
    audience: str
    when: When
    steps: tuple[Step, ...]
    channels: tuple[str, ...] = ()
    per: Literal["household", "person"] = "household"
    hours: Window = DEFAULT_HOURS
    try_for: timedelta = TRY_FOR
    fields: Mapping[str, Texts] = field(default_factory=dict)
    fallback: Mapping[str, Texts] = field(default_factory=dict)
    variants: Mapping[str, int] = field(default_factory=dict)
    holdout: int = 0
    untranslated: Literal["wait", "source"] = "wait"
    approved: Mapping[str, Approval] = field(default_factory=dict)
    stale: frozenset[str] = frozenset()
    lacking: frozenset[str] = frozenset()

    @property
    def drafts(self) -> frozenset[str]:
        """The languages that no person has approved as they stand."""
        return self.drafted | self.stale | self.lacking

    def digest(self, language: str) -> str:
        """What an approval of this language is bound to: every text that is sent, in the source and in the language."""
        shown = [*(texts for step in self.steps for texts in step.texts.values())]
        shown += [*self.fields.values(), *self.fallback.values()]
        return digest_of((texts[self.source], texts[language]) for texts in shown if language in texts)

    def meant(self, filter_: str) -> str:
        """What an approval is bound to: SHA-256 of the file's text, and of its audience with saved ones written out."""
        return sha256("\0".join((self.text, filter_)).encode()).hexdigest()


class CampaignError(ValueError):
    """A campaign's file cannot be used. ``complaints`` has one line for each fault: where, what, how to mend it."""

    def __init__(self, name: str, complaints: tuple[str, ...]) -> None:
        super().__init__(unusable(name, complaints))
        self.name = name
        self.complaints = complaints
