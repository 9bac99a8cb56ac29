"""Killed again and again in the middle of its work, the service loses no answer and sends nothing twice.

A short version runs with all the tests; OPENLINE_CRASHES=20 runs the whole of it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from crash_world import ACCOUNT, BOT, OURS, SECRET, TOKEN, World
from sqlalchemy import Row, func, insert, select

import survey_flows
from bot.app import opened
from bot.demo.loopback import address, listener
from bot.outreach.ask import ask
from bot.settings import Settings
from bot.store import consents
from bot.store.database import Database, connect
from bot.store.tables import addresses, answers, conversations, messages, people
from channels.doubles import serve

CHILD = Path(__file__).with_name("crash_child.py")
CRASHES = int(os.environ.get("OPENLINE_CRASHES", "3"))
PEOPLE = 300 if CRASHES >= 20 else 60
QUESTIONS = 4 + CRASHES // 3
MOST = 60.0 + 8 * CRASHES
"""Seconds after which what has not settled never will."""


def survey() -> survey_flows.Survey:
    """Open questions, each with its number in it."""
    asked = "".join(
        f"  - key: q{n}\n    kind: open\n    text: {{en: 'Question {n}: what else?'}}\n"
        for n in range(1, QUESTIONS + 1)
    )
    text = (
        "survey: crash\nsource: en\ndrafted: []\ntitle: {en: Crash}\n"
        'intro: {en: "{school} has some questions. Reply STOP to end."}\nthanks: {en: Thank you.}\n'
        f"questions:\n{asked}"
    )
    return survey_flows.loads(text, "crash")


def settings(url: str, public_url: str, twilio: str, telegram: str) -> dict[str, str]:
    return {
        "OPENLINE_DATABASE_URL": url,
        "OPENLINE_PUBLIC_URL": public_url,
        "OPENLINE_START_SURVEY": "",
        "OPENLINE_LEASE_SECONDS": "3",
        "OPENLINE_GRACE_SECONDS": "1",
        "OPENLINE_SMS_RATE": "0",
        "OPENLINE_TELEGRAM_RATE": "0",
        "OPENLINE_TWILIO_ACCOUNT_SID": ACCOUNT,
        "OPENLINE_TWILIO_AUTH_TOKEN": TOKEN,
        "OPENLINE_TWILIO_FROM": OURS,
        "OPENLINE_TWILIO_BASE_URL": twilio,
        "OPENLINE_TELEGRAM_TOKEN": BOT,
        "OPENLINE_TELEGRAM_SECRET": SECRET,
        "OPENLINE_TELEGRAM_BASE_URL": telegram,
    }


@dataclass
class Child:
    """One process of the service, which can be killed and started again."""

    part: str
    door: socket.socket
    environment: dict[str, str]
    process: Any = None

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(CHILD),
            self.part,
            str(self.door.fileno()),
            pass_fds=[self.door.fileno()],
            env=os.environ | self.environment,
            stdout=asyncio.subprocess.PIPE,
        )
        said = await asyncio.wait_for(self.process.stdout.readline(), 60)
        assert said == b"ready\n", f"{self.part} did not start"

    async def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()


@asynccontextmanager
async def running(
    parts: list[str], door: socket.socket, environment: dict[str, str]
) -> AsyncIterator[list[Child]]:
    children = [Child(part, door, environment) for part in parts]
    try:
        await asyncio.gather(*(child.start() for child in children))
        yield children
    finally:
        for child in children:
            if child.process is not None and child.process.returncode is None:
                await child.kill()


async def ask_everybody(url: str) -> None:
    """Two in three by SMS, the others on Telegram."""
    async with opened(Settings(_env_file=None, database_url=url, start_survey=""), channels={}) as app:
        persons, known, granted = [], [], []
        for n in range(PEOPLE):
            person = {"id": app.new_id(), "respondent": "family", "language": "en", "language_by": "import"}
            persons.append(person | {"groups": {}, "created_at": app.clock()})
            where = ("sms", f"+1617555{n:04}") if n % 3 else ("telegram", str(555_014_000 + n))
            row = {"id": app.new_id(), "person_id": person["id"], "channel": where[0], "address": where[1]}
            known.append(row | {"created_at": app.clock()})
            ground = {
                "id": app.new_id(),
                "address_id": row["id"],
                "event": "granted",
                "source": "list: made up",
            }
            granted.append(ground | {"at": app.clock()})
        async with app.database.begin() as db:
            await db.execute(insert(people), persons)
            await db.execute(insert(addresses), known)
            await consents.enter(db, granted)
        assert (await ask(app, survey(), ["sms", "telegram"], at_any_hour=True))["queued"] == PEOPLE


async def well_under_way(world: World, share: float) -> None:
    """Wait for this share of all answers, though not for long: a service that was just killed gives few."""
    until = time.monotonic() + 3
    while len(world.taken) < share * PEOPLE * QUESTIONS and time.monotonic() < until:
        await asyncio.sleep(0.02)


async def settled(database: Database, world: World) -> None:
    """Wait until nobody says anything and nothing is left to send."""
    quiet, until = 0, time.monotonic() + MOST
    while quiet < 3:
        assert time.monotonic() < until, f"not settled: {await states(database)}, {world.talking} talking"
        await asyncio.sleep(0.3)
        under_way = sum(
            n
            for (_, state), n in (await states(database)).items()
            if state in ("queued", "sending", "uncertain")
        )
        quiet = 0 if under_way or world.talking else quiet + 1


async def states(database: Database) -> Counter[tuple[str, str]]:
    async with database.read() as db:
        rows = await db.execute(
            select(messages.c.channel, messages.c.state, func.count())
            .where(messages.c.direction == "out")
            .group_by(messages.c.channel, messages.c.state)
        )
        return Counter({(channel, state): n for channel, state, n in rows})


async def column(database: Database, what: Any, *where: Any) -> list[Any]:
    async with database.read() as db:
        return list((await db.execute(select(what).where(*where))).scalars())


async def sent(database: Database, channel: str) -> list[Row[Any]]:
    """The ledger's messages to people on this channel."""
    async with database.read() as db:
        rows = await db.execute(
            select(messages).where(messages.c.direction == "out", messages.c.channel == channel)
        )
        return list(rows)


