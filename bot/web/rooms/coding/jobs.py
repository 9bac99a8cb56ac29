"""Long work beside the pages: begun by a form, watched by anybody, one of a kind at a time. It lives in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import structlog

log = structlog.get_logger(__name__)

Tell = Callable[[int, int], None]
"""Hears how much is done, and of how much."""


@dataclass
class Job:
    """``done`` of ``of`` (0: not known yet). ``result``: what the work gave, once it is ``done``."""

    began: datetime
    state: Literal["running", "finished", "failed"] = "running"
    done: int = 0
    of: int = 0
    ended: datetime | None = None
    result: Any = None

    @property
    def running(self) -> bool:
        return self.state == "running"


class Jobs:
    """The last job of each kind."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def get(self, kind: str) -> Job | None:
        """How it stands; None where none was begun since this process has."""
        return self._jobs.get(kind)

    def begin(self, kind: str, clock: Callable[[], datetime], work: Callable[[Tell], Awaitable[Any]]) -> Job:
        """Begin, unless one of this kind is running: then that one is given."""
        known = self._jobs.get(kind)
        if known is not None and known.running:
            return known
        job = self._jobs[kind] = Job(clock())
        task = asyncio.create_task(self._run(job, kind, clock, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return job

    async def _run(
        self, job: Job, kind: str, clock: Callable[[], datetime], work: Callable[[Tell], Awaitable[Any]]
    ) -> None:
        def tell(done: int, of: int) -> None:
            job.done, job.of = done, of

        try:
            job.result = await work(tell)
            job.state = "finished"
        except Exception as error:  # its own words may be somebody's
            job.state = "failed"
            log.error("long work failed", kind=kind.partition(" ")[0], error=type(error).__name__)
        except asyncio.CancelledError:
            job.state = "failed"
            raise
        finally:
            job.ended = clock()
