import random
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from analysis import codebook
from analysis.audit import Facts, look
from analysis.findings import Asked, Decided, Earlier, Voice
from analysis.raking import MarginsError
from analysis.releases import due, wait
from analysis.summary import summarize
from analysis.suppress import SPREAD

BOOK = codebook.load()
THEMES = ("transport.cost", "needs.food", "care.student_job", "x.thanks")


def heard(number=600, seed=5, **more):
    chance = random.Random(seed)
    voices = []
    for n in range(number):
        school = chance.choices(["Ash", "Elm", "Fir", "Oak"], [1, 4, 8, 16])[0]
        groups = {
            "school": school,
            "zone": "north" if school in ("Ash", "Elm") else "south",
            "language": chance.choices(["ar", "en", "es"], [1, 12, 6])[0],
        }
        themes = {chance.choice(THEMES): 0.9}
        voices.append(Voice(str(n), groups["language"], f"words {n}", None, None, themes, groups, **more))
    return voices


def summed(voices, asked=(), **options):
    return summarize("fall", asked, voices, BOOK, quotes=0, **options)


def found(summary, theme):
    return next(finding for finding in summary.themes if finding.theme == theme)


# --- crossings ---


def test_a_crossing_counts_those_who_are_in_both_groups():
    voices = heard()

    crossing = summed(voices, pairs=[("school", "language")]).pairs["school", "language"]["Oak", "en"]

    there = [v for v in voices if (v.groups["school"], v.groups["language"]) == ("Oak", "en")]
    assert (crossing.answered, crossing.heard) == (len(there), len(there))
    assert crossing.themes["needs"] == sum("needs.food" in v.themes for v in there) / len(there)


def test_which_crossings_are_asked_for_changes_nothing_of_what_is_hidden_in_any():
    voices = heard(300)
    dimensions = ("language", "school", "zone")

    together = summed(voices, pairs=list(combinations(dimensions, 2)))

    for pair in combinations(dimensions, 2):
        alone, turned = summed(voices, pairs=[pair]), summed(voices, pairs=[pair[::-1]])
        assert alone.pairs == {pair: together.pairs[pair]}
        assert turned.pairs[pair[::-1]] == {(b, a): one for (a, b), one in alone.pairs[pair].items()}
        assert alone.groups == together.groups == summed(voices).groups
        assert alone.shown == together.shown


def test_nothing_is_told_of_a_crossing_of_a_hidden_group():
    summary = summed(heard(200), pairs=[("school", "language")])

    hidden = {school for school, group in summary.groups["school"].items() if group.heard is None}
    assert hidden
    assert not {school for school, _ in summary.pairs["school", "language"]} & hidden
    for (school, _), crossing in summary.pairs["school", "language"].items():
        told = {theme for theme, share in crossing.themes.items() if share is not None}
        assert told <= {
            t for t, share in summary.groups["school"][school].themes.items() if share is not None
        }


def test_a_school_crossed_with_its_zone_is_the_school():
    summary = summed(heard(), pairs=[("zone", "school")])

    assert summary.pairs["zone", "school"]["south", "Oak"] == summary.groups["school"]["Oak"]
    assert ("north", "Oak") not in summary.pairs["zone", "school"]


def test_dimensions_that_there_are_not_cannot_be_crossed():
    with pytest.raises(KeyError, match="grade"):
        summed(heard(40), pairs=[("school", "grade")])
    with pytest.raises(ValueError, match="school cannot be crossed with itself"):
        summed(heard(40), pairs=[("school", "school")])
    assert summed([], pairs=[("school", "grade")]).pairs == {}


def test_hidden_groups_stand_in_order_of_the_alphabet():
    voices = [replace(v, groups={"school": "Elm" if n < 4 else "Ash" if n < 7 else "Oak"}) for n, v in enumerate(heard(60))]  # fmt: skip

    groups = summed(voices).groups["school"]

    assert [(name, group.heard) for name, group in groups.items()] == [
        ("Ash", None),
        ("Elm", None),
        ("Oak", None),
    ]


# --- the attacker ---


