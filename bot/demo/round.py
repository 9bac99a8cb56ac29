"""Plays a whole listening round on this computer: real HTTP, made-up people, stand-ins for the two providers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from socket import socket
from typing import Any, TypeVar

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

import survey_flows
from analysis.summary import Summary
from channels.telegram import Telegram
from survey_flows import Survey

from ..app import App, opened
from ..outreach.ask import ask
from ..settings import Settings
from ..store import answers as due
from ..store import queue
from ..store.database import connect, normal_url
from ..store.migrate import migrate
from ..store.tables import answers
from ..store.tables import people as persons
from ..translation import Glossary
from ..web import app as web
from ..work import work
from . import accounts, content, loopback, rows
from .accounts import Accounts
from .cast import Person, cast
from .crowd import PACE, Crowd

SEED = 21
SURVEY = "getting-to-school"
DATABASE = "sqlite:///var/demo.db"
ACCOUNT = "AC" + "0" * 32
NUMBER = "+16175550100"
SECRET = "the-demo-has-no-secrets"  # noqa: S105  # it guards doubles that only this computer can reach
BOT = f"700000:{SECRET}"
MOST = 300.0
"""Seconds after which a phase that has not ended has failed."""
LOOK = 0.1
"""Seconds between looks at the store."""

T = TypeVar("T")

Progress = Callable[[str, int, int], object]
"""Is told (phase, done, of how many); the phases are asking, hearing, coding."""


class RoundFailed(RuntimeError):  # noqa: N818
    """The round did not come to its end. The text says in which phase, and what was left."""


class Apart(Settings):
    """The demo's settings. Nothing of the operator's environment reaches it: no account, no server, no database."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


@dataclass(frozen=True)
class Outcome:
    """What came of a round. ``replies`` counts the different made-up replies; ``seconds`` is the time of each phase."""

    summary: Summary
    accounts: Accounts
    people: int
    replies: int
    seconds: Mapping[str, float]

    @property
    def good(self) -> bool:
        """Whether every message is accounted for."""
        return not self.accounts.problems


@dataclass(frozen=True)
class Stage:
    """A round that is over, still being served at ``address``."""

    app: App
    address: str
    crowd: Crowd
    outcome: Outcome


async def play(**how: Any) -> Outcome:
    """Play a round and close everything again. ``how`` is as for ``stage``, and so are the errors."""
    async with stage(**how) as staged:
        return staged.outcome


@asynccontextmanager
async def stage(
    *,
    settings: Mapping[str, Any] | None = None,
    seed: int = SEED,
    people: Sequence[Person] | None = None,
    pace: float = PACE,
    port: int = 0,
    progress: Progress = lambda phase, done, of: None,
) -> AsyncIterator[Stage]:
    """Play a round, and keep serving its pages until the block ends.

    ``settings`` overrides the demo's own (a ``database_url`` given here is neither emptied nor removed and must be
    empty); ``people`` stands in for the whole cast; ``pace`` is how many seconds a minute of theirs takes; ``port`` is
    where the pages are, 0 for any. Raises RoundFailed, and OSError for a port that is taken.
    """
    survey, replies = survey_flows.library(SURVEY), content.replies()
    everyone = cast(content.world(), replies, survey, Random(seed)) if people is None else people  # noqa: S311
    crowd = Crowd(everyone, survey, account=ACCOUNT, token=SECRET, bot=BOT, number=NUMBER, pace=pace)
    glossary = Glossary(content.entries(replies, Random(seed)))  # noqa: S311
    async with AsyncExitStack() as stack:
        pages = stack.enter_context(closing(loopback.listener(port)))
        twilio = stack.enter_context(closing(loopback.listener()))
        telegram = stack.enter_context(closing(loopback.listener()))
        made = _settings(pages, twilio, telegram, settings or {})
        if made.database_url == DATABASE:
            _remove(made.database_url)
        await stack.enter_async_context(loopback.serving(crowd.twilio, twilio))
        await stack.enter_async_context(loopback.serving(crowd.telegram, telegram))
        await _migrate(made.database_url)
        app = await stack.enter_async_context(opened(made, translators=[glossary]))
        await stack.enter_async_context(loopback.serving(web.create(app), pages))
        stack.push_async_callback(crowd.close)
        crowd.twilio.target = made.public_url
        channel = app.channels["telegram"]
        assert isinstance(channel, Telegram)
        await channel.register_webhook(made.public_url)
        await rows.enter(app, everyone)
        worker = await stack.enter_async_context(_working(app))
        outcome = await _beside(
            worker, _round(app, crowd, survey, {reply.text for reply in replies}, progress)
        )
        yield Stage(app, made.public_url, crowd, outcome)


