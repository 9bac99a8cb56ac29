import json
import random
from collections import Counter
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import codebook
from analysis.findings import Asked, Opinion, Voice
from analysis.report import columns
from analysis.summary import as_text, summarize, to_json
from analysis.suppress import SPREAD, Count, hide, nested

BOOK = codebook.load()


def voice(person, *themes, language="en", words=None, **more):
    groups = more.pop("groups", {})
    original = words or f"what person {person} said in their own words"
    chances = dict.fromkeys(themes, 0.8)
    return Voice(
        str(person),
        language,
        original,
        more.pop("english", None),
        None,
        chances,
        groups,
        more.pop("sentiment", "negative"),
    )


def people(number, **groups):
    return [Asked(str(person), "waiting", groups) for person in range(number)]


def summed(voices, asked=(), **options):
    return summarize("attend-family", asked, voices, BOOK, **options)


def found(summary, theme):
    return next(finding for finding in summary.themes if finding.theme == theme)


# --- counting ---


def test_a_person_counts_once_for_a_theme_however_often_they_name_it():
    voices = [voice(person, "transport.cost") for person in range(12)]
    voices += [voice(0, "transport.no_ride", "transport.cost"), voice(0, "transport.cost")]
    voices += [voice(person, "needs.food") for person in range(12, 24)]

    transport = found(summed(voices), "transport")

    assert transport.count == 12
    assert transport.share == 12 / 24
    assert transport.low < 0.5 < transport.high


def test_the_base_is_those_who_said_something_in_their_own_words():
    asked = [Asked(str(n), "answered") for n in range(40)] + [
        Asked(str(n), "waiting") for n in range(40, 100)
    ]

    summary = summed(
        [voice(n, "needs.food") for n in range(20)] + [voice(n, "x.unclear") for n in range(20, 30)], asked
    )

    assert (summary.asked, summary.answered, summary.heard, summary.uncoded) == (100, 40, 30, 10)
    assert found(summary, "needs").share == 20 / 30


def test_who_speaks_has_answered_even_when_the_list_says_otherwise():
    summary = summed(
        [voice(n, "needs.food") for n in range(12)], [Asked("3", "stopped"), Asked("99", "stopped")]
    )

    assert (summary.asked, summary.answered) == (13, 12)
    assert summary.unheard.outcomes == {"stopped": 1, "waiting": 0, "failed": 0, "no_address": 0}


def test_a_person_asked_twice_is_counted_by_the_better_outcome():
    summary = summed(
        [], [Asked("1", "failed"), Asked("1", "answered"), Asked("2", "no_address"), Asked("2", "waiting")]
    )

    assert (summary.asked, summary.answered) == (2, 1)
    assert summary.unheard.outcomes["waiting"] == 1
    assert summary.unheard.outcomes["no_address"] == 0


def test_themes_are_ranked_by_count_and_nothing_is_hard_stands_apart():
    voices = [voice(n, "needs.food") for n in range(12)] + [
        voice(n, "care.student_job") for n in range(12, 27)
    ]
    voices += [voice(n, "x.no_barrier") for n in range(30, 60)]

    summary = summed(voices)

    assert [finding.theme for finding in summary.themes[:2]] == ["care", "needs"]
    assert (summary.apart.theme, summary.apart.count) == ("x.no_barrier", 30)
    assert not any(finding.theme.startswith("x") for finding in summary.themes)


def test_a_focus_keeps_one_theme_and_an_unknown_one_is_refused():
    voices = [voice(n, "needs.food", "care.student_job") for n in range(12)] + [
        voice(n, "x.thanks") for n in range(20, 30)
    ]

    summary = summed(voices, focus="needs")

    assert [finding.theme for finding in summary.themes] == ["needs"]
    with pytest.raises(KeyError):
        summed(voices, focus="nedes")


