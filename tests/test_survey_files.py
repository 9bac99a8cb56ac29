"""A survey file is read whole or refused with its line, what is wrong, and what to do."""

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import survey_flows
from survey_flows import LIBRARY, SurveyError, library, load, loads, phrases
from survey_flows.wording import fill

GOOD = """\
survey: mornings
source: en
drafted: [es]
variants: [student]
notes: "For staff: a note."
title: {en: Mornings, es: Las mañanas}
intro:
  en: "{school} asks about mornings. Reply STOP to end."
  es: "{school} pregunta por las mañanas. Responda STOP para terminar."
questions:
  - key: hard
    kind: scale
    text: {en: Was it hard?, es: ¿Fue difícil?}
    student: {en: Was it hard for you?, es: ¿Fue difícil para usted?}
    choices:
      - {key: not_hard, en: Not hard, es: Nada difícil}
      - {key: very, en: Very hard, es: Muy difícil, emoji: 😭}
  - key: what
    kind: open
    ask_if: {hard: [very]}
    text: {en: What made it hard?, es: ¿Qué lo hizo difícil?}
  - key: days
    kind: number
    min: 0
    max: 28
    units: {en: [days], es: [días]}
    text: {en: How many days?, es: ¿Cuántos días?}
  - key: call
    kind: yesno
    ask_if: {days: {min: 3}}
    text: {en: May we call?, es: ¿Podemos llamar?}
  - key: way
    kind: many
    ask_if: {call: [yes]}
    text: {en: What was on the way?, es: ¿Qué hubo en el camino?}
    choices:
      - {key: cold, en: Cold, es: Frío}
      - {key: bus, en: Bus, es: Autobús}
"""


def refused(text: str) -> SurveyError:
    with pytest.raises(SurveyError) as caught:
        loads(text, "mornings.yaml")
    return caught.value


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_a_good_file_is_read_whole():
    survey = loads(GOOD, "mornings.yaml")

    assert survey.key == "mornings"
    assert survey.languages == ("en", "es")
    assert survey.drafts == {"es"}
    assert survey.variants == ("student",)
    assert survey.gaps == {"school"}
    assert survey.notes == "For staff: a note."
    assert survey.text == GOOD
    assert [(question.key, question.kind) for question in survey.questions] == [
        ("hard", "scale"),
        ("what", "open"),
        ("days", "number"),
        ("call", "yesno"),
        ("way", "many"),
    ]


def test_a_version_is_the_hash_of_the_text():
    survey, again, changed = (loads(text, "x") for text in (GOOD, GOOD, GOOD.replace("Mornings", "Morning")))

    assert len(survey.version) == 12
    assert int(survey.version, 16)
    assert survey is again
    assert survey.version != changed.version


def test_a_file_written_on_windows_is_the_same_version(tmp_path):
    windows = tmp_path / "mornings.yaml"
    windows.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())

    assert load(windows).version == loads(GOOD, "mornings.yaml").version


