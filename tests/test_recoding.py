"""Themes that become one or several, what becomes of people's codings, and the difference that it makes."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import codebook, recoding
from analysis.codebook import Codebook, CodebookError, Theme, files
from analysis.codebook.changes import compare
from analysis.codebook.editing import Part, added, merged, split
from analysis.recoding import difference, moved


def theme(code: str, label: str = "", **more: object) -> Theme:
    parent = code.partition(".")[0] if "." in code else None
    given = {"definition": "what it means", "include": "", "exclude": "", "kind": "barrier", **more}
    return Theme(code, parent, label or code, **given)


COST = theme(
    "road.cost",
    "The trip costs too much",
    definition="Money for the trip is named.",
    include="Gas money",
    exclude="No car: road.ride.",
    examples={
        "en": ("gas is too expensive", "cant pay the bus pass", "no money for the trip"),
        "es": ("no alcanza para la gasolina",),
        "zh-Hans": ("公交卡太贵",),
    },
    cues={"en": ("bus pass", "gas money")},
    flag="transport lead",
    map={"ceds": "1"},
    drafted=frozenset({"es", "zh-Hans"}),
    reach="partners",
)
FARE = theme(
    "road.fare", "Fares", examples={"en": ("the fare went up", "gas is too expensive!")}, reach="school"
)
BOOK = Codebook(
    "roads",
    "3",
    "Roads",
    (theme("road", "The road"), COST, FARE, theme("home", "At home"), theme("home.care", "Caring")),
)  # fmt: skip
GAS = Part("road.gas", "Gas", "Fuel costs too much.", ("gas", "gasolina"))
PASS = Part("road.pass", "Bus pass", words=("pass", "公交卡"))


def test_a_merged_theme_keeps_its_id_and_receives_examples_cues_notes_and_flag():
    new = merged(BOOK, "road.cost", "road.fare")["road.fare"]

    assert (new.label, new.reach, new.flag) == ("Fares", "school", "transport lead")
    assert new.examples["en"] == (*FARE.examples["en"], *COST.examples["en"])
    assert new.examples["es"] == COST.examples["es"]
    assert new.cues == COST.cues
    assert new.include == "The trip costs too much: Money for the trip is named. Gas money."
    assert new.map == {"ceds": "1", "was": "road.cost"}
    assert new.drafted == {"es", "zh-Hans"}


def test_people_s_codings_of_a_merged_theme_follow():
    new = merged(BOOK, "road.cost", "road.fare")

    found = moved(BOOK, new)

    assert found.recode({"road.cost", "home.care"}) == ({"road.fare", "home.care"}, False)
    assert found.recode({"road.cost", "road.fare"}) == ({"road.fare"}, False)
    assert compare(BOOK, new).merged == {"road.fare": ("road.fare", "road.cost")}


def test_a_top_theme_that_has_lost_its_last_theme_goes():
    new = merged(BOOK, "home.care", "road.cost")

    assert [each.id for each in new.tops] == ["road"]
    assert moved(BOOK, new).onto == {"home.care": "road.cost"}


def test_a_split_gives_each_part_the_wordings_that_speak_of_it_and_tells_what_is_left():
    found = split(BOOK, "road.cost", [GAS, PASS])

    gas, card = found.codebook["road.gas"], found.codebook["road.pass"]
    assert gas.examples == {"en": ("gas is too expensive",), "es": ("no alcanza para la gasolina",)}
    assert card.examples == {"en": ("cant pay the bus pass",), "zh-Hans": ("公交卡太贵",)}
    assert (gas.cues, card.cues) == ({"en": ("gas money",)}, {"en": ("bus pass",)})
    assert found.given == {"road.gas": 2, "road.pass": 2}
    assert found.left == {"en": ("no money for the trip",)}
    assert (gas.reach, gas.flag, gas.kind, gas.map) == (
        "partners",
        "transport lead",
        "barrier",
        {"ceds": "1", "was": "road.cost"},
    )
    assert found.codebook.codes == ("road.gas", "road.pass", "road.fare", "home.care")


def test_replies_of_a_split_theme_are_read_again_and_their_other_themes_stay():
    new = split(BOOK, "road.cost", [GAS, PASS]).codebook

    assert moved(BOOK, new).recode({"road.cost", "home.care"}) == ({"road.cost", "home.care"}, True)
    assert moved(BOOK, new).recode({"home.care"}) == ({"home.care"}, False)


def test_what_fits_no_part_stays_with_the_part_of_the_old_id():
    found = split(BOOK, "road.cost", [Part("road.cost", ""), PASS])

    rest = found.codebook["road.cost"]
    assert rest.label == COST.label
    assert rest.examples["en"] == ("gas is too expensive", "no money for the trip")
    assert rest.map == {"ceds": "1"}
    assert found.left == {}
    assert moved(BOOK, found.codebook).again == {"road.cost"}


def test_a_split_is_told_once_and_not_with_every_later_version():
    after = split(BOOK, "road.cost", [Part("road.cost", ""), PASS]).codebook
    later = replace(after, version="5", title="Roads and ways")

    assert not moved(after, later)
    assert moved(BOOK, later).again == {"road.cost"}


def test_what_was_split_off_can_be_merged_back():
    after = split(BOOK, "road.cost", [Part("road.cost", ""), PASS]).codebook
    one_way, other_way = merged(after, "road.pass", "road.cost"), merged(after, "road.cost", "road.pass")

    assert moved(after, one_way).onto == {"road.pass": "road.cost"}
    assert moved(after, other_way).onto == {"road.cost": "road.pass"}
    assert moved(BOOK, one_way).onto == {}
    assert moved(BOOK, other_way).onto == {"road.cost": "road.pass"}


def test_who_skips_a_version_still_learns_where_everything_went():
    second = merged(BOOK, "road.cost", "road.fare")
    third = merged(second, "road.fare", "home.care")

    assert moved(BOOK, third).onto == {"road.cost": "home.care", "road.fare": "home.care"}


def test_what_is_stated_goes_before_what_ids_say():
    without = replace(BOOK, themes=tuple(each for each in BOOK if each is not COST))

    assert moved(BOOK, without).again == {"road.cost"}
    assert moved(BOOK, without, merges={"road.cost": "home.care"}).onto == {"road.cost": "home.care"}
    assert moved(BOOK, BOOK, splits={"road.cost": ("road.cost", "road.fare")}).again == {"road.cost"}


@pytest.mark.parametrize("kind", ["yaml", "csv", "qdc"])
def test_the_record_of_changes_travels_in_every_form(kind):
    new = merged(split(BOOK, "road.cost", [GAS, PASS]).codebook, "home.care", "road.fare")

    back = files.read(files.write(new, kind), "roads").codebook

    assert moved(BOOK, back) == moved(BOOK, new)
    assert moved(BOOK, back).onto == {"home.care": "road.fare"}
    assert moved(BOOK, back).again == {"road.cost"}


def test_a_new_theme_stands_last_under_its_top_theme():
    assert added(BOOK, theme("road.mud")).codes == ("road.cost", "road.fare", "road.mud", "home.care")
    assert added(BOOK, theme("sea")).themes[-1].id == "sea"
    for wrong in (theme("road.cost"), theme("sea.salt")):
        with pytest.raises(CodebookError):
            added(BOOK, wrong)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda: merged(BOOK, "road.gas", "road.fare"), "no such theme"),
        (lambda: merged(BOOK, "road.cost", "home"), "Name one of those under it: home.care"),
        (lambda: merged(BOOK, "road.cost", "road.cost"), "into itself"),
        (lambda: split(BOOK, "road.cost", [GAS]), "two parts or more"),
        (lambda: split(BOOK, "road.cost", [GAS, GAS]), "each once"),
        (lambda: split(BOOK, "road.cost", [GAS, Part("road.fare", "Fare")]), "used already"),
        (lambda: split(BOOK, "road.cost", [GAS, Part("home.pass", "Pass")]), "does not lie under road"),
    ],
)
def test_a_change_that_cannot_be_made_says_why(change, told):
    with pytest.raises(CodebookError, match=told):
        change()


BUNDLED = codebook.load()


@settings(deadline=None, max_examples=8)
@given(st.data())
def test_no_change_of_the_bundled_codebook_loses_a_wording_or_a_code(data):
    gone, into = data.draw(st.permutations(BUNDLED.codes))[:2]

    new = merged(BUNDLED, gone, into)

    def wordings(book, what):
        return {
            (language, text.casefold())
            for each in book
            for language, texts in getattr(each, what).items()
            for text in texts
        }

    for what in ("examples", "cues"):
        assert wordings(new, what) == wordings(BUNDLED, what)
    assert {moved(BUNDLED, new).onto.get(code, code) for code in BUNDLED.codes} == set(new.codes)
    assert files.read(files.write(new, "yaml"), "book.yaml").codebook.themes == new.themes


# --- the difference ---

SETS = st.frozensets(st.sampled_from(["road.cost", "road.fare", "home.care", "gone.old"]))


@settings(deadline=None)
@given(st.dictionaries(st.integers(0, 30), SETS), st.dictionaries(st.integers(0, 30), SETS))
def test_the_difference_adds_up(before, after):
    found = difference(before, after, BOOK)
    both = before.keys() & after.keys()

    assert found.answers == len(both)
    assert found.changed == sum(before[each] != after[each] for each in both)
    for shift in found.shifts:
        assert shift.before == sum(shift.theme in before[each] for each in both)
        assert shift.after == sum(shift.theme in after[each] for each in both)
        assert shift.before + shift.gained - shift.lost == shift.after
    for old, new, number in found.moves:
        assert number == sum(
            (old in before[each] - after[each] if old else not before[each] - after[each])
            and (new in after[each] - before[each] if new else not after[each] - before[each])
            and before[each] != after[each]
            for each in both
        )
    assert difference(before, before, BOOK).moves == ()


def test_the_text_names_themes_old_and_new_and_where_most_went():
    new = split(BOOK, "road.cost", [GAS, PASS]).codebook
    stay = {each: {"home.care"} for each in range(60, 75)}
    before = {each: {"road.cost"} for each in range(60)} | stay
    after = {each: {"road.gas" if each < 40 else "road.pass"} for each in range(60)} | stay

    told = difference(before, after, new, BOOK).as_text().splitlines()

    assert told[0] == "60 of 75 answers have other themes now."
    assert told[1].split() == ["The", "trip", "costs", "too", "much", "60", "→", "0", "+0", "−60"]
    assert told[2].split() == ["Gas", "0", "→", "40", "+40", "−0"]
    assert told[4:] == [
        "Most went",
        "       40  The trip costs too much → Gas",
        "       20  The trip costs too much → Bus pass",
    ]


@settings(deadline=None, max_examples=50)
@given(
    st.dictionaries(st.integers(0, 40), SETS, min_size=20),
    st.dictionaries(st.integers(0, 40), SETS, min_size=20),
)
def test_no_small_number_is_shown(before, after):
    found = difference(before, after, BOOK)
    shown = found.to_json()

    for row in shown["themes"]:
        assert all(
            row[name] in (None, 0) or row[name] >= 10 for name in ("before", "after", "gained", "lost")
        )
    assert all(move["answers"] >= 10 for move in shown["moves"])
    for number in (
        int(word) for word in found.as_text().replace("+", " ").replace("−", " ").split() if word.isdigit()
    ):
        assert number == 0 or number >= 10 or number == found.answers


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.tuples(st.sampled_from(BOOK.codes), st.sampled_from(BOOK.codes), st.integers(1, 30)), max_size=6
    )
)
def test_no_small_number_is_what_one_shown_number_leaves_of_another(groups):
    # Each answer has one theme, so that every number is the sum of its moves.
    pairs = [(old, new) for old, new, number in groups for _ in range(number)]
    before = {at: {old} for at, (old, _) in enumerate(pairs)}
    after = {at: {new} for at, (_, new) in enumerate(pairs)}

    shown = difference(before, after, BOOK).to_json()
    themes = {row["theme"]: row for row in shown["themes"] if row["before"] is not None}
    moves = shown["moves"]

    rests = [row["before"] - row["lost"] for row in themes.values()]
    for name in ("before", "after"):
        rests.append(shown["answers"] - sum(row[name] for row in themes.values()) if themes else 0)
    for code, row in themes.items():
        for way, end in (("lost", "from"), ("gained", "to")):
            if told := sum(move["answers"] for move in moves if move[end] == code):
                rests.append(row[way] - told)
    if shown["changed"]:
        rests += [
            shown["answers"] - shown["changed"],
            shown["changed"] - sum(move["answers"] for move in moves),
        ]
        rests += [shown["changed"] - sum(row[way] for row in themes.values()) for way in ("lost", "gained")]
    assert not [rest for rest in rests if 0 < rest < 10]


def test_nothing_to_compare_and_nothing_changed_say_so():
    assert "No answer" in difference({1: {"road.cost"}}, {2: set()}, BOOK).as_text()
    assert "the themes that they had" in difference({1: {"road.cost"}}, {1: {"road.cost"}}, BOOK).as_text()


def test_a_hundred_thousand_answers_take_little_time():
    lot = random.Random(7)
    codes = BUNDLED.codes
    before = {each: frozenset(lot.choices(codes, k=2)) for each in range(100_000)}
    after = {
        each: themes if lot.random() < 0.5 else frozenset(lot.choices(codes, k=2))
        for each, themes in before.items()
    }

    begin = time.perf_counter()
    difference(before, after, BUNDLED)

    assert time.perf_counter() - begin < 5  # 0.3 s on an idle machine


def test_codings_of_codebooks_without_other_codes_can_be_compared():
    assert recoding.difference({1: set(), 2: {"road.cost"}}, {1: {"road.cost"}, 2: set()}, BOOK).moves == (
        ("", "road.cost", 1),
        ("road.cost", "", 1),
    )
