import json
from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import masi_distance

from analysis.agreement import Figure, Hits, Quality, alpha, judge, kappas, masi, measure

# --- coefficients ---


def units(*readers):
    """One row of letters for each reader, a dot where they did not read."""
    return [[value for value in unit if value != "."] for unit in zip(*readers, strict=True)]


@pytest.mark.parametrize(
    ("readers", "published"),
    [
        # Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", sections A, B and C
        (("0100000010", "1110010000"), 0.095),
        (("aabbdcccedda", "babbbccceddd"), 0.692),
        (("123321412...", "1233224125.3", ".3332342251.", "12332441251."), 0.743),
    ],
)
def test_alpha_is_the_published_one(readers, published):
    assert alpha(units(*readers)) == pytest.approx(published, abs=0.0006)


def test_kappa_is_the_published_one():
    # Cohen 1960, Table 2: 200 patients; .70 agree, .41 would by chance
    found, chance = kappas(np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]]))

    assert (float(found), float(chance)) == pytest.approx((0.492, 0.59), abs=0.0005)


def test_masi_is_passonneaus_measure():
    assert masi({"a", "b"}, {"a", "b"}) == 0
    assert masi({"a", "b"}, {"a", "b", "c", "d"}) == pytest.approx(1 - 2 / 4 * 2 / 3)
    assert masi({"a", "b"}, {"b", "c"}) == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert masi({"a"}, {"b"}) == masi({"a"}, ()) == 1
    assert masi((), ()) == 0


THEMES = ("bus", "food", "fees")
read = st.fixed_dictionaries(
    {}, optional={reader: st.frozensets(st.sampled_from(THEMES)) for reader in "abc"}
)


def by_definition(values, distance):
    """Pairs within a unit against pairs among all: the definition, one pair at a time."""
    kept = [unit for unit in values if len(unit) > 1]
    every = [value for unit in kept for value in unit]
    if not every:
        return None
    within = sum(
        distance(one, other) / (len(unit) - 1)
        for unit in kept
        for at, one in enumerate(unit)
        for where, other in enumerate(unit)
        if at != where
    ) / len(every)
    among = sum(2 * distance(one, other) for one, other in combinations(every, 2))
    among /= len(every) * (len(every) - 1)
    return None if among == 0 else 1 - within / among


@settings(max_examples=60)
@given(st.lists(read, max_size=8))
def test_alpha_is_its_definition_whatever_is_missing(readings):
    sets = [list(one.values()) for one in readings]

    expected = by_definition(sets, masi)

    assert alpha(sets, masi) == (None if expected is None else pytest.approx(expected))


def test_another_library_finds_the_same():
    random = Random(4)
    readings = {
        f"answer {at}": {
            reader: {theme for theme in THEMES if random.random() < 0.4} or {"none"} for reader in "ab"
        }
        for at in range(40)
    }
    rows = [
        (reader, answer, frozenset(themes))
        for answer, one in readings.items()
        for reader, themes in one.items()
    ]

    found = measure(readings, chance=Random(1), themes=THEMES, draws=50)

    assert found.alpha.value == pytest.approx(AnnotationTask(rows, masi_distance).alpha())
    for theme in found.themes:
        theirs = AnnotationTask([(reader, answer, theme.theme in themes) for reader, answer, themes in rows])
        assert theme.alpha.value == pytest.approx(theirs.alpha())
        assert theme.kappa.value == pytest.approx(theirs.kappa())
        assert theme.same.value == pytest.approx(theirs.avg_Ao())


# --- measuring ---


def two_readers(answers, error, seed=0):
    """Two people who give each theme to 3 in 10 answers, and change their mind at random."""
    random = np.random.default_rng(seed)
    true = random.random((answers, 3)) < 0.3
    seen = [true ^ (random.random(true.shape) < error) for _ in range(2)]
    return {
        f"answer {at}": {
            f"reader {who}": {THEMES[theme] for theme in np.flatnonzero(seen[who][at])} for who in range(2)
        }
        for at in range(answers)
    }


def test_the_intervals_hold_what_a_very_large_sample_finds():
    truth = measure(two_readers(20000, 0.06, seed=99), chance=Random(0), draws=0, themes=THEMES)
    inside, looked = 0, 0
    for seed in range(60):
        found = measure(two_readers(100, 0.06, seed), chance=Random(seed), draws=300, themes=THEMES)
        for one, real in [(found.alpha, truth.alpha)] + [
            pair
            for mine, theirs in zip(found.themes, truth.themes, strict=True)
            for pair in ((mine.alpha, theirs.alpha), (mine.kappa, theirs.kappa), (mine.same, theirs.same))
        ]:
            inside += one.low <= real.value <= one.high
            looked += 1

    assert 0.90 < inside / looked < 0.985


def test_chance_is_an_argument_so_the_same_seed_gives_the_same_interval():
    readings = two_readers(40, 0.1)

    assert measure(readings, chance=Random(5)) == measure(readings, chance=Random(5))
    assert measure(readings, chance=Random(5)).alpha.value == measure(readings, chance=Random(6)).alpha.value


def test_readings_that_stand_alone_do_not_count_and_no_theme_is_a_reading():
    found = measure(
        {
            "1": {"ann": {"bus"}, "bob": {"bus"}},
            "2": {"ann": (), "bob": ()},
            "3": {"ann": {"bus"}},
            "4": {"ann": {"food"}, "bob": ()},
        },
        chance=Random(0),
    )

    assert (found.answers, found.readers) == (3, 2)
    assert found.same.value == pytest.approx(2 / 3)
    assert [(theme.theme, theme.named, theme.differed) for theme in found.themes] == [
        ("bus", 1, 0),
        ("food", 1, 1),
    ]


