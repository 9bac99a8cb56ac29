"""How long the server takes for each page, with 20,000 people and 100,000 answers in the store.

Every page that needs no words in its address is asked for, and one of each kind of record, as somebody who may do everything.
Beside it, in the same run, is the time of the smallest page: what the guard, the session and the frame cost by themselves.

``first`` is the first time that a process answers for an address, its templates loaded beforehand as ``openline serve`` does;
``cpu`` the least that the process worked for it (a busy machine stretches the clock, and not this); ``held`` the longest that
nothing else in the process got its turn, over all rounds. Forms that lead to a page stand below, marked POST.
``--many``: ten members of staff click at once, over HTTP, and the slowest twentieth is shown.
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
from typing import Any, NamedTuple

import httpx
import psutil
import uvicorn
from fastapi.routing import APIRoute
from ground import ENGINES, store, table
from ground.district import SURVEY, fill
from ground.forms import forms
from ground.routes import every
from ground.turns import Turns
from pydantic import SecretStr
from sqlalchemy import select

from bot import appointing, staff
from bot.app import App, opened
from bot.settings import Settings
from bot.store.database import connect
from bot.store.tables import alerts, answers, messages, people
from bot.warming import warm
from bot.web.app import create

GOAL = 300
ROUNDS = 5
MANY = 10
CLICKS = 12
OFTEN = (
    "/",
    "/inbox",
    f"/findings/{SURVEY}",
    "/people",
    "/campaigns",
    "/coding",
    "/translations",
    "/surveys",
)
"""Where ten members of staff click about."""
HTML = 200_000
HOME = "https://bench.riverbend.invalid"
LEAVE = ("/api", "/in/", "/static", "/signin", "/healthz", "/live")
"""What is no page of the staff's, or never ends."""


class Measured(NamedTuple):
    """One address: milliseconds of the first time and of each round, the least CPU, the longest wait of others, bytes."""

    path: str
    status: int
    first: float
    times: list[float]
    cpu: float
    held: float
    size: int


async def measure(url: str, *, many: bool) -> list[Measured]:
    """Every page and form; with ``many`` the pages that are often open, with ten who click at once."""
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
        began = time.perf_counter()
        await asyncio.to_thread(warm, *web.state.warm)
        print(f"  warm after {time.perf_counter() - began:.1f} s, {_memory()}", file=sys.stderr)
        async with app.database.begin() as db:
            member, _ = await appointing.admit(
                db, app.clock(), None, "bench@riverbend.invalid", "Bench", "admin"
            )
            session = await staff.open_session(db, app.clock(), member, timedelta(days=1))
        cookies = {"__Host-openline": session.token}
        if many:
            return await _many(web, cookies)
        paths = await addresses_of(app, web)
        transport = httpx.ASGITransport(app=web, raise_app_exceptions=False)
        async with (
            Turns() as turns,
            httpx.AsyncClient(transport=transport, base_url=HOME, cookies=cookies, timeout=120) as client,
        ):
            await client.get(f"/findings/{SURVEY}")
            await app.at_hand.settled()  # the first numbers are reckoned beside the pages
            measured = [await _one(path, partial(client.get, path), turns) for path in paths]
            headers = {"Sec-Fetch-Site": "same-origin", "Origin": HOME}
            for path, data, files in forms(session.csrf):
                send = partial(client.post, path, data=data, files=files, headers=headers)
                measured.append(await _one(f"POST {path}", send, turns))
        print(f"  after all pages: {_memory()}", file=sys.stderr)
        return measured


async def _one(path: str, ask: Any, turns: Turns) -> Measured:
    turns.begin()
    start = time.perf_counter()
    await ask()
    first = (time.perf_counter() - start) * 1000
    times, least, answer = [], float("inf"), None
    for _ in range(ROUNDS):
        start, worked = time.perf_counter(), time.process_time()
        answer = await ask()
        times.append((time.perf_counter() - start) * 1000)
        least = min(least, (time.process_time() - worked) * 1000)
    assert answer is not None
    return Measured(path, answer.status_code, first, times, least, turns.longest, len(answer.content))


async def _many(web: Any, cookies: Mapping[str, str]) -> list[Measured]:
    """Ten members of staff, each from page to page without a pause, over HTTP; all times of each page."""
    server = uvicorn.Server(uvicorn.Config(web, "127.0.0.1", 0, log_config=None, access_log=False))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has nothing else to wait on
        await asyncio.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    times: dict[str, list[float]] = {path: [] for path in OFTEN}
    sizes: dict[str, tuple[int, int]] = {}
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}

    async def member(number: int) -> None:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=120
        ) as client:
            for click in range(CLICKS):
                path = OFTEN[(number + click) % len(OFTEN)]
                start = time.perf_counter()
                answer = await client.get(path)
                times[path].append((time.perf_counter() - start) * 1000)
                sizes[path] = answer.status_code, len(answer.content)

    async with Turns() as turns:
        await member(0)  # once alone
        for held in times.values():
            held.clear()
        turns.begin()
        worked = time.process_time()
        await asyncio.gather(*(member(number) for number in range(MANY)))
        each = (time.process_time() - worked) * 1000 / (MANY * CLICKS)
    server.should_exit = True
    await serving
    return [
        Measured(path, sizes[path][0], held[0], held, each, turns.longest, sizes[path][1])
        for path, held in times.items()
    ]


def _memory() -> str:
    return f"{psutil.Process().memory_info().rss / 2**20:.0f} MB"


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
    many = "--many" in sys.argv
    worst = 0.0
    for engine in [one for one in sys.argv[1:] if not one.startswith("-")] or ENGINES:
        with store(engine) as url:
            measured = asyncio.run(measure(url, many=many))
        least = min(median(one.times) for one in measured if one.status == 200)
        rows = []
        for one in sorted(measured, key=lambda one: -median(one.times)):
            shown = one.path if len(one.path) < 70 else f"{one.path[:40]}…{one.path[-24:]}"
            middle, late = median(one.times), sorted(one.times)[int(len(one.times) * 0.95)]
            figures = (one.first, middle, late, one.cpu, one.held, one.size / 1000)
            rows.append(
                [shown, str(one.status), *(f"{figure:.0f}" for figure in figures), f"{middle / least:.1f}"]
            )
            worst = max(worst, median(one.times))
        how = f"{MANY} members of staff at once" if many else f"{ROUNDS} rounds"
        print(f"\n{engine}: 20,000 people, 100,000 answers; milliseconds at the server, {how}")
        table(["page", "status", "first", "median", "p95", "cpu", "held", "kB", "× smallest"], rows)
    print(f"\nslowest page {worst:.0f} ms; the goal is {GOAL} ms for every one")


if __name__ == "__main__":
    main()
