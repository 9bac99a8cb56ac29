"""What Openline itself says is there in every language, short, and true to its gaps."""

import pytest

from survey_flows import phrases
from survey_flows.wording import fill, gaps

GSM7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
LANGUAGES = ("en", "es", "ht", "pt", "vi", "zh-Hans", "ar", "fr")
VALUES = {"school": "Lincoln School", "least": "0", "most": "28"}


@pytest.mark.parametrize("name", phrases.PHRASES)
def test_a_phrase_is_there_in_every_language_with_the_same_gaps(name):
    texts = phrases.PHRASES[name]

    assert tuple(sorted(texts)) == tuple(sorted(LANGUAGES))
    assert all(text.strip() for text in texts.values())
    assert {gaps(text) for text in texts.values()} == {gaps(texts["en"])}


@pytest.mark.parametrize("name", phrases.PHRASES)
def test_a_phrase_in_english_is_one_part_of_an_sms(name):
    text = phrases.say(name, "en", **VALUES)

    assert set(text) <= GSM7
    assert len(text) <= 160


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_is_longer_than_carriers_like(language):
    assert max(len(phrases.say(name, language, **VALUES)) for name in phrases.PHRASES) <= 320


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_for_the_carrier_stay_as_they_are(language):
    assert "STOP" in phrases.say("help", language, **VALUES)
    assert "STOP" in phrases.say("started", language)
    assert "START" in phrases.say("stopped", language, **VALUES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_says_who_asks_and_whom_to_call(language):
    text = phrases.say("help", language, **VALUES)

    assert "Lincoln School" in text
    assert "911" in text
    assert "988" in text


def test_english_is_approved_and_the_machines_drafts_are_marked():
    assert phrases.SOURCE == "en"
    assert set(LANGUAGES) - {"en"} == phrases.DRAFTS


def test_a_language_we_do_not_have_is_answered_in_its_own_kind_or_in_english():
    assert phrases.say("yes", "es-MX") == "Sí"
    assert phrases.say("yes", "so") == "Yes"
    assert phrases.say("yes", "") == "Yes"


def test_a_phrase_without_its_value_is_an_error():
    with pytest.raises(LookupError, match="school"):
        phrases.say("help", "en")
    with pytest.raises(LookupError):
        phrases.say("no_such_phrase", "en")


def test_a_value_is_put_in_once_and_on_one_line():
    assert fill("{school}!", {"school": "{school}\n Lincoln"}) == "{school} Lincoln!"