@pytest.mark.timeout(MOST + 60 + 10 * CRASHES)
async def test_nothing_is_lost_or_doubled_however_often_the_service_is_killed(url, capsys):
    random = Random(CRASHES)
    parts = ["all"] if url.startswith("sqlite") else ["web", "work", "work"]
    door = listener()
    public_url = address(
        door
    )  # the door stays ours, so that nobody else takes the port while a child is dead
    await ask_everybody(url)
    kills: Counter[str] = Counter()
    to_come = 0
    began = time.monotonic()

    limits = httpx.Limits(max_connections=400, max_keepalive_connections=50)
    async with httpx.AsyncClient(timeout=20, limits=limits) as http:
        world = World(public_url, random, http)
        async with serve(world.twilio_line) as twilio, serve(world.telegram_line) as telegram:
            async with running(parts, door, settings(url, public_url, twilio, telegram)) as children:
                for crash in range(CRASHES):
                    await well_under_way(world, crash / CRASHES)
                    await asyncio.sleep(random.uniform(0.05, 0.5))
                    child = children[crash % len(children)]
                    kills[child.part] += 1
                    to_come = PEOPLE * QUESTIONS - len(world.taken)
                    await child.kill()
                    await child.start()
                database = connect(url)
                await settled(database, world)
            await world.twilio.close()
            await world.telegram.close()

    door.close()
    said = await column(database, messages.c.text, messages.c.direction == "in")
    kept = await column(database, answers.c.heard)
    ended = Counter(await column(database, conversations.c.state))
    by_sms, by_telegram = await sent(database, "sms"), await sent(database, "telegram")
    await database.close()
    ours = {f"{public_url}/in/sms/status?id={row.id}" for row in by_sms}
    arrived = Counter((str(message.chat), message.text) for message in world.telegram.messages)
    written = Counter((row.address, row.text) for row in by_telegram)
    held = Counter((row.address, row.text) for row in by_telegram if row.state == "held")
    missing = written - arrived
    with capsys.disabled():
        account(
            {
                "engine": url.partition(":")[0],
                "killed": ", ".join(f"{part} {n}" for part, n in kills.items()),
                "seconds": round(time.monotonic() - began),
                "people": PEOPLE,
                "answers still to come at the last kill": to_come,
                "answers acknowledged": len(world.taken),
                "webhook calls for them": world.calls,
                "answers kept": len(kept),
                "SMS: in the ledger / at the provider": f"{len(by_sms)} / {len(world.twilio.messages)}",
                "SMS: cut off before Twilio had them": world.twilio_line.lost,
                "SMS: sent again / found at Twilio": f"{sum(row.attempts > 1 for row in by_sms)} / "
                f"{sum(row.reason == 'found' for row in by_sms)}",
                "Telegram: in the ledger / at the provider": f"{len(by_telegram)} / {arrived.total()}",
                "Telegram: held / of these not arrived": f"{held.total()} / {missing.total()}",
                "doubled": len(world.doubled()),
            }
        )

    assert Counter(said) == Counter(world.taken), "a message that was acknowledged is not in the ledger once"
    assert Counter(kept) == Counter(world.taken), "an acknowledged answer is not kept once"
    assert world.doubled() == []
    assert {row.state for row in by_sms} <= {"sent", "delivered"}
    assert {message.status_callback for message in world.twilio.messages} == ours
    assert {row.state for row in by_telegram} <= {"sent", "held"}
    assert missing <= held, "a message that did not arrive is not accounted for"
    assert not arrived - written
    # Whoever was reached by every question has answered every question.
    assert PEOPLE - ended["complete"] == sum("Question" in text for _, text in missing)


def account(rows: dict[str, object]) -> None:
    print("\n" + "\n".join(f"  {name:<44}{value}" for name, value in rows.items()))
