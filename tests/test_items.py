"""What people chose: hand-computed figures, an attacker who has every shown number, the command, the page."""

from __future__ import annotations

import asyncio
import csv
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import count
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

import survey_flows
from analysis.amounts import bands, middle
from analysis.conceal import ALL, TOTAL, conceal
from analysis.item_report import HEADINGS, NEVER_ADDED, as_text, rows, to_json
from analysis.items import TOP, Choice, Given, Item, Results
from analysis.suppress import SPREAD, Count
from analysis.tally import reckon
from bot import staff
from bot.anonymity import cut
from bot.app import opened
from bot.items import APART, gather
from bot.settings import Settings
from bot.store import staff as staff_rows
from bot.store.staff import Member
from bot.store.tables import addresses, answers, conversations, people
from bot.web.app import create


def choices(*keys, apart=()):
    return tuple(Choice(key, key.title(), key in apart) for key in keys)


SCALE = Item("listen", "Do adults listen?", "scale", choices("never", "seldom", "often", "always"))
YES_NO = Item("knew", "Did you know?", "yesno", choices("yes", "no"))
LIST = Item("stops", "What stops you?", "many", choices("cost", "time", "ride", "none"), none="none")


def said(item, *values, first=0, groups=None, **more):
    """One answer of one person each."""
    return [
        Given(f"p{first + n}", item.key, value, groups=groups or {}, **more) for n, value in enumerate(values)
    ]


def of(item, given, **how):
    return reckon([item], given, **how)[0]


def counts(result):
    return {share.key: share.count for share in result.shares}


# --- figures ---


def test_a_share_is_of_those_who_answered_that_question_with_wilson_s_interval():
    # 81 of 263: Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    result = of(YES_NO, said(YES_NO, *[True] * 81, *[False] * 182))

    yes = result.shares[0]
    assert (yes.count, yes.of, yes.share) == (81, 263, 81 / 263)
    assert (round(yes.low, 4), round(yes.high, 4)) == (0.2553, 0.3662)
    assert (result.answered, result.counted, result.base) == (263, 263, "counted")


def test_the_last_understood_answer_of_a_person_counts():
    first = said(YES_NO, *[True] * 40)
    then = said(YES_NO, *[False] * 15)  # p0 to p14 thought again
    unclear = said(YES_NO, *[None] * 20)  # and these wrote something else, which takes nothing back

    result = of(YES_NO, [*first, *then, *unclear])

    assert counts(result) == {"yes": 25, "no": 15}
    assert result.passed is None


def test_who_goes_back_and_passes_over_takes_the_answer_back():
    given = [
        *said(YES_NO, *[True] * 15, *[False] * 30),
        *said(YES_NO, *[None] * 12, first=15, missing="skipped"),
    ]

    result = of(YES_NO, given)

    assert counts(result) == {"yes": 15, "no": 18}
    assert (result.counted, result.passed) == (33, 12)


def test_ways_out_are_no_part_of_the_base_and_are_told_beside_it():
    item = Item("safe", "Safe?", "scale", choices("no", "partly", "yes", "not_sure", apart=["not_sure"]))
    result = of(item, said(item, *["no"] * 10, *["partly"] * 20, *["yes"] * 30, *["not_sure"] * 14))

    assert (result.answered, result.counted) == (74, 60)
    assert [share.share for share in result.shares] == [10 / 60, 20 / 60, 30 / 60]
    assert [(share.key, share.count) for share in result.apart] == [("not_sure", 14)]


def test_a_way_out_that_few_took_takes_the_sum_with_it_and_leaves_the_base():
    item = Item("safe", "Safe?", "scale", choices("no", "yes", "not_sure", apart=["not_sure"]))
    result = of(item, said(item, *["no"] * 10, *["yes"] * 30, *["not_sure"] * 4))

    assert (result.answered, result.counted, result.apart[0].count) == (None, 40, None)


def test_the_top_two_of_a_scale_are_given_from_three_points_on():
    result = of(SCALE, said(SCALE, *["never"] * 10, *["seldom"] * 20, *["often"] * 30, *["always"] * 40))
    two = Item("b", "B?", "scale", choices("low", "high"))

    assert (result.top.count, result.top.share, result.top.label) == (70, 0.7, "Top two: Often or Always")
    assert (round(result.top.low, 3), round(result.top.high, 3)) == (0.604, 0.781)
    assert of(two, said(two, *["low"] * 20, *["high"] * 20)).top is None


