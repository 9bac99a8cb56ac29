"""How many families' messages a second one process takes in: from the signature to the commit, over real HTTP.

Beside it, on the same store and by the same client, the least that such a door could do: a bare FastAPI handler that
reads the form and commits one insert through SQLAlchemy.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from random import Random
from statistics import quantiles
from typing import Any
from urllib.parse import urlencode

import psutil
import uvicorn
from fastapi import FastAPI, Request, Response
from ground import ENGINES, ROUNDS, Watched, middle, store, table
from sqlalchemy import Column, MetaData, String, Table, Text, Uuid, insert, select, text
from twilio.request_validator import RequestValidator

import survey_flows
from bot import ids
from bot.app import opened
from bot.clock import utcnow
from bot.demo.loopback import listener
from bot.outreach.ask import ask
from bot.settings import Settings
from bot.store import consents
from bot.store.database import connect
from bot.store.tables import addresses, answers, messages, people
from bot.store.types import Instant
from bot.web.app import create

PEOPLE = 2000
IN_FLIGHT = 32
MOST = 120
"""Seconds after which a round has failed."""
PUBLIC, ACCOUNT, TOKEN, OURS = "https://line.school.test", "AC" + "0" * 32, "a-made-up-token", "+16175550100"
QUESTIONS = ROUNDS + 2
SURVEY = (
    "survey: bench\nsource: en\ndrafted: []\ntitle: {en: Bench}\n"
    'intro: {en: "{school} has some questions. Reply STOP to end."}\nthanks: {en: Thank you.}\nquestions:\n'
) + "".join(
    f"  - key: q{n}\n    kind: open\n    text: {{en: 'Question {n}: what else?'}}\n" for n in range(QUESTIONS)
)

heard = Table(
    "bench_heard",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("sid", String(64), nullable=False, unique=True),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False),
)


def settings(url: str) -> Settings:
    return Settings(
        _env_file=None, database_url=url, public_url=PUBLIC, start_survey="", twilio_account_sid=ACCOUNT,
        twilio_auth_token=TOKEN, twilio_from=OURS, telegram_token="",
        join_seconds=0,  # every message here is an answer of its own
    )  # fmt: skip


async def prepare(url: str) -> None:
    """Everybody has been asked the first question."""
    async with opened(settings(url)) as app:
        now = app.clock()
        persons = [
            {"id": app.new_id(), "respondent": "family", "language": "en", "language_by": "import", "groups": {},
             "created_at": now}
            for _ in range(PEOPLE)
        ]  # fmt: skip
        known = [
            {
                "id": app.new_id(),
                "person_id": person["id"],
                "channel": "sms",
                "address": number(n),
                "created_at": now,
            }
            for n, person in enumerate(persons)
        ]
        async with app.database.begin() as db:
            await db.execute(insert(people), persons)
            await db.execute(insert(addresses), known)
            ground = {"event": "granted", "source": "list: made up", "at": now}
            await consents.enter(
                db, [{"id": app.new_id(), "address_id": one["id"], **ground} for one in known]
            )
        await ask(app, survey_flows.loads(SURVEY, "bench"), ["sms"], at_any_hour=True)
        async with app.database.begin() as db:
            await db.run_sync(heard.metadata.create_all)
            await db.execute(messages.update().values(state="sent"))
            if app.database.dialect == "postgresql":
                await db.execute(text("ANALYZE"))


def number(n: int) -> str:
    return f"+1617555{n:04}"


# the two doors


async def ours(url: str, port: int) -> None:
    async with opened(settings(url)) as app:
        await serve(create(app), port)


async def bare(url: str, port: int) -> None:
    database, new_id, web = connect(url), ids.maker(), FastAPI()

    @web.post("/in/sms")
    async def hear(request: Request) -> Response:
        form = await request.form()
        row = {"id": new_id(), "sid": form["MessageSid"], "text": form["Body"], "at": utcnow()}
        async with database.begin() as db:
            await db.execute(insert(heard).values(**row))
        return Response("<Response/>", media_type="text/xml")

    await serve(web, port)


async def serve(web: Any, port: int) -> None:
    await uvicorn.Server(uvicorn.Config(web, "127.0.0.1", port, log_config=None, access_log=False)).serve()


# the client


def calls(round_: int) -> list[bytes]:
    """One signed request of everybody, in no order."""
    validator, made = RequestValidator(TOKEN), []
    for n in range(PEOPLE):
        fields = {
            "ToCountry": "US", "SmsMessageSid": f"SM{round_}-{n}", "NumMedia": "0", "SmsStatus": "received",
            "Body": f"the bus was late {n} times and then it did not come at all", "FromCountry": "US", "To": OURS,
            "NumSegments": "1", "MessageSid": f"SM{round_}-{n}", "AccountSid": ACCOUNT, "From": number(n),
            "ApiVersion": "2010-04-01",
        }  # fmt: skip
        body = urlencode(fields)
        made.append(
            f"POST /in/sms HTTP/1.1\r\nHost: app:8000\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"X-Twilio-Signature: {validator.compute_signature(PUBLIC + '/in/sms', fields)}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
        )
    Random(round_).shuffle(made)
    return made


async def call(port: int, round_: int) -> dict[str, float]:
    """Make all calls of a round, so many at a time; requests a second, and what half and 99 of 100 waited at most."""
    waiting, waited = calls(round_), []

    async def one_after_another() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while waiting:
            asked, began = waiting.pop(), time.perf_counter()
            writer.write(asked)
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(head.split(b"\r\n")[0].decode())
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
            await reader.readexactly(int(length.split(b":")[1]))
            waited.append(time.perf_counter() - began)
        writer.close()

    began = time.perf_counter()
    async with asyncio.timeout(MOST):
        await asyncio.gather(*(one_after_another() for _ in range(IN_FLIGHT)))
    cuts = quantiles(waited, n=100)
    return {
        "rate": len(waited) / (time.perf_counter() - began),
        "p50": cuts[49] * 1000,
        "p99": cuts[98] * 1000,
    }


# the measurement


def run(*args: object) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, __file__, *map(str, args)], stdout=subprocess.PIPE, text=True)


def one_round(door: str, url: str, round_: int) -> dict[str, float]:
    socket = listener()
    port = socket.getsockname()[1]
    socket.close()
    server = run(door, url, port)
    try:
        up = time.monotonic() + MOST
        while not any(c.laddr.port == port for c in psutil.Process(server.pid).net_connections()):
            if server.poll() is not None or time.monotonic() > up:
                raise RuntimeError(f"{door} did not start")
            time.sleep(0.1)
        watched, client = Watched(server.pid), run("call", port, round_)
        while client.poll() is None:
            watched.look()
            time.sleep(0.1)
        said, _ = client.communicate()
        return json.loads(said) | {"memory": watched.peak}
    finally:
        server.kill()
        server.wait()


async def check(url: str) -> None:
    """Every call was an answer to a question."""
    database = connect(url)
    async with database.read() as db:
        kept = len(list(await db.execute(select(answers.c.id))))
    await database.close()
    if kept != PEOPLE * ROUNDS:
        raise RuntimeError(f"{PEOPLE * ROUNDS} answers were given, and {kept} are kept")


def main() -> None:
    rows = []
    for engine in ENGINES:
        with store(engine) as url:
            asyncio.run(prepare(url))
            figures: dict[str, list[Mapping[str, float]]] = {"bare": [], "ours": []}
            for round_ in range(ROUNDS):
                for door, taken in figures.items():
                    taken.append(one_round(door, url, round_))
            asyncio.run(check(url))
        share = middle([o["rate"] / b["rate"] for o, b in zip(figures["ours"], figures["bare"], strict=True)])
        for door, taken in figures.items():
            means = [middle([each[name] for each in taken]) for name in ("rate", "p50", "p99", "memory")]
            rows.append([f"{engine}, {door}", *means, share if door == "ours" else ""])
    print(f"{PEOPLE} signed messages, {IN_FLIGHT} in flight, one process; median of {ROUNDS} rounds")
    table(["", "requests/s", "p50 ms", "p99 ms", "MB", "share of bare"], rows)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["bare" | "ours" as door, url, port]:
            os.environ["PYTHONWARNINGS"] = "ignore"
            asyncio.run({"bare": bare, "ours": ours}[door](url, int(port)))
        case ["call", port, round_]:
            print(json.dumps(asyncio.run(call(int(port), int(round_)))))
        case _:
            main()
