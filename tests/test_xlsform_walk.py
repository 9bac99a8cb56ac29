"""Forms walked by people who answer at random, to the end: real ones, made-up ones, nasty ones, and long ones."""

from __future__ import annotations

import os
import time
from functools import cache
from pathlib import Path
from random import Random
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from respondents import NOW, VALUES, Respondent, expressions

from survey_flows import Survey, begin, hear
from survey_flows.xlsform import FormError, Imported, read_form, write_xform, write_xlsform

FOLDER = Path(os.environ.get("OPENLINE_XLSFORMS", Path(__file__).parents[2] / "shared" / "data" / "xlsforms"))
FORMS = sorted(FOLDER.glob("*.xls*"))
WALKS = int(os.environ.get("OPENLINE_WALKS", "40"))
"""Respondents for each form; `make forms` sends 1,000."""
MANY = settings(
    max_examples=WALKS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)

real = pytest.mark.data
needs_forms = pytest.mark.skipif(not FORMS, reason="needs real XLSForms in OPENLINE_XLSFORMS")


def kind(error):
    """Every problem says where it is, what is wrong and what to do."""
    for problem in (error, *error.others):
        assert problem.problem
        assert problem.cure
        assert problem.row or problem.sheet


@cache
def imported(form: Path) -> Imported:
    return read_form(form)


@real
@needs_forms
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_a_real_form_is_taken_over_or_names_the_row_and_the_cure(form):
    try:
        made = imported(form)
    except FormError as error:
        kind(error)
        return
    assert made.survey.questions
    assert all(finding.what and finding.instead for finding in made.findings)


@real
@needs_forms
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_anybody_comes_to_the_end_of_a_real_form(form):
    survey = imported(form).survey

    @MANY
    @given(st.integers(0, 2**32))
    def walked(seed):
        respondent = Respondent(survey, Random(seed))
        respondent.evaluate(respondent.walk())

    walked()


@real
@needs_forms
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_a_real_form_goes_back_to_other_software_with_the_same_expressions(form):
    survey = imported(form).survey

    root = ElementTree.fromstring(write_xform(survey))
    binds = [bind for bind in root.iter() if bind.tag.endswith("}bind")]
    named = {bind.get("nodeset", "").rpartition("/")[2] for bind in binds}
    assert set(survey.by_key) - {f"{name}_more" for name in survey.turns} <= named
    assert sum(bind.get("relevant") is not None for bind in binds) >= sum(
        bool(question.ask_if) for question in survey.questions
    )
    back = read_form(write_xlsform(survey), "back.xlsx").survey
    assert [(question.key, question.kind) for question in back.questions] == [
        (question.key, question.kind) for question in survey.questions
    ]
    assert sorted(one.source for one in expressions(back)) == sorted(
        one.source for one in expressions(survey)
    )


# Made-up forms, most of them odd

