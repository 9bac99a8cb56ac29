"""Progress bars for the person who watches, on standard error: one for each phase of a round."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

PHASES = {"asking": "Asking families", "hearing": "Hearing what they say", "coding": "Coding their words"}


@contextmanager
def bars(console: Console | None = None) -> Iterator[Callable[[str, int, int], None]]:
    """What ``stage`` and ``play`` take as ``progress``. A phase appears when it has begun; they overlap."""
    columns = (
        TextColumn("{task.description:<22}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console or Console(stderr=True)) as shown:
        tasks: dict[str, TaskID] = {}

        def progress(phase: str, done: int, of: int) -> None:
            if phase not in tasks:
                tasks[phase] = shown.add_task(PHASES.get(phase, phase))
            shown.update(tasks[phase], completed=done, total=of)

        yield progress
