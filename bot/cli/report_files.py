"""What the writing of reports shares: files that are not written over, PDFs, and what to look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ..reports import paper
from .root import Problem, console


def free(files: Sequence[Path], force: bool) -> None:
    """Raise Problem where a file is there that nobody said to write over."""
    there = [file for file in files if file.exists()]
    if there and not force:
        more = f" (and {len(there) - 1} more)" if len(there) > 1 else ""
        raise Problem(
            f"{there[0]} is there already{more}. Choose another with --to, or write over it with --force."
        )


def folder(path: Path) -> None:
    """Make a folder, where it is not there. Raises Problem."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(f"{path} cannot be made: {error.strerror}.") from None


def made_pdf(html: str, step: Callable[[], None] = lambda: None) -> bytes:
    """The page as a PDF. Raises Problem, which says what to install, where none can be made here."""
    try:
        return paper.pdf(html, step)
    except paper.NoPaper as error:
        raise Problem(str(error)) from None


def say(text: str) -> None:
    """Say what to look at, on standard error."""
    console.print(text, highlight=False, markup=False, soft_wrap=True)
