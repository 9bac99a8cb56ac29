import numpy as np
import pytest
from summaries import BOOK, finding, group, summary

from analysis.differences import Estimate, difference
from analysis.findings import UNKNOWN
from analysis.gaps import gaps


def schools(**groups):
    return {"school": groups}


def test_a_group_is_set_against_everybody_else_who_was_heard():
    found = gaps(
        summary(
            300,
            finding("road", 75, 300),
            groups=schools(North=group(100, road=45), South=group(100, road=15), West=group(100, road=15)),
        ),
        BOOK,
    )

    first = found[0]
    assert (first.group, first.share, first.others, first.verdict, first.more) == (
        "North",
        0.45,
        0.15,
        "certain",
        True,
    )
    published = difference(Estimate.of(45, 100), Estimate.of(30, 200))
    assert (first.difference, first.low, first.high) == published[:3]
    assert first.p == pytest.approx(3 * published.p)
    assert [(gap.group, gap.more) for gap in found[1:]] == [("South", False), ("West", False)]


def test_two_groups_have_one_gap_at_the_one_that_names_it_more():
    found = gaps(
        summary(
            200, finding("road", 60, 200), groups=schools(North=group(120, road=25), South=group(80, road=35))
        ),
        BOOK,
    )

    assert [(gap.group, gap.share, gap.others) for gap in found] == [("South", 35 / 80, 25 / 120)]


def test_hidden_cells_hidden_groups_and_the_unknown_have_no_gap():
    groups = schools(
        North=group(100, road=40, ill=None),
        South=group(80, road=None, ill=20),
        **{UNKNOWN: group(100, road=10, ill=30)},
    )
    groups["school"]["West"] = group(1)
    groups["school"]["West"] = type(groups["school"]["West"])(None, None, {"road": 0.5, "ill": 0.5})
    shown = summary(300, finding("road", 70, 300), finding("ill", None, 300), groups=groups)

    assert [(gap.theme, gap.group) for gap in gaps(shown, BOOK)] == [("road", "North")]


def test_sub_themes_have_gaps_where_groups_show_them():
    found = gaps(
        summary(
            200,
            finding("road", 60, 200, {"road.bus": 50}),
            groups=schools(North=group(100, **{"road.bus": 40}), South=group(100, **{"road.bus": 10})),
        ),
        BOOK,
    )

    assert [(gap.theme, gap.group) for gap in found] == [("road.bus", "North")]


def test_what_the_coders_errors_may_explain_is_not_certain():
    def seen(low):
        return gaps(
            summary(
                400,
                finding("road", 100, 400, mended=(0.24, 0.2, 0.28)),
                groups=schools(
                    North=group(200, mended={"road": (0.33, low, 0.43)}, road=70), South=group(200, road=30)
                ),
            ),
            BOOK,
        )[0]

    assert seen(low=0.26).verdict == "certain"
    assert seen(low=0.22).verdict == "may be chance"


def test_where_no_group_differs_a_certain_gap_is_found_in_at_most_one_survey_of_twenty():
    random = np.random.default_rng(6)
    wrong = 0
    for _ in range(300):
        said = random.binomial(60, 0.3, (6, 3))
        shown = summary(
            360,
            *(finding(name, int(said[:, at].sum()), 360) for at, name in enumerate(("ill", "road", "talk"))),
            groups=schools(
                **{
                    f"school {at}": group(
                        60, **dict(zip(("ill", "road", "talk"), map(int, row), strict=True))
                    )
                    for at, row in enumerate(said)
                }
            ),
        )
        found = gaps(shown, BOOK)
        assert len(found) == 18
        wrong += any(gap.verdict == "certain" for gap in found)

    assert wrong / 300 < 0.08