NAMES = st.sampled_from(
    ["", "", "", "", "a", "q1", "a b", "meta", "9", "é", "x" * 80, "a.b", "a-b", "yes", "_", "name"]
)
"""What a row is called; mostly something of its own ("")."""
LABELS = st.sampled_from([
    "Why?", "Why?", "", "**x**", "{", "}", "${a}", "${ b }", "<br>", "<b", "🙂", "|", "…", "۱", "--", "😀😀", "a\\nb",
    "{school}", "${last-saved#a}", "1", "STOP", "yes", "w " * 900, "'", '"', "#", "- x", ": y", "@", "“so”", "!x", "&a", "*",
    "%", "`", "? x", "null", "~", "[a]", "a: b", "a #b", "\u200f", "\u0007x", "0x1F", "1e3", "=1+1",
])  # fmt: skip
TYPES = st.sampled_from([
    "text", "integer", "decimal", "select_one l", "select_multiple l", "rank l", "select_one l or_other", "note", "date",
    "begin group", "end group", "begin repeat", "end repeat", "calculate", "range", "acknowledge", "geopoint", "image",
    "hidden", "today", "start", "time", "select_one m", "select_multiple m", "select_one_from_file x.csv", "video", "end",
    "deviceid", "dateTime", "begin_group", "select_one ${a}", "barcode", "file", "email", "audio", "string", "int",
])  # fmt: skip
EXPRESSIONS = st.sampled_from([
    *[""] * 12, "${a} = 1", "selected(${a}, 'x')", ". > 3", "true()", "yes", "today()", "FALSE", "${a} and ${b}",
    "regex(., '(a+)+$')", "count(${b}) > 1", "once(random())", "position(..)", "../a = 1", "x='1'", "nobody > 2",
    "${last-saved#a}", "pulldata('a', 'b', 'c', 'd')", "jr:choice-name(${a}, '${a}')", "-1", "10000000000", "1 div 0",
    "instance('l')/root/item[name=${a}]/label", "concat('a', \"b\")", "now()", "uuid()", "string(1 div 0)",
])  # fmt: skip
BROKEN = st.sampled_from(
    [*[None] * 8, "1 +", "${nobody} = 1", "txt", "'", "begin loop over l", "audit", "${b", "end group"]
)
ROW = st.tuples(TYPES, NAMES, LABELS, LABELS, *[EXPRESSIONS] * 7)
HEADS = (
    "type", "name", "label::English (en)", "label::Nowhere", "relevant", "constraint", "calculation", "default",
    "required", "choice_filter", "repeat_count",
)  # fmt: skip
CHOICE = st.tuples(
    st.sampled_from(["l", "l", "m"]), NAMES, LABELS, LABELS, st.sampled_from(["", "1", "${a}"])
)


def table(name, heads, rows):
    lines = [f"| {name} |", "| | " + " | ".join(heads) + " |"]
    return "\n".join(
        [*lines, *("| | " + " | ".join(cell.replace("|", "¦") for cell in row) + " |" for row in rows)]
    )


def odd(rows, choices, broken):
    """A form that pyxform may well take: groups are closed, most rows have a name of their own, and one may be broken."""
    written, open_ = [], []
    blank = ("",) * len(HEADS)
    for at, row in enumerate(rows):
        type_ = row[0]
        if type_.startswith("end "):
            if open_:
                written.append((f"end {open_.pop()}", *blank[1:]))
            continue
        if type_.startswith("begin"):
            open_.append(type_[6:])
        calculation = row[6] or ("1" if type_ == "calculate" else "")
        chosen = "" if "other" in type_ else row[9]
        written.append((type_, row[1] or f"n{at}", *row[2:6], calculation, *row[7:9], chosen, row[10]))
    written += [(f"end {type_}", *blank[1:]) for type_ in reversed(open_)]
    if broken:
        type_ = "text" if broken in ("1 +", "${nobody} = 1", "'", "${b") else broken
        written.append((type_, "broken", "Broken?", "", broken if type_ == "text" else "", *blank[5:]))
    written += [("text", "a", "A?", *blank[3:]), ("integer", "b", "B?", *blank[3:])]
    listed = [("l", "x", "X", "", ""), ("m", "y", "Y", "", "1")]
    listed += [(each[0], each[1].replace(" ", "") or f"c{at}", *each[2:]) for at, each in enumerate(choices)]
    heads = ("list_name", "name", "label::English (en)", "label::Nowhere", "x")
    return table("survey", HEADS, written) + "\n" + table("choices", heads, listed)


@settings(MANY, max_examples=max(150, WALKS))
@given(st.lists(ROW, min_size=1, max_size=9), st.lists(CHOICE, max_size=6), BROKEN, st.integers(0, 2**32))
def test_any_table_gives_a_survey_that_ends_or_a_kind_complaint(rows, choices, broken, seed):
    try:
        survey = read_form(odd(rows, choices, broken).encode(), "odd.md").survey
    except FormError as error:
        kind(error)
        return
    respondent = Respondent(survey, Random(seed))
    respondent.evaluate(respondent.walk())
    read_form(write_xlsform(survey), "odd.xlsx")


