"""Reports that are made in the background: each with its steps, and then its files. Kept in the process for an hour."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog

LIFE = timedelta(hours=1)
MOST = 20
"""So many are kept; the oldest give way."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class File:
    """One thing that was made. ``seen``: it can be looked at in a browser."""

    name: str
    label: str
    type: str
    content: bytes

    @property
    def seen(self) -> bool:
        """Whether a browser shows it as a page."""
        return self.type.startswith("text/html")


@dataclass
class Job:
    """``said`` is what is being done, ``problem`` what went wrong, in words for whoever asked."""

    id: UUID
    by: UUID
    title: str
    survey: str
    begun: datetime
    total: int
    done: int = 0
    said: str = ""
    problem: str = ""
    over: bool = False
    files: list[File] = field(default_factory=list)

    def step(self, said: str) -> None:
        """The next step begins."""
        self.done = min(self.done + bool(self.said), self.total)
        self.said = said

    def file(self, name: str) -> File | None:
        """The file of this name."""
        return next((file for file in self.files if file.name == name), None)


class Trouble(Exception):  # noqa: N818
    """It cannot be made; the text says why, for whoever asked."""


Make = Callable[[Job], Awaitable[None]]


class Jobs:
    """What is being made in this process, one at a time, and what was made lately."""

    def __init__(self) -> None:
        self._jobs: dict[UUID, Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._one = asyncio.Semaphore(1)

    def begin(self, by: UUID, title: str, survey: str, now: datetime, total: int, make: Make) -> Job:
        """Make it in the background."""
        for id_ in [id_ for id_, job in self._jobs.items() if now - job.begun > LIFE and job.over]:
            del self._jobs[id_]
        while len(self._jobs) >= MOST:
            del self._jobs[next(iter(self._jobs))]
        job = Job(uuid4(), by, title, survey, now, total)
        self._jobs[job.id] = job
        task = asyncio.create_task(self._make(job, make))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return job

    def find(self, id_: UUID, by: UUID) -> Job | None:
        """One that this person asked for."""
        job = self._jobs.get(id_)
        return job if job and job.by == by else None

    def of(self, by: UUID) -> list[Job]:
        """Theirs, the newest first."""
        return [job for job in reversed(self._jobs.values()) if job.by == by]

    async def _make(self, job: Job, make: Make) -> None:
        try:
            async with self._one:
                await make(job)
            job.done = job.total
        except Trouble as trouble:
            job.problem = str(trouble)
        except Exception as error:  # its own words may be somebody's
            log.error("a report could not be made", error=type(error).__name__)
            job.problem = "failed"
        finally:
            job.over = True
