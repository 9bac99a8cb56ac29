"""PO files as Poedit and Weblate want them, and as they send them back."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime

import polib
import pytest
from hypothesis import given, settings

import survey_flows
from bot.translation import exchange
from bot.translation.documents import phrase_units, survey_units
from bot.translation.units import Unit
from tests.test_exchange import LANGUAGES, a_unit, many_units

HEAD = 'msgid ""\nmsgstr ""\n"Language: es\\n"\n"X-Source-Language: en\\n"\n\n'
NAME = 'msgctxt "survey:m/ask"\nmsgid "Hi"\n'


def said(text):
    back = exchange.read(text.encode() if isinstance(text, str) else text, "back.po")
    return [(row.context, row.translation, row.state) for row in back.rows], back.complaints


def every_text():
    return [
        unit for key in survey_flows.LIBRARY for unit in survey_units(survey_flows.library(key))
    ] + phrase_units()


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_reader_reads_the_same(language, tmp_path):
    path = tmp_path / "x.po"
    path.write_bytes(exchange.write(every_text(), language, "po"))

    others = {(entry.msgctxt, entry.msgid, entry.msgstr, entry.fuzzy) for entry in polib.pofile(str(path))}

    assert others == {
        (row.context, row.text, row.translation, row.state in ("draft", "stale"))
        for row in exchange.sheet_of(every_text(), language).rows
    }


@settings(max_examples=40, deadline=None)
@given(many_units())
def test_another_reader_reads_the_same_whatever_the_texts_are(drawn):
    units, stale = drawn
    with tempfile.NamedTemporaryFile(
        suffix=".po"
    ) as file:  # of a string, polib makes lines at signs that end none
        file.write(exchange.write(units, "ar", "po", stale=stale))
        file.flush()

        book = polib.pofile(file.name)

    assert [(entry.msgid, entry.msgstr) for entry in book] == [
        (unit.text, unit.texts["ar"]) for unit in units
    ]


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="gettext is not installed")
@pytest.mark.parametrize("language", [*LANGUAGES, "so", "am", "ru"])
def test_gettext_has_nothing_to_say_against_it(language, tmp_path):
    counted = [
        Unit(f"phrase:x/form/{form}", "en", "{count} days" if form else "One day", texts={language: f"{{count}} {form}"})
        for form in range(6)
    ][: exchange.po_writing.plurals.rule(language)[0]]  # fmt: skip
    path = tmp_path / "x.po"
    when = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
    path.write_bytes(exchange.write([*every_text(), *counted], language, "po", when=when))

    told = subprocess.run(
        ["msgfmt", "-c", "-o", "/dev/null", str(path)], capture_output=True, text=True, check=False
    )

    assert told.returncode == 0, told.stderr
    assert set(re.findall("warning: (.*)", told.stderr)) <= {
        "header field 'Last-Translator' still has the initial default value"
    }


def test_translators_are_told_what_they_need():
    units = [a_unit("{school}: was it\nhard?", note="A question."), a_unit("50% d {", context="survey:m/x")]

    written = exchange.write(units, "zh-Hans", "po", when=datetime(2026, 11, 1, 9, 30, tzinfo=UTC)).decode()

    assert "#. A question.\n#. Length: 22 characters, 1 SMS\n" in written
    assert written.count("#, python-brace-format") == 1
    assert "python-format" not in written
    assert '"Language: zh_Hans\\n"' in written
    assert '"X-Source-Language: en\\n"' in written
    assert '"PO-Revision-Date: 2026-11-01 09:30+0000\\n"' in written
    assert '"Plural-Forms: nplurals=1; plural=0;\\n"' in written
    assert "# Keep the word STOP" not in written.partition("msgid")[2]


def test_what_is_no_longer_fuzzy_is_approved_by_the_one_who_says_so():
    written = exchange.write([a_unit(spanish="¿Fue difícil?")], "es", "po").decode()
    mended = written.replace("#, fuzzy\n", "").replace(
        "FULL NAME <EMAIL@ADDRESS>", "Rosa Díaz <rosa@example.org>"
    )

    assert exchange.read(written.encode(), "x").rows[0].state == "draft"
    back = exchange.read(mended.encode(), "x")
    assert (back.rows[0].state, back.by) == ("approved", "Rosa Díaz <rosa@example.org>")


def test_what_was_stale_is_approved_once_it_is_no_longer_fuzzy():
    written = exchange.write(
        [a_unit(spanish="¿Fue?")], "es", "po", stale={"survey:mornings/hard/ask"}
    ).decode()

    assert exchange.read(written.encode(), "x").rows[0].state == "stale"
    assert exchange.read(written.replace("#, fuzzy\n", "").encode(), "x").rows[0].state == "approved"


def test_a_comment_of_the_translator_comes_along():
    back = exchange.read(f'{HEAD}# Usted or tú?\n#. A note.\n{NAME}msgstr "Hola"\n'.encode(), "x")

    assert back.rows[0].remark == "Usted or tú?"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_ends_of_lines_are_of_any_system(end):
    assert said((HEAD + NAME + 'msgstr ""\n"Ho"\n"la"\n').replace("\n", end)) == (
        [("survey:m/ask", "Hola", "approved")],
        (),
    )


def test_an_encoding_that_the_head_names_is_believed():
    text = (
        HEAD.replace('"Language', '"Content-Type: text/plain; charset=iso-8859-1\\n"\n"Language')
        + NAME
        + 'msgstr "Sí"'
    )

    assert said(text.encode("latin-1"))[0] == [("survey:m/ask", "Sí", "approved")]
    assert said(b"\xef\xbb\xbf" + (HEAD + NAME + 'msgstr "Sí"').encode())[0][0][1] == "Sí"
    with pytest.raises(exchange.ExchangeError, match=r"not in the encoding that its head names\. Save it"):
        said((HEAD + NAME + 'msgstr "Sí"').encode("latin-1"))


@pytest.mark.parametrize(
    "broken",
    [
        NAME,
        NAME + 'msgstr "open\n',
        'msgstr "alone"\n',
        'msgctxt "c d"\nmsgid "x"\nmsgstr "y"\n',
        'msgid "no context"\nmsgstr "y"\n',
        NAME + 'msgstr[x] "y"\n',
        NAME + 'msgstr[99999999999] "y"\n',
        NAME + 'hello\nmsgstr "y"\n',
        '"loose"\nmsgctxt "survey:m/a"\nmsgid "x"\nmsgstr "y"\n',
        '#: \u2068open\nmsgctxt "survey:m/a"\nmsgid "x"\nmsgstr "y"\n',
    ],
)
def test_an_entry_that_is_damaged_is_told_by_its_line_and_the_others_stand(broken, capsys):
    rows, complaints = said(f'{HEAD}{broken}\nmsgctxt "survey:m/thanks"\nmsgid "Thanks"\nmsgstr "Gracias"\n')

    assert rows[-1] == ("survey:m/thanks", "Gracias", "approved")
    assert all(complaint.word == "unreadable" for complaint in complaints)
    assert len(rows) + len(complaints) <= 2
    assert len(rows) == 2 or re.match(r"back.po, line \d+: this entry cannot be read", str(complaints[0]))
    assert capsys.readouterr().out == ""


def test_entries_that_stand_twice_both_come_back():
    assert said(f'{HEAD}{NAME}msgstr "a"\n\n{NAME}msgstr "b"\n')[0] == [
        ("survey:m/ask", "a", "approved"),
        ("survey:m/ask", "b", "approved"),
    ]


def test_obsolete_entries_are_left_alone():
    assert said(
        HEAD + '#~ msgctxt "survey:m/old"\n#~ msgid "x"\n#~ msgstr "y"\n\n' + NAME + 'msgstr ""\n'
    ) == (
        [("survey:m/ask", "", "missing")],
        (),
    )


COUNTED = 'msgctxt "phrase:r"\nmsgid "one"\nmsgid_plural "many"\nmsgstr[0] "uno"\nmsgstr[1] "dos"\n'


@pytest.mark.parametrize(
    "rule", ["nplurals=2; plural=(n > 5);", "nplurals=2; plural=n%0;", "nplurals=2; plural=exit();"]
)
def test_forms_that_a_tool_has_numbered_its_own_way_are_not_taken(rule):
    rows, complaints = said(f'{HEAD.rstrip()}\n"Plural-Forms: {rule}\\n"\n\n{COUNTED}\n{NAME}msgstr "Hola"\n')

    assert [row[0] for row in rows] == ["survey:m/ask"]
    assert [complaint.word for complaint in complaints] == ["plural_forms"]


def test_forms_that_are_numbered_as_ours_are_taken():
    rule = "nplurals=2; plural=n != 1;"

    rows, complaints = said(f'{HEAD.rstrip()}\n"Plural-Forms: {rule}\\n"\n\n{COUNTED}')

    assert [row[:2] for row in rows] == [("phrase:r/form/0", "uno"), ("phrase:r/form/1", "dos")]
    assert complaints == ()


def test_a_head_that_promises_a_billion_forms_makes_none():
    rows, _ = said(
        f'{HEAD.rstrip()}\n"Plural-Forms: nplurals=9999999999; plural=0;\\n"\n\n{COUNTED}{NAME}msgstr "a"\n'
    )

    assert [row[0] for row in rows] == ["survey:m/ask"]


def test_a_reference_that_a_tool_has_lost_only_loses_what_it_told():
    written = exchange.write([a_unit(spanish="uno")], "es", "po").decode()

    (row,) = exchange.read(re.sub("#: .*\n", "", written).encode(), "x").rows

    assert (row.was, row.digest) == ("", exchange.base.digest("Was it hard?"))
