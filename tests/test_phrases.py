"""What Openline itself says is there in every language, short, and true to its gaps and its plurals."""

import re
from gettext import c2py

import pytest
from babel import Locale
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

from survey_flows import phrases, requests
from survey_flows.lexicon import LEXICONS
from survey_flows.wording import fill, gaps

GSM7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
LANGUAGES = phrases.LANGUAGES
VALUES = {
    "school": "Lincoln School",
    "least": "0",
    "most": "28",
    "example": "3/14/2027",
    "label": "A little hard",
    "labels": "1 Walk, 2 Bus",
    "skip": "SKIP",
    "value": "3",
    "number": "1",
}


def local(language):
    return language.replace("-", "_")


def catalogue(language):
    with phrases.catalogue(language).open("rb") as file:
        return read_po(file, locale=local(language), abort_invalid=True)


def parts(text):
    return (text,) if isinstance(text, str) else tuple(text)


CATALOGUES = {language: catalogue(language) for language in LANGUAGES}
ENGLISH = {message.context: message for message in CATALOGUES["en"] if message.id}
EVERY = [pytest.param(language, name, id=f"{language}-{name}") for language in LANGUAGES for name in ENGLISH]


def forms(language, name):
    if name in phrases.COUNTED:
        return {phrases.count(name, language, n, **VALUES) for n in range(111)}
    return {phrases.say(name, language, **VALUES)}


def test_the_languages_we_speak_are_those_we_understand():
    assert set(LANGUAGES) == set(LEXICONS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_every_phrase_for_the_english_of_today(language):
    book = CATALOGUES[language]
    found = {message.context: parts(message.id) for message in book if message.id}

    assert found == {name: parts(message.id) for name, message in ENGLISH.items()}
    assert not book.obsolete


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_a_phrase_is_said_with_the_gaps_of_the_english(language, name):
    message = CATALOGUES[language].get(ENGLISH[name].id, context=name)
    said, english = parts(message.string), parts(ENGLISH[name].id)

    assert all(text.strip() and text == text.strip() for text in said)
    if name not in phrases.COUNTED:
        assert gaps(said[0]) == gaps(english[0])
    assert all(gaps(text) | {"count"} == gaps(english[0]) | {"count"} for text in said)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(phrases.COUNTED))
def test_a_phrase_that_counts_has_the_forms_of_its_language_and_names_the_number(language, name):
    book = CATALOGUES[language]
    said = parts(book.get(ENGLISH[name].id, context=name).string)
    form = c2py(get_plural(local(language)).plural_expr)

    assert len(said) == get_plural(local(language)).num_plurals
    assert all("{count}" in said[form(n)] for n in range(3, 1000))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_says_what_it_is(language):
    text = phrases.catalogue(language).read_text("utf-8")
    book = CATALOGUES[language]

    assert book.locale == Locale.parse(local(language))
    assert book.plural_expr == get_plural(local(language)).plural_expr
    assert re.search(r'^"X-Made-By: \S', text, re.MULTILINE)
    assert re.search(r'^"X-Approved-By:', text, re.MULTILINE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phrase_that_is_not_approved_says_why(language):
    assert [m.context for m in CATALOGUES[language] if m.fuzzy and m.id and not m.user_comments] == []


def test_english_is_what_it_says():
    assert all(parts(message.string) == parts(message.id) for message in ENGLISH.values())


@pytest.mark.parametrize("name", [name for name in ENGLISH if name != "crisis"])  # that one may take two
def test_a_phrase_in_english_is_one_part_of_an_sms(name):
    for text in forms("en", name):
        assert set(text) <= GSM7
        assert len(text) <= 160


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_no_phrase_is_longer_than_carriers_like(language, name):
    assert max(map(len, forms(language, name))) <= 320


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["help", "started", "consent", "reminder", "reminder_last"])
def test_stop_stays_as_it_is(language, name):
    assert all("STOP" in text for text in forms(language, name))


@pytest.mark.parametrize("language", LANGUAGES)
def test_start_and_ok_stay_as_they_are(language):
    assert "START" in phrases.say("stopped", language, **VALUES)
    assert "OK" in phrases.say("default_hint", language, **VALUES)
    assert requests.read("OK", language) == requests.Request("ok")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["help", "person", "crisis"])
