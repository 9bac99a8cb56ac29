"""A survey as a picture: nothing lies on anything else, every text is inside, and it can be heard as well as seen."""

from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from survey_flows import LIBRARY, library, loads
from survey_flows.drawing import draw
from survey_flows.drawing.flow import Fork, Group, Step, flow
from survey_flows.drawing.layout import Drawing
from survey_flows.drawing.lettering import width, wrapped

HEAD = """\
survey: test
variants: [student]
title: {en: Test, ar: اختبار}
intro: {en: "{school} asks how it goes. Reply STOP to end.", ar: "{school}: أرسلوا STOP."}
questions:
"""


def both(text):
    return f"{{en: '{text}', ar: 'سؤال طويل عن الطريق إلى المدرسة كل يوم؟'}}"


def survey(questions):
    return loads(HEAD + questions, "test.yaml")


WAYS = ", ".join(f"{{key: {key}, en: {key.capitalize()}, ar: {label}}}" for key, label in
                 [("bus", "حافلة"), ("car", "سيارة"), ("walk", "مشيا"), ("other", "غيرها")])  # fmt: skip
EVERYTHING = survey(f"""
  - {{key: hello, note: {both("These are easy questions, and there are not many of them at all, we promise.")}}}
  - {{split: wording, arms: {{a: 1, b: 3}}}}
  - {{key: kids, kind: number, min: 0, max: 9, text: {both("How many children?")}}}
  - group: each_child
    repeat: "${{kids}}"
    questions:
      - {{key: age, kind: number, max: 20, text: {both("How old?")}}}
      - {{key: teen, kind: yesno, ask_if: {{age: {{min: 13}}}}, text: {both("A phone?")}}}
      - group: each_trip
        repeat: yes
        ask_if: {{teen: [yes]}}
        questions:
          - {{key: way_there, kind: one, text: {both("How?")}, choices: [{WAYS}]}}
          - {{key: why_car, kind: open, ask_if: {{way_there: [car]}}, text: {both("What makes it a car?")}}}
  - {{key: oldest, compute: "max(${{age}})"}}
  - {{key: way, kind: one, text: {both("How do they come to school on most days?")}, choices: [{WAYS}]}}
  - {{key: late, kind: yesno, ask_if: {{way: [bus]}}, text: {both("Late?")}}}
  - {{key: a_key_that_is_very_long_indeed_and_longer, kind: number, min: 1, max: 90, ask_if: {{late: [yes]}}, text: {both("How late?")}}}
  - {{key: gas, kind: scale, ask_if: {{way: [car]}}, text: {both("Hard to pay?")}, choices: [{WAYS}]}}
  - {{key: safe, kind: open, ask_if: {{way: [walk]}}, text: {both("What feels unsafe, if anything?")}}}
  - {{quota: walkers, most: 50, ask_if: "${{way}} = 'walk' and ${{oldest}} > 10 and selected(${{way}}, 'walk') or false()"}}
  - group: mixed
    order: random
    questions:
      - {{key: one, kind: rank, text: {both("Order?")}, choices: [{WAYS}]}}
      - {{key: two, kind: many, pick: 2, show: 3, shuffle: yes, text: {both("Which?")}, choices: [{WAYS}]}}
  - {{key: only_b, kind: open, ask_if: {{wording: [b]}}, text: {both("B?")}}}
  - {{key: bye, note: {both("Nearly all.")}, ask_if: {{late: [no]}}}}
  - {{key: more, kind: open, text: {both("Anything else? " * 30)}}}
""")


def placed(made, language):
    drawing = Drawing(language, False)
    drawing.steps(flow(made, language), 28, 0, 744)
    return drawing


def boxes(drawing):
    return [(x, y, x + card.width, y + card.height) for card, x, y in drawing.cards]


SURVEYS = [EVERYTHING, *map(library, LIBRARY)]


@pytest.mark.parametrize("made", SURVEYS, ids=lambda made: made.key)
def test_nothing_lies_on_anything_else(made):
    for language in made.languages:
        drawing = placed(made, language)
        for (ax, ay, bx, by), (cx, cy, dx, dy) in combinations(boxes(drawing), 2):
            assert bx <= cx or dx <= ax or by <= cy or dy <= ay
        for x, y, right, bottom in boxes(drawing):
            for points, _ in drawing.lines:
                for (ax, ay), (bx, by) in pairwise(points):
                    assert not (min(ax, bx) < right - 1 and max(ax, bx) > x + 1
                                and min(ay, by) < bottom - 1 and max(ay, by) > y + 1)  # fmt: skip
            for lines, middle, top in drawing.labels:
                half = max(width(line, 12.5) for line in lines) / 2 if lines else 0
                assert not (middle - half < right and middle + half > x and top < bottom and top + 10 > y)


