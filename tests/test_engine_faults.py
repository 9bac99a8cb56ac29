"""A dead, a slow and a failing translation server delay no conversation and lose no reply: the real service, real servers."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager

import pytest
import structlog
from engine_world import TranslationServer, dead_address
from sqlalchemy import func, select
from structlog.testing import capture_logs

from bot.app import opened
from bot.settings import Settings
from bot.store.tables import answers, messages, translations
from bot.translation import Libre
from bot.translation.breaker import Breaker
from bot.work import work
from channels.base import Received

REPLY = "la guagua nunca pasa a tiempo, familia {n}"
FAMILIES = 12


class Phone:
    """A provider that takes everything; keeps when."""

    name = "sms"

    def __init__(self):
        self.sent = []

    async def send(self, address, text, key=None, **_):
        self.sent.append((address, text))
        return f"SM-out-{len(self.sent)}"

    async def close(self):
        pass


@asynccontextmanager
async def service(url, clock, cache, address, **given):
    settings = Settings(
        _env_file=None,
        database_url=url,
        cache_folder=cache,
        allow_drafts=True,
        language_menu=False,
        join_seconds=0,
        sms_rate=0,
        libretranslate_url=address,
        **given,
    )
    async with opened(settings, clock=clock, channels={}) as app:
        yield app


@asynccontextmanager
async def working(app):
    task = asyncio.create_task(work(app, every=3600))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def say(app, n, step, text):
    """A family writes; gives how many seconds it took until the next question was queued."""
    began = time.perf_counter()
    await app.inbox.hear(
        [Received("sms", f"SM-{n}-{step}", f"+1503555{n:04}", "+15035550100", text, language="es")]
    )
    return time.perf_counter() - began


async def count(app, what, *where):
    async with app.database.read() as db:
        return (await db.execute(select(func.count()).select_from(what).where(*where))).scalar_one()


async def until(there, seconds=40):
    """Less than the minute that an engine is given."""
    async with asyncio.timeout(seconds):
        while not await there():
            await asyncio.sleep(0.05)


async def families_write(app, some=range(FAMILIES)):
    """Each of them answers the survey's first questions, all at the same time."""
    took = []
    for step, text in enumerate(["START", "3", REPLY, "más guaguas"]):
        took += await asyncio.gather(*(say(app, n, step, text.format(n=n)) for n in some))
    return took


async def translated(app):
    return await count(app, translations, translations.c.text.is_not(None))


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """What the coder has learned, kept from one test to the next."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
async def server():
    ours = TranslationServer()
    listener = await asyncio.start_server(ours.answer, "127.0.0.1", 0)
    ours.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    yield ours
    listener.close()
    await ours.stop()


@pytest.mark.parametrize("mood", ["dead", "never", 500])
async def test_families_are_answered_and_their_words_coded_whatever_the_translator_does(
    sqlite_url, clock, cache, server, mood
):
    address = await dead_address() if mood == "dead" else server.url
    server.mood = mood

    async with service(sqlite_url, clock, cache, address) as app, working(app):
        took = await families_write(app, range(FAMILIES // 2))
        await until(lambda: _coded(app))
        if mood != "dead":
            await until(lambda: _asked(server))  # from here on the translator is being waited for
        took += await families_write(app, range(FAMILIES // 2, FAMILIES))
        await until(lambda: _coded(app))
        said = await count(app, answers, answers.c.heard.like("%guagua%"))
        asked = await count(app, messages, messages.c.direction == "out")

        assert said >= FAMILIES
        assert asked >= 4 * FAMILIES  # each thing said was answered
        assert max(took) < 3.0
        assert await translated(app) == 0


async def _coded(app):
    return not await count(app, answers, answers.c.code_at.is_not(None))


@pytest.mark.parametrize("mood", ["never", 500])
async def test_what_was_said_while_the_translator_was_ill_is_translated_when_it_is_well(
    url, clock, cache, server, mood
):
    server.mood = mood
    async with service(url, clock, cache, server.url) as app:
        async with working(app):
            await families_write(app)
            await until(lambda: _coded(app))
            await until(lambda: _asked(server))
        before = await translated(app)
        server.mood = "well"

    async with service(url, clock, cache, server.url) as app:  # started anew, as after a fault
        clock.forward(minutes=25)
        await app.coding.finish()
        for _ in range(20):
            if not await app.interpreter.translate():
                break
        async with app.database.read() as db:
            found = set((await db.execute(select(translations.c.text))).scalars())

    assert before == 0
    assert {f"en({REPLY.format(n=n)})" for n in range(FAMILIES)} <= found


async def _asked(server):
    return bool(server.asked)


async def test_nobodys_words_are_in_the_log_while_it_fails(sqlite_url, clock, cache, server, capfd):
    server.mood = 500
    structlog.reset_defaults()

    with capture_logs() as logs:
        async with service(sqlite_url, clock, cache, server.url) as app, working(app):
            await families_write(app)
            await until(lambda: _logged(logs))

    printed = capfd.readouterr()
    assert "guagua" not in f"{logs}{printed.out}{printed.err}"
    assert any("HTTP 500" in str(entry) for entry in logs)


async def _logged(logs):
    return any(entry["event"] == "not translated yet" for entry in logs)


async def test_a_second_engine_stands_in_for_one_that_is_dead(sqlite_url, clock, cache, server):
    """The order names two: here both are servers, one of them gone."""
    gone = Breaker(Libre(await dead_address()))
    given = Settings(
        _env_file=None, database_url=sqlite_url, cache_folder=cache, allow_drafts=True, language_menu=False,
        libretranslate_url=server.url,
    )  # fmt: skip
    async with opened(given, clock=clock, channels={}, translators=[gone]) as app, working(app):
        await families_write(app)
        await until(lambda: _all_there(app))

    assert len([text for texts in server.sent for text in texts]) >= FAMILIES


async def _all_there(app):
    return await translated(app) >= FAMILIES
