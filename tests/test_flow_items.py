"""What stands between the questions: notes, groups, repeats, lots, quotas, values; and what people ask instead of answering."""

import json
from datetime import UTC, datetime

import pytest

from survey_flows import Place, SurveyError, ask, begin, hear, is_choice, left, load, loads, switch

VALUES = {"school": "Lincoln School"}
HEAD = """\
survey: test
title: {en: Test, es: Prueba}
intro: {en: "{school} asks. Reply STOP to end.", es: "{school} pregunta. Responda STOP para terminar."}
questions:
"""


def survey(questions, head=HEAD):
    return loads(head + questions, "test.yaml")


def both(text):
    return f"{{en: {text}, es: {text}}}"


def talk(made, *replies, language="en", **named):
    step = begin(made, language, VALUES, **named)
    for reply in replies:
        step = hear(made, step.place, reply, VALUES)
        assert Place.from_json(json.loads(json.dumps(step.place.to_json()))) == step.place
    return step


HOME = survey("""
  - {key: hello, note: {en: These are easy questions., es: Son preguntas fáciles.}}
  - {key: kids, kind: number, text: {en: How many children?, es: ¿Cuántos niños?}, max: 9}
  - group: each_child
    repeat: "${kids}"
    questions:
      - {key: name, kind: open, text: {en: First name?, es: ¿Nombre?}}
      - {key: age, kind: number, text: {en: "How old is ${name}?", es: "¿Cuántos años tiene ${name}?"}, max: 20}
  - {key: oldest, compute: "max(${age})"}
  - key: bus
    kind: yesno
    ask_if: "${oldest} > 10"
    text: {en: "Do they take a bus?", es: "¿Toman autobús?"}
  - {key: end_note, note: {en: That is nearly all., es: Ya casi termina.}, ask_if: {bus: [yes]}}
  - {key: more, kind: open, text: {en: Anything else?, es: ¿Algo más?}}
""")  # fmt: skip


def test_a_note_goes_out_with_the_next_question():
    assert begin(HOME, "en", VALUES).prompt.text == (
        "Lincoln School asks. Reply STOP to end.\nThese are easy questions.\nHow many children?"
    )
    assert "easy" not in ask(HOME, begin(HOME, "en", VALUES).place, VALUES).text


def test_a_group_comes_round_as_often_as_was_said_and_each_answer_is_kept_with_its_turn():
    step = talk(HOME, "2", "Ana", "7", "Luis")

    assert step.place.at == "age[2]"
    assert step.prompt.text == "How old is Luis?"
    step = hear(HOME, step.place, "12", VALUES)
    said = step.answer
    assert (said.question, said.turn, said.value) == ("age", (2,), 12)
    assert step.place.answers["age[1]"] == 7
    assert step.place.answers["oldest"] == "12"
    assert step.place.at == "bus"


def test_a_group_that_comes_round_no_time_is_passed():
    assert talk(HOME, "0").place.at == "more"


def test_a_computed_value_is_kept_among_the_answers():
    computed = [a for a in talk(HOME, "1", "Ana", "11").answers if a.kind == "computed"]

    assert [(a.question, a.value, a.heard) for a in computed] == [("oldest", "11", "")]


def test_what_was_said_is_put_into_the_text_as_words_and_never_read_as_a_gap():
    assert talk(HOME, "1", "{school} ${kids} {x}").prompt.text == "How old is {school} ${kids} {x}?"


def test_a_note_with_a_condition_is_told_only_to_those_it_is_for():
    assert "nearly all" in talk(HOME, "1", "Ana", "11", "yes").prompt.text
    assert "nearly all" not in talk(HOME, "1", "Ana", "11", "no").prompt.text


def test_back_asks_the_question_before_again_and_further_back_on_the_next():
    step = talk(HOME, "2", "Ana", "7", "back")
    assert (step.place.at, step.answers) == ("age[1]", ())
    step = hear(HOME, step.place, "back", VALUES)
    assert step.place.at == "name[1]"
    step = hear(HOME, step.place, "Anna", VALUES)
    assert step.prompt.text == "How old is Anna?"


def test_back_from_the_first_question_says_that_it_is_the_first():
    assert talk(HOME, "back").prompt.text == "This is the first question.\nHow many children?"


