"""Every text of ours that stands in the store and may reach a family, document by document, with what it is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows import Survey, phrases

from ..app import App
from ..dialogue.saved import PREFIX as SAVED
from ..outreach.campaign import Campaign, CampaignError
from ..outreach.campaign_file import loads
from ..outreach.control import FINAL
from ..store import memory
from ..store.tables import campaigns, survey_drafts, surveys, translations
from ..translation.units import Unit
from .document import PHRASES, Document, Unusable, read

Kind = Literal["survey", "draft", "campaign", "phrases", "saved"]
KEPT = 300
"""Documents whose texts are kept in this process."""

_read: dict[tuple[Kind, str], Document] = {}


@dataclass(frozen=True)
class Stored:
    """One document as it stands now. ``since`` is when it was written; None where each text stands for itself. ``state`` is a
    campaign's. ``document`` is None for saved replies, which are in no file."""

    kind: Kind
    key: str
    title: str
    units: Sequence[Unit]
    document: Document | None = None
    since: datetime | None = None
    state: str = ""

    @property
    def name(self) -> str:
        """What addresses call it: survey:getting-to-school, phrases, saved."""
        return self.key if self.kind in ("phrases", "saved") else f"{self.kind}:{self.key}"

    @property
    def at_once(self) -> bool:
        """Whether what is approved here goes out by itself: there is no file that it has to be written into."""
        return self.kind in ("phrases", "saved")

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that it has beside its source."""
        return self.document.languages if self.document else ()

    @property
    def stale(self) -> frozenset[str]:
        return self.document.stale if self.document else frozenset()


async def gather(app: App, db: AsyncConnection) -> list[Stored]:
    """All of them: surveys, campaigns that may still go out, what Openline says itself, saved replies."""
    ours = Document(PHRASES, None, "", None)
    said = Stored("phrases", PHRASES, "", ours.units, ours)
    return [*await _surveys(app, db), *await _campaigns(db), said, *await _saved(db)]


async def _surveys(app: App, db: AsyncConnection) -> list[Stored]:
    rows = await db.execute(select(surveys.c.id, surveys.c.key, surveys.c.created_at).order_by(surveys.c.id))
    newest = {row.key: row for row in rows}
    found = []
    for key, row in newest.items():
        survey = await app.shelf.get(db, row.id)
        made = _document("survey", survey.text, key, survey)
        found.append(
            Stored("survey", key, survey.title[survey.source], made.units, made, since=row.created_at)
        )
    drafts = select(survey_drafts.c.key, survey_drafts.c.text, survey_drafts.c.changed_at)
    for row in await db.execute(drafts.order_by(survey_drafts.c.key)):
        if row.key in newest:
            continue  # its texts are those of the published one, until it is published
        try:
            made = _document("draft", row.text, row.key)
        except Unusable:
            continue  # somebody is in the middle of writing it
        title = made.made.title[made.source] if isinstance(made.made, Survey) else row.key
        found.append(Stored("draft", row.key, title, made.units, made, since=row.changed_at))
    return found


async def _campaigns(db: AsyncConnection) -> list[Stored]:
    columns = campaigns.c.key, campaigns.c.text, campaigns.c.state, campaigns.c.changed_at
    wanted = select(*columns).where(campaigns.c.state.not_in(FINAL)).order_by(campaigns.c.id)
    found = []
    for row in await db.execute(wanted):
        try:
            campaign = loads(row.text, row.key)
        except CampaignError:
            continue
        made = _document("campaign", row.text, row.key, campaign)
        found.append(
            Stored("campaign", row.key, campaign.title, made.units, made, since=row.changed_at, state=row.state)
        )  # fmt: skip
    return found


async def _saved(db: AsyncConnection) -> list[Stored]:
    """Replies that are saved for all. Their translations are people's, and approved: nothing else is kept under their name."""
    units: dict[str, Unit] = {}
    for row in await memory.of_context(db, SAVED, translations.c.state == "approved"):
        before = units.get(row.context)
        if before is None or before.text != row.source_text:
            before = Unit(row.context, row.source, row.source_text or "", note="")
        known = {**before.texts, row.target: row.text or ""}
        units[row.context] = replace(before, texts=known, approved=frozenset(known))
    return [Stored("saved", "saved", "", list(units.values()))] if units else []


def _document(kind: Kind, text: str, key: str, made: Survey | Campaign | None = None) -> Document:
    """Its texts are found once, however often they are looked at. Raises Unusable for a draft that cannot be read."""
    held = _read.get((kind, text))
    if held is None:
        if len(_read) >= KEPT:
            _read.clear()
        known = made or read(text, Path(f"{key}.yaml"), campaign=kind == "campaign")
        held = _read[kind, text] = Document(key, None, text, known)
    return held


def acts_at_once(stored: Stored, language: str) -> bool:
    """Whether one text of this document that is approved reaches families at once. What Openline says itself does so in a
    language that is in use; before that, one approved phrase would put all others into English beside it."""
    return stored.kind == "saved" or (stored.kind == "phrases" and language not in phrases.drafts())
