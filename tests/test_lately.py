"""What was counted a moment ago: kept where counting is slow, forgotten when something is saved."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from bot.at_hand import NotYet
from bot.outreach.lately import FRESH, Lately
from bot.warming import warm
from bot.web.saving import Saving


class Counting:
    """A clock, and counting that takes so many seconds by it."""

    def __init__(self, seconds: float) -> None:
        self.now, self.seconds, self.times = 0.0, seconds, 0

    async def __call__(self) -> int:
        self.times += 1
        self.now += self.seconds
        return self.times


async def test_what_is_slow_to_count_is_counted_once_in_half_a_minute():
    counting = Counting(0.5)
    lately = Lately(lambda: counting.now)

    assert [await lately.foreseen("families", counting) for _ in range(3)] == [1, 1, 1]
    assert await lately.foreseen("staff", counting) == 2
    counting.now += FRESH
    assert await lately.foreseen("families", counting) == 3


async def test_what_is_quick_to_count_is_counted_for_every_page():
    counting = Counting(0.05)
    lately = Lately(lambda: counting.now)

    assert [await lately.foreseen("families", counting) for _ in range(3)] == [1, 2, 3]


async def test_after_something_was_saved_it_is_counted_anew_even_what_was_being_counted_then():
    counting = Counting(0.5)
    lately = Lately(lambda: counting.now)
    await lately.foreseen("families", counting)
    lately.forget()
    assert await lately.foreseen("families", counting) == 2

    async def meanwhile() -> int:
        lately.forget()
        return await counting()

    assert await lately.foreseen("students", meanwhile) == 3
    assert await lately.foreseen("students", counting) == 4


async def test_who_does_not_wait_is_told_that_it_is_being_counted_and_counting_goes_on_once_for_all():
    lately, ended, begun = Lately(patience=0.0), asyncio.Event(), []

    async def count() -> int:
        begun.append(1)
        await ended.wait()
        return 20_000

    for _ in range(3):
        with pytest.raises(NotYet):
            await lately.foreseen("families", count, waits=False)
    waiting = asyncio.create_task(lately.foreseen("families", count))
    await asyncio.sleep(0)
    ended.set()

    assert await waiting == 20_000
    assert len(begun) == 1


async def test_whoever_leaves_does_not_end_the_count_that_others_wait_for():
    lately, ended = Lately(), asyncio.Event()

    async def count() -> int:
        await ended.wait()
        return 20_000

    first = asyncio.create_task(lately.foreseen("families", count))
    second = asyncio.create_task(lately.foreseen("families", count))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    ended.set()

    assert await second == 20_000


@pytest.mark.parametrize(
    ("method", "path", "forgets"),
    [
        ("GET", "/campaigns/new", False),
        ("POST", "/campaigns/new/look", False),  # it is being written: nothing is saved
        ("POST", "/in/sms", False),  # families write all day
        ("POST", "/campaigns/new", True),
        ("POST", "/people/import", True),
        ("DELETE", "/api/v1/people/1", True),
    ],
)
async def test_whatever_staff_or_programs_send_may_have_saved_something(method, path, forgets):
    class Service:
        forgotten = 0

        @property
        def lately(self):
            return self

        def forget(self):
            self.forgotten += 1

    async def inner(scope, receive, send):
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    service = Service()
    transport = httpx.ASGITransport(app=Saving(inner, app=service))
    async with httpx.AsyncClient(transport=transport, base_url="https://openline.example") as client:
        await client.request(method, path)

    assert bool(service.forgotten) is forgets


def test_a_new_process_loads_beforehand_what_its_first_pages_would_wait_for():
    from bot.translation.terms import TERMS

    TERMS.__dict__.pop("_patterns", None)
    warm()

    assert "_patterns" in TERMS.__dict__
