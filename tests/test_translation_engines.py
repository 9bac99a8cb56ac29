"""Engines as the settings name them: their order, and servers in every mood. Nobody's words in an error, a log or an address."""

from __future__ import annotations

import asyncio
import logging
import time

import pytest
import stamina
from engine_world import HandTime, dead_address, served

from bot.settings import Settings
from bot.translation import Failed, Translated, engines, order
from bot.translation.base import has_words
from bot.translation.breaker import Breaker
from bot.translation.chain import Chain, Routed
from bot.translation.deepl import Deepl
from bot.translation.libre import Libre
from bot.translation.outside import Outside, mask, unmask
from bot.translation.pieces import Parcel, cut

WORDS = "la guagua no pasó"


@pytest.fixture
async def server():
    async with served() as one:
        yield one


@pytest.fixture
async def libre(server):
    made = Libre(server.url, timeout=0.5, deadline=3.0)
    yield made
    await made.close()


def words_of(found):
    return [one and one.text for one in found]


# --- a server in every mood ---


@pytest.mark.parametrize(
    "mood",
    ["html", "garbage", "binary", "empty", "none", "list", "short", "text", "number", "huge", "cut", "never", 401, 403, 404, 500, 503, 302],
)  # fmt: skip
async def test_whatever_a_server_answers_it_is_a_failure_without_our_words(server, libre, mood, caplog):
    caplog.set_level(logging.DEBUG)
    server.mood = mood

    with pytest.raises(Failed) as failed:
        await libre.translate([WORDS, "dos"], "es", "en")

    assert failed.value.__suppress_context__
    assert all("guagua" not in told for told in (str(failed.value), repr(failed.value), caplog.text))
    assert all("guagua" not in asked.target for asked in server.asked)


async def test_a_server_nobody_listens_at_fails_at_once():
    libre = Libre(await dead_address(), deadline=5.0)
    began = time.monotonic()

    with pytest.raises(Failed, match="ConnectError"):
        await libre.translate([WORDS], "es", "en")

    assert time.monotonic() - began < 2.0
    await libre.close()


@pytest.mark.parametrize("mood", ["never", "drip"])
async def test_a_slow_server_costs_the_deadline_and_no_more(server, mood):
    libre = Libre(server.url, timeout=30.0, deadline=0.4)
    server.mood = mood
    began = time.monotonic()

    with pytest.raises(Failed, match="too slow"):
        await libre.translate([WORDS], "es", "en")

    assert time.monotonic() - began < 1.5
    await libre.close()


async def test_the_wait_that_a_server_asks_for_is_kept(server, libre):
    server.headers = {"Retry-After": "1"}
    first = [429]
    server.mood = lambda asked: first.pop() if asked.method == "POST" and first else 200
    began = time.monotonic()

    with stamina.set_testing(False):
        found = await libre.translate([WORDS], "es", "en")

    assert words_of(found) == [f"en({WORDS})"]
    assert 1.0 <= time.monotonic() - began < 2.5


async def test_a_wait_beyond_the_deadline_is_not_waited_for(server):
    libre = Libre(server.url, deadline=0.5)
    server.headers = {"Retry-After": "3600"}
    server.mood = lambda asked: 429 if asked.method == "POST" else 200
    began = time.monotonic()

    with stamina.set_testing(False), pytest.raises(Failed, match="too slow"):
        await libre.translate([WORDS], "es", "en")

    assert time.monotonic() - began < 1.5
    assert len(server.sent) == 1
    await libre.close()


async def test_a_server_that_sends_us_elsewhere_is_not_followed(server, libre):
    async with served() as other:
        server.headers = {"Location": f"{other.url}/translate"}
        server.mood = lambda asked: 307 if asked.method == "POST" else 200

        with pytest.raises(Failed, match="307"):
            await libre.translate([WORDS], "es", "en")

        assert other.asked == []


# --- what is sent ---


async def test_the_same_text_is_sent_once_and_what_has_no_words_never(server, libre):
    found = await libre.translate(["hola", "", "  ", "hola", "👍👍", "???", " hola\n"], "es", "en")

    assert server.sent == [["hola"]]
    assert words_of(found) == ["en(hola)", None, None, "en(hola)", None, None, " en(hola)\n"]


