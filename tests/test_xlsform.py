"""Forms of other software, taken over: what becomes of each row, what people are told, and the way back."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from openpyxl import Workbook, load_workbook

from survey_flows import LIBRARY, Place, begin, hear, library, loads, phrases
from survey_flows.xlsform import FormError, read_form, write_xform, write_xlsform
from survey_flows.xlsform.tongues import tag

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
VALUES = {"school": "Lincoln School"}
YES_NO = """
| choices | | | |
| | list_name | name | label |
| | yn | yes | Yes |
| | yn | no  | No |
"""


def form(survey, more="", language="en"):
    heads, *rows = [line for line in survey.strip().splitlines() if line.strip()]
    table = "\n".join(
        ["| survey |" + "|" * heads.count("|"), *(f"| {line.strip()}" for line in (heads, *rows))]
    )
    return read_form((table + "\n" + more).encode(), "form.md", language)


def talk(survey, *replies, language="en", **named):
    step = begin(survey, language, VALUES, now=NOW, **named)
    for reply in replies:
        step = hear(survey, step.place, reply, VALUES, now=NOW)
    return step


def told(made):
    return "\n".join(map(str, made.findings))


def book(**sheets):
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


# The survey file


def test_a_form_becomes_a_survey_file_that_gives_the_same_survey():
    made = form("| type | name | label |\n| text | why | Why? |")

    again = loads(made.text, "form.yaml")
    assert again.version == made.survey.version
    assert "from: xlsform" in made.text
    assert talk(again).prompt.text == "Lincoln School has some questions for you. Reply STOP to end.\nWhy?"


def test_the_title_opens_the_first_message_in_its_own_language_only():
    made = form(
        """
        | type | name | label::English (en) | label::Spanish (es) |
        | text | why  | Why? | ¿Por qué? |
        """,
        "| settings |\n| | form_title | form_id |\n| | Getting here | bus-2026 |",
    )

    assert made.survey.key == "bus-2026"
    assert "Getting here" in talk(made.survey).prompt.text
    assert "Getting here" not in talk(made.survey, language="es").prompt.text


# Kinds


KINDS = form(
    """
    | type | name | label | parameters | appearance |
    | text | a_text | Words? | | |
    | integer | a_number | How many? | | |
    | decimal | a_decimal | How long? | | |
    | range | a_range | How much? | start=2 end=10 step=2 | |
    | select_one yn | a_choice | One? | | |
    | select_multiple fruit | some | Several? | | |
    | rank fruit | order | In order? | | |
    | date | a_date | When? | | |
    | time | a_time | At what time? | | |
    | dateTime | a_moment | Exactly when? | | |
    | image | a_photo | Show us | | |
    | audio | a_voice | Tell us | | |
    | acknowledge | understood | Understood? | | |
    """,
    YES_NO + "| | fruit | apple | Apple |\n| | fruit | pear | Pear |\n| | fruit | plum | Plum |",
)


def test_every_kind_of_question_is_asked_in_its_own_way():
    kinds = {question.key: question.kind for question in KINDS.survey.questions}
    assert list(kinds.values()) == [
        "open", "number", "number", "range", "one", "many", "rank", "date", "time", "datetime", "image", "audio", "one"
    ]  # fmt: skip

    replies = [
        "the bus",
        "3",
        "2.5",
        "4",
        "yep",
        "1 3",
        "3 1 2",
        "2026-01-31",
        "7:30",
        "2026-01-31 7:30",
        "here",
    ]
    step = talk(KINDS.survey, *replies, "at home", "1")
    assert step.done
    assert step.place.answers["a_choice"] == "yes"
    assert step.place.answers["some"] == ["apple", "plum"]
    assert step.place.answers["order"] == ["plum", "apple", "pear"]
    assert step.place.answers["understood"] == "OK"


def test_a_number_off_the_steps_of_a_range_is_not_one_of_it():
    step = talk(KINDS.survey, "the bus", "3", "2.5", "5")
    assert "from 2 to 10" in step.prompt.text


@pytest.mark.parametrize("said", ["sí", "oui", "да", "claro"])
def test_yes_and_no_are_understood_in_every_language_of_the_form(said):
    made = form(
        """
        | type | name | label::en | label::es | label::fr | label::ru |
        | select_one yn | bus | Bus? | ¿Autobús? | Bus ? | Автобус? |
        """,
        """
        | choices |
        | | list_name | name | label::en | label::es | label::fr | label::ru |
        | | yn | 1 | Yes | Sí | Oui | Да |
        | | yn | 0 | No | No | Non | Нет |
        """,
    )
    assert talk(made.survey, said).place.answers["bus"] == "1"


@pytest.mark.parametrize("type_", ["geopoint", "geotrace", "geoshape", "barcode", "file", "video"])
def test_what_a_conversation_cannot_do_is_asked_in_words_and_told_with_its_row(type_):
    made = form(f"| type | name | label |\n| text | why | Why? |\n| {type_} | where | Where? |")

    assert made.survey.question("where").kind == "open"
    (finding,) = [finding for finding in made.findings if type_ in finding.what]
    assert (finding.sheet, finding.row, finding.severity) == ("survey", 3, "warning")
    assert "in words" in finding.instead


def test_a_choice_of_other_asks_which_in_the_language_of_the_person():
    made = form(
        "| type | name | label::en | label::es |\n| select_one way or_other | way | Which way? | ¿Cómo? |",
        "| choices |\n| | list_name | name | label::en | label::es |\n| | way | bus | Bus | Autobús |",
    )

    step = talk(made.survey, phrases.say("other", "es"), language="es")
    assert (step.place.at, step.prompt.text) == ("way_other", phrases.say("tell_us", "es"))
    assert talk(made.survey, "bus").done


def test_a_cascade_shows_only_what_belongs_to_the_answer_before_however_deep():
    made = form(
        """
        | type | name | label | choice_filter |
        | select_one state | state | State? | |
        | select_one county | county | County? | state=${state} |
        | select_one city | city | City? | state=${state} and county=${county} |
        """,
        """
        | choices | | | | | |
        | | list_name | name | label | state | county |
        | | state | tx | Texas | | |
        | | state | wa | Washington | | |
        | | county | king | King | wa | |
        | | county | king | King | tx | |
        | | county | cameron | Cameron | tx | |
        | | city | seattle | Seattle | wa | king |
        | | city | guthrie | Guthrie | tx | king |
        | | city | dumont | Dumont | tx | king |
        """,
    )

    step = talk(made.survey, "Texas")
    assert step.prompt.text.splitlines()[-2:] == ["1. King", "2. Cameron"]
    step = hear(made.survey, step.place, "1", VALUES)
    assert step.place.answers["county"] == "king"
    assert step.prompt.text.splitlines()[-2:] == ["1. Guthrie", "2. Dumont"]
    assert "choices, row 5" in told(made)


def test_a_long_list_is_answered_by_name_and_stays_quick():
    rows = "\n".join(f"| | village | v{n} | Village number {n} of the {n % 7} hills |" for n in range(2000))
    made = form(
        "| type | name | label |\n| select_one village | village | Which village? |",
        f"| choices |\n| | list_name | name | label |\n{rows}",
    )

    step = talk(made.survey)
    assert (
        len(step.prompt.text.splitlines()) == 24
    )  # the intro, the question, how to answer, twenty, and more
    assert step.prompt.choices == ()
    assert hear(made.survey, step.place, "village number 1234 of the 2 hills", VALUES).answer.value == "v1234"


# When, and how often


def test_groups_repeats_notes_and_calculations_keep_their_conditions():
    made = form(
        """
        | type | name | label | relevant | calculation | repeat_count |
        | calculate | oldest | | | max(${age}) | |
        | integer | kids | How many children? | | | |
        | begin group | about | About them | ${kids} > 0 | | |
        | begin repeat | child | Each child | | | ${kids} |
        | text | name | First name? | | | |
        | integer | age | How old is ${name}? | | | |
        | end repeat | | | | | |
        | end group | | | | | |
        | note | teens | They may ride alone. | ${oldest} > 12 | | |
        | text | more | Anything else? | | | |
        """
    )

    step = talk(made.survey, "2")
    assert step.prompt.text == "About them\nEach child\nFirst name?"
    step = hear(made.survey, hear(made.survey, step.place, "Ana", VALUES).place, "7", VALUES)
    assert step.prompt.text == "First name?"
    step = hear(made.survey, hear(made.survey, step.place, "Luis", VALUES).place, "13", VALUES)
    assert step.prompt.text == "They may ride alone.\nAnything else?"
    assert talk(made.survey, "0").prompt.text == "Anything else?"


def test_a_repeat_without_a_number_asks_for_another():
    made = form(
        "| type | name | label |\n| begin repeat | trip | Trip |\n| text | way | Which way? |\n| end repeat | | |"
    )
    assert "another" in talk(made.survey, "bus").prompt.text


def test_a_form_that_asks_for_a_billion_rounds_asks_fifty():
    made = form(
        """
        | type | name | label | repeat_count |
        | begin repeat | trip | Trip | 1000000000 |
        | text | way | Which way? | |
        | end repeat | | | |
        """
    )
    step, asked = talk(made.survey), 0
    while not step.done:
        step, asked = hear(made.survey, step.place, "bus", VALUES), asked + 1
    assert asked == 50
    assert "survey, row 2" in told(made)


def test_limits_and_defaults_come_over_with_their_messages():
    made = form(
        """
        | type | name | label | constraint | constraint_message | required | required_message | default | hint |
        | integer | days | Days? | . <= 28 | Not so many. | yes | We need this. | | Whole days |
        | text | town | Town? | | | | | Springfield | |
        """
    )
    assert talk(made.survey).prompt.text.endswith("Days?\nWhole days")
    assert talk(made.survey, "30").prompt.text.startswith("Not so many.")
    assert talk(made.survey, "skip").prompt.text.startswith("We need this.")
    assert "Springfield" in talk(made.survey, "3").prompt.text
    assert talk(made.survey, "3", "ok").answer.value == "Springfield"


# Words


def test_labels_are_plain_words_on_a_phone():
    made = form(
        '| type | name | label | hint |\n| text | a_b | **Why** <span style="color:red">this</span>? | Write {it} |'
    )
    assert talk(made.survey).prompt.text.splitlines()[1:] == ["Why this?", "Write (it)"]


def test_a_label_longer_than_a_message_is_cut_and_told():
    made = form(f"| type | name | label |\n| text | why | {'why ' * 600} |")
    assert len(made.survey.questions[0].texts[None]["en"]) <= 1600
    assert "longer than a message" in told(made)


def test_two_languages_never_stand_in_one_question():
    made = form(
        """
        | type | name | label::English | label::Français | hint::English | constraint | constraint_message::English |
        | integer | days | Days? | Jours ? | Whole days | . < 9 | Too many. |
        """
    )
    assert made.survey.languages == ("en", "fr")
    assert "Whole" not in talk(made.survey, language="fr").prompt.text
    assert "Too many" not in talk(made.survey, "10", language="fr").prompt.text
    assert any(language == "fr" for language, _ in made.survey.untranslated)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("English (en)", "en"), ("english(en)", "en"), ("Igbo", "ig"), ("Tetun", "tet"), ("Dari", "fa-AF"),
        ("portuguese(pt_br)", "pt-BR"), ("chinese", "zh-Hans"), ("Kreyòl ayisyen", "ht"), ("Français", "fr"),
        ("Chinese (zh-TW)", "zh-Hant"), ("es", "es"), ("Local language", None), ("default", None), ("", None),
        ("Tigirigna", None), ("((", None), ("Somali (so) ", "so"),
    ],
)  # fmt: skip
def test_a_language_is_known_however_a_form_names_it(name, expected):
    assert tag(name) == expected


def test_a_language_that_we_do_not_know_is_kept_apart_under_its_own_name():
    made = form(
        "| type | name | label::English (en) | label::Local language |\n| text | why | Why? | Nanga? |"
    )

    assert made.survey.languages == ("en", "x-local-language")
    assert talk(made.survey, language="x-local-language").prompt.text.endswith("Nanga?")
    menu = begin(made.survey, "en", VALUES, menu_of=made.survey.languages).prompt.text
    assert "Local language" in menu
    assert "Local language" in told(made)


def test_columns_without_a_language_are_read_as_the_one_they_agree_with_or_kept_apart():
    agree = "| type | name | label | label::en | label::es |\n| text | why | Why? | Why? | ¿Por qué? |"
    differ = "| type | name | label | label::en |\n| text | why | Kwa nini? | Why? |"

    assert form(agree, language=None).survey.languages == ("en", "es")
    assert form(differ, language=None).survey.languages == ("en", "x-unnamed")
    assert form(differ, language="sw").survey.languages == ("en", "sw")


# Names


def test_rows_of_one_name_are_told_apart_and_references_mean_the_nearest():
    made = form(
        """
        | type | name | label | relevant |
        | begin group | water | Water | |
        | select_one yn | water | Is there water? | |
        | text | why | Why? | ${water} = 'no' |
        | end group | | | |
        | begin group | power | Power | |
        | select_one yn | on | Is there power? | |
        | text | why | Why not? | ${on} = 'no' |
        | note | so | You said ${why} | ${why} != '' |
        | end group | | | |
        """,
        YES_NO,
    )
    assert [question.key for question in made.survey.questions] == ["water", "why", "on", "why_2"]
    step = talk(made.survey, "no", "a drought", "no", "a storm")
    assert "You said a storm" in step.prompt.text
    assert "survey, row 8: 'why' is the name of row 4 too." in told(made)


def test_a_reference_that_may_mean_two_rows_is_for_a_person_to_settle():
    with pytest.raises(FormError, match=r"row 4: \$\{age\} may mean rows 2 and 3"):
        form(
            """
            | type | name | label | relevant |
            | integer | age | Age? | |
            | integer | age | Age again? | |
            | text | why | Why? | ${age} > 3 |
            """
        )


def test_long_and_odd_names_are_shortened_where_others_refer_to_them_too():
    long = "how_many_children_of_school_age_" * 4
    made = form(
        f"""
        | type | name | label | relevant |
        | integer | {long} | How many? | |
        | text | first name | First name? | ${{{long}}} > 1 |
        """
    )
    assert all(len(question.key) <= 64 for question in made.survey.questions)
    assert talk(made.survey, "2").place.at == "first_name"
    assert talk(made.survey, "1").done


# What goes wrong


@pytest.mark.parametrize(
    ("rows", "row", "problem", "cure"),
    [
        ("| selct_one yn | a | A? | |", 2, "no type 'selct_one yn'", "Did you mean 'select_one'"),
        ("| select_one yess | a | A? | |", 2, "no list 'yess'", "Did you mean 'yes'"),
        ("| text | a | A? | |\n| text | b | B? | ${aa} = 1 |", 3, "${aa} is the name of no question", ""),
        (
            "| begin group | g | G | |\n| text | a | A? | |",
            2,
            "'g' begins here and never ends",
            "Add 'end group'",
        ),
        ("| text | a | A? | |\n| end repeat | | | |", 3, "ends nothing", "Take it out"),
        ("| text | | A? | |", 2, "no name", "'name' column"),
        ("| | a | A? | |", 2, "no type", "'type' column"),
        ("| text | a | A? | 1 + |", 2, "In 'relevant'", ""),
        ("| text | a | A? | selectd(., 'x') |", 2, "no function selectd()", "Did you mean selected()?"),
    ],
)
def test_what_has_to_be_mended_is_told_with_its_row_and_its_cure(rows, row, problem, cure):
    more = "| choices |\n| | list_name | name | label |\n| | yes | yes | Yes |\n| | yes | no | No |"
    with pytest.raises(FormError) as error:
        form("| type | name | label | relevant |\n" + rows, more)
    assert (error.value.sheet, error.value.row) == ("survey", row)
    assert problem in str(error.value)
    assert cure in str(error.value)


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(FormError) as error:
        form("| type | name | label |\n| txt | a | A? |\n| intger | b | B? |")
    assert [one.row for one in (error.value, *error.value.others)] == [2, 3]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"\x00\x01\x02\x03" * 50, "neither a spreadsheet nor text"),
        (b"PK\x03\x04 not a zip at all", "damaged"),
        (bytes.fromhex("D0CF11E0") + b"not a workbook", "cannot be read as a spreadsheet"),
        (b"Dear families, ...", "no column 'type'"),
        (b"name,grade\nAna,7\n", "no column 'type'"),
        (b"| a | b |\n| 1 | 2 |", "no sheet called 'survey'"),
        (book(People=[["name"], ["Ana"]], Places=[["name"], ["Lincoln"]]), "no sheet called 'survey'"),
        (book(survey=[["type", "name", "label"]]), "no questions"),
        (b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
    ],
)
def test_what_is_no_form_is_told_apart_kindly(data, problem):
    with pytest.raises(FormError, match=problem):
        read_form(data, "form.xlsx")


def test_a_small_file_that_unpacks_to_a_huge_one_is_not_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"<x/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (101 * 1024 * 1024))
    assert len(out.getvalue()) < 1024 * 1024
    with pytest.raises(FormError, match="Unpacked"):
        read_form(out.getvalue(), "bomb.xlsx")


def test_a_form_that_says_it_is_small_is_believed_only_as_it_is_unpacked():
    size = 101 * 1024 * 1024
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"<x/>")
        packed.writestr("xl/worksheets/sheet1.xml", bytes(size))
    lying = out.getvalue().replace(size.to_bytes(4, "little"), (5).to_bytes(4, "little"))
    assert lying != out.getvalue()
    with pytest.raises(FormError, match="Unpacked"):
        read_form(lying, "bomb.xlsx")


def test_a_table_of_commas_needs_no_column_for_sheets():
    made = read_form(b"type;name;label\ntext;why;Why, exactly?\n", "form.csv", "en")
    assert made.survey.questions[0].texts[None]["en"] == "Why, exactly?"


def test_two_columns_of_one_name_are_mended():
    made = read_form(
        book(survey=[["type", "name", "label", "label"], ["text", "why", "Why?", "Other?"]]),
        "form.xlsx",
        "en",
    )
    assert made.survey.questions[0].texts[None]["en"] == "Why?"
    assert "two columns called 'label'" in told(made)


# The way back


def again(survey):
    return read_form(write_xlsform(survey), f"{survey.key}.xlsx").survey


def same(one, other):
    """What of two surveys people would see and meet alike."""

    def seen(survey):
        return [
            (
                question.key, question.kind, question.texts[None], question.hints, question.required,
                question.constraint and question.constraint.expression.source, question.ask_if,
                tuple((option.key, option.labels) for option in getattr(question, "options", ())),
                tuple(getattr(question, name, None) for name in ("least", "most", "pick", "show", "shuffled", "seeks")),
            )
            for question in survey.questions
        ]  # fmt: skip

    assert seen(one) == seen(other)


@pytest.mark.parametrize("key", LIBRARY)
def test_a_survey_of_the_library_goes_to_translators_and_comes_back_the_same(key):
    survey = library(key)
    back = again(survey)

    same(survey, back)
    assert (back.languages, back.title, back.intro, back.thanks) == (
        survey.languages, survey.title, survey.intro, survey.thanks
    )  # fmt: skip
    assert (back.fields, back.drafts) == (survey.fields, survey.drafts)


@pytest.mark.parametrize("key", LIBRARY)
def test_a_survey_of_the_library_is_a_form_for_other_software(key):
    root = ElementTree.fromstring(write_xform(library(key)))
    named = {bind.get("nodeset", "").rpartition("/")[2] for bind in root.iter() if bind.tag.endswith("}bind")}
    assert {question.key for question in library(key).questions} <= named


def test_every_kind_comes_back_the_same():
    same(KINDS.survey, again(KINDS.survey))


def test_a_condition_that_a_translator_changed_counts_as_it_is_now():
    survey = loads(
        """
