"""What is published of a survey is attacked: with all of it, no small number may be solved for.

``OPENLINE_ATTACKS=300`` attacks as many made-up surveys instead of a few.
"""

import os
import random

import pytest
from attacking import World, attack, book, made_up, numbers, published

from analysis import hiding
from analysis.findings import Asked, Earlier, Voice
from analysis.summary import summarize

MANY = int(os.environ.get("OPENLINE_ATTACKS", "0"))
ALONE = range(1000, 1000 + (MANY or 8))
AFTER_ANOTHER = range(2000, 2000 + (MANY // 2 or 3))


def narrowest(world, **options):
    """The number that an attacker comes nearest to; first those that are nearer than can be helped."""
    found = attack(world, numbers(published(world, **options)))
    return min(found, key=lambda one: (one.wide, one.width), default=None)


@pytest.mark.parametrize("seed", ALONE)
def test_no_small_number_can_be_worked_out_from_tables_crossings_sub_themes_tones_and_rows(seed):
    nearest = narrowest(made_up(seed))

    assert nearest is None or nearest.wide, nearest


@pytest.mark.parametrize("seed", AFTER_ANOTHER)
def test_nor_from_several_states_of_it_laid_side_by_side(seed):
    nearest = narrowest(made_up(seed, states=2 + seed % 2, most=400 if MANY else 130))

    assert nearest is None or nearest.wide, nearest


@pytest.mark.parametrize("states", [1, 2])
def test_the_attack_succeeds_where_only_small_numbers_are_hidden(monkeypatch, states):
    def small_ones(counts, sums=(), *, minimum=10, also=(), fixed=()):
        small = {cell for cell, count in counts.items() if cell not in fixed and count.small(minimum)}
        return frozenset(small | {cell for cell in also if cell in counts})

    monkeypatch.setattr(hiding, "hide", small_ones)
    monkeypatch.setattr(hiding._Level, "_tight", lambda *_: frozenset())
    monkeypatch.setattr(hiding._Level, "_audited", False)
    world = made_up(7, states=states, most=150)

    assert any(one.width < 1e-6 for one in attack(world, numbers(published(world))))


def test_the_attack_succeeds_on_two_states_that_know_nothing_of_each_other():
    world = made_up(7, states=2, most=200)
    asked_of = [published(World(**{**vars(world), "states": state + 1}))[state] for state in (0,)]
    asked, voices = world.at(1)
    alone = summarize("s", asked, voices, world.codebook, quotes=0)

    found = attack(world, numbers({0: asked_of[0], 1: [alone]}))

    assert any(one.width < 1e-6 and one.since == 1 for one in found)


def test_people_who_are_gone_are_a_difference_as_well_and_stand_ins_are_none():
    chance = random.Random(4)
    codebook = book(3, 2)

    def state(people, prefix=""):
        voices = [
            Voice(prefix + str(n), "en", "…", None, None, {themes[n]: 0.9}, {"school": schools[n]})
            for n in people
        ]
        return [Asked(one.person, "answered", one.groups) for one in voices], voices

    themes = [chance.choice(codebook.barriers) for _ in range(200)]
    schools = [chance.choice(["Oak", "Elm", "Ash"]) for _ in range(200)]
    first = summarize("s", *state(range(200)), codebook, quotes=0)
    then = [Earlier(frozenset(map(str, range(200))), first.shown)]

    cut = summarize("s", *state(range(200), "stand-in "), codebook, quotes=0, earlier=then)
    fewer = summarize(
        "s", *state([n for n in range(200) if n not in (3, 8)]), codebook, quotes=0, earlier=then
    )

    assert cut.groups == first.groups
    assert {schools[3], schools[8]} <= {
        school for school, found in fewer.groups["school"].items() if found.heard is None
    }


def test_after_a_state_that_was_kept_without_its_crossings_none_is_shown():
    world = made_up(18, states=2, least=250)
    earlier = []
    for crossed in (False, True):
        asked, voices = world.at(0)
        kept = summarize("s", asked, voices, world.codebook, quotes=0, crossed=crossed)
        earlier.append(Earlier(frozenset(voice.person for voice in voices), kept.shown))
    asked, voices = world.at(1)

    without, with_them = (
        summarize("s", asked, voices, world.codebook, quotes=0, pairs=[("school", "language")], earlier=[one])
        for one in earlier
    )

    assert not without.pairs["school", "language"]
    assert with_them.pairs["school", "language"]


def test_a_weighted_share_of_one_dimension_follows_from_what_is_shown():
    told = 0
    for seed in range(40, 60):
        world = made_up(seed, least=200)
        asked, voices = world.at(0)
        margin = {school: float(n + 1) for n, school in enumerate(world.values["school"])}
        summary = summarize("s", asked, voices, world.codebook, quotes=0, margins={"school": margin})
        groups = summary.groups["school"]
        shown = {school: found for school, found in groups.items() if found.heard is not None}
        for finding in summary.themes:
            if finding.weighted is None or len(shown) < len(groups):
                continue
            open_ = {school: found.themes[finding.theme] for school, found in shown.items()}
            there = {school: share for school, share in open_.items() if share is not None}
            rest = [school for school in open_ if school not in there]
            said = finding.count - sum(share * shown[school].heard for school, share in there.items())
            people = sum(shown[school].heard for school in rest)
            of = sum(margin[school] for school in groups)
            share = sum(share * margin[school] / of for school, share in there.items())
            share += said / people * sum(margin[school] for school in rest) / of if people else 0
            weights = [margin[school] / of * summary.heard / shown[school].heard for school in there]
            if people:
                weights.append(sum(margin[school] for school in rest) / of * summary.heard / people)
            if max(weights) < 5:  # above that weights are cut off
                assert finding.weighted == pytest.approx(share, abs=0.0051)
                told += 1
    assert told > 20
