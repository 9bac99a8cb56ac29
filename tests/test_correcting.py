from dataclasses import replace

import numpy as np
import pytest

from analysis.codebook.base import Codebook, Theme
from analysis.correcting import corrected
from analysis.findings import Decided, Voice
from analysis.intervals import wilson

ALL = ("", "")


def theme(name):
    return Theme(name, name.split(".")[0] if "." in name else None, name, "", "", "", "barrier")


BOOK = Codebook(
    "barriers",
    "1",
    "Barriers",
    tuple(
        map(theme, ("road", "road.bus", "road.cost", "food", "food.cost", "food.late", "rare", "rare.one"))
    ),
)
ROWS = ("road", "food", *BOOK.codes)
UNDER = [[at for at, code in enumerate(BOOK.codes) if row in (code, BOOK.top(code))] for row in ROWS]


def voice(person, chances, *named, lot=None, held=True):
    """One reply; ``lot`` True or False where a person has read it, by lot or for another reason."""
    chances = np.array(chances, np.float32)
    decided = None if lot is None else Decided(named, lot, chances if held else None)
    return Voice(person, "en", "", None, None, {}, chances=chances, decided=decided)


# --- what is counted ---


def test_where_people_have_decided_everything_it_is_the_plain_share_with_wilsons_interval():
    voices = [
        voice(str(n), [0.9, 0, 0, 0, 0], *(["road.bus"] if n < 9 else []), lot=False) for n in range(30)
    ]
    voices.append(voice("0", [0, 0, 0, 0, 0], "road.cost", lot=False))

    found = corrected(voices, BOOK, ROWS, {})[ALL]

    for row, count in (("road", 9), ("road.bus", 9), ("road.cost", 1), ("food", 0)):
        low, high = wilson(count, 30)
        assert (found[row].share, found[row].low, found[row].high) == pytest.approx(
            (count / 30, low, high), abs=1e-4
        )


def test_nothing_is_said_as_long_as_nobody_was_read_by_lot():
    unread = [voice(str(n), [0.2] * 5) for n in range(50)]
    doubted = [voice(f"d{n}", [0.5] * 5, "road.bus", lot=False) for n in range(20)]
    read = {"read": [f"d{n}" for n in range(20)], "mixed": ["d1", "1"], "unread": ["1", "2"]}

    assert corrected(unread, BOOK, ROWS, {}) == {}
    assert corrected([], BOOK, ROWS, {}) == {}
    # Of a group that people have read whole there is nothing left to correct.
    assert corrected(unread + doubted, BOOK, ROWS, read).keys() == {"read"}


def test_a_reading_of_which_nobody_knows_what_the_coder_held_teaches_nothing():
    unread = [voice(str(n), [0.2] * 5) for n in range(50)]

    assert corrected([*unread, voice("x", [0.2] * 5, lot=True, held=False)], BOOK, ROWS, {}) == {}
    assert corrected([*unread, voice("x", [0.2] * 5, lot=True)], BOOK, ROWS, {})[ALL]["road"].known == 1


def test_a_person_counts_once_by_all_their_replies_and_all_codes_under_a_theme():
    # 1 - (1 - .5)(1 - .2) in one reply, and another with (1 - .5): 1 - .4 * .5 = .8. Those read are as probable as true.
    lot = [
        voice(f"l{n}", [0.5, 0.2, 0, 0, 0], *(["road.bus"] if n < 60 else []), lot=True) for n in range(100)
    ]
    twice = [
        voice(f"u{n}", chances) for n in range(400) for chances in ([0.5, 0.2, 0, 0, 0], [0.5, 0, 0, 0, 0])
    ]

    found = corrected(lot + twice, BOOK, ROWS, {"twice": [f"u{n}" for n in range(400)]})["twice"]

    assert found["road"].share == pytest.approx(0.8, abs=0.01)
    # read: 60 named the bus, .5 were expected; so of the others .1 more than 1 - .5 * .5 of them do
    assert found["road.bus"].share == pytest.approx(0.75 + 0.1, abs=0.02)


