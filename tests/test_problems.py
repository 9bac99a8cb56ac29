"""Problem statements: drafted from shown numbers, honest about the rest, and checked whoever wrote them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from analysis import codebook
from analysis.findings import Asked, Voice
from analysis.gaps import gaps
from analysis.problems import Evidence, as_text, check, draft, edited, from_json, to_json
from analysis.summary import summarize

BOOK = codebook.load()
BY = date(2027, 6, 30)


def summary():
    """60 of 100 Creole-speaking families heard name the bus, 42 of 190 others; of those who use Vietnamese few answered."""
    voices, asked = [], []
    for language, heard, named in (("ht", 100, 60), ("en", 150, 30), ("vi", 40, 12)):
        for at in range(heard):
            theme = "transport.bus_service" if at < named else "health.illness"
            groups = {"language": language, "school": "Lincoln" if at % 2 else "Marsh"}
            voices.append(
                Voice(f"{language}{at}", language, f"made up {at}", None, None, {theme: 0.9}, groups)
            )
            asked.append(Asked(f"{language}{at}", "answered", groups))
    asked += [Asked(f"silent{at}", "waiting", {"language": "vi", "school": "Marsh"}) for at in range(160)]
    return summarize("fall", asked, voices, BOOK)


def called(dimension, value):
    return {"ht": "families who use Haitian Creole"}.get(value, f"{dimension} {value}")


@pytest.fixture(scope="module")
def found():
    return summary()


@pytest.fixture(scope="module")
def bus(found):
    return next(gap for gap in gaps(found, BOOK) if gap.theme == "transport" and gap.group == "ht")


@pytest.fixture(scope="module")
def drafted(found, bus):
    return draft(bus, found, BOOK, "Riverbend", BY, called)


def test_a_draft_says_who_how_much_and_by_when(drafted):
    assert drafted.line == (
        "Reduce the share who name “Getting there” as what makes school hard among families who use Haitian Creole at "
        "Riverbend from 60% to 41% (to be set by you) by 2027-06-30 (to be set by you)."
    )
    assert [lack.field for lack in check(drafted)] == ["target", "by"]


def test_the_target_is_half_of_the_way_to_everybody_else(drafted, bus):
    assert (bus.share, bus.others) == (0.6, 42 / 190)
    assert drafted.target == 0.41
    near = replace(bus, others=0.599)
    assert draft(near, summary(), BOOK, "here", BY).target < 0.6


def test_a_rare_barrier_has_a_target_below_what_is_now(found, bus):
    groups = found.groups["language"]
    rare = replace(groups["ht"], heard=4000, themes={"transport": 15 / 4000})
    few = replace(found, groups={"language": {**groups, "ht": rare}})

    made = draft(replace(bus, share=15 / 4000, others=0.001), few, BOOK, "Riverbend", BY, called)

    assert (made.start, made.target) == (0.0037, 0.0024)
    assert "from 0.37% to 0.24%" in made.line
    assert [lack.field for lack in check(made)] == ["target", "by"]


def test_the_evidence_has_the_base_the_interval_the_gap_and_the_response(drafted):
    told = " ".join(one.text for one in drafted.evidence)

    assert "60% of 100 heard among families who use Haitian Creole" in told
    assert "(95% interval 50% to 69%)" in told
    assert "Of everybody else who was heard, 22% did: a gap of 38 points" in told
    assert "102 of 290 people heard" in told
    assert "100 of 100 asked among families who use Haitian Creole answered (100%)" in told
    assert {one.kind for one in drafted.evidence} == {"listening"}


def test_what_is_not_known_and_who_was_not_heard_are_said(drafted):
    unknown = " ".join(drafted.unknown)

    assert "160 of 450 people" in unknown
    assert "people have not read enough" in unknown
    assert len(drafted.not_heard) == 1
    assert "language vi" in drafted.not_heard[0]
    assert "20% of 200 asked answered (64% of everybody)" in drafted.not_heard[0]
    assert "made up" not in as_text(drafted)  # quotes by reference, no words


def test_nothing_is_drafted_from_numbers_that_are_not_shown(found, bus):
    for gap in (replace(bus, group="so"), replace(bus, theme="needs"), replace(bus, dimension="grade")):
        with pytest.raises(ValueError, match="not in the shown numbers"):
            draft(gap, found, BOOK, "here", BY)
    with pytest.raises(ValueError, match="less often"):
        draft(replace(bus, difference=-0.2), found, BOOK, "here", BY)


def test_a_statement_is_kept_as_it_is(drafted):
    assert from_json(to_json(drafted)) == drafted


def test_people_set_what_was_proposed_and_then_nothing_lacks(drafted):
    mine = edited(edited(drafted, "target", "35%"), "by", "2027-05-01")
    mine = edited(mine, "evidence.records", "Transport log, October: 71% of runs on time.")

    assert mine.target == 0.35
    assert "to 35% by 2027-05-01." in mine.line
    assert check(mine) == ()
    assert mine.evidence[-1] == Evidence("records", "Transport log, October: 71% of runs on time.")


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("target", "many", "30% or 0.3"),
        ("target", "130%", "30% or 0.3"),
        ("by", "summer", "2027-06-30"),
        ("verb", "Fix", "Reduce or Increase"),
        ("about", "x", "cannot be set"),
        ("evidence.hearsay", "x", "evidence.records"),
    ],
)
def test_what_cannot_be_set_says_what_can(drafted, field, value, told):
    with pytest.raises(ValueError, match=told):
        edited(drafted, field, value)


@pytest.fixture
def agreed(drafted):
    return edited(edited(drafted, "target", "35"), "by", "2027-05-01")


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("what", "the share who miss school because of the bus", "names a cause"),
        ("what", "absences due to late buses", "names a cause"),
        ("what", "lateness by adding a bus", "solution"),
        ("what", "the share who should get a new bus", "solution"),
        ("who", "families through a workshop", "solution"),
        ("who", "parents who don't care", "blames"),
        ("who", "families who often refuse to answer", "blames"),
        ("our_rules", "Some parents just do not respond.", "blames"),
        ("going_well", "hard-to-reach families came", "blames"),
        ("target", "80%", "does not go with"),
        ("verb", "Increase", "does not go with"),
    ],
)
def test_causes_solutions_blame_and_turned_numbers_are_found(agreed, field, value, problem):
    (lack,) = check(edited(agreed, field, value))
    assert problem in lack.problem


@pytest.mark.parametrize(
    ("what", "who"),
    [
        ("the share who name “Lack of time” as what makes school hard", "families who use Somali"),
        ("the share who say the bus came late", "families with children in grades 6 to 8"),
        ("the share of families who do not receive messages in their language", "families at Marsh"),
        ("mornings on which a child has no ride", "children who care for a brother or sister"),
    ],
)
def test_plain_statements_pass(agreed, what, who):
    assert check(edited(edited(agreed, "what", what), "who", who)) == ()


def test_a_number_a_date_and_a_listening_source_are_asked_for(agreed):
    def lacks(**changes):
        return [lack.field for lack in check(replace(agreed, **changes))]

    assert lacks(start=None) == ["start"]
    assert lacks(by=None) == ["by"]
    assert lacks(evidence=()) == ["evidence"]
    assert lacks(evidence=(Evidence("records", "SIS"),)) == ["evidence"]