# What is replaced, by what, the text on the complained line, and words of the complaint.
MISTAKES = [
    ("notes:", "note:", "note:", "A survey has no 'note'. Did you mean 'notes'?"),
    ("kind: scale", "kind: scael", "kind: scael", "no kind of question called 'scael'. Did you mean 'scale'?"),
    ("    kind: open\n", "", "  - key: what", "There is no 'kind:'"),
    ("    units:", "    unit:", "    unit:", "has no 'unit'. Did you mean 'units'?"),
    ("    min: 0", "    choices: []", "    choices: []", "A question of kind 'number' has no 'choices'."),
    ("    max: 28", "    max: lots", "max: lots", "'lots' is not a number"),
    ("    max: 28", "    max: -1", "min: 0", "min is above max"),
    ("    max: 28", "    max: 28\n    decimals: maybe", "decimals: maybe", "'decimals' is yes or no"),
    ("{en: What made it hard?, es: ¿Qué lo hizo difícil?}", "{en: What?}", "text: {en: What?}", "not given in es"),
    ("en: Very hard, es: Muy difícil", "en: Very hard", "key: very", "Choice 'very' of question 'hard' is not given in es"),
    ("en: Very hard,", "en: not HARD!,", "key: very", "'not HARD!' (en) reads like choice 'not_hard'"),
    ("es: Muy difícil", "es: nada dificil", "key: very", "'nada dificil' (es) reads like choice 'not_hard'"),
    ("en: Cold,", "en: Stop,", "key: cold", "'Stop' cannot be a choice (en): a message that says just that means 'stop'"),
    ("en: Cold,", "en: END,", "key: cold", "means 'stop'"),
    ("en: Cold,", "en: Info,", "key: cold", "means 'help'"),
    ("es: Frío", "es: Ayuda", "key: cold", "means 'help'"),
    ("en: Cold,", "en: Unstop,", "key: cold", "means 'start'"),
    ("es: Frío", "es: Español", "key: cold", "asks for a language"),
    ("en: Cold,", "en: '!!!',", "key: cold", "has no letters or digits"),
    ("en: Cold,", "en: '2 blankets',", "key: cold", "begins with 2, but it is number 1"),
    ("key: cold", "key: none", "key: none", "'none' is not one of the choices"),
    ("key: cold", "key: bus", "    choices:\n      - {key: bus", "have the key 'bus'"),
    ("key: cold", "key: Cold", "key: Cold", "'Cold' cannot be a key"),
    ("key: cold", f"key: {'c' * 47}", "key: ccc", "longer than a button can hold"),
    ("emoji: 😭", "emoji: sad", "emoji: sad", "'sad' is not an emoji"),
    ("ask_if: {hard: [very]}", "ask_if: {hrad: [very]}", "ask_if: {hrad", "no such question. Did you mean 'hard'?"),
    ("ask_if: {hard: [very]}", "ask_if: {days: {min: 1}}", "ask_if: {days", "which is not asked before"),
    ("ask_if: {hard: [very]}", "ask_if: {hard: [vary]}", "ask_if: {hard: [vary]}", "Did you mean 'very'?"),
    ("ask_if: {hard: [very]}", "ask_if: {hard: []}", "ask_if: {hard: []}", "names no answer"),
    ("ask_if: {days: {min: 3}}", "ask_if: {what: [bus]}", "ask_if: {what", "is an open question"),
    ("ask_if: {days: {min: 3}}", "ask_if: {days: {least: 3}}", "ask_if: {days", "has no 'least'"),
    ("{en: How many days?", "{en: How many days at {shcool}?", "    text: {en: How many days", "YAML"),
    ("en: How many days?", "en: 'Days at {shcool}?'", "text: {en: 'Days", "has a gap that nothing can fill: {shcool}. Did you mean 'school'?"),
    ("en: How many days?", "en: 'Days at {School}?'", "text: {en: 'Days", "a brace"),
    ("en: How many days?", "en: 'Days at {school}?'", "text: {en: 'Days", "lacks {school} in es"),
    ("en: How many days?", "en: ''", "text: {en: ''", "is empty"),
    ("en: How many days?", "fr: Combien ?, en: How many days?", "text: {fr: Combien", "not a language of this survey"),
    ("en: How many days?", f"en: {'very ' * 400}", "text: {en: very", "longer than 1600"),
    ("en: How many days?", 'en: "Days\\x07"', "text: {en: \"Days", "control character"),
    ("Reply STOP to end", "Reply ALTO to end", "  en: \"{school} asks", "does not hold STOP (en)"),
    ('es: "{school} pregunta', 'es: "La escuela pregunta', "  es: \"La escuela", "does not hold {school} (es)"),
    ("drafted: [es]", "drafted: [sp]", "drafted: [sp]", "'sp' in 'drafted' is unknown"),
    ("drafted: [es]", "drafted: [en]", "drafted: [en]", "cannot be a draft"),
    ("variants: [student]", "variants: [text]", "variants: [text]", "cannot be called 'text'"),
    ("    student:", "    studnet:", "    studnet:", "Did you mean 'student'?"),
    ("title: {en: Mornings, es", "title: {en: Mornings, español", "title: {en", "'español' is not a language tag. Did you mean 'es'?"),
    ("source: en", "source: fr", "title:", "not given in the source language, fr"),
    ("survey: mornings", "survey: The Mornings", "survey: The", "'The Mornings' cannot be a survey"),
    ("survey: mornings\n", "", "source:", "There is no 'survey:'"),
    ("source: en\n", "source: en\nsource: en\n", "source: en\nsource", "'source' is given twice"),
    ("  - key: what\n", "  - key: hard\n", "  - key: hard\n    kind: open", "Two questions are called 'hard'"),
    ("  - key: hard\n    kind: scale", "  - key: hard\n    ask_if: {what: [x]}\n    kind: scale", "ask_if: {what", "not asked before"),
    ("    kind: open\n", "    kind: open\n    kind: open\n", "    kind: open\n    kind", "'kind' is given twice in a question"),
    ("drafted: [es]", "drafted: {es: yes}", "drafted: {", "'drafted' has to be a list"),
    ("title: {en", "title: {en: &a [*a], x: {en", "title:", ""),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "at", "said"), MISTAKES)