def test_fewer_turns_after_a_correction_ask_nothing_twice():
    step = talk(HOME, "2", "Ana", "7", "Luis", "12", "no", "back", "back", "back", "back", "back", "back")

    assert step.place.at == "kids"
    assert talk(HOME, "2", "Ana", "7", "back", "back", "back", "1").place.at == "name[1]"


AGAIN = survey(f"""
  - group: trip
    repeat: yes
    label: {both("trip")}
    questions:
      - {{key: way, kind: open, text: {both("Which way?")}}}
  - {{key: last, kind: open, text: {both("Last?")}}}
""")


def test_a_group_without_a_number_asks_whether_there_is_another():
    step = talk(AGAIN, "bus")
    assert step.place.at == "trip_more[1]"
    assert "trip" in step.prompt.text
    assert hear(AGAIN, step.place, "yes", VALUES).place.at == "way[2]"
    assert hear(AGAIN, step.place, "no", VALUES).place.at == "last"


def test_nobody_is_asked_for_ever():
    step = begin(AGAIN, "en", VALUES)
    for reply in ["bus", "yes"] * 200:
        step = hear(AGAIN, step.place, reply, VALUES)
        if step.place.at == "last":
            break
    assert step.place.at == "last"


LOTS = survey(f"""
  - {{split: wording, arms: {{a: 1, b: 1}}}}
  - group: mixed
    order: random
    questions:
      - {{key: one, kind: open, text: {both("One?")}}}
      - {{key: two, kind: open, text: {both("Two?")}}}
      - {{key: three, kind: open, text: {both("Three?")}}}
  - {{key: only_a, kind: open, ask_if: {{wording: [a]}}, text: {both("A?")}}}
  - key: rank
    kind: many
    pick: 2
    show: 3
    shuffle: yes
    text: {both("Which matter most?")}
    choices:
      - {{key: bus, en: The bus, es: El autobús}}
      - {{key: cost, en: The cost, es: El costo}}
      - {{key: time, en: The hours, es: El horario}}
      - {{key: food, en: The lunch, es: El almuerzo}}
""")


def test_a_random_order_is_another_for_other_people_and_the_same_for_one():
    def order(seed):
        step, met = begin(LOTS, "en", VALUES, seed=seed), []
        while step.place.at in ("one", "two", "three"):
            met.append(step.place.at)
            step = hear(LOTS, step.place, "words", VALUES)
        return tuple(met)

    assert {len(set(order(seed))) for seed in range(20)} == {3}
    assert len({order(seed) for seed in range(60)}) == 6
    assert order(7) == order(7)


def test_a_split_puts_people_into_arms_and_conditions_see_it():
    arms = [talk(LOTS, "x", "y", "z", seed=seed) for seed in range(200)]

    asked_a = [step for step in arms if step.place.at == "only_a"]
    assert all(step.place.answers["wording"] == "a" for step in asked_a)
    assert 60 < len(asked_a) < 140


def test_some_of_the_choices_are_shown_in_an_order_by_lot_and_numbers_mean_what_was_shown():
    step = talk(LOTS, "x", "y", "z", "a", seed=3)
    if step.place.at != "rank":
        step = talk(LOTS, "x", "y", "z", seed=3)
    rows = [line for line in step.prompt.text.splitlines() if line[0].isdigit()]

    assert len(rows) == 4  # three by lot, and 0
    shown = {"The bus": "bus", "The cost": "cost", "The hours": "time", "The lunch": "food"}
    first = shown[rows[0][3:]]
    assert hear(LOTS, step.place, "1", VALUES).answer.value == [first]
    assert not hear(LOTS, step.place, "1 2 3", VALUES).answer.understood
    assert "Please choose 2 at most" in hear(LOTS, step.place, "1 2 3", VALUES).prompt.text


QUOTA = survey(f"""
  - {{key: grade, kind: number, text: {both("Grade?")}, max: 12}}
  - {{quota: seniors, most: 5, ask_if: "${{grade}} = 12", full: {both("Enough seniors have answered.")}}}
  - {{key: why, kind: open, text: {both("Why?")}}}
""")


def test_whoever_counts_for_a_quota_is_reported_and_whoever_comes_too_late_is_thanked():
    step = talk(QUOTA, "12")
    assert (step.quotas, step.place.at) == (("seniors",), "why")

    first = begin(QUOTA, "en", VALUES)
    late = hear(QUOTA, first.place, "12", VALUES, full={"seniors"})
    assert (late.full, late.done, late.prompt.text) == ("seniors", True, "Enough seniors have answered.")
    other = hear(QUOTA, first.place, "11", VALUES, full={"seniors"})
    assert (other.full, other.quotas, other.place.at) == (None, (), "why")