@pytest.mark.parametrize("made", SURVEYS, ids=lambda made: made.key)
def test_everything_is_inside_and_the_picture_is_well_formed(made):
    for language in made.languages:
        root = ET.fromstring(draw(made, language))
        _, _, wide, high = map(float, root.attrib["viewBox"].split())
        for text in root.iter("{http://www.w3.org/2000/svg}text"):
            x, y, long = (
                float(text.attrib["x"]),
                float(text.attrib["y"]),
                width(text.text, float(text.attrib["font-size"])),
            )
            rtl = text.attrib.get("direction") == "rtl"
            anchor = text.attrib.get("text-anchor", "start")
            left = x - long / 2 if anchor == "middle" else x - long if (anchor == "end") != rtl else x
            assert left >= -1, text.text
            assert left + long <= wide + 1, text.text
            assert 0 < y < high
        for box in root.iter("{http://www.w3.org/2000/svg}rect"):
            assert float(box.attrib.get("x", 0)) + float(box.attrib["width"]) <= wide + 0.1


@pytest.mark.parametrize("made", SURVEYS, ids=lambda made: made.key)
def test_every_question_is_drawn_once(made):
    drawn = [card.number for card, _, _ in placed(made, made.source).cards if card.number]
    assert sorted(drawn) == list(range(1, len(made.questions) + 1))


def test_ways_that_nobody_can_both_go_stand_side_by_side():
    hard, fork, *_ = flow(library("getting-to-school"), "en")

    assert isinstance(hard, Step)
    assert isinstance(fork, Fork)
    assert [way.label for way in fork.ways] == ["1: A little hard / Very hard", "1: Not hard"]


def test_what_only_some_are_asked_has_a_way_past_it():
    made = survey(f"""
  - {{key: late, kind: yesno, text: {both("Late?")}}}
  - {{key: days, kind: number, min: 0, max: 9, ask_if: {{late: [yes]}}, text: {both("Days?")}}}
  - {{key: many, kind: open, ask_if: {{days: {{min: 3}}}}, text: {both("What?")}}}
  - {{key: end, kind: open, text: {both("End?")}}}
""")
    _, fork, _ = flow(made, "en")

    assert [(way.label, len(way.steps)) for way in fork.ways] == [("1: Yes", 2), ("1: No", 0)]
    inner = fork.ways[0].steps[1]
    assert [way.label for way in inner.ways] == ["2: 3 or more", "otherwise"]


def test_groups_say_how_often_they_come_round():
    parts = flow(EVERYTHING, "en")
    groups = [part for part in parts if isinstance(part, Group)]

    assert [(group.key, group.told, group.repeated) for group in groups] == [
        ("each_child", "${kids} times", True),
        ("mixed", "in random order", False),
    ]


def test_a_picture_can_be_heard():
    root = ET.fromstring(draw(library("getting-to-school"), "en"))
    told = {part: root.find(f"{{http://www.w3.org/2000/svg}}{part}").text for part in ("title", "desc")}

    assert (root.attrib["role"], root.attrib["aria-labelledby"]) == ("img", "title desc")
    assert told["title"] == "Getting to school"
    assert "1, hard (scale): In the last 2 weeks" in told["desc"]
    assert "Choices: Not hard; A little hard; Very hard." in told["desc"]
    assert "Asked only of some." in told["desc"]


def test_arabic_starts_from_the_right_and_what_is_not_arabic_does_not():
    picture = draw(library("getting-to-school"), "ar")

    assert 'direction="rtl">هل' in picture or 'direction="rtl">خلال' in picture
    assert 'direction="rtl">hard' not in picture


def test_words_of_a_survey_cannot_become_markup():
    made = survey(f"  - {{key: q, kind: open, text: {both('<script>alert(1)</script> & more')}}}\n")
    assert "<script" not in draw(made)


def test_it_is_drawn_for_light_and_dark():
    assert "prefers-color-scheme: dark" in draw(EVERYTHING)


def test_a_language_that_is_not_there_is_refused():
    with pytest.raises(LookupError, match="not in xx"):
        draw(EVERYTHING, "xx")


@pytest.mark.parametrize(
    "text", ["Supercalifragilisticexpialidocious" * 4, "学校上学远不远" * 20, "a b c " * 50, "हिन्दी " * 30]
)
def test_lines_fit_and_nothing_is_lost(text):
    lines = wrapped(text, 120, 14)

    assert all(width(line, 14) <= 120 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_chinese_line_does_not_begin_with_a_full_stop():
    lines = wrapped("你的孩子今天怎么来上学的呢，是走路吗？请告诉我们。", 100, 14)
    assert not any(line[0] in "，。？" for line in lines)


def test_the_picture_in_the_docs_is_the_survey_that_we_have():
    kept = Path(__file__).parent.parent / "docs/images/getting-to-school.svg"
    assert kept.read_text("utf-8") == draw(library("getting-to-school")), (
        "run: openline survey draw getting-to-school --out docs/images/getting-to-school.svg"
    )