def test_a_mistake_is_pointed_at_and_explained(old, new, at, said):
    assert old in GOOD
    text = GOOD.replace(old, new, 1)

    error = refused(text)

    everything = [error, *error.others]
    assert any(said in str(found) for found in everything), [str(found) for found in everything]
    told = next(found for found in everything if said in str(found))
    assert told.file == "mornings.yaml"
    assert told.cure
    assert abs(told.line - line_of(text, at)) <= 1


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines():
    error = refused(GOOD.replace("kind: open", "kind: opne").replace("max: 28", "max: lots"))

    assert "opne" in error.problem
    assert ["lots" in other.problem for other in error.others] == [True]
    assert error.line < error.others[0].line


def test_a_mistake_in_one_question_is_not_blamed_on_the_next():
    error = refused(GOOD.replace("en: Very hard, es: Muy difícil", "en: Very hard"))

    assert error.others == ()


def test_an_error_names_its_file_and_line():
    assert str(refused(GOOD.replace("kind: scale", "kind: scael"))).startswith("mornings.yaml:12: ")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("- a\n- b", 1),
        ("just words", 1),
        ("survey: [unclosed\ntitle: x", 2),
        ("survey: a\ntitle: 'never closed", 2),
        ("survey: a\n\ttitle: tab", 2),
        ("survey: a\nnotes: \x00", 2),
        ("survey: a\n---\nsurvey: b", 2),
        ("[" * 5000, 1),
        ("survey: " + "a" * 300_000, 1),
        ("[" * 100_000 + "]" * 100_000, 1),
        ("survey: \ud83d", 1),
    ],
    ids=[
        "empty",
        "list",
        "words",
        "bracket",
        "quote",
        "tab",
        "nul",
        "two documents",
        "deep",
        "huge",
        "deeper",
        "half",
    ],
)
def test_what_is_no_survey_at_all_is_refused_with_a_line(text, line):
    error = refused(text)

    assert error.cure
    assert error.line == line or abs(error.line - line) <= 1


@pytest.mark.parametrize(
    "questions",
    [
        "&all\n  - {group: again, questions: *all}",
        "&x0 [a, a]\nnotes: [" + ", ".join(f"&x{n} [*x{n - 1}, *x{n - 1}]" for n in range(1, 40)) + "]",
        "\n  - " + "{group: g, questions: [" * 300 + "]}" * 300,
    ],
    ids=["within itself", "doubled forty times", "groups in groups"],
)
def test_a_file_that_would_never_end_is_refused(questions):
    error = refused(GOOD.split("questions:")[0] + "questions: " + questions)

    assert "itself" in error.problem or "larger" in error.problem or "levels" in error.problem


def test_a_list_may_be_written_once_and_named_again():
    text = GOOD.replace("    choices:\n      - {key: cold", "    choices: &ways\n      - {key: cold")
    more = "  - {key: back, kind: many, text: {en: And back?, es: ¿Y de vuelta?}, choices: *ways}\n"

    assert loads(text + more, "mornings.yaml").questions[-1].keys == ("cold", "bus", "none")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("source: en", "source: en\nabout: {ppra: [²]}"),
        ("  - key: days", "  - {group: g, repeat: ², questions: []}\n  - key: days"),
        ("  - key: days", f"  - {{group: g, repeat: '{'9' * 5000}', questions: []}}\n  - key: days"),
        ("    kind: many", "    kind: many\n    none: {en: ❌, es: ❌}"),
        ("    kind: many", "    kind: many\n    none: {en: Stop, es: Alto}"),
    ],
)
def test_what_is_no_number_and_no_choice_is_told(old, new):
    assert refused(GOOD.replace(old, new)).cure


def test_a_published_survey_is_not_held_to_words_that_openline_has_learnt_since():
    text = GOOD.replace("en: Very hard", "en: Stop").replace("source: en", "source: en\nkeywords: [HELP]")
    text = text.replace("    kind: many", "    kind: many\n    none: {en: Not hard, es: Ayuda}")

    assert refused(text).others
    assert loads(text, "mornings.yaml", published=True).question("hard").choices("en")[1].label == "Stop"
    with pytest.raises(SurveyError, match="no 'title:'"):
        loads(text.replace("title:", "titel:"), "mornings.yaml", published=True)


def test_a_file_in_another_encoding_is_refused(tmp_path):
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("title: niño".encode("latin-1"))

    with pytest.raises(SurveyError, match="UTF-8"):
        load(latin)


def test_words_that_yaml_takes_for_truth_values_stay_words():
    survey = loads(GOOD.replace("key: cold", "key: no"), "x")

    assert survey.question("way").keys == ("no", "bus", "none")


def test_a_survey_in_one_language_needs_no_language_tags():
    survey = loads(
        "survey: short\ntitle: Short\nintro: '{school} asks. Reply STOP to end.'\n"
        "questions:\n  - {key: why, kind: open, text: What helps?}\n",
        "short.yaml",
    )

    assert survey.languages == ("en",)
    assert survey.question("why").ask("en") == "What helps?"
    assert survey.thanks["en"] == phrases.say("thanks", "en")


