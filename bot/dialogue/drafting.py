"""A reply before it goes: in the family's language, with what speaks for and against it, for whoever sends it to read.

A draft is a message's row in the state ``draft`` that never changes. Sending it turns the same row into one that is queued,
so one draft goes out once, however often somebody clicks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from langcodes import Language, tag_is_valid
from sqlalchemy import Row, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from ..app import App
from ..letters import outgoing
from ..store.inbound import Correspondent
from ..store.tables import messages, people
from ..translation import Translated
from ..translation.gate import Finding
from . import reaching, wording
from .asides import STAFF
from .drafts import BLOCKED, Closed, How, closed, digest, drafts, forget, letters, refusal
from .people import ways
from .reaching import Refused
from .rendering import PERSON, Looked, by_people, look_over, put
from .sureness import Sure, same, word
from .threads import heard_last
from .wording import Letter

SILENT = frozenset("\n\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069")
"""What is not seen and yet belongs to a text: it joins letters or keeps them apart (Persian, Khmer, emoji), or turns them."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What staff wrote, and what the family would get.

    ``text`` is the translation into ``language`` (None where there is none, or none is needed), by ``origin``; ``back`` is
    it translated back, ``findings`` what the checks say of it, ``closed`` why it may not be sent. ``translated`` and ``as_written`` are the two ways to
    send it, as they would arrive and with what they cost; ``refusals`` says of each that is closed why. It would go by
    ``channel`` at ``due`` (None: their school does not open in the next two months). ``notes`` are what else to know.
    """

    id: UUID
    digest: str
    person: UUID
    written: str
    written_in: str
    language: str
    text: str | None
    origin: str | None
    confidence: float | None
    sure: Sure | None
    back: str | None
    findings: tuple[Finding, ...]
    translated: Letter | None
    as_written: Letter
    refusals: dict[How, str]
    channel: str
    due: datetime | None
    notes: tuple[str, ...]
    closed: Closed | None = None


async def draft(
    app: App,
    person: UUID,
    text: str,
    by: str,
    language: str = "en",
    to: str | None = None,
    *,
    once: UUID | None = None,
) -> Draft:
    """Put what staff wrote (in ``language``) into the person's language (or ``to``). Nothing is sent.

    People's approved texts come first, then the engines; where none answers, the draft has no translation. The same text
    again within a day is the same draft; so is the same ``once``, the id that a new draft gets. Raises LookupError and
    Refused.
    """
    text = _clean(text)
    for tag in (language, to):
        if tag is not None and not tag_is_valid(tag):
            raise Refused(f"{tag[:40]!r} is no language. Write a tag like en, es, ht.")
    now = app.clock()
    async with app.database.read() as db:
        row = await _person(db, person)
        theirs = await ways(db, person)
        heard = await heard_last(db, theirs)
        goes_to = reaching.address(app, theirs, heard)
        due = await reaching.due(db, app, person, heard, now)
        goes_in = to or _speaks(row, heard)
        kept = [
            one
            for one in await drafts(db, theirs.ids, now)
            if _is(one, text, language, goes_in) and once in (None, one.id)
        ]
    made, looked, needed = None, Looked(), not same(language, goes_in)
    theirs_by = await by_people(app, text, language, goes_in) if needed else None
    # Where no translator answered the last time, one may by now; and a person may have translated it, or corrected it.
    stored = next((one for one in reversed(kept) if not needed or _stands(one, theirs_by)), None)
    if stored is not None and stored.text:
        made = Translated(stored.text, stored.translated_by, stored.confidence)
    elif stored is None and needed:
        made = theirs_by or await put(app, text, language, goes_in)
    if made is not None:
        looked = await look_over(app, text, language, made, goes_in)
    if stored is None:
        id_ = once or app.new_id()
        who = Correspondent(
            goes_to.id, person, goes_to.channel, goes_to.address, None, goes_in, row.respondent, row.school
        )
        block = looked.block if made is not None and made.origin != PERSON else None
        letter = outgoing(id_, who, made.text if made else "", now=now, purpose=STAFF, language=goes_in) | {
            "state": "draft", "due_at": None, "original": text, "original_language": language, "written_by": by[:200],
            "translated_by": made.origin if made else None, "confidence": looked.confidence,
            "code": BLOCKED if block else None, "reason": block[:200] if block else None,
        }  # fmt: skip
        async with app.database.begin() as db:
            await forget(db, theirs.ids, now)
            # A second click may have made it in this very moment.
            upsert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
            await db.execute(upsert(messages).values(letter).on_conflict_do_nothing())
            stored = (await db.execute(select(messages).where(messages.c.id == id_))).one()
        if stored.address_id not in theirs.ids or stored.purpose != STAFF:
            raise Refused("This form is of another conversation. Open the conversation again.")
        if stored.state != "draft":
            raise LookupError("This draft has just been sent.")
    return _described(app, person, stored, goes_to.channel, due, looked, _notes(row, heard, goes_in))


def _described(
    app: App,
    person: UUID,
    stored: Row[*tuple[Any, ...]],
    channel: str,
    due: datetime | None,
    looked: Looked,
    notes: list[str],
) -> Draft:
    made, plain = letters(app, stored, channel)
    if due is None:
        notes.append("Their school opens on no day of the next two months: it can only be sent at once.")
    why = refusal(app, stored)
    machine = made is not None and stored.translated_by != PERSON
    if made is not None and machine and not made.original:
        notes.append(
            f"It is long: they get the translation only, not your words. {wording.MOST_PARTS} parts hold both."
        )
    return Draft(
        id=stored.id,
        digest=digest(stored.id),
        person=person,
        written=stored.original,
        written_in=stored.original_language,
        language=stored.language,
        text=stored.text or None,
        origin=stored.translated_by,
        confidence=stored.confidence,
        sure=word(stored.translated_by, stored.confidence) if stored.text else None,
        back=looked.back,
        findings=looked.findings,
        translated=made,
        as_written=plain,
        refusals={"translated": why} if why is not None else {},
        channel=channel,
        due=due,
        notes=tuple(notes),
        closed=closed(app, stored),
    )


async def target(db: AsyncConnection, person: UUID) -> str:
    """The language into which a reply to somebody is put. Raises LookupError."""
    row = await _person(db, person)
    return _speaks(row, await heard_last(db, await ways(db, person)))


async def _person(db: AsyncConnection, person: UUID) -> Row[*tuple[Any, ...]]:
    found = (await db.execute(select(people).where(people.c.id == person))).first()
    if found is None:
        raise LookupError("There is nobody with this id.")
    return found


def _clean(text: str) -> str:
    text = "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
    if not text:
        raise Refused("There is nothing to send: write something.")
    if len(text) > wording.LONGEST:
        raise Refused(
            f"It has {len(text):,} characters, and may have {wording.LONGEST:,}. Say it in two messages."
        )
    if not all(char.isprintable() or char in SILENT for char in text):
        raise Refused("It has characters that no phone shows. Type it again instead of pasting it.")
    return text


def _speaks(row: Row[*tuple[Any, ...]], heard: Row[*tuple[Any, ...]] | None) -> str:
    """Their language; of whoever has never told us, the one they last wrote in."""
    if row.language_by == "guess" and heard is not None and heard.language and tag_is_valid(heard.language):
        return str(heard.language) if heard.language != "und" else str(row.language)
    return str(row.language)


def _is(one: Row[*tuple[Any, ...]], text: str, language: str, target: str) -> bool:
    return (one.original, one.original_language, one.language) == (text, language, target)


def _stands(one: Row[*tuple[Any, ...]], by_person: Translated | None) -> bool:
    """Whether the translation of a draft is still the best there is: people's words, as they are now, before a machine's."""
    if by_person is not None:
        return bool(one.translated_by == PERSON and one.text == by_person.text)
    return bool(one.text and one.translated_by != PERSON)


def _notes(row: Row[*tuple[Any, ...]], heard: Row[*tuple[Any, ...]] | None, target: str) -> list[str]:
    if heard is not None and heard.language not in (None, "und") and not same(heard.language, target):
        wrote, goes = (Language.get(tag).display_name("en") for tag in (heard.language, target))
        return [f"They last wrote in {wrote}; this goes in {goes}."]
    return []


__all__ = ["Draft", "How", "Letter", "Refused", "draft", "target"]