def test_people_read_in_part_count_by_what_the_coder_holds():
    lot = [voice(f"l{n}", [0.5, 0, 0, 0, 0], *(["road.bus"] if n % 2 else []), lot=True) for n in range(200)]
    half = [voice(f"h{n}", [0.5, 0, 0, 0, 0], "road.bus", lot=False) for n in range(100)]
    rest = [voice(f"h{n}", [0.0] * 5) for n in range(100)]

    found = corrected(lot + half + rest, BOOK, ROWS, {"half": [f"h{n}" for n in range(100)]})

    assert found["half"]["road"].share == pytest.approx(0.5, abs=0.02)
    assert found[ALL]["road"].known == 200


def test_groups_hold_only_those_who_were_heard():
    lot = [voice(str(n), [0.5, 0, 0, 0, 0], lot=True) for n in range(40)]

    found = corrected(
        lot, BOOK, ROWS, {("school", "North"): ["1", "2", "absent"], ("school", "South"): ["absent"]}
    )

    assert found.keys() == {ALL, ("school", "North")}


def test_chances_of_another_codebook_are_refused_with_the_cure():
    with pytest.raises(ValueError, match="3 chances where codebook barriers 1 has 5 codes: code it again"):
        corrected([voice("1", [0.1] * 3)], BOOK, ROWS, {})


def test_chances_that_are_no_numbers_are_refused_with_the_cure():
    with pytest.raises(ValueError, match="no numbers: code it again"):
        corrected([voice("1", [0.1] * 4 + [np.nan])], BOOK, ROWS, {})


def test_a_theme_that_the_codebook_has_no_more_counts_for_no_row():
    lot = [voice(str(n), [0.5, 0, 0, 0, 0], "road.boat", lot=True) for n in range(30)]

    assert corrected(lot, BOOK, ROWS, {})[ALL]["road"].share == 0


@pytest.mark.parametrize("lot", [None, True, False])
@pytest.mark.parametrize("chance", [0, 0.5, 1])
@pytest.mark.parametrize("people", [1, 2, 3, 40])
@pytest.mark.parametrize("rows", [("road.bus",), ("road", "food"), ROWS])
def test_alike_people_and_few_rows_give_shares_within_their_intervals(people, rows, chance, lot):
    voices = [voice("unread", [chance] * 5)]
    voices += [voice(str(n), [chance] * 5, "road.bus", lot=lot) for n in range(people)]

    for found in corrected(voices, BOOK, rows, {"one": ["0"], "nobody": []}).values():
        assert all(0 <= each.low <= each.share <= each.high <= 1 for each in found.values())


def test_a_reply_without_chances_counts_by_the_codes_it_was_given():
    lot = [voice(str(n), [n % 2, 0, 0, 0, 0], *(["road.bus"] if n % 2 else []), lot=True) for n in range(100)]
    old = [
        replace(voice(f"o{n}", []), chances=None, themes={"road.bus": 1.0} if n < 25 else {})
        for n in range(100)
    ]

    found = corrected(lot + old, BOOK, ROWS, {"old": [f"o{n}" for n in range(100)]})

    assert found["old"]["road.bus"].share == pytest.approx(0.25, abs=0.01)