def test_the_tones_of_a_theme_are_of_the_reply_that_names_it_most_surely():
    voices = [voice(n, "needs.food", sentiment="negative") for n in range(12)]
    voices += [voice(n, "needs.food", sentiment="neutral") for n in range(12, 30)]
    voices += [Voice("0", "en", "more on food", None, None, {"needs.food": 0.1}, {}, "positive")]

    tones = found(summed([*voices, *(voice(n, "x.thanks") for n in range(50, 70))]), "needs").tones

    # Nobody was positive, which is hidden like 1 to 9; so the next smallest is, too.
    assert tones == {"negative": None, "neutral": 18, "positive": None}


# --- hiding ---


def test_a_theme_that_fewer_than_ten_named_is_hidden_and_one_that_ten_named_is_not():
    base = [voice(n, "x.thanks") for n in range(100, 120)]

    nine = found(summed([*base, *(voice(n, "needs.food") for n in range(9))]), "needs")
    ten = found(summed([*base, *(voice(n, "needs.food") for n in range(10))]), "needs")

    assert (nine.count, nine.share, nine.low, nine.high, nine.quotes) == (None, None, None, None, ())
    assert ten.count == 10


def test_a_theme_that_all_but_two_named_is_hidden_since_it_tells_of_nearly_each():
    said = [voice(n, "needs.food") for n in range(20)]

    two_silent = found(summed([*said, *(voice(n, "x.thanks") for n in range(100, 102))]), "needs")
    three_silent = found(summed([*said, *(voice(n, "x.thanks") for n in range(100, 103))]), "needs")

    assert two_silent.count is None
    assert three_silent.count == 20


def school(name, first, number, *themes):
    return [voice(n, *themes, groups={"school": name}) for n in range(first, first + number)]


def test_a_small_group_is_hidden_and_the_next_smallest_with_it():
    voices = (
        school("Oak", 0, 40, "x.thanks")
        + school("Elm", 100, 30, "x.thanks")
        + school("Ash", 200, 4, "x.thanks")
    )

    groups = summed(voices).groups["school"]

    assert {name: group.answered for name, group in groups.items()} == {"Oak": 40, "Elm": None, "Ash": None}
    assert all(share is None for share in groups["Ash"].themes.values())
    assert all(share is None for share in groups["Elm"].themes.values())


def test_a_cell_that_the_total_would_give_away_is_hidden():
    voices = [*school("Oak", 0, 20, "needs.food"), *school("Oak", 20, 20, "x.thanks")]
    voices += [*school("Elm", 100, 15, "needs.food"), *school("Elm", 120, 20, "x.thanks")]
    voices += [*school("Ash", 200, 5, "needs.food"), *school("Ash", 220, 20, "x.thanks")]

    groups = summed(voices).groups["school"]

    assert {name: group.themes["needs"] for name, group in groups.items()} == {
        "Oak": 0.5,
        "Elm": None,
        "Ash": None,
    }
    assert {name: group.heard for name, group in groups.items()} == {"Oak": 40, "Elm": 35, "Ash": 25}


def test_people_of_unknown_group_are_a_group_so_that_groups_add_up():
    voices = school("Oak", 0, 20, "needs.food") + [voice(n, "x.thanks") for n in range(100, 115)]

    groups = summed(voices).groups["school"]

    assert {name: group.answered for name, group in groups.items()} == {"Oak": 20, "unknown": 15}


def test_a_school_that_hardly_answered_is_seen_without_its_count():
    asked = [Asked(f"a{n}", "waiting", {"school": "Ash"}) for n in range(96)]
    asked += [Asked(f"o{n}", "answered", {"school": "Oak"}) for n in range(60)]
    asked += [Asked(f"e{n}", "answered", {"school": "Elm"}) for n in range(12)]
    asked += [Asked(f"a{n}", "answered", {"school": "Ash"}) for n in range(4)]

    response = summed([], asked).unheard.response["school"]

    assert (response["Oak"].answered, response["Oak"].rate) == (60, 1.0)
    ash = response["Ash"]
    assert (ash.asked, ash.answered, ash.rate) == (96, None, None)
    # 4 and Elm's 12 are hidden together, so that is all that anybody can tell.
    assert ash.at_most == 16 / 96


