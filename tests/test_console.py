"""The terminal: what it shows, what it keeps, what it takes."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from channels.base import Option, Outgoing, Refused, Request, Trace
from channels.console import Console


def typed(**fields):
    return Request("POST", "http://127.0.0.1/in/console", {}, json.dumps(fields).encode())


async def test_the_console_keeps_and_shows_what_it_was_sent():
    shown = []
    console = Console(shown.append)
    outgoing = Outgoing("m1", "amal", "How?", options=(Option("bus", "Bus"), Option("car", "Car")))

    sent = await console.send(outgoing)

    assert shown == ["How?\n  [1] Bus\n  [2] Car"]
    assert console.sent == [outgoing]
    assert await console.find(Trace(outgoing, datetime.now(UTC))) == sent
    assert await console.find(Trace(replace(outgoing, id="m2"), datetime.now(UTC))) is None


async def test_a_person_at_the_terminal_types_and_chooses():
    console = Console([].append)

    heard = await console.hear(typed(id="1", **{"from": "amal"}, text="a pie", choice="walk"))

    (event,) = heard.events
    assert (event.provider_id, event.sender, event.text, event.choice) == ("1", "amal", "a pie", "walk")
    assert (event.word, event.answered) == (None, False)


@pytest.mark.parametrize(
    "fields", [{"id": "1"}, {"from": "amal"}, {"id": 1, "from": "amal"}, {"id": "", "from": "a"}]
)
async def test_a_message_without_id_or_sender_is_unreadable(fields):
    with pytest.raises(Refused) as refused:
        await Console().hear(typed(**fields))

    assert refused.value.status == 422


async def test_a_console_with_an_empty_secret_takes_nothing():
    with pytest.raises(Refused) as refused:
        await Console(secret="").hear(typed(id="1", **{"from": "amal"}))

    assert refused.value.status == 403
