"""The difference of two codebooks, and where each old code has gone."""

from __future__ import annotations

import json

import pytest

from analysis import codebook
from analysis.codebook import Codebook, CodebookError, Theme
from analysis.codebook.changes import compare


def theme(code: str, label: str = "", **more: object) -> Theme:
    parent = code.partition(".")[0] if "." in code else None
    given = {"definition": "what it means", "include": "", "exclude": "", "kind": "barrier", **more}
    return Theme(code, parent, label or code, **given)


def book(*themes: Theme, version: str = "1") -> Codebook:
    return Codebook("roads", version, "Roads", themes)


ROAD = theme("road", "The road")
MUD = theme("road.mud", "Mud", examples={"en": ("mud to the knees", "stuck in mud"), "es": ("lodo",)})
DUST = theme("road.dust", "Dust and sand", examples={"en": ("dust in the eyes",)})


def changed(old: Theme, code: str = "", **more: object) -> Theme:
    fields = {name: getattr(old, name) for name in Theme.__slots__ if name not in ("id", "parent", "label")}
    return theme(code or old.id, str(more.pop("label", old.label)), **{**fields, **more})


def test_a_codebook_does_not_differ_from_itself():
    found = compare(codebook.load(), codebook.load())

    assert not found
    assert found.text() == "Nothing has changed."
    assert found.onto == {each.id: (each.id,) for each in codebook.load()}
    assert found.to_read_again() == ()


def test_what_is_added_and_removed_is_named():
    found = compare(book(ROAD, MUD), book(ROAD, DUST, version="2"))

    assert [each.id for each in found.added] == ["road.dust"]
    assert [each.id for each in found.removed] == ["road.mud"]
    assert found.onto["road.mud"] == ()
    assert found.recode("road.mud") is None
    assert found.to_read_again() == ("road.mud",)


def test_the_same_id_with_another_label_is_renamed_and_nothing_is_read_again():
    found = compare(book(ROAD, MUD), book(ROAD, changed(MUD, label="Deep mud")))

    assert [each.new.label for each in found.renamed] == ["Deep mud"]
    assert found.recode("road.mud") == "road.mud"
    assert found.to_read_again() == ()
    assert found.text() == "renamed  road.mud: 'Mud' -> 'Deep mud'"


def test_another_id_with_a_like_label_has_moved():
    new = book(
        ROAD, theme("way"), theme("way.sand", "Dust, and sand", examples={"en": ("dust in the eyes",)})
    )

    found = compare(book(ROAD, DUST), new)

    assert [(each.old.id, each.new.id) for each in found.moved] == [("road.dust", "way.sand")]
    assert found.recode("road.dust") == "way.sand"
    assert [each.id for each in found.added] == ["way"]


def test_another_id_and_label_with_most_of_the_examples_has_moved():
    found = compare(book(ROAD, MUD), book(ROAD, changed(MUD, "road.wet", label="Ground too wet")))

    assert found.recode("road.mud") == "road.wet"


def test_a_top_theme_is_never_taken_for_a_sub_theme():
    found = compare(book(ROAD, MUD), book(theme("way"), theme("way.x", "The road")))

    assert found.recode("road") is None


def test_the_likest_pair_is_taken_first_and_each_theme_once():
    old = book(ROAD, theme("road.a", "Bus is too late"), theme("road.b", "Bus is too late now"))
    new = book(ROAD, theme("road.c", "Bus is too late now"))

    found = compare(old, new)

    assert found.onto["road.b"] == ("road.c",)
    assert found.onto["road.a"] == ()


def test_another_meaning_is_shown_and_its_replies_are_read_again():
    new = changed(MUD, definition="wet ground", examples={"en": ("mud to the knees", "rain")})

    found = compare(book(ROAD, MUD), book(ROAD, new))

    assert found.text().splitlines() == [
        "changed  road.mud, definition: 'what it means' -> 'wet ground'",
        "changed  road.mud, examples en: + rain",
        "changed  road.mud, examples en: - stuck in mud",
        "changed  road.mud, examples es: - lodo",
    ]
    assert found.to_read_again() == ("road.mud",)


def test_two_themes_stated_to_be_one_now_are_merged():
    found = compare(book(ROAD, MUD, DUST), book(ROAD, MUD), {"road.dust": ["road.mud"]})

    assert found.merged == {"road.mud": ("road.mud", "road.dust")}
    assert found.recode("road.dust") == found.recode("road.mud") == "road.mud"
    assert found.removed == found.added == ()
    assert found.text() == "merged   road.mud, road.dust -> road.mud"


def test_one_theme_stated_to_be_two_now_is_split_and_somebody_decides():
    wet, deep = theme("road.wet"), theme("road.deep")

    found = compare(book(ROAD, MUD), book(ROAD, wet, deep), {"road.mud": ["road.wet", "road.deep"]})

    assert found.split == {"road.mud": ("road.wet", "road.deep")}
    assert found.recode("road.mud") is None
    assert found.to_read_again() == ("road.mud",)
    assert found.added == ()


def test_the_new_codebook_can_state_what_its_themes_were():
    gas = theme("road.gas", map={"was": "road.mud, road.dust"})

    found = compare(book(ROAD, MUD, DUST), book(ROAD, gas))

    assert found.merged == {"road.gas": ("road.mud", "road.dust")}


def test_a_theme_taken_out_of_one_that_stays_splits_it():
    found = compare(book(ROAD, MUD), book(ROAD, MUD, theme("road.wet", map={"was": "road.mud"})))

    assert found.split == {"road.mud": ("road.mud", "road.wet")}
    assert found.added == ()


def test_a_theme_stated_to_be_gone_is_removed_even_if_another_is_like_it():
    found = compare(book(ROAD, MUD), book(ROAD, changed(MUD, "road.mud2")), {"road.mud": []})

    assert [each.id for each in found.removed] == ["road.mud"]
    assert [each.id for each in found.added] == ["road.mud2"]


@pytest.mark.parametrize(
    ("stated", "told"),
    [({"road.x": ["road.mud"]}, "no such theme"), ({"road.mud": ["road.x"]}, "where road.mud goes")],
)
def test_what_is_stated_has_to_exist(stated, told):
    with pytest.raises(CodebookError, match=told):
        compare(book(ROAD, MUD), book(ROAD, MUD), stated)


def test_the_difference_is_data_too():
    found = compare(book(ROAD, MUD, DUST), book(ROAD, changed(MUD, label="Deep mud"), version="2"))

    assert json.loads(json.dumps(found.data())) == {
        "from": {"id": "roads", "version": "1"},
        "to": {"id": "roads", "version": "2"},
        "added": [],
        "removed": ["road.dust"],
        "renamed": {"road.mud": ["Mud", "Deep mud"]},
        "moved": {},
        "merged": {},
        "split": {},
        "changed": {},
        "onto": {"road": ["road"], "road.mud": ["road.mud"], "road.dust": []},
    }