def answered_at(**numbers):
    """People asked of schools in zones: ``Ash_N=(asked, answered)``."""
    return [
        Asked(f"{name}{n}", "answered" if n < yes else "waiting", dict(zip(("school", "zone"), name.split("_"), strict=True)))
        for name, (number, yes) in numbers.items()
        for n in range(number)
    ]  # fmt: skip


def test_the_response_of_a_school_is_not_given_away_by_its_zone():
    asked = answered_at(Ash_N=(60, 4), Elm_N=(60, 30), Oak_S=(60, 40), Fir_S=(60, 12))

    summary = summed([], asked)

    school, zone = summary.unheard.response["school"], summary.groups["zone"]
    assert school["Ash"].answered is None
    assert school["Elm"].answered is None or zone["N"].answered is None


def test_a_number_hidden_in_one_table_is_hidden_in_the_other():
    asked = answered_at(Ash_N=(60, 4), Elm_N=(60, 30), Oak_S=(60, 40), Fir_S=(8, 8))

    summary = summed([], asked)

    for dimension, values in summary.unheard.response.items():
        for value, response in values.items():
            assert response.answered == summary.groups[dimension][value].answered
            assert (response.rate is None) == (response.answered is None)
    assert summary.unheard.response["school"]["Fir"].asked is None


def test_a_hidden_answer_count_is_not_given_away_by_how_many_were_asked():
    # One person of the two hidden schools did not answer: Ash's 9 of 10 would be 9 or 10 for anyone who knows the 10.
    asked = answered_at(Ash_N=(10, 9), Elm_N=(40, 40))

    response = summed([], asked).unheard.response["school"]

    assert (response["Ash"].asked, response["Ash"].answered, response["Ash"].at_most) == (None, None, None)


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 2), st.sampled_from(["heard", "answered", "waiting"])),
        min_size=20,
        max_size=250,
    )
)
@settings(max_examples=150, deadline=None)
def test_no_hidden_size_follows_from_both_tables_together(rows):
    # Five schools in two zones, and languages that cross them.
    groups = {
        str(n): {"school": f"s{a}", "zone": f"z{a // 3}", "language": f"l{b}"}
        for n, (a, b, _) in enumerate(rows)
    }
    asked = [Asked(str(n), "answered" if row[2] != "waiting" else "waiting", groups[str(n)]) for n, row in enumerate(rows)]  # fmt: skip
    voices = [voice(n, "x.thanks", groups=groups[str(n)]) for n, row in enumerate(rows) if row[2] == "heard"]

    summary = summed(voices, asked)

    cells = sorted({cell for values in groups.values() for cell in values.items()})
    sums = [(None, [cell for cell in cells if cell[0] == d]) for d in ("school", "zone", "language")]
    sums += nested(groups)
    shown = {"asked": {}, "answered": {}, "heard": {}}
    for dimension, values in summary.groups.items():
        for value, group in values.items():
            shown["answered"][dimension, value] = group.answered
            shown["heard"][dimension, value] = group.heard
    for dimension, values in summary.unheard.response.items():
        for value, response in values.items():
            shown["asked"][dimension, value] = response.asked
            if response.answered is not None:
                shown["answered"][dimension, value] = response.answered
            elif response.rate and response.asked:
                shown["answered"][dimension, value] = response.rate * response.asked
    true = {
        "asked": Counter(cell for values in groups.values() for cell in values.items()),
        "answered": Counter(c for one in asked if one.outcome == "answered" for c in one.groups.items()),
        "heard": Counter(cell for one in voices for cell in one.groups.items()),
    }
    for size, numbers in shown.items():
        # What is not printed (how many of a zone were asked) is unknown to the attacker, too.
        unknown = [cell for cell in cells if numbers.get(cell) is None]
        assert all(numbers[cell] == true[size][cell] >= 10 for cell in cells if cell not in unknown)
        # A whole of fewer than ten is the survey's own small number; there, nothing of any group is shown.
        told = can_tell(unknown, sums) if getattr(summary, size) >= 10 else set()
        assert not [cell for cell in told if cell in numbers], size
    # And from the sizes of which one is a part of the other: what is left open is wide enough.
    for whole, part in (("asked", "answered"), ("answered", "heard")):
        for parent, children in sums:
            gone = [cell for cell in children if shown[part].get(cell) is None]
            known = parent is None or shown[part].get(parent) is not None
            if gone and known and all(shown[whole].get(cell) is not None for cell in gone):
                assert sum(true[whole][cell] - true[part][cell] for cell in gone) >= SPREAD


