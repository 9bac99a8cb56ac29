import csv
import hashlib
from pathlib import Path

import pytest
import yaml

from analysis.language import UNKNOWN, clean, identify

LANGUAGES = ("en", "es", "ht", "pt", "vi", "zh-Hans", "ar", "fr")
REPLIES = Path(__file__).parents[1] / "bot" / "demo" / "replies.yaml"
SMS = Path(__file__).parents[2] / "shared" / "data" / "haiti_sms" / "disaster_response_validation.csv"
SMS_SHA256 = "2c6d4424e812b068ca2486a3c1b35bc0aea445643d922657e3023ae60387bc0b"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("the bus never came and nobody called us", "en"),
        ("no hay bus y nadie nos llamó", "es"),
        ("bis la an reta chak jou", "ht"),
        ("o ônibus não passa no meu bairro", "pt"),
        ("xe buýt trường trễ hoài", "vi"),
        ("校车没来", "zh-Hans"),
        ("الباص يتأخر كل يوم", "ar"),
        ("le bus est toujours en retard", "fr"),
    ],
)
@pytest.mark.parametrize("declared", ["en", "ht", None])
def test_a_clear_reply_overrides_whatever_was_declared(text, language, declared):
    found = identify(text, LANGUAGES, declared)

    assert found.language == language
    assert found.sure or declared == language


@pytest.mark.parametrize(
    "text", ["ok", "si", "2", "👍", "", "???", "K", "no", "555-0142 http://example.org/the/bus"]
)
@pytest.mark.parametrize("declared", ["ht", "vi"])
def test_what_no_detector_could_tell_stays_with_the_declared_language(text, declared):
    found = identify(text, LANGUAGES, declared)

    assert (found.language, found.sure) == (declared, False)


def test_nothing_to_go_by_is_undetermined():
    assert identify("👍", LANGUAGES).language == UNKNOWN
    assert identify("hello there", ()).language == UNKNOWN


def test_a_script_settles_it_even_for_one_letter_and_beside_latin_words():
    assert identify("车", LANGUAGES, "en") == identify("没车 ok", LANGUAGES, "es")
    assert identify("车", LANGUAGES, "en").language == "zh-Hans"
    assert identify("الباص bus", LANGUAGES, "en").sure
    # Two Chinese letters are two words, five Latin ones are one.
    assert identify("没车 sorry", LANGUAGES, "en").language == "zh-Hans"
    assert identify("sorry no ride today 没", LANGUAGES, "zh-Hans").language == "en"


def test_a_script_that_none_of_the_languages_uses_leaves_the_declared_one():
    assert identify("автобус опоздал", LANGUAGES, "en").language == "en"
    assert identify("автобус опоздал", ("en", "ru"), "en").language == "ru"


def test_a_script_that_several_languages_use_is_decided_by_letters():
    assert identify("автобус сьогодні знову не приїхав", ("ru", "uk"), "ru").language == "uk"


def test_kana_say_that_it_is_japanese_and_not_chinese():
    assert identify("学校遠い", ("zh-Hans", "ja"), "zh-Hans").language == "ja"


def test_the_declared_region_is_kept():
    assert identify("o ônibus não passa no meu bairro", ("en", "pt-BR"), "en").language == "pt-BR"
    assert identify("校车没来", ("zh-Hant", "zh-Hans"), "zh-Hant").language == "zh-Hant"


def test_the_declared_language_counts_even_when_the_campaign_lacks_it():
    assert identify("maya iman baskii maanta", LANGUAGES, "so").language == "so"


def test_a_language_that_the_model_does_not_know_is_kept_when_declared():
    assert identify("whatever is written here in full", LANGUAGES, "chk").language == "chk"


def test_what_carries_no_language_is_not_read():
    assert clean("Call 555-0142 👍 @me a@b.org [number] Árbol!") == "call árbol"


@pytest.mark.parametrize(
    ("declared", "right"), [("the true one", 0.99), ("en", 0.96), ("es", 0.96), (None, 0.96)]
)
def test_the_language_of_the_demo_s_replies_is_told(declared, right):
    replies = yaml.safe_load(REPLIES.read_text(encoding="utf-8"))

    told = [
        identify(
            reply["text"], LANGUAGES, reply["language"] if declared == "the true one" else declared
        ).language
        == reply["language"]
        for reply in replies
    ]

    assert sum(told) / len(replies) > right


@pytest.mark.data
def test_haitian_creole_is_told_in_real_text_messages():
    if not SMS.exists():
        pytest.skip("the Haiti 4636 messages are not part of this project")
    assert hashlib.sha256(SMS.read_bytes()).hexdigest() == SMS_SHA256
    with SMS.open(encoding="utf-8") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["event"] == "haiti_earthquake" and row["original"].strip()
        ]
    # About 18% of the originals are not Creole at all; these hold more Creole function words than others.
    creole = {
        "mwen",
        "nou",
        "yo",
        "gen",
        "nan",
        "ki",
        "pou",
        "sa",
        "kote",
        "nap",
        "ap",
        "bezwen",
        "ede",
        "manje",
        "dlo",
        "tanpri",
        "kijan",
        "eske",
        "ak",
        "li",
        "pa",
        "m",
        "mw",
        "moun",
        "kay",
    }
    french = {
        "je",
        "nous",
        "les",
        "des",
        "est",
        "vous",
        "sont",
        "pour",
        "dans",
        "avec",
        "une",
        "avons",
        "suis",
        "pas",
        "la",
        "le",
        "du",
        "et",
        "sur",
        "qui",
        "que",
        "mon",
        "ma",
    }
    words = [clean(row["original"]).split() for row in rows]
    own = [
        row
        for row, said in zip(rows, words, strict=True)
        if sum(w in creole for w in said) > sum(w in french for w in said)
    ]

    declared = sum(identify(row["original"], LANGUAGES, "ht").language == "ht" for row in own)
    misdeclared = sum(identify(row["original"], LANGUAGES, "en").language == "ht" for row in own)
    english = sum(identify(row["message"], LANGUAGES, "ht").language == "en" for row in rows)

    assert len(own) > 700
    assert declared / len(own) > 0.97
    assert misdeclared / len(own) > 0.97
    assert english / len(rows) > 0.97
