"""Ways in which a provider fails, which a double can be told to show."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine
from typing import Any, Literal

from starlette.types import Message, Receive, Scope, Send

Fault = Literal["cut", "stall", "500", "429", "garbage"]
"""``cut`` and ``stall`` take the message and then break the connection, or say nothing until the caller gives up."""


class Faults:
    """The faults to come, one for each next send, in order; then all is well again."""

    def __init__(self) -> None:
        self._next: deque[Fault] = deque()

    def add(self, *faults: Fault) -> None:
        """Let the next sends fail in these ways."""
        self._next.extend(faults)

    def take(self) -> Fault | None:
        """The fault of the send that is under way."""
        return self._next.popleft() if self._next else None


class Cut:
    """A response that breaks off after its headers. uvicorn then closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"999")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})


class Stall:
    """A response that never comes, for as long as the caller waits."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        message: Message = {"type": ""}
        while message["type"] != "http.disconnect":
            message = await receive()


class Background:
    """Hooks that run after the response, as the world does; kept, so that none is lost or left over."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, object]) -> None:
        """Run it on the side."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Wait until nothing is under way. Raises what a hook raised."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def stop(self) -> None:
        """Give up what is under way."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
