"""What becomes of one recipient whose moment has come: their message, a later moment, or a reason why not. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from survey_flows import Survey

from ..conversing import drafts_too
from ..letters import outgoing
from ..speech import drafts_of, names_help, spoken
from ..store.inbound import Correspondent
from ..store.readers import Known
from ..turns import Desk
from .calendars import Calendars
from .campaign import Campaign
from .caps import Had
from .first_message import BULK, first
from .hours import opening
from .lots import HOLDOUT, lot
from .occasions import given_up
from .rendering import MissingWords, reader, render
from .wall_time import Span

AGAIN = timedelta(hours=1)
"""When to look again for a translation that is not approved yet, or whether an alert has been closed."""


@dataclass(frozen=True, slots=True)
class Send:
    """The rows that are to be written: the message, and the conversation that a survey opens."""

    message: dict[str, Any]
    conversation: dict[str, Any] | None
    variant: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Look again at this moment."""

    due_at: datetime


@dataclass(frozen=True, slots=True)
class Skip:
    """Nothing goes to them; ``reason`` is one of accounting.STATES."""

    reason: str
    variant: str = ""


Decision = Send | Wait | Skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one recipient, their address locked. ``asked`` and ``busy`` are about the step's survey."""

    address_id: UUID
    channel: str
    address: str
    suppressed: str | None
    consented: bool
    known: Known | None
    day: date | None
    replied: bool = False
    asked: bool = False
    busy: bool = False
    looked_after: bool = False  # a message of theirs spoke of danger, and nobody has closed the alert
    none_meant: bool = False  # they have children, but none that this campaign is about


@dataclass(frozen=True)
class Decider:
    """One step of one run, at one moment."""

    campaign: Campaign
    campaign_id: UUID
    step: int
    occasion: str
    begins_at: datetime
    now: datetime
    desk: Desk
    calendars: Calendars
    had: Had
    survey: tuple[UUID, Survey] | None = None
    _times: dict[str | None, tuple[Span | None, datetime]] = field(default_factory=dict)
    _asked: set[UUID] = field(default_factory=set)  # addresses at which a survey has been begun here

    def __call__(self, facts: Facts) -> Decision:
        """Decide. What is sent is counted at once, so that the caps hold within a batch as well."""
        known, step = facts.known, self.campaign.steps[self.step]
        if facts.suppressed is not None:
            return Skip("opted out" if facts.suppressed == "stopped" else "unreachable")
        if known is None or not facts.consented:
            return Skip("no consent")
        drawn = lot(self.campaign, known.person.household_id)
        if drawn == HOLDOUT:
            return Skip("held out", HOLDOUT)
        if facts.replied and "replied" in step.unless:
            return Skip("replied", drawn)
        span, until = self._time(known.school)
        if facts.looked_after:  # "thank you for being on time" after "I want to die" is cruel
            later = self.now + AGAIN
            return Wait(later) if later < until else Skip("being looked after", drawn)
        if span is None or span[0] >= until:
            return Skip("hours ran out", drawn)
        if span[0] > self.now:
            return Wait(span[0])
        purpose = "ask" if step.survey else "outreach"
        if self.had.full(known.person.id, purpose):
            return Skip("cap", drawn)
        decided = self._ask(facts, known, drawn) if step.survey else self._say(facts, known, drawn)
        if isinstance(decided, Send):
            self.had.add(known.person.id, purpose)
            decided.message.update(campaign_id=self.campaign_id, expires_at=min(span[1], until))
        if isinstance(decided, Wait) and decided.due_at >= until:
            return Skip("not translated", drawn)
        return decided

    def _time(self, school: str | None) -> tuple[Span | None, datetime]:
        """The hours of a school that are open or come next, and when this step is given up there."""
        if school not in self._times:
            calendar = self.calendars.of(school)
            until = given_up(self.campaign, self.step, self.occasion, self.begins_at, calendar)
            self._times[school] = opening(calendar, self.campaign.hours, self.now), until
        return self._times[school]

    def _say(self, facts: Facts, known: Known, variant: str) -> Decision:
        if facts.none_meant:
            return Skip("no child meant", variant)
        texts = self.campaign.steps[self.step].said(variant)
        drafts_allowed = self.desk.allow_drafts and not names_help(texts[self.campaign.source])
        language = self._language(known.person.language, texts, allow_drafts=drafts_allowed)
        if language is None:
            return Wait(self.now + AGAIN)
        try:
            text = render(
                texts,
                reader(known, facts.day),
                language=language,
                organization=self.desk.organization,
                fields=self.campaign.fields,
                fallback=self.campaign.fallback,
            )
        except MissingWords:
            return Skip("words missing", variant)
        who = _correspondent(facts, known)
        id_ = self.desk.new_id()
        message = outgoing(id_, who, text, now=self.now, purpose="outreach", language=language, priority=BULK)
        return Send(message, None, variant)

    def _ask(self, facts: Facts, known: Known, variant: str) -> Decision:
        if self.survey is None or facts.asked:
            return Skip("asked before", variant)
        if facts.busy or facts.address_id in self._asked:
            return Skip("in a survey", variant)
        survey_id, survey = self.survey
        texts = dict.fromkeys(survey.languages, "")
        drafts_allowed = drafts_too(self.desk, survey)
        if not self._language(
            known.person.language, texts, survey.source, drafts_of(survey), allow_drafts=drafts_allowed
        ):
            return Wait(self.now + AGAIN)
        who, given = _correspondent(facts, known), self.campaign.steps[self.step].given
        try:
            conversation, message = first(self.desk, survey_id, survey, who, given, self.now)
        except LookupError:  # a value that its first message needs
            return Skip("words missing", variant)
        self._asked.add(facts.address_id)
        return Send(message, conversation, variant)

    def _language(
        self,
        wanted: str,
        texts: Mapping[str, str],
        source: str | None = None,
        drafts: Any = None,
        *,
        allow_drafts: bool,
    ) -> str | None:
        """The language to use; None where theirs is not approved and they are to wait for it."""
        drafted = self.campaign.drafts if drafts is None else drafts
        source = source or self.campaign.source
        found = spoken(wanted, tuple(texts), drafted, "", allow_drafts=allow_drafts)
        return found or (source if self.campaign.untranslated == "source" else None)


def _correspondent(facts: Facts, known: Known) -> Correspondent:
    person = known.person
    return Correspondent(
        facts.address_id, person.id, facts.channel, facts.address, facts.suppressed, person.language,
        person.respondent, person.school, groups=person.groups,
    )  # fmt: skip
