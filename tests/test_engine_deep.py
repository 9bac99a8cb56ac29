"""deep-translator's providers behind their guard: against a server of our own that stands in for theirs."""

from __future__ import annotations

import asyncio
import importlib
import subprocess
import sys
import time

import pytest
from engine_world import dead_address, served

from bot.translation import Failed, Translated, order
from bot.translation.deep import PROVIDERS, Deep, Provider
from bot.translation.threads import Threads

WORDS = "la guagua no pasó"


@pytest.fixture
async def server():
    async with served() as one:
        yield one


def deep(url, **given):
    return Deep(PROVIDERS["deep-libre"], {"url": url}, **{"timeout": 0.4, "deadline": 3.0} | given)


def talking(translate, **given):
    """An engine whose provider is a function."""

    class Talker:
        def translate(self, text):
            return translate(text)

    provider = Provider("made-up", "libre", lambda m, pair, keys: Talker(), 100, "LIBRE_LANGUAGES_TO_CODES")
    return Deep(provider, {}, **{"deadline": 3.0} | given)


async def test_texts_are_translated_one_by_one_and_say_by_whom(server):
    found = await deep(server.url).translate(["hola", "adiós", "hola", "👍"], "es-MX", "en")

    assert found == [
        Translated("en(hola)", "machine:deep-libre"),
        Translated("en(adiós)", "machine:deep-libre"),
        Translated("en(hola)", "machine:deep-libre"),
        None,
    ]
    assert len(server.asked) == 2


async def test_the_text_goes_to_the_server_that_was_named_with_or_without_a_slash(server):
    await deep(server.url).translate(["hola"], "es", "en")
    await deep(server.url + "/").translate(["hola"], "es", "en")

    assert [asked.path for asked in server.asked] == ["/translate", "/translate"]


async def test_a_pair_that_the_library_does_not_know_is_not_sent(server):
    assert await deep(server.url).translate(["bis la"], "ht", "en") == [None]
    assert server.asked == []


@pytest.mark.parametrize("mood", [403, 429, 500, "html", "garbage", "empty", "cut", "never"])
async def test_of_an_error_only_its_kind_goes_on(server, mood):
    server.mood = mood

    with pytest.raises(Failed) as failed:
        await deep(server.url).translate([WORDS], "es", "en")

    assert failed.value.__suppress_context__
    assert all(word not in repr(failed.value) for word in ("guagua", "none", "http"))


async def test_an_error_that_holds_the_words_keeps_them():
    address = await dead_address()

    with pytest.raises(Failed) as failed:
        await deep(address).translate([WORDS], "es", "en")

    assert str(failed.value) == "deep-libre: ConnectionError"


async def test_a_server_that_never_answers_costs_the_deadline_and_gives_its_thread_back(server):
    server.mood = "never"
    engine = deep(server.url, timeout=0.6, deadline=0.2, threads=1)
    began = time.monotonic()

    with pytest.raises(Failed, match="too slow"):
        await engine.translate([WORDS], "es", "en")
    waited = time.monotonic() - began
    with pytest.raises(Failed, match="every thread"):
        await engine.translate([WORDS], "es", "en")
    server.mood = "well"
    await asyncio.sleep(0.8)

    assert waited < 0.5
    assert [one.text for one in await engine.translate(["hola"], "es", "en")] == ["en(hola)"]


async def test_none_from_the_library_is_none_and_not_the_word_none():
    engine = talking(lambda text: None if text == "uno" else text.upper())

    found = await engine.translate(["uno", "dos"], "es", "en")

    assert found == [None, Translated("DOS", "machine:made-up")]


async def test_a_text_too_long_for_the_provider_goes_in_pieces():
    seen = []
    engine = talking(lambda text: seen.append(text) or text)
    text = "La guagua llega tarde. " * 20

    (found,) = await engine.translate([text], "es", "en")

    assert max(map(len, seen)) <= 100
    assert found.text == text


async def test_what_came_before_a_failure_is_not_lost():
    def second_fails(text):
        if text == "dos":
            raise RuntimeError(f"cannot: {text}")
        return text.upper()

    with pytest.raises(Failed, match="made-up: RuntimeError") as failed:
        await talking(second_fails).translate(["uno", "dos", "tres"], "es", "en")

    assert [one and one.text for one in failed.value.found] == ["UNO", None, None]