@pytest.mark.parametrize("seed", range(40))
def test_what_the_audit_calls_safe_has_four_values_for_a_programme_of_its_own(seed):
    chance = np.random.default_rng(seed)
    lots = 12
    did, did_not = chance.integers(0, 6, lots), chance.integers(0, 6, lots)
    sums = [csr_matrix((chance.random((n, lots)) < 0.4).astype(float)) for n in (4, 3, 2, 5)]
    counts, bases, roofs, hidden = sums
    room = chance.integers(0, 4, roofs.shape[0])

    verdict = look(Facts(did, did_not, counts, bases, roofs, room), hidden)

    none = np.zeros(counts.shape)
    same = np.vstack([np.hstack([counts.toarray(), none]), np.hstack([bases.toarray()] * 2)])
    true = np.concatenate([did, did_not])
    under = np.hstack([roofs.toarray()] * 2)
    for row, safe, told in zip(hidden.toarray(), verdict.safe, verdict.told, strict=True):
        aim = np.concatenate([row, np.zeros(lots)])
        least, most = (
            sign * linprog(sign * aim, A_ub=under, b_ub=under @ true + room, A_eq=same, b_eq=same @ true).fun
            if linprog(sign * aim, A_ub=under, b_ub=under @ true + room, A_eq=same, b_eq=same @ true).status
            == 0
            else sign * -np.inf
            for sign in (1, -1)
        )
        assert safe == (most - least >= SPREAD - 1e-6)
        assert told != safe


# --- states ---


def test_the_first_state_is_due_at_once_and_a_later_one_when_a_fifth_more_are_heard():
    assert [due(0, 0), due(0, 1), due(12, 21), due(12, 22)] == [False, True, False, True]
    assert [due(100, 119), due(100, 120), due(1000, 1199), due(1000, 1200)] == [False, True, False, True]
    assert (wait(0), wait(30), wait(101)) == (1, 10, 21)
    people, states = 100, 0
    while people < 1000:
        people, states = people + wait(people), states + 1
    assert states == 13


def test_what_few_new_people_add_is_hidden_and_what_many_add_is_not():
    first, more = heard(400, 1), [replace(v, person=f"new {v.person}") for v in heard(160, 2)]
    more = [
        replace(v, groups={**v.groups, "school": "Oak" if n < 153 else "Fir"}) for n, v in enumerate(more)
    ]
    before = summed(first)
    earlier = [Earlier(frozenset(v.person for v in first), before.shown)]

    now = summed([*first, *more], earlier=earlier)

    assert before.groups["school"]["Fir"].heard is not None
    assert now.groups["school"]["Fir"].heard is None  # seven are new there
    assert now.groups["school"]["Elm"].heard == before.groups["school"]["Elm"].heard  # nobody is new there
    assert found(now, "needs").count > found(before, "needs").count


def test_a_state_shown_again_without_anybody_new_shows_the_same():
    voices = heard(400)
    before = summed(voices, crossed=True)

    now = summed(voices, crossed=True, earlier=[Earlier(frozenset(v.person for v in voices), before.shown)])

    assert (now.themes, now.groups, now.shown) == (before.themes, before.groups, before.shown)


# --- corrected and weighted ---


def test_only_what_is_shown_is_corrected():
    codes = list(BOOK.codes)
    chance = np.random.default_rng(8)
    voices = []
    for voice in heard(400):
        sure = np.full(len(codes), 0.02, np.float32)
        sure[[codes.index(code) for code in voice.themes]] = 0.8
        read = Decided(tuple(voice.themes), by_lot=True, held=sure) if chance.random() < 0.4 else None
        voices.append(replace(voice, chances=sure, decided=read))

    summary = summed(voices)

    assert found(summary, "needs").corrected is not None
    assert found(summary, "needs").corrected.low <= found(summary, "needs").corrected.share
    for groups in summary.groups.values():
        for group in groups.values():
            told = {theme for theme, share in group.themes.items() if share is not None}
            assert set(group.corrected) == told
    assert found(summed(heard(400)), "needs").corrected is None


def test_shares_are_weighted_to_the_roster_when_that_is_wished():
    voices = heard(400)
    silent = [
        Asked(f"silent {n}", "waiting", {"school": "Elm", "zone": "north", "language": "es"})
        for n in range(300)
    ]
    asked = [Asked(v.person, "answered", v.groups) for v in voices] + silent

    plain, weighted = summed(voices, asked), summed(voices, asked, weigh=True)

    assert plain.weighting is None
    assert found(plain, "needs").weighted is None
    assert weighted.weighting.dimensions == ("language", "school")
    assert weighted.weighting.effect > 1
    share = found(weighted, "needs").weighted
    assert share == round(share, 2)
    assert weighted.groups == plain.groups


def test_margins_may_be_given_and_bad_ones_are_refused():
    voices = heard(400)

    as_heard = summed(voices, margins={"language": {"en": 120, "es": 60, "ar": 10}})

    assert found(as_heard, "needs").weighted == pytest.approx(found(as_heard, "needs").share, abs=0.02)
    with pytest.raises(KeyError):
        summed(voices, margins={"grade": {"9": 1}})
    with pytest.raises(MarginsError):
        summed(voices, margins={"language": {"en": -1.0}})
