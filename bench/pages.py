"""How long the server takes for each page, with 20,000 people and 100,000 answers in the store.

Every page that needs no words in its address is asked for, and one of each kind of record, as somebody who may do everything.
Beside it, in the same run, is the time of the smallest page: what the guard, the session and the frame cost by themselves.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from statistics import median
from typing import Any

import httpx
from fastapi.routing import APIRoute
from ground import ENGINES, store, table
from ground.district import SURVEY, fill
from ground.routes import every
from pydantic import SecretStr
from sqlalchemy import select

from bot import appointing, staff
from bot.app import App, opened
from bot.settings import Settings
from bot.store.database import connect
from bot.store.tables import alerts, answers, messages, people
from bot.web.app import create

GOAL = 300
ROUNDS = 5
HTML = 200_000
HOME = "https://bench.riverbend.invalid"
LEAVE = ("/api", "/in/", "/static", "/signin", "/healthz", "/live")
"""What is no page of the staff's, or never ends."""


async def measure(url: str) -> list[tuple[str, int, list[float], int]]:
    """For each page: its address, status, milliseconds of each round, bytes."""
    settings = Settings(
        _env_file=None, database_url=url, public_url=HOME, secret_key=SecretStr("made up for measuring"), start_survey="",
        twilio_account_sid="AC" + "0" * 32, twilio_auth_token=SecretStr("none"), twilio_from="+16175550100",
        twilio_base_url="http://127.0.0.1:9",
    )  # fmt: skip
    database = connect(url)
    began = time.perf_counter()
    await fill(database)
    await database.close()
    print(f"  filled in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    async with opened(settings) as app:
        web = create(app)
        async with app.database.begin() as db:
            member, _ = await appointing.admit(
                db, app.clock(), None, "bench@riverbend.invalid", "Bench", "admin"
            )
            session = await staff.open_session(db, app.clock(), member, timedelta(days=1))
        paths = await addresses_of(app, web)
        transport = httpx.ASGITransport(app=web, raise_app_exceptions=False)
        cookies = {"__Host-openline": session.token}
        async with httpx.AsyncClient(
            transport=transport, base_url=HOME, cookies=cookies, timeout=120
        ) as client:
            await client.get(f"/findings/{SURVEY}")
            await asyncio.sleep(25)  # the first numbers are reckoned beside the pages
            measured = []
            for path in paths:
                await client.get(path)
                times, answer = [], None
                for _ in range(ROUNDS):
                    start = time.perf_counter()
                    answer = await client.get(path)
                    times.append((time.perf_counter() - start) * 1000)
                assert answer is not None
                measured.append((path, answer.status_code, times, len(answer.content)))
            return measured


async def addresses_of(app: App, web: Any) -> list[str]:
    """Every page: those without words in their address, and one of each record."""
    async with app.database.read() as db:
        waiting = select(messages.c.address_id).where(messages.c.state == "waiting").limit(1)
        person = (await db.execute(select(people.c.id).order_by(people.c.id).limit(1))).scalar_one()
        alert = (await db.execute(select(alerts.c.id).limit(1))).scalar_one()
        answer = (
            await db.execute(select(answers.c.id).where(answers.c.kind == "open").limit(1))
        ).scalar_one()
        assert (await db.execute(waiting)).first()
    words = {
        "survey": SURVEY, "key": SURVEY, "person": person, "alert": alert, "answer": answer, "kind": "csv", "language": "es", "theme": "transport",
    }  # fmt: skip
    found = []
    for route in every(web.routes):
        if not isinstance(route, APIRoute) or "GET" not in (route.methods or ()):
            continue
        names = route.param_convertors
        given = words | ({"key": "thanks-03"} if route.path.startswith("/campaigns") else {})
        given |= {"key": "school_barriers"} if route.path.startswith("/codebooks") else {}
        if any(route.path.startswith(part) or route.path.endswith(part) for part in LEAVE):
            continue
        if any(name not in given for name in names):
            print(f"  left out: {route.path}", file=sys.stderr)
            continue
        found.append(re.sub(r"{(\w+)[^}]*}", partial(_given, given), route.path))
    extra = [
        f"/findings/{SURVEY}?theme=transport",
        "/people?q=sample+person+77",
        "/inbox?q=bus",
        f"/replies/{SURVEY}?theme=transport",
        "/campaigns/thanks-10",  # it waits for approval: everybody is counted
        "/campaigns/thanks-10/edit",
    ]
    return sorted({*found, *extra})


def _given(given: Mapping[str, Any], word: re.Match[str]) -> str:
    return str(given[word[1]])


def main() -> None:
    worst = 0.0
    for engine in sys.argv[1:] or ENGINES:
        with store(engine) as url:
            measured = asyncio.run(measure(url))
        least = min(median(times) for path, status, times, _ in measured if status == 200)
        rows = []
        for path, status, times, size in sorted(measured, key=lambda one: -median(one[2])):
            shown = path if len(path) < 70 else f"{path[:40]}…{path[-24:]}"
            rows.append(
                [
                    shown,
                    str(status),
                    f"{median(times):.0f}",
                    f"{max(times):.0f}",
                    f"{median(times) / least:.1f}",
                    f"{size / 1000:.0f}",
                ]
            )
            worst = max(worst, median(times))
        print(f"\n{engine}: 20,000 people, 100,000 answers; milliseconds at the server, {ROUNDS} rounds")
        table(["page", "status", "median", "most", "× smallest", "kB"], rows)
    print(f"\nslowest page {worst:.0f} ms; the goal is {GOAL} ms for every one")


if __name__ == "__main__":
    main()
