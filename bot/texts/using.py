"""A language is put into use: what people have read, text by text, becomes what families get.

A published survey never changes: it gets another version with the same content, these words and this approval. A campaign is
written anew, and has to be scheduled again. What Openline says itself is said from then on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import delete, update

import survey_flows
from survey_flows.told import told

from .. import audit, phrasebook
from ..app import App
from ..outreach import control
from ..outreach.campaign import Campaign
from ..store import keywords
from ..store.staff import Member
from ..store.tables import survey_drafts, translations
from ..translation import gate
from ..translation.memory import New
from . import approving, entering
from .deciding import found_of
from .document import Document, Unusable
from .standing import READ, Text
from .stored import Stored

Step = Literal["nothing", "read", "mend", "use", "done"]
"""nothing: there are no texts. read: some are missing or unread. mend: the gate blocks some. use: all are read."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one document is in one language."""

    stored: Stored
    language: str
    total: int
    approved: int
    waiting: int
    stale: int
    missing: int
    blocked: int
    pending: int
    step: Step


def standing(stored: Stored, language: str, texts: Sequence[Text], *, looked: bool = True) -> Standing:
    """How far it is, and what has to be done next. ``looked`` says whether the gate reads all that is approved."""
    counted = {
        state: sum(one.state == state for one in texts) for state in ("approved", "draft", "stale", "missing")
    }
    pending = sum(one.waits for one in texts)
    step: Step = "done"
    blocked = 0
    if not texts:
        step = "nothing"
    elif counted["approved"] < len(texts):
        step = "read"
    elif pending:
        blocked = sum(gate.blocks(found) for found in found_of(texts).values()) if looked else 0
        step = "mend" if blocked else "use"
    return Standing(
        stored, language, len(texts), counted["approved"], counted["draft"] + counted["stale"], counted["stale"],
        counted["missing"], blocked, pending, step,
    )  # fmt: skip


async def use(app: App, stored: Stored, language: str, texts: Sequence[Text], by: Member) -> None:
    """Put a language of one document into use. Raises Unusable where it is not all read, or cannot be entered."""
    step = standing(stored, language, texts).step
    if step == "done":
        return
    if step != "use":
        raise Unusable(told("Not all of its texts have been read in this language."))
    if stored.kind == "phrases":
        await _say(app, language, texts, by)
    elif stored.document is not None:
        text, made = rewritten(stored.document, language, texts, by.name, app)
        if isinstance(made, Campaign):
            written_by = (await control.standing(app, stored.key)).written_by
            await control.write(app, text, written_by or by.email)  # who wrote it may still not approve it
        elif stored.kind == "draft":
            await _redraft(app, stored.key, text)
        else:
            await _publish(app, text, stored.key)
    async with app.database.begin() as db:
        await audit.record(
            db, app.clock(), by.id, "translation.use", stored.name, language=language, texts=len(texts)
        )


def rewritten(
    document: Document, language: str, texts: Sequence[Text], by: str, app: App
) -> tuple[str, survey_flows.Survey | Campaign]:
    """The document's text with these words and this approval. Raises Unusable."""
    stands = {unit.context: unit.texts.get(language) for unit in document.units}
    changes = {
        (one.context, language): one.text for one in texts if stands.get(one.context, one.text) != one.text
    }
    if changes:
        entered = entering.entered(document, changes)
        for (where, _), why in entered.refused.items():
            raise Unusable(told("{where}: {what}", where=where.partition("/")[2], what=why))
        document = replace(document, text=entered.text, made=document.read(entered.text))
    try:
        approving.readable(document, language)
    except approving.NotYet as not_yet:
        raise Unusable(told("Some of its texts are missing, or cannot be sent as they are.")) from not_yet
    text = approving.approved(document, language, by, app.clock().date())
    return text, document.read(text)


async def _publish(app: App, text: str, key: str) -> None:
    """Another version of a survey: whoever is in the middle of the old one stays there, and its keywords begin this one."""
    survey = survey_flows.loads(text, key)
    async with app.database.begin() as db:
        held = [word for word, holder in (await keywords.holders(db)).items() if holder == key]
        survey_id = await app.shelf.publish(db, survey, app.clock(), app.new_id)
        if held:
            await keywords.point(db, key, survey_id, held, app.clock())


async def _redraft(app: App, key: str, text: str) -> None:
    async with app.database.begin() as db:
        await db.execute(
            update(survey_drafts).where(survey_drafts.c.key == key).values(text=text, changed_at=app.clock())
        )


async def _say(app: App, language: str, texts: Sequence[Text], by: Member) -> None:
    """The phrases that count come with the catalogue, and are approved with the others."""
    await phrasebook.approve(app.memory, language, by.name)
    await app.memory.keep(
        [
            New(
                one.context, one.unit.source, language, one.unit.text, one.text, one.origin or "machine:draft",
                one.confidence, approved_by=one.by or by.name,
            )
            for one in texts
        ]
    )  # fmt: skip
    async with app.database.begin() as db:
        staged = [READ + one.context for one in texts]
        await db.execute(
            delete(translations).where(translations.c.context.in_(staged), translations.c.target == language)
        )
    app.desk.phrasebook.look_again()
    async with app.database.read() as db:
        await app.desk.phrasebook.current(db, app.clock())