# --- how sure it is, by simulation ---


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class World:
    """People with one or two replies, themes that go together in a person, and a coder that is off by ``bias``."""

    def __init__(self, seed, people, bias, arabic=0.0):
        random = np.random.default_rng(seed)
        self.person = np.repeat(np.arange(people), random.integers(1, 3, people))
        self.people, replies = people, len(self.person)
        self.group = random.integers(0, 4, people)
        usual = np.array([0.25, 0.12, 0.15, 0.05, 0.03])
        lean = np.log(usual / (1 - usual)) + random.normal(0, 1.5, (replies, 5))
        lean += random.normal(0, 0.7, (people, 5))[self.person]
        self.true = random.random((replies, 5)) < sigmoid(lean)
        off = bias + arabic * (self.group[self.person] == 0)[:, None]
        self.chances = sigmoid(lean + random.normal(0, 1.2, lean.shape) + off).astype(np.float32)
        self.lots = random.permutation(people)

    def shares(self, given, who=slice(None)):
        named = np.zeros((self.people, 5), bool)
        np.logical_or.at(named, self.person, given)
        return np.stack([named[who][:, codes].any(axis=1).mean() for codes in UNDER])

    def voices(self, lot, read=0, by="doubt"):
        drawn = np.isin(self.person, self.lots[:lot])
        if by == "doubt":
            worth = (self.chances * (1 - self.chances)).sum(axis=1)
        else:  # somebody looked for those who speak of the bus, whatever the coder made of them
            worth = self.true[:, 0] + 0.5 * np.arange(len(drawn)) / len(drawn)
        doubted = np.zeros(len(drawn), bool)
        doubted[[at for at in np.argsort(-worth) if not drawn[at]][:read]] = True
        return [
            voice(
                str(person),
                chances,
                *(BOOK.codes[at] for at in np.flatnonzero(true)),
                lot=True if by_lot else False if doubt else None,
            )
            for person, chances, true, by_lot, doubt in zip(
                self.person, self.chances, self.true, drawn, doubted, strict=True
            )
        ]


def trial(draws, people, bias, lot, read=0, by="doubt", arabic=0.0):
    """How often intervals held the truth (of all, of groups), the mean error of corrected and of counted shares, the bias."""
    truth = World(0, 200_000, bias, arabic)
    real = truth.shares(truth.true)
    of_groups = [truth.shares(truth.true, truth.group == one) for one in range(4)]
    held, held_in_groups, off, counted = [], [], [], []
    for seed in range(1, draws + 1):
        world = World(seed, people, bias, arabic)
        groups = {one: [str(n) for n in np.flatnonzero(world.group == one)] for one in range(4)}
        found = corrected(world.voices(lot, read, by), BOOK, ROWS, groups)
        held.append(
            [found[ALL][row].low <= x <= found[ALL][row].high for row, x in zip(ROWS, real, strict=True)]
        )
        for one in range(4):
            rows = zip(ROWS, of_groups[one], strict=True)
            held_in_groups.append([found[one][row].low <= x <= found[one][row].high for row, x in rows])
        off.append([found[ALL][row].share for row in ROWS] - real)
        counted.append(world.shares(world.chances > 0.5) - real)
    bias_left = np.abs(np.mean(off, axis=0)).max()
    return np.mean(held), np.mean(held_in_groups), np.abs(off).mean(), np.abs(counted).mean(), bias_left


@pytest.mark.parametrize("bias", [0.8, -0.8])
def test_the_interval_holds_the_truth_and_the_coders_bias_is_gone(bias):
    held, in_groups, off, counted, left = trial(60, 1500, bias, lot=150)

    assert 0.92 <= held <= 0.98
    assert 0.92 <= in_groups <= 0.995  # groups borrow: where they do not differ that is wider than need be
    assert off < counted / 3
    assert left < 0.012


@pytest.mark.parametrize("by", ["doubt", "looking for the bus"])
def test_what_else_people_have_read_does_not_matter(by):
    held, _, off, counted, left = trial(60, 700, 0.8, lot=100, read=200, by=by)

    assert 0.92 <= held <= 0.98
    assert off < counted / 2
    assert left < 0.015


def test_few_by_lot_widen_the_interval_as_far_as_it_must_be():
    held, in_groups, *_ = trial(100, 400, 0.8, lot=15)

    assert 0.92 <= held <= 0.99
    assert in_groups >= 0.92


def test_a_group_in_which_the_coder_errs_otherwise_is_held_too():
    held, in_groups, *_ = trial(50, 1500, 0.2, lot=150, arabic=0.8)

    assert 0.92 <= held <= 0.985
    assert 0.92 <= in_groups <= 0.99
