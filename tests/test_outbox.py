"""The outbox: in order, once, and never blindly again."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select, update

from bot.inbox import Inbox
from bot.listening import Desk
from bot.outbox import Outbox
from bot.reconcile import reconcile
from bot.sends import BACKOFF
from bot.shelf import Shelf
from bot.store.tables import addresses, consents, messages, people
from channels.base import Outgoing, Received, SendFailed, Sent, Trace

LEASE = timedelta(seconds=60)


class Phone:
    """A channel whose next sends go as they are told to; what got through is in ``sent``."""

    name = "sms"
    asks = True
    in_flight = 4
    chat_gap = timedelta()

    def __init__(self, *fates: SendFailed | str) -> None:
        self.fates = list(fates)
        self.sent: list[str] = []
        self.tried: list[str] = []
        self.given: list[Outgoing] = []
        self.held = asyncio.Event()
        self.held.set()

    async def send(self, outgoing: Outgoing) -> Sent:
        self.tried.append(outgoing.text)
        self.given.append(outgoing)
        await self.held.wait()
        fate = self.fates.pop(0) if self.fates else "ok"
        if isinstance(fate, SendFailed):
            raise fate
        self.sent.append(outgoing.text)
        if fate == "cut":
            raise SendFailed("the line was cut", "unknown")
        return Sent(f"SM-{outgoing.id}")

    async def find(self, trace: Trace) -> Sent | None:
        here = f"SM-{trace.outgoing.id}"
        return Sent(here) if trace.outgoing.text in self.sent and here not in trace.known else None

    async def close(self) -> None: ...


@pytest.fixture
def outbox(database, clock, new_id):
    return lambda channel: Outbox(database, channel, clock, new_id, LEASE)


@pytest.fixture
def write(database, clock, new_id):
    """Enter a person with one address and queue these texts for them; return the address's id."""

    async def write(number: str, *texts: str, due: float = 0, **changed: object):
        person, address = new_id(), new_id()
        async with database.begin() as db:
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
                insert(addresses).values(
                    id=address, person_id=person, channel="sms", address=number, created_at=clock()
                )
            )
            for text in texts:
                row = {
                    "id": new_id(),
                    "direction": "out",
                    "channel": "sms",
                    "address_id": address,
                    "address": number,
                    "purpose": "reply",
                    "text": text,
                    "state": "queued",
                    "priority": 0,
                    "due_at": clock() + timedelta(seconds=due),
                    "attempts": 0,
                    "created_at": clock(),
                }
                await db.execute(insert(messages).values(**(row | changed)))
        return address

    return write


async def states(database) -> dict[str, str]:
    async with database.read() as db:
        return dict(list(await db.execute(select(messages.c.text, messages.c.state))))


async def look(database, clock, new_id, phone, policy="hold"):
    return await reconcile(database, phone, clock, new_id, grace=timedelta(seconds=30), policy=policy)


async def test_what_is_queued_for_one_person_goes_in_order(database, outbox, write):
    phone = Phone()
    await write("+15035550101", "one", "two", "three")

    tried = await outbox(phone).drain()

    assert tried == 3
    assert phone.sent == ["one", "two", "three"]
    assert set((await states(database)).values()) == {"sent"}


async def test_replies_go_before_bulk(outbox, write):
    phone = Phone()
    phone.in_flight = 1
    await write("+15035550101", "bulk", priority=5)
    await write("+15035550102", "reply", priority=0)

    await outbox(phone).drain()

    assert phone.sent == ["reply", "bulk"]


async def test_a_message_waits_until_it_is_due(outbox, write, clock):
    phone = Phone()
    await write("+15035550101", "tomorrow", due=3600)

    await outbox(phone).drain()
    early = list(phone.sent)
    clock.forward(hours=1)
    await outbox(phone).drain()

    assert (early, phone.sent) == ([], ["tomorrow"])


async def test_two_workers_send_each_message_once(database, outbox, write):
    phone = Phone()
    for number in range(40):
        await write(f"+1503555{number:04}", f"a{number}", f"b{number}")

    await asyncio.gather(outbox(phone).drain(), outbox(phone).drain())

    assert sorted(phone.sent) == sorted(f"{letter}{n}" for letter in "ab" for n in range(40))
    assert set((await states(database)).values()) == {"sent"}


