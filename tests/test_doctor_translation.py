"""openline doctor about translation: engines that answer, that do not, that are not our own, and languages that none has."""

from __future__ import annotations

import time

import pytest
import structlog
from engine_world import dead_address, served
from stamina.instrumentation import get_on_retry_hooks, set_on_retry_hooks

from bot import logs
from bot.doctor import translation
from bot.settings import Settings


async def looked(**given):
    return {one.what: one.state for one in await translation.look(Settings(_env_file=None, **given))}


@pytest.fixture
async def server():
    async with served() as one:
        yield one


async def test_without_an_engine_it_is_a_note():
    (what,) = (await looked()).items()

    assert what == ("no translator: quotes show the original words and say 'not translated yet'", "note")


async def test_an_engine_that_answers_is_good_and_gets_made_up_words_once(server):
    server.languages = ["en", "es", "ht", "pt", "vi", "zh-Hans", "ar", "fr"]

    found = await looked(libretranslate_url=server.url)

    assert next((what[:32], state) for what, state in found.items()) == (
        "translation by libre answers, in",
        "good",
    )
    assert server.sent == [["El autobús llega tarde."]]


async def test_languages_that_nobody_translates_are_told(server):
    server.languages = ["en", "es", "pt", "vi", "zh-Hans", "ar", "fr"]

    found = await looked(libretranslate_url=server.url)

    (told,) = (what for what in found if "no engine translates" in what)
    assert "ht" in told
    assert "es" not in told.split(": ")[1].split(", ")


async def test_a_dead_engine_is_told_and_a_silent_one_keeps_nobody_waiting(server, monkeypatch):
    monkeypatch.setattr(translation, "PATIENCE", 0.3)
    server.mood = "never"
    began = time.monotonic()

    silent = await looked(libretranslate_url=server.url)
    dead = await looked(libretranslate_url=await dead_address())

    assert time.monotonic() - began < 5
    assert next(iter(silent.items())) == ("translation by libre: no answer in 0 s", "bad")
    assert [state for what, state in dead.items() if "translation by libre" in what] == ["bad"]


async def test_an_engine_that_is_down_is_not_asked_for_each_language(monkeypatch):
    asked = []

    async def known(order, made, tag):
        asked.append(tag)

    monkeypatch.setattr(translation, "_known", known)

    found = await looked(libretranslate_url=await dead_address())

    assert any("translation by libre fails" in what for what in found)
    assert asked == []


def test_a_command_does_not_log_each_try_of_a_request():
    try:
        logs.configure(quiet=True)
        assert get_on_retry_hooks() == ()
        logs.configure()
        assert get_on_retry_hooks() != ()
    finally:
        set_on_retry_hooks(None)
        structlog.reset_defaults()


async def test_a_server_without_our_languages_is_of_no_use(server):
    server.languages = ["en", "de"]

    found = await looked(libretranslate_url=server.url)

    assert [state for what, state in found.items() if "has none of es, pt" in what] == ["bad"]


async def test_a_half_set_up_is_bad_and_says_what_is_missing():
    (one,) = await translation.look(Settings(_env_file=None, translators="deepl"))

    assert (one.state, "OPENLINE_TRANSLATOR_KEYS" in one.cure) == ("bad", True)


async def test_an_engine_of_somebody_elses_is_a_note(server):
    found = await looked(libretranslate_url=server.url, libretranslate_ours=False)

    assert found["texts go to libre, which is not your own"] == "note"
