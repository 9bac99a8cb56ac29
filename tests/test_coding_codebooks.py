"""The room "coding" over HTTP: new themes, codebooks, coding again; who may, and what is refused."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

from coding_world import BUS, NOBODY, SCHOOL, here, ines, kim, rows
from office import plain
from sqlalchemy import insert

from analysis.codebook import files
from bot.store.tables import answers, audit, codebooks, proposals

__all__ = ["here", "ines", "kim"]  # the fixtures


LAMPS = ("the lamp at our stop is broken", "our stop has no lamp at all", "so dark, the lamp is gone", "a broken lamp there",
         "no lamp where we wait", "there is no lamp, my son is afraid")  # fmt: skip


async def proposed(here):
    members = [await here.say.says(f"{text} ({n})", {}, english=None) for n in range(2) for text in LAMPS]
    id_ = here.app.new_id()
    async with here.app.database.begin() as db:
        await db.execute(
            insert(proposals).values(
                id=id_, survey="bus", codebook=SCHOOL, label="lamp", words={"en": ["lamp", "dark"]},
                members=[str(each) for each in members], state="open", created_at=here.clock(), changed_at=here.clock())
        )  # fmt: skip
    return id_


async def test_a_look_for_new_themes_runs_beside_the_pages_and_tells_how_far_it_is(here, ines, kim):
    for n in range(2):
        for text in LAMPS:
            await here.say.says(f"{text} {n}", {})
    assert "What do families speak of" in plain((await ines.see("/coding/bus/emerging")).h1)
    assert (await kim.post("/coding/bus/emerging")).status_code == 403

    await ines.do("/coding/bus/emerging")
    for _ in range(200):
        part = await ines.get("/coding/bus/emerging/live")
        if "every 2s" not in part.text:
            break
        await asyncio.sleep(0.05)

    assert "The look is finished" in part.text
    page = await ines.see("/coding/bus/emerging")
    assert "1 group of replies may be a theme of its own" in plain(page.h1)
    assert "12 people" in plain(page.main)
    assert "lamp" in plain(page.main)


async def test_a_group_becomes_a_theme_of_the_next_version(here, ines):
    id_ = await proposed(here)
    at = f"/coding/bus/emerging/{id_}"

    refused = await ines.do(f"{at}/accept", {"label": " "}, 422)
    page = await ines.do(f"{at}/accept", {"label": "Dark bus stops", "under": "transport", "examples": "yes"})

    assert "Give the theme a name" in plain(refused.select_one(".problems"))
    assert "Dark bus stops" in plain(page.main)
    assert "version 2" in plain(page.main)
    (row,) = await rows(here, proposals)
    assert (row.state, row.theme) == ("accepted", "transport.local_dark_bus_stops")
    (entry,) = await rows(here, audit, audit.c.did == "theme.accept")
    assert entry.staff_id == ines.member.id
    assert "Dark" not in str(entry.detail)
    again = await ines.do(f"{at}/accept", {"label": "Dark", "under": ""}, 422)
    assert "decided on this group already" in plain(again.main)


async def test_a_dismissed_group_can_be_brought_back(here, ines, kim):
    id_ = await proposed(here)
    assert "Make it a theme" not in plain((await kim.see("/coding/bus/emerging")).main)
    assert (await kim.post(f"/coding/bus/emerging/{id_}/dismiss")).status_code == 403

    page = await ines.do(f"/coding/bus/emerging/{id_}/dismiss")
    assert "Dismissed" in plain(page.select_one(".said"))
    assert "lamp" not in plain(page.main)
    back = await ines.do(page.select_one(".said form")["action"])

    assert "lamp" in plain(back.main)
    assert (await ines.post(f"/coding/bus/emerging/{NOBODY}/dismiss")).status_code == 404


def hidden(page):
    """What the look at a change holds, to be sent again."""
    form = page.select_one("form.actions")
    fields = {
        each["name"]: each.get("value") or "" for each in form.select("input") if each["name"] != "csrf"
    }
    return fields | {each["name"]: each.get_text().removeprefix("\n") for each in form.select("textarea")}


async def test_a_codebook_is_a_tree_that_can_be_downloaded(here, ines, kim):
    page = await kim.see(f"/codebooks/{SCHOOL}")
    theme = await kim.see(f"/codebooks/{SCHOOL}/theme/transport.cost")

    assert len(page.select("section.panel .rows > li")) == len(here.app.books.bundled.codes)
    assert "Add a theme" not in plain(page.main)
    assert "gas money runs out" in plain(theme.main)
    for kind in ("csv", "yaml", "qdc"):
        file = await kim.get(f"/codebooks/{SCHOOL}/export.{kind}")
        assert files.read(file.content, f"x.{kind}").codebook.codes == here.app.books.bundled.codes
    assert (await kim.get(f"/codebooks/{SCHOOL}/theme/transport.cost/edit")).status_code == 403
    assert (await kim.post(f"/codebooks/{SCHOOL}/theme/transport.cost/edit")).status_code == 403


async def test_a_codebook_whose_name_is_in_another_script_can_be_downloaded(here, ines):
    book = replace(here.app.books.bundled, id="s学校", version="1")
    async with here.app.database.begin() as db:
        await here.app.books.add(db, book, None, here.clock(), here.app.new_id)

    answer = await ines.get("/codebooks/s学校/export.csv")

    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="s--1.csv"'


async def test_a_changed_theme_is_shown_first_and_saved_as_the_next_version(here, ines):
    at = f"/codebooks/{SCHOOL}/theme/transport.cost/edit"
    form = await ines.see(at)
    fields = {
        each["name"]: each.get("value") or "" for each in form.select("#form input") if each["name"] != "csrf"
    }
    fields |= {each["name"]: each.get_text().removeprefix("\n") for each in form.select("#form textarea")}
    fields |= {"reach": "partners", "label": "The trip costs too much", "cues-ht": "gaz la twò chè\nnouvo mo"}

    look = await ines.do(at, fields)
    assert await rows(here, codebooks) == []
    words = plain(look.main)
    assert "Trip costs too much" in words
    assert "The trip costs too much" in words
    assert "nouvo mo" in words
    saved = await ines.do(at, hidden(look) | {"sure": "yes"})

    assert "Version 2 is saved" in plain(saved.main)
    async with here.app.database.read() as db:
        book = await here.app.books.get(db, SCHOOL)
    assert book["transport.cost"].label == "The trip costs too much"
    assert book["transport.cost"].examples == here.app.books.bundled["transport.cost"].examples
    assert book["transport.cost"].cues["ht"] == ("gaz la twò chè", "nouvo mo")
    (entry,) = await rows(here, audit, audit.c.did == "codebook.change")
    assert entry.detail["how"] == "edit"
    compared = await ines.see(f"/codebooks/{SCHOOL}/compare?old=1&new=2")
    assert "The trip costs too much" in plain(compared.main)
    assert "older version" in plain((await ines.see(f"/codebooks/{SCHOOL}?version=1")).main)


async def test_a_form_that_was_looked_at_can_be_changed_again_and_an_older_one_is_not_saved(here, ines):
    at = f"/codebooks/{SCHOOL}/add"
    new = {
        "under": "transport",
        "label": "Dark stops",
        "definition": "No light at the stop.",
        "examples-en": "no lamp",
    }
    look = await ines.do(at, new)

    again = await ines.do(at, hidden(look) | {"again": "yes"})
    await ines.do(at, hidden(look) | {"sure": "yes"})
    late = await ines.do(at, hidden(look) | {"sure": "yes", "label": "Other"}, 422)

    assert again.select_one("#label")["value"] == "Dark stops"
    assert "Somebody has saved another version meanwhile" in plain(late.main)
    assert len(await rows(here, codebooks)) == 2


async def test_a_form_that_was_opened_before_a_colleague_saved_warns_that_it_may_take_theirs_back(here, ines):
    at = f"/codebooks/{SCHOOL}/theme/transport.cost/edit"

    def typed(page):
        boxes = page.select("#form textarea[name], #form input[name]:not([name=csrf])")
        told = {one["name"]: one.get("value") or one.get_text().removeprefix("\n") for one in boxes}
        return told | {
            one["name"]: (one.select_one("[selected]") or one.option)["value"]
            for one in page.select("#form select")
        }

    mine = typed(await ines.see(at))
    look = await ines.do(at, mine | {"definition": "Fuel and fares."})
    assert not look.select(".problems")
    await ines.do(at, hidden(look) | {"sure": "yes"})

    wrong = await ines.do(at, mine | {"label": ""}, 422)
    late = await ines.do(at, typed(wrong) | {"label": "Trips cost too much"}, 422)

    assert "Somebody has saved version 2 since you opened the form" in plain(late.select_one(".problems"))
    assert "Fuel and fares." in plain(late.select_one("#difference"))
    await ines.do(at, hidden(late) | {"sure": "yes"})
    async with here.app.database.read() as db:
        assert (await here.app.books.get(db, SCHOOL))["transport.cost"].label == "Trips cost too much"


async def test_what_is_wrong_with_a_theme_is_said_at_its_field_and_answers_are_kept(here, ines):
    at = f"/codebooks/{SCHOOL}/add"

    page = await ines.do(at, {"under": "", "top": "", "label": "", "definition": "Something."}, 422)

    assert page.title.get_text().startswith("Error: ")
    assert {link["href"] for link in page.select(".problems a")} == {"#label", "#top"}
    assert page.select_one("#definition").get_text().strip() == "Something."
    strange = {"label": "x", "definition": "x", "tag-new": "not a tag", "examples-new": "x"}
    wrong = await ines.do(f"/codebooks/{SCHOOL}/theme/transport.cost/edit", strange, 422)
    assert "Write the language as a tag" in plain(wrong.select_one(".problems"))


async def test_people_s_readings_follow_a_merge_and_are_due_again_after_a_split(here, ines):
    first, second = await here.say.says("gas is dear"), await here.say.says("the bus is late")
    await here.say.reads(ines, first, "transport.cost")
    await here.say.reads(ines, second, BUS)

    merge = f"/codebooks/{SCHOOL}/theme/transport.cost/merge"
    look = await ines.do(merge, {"into": "transport.no_ride"})
    assert "1 reading by a person follows" in plain(look.main)
    await ines.do(merge, hidden(look) | {"sure": "yes"})
    split = f"/codebooks/{SCHOOL}/theme/{BUS}/split"
    assert "Name two parts or more" in plain((await ines.do(split, {"label-1": "Late"}, 422)).main)
    look = await ines.do(
        split, {"label-1": "Late bus", "words-1": "late", "label-2": "No bus", "words-2": "never"}
    )
    assert "1 reply that people have read is due to be read again" in plain(look.main)
    page = await ines.do(split, hidden(look) | {"sure": "yes"})

    assert "Late bus" in plain(page.main)
    assert "Trip costs too much" not in plain(page.main)
    decided = {row.id: row.decided for row in await rows(here, answers)}
    assert decided[first] is not None
    assert decided[second] is None


async def test_a_theme_moves_to_another_group_and_its_readings_with_it(here, ines):
    answer = await here.say.says("gas is dear")
    await here.say.reads(ines, answer, "transport.cost")
    at = f"/codebooks/{SCHOOL}/theme/transport.cost/move"

    assert "Choose another group" in plain((await ines.do(at, {"under": "transport"}, 422)).main)
    look = await ines.do(at, {"under": "needs"})
    await ines.do(at, hidden(look) | {"sure": "yes"})

    assert "Trip costs too much" in plain((await ines.see(f"/codebooks/{SCHOOL}/theme/needs.cost")).main)
    assert "You saved last: Trip costs too much" in plain((await ines.see("/coding/bus")).main)


async def test_a_file_is_checked_and_its_mistakes_told_before_it_is_brought_in(here, ines):
    yaml = b"id: lunch\nversion: '1'\ntitle: Lunch\nthemes:\n  - id: food\n    label: Food\n    definition: Lunch.\n    kind: barrier\n    themes:\n      - {id: food.cold, label: Cold, definition: It is cold., examples: {en: [it is cold]}}\n"

    none = await ines.do("/codebooks/import", {"key": ""}, 422)
    bad = await ines.do(
        "/codebooks/import", files={"file": ("x.yaml", yaml.replace(b"label", b"labl"))}, status=422
    )
    look = await ines.do("/codebooks/import", files={"file": ("lunch.yaml", yaml)})
    page = await ines.do("/codebooks/import", hidden(look) | {"sure": "yes"})

    assert "Choose a file" in plain(none.select_one(".problems"))
    assert "labl" in plain(bad.select_one(".problems"))
    assert "Check the new codebook “Lunch”" in plain(look.h1)
    assert "Cold" in plain(page.main)
    assert "Lunch" in plain((await ines.see("/codebooks")).main)


async def test_a_survey_takes_another_codebook_after_a_look_at_what_that_costs(here, ines):
    yaml = b"id: lunch\nversion: '1'\ntitle: Lunch\nthemes:\n  - id: food\n    label: Food\n    definition: Lunch.\n    kind: barrier\n    themes:\n      - {id: food.cold, label: Cold, definition: It is cold., examples: {en: [it is cold]}}\n"
    look = await ines.do("/codebooks/import", files={"file": ("lunch.yaml", yaml)})
    await ines.do("/codebooks/import", hidden(look) | {"sure": "yes"})
    answer = await here.say.says("the bus is late")
    await here.say.reads(ines, answer, BUS)

    warned = await ines.do("/codebooks/lunch/use", {"survey": "bus"})
    page = await ines.do("/codebooks/lunch/use", {"survey": "bus", "sure": "yes"})

    assert "1 reply would have to be read again" in plain(warned.h1)
    assert "The bus" in plain(page.select_one("aside"))
    assert (await ines.post("/codebooks/lunch/use", {"survey": "nothing"})).status_code == 404


async def test_coding_again_runs_beside_the_pages_and_shows_what_it_has_changed(here, ines):
    for n in range(30):
        await here.say.says(f"the lamp {n}", (BUS,))

    await ines.do("/codebooks/again")
    for _ in range(600):
        part = await ines.get("/codebooks/again/live")
        if "every 2s" not in part.text:
            break
        await asyncio.sleep(0.05)

    page = plain((await ines.see("/codebooks/again")).main)
    assert "What coding again has changed" in page
    assert re.search(
        r"replies have (other themes now|the themes that they had)|some have other themes", page
    ), page
