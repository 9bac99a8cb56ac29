"""A campaign to a million people: how fast its audience is expanded, and how fast one and two workers send it.

Sending costs nothing here (a channel whose provider is instant), so what is measured is the durable part: staging with
all its looks at hours, caps and consent, rendering, the claim, the record. Beside it stands a bare claim loop with as
many rows in a claim; beside the expansion a bare INSERT … SELECT of the same rows into an empty copy of the table.
``python bench/outreach.py [PEOPLE [ENGINE]]``, ``python bench/outreach.py all [PEOPLE]`` to send to every one of them.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from statistics import median

import psutil
from ground import ROUNDS, store
from outbox import Nowhere, queue
from sqlalchemy import delete, func, insert, select, text, update

from bot import ids
from bot.app import opened
from bot.clock import utcnow
from bot.outreach.beginning import begin, spread
from bot.outreach.calendars import load
from bot.outreach.campaign_file import loads
from bot.outreach.expansion import HOUSEHOLDS, expand
from bot.settings import Settings
from bot.signals import finish, until_stopped
from bot.store.database import Database, connect
from bot.store.tables import campaigns, messages, recipients, runs, schools
from bot.work import work

PEOPLE = 1_000_000
IN_FLIGHT = 16
"""As the SMS channel has it."""
SECONDS = 8
"""How long each round of sending is watched."""
FEW = 10_000

TEXT = """\
campaign: bench
title: Bench
source: en
audience: language in (en, es, ht, vi)
when: now
hours: 00:00-23:59 mon-sun
steps:
  - message:
      en: "Hi {name}, {school} here. Thank you for being on time this week. Reply STOP to end."
      es: "Hola, {name}. Le escribe {school}. Gracias por llegar a tiempo esta semana. Responda STOP para terminar."
      ht: "Bonjou {name}. Se {school}. Mèsi paske nou rive alè semèn sa a. Voye STOP pou sispann."
      vi: "Chào {name}. Đây là {school}. Cảm ơn vì đã đến đúng giờ tuần này. Nhắn STOP để dừng."
