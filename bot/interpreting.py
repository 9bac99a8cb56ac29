"""Makes what people say readable to staff: which language it is in, and a translation beside it. In the background, in
batches; each text is sent to a translator once, whoever says it and however often. Nothing waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy import Row, bindparam, literal_column, select, update

from analysis import language, sentiment
from survey_flows import phrases, words

from .clock import Clock
from .shelf import Shelf
from .store import memory
from .store.database import Database
from .store.memory import digest
from .store.tables import addresses, conversations, messages, people
from .translation import Failed, Translated, Translator

log = structlog.get_logger(__name__)

BATCH = 32
LEASE = timedelta(minutes=15)
"""A translator that takes longer has died: its texts are due again. Several engines in a row may each take minutes."""
HELD = timedelta(minutes=2)
"""Texts whose turn comes later than this are held anew, so that nobody else asks for them too."""
LATER = timedelta(minutes=10)
"""When to ask again, at first; each time twice as long."""
MENDED = timedelta(hours=1)
"""So long at most after a translator has failed: it is mended some day."""
LONGEST = timedelta(days=30)
"""So long at most where none has anything. It is never given up: an engine that knows the language may be set up later."""
ENGLISH = "en"
LOOK = 64

Sure = Callable[[Sequence[tuple[str, str]], str, str], Sequence[float]]
"""(text, translation) pairs, source and target to how sure each translation is, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What staff can read: replies in other languages are translated into each of ``targets`` (BCP 47)."""

    targets: tuple[str, ...] = (ENGLISH,)

    @classmethod
    def of(cls, written: str) -> Wishes:
        """As a person writes it: "en, es". English is always there, for the findings."""
        return cls(tuple(dict.fromkeys((ENGLISH, *filter(None, map(str.strip, written.split(",")))))))

    def rows(self, said: Sequence[tuple[str, str]], now: datetime) -> list[dict[str, Any]]:
        """Rows for the memory for (words, language) pairs, as far as a translation is of use. Their ids are random, and
        they have the day in place of the moment: either would say whose words they are, where these are anonymous."""
        day = _day(now)
        wanted = {
            (digest(text), source, target): text
            for text, source in said
            for target in self.targets
            if _base(source) != _base(target) and needs_translation(text, source)
        }
        return [
            {
                "id": uuid4(), "digest": key, "source": source, "target": target, "source_text": text,
                "due_at": day, "created_at": day,
            }
            for (key, source, target), text in wanted.items()
        ]  # fmt: skip


def needs_translation(text: str, tag: str | None) -> bool:
    """Whether a translation of what somebody said would tell anybody anything: not of a number, a sign, a word that always
    works, or where nobody can tell the language. (``None``: nobody has looked yet.)

    >>> needs_translation("bis la an reta", "ht"), needs_translation("2", "ht"), needs_translation("STOP", "ht")
    (True, False, False)
    """
    return tag != language.UNKNOWN and bool(language.clean(text)) and words.read(text, tag or ENGLISH) is None


class Interpreter:
    """Looks after all that was heard. Any number of processes may do it at once."""

    def __init__(
        self,
        database: Database,
        shelf: Shelf,
        translator: Translator | None,
        clock: Clock,
        wishes: Wishes = Wishes(),
        sure: Sure | None = None,
    ) -> None:
        self.wishes = wishes
        self._database = database
        self._shelf = shelf
        self._translator = translator
        self._clock = clock
        self._sure = sure

    async def read(self) -> int:
        """Tell the language of one batch of messages that nobody has looked at; return how many that were."""
        async with self._database.read() as db:
            due = (await db.execute(UNREAD)).all()
            surveys = {row.survey_id for row in due if row.survey_id is not None}
            spoken = {id_: (await self._shelf.get(db, id_)).languages for id_ in surveys}
        if not due:
            return 0
        told = await asyncio.to_thread(_tell, due, spoken)
        now = self._clock()
        said = [(row.text, tag) for row, tag in zip(due, told, strict=True)]
        async with self._database.begin() as db:
            await db.execute(
                _LANGUAGE, [{"_id": row.id, "tag": tag} for row, tag in zip(due, told, strict=True)]
            )
            await memory.want(db, self.wishes.rows(said, now))
        return len(due)

    async def translate(self) -> int:
        """Ask for the translations of one batch of texts; return how many texts it held."""
        if self._translator is None:
            return 0
        now = self._clock()
        async with self._database.begin() as db:
            due = await memory.claim(db, BATCH, now, now + LEASE)
        pairs = sorted(due, key=_pair)
        for (source, target), group in groupby(pairs, key=_pair):
            if rows := await self._held(list(group), now + LEASE):
                await self._translate(self._translator, source, target, rows)
        return len(due)

    async def _held(self, rows: list[Row[Any]], until: datetime) -> list[Row[Any]]:
        """Those that are still ours when their turn comes: translators before may have taken long."""
        now = self._clock()
        if now <= until - LEASE + HELD:
            return rows
        async with self._database.begin() as db:
            mine = await memory.renew(db, [row.id for row in rows], until, now + LEASE)
        return [row for row in rows if row.id in mine]

    async def _translate(
        self, translator: Translator, source: str, target: str, rows: Sequence[Row[Any]]
    ) -> None:
        results, longest = await _asked(translator, [row.source_text for row in rows], source, target)
        found = [(row, result) for row, result in zip(rows, results, strict=True) if result is not None]
        sure = await asyncio.to_thread(self._confidence, found, source, target)
        none = [row for row, result in zip(rows, results, strict=True) if result is None]
        now = self._clock()
        done = [
            {
                "_id": row.id, "text": result.text, "origin": result.origin, "confidence": one, "at": _day(now),
                "polarity": sentiment.polarity(result.text) if target == ENGLISH else None,
            }
            for (row, result), one in zip(found, sure, strict=True)
        ]  # fmt: skip
        async with self._database.begin() as db:
            await memory.done(db, done)
            await memory.later(db, {row.id: now + _wait(row.attempts, longest) for row in none})

    def _confidence(
        self, found: Sequence[tuple[Row[Any], Translated]], source: str, target: str
    ) -> Sequence[float | None]:
        given = [result.confidence for _, result in found]
        machine = [
            at for at, (_, result) in enumerate(found) if given[at] is None and result.origin != "person"
        ]
        if self._sure is None or not machine:
            return given
        try:
            judged = self._sure(
                [(found[at][0].source_text, found[at][1].text) for at in machine], source, target
            )
        except Exception as error:  # a translation of unknown worth is better than none
            log.error("translations could not be judged", error=type(error).__name__)
            return given
        for at, one in zip(machine, judged, strict=True):
            given[at] = float(one)
        return given


async def _asked(
    translator: Translator, texts: Sequence[str], source: str, target: str
) -> tuple[Sequence[Translated | None], timedelta]:
    """One result for each text, and how long at most those without one wait. One text on which the translator breaks must
    not keep the others waiting."""
    try:
        return await translator.translate(texts, source, target), LONGEST
    except Failed as failed:
        log.warning("not translated yet", source=source, target=target, texts=len(texts), why=str(failed))
        return failed.found or [None] * len(texts), MENDED
    except Exception as error:  # its own words may be somebody's
        log.error("a translator broke", source=source, target=target, error=type(error).__name__)
    if len(texts) == 1:
        return [None], LONGEST
    alone = [await _asked(translator, [text], source, target) for text in texts]
    return [found[0] for found, _ in alone], min(wait for _, wait in alone)


def _day(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def _wait(attempts: int, longest: timedelta) -> timedelta:
    return min(LATER * (1 << min(max(0, attempts - 1), 20)), longest)


def _pair(row: Row[Any]) -> tuple[str, str]:
    return row.source, row.target


def _base(tag: str) -> str:
    return tag.partition("-")[0].lower()


_LANGUAGE = update(messages).where(messages.c.id == bindparam("_id")).values(language=bindparam("tag"))


# The literal is in the words of the index ``messages_unread``.
UNREAD = (
    select(messages.c.id, messages.c.text, people.c.language.label("declared"), conversations.c.survey_id)
    .join(addresses, addresses.c.id == messages.c.address_id)
    .join(people, people.c.id == addresses.c.person_id)
    .outerjoin(conversations, conversations.c.id == messages.c.conversation_id)
    .where(messages.c.direction == literal_column("'in'"), messages.c.language.is_(None))
    .order_by(messages.c.id.desc())
    .limit(LOOK)
)
"""Messages that were heard and whose language nobody has told, the newest first: staff read these now."""


def _tell(due: Sequence[Row[*tuple[Any, ...]]], spoken: Mapping[UUID, Sequence[str]]) -> list[str]:
    told = []
    for row in due:
        among = spoken.get(row.survey_id, ())
        among = among if len(among) > 1 else phrases.LANGUAGES
        told.append(_language(row.text, among, row.declared))
    return told


def _language(text: str, among: Sequence[str], declared: str) -> str:
    try:
        return language.identify(text, among, declared).language
    except Exception as error:  # one message must not keep all others from being read
        log.error("the language of a message could not be told", error=type(error).__name__)
        return language.UNKNOWN
