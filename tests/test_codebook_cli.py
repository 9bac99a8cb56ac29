"""openline codebook: in, out, split and merged; and what people have coded goes with it. On both databases."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from sqlalchemy import insert, select

import survey_flows
from analysis import codebook
from analysis.codebook import files
from bot import recoding
from bot.cli.root import Problem
from bot.codebooks import Books
from bot.shelf import Shelf
from bot.store.readings import put
from bot.store.tables import answers, codings, conversations, people, readings

REAL = Path(
    os.environ.get("OPENLINE_PATIENT_CODEBOOK")
    or Path(__file__).parents[2] / "shared/data/nhs_px/framework3_codebook.qmd"
)
BUNDLED = codebook.load()

PAGE = """---
title: "What families say"
---
## Getting there

::: {.callout-note title="Buses"}
The bus, whether it comes.
Examples:
'The bus is late', 'No bus at night'
:::

::: {.callout-note title="Walking"}
On foot.
:::
"""
ROADS = """id: roads
version: "1"
title: Roads
themes:
  - id: road
    label: The road
    definition: Getting here.
    kind: barrier
    themes:
      - id: road.cost
        label: Costs too much
        definition: Money for the trip.
        reach: partners
        examples: {en: [gas is too expensive, the bus pass costs a lot, no money for it]}
      - id: road.fare
        label: Fares
        definition: The fare.
        examples: {en: [the fare went up]}
      - id: road.mud
        label: Mud
        definition: The road is mud.
        examples: {en: [mud to the knees]}
