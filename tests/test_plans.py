"""However long the ledger grows, no statement of the daily work reads it from end to end."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sayings import SURVEY
from sqlalchemy import event, select

import survey_flows
from bot.inbox import Inbox
from bot.listening import Desk
from bot.outbox import Outbox
from bot.reconcile import reconcile
from bot.shelf import Shelf
from bot.store.database import connect
from bot.store.tables import messages
from channels.base import Outgoing, Receipt, Received, SendFailed, Sent, Trace

WHOLE = re.compile(
    r"SCAN (messages|addresses|people|conversations|answers|due|earlier)\b(?! USING INDEX (?P<index>\w+))"
)
SHORT = {"messages_open", "messages_under_way", "messages_due", "addresses_suppressed"}
"""Partial indexes: they hold what is still to be done, however much has been done."""


class Phone:
    """Takes the first message, and is cut off at every other."""

    name, asks, in_flight, chat_gap = "sms", True, 4, timedelta()

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def send(self, outgoing: Outgoing) -> Sent:
        self.taken.append(outgoing.id)
        if len(self.taken) > 1:
            raise SendFailed("the line was cut", "unknown")
        return Sent(f"SM-{outgoing.id}")

    async def find(self, trace: Trace) -> Sent | None:
        return Sent(f"SM-{trace.outgoing.id}")


@pytest.fixture
async def store(sqlite_url):
    opened = connect(sqlite_url)
    yield opened
    await opened.close()


async def test_hearing_sending_and_reconciling_read_by_index_only(store, clock, new_id):
    survey, phone, said = survey_flows.loads(SURVEY, "bus"), Phone(), {}
    async with store.begin() as db:
        id_ = await Shelf().publish(db, survey, clock(), new_id)
    inbox = Inbox(store, Shelf(), Desk("Riverbend schools", True, (id_, survey), new_id), clock)

    @event.listens_for(store.writer.sync_engine, "before_cursor_execute")
    @event.listens_for(store.reader.sync_engine, "before_cursor_execute")
    def listen(_, __, statement, parameters, ___, many):
        said[statement] = parameters[0] if many else parameters

    for step, text in enumerate(("START", "3", "the bus is late", "HELP")):
        await inbox.hear(
            [Received("sms", f"{step}-{n}", f"+1617555010{n}", "us", text) for n in range(3)]
            + [Received("telegram", f"{step}-{n}", f"55501420{n}", "us", text) for n in range(3)]
        )
    await Outbox(store, phone, clock, new_id, timedelta(seconds=60)).drain()
    clock.forward(minutes=3)
    await reconcile(store, phone, clock, new_id, grace=timedelta(seconds=30), policy="hold")
    await inbox.hear([Receipt("sms", f"SM-{id_}", "delivered", id_) for id_ in phone.taken])
    gone = SendFailed("gone", "dead")
    await inbox.hear([Receipt("sms", f"SM-{phone.taken[0]}", "failed", phone.taken[0], failure=gone)])
    await inbox.hear([Received("sms", "9", "+16175550101", "us", "STOP")])

    plans = [line for statement, given in tuple(said.items()) for line in await plan(store, statement, given)]
    whole = [found for line in plans if (found := WHOLE.search(line)) and found["index"] not in SHORT]
    assert len(plans) > 20
    assert whole == []


async def plan(store, statement: str, parameters) -> list[str]:
    if not statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
        return []
    async with store.read() as db:
        rows = await db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(parameters))
        return [f"{row[-1]}   <- {statement}" for row in rows]


async def test_a_statement_that_reads_everything_would_be_noticed(store):
    async with store.read() as db:
        compiled = str(select(messages.c.id).where(messages.c.text == "x").compile(db.sync_connection))

    lines = await plan(store, compiled, ("x",))

    assert any(WHOLE.search(line) for line in lines)
