"""What a reader decides about texts: approved, worded otherwise, a draft again. Nothing that the gate blocks is approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select, update

from survey_flows.told import told

from ..app import App
from ..dialogue.saved import PREFIX as SAVED
from ..store.memory import digest
from ..store.tables import translations
from ..translation import gate
from ..translation.gate import Finding
from ..translation.memory import Memory, New
from ..translation.units import Unit
from .document import Unusable
from .standing import BEFORE, READ, Text
from .stored import Stored, acts_at_once

LONGEST = 4000
"""Characters of one translation."""


def found_of(texts: Sequence[Text]) -> Mapping[str, tuple[Finding, ...]]:
    """What the gate says of these texts, by context: of one document, or the choices of a question are not compared."""
    said = {one.context: one.text for one in texts if one.text}
    return gate.review([one.unit for one in texts], texts[0].language, said) if texts else {}


def look(text: Text, said: str, beside: Sequence[Text]) -> tuple[Finding, ...]:
    """What the gate says of other words for one text, ``beside`` the others of its document."""
    group = text.unit.group
    siblings = {one.context: one.text for one in beside if group and one.unit.group == group and one.text}
    return gate.look(text.unit, text.language, said, siblings=siblings)


def draft_context(stored: Stored, unit: Unit) -> str:
    """Where a draft is kept: of a saved reply nothing but what is approved stands under its own name."""
    return READ + unit.context if stored.kind == "saved" else unit.context


async def approve(app: App, texts: Sequence[Text], by: str, now: datetime) -> int:
    """A person's word that these may go out as they are; they have been looked over. How many. ``now`` is the moment that all of
    them have in common."""
    new = [
        New(
            _approved_context(one), one.unit.source, one.language, one.unit.text, one.text,
            one.origin or "machine:draft", one.confidence, approved_by=by,
        )
        for one in texts
        if one.text
    ]  # fmt: skip
    await Memory(app.database, lambda: now, app.new_id).keep(new)
    await _tidy(app, texts)
    return len(new)


async def word(app: App, text: Text, said: str, by: str, *, approved: bool) -> None:
    """A person's own words for a text, approved by them or as a draft for another reader. What stood there is kept beside
    it. Raises Unusable for no words, or too many."""
    said = said.replace("\r\n", "\n").strip()
    if not said:
        raise Unusable(told("There are no words in it."))
    if len(said) > LONGEST:
        raise Unusable(told("It is longer than any text that is sent."))
    unit, language = text.unit, text.language
    new = []
    earlier = f"{BEFORE}{unit.context}"
    if text.text and text.text != said and len(earlier) <= 200:
        new.append(
            New(
                earlier,
                unit.source,
                language,
                unit.text,
                text.text,
                text.origin or "machine:draft",
                text.confidence,
            )
        )
    where = _approved_context(text) if approved else draft_context(text.stored, unit)
    if not approved:
        await _take_back(app, text)  # a draft never takes the place of what is approved
    origin, sure = (
        ("person", None) if said != text.text else (text.origin or "machine:draft", text.confidence)
    )
    new.append(
        New(where, unit.source, language, unit.text, said, origin, sure, approved_by=by if approved else None)
    )
    await app.memory.keep(new)
    if approved:
        await _tidy(app, [replace(text, text=said)])


async def take_back(app: App, text: Text) -> None:
    """A draft again, with the words that stand there."""
    unit = text.unit
    await _take_back(app, text)
    if text.text:
        where = draft_context(text.stored, unit)
        await app.memory.keep(
            [
                New(
                    where,
                    unit.source,
                    text.language,
                    unit.text,
                    text.text,
                    text.origin or "machine:draft",
                    text.confidence,
                )
            ]
        )
    app.desk.phrasebook.look_again()


async def undo(app: App, text: Text) -> None:
    """The last thing that was done with a text is undone: it is a draft again, with the words from before."""
    unit = text.unit
    async with app.database.read() as db:
        wanted = select(translations).where(
            translations.c.context == BEFORE + unit.context,
            translations.c.target == text.language,
            translations.c.digest == digest(unit.text),
        )
        before = (await db.execute(wanted)).first()
    if before is not None and before.text and before.text != text.text:
        text = replace(text, text=before.text, origin=before.origin or "", confidence=before.confidence)
    await take_back(app, text)
    async with app.database.begin() as db:
        await db.execute(
            delete(translations).where(
                translations.c.context == BEFORE + unit.context, translations.c.target == text.language
            )
        )


def _approved_context(text: Text) -> str:
    stored = text.stored
    waits = stored.at_once and not acts_at_once(stored, text.language)
    return READ + text.context if waits else text.context


async def _tidy(app: App, texts: Sequence[Text]) -> None:
    """Drafts that stood beside saved replies go once these are approved; phrases are said from now on."""
    gone = [READ + one.context for one in texts if one.context.startswith(SAVED)]
    if gone:
        async with app.database.begin() as db:
            await db.execute(
                delete(translations).where(
                    translations.c.context.in_(gone), translations.c.target == texts[0].language
                )
            )
    app.desk.phrasebook.look_again()


async def _take_back(app: App, text: Text) -> None:
    """No approval of this text stands in the memory any more; a saved reply loses this language."""
    unit = text.unit
    mine = (
        translations.c.context.in_([unit.context, READ + unit.context]),
        translations.c.target == text.language,
        translations.c.digest == digest(unit.text),
        translations.c.state == "approved",
    )
    async with app.database.begin() as db:
        if text.stored.kind == "saved":
            await db.execute(delete(translations).where(*mine))
            return
        await db.execute(
            update(translations)
            .where(*mine)
            .values(state="draft", approved_by=None, approved_at=None, changed_at=app.clock())
        )
