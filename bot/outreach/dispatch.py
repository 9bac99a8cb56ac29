"""Carries campaigns out, beside the senders: begins what is due, expands audiences, stages messages, ends runs.

All state is in rows, so that any number of workers do this at once, and one that is killed leaves nothing half done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Row, select

from ..clock import Clock
from ..ids import NewId
from ..settings import Settings
from ..shelf import Shelf
from ..store.database import Database
from ..store.tables import campaigns, runs
from ..turns import Desk
from . import calendars as calendars_
from .beginning import begin, due, spread
from .calendars import Calendars
from .campaign import Campaign
from .campaign_file import loads
from .caps import Caps
from .ending import ACTIVE, alarms, end, pause
from .expansion import expand
from .health import Limits
from .putting_back import postpone, put_back
from .staging import BATCH, Stage, depth, stage

log = structlog.get_logger(__name__)

IDLE = 1.0
"""Seconds between looks when nothing wakes us."""
SOON = 0.1
"""… and when the queue is full and its sender so quick that it has room again before long."""
AHEAD = 1000
"""How many messages of campaigns are in the queue of one channel at most …"""
MINUTE = 60
"""… and no more than its sender sends in so many seconds, where that is fewer."""
LOOK = timedelta(seconds=5)
"""Between looks at what is to be put back, at failures, and at what has ended."""
CALENDARS = timedelta(seconds=5)
"""How long calendars are held."""


class Dispatch:
    """One worker's part in all campaigns. ``rates`` are messages a second by channel; 0 is no limit."""

    def __init__(
        self,
        database: Database,
        desk: Desk,
        shelf: Shelf,
        settings: Settings,
        rates: Mapping[str, float],
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._database = database
        self._desk = desk
        self._shelf = shelf
        self._settings = settings
        self._rates = rates
        self._clock = clock
        self._new_id = new_id
        self._caps = Caps(settings.outreach_per_week, settings.surveys_per_fortnight)
        self._limits = Limits(settings.pause_failures, settings.pause_stops)
        self._calendars: tuple[datetime, Calendars] | None = None
        self._looked: datetime | None = None
        self._served: dict[UUID, int] = {}  # for each run, the turn in which it last staged
        self._turns = 0
        self._full = False  # whether there was no room for more, in the queue of a quick sender

    async def run(self) -> None:
        """Work for ever. What fails is tried again, and keeps nothing else from being done."""
        with self._database.wake.waiter() as woken:
            while True:
                woken.clear()
                busy = False
                try:
                    busy = await self.turn()
                except Exception as error:  # its own words may be somebody's
                    log.error("outreach failed; trying again", error=type(error).__name__)
                    await asyncio.sleep(IDLE)
                if not busy:
                    try:
                        async with asyncio.timeout(SOON if self._full else IDLE):
                            await woken.wait()
                    except TimeoutError:
                        pass

    async def turn(self) -> bool:
        """Do a little of everything that is due; whether there is more to do at once."""
        now = self._clock()
        calendars = await self._load(now)
        busy = await self._begin(calendars, now)
        if self._looked is None or now - self._looked >= LOOK:
            self._looked = now
            try:
                await self._look(calendars, now)
            except Exception as error:  # the others' messages go out all the same
                log.error("look failed; trying again", error=type(error).__name__)
        async with self._database.read() as db:
            active = list(
                await db.execute(
                    select(runs)
                    .join(campaigns, campaigns.c.id == runs.c.campaign_id)
                    .where(ACTIVE, campaigns.c.state == "scheduled")
                    .order_by(runs.c.id)
                )
            )
        # Whoever has staged last comes last: a large run must not take all the room from the others.
        active.sort(key=lambda run: self._served.get(run.id, 0))
        self._served = {run.id: self._served[run.id] for run in active if run.id in self._served}
        self._turns += 1
        self._full = False
        for run in active:
            each: list[Callable[[Row[*tuple[Any, ...]]], Awaitable[bool]]] = [self._stage]
            if run.state == "expanding":
                each.append(self._expand)
            for part in each:
                try:
                    busy |= await part(run)
                except Exception as error:  # one campaign's fault is not another's
                    log.error("run failed; trying again", run=str(run.id), error=type(error).__name__)
        return busy

    async def drain(self) -> None:
        """Work until nothing more is due now."""
        while await self.turn():
            pass

    async def _begin(self, calendars: Calendars, now: datetime) -> bool:
        """Begin what is due. Looked for first: a worker that has nothing to do keeps no writer waiting."""
        async with self._database.read() as db:
            if (await db.execute(due(now).limit(1))).first() is None:
                return False
        async with self._database.begin() as db:
            return bool(await begin(db, calendars, now, self._new_id, self._settings.approve_above))

    async def _load(self, now: datetime) -> Calendars:
        if self._calendars is None or now - self._calendars[0] >= CALENDARS:
            async with self._database.read() as db:
                loaded = await calendars_.load(db, self._settings.timezone, self._settings.country)
            self._calendars = now, loaded
        return self._calendars[1]

    async def _expand(self, run: Row[*tuple[Any, ...]]) -> bool:
        assert self._calendars is not None
        meant = spread(run, campaign_of(run.text), self._calendars[1], list(self._rates))
        async with self._database.begin() as db:
            return await expand(db, meant) is not None

    async def _stage(self, run: Row[*tuple[Any, ...]]) -> bool:
        assert self._calendars is not None
        done = False
        for channel, rate in self._rates.items():
            ahead = min(AHEAD, max(1, int(rate * MINUTE))) if rate else AHEAD
            async with self._database.begin() as db:
                room = ahead - await depth(db, channel, ahead)
                if room < min(BATCH, (ahead + 1) // 2):
                    self._full |= not rate or ahead == AHEAD
                    continue
                given = Stage(
                    self._desk, self._shelf, self._calendars[1], self._caps, self._clock(), self._new_id
                )
                counted = await stage(db, given, run, campaign_of(run.text), channel, min(room, BATCH))
                if counted["queued"]:
                    await self._database.rouse(db)
            if counted["queued"]:
                self._served[run.id] = self._turns
            done |= counted.total() > 0
        return done

    async def _look(self, calendars: Calendars, now: datetime) -> None:
        async with self._database.begin() as db:
            if await put_back(db, now) + await postpone(db, calendars, now):
                await self._database.rouse(db)
        try:
            await self._heed(now)
        except Exception as error:  # runs end all the same
            log.error("look for failures failed; trying again", error=type(error).__name__)
        async with self._database.begin() as db:
            if await end(db, now, self._new_id):
                self._looked = None  # there is more of it

    async def _heed(self, now: datetime) -> None:
        """Pause what goes wrong."""
        async with self._database.begin() as db:
            wrong = await alarms(db, self._limits, now)
        for campaign, reason in wrong.items():
            async with self._database.begin() as db:
                await pause(db, campaign, reason, now, self._new_id)


@lru_cache(maxsize=64)
def campaign_of(text: str) -> Campaign:
    """The campaign that a run was begun with."""
    return loads(text, "campaign")