def _settings(pages: socket, twilio: socket, telegram: socket, given: Mapping[str, Any]) -> Settings:
    own: dict[str, Any] = {
        "database_url": DATABASE,
        "public_url": loopback.address(pages),
        "organization": content.world()["district"],
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_token": SECRET,
        "twilio_from": NUMBER,
        "twilio_base_url": loopback.address(twilio),
        "telegram_token": BOT,
        "telegram_secret": SECRET,
        "telegram_base_url": loopback.address(telegram),
        "start_survey": SURVEY,
        "allow_drafts": True,  # every translation of the demo is a machine's draft, and says so
    }
    return Apart(**own | dict(given))


async def _round(app: App, crowd: Crowd, survey: Survey, replies: set[str], progress: Progress) -> Outcome:
    seconds: dict[str, float] = {}
    for name, phase in (("asking", _asking), ("hearing", _hearing), ("coding", _coding)):
        began = time.perf_counter()
        try:
            async with asyncio.timeout(MOST):
                await phase(app, crowd, survey, progress)
        except TimeoutError:
            left = await _open(app)
            raise RoundFailed(
                f"{name} took longer than {MOST:.0f} s; messages still to be sent: {left}"
            ) from None
        seconds[name] = time.perf_counter() - began
    summary = await app.findings(SURVEY)
    if summary is None:
        raise RoundFailed("nobody was asked")
    said = {text for _, text in crowd.said} & replies
    return Outcome(summary, await accounts.check(app, crowd), len(crowd.parts), len(said), seconds)


async def _asking(app: App, crowd: Crowd, survey: Survey, progress: Progress) -> None:
    """Families are asked; students open the line themselves. Ends when every first message has left."""
    total = len(crowd.parts)
    hear = sum(len(part.person.script) + len(part.person.afterwards) for part in crowd.parts.values())
    crowd.on_word = lambda: progress("hearing", min(len(crowd.said), hear), hear)
    students = [part.person for part in crowd.parts.values() if part.person.channel == "telegram"]
    async with asyncio.TaskGroup() as starting:
        for student in students:
            starting.create_task(crowd.start(student))
        await ask(app, survey, ["sms"])
        while (reached := crowd.reached) < total:
            progress("asking", reached, total)
            await asyncio.sleep(LOOK)
    progress("asking", total, total)


async def _hearing(app: App, crowd: Crowd, _: Survey, progress: Progress) -> None:
    """Until nobody has anything left to say, and nothing is left to send."""
    while True:
        taken = crowd.taken
        await crowd.rest()
        if not await _open(app) and crowd.taken == taken:
            return
        await asyncio.sleep(LOOK)


async def _coding(app: App, _: Crowd, __: Survey, progress: Progress) -> None:
    """Until the worker has coded every open answer and looked up its English."""
    while True:
        async with app.database.read() as db:
            left = await _count(db, answers.c.code_at.is_not(None))
            total = left + await _count(db, answers.c.coder.is_not(None))
            untranslated = await due.waiting(db, "translate_at", app.clock())
        progress("coding", total - left, total)
        if not left and not untranslated:
            return
        await asyncio.sleep(LOOK)


async def _count(db: AsyncConnection, which: ColumnElement[bool]) -> int:
    return int((await db.execute(select(func.count()).select_from(answers).where(which))).scalar_one())


async def _open(app: App) -> int:
    async with app.database.read() as db:
        counted = await queue.counts(db)
    return sum(n for (_, state), n in counted.items() if state in ("queued", "sending", "uncertain"))


async def _migrate(url: str) -> None:
    database = connect(url)
    try:
        await migrate(database)
        async with database.read() as db:
            if (await db.execute(select(persons.c.id).limit(1))).first():
                raise RoundFailed("the database holds people already; the demo wants an empty one of its own")
    finally:
        await database.close()


def _remove(url: str) -> None:
    file = normal_url(url).database
    for name in (f"{file}", f"{file}-wal", f"{file}-shm"):
        Path(name).unlink(missing_ok=True)


@asynccontextmanager
async def _working(app: App) -> AsyncIterator[asyncio.Task[None]]:
    """The worker, for the length of the block."""
    task = asyncio.create_task(work(app))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _beside(worker: asyncio.Task[None], doing: Coroutine[Any, Any, T]) -> T:
    """The result of ``doing``; raises what the worker raised, should that end before."""
    task = asyncio.create_task(doing)
    try:
        await asyncio.wait({task, worker}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            worker.result()
            raise RoundFailed("the worker stopped before the round was over")
        return task.result()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
