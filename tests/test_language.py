import csv
import hashlib
import unicodedata
from pathlib import Path

import pytest
import yaml

from analysis.language import MARGIN, UNKNOWN, clean, identify, tellable
from analysis.language.cleaning import pieces
from analysis.language.lists import FOLDER, fold, read
from analysis.language.weighing import LATIN, table
from survey_flows import phrases

LANGUAGES = ("en", "es", "ht", "pt", "vi", "zh-Hans", "ar", "fr")
EVERY = phrases.LANGUAGES
BENCH = Path(__file__).parents[1] / "bench" / "language_replies.yaml"
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


@pytest.mark.parametrize("word", ["doctor", "familia", "Lincoln", "transport", "bus", "internet", "hospital"])
def test_a_single_word_that_many_languages_have_overrules_nobody(word):
    for declared in ("ht", "vi", "so", "es"):
        assert identify(word, EVERY, declared).language == declared


def test_a_single_word_that_only_one_language_has_is_of_that_language():
    for word, language in (("gracias", "es"), ("obrigado", "pt"), ("salamat", "tl"), ("дякую", "uk")):
        assert identify(word, EVERY, "so" if language != "uk" else "ru").language == language


def test_fancy_letters_and_repeated_words_are_read_as_what_they_are():
    assert identify("ｔｈｅ ｂｕｓ ｉｓ ｌａｔｅ", EVERY) == identify("the bus is late", EVERY)
    assert not identify("bus " * 500, EVERY).sure


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


def test_two_names_of_one_language_are_no_rivals():
    found = identify("hindi dumating ang bus kanina", EVERY, "fil")

    assert (found.language, found.sure) == ("fil", True)
    assert found.probability > 0.99


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


# --- as people type ---


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("3andi mouchkil f transport", "ar"),
        ("el bas ma geh elyom", "ar"),
        ("xe buyt khong den", "vi"),
        ("khong ai noi tieng viet o truong", "vi"),
        ("avtobus segodnya ne prishel", "ru"),
        ("ne rozumiyu vashyh povidomlen", "uk"),
        ("women jiali mei che", "zh-Hans"),
        ("bachay ko sambhalnay wala koi nahin", "ur"),
        ("nemidoonam bache ra koja bebaram", "fa"),
    ],
)
def test_another_script_s_language_is_told_in_latin_letters_too(text, language):
    assert identify(text, EVERY).language == language
    assert identify(text, EVERY, language).language == language


def test_which_of_hindi_and_urdu_is_in_latin_letters_is_the_person_s_to_say():
    assert identify("bus nahi aayi aur ghar door hai", EVERY).language in ("hi", "ur")
    for declared in ("hi", "ur"):
        assert identify("school bahut door hai", EVERY, declared).language == declared


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("la nina esta enferma manana", "es"),
        ("o onibus nao passa", "pt"),
        ("l ecole a ferme tot et ma mere etait malade", "fr"),
        ("lekol la femen bone, m pa ka jwenn bis", "ht"),
        ("M PA GEN MOUN POU GADE TIMOUN NAN", "ht"),
        ("NO TENGO CON QUIEN DEJAR AL NIÑO", "es"),
        ("noooo theeee bussss never caaaame", "en"),
        ("mw bzwen èd pou devwa yo", "ht"),
    ],
)
def test_missing_accents_capitals_and_drawn_out_letters_change_nothing(text, language):
    assert identify(text, EVERY).language == language


def test_a_text_is_no_other_language_for_being_in_capitals():
    for text in ("bis la an reta chak jou", "j'ai pas de voiture", "ma hayno gaadiid"):
        assert identify(text.upper(), EVERY) == identify(text, EVERY)


def test_a_number_with_its_unit_is_no_arabic_in_latin_letters():
    assert pieces("at 2pm on the 4th, 30min late, 3andi") == [
        "at",
        "pm",
        "on",
        "the",
        "th",
        "min",
        "late",
        "3andi",
    ]
    assert identify("bus at 7am and 3pm on the 4th", EVERY).language == "en"


@pytest.mark.parametrize(
    ("text", "way"), [("校車今天沒來", "zh-Hant"), ("校车今天没来", "zh-Hans"), ("学校的老师很好", "zh-Hans")]
)
def test_the_characters_tell_which_way_of_writing_chinese_it_is(text, way):
    found = identify(text, EVERY)

    assert (found.language, found.sure) == (way, True)
    assert found.probability > 0.99


# --- two languages in one reply ---


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("el bus llega late every day", {"es", "en"}),
        ("m pa gen kob pou daycare la", {"ht", "en"}),
        ("meu filho não gosta da escola, too much homework for him", {"pt", "en"}),
        ("孩子不想上学 because other kids are mean", {"zh-Hans", "en"}),
        ("the bus is always late الباص يتأخر كل يوم", {"en", "ar"}),
    ],
)
def test_a_second_language_is_kept(text, languages):
    found = identify(text, EVERY)

    assert {found.language, *found.also} == languages


