"""Groups beside replies: whoever has the findings and the rows can neither count a small number nor work one out."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.cloak import cloak
from analysis.codebook import NO_BARRIER, Codebook, Theme
from analysis.summary import Asked, Voice, summarize
from analysis.suppress import SPREAD


def theme(id_, parent=None, kind="barrier"):
    return Theme(id_, parent, id_.title(), "", "", "", kind, {"en": (id_,)} if parent else {})


TOPS = ("road", "bus", "fear", "cost", "sleep")
RARE = ("ice", "moon")
"""One that few name, one that nobody does."""
BOOK = Codebook(
    "test",
    "1",
    "Test",
    (
        *(
            each
            for top in (*TOPS, *RARE)
            for each in (theme(top), theme(f"{top}.a", top), theme(f"{top}.b", top))
        ),
        theme("x", kind="other"),
        theme(NO_BARRIER, "x", "other"),
        theme("x.unclear", "x", "other"),
    ),
)


def town(seed, people=600, schools=4, mentions=(0, 1, 1, 1, 2, 2, 3), rare=0):
    """Made-up people: schools of unequal size where unequal things are said; ``rare`` of them name a theme of their own."""
    lots = random.Random(seed)
    weights = {f"S{n}": [lots.random() ** 3 + 0.01 for _ in TOPS] for n in range(schools)}
    sizes = [lots.random() + 0.2 for _ in range(schools)]
    made = []
    for n in range(people):
        school = lots.choices(list(weights), sizes)[0]
        named = lots.choices(TOPS, weights[school], k=lots.choice(mentions))
        codes = {f"{top}.{lots.choice('aab')}" for top in named} or {lots.choice(["x.unclear", NO_BARRIER])}
        if n < rare:
            codes.add("ice.a")
        groups = {"school": school, "grade": str(lots.randrange(3)), "language": lots.choice(["en", "es"])}
        made.append((f"p{n}", codes, groups))
    return made


def found_of(made, **how):
    voices = [
        Voice(person, groups["language"], "words", None, None, dict.fromkeys(codes, 1.0), groups)
        for person, codes, groups in made
    ]
    return summarize("s", [Asked(p, "answered", g) for p, _, g in made], voices, BOOK, quotes=0, **how)


def keys(codes, groups):
    tops = {BOOK.top(code) for code in codes}
    spoken = groups["language"]
    return codes | tops | {("language", spoken)} | {("language", spoken, top) for top in tops}


def cloaked(made, dimensions, found=None):
    found = found or found_of(made)
    groups = {person: of for person, _, of in made}
    said = {person: keys(codes, of) for person, codes, of in made}
    return found, said, cloak(groups, said, found, dimensions)


def attack(made, found, values, dimension):
    """For each number of a group that the findings hide, what it can be for whoever has the findings and the rows: the
    least and the most. Each blanked person is of one group; what the findings tell must come out (MILP, HiGHS). Of those
    whose rows are missing it is known how many they are, and what they may have said."""
    said = {
        person: frozenset({*(BOOK.top(code) for code in codes), groups["language"]})
        for person, codes, groups in made
    }
    blank = Counter(said[person] for person, row in values.items() if row[dimension] is None)
    shown = Counter()
    for person, row in values.items():
        if row[dimension]:
            spoken = truth_of(made)[person]["language"]
            every = (frozenset(), *({key} for key in said[person]), *({key, spoken} for key in said[person]))
            shown.update({(row[dimension], frozenset(keys)) for keys in every})
    kinds, groups = sorted(set(said.values()), key=sorted), list(found.groups[dimension])
    cells = [(kind, group, there) for there in (True, False) for kind in kinds for group in groups]
    rows, sums, hidden = [], [], []

    def tell(wanted, number):
        rows.append(np.array([float(wanted(*cell)) for cell in cells]))
        sums.append(number)

    def group_has(group, keys, number):
        """So many of a group said all these; None: it is hidden."""
        if number is None:
            hidden.append((group, keys))
        else:
            known = number - shown[group, keys]
            tell(lambda kind, where, _: where == group and keys <= kind, known)

    for each in kinds:
        tell(lambda kind, _, there, each=each: kind == each and there, blank[each])
    tell(lambda kind, group, there: not there, len(made) - len(values))
    for each in groups:
        of = found.groups[dimension][each]
        group_has(each, frozenset(), of.heard)
        for top, share in of.themes.items():
            group_has(each, frozenset({top}), share if share is None else round(share * of.heard))
    crossed = found.pairs.get((dimension, "language"), {})
    for each in groups if crossed else ():
        for language in found.groups["language"]:
            of = crossed.get((each, language))
            group_has(each, frozenset({language}), of.heard if of else None)
            for top, share in of.themes.items() if of else ():
                if share is not None:
                    group_has(each, frozenset({language, top}), round(share * of.heard))
    possible = {}
    for group, keys in hidden:
        wanted = np.array([float(g == group and keys <= kind) for kind, g, _ in cells])
        ends = []
        for sign in (1, -1):
            done = milp(
                sign * wanted,
                constraints=LinearConstraint(np.array(rows), sums, sums),
                integrality=np.ones(len(cells)),
                bounds=Bounds(0, np.inf),
            )
            assert done.success
            ends.append(round(sign * done.fun) + shown[group, keys])
        possible[group, *keys] = tuple(ends)
    return possible


def truth_of(made):
    return {person: groups for person, _, groups in made}


def counted(out, said, dimensions):
    """How many people can be counted at each combination of values, and of them, who said each thing."""
    found = Counter()
    for person, row in out.values.items():
        pattern = tuple(row[name] for name in dimensions)
        if any(value is not None for value in pattern):
            found.update([(pattern, None), *((pattern, key) for key in said[person])])
    return found


@pytest.mark.parametrize("seed", [0, 1, 2, 4, 5])
def test_nothing_that_the_findings_hide_can_be_worked_out_from_rows_with_schools(seed):
    made = town(seed, schools=3 + seed % 3, rare=seed)
    found, _, out = cloaked(made, ["school"])

    possible = attack(made, found, out.values, "school")

    assert 0 < out.lost["school"] < len(made) / 2
    assert possible
    naming = named_in(made, out)
    for (group, top), (least, most) in possible.items():
        assert most - least >= min(SPREAD, naming[top]), (group, top)


def named_in(made, out):
    """How many of those whose rows are there named each top theme, and speak each language."""
    return Counter(
        key
        for person, codes, groups in made
        if person in out.values
        for key in {*(BOOK.top(code) for code in codes), groups["language"]}
    )


@pytest.mark.parametrize("seed", [0, 1, 4])
def test_neither_can_what_they_hide_of_a_language_at_a_school(seed):
    made = town(seed, people=700, schools=3)
    some = random.Random(seed)
    for _, _, groups in some.sample(made, 24):
        groups["language"] = "ht"
    found, _, out = cloaked(made, ["school"], found_of(made, pairs=[("school", "language")]))

    possible = attack(made, found, out.values, "school")

    naming = named_in(made, out)
    small = {cell for cell in possible if truth(made, *cell) < 10}
    assert out.lost["school"] < len(made) * 0.6
    assert any(key == "ht" for _, key in small)
    for cell in small:
        least, most = possible[cell]
        assert most - least >= min(SPREAD, naming[cell[1]]), cell


def truth(made, school, key):
    return sum(
        groups["school"] == school and key in {*(BOOK.top(code) for code in codes), groups["language"]}
        for _, codes, groups in made
    )


def test_the_attack_succeeds_where_only_the_rows_with_a_hidden_theme_are_blanked():
    made = town(1, schools=4)
    found = found_of(made)
    naive = {}
    for person, codes, groups in made:
        themes = found.groups["school"][groups["school"]].themes
        hidden = any(themes.get(BOOK.top(code), 0) is None for code in codes)
        naive[person] = {"school": None if hidden else groups["school"]}

    possible = attack(made, found, naive, "school")

    assert any(most - least < SPREAD for least, most in possible.values())


@pytest.mark.parametrize("dimensions", [["school"], ["school", "grade"], ["grade", "language"]])
@pytest.mark.parametrize("seed", [10, 11])
def test_whatever_can_be_counted_beside_a_group_is_of_ten_or_more(dimensions, seed):
    made = town(seed, people=900, schools=4)
    _, said, out = cloaked(made, dimensions)

    numbers = counted(out, said, dimensions)

    assert numbers
    assert min(numbers.values()) >= 10
    truth = {person: groups for person, _, groups in made}
    assert all(
        value in (None, truth[p][name]) for p, row in out.values.items() for name, value in row.items()
    )


@given(
    people=st.lists(
        st.tuples(
            st.sampled_from("ABC"),
            st.sampled_from("12"),
            st.frozensets(st.sampled_from([f"{top}.a" for top in TOPS]), max_size=2),
        ),
        max_size=120,
    )
)
@settings(max_examples=60, deadline=None)
def test_of_any_people_nothing_small_stands_there_and_no_few_are_missing(people):
    made = [
        (f"p{n}", set(codes) or {"x.unclear"}, {"school": school, "grade": grade, "language": "en"})
        for n, (school, grade, codes) in enumerate(people)
    ]
    _, said, out = cloaked(made, ["school", "grade"])

    assert all(number >= 10 for number in counted(out, said, ["school", "grade"]).values())
    for name in ("school", "grade"):
        for value in {groups[name] for _, _, groups in made}:
            of = [row[name] for (person, _, groups), row in zip(made, out.values.values(), strict=True)
                  if groups[name] == value]  # fmt: skip
            assert of.count(None) == 0 or of.count(None) >= 10 or of.count(None) == len(of)


def test_two_groups_that_nobody_could_be_mixed_up_with_take_the_column_along():
    # Everybody says one thing, so 44 less the 40 who can be counted are the four who named the hidden one.
    made = [
        (f"{school}{n}", {"cost.a" if n < few else "road.a"}, {"school": school, "language": "en"})
        for school, few in (("A", 4), ("B", 7))
        for n in range(40 + few)
    ]
    found, _, out = cloaked(made, ["school"])

    assert found.groups["school"]["A"].themes["cost"] is None
    assert out.left_out == ("school",)


def test_crossings_that_the_findings_hide_are_hidden_beside_replies_too():
    made = town(12, people=1500, schools=3)
    found = found_of(made)
    crossed = {
        (f"S{school}", str(grade)): found.groups["grade"][str(grade)]
        for school in range(3)
        for grade in range(3)
    }
    crossed["S0", "2"] = type(crossed["S0", "2"])(
        None, None, dict.fromkeys(found.groups["grade"]["2"].themes)
    )
    _, _, plain = cloaked(made, ["school", "grade"], found)
    _, _, out = cloaked(made, ["school", "grade"], replace(found, pairs={("school", "grade"): crossed}))

    assert {"school": "S0", "grade": "2"} in plain.values.values()
    assert {"school": "S0", "grade": "2"} not in out.values.values()
    assert {"school": "S0", "grade": "0"} in out.values.values()


def test_a_group_whose_size_is_hidden_never_stands_beside_a_reply():
    made = town(3, people=400, schools=3)
    made += [(f"few{n}", {"road.a"}, {"school": "Tiny", "grade": "1", "language": "en"}) for n in range(6)]
    _, _, out = cloaked(made, ["school"])

    assert all(row["school"] != "Tiny" for row in out.values.values())


def test_without_dimensions_nothing_is_shown_and_nothing_is_lost():
    _, _, out = cloaked(town(4), [])

    assert out.left_out == ()
    assert set(map(len, out.values.values())) == {0}


def test_replies_that_nobody_could_be_mixed_up_with_are_left_out_where_few_named_the_theme():
    made = town(2, schools=5, rare=2)
    _, _, out = cloaked(made, ["school"])

    assert out.withheld == {"p0", "p1"}
    assert out.withheld.isdisjoint(out.values)
    assert out.left_out == ()


def test_ten_thousand_people_of_twenty_schools_are_cloaked_in_seconds():
    made = town(99, people=10_000, schools=20, rare=5)
    found = found_of(made)
    begun = process_time()

    _, _, out = cloaked(made, ["school"], found)

    assert process_time() - begun < 15
    assert out.lost["school"] < 2_000
