"""What runs beside the web: sending, campaigns, coding, ticks, polling. Any number of processes may do it on PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from channels.base import Channel
from channels.telegram import Telegram

from . import alerts, duties
from .anonymity import cut
from .app import App
from .glossary import WORDLIST
from .importing.uploads import forget_old
from .reconcile import reconcile
from .reminders import remind

log = structlog.get_logger(__name__)

TICK = 10
"""Seconds between looks for sends that were cut short."""
LOOK = 60.0
"""Seconds between looks for something that the coder can learn."""
FRESH = 20.0
"""Seconds between looks whether findings are others by now."""
IDLE = 2.0
"""Seconds between looks for answers to code when nothing wakes us."""


async def work(app: App, *, every: float = TICK, coding: bool = True) -> None:
    """Work until cancelled; what is under way is then finished and recorded.

    ``every`` is how many seconds lie between looks for sends that were cut short; without ``coding`` nothing is coded
    or translated here.
    """
    await app.database.wake.listen()
    ticks = AsyncIOScheduler(timezone="UTC")
    # The tick holds no state: what is due is in the rows, so any worker may run it, and a missed one is no loss.
    ticks.add_job(
        _tick, "interval", [app], seconds=every, coalesce=True, max_instances=1, misfire_grace_time=None
    )
    ticks.start()
    try:
        async with asyncio.TaskGroup() as tasks:
            for outbox in app.outboxes():
                tasks.create_task(outbox.run())
            tasks.create_task(app.dispatch().run())
            tasks.create_task(_numbers(app))
            if coding:
                tasks.create_task(_code(app))
                tasks.create_task(_interpret(app))
                tasks.create_task(_learn(app))
            telegram = app.channels.get("telegram")
            if app.settings.telegram_polling and isinstance(telegram, Telegram):
                tasks.create_task(_poll(app, telegram))
    finally:
        ticks.shutdown(wait=False)


async def _tick(app: App) -> None:
    # The end of the process may come in the middle of one. Nothing failed: what is left is due at the next.
    with suppress(asyncio.CancelledError):
        await tick(app)


async def tick(app: App) -> None:
    """What is due by the clock: alerts first, sends that were cut short, reminders, answers to cut from people.

    What fails is tried again at the next tick, and keeps nothing else from being done.
    """
    await app.database.wake.listen()
    now = app.clock()
    on_call = alerts.parse(app.settings.on_call)
    due: list[tuple[str, Callable[[], Awaitable[object]]]] = [
        ("phrases", lambda: _phrases(app)),
        (
            "alerts",
            lambda: alerts.tell(app.database, on_call, now, app.new_id, f"{app.settings.public_url}/alerts"),
        ),
        ("duties", lambda: duties.look(app.database, app.books, app.settings.duty_roles, now, app.new_id)),
        *((channel.name, partial(_reconcile, app, channel)) for channel in app.channels.values()),
        ("reminders", lambda: remind(app.database, app.shelf, app.desk, now, country=app.settings.country)),
        ("anonymity", lambda: cut(app.database, now, app.new_id)),
        ("uploads", lambda: _uploads(app)),
    ]
    for name, look in due:
        try:
            await look()
        except Exception as error:  # its own words may be somebody's
            log.error("tick failed; trying again", part=name, error=type(error).__name__)


async def _phrases(app: App) -> None:
    async with app.database.read() as db:
        await app.desk.phrasebook.current(db, app.clock())
        await WORDLIST.current(db, app.clock())


async def _uploads(app: App) -> None:
    async with app.database.begin() as db:
        await forget_old(db, app.clock())


async def _reconcile(app: App, channel: Channel) -> None:
    await reconcile(
        app.database,
        channel,
        app.clock,
        app.new_id,
        grace=timedelta(seconds=app.settings.grace_seconds),
        lease=timedelta(seconds=app.settings.lease_seconds),
        policy=app.settings.uncertain,
    )


async def _code(app: App) -> None:
    """Themes and languages of what was said, which wait for nobody."""
    await _whenever(app, [app.coding.code, app.interpreter.read])


async def _numbers(app: App) -> None:
    """The findings that people look at these days are kept fresh, so that no page has to wait for them."""
    while True:
        await asyncio.sleep(FRESH)
        try:
            await app.at_hand.turn()
        except Exception as error:  # its own words may be somebody's
            log.error("reckoning failed; trying again", error=type(error).__name__)


async def _learn(app: App) -> None:
    """What people have decided teaches the coder, beside its work."""
    while True:
        await asyncio.sleep(LOOK)
        try:
            if await app.learning.step():
                app.database.wake.now()
        except Exception as error:  # its own words may be somebody's
            log.error("learning failed; trying again", error=type(error).__name__)


async def _interpret(app: App) -> None:
    """Translations, by themselves: a translator may take a minute to say nothing."""
    await _whenever(app, [app.interpreter.translate])


async def _whenever(app: App, looks: Sequence[Callable[[], Awaitable[int]]]) -> None:
    """One batch of each in turn, the first one first, while there are any; then when something wakes us, or soon."""
    with app.database.wake.waiter() as woken:
        while True:
            woken.clear()
            try:
                while await _any(looks):
                    pass
            except Exception as error:  # its own words may be somebody's
                log.error("coding failed; trying again", error=type(error).__name__)
                await asyncio.sleep(IDLE)
            try:
                async with asyncio.timeout(IDLE):
                    await woken.wait()
            except TimeoutError:
                pass


async def _any(looks: Sequence[Callable[[], Awaitable[int]]]) -> bool:
    for look in looks:
        if await look():
            return True
    return False


async def _poll(app: App, telegram: Telegram) -> None:
    offset, begun = 0, False
    while True:
        try:
            if not begun:
                await telegram.remove_webhook()  # Telegram gives nothing to a poller while one is set
                begun = True
            events, following = await telegram.poll(offset)
            await app.inbox.hear(events)
            offset = following  # only now: what is not stored is fetched again
        except Exception as error:
            log.warning("polling failed; trying again", error=type(error).__name__)
            await asyncio.sleep(IDLE)
