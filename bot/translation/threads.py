"""Runs what cannot wait for itself: calls that block, in threads that may be left behind."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from .base import Failed

T = TypeVar("T")


class Threads:
    """At most ``most`` calls at a time, each in a daemon thread: one that hangs keeps neither the caller nor, at the end, the
    process. (A ThreadPoolExecutor's threads are waited for at the exit, and a hung one is never given back.)"""

    def __init__(self, most: int) -> None:
        self._free = threading.BoundedSemaphore(most)

    async def run(self, call: Callable[[], T], deadline: float) -> T:
        """What ``call`` returns or raises. Raises Failed where no thread is free, TimeoutError after ``deadline`` seconds."""
        if not self._free.acquire(blocking=False):
            raise Failed("every thread still waits for an answer")
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()

        def work() -> None:
            error: Exception | None = None
            result: T | None = None
            try:
                result = call()
            except Exception as caught:
                error = caught
            finally:
                self._free.release()
            if not loop.is_closed():
                loop.call_soon_threadsafe(_settle, answer, result, error)

        threading.Thread(target=work, daemon=True, name="translation").start()
        async with asyncio.timeout(deadline):
            return await answer


def _settle(answer: asyncio.Future[Any], result: Any, error: Exception | None) -> None:
    if answer.done():  # nobody waits any more
        return
    if error is None:
        answer.set_result(result)
    else:
        answer.set_exception(error)
