"""Translators: people's own first, engines behind them; nobody's words in an address or an error."""

from __future__ import annotations

import json

import httpx
import pytest

from bot.translation import Chain, Failed, Glossary, Libre, Translated

LANGUAGES = [{"code": "es", "name": "Spanish", "targets": ["en"]}, {"code": "zh", "targets": ["en"]}]


class Server:
    """A LibreTranslate-compatible face that can be told to fail; keeps every request."""

    def __init__(self, *fates: int | Exception) -> None:
        self.fates = list(fates)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/languages":
            return httpx.Response(200, json=LANGUAGES)
        self.requests.append(request)
        fate = self.fates.pop(0) if self.fates else 200
        if isinstance(fate, Exception):
            raise fate
        if fate != 200:
            return httpx.Response(fate, text="the text was: la guagua")
        asked = json.loads(request.content)
        return httpx.Response(200, json={"translatedText": [f"en({q})" for q in asked["q"]]})


def libre(server: Server, key: str = "") -> Libre:
    return Libre("http://translate.invalid", key, transport=httpx.MockTransport(server))


async def test_a_text_that_a_person_translated_is_found_whatever_its_spacing_and_case():
    glossary = Glossary([("es", "en", "La guagua  no pasó", "the bus did not come")])

    found = await glossary.translate(["la guagua no pasó ", "otra cosa"], "es", "en")

    assert found == [Translated("the bus did not come", "person"), None]


async def test_the_words_travel_in_the_body_and_not_in_the_address():
    server = Server()
    translator = libre(server, "secret-key")

    found = await translator.translate(["la guagua"], "zh-Hans", "en")

    (request,) = server.requests
    assert found == [Translated("en(la guagua)", "machine:libretranslate")]
    assert request.url == "http://translate.invalid/translate"
    assert json.loads(request.content) == {
        "q": ["la guagua"], "source": "zh", "target": "en", "format": "text", "api_key": "secret-key",
    }  # fmt: skip
    await translator.close()


async def test_chinese_is_found_under_either_of_its_names():
    def newer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json=[{"code": "zh-Hans", "targets": ["en"]}])
        assert json.loads(request.content)["source"] == "zh-Hans"
        return httpx.Response(200, json={"translatedText": ["the bus is late"]})

    translator = Libre("http://translate.invalid", transport=httpx.MockTransport(newer))

    found = await translator.translate(["校车晚点"], "zh-Hans", "en")

    assert found == [Translated("the bus is late", "machine:libretranslate")]
    await translator.close()


async def test_a_pair_the_server_does_not_have_is_not_sent_to_it():
    server = Server()
    translator = libre(server)

    found = await translator.translate(["bis la"], "ht", "en")

    assert (found, server.requests) == ([None], [])
    await translator.close()


@pytest.mark.parametrize("passing", [500, 429, httpx.ReadTimeout("slow")])
async def test_a_passing_fault_is_tried_again(passing):
    translator = libre(Server(passing))

    found = await translator.translate(["hola"], "es", "en")

    assert found == [Translated("en(hola)", "machine:libretranslate")]
    await translator.close()


@pytest.mark.parametrize("fault", [400, httpx.ConnectError("no route to la guagua")])
async def test_a_lasting_fault_says_so_without_the_words(fault):
    translator = libre(Server(*[fault] * 5))

    with pytest.raises(Failed) as failed:
        await translator.translate(["la guagua"], "es", "en")

    assert "guagua" not in str(failed.value)
    assert failed.value.__suppress_context__
    await translator.close()


async def test_an_answer_of_another_length_is_refused():
    def short(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=LANGUAGES if request.method == "GET" else {"translatedText": ["one"]})

    translator = Libre("http://translate.invalid", transport=httpx.MockTransport(short))

    with pytest.raises(Failed, match="not one translation for each text"):
        await translator.translate(["uno", "dos"], "es", "en")
    await translator.close()


async def test_a_chain_asks_the_next_only_for_what_is_missing():
    server = Server()
    chain = Chain(Glossary([("es", "en", "gracias", "thank you")]), libre(server))

    found = await chain.translate(["gracias", "hola"], "es", "en")

    assert [t.text for t in found if t] == ["thank you", "en(hola)"]
    assert json.loads(server.requests[0].content)["q"] == ["hola"]
    await chain.close()


async def test_a_chain_fails_only_when_something_is_missing_for_it():
    broken = libre(Server(*[500] * 9))
    chain = Chain(broken, Glossary([("es", "en", "gracias", "thank you")]))

    found = await chain.translate(["gracias"], "es", "en")
    with pytest.raises(Failed):
        await chain.translate(["gracias", "hola"], "es", "en")

    assert [t.text for t in found if t] == ["thank you"]
    await chain.close()