async def test_many_texts_go_in_several_requests(server, libre):
    texts = [f"número {n}" for n in range(100)]

    found = await libre.translate(texts, "es", "en")

    assert words_of(found) == [f"en({text})" for text in texts]
    assert max(map(len, server.sent)) == Libre.texts
    assert len(server.sent) == 7


async def test_a_very_long_text_goes_in_pieces_and_comes_back_whole(server, libre):
    text = "La guagua llega tarde. " * 500

    (found,) = await libre.translate([text], "es", "en")

    assert max(sum(map(len, sent)) for sent in server.sent) <= Libre.characters
    assert found.text.replace("en(", "").replace(")", "") == text


async def test_one_text_that_the_server_cannot_take_keeps_no_other_waiting(server, libre):
    server.mood = lambda asked: 500 if b"poison" in asked.body else 200
    texts = [f"texto {n}" for n in range(16)]
    texts[5] = "poison"

    found = await libre.translate(texts, "es", "en")

    assert words_of(found) == [None if text == "poison" else f"en({text})" for text in texts]


async def test_a_server_that_takes_nothing_is_not_asked_for_each_text(server, libre):
    server.mood = lambda asked: 500 if asked.method == "POST" else 200

    with pytest.raises(Failed):
        await libre.translate([f"texto {n}" for n in range(32)], "es", "en")

    assert len(server.sent) <= 10


async def test_what_came_before_a_failure_is_not_lost(server, libre):
    asked_for = []

    def mood(asked):
        asked_for.append(asked.method)
        return 503 if asked_for.count("POST") > 1 else 200

    server.mood = mood

    with pytest.raises(Failed) as failed:
        await libre.translate([f"texto {n}" for n in range(20)], "es", "en")

    assert [one is not None for one in failed.value.found] == [True] * 16 + [False] * 4


async def test_a_key_goes_in_the_body_alone(server):
    libre = Libre(server.url, "secret-key")

    await libre.translate(["hola"], "es", "en")

    assert server.asked[-1].json["api_key"] == "secret-key"
    assert all("secret-key" not in f"{asked.target}{asked.headers}" for asked in server.asked)
    await libre.close()


# --- languages ---


@pytest.mark.parametrize(
    ("tag", "theirs", "code"),
    [
        ("zh-Hans", ["zh", "en"], "zh"),
        ("zh-Hans", ["zh-Hans", "zh-Hant", "en"], "zh-Hans"),
        ("zh-Hant", ["zt", "zh", "en"], "zt"),
        ("pt-BR", ["pb", "pt", "en"], "pb"),
        ("pt-BR", ["pt", "en"], "pt"),
        ("es-MX", ["es", "en"], "es"),
        ("fil", ["tl", "en"], "tl"),
    ],
)
async def test_a_language_is_found_under_the_servers_name_for_it(server, libre, tag, theirs, code):
    server.languages = theirs

    await libre.translate(["x"], tag, "en")

    assert server.asked[-1].json["source"] == code


async def test_simplified_chinese_is_no_traditional(server, libre):
    server.languages = ["zh", "en"]

    assert await libre.translate(["bus"], "en", "zh-Hant") == [None]


async def test_a_language_that_a_server_learns_is_noticed_within_minutes(server):
    time_ = HandTime()
    libre = Libre(server.url, now=time_)
    server.languages = ["es", "en"]
    assert await libre.translate(["bis la"], "ht", "en") == [None]
    server.languages = ["es", "en", "ht"]

    before = await libre.translate(["bis la"], "ht", "en")
    time_.forward(301)
    after = await libre.translate(["bis la"], "ht", "en")

    assert (before, words_of(after)) == ([None], ["en(bis la)"])
    assert [asked.path for asked in server.asked].count("/languages") == 2
    await libre.close()


