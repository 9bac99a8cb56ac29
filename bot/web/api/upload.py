"""A table out of an uploaded file: kept on the disk while it is read, under its own name, and gone afterwards."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path, PurePosixPath

from fastapi import UploadFile

from ...spreadsheets import Table, open_table

LONGEST = 100


@asynccontextmanager
async def table(file: UploadFile, sheet: str | None) -> AsyncIterator[Table]:
    """The table that was sent. Raises TableError."""
    with tempfile.TemporaryDirectory(prefix="openline-") as folder:
        path = Path(folder) / plain_name(file.filename)
        # In a thread: webhooks are answered while 50 MB are read.
        yield await asyncio.to_thread(_read, file, path, sheet)


def plain_name(given: str | None) -> str:
    """A file's own name, without folders and signs that a disk or a log would stumble over.

    >>> plain_name("../../etc/passwd"), plain_name("C:\\\\lists\\\\fall\\n.csv"), plain_name("..")
    ('passwd', 'fall.csv', 'list')
    """
    name = PurePosixPath((given or "").replace("\\", "/")).name
    kept = "".join(sign for sign in name if sign.isprintable() and sign.isascii()).strip(" .")
    return kept[-LONGEST:] or "list"


def _read(file: UploadFile, path: Path, sheet: str | None) -> Table:
    with path.open("wb") as kept:
        shutil.copyfileobj(file.file, kept)
    return open_table(path, sheet=sheet)
