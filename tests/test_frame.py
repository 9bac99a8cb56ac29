import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import analysis
from analysis import codebook
from analysis.frame import FrameError
from analysis.suppress import MINIMUM

TABLE = {
    "person": [str(n // 2) for n in range(160)],
    "text": [f"the bus is late on day {n}" for n in range(160)],
    "themes": ["bus; money" if n % 8 == 0 else "bus" if n % 4 < 2 else "" for n in range(160)],
    "language": ["es" if n // 2 % 3 == 0 else "en" for n in range(160)],
    "school": ["Oak" if n // 2 % 5 < 2 else "Elm" for n in range(160)],
}
ROWS = [dict(zip(TABLE, cells, strict=True)) for cells in zip(*TABLE.values(), strict=True)]


def found(summary, theme):
    return next(one for one in summary.themes if one.theme == theme)


class Polars:
    """A polars data frame, as far as a summary touches it."""

    class Series(list):
        def to_list(self):
            return list(self)

    columns = list(TABLE)

    def to_dict(self):
        raise AssertionError

    def __getitem__(self, name):
        return self.Series(TABLE[name])


@pytest.mark.parametrize(
    "frame", [TABLE, ROWS, pd.DataFrame(TABLE), pa.table(TABLE), Polars(), iter(ROWS)], ids=["columns", "rows", "pandas", "arrow", "polars", "iterator"]
)  # fmt: skip
def test_whatever_holds_the_table_the_findings_are_the_same(frame):
    summary = analysis.summarise(frame)

    assert (summary.heard, summary.answered) == (80, 80)
    assert (found(summary, "bus").count, found(summary, "money").count) == (40, 20)
    assert {name: list(values) for name, values in summary.groups.items()} == {
        "language": ["en", "es"],
        "school": ["Elm", "Oak"],
    }
    assert summary == analysis.summarise(TABLE)


def test_themes_may_be_lists_and_a_codebook_joins_them():
    book = codebook.load()
    frame = pd.DataFrame(
        {
            "person": range(40),
            "themes": [["transport.cost", "transport.no_ride"] if n < 25 else [] for n in range(40)],
        }
    )

    summary = analysis.summarise(frame, book)

    assert (found(summary, "transport").count, found(summary, "transport").label) == (
        25,
        book["transport"].label,
    )


def test_a_column_of_numbers_with_gaps_makes_the_groups_that_people_see():
    frame = pd.DataFrame(
        {"person": range(60), "themes": ["bus"] * 60, "grade": [9] * 20 + [10] * 25 + [None] * 15}
    )

    assert list(analysis.summarise(frame).groups["grade"]) == ["10", "9", "unknown"]


def test_the_numbers_come_back_as_rows():
    summary = analysis.summarise(TABLE, pairs=[("school", "language")])

    table = pd.DataFrame(analysis.rows(summary))

    whole = table[table.dimension.isna() & (table.theme == "bus")].iloc[0]
    assert (whole["count"], whole["base"], whole["share"]) == (40, 80, 0.5)
    assert whole["low"] < 0.5 < whole["high"]
    oak = table[(table.value == "Oak") & table.value2.isna() & (table.theme == "bus")].iloc[0]
    assert oak["share"] == summary.groups["school"]["Oak"].themes["bus"]
    crossed = table[table.dimension2.notna() & table.theme.isna()]
    assert len(crossed) == 4
    assert crossed["count"].sum() == 80
    shown = table["count"].dropna()
    assert shown.min() >= MINIMUM


def test_quotes_are_only_made_when_asked_for_and_then_redacted():
    said = {**TABLE, "text": [f"Ms. Rivera says the bus is late, day {n}" for n in range(160)]}

    assert found(analysis.summarise(said), "bus").quotes == ()
    quotes = found(analysis.summarise(said, quotes=2), "bus").quotes
    assert len(quotes) == 2
    assert "Rivera" not in quotes[0].original


def test_who_was_asked_and_not_heard_is_weighted_for():
    asked = {
        "person": [str(n) for n in range(80)] + [f"silent {n}" for n in range(80)],
        "school": TABLE["school"][::2] + ["Oak"] * 80,
        "outcome": ["answered"] * 80 + ["waiting"] * 80,
    }

    summary = analysis.summarise(TABLE, by=["school"], asked=asked, weigh=True)

    assert (summary.asked, summary.heard) == (160, 80)
    assert summary.weighting is not None
    # Three quarters of the asked are of Oak, where fewer named money.
    assert summary.weighting.dimensions == ("school",)
    money = {name: group.themes["money"] for name, group in summary.groups["school"].items()}
    assert all(share is None for share in money.values()) or found(
        summary, "money"
    ).weighted == pytest.approx(money["Elm"] / 4 + money["Oak"] * 3 / 4, abs=0.006)


@pytest.mark.parametrize(
    ("frame", "options", "says"),
    [
        ({"who": [1], "themes": ["a"]}, {}, "no column 'person'. Rename the one that has it; there are: who, themes"),
        ({"person": [1]}, {}, "no column 'themes'"),
        ({"person": [1, None], "themes": ["a", "b"]}, {}, "column person, row 2: nobody is named"),
        ({"person": [1, 2], "themes": ["a", 7]}, {}, "column themes, row 2: a int is no list of themes"),
        ({"person": [1], "themes": [["a", 7]]}, {}, "column themes, row 1: a list of themes must hold text only"),
        ({"person": [1, 2], "themes": ["a"]}, {}, "column themes: 1 cells where other columns have 2"),
        ({"person": [1], "themes": ["a"]}, {"by": ["school"]}, "by: there is no column 'school'"),
        ({"person": [1], "themes": ["a"]}, {"by": "school"}, "by=['school']"),
        ({"person": [1], "themes": ["a"]}, {"pairs": [("school", "grade")]}, "no column 'school' to cross"),
        ({"person": [1], "themes": ["a"]}, {"margins": {"school": {"Oak": 1}}}, "no column 'school' to weight by"),
        ({"person": [1], "themes": ["buss"]}, {"codebook": codebook.load()}, "row 1: 'buss' is no theme of the codebook"),
        (7, {}, "a int is no table"),
        ([1], {}, "every row must be a dict"),
        ({"person": "me", "themes": ["a"]}, {}, "column person: a str is no column"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_column_and_its_cure(frame, options, says):
    with pytest.raises(FrameError) as error:
        analysis.summarise(frame, **options)

    assert says in str(error.value)


def test_a_list_is_no_group_and_the_cure_is_told():
    frame = pd.DataFrame({"person": ["a", "b"], "themes": [["bus"], []], "machine": [["bus"], ["food"]]})

    with pytest.raises(FrameError, match=r"column machine, row 1: .* is no group\. .* by=\[\] for none"):
        analysis.summarise(frame)
    assert analysis.summarise(frame, by=[]).heard is not None


def test_a_hundred_thousand_replies_of_a_data_frame_are_summed_up_in_two_seconds():
    random = np.random.default_rng(3)
    number = 100_000
    frame = pd.DataFrame(
        {
            "person": np.arange(number),
            "themes": random.choice([f"theme {n}" for n in range(20)], number),
            **{f"dimension {d}": random.integers(0, 8, number).astype(str) for d in range(4)},
        }
    )

    began = time.process_time()
    summary = analysis.summarise(frame)

    assert (
        time.process_time() - began < 4
    )  # twice what it may take, for a machine that has other work as well
    assert summary.heard == number


def test_the_package_is_light_until_it_is_used():
    light = "import sys, analysis; sys.exit(bool({'numpy', 'analysis.summary'} & sys.modules.keys()))"

    assert subprocess.run([sys.executable, "-c", light], check=False).returncode == 0
    with pytest.raises(AttributeError):
        _ = analysis.nothing