def can_tell(unknown, sums):
    """The unknown cells whose unit vector lies in the span of the equations: their value follows from the shown."""
    equations = np.array(
        [[(cell in children) - (cell == parent) for cell in unknown] for parent, children in sums],
        dtype=float,
    ).reshape(len(sums), len(unknown))
    rank = np.linalg.matrix_rank(equations) if unknown else 0
    return [
        cell
        for cell, alone in zip(unknown, np.eye(len(unknown)), strict=True)
        if np.linalg.matrix_rank(np.vstack([equations, alone])) == rank
    ]


CELLS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=6)


def possible(count, of, hidden, children, total):
    """The lowest and highest value of each hidden cell for one who knows every shown number: who knows the total of a
    dimension, the shown cells, and that no cell is above its group.
    """
    left = total - sum(count[cell] for cell in children if cell not in hidden)
    gone = [cell for cell in children if cell in hidden]
    for cell in gone:
        others = sum(of[other] for other in gone if other != cell)
        yield cell, max(0, left - others), min(of[cell], left)


@given(CELLS)
@settings(max_examples=400)
def test_no_hidden_cell_can_be_narrowed_down_from_the_total(cells):
    children = [f"g{at}" for at in range(len(cells))]
    count = {name: said for name, (said, _) in zip(children, cells, strict=True)}
    of = {name: said + silent for name, (said, silent) in zip(children, cells, strict=True)}
    total = Count(sum(count.values()), sum(of.values()))
    small = {name for name in children if of[name] < 10}
    groups = {"all": Count(total.of), **{name: Count(of[name]) for name in children}}
    no_base = hide(groups, [("all", children)])

    hidden = hide(
        {"all": total, **{n: Count(count[n], of[n]) for n in children}}, [("all", children)], also=no_base
    )

    assert small <= no_base
    for name in children:
        if Count(count[name], of[name]).small():
            assert name in hidden
    if "all" not in hidden:
        # The attacker of whom we know the least good: a hidden group may be as large as all the hidden ones.
        bound = {
            name: of[name] if name not in no_base else sum(of[other] for other in no_base)
            for name in children
        }
        for name, low, high in possible(count, bound, hidden, children, total.said):
            assert low <= count[name] <= high
            assert high - low >= SPREAD, (name, low, high)


@given(st.lists(st.tuples(*[st.integers(0, 2)] * 3, st.booleans()), min_size=20, max_size=150))
@settings(max_examples=150, deadline=None)
def test_no_hidden_number_follows_from_the_shown_ones_across_dimensions(rows):
    # A district of two schools, and a channel: the schools nest in the district, the channel does not.
    groups = {
        str(n): {"school": f"s{a}", "district": "d0" if a < 2 else "d1", "channel": f"c{b}"}
        for n, (a, b, _, _) in enumerate(rows)
    }
    said = {str(n) for n, row in enumerate(rows) if row[3]}
    cells = sorted({group for values in groups.values() for group in values.items()})
    everybody = ("", "")
    counts = {
        cell: Count(*(sum(cell in groups[p].items() for p in group) for group in (said, groups)))
        for cell in cells
    } | {everybody: Count(len(said), len(groups))}
    sums = [(everybody, [cell for cell in cells if cell[0] == d]) for d in ("school", "district", "channel")]
    sums += nested(groups)

    hidden = hide(counts, sums)

    unknown = sorted(hidden)
    if not unknown or everybody in hidden:
        return
    # Every sum is an equation among the hidden cells. A cell follows from the shown numbers when its unit vector
    # lies in the span of the equations.
    equations = np.array(
        [[(cell in children) - (cell == parent) for cell in unknown] for parent, children in sums],
        dtype=float,
    )
    rank = np.linalg.matrix_rank(equations)
    for at, cell in enumerate(unknown):
        alone = np.zeros(len(unknown))
        alone[at] = 1
        assert np.linalg.matrix_rank(np.vstack([equations, alone])) > rank, cell


