"""Plays a whole listening round on this computer: real HTTP, made-up people, stand-ins for the two providers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar

import httpx

import survey_flows
from analysis.summary import Summary
from channels.telegram import Telegram
from survey_flows import Survey

from ..app import App, opened
from ..translation import Glossary
from ..web import app as web
from ..work import work
from . import accounts, apart, content, loopback, phases, rows
from .accounts import Accounts
from .cast import Person, cast
from .crowd import PACE, Crowd
from .phases import Progress
from .stutter import NotTaken

SEED = 21
SURVEY = "getting-to-school"
MOST = 300.0
"""Seconds after which a phase that has not ended has failed."""

T = TypeVar("T")


class RoundFailed(RuntimeError):  # noqa: N818
    """The round did not come to its end. The text says in which phase, and what was left."""


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
    crowd = Crowd(everyone, survey, account=apart.ACCOUNT, token=apart.SECRET, bot=apart.BOT,
                  number=apart.NUMBER, pace=pace)  # fmt: skip
    glossary = Glossary(content.entries(replies, Random(seed)))  # noqa: S311
    async with AsyncExitStack() as stack:
        pages, twilio, telegram = (loopback.listener(number) for number in (port, 0, 0))
        for each in (pages, twilio, telegram):
            stack.enter_context(closing(each))
        made = apart.settings(
            loopback.address(pages), loopback.address(twilio), loopback.address(telegram), settings or {}
        )
        if not await apart.prepare(made.database_url):
            raise RoundFailed("the database holds people already; the demo wants an empty one of its own")
        await stack.enter_async_context(loopback.serving(crowd.twilio, twilio))
        await stack.enter_async_context(loopback.serving(crowd.telegram, telegram))
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


async def _round(app: App, crowd: Crowd, survey: Survey, replies: set[str], progress: Progress) -> Outcome:
    seconds: dict[str, float] = {}
    steps: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
        "asking": lambda: phases.asking(app, crowd, survey, progress),
        "hearing": lambda: phases.hearing(app, crowd),
        "coding": lambda: phases.coding(app, progress),
    }
    for name, phase in steps.items():
        began = time.perf_counter()
        try:
            async with asyncio.timeout(MOST):
                await phase()
        except TimeoutError:
            left = await phases.waiting(app)
            raise RoundFailed(
                f"{name} took longer than {MOST:.0f} s; messages still to be sent: {left}"
            ) from None
        except (NotTaken, httpx.HTTPError) as error:
            raise RoundFailed(f"{name}: {type(error).__name__} {error}") from error
        seconds[name] = time.perf_counter() - began
    summary = await app.findings(SURVEY)
    if summary is None:
        raise RoundFailed("nobody was asked")
    said = {text for _, text in crowd.said} & replies
    return Outcome(summary, await accounts.check(app, crowd), len(crowd.parts), len(said), seconds)


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