def test_whoever_may_be_in_need_is_told_whom_to_call(language, name):
    text = phrases.say(name, language, **VALUES)

    assert "Lincoln School" in text
    assert "911" in text
    assert "988" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_that_we_offer_for_skipping_skips(language):
    word = phrases.say("skip_word", language)

    assert requests.read(word, language) == requests.Request("skip")
    assert word == word.upper()


def test_every_language_has_its_own_name():
    names = {language: phrases.say("language_name", language) for language in LANGUAGES}

    assert len(set(names.values())) == len(LANGUAGES)
    assert names["es"] == "Español"


def test_english_is_approved_and_the_machines_drafts_are_marked():
    assert phrases.SOURCE == "en"
    assert set(LANGUAGES) - {"en"} == phrases.DRAFTS


def test_a_number_is_said_in_the_form_of_the_language():
    assert phrases.count("reminder", "es", 1, school="X").startswith("X: queda 1 pregunta,")
    assert phrases.count("reminder", "es-MX", 2, school="X").startswith("X: quedan 2 preguntas,")
    assert phrases.count("reminder", "fr", 0, school="X").startswith("X : il reste 0 question,")
    assert "سؤالان" in phrases.count("reminder", "ar", 2, school="X")
    assert "3 أسئلة" in phrases.count("reminder", "ar", 3, school="X")


def test_a_language_we_do_not_have_is_answered_in_its_own_kind_or_in_english():
    assert phrases.say("yes", "es-MX") == "Sí"
    assert phrases.say("yes", "mi") == "Yes"
    assert phrases.say("yes", "") == "Yes"


def test_a_phrase_without_its_value_is_an_error():
    with pytest.raises(LookupError, match="school"):
        phrases.say("help", "en")
    with pytest.raises(LookupError):
        phrases.say("no_such_phrase", "en")
    with pytest.raises(LookupError, match="number"):
        phrases.say("reminder", "en", school="X")
    with pytest.raises(LookupError, match="thanks"):
        phrases.count("thanks", "en", 1)


HEADER = 'msgid ""\nmsgstr ""\n"Language: es\\n"\n"X-Approved-By:{}\\n"\n\n'
PHRASE = '{}msgctxt "yes"\nmsgid "{}"\nmsgstr "Claro"\n'


@pytest.fixture
def spanish(tmp_path, monkeypatch):
    """Writes the Spanish catalogue that is read from here on."""

    def write(text):
        folder = tmp_path / "es" / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "openline.po").write_text(text, "utf-8")
        phrases._read.cache_clear()

    phrases._read("en")
    english = phrases._read("en")
    read = phrases._read
    monkeypatch.setattr(phrases, "FOLDER", tmp_path)
    monkeypatch.setattr(
        phrases,
        "_read",
        type(
            "_",
            (),
            {
                "__call__": lambda _, tag: english if tag == "en" else read(tag),
                "cache_clear": lambda _: read.cache_clear(),
            },
        )(),
    )
    yield write
    read.cache_clear()


def test_a_phrase_that_has_been_approved_is_said(spanish):
    spanish(HEADER.format("") + PHRASE.format("", "Yes"))

    assert phrases.say("yes", "es") == "Claro"


@pytest.mark.parametrize(
    "phrase",
    [
        PHRASE.format("#, fuzzy\n", "Yes"),
        PHRASE.format("", "Yes, indeed"),
        PHRASE.format("", "Yes").replace("Claro", ""),
        "",
    ],
    ids=["fuzzy", "for another English", "empty", "missing"],
)
def test_a_phrase_that_is_not_to_be_trusted_is_said_in_english(spanish, phrase):
    spanish(HEADER.format("") + phrase)

    assert phrases.say("yes", "es") == "Yes"
    assert phrases.count("reminder", "es", 1, school="X").startswith("X: 1 question is left")


@pytest.mark.parametrize(("by", "draft"), [("", True), ("  ", True), (" Ana Ruiz, 2027-01-05", False)])
def test_a_language_is_a_draft_until_somebody_has_put_their_name_to_it(spanish, by, draft):
    spanish(HEADER.format(by))

    assert phrases._unapproved("es") == draft


def test_a_value_is_put_in_once_and_on_one_line():
    assert fill("{school}!", {"school": "{school}\n Lincoln"}) == "{school} Lincoln!"