async def test_what_the_provider_did_not_take_is_tried_again_later_and_at_last_given_up(
    database, outbox, write, clock
):
    phone = Phone(*[SendFailed("busy", "retry", code="20429") for _ in range(len(BACKOFF) + 1)])
    await write("+15035550101", "hello")

    for _ in range(len(BACKOFF) + 3):
        await outbox(phone).drain()
        clock.forward(seconds=max(BACKOFF))

    assert len(phone.tried) == len(BACKOFF) + 1
    assert await states(database) == {"hello": "failed"}


async def test_a_retry_waits_as_long_as_the_provider_asks(outbox, write, clock):
    phone = Phone(SendFailed("slow down", "retry", after=timedelta(seconds=90)))
    await write("+15035550101", "hello")

    await outbox(phone).drain()
    clock.forward(seconds=89)
    await outbox(phone).drain()
    early = list(phone.sent)
    clock.forward(seconds=1)
    await outbox(phone).drain()

    assert (early, phone.sent) == ([], ["hello"])


async def test_an_opt_out_at_the_provider_silences_the_address_and_enters_the_ledger(database, outbox, write):
    phone = Phone(SendFailed("opted out", "stop", code="21610"))
    address = await write("+15035550101", "one", "two")

    await outbox(phone).drain()

    async with database.read() as db:
        event = (await db.execute(select(consents.c.event, consents.c.source))).one()
        suppressed = (
            await db.execute(select(addresses.c.suppressed).where(addresses.c.id == address))
        ).scalar()
    assert phone.sent == []
    assert await states(database) == {"one": "failed", "two": "cancelled"}
    assert (tuple(event), suppressed) == (("stopped", "provider"), "stopped")


async def test_nothing_goes_to_an_address_suppressed_after_it_was_queued(
    database, outbox, write, clock, new_id
):
    phone = Phone()
    address = await write("+15035550101", "hello")
    async with database.begin() as db:
        await db.execute(update(addresses).where(addresses.c.id == address).values(suppressed="stopped"))

    await outbox(phone).drain()
    await look(database, clock, new_id, phone)

    assert phone.sent == []
    assert await states(database) == {"hello": "cancelled"}


async def test_when_our_account_is_at_fault_the_channel_rests(outbox, write, clock):
    phone = Phone(SendFailed("bad credentials", "halt", code="20003"))
    phone.in_flight = 1
    await write("+15035550101", "one")
    await write("+15035550102", "two")
    sender = outbox(phone)

    await sender.drain()
    resting = list(phone.tried)
    clock.forward(minutes=5)
    await sender.drain()

    assert resting == ["one"]
    assert sorted(phone.sent) == ["one", "two"]


async def test_a_send_cut_after_the_provider_took_it_is_found_and_not_repeated(
    database, outbox, write, clock, new_id
):
    phone = Phone("cut")
    await write("+15035550101", "hello", "next")

    await outbox(phone).drain()
    cut = await states(database)
    clock.forward(seconds=61)
    settled = await look(database, clock, new_id, phone)
    await outbox(phone).drain()

    assert cut == {"hello": "uncertain", "next": "queued"}
    assert settled == {"sent": 1, "queued": 0, "held": 0}
    assert phone.sent == ["hello", "next"]


async def test_a_send_cut_before_the_provider_took_it_goes_again(database, outbox, write, clock, new_id):
    phone = Phone(SendFailed("time-out", "unknown"))
    await write("+15035550101", "hello")

    await outbox(phone).drain()
    clock.forward(seconds=61)
    settled = await look(database, clock, new_id, phone)
    await outbox(phone).drain()

    assert settled == {"sent": 0, "queued": 1, "held": 0}
    assert phone.sent == ["hello"]


@pytest.mark.parametrize(("policy", "state", "sent"), [("hold", "held", 1), ("resend", "sent", 2)])
async def test_where_nobody_can_say_the_policy_decides(
    database, outbox, write, clock, new_id, policy, state, sent
):
    phone = Phone("cut")
    phone.asks = False
    await write("+15035550101", "hello")

    await outbox(phone).drain()
    clock.forward(seconds=61)
    await look(database, clock, new_id, phone, policy)
    await outbox(phone).drain()

    assert await states(database) == {"hello": state}
    assert len(phone.sent) == sent


