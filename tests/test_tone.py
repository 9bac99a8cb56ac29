"""Wordings that blame, frighten, order about or label; and kind ones, which are left alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.sentiment import polarity
from bot.outreach import campaign_file, tone
from bot.outreach.checks.wording import UNKIND
from survey_flows import LIBRARY, library, phrases
from survey_flows.lexicon import LEXICONS

FILES = Path(__file__).parent / "files"
ENGLISH: dict[str, Any] = yaml.safe_load((FILES / "tone_en.yaml").read_text("utf-8"))
OTHERS: dict[str, Any] = yaml.safe_load((FILES / "tone_others.yaml").read_text("utf-8"))


def found(text: str, language: str) -> list[tuple[str, str]]:
    return [(one.kind, one.phrase) for one in tone.read(text, language)]


def test_every_language_we_answer_in_has_a_list():
    assert set(LEXICONS) <= set(tone.LANGUAGES)
    assert set(OTHERS) | {"en"} == set(tone.LANGUAGES)


@pytest.mark.parametrize("language", tone.LANGUAGES)
def test_every_file_is_sound_and_says_who_approved_it(language):
    raw = tone.load((tone.FOLDER / f"{language}.yaml").read_text("utf-8"))

    assert raw["language"] == language
    assert tone.drafted(language) is (language != "en")
    assert all(raw[kind] for kind in tone.WHY), "every kind has a row"


@pytest.mark.parametrize("language", tone.LANGUAGES)
def test_no_list_scolds_its_own_suggestions(language):
    raw = tone.load((tone.FOLDER / f"{language}.yaml").read_text("utf-8"))

    scolded = {
        row["instead"]: found(row["instead"], language)
        for kind in tone.WHY
        for row in raw[kind]
        if found(row["instead"], language)
    }

    assert scolded == {}


@pytest.mark.parametrize(("language", "kind"), [(language, kind) for language in OTHERS for kind in tone.WHY])
def test_each_kind_is_found_in_each_language(language, kind):
    sentence = OTHERS[language]["hard"][kind]

    assert kind in {one.kind for one in tone.read(sentence, language)}


@pytest.mark.parametrize("language", OTHERS)
def test_kind_words_are_left_alone_in_each_language(language):
    assert found(OTHERS[language]["kind"], language) == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Mornings may not be easy, and Leo will not be counted late when the bus is."),
        ("es", "No tiene que hacer nada."),
        ("fr", "Vous devez être fiers de Léo."),
        ("ht", "Si ou pa reponn, pa gen pwoblèm."),
        ("pt", "Você deve estar orgulhosa do Leo."),
        ("ru", "Вы не обязаны отвечать."),
    ],
)
def test_kind_sentences_that_begin_like_harsh_ones_are_left_alone(language, sentence):
    assert found(sentence, language) == []


@pytest.mark.parametrize(
    ("language", "kind", "sentence"),
    [
        ("en", "order", "This will not be tolerated."),
        ("en", "threat", "We will be forced to contact Child Protective Services."),
        ("en", "blame", "Do your job as a parent."),
        ("en", "label", "Leo was absent AGAIN."),
        ("es", "label", "Su hijo faltó otra vez sin justificación."),
        ("es", "threat", "Se le multará."),
        ("es", "order", "La ley exige que su hijo asista."),
        ("fr", "order", "Il faut que vous ameniez votre enfant à l'heure."),
        ("ht", "blame", "Ou pa reponn."),
        ("tl", "order", "Dapat po kayong dumalo."),
        ("tl", "blame", "Kayo po ang may pananagutan."),
        ("vi", "threat", "Sẽ báo chính quyền."),
        ("zh-Hans", "threat", "将报告有关部门。"),
    ],
)
def test_plain_harsh_sentences_are_found(language, kind, sentence):
    assert kind in {each for each, _ in found(sentence, language)}


def test_what_we_say_ourselves_is_found_nowhere():
    ours = [
        (language, text)
        for language in phrases.LANGUAGES
        for _, forms in phrases._read(language).forms.values()
        for text in forms
    ]
    surveys = [
        (language, text)
        for survey in map(library, LIBRARY)
        for language in survey.languages
        for text in (
            survey.intro[language],
            survey.thanks[language],
            *(texts[language] for question in survey.questions for texts in question.texts.values()),
        )
    ]
    campaigns = [
        (language, text)
        for key in campaign_file.LIBRARY
        for step in campaign_file.loads((campaign_file.FOLDER / f"{key}.yaml").read_text(), key).steps
        for texts in step.texts.values()
        for language, text in texts.items()
    ]
    assert min(map(len, (ours, surveys, campaigns))) > 20

    scolded = [
        (language, text, found(text, language))
        for language, text in (*ours, *surveys, *campaigns)
        if found(text, language)
    ]

    assert scolded == []


def test_a_finding_has_the_words_a_kinder_wording_and_why():
    one = tone.read("Hi Rosa. Your child is failing math!", "en-US")[0]

    assert (one.kind, one.phrase) == ("blame", "is failing")
    assert "practice tonight" in one.suggestion
    assert one.why == tone.WHY["blame"]


def test_words_of_two_sentences_are_no_phrase():
    assert found("No one is failing. You must see the play!", "en") == [("order", "you must")]
    assert found("We will call you. Must be fun!", "en") == []


def test_apostrophes_accents_and_capitals_do_not_matter():
    assert found("YOU DIDN’T RESPOND", "en") == found("you didnt respond", "en") != []
    assert [kind for kind, _ in found("ULTIMO AVISO", "es")] == ["threat"]


def test_a_language_without_a_list_is_read_as_nothing_and_says_so():
    assert tone.read("Ваше дете", "mk") == []
    assert not tone.knows("mk")
    assert tone.knows("es-MX")


# How well it finds English messages that we made up: docs/tone.md has the figures.


def rates(finds: Callable[[str], bool], half: str) -> tuple[float, float]:
    """Precision and recall."""
    hits = sum(map(finds, ENGLISH["punitive"][half]))
    false = sum(map(finds, ENGLISH["kind"][half]))
    return hits / (hits + false), hits / len(ENGLISH["punitive"][half])


def listed(text: str) -> bool:
    return bool(tone.read(text, "en"))


def negative(text: str) -> bool:
    return polarity(text) < UNKIND


@pytest.mark.parametrize("half", ["first", "held_out"])
def test_the_list_finds_most_of_what_punishes_and_little_else(half):
    precision, recall = rates(listed, half)

    assert (precision, recall) >= (0.9, 0.9)


def test_polarity_alone_would_not_do():
    """So it is told as a note, beside the list and never instead of it."""
    precision, recall = rates(negative, "held_out")

    assert (precision, recall) == (0.5, 0.1)
    assert rates(lambda text: listed(text) or negative(text), "held_out")[1] == rates(listed, "held_out")[1]