LIMITS = survey("""
  - key: days
    kind: number
    required: yes
    text: {en: How many days?, es: ¿Cuántos días?}
    constraint: {that: ". <= 28", say: {en: There are only 28 days., es: Solo hay 28 días.}}
  - key: late
    kind: scale
    text: {en: How often late?, es: ¿Con qué frecuencia?}
    choices:
      - {key: never, en: Never, es: Nunca}
      - {key: sometimes, en: Sometimes, es: A veces}
      - {key: always, en: Always, es: Siempre}
  - key: mode
    kind: one
    default: "'bus'"
    text: {en: How do you come?, es: ¿Cómo viene?}
    choices: [{key: bus, en: School bus, es: Autobús escolar}, {key: car, en: Family car, es: Carro familiar}]
  - {key: why, kind: open, text: {en: Why?, es: ¿Por qué?}}
""")


def test_an_answer_that_cannot_be_is_explained_once_and_then_kept_as_it_is():
    step = talk(LIMITS, "30")
    assert step.prompt.text.startswith("There are only 28 days.\nHow many days?")
    step = hear(LIMITS, step.place, "29", VALUES)
    assert (step.answer.understood, step.answer.heard, step.place.at) == (False, "29", "late")


def test_a_needed_question_says_so_before_it_is_passed_over():
    step = talk(LIMITS, "skip")
    assert step.prompt.text.startswith(
        "We need this answer to go on. If you would rather not say, reply SKIP."
    )
    step = hear(LIMITS, step.place, "skip", VALUES)
    assert (step.answer.missing, step.answer.understood, step.place.at) == ("skipped", True, "late")


def test_not_knowing_is_an_answer_of_its_own():
    step = talk(LIMITS, "3", "I don't know")

    assert (step.answer.missing, step.answer.value, step.place.at) == ("dont_know", None, "mode")


@pytest.mark.parametrize("correction", ["I meant sometimes", "no, 2", "*sometimes"])
def test_a_correction_is_about_the_question_before(correction):
    step = talk(LIMITS, "3", "always", correction)

    assert (step.answer.question, step.answer.value, step.place.at) == ("late", "sometimes", "mode")


def test_an_offered_answer_takes_no_more_than_ok():
    step = talk(LIMITS, "3", "never")
    assert "Reply OK for: School bus" in step.prompt.text
    step = hear(LIMITS, step.place, "ok", VALUES)
    assert (step.answer.question, step.answer.value) == ("mode", "bus")


def test_a_close_call_is_asked_back_and_never_kept_silently():
    step = talk(LIMITS, "3", "it was sometimes I would say")
    if not step.answer.understood:
        assert "2. Sometimes" in step.prompt.text
        step = hear(LIMITS, step.place, "yes", VALUES)
    assert (step.answer.question, step.answer.value) == ("late", "sometimes")


def test_words_that_come_before_the_next_prompt_went_out_belong_to_the_answer_before():
    step = talk(LIMITS, "3", "never", "1", "The bus")
    assert step.done
    assert step.pause
    more = hear(LIMITS, step.place, "is always late", VALUES, joined=True)
    assert (more.answer.question, more.answer.joined, more.pause) == ("why", True, True)


def test_the_menu_of_languages_comes_first_where_nobody_knows_which():
    step = begin(LIMITS, "en", VALUES, menu_of=("en", "es"))
    assert step.prompt.text.splitlines()[1:] == [
        "Which language? Please reply with a number.",
        "1. English",
        "2. Español",
    ]
    chosen = hear(LIMITS, step.place, "2", VALUES)
    assert (chosen.place.language, chosen.place.at) == ("es", "days")
    assert chosen.prompt.text.startswith("Lincoln School pregunta.")
    named = hear(LIMITS, step.place, "español por favor", VALUES)
    assert named.place == chosen.place
    lost = hear(LIMITS, hear(LIMITS, step.place, "qwerty", VALUES).place, "qwerty", VALUES)
    assert (lost.place.language, lost.place.at) == ("en", "days")


