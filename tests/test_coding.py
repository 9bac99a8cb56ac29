"""Coding as the service does it: the original words, once, and translation after, never before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot import findings
from bot.app import opened
from bot.importing import answers as answer_rows
from bot.settings import Settings
from bot.spreadsheets import open_table
from bot.store.tables import answers, codings, translations
from bot.translation import Failed, Glossary

WORDS = "Language,Why\nes,el bus de la escuela no paso otra vez\nht,bis la pa janm vini a lè\nen,nobody at the office speaks Somali\n"


@pytest.fixture
async def app(url, clock, tmp_path):
    glossary = Glossary([("es", "en", "el bus de la escuela no paso otra vez", "the bus did not come again")])
    path = tmp_path / "answers.csv"
    path.write_text(WORDS, encoding="utf-8")
    settings = Settings(database_url=url, cache_folder=tmp_path, _env_file=None)
    async with opened(settings, clock=clock, channels={}, translators=[glossary]) as app:
        columns = answer_rows.Columns("Why", language="Language", seeks="barriers")
        await answer_rows.take(app, open_table(path), path, columns, "fall", "en", lambda _: None)
        yield app


async def rows(app, *what):
    async with app.database.read() as db:
        return [tuple(row) for row in await db.execute(select(*what).order_by(what[0].table.c.id))]


async def interpreted(app):
    while await app.interpreter.read() or await app.interpreter.translate():
        pass


async def app_voices(app):
    async with app.database.read() as db:
        return (await findings.gather(db, "fall"))[1]


async def test_every_answer_is_coded_on_its_own_words_and_says_why(app):
    total = await app.coding.finish()

    found = await rows(app, answers.c.language, answers.c.code_at, answers.c.coder, answers.c.sentiment)
    async with app.database.read() as db:
        themes = dict(
            list(
                await db.execute(
                    select(answers.c.declared, codings.c.theme)
                    .join(codings, codings.c.answer_id == answers.c.id)
                    .order_by(codings.c.probability)
                )
            )
        )
        evidence = (
            await db.execute(select(codings.c.evidence).where(codings.c.theme == "transport.bus_service"))
        ).scalars()
    assert total == 3
    assert [(language, due) for language, due, *_ in found] == [("es", None), ("ht", None), ("en", None)]
    assert {coder for *_, coder, _ in found} == {app.coders(app.books.bundled).version}
    assert themes["es"] == themes["ht"] == "transport.bus_service"
    assert themes["en"].startswith("language.")
    assert all(set(e) == {"cues", "nearest"} and e["nearest"] for e in evidence)


async def test_what_a_person_translated_is_kept_beside_the_words_and_the_rest_waits(app, clock):
    await app.coding.finish()
    await interpreted(app)

    found = await rows(
        app, translations.c.source, translations.c.state, translations.c.text, translations.c.origin
    )
    due = dict(await rows(app, translations.c.source, translations.c.due_at))
    assert sorted(found) == [
        ("es", "draft", "the bus did not come again", "person"),
        ("ht", "wanted", None, None),
    ]
    assert due["es"] is None
    assert due["ht"] > clock()  # asked for again later, not at once


async def test_people_s_words_are_not_kept_twice_once_they_are_translated(app):
    await app.coding.finish()
    before = dict(await rows(app, translations.c.source, translations.c.source_text))
    await interpreted(app)
    after = dict(await rows(app, translations.c.source, translations.c.source_text))

    assert before["es"] == "el bus de la escuela no paso otra vez"
    assert after == {"es": None, "ht": before["ht"]}


async def test_english_has_its_polarity_at_once_and_other_words_with_their_english(app):
    await app.coding.finish()
    await interpreted(app)

    assert [
        of for of, polarity in await rows(app, answers.c.declared, answers.c.polarity) if polarity is not None
    ] == ["en"]
    assert [row.polarity is not None for row in (await app_voices(app))] == [True, False, True]


async def test_a_translator_that_fails_delays_no_coding_and_is_asked_again_later(app, clock, monkeypatch):
    asked = []

    async def fail(texts, *_: object) -> None:
        asked.append(list(texts))
        raise Failed("down")

    monkeypatch.setattr(app.translator, "translate", fail)

    total = await app.coding.finish()
    await interpreted(app)
    await interpreted(app)
    clock.forward(minutes=11)
    await interpreted(app)
    clock.forward(minutes=11)
    await interpreted(app)

    assert total == 3
    assert len(asked) == 4  # two languages, twice: the second wait is twice as long
    assert {state for (state,) in await rows(app, translations.c.state)} == {"wanted"}


async def test_the_same_words_are_sent_to_a_translator_once(app, clock, new_id, monkeypatch):
    asked = []
    wanted = app.translator.translate

    async def count(texts, *pair):
        asked.extend(texts)
        return await wanted(texts, *pair)

    monkeypatch.setattr(app.translator, "translate", count)
    await app.coding.finish()
    await interpreted(app)
    async with app.database.begin() as db:
        await db.execute(update(answers).values(code_at=clock()))

    await app.coding.finish()
    await interpreted(app)

    assert sorted(asked) == ["bis la pa janm vini a lè", "el bus de la escuela no paso otra vez"]


async def test_an_answer_a_dead_coder_took_is_due_again(app, clock):
    await app.coding.finish()
    async with app.database.begin() as db:
        await db.execute(update(answers).values(code_at=clock() + timedelta(minutes=5)))

    before = await app.coding.finish()
    clock.forward(minutes=6)
    after = await app.coding.finish()

    assert (before, after) == (0, 3)


async def test_coding_again_leaves_what_a_person_coded(app, clock, new_id):
    await app.coding.finish()
    ((first,), *_) = await rows(app, answers.c.id)
    async with app.database.begin() as db:
        await db.execute(
            codings.insert().values(
                id=new_id(),
                answer_id=first,
                theme="transport.cost",
                probability=1.0,
                coder="staff:1",
                evidence={},
                created_at=clock(),
            )
        )
        await db.execute(update(answers).values(code_at=clock()))
    before = len(await rows(app, codings.c.id))

    await app.coding.finish()

    assert len(await rows(app, codings.c.id)) == before
    assert ("staff:1",) in await rows(app, codings.c.coder)


async def test_the_findings_count_people_and_quote_their_words(app):
    await app.coding.finish()

    found = await app.findings("fall")

    assert (found.asked, found.answered, found.heard) == (3, 3, 3)
    assert all(theme.count is None for theme in found.themes)  # three people are too few to show
    assert await app.findings("nothing") is None
