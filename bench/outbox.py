"""How many queued messages a second one worker sends where sending costs nothing: what the durable queue itself costs.

Beside it, on the same store, the least that a queue in a table could do: claim a batch in one commit, mark it sent in
another, in a table of nothing else. ``python bench/outbox.py [IN_FLIGHT [ENGINE]]``.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from ground import ENGINES, ROUNDS, Watched, middle, store, table
from sqlalchemy import (
    Column,
    Index,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    delete,
    func,
    insert,
    select,
    text,
    update,
)

from bot import ids
from bot.clock import utcnow
from bot.outbox import Outbox
from bot.store.database import Database, connect
from bot.store.tables import addresses, messages, people
from channels.base import Heard, Outgoing, Request, Sent, Trace

QUEUED = 20_000
SENT_BEFORE = 200_000
LEASE = timedelta(seconds=60)
MOST = 100
"""Seconds after which a round has failed."""

queue = Table(
    "bench_queue",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("state", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Index(
        "bench_queue_due",
        "id",
        sqlite_where=text("state = 'queued'"),
        postgresql_where=text("state = 'queued'"),
    ),
)


class Nowhere:
    """A channel whose provider is infinitely fast."""

    name = "sms"
    asks = True
    chat_gap = timedelta()

    def __init__(self, in_flight: int) -> None:
        self.in_flight = in_flight

    async def hear(self, request: Request) -> Heard:
        return Heard(())

    async def send(self, outgoing: Outgoing) -> Sent:
        return Sent(outgoing.id)

    async def find(self, trace: Trace) -> Sent | None:
        return None

    async def close(self) -> None: ...


async def fill(database: Database, new_id: ids.NewId, number: int, each: int, state: str) -> None:
    """So many messages, ``each`` to one address, on top of what is there."""
    now, rows = utcnow(), []
    persons = [
        {"id": new_id(), "respondent": "family", "language": "en", "language_by": "import", "groups": {}, "created_at": now}
        for _ in range(number // each)
    ]  # fmt: skip
    known = [
        {"id": new_id(), "person_id": person["id"], "channel": "sms", "address": f"+{person['id'].int % 10**14}", "created_at": now}
        for person in persons
    ]  # fmt: skip
    for n in range(number):
        to = known[n % len(known)]
        rows.append(
            {"id": new_id(), "direction": "out", "channel": "sms", "address_id": to["id"], "address": to["address"],
             "purpose": "ask", "text": "In the last 2 weeks, was it hard to get your child to school?", "language": "en",
             "options": [["a:hard:not_hard", "Not hard"], ["a:hard:very", "Very hard"]], "state": state, "priority": 5,
             "due_at": now if state == "queued" else None, "attempts": 0, "created_at": now}
        )  # fmt: skip
    async with database.begin() as db:
        await db.execute(insert(people), persons)
        await db.execute(insert(addresses), known)
        for start in range(0, number, 1000):
            await db.execute(insert(messages), rows[start : start + 1000])
    if database.dialect == "postgresql":
        async with database.begin() as db:
            await db.execute(text("ANALYZE"))


async def drained(database: Database, new_id: ids.NewId, in_flight: int) -> float:
    """Messages a second."""
    outbox = Outbox(database, Nowhere(in_flight), utcnow, new_id, LEASE)
    began = time.perf_counter()
    async with asyncio.timeout(MOST):
        sent = await outbox.drain()
    rate = sent / (time.perf_counter() - began)
    async with database.read() as db:
        left = await db.execute(select(func.count()).where(messages.c.state != "sent"))
    if sent != QUEUED or left.scalar_one():
        raise RuntimeError(f"{sent} of {QUEUED} were sent")
    return rate


async def bare(database: Database, new_id: ids.NewId, in_flight: int) -> float:
    """Messages a second through a claim loop that knows nothing of people, order, leases or failures."""
    async with database.begin() as db:
        await db.run_sync(queue.metadata.create_all)
        await db.execute(delete(queue))
        await db.execute(
            insert(queue), [{"id": new_id(), "state": "queued", "text": "hello " * 10} for _ in range(QUEUED)]
        )
        if database.dialect == "postgresql":
            await db.execute(text("ANALYZE bench_queue"))
    queued, sent, began = text("state = 'queued'"), 0, time.perf_counter()
    following = (
        select(queue.c.id)
        .where(queued)
        .order_by(queue.c.id)
        .limit(in_flight)
        .with_for_update(skip_locked=True)
    )
    claim = (
        update(queue)
        .where(queue.c.id.in_(following))
        .values(state="sending")
        .returning(queue.c.id, queue.c.text)
    )
    async with asyncio.timeout(MOST):
        while True:
            async with database.begin() as db:
                claimed = [row.id for row in await db.execute(claim)]
            if not claimed:
                return sent / (time.perf_counter() - began)
            async with database.begin() as db:
                await db.execute(update(queue).where(queue.c.id.in_(claimed)).values(state="sent"))
            sent += len(claimed)


async def measure(url: str, in_flight: int) -> Mapping[str, list[float]]:
    database, new_id = connect(url), ids.maker()
    watched = Watched(os.getpid())
    taken: dict[str, list[float]] = {"bare": [], "one each": [], "four each": [], "after": []}
    for _ in range(ROUNDS):
        taken["bare"].append(await bare(database, new_id, in_flight))
        for name, each in (("one each", 1), ("four each", 4)):
            await fill(database, new_id, QUEUED, each, "queued")
            taken[name].append(await drained(database, new_id, in_flight))
    watched.look()
    await fill(database, new_id, SENT_BEFORE, 10, "sent")
    await fill(database, new_id, QUEUED, 1, "queued")
    taken["after"].append(await drained(database, new_id, in_flight))
    await database.close()
    return taken | {"memory": [watched.peak]}


def main(in_flight: int = 16, *engines: str) -> None:
    rows: list[list[Any]] = []
    for engine in engines or ENGINES:
        with store(engine) as url:
            taken = asyncio.run(measure(url, in_flight))
        rows.append([f"{engine}, bare claim loop", middle(taken["bare"]), "", ""])
        for name, words in (
            ("one each", "one to each address"),
            ("four each", "four to each, in order"),
            ("after", f"one to each, {SENT_BEFORE:,} sent before"),
        ):
            memory = taken["memory"][0] if name == "one each" else ""
            share = middle([rate / base for rate, base in zip(taken[name], taken["bare"], strict=False)])
            rows.append([f"{engine}, {words}", middle(taken[name]), share, memory])
    print(f"{QUEUED:,} queued messages, {in_flight} in flight, one worker; median of {ROUNDS} rounds")
    table(["", "messages/s", "share of bare", "MB"], rows)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), *sys.argv[2:])
