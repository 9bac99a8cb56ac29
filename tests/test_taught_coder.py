"""What people decide teaches the coder: in the background, in every process alike, and replies are read again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import insert, select, update

from analysis.codebook import Codebook, Theme
from bot.app import opened
from bot.importing import answers as answer_rows
from bot.learning import FIRST, Coders, Learning
from bot.settings import Settings
from bot.spreadsheets import open_table
from bot.store import coders as coder_rows
from bot.store.tables import addresses, answers, coders, codings, conversations, readings, surveys

BUS, FOOD, NOISE = "day.bus", "day.food", "day.noise"
SAID = {
    BUS: "The {} bus was late again",
    FOOD: "The {} lunch was cold and too small",
    NOISE: "It was so loud in the {} room that nobody could read",
}
WORDS = ("first", "second", "third", "big", "little", "old", "new", "yellow", "green", "red", "blue", "north")


def theme(code: str, *examples: str) -> Theme:
    return Theme(
        code,
        code.partition(".")[0],
        code.partition(".")[2],
        f"About {code}",
        "",
        "",
        "barrier",
        {"en": examples},
    )


BOOK = Codebook(
    "my_day",
    "1",
    "My day",
    (
        Theme("day", None, "The day", "What happens in a day", "", "", "barrier"),
        theme(BUS, "the bus is late", "we missed the bus"),
        theme(FOOD, "the food is bad", "lunch was cold"),
        # Nobody would guess from the codebook what it is used for.
        theme(NOISE, "a din", "the racket"),
    ),
)


@pytest.fixture
async def app(url, clock, tmp_path):
    path = tmp_path / "answers.csv"
    lines = [said.format(word) for said in SAID.values() for word in WORDS]
    path.write_text("Why\n" + "\n".join(lines), encoding="utf-8")
    settings = Settings(database_url=url, cache_folder=tmp_path, _env_file=None)
    async with opened(settings, clock=clock, channels={}) as app:
        await answer_rows.take(
            app, open_table(path), path, answer_rows.Columns("Why"), "fall", "en", lambda _: None
        )
        async with app.database.begin() as db:
            await app.books.add(db, BOOK, "somebody", clock(), app.new_id)
            await app.books.use(db, "fall", BOOK.id, clock())
        await app.coding.finish()
        yield app


async def decide(app, clock, number, *, themes=None):
    """Have a person read ``number`` answers, as the words say or as given."""
    async with app.database.begin() as db:
        rows = (await db.execute(select(answers.c.id, answers.c.heard).order_by(answers.c.heard))).all()
        chosen = [rows[at * len(rows) // number] for at in range(number)]
        for row in chosen:
            of = themes or [code for code, said in SAID.items() if said.split("{}")[1] in row.heard]
            who = "staff:1"
            await db.execute(
                insert(readings).values(
                    id=app.new_id(), answer_id=row.id, coder=who, purpose="review", drawn="lot",
                    codebook=BOOK.id, codebook_version="1", created_at=clock(), changed_at=clock(),
                )
            )  # fmt: skip
            for code in of:
                await db.execute(
                    insert(codings).values(
                        id=app.new_id(), answer_id=row.id, theme=code, probability=1.0, coder=who,
                        evidence={}, created_at=clock(),
                    )
                )  # fmt: skip
            await db.execute(update(answers).where(answers.c.id == row.id).values(decided=who))
    return {row.id for row in chosen}


async def column(app, *what):
    async with app.database.read() as db:
        return (await db.execute(select(*what).order_by(answers.c.id))).all()


async def test_a_survey_is_coded_with_its_own_codebook_and_every_chance_is_kept(app):
    found = await column(app, answers.c.coder, answers.c.chances, answers.c.doubt)
    async with app.database.read() as db:
        given = set((await db.execute(select(codings.c.theme))).scalars())

    assert given <= {BUS, FOOD, NOISE}
    assert {BUS, FOOD} <= given
    assert len({row.coder for row in found}) == 1
    chances = np.array([np.frombuffer(row.chances, np.float16) for row in found])
    assert chances.shape == (36, 3)
    assert ((chances >= 0) & (chances <= 1)).all()
    assert all(0 <= row.doubt <= 1 for row in found)


async def test_too_few_readings_teach_nothing(app, clock):
    await decide(app, clock, FIRST - 8)

    assert not await app.learning.step()
    async with app.database.read() as db:
        assert (await db.execute(select(coders))).all() == []


async def test_it_learns_from_people_says_how_good_it_is_and_reads_the_others_again(app, clock):
    read = await decide(app, clock, 24)
    before = await column(app, answers.c.id, answers.c.coder)

    assert await app.learning.step()
    assert not await app.learning.step()  # nothing new
    again = await app.coding.finish()

    async with app.database.read() as db:
        row = (await db.execute(select(coders))).one()
        evidence = (
            (await db.execute(select(codings.c.evidence).where(codings.c.coder == row.version)))
            .scalars()
            .all()
        )
    after = await column(app, answers.c.id, answers.c.coder, answers.c.held, answers.c.heard)
    assert (row.codebook, row.confirmed) == (BOOK.id, 24)
    assert row.quality
    assert again == 36 - 24  # those that people have read keep the machine's first opinion, for comparison
    for (id_, old), now in zip(before, after, strict=True):
        assert now.coder == (old if id_ in read else row.version)
        assert (now.held is not None) == (id_ in read)
    assert any(
        {*e.get("confirmed", ())} <= {str(id_) for id_ in read} and e.get("confirmed") for e in evidence
    )
    async with app.database.read() as db:
        loud = (
            (
                await db.execute(
                    select(codings.c.theme)
                    .join(answers, answers.c.id == codings.c.answer_id)
                    .where(answers.c.heard.like("%loud%"), codings.c.coder == row.version)
                )
            )
            .scalars()
            .all()
        )
    assert loud
    assert set(loud) == {NOISE}


async def test_what_it_holds_of_a_reply_is_from_before_it_had_learned_it(app, clock):
    # Everything that people read about the bus they called food: only who learned from these would say so.
    await decide(app, clock, 36, themes=[FOOD])
    await app.learning.step()

    held = [np.frombuffer(row.held, np.float16) for row in await column(app, answers.c.held)]
    assert len(held) == 36
    trained = app.coders.learned(BOOK)
    assert trained is not None
    assert np.allclose(
        np.array(held), trained.held[np.argsort([one.id for one in trained.confirmed])], atol=1e-3
    )


async def test_another_process_makes_the_same_coder_for_itself(app, clock):
    await decide(app, clock, 24)
    await app.learning.step()
    theirs = Coders(lambda: app.coders._model, app.settings.cache_folder / "vectors")

    learned = await Learning(app.database, app.shelf, app.books, theirs, clock).step()

    assert learned
    async with app.database.read() as db:
        (row,) = (await db.execute(select(coders))).all()
    assert theirs.learned(BOOK).version == app.coders.learned(BOOK).version == row.version


async def test_a_process_with_an_older_coder_does_not_undo_the_newer_one_s_work(app, clock):
    await decide(app, clock, 24)
    await app.learning.step()
    await app.coding.finish()
    async with app.database.begin() as db:
        await coder_rows.enter(
            db,
            {
                "version": "newer", "codebook": BOOK.id, "codebook_version": "1", "seen_until": clock(),
                "confirmed": 25, "quality": {}, "created_at": clock.forward(minutes=1) or clock(),
            },
        )  # fmt: skip
        await db.execute(update(answers).where(answers.c.decided.is_(None)).values(coder="newer"))

    assert await app.coding.finish() == 0


async def test_a_version_of_the_codebook_that_teaches_nothing_else_has_the_coder_at_once(
    app, clock, monkeypatch
):
    await decide(app, clock, 24)
    await app.learning.step()
    async with app.database.begin() as db:
        await app.books.add(db, replace(BOOK, title="Our day"), "somebody", clock(), app.new_id)

    await app.learning.step()

    monkeypatch.setattr(app.learning, "_train", None)  # a minute's work, which must not be done every minute
    assert not await app.learning.step()
    async with app.database.read() as db:
        assert (await coder_rows.newest(db, BOOK.id, "2")).version == app.coders.learned(BOOK).version


async def test_an_anonymous_answer_teaches_once_it_has_been_cut_from_its_person(app, clock):
    """Evidence names what a coder learned from, and an answer's first id tells the time at which it came."""
    read = await decide(app, clock, 24)
    async with app.database.begin() as db:
        await db.execute(update(surveys).values(anonymous=True))
        talks = select(answers.c.conversation_id).where(answers.c.id.in_(sorted(read)[:4]))
        person = (await db.execute(select(answers.c.person_id))).scalars().first()
        address = {"id": app.new_id(), "person_id": person, "channel": "sms", "address": "+16175550101"}
        await db.execute(insert(addresses).values(**address, created_at=clock()))
        at = update(conversations).where(conversations.c.id.in_(talks))
        talks = (
            await db.execute(at.values(address_id=address["id"], state="cut").returning(conversations.c.id))
        ).all()

    await app.learning.step()

    taught = {one.id for one in app.coders.learned(BOOK).confirmed}
    waiting = {str(row.id) for row in await column(app, answers.c.id, answers.c.conversation_id)
               if row.conversation_id in {talk.id for talk in talks}}  # fmt: skip
    assert waiting
    assert taught == {str(id_) for id_ in read} - waiting