def test_the_top_two_are_hidden_where_few_are_below_them():
    result = of(SCALE, said(SCALE, *["never"] * 2, *["seldom"] * 3, *["often"] * 30, *["always"] * 40))

    # 75 - 70 would tell of the 5; of the points themselves, one more has to go with the two.
    assert result.top.count is None
    assert counts(result) == {"never": None, "seldom": None, "often": None, "always": 40}


def test_people_pick_any_number_from_a_list_and_none_is_an_answer():
    given = said(LIST, *[["cost", "time"]] * 20, *[["time", "time"]] * 10, *[[]] * 15)
    result = of(LIST, given)

    assert counts(result) == {"cost": 20, "time": 30, "ride": None, "none": 15}
    assert [share.of for share in result.shares if share.count] == [45, 45, 45]


def test_a_list_of_which_each_sees_a_part_is_told_of_those_who_saw_it():
    item = Item(
        "matter", "Which?", "many", choices("bus", "walk", "care", "none"), none="none", pick=2, lots=True
    )
    given = said(item, *[["bus"]] * 20, *[["walk"]] * 20, shown=frozenset({"bus", "walk", "none"}))
    given += said(item, *[["walk"]] * 10, *[[]] * 30, first=40, shown=frozenset({"walk", "care", "none"}))

    known = of(item, given)
    unknown = of(item, [*given, *said(item, ["bus"], first=90)])

    assert known.base == "shown"
    assert [(s.key, s.count, s.of) for s in known.shares if s.count] == [
        ("bus", 20, 40),
        ("walk", 30, 80),
        ("none", 30, 80),
    ]
    assert unknown.base == "asked"
    assert next(s for s in unknown.shares if s.key == "bus").of == 81


def test_a_choice_that_fewer_than_twenty_saw_is_hidden():
    item = Item("matter", "Which?", "many", choices("bus", "walk", "none"), none="none", lots=True)
    given = said(item, *[["bus"]] * 15, *[[]] * 4, shown=frozenset({"bus", "none"}))
    given += said(item, *[["walk"]] * 15, *[[]] * 25, first=40, shown=frozenset({"walk", "none"}))

    assert counts(of(item, given)) == {"bus": None, "walk": 15, "none": 29}


def test_the_middle_of_numbers_and_bands_that_each_hold_enough():
    values = [0] * 20 + [1] * 15 + [2] * 12 + [3] * 6 + [5] * 5 + [20]
    item = Item("days", "How many days?", "number", least=0)
    result = of(item, said(item, *values))

    # 59 values: the 15.5th, 30th and 44.5th.
    assert (result.middle.low, result.middle.median, result.middle.high) == (0, 1, 2)
    assert [(band.label, band.count) for band in result.bands] == [
        ("0", 20),
        ("1", 15),
        ("2", 12),
        ("3 or more", 12),
    ]
    assert middle([3] * 9) is None


def test_no_band_tells_the_least_or_the_largest_number():
    assert [band.label for band in bands([7, 8, 9, 10] * 10)] == ["7 or fewer", "8", "9", "10 or more"]
    assert [band.label for band in bands([0.5] * 12 + [1.5] * 12)] == ["under 1", "1 or more"]
    assert [band.label for band in bands([4] * 30)] == ["any"]


@given(st.lists(st.integers(0, 300), min_size=10, max_size=80))
@settings(max_examples=100, deadline=None)
def test_every_number_is_in_one_band_and_every_band_holds_enough(values):
    found = bands(values, least=0)

    assert all(sum(band.holds(value) for band in found) == 1 for value in values)
    assert all(sum(band.holds(value) for value in values) >= 10 for band in found)


def test_a_ranking_gives_who_put_it_first_and_the_mean_place():
    item = Item("order", "In which order?", "rank", choices("bus", "walk", "care"))
    orders = [["bus", "walk", "care"]] * 20 + [["walk", "bus", "care"]] * 10 + [["care", "bus", "walk"]] * 10

    result = of(item, said(item, *orders))

    assert [(s.key, s.count, s.mean) for s in result.shares] == [
        ("bus", 20, 1.5),
        ("walk", 10, 2.0),
        ("care", 10, 2.5),
    ]