def test_a_line_that_a_phone_would_lay_out_from_the_left_is_turned_round():
    arabic = survey(
        '  - {key: what, kind: open, text: {en: "{school} asks what?", ar: "{school}: ماذا؟"}}',
        HEAD.replace("es:", "ar:"),
    )
    step = switch(arabic, begin(arabic, "en", VALUES).place, "ar")
    assert ask(arabic, step, VALUES).text == "\u200fLincoln School: ماذا؟"


@pytest.mark.parametrize(
    ("questions", "problem"),
    [
        ("  - {key: a, kind: open, text: {en: 'Hi ${b}', es: 'Hi ${b}'}}", "There is nothing called 'b'"),
        (
            "  - {key: a, kind: open, ask_if: '${b} > 3', text: {en: Hi, es: Hi}}",
            "There is nothing called 'b'",
        ),
        ("  - {key: a, kind: open, ask_if: '1 +', text: {en: Hi, es: Hi}}", "In 'ask_if'"),
        (
            "  - {group: g, repeat: 99, questions: [{key: a, kind: open, text: {en: Hi, es: Hi}}]}",
            "repeats more than 50",
        ),
        ("  - {split: s, arms: {a: 1}}", "needs two arms"),
        ("  - {split: s, arms: {a: 1, b: -1}}", "can never be drawn"),
        ("  - {quota: q}", "There is no 'most:'"),
        ("  - {include: nowhere}", "There is no survey 'nowhere' to include"),
        ("  - {key: a, kind: date, order: XYZ, text: {en: Hi, es: Hi}}", "is MDY, DMY or YMD"),
    ],
)
def test_what_is_wrong_with_an_item_is_told(questions, problem):
    with pytest.raises(SurveyError) as error:
        survey(questions)
    assert problem in "\n".join(str(one) for one in (error.value, *error.value.others))


def test_a_survey_can_hold_another(tmp_path):
    (tmp_path / "who.yaml").write_text(
        HEAD.replace("survey: test", "survey: who")
        + f"  - {{key: grade, kind: number, text: {both('Grade?')}}}\n"
    )
    (tmp_path / "main.yaml").write_text(
        HEAD.replace("survey: test", "survey: main")
        + f"  - {{key: first, kind: open, text: {both('First?')}}}\n  - {{include: who}}\n"
    )
    made = load(tmp_path / "main.yaml")

    assert [q.key for q in made.questions] == ["first", "grade"]
    assert loads(made.text, "again").questions[1].key == "grade"


def test_a_survey_that_is_included_may_include_another_one(tmp_path):
    for name, asks in (
        ("outer", "{include: middle}"),
        ("middle", "{ask_if: {first: [yes]}, include: inner}"),
        ("inner", ""),
    ):
        first = f"  - {{key: {'first' if name == 'outer' else name}, kind: yesno, text: {both('Well?')}}}\n"
        text = HEAD.replace("survey: test", f"survey: {name}") + first + (f"  - {asks}\n" if asks else "")
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")

    made = load(tmp_path / "outer.yaml")

    assert [question.key for question in made.questions] == ["first", "middle", "inner"]
    assert loads(made.text, "outer.yaml").version == made.version


def test_surveys_that_include_each_other_and_files_elsewhere_are_refused(tmp_path):
    (tmp_path / "secret.yaml").write_text("password: 1", "utf-8")
    home = tmp_path / "surveys"
    home.mkdir()
    for name, other in (("one", "two"), ("two", "one"), ("three", "../secret"), ("four", "[secret]")):
        text = HEAD.replace("survey: test", f"survey: {name}")
        text += f"  - {{key: {name}, kind: yesno, text: {both('Well?')}}}\n  - {{include: {other}}}\n"
        (home / f"{name}.yaml").write_text(text, "utf-8")

    with pytest.raises(SurveyError, match="'one' includes itself"):
        load(home / "one.yaml")
    with pytest.raises(SurveyError, match=r"no survey .*secret. to include"):
        load(home / "three.yaml")
    with pytest.raises(SurveyError, match="plain text"):
        load(home / "four.yaml")


