"""Taking a theme apart: routes, hours and days, over languages, counted by people and never small. All replies are made up."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import codebook, drilling
from analysis.drilling import STEP, drill
from analysis.findings import Asked, Voice
from analysis.summary import summarize

BOOK = codebook.load()
BUS, RIDE = "transport.bus_service", "transport.no_ride"


def voice(person, text, language="en", theme=BUS, route="12"):
    groups = {"language": language, "bus_route": route}
    return Voice(f"p{person}", language, text, None, None, {theme: 0.9}, groups)


def town():
    """Sixty people: the 12 is named in four languages, the 7 by three people; and who has no ride."""
    late = [
        ("the bus 12 came at 6:40", "en"),
        ("la guagua 12 pasa a las 6:40 los lunes", "es"),
        ("bis nimewo 12 la pase 6:40", "ht"),
        ("12路校车早上6点40就走", "zh-Hans"),
    ]
    voices = [voice(at, *late[at % 4]) for at in range(24)]
    voices += [voice(at, "bus 7 was full", route="7") for at in range(24, 27)]
    voices += [voice(at, "no car", theme=RIDE, route="7") for at in range(27, 42)]
    voices += [
        voice(at, "flu", theme="health.illness", route="12" if at % 2 else "7") for at in range(42, 60)
    ]
    return voices


def taken_apart(voices, theme="transport"):
    asked = [Asked(one.person, "answered", one.groups) for one in voices]
    return drill(summarize("fall", asked, voices, BOOK), voices, theme, BOOK)


def test_a_theme_falls_into_parts_and_a_part_into_routes_times_and_days():
    tree = taken_apart(town())

    bus, ride = tree.branches
    assert (tree.count, tree.heard) == (42, 60)
    assert (bus.theme, bus.count, ride.theme, ride.count) == (BUS, 27, RIDE, 15)
    assert [(one.value, one.people) for one in bus.named["route"]] == [("12", 20)]
    assert [(one.value, one.people) for one in bus.named["time"]] == [("6:40", 20)]
    assert [one.value for one in bus.named["hour"]] == ["6:00 to 6:59"]
    assert "day" not in bus.named  # six people named Monday
    assert ride.named == {}
    assert tree.hidden == len(BOOK.children("transport")) - 2


def test_the_groups_are_those_of_the_summary_routes_among_them():
    tree = taken_apart(town())
    routes = [(one.group, round(one.share * one.heard), one.heard) for one in tree.groups["bus_route"]]

    assert routes == [("12", 24, 33), ("7", 18, 27)]
    assert all(one.heard >= 10 for among in tree.groups.values() for one in among)


def test_a_part_says_of_what_its_groups_are_and_a_group_of_everybody_is_none():
    tree = taken_apart(town(), BUS)

    assert (tree.label, tree.whole) == (BOOK[BUS].label, BOOK["transport"].label)
    assert "language" not in tree.groups  # everybody speaks English
    assert "bus_route" in tree.groups


def test_a_part_may_be_asked_for_alone_and_what_there_is_not_is_an_error():
    assert [one.theme for one in taken_apart(town(), BUS).branches] == [BUS]
    assert taken_apart(town(), "transport.cost").branches == ()
    assert taken_apart(town(), "transport.cost").count is None
    for theme in ("x.thanks", "moon"):
        with pytest.raises(KeyError):
            taken_apart(town(), theme)


def test_what_one_person_says_often_counts_once():
    voices = [*town(), *(voice(24, "bus 7 again") for _ in range(30))]
    assert [one.value for one in taken_apart(voices).branches[0].named["route"]] == ["12"]


def test_wordings_are_the_codebooks_in_the_language_they_were_said_in():
    (cue, *_) = BOOK[BUS].cues["es"]
    voices = [*town(), *(voice(100 + at, f"{cue}, siempre", "es") for at in range(12))]

    wordings = {one.value: one.people for one in taken_apart(voices).branches[0].wordings}

    assert wordings[f"{cue} (es)"] == 10


def test_what_many_people_say_is_read_once(monkeypatch):
    reads = []
    monkeypatch.setattr(drilling, "mentions", lambda *said: reads.append(said) or frozenset())

    others = [voice(person, "flu", theme="health.illness") for person in range(500, 600)]
    taken_apart([voice(person, "bus 12 at 7:30") for person in range(500)] + others)

    assert len(reads) == 1


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from("ABC"), st.sampled_from(["7", "12", "31"])), max_size=90
    )
)
def test_no_number_under_ten_is_given_and_none_is_exact(said):
    voices = [voice(person, f"bus {route} {letter}") for person, letter, route in said]
    if not voices:
        return
    people = {}
    for person, _, route in said:
        people.setdefault(route, set()).add(person)

    tree = taken_apart(voices)

    for branch in tree.branches:
        for one in branch.named.get("route", ()):
            assert one.people >= 10
            assert one.people % STEP == 0
            assert 0 <= len(people[one.value]) - one.people < STEP