async def test_a_list_of_languages_that_cannot_be_had_now_is_the_one_from_before(server):
    time_ = HandTime()
    libre = Libre(server.url, now=time_)
    await libre.translate(["hola"], "es", "en")
    time_.forward(9999)
    server.mood = lambda asked: 500 if asked.path == "/languages" else 200

    assert words_of(await libre.translate(["hola"], "es", "en")) == ["en(hola)"]
    await libre.close()


async def test_an_old_server_that_lists_no_targets_has_every_pair(server, libre):
    server._well = lambda asked, well=server._well: (
        [{"code": "es"}, {"code": "en"}] if asked.path == "/languages" else well(asked)
    )

    assert words_of(await libre.translate(["hola"], "es", "en")) == ["en(hola)"]


def test_a_public_server_is_not_ours_whatever_the_settings_say():
    assert Libre("http://10.0.0.7:5000").ours
    assert not Libre("https://libretranslate.com").ours
    assert not Libre("https://eu.libretranslate.com", ours=True).ours
    assert not Libre("http://10.0.0.7:5000", ours=False).ours


# --- DeepL ---


async def test_deepl_gets_key_in_a_header_and_texts_in_the_body(server):
    deepl = Deepl("the-key", url=server.url)

    found = await deepl.translate(["hola", "adiós"], "es", "en")

    assert found == [Translated("en(hola)", "machine:deepl"), Translated("en(adiós)", "machine:deepl")]
    asked = server.asked[-1]
    assert asked.headers["authorization"] == "DeepL-Auth-Key the-key"
    assert asked.json == {"text": ["hola", "adiós"], "source_lang": "ES", "target_lang": "EN-US"}
    assert all("hola" not in one.target and "the-key" not in one.target for one in server.asked)
    await deepl.close()


async def test_deepl_reads_both_chineses_and_writes_the_one_asked_for(server):
    deepl = Deepl("k", url=server.url)

    await deepl.translate(["校車"], "zh-Hant", "en")
    read = server.asked[-1].json
    await deepl.translate(["bus"], "en", "zh-Hans")
    written = server.asked[-1].json

    assert (read["source_lang"], written["target_lang"]) == ("ZH", "ZH-HANS")
    assert await deepl.translate(["bus"], "en", "zh-Hant") == [None]
    await deepl.close()


async def test_a_quota_that_is_used_up_fails_once(server):
    deepl = Deepl("k", url=server.url)
    server.mood = lambda asked: 456 if asked.method == "POST" else 200

    with pytest.raises(Failed, match="deepl: HTTP 456"):
        await deepl.translate(["hola"], "es", "en")

    assert len(server.sent) == 1
    await deepl.close()


# --- texts in pieces ---


@pytest.mark.parametrize(
    "text",
    [
        "One. Two! Three? Four… five six seven",
        "一辆校车晚点了。孩子们等了很久！为什么？没有人知道。",
        "الحافلة متأخرة. لماذا؟ لا أحد يعلم",
        "x" * 100,
        "line one\n\nline two\nline three",
        "  spaced   out  ",
    ],
)
@pytest.mark.parametrize("most", [1, 7, 20, 1000])
def test_pieces_make_up_the_text_again(text, most):
    pieces = cut(text, most)

    assert "".join(pieces) == text
    assert all(1 <= len(piece) <= most for piece in pieces)


def test_a_text_is_cut_after_a_sentence_before_it_is_cut_between_words():
    assert cut("First one. Second is longer", 20) == ["First one. ", "Second is longer"]
    assert cut("校车晚点了。孩子们等了。", 8) == ["校车晚点了。", "孩子们等了。"]
    assert cut("校车晚点了，孩子们在路边等", 8) == ["校车晚点了，", "孩子们在路边等"]
    assert cut("no sentence ends in here", 12) == ["no sentence ", "ends in here"]


def test_a_text_with_a_piece_missing_is_no_translation():
    parcel = Parcel(["First one. Second one."], 12)

    assert parcel.opened({"First one.": "Uno."}, "machine:x") == [None]


def test_words_are_letters_in_any_script():
    assert all(map(has_words, ["hola", "校车", "حافلة", "5 buses"]))
    assert not any(map(has_words, ["", "👍", "12:30", "???", "…"]))