def test_a_survey_that_is_included_may_speak_more_languages_and_not_fewer(tmp_path):
    small = "survey: {}\ntitle: Small\nintro: '{{school}} asks. Reply STOP to end.'\nquestions:\n  - {{include: {}}}\n"
    (tmp_path / "small.yaml").write_text(small.format("small", "pulse-family"))
    large = HEAD.replace("survey: test", "survey: large") + "  - {include: only}\n"
    (tmp_path / "large.yaml").write_text(large)
    only = "survey: only\ntitle: Only\nintro: '{school} asks. Reply STOP to end.'\nquestions:\n"
    (tmp_path / "only.yaml").write_text(only + "  - {key: a, kind: open, text: {en: Why?}}\n")

    assert load(tmp_path / "small.yaml").questions[0].languages == ("en",)
    with pytest.raises(SurveyError, match="not given in es"):
        load(tmp_path / "large.yaml")


def kids():
    return survey(f"""
  - {{key: kids, kind: number, text: {both("How many?")}, max: 9}}
  - group: each
    repeat: yes
    questions:
      - {{key: age, kind: number, text: {both("Age?")}}}
  - {{key: sum, compute: "sum(${{age}})"}}
  - {{key: end, kind: open, text: {both("'Together ${sum}?'")}}}
""")


def test_whoever_takes_back_that_there_is_another_is_not_counted_with_it():
    made = kids()
    step = talk(made, "3", "5", "yes", "7", "yes", "11")

    step = hear(made, step.place, "", VALUES, choice="each_more[2]:no")

    assert step.prompt.text == "Together 12?"
    assert {kept for kept in step.place.answers if kept.startswith("age")} == {"age[1]", "age[2]"}


def test_a_number_put_right_makes_a_group_come_round_less_often():
    step = talk(HOME, "2", "Ana", "7", "back", "back", "back", "1", "Ana", "7")

    assert step.place.answers["oldest"] == "7"
    assert step.place.at == "more"


@pytest.mark.parametrize(
    "choice",
    ["age[x]:no", "age[]:no", "age[1,]:no", "[]:", ":", "", "]:]", "each_more[9]:no", "@language:en"],
)
def test_a_button_that_is_not_ours_changes_nothing(choice):
    made = kids()
    place = talk(made, "3", "5").place

    step = hear(made, place, "", VALUES, choice=choice)

    assert step.place == place
    assert not step.answers


WAY = survey(f"""
  - key: way
    kind: one
    text: {both("How?")}
    choices: [{{key: bus, en: Bus, es: Bus}}, {{key: car, en: Car, es: Carro}}]
    constraint: {{that: ". != 'car'", say: {both("Not by car.")}}}
  - {{key: stop, kind: image, text: {both("What does the stop look like?")}}}
  - {{key: end, kind: open, text: {both("Anything else?")}}}
""")


def test_a_button_is_held_to_what_the_survey_asks_for_as_words_are():
    typed = talk(WAY, "car")
    pressed = hear(WAY, begin(WAY, "en", VALUES).place, "", VALUES, choice="way:car")
    corrected = hear(WAY, talk(WAY, "bus").place, "", VALUES, choice="way:car")

    assert pressed.place == typed.place
    assert pressed.prompt == typed.prompt
    assert corrected.place.answers == {"way": "bus"}


@pytest.mark.parametrize(
    ("heard", "at", "missing"),
    [("skip", "end", "skipped"), ("I don't know", "end", "dont_know"), ("back", "way", None)],
)
def test_whoever_is_asked_for_a_picture_may_skip_it_or_go_back(heard, at, missing):
    step = talk(WAY, "bus", heard)

    assert step.place.at == at
    assert (step.answer.missing if step.answer else None) == missing


def test_a_picture_told_in_words_is_kept_with_the_answer_and_not_twice():
    step = talk(WAY, "bus", "It has no roof. " * 90)

    assert step.answer.value.startswith("It has no roof.")
    assert step.place.answers["stop"] is True


def test_an_answer_that_is_offered_has_to_be_one():
    for offered in ("99", "1 div 0"):
        made = survey(
            f"  - {{key: n, kind: number, max: 5, default: '{offered}', text: {both('How many?')}}}\n"
        )
        step = talk(made, "ok")

        assert "OK" not in begin(made, "en", VALUES).prompt.text
        assert step.place.at == "n"
        assert step.place.tries == 1


def test_values_that_double_each_other_stay_small():
    doubled = "".join(
        f"  - {{key: c{n}, compute: 'concat(${{c{n - 1}}}, ${{c{n - 1}}})'}}\n" for n in range(1, 60)
    )
    made = survey(
        f"  - {{key: yes, kind: yesno, text: {both('Well?')}}}\n  - {{key: c0, compute: \"'abc'\"}}\n{doubled}"
        f"  - {{key: end, kind: open, text: {both('Anything else?')}}}\n"
    )

    assert max(len(str(value)) for value in talk(made, "yes").place.answers.values()) == 1600


