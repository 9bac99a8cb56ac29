"""ODK expressions: what an independent engine says of 300 of them, what we promise, and that nothing breaks them."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_flows.expressions import FUNCTIONS, UNSUPPORTED, ExpressionError, parse

ORACLE = json.loads((Path(__file__).parent / "files" / "expressions.json").read_text("utf-8"))


@dataclass
class Answers:
    """A world in memory: an answer that is a list is a repeated question's, seen from outside its repeat."""

    said: Mapping[str, str | list[str]] = field(default_factory=dict)
    this: str = ""
    now: datetime | None = datetime(2026, 11, 22, 10, tzinfo=UTC)
    language: str = "en"
    lists: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    turn: int = 1

    def read(self, name: str, /) -> str | list[str]:
        return self.said.get(name, "")

    def instances(self, name: str, /) -> Sequence[str]:
        answer = self.said.get(name, [])
        return [answer] if isinstance(answer, str) else answer

    def rows(self, instance: str, /) -> Sequence[Mapping[str, str]]:
        return self.lists.get(instance, ())

    def choice_name(self, value: str, question: str, /) -> str:
        return f"{question}: {value}"

    def position(self) -> int:
        return self.turn

    def draw(self, key: str, /) -> float:
        return Random(key).random()


def repeated() -> dict[str, str | list[str]]:
    columns: dict[str, str | list[str]] = {}
    for group, turns in ORACLE["repeats"].items():
        columns[group] = [""] * len(turns)
        columns |= {name: [turn[name] for turn in turns] for name in turns[0]}
    return columns


FORM = Answers(ORACLE["answers"] | repeated(), ORACLE["this"], lists={"towns": ORACLE["towns"]})


def value(source: str, world: Answers = FORM, **said: str | list[str]) -> object:
    return parse(source).value(replace(world, said={**world.said, **said}))


def text(source: str, world: Answers = FORM, **said: str | list[str]) -> str:
    return parse(source).text(replace(world, said={**world.said, **said}))


@pytest.mark.parametrize("case", ORACLE["cases"], ids=lambda case: case["expression"])
def test_it_says_what_odks_own_engine_says(case):
    assert text(case["expression"]) == case["expected"]


def test_where_we_decided_otherwise_the_oracle_really_says_something_else():
    for case in ORACLE["cases"]:
        assert case.get("oracle_says") != case["expected"], case


def test_an_expression_knows_what_it_reads():
    expression = parse(
        "selected(${how}, 'bus') and . > ../least + current()/../more and /data/g/deep = '${quoted}'"
    )

    assert expression.names == {"how", "least", "more", "deep"}
    assert expression.uses_dot
    assert expression.functions == {"selected"}
    assert not parse("${a} = 1").uses_dot
    assert parse("string-length()").uses_dot


def test_columns_of_a_list_are_not_questions():
    expression = parse("instance('towns')/root/item[region = ${where} and pop > 5]/label")

    assert expression.names == {"where"}


@pytest.mark.parametrize(
    "name", ["a-b", "n.1", "_x", "größe", "жильё", "जिला", "学校", "and", "div", "count", "if"]
)
def test_a_question_may_have_any_name(name):
    assert value(f"${{{name}}}+1", said="x", **{name: "2"}) == 3.0
    assert value(f"1-${{ {name} }}-1", **{name: "2"}) == -2.0


def test_steps_of_a_path_may_be_named_like_functions_and_operators():
    said = {"date": "1", "mod": "2", "count": "3", "text": "4"}

    assert value("../date + /data/mod + ./../count + /data/group/text", **said) == 10.0


def test_a_blank_answer_is_no_number_and_compares_as_false():
    assert not any(value(f"${{empty}} {sign} 5") for sign in ("<", "<=", ">", ">=", "="))
    assert value("${empty} != 5") is True
    assert value("${empty} = ''") is True
    assert text("${empty} + ${age}") == ""


def test_dates_compare_and_subtract_as_days():
    assert value("today() - ${born}", born="2026-11-20") == 2.0
    assert value("${met} - date('2026-10-14')", met="2026-10-14T12:00:00-05:00") == 0.5
    assert (
        value("${met} >= '2026-10-14' and ${met} < '2026-10-15'", met="2026-10-14T23:30:00.000-05:00") is True
    )
    assert value(". <= today()", replace(FORM, this="2026-11-22")) is True
    assert math.isnan(value("number('2026-02-30')"))


def test_today_is_on_the_persons_clock():
    late = datetime(2026, 11, 22, 21, 30, tzinfo=timezone(timedelta(hours=-5)))

    assert text("today()", replace(FORM, now=late)) == "2026-11-22"
    assert text("now()", replace(FORM, now=late)) == "2026-11-22T21:30:00.000-05:00"
    assert value("now() >= today() and now() < today() + 1", replace(FORM, now=late)) is True


@pytest.mark.parametrize("source", ["today()", "now()", "if(true(), today(), '')"])
def test_without_a_time_today_says_so(source):
    with pytest.raises(ExpressionError, match="time"):
        text(source, replace(FORM, now=None))