def test_a_group_made_of_whole_groups_is_known_to_be_their_sum():
    groups = {
        str(n): {"school": s, "district": "north" if s in "ab" else "south"} for n, s in enumerate("aabbc")
    }

    assert (("district", "north"), [("school", "a"), ("school", "b")]) in nested(groups)
    assert (("district", "south"), [("school", "c")]) in nested(groups)
    assert not any(parent == ("school", "a") for parent, _ in nested(groups))


def test_the_same_people_under_another_name_are_hidden_too():
    # Only Telegram speaks Arabic here: hiding the language but not the channel would hide nothing.
    counts = {
        "all": Count(60),
        "ar": Count(15),
        "es": Count(5),
        "en": Count(40),
        "telegram": Count(15),
        "sms": Count(45),
    }
    sums = [
        ("all", ["ar", "es", "en"]),
        ("all", ["telegram", "sms"]),
        ("telegram", ["ar"]),
        ("ar", ["telegram"]),
    ]

    hidden = hide(counts, sums)

    assert {"es", "ar", "telegram"} <= hidden


def test_a_hidden_total_is_not_given_away_by_its_parts():
    counts = {"district": Count(30), "a": Count(12), "b": Count(18)}

    assert hide(counts, [("district", ["a", "b"])], also=["district"]) == {"district", "a"}


def test_a_hidden_part_that_is_the_whole_hides_the_whole():
    counts = {"telegram": Count(15), "ar": Count(15)}

    assert hide(counts, [("telegram", ["ar"])], also=["ar"]) == {"telegram", "ar"}


def test_a_school_is_not_given_away_by_its_district():
    def of(school, district, first, number, *themes):
        groups = {"school": school, "district": district}
        return [voice(n, *themes, groups=groups) for n in range(first, first + number)]

    voices = of("Oak", "north", 0, 25, "x.thanks") + of("Elm", "north", 100, 4, "x.thanks")
    voices += of("Ash", "south", 200, 12, "x.thanks") + of("Fir", "south", 300, 40, "x.thanks")

    groups = summed(voices).groups

    # Elm's 4 and the smallest school's 12 would do for the schools alone; but the north is 29, and Oak is 25 of it.
    assert groups["school"]["Elm"].heard is None
    assert groups["school"]["Oak"].heard is None or groups["district"]["north"].heard is None


def test_a_group_hidden_for_another_s_sake_tells_no_theme_however_many_named_it():
    voices = [*school("Oak", 0, 12, "needs.food"), *school("Oak", 20, 28, "x.thanks")]
    voices += [*school("Elm", 100, 15, "needs.food"), *school("Elm", 120, 15, "x.thanks")]
    voices += school("Ash", 200, 4, "x.thanks")

    groups = summed(voices).groups["school"]

    assert {name: group.themes["needs"] for name, group in groups.items()} == {
        "Oak": 0.3,
        "Elm": None,
        "Ash": None,
    }


