"""Sends what is queued. Claim, commit, look, send, record: no transaction spans the network."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from channels.base import Channel

from .clock import Clock
from .ids import NewId
from .sends import Outcome, back, cancelled, send
from .store import pacing, queue
from .store.database import Database
from .store.line import Line
from .store.pacing import FREELY, Pace
from .store.queue import Claimed
from .store.suppression import suppress

log = structlog.get_logger(__name__)

IDLE = 1.0
"""Seconds between looks when nothing wakes us."""


class Outbox:
    """Sends one channel's messages, a few at a time, for as long as ``run`` is not cancelled.

    ``pace`` is how fast the channel's sender may send, over all the workers there are.
    """

    def __init__(
        self,
        database: Database,
        channel: Channel,
        clock: Clock,
        new_id: NewId,
        lease: timedelta,
        pace: Pace = FREELY,
    ) -> None:
        self.channel = channel
        self.pace = pace
        self._database = database
        self._line = Line(database)
        self._clock = clock
        self._new_id = new_id
        self._lease = lease
        self._token = new_id()
        self._not_before: datetime | None = None  # the sender rests, or has no tokens
        self._under_way: set[asyncio.Task[Outcome]] = set()
        self._returned: list[Outcome] = []  # not recorded yet

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
        """Send everything that is due now, as far as the pace allows; return how many sends were tried."""
        tried = 0
        try:
            while True:
                tried += await self._turn()
                if not self._under_way and not self._returned:
                    return tried
                if self._under_way:
                    await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await self._line.close()

    async def _pause(self, woken: asyncio.Event) -> None:
        """Until a send returns, or new rows are due, or there are tokens again, or a second has passed."""
        if self._returned:
            return
        seconds = IDLE
        if self._not_before is not None and (left := (self._not_before - self._clock()).total_seconds()) > 0:
            seconds = min(IDLE, left)
            if not self._under_way:  # new rows change nothing before that
                await asyncio.sleep(seconds)
                return
        flag = asyncio.create_task(woken.wait())
        await asyncio.wait({flag, *self._under_way}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        flag.cancel()

    async def _turn(self) -> int:
        """Record what has come back, claim as many as there is room for, and send those. Returns how many."""
        await asyncio.sleep(0)  # let all that is ready come in: one commit for all of it
        for task in [task for task in self._under_way if task.done()]:
            self._under_way.remove(task)
            self._returned.append(task.result())
        now = self._clock()
        for each in self._returned:
            if each.rest_until is not None:
                self._not_before = max(each.rest_until, self._not_before or now)
        waits = self._not_before is not None and now < self._not_before
        room = 0 if waits else self.channel.in_flight - len(self._under_way)
        if not room and not self._returned:
            return 0
        async with self._line.begin() as db:
            await self._record(db, self._returned, now)
            claimed = await self._claim(db, room, now) if room else ()
        self._returned.clear()  # only now: a failed commit must not lose what is known of them
        wanted = await self._still_wanted(claimed) if claimed else ()
        # Shorter than the lease: when that runs out, nothing of this worker can still be on its way.
        until = now + self._lease * 0.8
        for row in wanted:
            sending = send(self.channel, row, until, self._clock, self._lease)
            self._under_way.add(asyncio.create_task(sending))
        return len(wanted)

    async def _claim(self, db: AsyncConnection, room: int, now: datetime) -> Sequence[Claimed]:
        limited = self.pace.rate > 0
        if limited:  # last of all that is locked here: whoever holds this row waits for nobody
            purse = await pacing.purse(db, self.channel.name, self.pace, now)
            room = min(room, int(purse.tokens + 1e-6))  # the clock has whole microseconds
            if room < 1:
                self._not_before = purse.ready_at
                return ()
        until, by_chat = now + self._lease, bool(self.channel.chat_gap)
        claimed = await queue.claim(db, self.channel.name, room, self._token, now, until, by_chat=by_chat)
        if limited and claimed:
            cost = sum(self.pace.cost(row.text) for row in claimed)
            await pacing.spend(db, self.channel.name, purse, cost)
        return claimed

    async def _still_wanted(self, claimed: Sequence[Claimed]) -> Sequence[Claimed]:
        """All that may go. Whoever has said STOP since the claim began gets nothing: their messages are cancelled."""
        try:
            async with self._line.look() as db:
                stopped = await queue.suppressed(db, claimed)
        except Exception as error:  # nothing has been sent, and nothing is, unseen
            log.error("outbox could not look", channel=self.channel.name, error=type(error).__name__)
            self._returned += [back(row, "the store was away", self._clock()) for row in claimed]
            return ()
        if not stopped:
            return claimed
        wanted = []
        for row in claimed:
            why = None if row.purpose == "farewell" else stopped.get(row.address_id)
            if why is None:
                wanted.append(row)
            else:
                self._returned.append(cancelled(row, why))
        return wanted

    async def _one_by_one(self) -> None:
        """One result that cannot be recorded must not keep the others from it; it becomes uncertain in time."""
        for each in list(self._returned):
            try:
                async with self._database.begin() as db:
                    await self._record(db, [each], self._clock())
            except IntegrityError as error:
                log.error("result not recorded", message=str(each.row.id), error=type(error).__name__)
            except Exception:
                return  # the database is away: all of it waits
            self._returned.remove(each)

    async def _record(self, db: AsyncConnection, done: Sequence[Outcome], now: datetime) -> None:
        if not done:
            return
        if self.channel.chat_gap:
            chats = {each.row.address_id for each in done if each.record["state"] in ("sent", "uncertain")}
            await pacing.pause_chats(db, chats, now + self.channel.chat_gap)
        for each in done:
            if each.suppress is not None:
                await suppress(db, each.row.address_id, each.suppress, now, self._new_id)
        await queue.settle(db, self._token, [each.record for each in done])
        if until := max((each.rest_until for each in done if each.rest_until is not None), default=None):
            if self.pace.rate:
                await pacing.rest(db, self.channel.name, until)
            else:  # nobody asks for tokens
                await queue.rest(db, self.channel.name, until)

    async def _finish(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way)
        self._returned += [task.result() for task in self._under_way]
        self._under_way.clear()
        try:
            async with self._line.begin() as db:
                await self._record(db, self._returned, self._clock())
            self._returned.clear()
        finally:
            await self._line.close()
