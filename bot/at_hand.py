"""The findings at hand: pages show the numbers that were reckoned last and say of when they are; newer ones are reckoned meanwhile.

A survey of 100,000 answers takes seconds to sum up, and nobody waits for that: its numbers move in steps anyway
(releases.py), so a minute is no loss. What was reckoned is kept in the store too, so that a new process shows it at once. A
survey that is quick to sum up is looked at for every page. Whoever needs the present numbers asks ``releases`` itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis.findings import Summary
from analysis.keeping import VERSION, fewer_quotes, from_plain, to_plain

from . import waves
from .clock import Clock
from .codebooks import Books
from .releases import Releases
from .store import coders
from .store import summaries as store
from .store.coders import Coders
from .store.database import Database
from .waves import Wave

Pairs = tuple[tuple[str, str], ...]
Key = tuple[str, str, Pairs]

QUICK = 0.15
"""A look that takes no more seconds than this is waited for: most places are small, and see the present."""
PATIENCE = 0.2
"""Where nothing is at hand a page waits so long, and then says that the numbers are being counted."""
REST = 15.0
"""At least so many seconds lie between two looks that take longer than that."""
SHARE = 5
"""And so many times as long as the look took: reckoning may fill no more than a sixth of a core."""
MINUTE = timedelta(minutes=1)
OFTEN = timedelta(minutes=10)
LATELY = timedelta(hours=2)
ABSENT = timedelta(minutes=3)
"""After so long without a look by anybody, this process looks itself."""
KEPT = 64

log = structlog.get_logger(__name__)


class NotYet(Exception):  # noqa: N818
    """These numbers are being counted for the first time. They will be there in a moment."""


@dataclass(frozen=True, slots=True)
class Held:
    """The findings of one wave, as they were at a look at the time ``at``; ``summary`` is None where nobody was asked.

    ``mark`` says on what they stand: other numbers are wanted where that is another. ``took``: the seconds of the look.
    """

    summary: Summary | None
    coders: Coders
    at: datetime
    mark: str
    erased: int
    took: float


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Whatever was reckoned, as of ``at``; it took so many seconds, and was ready at ``ended`` by the loop's clock."""

    value: Any
    at: datetime
    took: float
    ended: float