def test_the_declared_language_stands_first_in_a_reply_of_two():
    found = identify("el bus llega late every day", EVERY, "es")

    assert (found.language, found.also) == ("es", ("en",))


@pytest.mark.parametrize(
    "text",
    [
        "el bus no pasa",
        "ok gracias",
        "bus la anreta chak jou",
        "le bus est en retard, merci beaucoup",
        "my son José goes to Lincoln School",
        "الباص bus",
        "没车 ok",
    ],
)
def test_a_borrowed_word_or_a_name_is_no_second_language(text):
    assert identify(text, EVERY).also == ()


def test_hardly_any_reply_in_one_language_is_said_to_be_in_two():
    plain = [text for texts in _made_up()["letters"].values() for text in texts]

    assert sum(bool(identify(text, EVERY).also) for text in plain) / len(plain) < 0.01


# --- how sure it is ---


def test_the_probability_is_nought_where_nothing_is_said_and_near_one_where_it_is_clear():
    assert identify("👍", EVERY, "ht").probability == 0
    assert identify("", EVERY).probability == 0
    assert identify("m pa gen moun pou gade timoun nan", EVERY).probability > 0.99
    assert identify("校车没来", EVERY).probability > 0.99


def test_it_is_less_sure_of_a_word_that_many_languages_have():
    assert identify("no", EVERY).probability < 0.9
    assert not identify("no", EVERY).sure


def test_what_is_told_with_a_high_probability_is_right():
    told = [
        (found.probability, found.language == tag)
        for tag, texts in _made_up()["letters"].items()
        for text in texts
        if (found := identify(text, EVERY)).probability >= 0.9
    ]

    assert len(told) > 600
    assert sum(right for _, right in told) / len(told) > 0.99


def test_a_reply_that_leads_by_the_margin_is_sure():
    found = identify("nobody called me back", EVERY)

    assert found.sure
    assert found.score >= MARGIN


# --- the lists ---


def test_every_list_is_marked_as_drafted_and_holds_words_as_they_are_looked_up():
    for file in sorted(FOLDER.glob("*.txt")):
        assert "Machine-drafted" in file.read_text(encoding="utf-8").splitlines()[0], file.name
        for word in read(file.stem).grades:
            assert pieces(word) == [word], (file.name, word)
            assert fold(fold(word)) == fold(word)


def test_every_list_belongs_to_a_script():
    used = {tag for script in ("Latin", "Cyrillic", "Arabic") for tag in table(script).tags[:-1]}

    assert {file.stem for file in FOLDER.glob("*.txt")} == used
    assert set(LATIN) <= used


def test_a_language_that_nobody_knows_the_words_of_cannot_be_told():
    assert [tellable(tag) for tag in ("ht", "pt-BR", "zh-Hant", "de", "chk")] == [
        True,
        True,
        True,
        True,
        False,
    ]


def test_languages_that_we_have_no_list_of_are_told_by_their_letters():
    among = (*EVERY, "de", "pl")

    assert identify("der Bus kommt jeden Tag zu spät", among).language == "de"
    assert identify("autobus znowu się spóźnił i nikt nie zadzwonił", among).language == "pl"
    assert identify("the bus is late every single day", among).language == "en"


# --- the measured goals (bench/languages.py says more) ---


def _made_up():
    return yaml.safe_load(BENCH.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("declared", "right"), [(None, 0.98), ("the true one", 0.995), ("en", 0.97)])
def test_the_language_of_made_up_replies_is_told_among_all_that_we_supply(declared, right):
    told = [
        identify(text, EVERY, tag if declared == "the true one" else declared).language == tag
        for tag, texts in _made_up()["letters"].items()
        for text in texts
    ]

    assert sum(told) / len(told) >= right


@pytest.mark.parametrize(("declared", "right"), [(None, 0.9), ("the true one", 0.97)])
def test_the_language_is_told_in_latin_letters_and_without_accents(declared, right):
    told = [
        identify(text, EVERY, tag if declared else None).language == tag
        for tag, texts in _made_up()["latin"].items()
        for text in texts
    ]

    assert sum(told) / len(told) >= right


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

    assert len(own) > 700
    for among in (("ht", "en", "fr", "es"), LANGUAGES, EVERY):
        for change in (str, str.upper, _bare, lambda text: _bare(text).upper()):
            undeclared = sum(identify(change(row["original"]), among).language == "ht" for row in own)
            assert undeclared / len(own) > 0.985
        declared = sum(identify(row["original"], among, "ht").language == "ht" for row in own)
        misdeclared = sum(identify(row["original"], among, "en").language == "ht" for row in own)
        english = sum(identify(row["message"], among).language == "en" for row in rows)
        assert declared / len(own) > 0.995
        assert misdeclared / len(own) > 0.98
        assert english / len(rows) > 0.99


def _bare(text):
    return "".join(
        letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter)
    )
