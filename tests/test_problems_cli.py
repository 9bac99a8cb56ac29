"""openline problems and drill: from the numbers that are shown to what people agree on. On both databases."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import insert, select, update

from bot.app import opened
from bot.cli.root import Problem
from bot.importing import answers as answer_rows
from bot.settings import Settings
from bot.spreadsheets import open_table
from bot.store.tables import answers, codings

BUS, ILL = "transport.bus_service", "health.illness"


@pytest.fixture
async def town(url, clock, tmp_path):
    """Of 40 Spanish-speaking families 28 name the 12 at 6:40; of 60 English-speaking ones 12 name a bus."""
    lines = [("es", f"la guagua 12 pasa a las 6:40 {at}", BUS) for at in range(28)]
    lines += [("es", f"gripe {at}", ILL) for at in range(12)]
    lines += [("en", f"late bus {at}", BUS) for at in range(12)]
    lines += [("en", f"flu {at}", ILL) for at in range(48)]
    path = tmp_path / "answers.csv"
    path.write_text("Language,Why\n" + "".join(f"{tag},{text}\n" for tag, text, _ in lines), encoding="utf-8")
    settings = Settings(database_url=url, cache_folder=tmp_path, _env_file=None)
    async with opened(settings, clock=clock, channels={}) as app:
        columns = answer_rows.Columns("Why", language="Language", seeks="barriers")
        await answer_rows.take(app, open_table(path), path, columns, "fall", "en", lambda _: None)
        themes = {text: (tag, theme) for tag, text, theme in lines}
        async with app.database.begin() as db:
            for row in list(await db.execute(select(answers.c.id, answers.c.heard))):
                tag, theme = themes[row.heard]
                done = {"coder": "c1", "language": tag, "code_at": None}
                await db.execute(update(answers).where(answers.c.id == row.id).values(**done))
                coding = {
                    "id": row.id,
                    "answer_id": row.id,
                    "theme": theme,
                    "probability": 0.9,
                    "coder": "c1",
                }
                await db.execute(insert(codings).values(**coding, evidence={}, created_at=clock()))
        clock.forward(hours=1)
        yield app


@pytest.fixture
def openline(typed, monkeypatch, tmp_path):
    monkeypatch.setenv("OPENLINE_CACHE_FOLDER", str(tmp_path))
    monkeypatch.setenv("OPENLINE_START_SURVEY", "")
    monkeypatch.setenv("OPENLINE_ORGANIZATION", "Riverbend")
    return typed


async def drafted(openline):
    told = await openline("problems", "draft", "fall")
    lines = [line for line in told.splitlines() if "draft" in line]
    return told, [line.split()[0] for line in sorted(lines, key=lambda line: "Spanish" not in line)]


async def test_the_largest_gap_becomes_a_draft_once(town, openline):
    told, ids = await drafted(openline)
    again, none = await drafted(openline)

    assert (
        "among people who use Spanish at Riverbend from 70% to 45% (to be set by you) by 2027-06-30" in told
    )
    assert "Nothing new" in again
    assert none == []
    assert len(json.loads(await openline("problems", "list", "fall", "--json"))) == len(ids)


async def test_people_make_it_theirs_and_agree(town, openline):
    _, ids = await drafted(openline)
    shown = await openline("problems", "show", ids[0])
    with pytest.raises(Problem, match="target is a proposal"):
        await openline("problems", "agree", ids[0])

    await openline(
        "problems", "edit", ids[0], "--set", "target=40%", "--set", "by=2027-05-31", "--by", "Ines"
    )
    agreed = await openline("problems", "agree", ids[0], "--by", "Kim")
    listed = json.loads(await openline("problems", "list", "fall", "--json"))
    one = next(one for one in listed if one["id"] == ids[0])

    assert "70% of 40 heard among people who use Spanish" in shown
    assert "What we do not know" in shown
    assert "Still lacking: target is a proposal of Openline's" in shown
    assert "guagua" not in shown  # nobody's words
    assert re.search(r"agreed .* from 70% to 40% by 2027-05-31\.", agreed)
    assert (one["state"], one["by"], one["lacks"]) == ("agreed", "Kim", [])
    changed = await openline("problems", "edit", ids[0], "--set", "what=absences because of the bus")
    assert "draft" in changed
    assert "names a cause" in changed


async def test_a_day_that_has_passed_is_not_agreed_on(town, openline):
    _, ids = await drafted(openline)
    await openline("problems", "edit", ids[0], "--set", "target=40%", "--set", "by=2020-01-01")

    with pytest.raises(Problem, match="2020-01-01 has passed"):
        await openline("problems", "agree", ids[0])


async def test_what_was_dropped_is_not_drafted_again(town, openline):
    _, ids = await drafted(openline)

    assert "dropped" in await openline("problems", "drop", ids[0])
    assert (await drafted(openline))[1] == []


async def test_a_theme_is_taken_apart(town, openline):
    told = await openline("drill", "fall", "transport")
    tree = json.loads(await openline("drill", "fall", BUS, "--json"))

    assert "Getting there: 40 of 100 heard (40%)" in told
    assert "route: 12 (25+)" in told
    assert "time: 6:40 (25+)" in told
    assert "people who use Spanish 70% of 40; people who use English 20% of 60" in told
    assert tree["parts"][0]["named"]["route"] == {"12": 25}
    assert tree["count"] == 40
    assert "by channel" not in told  # all of them were imported
    part = await openline("drill", "fall", BUS)
    assert part.count("Bus service does not work") == 1
    assert "Getting there, by language: people who use Spanish 70% of 40" in part
    assert "No route, time, day or street" not in part
    assert "No route, time, day or street was named by 10" in await openline("drill", "fall", "health")


async def test_what_cannot_be_done_is_told(town, openline):
    _, ids = await drafted(openline)
    for arguments, problem in (
        (("drill", "fall", "moon"), "There is no barrier moon"),
        (("drill", "spring", "transport"), "There is no survey spring"),
        (("problems", "show", "00000000"), "There is no statement 00000000"),
        (("problems", "edit", ids[0], "--set", "target"), "write FIELD=VALUE"),
        (("problems", "edit", ids[0], "--set", "target=lots"), "30% or 0.3"),
        (("problems", "edit", ids[0], "--set", "state=agreed"), "state cannot be set"),
    ):
        with pytest.raises(Problem, match=re.escape(problem)):
            await openline(*arguments)


async def test_before_anybody_is_heard_there_is_nothing_to_draft(openline, clock, url, tmp_path):
    settings = Settings(
        database_url=url, cache_folder=tmp_path, start_survey="getting-to-school", _env_file=None
    )
    async with opened(settings, clock=clock, channels={}):
        assert "Nothing new" in await openline("problems", "draft", "getting-to-school")
        assert "None yet" in await openline("problems", "list", "getting-to-school")
        with pytest.raises(Problem, match="Nobody has been asked yet"):
            await openline("drill", "getting-to-school", "transport")