async def test_what_a_dead_worker_was_sending_becomes_uncertain_when_its_lease_ends(
    database, outbox, write, clock, new_id
):
    phone = Phone()
    phone.held.clear()
    await write("+15035550101", "hello")
    worker = asyncio.create_task(outbox(phone).drain())
    while not phone.tried:
        await asyncio.sleep(0.01)

    before = await look(database, clock, new_id, phone)
    clock.forward(seconds=61)
    await look(database, clock, new_id, phone)
    lost = await states(database)
    phone.held.set()
    await worker

    assert before == {"sent": 0, "queued": 0, "held": 0}
    assert lost == {"hello": "uncertain"}
    # It was alive after all, and its own token lets it say so.
    assert await states(database) == {"hello": "sent"}


async def test_a_running_outbox_hears_of_new_rows_and_finishes_what_it_began(database, outbox, write):
    phone = Phone()
    running = asyncio.create_task(outbox(phone).run())
    await asyncio.sleep(0.05)
    await write("+15035550101", "hello")
    database.wake.now()
    async with asyncio.timeout(3):
        while not phone.sent:
            await asyncio.sleep(0.01)

    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    async with database.read() as db:
        done = (await db.execute(select(func.count()).where(messages.c.state == "sent"))).scalar_one()
    assert done == 1


async def test_a_worker_that_is_stopped_while_claiming_leaves_nothing_lying(database, outbox, write):
    phone = Phone()
    for number in range(30):
        await write(f"+1503555{number:04}", f"m{number}")

    for pause in (0.001, 0.003, 0.006, 0.01, 0.02):
        running = asyncio.create_task(outbox(phone).run())
        await asyncio.sleep(pause)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert "sending" not in (await states(database)).values()

    await outbox(phone).drain()
    assert sorted(phone.sent) == sorted(f"m{number}" for number in range(30))


async def test_one_result_that_cannot_be_recorded_does_not_keep_the_others_from_it(
    database, outbox, write, clock
):
    class Twin(Phone):
        """A provider that gives two messages one id."""

        async def send(self, outgoing: Outgoing) -> Sent:
            await super().send(outgoing)
            return Sent("same" if outgoing.text != "c" else "other")

    phone = Twin()
    phone.in_flight = 3
    for number, text in enumerate("abc"):
        await write(f"+150355501{number:02}", text)

    running = asyncio.create_task(outbox(phone).run())
    async with asyncio.timeout(10):
        while list((await states(database)).values()).count("sent") < 2:
            await asyncio.sleep(0.05)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    found = await states(database)
    assert found["c"] == "sent"
    assert sorted([found["a"], found["b"]]) == ["sending", "sent"]


class Interrupted(Outbox):
    """An outbox to which something happens just when a claim has been committed."""

    async def _still_wanted(self, claimed):
        await self.meanwhile()
        return await super()._still_wanted(claimed)


async def test_a_stop_between_the_claim_and_the_send_is_heeded(database, clock, new_id, write):
    phone = Phone()
    await write("+15035550101", "first", "second")
    await write("+15035550102", "for somebody else")
    inbox = Inbox(database, Shelf(), Desk("Riverbend schools", True, None, new_id), clock)
    outbox, seen = Interrupted(database, phone, clock, new_id, LEASE), []

    async def stop():
        if not seen:
            seen.append(await states(database))
            await inbox.hear([Received("sms", "SM-in-1", "+15035550101", "us", "stop texting me")])

    outbox.meanwhile = stop
    await outbox.drain()
    await inbox.close()

    farewell = [text for text in phone.sent if text != "for somebody else"]
    found = await states(database)
    assert seen[0] == {"first": "sending", "second": "queued", "for somebody else": "sending"}
    assert (found["first"], found["second"]) == ("cancelled", "cancelled")
    assert found["for somebody else"] == "sent"
    assert len(farewell) == 1
    assert found[farewell[0]] == "sent"


