"""openline emerging: proposals stand until somebody decides, and what was decided stays so. On both databases."""

from __future__ import annotations

import asyncio
import json
import re
from zlib import crc32

import numpy as np
import pytest
from sqlalchemy import delete, select

from analysis.codebook import SCHOOL_BARRIERS, load
from analysis.emerging import propose as found_by
from bot.app import opened
from bot.cli.root import Problem
from bot.emerging import Emerging, taken_in
from bot.importing import answers as answer_rows
from bot.settings import Settings
from bot.spreadsheets import open_table
from bot.store.database import connect
from bot.store.tables import answers, codebooks, codings, proposals

LAMPS = [
    "the lamp at our stop is broken",
    "our stop has no lamp at all",
    "it is so dark, the lamp is gone",
    "broken lamp at the stop, my son Luis is afraid",
    "no lamp where we wait",
    "a lamp please",
]
BUSES = ["the bus was late", "bus never came", "late bus again"]


class Lamps:
    """A model of meaning that knows what a lamp is; every other text means something of its own."""

    name, size = "lamps", 32

    def embed(self, texts):
        return np.array([self._one(text) for text in texts] or np.empty((0, 32)), np.float32)

    def _one(self, text):
        place = np.random.default_rng(crc32(text.encode())).normal(size=32)
        place[0] = 15 if "lamp" in text else 0
        return place / np.linalg.norm(place)


@pytest.fixture
async def town(url, clock, tmp_path, monkeypatch):
    """A survey whose answers are coded by a coder that knows buses; nobody has told it of lamps."""
    monkeypatch.setenv("OPENLINE_CACHE_FOLDER", str(tmp_path))
    monkeypatch.setattr("bot.app.embedder", lambda settings: Lamps())
    settings = Settings(database_url=url, cache_folder=tmp_path, _env_file=None)
    async with opened(settings, clock=clock, channels={}) as app:

        async def hears(*texts, people="p"):
            path = tmp_path / f"{people}.csv"
            path.write_text("Why\n" + "".join(f'"{text}"\n' for text in texts), encoding="utf-8")
            columns = answer_rows.Columns("Why", seeks="barriers")
            await answer_rows.take(app, open_table(path), path, columns, "fall", "en", lambda _: None)

        await hears(*LAMPS, *BUSES)
        # Each reply has been read: of lamps no theme was found, of buses one.
        async with app.database.begin() as db:
            await read(db, clock())
        yield app, hears


async def read(db, now):
    from sqlalchemy import insert, update

    for row in list(await db.execute(select(answers.c.id, answers.c.heard).where(answers.c.coder.is_(None)))):
        await db.execute(
            update(answers).where(answers.c.id == row.id).values(coder="c1", language="en", code_at=None)
        )
        if "bus" in row.heard:
            await db.execute(
                insert(codings).values(
                    id=row.id,
                    answer_id=row.id,
                    theme="transport.bus_service",
                    probability=0.9,
                    coder="c1",
                    evidence={},
                    created_at=now,
                )
            )


@pytest.fixture
def openline(typed, monkeypatch, tmp_path):
    monkeypatch.setenv("OPENLINE_CACHE_FOLDER", str(tmp_path))
    monkeypatch.setenv("OPENLINE_START_SURVEY", "")
    return typed


async def found(openline):
    text = await openline("emerging", "find", "fall", "--least", "5", "--json")
    return json.loads(text[text.index("[") :])


async def test_what_no_theme_fits_is_proposed_with_names_taken_out(town, openline):
    told = await openline("emerging", "find", "fall", "--least", "5")
    (one,) = await found(openline)

    assert "6 people: English 6" in told
    assert "Luis" not in told
    assert "[name] is afraid" in told
    assert "6 of 9 replies fit no theme well; 1 groups wait" in told
    assert one["people"] == one["replies"] == 6
    assert "lamp" in one["words"]["en"]
    assert "0 groups" in await openline("emerging", "find", "fall")  # fewer than ten people


async def test_an_answer_that_was_cut_meanwhile_is_named_by_no_proposal(town, monkeypatch, clock):
    app, _ = town
    monkeypatch.setattr(
        "bot.emerging.propose", lambda *given, **more: (_cut(app), found_by(*given, **more))[1]
    )

    look = await Emerging(app.database, app.books, app.coders, clock, app.new_id).look("fall", 5)

    async with app.database.read() as db:
        there = {str(id_) for id_ in (await db.execute(select(answers.c.id))).scalars()}
        (members,) = (await db.execute(select(proposals.c.members))).scalars()
    assert len(members) == 5
    assert set(members) <= there
    assert look.open[0].found.members == tuple(members)