def test_of_two_the_mean_place_would_tell_who_put_it_first():
    item = Item("order", "In which order?", "rank", choices("bus", "walk"))

    result = of(item, said(item, *[["bus", "walk"]] * 30, *[["walk", "bus"]] * 4))

    assert [(s.count, s.mean) for s in result.shares] == [(None, None), (None, None)]


def test_fewer_than_ten_answers_are_hidden_whole():
    result = of(SCALE, said(SCALE, *["often"] * 9))

    assert (result.answered, result.counted, result.top, result.groups) == (None, None, None, {})
    assert set(counts(result).values()) == {None}


def test_the_operator_may_set_a_higher_limit():
    given = said(YES_NO, *[True] * 15, *[False] * 30)

    assert counts(of(YES_NO, given)) == {"yes": 15, "no": 30}
    assert counts(of(YES_NO, given, minimum=20)) == {"yes": None, "no": None}


# --- groups ---


def at(school, *values, item=SCALE, first=0):
    return said(item, *values, first=first, groups={"school": school})


def test_groups_add_up_and_people_without_one_are_a_group():
    given = at("Oak", *["often"] * 20, *["never"] * 20) + said(
        SCALE, *["often"] * 15, *["never"] * 15, first=100
    )

    groups = of(SCALE, given).groups["school"]

    assert {name: part.counted for name, part in groups.items()} == {"Oak": 40, "unknown": 30}


def test_hidden_groups_stand_in_the_order_of_their_names():
    given = (
        at("Oak", *["often"] * 40)
        + at("Elm", *["often"] * 3, first=100)
        + at("Ash", *["often"] * 9, first=200)
    )

    assert list(of(SCALE, given).groups["school"]) == ["Oak", "Ash", "Elm"]


def test_a_school_s_few_are_not_given_away_by_the_total():
    item = Item("ride", "Which?", "one", choices("bus", "car"))
    given = at("Oak", *["bus"] * 15, *["car"] * 25, item=item) + at(
        "Elm", *["bus"] * 14, *["car"] * 20, item=item, first=100
    )
    given += at("Ash", *["bus"] * 4, *["car"] * 30, item=item, first=200)

    result = of(item, given)

    bus = {name: part.shares["bus"].count for name, part in result.groups["school"].items()}
    assert counts(result) == {"bus": 33, "car": 75}
    assert bus == {"Oak": 15, "Elm": None, "Ash": None}


ROWS = ("never", "seldom", "often", "always")


def shown_of(result):
    """Every number that is shown, as an attacker writes them down."""
    seen = {(ALL, TOTAL): result.counted} | {(ALL, s.key): s.count for s in result.shares}
    seen |= {(ALL, TOP): result.top.count} if result.top else {}
    for dimension, parts in result.groups.items():
        for value, part in parts.items():
            seen[(dimension, value), TOTAL] = part.counted
            seen |= {((dimension, value), key): share.count for key, share in part.shares.items()}
    return seen


def equations(seen):
    """What the attacker knows to add up, each as {cell: sign}, with the shown numbers put in: (unknown, what is left)."""
    groups = sorted({group for group, _ in seen if group != ALL})
    sums = []
    for group in (ALL, *groups):
        sums.append(((group, TOTAL), [(group, row) for row in ROWS]))
        sums.append(((group, TOP), [(group, row) for row in ROWS[2:]]))
    for row in (*ROWS, TOTAL, TOP):
        for dimension in {group[0] for group in groups}:
            sums.append(((ALL, row), [(group, row) for group in groups if group[0] == dimension]))
    made = []
    for whole, kids in sums:
        unknown, left = {}, 0
        for cell, sign in ((whole, -1), *((kid, 1) for kid in kids)):
            if seen.get(cell) is None:
                unknown[cell] = sign
            else:
                left -= sign * seen[cell]
        if unknown:
            made.append((unknown, left))
    return made


