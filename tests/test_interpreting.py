"""What people say becomes readable to staff: the language is told, a translation is made once, and nothing waits for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from campaign_world import district
from sqlalchemy import select, text

from bot.interpreting import LONGEST, UNREAD, Interpreter, Wishes
from bot.store.tables import messages, translations
from bot.translation import Failed, Glossary, Translated

BUS_HT, BUS_EN = "bis la pa janm vini a lè", "the bus never comes on time"


@pytest.fixture
async def town(url, clock):
    async with district(url, clock) as made:
        yield made


def interpreter(town, translator, **more):
    return Interpreter(town.app.database, town.app.shelf, translator, town.clock, **more)


async def rows(town, *what):
    async with town.app.database.read() as db:
        return [tuple(row) for row in await db.execute(select(*what).order_by(what[0].table.c.created_at))]


async def told(town):
    async with town.app.database.read() as db:
        wanted = select(messages.c.language).where(messages.c.direction == "in").order_by(messages.c.id)
        return list((await db.execute(wanted)).scalars())


async def finish(worker):
    while await worker.read() or await worker.translate():
        pass


async def test_a_message_that_is_no_answer_gets_its_language_and_its_english(town):
    await town.person(language="ht")
    await town.hears("+15035550001", BUS_HT)

    await finish(interpreter(town, Glossary([("ht", "en", BUS_HT, BUS_EN)])))

    assert await told(town) == ["ht"]
    assert await rows(town, translations.c.source, translations.c.text, translations.c.context) == [
        ("ht", BUS_EN, "said")
    ]


async def test_the_words_stay_as_they_were_written(town):
    await town.person(language="ht")
    await town.hears("+15035550001", f"  {BUS_HT.upper()}!! ")

    await finish(interpreter(town, Glossary([])))

    assert (await rows(town, messages.c.text))[0] == (f"  {BUS_HT.upper()}!! ",)


@pytest.mark.parametrize("said", ["STOP", "alto", "HELP", "2", "👍", ""])
async def test_a_word_that_always_works_needs_no_translation(town, said):
    await town.person(language="es")
    await town.hears("+15035550001", said)

    await finish(interpreter(town, Glossary([])))

    assert await rows(town, translations.c.id) == []
    assert None not in await told(town)


async def test_who_writes_in_another_language_than_declared_is_read_in_that_one(town):
    await town.person(language="en")
    await town.hears("+15035550001", "mi hija no tiene cómo llegar a la escuela cuando llueve")

    await interpreter(town, None).read()

    assert await told(town) == ["es"]


async def test_several_languages_of_the_staff_are_several_translations(town):
    await town.person(language="ht")
    await town.hears("+15035550001", BUS_HT)
    both = Glossary([("ht", "en", BUS_HT, BUS_EN), ("ht", "es", BUS_HT, "el bus nunca llega a tiempo")])

    await finish(interpreter(town, both, wishes=Wishes.of("es")))

    assert sorted(await rows(town, translations.c.target, translations.c.text)) == [
        ("en", BUS_EN), ("es", "el bus nunca llega a tiempo"),
    ]  # fmt: skip


async def test_how_sure_a_machine_s_translation_is_stands_beside_it(town):
    class Machine(Glossary):
        def __init__(self):
            super().__init__([("ht", "en", BUS_HT, BUS_EN)], origin="machine:test")

    await town.person(language="ht")
    await town.hears("+15035550001", BUS_HT)
    asked = []

    def sure(pairs, source, target):
        asked.append((list(pairs), source, target))
        return [0.42]

    await finish(interpreter(town, Machine(), sure=sure))

    assert await rows(town, translations.c.confidence) == [(0.42,)]
    assert asked == [([(BUS_HT, BUS_EN)], "ht", "en")]


async def test_a_judge_that_breaks_costs_no_translation(town):
    def broken(*_):
        raise RuntimeError("out of memory")

    class Machine:
        async def translate(self, texts, source, target):
            return [Translated(BUS_EN, "machine:test") for _ in texts]

    await town.person(language="ht")
    await town.hears("+15035550001", BUS_HT)

    await finish(interpreter(town, Machine(), sure=broken))

    assert await rows(town, translations.c.text, translations.c.confidence) == [(BUS_EN, None)]


async def test_a_translator_that_is_down_is_asked_more_rarely_and_soon_again_when_it_is_mended(town):
    class Down:
        asked = 0

        async def translate(self, *_):
            self.asked += 1
            raise Failed("down")

    await town.person(language="ht")
    await town.hears("+15035550001", BUS_HT)
    down = Down()
    worker = interpreter(town, down)
    await worker.read()

    for _ in range(24 * 6):
        await worker.translate()
        town.clock.forward(minutes=10)

    assert 20 <= down.asked <= 28
    town.clock.forward(hours=1)
    await interpreter(town, Glossary([("ht", "en", BUS_HT, BUS_EN)])).translate()
    assert await rows(town, translations.c.text) == [(BUS_EN,)]


async def test_a_language_that_no_engine_has_is_asked_for_ever_more_rarely(town):
    class Other:
        asked = 0

        async def translate(self, texts, *_):
            self.asked += 1
            return [None for _ in texts]

    await town.person(language="ht")
    await town.hears("+15035550001", BUS_HT)
    other = Other()
    worker = interpreter(town, other)
    await worker.read()

    for _ in range(24 * 6):
        await worker.translate()
        town.clock.forward(minutes=10)

    assert 6 <= other.asked <= 8
    town.clock.forward(seconds=LONGEST.total_seconds())
    await interpreter(town, Glossary([("ht", "en", BUS_HT, BUS_EN)])).translate()
    assert await rows(town, translations.c.text) == [(BUS_EN,)]


async def test_what_came_back_before_a_translator_failed_is_kept(town):
    class Half:
        async def translate(self, texts, *_):
            raise Failed("cut off", [Translated(BUS_EN, "person"), *[None for _ in texts[1:]]])

    await town.person(language="ht")
    await town.hears("+15035550001", BUS_HT)
    await town.hears("+15035550001", "m pa gen machin")

    await finish(interpreter(town, Half()))

    assert {row[0] for row in await rows(town, translations.c.text)} == {BUS_EN, None}


async def test_without_a_translator_what_was_said_waits_for_one(town):
    await town.person(language="ht")
    await town.hears("+15035550001", BUS_HT)
    await finish(interpreter(town, None))

    assert await rows(town, translations.c.state) == [("wanted",)]
    await finish(interpreter(town, Glossary([("ht", "en", BUS_HT, BUS_EN)])))
    assert await rows(town, translations.c.text) == [(BUS_EN,)]


async def test_looking_for_what_nobody_has_read_uses_its_index(town):
    async with town.app.database.begin() as db:
        if town.app.database.dialect == "postgresql":
            await db.execute(text("SET LOCAL enable_seqscan = off"))  # an empty table is read through
        how = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}[town.app.database.dialect]
        statement = UNREAD.compile(dialect=db.dialect, compile_kwargs={"literal_binds": True})
        plan = await db.execute(text(f"{how} {statement}"))
        assert "messages_unread" in "\n".join(str(row) for row in plan)


async def test_the_moment_of_an_anonymous_answer_is_not_kept_with_its_translation(town):
    from bot.store import memory

    now, day = town.clock(), town.clock().replace(hour=0, minute=0, second=0, microsecond=0)
    async with town.app.database.begin() as db:
        await memory.want(db, Wishes().rows([(BUS_HT, "ht"), ("lekòl la lwen", "ht")], now))
    await finish(interpreter(town, Glossary([("ht", "en", BUS_HT, BUS_EN)])))

    async with town.app.database.begin() as db:
        await memory.forget_when(db, [memory.digest(BUS_HT), memory.digest("lekòl la lwen")], day)

    when = (translations.c.created_at, translations.c.changed_at, translations.c.due_at)
    moments = {moment for row in await rows(town, *when) for moment in row if moment is not None}
    ids = [id_ for (id_,) in await rows(town, translations.c.id)]
    assert moments == {day, day + timedelta(days=1)}  # what no translator had waits until a midnight
    assert {id_.version for id_ in ids} == {4}  # random, while every other id tells its time
    assert now - day > timedelta(0)


async def test_what_is_being_translated_is_not_given_to_a_second_translator_when_an_anonymous_survey_ends(
    town,
):
    from bot.store import memory

    key, now = memory.digest(BUS_HT), town.clock()
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    async with town.app.database.begin() as db:
        await memory.want(db, Wishes().rows([(BUS_HT, "ht")], now))
        (claimed,) = await memory.claim(db, 9, now, now + timedelta(minutes=15))
        await memory.forget_when(db, [key], day)
        again = await memory.claim(db, 9, now, now + timedelta(minutes=15))
        await memory.later(db, {claimed.id: now + timedelta(minutes=10)})

    assert again == []
    when = (translations.c.created_at, translations.c.changed_at, translations.c.due_at)
    assert await rows(town, *when) == [(day, day, day + timedelta(days=1))]


async def test_no_moment_is_kept_with_anybody_s_words(town):
    await town.person(language="ht")
    await town.hears("+15035550001", BUS_HT)
    await finish(interpreter(town, Glossary([("ht", "en", BUS_HT, BUS_EN)])))

    ((created, changed),) = await rows(town, translations.c.created_at, translations.c.changed_at)
    assert created == changed == created.replace(hour=0, minute=0, second=0, microsecond=0)


async def test_a_text_on_which_a_translator_breaks_keeps_no_other_waiting(town, caplog):
    class Brittle(Glossary):
        async def translate(self, texts, source, target):
            if "kraze" in " ".join(texts):
                raise ValueError("kraze")
            return await super().translate(texts, source, target)

    await town.person(language="ht")
    await town.hears("+15035550001", "otobis la kraze chak maten")
    await town.hears("+15035550001", BUS_HT)
    worker = interpreter(town, Brittle([("ht", "en", BUS_HT, BUS_EN)]))
    await worker.read()

    assert await worker.translate() == 2
    assert await worker.translate() == 0  # it waits longer each time

    assert {row[0] for row in await rows(town, translations.c.text)} == {BUS_EN, None}
    assert "kraze" not in caplog.text


async def test_no_text_is_asked_for_twice_however_slow_translators_are(town):
    class Slow(Glossary):
        other = None

        async def translate(self, texts, source, target):
            asked.extend(texts)
            town.clock.forward(minutes=14)
            if self.other is not None:
                await self.other.translate()
            return [Translated(f"{text}!", "machine:slow") for text in texts]

    asked = []
    await town.person(language="ht")
    for said in (
        BUS_HT,
        "autobús siempre llega tarde por la mañana",
        "le bus arrive toujours en retard le matin",
    ):
        await town.hears("+15035550001", said)
    slow, second = Slow([]), Slow([])
    worker, slow.other = interpreter(town, slow), interpreter(town, second)
    await worker.read()

    await worker.translate()

    assert len(asked) == len(set(asked)) == 3


async def test_a_message_whose_language_cannot_be_told_keeps_no_other_unread(town, monkeypatch):
    from analysis import language

    def brittle(text, *more):
        if text == "kraze":
            raise ValueError(text)
        return identify(text, *more)

    identify = language.identify
    monkeypatch.setattr(language, "identify", brittle)
    await town.person(language="ht")
    await town.hears("+15035550001", "kraze")
    await town.hears("+15035550001", BUS_HT)

    await interpreter(town, None).read()

    assert await told(town) == ["und", "ht"]
