"""What Openline says itself in eleven languages: every phrase is there, with its gaps, in its own script."""

import unicodedata

import pytest
from tongues import TAGS

from survey_flows import danger, phrases, requests
from survey_flows.folding import fold
from survey_flows.lexicon import LEXICONS
from survey_flows.wording import gaps
from survey_flows.words import Word, read

VALUES = {
    "school": "Lincoln School",
    "least": "0",
    "most": "28",
    "example": "2026-09-14",
    "label": "Very hard",
    "labels": "1 Not hard, 2 A little hard",
    "skip": "SKIP",
    "value": "Bus 12",
    "number": "1",
}


def said(name, tag):
    if name in phrases.COUNTED:
        return [phrases.count(name, tag, n, **VALUES) for n in (0, 1, 2, 11)]
    return [phrases.say(name, tag, **VALUES)]


@pytest.mark.parametrize("name", phrases.PHRASES)
@pytest.mark.parametrize("tag", TAGS)
def test_every_phrase_is_there_short_and_with_its_gaps(tag, name):
    _, forms = phrases._read(tag).forms[name]

    assert {gaps(form) for form in forms} == {gaps(phrases.PHRASES[name])} or name in phrases.COUNTED
    for text in said(name, tag):
        assert len(text) <= 320
        assert "{" not in text
        for word in ("STOP", "START", "911", "988"):
            assert (word in text) == (word in said(name, "en")[0])


@pytest.mark.parametrize("tag", TAGS)
def test_a_phrase_is_not_left_in_english(tag):
    same = [name for name, english in phrases.PHRASES.items() if said(name, tag)[0] == said(name, "en")[0]]

    assert same == []
    assert tag in phrases.DRAFTS


@pytest.mark.parametrize("tag", TAGS)
def test_the_skip_word_skips_and_the_name_of_a_language_asks_for_it(tag):
    assert requests.read(phrases.say("skip_word", tag), tag).kind == "skip"
    assert read(phrases.say("language_name", tag)) == Word("language", tag)


@pytest.mark.parametrize("tag", TAGS)
def test_what_we_ask_and_say_ourselves_rings_no_alarm(tag):
    said = [phrases.say(name, tag, **VALUES) for name in phrases.PHRASES if name not in phrases.COUNTED]

    assert [text for text in said if danger.read(text)] == []


@pytest.mark.parametrize("tag", TAGS)
def test_the_words_for_yes_and_no_that_we_offer_are_read(tag):
    assert fold(phrases.say("yes", tag)) in map(fold, LEXICONS[tag].yes)
    assert fold(phrases.say("no", tag)) in map(fold, LEXICONS[tag].no)


@pytest.mark.parametrize("tag", [tag for tag in TAGS if tag not in ("ur", "fa")])
def test_no_language_of_these_is_written_from_right_to_left(tag):
    letters = "".join(said("thanks", tag) + said("help", tag))

    assert not any("\u0590" <= char <= "\u08ff" for char in letters)


@pytest.mark.parametrize("tag", ["ur", "fa"])
def test_no_phrase_from_right_to_left_begins_with_a_latin_word(tag):
    for name in sorted(set(phrases.PHRASES) - phrases.COUNTED):
        values = dict.fromkeys(
            ("least", "most", "example", "label", "labels", "skip", "value", "number", "school"), "X"
        )
        begins = next(char for char in phrases.say(name, tag, **values) if char.isalpha())
        assert unicodedata.bidirectional(begins) == "AL" or name == "hint_range"  # it begins with a number


def test_slavic_numbers_have_their_forms():
    def said(tag, n):
        return phrases.count("reminder", tag, n, school="X")

    assert "1 вопрос," in said("ru", 1)
    assert "3 вопроса," in said("ru", 3)
    assert "11 вопросов," in said("ru", 11)
    assert "21 вопрос," in said("ru", 21)
    assert "5 запитань," in said("uk", 5)
    assert "2 запитання," in said("uk", 2)
