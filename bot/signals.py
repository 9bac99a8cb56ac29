"""Ends a process as it is asked to: what is under way is finished first, also on the SIGTERM of a new release."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterable
from typing import Any


async def until_stopped(tasks: Iterable[asyncio.Task[Any]], ready: Callable[[], object]) -> None:
    """Return when the process is asked to end (Ctrl-C, SIGTERM), or when one of the tasks has ended by itself.

    ``ready`` is called once a signal would be heard.
    """
    loop, asked = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked.set)
    ready()
    waiting = asyncio.create_task(asked.wait())
    try:
        await asyncio.wait({waiting, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


async def finish(task: asyncio.Task[Any]) -> None:
    """Cancel a task and wait until it has put its things in order. Raises what it had failed with."""
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        return