async def test_words_that_come_while_the_coder_learns_are_not_taken_for_those_it_learned(app, clock):
    (first, *_) = await decide(app, clock, 24)
    async with app.database.begin() as db:
        await db.execute(update(answers).where(answers.c.id == first).values(decided=None))
        await coder_rows.hold(db, {first: b"123456"})

    (held,) = [row.held for row in await column(app, answers.c.id, answers.c.held) if row.id == first]
    assert held is None


async def test_older_versions_of_a_codebook_leave_the_memory(app):
    coder = app.coders(replace(BOOK, themes=BOOK.themes[:-1]))

    assert app.coders(BOOK) is app.coders(BOOK)
    assert app.coders(replace(BOOK, themes=BOOK.themes[:-1])) is not coder


async def test_what_people_decided_is_never_touched(app, clock):
    read = await decide(app, clock, 24)
    await app.learning.step()
    await app.coding.again()
    await app.coding.finish()

    async with app.database.read() as db:
        kept = (
            (await db.execute(select(codings.c.answer_id).where(codings.c.coder == "staff:1")))
            .scalars()
            .all()
        )
        decided = (
            (await db.execute(select(answers.c.id).where(answers.c.decided == "staff:1"))).scalars().all()
        )
    assert set(kept) == set(decided) == read
