"""A thread: all that one person and we have written, over all their addresses, each message in both languages.

The words as they came or went are always there; a translation stands beside them and says who made it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..interpreting import needs_translation
from ..store.tables import answers, campaigns, conversations, messages, surveys
from .people import Head, Ways, head, ways
from .sureness import Sure, same, word
from .understood import Understood, understood
from .waiting import ANSWERED, WAITING

MOST = 200
"""So many messages are shown at once, the newest."""
NOT_OURS = ("alert", "test")
"""What goes to staff's own phones is no part of a thread."""
OF_SURVEYS = ("heard", "reply", "reminder")
"""Purposes of messages that may hold what somebody answered."""

Note = Literal["", "not translated yet", "anonymous"]


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message.

    ``text`` is what came or went, word for word, in ``language`` (None: nobody has looked yet). ``other`` is the same in
    ``other_language``: a translation for the reader, or what staff wrote before it was translated; ``translated_by``
    (person, machine:<engine>), ``confidence`` and ``sure`` are about whichever of the two is the translation;
    ``translation`` is its entry in the memory, where somebody can correct it. ``note``
    says why there is none: it has ``not been translated yet``; or the words are of an ``anonymous`` survey and hidden.
    ``state``: of what was heard heard, waiting, answered; of ours queued, sending, sent, delivered, read, failed, held,
    uncertain, cancelled, with the ``reason``. ``survey`` and ``campaign`` are the keys of what it belongs to; ``answers``
    says that a survey took it for an answer.
    """

    id: UUID
    direction: Literal["in", "out"]
    at: datetime
    channel: str
    purpose: str
    text: str
    language: str | None
    other: str | None
    other_language: str | None
    translated_by: str | None
    confidence: float | None
    sure: Sure | None
    translation: UUID | None
    note: Note
    state: str
    reason: str | None
    written_by: str | None
    media: tuple[tuple[str, str], ...]
    sent: datetime | None = None
    due: datetime | None = None
    survey: str | None = None
    campaign: str | None = None
    answers: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """One person's messages, the oldest first. ``earlier`` is where to go on reading backwards; None at the beginning."""

    head: Head
    bubbles: tuple[Bubble, ...]
    waiting: int
    earlier: UUID | None


async def thread(
    db: AsyncConnection,
    person: UUID,
    reader: str = "en",
    *,
    number: bool = False,
    household: bool = False,
    before: UUID | None = None,
    most: int = MOST,
) -> Thread:
    """The newest ``most`` messages from and to this person (``before`` one of them: those that came earlier).

    ``reader`` is the language of whoever reads. No ``number`` is in it unless it is asked for. Raises LookupError.
    """
    who = await head(db, person, number=number, household=household)
    mine = await ways(db, person)
    wanted = (
        select(
            messages,
            surveys.c.anonymous,
            surveys.c.key.label("survey"),
            campaigns.c.key.label("campaign"),
        )
        .outerjoin(conversations, conversations.c.id == messages.c.conversation_id)
        .outerjoin(surveys, surveys.c.id == conversations.c.survey_id)
        .outerjoin(campaigns, campaigns.c.id == messages.c.campaign_id)
        .where(
            mine.their_own,
            messages.c.state != "draft",
            messages.c.purpose.not_in(NOT_OURS),
        )
        .order_by(messages.c.id.desc())
        .limit(most + 1)
    )
    rows = (
        (await db.execute(wanted.where(messages.c.id < before) if before else wanted)).all()
        if mine.all
        else []
    )
    shown = rows[:most]
    said = [(row.text, row.language) for row in shown if row.original is None and not _hidden(row)]
    known = await understood(db, said, reader)
    given = await _answers(db, person, [row.id for row in shown if row.direction == "in"])
    # A reply has the id of its draft, and may have been sent a while after that was made.
    bubbles = sorted(
        (_bubble(row, known, reader, row.id in given) for row in shown), key=lambda one: (one.at, one.id)
    )
    return Thread(
        who,
        tuple(bubbles),
        sum(one.state == WAITING for one in bubbles),
        shown[-1].id if len(rows) > most else None,
    )


async def heard_last(db: AsyncConnection, mine: Ways) -> Row[*tuple[Any, ...]] | None:
    """The last message that came from one of these addresses."""
    wanted = (
        select(messages.c.id, messages.c.address_id, messages.c.language, messages.c.created_at)
        .where(mine.their_own, messages.c.direction == "in")
        .order_by(messages.c.id.desc())
        .limit(1)
    )
    return (await db.execute(wanted)).first() if mine.all else None


async def _answers(db: AsyncConnection, person: UUID, heard: Sequence[UUID]) -> set[UUID]:
    """Which of these a survey took for an answer."""
    if not heard:
        return set()
    wanted = select(answers.c.message_id).where(
        answers.c.person_id == person, answers.c.message_id.in_(heard), answers.c.understood
    )
    return set((await db.execute(wanted)).scalars())


def _hidden(row: Row[Any]) -> bool:
    """Whether these are words of an anonymous survey: its people were promised that nobody reads them under a name."""
    for_a_person = row.state in (WAITING, ANSWERED)
    return bool(row.anonymous) and row.purpose in OF_SURVEYS and not for_a_person


def _bubble(row: Row[Any], known: dict[str, Understood], reader: str, answers: bool) -> Bubble:
    other, language, by, confidence = row.original, row.original_language, row.translated_by, row.confidence
    note: Note = ""
    entry: UUID | None = None
    if _hidden(row):
        note = "anonymous"
    elif other is None and not same(row.language, reader):
        found = known.get(row.text)
        if found is not None:
            other, language, by, confidence = found.text, reader, found.origin, found.confidence
            entry = found.id
        elif row.direction == "in" and needs_translation(row.text, row.language):
            note = "not translated yet"
    return Bubble(
        id=row.id,
        direction=row.direction,
        at=row.created_at,
        channel=row.channel,
        purpose=row.purpose,
        text="" if note == "anonymous" else row.text,
        language=row.language,
        other=other,
        other_language=language if other is not None else None,
        translated_by=by if other is not None else None,
        confidence=confidence if other is not None else None,
        sure=word(by, confidence) if other is not None else None,
        translation=entry,
        note=note,
        state=row.state,
        reason=row.reason if row.direction == "out" else None,
        written_by=row.written_by,
        media=() if note == "anonymous" else tuple((url, kind) for url, kind in row.media or ()),
        sent=row.sent_at,
        due=row.due_at if row.direction == "out" else None,
        survey=row.survey,
        campaign=row.campaign,
        answers=answers,
    )