class AtHand:
    """The findings of every survey, without waiting."""

    def __init__(
        self, database: Database, books: Books, releases: Releases, clock: Clock, minimum: int
    ) -> None:
        self._database = database
        self._books = books
        self._releases = releases
        self._clock = clock
        self._minimum = minimum
        self.quick = QUICK
        self.patience = PATIENCE
        self._held: dict[Key, Held] = {}
        self._works: dict[Hashable, Any] = {}
        self._last: dict[Hashable, Reckoned] = {}
        self._looked: dict[Key, float] = {}
        self._tasks: dict[Hashable, asyncio.Task[None]] = {}
        self._one = asyncio.Lock()  # one thing is reckoned at a time: requests come first

    async def find(self, survey: str, wave: str | None = None, pairs: Pairs = ()) -> Held:
        """What is shown of a wave (the newest, where none is named). A newer look begins where it is time for one.

        Raises NotYet where nothing is at hand yet, waves.NoWave, and KeyError for a dimension in ``pairs`` that there is not.
        """
        async with self._database.read() as db:
            chosen = waves.pick(await waves.of_survey(db, survey), wave, self._clock())
            key = survey, chosen.name if chosen else "", pairs
            mark, erased = await self._mark(db, survey, chosen), await store.erased(db)
            held, wanted = await self._newest(db, key, mark)
        if wanted is not None and self._clock() - wanted > OFTEN:
            async with self._database.begin() as db:
                await store.wanted(db, survey, key[1], self._clock())
        if held is None or self._due(key, held):
            busy = self._one.locked()
            task = self._begin(key, lambda: self._look(key, chosen))
            if held is None or (held.took <= self.quick and not busy):
                await asyncio.wait({task}, timeout=self.patience)
                if task.done() and held is None and (error := task.exception()) is not None:
                    raise error
            held = self._held.get(key, held)
        if held is None or held.mark != mark:
            raise NotYet
        if held.erased != erased and held.summary is not None:  # it may quote somebody who is gone
            held = replace(held, summary=fewer_quotes(held.summary, 0))
        return held

    async def turn(self) -> None:
        """What a worker does every now and then: look at every wave of the surveys that people look at these days.

        Not at others: each state of the numbers hides something of the next (releases.py), so none is made for nobody.
        """
        async with self._database.read() as db:
            lately = await store.since(db, self._clock() - LATELY)
        for survey in lately:
            async with self._database.read() as db:
                every: list[Wave | None] = [*await waves.of_survey(db, survey)]
            for wave in every or [None]:
                key: Key = survey, wave.name if wave else "", ()
                held, last = self._held.get(key), self._looked.get(key)
                rest = max(REST, SHARE * held.took) if held else 0.0
                if last is None or asyncio.get_running_loop().time() - last > rest:
                    await asyncio.wait({self._begin(key, partial(self._look, key, wave))})

    async def work(self, key: Hashable, make: Callable[[], Awaitable[Any]], waits: bool = True) -> Any:
        """What ``make`` gives, made once for this key, and kept; raises NotYet while it is being made, at once or (``waits``)
        after a moment."""
        if key not in self._works:

            async def go() -> None:
                async with self._one:
                    self._works[key] = await make()
                while len(self._works) > KEPT:
                    self._works.pop(next(iter(self._works)))

            task = self._begin(("work", key), go)
            await asyncio.wait({task}, timeout=self.patience if waits else 0.0)
            if not task.done():
                raise NotYet
            task.result()
        return self._works[key]

    async def last(self, key: Hashable, make: Callable[[], Awaitable[Any]]) -> Reckoned:
        """What ``make`` gave last for this key, which changes as people write: what is quick is made for every page, what
        takes longer beside the pages. Raises NotYet where it is made for the first time and nothing is at hand."""
        loop, held = asyncio.get_running_loop(), self._last.get(key)
        quick = held is not None and held.took <= self.quick
        if held is None or quick or loop.time() - held.ended > max(REST, SHARE * held.took):
            busy = self._one.locked()

            async def go() -> None:
                async with self._one:
                    began, now = loop.time(), self._clock()
                    value = await make()
                    ended = loop.time()
                    self._last.pop(key, None)
                    self._last[key] = Reckoned(value, now, ended - began, ended)
                while len(self._last) > KEPT:
                    self._last.pop(next(iter(self._last)))

            task = self._begin(("last", key), go)
            if held is None or (quick and not busy):
                await asyncio.wait({task}, timeout=self.patience)
                if task.done() and held is None:
                    task.result()
            held = self._last.get(key, held)
        if held is None:
            raise NotYet
        return held

    async def settled(self) -> None:
        """Wait until nothing is being reckoned."""
        while self._tasks:
            await asyncio.wait(set(self._tasks.values()))

    async def close(self) -> None:
        """Leave off."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _due(self, key: Key, held: Held) -> bool:
        if held.took <= self.quick:
            return True
        last = self._looked.get(key)
        if last is None:  # another process looks after it, unless it has not for a while
            return self._clock() - held.at > ABSENT
        return asyncio.get_running_loop().time() - last > max(REST, SHARE * held.took)

    def _begin(self, key: Hashable, go: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        """The task that does this; one that does it already, where there is one."""
        if key not in self._tasks:

            async def carefully() -> None:
                try:
                    await go()
                finally:
                    self._tasks.pop(key, None)

            task = self._tasks[key] = asyncio.create_task(carefully())
            task.add_done_callback(_note)
        return self._tasks[key]

    async def _newest(self, db: AsyncConnection, key: Key, mark: str) -> tuple[Held | None, datetime | None]:
        """The newer of what this process has and what any has stored; and when a page wanted it last."""
        survey, wave, pairs = key
        held = self._held.get(key)
        held = held if held and held.mark == mark else None
        if pairs:
            return held, None
        stamp = await store.stamp(db, survey, wave)
        if stamp and stamp.mark == mark and (held is None or stamp.at > held.at):
            row = await store.load(db, survey, wave)
            if row is not None:
                held = _held(row)
                self._keep(key, held)
                self._looked.pop(key, None)  # another process looks after it
        return held, stamp.wanted_at if stamp else None

    async def _look(self, key: Key, wave: Wave | None) -> None:
        """Reckon, or see that it is still so; keep it, here and in the store."""
        survey, name, pairs = key
        async with self._one:
            loop, now = asyncio.get_running_loop(), self._clock()
            began = loop.time()
            before = self._held.get(key)
            async with self._database.read() as db:
                mark, erased = await self._mark(db, survey, wave), await store.erased(db)
            found = await self._releases.whole(survey, name or None, pairs)
            same = before is not None and before.summary is found and before.mark == mark
            by = before.coders if same and before else await self._coders(survey, found)
            took = loop.time() - began
            # A summary that was reckoned again takes as long the next time that something has changed.
            if same and before is not None:
                took = max(took, before.took)
            held = Held(found, by, now, mark, erased, took)
            self._keep(key, held)
            self._looked[key] = loop.time()
            if not pairs:
                await self._store(key, held, before if same else None)

    async def _store(self, key: Key, held: Held, same: Held | None) -> None:
        survey, name, _ = key
        if same is not None and same.erased == held.erased:
            if held.took > self.quick and held.at - same.at >= MINUTE:
                async with self._database.begin() as db:
                    await store.looked(db, survey, name, held.at, held.took)
            return
        data = await asyncio.to_thread(to_plain, held.summary) if held.summary is not None else None
        beside = {"machine": list(held.coders.machine), "people": held.coders.people, "erased": held.erased}
        values = {"mark": held.mark, "data": data, "beside": beside, "at": held.at, "took": held.took}
        async with self._database.begin() as db:
            await store.store(db, survey, name, values)

    async def _coders(self, survey: str, found: Summary | None) -> Coders:
        if found is None or not found.answered:
            return Coders((), people=False)
        async with self._database.read() as db:
            return await coders.of_survey(db, survey)

    async def _mark(self, db: AsyncConnection, survey: str, wave: Wave | None) -> str:
        """On what a summary stands, other than on what people said."""
        book = await self._books.of_survey(db, survey)
        parts: Sequence[object] = (VERSION, self._minimum, book.id, book.version)
        begins = wave.begins.isoformat() if wave else ""
        ends = wave.ends.isoformat() if wave and wave.ends else ""
        return " ".join(map(str, (*parts, begins, ends)))[:400]

    def _keep(self, key: Key, held: Held) -> None:
        self._held.pop(key, None)
        self._held[key] = held
        while len(self._held) > KEPT:
            self._held.pop(next(iter(self._held)))


def _held(row: Any) -> Held:
    beside = row.beside
    return Held(
        from_plain(row.data) if row.data is not None else None,
        Coders(tuple(beside["machine"]), beside["people"]),
        row.at,
        row.mark,
        beside["erased"],
        row.took,
    )


def _note(task: asyncio.Task[None]) -> None:
    """Tell of what failed, by its kind: its own words may be somebody's."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("reckoning failed; tried again when somebody asks", error=type(error).__name__)