# --- the breaker ---


class Moody:
    """An engine that fails when told to."""

    name, ours = "moody", True

    def __init__(self):
        self.asked, self.fate, self.gate = 0, None, None

    async def has(self, source, target):
        return (source, target) == ("es", "en")

    async def translate(self, texts, source, target):
        self.asked += 1
        if self.gate:
            await self.gate.wait()
        if self.fate is not None:
            raise self.fate
        return [Translated(f"en({text})", "machine:moody") for text in texts]

    async def close(self):
        pass


@pytest.fixture
def moody():
    return Moody()


@pytest.fixture
def time_():
    return HandTime()


@pytest.fixture
def breaker(moody, time_):
    return Breaker(moody, failures=3, rest=30, longest=100, now=time_)


async def fails(breaker, times=1):
    for _ in range(times):
        with pytest.raises(Failed):
            await breaker.translate([WORDS], "es", "en")


async def test_an_engine_that_keeps_failing_is_left_alone_for_a_while(breaker, moody, time_):
    moody.fate = Failed("down")
    await fails(breaker, 10)
    assert moody.asked == 3

    time_.forward(29)
    await fails(breaker)
    time_.forward(2)
    await fails(breaker)

    assert moody.asked == 4


async def test_the_rest_grows_up_to_its_longest(breaker, moody, time_):
    moody.fate = Failed("down")
    await fails(breaker, 3)

    rests = []
    for _ in range(5):
        began = time_.now
        before = moody.asked
        while moody.asked == before:
            time_.forward(1)
            await fails(breaker)
        rests.append(time_.now - began)

    assert rests == [30, 60, 100, 100, 100]


async def test_one_that_is_well_again_is_asked_as_before(breaker, moody, time_):
    moody.fate = Failed("down")
    await fails(breaker, 3)
    moody.fate = None
    time_.forward(31)

    found = [await breaker.translate([WORDS], "es", "en") for _ in range(3)]
    moody.fate = Failed("down")
    await fails(breaker, 2)

    assert all(words_of(one) == [f"en({WORDS})"] for one in found)
    assert moody.asked == 3 + 3 + 2


async def test_one_call_tries_while_the_others_fail_at_once(breaker, moody, time_):
    moody.fate = Failed("down")
    await fails(breaker, 3)
    time_.forward(31)
    moody.fate, moody.gate = None, asyncio.Event()

    trial = asyncio.create_task(breaker.translate([WORDS], "es", "en"))
    await asyncio.sleep(0)
    await fails(breaker, 5)
    moody.gate.set()

    assert words_of(await trial) == [f"en({WORDS})"]
    assert moody.asked == 4


async def test_a_trial_that_is_called_off_leaves_the_way_free(breaker, moody, time_):
    moody.fate = Failed("down")
    await fails(breaker, 3)
    time_.forward(31)
    moody.fate, moody.gate = None, asyncio.Event()
    trial = asyncio.create_task(breaker.translate([WORDS], "es", "en"))
    await asyncio.sleep(0)

    trial.cancel()
    await asyncio.gather(trial, return_exceptions=True)
    moody.gate.set()

    assert words_of(await breaker.translate([WORDS], "es", "en")) == [f"en({WORDS})"]


async def test_an_error_that_holds_words_goes_no_further(breaker, moody):
    moody.fate = ValueError(f"cannot read {WORDS}")

    with pytest.raises(Failed) as failed:
        await breaker.translate([WORDS], "es", "en")

    assert str(failed.value) == "moody: ValueError"
    assert failed.value.__suppress_context__


async def test_an_engine_that_loses_a_text_has_failed(breaker, moody):
    async def short(texts, source, target):
        return []

    moody.translate = short

    with pytest.raises(Failed, match="not one translation for each text"):
        await breaker.translate([WORDS], "es", "en")


async def test_a_resting_engine_costs_nothing(server):
    libre = Breaker(Libre(server.url, timeout=0.2, deadline=0.2), failures=1)
    server.mood = "never"
    await fails(libre)
    began = time.monotonic()

    await fails(libre, 1000)

    assert time.monotonic() - began < 0.5
    await libre.close()


