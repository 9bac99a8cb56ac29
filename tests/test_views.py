import pytest
from summaries import BOOK, finding, group, summary, theme

import analysis.views
from analysis import codebook
from analysis.views import VIEWS, Duty, ranked, role_of


def wave(ill=90, road=60, talk=None, **more):
    return summary(
        300,
        finding("ill", ill, 300, {"ill.short": 60, "ill.care": 40}),
        finding("road", road, 300, {"road.cost": 45, "road.bus": 25}),
        finding("talk", talk, 300),
        finding("fear", None, 300),
        **more,
    )


def told(ranking):
    return [(row.theme, row.reason) for row in ranking.rows]


HIDDEN = "hidden: fewer than 10 named it, or nearly everybody"


def test_most_named_comes_first_and_hidden_ones_last_in_the_codebooks_order():
    assert told(ranked(wave(), BOOK, "named")) == [
        ("ill", "90 of 300 named it"),
        ("road", "60 of 300 named it"),
        ("talk", HIDDEN),
        ("fear", HIDDEN),
    ]


def test_what_the_school_or_district_can_change_comes_first_whatever_its_count():
    found = ranked(wave(talk=30), BOOK, "within_reach")

    assert told(found) == [
        ("road", "the district can change it: Road.bus, 8%"),
        ("talk", "the school can change it; too few named any one part of it to say which"),
        ("ill", "it takes partners: Ill.care, 13%"),
        ("fear", HIDDEN),
    ]
    assert found.rows[0].part.theme == "road.bus"


def test_what_nobody_here_can_change_goes_last_and_says_so():
    found = ranked(
        summary(300, finding("ill", 90, 300, {"ill.short": 80}), finding("fear", 20, 300, {"fear.law": 15})),
        BOOK,
        "within_reach",
    )

    assert told(found) == [
        ("fear", "nobody has said who can change it: Fear.law, 5%"),
        ("ill", "outside the reach of school and district"),
    ]


def test_parts_are_not_added_up():
    many = finding("road", 60, 300, {"road.bus": 20, "road.cost": 50})
    one = finding("talk", 30, 300, {"talk.child": 25})

    assert [row.theme for row in ranked(summary(300, many, one), BOOK, "within_reach").rows] == [
        "talk",
        "road",
    ]
    assert not [name for name in dir(analysis.views) if "index" in name or "total" in name or "score" in name]


def test_the_largest_certain_gap_comes_first():
    groups = {
        "school": {
            "North": group(100, ill=32, road=40),
            "South": group(100, ill=28, road=10),
            "West": group(100, ill=30, road=10),
        }
    }

    found = ranked(wave(talk=20, groups=groups), BOOK, "gap")

    assert told(found) == [
        ("road", "school North: 40%, everybody else 10%"),
        ("ill", "school North: 32%, everybody else 29%; may be chance"),
        ("talk", "no group of which enough is shown to compare"),
        ("fear", HIDDEN),
    ]
    assert found.rows[0].gap.verdict == "certain"


def test_the_largest_certain_change_comes_first_with_what_else_was_different():
    found = ranked(wave(ill=95, road=75, talk=20), BOOK, "change", before=wave(ill=90, road=30))

    assert told(found) == [
        ("road", "10% last time, 25% now"),
        ("ill", "30% last time, 32% now; may be chance"),
        ("talk", "was not shown last time"),
        ("fear", HIDDEN),
    ]
    assert found.rows[0].change.verdict == "certain"
    assert found.notes


def test_a_change_needs_something_to_compare_with_and_a_view_must_be_one():
    with pytest.raises(ValueError, match="needs an earlier wave"):
        ranked(wave(), BOOK, "change")
    with pytest.raises(ValueError, match="it is one of named, within_reach, gap, change"):
        ranked(wave(), BOOK, "index")


@pytest.mark.parametrize("view", VIEWS)
def test_duties_stand_apart_whatever_their_rank_and_whether_or_not_anybody_named_them(view):
    found = ranked(wave(), BOOK, view, before=wave()).duties

    assert found == (
        Duty("language lead", "talk", "Talk", None),
        Duty("language lead", "talk.child", "Talk.child", None),
    )
    shown = summary(300, finding("talk", 40, 300, {"talk.child": 30}))
    assert [duty.count for duty in ranked(shown, BOOK, view, before=shown).duties] == [40, 30]


@pytest.mark.parametrize("view", VIEWS)
def test_every_theme_stands_in_every_view_once_with_a_reason(view):
    found = ranked(wave(talk=25), BOOK, view, before=wave()).rows

    assert sorted(row.theme for row in found) == ["fear", "ill", "road", "talk"]
    assert all(row.reason for row in found)
    assert all((row.count is None) == (row.reason == HIDDEN) for row in found)


def test_roles_are_read_from_the_bundled_codebook():
    roles = {theme.id: role_of(theme) for theme in codebook.load() if theme.flag}

    assert roles["discipline.removal"] == "special education or 504 lead"
    assert roles["system.legal"] == ""
    assert role_of(theme("road")) == ""
