"""Takes in what was heard. One transaction holds a message, its answer and its reply; only then is it acknowledged.

Messages that arrive while a transaction is under way share the next one (group commit), so that many families
answering at once wait for few commits. Should a shared transaction fail, each of its messages gets one of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import stamina
import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection

from channels.base import Receipt, Received
from survey_flows import Survey
from survey_flows.dispositions import OPEN

from . import receipts
from .clock import Clock
from .dialogue.waiting import A_WHILE, WAITING, waits
from .listening import Desk, Turn, keyword, rescue, understand
from .shelf import Shelf
from .store import inbound
from .store.database import Database
from .store.saving import save
from .store.suppression import stop_elsewhere

log = structlog.get_logger(__name__)

TOGETHER = 64
"""How many events share a transaction at most."""
AWAY = (DBAPIError, PoolTimeout, OSError)
"""What a database that restarts, or a deadlock, looks like."""
PATIENCE = 8.0
"""Seconds to wait for it. Providers give up after 10 to 15, and Twilio repeats a failed call only where it is told to."""


async def receive(
    db: AsyncConnection, shelf: Shelf, desk: Desk, heard: Sequence[Received], now: datetime
) -> list[str]:
    """Store these messages and all that follows from them; return in a word what became of each.

    ``duplicate`` is a message that the store already has: it changes nothing and is answered by nothing. The caller
    owns the transaction.
    """
    await desk.phrasebook.current(db, now)
    newcomers = {(m.channel, m.sender): _assumed(m) for m in heard}
    people = await inbound.correspondents(db, newcomers, now, desk.new_id, desk.seal)
    known = await inbound.already_heard(db, {(m.channel, m.provider_id) for m in heard})
    if desk.join:
        recent = now - desk.join * 4
        spoke = [who.conversation for who in people.values() if who.conversation]
        await inbound.pending(db, [c for c in spoke if c.heard_at is not None and c.heard_at >= recent])
    keywords = await _keywords(db, shelf, heard, people)
    written_to = await inbound.after_campaign(db, _asked_long_ago(people.values(), now))
    changes, outcomes, full = inbound.Changes(), [], _Quotas(db)
    for message in heard:
        if (message.channel, message.provider_id) in known:
            outcomes.append("duplicate")
            continue
        known.add((message.channel, message.provider_id))
        who, message_id = people[message.channel, message.sender], desk.new_id()
        row = _row(message, who, message_id, now)
        changes.messages.append(row)
        follows, anonymous = inbound.Changes(), False
        before = who.conversation.state if who.conversation else None
        try:
            survey = await shelf.get(db, who.conversation.survey_id) if who.conversation else None
            anonymous = survey is not None and survey.anonymous
            paused = await shelf.get(db, who.paused.survey_id) if who.paused else None
            filled = await full.of(survey)
            outcomes.append(
                understand(
                    Turn(message, message_id, who, survey, follows, desk, now, keywords, filled, paused)
                )
            )
        except AWAY:
            raise
        except (
            Exception
        ) as error:  # a defect of ours costs nobody their words: they are kept, for people to read
            log.error("message kept but not understood", message=str(message_id), error=type(error).__name__)
            follows, outcome = rescue(Turn(message, message_id, who, None, follows, desk, now))
            changes.add(follows)
            outcomes.append(outcome)
        else:
            for quota in follows.quotas:
                quota["survey"] = survey.key if survey else ""
            changes.add(follows)
            full.count(survey, follows)
        wordy = any(said["kind"] == "open" or not said["understood"] for said in follows.answers)
        elsewhere = who.address_id in written_to and (wordy or outcomes[-1] == "again")
        if waits(outcomes[-1], message, who.language, before, anonymous=anonymous, after_campaign=elsewhere):
            row["state"] = WAITING
    await save(db, changes, now, desk.new_id)
    for who in people.values():
        if who.person_id in changes.silenced:
            await stop_elsewhere(db, who.address_id, now, desk.new_id)
    return outcomes


def _asked_long_ago(people: Iterable[inbound.Correspondent], now: datetime) -> list[UUID]:
    """Addresses where a question has waited for a while: others are answering it just now, and need no look."""
    return [
        who.address_id
        for who in people
        if who.conversation is not None
        and who.conversation.state in OPEN
        and (who.conversation.heard_at is None or who.conversation.heard_at <= now - A_WHILE)
    ]


class _Quotas:
    """Which quotas are full, looked up once for each survey, and what this transaction adds to them."""

    def __init__(self, db: AsyncConnection) -> None:
        self._db = db
        self._counts: dict[str, dict[str, int]] = {}
        self._added: set[tuple[UUID, str]] = set()

    async def of(self, survey: Survey | None) -> set[str]:
        if survey is None or not survey.quotas:
            return set()
        if survey.key not in self._counts:
            self._counts[survey.key] = await inbound.fills(self._db, survey.key)
        counts = self._counts[survey.key]
        return {quota for quota, most in survey.quotas.items() if counts.get(quota, 0) >= most}

    def count(self, survey: Survey | None, changes: inbound.Changes) -> None:
        for row in changes.quotas:
            one = row["conversation_id"], row["quota"]
            counts = self._counts.get(survey.key if survey else "")
            if counts is not None and one not in self._added:
                self._added.add(one)
                counts[row["quota"]] = counts.get(row["quota"], 0) + 1


async def _keywords(
    db: AsyncConnection,
    shelf: Shelf,
    heard: Sequence[Received],
    people: Mapping[tuple[str, str], inbound.Correspondent],
) -> dict[str, tuple[UUID, Survey]]:
    """The surveys that these messages may start, by keyword."""
    wanted = set()
    for message in heard:
        who = people[message.channel, message.sender]
        waits = who.conversation is not None and who.conversation.state in OPEN
        if message.choice is None and (word := keyword(message.text, who.language, alone=not waits)):
            wanted.add(word)
    found = await inbound.surveys_of(db, wanted)
    surveys = {}
    for word, survey_id in found.items():
        try:
            surveys[word] = survey_id, await shelf.get(db, survey_id)
        except AWAY:
            raise
        except Exception as error:  # published long ago, and not to be read any more: the message is kept
            log.error("survey of a keyword not read", survey=str(survey_id), error=type(error).__name__)
    return surveys


def _assumed(message: Received) -> dict[str, Any]:
    return {
        "respondent": "student" if message.channel == "telegram" else "family",
        "language": message.language or "en",
    }


def _row(message: Received, who: inbound.Correspondent, id_: Any, now: datetime) -> dict[str, Any]:
    return {
        "id": id_,
        "direction": "in",
        "channel": message.channel,
        "address_id": who.address_id,
        "address": message.sender,
        "conversation_id": who.conversation.id if who.conversation else None,
        "answers_to": None,
        "purpose": "heard",
        "text": message.text,
        "language": None,
        "options": None,
        "media": [[m.url, m.type] for m in message.media] or None,
        "provider_id": message.provider_id,
        "state": "heard",
        "priority": 0,
        "due_at": None,
        "attempts": 0,
        "created_at": now,
    }


class Inbox:
    """The door through which every webhook and poller passes what it heard."""

    def __init__(self, database: Database, shelf: Shelf, desk: Desk, clock: Clock) -> None:
        self._database = database
        self._shelf = shelf
        self._desk = desk
        self._clock = clock
        self._waiting: list[tuple[Received | Receipt, asyncio.Future[str]]] = []
        self._worker: asyncio.Task[None] | None = None

    async def hear(self, events: Sequence[Received | Receipt]) -> list[str]:
        """Return once all of these are committed; raises what the store raised, and then nothing of them is stored."""
        loop = asyncio.get_running_loop()
        futures = [loop.create_future() for _ in events]
        self._waiting.extend(zip(events, futures, strict=True))
        if self._waiting and (self._worker is None or self._worker.done()):
            self._worker = loop.create_task(self._drain())
        return [await asyncio.shield(future) for future in futures]

    async def _drain(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
            await self._commit(batch)

    async def _commit(self, batch: list[tuple[Received | Receipt, asyncio.Future[str]]]) -> None:
        try:
            # A deadlock or a database that restarts is no reason to turn a family away.
            async for attempt in stamina.retry_context(
                on=AWAY, attempts=1 if len(batch) > 1 else 20, timeout=PATIENCE, wait_max=1.0
            ):
                with attempt:
                    outcomes = await self._store([event for event, _ in batch])
        except Exception as error:  # whatever it is, it reaches the caller of the message it belongs to
            if len(batch) > 1:
                log.warning("shared transaction failed; trying one by one", messages=len(batch))
                for alone in batch:
                    await self._commit([alone])
            elif not batch[0][1].done():
                batch[0][1].set_exception(error)
            return
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if not future.done():
                future.set_result(outcome)

    async def _store(self, events: list[Received | Receipt]) -> list[str]:
        now, outcomes = self._clock(), dict.fromkeys(range(len(events)), "")
        heard = [(i, e) for i, e in enumerate(events) if isinstance(e, Received)]
        reports = [(i, e) for i, e in enumerate(events) if isinstance(e, Receipt)]
        async with self._database.begin() as db:
            if heard:
                said = await receive(db, self._shelf, self._desk, [e for _, e in heard], now)
                outcomes |= dict(zip((i for i, _ in heard), said, strict=True))
                await self._database.rouse(db)
            if reports:
                said = await receipts.settle(db, [e for _, e in reports], now, self._desk.new_id)
                outcomes |= dict(zip((i for i, _ in reports), said, strict=True))
        return [outcomes[i] for i in range(len(events))]

    async def close(self) -> None:
        """Wait for what is under way."""
        if self._worker is not None:
            await asyncio.gather(self._worker, return_exceptions=True)
