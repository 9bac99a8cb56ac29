"""What everybody in an audience would read: rendered, counted in SMS parts, summed up by step, variant and language."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows import Survey
from survey_flows.segments import Segments, count

from ...conversing import drafts_too
from ...speech import drafts_of, names_help, spoken
from ...store.inbound import Correspondent
from ...store.readers import Known, readers
from ...turns import Desk
from ..campaign import Campaign, Step
from ..first_message import first
from ..lots import HOLDOUT, lot
from ..rendering import Reader, lacking, reader, render
from .reach import pages

SAMPLES = 3
"""Real recipients whose text is shown, for each step, variant and language."""

Key = tuple[int, str, str]
"""Step (from 0), variant, language."""


@dataclass(slots=True)
class Row:
    """One step's text in one variant and language, over everybody who would read it there.

    ``waiting`` are people of this language who get nothing until its text is approved; ``source`` are people of other
    languages who get this one; ``missing`` counts people who are skipped because a gap has no words for them, by gap.
    """

    channels: Counter[str] = field(default_factory=Counter)
    waiting: int = 0
    source: Counter[str] = field(default_factory=Counter)
    skipped: int = 0
    missing: Counter[str] = field(default_factory=Counter)
    parts: int = 0
    most: Segments | None = None
    longest: str = ""
    samples: list[str] = field(default_factory=list)

    @property
    def people(self) -> int:
        """How many get this text."""
        return self.channels.total()

    def add(self, text: str, channel: str) -> int:
        """One more reader; returns how many SMS parts that is."""
        self.channels[channel] += 1
        if len(self.samples) < SAMPLES:
            self.samples.append(text)
        if len(text) > len(self.longest):
            self.longest = text
        if channel != "sms":
            return 0
        counted = count(text)
        self.parts += counted.parts
        if self.most is None or (counted.parts, counted.units) > (self.most.parts, self.most.units):
            self.most = counted
        return counted.parts


@dataclass(slots=True)
class Tally:
    """A whole audience. ``reasons`` counts those who get nothing; ``load`` is, for each channel and school, how many
    people the first step goes to and how many sends (SMS parts) that takes."""

    people: int = 0
    going: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    respondents: Counter[str] = field(default_factory=Counter)
    rows: dict[Key, Row] = field(default_factory=lambda: defaultdict(Row))
    load: dict[tuple[str, str | None], tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Writer:
    """What texts are made with. ``surveys`` has the published survey of each survey step."""

    campaign: Campaign
    desk: Desk
    surveys: Mapping[str, tuple[UUID, Survey]]
    now: datetime
    day: date
    _begun: dict[Any, tuple[str, str]] = field(default_factory=dict)

    def write(self, tally: Tally, known: Known, variant: str, channel: str, school: str | None) -> None:
        """Put one person's messages, all steps of them, to the tally."""
        who = reader(known, self.day)
        for number, step in enumerate(self.campaign.steps):
            sends = self._step(tally, number, step, who, variant, channel)
            if number == 0 and sends is not None:
                people, parts = tally.load.get((channel, school), (0, 0))
                tally.load[channel, school] = people + 1, parts + (sends or 1)

    def _step(
        self, tally: Tally, number: int, step: Step, who: Reader, variant: str, channel: str
    ) -> int | None:
        """SMS parts that this step takes for this person (0 on another channel); None where they get nothing."""
        survey = self.surveys.get(step.survey) if step.survey else None
        if step.survey and survey is None:
            return None
        texts = step.said(variant)
        tongues = survey[1].languages if survey else tuple(texts)
        drafts = drafts_of(survey[1]) if survey else self.campaign.drafts
        source = survey[1].source if survey else self.campaign.source
        if survey:
            allowed = drafts_too(self.desk, survey[1])
        else:
            allowed = self.desk.allow_drafts and not names_help(texts[source])
        found = spoken(who.language, tongues, drafts, "", allow_drafts=allowed)
        if not found and self.campaign.untranslated == "wait":
            theirs = spoken(who.language, tongues, (), who.language, allow_drafts=True)
            tally.rows[number, variant, theirs].waiting += 1
            return None
        row = tally.rows[number, variant, found or source]
        if not found:
            row.source[who.language] += 1
        if survey:
            text = self._asked(survey, step, who)
        elif gone := lacking(
            texts[found or source],
            who,
            found or source,
            self.campaign.fields,
            self.campaign.fallback,
        ):
            row.skipped += 1
            row.missing.update(gone)
            return None
        else:
            text = self._said(texts, who, found or source)
        return row.add(text, channel)

    def _said(self, texts: Mapping[str, str], who: Reader, language: str) -> str:
        return render(
            texts,
            who,
            language=language,
            organization=self.desk.organization,
            fields=self.campaign.fields,
            fallback=self.campaign.fallback,
        )

    def _asked(self, survey: tuple[UUID, Survey], step: Step, who: Reader) -> str:
        """The first message of a survey: it is the same for all of one language, school and kind."""
        alike = survey[0], who.language, who.school, who.respondent
        if alike not in self._begun:
            to = Correspondent(who.person_id, who.person_id, "", "", None, who.language, who.respondent,
                               who.school, groups=who.groups or {})  # fmt: skip
            _, message = first(self.desk, *survey, to, step.given, self.now)
            self._begun[alike] = message["text"], message["language"]
        return self._begun[alike][0]


async def tallied(
    db: AsyncConnection, writer: Writer, among: ColumnElement[bool], children: ColumnElement[bool] | None,
    channels: list[str], progress: Callable[[int], None] | None = None,
) -> Tally:  # fmt: skip
    """The whole audience, a page at a time; ``progress`` hears how many people have been looked at so far."""
    tally, campaign = Tally(), writer.campaign
    async for page in pages(db, among, channels, by_household=campaign.per == "household"):
        known = await readers(db, list(page.channels), children)
        for person, channel in page.channels.items():
            one, variant = known.get(person), lot(campaign, page.households[person])
            if variant == HOLDOUT:
                tally.reasons["held out"] += 1
            elif one is None:  # removed from the list just now
                tally.reasons["no child meant"] += 1
            else:
                tally.going += 1
                tally.respondents[one.person.respondent] += 1
                writer.write(tally, one, variant, channel, page.schools[person])
        tally.reasons += page.reasons
        tally.people += page.people
        if progress:
            progress(tally.people)
    return tally