@pytest.mark.parametrize(("language", "written"), [
    ("en", "Sat 3 Oct 26"), ("es", "sáb 3 oct 26"), ("zh-Hans", "周六 3 10月 26"), ("xx-unknown", "Sat 3 Oct 26"),
])  # fmt: skip
def test_months_and_days_have_the_persons_names(language, written):
    assert text("format-date('2026-10-03', '%a %e %b %y')", replace(FORM, language=language)) == written


@pytest.mark.parametrize(("source", "written"), [
    ("format-date-time('2026-01-02T03:04:05.678-05:00', '%Y-%m-%d %H:%M:%S.%3')", "2026-01-02 03:04:05.678"),
    ("format-date('2026-01-02', '%d.%n.%y 100%% %q %')", "02.1.26 100% %q %"),
    ("format-date-time(now(), '%h')", "10"),
    ("format-date('soon', '%Y')", ""),
    ("date('soon')", ""),
    ("date(1 div 0)", ""),
    ("date-time(0.5)", "1970-01-01T12:00:00.000"),
])  # fmt: skip
def test_dates_are_written_as_asked(source, written):
    assert text(source) == written


def test_the_label_of_a_choice():
    assert text("jr:choice-name(${one}, '${one}')") == "one: bus"
    assert text("jr:choice-name(selected-at(${how}, 1), '/data/g/how')") == "how: walk"
    assert text("jr:choice-name(${one}, ${one})") == "one: bus"
    assert text("jr:choice-name(${empty}, '${one}')") == ""
    assert text("jr:itext(instance('towns')/root/item[name='c']/itextId)") == "Como"


def test_once_keeps_what_is_there():
    assert text("once(${age})", replace(FORM, this="")) == "34"
    assert text("once(${age})", replace(FORM, this="old")) == "old"


def test_what_is_drawn_by_lot_stays_and_differs_from_place_to_place():
    assert text("random()") == text("random()")
    assert value("random() = random()") is False
    assert value("0 <= random() and random() < 1") is True
    assert len(text("uuid()")) == 36
    assert text("uuid()")[14] == "4"
    assert value("string-length(uuid(8))") == 8.0
    assert sorted(parse("randomize(instance('towns')/root/item/name)").value(FORM)) == ["a", "b", "c", "d"]


def test_the_turn_of_a_repeated_group():
    second = replace(FORM, turn=2)

    assert value("position(..)", second) == 2.0
    assert text("indexed-repeat(${child}, ${g}, position(..) + 1)", second) == "Iris"
    assert text("indexed-repeat(${child}, ${g}, 0)") == "Luz"  # as JavaRosa: before the first is the first
    assert text("indexed-repeat(${child}, ${g}, 9)") == ""
    assert text("${g}[position() = position(current()/..) - 1]/child", second) == "Luz"


def test_choices_that_fit_earlier_answers():
    filtered = parse("instance('towns')/root/item[region = ${where}]/name")

    assert filtered.value(replace(FORM, said={"where": "n"})) == ["a", "b"]
    assert filtered.value(replace(FORM, said={})) == []


def test_a_pattern_that_takes_for_ever_does_not_match_and_soon():
    started = time.perf_counter()

    assert value("regex(${x}, '(a|a|b?)*c')", x="a" * 60) is False
    assert time.perf_counter() - started < 2


def test_a_pattern_from_an_answer_may_be_nonsense():
    assert value("regex('a', ${x})", x="(") is False
    assert value("regex('a', ${x})", x="a|" * 5000) is False


def test_long_expressions_are_no_deep_ones():
    places = {f"v{n}": "1" for n in range(400)}

    assert value(" + ".join(f"${{{name}}}" for name in places), **places) == 400.0
    assert value(" or ".join(f"${{{name}}} = 2" for name in places), **places) is False
    assert text("".join(f"if(${{age}} = {n}, 'a{n}', " for n in range(100)) + "''" + ")" * 100) == "a34"


@pytest.mark.parametrize(("source", "problem", "cure"), [
    ("", "empty", "write"),
    ("selectd(${a}, 'x')", "no function selectd", "selected()"),
    ("Selected(${a}, 'x')", "no function Selected", "selected()"),
    ("if(${a}, 1)", "if() takes 3 arguments, not 2", "docs.getodk.org"),
    ("selected(${a})", "selected() takes 2 arguments, not 1", ""),
    ("weighted-checklist(1, 2, 'a')", "pairs", ""),
    ("${a} == 1", "near “${a} == 1", "= once"),
    ("${a} && ${b}", "cannot be read", "and"),
    ("${a} AND ${b}", "cannot be read", "small letters"),
    ("${a} = ‘x’", "cannot be read", "straight quotes"),
    ("${a} = 'x", "cannot be read", "not closed"),
    ("(${a} + 1", "cannot be read", "Each ("),
    ("${a = 1", "cannot be read", "Close the braces"),
    ("$a = 1", "$ is not followed", "${name}"),
    ("$\u200ba = 1", "$ is not followed", "${name}"),
    ("${} = 1", "names no question", "braces"),
    ("${a} ${b}", "cannot be read near “${a} ${b}”", "missing"),
    ("${a} >", "cannot be read", "missing"),
    ("regex(., '[a-')", "pattern [a-", "form-regex"),
    ("instance(${a})/root/item", "in quotes", "instance('list')"),
    ("randomize(${a})/b", "randomize", "inside"),
    ("(" * 3000 + "1" + ")" * 3000, "", "Take it apart"),
    ("1" * 20_001, "at most", "calculates"),
])  # fmt: skip
def test_what_is_wrong_is_told_with_a_cure(source, problem, cure):
    with pytest.raises(ExpressionError) as caught:
        parse(source)

    assert problem in caught.value.problem
    assert cure in caught.value.cure