def test_a_survey_may_be_in_a_language_that_openline_does_not_speak_itself():
    text = GOOD.replace(" es:", " is:").replace("[es]", "[is]")

    survey = loads(text, "x")

    assert survey.languages == ("en", "is")
    assert survey.question("hard").read("muy difícil", "is").value == "very"
    assert survey.thanks["is"] == phrases.say("thanks", "en")


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [
        ("es", "es"),
        ("es-MX", "es"),
        ("ES", "es"),
        ("en-GB", "en"),
        ("ht", "en"),
        ("", "en"),
        ("no tag at all", "en"),
    ],
)
def test_a_person_is_spoken_to_in_the_nearest_language(wanted, spoken):
    assert loads(GOOD, "x").speaks(wanted) == spoken


def outcome(text):
    """A survey, or the refusal."""
    try:
        return loads(text, "any.yaml")
    except SurveyError as error:
        return error


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_a_survey_or_refused_with_a_line(text):
    assert getattr(outcome(text), "line", 1) >= 1


@settings(deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.integers(0, 40))
def test_a_damaged_file_is_a_survey_or_refused_with_a_line_of_its_own(at, gone):
    text = GOOD[:at] + GOOD[at + gone :]

    read = outcome(text)

    assert 1 <= getattr(read, "line", 1) <= text.count("\n") + 2
    assert getattr(read, "questions", True)


# The library

GSM7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
SCHOOL = {"school": "Lincoln School"}


def messages(survey, language, variant):
    values = SCHOOL | {name: texts[language] for name, texts in survey.fields.items()}
    step = survey_flows.begin(survey, language, values, variant)
    yield step.prompt.text
    for question in survey.questions[1:]:
        place = survey_flows.Place(question.key, language, variant=variant)
        yield survey_flows.ask(survey, place, values).text
    yield fill(survey.thanks[language], values)


@pytest.mark.parametrize("key", LIBRARY)
def test_every_survey_of_the_library_can_be_read(key):
    survey = library(key)

    assert survey.key == key
    assert survey.languages == ("en", "es", "ht", "pt", "vi", "zh-Hans", "ar", "fr")
    assert survey.drafts == set(survey.languages) - {"en"}
    assert 3 <= len(survey.questions) <= 5


@pytest.mark.parametrize("key", LIBRARY)
def test_english_messages_are_one_part_of_an_sms_and_the_first_is_two(key):
    for variant in (None, "student"):
        first, *rest = messages(library(key), "en", variant)

        assert all(set(text) <= GSM7 for text in (first, *rest))
        assert len(first) <= 2 * 153
        assert all(len(text) <= 160 for text in rest)


@pytest.mark.parametrize("key", LIBRARY)
def test_no_message_is_longer_than_carriers_like(key):
    survey = library(key)

    lengths = {
        len(text) for tag in survey.languages for v in (None, "student") for text in messages(survey, tag, v)
    }

    assert max(lengths) <= 320


def test_an_arabic_message_begins_with_an_arabic_letter_so_that_it_runs_from_right_to_left():
    survey = library("getting-to-school")

    for variant in (None, "student"):
        for text in messages(survey, "ar", variant):
            assert "\u0600" <= next(char for char in text if char.isalpha()) <= "\u06ff"


def test_a_survey_that_is_not_in_the_library_is_not_found():
    with pytest.raises(LookupError, match="getting-to-school"):
        library("no-such")


def test_the_worked_example_in_the_docs_is_a_survey():
    page = (Path(__file__).parent.parent / "docs" / "write-a-survey.md").read_text("utf-8")
    blocks = [block.split("```")[0] for block in page.split("```yaml\n")[1:]]

    surveys = [loads(block, "docs") for block in blocks if block.startswith("survey:")]

    assert surveys


MODULES = [module.name for module in pkgutil.walk_packages(survey_flows.__path__, "survey_flows.")]


@pytest.mark.parametrize("name", ["survey_flows", *MODULES])
def test_the_examples_in_docstrings_hold(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_a_text_cut_in_two_at_its_comma_is_told_to_stand_in_quotation_marks():
    text = """
survey: dark
title: Dark
intro: "{school} asks one question. Reply STOP to end."
questions:
  - key: dark
    kind: one
    text: Is the street dark?
    choices:
      - {key: dark, en: Yes, it is dark}
      - {key: light, en: It is light}
"""
    with pytest.raises(SurveyError, match=r"has no 'it is dark'.*put the whole text in quotation marks"):
        survey_flows.loads(text, "dark.yaml")
