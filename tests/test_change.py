import numpy as np
import pytest
from summaries import finding, group, summary

from analysis.change import SAME_PEOPLE, change, trend
from analysis.differences import Estimate, difference, holm


def test_a_change_is_the_difference_of_two_waves_with_its_interval():
    found = change(summary(80, finding("road", 48, 80)), summary(70, finding("road", 56, 70)))

    one = found.of("road")
    assert (one.then, one.now) == (48 / 80, 56 / 70)
    # Newcombe 1998, Table II, method 10
    assert (round(one.difference, 4), round(one.low, 4), round(one.high, 4)) == (0.2, 0.0524, 0.3339)
    assert (one.verdict, one.corrected) == ("certain", False)
    assert found.of("ill") is None


def test_what_was_hidden_either_time_has_no_change():
    before = summary(100, finding("road", None, 100), finding("ill", 30, 100), finding("old", 30, 100))
    now = summary(100, finding("road", 40, 100), finding("ill", None, 100), finding("new", 30, 100))

    assert change(before, now).changes == ()


def test_p_is_adjusted_for_all_that_was_looked_at_in_all_waves():
    waves = [
        summary(200, finding("road", road, 200), finding("ill", ill, 200))
        for road, ill in ((40, 50), (56, 52), (80, 45))
    ]
    alone = [
        difference(Estimate.of(now, 200), Estimate.of(then, 200)).p
        for now, then in ((56, 40), (52, 50), (80, 40), (45, 50))
    ]

    second, third = trend(waves)

    found = [wave.of(theme).p for wave in (second, third) for theme in ("road", "ill")]
    assert found == pytest.approx(holm(alone))
    assert [wave.of("road").verdict for wave in (second, third)] == ["may be chance", "certain"]
    assert trend(waves[:1]) == ()


def test_groups_and_sub_themes_are_compared_where_that_is_asked_for():
    def wave(bus, north, hidden=None):
        return summary(
            200,
            finding("road", bus + 10, 200, {"road.bus": bus}),
            groups={"school": {"North": group(80, road=north), "South": group(90, road=hidden)}},
        )

    before, now = wave(40, 20), wave(60, 45, hidden=30)

    assert [(one.theme, one.group) for one in change(before, now).changes] == [("road", ("", ""))]
    found = change(before, now, ["school"], subs=True)
    assert {(one.theme, one.group) for one in found.changes} == {
        ("road", ("", "")),
        ("road.bus", ("", "")),
        ("road", ("school", "North")),
    }
    assert found.of("road", ("school", "North")).difference == pytest.approx(25 / 80)


def test_shares_that_are_corrected_both_times_are_compared_corrected():
    mended = finding("road", 60, 200, mended=(0.2, 0.15, 0.26))
    wider = finding("road", 80, 200, mended=(0.28, 0.21, 0.36))

    both = change(summary(200, mended), summary(200, wider)).of("road")
    one = change(summary(200, finding("road", 60, 200)), summary(200, wider)).of("road")

    assert both.corrected
    assert (both.then, both.now) == (0.2, 0.28)
    assert both.low == pytest.approx(0.08 - np.hypot(0.07, 0.06))
    assert not one.corrected
    assert (one.then, one.now) == (0.3, 0.4)


def test_it_is_said_what_else_was_different():
    before = summary(
        100,
        finding("road", 30, 100),
        finding("old", 30, 100),
        asked=200,
        tongues=("en", "es"),
        groups={"channel": {"sms": group(100)}, "school": {"North": group(70), "South": group(30)}},
    )
    now = summary(
        200,
        finding("road", 60, 200),
        asked=1000,
        tongues=("en", "so"),
        groups={
            "channel": {"sms": group(150), "telegram": group(50)},
            "school": {"North": group(80), "South": group(120)},
        },
    )

    assert change(before, now).notes == (
        "100 people were heard then, 200 now.",
        "50% of those asked answered then, 20% now.",
        "Languages of enough people only now: so.",
        "Languages of enough people only then: es.",
        "Channels only now: telegram.",
        "Themes of the codebook only then: old.",
        "channel sms: 100% of those heard then, 75% now.",
        "school North: 70% of those heard then, 40% now.",
        "school South: 30% of those heard then, 60% now.",
        SAME_PEOPLE,
    )
    assert change(before, before).notes == (SAME_PEOPLE,)


def test_the_same_people_twice_make_the_interval_wider_than_it_need_be():
    random = np.random.default_rng(1)
    held = []
    for _ in range(400):
        leaning = random.beta(0.5, 1.5, 150)  # who names it once is likely to name it again
        then, now = (int((random.random(150) < leaning).sum()) for _ in range(2))
        one = change(summary(150, finding("road", then, 150)), summary(150, finding("road", now, 150))).of(
            "road"
        )
        held.append(one.low <= 0 <= one.high)

    assert np.mean(held) > 0.97
