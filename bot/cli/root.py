"""What all commands share: the application, its settings, and how an error reads."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from .. import logs
from ..app import NotReady
from ..settings import Settings

T = TypeVar("T")

console = Console(stderr=True, emoji=False)
"""Progress and problems; results go to standard output."""

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="""Listen to families and students in their own languages, and see which barriers they name.

    Try `openline demo` first: it plays a whole round with made-up families, on this computer only.
    Then: `openline migrate`, `openline user add`, `openline import people`, `openline ask`, `openline serve`.
    """,
)


class Problem(Exception):  # noqa: N818
    """Something the person at the terminal can mend: the text says what, where and how."""


def settings(**overrides: Any) -> Settings:
    """The settings of this environment. Raises Problem that names the variable and what is wrong with it."""
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        wrong = "; ".join(
            f"OPENLINE_{'_'.join(map(str, e['loc'])).upper()}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors()
        )
        raise Problem(wrong) from None


def run(work: Coroutine[Any, Any, T], *, quiet: bool = True) -> T:
    """Run a command's work; what it expects to go wrong reaches the person as one line."""
    logs.configure(quiet=quiet)
    try:
        return asyncio.run(work)
    except NotReady as error:
        raise Problem(str(error)) from None


def write(path: Path, data: bytes) -> None:
    """Write a file of results. Raises Problem where that cannot be done."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise Problem(f"{path} cannot be written: {error.strerror}.") from None


def progress(label: str) -> Progress:
    """A progress bar on standard error."""
    return Progress(
        TextColumn(label),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
