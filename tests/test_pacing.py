"""However many workers there are, a sender goes no faster than its rate, and a chat gets its rest."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy import text as sql

from bot.app import opened
from bot.outbox import Outbox
from bot.settings import Settings
from bot.store import pacing
from bot.store.pacing import Pace
from bot.store.tables import addresses, messages, people, senders
from channels.base import SendFailed, Sent

LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)


class Phone:
    """Takes everything at once, and notes when; ``fates`` are raised by the first sends."""

    name = "sms"
    asks = True
    in_flight = 16

    def __init__(self, clock, *fates: SendFailed, chat_gap=timedelta()) -> None:
        self.clock = clock
        self.fates = list(fates)
        self.chat_gap = chat_gap
        self.at = []
        self.sent = []

    async def send(self, outgoing):
        if self.fates:
            raise self.fates.pop(0)
        self.at.append(self.clock())
        self.sent.append(outgoing.text)
        return Sent(f"SM-{outgoing.id}")


@pytest.fixture
def queue(database, clock, new_id):
    """Queue these texts, each to somebody of their own, or all ``to_one`` person."""

    async def queue(*texts: str, to_one: bool = False, **changed: object) -> None:
        persons, homes, rows = [], [], []
        for n, words in enumerate(texts):
            if not n or not to_one:
                person = {"id": new_id(), "respondent": "family", "language": "en", "language_by": "import"}
                persons.append(person | {"groups": {}, "created_at": clock()})
                home = {"id": new_id(), "person_id": person["id"], "channel": "sms"}
                homes.append(home | {"address": f"+1{person['id'].int % 10**14}", "created_at": clock()})
            rows.append(
                {
                    "id": new_id(), "direction": "out", "channel": "sms", "address_id": homes[-1]["id"],
                    "address": homes[-1]["address"], "purpose": "outreach", "text": words, "state": "queued",
                    "priority": 5, "due_at": clock(), "attempts": 0, "created_at": clock(),
                } | changed
            )  # fmt: skip
        async with database.begin() as db:
            await db.execute(insert(people), persons)
            await db.execute(insert(addresses), homes)
            await db.execute(insert(messages), rows)

    return queue


@pytest.fixture
def outbox(database, clock, new_id):
    return lambda phone, pace: Outbox(database, phone, clock, new_id, LEASE, pace)


def busiest(moments) -> int:
    """How many there were in the busiest second, wherever it begins."""
    return max(sum(begins <= at < begins + SECOND for at in moments) for begins in moments)


async def test_two_workers_together_keep_to_the_rate(queue, outbox, clock):
    phone, pace = Phone(clock), Pace(50)
    await queue(*["hello"] * 250)
    workers = [outbox(phone, pace), outbox(phone, pace)]
    ends = clock() + timedelta(seconds=3)

    while clock() < ends:
        await asyncio.gather(*(worker.drain() for worker in workers))
        clock.forward(seconds=0.02)

    assert 135 <= len(phone.sent) <= 165
    assert busiest(phone.at) <= 50 + pace.burst


async def test_a_running_worker_sleeps_until_there_are_tokens_and_no_longer(database, queue, new_id):
    from bot.clock import utcnow

    phone, looked = Phone(utcnow), []
    await queue(*["hello"] * 12)

    class Counting(Outbox):
        async def _claim(self, *given):
            looked.append(True)
            return await super()._claim(*given)

    running = asyncio.create_task(Counting(database, phone, utcnow, new_id, LEASE, Pace(10)).run())
    async with asyncio.timeout(20):
        while len(phone.sent) < 12:
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert phone.at[-1] - phone.at[0] >= timedelta(seconds=0.6)  # five at once, and seven at ten a second
    assert len(looked) < 30


async def test_a_long_text_takes_as_many_tokens_as_it_has_parts(queue, clock, database, outbox):
    phone, pace = Phone(clock), Pace(1, lambda words: len(words) // 10)
    await queue("x" * 80, "y" * 10, "z" * 10)

    sender = outbox(phone, pace)
    phone.in_flight = 1
    await sender.drain()
    owing = list(phone.sent)
    clock.forward(seconds=3.9)
    await sender.drain()
    still = list(phone.sent)
    clock.forward(seconds=0.1)
    await sender.drain()

    assert [words[0] for words in owing] == ["x"]  # five tokens were there, eight it took
    assert still == owing
    assert [words[0] for words in phone.sent] == ["x", "y"]


async def test_without_a_limit_no_token_is_counted(queue, clock, database, outbox):
    phone = Phone(clock)
    await queue(*["hello"] * 40)

    await outbox(phone, Pace()).drain()

    async with database.read() as db:
        assert (await db.execute(select(senders))).all() == []
    assert len(phone.sent) == 40


async def test_a_reply_takes_the_next_token(queue, clock, outbox):
    phone = Phone(clock)
    await queue(*["bulk"] * 20)
    sender = outbox(phone, Pace(1))

    await sender.drain()
    await queue("a reply", priority=0)
    clock.forward(seconds=1)
    await sender.drain()

    assert phone.sent == ["bulk"] * 5 + ["a reply"]


async def test_when_the_provider_finds_us_too_fast_every_worker_rests_as_long_as_it_asks(
    queue, clock, outbox
):
    wait = SendFailed("sending too fast", "retry", after=timedelta(seconds=7), account=True)
    phone = Phone(clock, wait)
    first, second = outbox(phone, Pace(25)), outbox(phone, Pace(25))
    phone.in_flight = 1
    await queue("a", "b", "c")

    await first.drain()
    await queue("a reply", priority=0)
    clock.forward(seconds=6.9)
    await asyncio.gather(first.drain(), second.drain())
    resting = list(phone.sent)
    clock.forward(seconds=1)
    await second.drain()

    assert resting == []
    assert sorted(phone.sent) == ["a", "a reply", "b", "c"]


async def test_without_a_limit_what_is_queued_rests_too(queue, clock, outbox):
    wait = SendFailed("sending too fast", "retry", after=timedelta(seconds=7), account=True)
    phone = Phone(clock, wait)
    phone.in_flight = 1
    await queue("a", "b")

    await outbox(phone, Pace()).drain()
    await outbox(phone, Pace()).drain()
    resting = list(phone.sent)
    clock.forward(seconds=7)
    await outbox(phone, Pace()).drain()

    assert (resting, sorted(phone.sent)) == ([], ["a", "b"])


async def test_a_wait_of_the_whole_account_uses_up_nobodys_tries(queue, clock, outbox):
    waits = [SendFailed("too fast", "retry", after=SECOND, account=True) for _ in range(9)]
    phone = Phone(clock, *waits)
    await queue("hello")

    for _ in range(12):
        await outbox(phone, Pace(25)).drain()
        clock.forward(seconds=2)

    assert phone.sent == ["hello"]


async def test_a_chat_gets_one_message_a_second_and_others_do_not_wait_for_it(queue, clock, outbox):
    phone = Phone(clock, chat_gap=SECOND)
    await queue("one", "two", "three", to_one=True)
    await queue("for somebody else")
    sender = outbox(phone, Pace(25))

    seen = []
    for _ in range(5):
        await sender.drain()
        seen.append(list(phone.sent))
        clock.forward(seconds=0.5)

    assert sorted(seen[0]) == ["for somebody else", "one"]
    assert seen[1] == seen[0]
    assert phone.sent[2:] == ["two", "three"]
    assert [moment - phone.at[0] for moment in phone.at[2:]] == [SECOND, 2 * SECOND]


async def test_a_bucket_never_holds_more_than_its_burst_nor_runs_back_with_a_clock(database, clock):
    pace = Pace(10)
    async with database.begin() as db:
        full = await pacing.purse(db, "sms", pace, clock())
        await pacing.spend(db, "sms", full, 5)
        behind = await pacing.purse(db, "sms", pace, clock() - timedelta(seconds=5))
        later = await pacing.purse(db, "sms", pace, clock() + timedelta(hours=5))

    assert (full.tokens, behind.tokens, later.tokens) == (5, 0, 5)
    assert behind.ready_at == clock() + timedelta(seconds=0.1)


@pytest.mark.postgres
async def test_two_workers_that_find_no_bucket_make_one(postgres_url, clock):
    from bot.store.database import connect

    database = connect(postgres_url)

    async def look():
        async with database.begin() as db:
            had = await pacing.purse(db, "sms", Pace(1), clock())
            await db.execute(sql("SELECT pg_sleep(0.05)"))
            await pacing.spend(db, "sms", had, 1)

    await asyncio.gather(*(look() for _ in range(4)))
    async with database.read() as db:
        left = (await db.execute(select(senders.c.tokens))).scalars().all()
    await database.close()

    assert left == [1]


async def test_each_channel_has_its_own_rate_and_sms_counts_parts(sqlite_url, clock):
    settings = Settings(_env_file=None, database_url=sqlite_url, sms_rate=3, telegram_rate=0)
    phones = {name: Phone(clock) for name in ("sms", "telegram", "console")}
    for name, phone in phones.items():
        phone.name = name
        phone.close = lambda: asyncio.sleep(0)

    async with opened(settings, clock=clock, channels=phones) as app:
        paces = {each.channel.name: each.pace for each in app.outboxes()}

    assert {name: pace.rate for name, pace in paces.items()} == {"sms": 3, "telegram": 0, "console": 0}
    assert Counter(pace.cost("ó" * 100) for pace in paces.values()) == {2: 1, 1: 2}