def test_one_hidden_sub_theme_takes_the_next_smallest_with_it_unless_nobody_can_be_in_it():
    def subs(written, interpreter, support):
        numbers = {
            "language.written": written,
            "language.interpreter": interpreter,
            "language.el_support": support,
        }
        said = [code for code, number in numbers.items() for _ in range(number)]
        voices = [voice(n, code) for n, code in enumerate(said)] + [
            voice(n, "x.thanks") for n in range(100, 120)
        ]
        return [sub.theme for sub in found(summed(voices), "language").subs]

    assert len(BOOK.children("language")) == 3
    assert subs(20, 15, 5) == ["language.written"]
    assert subs(20, 15, 0) == ["language.written", "language.interpreter"]
    assert subs(12, 15, 11) == ["language.interpreter", "language.written", "language.el_support"]


def test_the_list_of_the_asked_knows_better_where_somebody_belongs():
    voices = school("Elm", 0, 12, "needs.food")

    groups = summed(voices, [Asked(str(n), "answered", {"school": "Oak"}) for n in range(12)]).groups[
        "school"
    ]

    assert list(groups) == ["Oak"]


# --- who is quoted ---


def test_quotes_are_redacted_and_come_from_several_languages():
    voices = [
        voice(n, "transport.bus_service", words=f"the bus of route {n} never came on time") for n in range(15)
    ]
    voices += [
        voice(50 + n, "transport.bus_service", language="es", words=f"el bus de Ms. Rivera tarda {n} minutos", english="the bus of Ms. Rivera is late")
        for n in range(10)
    ]  # fmt: skip
    voices += [voice(n, "x.thanks") for n in range(100, 110)]

    quotes = found(summed(voices, quotes=4), "transport").quotes

    assert [quote.language for quote in quotes] == ["en", "es", "en", "es"]
    assert all("Rivera" not in quote.original + (quote.english or "") for quote in quotes)
    assert "[nombre]" in quotes[1].original
    assert "[name]" in quotes[1].english


def test_a_known_name_is_taken_out_of_quotes():
    voices = [voice(n, "needs.food", words=f"Quetzal eats nothing before school, day {n}") for n in range(12)]

    quotes = found(
        summed([*voices, *(voice(n, "x.thanks") for n in range(50, 60))], names=["Quetzal"]), "needs"
    ).quotes

    assert quotes
    assert all(quote.original.startswith("[name] eats") for quote in quotes)


def test_nobody_is_quoted_twice_and_no_words_twice():
    voices = [
        voice(
            n // 4,
            *(("needs.food", "care.student_job") if n % 2 else ("care.student_job", "needs.food")),
            words=f"person {n // 4:02} reply {n:02} in some words",
        )
        for n in range(44)
    ]
    voices += [voice(n, "needs.food", words="The very same few words") for n in range(20, 40)]

    summary = summed([*voices, *(voice(n, "x.thanks") for n in range(100, 110))])

    words = [quote.original for finding in summary.themes for quote in finding.quotes]
    assert len(words) == 8
    assert words.count("The very same few words") == 1
    assert len({text[:9] for text in words}) == 8


def test_a_quote_is_surely_and_foremost_about_its_theme():
    sure = [voice(n, "needs.food", words=f"there is no food at home {n}") for n in range(12)]
    besides = replace(
        sure[0], person="90", themes={"needs.food": 0.3, "care.student_job": 0.7}, original="my job"
    )
    unsure = replace(sure[0], person="91", themes={"needs.food": 0.35}, original="well, the food maybe")

    others = [voice(n, "x.thanks") for n in range(50, 60)]

    theme = found(summed([besides, unsure, *sure, *others], quotes=20), "needs")

    assert theme.count == 14
    assert {quote.original for quote in theme.quotes} == {one.original for one in sure}


def test_the_second_opinion_is_a_mean_over_people_and_only_of_enough_of_them():
    said = [replace(voice(n, "needs.food"), polarity=-0.5 if n % 2 else 0.1) for n in range(12)]
    twice = replace(said[0], polarity=0.3)
    few = [replace(voice(n, "care.student_job"), polarity=-1.0) for n in range(20, 29)]
    mute = [voice(n, "care.student_job") for n in range(29, 40)]

    summary = summed([*said, twice, *few, *mute])

    assert found(summary, "needs").polarity == Opinion(-0.19, 12)
    assert found(summary, "care").polarity is None