def narrowed(low, high, made):
    """Bounds drawn tight until they stand still; None where nothing fits."""
    low, high = dict(low), dict(high)
    moved = True
    while moved:
        moved = False
        for unknown, left in made:
            for cell, sign in unknown.items():
                least = sum(s * (low if s > 0 else high)[c] for c, s in unknown.items() if c != cell)
                most = sum(s * (high if s > 0 else low)[c] for c, s in unknown.items() if c != cell)
                one, other = sorted(((left - least) * sign, (left - most) * sign))
                if one > low[cell] or other < high[cell]:
                    low[cell], high[cell] = max(low[cell], one), min(high[cell], other)
                    moved = True
                if low[cell] > high[cell]:
                    return None
    return low, high


def possible(low, high, made, true, tries):
    """Whether any table of whole numbers fits, looked for near the true one first."""
    bounds = narrowed(low, high, made)
    if bounds is None or next(tries) > 3000:
        return False
    low, high = bounds
    open_ = [cell for cell in low if low[cell] < high[cell]]
    if not open_:
        return True
    cell = min(open_, key=lambda c: (high[c] - low[c], str(c)))
    near = sorted(range(low[cell], high[cell] + 1), key=lambda value: abs(value - true[cell]))
    return any(possible(low | {cell: v}, high | {cell: v}, made, true, tries) for v in near)


def leeway(seen, true):
    """How many values, up to SPREAD more than one, each hidden number could have for who has all the shown ones."""
    made = equations(seen)
    unknown = {cell for cells, _ in made for cell in cells}
    low, high = dict.fromkeys(unknown, 0), dict.fromkeys(unknown, seen[ALL, TOTAL])
    found = {}
    for cell in unknown:
        found[cell] = 0
        for way in (1, -1):
            for step in range(1, SPREAD + 1):
                value = true[cell] + way * step
                if value < 0 or not possible(low | {cell: value}, high | {cell: value}, made, true, count()):
                    break
                found[cell] += 1
    return found


def truth(given):
    true = Counter()
    for one in given:
        for group in (ALL, *one.groups.items()):
            keys = (one.value, TOTAL, *((TOP,) if one.value in ROWS[2:] else ()))
            true.update((group, key) for key in keys)
    return true


SMALL = st.lists(st.lists(st.integers(0, 24), min_size=4, max_size=4), min_size=2, max_size=4)


@given(SMALL)
@settings(max_examples=60, deadline=None)
def test_no_hidden_number_of_a_table_can_be_solved_for(table):
    number = count()
    given = [
        Given(f"p{next(number)}", "listen", key, groups={"school": f"s{at}"})
        for at, row in enumerate(table)
        for key, people in zip(ROWS, row, strict=True)
        for _ in range(people)
    ]
    result = of(SCALE, given)
    seen, true = shown_of(result), truth(given)

    assert all(true[cell] == shown for cell, shown in seen.items() if shown is not None)
    assert all(shown >= 10 for shown in seen.values() if shown is not None)
    if result.counted is None:
        return
    # The attacker need not guess how many answered a question at a school that is hidden: the sums are all known.
    tight = {cell: room for cell, room in leeway(seen, true).items() if room < SPREAD}
    assert not tight, (seen, tight)