"""

FILL = {
    "people": """
        INSERT INTO people
            (id, respondent, language, language_by, school, groups, name, household_id, created_at)
        SELECT id, 'family', (ARRAY['en', 'en', 'es', 'es', 'ht', 'vi'])[1 + n % 6], 'import', 'School ' || n % 40,
            '{"grade": "3"}', 'Person', id, now()
        FROM (SELECT n, lpad(to_hex(n), 32, '0')::uuid AS id FROM generate_series(1, :number) n) made""",
    "addresses": """
        INSERT INTO addresses (id, person_id, channel, address, consented, created_at)
        SELECT ('1' || lpad(to_hex(n), 31, '0'))::uuid, lpad(to_hex(n), 32, '0')::uuid, 'sms',
            '+1' || 2000000000 + n, true, now()
        FROM generate_series(1, :number) n""",
}


def settings(url: str) -> Settings:
    """Nothing is held back: what is measured is the machine."""
    return Settings(database_url=url, start_survey="", sms_rate=0, approve_above=10**9, _env_file=None)  # type: ignore[call-arg]


async def fill(database: Database, number: int) -> None:
    """So many families with a phone each, and a calendar that is always open."""
    async with database.begin() as db:
        for statement in FILL.values():
            await db.execute(text(statement), {"number": number})
        open_ = {"timezone": "UTC", "hours": ["00:00-23:59 mon-sun"], "holidays": ""}
        await db.execute(insert(schools).values(name="", calendar=open_, changed_at=utcnow()))
    async with database.begin() as db:
        await db.execute(text("ANALYZE"))


async def expansion(database: Database, url: str) -> tuple[int, float]:
    """Write a campaign, begin it, and expand it to its end: how many people, how many a second."""
    given, new_id, now = settings(url), ids.maker(), utcnow()
    async with database.begin() as db:
        row = {"id": new_id(), "key": "bench", "text": TEXT, "state": "scheduled", "next_at": now}
        await db.execute(
            insert(campaigns).values(next_occasion="once", created_at=now, changed_at=now, **row)
        )
        calendars = await load(db, given.timezone, given.country)
        (run_id,) = await begin(db, calendars, now, new_id, given.approve_above)
        run = (await db.execute(select(runs).where(runs.c.id == run_id))).one()
    meant, began = spread(run, loads(TEXT, "bench"), calendars, ["sms"]), time.perf_counter()
    added: int | None = 0
    while added is not None:
        async with database.begin() as db:
            added = await expand(db, meant)
    taken = time.perf_counter() - began
    async with database.read() as db:
        made = (await db.execute(select(func.count()).select_from(recipients))).scalar_one()
    return made, made / taken


async def bare_expansion(database: Database, number: int) -> float:
    """Rows a second into an empty copy of the table, its keys and indexes too, in chunks of the same size."""
    async with database.begin() as db:
        await db.execute(text("CREATE TABLE bench_recipients (LIKE recipients INCLUDING ALL)"))
    began = time.perf_counter()
    for start in range(0, number, HOUSEHOLDS):
        async with database.begin() as db:
            await db.execute(
                text("""
                    INSERT INTO bench_recipients
                        (run_id, step, person_id, campaign_id, occasion, address_id, channel, state, due_at)
                    SELECT lpad('1', 32, '0')::uuid, 0, person_id, lpad('1', 32, '0')::uuid, 'once', id, 'sms',
                        'waiting', now()
                    FROM addresses
                    WHERE id > ('1' || lpad(to_hex(CAST(:after AS int)), 31, '0'))::uuid
                        AND id <= ('1' || lpad(to_hex(CAST(:upto AS int)), 31, '0'))::uuid"""),
                {"after": start, "upto": start + HOUSEHOLDS},
            )
    rate = number / (time.perf_counter() - began)
    async with database.begin() as db:
        await db.execute(text("DROP TABLE bench_recipients"))
    return rate


async def bare(database: Database, stop: asyncio.Event) -> None:
    """A claim loop that knows nothing of people: claim as many as are in flight, commit, mark them sent, commit."""
    queued = text("state = 'queued'")
    following = (
        select(queue.c.id)
        .where(queued)
        .order_by(queue.c.id)
        .limit(IN_FLIGHT)
        .with_for_update(skip_locked=True)
    )
    claim = update(queue).where(queue.c.id.in_(following)).values(state="sending")
    while not stop.is_set():
        async with database.begin() as db:
            claimed = [row.id for row in await db.execute(claim.returning(queue.c.id, queue.c.text))]
        async with database.begin() as db:
            await db.execute(update(queue).where(queue.c.id.in_(claimed)).values(state="sent"))


async def child(kind: str, url: str) -> None:
    """One worker, until it is told to stop: the service's own, or the bare loop."""
    print("ready", flush=True)
    if kind == "bare":
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        database = connect(url)
        await bare(database, stop)
        await database.close()
        return
    async with opened(settings(url), channels={"sms": Nowhere(IN_FLIGHT)}) as app:
        working = asyncio.create_task(work(app, coding=False))
        await until_stopped([working], lambda: None)
        await finish(working)


class Workers:
    """So many processes; how much memory the largest of them has held, in MB."""

    def __init__(self, kind: str, url: str, number: int) -> None:
        command = [sys.executable, __file__, "child", kind, url]
        self._all = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(number)]
        for process in self._all:
            assert process.stdout is not None
            process.stdout.readline()
        self.peak = 0.0

    def look(self) -> None:
        """Look at their memory now."""
        for process in self._all:
            held = psutil.Process(process.pid).memory_info().rss / 2**20
            self.peak = max(self.peak, held)

    def end(self) -> None:
        """Let them finish what is under way."""
        for process in self._all:
            process.terminate()
        for process in self._all:
            process.wait(timeout=60)