async def test_a_farewell_that_is_claimed_goes_to_whoever_has_stopped(database, clock, new_id, write):
    phone = Phone()
    address = await write("+15035550101", "You are off the list.", purpose="farewell")
    outbox = Interrupted(database, phone, clock, new_id, LEASE)

    async def stop():
        async with database.begin() as db:
            await db.execute(update(addresses).where(addresses.c.id == address).values(suppressed="stopped"))

    outbox.meanwhile = stop
    await outbox.drain()

    assert phone.sent == ["You are off the list."]


async def test_what_cannot_be_looked_at_is_not_sent_and_goes_back(database, clock, new_id, write):
    phone, failed = Phone(), []
    await write("+15035550101", "hello")
    outbox = Outbox(database, phone, clock, new_id, LEASE)
    look = outbox._line.look

    def away():
        if failed:
            return look()
        failed.append(True)
        raise OSError("the store is away")

    outbox._line.look = away
    tried = await outbox.drain()

    assert (failed, tried, phone.sent) == ([True], 1, ["hello"])


async def test_a_message_that_has_expired_is_not_sent_and_holds_up_no_reply(database, outbox, write, clock):
    phone = Phone()
    evening = clock() + timedelta(hours=3)
    await write("+15035550101", "before the evening", expires_at=evening)
    await write("+15035550102", "too late", expires_at=clock(), priority=5)
    async with database.begin() as db:
        late = (await db.execute(select(messages).where(messages.c.text == "too late"))).one()
        reply = late._asdict() | {"text": "a reply", "expires_at": None}
        newer = reply | {"id": UUID(int=late.id.int + 1)}
        await db.execute(insert(messages).values(**newer))

    await outbox(phone).drain()

    assert sorted(phone.sent) == ["a reply", "before the evening"]
    assert (await states(database))["too late"] == "queued"
    assert {each.text: each.valid_until for each in phone.given} == {
        "a reply": None,
        "before the evening": evening,
    }


async def test_a_retry_after_the_end_of_the_hours_stays_in_the_queue(database, outbox, write, clock):
    phone = Phone(SendFailed("waited too long in the queue", "retry", after=timedelta(hours=1)))
    await write("+15035550101", "hello", expires_at=clock() + timedelta(minutes=30))

    await outbox(phone).drain()
    clock.forward(hours=2)
    await outbox(phone).drain()

    assert (phone.tried, await states(database)) == (["hello"], {"hello": "queued"})


async def test_a_send_is_given_up_when_the_message_expires(database, outbox, write, clock):
    phone = Phone()
    phone.held.clear()
    await write("+15035550101", "hello", expires_at=clock() + timedelta(seconds=0.2))

    async with asyncio.timeout(10):  # the lease would let it wait for 48 seconds
        await outbox(phone).drain()

    assert (phone.sent, await states(database)) == ([], {"hello": "uncertain"})


async def test_a_reply_goes_out_among_the_next_few_however_much_bulk_waits(database, outbox, write, clock):
    phone, bulk = Phone(), 5000
    address = await write("+15035550100", "bulk", priority=5)
    async with database.begin() as db:
        like = (await db.execute(select(messages))).one()._asdict()
        home = (await db.execute(select(addresses))).one()._asdict()
        near = {"provider_id": None}
        many = [
            {
                "address_id": UUID(int=address.int + n),
                "id": UUID(int=like["id"].int + n),
                **near,
            }
            for n in range(1, bulk)
        ]
        await db.execute(
            insert(addresses),
            [home | {"id": row["address_id"], "address": f"+1504{n:07}"} for n, row in enumerate(many)],
        )
        await db.execute(insert(messages), [like | row for row in many])
    sender = outbox(phone)
    await sender._turn()
    await asyncio.wait(sender._under_way)
    await write("+15035550199", "a reply to somebody new", priority=0)
    last = many[-1]["address_id"]
    async with database.begin() as db:
        own = like | {"id": UUID(int=like["id"].int + bulk), "address_id": last}
        await db.execute(
            insert(messages).values(**own | {"text": "a reply to one of the many", "priority": 0})
        )

    await sender._turn()
    await asyncio.wait(sender._under_way)
    await sender._finish()

    assert phone.sent[:4] == ["bulk"] * 4
    assert {"a reply to somebody new", "a reply to one of the many"} <= set(phone.sent[4:8])