"""

on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
"""For what hangs on files, and not on the store."""


@pytest.fixture
def openline(typed, monkeypatch):
    monkeypatch.setenv("OPENLINE_START_SURVEY", "")
    return typed


@pytest.fixture
def roads(tmp_path):
    path = tmp_path / "roads.yaml"
    path.write_text(ROADS, encoding="utf-8")
    return path


@pytest.fixture
async def read(database, clock, new_id):
    """Answers to transport-family that the machine has coded, and that a person has read or not: gives their ids."""
    async with database.begin() as db:
        survey = await Shelf().publish(db, survey_flows.library("transport-family"), clock(), new_id)
        person, talk = new_id(), new_id()
        await db.execute(
            insert(people).values(
                id=person,
                respondent="family",
                language="en",
                language_by="import",
                groups={},
                created_at=clock(),
            )
        )
        await db.execute(
            insert(conversations).values(
                id=talk, survey_id=survey, person_id=person, state="completed", started_at=clock()
            )
        )

    async def read(machine, staff=None, book="roads", coder="staff:ines"):
        id_ = new_id()
        said = {"heard": "words", "understood": True, "declared": "en", "kind": "open", "question": "hard"}
        about = {"survey_id": survey, "conversation_id": talk, "person_id": person, "created_at": clock()}

        def coding(theme, whose):
            return {
                "id": new_id(),
                "answer_id": id_,
                "theme": theme,
                "probability": 1.0,
                "coder": whose,
                "evidence": {},
                "created_at": clock(),
            }

        async with database.begin() as db:
            await db.execute(insert(answers).values(id=id_, coder="cues-1", doubt=0.3, **said, **about))
            if machine:
                await db.execute(insert(codings), [coding(theme, "cues-1") for theme in machine])
            if staff is not None:
                reading = {
                    "id": new_id(),
                    "answer_id": id_,
                    "coder": coder,
                    "purpose": "review",
                    "drawn": "lot",
                    "codebook": book,
                    "codebook_version": "1",
                    "machine": "cues-1",
                    "note": None,
                    "created_at": clock(),
                    "changed_at": clock(),
                }
                await put(db, [reading], [coding(theme, coder) for theme in staff])
        return id_

    return read


@pytest.fixture
def themes(database):
    async def themes():
        async with database.read() as db:
            return await recoding.snapshot(db, ["transport-family"])

    return themes


async def newest(database, key):
    async with database.read() as db:
        return await Books(bundled=BUNDLED).get(db, key)


@on_sqlite
async def test_a_page_is_imported_once_and_a_changed_page_is_the_next_version(database, openline, tmp_path):
    page = tmp_path / "families.qmd"
    page.write_text(PAGE, encoding="utf-8")

    first = await openline(
        "codebook", "import", str(page), "--key", "said", "--reach", "getting_there=district"
    )
    again = await openline("codebook", "import", str(page), "--key", "said")
    page.write_text(PAGE.replace("'No bus at night'", "'No bus on Sundays'").replace("On foot.", "By foot."))
    changed = await openline("codebook", "import", str(page), "--key", "said")

    assert "said: version 1 (2 themes under 1)." in first
    assert "note: no examples: getting_there.walking" in first
    assert "openline codebook use said --for SURVEY" in first
    assert "nothing new. This is version 1" in again
    assert "said: version 2" in changed
    assert "changed  getting_there.walking, definition: 'On foot.' -> 'By foot.'" in changed
    assert "changed  getting_there.buses, examples en: + No bus on Sundays" in changed
    book = await newest(database, "said")
    # A page has no place for who can change it, so that stays.
    assert {theme.reach for theme in book} == {"district"}
    assert "No bus on Sundays" in await openline("codebook", "compare", "said@1", "said")


@on_sqlite
@pytest.mark.data
@pytest.mark.skipif(not REAL.exists(), reason="needs the patient codebook in OPENLINE_PATIENT_CODEBOOK")
async def test_the_patient_codebook_comes_in_and_goes_out_in_every_form(database, openline, tmp_path):
    told = await openline(
        "codebook", "import", str(REAL), "--key", "patients", "--other", "general.not_assigned"
    )
    again = await openline("codebook", "import", str(REAL), "--key", "patients")

    assert "patients: version 1 (33 themes under 10)." in told
    assert "no examples: general.not_assigned" in told
    assert "nothing new" in again
    book = await newest(database, "patients")
    assert len(book.barriers) == 32
    assert sum(bool(book[code].examples) for code in book.codes) == 32
    for suffix in ("yaml", "csv", "qdc"):
        path = tmp_path / f"out.{suffix}"
        await openline("codebook", "export", "patients", str(path))
        assert files.read(path.read_bytes(), path.name).codebook.themes == book.themes
        assert "nothing new" in await openline("codebook", "import", str(path))


@on_sqlite
async def test_a_file_that_is_changed_without_a_new_version_gets_one(database, openline, roads):
    await openline("codebook", "import", str(roads))
    roads.write_text(ROADS.replace("Fares", "Bus fares"))

    told = await openline("codebook", "import", str(roads))
    roads.write_text(ROADS.replace("Fares", "Tickets").replace('"1"', '"2026-10"'))
    stated = await openline("codebook", "import", str(roads))
    roads.write_text(ROADS)
    old = await openline("codebook", "import", str(roads))

    assert "roads: version 2" in told
    assert "renamed  road.fare: 'Fares' -> 'Bus fares'" in told
    assert "roads: version 2026-10" in stated
    assert "nothing new. This is version 1, which is here already." in old
    assert "Version 2026-10 has come after it" in old
    assert (await newest(database, "roads")).version == "2026-10"
    back = await openline("codebook", "import", str(roads), "--version", "4")
    assert "roads: version 4" in back
    with pytest.raises(Problem, match="version 2 is here already"):
        await openline("codebook", "import", str(roads), "--version", "2")


MISTAKES = [
    (ROADS.replace("label: Mud", "labl: Mud"), r"line 19, theme road\.mud: unknown key 'labl'"),
    (
        ROADS.replace("reach: partners", "reach: town"),
        r"line 10, theme road\.cost: 'reach' is 'town'. Write one",
    ),
    (ROADS.replace("road.mud", "road.fare"), r"line 19, theme road\.fare: the id is used twice"),
    (ROADS.replace("[mud to", "[mud: to"), "roads.yaml"),
    (ROADS.replace("id: roads", "id: Our roads"), "no spaces"),
    ("", "the file is empty"),
]


async def test_a_file_with_a_mistake_is_refused_as_a_whole(database, openline, roads):
    for wrong, told in MISTAKES:
        roads.write_text(wrong)
        with pytest.raises(Problem, match=told):
            await openline("codebook", "import", str(roads))

    async with database.read() as db:
        assert await Books(bundled=BUNDLED).keys(db) == ["school_barriers"]


@on_sqlite
async def test_wishes_that_name_no_theme_are_told(openline, roads):
    for option in (["--reach", "road.cost=town"], ["--reach", "road.gas=school"], ["--other", "road.gas"]):
        with pytest.raises(Problem, match=r"THEME=WHO|no theme road\.gas"):
            await openline("codebook", "import", str(roads), *option)


@on_sqlite
async def test_the_bundled_codebook_is_exported_changed_and_brought_back(database, openline, tmp_path, read):
    path = tmp_path / "ours.csv"
    await openline("codebook", "export", "school_barriers", str(path))
    text = path.read_text("utf-8-sig").replace("Home internet", "Internet at home")
    path.write_text(text, encoding="utf-8-sig")
    with pytest.raises(Problem, match="is there already: perhaps somebody has changed it"):
        await openline("codebook", "export", "school_barriers", str(path))
    assert path.read_text("utf-8-sig") == text
    await read(["digital.internet"], book="school_barriers")

    told = await openline("codebook", "import", str(path))
    listed = await openline("codebook", "list")

    assert "school_barriers: version 2" in told
    assert "renamed  digital.internet: 'Home internet' -> 'Internet at home'" in told
    assert "openline code --again" in told  # a label teaches
    assert "version 2 (comes with Openline, changed here, since" in listed
    assert "used for: every survey that names no other; transport-family" in listed
    shown = await openline("codebook", "show", "digital.internet")
    assert "digital.internet  Internet at home" in shown
    assert "who can change it: partners" in shown
    assert "Home internet" in await openline("codebook", "show", "school_barriers@1")
    assert "Home internet" in await openline(
        "codebook", "show", "school_barriers@shipped", "digital.internet"
    )


@on_sqlite
async def test_what_the_coder_does_not_learn_from_leaves_codings_alone(openline, roads, read):
    await read([], None)
    await openline("codebook", "import", str(roads))
    await openline("codebook", "use", "roads", "--for", "transport-family")
    roads.write_text(ROADS.replace("reach: partners", "reach: district"))

    told = await openline("codebook", "import", str(roads))

    assert "changed  road.cost, reach: 'partners' -> 'district'" in told
    assert "what was coded stays" in told
    assert "--again" not in told


async def test_two_themes_become_one_and_people_s_codings_follow(database, openline, roads, read, themes):
    await openline("codebook", "import", str(roads))
    await openline("codebook", "use", "roads", "--for", "transport-family")
    both = await read(["road.mud"], ["road.cost", "road.fare"])
    one = await read(["road.cost"], ["road.cost", "road.mud"])
    other = await read(["road.cost"], ["road.mud"])
    machine = await read(["road.cost"])

    told = await openline("codebook", "merge", "roads", "road.cost", "road.fare")

    assert "merged   road.fare, road.cost -> road.fare" in told
    assert "2 readings with a theme that goes by another name" in told
    assert "openline code --again" in told
    assert await themes() == {
        both: {"road.fare"},
        one: {"road.fare", "road.mud"},
        other: {"road.mud"},
        machine: {"road.cost"},  # the coder's own: it reads them again
    }
    async with database.read() as db:
        moved = (await db.execute(select(codings).where(codings.c.answer_id == one))).all()
    assert {row.theme: row.evidence for row in moved if row.coder == "staff:ines"} == {
        "road.fare": {"was": "road.cost"},
        "road.mud": {},
    }
    book = await newest(database, "roads")
    assert book.codes == ("road.fare", "road.mud")
    assert book["road.fare"].map == {"was": "road.cost"}


async def test_chances_of_other_codes_are_forgotten_also_where_there_are_as_many(
    database, openline, roads, read
):
    await openline("codebook", "import", str(roads))
    await openline("codebook", "use", "roads", "--for", "transport-family")
    answer = await read(["road.cost"])

    async def chances(set_=None):
        async with database.begin() as db:
            if set_ is not None:
                await db.execute(answers.update().values(chances=set_, held=set_))
            return (await db.execute(select(answers.c.chances, answers.c.held))).one()

    await chances(b"123456")
    await openline("codebook", "merge", "roads", "road.cost", "road.fare")
    assert await chances() == (None, None)

    await chances(b"1234")
    roads.write_text(ROADS.replace("Mud\n", "Wet mud\n"), encoding="utf-8")
    await openline("codebook", "import", str(roads))
    await chances(b"123456")
    await openline("codebook", "import", str(roads))
    assert await chances() == (b"123456", b"123456")  # the same codes in their order
    await openline("codebook", "use", "school_barriers", "--for", "transport-family")
    assert await chances() == (None, None)
    assert answer


async def test_one_theme_becomes_two_and_what_people_gave_it_is_read_again(
    database, openline, roads, read, themes
):
    await openline("codebook", "import", str(roads))
    await openline("codebook", "use", "roads", "--for", "transport-family")
    given = await read(["road.cost"], ["road.mud", "road.cost"])
    other = await read(["road.cost"], ["road.mud"])

    told = await openline(
        "codebook", "split", "roads", "road.cost", "--into", "gas=Gas", "--into", "road.pass=Bus pass",
        "--words", "gas=gas, fuel", "--words", "pass=bus pass", "--definition", "gas=Fuel costs too much.",
    )  # fmt: skip

    assert "split    road.cost -> road.gas, road.pass" in told
    assert "Due for review again: 1 answer that people had read." in told
    assert "road.gas has 1 of the examples." in told
    assert "1 example went to no part" in told
    assert "  en: no money for it" in told
    assert await themes() == {given: {"road.cost"}, other: {"road.mud"}}  # the machine's counts until then
    async with database.read() as db:
        row = (await db.execute(select(answers).where(answers.c.id == given))).one()
        kept = (await db.execute(select(codings.c.theme).where(codings.c.coder == "staff:ines"))).scalars()
        assert row.decided is None
        assert sorted(kept) == [
            "road.cost",
            "road.mud",
            "road.mud",
        ]  # nothing that a person did is thrown away
    book = await newest(database, "roads")
    assert book.codes == ("road.gas", "road.pass", "road.fare", "road.mud")
    assert book["road.gas"].definition == "Fuel costs too much."
    assert book["road.gas"].reach == "partners"


async def test_a_split_or_merge_that_cannot_be_made_changes_nothing(database, openline, roads):
    await openline("codebook", "import", str(roads))
    for command, told in (
        (["merge", "roads", "road.gas", "road.fare"], "no such theme"),
        (["merge", "roads@1", "road.cost", "road.fare"], "only the newest"),
        (["split", "roads", "road.cost", "--into", "gas=Gas"], "two parts"),
        (["split", "roads", "road.cost", "--into", "gas"], "write it as ID="),
        (["split", "roads", "road.cost", "--into", "a=A", "--into", "b=B", "--words", "c=x"], "no such part"),
        (["use", "roads", "--for", "nothing"], "There is no survey nothing"),
        (["use", "rivers", "--for", "transport-family"], "no codebook rivers"),
        (["show", "roads", "road.gas"], "has no theme road.gas"),
        (["show", "roads@7"], "no version 7"),
        (["export", "roads", "roads.docx"], "ends in .yaml"),
        (["compare", "roads", "nowhere.yaml"], "no file nowhere.yaml"),
        (["import", str(roads), "--by", "kim@example.org"], "No account"),
    ):
        with pytest.raises(Problem, match=told):
            await openline("codebook", *command)
    async with database.read() as db:
        assert await Books(bundled=BUNDLED).versions(db, "roads") == ["1"]


async def test_another_codebook_for_a_survey_sets_people_s_readings_aside_only_when_meant(
    database, openline, roads, read, themes
):
    await openline("codebook", "import", str(roads))
    id_ = await read(["transport.cost"], ["transport.no_ride"], "school_barriers")

    asked = await openline("codebook", "use", "roads", "--for", "transport-family", said="n\n")
    before = await themes()
    meant = await openline("codebook", "use", "roads", "--for", "transport-family", "--yes")

    assert "People have read 1 answer with the codebook school_barriers" in asked
    assert "Nothing has changed" in asked
    assert before == {id_: {"transport.no_ride"}}
    assert "transport-family is coded with roads, no longer with school_barriers." in meant
    assert await themes() == {id_: {"transport.cost"}}
    async with database.read() as db:
        assert (await db.execute(select(readings.c.purpose))).scalars().all() == ["stale"]
        assert (await Books(bundled=BUNDLED).of_survey(db, "transport-family")).id == "roads"


async def test_answers_without_any_theme_are_in_the_picture_and_uncoded_ones_are_not(database, read, themes):
    nothing = await read([])
    unread = await read([])
    async with database.begin() as db:
        await db.execute(answers.update().where(answers.c.id == unread).values(coder=None))

    assert await themes() == {nothing: frozenset()}


@on_sqlite
async def test_check_says_what_a_careful_reader_would_mend_and_needs_no_store(openline, roads, monkeypatch):
    monkeypatch.setenv("OPENLINE_DATABASE_URL", "sqlite:////nowhere/at/all.db")
    roads.write_text(
        ROADS.replace("the fare went up", "Mud to the knees")
        .replace("definition: The fare.", 'definition: The fare.\n        exclude: "Gas: road.gas."')
    )  # fmt: skip

    told = await openline("codebook", "check", str(roads))
    data = json.loads(await openline("codebook", "check", str(roads), "--json"))

    assert "3 themes under 1, examples in en." in told
    assert "the same example stands under road.fare and road.mud (en): 'mud to the knees'" in told
    assert "road.fare, exclude: names road.gas, which is no theme here" in told
    assert "no word on who can change it (reach): road.fare, road.mud" in told
    assert data["codes"] == 3
    assert len(data["remarks"]) == 4


@on_sqlite
async def test_lists_and_themes_are_data_too(openline, roads):
    await openline("codebook", "import", str(roads))

    listed = json.loads(await openline("codebook", "list", "--json"))
    shown = json.loads(await openline("codebook", "show", "roads", "road.cost", "--json"))
    compared = json.loads(await openline("codebook", "compare", "roads", str(roads), "--json"))

    assert [(one["key"], one["source"], one["codes"]) for one in listed] == [
        ("school_barriers", "bundled", len(BUNDLED.codes)),
        ("roads", "imported", 3),
    ]
    assert [theme["id"] for theme in shown["themes"]] == ["road.cost"]
    assert shown["themes"][0]["reach"] == "partners"
    assert compared["added"] == compared["removed"] == []