async def watched(database: Database, kind: str, url: str, number: int) -> tuple[float, float]:
    """Messages a second that so many workers send, once they are under way; and their memory."""
    workers = Workers(kind, url, number)
    await asyncio.sleep(3)
    before, began = await sent(database, kind), time.perf_counter()
    while time.perf_counter() - began < SECONDS:
        await asyncio.sleep(0.5)
        workers.look()
    after, taken = await sent(database, kind), time.perf_counter() - began
    workers.end()
    return (after - before) / taken, workers.peak


async def sent(database: Database, kind: str) -> int:
    table = queue if kind == "bare" else messages
    async with database.read() as db:
        return int((await db.execute(select(func.count()).where(table.c.state == "sent"))).scalar_one())


async def refill(database: Database, number: int) -> None:
    """The bare loop's own queue."""
    new_id = ids.maker()
    async with database.begin() as db:
        await db.run_sync(queue.metadata.create_all)
        await db.execute(delete(queue))
        rows = [{"id": new_id(), "state": "queued", "text": "hello " * 10} for _ in range(number)]
        await db.execute(insert(queue), rows)
    async with database.begin() as db:
        await db.execute(text("ANALYZE bench_queue"))


def told(name: str, rates: Sequence[float], bases: Sequence[float], more: str = "") -> None:
    """One row: what was measured, and its share of the bare one measured beside it."""
    share = median(rate / base for rate, base in zip(rates, bases, strict=True))
    print(f"{name:<12} {more:<44} {median(rates):>9,.0f}/s ratio {share:.2f}", flush=True)


async def measure(url: str, number: int) -> None:
    database = connect(url)
    await fill(database, number)
    base = await bare_expansion(database, number)
    made, rate = await expansion(database, url)
    told("expansion", [rate], [base], f"{made:,} recipients")
    for workers in (1, 2):
        rates, bases, held = [], [], 0.0
        for _ in range(ROUNDS):
            await refill(database, 100_000)
            bases.append((await watched(database, "bare", url, workers))[0])
            one, peak = await watched(database, "ours", url, workers)
            rates.append(one)
            held = max(held, peak)
        name = "1 worker" if workers == 1 else f"{workers} workers"
        told(name, rates, bases, f"claim to sent, {held:,.0f} MB each at most")
    await database.close()


async def everyone(url: str, number: int) -> None:
    """Send to all of them with one worker, and watch its memory from the first ten thousand to the last."""
    database = connect(url)
    await fill(database, number)
    await expansion(database, url)
    workers, began, marks = Workers("ours", url, 1), time.perf_counter(), {}
    while True:
        await asyncio.sleep(2)
        workers.look()
        async with database.read() as db:
            staged = (await db.execute(select(runs.c.staged, runs.c.state))).one()
        for mark in (FEW, number // 10, number // 2, number):
            if staged.staged >= mark and mark not in marks:
                marks[mark] = (round(workers.peak), round(time.perf_counter() - began))
                print(f"{mark:>12,} staged: {marks[mark][0]} MB after {marks[mark][1]} s", flush=True)
        if staged.state == "done" and await sent(database, "ours") == number:
            break
    taken = time.perf_counter() - began
    workers.end()
    few, all_ = marks[FEW][0], marks[number][0]
    print(f"{number:,} sent in {taken:,.0f} s; memory {few} MB at {FEW:,}, {all_} MB at the end", flush=True)
    print(
        f"everyone     one worker {number / taken:>9,.0f}/s ratio {all_ / few:.2f} (memory, end to beginning)"
    )
    await database.close()


def main(*given: str) -> None:
    if given[:1] == ("child",):
        asyncio.run(child(*given[1:]))
        return
    whole = given[:1] == ("all",)
    number = int(given[whole]) if len(given) > whole else PEOPLE
    with store("postgresql") as url:
        asyncio.run((everyone if whole else measure)(url, number))


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    main(*sys.argv[1:])
