"""The codebooks of a place: versions that never change, and which survey is coded with which."""

from __future__ import annotations

from dataclasses import replace

import pytest

import survey_flows
from analysis import codebook
from analysis.codebook import Codebook, CodebookError, Theme
from bot.codebooks import Books, NoCodebook
from bot.shelf import Shelf

BUNDLED = codebook.load()


def theme(code: str, label: str = "", **more: object) -> Theme:
    parent = code.partition(".")[0] if "." in code else None
    given = {"definition": "what it means", "include": "", "exclude": "", "kind": "barrier", **more}
    return Theme(code, parent, label or code, **given)


MUD = theme("road.mud", "Mud", examples={"en": ("mud to the knees",), "ht": ("labou",)}, reach="district")
ROADS = Codebook("roads", "1", "Roads", (theme("road", "The road"), MUD))
DEEP = replace(ROADS, themes=(ROADS.themes[0], replace(MUD, label="Deep mud")))


@pytest.fixture
def books():
    return Books(bundled=BUNDLED)


@pytest.fixture
def add(database, books, clock, new_id):
    async def add(book, version=None):
        async with database.begin() as db:
            return await books.add(db, book, "Ines Muster", clock(), new_id, version)

    return add


async def test_without_anything_imported_every_survey_uses_the_one_that_comes_with_openline(database, books):
    async with database.read() as db:
        found = await books.of_survey(db, "bus")
        (listed,) = await books.listed(db)

    assert found is BUNDLED
    assert (listed.key, listed.version, listed.source, listed.usual) == (
        "school_barriers",
        "1",
        "bundled",
        True,
    )
    assert listed.codes == len(BUNDLED.codes)
    assert not listed.update


async def test_what_is_added_comes_back_whole_to_every_process(database, books, add):
    added = await add(ROADS)

    async with database.read() as db:
        found = await Books(bundled=BUNDLED).get(db, "roads")
        again = await books.get(db, "roads")
        twice = await books.get(db, "roads", "1")
    assert added.new
    assert added.before is None
    assert (found.id, found.version, found.title, found.themes) == ("roads", "1", "Roads", ROADS.themes)
    assert again is twice  # a version never changes: it is read once


async def test_the_same_again_is_nothing_new_and_another_content_is_the_next_version(database, books, add):
    await add(ROADS)
    same = await add(replace(ROADS, version="7"))
    changed = await add(DEEP)
    back = await add(ROADS)

    async with database.read() as db:
        assert await books.versions(db, "roads") == ["1", "2"]
        assert (await books.get(db, "roads"))["road.mud"].label == "Deep mud"
        assert (await books.get(db, "roads", "1"))["road.mud"].label == "Mud"
    assert not same.new
    assert changed.new
    assert changed.before.version == "1"
    assert changed.codebook.version == "2"
    # An old file that is imported again takes nobody's later work away ...
    assert (back.new, back.codebook.version, back.before.version) == (False, "1", "2")


async def test_whoever_means_it_goes_back_by_giving_the_version(database, books, add):
    await add(ROADS)
    await add(DEEP)

    back = await add(ROADS, "2026-10")

    assert back.new
    async with database.read() as db:
        assert (await books.get(db, "roads"))["road.mud"].label == "Mud"
        assert await books.versions(db, "roads") == ["1", "2", "2026-10"]


async def test_a_version_that_is_taken_is_refused(add):
    await add(ROADS)

    with pytest.raises(CodebookError, match="version 1 is here already"):
        await add(DEEP, "1")


async def test_a_transaction_that_fails_leaves_nothing_behind_not_even_in_memory(
    database, books, add, clock, new_id
):
    class Rolled(Exception):  # noqa: N818
        pass

    with pytest.raises(Rolled):
        async with database.begin() as db:
            await books.add(db, ROADS, None, clock(), new_id)
            assert (await books.get(db, "roads"))["road.mud"].label == "Mud"
            raise Rolled
    await add(DEEP)

    async with database.read() as db:
        assert (await books.get(db, "roads", "1"))["road.mud"].label == "Deep mud"


async def test_a_change_to_the_bundled_one_goes_before_it_and_keeps_what_it_was(database, books, add):
    first = BUNDLED.themes[0]
    ours = replace(BUNDLED, themes=(replace(first, label="The way there"), *BUNDLED.themes[1:]))

    await add(ours)

    # Openline is upgraded, and comes with another codebook of the same name.
    newer = replace(BUNDLED, version="2", themes=BUNDLED.themes[:-1])
    after = Books(bundled=newer)
    async with database.read() as db:
        assert (await after.get(db, BUNDLED.id))[first.id].label == "The way there"
        old = await after.get(db, BUNDLED.id, "1")
        assert (old.title, old.themes) == (BUNDLED.title, BUNDLED.themes)
        (listed,) = await after.listed(db)
        (before,) = await books.listed(db)
    assert (listed.source, listed.versions, listed.update) == ("changed", ("1", "2"), True)
    assert not before.update


async def test_a_survey_is_coded_with_the_newest_version_of_what_it_names(
    database, books, add, clock, new_id
):
    await add(ROADS)
    async with database.begin() as db:
        for key in ("transport-family", "getting-to-school"):
            await Shelf().publish(db, survey_flows.library(key), clock(), new_id)
        await books.use(db, "transport-family", "roads", clock())
    await add(DEEP)

    async with database.read() as db:
        assert (await books.of_survey(db, "transport-family")).version == "2"
        assert await books.of_survey(db, "getting-to-school") is BUNDLED
        assert {each.key: each.surveys for each in await books.listed(db)} == {
            "school_barriers": ("getting-to-school",),
            "roads": ("transport-family",),
        }
        usually_roads = Books("roads", BUNDLED)
        assert await usually_roads.surveys(db, "roads") == ["transport-family", "getting-to-school"]

    async with database.begin() as db:
        await books.use(db, "transport-family", None, clock())
        assert await books.of_survey(db, "transport-family") is BUNDLED


async def test_what_is_not_there_is_told_with_what_there_is(database, books, add, clock):
    await add(ROADS)

    async with database.begin() as db:
        with pytest.raises(NoCodebook, match=r"no codebook road\. There are: school_barriers, roads"):
            await books.get(db, "road")
        with pytest.raises(NoCodebook, match=r"no version 9 of the codebook roads\. There are: 1"):
            await books.get(db, "roads", "9")
        with pytest.raises(NoCodebook, match="OPENLINE_CODEBOOK: there is no codebook rivers"):
            await Books("rivers", BUNDLED).of_survey(db, "bus")
        with pytest.raises(NoCodebook):
            await books.use(db, "bus", "road", clock())
        assert await books.of_survey(db, "bus") is BUNDLED


@pytest.mark.parametrize(
    "book",
    [
        replace(ROADS, id="r" * 65),
        replace(ROADS, title="r" * 301),
        replace(ROADS, themes=(*ROADS.themes, theme("road." + "m" * 76))),
    ],
)
async def test_names_that_the_store_has_no_room_for_are_refused(database, books, add, book):
    with pytest.raises(CodebookError, match="Shorten it to"):
        await add(book)
    async with database.read() as db:
        assert await books.keys(db) == ["school_barriers"]