survey: test
title: {en: Test}
intro: {en: "{school} asks. Reply STOP to end."}
questions:
  - {key: hard, kind: scale, text: {en: Hard?}, choices: [{key: some, en: Somewhat}, {key: very, en: Extremely}]}
  - {key: why, kind: open, text: {en: Why?}, ask_if: {hard: [very]}}
""",
        "test.yaml",
    )
    sheets = load_workbook(io.BytesIO(write_xlsform(survey)))
    for row in sheets["survey"].iter_rows():
        for cell in row:
            if cell.value == "${hard} = 'very'":
                cell.value = "${hard} = 'some'"
    out = io.BytesIO()
    sheets.save(out)

    changed = read_form(out.getvalue(), "test.xlsx").survey
    assert talk(again(survey), "2").place.at == "why"
    assert talk(changed, "1").place.at == "why"
    assert talk(changed, "2").done


def test_a_cell_that_begins_with_an_equals_sign_stays_words():
    survey = form("| type | name | label |\n| text | why | =1+1 |").survey
    sheet = load_workbook(io.BytesIO(write_xlsform(survey)))["survey"]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_the_place_in_a_form_is_small_json():
    step = talk(KINDS.survey, "the bus", "3")
    assert Place.from_json(step.place.to_json()) == step.place
