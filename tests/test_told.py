"""Texts that can be said again: in the pages' language, through errors, and with values that can be said again."""

from __future__ import annotations

import copy
import json

import pytest
from fastapi import Request

from bot.web import assets, tongue
from bot.web.page import Page
from survey_flows.told import Told, told, told_n

WORDS = {
    "{n} text has no {what}.": "{n} texto no tiene {what}.",
    "school's name": "nombre de la escuela",
    "It lacks {school} in row {row}.": "Falta {school} en la fila {row}.",
}


def say(text):
    return WORDS.get(text, text)


def say_n(one, many, number):
    return say(one) if number == 1 else say(many)


def test_a_text_is_said_in_english_and_again_in_other_words():
    lacks = told("It lacks {school} in row {row}.", row=7)
    assert lacks == "It lacks {school} in row 7."
    assert lacks.again(say, say_n) == "Falta {school} en la fila 7."
    assert (
        told("Nobody wrote this one, {name}.", name="Ana").again(say, say_n) == "Nobody wrote this one, Ana."
    )


def test_values_are_said_again_and_numbers_take_their_form():
    what = told("school's name")
    one = told_n("{n} text has no {what}.", "{n} texts have no {what}.", 1, what=what)
    assert one == "1 text has no school's name."
    assert one.again(say, say_n) == "1 texto no tiene nombre de la escuela."
    assert (
        told_n("{n} text has no {what}.", "{n} texts have no {what}.", 3, what=what)
        == "3 texts have no school's name."
    )


def test_a_value_is_never_filled_again():
    assert told("{said}: {row}", said="{row}", row=7).again(say, say_n) == "{row}: 7"


@pytest.mark.parametrize("through", [copy.copy, copy.deepcopy, lambda text: str(ValueError(text)), str])
def test_it_stays_itself_through_errors_and_copies(through):
    kept = through(told("It lacks {school} in row {row}.", row=7))
    assert isinstance(kept, Told)
    assert kept.again(say, say_n) == "Falta {school} en la fila 7."


def test_it_is_a_text_for_everybody_else():
    text = told("It lacks {school} in row {row}.", row=7)
    assert json.dumps([text]) == '["It lacks {school} in row 7."]'
    assert f"{text}" == "It lacks {school} in row 7."


@pytest.fixture
def spanish(catalogues):
    rows = "".join(f"msgid {json.dumps(en)}\nmsgstr {json.dumps(es)}\n\n" for en, es in WORDS.items())
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    (catalogues / "es.po").write_text(head + rows, "utf-8")


def test_a_page_says_it_in_the_language_of_the_reader_wherever_it_stands(spanish, clock):
    page = Page(assets.load(), clock, "Riverbend", b"k" * 32)
    text = told("It lacks {school} in row {row}.", row="<7>")
    request = Request({"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""})
    with tongue.speaking("es"):
        shown = page.part(request, "message.html", "main", heading=text, text=text, link=None)
    assert shown.count("Falta {school} en la fila &lt;7&gt;.") == 2