@pytest.mark.parametrize("name", sorted(UNSUPPORTED))
def test_what_is_not_supported_gives_a_blank_and_can_be_reported(name):
    arguments = {"pulldata": "'a', 'b', 'c', 'd'", "geofence": "${a}, ${b}", "version": ""}
    call = {"last-saved": "${last-saved#age}", "attribute": "/data/@id", "wildcard": "sum(/data/*)",
            "nested indexed-repeat": "indexed-repeat(${none}, ${g}, 1, ${h}, 1)"}  # fmt: skip
    expression = parse(call.get(name, f"{name}({arguments.get(name, '${a}')})"))

    assert expression.unsupported == {name}
    assert expression.text(FORM) in ("", "0")


def test_elementpath_itself_stays_as_it_was():
    from elementpath.xpath1 import XPath1Parser

    assert XPath1Parser().parse("concat('a', 'b')").evaluate() == "ab"
    assert "selected" not in XPath1Parser.symbol_table


SAID = st.one_of(
    st.sampled_from(["", "0", "-1", "3.5", "yes", "a b c", "2026-10-14", "2026-10-14T08:30:00.000-05:00", "NaN", "inf",
                     "9" * 400, "0000-00-00", "9999-12-31", "25:61", "(", "\\", "%", "\x00", "\ud800", "١٢"]),
    st.text(max_size=20),
)  # fmt: skip
NAMES = sorted({name for case in ORACLE["cases"] for name in parse(case["expression"]).names})


@settings(max_examples=30, deadline=None)
@given(said=st.dictionaries(st.sampled_from(NAMES), SAID | st.lists(SAID, max_size=4)), this=SAID,
       rows=st.lists(st.dictionaries(st.sampled_from(["name", "label", "region", "pop"]), SAID), max_size=4))  # fmt: skip
def test_no_answer_makes_an_expression_fail(said, this, rows):
    world = Answers(said, this, lists={"towns": rows})

    for case in ORACLE["cases"]:
        expression = parse(case["expression"])
        assert isinstance(expression.value(world), str | float | bool | list)
        assert isinstance(expression.truth(world), bool)
        assert isinstance(expression.number(world), float)
        assert isinstance(expression.text(world), str)


ATOMS = st.sampled_from(["${a}", "${b}", ".", "''", "'x y'", "0", "-1.5", "1 div 0", "0 div 0", "true()", "today()",
                         "1000000000000", "instance('l')/root/item/pop", "${a} | ${b}", "number(${a})"])  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(name=st.sampled_from(sorted(set(FUNCTIONS) - {"instance", "current"})), data=st.data())
def test_no_function_fails_whatever_it_is_given(name, data):
    counts = [count for count in range(9) if FUNCTIONS[name].fits(count)]
    parts = data.draw(
        st.lists(ATOMS, min_size=min(counts), max_size=max(counts)).filter(lambda a: len(a) in counts)
    )
    said = data.draw(st.dictionaries(st.sampled_from("ab"), SAID | st.lists(SAID, max_size=4)))
    try:
        expression = parse(f"{name}({', '.join(parts)})")
    except ExpressionError:
        return

    got = expression.value(Answers(said, data.draw(SAID), lists={"l": [{"pop": "3"}, {"pop": "x"}]}))

    assert isinstance(got, str | float | bool | list)
    assert FUNCTIONS[name].gives == "any" or type(got).__name__ == {
        "text": "str", "number": "float", "truth": "bool"}[FUNCTIONS[name].gives]  # fmt: skip


PIECES = st.sampled_from(["${a}", "$", "{", "}", "(", ")", "[", "]", "'", '"', "/", "//", "..", ".", "*", "@", "|", ",",
                          "and", "or", "div", "mod", "=", "!=", "<", ">=", "+", "-", "if", "selected", "count",
                          "instance('l')", "current()", "position()", "name", "item", "::", ":", "1", ".5", "1e9", "''",
                          "randomize", "jr:choice-name", "regex", " ", "\n", "é", "\u200b", "\x00"])  # fmt: skip


@settings(max_examples=800, deadline=None)
@given(
    st.one_of(
        st.text(max_size=30),
        st.lists(PIECES, max_size=12).map("".join),
        st.lists(PIECES, max_size=9).map(" ".join),
    )
)
def test_whatever_is_written_there_is_an_answer_or_an_expression_error(source):
    try:
        expression = parse(source)
    except ExpressionError:
        return

    expression.text(FORM)
