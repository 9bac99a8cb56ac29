"""People decide what replies say: who reads what next, what counts, and what happens to it later. On both databases."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from review_world import BUS, FEES, ILL, MACHINE, room
from sayings import SURVEY
from sqlalchemy import delete, event, insert, select, update

import survey_flows
from bot import anonymity
from bot.duties import follow
from bot.reviewing import deciding, drawing, figures, queue, showing, standing
from bot.store import draws as draw_rows
from bot.store import proposals as proposal_rows
from bot.store import readings
from bot.store.tables import (
    addresses,
    answers,
    codings,
    conversations,
    draws,
    duties,
    holds,
    keywords,
    proposals,
    staff,
    surveys,
)
from bot.store.tables import readings as reading_rows
from channels.base import Received

HOMELESS = "needs.housing"


@pytest.fixture
async def school(url, clock, tmp_path):
    async with room(url, clock, tmp_path) as made:
        yield made


@pytest.fixture
async def doubles(url, clock, tmp_path):
    async with room(url, clock, tmp_path, double=1.0) as made:
        yield made


async def read_all(school, reader=0, themes=(BUS,)):
    """Read whatever comes next until nothing does; returns the answers in that order."""
    found = []
    while (answer := await school.next(reader)) is not None:
        await school.decide(answer, *themes, reader=reader)
        found.append(answer)
    return found


# What a reading is


async def test_a_reading_is_the_whole_set_and_the_machines_codes_stay_beside_it(school):
    answer = await school.says(themes=(BUS, ILL))

    made = await school.decide(answer, FEES, BUS)

    reading = (await school.readings(answer))[school.readers[0]]
    (row, *_) = await school.rows(codings, codings.c.coder == school.readers[0])
    assert await school.themes(answer) == {BUS, FEES} == set(made.themes)
    assert await school.themes(answer, MACHINE) == {BUS, ILL}
    assert await school.decided(answer) == made.counts == school.readers[0]
    assert (row.probability, row.evidence) == (1.0, {})
    assert (reading.purpose, reading.drawn, reading.machine) == ("review", "chosen", MACHINE)
    assert (reading.codebook, reading.codebook_version) == (
        "school_barriers",
        school.app.books.bundled.version,
    )


async def test_no_theme_is_a_reading_too(school):
    answer = await school.says()

    await school.decide(answer)

    assert await school.themes(answer) == set()
    assert await school.decided(answer) == school.readers[0]


async def test_saying_it_again_changes_nothing_and_another_mind_replaces_the_first(school, clock):
    answer = await school.says()
    await school.decide(answer, BUS)
    before = await school.readings(answer), await school.rows(codings)
    clock.forward(minutes=1)

    await school.decide(answer, BUS)
    assert (await school.readings(answer), await school.rows(codings)) == before

    await school.decide(answer, ILL)
    (reading,) = (await school.readings(answer)).values()
    assert await school.themes(answer) == {ILL}
    assert reading.changed_at == clock() > reading.created_at


async def test_whoever_says_it_again_after_another_has_the_last_word(school, clock):
    answer = await school.says()
    for reader, theme in ((0, BUS), (1, ILL), (0, BUS)):
        await school.decide(answer, theme, reader=reader)
        clock.forward(minutes=1)

    assert await school.themes(answer) == {BUS}


async def test_what_is_taken_back_leaves_what_counted_before(school, clock):
    answer = await school.says()
    await school.decide(answer, BUS)
    clock.forward(minutes=1)
    await school.decide(answer, ILL, reader=1)
    assert await school.themes(answer) == {ILL}  # the newest review

    assert await school.withdraw(answer, 1) == 1
    assert await school.themes(answer) == {BUS}
    assert await school.withdraw(answer) == 1
    assert await school.withdraw(answer) == 0
    assert await school.decided(answer) is None
    assert await school.themes(answer) == {BUS}  # the machine's
    assert await school.rows(codings, codings.c.coder != MACHINE) == []


@pytest.mark.parametrize(
    ("theme", "told"),
    [
        ("transport.bus_servise", r"school_barriers .* has no theme .*Did you mean transport.bus_service"),
        ("somewhere else", r"has no theme somewhere else. See: openline codebook show"),
        ("transport", r"transport is a heading. Give one of the themes under it: .*transport.bus_service"),
    ],
)
async def test_what_is_no_theme_of_the_codebook_is_refused_and_nothing_is_entered(school, theme, told):
    answer = await school.says()

    with pytest.raises(deciding.CannotDecide, match=told):
        await school.decide(answer, BUS, theme)

    assert await school.readings(answer) == {}
    with pytest.raises(LookupError, match="no such reply"):
        await school.decide(uuid4(), BUS)


async def test_nobody_decides_about_words_that_they_have_not_seen(school):
    answer = await school.says("the bus")
    async with school.app.database.read() as db:
        task = await showing.show(school.app, db, answer, school.readers[0])
    await school.set(answer, heard="the bus\nand the fees")

    with pytest.raises(deciding.CannotDecide, match="More words"):
        await school.decide(answer, BUS, seen=task.seen)
    await school.decide(answer, BUS, seen=deciding.mark("the bus\nand the fees"))

    assert await school.themes(answer) == {BUS}


# Whose reading counts


async def test_agreed_counts_before_reviews_and_these_before_double_ones_and_those_before_imports(
    school, clock
):
    answer = await school.says()
    async with school.app.database.begin() as db:
        for at, (coder, purpose) in enumerate(
            [("file:nvivo/a", "import"), ("staff:1", "double"), ("staff:2", "double"), ("staff:3", "review"),
             ("staff:4", "review"), ("agreed:1", "agreed"), ("agreed:2", "agreed")]
        ):  # fmt: skip
            moment = clock() + timedelta(minutes=at)
            await db.execute(insert(reading_rows).values(
                id=school.app.new_id(), answer_id=answer, coder=coder, purpose=purpose, drawn="lot", codebook="c",
                codebook_version="1", created_at=moment, changed_at=moment))  # fmt: skip
        counted = []
        for _ in range(8):
            await readings.settle(db, [answer])
            counted.append((await db.execute(select(answers.c.decided))).scalar())
            await readings.withdraw(db, [answer], counted[-1] or "")

    assert counted == [
        "agreed:2", "agreed:1", "staff:4", "staff:3", "staff:1", "staff:2", "file:nvivo/a", None
    ]  # fmt: skip


# Who reads what next


async def test_the_same_answer_is_kept_for_a_reader_and_another_gets_another(school, clock):
    for _ in range(3):
        await school.says()
    mine, theirs = await school.next(0), await school.next(1)

    assert mine != theirs
    assert await school.next(0) == mine
    clock.forward(minutes=19)
    await school.next(0)  # still there: for another 20 minutes
    clock.forward(minutes=2)
    assert await school.next(2) not in (mine, None)
    clock.forward(minutes=21)
    left = {await school.next(reader) for reader in (2, 1, 0)}
    assert len(left) == 3


async def test_everything_is_read_once_and_then_there_is_nothing(school):
    said = {await school.says(language=language, doubt=doubt)
            for language in ("en", "es", "so") for doubt in (0.9, 0.5, None)}  # fmt: skip

    found = await read_all(school)

    assert Counter(found) == Counter(said)
    assert await school.next(1) is None
    assert await school.rows(holds) == []


async def test_every_third_is_by_lot_and_the_lot_is_a_sample_of_all_answers_whatever_the_doubt(school):
    sure = [await school.says(doubt=0.0) for _ in range(60)]
    unsure = [await school.says(doubt=1.0) for _ in range(60)]

    drawn = []
    for _ in range(24):
        answer = await school.next()
        await school.decide(answer, BUS)
        drawn.append((await school.readings(answer))[school.readers[0]].drawn)

    assert [at for at, how in enumerate(drawn) if how == "lot"] >= [2, 5, 8]
    lots = await school.drawn("lot")
    person = {row.id: row.person_id for row in await school.rows(answers)}
    by_key = sorted([*sure, *unsure], key=lambda id_: (person[id_].hex[24:], id_.hex[24:]))
    # The lot is a beginning of all people in the order of their last digits, those read for doubt among them.
    assert lots == set(by_key[: len(lots)])
    read = {row.answer_id: row.drawn for row in await school.rows(reading_rows)}
    assert all(how == "lot" for answer, how in read.items() if answer in set(by_key[: len(lots)]))


async def test_the_lot_takes_what_was_read_for_its_doubt_and_it_stands_for_others_from_then_on(school):
    said = [await school.says(doubt=1.0) for _ in range(3)]
    for answer in said:
        await school.decide(answer, BUS)
    assert {row.drawn for row in await school.rows(reading_rows)} == {"chosen"}

    async with school.app.database.begin() as db:
        found = await drawing.by_lot(school.app, db, "bus", 10)

    assert found == 0  # nobody needs to read them again
    assert {row.drawn for row in await school.rows(reading_rows)} == {"lot"}


async def test_what_teaches_most_comes_first_and_no_language_waits_long(school):
    for _ in range(40):
        await school.says(language="en", doubt=0.9)
    rare = await school.says("warqad lama turjumin", language="so", doubt=0.1)
    best = await school.says(language="en", doubt=1.0, themes=(ILL,))

    # Every third is by lot, and the lot may take the rare one for itself.
    found = [await _decided(school) for _ in range(16)]

    assert found[0] == best
    assert rare in found


async def _decided(school):
    answer = await school.next()
    await school.decide(answer, BUS)
    return answer


async def test_of_each_language_those_most_in_doubt_are_looked_at_in_every_version_of_the_survey(
    school, clock
):
    newer = survey_flows.loads(f"{SURVEY}\n# a word more", "test")
    async with school.app.database.begin() as db:
        newer_id = await school.app.shelf.publish(db, newer, clock(), school.app.new_id)
    said = {}
    for at in range(12):
        language, version = ("en", "es", "so")[at % 3], (school.survey_id, newer_id)[at % 2]
        answer = await school.says(language=language, doubt=at / 12, survey_id=version)
        said.setdefault(language, []).append(answer)
    drawn, read = said["en"].pop(), said["es"].pop()
    async with school.app.database.begin() as db:
        await drawing.choose(school.app, db, drawn)
    await school.decide(read, BUS)

    async with school.app.database.begin() as db:
        found = [row.id for row in await draw_rows.in_doubt(db, "bus", 2)]

    assert found == [answer for some in said.values() for answer in some[:-3:-1]]


async def test_what_is_passed_over_goes_to_others_and_does_not_come_back_today(school, clock):
    answer = await school.says()
    assert await school.next() == answer
    async with school.app.database.begin() as db:
        await queue.pass_over(school.app, db, answer, school.readers[0])

    assert await school.next() is None
    assert await school.next(1) == answer
    clock.forward(hours=13)
    assert await school.next(0) == answer


async def test_what_somebody_chose_comes_first(school):
    for _ in range(5):
        await school.says(doubt=1.0)
    chosen = await school.says(doubt=0.0)
    async with school.app.database.begin() as db:
        await drawing.choose(school.app, db, chosen)

    assert await school.next() == chosen


async def test_a_survey_hands_out_its_own_answers_only(school):
    await school.says()
    async with school.app.database.begin() as db:
        assert await queue.next_(school.app, db, "another", school.readers[0]) is None


async def test_what_no_coder_has_read_waits(school):
    await school.says(coder=None)

    assert await school.next() is None


@pytest.mark.postgres
async def test_many_readers_at_once_never_get_the_same(postgres_url, clock, tmp_path):
    async with room(postgres_url, clock, tmp_path, readers=[f"r{at}" for at in range(8)]) as school:
        for at in range(40):
            await school.says(doubt=at / 40, language=("en", "es")[at % 2])

        async def reads(reader):
            found = []
            for _ in range(5):
                answer = await school.next(reader)
                found.append(answer)
                await school.decide(answer, BUS, reader=reader)
            return found

        found = await asyncio.gather(*map(reads, range(8)))

        assert max(Counter(answer for some in found for answer in some).values()) == 1
        assert sum(map(len, found)) == 40


# Identical replies


async def test_a_reading_counts_for_identical_replies_and_each_has_its_own(school):
    same = [await school.says("the bus is late") for _ in range(3)]
    other = await school.says("the bus is late", language="es")
    elsewhere = await school.says("the bus is late", question="hard")

    made = await school.decide(same[1], BUS)

    assert set(made.answers) == set(same)
    assert [(await school.readings(answer))[school.readers[0]].drawn for answer in same] == [
        "same", "chosen", "same"
    ]  # fmt: skip
    assert [await school.decided(answer) for answer in (other, elsewhere)] == [None, None]
    await school.decide(same[0], ILL)
    assert [await school.themes(answer) for answer in same] == [{ILL}] * 3
    assert await school.withdraw(same[2]) == 3
    assert [await school.decided(answer) for answer in same] == [None] * 3


async def test_identical_replies_that_come_later_are_not_read_again(school):
    first = await school.says("the bus is late")
    assert await read_all(school) == [first]
    second = await school.says("the bus is late")

    assert await read_all(school, reader=1) == []
    assert await school.themes(second) == {BUS}
    assert (await school.readings(second))[school.readers[0]].drawn in ("same", "lot")


async def test_whoever_decides_just_now_has_the_last_word_over_what_an_identical_reply_brings(school):
    await school.decide(await school.says("the bus is late"), BUS)
    late = await school.says("the bus is late")

    async with school.app.database.begin() as db:
        await deciding.decide(school.app, db, late, school.readers[1], [ILL])
        drawn = asyncio.create_task(_by_lot(school, 5))
        await asyncio.sleep(0.3)
    await drawn

    assert await school.themes(late) == {ILL}
    assert await school.decided(late) == school.readers[1]


async def test_copies_that_the_lot_reaches_measure_the_coder_and_not_how_people_agree(school):
    said = [await school.says("the bus is late", themes=(BUS,)) for _ in range(6)]
    await school.decide(said[0], BUS)
    await school.decide(said[0], BUS, reader=1)

    await _by_lot(school, 6)

    async with school.app.database.read() as db:
        made = await figures.figures(school.app, db, "bus")
        stands = await standing.status(school.app, db, "bus")
    assert (made.people.answers, made.machine.replies) == (1, 6)
    assert stands.readers == {"Ines": 1, "Kim": 1}


async def _by_lot(school, count):
    async with school.app.database.begin() as db:
        return await drawing.by_lot(school.app, db, "bus", count)


async def test_identical_replies_are_asked_once(school):
    for _ in range(4):
        await school.says("the bus is late")

    assert len(await read_all(school)) == 1


# Read by two


async def test_what_two_read_is_read_blind_by_both(doubles):
    answer = await doubles.says()
    assert await doubles.next(0) == answer == await doubles.next(1)
    async with doubles.app.database.read() as db:
        tasks = [await showing.show(doubles.app, db, answer, reader) for reader in doubles.readers]
    await doubles.decide(answer, BUS, reader=0)
    async with doubles.app.database.read() as db:
        tasks.append(await showing.show(doubles.app, db, answer, doubles.readers[1]))

    assert all(task.blind and not task.suggestions and task.mine is None for task in tasks)
    assert await doubles.next(2) is None  # two are enough, and one holds it
    assert await doubles.next(0) is None  # never the same person twice
    await doubles.decide(answer, ILL, reader=1)
    found = await doubles.readings(answer)
    assert {(row.purpose, row.machine) for row in found.values()} == {("double", None)}
    assert await doubles.decided(answer) == doubles.readers[0]  # the earliest, until they agree
    assert await doubles.next(2) is None


async def test_they_differ_until_they_agree(doubles):
    apart, together = await doubles.says(), await doubles.says()
    for answer, theirs in ((apart, ILL), (together, BUS)):
        async with doubles.app.database.begin() as db:
            await drawing.choose(doubles.app, db, answer, 2)
        await doubles.decide(answer, BUS, reader=0)
        await doubles.decide(answer, theirs, reader=1)
    async with doubles.app.database.read() as db:
        (found,) = await standing.differences(db, "bus")

    assert (found.answer, dict(found.readings)) == (apart, {"Ines": (BUS,), "Kim": (ILL,)})
    made = await doubles.agree(apart, BUS, ILL)
    assert await doubles.themes(apart) == {BUS, ILL}
    assert made.counts == deciding.agreed(doubles.readers[0])
    async with doubles.app.database.read() as db:
        assert await standing.differences(db, "bus") == []
    await doubles.decide(apart, FEES, reader=2)
    assert await doubles.themes(apart) == {BUS, ILL}  # what was agreed stands before any review


async def test_two_readers_of_one_name_are_told_apart(school):
    answer = await school.says()
    async with school.app.database.begin() as db:
        await db.execute(update(staff).where(staff.c.email == "kim@school.example").values(name="Ines"))
    await school.decide(answer, BUS)
    await school.decide(answer, ILL, reader=1)

    async with school.app.database.read() as db:
        (found,) = await standing.differences(db, "bus")

    assert dict(found.readings) == {"Ines (ines@school.example)": (BUS,), "Ines (kim@school.example)": (ILL,)}


async def test_there_is_nothing_to_agree_on_before_two_have_read(school):
    answer = await school.says()
    with pytest.raises(deciding.CannotDecide, match="Nobody has read"):
        await school.agree(answer, BUS)
    await school.decide(answer, BUS)
    with pytest.raises(deciding.CannotDecide, match="Only one person"):
        await school.agree(answer, BUS)


async def test_the_share_that_two_read_goes_by_the_id():
    ids = [UUID(int=at * 7919) for at in range(4000)]
    share = [drawing.twice(id_, 0.1) for id_ in ids]

    assert share == [drawing.twice(id_, 0.1) for id_ in ids]
    assert 0.08 < sum(share) / len(ids) < 0.12
    assert not any(drawing.twice(id_, 0) for id_ in ids)
    assert all(drawing.twice(id_, 1) for id_ in ids)
    # Whoever raises the share keeps what was drawn under the lower one.
    assert all(drawing.twice(id_, 0.2) for id_, drawn in zip(ids, share, strict=True) if drawn)


async def test_an_imported_coding_is_a_readers(school, clock):
    answer = await school.says()
    async with school.app.database.begin() as db:
        row = {"id": school.app.new_id(), "answer_id": answer, "coder": "file:nvivo/maria", "purpose": "import",
               "drawn": "chosen", "codebook": "school_barriers", "codebook_version": "1", "machine": None,
               "note": None, "created_at": clock(), "changed_at": clock()}  # fmt: skip
        coding = {"id": school.app.new_id(), "answer_id": answer, "theme": ILL, "probability": 1.0,
                  "coder": "file:nvivo/maria", "evidence": {}, "created_at": clock()}  # fmt: skip
        await readings.put(db, [row], [coding])
    assert await school.themes(answer) == {ILL}

    await school.decide(answer, BUS)
    async with school.app.database.read() as db:
        (found,) = await standing.differences(db, "bus")
        made = await figures.figures(school.app, db, "bus")

    assert dict(found.readings) == {"nvivo/maria": (ILL,), "Ines": (BUS,)}
    assert (made.people.answers, made.people.readers) == (1, 2)
    await school.agree(answer, BUS)
    assert await school.themes(answer) == {BUS}


# When the words change


async def test_a_reading_of_fewer_words_counts_no_more_and_is_shown_again(school):
    answer = await school.says("the bus")
    await read_all(school, themes=(BUS,))
    async with school.app.database.begin() as db:
        await db.execute(update(answers).values(heard="the bus\nand the fees", coder=None))
        await readings.outgrown(db, [answer])
    assert await school.decided(answer) is None
    assert await school.next() is None  # the machine reads it first
    await school.set(answer, coder=MACHINE)

    assert await school.next() == answer
    async with school.app.database.read() as db:
        task = await showing.show(school.app, db, answer, school.readers[0])
        stands = await standing.status(school.app, db, "bus")
    assert (task.outgrown, task.mine) == (True, (BUS,))
    assert (stands.outgrown, stands.decided) == (1, 0)
    await school.decide(answer, BUS, FEES)
    assert await school.themes(answer) == {BUS, FEES}
    assert (await school.readings(answer))[school.readers[0]].purpose == "review"


async def test_more_words_of_an_answer_make_its_reading_old(school, clock):
    async with school.app.database.begin() as db:
        await db.execute(
            insert(keywords).values(keyword="bus", survey_id=school.survey_id, created_at=clock())
        )
    for at, said in enumerate(("BUS", "3", "the bus is late")):
        await school.app.inbox.hear([Received("sms", f"SM{at}", "+16175550101", "us", said)])
    (answer,) = [row.id for row in await school.rows(answers) if row.question == "why"]
    await school.set(answer, coder=MACHINE, language="en", doubt=0.5, chances=b"12", code_at=None)
    await school.decide(answer, BUS)

    await school.app.inbox.hear([Received("sms", "SM9", "+16175550101", "us", "and we cannot pay the fees")])

    (row,) = await school.rows(answers, answers.c.id == answer)
    assert row.heard == "the bus is late\nand we cannot pay the fees"
    assert (row.decided, row.coder, row.chances, row.doubt) == (None, None, None, None)
    (reading,) = (await school.readings(answer)).values()
    assert reading.purpose == "stale"
    assert await school.themes(answer, school.readers[0]) == {BUS}  # kept, to be shown again


async def test_a_newer_coder_does_not_make_a_reading_old(school, clock):
    answer = await school.says()
    await school.decide(answer, ILL)
    await school.set(answer, code_at=clock(), coder="newer0000000")

    assert await school.decided(answer) == school.readers[0]
    assert (await school.readings(answer))[school.readers[0]].purpose == "review"


# Legal duties


async def test_a_legal_duty_enters_with_the_decision_and_again_when_a_wrong_one_is_taken_back(school):
    answer = await school.says("we sleep in the car", themes=(HOMELESS,))
    found = [row.theme for row in await school.rows(duties)]
    await school.decide(answer, HOMELESS)
    found.append([row.theme for row in await school.rows(duties)])
    await school.decide(answer)  # a slip of the hand
    await follow(school.app.database, school.app.books, school.app.clock(), school.app.new_id)
    found.append([row.theme for row in await school.rows(duties)])
    await school.withdraw(answer)  # the machine's counts again

    assert [*found, [row.theme for row in await school.rows(duties)]] == [[HOMELESS], [], [HOMELESS]]


async def test_a_legal_duty_comes_with_the_reading_of_an_identical_reply_however_long_ago_that_was(
    school, clock
):
    await school.decide(await school.says("we sleep in the car"), HOMELESS)
    clock.forward(days=40)
    late = await school.says("we sleep in the car")

    assert await school.next() is None

    assert late in {row.answer_id for row in await school.rows(duties)}


# When answers are cut from people


async def test_what_people_made_of_an_anonymous_answer_goes_with_it_and_leads_nowhere(school, clock):
    app = school.app
    answer, waits = await school.says(chances=b"1234", held=b"5678"), await school.says()
    async with app.database.begin() as db:
        await drawing.choose(app, db, answer, 2)
        await db.execute(update(surveys).values(anonymous=True))
    assert await school.next() == answer
    clock.forward(minutes=3)
    await school.decide(answer, ILL)
    await school.decide(answer, BUS, reader=1)
    await school.agree(answer, BUS, ILL)
    assert await school.next(2) == waits
    async with app.database.begin() as db:
        await db.execute(
            insert(duties).values(
                id=app.new_id(),
                answer_id=answer,
                theme=ILL,
                role="nurse",
                state="new",
                created_at=clock(),
                told_at=clock(),
            )
        )
        await db.execute(
            insert(proposals).values(
                id=app.new_id(),
                survey="bus",
                codebook="c",
                label="x",
                words={},
                members=["before", str(answer)],
                state="open",
                created_at=clock(),
                changed_at=clock(),
            )
        )
        address = app.new_id()
        (talk,) = (
            await db.execute(select(answers.c.conversation_id).where(answers.c.id == answer))
        ).scalars()
        await db.execute(
            insert(addresses).values(
                id=address,
                person_id=(await db.execute(select(answers.c.person_id))).scalars().first(),
                channel="sms",
                address="+16175550101",
                created_at=clock(),
            )
        )
        await db.execute(update(conversations).where(conversations.c.id == talk).values(address_id=address))
    before = await school.readings(answer)

    assert await anonymity.cut(app.database, clock(), app.new_id) == 1

    (new,) = [row for row in await school.rows(answers) if row.id != waits]
    day = clock().replace(hour=0, minute=0, second=0, microsecond=0)
    after = await school.readings(new.id)
    assert new.id != answer
    assert (new.chances, new.held, new.decided) == (b"1234", b"5678", "agreed:" + school.readers[0][6:])
    assert {coder: (row.purpose, row.drawn) for coder, row in after.items()} == {
        coder: (row.purpose, row.drawn) for coder, row in before.items()
    }
    assert await school.themes(new.id) == {BUS, ILL}
    assert await school.themes(new.id, school.readers[0]) == {ILL}
    for table in (reading_rows, codings, duties):
        mine = await school.rows(table, table.c.answer_id == new.id)
        assert mine
        assert all(row.id.version == 4 and row.created_at == day for row in mine)
    assert all(row.changed_at == day for row in after.values())
    assert [(row.told_at, row.seen_at) for row in await school.rows(duties)] == [(day, None)]
    assert await school.rows(draws, draws.c.answer_id.in_([answer, new.id])) == []
    assert {row.answer_id for row in await school.rows(holds)} == {waits}
    assert [row.members for row in await school.rows(proposals)] == [["before", str(new.id)]]
    async with app.database.begin() as db:  # and what counts can still be told
        await readings.withdraw(db, [new.id], new.decided)
        await db.execute(update(reading_rows).values(purpose="double"))
        await readings.settle(db, [new.id])
    assert await school.decided(new.id) == school.readers[0]


@pytest.mark.postgres
async def test_a_proposal_that_is_entered_while_answers_are_cut_has_their_new_ids(
    postgres_url, clock, tmp_path
):
    async with room(postgres_url, clock, tmp_path) as school:
        stays, cut = await school.says(), await school.says()
        async with school.app.database.begin() as db:
            there = await proposal_rows.staying(db, [cut, stays, uuid4()])
            moved = asyncio.create_task(school.delete(cut))
            await asyncio.sleep(0.3)
            assert not moved.done()  # it waits for the proposal
        await moved
        assert there == {stays, cut}
        async with school.app.database.begin() as db:
            assert await proposal_rows.staying(db, [cut, stays]) == {stays}


# Figures


async def test_the_machine_is_measured_by_lot_and_by_what_it_had_not_learned(school, clock):
    said = [await school.says(themes=(BUS,) if at % 2 else (ILL,)) for at in range(12)]
    async with school.app.database.begin() as db:
        await drawing.by_lot(school.app, db, "bus", 8)
    lots = await school.drawn("lot")
    for answer in said:
        await school.decide(answer, BUS)
    async with school.app.database.read() as db:
        made = await figures.figures(school.app, db, "bus")

    drawn = [answer for answer in said if answer in lots]
    right = sum(said.index(answer) % 2 for answer in drawn)
    hits = made.machine.themes[BUS]
    assert len(drawn) == made.machine.replies == made.seen == 8
    assert (hits.gave, hits.true, hits.both) == (right, 8, right)
    assert made.machine.themes[ILL].precision == 0
    assert made.to_json()["machine"]["replies"] == 8


async def test_agreement_says_what_to_talk_about(doubles):
    for at in range(10):
        answer = await doubles.says()
        async with doubles.app.database.begin() as db:
            await drawing.choose(doubles.app, db, answer, 2)
        await doubles.decide(answer, BUS, reader=0)
        await doubles.decide(answer, *((BUS, ILL) if at < 4 else (BUS,)), reader=1)
    async with doubles.app.database.read() as db:
        made = await figures.figures(doubles.app, db, "bus")

    assert made.people.answers == 10
    assert made.people.to_discuss()[0].theme == ILL
    assert made.to_json()["discuss"] == [ILL]
    assert "only 10 answers" in made.verdict.doubt
    assert set(made.names.values()) == {"Ines", "Kim"}


async def test_nothing_read_is_no_figure(school):
    await school.says()
    async with school.app.database.read() as db:
        made = await figures.figures(school.app, db, "bus")
        stands = await standing.status(school.app, db, "bus")

    assert (made.people.answers, made.machine.replies) == (0, 0)
    assert made.verdict.word == "cannot tell"
    assert (stands.coded, stands.decided, stands.readers) == (1, 0, {})


# Many


async def test_the_lot_passes_over_what_has_been_read_in_few_looks(school, monkeypatch):
    looks = []
    look = draw_rows.next_by_lot
    monkeypatch.setattr(draw_rows, "next_by_lot", lambda *given: looks.append(given[-1]) or look(*given))
    said = [await school.says() for _ in range(60)]
    await school.set_all(decided="file:x/y")
    async with school.app.database.read() as db:
        last = (await look(db, "bus", 60))[-1].id
    await school.set(last, decided=None)

    assert await _by_lot(school, 1) == 1

    assert len(looks) <= 6
    assert await school.drawn("lot") == set(said)


async def test_the_lot_draws_no_more_than_it_is_asked_for(school):
    for _ in range(9):
        await school.says()

    assert await _by_lot(school, 4) == len(await school.drawn("lot")) == 4


@pytest.mark.postgres
async def test_what_is_just_being_cut_from_its_person_is_not_drawn(postgres_url, clock, tmp_path):
    async with room(postgres_url, clock, tmp_path) as school:
        cut, stays = await school.says(themes=()), await school.says()
        async with school.app.database.begin() as db:
            await db.execute(delete(answers).where(answers.c.id == cut))
            drawn = asyncio.create_task(_by_lot(school, 5))
            await asyncio.sleep(0.3)
        assert await drawn == 1
        assert await school.drawn("lot") == {stays}


async def test_the_next_of_what_is_drawn_is_found_without_reading_all_answers(sqlite_url, clock, tmp_path):
    async with room(sqlite_url, clock, tmp_path) as school:
        for _ in range(40):
            await school.says()
        await _decided(school)
        said = {}

        @event.listens_for(school.app.database.writer.sync_engine, "before_cursor_execute")
        def listen(_, __, statement, parameters, ___, ____):
            said[statement] = parameters

        answer = await school.next()
        async with school.app.database.begin() as db:
            await queue.pass_over(school.app, db, answer, school.readers[0])
        plans = []
        async with school.app.database.reader.connect() as db:
            for statement, given in tuple(said.items()):
                if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
                    rows = await db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
                    plans += [row[-1] for row in rows]

    assert len(plans) > 10
    assert [line for line in plans if "SCAN answers" in line or "answers_survey_id" in line] == []