def test_a_ring_of_tens_and_zeros_that_each_sum_would_let_pass_is_broken():
    # Each sum of hidden cells is 10 or more, and still only one table fits, since nothing falls below nothing.
    table = {
        "a": {"never": 10, "seldom": 0, "often": 30}, "b": {"never": 10, "often": 0, "seldom": 30},
        "c": {"seldom": 10, "often": 10, "never": 30},
    }  # fmt: skip
    given = [
        Given(f"{school}{key}{n}", "listen", key, groups={"school": school})
        for school, row in table.items()
        for key, people in row.items()
        for n in range(people)
    ]
    item = Item("listen", "?", "one", choices("never", "seldom", "often"))
    cells = {(ALL, TOTAL): Count(130)}
    for row in item.choices:
        cells[ALL, row.key] = Count(sum(school[row.key] for school in table.values()), 130)
    for name, row in table.items():
        size = sum(row.values())
        cells[("school", name), TOTAL] = Count(size)
        cells |= {(("school", name), key): Count(people, size) for key, people in row.items()}

    ring = {
        (("school", s), k)
        for s, k in [
            ("a", "never"),
            ("a", "seldom"),
            ("b", "never"),
            ("b", "often"),
            ("c", "seldom"),
            ("c", "often"),
        ]
    }
    hidden = conceal(cells, {TOTAL: ("never", "seldom", "often")}, also=ring)

    assert hidden > ring
    assert of(item, given).counted == 130


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 3)), min_size=20, max_size=160)
)
@settings(max_examples=80, deadline=None)
def test_no_hidden_number_follows_by_algebra_across_schools_districts_and_languages(rows_):
    import numpy as np

    given = [
        Given(
            str(n),
            "listen",
            ROWS[c],
            groups={"school": f"s{a}", "district": f"d{a // 2}", "language": f"l{b}"},
        )
        for n, (a, b, c) in enumerate(rows_)
    ]
    result = of(SCALE, given)
    if result.counted is None:
        return
    seen = shown_of(result)
    made = equations(seen)
    schools = {f"d{a // 2}": {f"s{x}" for x, _, _ in rows_ if x // 2 == a // 2} for a, _, _ in rows_}
    for district, inside in schools.items():
        for row in (*ROWS, TOTAL, TOP):
            unknown, left = {}, 0
            for cell, sign in (
                ((("district", district), row), -1),
                *(((("school", s), row), 1) for s in inside),
            ):
                if seen.get(cell) is None:
                    unknown[cell] = sign
                else:
                    left -= sign * seen[cell]
            made += [(unknown, left)] if unknown else []
    cells = sorted({cell for unknown, _ in made for cell in unknown})
    if not cells:
        return
    matrix = np.array([[unknown.get(cell, 0) for cell in cells] for unknown, _ in made], dtype=float)
    rank = np.linalg.matrix_rank(matrix)
    for n, cell in enumerate(cells):
        alone = np.zeros(len(cells))
        alone[n] = 1
        assert np.linalg.matrix_rank(np.vstack([matrix, alone])) > rank, cell


@given(
    st.lists(
        st.lists(st.sampled_from(["cost", "time", "ride"]), max_size=2, unique=True), min_size=10, max_size=60
    )
)
@settings(max_examples=100, deadline=None)
def test_a_hidden_pick_is_not_narrowed_down_by_how_many_may_be_picked(values):
    item = Item("stops", "?", "many", LIST.choices, none="none", pick=2)
    result = of(item, said(item, *values))

    shown = counts(result)
    gone = [key for key in ("cost", "time", "ride") if shown[key] is None]
    if gone and len(gone) < 3:
        most = 2 * (result.counted - (shown["none"] or 0)) - sum(
            shown[k] or 0 for k in ("cost", "time", "ride")
        )
        assert most >= 10


# --- reports ---


def results(*given):
    return Results("fall", "Fall", 10, reckon([SCALE, YES_NO], given), ("How old is this child?",))


FULL = (*at("Oak", *["never"] * 15, *["seldom"] * 11, *["often"] * 14, *["always"] * 5),
        *at("Elm", *["never"] * 15, *["seldom"] * 12, *["often"] * 12, *["always"] * 2, first=60),
        *said(YES_NO, *[True] * 5))  # fmt: skip


def test_the_text_says_what_is_hidden_and_that_nothing_is_to_be_added_up():
    text = as_text(results(*FULL), 100, "school")

    assert " ".join(NEVER_ADDED.split()) in " ".join(text.split())
    assert "Never" in text
    assert " 35% (26%-45%)     30/86" in text
    assert (
        "Hidden, fewer than 10 or all but a few, or it would give such a number away: Often, Always" in text
    )
    assert "hidden: fewer than 10 answered" in text
    assert "Oak" in text
    assert "How old is this child?" in text
    assert all(len(line) <= 100 for line in text.splitlines())


def test_the_table_has_a_row_for_each_choice_and_says_what_is_hidden():
    table = [dict(zip(HEADINGS, row, strict=True)) for row in rows(results(*FULL))]

    never = next(row for row in table if row["choice"] == "never" and not row["by"])
    always = next(row for row in table if row["choice"] == "always" and not row["by"])
    assert (never["count"], never["counted"], never["hidden"]) == (30, 86, "")
    assert (always["count"], always["share"], always["hidden"]) == (None, None, "yes")
    assert {row["group"] for row in table if row["by"] == "school"} == {"Oak", "Elm"}


def test_json_has_null_for_what_is_hidden():
    found = json.loads(json.dumps(to_json(results(*FULL))))

    assert found["items"][1]["counted"] is None
    assert found["items"][0]["shares"][3]["count"] is None


# --- from the store ---

NOW = datetime(2026, 10, 14, 15, 0, tzinfo=UTC)
FIRST = """
survey: fall
title: Fall
intro: "{school} asks. Reply STOP to end."
questions:
  - key: safe
    kind: scale
    text: How safe is {school}?
    choices: [{key: not_safe, en: Not safe}, {key: a_little, en: A little}, {key: very, en: Very}, {key: not_sure, en: Not sure}]
  - {key: knew, kind: yesno, text: Did you know?}
  - {key: words, kind: open, text: Anything else?}
"""
SECOND = FIRST.replace("How safe is", "How safe do you feel at")


async def told(app, survey_id, question, kind, values, *, language="en", state="complete", place=None):
    """Answers of one new person each."""
    async with app.database.begin() as db:
        for value in values:
            person, talk = uuid4(), app.new_id()
            await db.execute(insert(people).values(
                id=person, respondent="family", language=language, language_by="import", school="Oak", groups={}, created_at=NOW))  # fmt: skip
            await db.execute(insert(conversations).values(
                id=talk, survey_id=survey_id, person_id=person, state=state, started_at=NOW, place=place))  # fmt: skip
            await answer(db, app, survey_id, talk, person, question, kind, value)


async def answer(db, app, survey_id, talk, person, question, kind, value, missing=None):
    await db.execute(insert(answers).values(
        id=app.new_id(), survey_id=survey_id, conversation_id=talk, person_id=person, question=question, kind=kind,
        value=value, heard="…", understood=value is not None or missing is not None, missing=missing, declared="en",
        created_at=NOW))  # fmt: skip


@pytest.fixture
async def app(url, clock, new_id):
    how = Settings(_env_file=None, database_url=url, organization="Lincoln School", start_survey="", secret_key="made up",
                   public_url="https://openline.example")  # fmt: skip
    async with opened(how, clock=clock, new_id=new_id, channels={}) as service:
        yield service


async def publish(app, text):
    async with app.database.begin() as db:
        return await app.shelf.publish(db, survey_flows.loads(text, "test"), NOW, app.new_id)


async def test_answers_to_all_versions_are_counted_under_the_newest_words(app):
    old = await publish(app, FIRST)
    await told(app, old, "safe", "scale", ["not_safe"] * 12 + ["very"] * 15)
    new = await publish(app, SECOND)
    await told(app, new, "safe", "scale", ["very"] * 10 + ["a_little"] * 11 + ["not_sure"] * 12)
    await told(app, new, "knew", "yesno", [True] * 12 + [False] * 14)

    found = await app.results("fall")

    safe, knew = found.items
    assert safe.item.title == "How safe do you feel at Lincoln School?"
    assert "were changed" in safe.item.note
    assert knew.item.note == ""
    assert counts(safe) == {"not_safe": 12, "a_little": 11, "very": 25}
    assert [(share.label, share.count) for share in safe.apart] == [("Not sure", 12)]
    assert [(share.label, share.count) for share in knew.shares] == [("Yes", 12), ("No", 14)]
    assert await app.results("spring") is None


async def test_a_part_drawn_by_lot_is_drawn_again_from_the_conversation(app):
    survey = survey_flows.library("rank-all")
    id_ = await publish(app, survey.text)
    place = survey_flows.begin(survey, "en", {"school": "Lincoln School"}, seed=7).place
    await told(app, id_, "matter", "many", [[]] * 25, place=place.to_json())

    result = (await app.results("rank-all")).items[0]

    saw = survey_flows.ask(survey, place, {"school": "Lincoln School"}).text
    assert result.base == "shown"
    async with app.database.read() as db:
        _, given_, _ = await gather(db, app.shelf, "rank-all", "Lincoln School")
    labels = {choice.key: choice.label for choice in result.item.choices}
    assert len(given_[0].shown) == 6
    assert all(labels[key] in saw for key in given_[0].shown)


async def test_an_answer_that_was_thought_over_stays_so_when_it_is_cut_from_the_person(app):
    id_ = await publish(app, FIRST.replace("title: Fall", "title: Fall\nanonymous: yes"))
    async with app.database.begin() as db:
        for _ in range(20):
            person, talk, address = uuid4(), app.new_id(), uuid4()
            await db.execute(insert(people).values(
                id=person, respondent="staff", language="en", language_by="import", groups={}, created_at=NOW))  # fmt: skip
            await db.execute(insert(addresses).values(
                id=address, person_id=person, channel="sms", address=str(address), created_at=NOW))  # fmt: skip
            await db.execute(insert(conversations).values(
                id=talk, survey_id=id_, person_id=person, address_id=address, state="complete", started_at=NOW))  # fmt: skip
            await answer(db, app, id_, talk, person, "safe", "scale", "very")
            await answer(db, app, id_, talk, person, "safe", "scale", "not_safe")
    assert await cut(app.database, NOW + timedelta(days=1), app.new_id) == 20

    async with app.database.read() as db:
        _, rows_, _ = await gather(db, app.shelf, "fall", "Lincoln School")

    last = {one.person: one.value for one in rows_}
    assert list(last.values()) == ["not_safe"] * 20
    assert {one.groups["respondent"] for one in rows_} == {"staff"}


async def test_what_is_asked_about_each_child_is_not_told_in_percents_of_people(app):
    await publish(app, """
survey: fall
title: Fall
intro: "{school} asks. Reply STOP to end."
questions:
  - {key: knew, kind: yesno, text: Did you know?}
  - group: child
    repeat: 2
    questions:
      - {key: rides, kind: yesno, text: Does this child ride the bus?}
""")  # fmt: skip

    found = await app.results("fall")

    assert [result.item.key for result in found.items] == ["knew"]
    assert found.left_out == ("Does this child ride the bus?",)


def test_every_way_out_of_the_library_is_left_out_only_where_it_stands_last():
    from bot.items import item

    out = {
        (key, question.key, choice.key)
        for key in survey_flows.LIBRARY
        for question in survey_flows.library(key).questions
        if question.kind in ("one", "scale")
        for choice in item([(survey_flows.library(key), question)], {}).choices
        if choice.apart
    }

    assert out == {
        ("attend-student", "learning", "not_sure"), ("care-family", "care", "not_needed"),
        ("courses-student", "talked", "not_sure"), ("fair-student", "listen", "not_sure"),
        ("missed-all", "covered", "not_seen"), ("results-all", "help", "not_sure"),
        ("services-family", "getting", "not_sure"), ("services-family", "ideas", "no_meeting"),
        ("transport-family", "safe", "not_sure"), ("welcome-family", "hear_back", "not_shared"),
        ("welcome-family", "reach", "not_tried"),
    }  # fmt: skip
    assert {key for _, _, key in out} <= APART


# --- the page and the command ---


@pytest.fixture
async def browser(app):
    ines = Member(uuid4(), "ines@riverbend.example", "Ines", None)
    async with app.database.begin() as db:
        await staff_rows.insert_member(db, ines, app.clock())
        await staff_rows.give_role(db, ines.id, "organizer", None, app.clock())
        session = await staff.open_session(db, app.clock(), ines, timedelta(days=1))
    transport = httpx.ASGITransport(app=create(app))
    cookies = {"__Host-openline": session.token}
    async with httpx.AsyncClient(
        transport=transport, base_url="https://openline.example", cookies=cookies
    ) as client:
        yield client


async def filled(app) -> UUID:
    id_ = await publish(app, FIRST)
    await told(app, id_, "safe", "scale", ["not_safe"] * 12 + ["a_little"] * 15 + ["very"] * 23)
    await told(
        app, id_, "safe", "scale", ["not_safe"] * 13 + ["a_little"] * 15 + ["very"] * 22, language="es"
    )
    await told(app, id_, "knew", "yesno", [True] * 4)
    return id_


async def counted(app, browser, address):
    """The page, once what it shows has been counted."""
    await browser.get(address)
    await app.at_hand.settled()
    return await browser.get(address)


async def test_the_page_shows_each_question_its_bars_and_what_is_hidden(app, browser):
    await filled(app)

    page = await counted(app, browser, "/surveys/fall/items?by=language")

    assert page.status_code == 200
    assert "How safe is Lincoln School?" in page.text
    assert "100 people are counted" in page.text
    assert "Hidden, because fewer than 10 people answered." in page.text
    assert page.text.count('class="drawn"') == 4
    assert "Spanish<small>50</small>" in page.text
    assert 'aria-current="true">By language' in page.text


async def test_a_page_that_is_not_there_says_so_and_a_stranger_sees_none(app, browser):
    await filled(app)

    assert (await browser.get("/surveys/spring/items")).status_code == 404
    assert (await counted(app, browser, "/surveys/fall/items?by=shoe")).status_code == 404
    browser.cookies.clear()
    assert (await browser.get("/surveys/fall/items")).status_code == 303


async def test_what_takes_long_to_count_is_counted_beside_the_page_which_says_of_when_it_is(
    app, browser, clock, monkeypatch
):
    await filled(app)
    reckoned, go_on, calls = type(app).results, asyncio.Event(), []

    async def slowly(self, survey):
        calls.append(survey)
        await go_on.wait()
        return await reckoned(self, survey)

    monkeypatch.setattr(type(app), "results", slowly)
    first = await browser.get("/surveys/fall/items?by=language")
    assert "These numbers are being counted" in first.text
    assert 'href="/surveys/fall/items?by=language"' in first.text  # "Look again" leads back here

    go_on.set()
    await app.at_hand.settled()
    then = await browser.get("/surveys/fall/items")
    again = await browser.get("/surveys/fall/items")

    assert "100 people are counted" in then.text
    assert "Last counted" in then.text
    assert then.text == again.text
    assert calls == ["fall"]  # it took long, so it is not counted again for each page


async def test_the_findings_lead_to_the_items(app, browser):
    await filled(app)

    assert 'href="/surveys/fall/items"' in (await counted(app, browser, "/findings/fall")).text


async def test_the_command_prints_writes_and_says_what_it_does_not_know(app, tmp_path, monkeypatch):
    import asyncio

    from typer.testing import CliRunner

    from bot.cli import Problem
    from bot.cli import app as command

    await filled(app)
    monkeypatch.setenv("OPENLINE_DATABASE_URL", app.settings.database_url)
    monkeypatch.setenv("OPENLINE_START_SURVEY", "")

    async def run(*words):
        return await asyncio.to_thread(CliRunner().invoke, command, ["results", *words])

    text = await run("fall", "--by", "language")
    as_json = await run("fall", "--json", "--csv", str(tmp_path / "out.csv"))
    unknown, wrong = await run("spring"), await run("fall", "--by", "shoe")

    assert text.exit_code == 0, text.output
    assert "25% (18%-34%)" in text.output
    assert "not to be added up" in " ".join(text.output.split())
    assert json.loads(as_json.stdout)["items"][0]["counted"] == 100
    table = list(csv.DictReader(StringIO((tmp_path / "out.csv").read_text(encoding="utf-8-sig"))))
    assert [row["count"] for row in table if row["question"] == "safe" and not row["by"]] == [
        "25",
        "30",
        "45",
        "75",
        "",
    ]
    assert isinstance(unknown.exception, Problem)
    assert "fall" in str(unknown.exception)
    assert "language" in str(wrong.exception)


def test_no_cell_of_the_table_is_a_formula(tmp_path):
    from bot.cli.results import write

    evil = Item("x", "=HYPERLINK(1)", "yesno", choices("yes", "no"))
    write(
        Results("fall", "Fall", 10, reckon([evil], said(evil, *[True] * 20, *[False] * 20))),
        tmp_path / "out.csv",
    )

    table = list(csv.DictReader(StringIO((tmp_path / "out.csv").read_text(encoding="utf-8-sig"))))
    assert {row["title"] for row in table} == {"'=HYPERLINK(1)"}
