"""What a careful editor finds in a survey, rule by rule; and that the library has nothing that must not be sent."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from survey_flows import LIBRARY, SurveyError, library, loads
from survey_flows.lint import RULES, approve, check, digest
from survey_flows.lint.paths import longest
from survey_flows.lint.protected import areas, touched
from survey_flows.reading_level import grade, sentence_length, syllables

HEAD = """\
survey: test
title: {en: Test, es: Prueba}
intro: {en: "{school} asks how mornings go, to help. Reply STOP to end.", es: "{school} pregunta cómo van las mañanas, para ayudar. Responda STOP para terminar."}
questions:
"""
HARD = """\
  - key: hard
    kind: scale
    text: {en: Was it hard?, es: ¿Fue difícil?}
    choices: [{key: easy, en: Easy, es: Fácil}, {key: so, en: So so, es: Regular}, {key: hard, en: Hard, es: Difícil}]
"""


def survey(questions, head=HEAD):
    return loads(head + questions, "test.yaml")


def plain(
    questions, *, top="", intro="{school} asks how mornings go, to help. Reply STOP to end.", form=False
):
    head = (
        f'survey: test\n{"from: xlsform" if form else ""}\n{top}\ntitle: Test\nintro: "{intro}"\nquestions:\n'
    )
    return loads(head + questions, "test.yaml")


def found(made, rule, **named):
    return [finding for finding in check(made, **named) if finding.rule == rule]


def asked(text, kind="open", more=""):
    return f"  - {{key: q, kind: {kind}, text: {text!r}{more}}}\n"


@pytest.mark.parametrize("key", LIBRARY)
def test_the_library_has_no_errors(key):
    assert [finding for finding in check(library(key)) if finding.severity == "error"] == []


def test_every_rule_has_its_own_name_and_says_what_it_looks_for():
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.looks_for for rule in RULES)


def test_every_rule_is_tried_here():
    text = Path(__file__).read_text("utf-8")
    assert [rule.name for rule in RULES if f'"{rule.name}"' not in text] == []


# Paths


def both(text):
    return f"{{en: {text}, es: {text}}}"


NEVER = [
    ("  - {key: x, kind: open, ask_if: {hard: [easy], days: {min: 1}}, text: A}", False),
    ("  - {key: x, kind: open, ask_if: {days: {min: 30}}, text: A}", True),
    ("  - {key: x, kind: open, ask_if: {days: {min: 3, max: 2}}, text: A}", True),
    ("  - {key: x, kind: open, ask_if: {half: {min: 2.2, max: 2.4}}, text: A}", False),
    ("  - {key: x, kind: open, ask_if: {days: {min: 2.2, max: 2.4}}, text: A}", True),
    ("  - {key: x, kind: open, ask_if: {why: [a]}, text: A}", False),
    ("  - {group: g, ask_if: {hard: [easy]}, questions: [{key: x, kind: open, ask_if: {hard: [so]}, text: A}]}", True),
    ("  - {group: g, ask_if: {hard: [easy, so]}, questions: [{key: x, kind: open, ask_if: {hard: [so]}, text: A}]}", False),
    ("  - {key: x, kind: open, ask_if: {why: [a], hard: [easy]}, text: A}", True),
    ("  - {group: g, ask_if: {ways: [bus]}, questions: [{key: x, kind: open, ask_if: {ways: [car]}, text: A}]}", False),
    ("  - {group: g, ask_if: {ways: [none]}, questions: [{key: x, kind: open, ask_if: {ways: [car]}, text: A}]}", True),
    ("  - {group: g, ask_if: {top: [bus]}, questions: [{key: x, kind: open, ask_if: {top: [car]}, text: A}]}", True),
    ("  - {key: x, kind: open, ask_if: {age: {min: 1}}, text: A}", True),
    ("  - {group: g, repeat: 0, questions: [{key: x, kind: open, text: A}]}", True),
    ("  - {key: x, kind: open, ask_if: '1 > 2', text: A}", True),
    ("  - {key: x, kind: open, ask_if: 'false()', text: A}", True),
    ("  - {key: x, kind: open, ask_if: \"${hard} = 'hardly'\", text: A}", True),
    ("  - {key: x, kind: open, ask_if: \"${hard} = 'so' or ${late} = 'yes'\", text: A}", False),
    ("  - {key: x, kind: open, ask_if: \"${hard} = 'so' and ${hard} = 'easy'\", text: A}", True),
    ("  - {key: x, kind: open, ask_if: \"${days} > 40\", text: A}", False),  # numbers are not decided
    ("  - {key: x, kind: open, ask_if: \"${hard} = ''\", text: A}", False),  # it may be passed over
    ("  - {group: g, ask_if: {hard: [easy]}, questions: [{key: x, kind: open, ask_if: \"${hard} = 'so'\", text: A}]}", True),
    ("  - {key: x, kind: open, ask_if: {lot: [a]}, text: A}", False),
    ("  - {group: g, ask_if: {lot: [a]}, questions: [{key: x, kind: open, ask_if: {lot: [b]}, text: A}]}", True),
]  # fmt: skip


@pytest.mark.parametrize(("last", "never"), NEVER)
def test_a_question_that_nobody_can_come_to_is_found_and_no_other(last, never):
    made = plain(f"""
  - {{key: hard, kind: scale, text: Was it hard?, choices: [{{key: easy, en: Easy}}, {{key: so, en: So so}}, {{key: hard, en: Hard}}]}}
  - {{key: days, kind: number, min: 0, max: 28, text: How many days?}}
  - {{key: half, kind: number, min: 0, max: 28, decimals: yes, text: How many miles?}}
  - {{key: late, kind: yesno, text: Late?}}
  - {{key: why, kind: one, ask_if: {{hard: [hard]}}, text: What?, choices: [{{key: a, en: Bus}}, {{key: b, en: Car}}]}}
  - {{key: ways, kind: many, text: Which?, choices: [{{key: bus, en: Bus}}, {{key: car, en: Car}}]}}
  - {{key: top, kind: many, pick: 1, text: Which?, choices: [{{key: bus, en: Bus}}, {{key: car, en: Car}}]}}
  - {{split: lot, arms: {{a: 1, b: 1}}}}
  - {{group: each, repeat: 2, questions: [{{key: age, kind: number, text: Age?}}]}}
{last}
""")
    keys = [finding.question for finding in found(made, "unreachable")]

    assert bool(keys) == never
    assert set(keys) <= {"x", "g"}


def test_why_nobody_comes_is_told():
    made = plain(
        HARD.replace("{en: Was it hard?, es: ¿Fue difícil?}", "Hard?")
        .replace(", es: Fácil", "")
        .replace(", es: Regular", "")
        .replace(", es: Difícil", "")
        + "  - {group: g, ask_if: {hard: [easy]}, questions: [{key: x, kind: open, ask_if: {hard: [so]}, text: A}]}"
    )
    (finding,) = found(made, "unreachable")
    assert finding.what == "Nobody can come to this question: 'hard' would have to be so and easy."


def test_a_random_order_must_not_turn_question_and_condition_round():
    questions = """
  - group: g
    order: random
    questions:
      - {key: late, kind: yesno, text: Late?}
      - {key: why, kind: open, ask_if: {late: [yes]}, text: What made it so?}
