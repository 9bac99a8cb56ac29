"""What there is of one survey: its newest published version, and the draft of the next. How a draft is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from fastapi import HTTPException, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows import Survey

from ....app import App
from ....writing import checked, drafts
from ....writing.checked import Checked
from ....writing.drafts import Draft
from ....writing.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Held:
    """One survey. At least one of ``draft`` and ``published`` is there."""

    key: str
    draft: Draft | None
    published: Survey | None
    survey_id: UUID | None

    @property
    def text(self) -> str:
        """The text that is worked on: the draft's, else what was published last."""
        return self.draft.text if self.draft else self.published.text if self.published else ""

    @property
    def looked(self) -> Checked:
        return checked.look(self.text)

    @property
    def title(self) -> str:
        if self.draft is None and self.published is not None:
            return self.published.title[self.published.source]
        seen = self.looked.outline
        return seen.head["title"].get(seen.source, self.key)

    @property
    def stamp(self) -> str:
        """Stands for the state that a form was made from."""
        return self.draft.stamp if self.draft else ""

    @property
    def address(self) -> str:
        return f"/surveys/{quote(self.key)}"


async def held(app: App, db: AsyncConnection, key: str) -> Held:
    """What there is under a key; a page that is not there (404) where it is nothing."""
    draft = await drafts.find(db, key)
    latest = await app.shelf.latest(db, key)
    if draft is None and latest is None:
        raise HTTPException(404)
    return Held(key, draft, latest[1] if latest else None, latest[0] if latest else None)


def writes(request: Request) -> UUID:
    """The member who may change surveys: an organizer of all schools, since surveys are everybody's. Else 403."""
    session = request.state.session
    if not may_write(request):
        raise HTTPException(403)
    member: UUID = session.member.id
    return member


def may_write(request: Request) -> bool:
    """Whether whoever looks may change surveys."""
    return bool(request.state.session.grants.everywhere("organizer"))


def sees_counts(request: Request) -> bool:
    """Whether whoever looks may see how many were asked and have answered by now: whoever has a role at one school only
    would learn from it of the others, and sees what is published (as on the first page)."""
    return request.state.session.grants.schools is None


async def keep(app: App, db: AsyncConnection, held: Held, text: str, by: UUID) -> Draft:
    """Make this the draft's text; a survey without one gets it now, so that Undo leads back to what is published. Raises
    drafts.Clash."""
    now, draft = app.clock(), held.draft
    if draft is None:
        base = held.published.version if held.published else None
        await drafts.begin(db, held.key, held.text, base, by, now, app.new_id)
        draft = await drafts.find(db, held.key)
    assert draft is not None
    await drafts.save(db, draft, text, by, now)
    kept = await drafts.find(db, held.key)
    assert kept is not None
    return kept


def changed(text: str, change: Callable[[Sheet], Any]) -> str:
    """The text after a change of its sheet."""
    sheet = Sheet(text)
    change(sheet)
    return sheet.text()


def undo(kept: Draft) -> str:
    """The address that takes the last change back, as long as nobody makes another."""
    return f"/surveys/{quote(kept.key)}/edit/undo?of={quote(kept.stamp)}"
