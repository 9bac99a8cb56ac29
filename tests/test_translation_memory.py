"""The translation memory: what a person approved comes first, people's words are nobody else's, nothing is asked twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy import text as sql

from bot.interpreting import Wishes
from bot.store import memory as rows
from bot.store.tables import translations
from bot.translation.memory import Memory, New, Remembered
from bot.translation.units import Unit

HARD = New("survey:bus/hard/ask", "en", "es", "Was it hard?", "¿Fue difícil?", "machine:libretranslate", 0.9)


@pytest.fixture
def memory(database, clock, new_id):
    return Memory(database, clock, new_id)


async def test_a_text_is_found_where_it_stands_and_wherever_else_it_stands(memory):
    await memory.keep([HARD])

    here = await memory.find(["Was it hard?", "Was it easy?"], "en", "es", HARD.context)
    elsewhere = await memory.find(["Was it hard?"], "en", "es", "campaign:other/1")

    assert list(here) == ["Was it hard?"]
    assert here["Was it hard?"].text == elsewhere["Was it hard?"].text == "¿Fue difícil?"
    assert await memory.find(["Was it hard?"], "en", "pt") == {}
    assert await memory.find(["Was it hard?"], "es", "en") == {}


async def test_its_own_place_comes_first_then_what_was_approved_then_the_newest(memory):
    await memory.keep(
        [
            replace(HARD, context="a", text="approved", approved_by="Ana"),
            replace(HARD, context="b", text="draft"),
            replace(HARD, context="c", text="newest draft"),
        ]
    )

    async def best(context):
        return (await memory.find([HARD.source_text], "en", "es", context))[HARD.source_text].text

    assert await best("b") == "draft"
    assert await best("d") == "approved"
    await memory.keep(
        [replace(HARD, source_text="Other?", context=context, text=context) for context in "xyz"]
    )
    assert (await memory.find(["Other?"], "en", "es"))["Other?"].text == "z"


async def test_what_a_person_approved_gives_way_only_to_what_a_person_approved(memory):
    await memory.keep([replace(HARD, text="by Ana", origin="person", approved_by="Ana")])

    await memory.keep([replace(HARD, text="by a machine")])
    kept = (await memory.find([HARD.source_text], "en", "es"))[HARD.source_text]
    await memory.keep([replace(HARD, text="by Kim", origin="person", approved_by="Kim")])
    after = (await memory.find([HARD.source_text], "en", "es"))[HARD.source_text]

    assert (kept.text, kept.approved_by, kept.state) == ("by Ana", "Ana", "approved")
    assert (after.text, after.approved_by, after.id) == ("by Kim", "Kim", kept.id)


async def test_a_draft_is_approved_or_put_right_by_a_person(memory, clock):
    await memory.keep([HARD, replace(HARD, context="survey:bus/why/ask", source_text="Why?", text="¿Por?")])
    found = await memory.find(["Was it hard?", "Why?"], "en", "es")

    assert await memory.approve([found["Was it hard?"].id], "Ana Pérez") == 1
    assert await memory.correct(found["Why?"].id, "¿Por qué?", "Ana Pérez")
    after = {entry.source_text: entry for entry in await memory.for_context("survey:bus/")}

    assert [after[text].state for text in ("Was it hard?", "Why?")] == ["approved", "approved"]
    assert (after["Was it hard?"].origin, after["Why?"].origin) == ("machine:libretranslate", "person")
    assert after["Why?"].text == "¿Por qué?"
    assert after["Why?"].approved_at == clock()


async def test_a_translation_is_stale_when_another_text_stands_in_its_place(memory):
    await memory.keep([HARD, replace(HARD, target="ht", text="Eske li te difisil?")])
    now = Unit(HARD.context, "en", "Was it very hard?")

    assert await memory.stale([Unit(HARD.context, "en", "Was it hard?")]) == {}
    assert {entry.target for entry in (await memory.stale([now]))[HARD.context]} == {"es", "ht"}
    await memory.keep([replace(HARD, source_text=now.text, text="¿Fue muy difícil?")])
    assert {entry.target for entry in (await memory.stale([now]))[HARD.context]} == {"ht"}


async def test_units_are_found_by_their_places(memory):
    await memory.keep(
        [HARD, replace(HARD, context="survey:other/hard/ask", text="¿Difícil?", approved_by="Ana")]
    )
    mine, other = Unit(HARD.context, "en", HARD.source_text), Unit("survey:new/q/ask", "en", HARD.source_text)

    found = await memory.find_units([mine, other, Unit("survey:new/r/ask", "en", "unheard of")], "es")

    assert {context: entry.text for context, entry in found.items()} == {
        mine.context: "¿Fue difícil?", other.context: "¿Difícil?",
    }  # fmt: skip


async def test_people_s_words_are_never_given_for_another_text(memory, database, clock, new_id):
    async with database.begin() as db:
        await rows.want(db, Wishes().rows([("Was it hard?", "es"), ("no hay bus", "es")], clock()))
        held = list((await db.execute(select(translations.c.id))).scalars())
        for id_ in held:
            await rows.done(
                db,
                [
                    {
                        "_id": id_,
                        "text": "private",
                        "origin": "machine:x",
                        "confidence": None,
                        "polarity": None,
                        "at": clock(),
                    }
                ],
            )
        await rows.approve(db, held, "a mistake", clock())

    assert await memory.find(["Was it hard?", "no hay bus"], "es", "en") == {}
    assert await Remembered(database).translate(["no hay bus"], "es", "en") == [None]
    assert await memory.for_context("survey:") == []


async def test_what_is_approved_is_the_first_translator(memory, database):
    await memory.keep([replace(HARD, approved_by="Ana"), replace(HARD, source_text="Why?", text="¿Por?")])

    first, draft = await Remembered(database).translate(["Was it hard?", "Why?"], "en", "es")

    assert (first.text, first.origin) == ("¿Fue difícil?", "person")
    assert draft is None


async def test_a_text_is_wanted_once_whoever_says_it(database, clock):
    wishes = Wishes.of("en, es")
    async with database.begin() as db:
        for _ in range(3):
            await rows.want(db, wishes.rows([("bis la an reta", "ht"), ("bis la an reta", "ht")], clock()))
        wanted = await db.execute(select(translations.c.target, translations.c.source_text))

        assert sorted(wanted.all()) == [("en", "bis la an reta"), ("es", "bis la an reta")]


@pytest.mark.parametrize(
    ("text", "language"),
    [("hello", "en"), ("hello", "en-GB"), ("👍", "es"), ("555 0142", "es"), ("hm", "und")],
)
async def test_what_needs_no_translation_is_not_wanted(text, language, clock):
    assert Wishes.of("").rows([(text, language)], clock()) == []


async def test_one_worker_s_texts_are_not_another_s_until_it_has_died(database, clock):
    async with database.begin() as db:
        await rows.want(db, Wishes().rows([("uno", "es"), ("dos palabras", "es")], clock()))
    start = clock()
    clock.forward(minutes=5)
    until = clock()

    async with database.begin() as db:
        first = await rows.claim(db, 9, start, until)
        second = await rows.claim(db, 9, start, until)
        third = await rows.claim(db, 9, until, until)

    assert (len(first), len(second), len(third)) == (2, 0, 2)
    assert {row.attempts for row in third} == {2}


async def test_ten_thousand_texts_are_looked_up_in_few_statements(memory, database, clock, new_id):
    texts = [f"Sentence number {n}." for n in range(10_000)]
    async with database.begin() as db:
        await db.execute(
            insert(translations),
            [
                {"id": new_id(), "digest": rows.digest(text), "source": "en", "target": "es", "context": "survey:x",
                 "source_text": text, "text": f"{text}!", "origin": "person", "state": "approved", "created_at": clock()}
                for text in texts
            ],
        )  # fmt: skip

    found = await memory.find(texts, "en", "es")

    assert {text: entry.text for text, entry in found.items()} == {text: f"{text}!" for text in texts}


async def test_two_who_want_the_same_texts_at_once_do_not_wait_for_each_other(database, clock):
    texts = [(f"frase número {n} de muchas", "es") for n in range(300)]

    async def want(said):
        async with database.begin() as db:
            await rows.want(db, Wishes().rows(said, clock()))

    await asyncio.gather(want(texts), want(texts[::-1]), want(texts), want(texts[::-1]))

    async with database.read() as db:
        wanted = select(func.count()).where(translations.c.due_at.is_not(None))
        assert (await db.execute(wanted)).scalar_one() == 300


async def test_a_range_of_contexts_goes_by_code_points_whatever_the_database_s_language(database):
    if database.dialect != "postgresql":
        return
    of_context = sql(
        "SELECT collation_name FROM information_schema.columns "
        "WHERE table_name = 'translations' AND column_name = 'context'"
    )
    async with database.read() as db:
        assert (await db.execute(of_context)).scalar_one() == "C"


async def test_words_that_a_person_has_translated_are_not_kept_a_second_time(memory, database, clock):
    async with database.begin() as db:
        await rows.want(db, Wishes().rows([("no hay bus", "es")], clock()))
        (waiting,) = await rows.claim(db, 1, clock(), clock())

    await memory.correct(waiting.id, "there is no bus", "Ana")

    async with database.read() as db:
        kept = await db.execute(select(translations.c.source_text, translations.c.text))
        assert kept.all() == [(None, "there is no bus")]
