"""The language of the pages: chosen, asked for by the browser, or English; texts in it as far as there are any."""

from __future__ import annotations

import httpx
import pytest
from fastapi import Request
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.web import tongue

PO = """msgid ""
msgstr ""
"Language: es\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "Findings"
msgstr "Resultados"

msgid "{n} family"
msgid_plural "{n} families"
msgstr[0] "{n} familia"
msgstr[1] "{n} familias"

msgctxt "state"
msgid "Open"
msgstr "Abierto"
"""


@pytest.fixture
def spanish(catalogues):
    (catalogues / "es.po").write_text(PO, encoding="utf-8")


def request(query="", accept="", cookie=""):
    headers = [(b"accept-language", accept.encode()), (b"cookie", cookie.encode())]
    return Request({"type": "http", "query_string": query.encode(), "headers": headers})


def test_texts_are_said_in_the_language_of_the_page_and_what_is_missing_in_english(spanish):
    with tongue.speaking("es"):
        assert tongue.say("Findings") == "Resultados"
        assert [tongue.say_n("{n} family", "{n} families", n).format(n=n) for n in (1, 2)] == [
            "1 familia",
            "2 familias",
        ]
        assert tongue.say_in("state", "Open") == "Abierto"
        assert tongue.say("Not there yet") == "Not there yet"
    assert tongue.say("Findings") == "Findings"


def test_languages_go_by_their_own_names(spanish):
    assert dict(tongue.languages()) == {"en": "English", "es": "español"}


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ({}, "en"),
        ({"accept": "es-MX,en;q=0.8"}, "es"),
        ({"accept": "fr, en;q=0.3, es;q=0.7"}, "es"),
        ({"accept": "fr"}, "en"),
        ({"accept": "es;q=nonsense"}, "en"),
        ({"accept": "es", "cookie": "openline_language=en"}, "en"),
        ({"cookie": "openline_language=es", "query": "pages_in=en"}, "en"),
        ({"query": "pages_in=klingon", "cookie": "openline_language=es"}, "es"),
    ],
)
def test_what_was_chosen_comes_before_what_the_browser_says(spanish, asked, language):
    assert tongue.wanted(request(**asked)) == language


async def test_a_choice_is_kept(spanish):
    async def page(_):
        return PlainTextResponse(tongue.say("Findings"))

    web = Starlette(routes=[Route("/", page)])
    web.add_middleware(tongue.Speaking, secure=False)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url="http://here") as client:
        asked = await client.get("/?pages_in=es")
        after = await client.get("/")

    assert asked.text == after.text == "Resultados"
    assert "HttpOnly" in asked.headers["set-cookie"]
    assert "set-cookie" not in after.headers


def test_without_a_file_there_is_english_alone():
    if not tongue.FOLDER.exists():
        assert dict(tongue.languages()) == {"en": "English"}