def test_how_much_is_left_and_what_is_a_choice_can_be_told_without_the_time():
    made = survey(
        f"  - {{key: well, kind: one, text: {both('Well?')}, choices: days, choice_filter: 'from < today()'}}\n"
        f"  - {{key: why, kind: yesno, text: {both('Why?')}, ask_if: \"today() > '2020-01-01'\"}}\n",
        HEAD.replace(
            "questions:",
            "lists: {days: [{key: a, en: Apple, es: Manzana, columns: {from: '2020-01-01'}},"
            " {key: b, en: Berry, es: Baya, columns: {from: '2090-01-01'}}]}\nquestions:",
        ),
    )
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    place = begin(made, "en", VALUES, now=now).place

    assert (left(made, place, VALUES), left(made, place, VALUES, now=now)) == (1, 2)
    assert (is_choice(made, place, "berry"), is_choice(made, place, "berry", now=now)) == (True, False)


# What families really write


@pytest.mark.parametrize(
    ("words", "language"), [("no thanks", "en"), ("No, gracias.", "es"), ("non mèsi", "ht")]
)
def test_a_polite_refusal_is_no_answer_to_how_hard_it_was(words, language):
    from survey_flows import library

    step = hear(
        library("getting-to-school"),
        begin(library("getting-to-school"), language, VALUES).place,
        words,
        VALUES,
    )

    assert (step.answer.value, step.answer.missing) == (None, "skipped")


def test_no_thanks_is_the_choice_that_is_called_so():
    from survey_flows import library

    made = library("basics-family")

    assert hear(made, begin(made, "en", VALUES).place, "no thanks", VALUES).answer.value == []


def test_yes_to_how_hard_it_was_is_asked_back_with_the_choices_that_are_no_no():
    from survey_flows import library

    made = library("getting-to-school")

    text = hear(made, begin(made, "en", VALUES).place, "yes", VALUES).prompt.text
    assert text == "Did you mean 2. A little hard; 3. Very hard? Please reply with the number."


def test_not_bad_is_not_offered_as_bad():
    from survey_flows import library

    chinese, creole = library("getting-to-school"), library("pulse-family")

    assert (
        "很难”" not in hear(chinese, begin(chinese, "zh-Hans", VALUES).place, "不是很难", VALUES).prompt.text
    )
    assert 'Pa byen"' not in hear(creole, begin(creole, "ht", VALUES).place, "pa mal", VALUES).prompt.text


def test_several_choices_that_were_named_back_are_taken_by_yes():
    from survey_flows import library

    made = library("basics-family")
    step = hear(made, begin(made, "en", VALUES).place, "1-3", VALUES)

    assert hear(made, step.place, "yes", VALUES).answer.value == ["food", "housing"]


GRADES = survey("""
  - key: grade
    kind: one
    text: {en: Which grade?, es: ¿Qué grado?}
    choices:
      - {key: k, en: Kindergarten, es: Kínder}
      - {key: g1, en: Grade 1, es: Grado 1}
      - {key: g2, en: Grade 2, es: Grado 2}
      - {key: g3, en: Grade 3, es: Grado 3}
""")


@pytest.mark.parametrize("words", ["2nd", "3rd", "third"])
def test_an_ordinal_that_could_be_a_place_or_a_label_is_asked_back(words):
    assert not hear(GRADES, begin(GRADES, "en", VALUES).place, words, VALUES).answer.understood


def test_what_a_question_counts_may_follow_the_number():
    minutes = survey(
        "  - {key: m, kind: number, text: {en: How many minutes is the trip?, es: ¿Cuántos minutos tarda?}}\n"
    )

    for words in ("20 minutes", "20 minutos", "about 20 min"):
        assert hear(minutes, begin(minutes, "en", VALUES).place, words, VALUES).answer.value == 20


def test_a_condition_on_a_later_question_is_told():
    with pytest.raises(SurveyError, match="'later', which is not asked before"):
        survey(
            "  - {key: first, kind: open, ask_if: \"${later} = 'yes'\", text: {en: A, es: A}}\n"
            "  - {key: later, kind: yesno, text: {en: B, es: B}}\n"
        )
