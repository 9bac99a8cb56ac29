"""XLIFF as agencies' tools want it, and as they send it back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import xmlschema
from hypothesis import given, settings

import survey_flows
from bot.translation import exchange
from bot.translation.documents import phrase_units, survey_units
from bot.translation.exchange.xliff_writing import identified, named
from bot.translation.units import Unit
from tests.test_exchange import a_unit, many_units

SCHEMA = Path(__file__).parent / "files/xliff/xliff-core-2.0.xsd"
CORE = "urn:oasis:names:tc:xliff:document:2.0"


@pytest.fixture(scope="module")
def schema():
    return xmlschema.XMLSchema(str(SCHEMA), allow="local")


def document(units, version="2.0", core=CORE):
    return f'<xliff xmlns="{core}" version="{version}" srcLang="en" trgLang="es"><file id="f">{units}</file></xliff>'


def unit(inside, name="survey:m/ask", **more):
    own = "".join(f' {key}="{value}"' for key, value in more.items())
    return f'<unit id="{identified(name)}" name="{name}"{own}>{inside}</unit>'


def said(text):
    back = exchange.read(text.encode() if isinstance(text, str) else text, "back.xlf")
    return [(row.text, row.translation, row.state) for row in back.rows], back.complaints


def problem(text):
    with pytest.raises(exchange.ExchangeError) as caught:
        said(text)
    return str(caught.value)


@pytest.mark.parametrize("language", ["es", "ht", "pt", "vi", "zh-Hans", "ar", "fr"])
def test_what_is_written_is_valid_by_the_schema_of_oasis(schema, language, tmp_path):
    units = [each for key in survey_flows.LIBRARY for each in survey_units(survey_flows.library(key))]

    schema.validate(exchange.write([*units, *phrase_units()], language, "xliff").decode())


@settings(max_examples=40, deadline=None)
@given(many_units())
def test_it_is_valid_whatever_the_texts_are(schema, drawn):
    units, stale = drawn

    schema.validate(exchange.write(units, "ar", "xliff", stale=stale).decode())


def test_gaps_are_codes_that_tools_protect_the_same_in_both_languages():
    written = exchange.write(
        [a_unit("{school}: hi ${name}, {school}!", "¡{school}, ${name}! {school} {otra}")], "es", "xliff"
    ).decode()
    source, target = (re.search(f"<{part}>(.*)</{part}>", written)[1] for part in ("source", "target"))

    assert "{" not in re.sub("<ph [^>]*>", "", source + target)
    assert re.findall(r'id="(\d)"[^>]*dataRef="(d\d)"', source) == [("1", "d1"), ("2", "d2"), ("3", "d1")]
    assert re.findall(r'id="(\d)"[^>]*dataRef="(d\d)"', target) == [
        ("1", "d1"),
        ("2", "d2"),
        ("3", "d1"),
        ("4", "d3"),
    ]
    assert '<data id="d2">${name}</data>' in written
    assert 'canDelete="no"' in source


def test_translators_are_told_what_they_need():
    units = [
        a_unit(note="A question.", critical=True),
        Unit("phrase:help", "en", "Help"),
        Unit("phrase:a/b", "en", "x"),
    ]

    written = exchange.write(units, "ar", "xliff").decode()

    assert "A question. About consent or danger" in written
    assert "12 characters, 1 SMS" in written
    assert 'sizeRestriction="1600"' in written
    assert 'srcDir="ltr" trgDir="rtl"' in written
    assert re.findall('original="([^"]*)"', written) == ["survey:mornings", "phrase", "phrase:a"]
    assert "Keep the word STOP" in written


@pytest.mark.parametrize("context", ["survey:a/b", "survey:a_b/_/-", "a__b/_-", "a_-b", "x/__/y.z-"])
def test_an_id_gives_its_context_back(context):
    assert named(identified(context)) == context
    assert "/" not in identified(context)


@pytest.mark.parametrize(
    ("state", "read"),
    [
        ("initial", "draft"),
        ("translated", "draft"),
        ("reviewed", "approved"),
        ("final", "approved"),
        ("odd", "draft"),
    ],
)
def test_a_translation_is_approved_when_somebody_has_reviewed_it(state, read):
    segment = f'<segment state="{state}"><source>Hi</source><target>Hola</target></segment>'

    assert said(document(unit(segment))) == ([("Hi", "Hola", read)], ())


def test_what_was_stale_is_a_draft_or_approved_once_somebody_has_said_so():
    def stale(state):
        own = f'state="{state}" subState="openline:stale"'
        return document(unit(f"<segment {own}><source>Hi</source><target>Hola</target></segment>"))

    assert said(stale("initial"))[0][0][2] == "stale"
    assert said(stale("final"))[0][0][2] == "approved"


def test_a_source_that_a_tool_has_copied_into_the_target_is_no_translation():
    segment = '<segment state="initial"><source>Hi</source><target>Hi</target></segment>'

    assert said(document(unit(segment)))[0] == [("Hi", "", "missing")]
    assert said(document(unit(segment.replace("initial", "translated"))))[0] == [("Hi", "Hi", "draft")]
    assert said(document(unit(segment.replace(">Hi</target>", "></target>"))))[0] == [("Hi", "", "missing")]


def test_sentences_that_a_tool_has_cut_apart_are_one_text_again():
    cut = (
        "<segment><source>One.</source><target>Uno.</target></segment><ignorable><source> </source></ignorable>"
        "<segment><source>Two.</source><target>Dos.</target></segment>"
    )

    assert said(document(unit(cut)))[0] == [("One. Two.", "Uno. Dos.", "draft")]


def test_a_unit_that_is_translated_in_part_is_told_and_the_others_stand():
    cut = "<segment><source>One.</source><target>Uno.</target></segment><segment><source>Two.</source></segment>"
    whole = "<segment><source>Hi</source><target>Hola</target></segment>"

    rows, complaints = said(document(unit(cut) + "\n" + unit(whole, "survey:m/thanks")))

    assert rows == [("Hi", "Hola", "draft")]
    assert str(complaints[0]).startswith("back.xlf, line 1: survey:m/ask is translated in part only. Mend")


def test_marks_of_tools_are_looked_through():
    inside = (
        '<originalData><data id="a">{school}</data><data id="b">&lt;b></data><data id="c">&lt;/b></data></originalData>'
        '<segment><source>x</source><target><mrk id="m" type="comment">Hola</mrk> <ph id="1" dataRef="a"/>'
        '<ph id="2" equiv="${n}"/><ph id="3" disp="!"/><pc id="4" dataRefStart="b" dataRefEnd="c">si<cp hex="0001"/></pc>'
        '<sm id="5"/><em startRef="5"/><pc id="6">no</pc></target></segment>'
    )

    assert said(document(unit(inside)))[0] == [("x", "Hola {school}${n}!<b>si\x01</b>no", "draft")]


@pytest.mark.parametrize(
    ("code", "reason"),
    [('<ph id="7"/>', "does not say what it stands for"), ('<cp hex="FFFFFFFF"/>', "no character"), ("<cp/>", "no character")],
)  # fmt: skip
def test_a_code_that_says_nothing_is_told(code, reason):
    rows, complaints = said(document(unit(f"<segment><source>x</source><target>{code}</target></segment>")))

    assert rows == []
    assert reason in complaints[0].what


def test_units_without_a_name_are_known_by_their_id_and_others_are_told():
    segment = "<segment><source>Hi</source><target>Hola</target></segment>"
    units = f'<unit id="survey:m_-ask">{segment}</unit><unit id="é">{segment}</unit><group id="g">{unit(segment)}</group>'

    rows, complaints = said(document(units))

    assert len(rows) == 2
    assert [complaint.word for complaint in complaints] == ["unreadable"]


@pytest.mark.parametrize("version", ["2.0", "2.1", "2.2"])
def test_later_versions_and_other_prefixes_are_read(version):
    written = exchange.write([a_unit(spanish="¿Fue difícil?")], "es", "xliff").decode()
    other = re.sub("<(/?)(?!slr|[?])", r"<\1x:", written).replace(' xmlns="', ' xmlns:x="')

    other = other.replace('version="2.0"', f'version="{version}"').replace("UTF-8", "UTF-16")
    back = exchange.read(other.encode("utf-16"), "x")

    assert (back.rows[0].translation, back.rows[0].was != "", back.complaints) == ("¿Fue difícil?", True, ())


def test_a_source_that_was_edited_is_told():
    written = exchange.write([a_unit(spanish="¿Fue difícil?")], "es", "xliff").replace(
        b"Was it hard?", b"Was it easy?"
    )

    back = exchange.read(written, "back.xlf")
    matches, complaints = exchange.match(back, [a_unit()], "es")

    assert [complaint.word for complaint in complaints] == ["source_changed"]
    assert matches[0].verdict == "untouched"


def test_what_the_translator_remarks_comes_along():
    notes = '<notes><note category="length">3</note><note>Usted or tú?</note></notes>'

    back = exchange.read(document(unit(notes + "<segment><source>Hi</source></segment>")).encode(), "x")

    assert back.rows[0].remark == "Usted or tú?"


def test_the_older_version_is_read_as_far_as_it_goes():
    old = (
        '<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2"><file source-language="en" target-language="ht"'
        ' original="x" datatype="plaintext"><body>'
        '<trans-unit id="1" resname="survey:m/ask"><source>Hi <ph id="1">{school}</ph></source>'
        '<target state="translated">Bonjou <ph id="1">{school}</ph></target></trans-unit>'
        '<trans-unit id="survey:m_-thanks" approved="yes"><source>Thanks <x id="2" equiv-text="{school}"/></source>'
        '<target>Mèsi <g id="3"><x id="2" equiv-text="{school}"/></g></target></trans-unit>'
        '<trans-unit id="survey:m_-a"><source>Yes</source><target state="needs-translation">Yes</target></trans-unit>'
        '<trans-unit id="survey:m_-b"/></body></file></xliff>'
    )

    back = exchange.read(old.encode(), "back.sdlxliff")

    assert (back.source, back.target) == ("en", "ht")
    assert [(row.context, row.text, row.translation, row.state) for row in back.rows] == [
        ("survey:m/ask", "Hi {school}", "Bonjou {school}", "draft"),
        ("survey:m/thanks", "Thanks {school}", "Mèsi {school}", "approved"),
        ("survey:m/a", "Yes", "", "missing"),
    ]
    assert [complaint.what for complaint in back.complaints] == ["survey:m/b has no source."]


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "head",
    [
        f'<!DOCTYPE xliff [<!ENTITY l0 "ha">{LAUGHS}]>',
        '<!DOCTYPE xliff [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE xliff SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE xliff [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]>',
    ],
)
def test_a_file_that_declares_what_a_reader_should_fetch_or_multiply_is_refused(head):
    told = problem(
        f"<?xml version='1.0'?>\n{head}" + document(unit("<segment><source>&l9;&x;</source></segment>"))
    )

    assert told.startswith("back.xlf, line 2: it declares a document type")
    assert "Take the <!DOCTYPE …> out" in told


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (document("")[:-3], r"line 1: the XML is damaged \(.*\). Export it once more"),
        (document("<a>" * 5000 + "</a>" * 5000), "more than 60 deep"),
        ("<tmx/>", "this XML is no XLIFF: it begins with <tmx>"),
        ("<?xml version='1.0' encoding='x-none'?><xliff/>", "encoding that cannot be read|damaged"),
        (document("&nbsp;"), "damaged"),
    ],
)
def test_what_is_no_whole_xliff_is_refused_with_the_reason(text, reason):
    assert re.search(reason, problem(text))


def test_a_long_run_of_units_is_read_with_lines():
    units = "\n".join(
        unit(f"<segment><source>{n}</source></segment>", f"survey:m/q{n}") for n in range(20_000)
    )

    back = exchange.read(document(units).encode(), "x")

    assert (len(back.rows), back.rows[-1].place) == (20_000, "line 20000")
