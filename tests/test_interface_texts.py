"""The words of the pages in other languages: every marked text is found, and no translation breaks a page."""

import importlib.util
import json
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2.ext import extract_from_ast

from bot.web import tongue
from bot.web.page import FOLDER, Page

ROOT = Path(__file__).parent.parent
spec = importlib.util.spec_from_file_location("interface_texts", ROOT / "scripts" / "interface_texts.py")
script = importlib.util.module_from_spec(spec)
spec.loader.exec_module(script)
LANGUAGES = [file.stem for file in tongue.FOLDER.glob("*.po")]


@pytest.fixture(scope="module")
def marked():
    return script.texts()


@pytest.fixture
def locale(tmp_path, monkeypatch):
    """Files of languages that are written elsewhere."""
    monkeypatch.setattr(script, "LOCALE", tmp_path)
    monkeypatch.setattr(script, "ROOT", tmp_path)
    return tmp_path


def catalogue(*texts):
    made = script.Catalog()
    for text in texts:
        made.add(text)
    return made


def test_every_text_that_a_template_asks_for_is_found(marked):
    pages = Page({}, lambda: None, "Riverbend", b"")._templates
    known = {(message.id, message.context) for message in marked}
    known |= {
        (id_[0], context) for id_, context in known if isinstance(id_, tuple)
    }  # found by its singular too
    for file in sorted(FOLDER.rglob("*.html")):
        tree = pages.parse(file.read_text("utf-8"))
        for _, name, asked in extract_from_ast(
            tree, ("gettext", "ngettext", "pgettext", "_"), babel_style=False
        ):
            words = [one for one in asked if isinstance(one, str)]
            if len(words) < len(asked) and not words:
                continue  # words of the domain, by a variable
            context, ids = (words[0], words[1:]) if name == "pgettext" else (None, words)
            assert (tuple(ids[:2]) if name == "ngettext" else ids[0], context) in known, (file.name, words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_has_other_gaps_or_elements_than_its_text(language):
    with (tongue.FOLDER / f"{language}.po").open("rb") as file:
        held = read_po(file, locale=language.replace("-", "_"), abort_invalid=True)
    assert len(held) > 1000
    for message in held:
        if message.id and script._said(message):
            assert script.gaps_differ(message.id, message.string) == "", message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_that_a_machine_drafted_says_so(language):
    assert tongue.drafted(language) == (script.approver(tongue.FOLDER / f"{language}.po") == "")


def test_nobody_drafts_the_language_that_the_pages_are_written_in():
    assert not tongue.drafted("en")


def test_what_is_translated_stays_and_what_is_new_is_listed(locale):
    first = script.merged("pt", catalogue("Save", ("%(n)s text", "%(n)s texts")))
    given = [
        {"id": "Save", "said": "Guardar"},
        {"id": "%(n)s text", "plural": "%(n)s texts", "said": ["%(n)s texto", "%(n)s textos"]},
    ]
    assert script.take(first, json.loads(json.dumps(given))) == 2
    script.write("pt", first)
    again = script.merged("pt", catalogue("Save", "Close", ("%(n)s text", "%(n)s texts")))
    assert [message.id for message in script.missing(again)] == ["Close"]
    assert again.get("Save").string == "Guardar"


def test_a_text_that_went_and_came_back_is_translated_still(locale):
    held = script.merged("pt", catalogue("Save", "Close"))
    script.take(held, [{"id": "Close", "said": "Fechar"}])
    script.write("pt", held)
    script.write("pt", script.merged("pt", catalogue("Save")))
    assert "#~" in (locale / "pt.po").read_text()
    back = script.merged("pt", catalogue("Save", "Close"))
    assert back.get("Close").string == "Fechar"


def test_a_changed_text_is_a_new_one(locale):
    held = script.merged("pt", catalogue("Close the alert"))
    script.take(held, [{"id": "Close the alert", "said": "Fechar o alerta"}])
    script.write("pt", held)
    again = script.merged("pt", catalogue("Close the alerts"))
    assert [message.id for message in script.missing(again)] == ["Close the alerts"]


def test_the_file_is_the_same_for_the_same_texts(locale):
    held = script.merged("pt", catalogue("Save", "Close"))
    script.write("pt", held)
    before = (locale / "pt.po").read_bytes()
    script.write("pt", script.merged("pt", catalogue("Save", "Close")))
    assert (locale / "pt.po").read_bytes() == before


def test_whoever_approved_a_language_stays_named(locale):
    held = script.merged("pt", catalogue("Save"))
    script.write("pt", held, "Ana Muster, 2026-11-23")
    script.write("pt", script.merged("pt", catalogue("Save")))
    assert script.approver(locale / "pt.po") == "Ana Muster, 2026-11-23"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Read %(n)s", "Lea %(m)s"),
        ("Read <b>now</b>", "Lea ahora"),
        ("Hello {name}", "Hola"),
        (("%(n)s", "%(n)s"), ("uno", "%(x)s")),
    ],
)
def test_other_gaps_are_not_taken(text, said):
    assert script.gaps_differ(text, said)