# --- what leaves the house ---


def found_luis(text):
    at = text.find("Luis")
    return [] if at < 0 else [(at, at + 4, "name")]


class Echo(Moody):
    def __init__(self, answer):
        super().__init__()
        self.answer, self.saw = answer, []

    async def translate(self, texts, source, target):
        self.saw += texts
        return [Translated(self.answer(text), "machine:echo", 0.5) for text in texts]


async def test_what_tells_who_somebody_is_does_not_leave_and_comes_back():
    echo = Echo(lambda text: text.replace("está enfermo", "is sick"))

    found = await Outside(echo, found_luis).translate(["mi hijo Luis está enfermo"], "es", "en")

    assert echo.saw == ["mi hijo __V1__ está enfermo"]
    assert found == [Translated("mi hijo Luis is sick", "machine:echo", 0.5)]


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("__V1__", "V1"),
        lambda text: text.replace("__V1__", ""),
        lambda text: text + " __V1__",
    ],
)
async def test_a_translation_that_lost_a_mask_is_none(damage):
    found = await Outside(Echo(damage), found_luis).translate(["Luis está enfermo", "nadie"], "es", "en")

    assert found[0] is None


def test_masks_that_are_there_already_are_left_alone():
    masked, hidden = mask("__V3__ and Luis", [(11, 15, "name")])

    assert masked == "__V3__ and __V4__"
    assert unmask("__V4__ y __V3__", hidden) == "Luis y __V3__"


def deepl(made):
    """The engine itself, behind the pen, the masks and the breaker."""
    (outside,) = made._translators.values()
    return outside._engine.engine._engine


@pytest.mark.parametrize(
    ("text", "source", "secret"),
    [
        ("We live at 1425 Elm Street and the bus never comes", "en", "Elm"),
        ("vivo en la calle Hidalgo 245 y no hay autobús", "es", "Hidalgo"),
        ("我家住在中山路123号，校车不来", "zh-Hans", "中山"),
        ("She was born on May 3, 2014 and walks alone", "en", "May"),
        ("Her id: AB-12345x is on the form", "en", "AB-"),
    ],
)
async def test_hiding_a_number_does_not_hide_from_the_pen_what_it_is_a_part_of(server, text, source, secret):
    made = engines.engines(Settings(_env_file=None, translators="deepl", translator_keys="deepl=k"))
    deepl(made)._wire._client.base_url = server.url

    await made.translate([text], source, "en" if source != "en" else "es")

    assert server.sent
    assert secret not in str(server.sent)
    await made.close()


async def test_with_the_real_rules_no_name_number_or_address_reaches_another_company(server):
    given = Settings(_env_file=None, translators="deepl", translator_keys="deepl=k")
    made = engines.engines(given)
    deepl(made)._wire._client.base_url = server.url

    (found,) = await made.translate(
        ["Mi hija Rosario no puede ir, llame al 503-555-0142 o rosa@example.org"], "es", "en"
    )

    sent = str(server.sent)
    assert all(secret not in sent for secret in ("Rosario", "555", "example.org"))
    assert all(secret in found.text for secret in ("Rosario", "503-555-0142", "rosa@example.org"))
    await made.close()


# --- the order ---

LINE = "local, libre, deepl; ht-en: libre; zh-Hans-en: deepl, libre; pt-BR-en: local; *-so: none; en-*: libre"