def test_nobody_is_quoted_whose_language_too_few_speak():
    voices = [voice(n, "needs.food", language="ar", words=f"كلام عن الطعام {n}") for n in range(9)]
    voices += [voice(n, "needs.food", words=f"some words about food {n}") for n in range(20, 40)]

    quotes = found(summed([*voices, *(voice(n, "x.thanks") for n in range(50, 60))]), "needs").quotes

    assert {quote.language for quote in quotes} == {"en"}


def test_a_quote_loses_the_name_of_a_group_that_is_too_small():
    voices = (
        school("Oak", 0, 30, "needs.food")
        + school("Elm", 100, 20, "needs.food")
        + school("Ash", 200, 5, "needs.food")
    )
    voices += school("Oak", 300, 10, "x.thanks")

    quotes = found(summed(voices, quotes=60), "needs").quotes

    said_by = Counter(quote.groups.get("school") for quote in quotes)
    assert said_by == {"Oak": 30, None: 25}


def test_a_quote_names_its_school_only_where_enough_speak_its_language_there():
    def at(school, first, number, language):
        groups = {"school": school, "grade": "9", "channel": "sms", "respondent": "family"}
        return [
            voice(n, "needs.food", language=language, groups=groups) for n in range(first, first + number)
        ]

    voices = (
        at("Oak", 0, 20, "en") + at("Oak", 100, 9, "es") + at("Elm", 200, 10, "es") + at("Elm", 300, 8, "en")
    )

    summary = summed([*voices, *(voice(n, "x.thanks") for n in range(400, 420))], quotes=100)

    quotes = found(summary, "needs").quotes
    said_by = Counter((quote.language, tuple(quote.groups.items())) for quote in quotes)
    assert said_by == {
        ("en", (("school", "Oak"),)): 20,
        ("es", ()): 9,
        ("es", (("school", "Elm"),)): 10,
        ("en", ()): 8,
    }
    assert all(set(quote["groups"]) <= {"school"} for quote in to_json(summary)["themes"][0]["quotes"])


def test_one_talkative_person_does_not_make_a_crossing_large():
    voices = [voice(0, "needs.food", words=f"hungry {n}", groups={"school": "Oak"}) for n in range(12)]
    voices += [voice(n, "needs.food", language="es", groups={"school": "Oak"}) for n in range(20, 40)]
    voices += [voice(n, "needs.food", groups={"school": "Elm"}) for n in range(50, 80)]

    quotes = found(
        summed([*voices, *(voice(n, "x.thanks") for n in range(90, 120))], quotes=99), "needs"
    ).quotes

    assert not [quote for quote in quotes if quote.language == "en" and quote.groups.get("school") == "Oak"]


# --- writing it down ---


def made_up_summary(**options):
    chance = random.Random(7)
    asked, voices = [], []
    for n in range(400):
        groups = {
            "school": chance.choice(["Oak", "Elm", "Ash", "Fir"]),
            "language": chance.choice(["en", "es", "ar", "zh-Hans"]),
        }
        asked.append(Asked(str(n), chance.choice(["answered", "waiting", "stopped"]), groups))
        if n % 3:
            code = chance.choice(["transport.bus_service", "transport.cost", "needs.food", "x.no_barrier"])
            words = {"ar": "الباص يتأخر كل يوم", "zh-Hans": "校车每天都迟到"}.get(
                groups["language"], "the bus is late"
            )
            voices.append(
                voice(
                    n,
                    code,
                    language=groups["language"],
                    words=f"{words} {n}",
                    english="The bus is late",
                    groups=groups,
                )
            )
    return summed(voices, asked, **options)


