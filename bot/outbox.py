"""Sends what is queued. Claim, commit, send, record: no transaction spans the network."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from channels.base import Channel, Option, Outgoing, SendFailed, Sent

from .clock import Clock
from .ids import NewId
from .store import queue
from .store.database import Database
from .store.queue import Claimed, Record
from .store.suppression import suppress

log = structlog.get_logger(__name__)

BACKOFF = (10, 30, 120, 600, 1800)
"""Seconds before each further try of a message the provider surely did not take; after the last it has failed."""
PAUSE = timedelta(minutes=5)
"""How long a channel rests when our own account or sender is at fault."""
IDLE = 1.0
"""Seconds between looks when nothing wakes us."""


class Outbox:
    """Sends one channel's messages, a few at a time, for as long as ``run`` is not cancelled."""

    def __init__(
        self, database: Database, channel: Channel, clock: Clock, new_id: NewId, lease: timedelta
    ) -> None:
        self.channel = channel
        self._database = database
        self._clock = clock
        self._new_id = new_id
        self._lease = lease
        self._token = new_id()
        self._rest_until: datetime | None = None
        self._under_way: dict[asyncio.Task[Record], Claimed] = {}
        self._returned: list[tuple[Claimed, Record]] = []  # not recorded yet

    async def run(self) -> None:
        """Send whatever becomes due, for ever. When cancelled, what is under way is finished and recorded."""
        with self._database.wake.waiter() as woken:
            try:
                while True:
                    woken.clear()
                    turn = asyncio.ensure_future(self._turn())
                    try:
                        await asyncio.shield(turn)
                    except asyncio.CancelledError:  # what has been claimed by now must not be left lying
                        await asyncio.gather(turn, return_exceptions=True)
                        raise
                    except Exception as error:
                        # The database may be away for a while; what was sent is recorded when it is back. Its own
                        # words may hold an address: only the kind of error is told.
                        log.error("outbox turn failed", channel=self.channel.name, error=type(error).__name__)
                        await self._one_by_one()
                        await asyncio.sleep(IDLE)
                    await self._pause(woken)
            finally:
                await asyncio.shield(self._finish())

    async def drain(self) -> int:
        """Send everything that is due now; return how many sends were tried."""
        tried = 0
        while True:
            tried += await self._turn()
            if not self._under_way and not self._returned:
                return tried
            if self._under_way:
                await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)

    async def _pause(self, woken: asyncio.Event) -> None:
        """Until a send returns, or new rows are due, or a second has passed."""
        flag = asyncio.create_task(woken.wait())
        await asyncio.wait({flag, *self._under_way}, timeout=IDLE, return_when=asyncio.FIRST_COMPLETED)
        flag.cancel()

    async def _turn(self) -> int:
        """Record what has come back, claim as many as there is room for, and send those. Returns how many."""
        await asyncio.sleep(0)  # let all that is ready come in: one commit for all of it
        for task in [task for task in self._under_way if task.done()]:
            self._returned.append((self._under_way.pop(task), task.result()))
        now = self._clock()
        resting = self._rest_until is not None and now < self._rest_until
        room = 0 if resting else self.channel.in_flight - len(self._under_way)
        claimed: Sequence[Claimed] = ()
        async with self._database.begin() as db:
            await self._record(db, self._returned, now)
            if room:
                claimed = await queue.claim(db, self.channel.name, room, self._token, now, now + self._lease)
        self._returned.clear()  # only now: a failed commit must not lose what is known of them
        # Shorter than the lease: when that runs out, nothing of this worker can still be on its way.
        until = now + self._lease * 0.8
        for row in claimed:
            self._under_way[asyncio.create_task(self._send(row, until))] = row
        return len(claimed)

    async def _one_by_one(self) -> None:
        """One result that cannot be recorded must not keep the others from it; it becomes uncertain in time."""
        for entry in list(self._returned):
            try:
                async with self._database.begin() as db:
                    await self._record(db, [entry], self._clock())
            except IntegrityError as error:
                log.error("result not recorded", message=str(entry[0].id), error=type(error).__name__)
            except Exception:
                return  # the database is away: all of it waits
            self._returned.remove(entry)

    async def _record(self, db: AsyncConnection, done: list[tuple[Claimed, Record]], now: datetime) -> None:
        for row, result in done:
            if result["then"] in ("stop", "dead"):
                await suppress(db, row.address_id, result["then"], now, self._new_id)
        await queue.settle(db, self._token, [{k: v for k, v in r.items() if k != "then"} for _, r in done])

    async def _finish(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way)
        self._returned += [(row, task.result()) for task, row in self._under_way.items()]
        self._under_way.clear()
        async with self._database.begin() as db:
            await self._record(db, self._returned, self._clock())
        self._returned.clear()

    async def _send(self, row: Claimed, until: datetime) -> Record:
        outgoing = Outgoing(
            id=str(row.id),
            to=row.address,
            text=row.text,
            language=row.language or "en",
            options=tuple(Option(payload, label) for payload, label in row.options or ()),
        )
        left = (until - self._clock()).total_seconds()
        if left <= 0:  # the process stood still since the claim; by now another may look after this message
            return self._failed(row, SendFailed("not begun in time", "retry", after=timedelta()))
        try:
            async with asyncio.timeout(left):
                sent = await self.channel.send(outgoing)
        except SendFailed as failed:
            return self._failed(row, failed)
        except TimeoutError:
            return self._failed(row, SendFailed("no answer in time", "unknown"))
        except Exception as error:  # a defect in a channel: whether it was sent is not known
            log.error(
                "send raised", channel=self.channel.name, message=str(row.id), error=type(error).__name__
            )
            return self._failed(row, SendFailed("unexpected error", "unknown"))
        return self._result(row, "sent", sent=sent)

    def _failed(self, row: Claimed, failed: SendFailed) -> Record:
        now = self._clock()
        log.info(
            "not sent",
            channel=self.channel.name,
            message=str(row.id),
            then=failed.then,
            code=failed.code,
            reason=failed.reason,
        )
        if failed.then == "unknown":
            return self._result(row, "uncertain", failed, due_at=now + self._lease)
        if failed.then == "halt":
            self._rest_until = now + PAUSE
            log.error("channel rests", channel=self.channel.name, reason=failed.reason, code=failed.code)
            return self._result(row, "queued", failed, due_at=now + PAUSE)
        if failed.then == "retry" and row.attempts <= len(BACKOFF):
            after = failed.after or timedelta(seconds=BACKOFF[row.attempts - 1])
            return self._result(row, "queued", failed, due_at=now + after)
        return self._result(row, "failed", failed)

    def _result(
        self,
        row: Claimed,
        state: str,
        failed: SendFailed | None = None,
        *,
        sent: Sent | None = None,
        due_at: datetime | None = None,
    ) -> Record:
        return {
            "_id": row.id,
            "state": state,
            "provider_id": sent.provider_id if sent else None,
            "sent_at": self._clock() if sent else None,
            "due_at": due_at,
            "code": failed.code if failed else None,
            "reason": failed.reason if failed else None,
            "then": failed.then if failed else None,
        }