@pytest.mark.parametrize(
    ("pair", "names"),
    [
        (("es", "en"), ("local", "libre", "deepl")),
        (("ht", "en"), ("libre",)),
        (("ht-HT", "en-US"), ("libre",)),
        (("zh-Hans", "en"), ("deepl", "libre")),
        (("zh-Hant", "en"), ("local", "libre", "deepl")),
        (("pt-BR", "en"), ("local",)),
        (("pt", "en"), ("local", "libre", "deepl")),
        (("es", "so"), ()),
        (("en", "es"), ("libre",)),
    ],
)
def test_the_closest_part_of_the_order_wins(pair, names):
    assert order.parse(LINE).route(*pair) == names


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("libr", "no engine 'libr'. Did you mean libre"),
        ("libre; es_en: libre", "'es_en' is no pair"),
        ("libre; pt-br-en: libre", "capitals"),
        ("libre; deepl", "'deepl' has no pair"),
        ("libre, libre", "twice"),
        ("es-en: libre; es-en: deepl", "es-en is there twice"),
        ("es-en:", "an engine is missing"),
        ("none, libre", "none stands alone"),
        ("yandex", "Yandex has closed"),
        ("pons", "does not translate sentences"),
    ],
)
def test_a_wrong_order_is_told_with_what_to_write(line, told):
    with pytest.raises(ValueError, match=told):
        Settings(_env_file=None, translators=line)


def test_a_wrong_key_is_not_repeated():
    with pytest.raises(ValueError) as refused:
        Settings(_env_file=None, translator_keys="my-secret-key")

    assert "my-secret-key" not in str(refused.value)
    assert "deepl=KEY" in str(refused.value)


def test_without_an_order_ones_own_engines_are_asked(tmp_path):
    def names(**given):
        return engines.chosen(Settings(_env_file=None, **given)).everywhere

    assert names() == ()
    assert names(libretranslate_url="http://x") == ("libre",)
    assert names(libretranslate_url="http://x", translation_models=tmp_path) == ("local", "libre")
    assert names(translator_keys="deepl=k") == ()
    assert engines.engines(Settings(_env_file=None)) is None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"translators": "libre"}, "OPENLINE_LIBRETRANSLATE_URL"),
        ({"translators": "local"}, "OPENLINE_TRANSLATION_MODELS"),
        ({"translators": "deepl"}, "deepl needs deepl=…: set it in OPENLINE_TRANSLATOR_KEYS"),
        ({"translators": "baidu"}, "baidu-id=…, baidu=…"),
        ({"translators": "deep-libre"}, "OPENLINE_LIBRETRANSLATE_URL"),
        ({"translators": "google"}, "OPENLINE_ALLOW_SCRAPING_TRANSLATORS"),
        (
            {"translators": "libre; es-en: mymemory", "libretranslate_url": "http://x"},
            "mymemory is no service",
        ),
    ],
)
def test_an_engine_that_lacks_something_says_what(given, told):
    with pytest.raises(engines.NotSetUp, match=told):
        engines.engines(Settings(_env_file=None, **given))


async def test_who_knows_better_may_have_a_public_page():
    made = engines.engines(Settings(_env_file=None, translators="google", allow_scraping_translators=True))

    assert made is not None
    await made.close()


async def test_each_pair_asks_its_own_engines_and_all_are_closed():
    class Named(Moody):
        def __init__(self, name):
            super().__init__()
            self.name, self.closed = name, False

        async def translate(self, texts, source, target):
            return [Translated(self.name, f"machine:{self.name}") for _ in texts]

        async def close(self):
            self.closed = True

    all_ = {name: Named(name) for name in ("local", "libre", "deepl")}
    routed = Routed(order.parse(LINE).route, all_)

    asked = [(await routed.translate(["x"], *pair))[0] for pair in (("es", "en"), ("ht", "en"), ("es", "so"))]
    await routed.close()

    assert words_of(asked) == ["local", "libre", None]
    assert all(one.closed for one in all_.values())


# --- the chain ---


async def test_a_chain_keeps_what_was_found_before_a_failure_and_asks_the_next_for_the_rest():
    class Half(Moody):
        async def translate(self, texts, source, target):
            self.asked = list(texts)
            raise Failed("half: slow", [Translated("one", "machine:half"), None, None][: len(texts)])

    half = Half()
    other = Half()
    chain = Chain(half, other)

    with pytest.raises(Failed, match="half: slow; half: slow") as failed:
        await chain.translate(["uno", "dos", "tres"], "es", "en")

    assert other.asked == ["dos", "tres"]
    assert words_of(failed.value.found) == ["one", "one", None]