def test_the_json_holds_what_a_program_needs_and_nothing_else_than_plain_data():
    summary = made_up_summary()

    data = json.loads(json.dumps(to_json(summary)))

    assert {"survey", "asked", "answered", "themes", "groups"} <= set(data)
    first = data["themes"][0]
    assert {"theme", "label", "count", "share", "low", "high", "quotes"} <= set(first)
    assert (first["theme"], first["label"]) == ("transport", BOOK["transport"].label)
    assert {"original", "language", "english"} <= set(first["quotes"][0])
    assert (
        data["groups"]["school"]["Oak"]["themes"]["transport"]
        == summary.groups["school"]["Oak"].themes["transport"]
    )
    assert data["groups"]["school"]["Oak"]["themes"]["belief"] is None


def test_the_same_people_give_the_same_summary():
    assert made_up_summary() == made_up_summary()


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_of_the_text_is_wider_than_the_terminal(width):
    text = as_text(made_up_summary(), width)

    assert max(columns(line) for line in text.splitlines()) <= width
    assert "Getting there" in text[:2000] or width == 40


def test_the_text_shows_shares_as_bars_and_keeps_right_to_left_words_apart():
    summary = made_up_summary()

    lines = as_text(summary, 80).splitlines()

    transport = next(line for line in lines if line.startswith("Getting there"))
    food = next(line for line in lines if line.startswith("Basic needs"))
    assert transport.count("█") > food.count("█") > 0
    assert f"{summary.themes[0].share:.0%}" in transport
    arabic = [line for line in lines if "الباص" in line]
    assert arabic
    assert all(line.strip().startswith("\u2068") and line.endswith("\u2069") for line in arabic)


def test_columns_count_what_a_terminal_shows():
    assert columns("校车") == 4
    assert columns("e\u0301te\u0301") == 3
    assert columns("\u2068ab\u2069") == 2


def test_every_shown_share_can_be_counted_again_from_the_people():
    summary = made_up_summary()

    shown = 0
    for (dimension, values), theme in product(summary.groups.items(), ["transport", "needs"]):
        for value, group in values.items():
            share = group.themes[theme]
            if share is not None:
                shown += 1
                assert abs(share * group.heard - round(share * group.heard)) < 1e-9, (dimension, value)
    assert shown >= 8


def test_a_survey_that_nobody_answered_is_summed_all_the_same():
    summary = summed([], people(30, school="Oak"))

    assert (summary.asked, summary.answered, summary.heard) == (30, 0, 0)
    assert all(finding.count is None for finding in summary.themes)
    assert "everybody answered" not in as_text(summary)
    assert summed([]).asked == 0


def test_how_well_replies_were_understood_is_told_for_languages_of_enough_people():
    def said(person, language, english, certainty):
        return Voice(person, language, "…", english, None, {"transport.cost": 0.9}, certainty=certainty)

    voices = [
        *(said(f"es{n}", "es", "the bus" if n < 5 else None, 0.99 if n < 9 else 0.4) for n in range(10)),
        *(said(f"ht{n % 3}", "ht", None, 0.99) for n in range(30)),
        *(said(f"en{n}", "en-US", None, None) for n in range(11)),
    ]

    found = summarize("fall", [], voices, codebook.load(), minimum=10)

    assert list(found.tongues) == ["en-US", "es"]  # three people are too few, however much they say
    assert (found.tongues["es"].certain, found.tongues["es"].readable) == (0.9, 0.5)
    assert (found.tongues["en-US"].certain, found.tongues["en-US"].readable) == (0.0, 1.0)
    assert to_json(found)["languages"]["es"] == {"certain": 0.9, "readable": 0.5}


def test_a_person_s_own_name_is_in_no_quote_of_theirs():
    said = [
        replace(
            voice(n, "needs.money", words=f"There was no money for Quetzal in week {n}"), names=("Quetzal",)
        )
        for n in range(12)
    ]

    quotes = found(summed([*said, *(voice(n, "x.thanks") for n in range(50, 60))]), "needs").quotes

    assert quotes
    assert all("for [name] in" in quote.original for quote in quotes)