def test_nothing_read_twice_tells_nothing():
    found = measure({"1": {"ann": {"bus"}}}, chance=Random(0))

    assert (found.answers, found.alpha, found.same, found.themes) == (0, None, None, ())
    assert judge(found.alpha, found.answers).word == "cannot tell"


def test_readers_who_never_differed_are_not_held_for_perfect():
    readings = {str(at): dict.fromkeys("ab", {"bus"} if at % 2 else set()) for at in range(20)}

    figure = measure(readings, chance=Random(0)).alpha

    assert figure.value == 1
    assert 0.5 < figure.low < 0.8
    assert figure.high == 1


def test_a_theme_that_everybody_always_gave_has_no_alpha():
    found = measure({str(at): {"ann": {"bus"}, "bob": {"bus"}} for at in range(9)}, chance=Random(0))

    assert found.themes[0].alpha is None
    assert found.themes[0].kappa is None
    assert found.themes[0].same.value == 1


def test_where_more_than_two_share_the_work_each_pair_counts_by_what_it_read():
    random = Random(3)
    readings = {}
    for at in range(90):
        pair = ("ab", "ac", "ac")[at % 3]
        readings[str(at)] = {reader: {"bus"} if random.random() < 0.5 else set() for reader in pair}

    def of_pair(pair):
        rows = [
            (reader, answer, bool(themes))
            for answer, one in readings.items()
            if set(one) == set(pair)
            for reader, themes in one.items()
        ]
        return AnnotationTask(rows).kappa()

    (theme,) = measure(readings, chance=Random(0), draws=10).themes

    assert theme.kappa.value == pytest.approx((of_pair("ab") + 2 * of_pair("ac")) / 3)


def test_what_to_talk_about_is_what_readers_differ_on_most_and_what_they_took_it_for():
    readings = {str(at): {"ann": {"bus"}, "bob": {"late"}} for at in range(4)}
    readings |= {str(at): {"ann": {"food"}, "bob": ()} for at in range(4, 7)}
    readings |= {str(at): {"ann": {"fees"}, "bob": {"fees"}} for at in range(7, 12)}

    first, second, third = measure(readings, chance=Random(0)).to_discuss()

    assert {first.theme, second.theme} == {"bus", "late"}
    assert dict(first.instead) == {"late" if first.theme == "bus" else "bus": 4}
    assert (third.theme, third.differed, third.instead) == ("food", 3, ())


def test_a_measure_is_plain_data_for_programs():
    found = measure(two_readers(30, 0.1), chance=Random(0), draws=20)

    assert json.loads(json.dumps(found.to_json()))["themes"][0]["theme"] == "bus"


@pytest.mark.parametrize(
    ("figure", "answers", "word", "doubt"),
    [
        (Figure(0.85, 0.81, 0.9), 80, "reliable", ""),
        (Figure(0.80, 0.72, 0.9), 80, "reliable", "with 80 answers it could as well be tentative"),
        (Figure(0.79, 0.70, 0.9), 80, "tentative", ""),
        (Figure(0.66, 0.60, 0.9), 80, "not reliable", ""),
        (Figure(0.9, 0.85, 1.0), 12, "reliable", "only 12 answers were read twice; 50 are the least"),
    ],
)
def test_the_verdict_goes_by_the_rule_of_80_and_67(figure, answers, word, doubt):
    verdict = judge(figure, answers)

    assert (verdict.word, verdict.doubt) == (word, doubt)


# --- quality ---


def test_precision_recall_and_f1_are_counted_theme_by_theme():
    given_ = np.array([[1, 0], [1, 1], [0, 1], [0, 0]], bool)
    truth = np.array([[1, 0], [0, 1], [1, 1], [1, 0]], bool)

    found = Quality.of(("bus", "food"), given_, truth)

    assert found.themes == {"bus": Hits(2, 3, 1), "food": Hits(2, 2, 2)}
    assert (found.themes["bus"].precision, found.themes["bus"].recall) == (1 / 2, 1 / 3)
    assert found.themes["bus"].f1 == pytest.approx(2 / 5)
    assert found.micro == Hits(4, 5, 3)
    assert found.macro["f1"] == pytest.approx((2 / 5 + 1) / 2)


def test_a_theme_that_nobody_found_is_no_part_of_the_mean_and_one_never_given_counts_as_nought():
    nothing = np.zeros((5, 3), bool)
    truth = nothing.copy()
    truth[:, 0] = True

    found = Quality.of(("bus", "food", "fees"), nothing, truth)

    assert found.macro == {"precision": 0.0, "recall": 0.0, "f1": 0.0}
    assert found.themes["bus"].precision is None
    assert found.themes["fees"].f1 is None


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_every_interval_holds_its_figure(both, only_given, only_true):
    hits = Hits(both + only_given, both + only_true, both)

    for name, (low, high) in hits.intervals().items():
        value = getattr(hits, name)
        assert value is None or low - 1e-12 <= value <= high + 1e-12


def test_quality_comes_back_from_json_as_it_was():
    random = np.random.default_rng(2)
    found = Quality.of(("a", "b"), random.random((30, 2)) < 0.4, random.random((30, 2)) < 0.4)

    said = json.loads(json.dumps(found.to_json()))

    assert Quality.from_json(said) == found
    assert said["themes"]["a"]["precision"].keys() == {"value", "low", "high"}
    assert Quality.from_json({}) == Quality(0, {})


def test_tables_of_other_shapes_are_refused():
    with pytest.raises(ValueError, match="must both be"):
        Quality.of(("a", "b"), np.zeros((3, 2), bool), np.zeros((3, 1), bool))