def _cut(app):
    """One of those without a theme goes, in the thread that groups them."""

    async def go():
        database = connect(app.settings.database_url)
        async with database.begin() as db:
            themed = select(codings.c.answer_id)
            (gone,) = (
                await db.execute(select(answers.c.id).where(answers.c.id.not_in(themed)).limit(1))
            ).scalars()
            await db.execute(delete(answers).where(answers.c.id == gone))
        await database.close()

    asyncio.run(go())


async def test_a_proposal_keeps_its_id_while_more_people_say_so(town, openline, clock):
    app, hears = town
    (before,) = await found(openline)
    clock.forward(days=1)
    await hears("put a lamp there", "the lamp", people="more")
    async with app.database.begin() as db:
        await read(db, clock())

    (after,) = await found(openline)

    assert after["id"] == before["id"]
    assert after["since"] == before["since"]
    assert after["people"] == 8


async def test_what_was_dismissed_comes_again_only_when_half_of_it_is_new(town, openline, clock):
    app, hears = town
    (one,) = await found(openline)

    assert one["label"] in await openline("emerging", "dismiss", one["id"], "--by", "Ines")
    assert await found(openline) == []
    assert "1 were decided on before" in await openline("emerging", "find", "fall", "--least", "5")
    await hears(
        *[f"{word} lamp" for word in ("red", "old", "dim", "tall", "far", "odd", "wet")], people="more"
    )
    async with app.database.begin() as db:
        await read(db, clock())
    (again,) = await found(openline)

    assert again["id"] != one["id"]
    assert again["people"] == 13
    with pytest.raises(Problem, match="was dismissed already"):
        await openline("emerging", "dismiss", one["id"])


async def test_an_accepted_proposal_is_a_theme_of_the_next_version(town, openline):
    app, _ = town
    (one,) = await found(openline)

    told = await openline(
        "emerging", "accept", one["id"], "--label", "Dark stops", "--under", "transport", "--by", "Ines"
    )

    async with app.database.read() as db:
        book = await app.books.of_survey(db, "fall")
        (row,) = await db.execute(select(proposals))
        added = (
            (await db.execute(select(codebooks.c.added_by).order_by(codebooks.c.id.desc()))).scalars().first()
        )
    theme = book["transport.local_dark_stops"]
    assert f"transport.local_dark_stops is in version {book.version}" in told
    assert theme.label == "Dark stops"
    assert set(theme.examples["en"]) <= set(LAMPS)
    assert not any("Luis" in text for text in theme.examples["en"])
    assert (row.state, row.theme, row.by, added) == ("accepted", theme.id, "Ines", "Ines")
    assert await found(openline) == []


async def test_a_proposal_that_no_reply_stands_for_any_more_goes(town, openline):
    app, _ = town
    await found(openline)
    async with app.database.begin() as db:
        from sqlalchemy import update

        from bot.store.tables import answers

        await db.execute(update(answers).values(coder=None))

    assert await found(openline) == []
    async with app.database.read() as db:
        assert list(await db.execute(select(proposals))) == []


async def test_what_cannot_be_done_is_told(town, openline):
    (one,) = await found(openline)
    for arguments, problem in (
        (("find", "nothing"), "There is no survey nothing. There are: getting-to-school, fall"),
        (("dismiss", "00000000"), "There is no proposal 00000000"),
        (("accept", one["id"], "--label", "x", "--under", "moon"), "There is no top theme moon"),
        (("accept", one["id"], "--label", "x", "--under", "transport.cost"), "no top theme"),
        (("accept", one["id"], "--label", "  "), "Give the theme a name"),
    ):
        with pytest.raises(Problem, match=re.escape(problem)):
            await openline("emerging", *arguments)
    (still,) = await found(openline)
    assert still["id"] == one["id"]


async def test_progress_is_told(town, clock):
    app, _ = town
    heard = []
    made = Emerging(app.database, app.books, app.coders, clock, app.new_id)
    await made.look("fall", 5, lambda done, of: heard.append((done, of)))
    assert heard == [(6, 6)]


def test_themes_of_ones_own_get_ids_of_their_own():
    book = load(SCHOOL_BARRIERS)
    first, theme = taken_in(book, "Dark stops", None, "No light.", {})
    second, other = taken_in(first, "Dark: stops!", None, "No light.", {})

    assert (theme.id, other.id) == ("local.dark_stops", "local.dark_stops_2")
    assert second["local"].label == "Added here"
    assert [theme.id for theme in second.children("local")] == ["local.dark_stops", "local.dark_stops_2"]
    assert second.themes[: len(book.themes)] == book.themes