async def test_a_thread_left_behind_stops_at_its_next_text():
    seen = []

    def slow(text):
        seen.append(text)
        time.sleep(0.15)
        return text

    with pytest.raises(Failed) as failed:
        await talking(slow, deadline=0.2).translate([f"n{n}x" for n in range(50)], "es", "en")
    await asyncio.sleep(0.5)

    assert len(seen) <= 3
    assert failed.value.found[0] is not None


async def test_the_loop_goes_on_while_a_provider_is_slow():
    engine = talking(lambda text: time.sleep(0.3) or text)
    asked = asyncio.create_task(engine.translate(["hola"], "es", "en"))

    began = time.monotonic()
    for _ in range(10):
        await asyncio.sleep(0.001)

    assert time.monotonic() - began < 0.2
    assert await asked


def test_a_hung_thread_does_not_keep_the_process_from_ending():
    program = (
        "import asyncio, time\n"
        "from bot.translation.threads import Threads\n"
        "async def main():\n"
        "    try: await Threads(1).run(lambda: time.sleep(600), 0.1)\n"
        "    except TimeoutError: print('left behind')\n"
        "asyncio.run(main())\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True, timeout=30
    )

    assert (done.stdout, done.returncode) == ("left behind\n", 0)


async def test_no_more_threads_than_allowed_run_at_once():
    threads = Threads(2)
    hung = [asyncio.create_task(threads.run(lambda: time.sleep(0.3), 2)) for _ in range(2)]
    await asyncio.sleep(0.05)

    with pytest.raises(Failed):
        await threads.run(lambda: None, 1)
    await asyncio.gather(*hung)

    assert await threads.run(lambda: 7, 1) == 7


async def test_microsoft_gets_the_key_in_a_header_and_the_text_in_the_body(server, monkeypatch):
    """Its list of languages comes from its server, when it is first needed."""
    module = importlib.import_module("deep_translator.microsoft")
    well = server._well

    def microsoft(asked):
        if asked.path == "/languages":
            named = {
                "es": "Spanish",
                "en": "English",
                "ht": "Haitian Creole",
                "zh-Hans": "Chinese Simplified",
            }
            return {"translation": {code: {"name": name} for code, name in named.items()}}
        if asked.path == "/translate":
            return [{"translations": [{"text": f"en({asked.json[0]['text']})", "to": "en"}]}]
        return well(asked)

    server._well = microsoft
    monkeypatch.setitem(module.BASE_URLS, "MICROSOFT_TRANSLATE", f"{server.url}/translate?api-version=3.0")
    engine = Deep(PROVIDERS["microsoft"], {"microsoft": "the-key", "microsoft-region": "eastus"}, timeout=1)
    timed = engine._module

    def aimed():
        at = timed()
        inner = at.requests
        monkeypatch.setattr(
            inner,
            "get",
            lambda url, **given: type(inner).get(inner, f"{server.url}/languages", **given),
            raising=False,
        )
        return at

    engine._module = aimed

    found = await engine.translate(["校车晚点了"], "zh-Hans", "en")

    sent = server.asked[-1]
    assert found == [Translated("en(校车晚点了)", "machine:microsoft")]
    assert sent.headers["ocp-apim-subscription-key"] == "the-key"
    assert sent.headers["ocp-apim-subscription-region"] == "eastus"
    assert sent.query["from"] == "zh-hans"
    assert "校" not in sent.target


@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_every_provider_is_one_that_can_be_named(name):
    provider = PROVIDERS[name]

    assert name in order.NAMES
    assert hasattr(importlib.import_module(f"deep_translator.{provider.module}"), "requests")


@pytest.mark.parametrize("name", ["qcri", "baidu", "google", "mymemory"])
async def test_arabic_and_english_are_in_every_providers_own_list(name):
    provider = PROVIDERS[name]
    keys = dict.fromkeys(provider.keys, "k")
    from bot.translation import tags

    pair = tags.known("ar", "en", await Deep(provider, keys).pairs(), provider.special)

    assert pair is not None
    talker = provider.make(importlib.import_module(f"deep_translator.{provider.module}"), pair, keys)
    assert hasattr(talker, "translate")


def test_the_tongues_of_families_have_codes_at_google():
    from deep_translator.constants import GOOGLE_LANGUAGES_TO_CODES

    from bot.translation import tags

    theirs = set(GOOGLE_LANGUAGES_TO_CODES.values())
    pairs = {(s, t) for s in theirs for t in theirs}
    special = PROVIDERS["google"].special
    for tag in ("es", "ht", "pt", "vi", "zh-Hans", "zh-Hant", "ar", "fr", "so", "tl", "fil", "he", "uk"):
        assert tags.known(tag, "en", pairs, special), tag