SOUND = st.lists(
    st.tuples(
        st.sampled_from([
            "text", "integer", "decimal", "select_one l", "select_multiple l", "rank l", "select_one l or_other", "note",
            "date", "calculate", "range", "acknowledge", "geopoint", "image", "time", "dateTime", "group", "repeat",
        ]),
        st.sampled_from([
            "", "", "${q0} = 1", "selected(${q1}, 'x')", "${q2} > 3 or ${q0} = ''", "count-selected(${q1}) > 1",
            "${q3} > today()", "not(${q0})", "string-length(${q1}) < 9", "jr:choice-name(${q0}, '${q0}') = 'X'",
        ]),
        st.sampled_from(["", "", ". != 'x'", ". > 0", "regex(., '[a-z]+')", ". <= today()", ". > ${q0}"]),
        st.sampled_from(["", "", "x", "1", "${q0}", "today()", "concat(${q1}, 'x')"]),
        st.sampled_from(["", "2", "${q0}", "1000000000"]),
    ),
    min_size=4, max_size=12,
)  # fmt: skip


CALCULATED = {"": "1 + 1", "x": "'x'"}


@settings(MANY, max_examples=max(100, WALKS))
@given(SOUND, st.integers(0, 2**32))
def test_any_sound_form_is_taken_over_walked_and_written_again(parts, seed):
    rows: list[tuple[str, ...]] = []
    open_: list[str] = []
    for at, (type_, relevant, constraint, value, count) in enumerate(parts):
        if type_ in ("group", "repeat"):
            if open_ and at % 3:
                rows.append((f"end {open_.pop()}", *[""] * 7))
            rows.append((f"begin {type_}", f"g{at}", "Group", relevant, "", "", "", count))
            open_.append(type_)
        calculated = type_ == "calculate"
        type_ = "text" if type_ in ("group", "repeat") else type_
        rows.append((
            type_, f"q{at}", "" if calculated else f"Question {at}? ${{q0}}", relevant, "" if calculated else constraint,
            CALCULATED.get(value, value) if calculated else "", "" if calculated else value, "",
        ))  # fmt: skip
    rows += [(f"end {type_}", *[""] * 7) for type_ in reversed(open_)]
    heads = ("type", "name", "label", "relevant", "constraint", "calculation", "default", "repeat_count")
    choices = [("l", "x", "X"), ("l", "y", "Why"), ("l", "z", "Z")]
    text = table("survey", heads, rows) + "\n" + table("choices", ("list_name", "name", "label"), choices)
    survey = read_form(text.encode(), "sound.md", "en").survey
    respondent = Respondent(survey, Random(seed))
    respondent.evaluate(respondent.walk())
    ElementTree.fromstring(write_xform(survey))


# Length and time


@cache
def long_form(length: int = 564) -> Survey:
    """As long as the longest real form we know, with conditions that look far back."""
    rows = []
    for n in range(length):
        kind = ("select_one l", "integer", "text", "select_multiple l")[n % 4]
        relevant = (
            f"${{q{n - 4}}} != 'nothing' and count-selected(${{q{n - n % 4 - 1}}}) < 9" if n > 8 else ""
        )
        rows.append((kind, f"q{n}", f"Question {n}?", relevant, ". >= 0" if kind == "integer" else ""))
    choices = [("l", f"c{n}", f"Choice number {n}") for n in range(12)]
    heads = ("type", "name", "label", "relevant", "constraint")
    text = table("survey", heads, rows) + "\n" + table("choices", ("list_name", "name", "label"), choices)
    return read_form(text.encode(), "long.md", "en").survey


def test_a_step_in_a_form_of_564_questions_takes_less_than_ten_milliseconds():
    survey = long_form()
    step = begin(survey, "en", VALUES, now=NOW)
    took = []
    while not step.done:
        start = time.perf_counter()
        step = hear(survey, step.place, "2", VALUES, now=NOW)
        took.append(time.perf_counter() - start)

    assert len(took) == 564
    assert sorted(took)[len(took) // 2] < 0.010  # the middle: this computer may be busy with other things