"""
    assert [finding.question for finding in found(plain(questions), "order")] == ["why"]
    assert found(plain(questions.replace("random", "file")), "order") == []


def test_the_longest_way_through_counts_what_one_person_can_be_asked():
    branches = "".join(
        f"  - {{key: {key}{n}, kind: open, ask_if: {{late: [{key}]}}, text: Q}}\n"
        for key in ("yes", "no")
        for n in range(4)
    )
    made = plain(
        "  - {key: late, kind: yesno, text: Late?}\n"
        + branches.replace("key: yes", "key: y").replace("key: no", "key: n")
    )

    assert len(made.questions) == 9
    assert longest(made) == 5
    assert found(made, "questions") == []


def test_the_longest_way_agrees_with_trying_every_way_through_the_library():
    assert longest(library("getting-to-school")) == 4


def test_more_than_five_questions_warn_and_more_than_eight_are_refused_unless_they_may():
    def made(number, **named):
        return plain("".join(f"  - {{key: q{n}, kind: open, text: Q}}\n" for n in range(number)), **named)

    assert [f.severity for f in found(made(5), "questions")] == []
    assert [f.severity for f in found(made(6), "questions")] == ["warning"]
    assert [f.severity for f in found(made(9), "questions")] == ["error"]
    assert [f.severity for f in found(made(9), "questions", long=True)] == ["warning"]
    assert [f.severity for f in found(made(9, form=True), "questions")] == ["warning"]


def test_a_form_of_many_branches_is_counted_in_time():
    made = plain("".join(
        f"  - {{key: q{n}, kind: yesno, text: Q}}\n  - {{key: r{n}, kind: open, ask_if: {{q{n}: [yes]}}, text: Q}}\n"
        for n in range(40)
    ) + "".join(f"  - {{key: z{n}, kind: open, ask_if: {{q{n}: [yes]}}, text: Q}}\n" for n in range(40)))  # fmt: skip
    assert longest(made) == 120


# Words


def test_a_curly_quote_that_makes_a_message_dear_is_pointed_at():
    (finding,) = found(plain(asked("Did the bus come? It’s all right to guess.")), "costly")
    assert "’" in finding.what
    assert '"\'"' in finding.cure
    assert found(plain(asked("¿Llegó el bus’?")), "costly") == []  # the ó would cost as much


@pytest.mark.parametrize(("pick", "most"), [("", 27), ("pick: 2, ", 4), ("pick: 12, ", 27)])
def test_a_question_of_many_choices_is_counted_in_time(pick, most):
    choices = ", ".join(f"{{key: k{n}, en: Choice {chr(97 + n)}}}" for n in range(25))
    behind = "".join(
        f"  - {{key: q{n}, kind: yesno, text: {{en: And?}}, ask_if: {{ways: [k{n}]}}}}\n" for n in range(25)
    )
    made = plain(
        f"  - {{key: ways, kind: many, {pick}text: {{en: How?}}, choices: [{choices}]}}\n{behind}"
        "  - {key: none, kind: open, text: {en: Why?}}\n"
    )

    assert longest(made) == most  # with so many ways to pick 12, all 25 are taken for possible


def test_a_message_of_many_parts_is_found_in_the_language_where_it_is_long():
    long = "á" * 100
    made = survey(f"{HARD}  - {{key: q, kind: open, text: {{en: Short?, es: {long * 2}}}}}")
    found_in = {(f.language, f.severity) for f in found(made, "parts") if f.question == "q"}
    assert found_in == {("es", "warning")}
    made = survey(f"{HARD}  - {{key: q, kind: open, text: {{en: Short?, es: {long * 4}}}}}")
    assert {f.severity for f in found(made, "parts") if f.question == "q"} == {"error"}


def test_the_first_message_is_counted_with_its_intro_and_notes_with_the_question_that_follows():
    note = f"  - {{key: n, note: {'a' * 300}}}\n"
    assert [
        f.question
        for f in found(plain(f"{asked('A?')}{note}{asked('B?').replace('key: q', 'key: r')}"), "parts")
    ] == []
    made = plain(f"{asked('A?')}{note}{asked('B? ' * 20).replace('key: q', 'key: r')}")
    assert [f.question for f in found(made, "parts")] == ["r"]
    assert [
        f.question for f in found(plain(asked("A?"), intro="{school}: " + "a" * 330 + " STOP"), "parts")
    ] == ["q"]


@pytest.mark.parametrize(
    ("label", "severity"),
    [("Help", "error"), ("Unsubscribe", "error"), ("End", "error"), ("Spanish", "error"), ("Call me", "error"),
     ("Go back", "warning"), ("Yes", "note"), ("A bus", None), ("Not sure", None)],
)  # fmt: skip
def test_a_choice_that_is_a_command_is_found(label, severity):
    made = plain(
        asked("A?", "one", f", choices: [{{key: a, en: {label}}}, {{key: b, en: Walking}}]"), form=True
    )
    assert [f.severity for f in found(made, "reserved")] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("one", "other", "severity"),
    [("A bus", "a bus!", "error"), ("Bús", "Bus", "error"), ("The bus", "The train", None)],
)
def test_choices_that_read_alike_are_found(one, other, severity):
    made = plain(
        asked("A?", "one", f", choices: [{{key: a, en: '{one}'}}, {{key: b, en: '{other}'}}]"), form=True
    )
    assert [f.severity for f in found(made, "alike")][:1] == ([severity] if severity else [])


def test_too_many_choices_and_no_way_out_are_found():
    rows = ", ".join(f"{{key: k{n}, en: Thing {chr(97 + n) * 4}}}" for n in range(11))
    made = plain(asked("A?", "many", f", none: no, choices: [{rows}]"))
    assert {f.severity for f in found(made, "choices")} == {"warning", "note"}
    assert found(plain(asked("A?", "many", f", show: 5, choices: [{rows}]")), "choices") == []


@pytest.mark.parametrize(
    ("labels", "what"),
    [
        (("Never", "Sometimes", "Always"), None),
        (("Always", "Sometimes", "Never"), "high to low"),
        (("Sometimes", "Never", "Always"), "not in order"),
        (("Yes", "No"), "2 steps"),
    ],
)
def test_a_scale_stands_in_order_and_has_steps(labels, what):
    rows = ", ".join(f"{{key: k{n}, en: '{label}'}}" for n, label in enumerate(labels))
    scales = found(plain(asked("A?", "scale", f", choices: [{rows}]")), "scale")
    assert [what in f.what for f in scales] == ([True] if what else [])


@pytest.mark.parametrize(
    ("rule", "text", "kind"),
    [
        ("why", "Why was she late?", "open"),
        ("presumes", "What makes it hard to get to school?", "open"),
        ("presumes", "What is the biggest problem on the way?", "open"),
        ("negation", "Was the bus not on time?", "yesno"),
        ("bounds", "How many days?", "number"),
        ("carriers", "Look at bit.ly/abc. What do you think?", "open"),
        ("carriers", "ANSWER THIS TODAY. What do you think?", "open"),
        ("private", "What is your immigration status?", "open"),
        ("reading", "Institutional transportation accommodations deteriorated considerably?", "open"),
    ],
)
def test_wording_that_costs_answers_is_found(rule, text, kind):
    assert found(plain(asked(text, kind)), rule)
    assert not found(plain(asked("Did the bus come?", "yesno")), rule)


@pytest.mark.parametrize(
    "text",
    [
        "What, if anything, makes it hard?",
        "What makes you want to come to school?",
        "What helps you get here?",
    ],
)
def test_a_question_that_leaves_room_presumes_nothing(text):
    assert found(plain(asked(text)), "presumes") == []


def test_agreeing_is_no_good_choice():
    made = plain(asked("A?", "one", ", choices: [{key: a, en: I agree}, {key: b, en: I disagree}]"))
    assert found(made, "agree")


def test_an_anonymous_survey_must_not_ask_who():
    assert found(plain(asked("What is your name?"), top="anonymous: yes"), "private")
    assert not found(plain(asked("What is your name?")), "private")


def test_a_survey_begins_with_one_tap():
    tap = "  - {key: t, kind: yesno, text: Late?}\n"
    assert found(plain(asked("What now?") + tap), "open-first")
    assert not found(plain(tap + asked("What now?")), "open-first")


# The first text, and what the law asks


@pytest.mark.parametrize(
    ("intro", "wrong"),
    [
        ("{school} asks how mornings go. Reply STOP to end.", 0),
        ("{school}. Reply STOP to end.", 1),
        ("We ask how mornings go. Reply STOP to end.", 1),
        ("{school} asks how mornings go.", 1),
        ("Hi.", 3),
    ],
)
def test_the_first_text_says_who_asks_what_for_and_how_to_end(intro, wrong):
    assert len(found(plain(asked("A?"), intro=intro, form=True), "first-text")) == wrong


def test_a_purpose_is_seen_in_every_language_of_the_library():
    assert [k for k in LIBRARY if found(library(k), "first-text")] == []


STUDENTS = "about: {audience: students, sensitivity: S2, purpose: To help, ppra: [%s]}"


def test_students_and_harm_need_the_danger_line():
    assert [f.severity for f in found(plain(asked("A?"), top=STUDENTS % 2), "danger-line")] == ["error"]
    intro = "{school} asks how it is. Reply STOP to end. In danger call 911; in a crisis call or text 988."
    assert found(plain(asked("A?"), top=STUDENTS % 2, intro=intro), "danger-line") == []
    assert found(plain(asked("A?"), top=(STUDENTS % 2).replace("students", "families")), "danger-line") == []


@pytest.mark.parametrize(
    ("area", "text"),
    [
        (1, "Did your parents vote?"), (2, "Do you feel depressed?"), (3, "Are you dating?"), (4, "Do you vape?"),
        (5, "How do your parents get along?"), (6, "Did you see a doctor?"), (7, "Do you pray?"), (8, "What is the rent?"),
    ],
)  # fmt: skip
def test_each_protected_area_is_seen(area, text):
    assert area in touched(text, "en")
    assert found(plain(asked(text), top=STUDENTS.replace("%s", "")), "protected")
    assert not found(plain(asked(text), top=STUDENTS.replace("students", "families") % area), "protected")
    declared = found(plain(asked(text), top=STUDENTS % ", ".join(map(str, touched(text, "en")))), "protected")
    assert [f.severity for f in declared] == ["note"]


def test_protected_areas_are_seen_in_every_language_we_have_lists_for():
    assert [area.number for area in areas()] == list(range(1, 9))
    tongues = {"en", "es", "ht", "pt", "vi", "zh-Hans", "ar", "fr"}
    assert all(set(area.words) == tongues for area in areas())
    assert 1 in touched("¿Votó su familia en las elecciones?", "es-MX")
    assert 7 in touched("هل تذهبون إلى المسجد؟", "ar")
    assert 2 in touched("你觉得抑郁吗？", "zh-Hans")
    assert touched("Bạn đi xe buýt lúc mấy giờ?", "vi") == {}


def test_a_file_says_who_is_asked():
    assert found(plain(asked("A?")), "about")
    assert not found(plain(asked("A?"), top=STUDENTS % 2), "about")


# Translations


def test_what_a_form_lacks_in_a_language_is_told_once_a_language():
    head = HEAD.replace("survey: test", "survey: test\nfrom: xlsform")
    made = survey(
        "  - {key: a, kind: open, text: {en: One?}}\n  - {key: b, kind: open, text: {en: Two?}}\n", head
    )
    (finding,) = found(made, "missing")
    assert (finding.language, finding.what[:19]) == ("es", "2 texts are missing")


APPROVED = HEAD.replace("survey: test", "survey: test  # ours\ndrafted: [es]") + HARD


def approved(text, language="es"):
    return approve(text, language, "Ana Pérez", date(2026, 11, 22), digest(loads(text, "t"), language))


def test_an_approval_is_written_into_the_file_and_nothing_else_changes():
    text = approved(APPROVED)

    made = loads(text, "test.yaml")
    assert (made.drafts, made.stale) == (frozenset(), frozenset())
    assert made.approved["es"].by == "Ana Pérez"
    assert [f.rule for f in check(made) if f.rule in ("stale", "drafts")] == []
    assert text.replace(re.search(r"approved:\n.*\n", text)[0], "drafted: [es]\n") == APPROVED


@pytest.mark.parametrize(
    ("old", "new"), [("Regular", "Más o menos"), ("So so", "A little"), ("¿Fue difícil?", "¿Fue duro?")]
)
def test_an_approval_ends_when_the_source_or_the_translation_changes(old, new):
    made = loads(approved(APPROVED).replace(old, new), "test.yaml")

    assert (made.stale, made.drafts) == ({"es"}, {"es"})
    assert [f.language for f in found(made, "stale")] == ["es"]


def test_what_is_not_shown_needs_no_new_approval():
    text = approved(APPROVED).replace("key: so,", "key: middling, also: {es: [más o menos]},")
    assert loads(text, "test.yaml").stale == frozenset()


@pytest.mark.parametrize(
    "written",
    [
        "drafted: [es, fr]\n",
        "drafted:\n  - es\n  - fr\n",
        "drafted: [fr, es]  # a machine did\n",
        "drafted: [es, fr]\napproved:\n  fr: {by: X, on: 2026-01-01, of: abc}\n",
        "drafted: [es, fr]\napproved: {fr: {by: X, on: 2026-01-01, of: abc}}\n",
        "drafted: [es, fr]\napproved:\n  es:\n    by: Old\n    on: 2020-01-01\n    of: abc\n  fr: {by: X, on: 2026-01-01, of: abc}\n",
        "drafted: [es, fr]\napproved: {}\n",
    ],
)
def test_an_approval_finds_its_place_however_the_file_is_written(written):
    text = f"# a comment\nsurvey: test\n{written}title: {{en: T, es: T, fr: T}}\nintro: {{en: '{{school}} asks. STOP', es: '{{school}}: STOP', fr: '{{school}} STOP'}}\nquestions:\n  - {{key: a, kind: open, text: {{en: A, es: B, fr: C}}}}\n"

    made = loads(approved(text), "test.yaml")

    assert made.approved["es"].by == "Ana Pérez"
    assert "es" not in made.drafts
    assert "fr" in made.drafts
    assert approved(text).startswith("# a comment\nsurvey: test\n")


def test_half_an_approval_is_complained_of():
    with pytest.raises(SurveyError, match="by whom"):
        loads(APPROVED.replace("drafted: [es]", "approved: {es: {by: Ana}}"), "test.yaml")


def test_our_own_words_are_not_part_of_what_is_approved():
    made = survey(
        "  - {key: q, kind: many, text: {en: A, es: B}, choices: [{key: a, en: Bus, es: Bus}, {key: b, en: Car, es: Carro}]}"
    )
    nothing = replace(made.questions[0].options[-1], labels={"en": "Nothing", "es": "Nada"})
    other = replace(made.questions[0], options=(*made.questions[0].options[:-1], nothing))
    assert digest(made, "es") != digest(replace(made, items=(other,)), "es")
    assert "None of these" in made.questions[0].options[-1].label("en")


def test_a_language_that_openline_does_not_speak_is_told():
    made = loads(HEAD.replace("es:", "mi:") + "  - {key: q, kind: open, text: {en: A, mi: B}}\n", "test.yaml")
    assert [f.language for f in found(made, "our-words")] == ["mi"]


def test_drafts_are_told():
    assert [f.severity for f in found(loads(APPROVED, "t"), "drafts")] == ["note"]


# Reading level


@pytest.mark.parametrize(
    ("word", "count"),
    [("bus", 1), ("hardly", 2), ("missed", 1), ("wanted", 2), ("buses", 2), ("places", 2), ("makes", 1), ("difficult", 3),
     ("transportation", 4), ("going", 2), ("language", 2), ("actually", 4), ("experience", 4), ("child's", 1)],
)  # fmt: skip
def test_syllables_are_about_right(word, count):
    assert syllables(word) == count


def test_known_texts_have_about_their_known_grade():
    easy = "The cat sat on the mat. The dog ran to the cat. The cat ran up a tree."
    hard = (
        "The implementation of individualized transportation accommodations necessitates considerable administrative "
        "coordination among participating organizations."
    )
    assert grade(easy) < 1
    assert grade(hard) > 16
    assert grade("") == 0


def test_sentences_are_counted_in_scripts_without_spaces():
    assert sentence_length("如果有困难，是什么困难？请用自己的话写。") == 4.25
    assert sentence_length("") == 0
