"""The next version of a codebook, brought in: people's codings follow it, and what coders thought by the old one is forgotten.

The command `openline codebook` and the pages do it by this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from analysis.codebook import Codebook
from analysis.codebook.changes import Changes, compare
from analysis.codebook.editing import kept
from analysis.codebook.files import Loaded
from analysis.recoding import moved

from . import recoding
from .codebooks import Added, Books, same
from .ids import NewId
from .recoding import Followed


@dataclass(frozen=True, slots=True)
class Brought:
    """What bringing in a codebook did. ``changes``: from the version before; None where there was none or nothing is new.
    ``surveys``: those that are coded with it."""

    added: Added
    changes: Changes | None
    followed: Followed
    surveys: Sequence[str]


async def bring_in(
    books: Books,
    db: AsyncConnection,
    book: Codebook,
    by: str | None,
    now: datetime,
    new_id: NewId,
    version: str | None = None,
) -> Brought:
    """Bring in a version; have people's codings follow it. Raises CodebookError, as Books.add does."""
    added = await books.add(db, book, by, now, new_id, version)
    surveys = await books.surveys(db, added.codebook.id)
    before = added.before
    if not added.new or before is None:
        return Brought(added, None, Followed(0, 0), surveys)
    gone = moved(before, added.codebook)
    followed = await recoding.follow(db, gone, added.codebook.id, surveys, now)
    if before.codes != added.codebook.codes:
        await recoding.forget_chances(db, surveys)
    return Brought(added, compare(before, added.codebook), followed, surveys)


async def foreseen(books: Books, db: AsyncConnection, before: Codebook | None, book: Codebook) -> Followed:
    """What would become of people's codings if this came after ``before``."""
    if before is None:
        return Followed(0, 0)
    surveys = await books.surveys(db, book.id)
    return await recoding.foreseen(db, moved(before, book), book.id, surveys)


async def from_file(
    books: Books, db: AsyncConnection, loaded: Loaded, key: str | None = None, title: str | None = None
) -> tuple[Codebook, Codebook | None]:
    """The codebook of a file as it would be here, under this ``key`` and ``title`` (None: the file's), and the newest
    version before it. What files of other programs have no place for is as it was."""
    book = replace(loaded.codebook, id=key or loaded.codebook.id)
    here = await books.versions(db, book.id)
    before = await books.get(db, book.id) if here else None
    if before is not None and not loaded.stated:
        book = kept(book, before)
        book = replace(book, title=before.title)
    return replace(book, title=title or book.title), before


async def wanted_version(
    books: Books, db: AsyncConnection, loaded: Loaded, book: Codebook, before: Codebook | None
) -> str | None:
    """The version that a file's codebook shall have: the file's, where that is free; None: the next number."""
    wanted = loaded.codebook.version if loaded.stated else None
    taken = await books.versions(db, book.id)
    return None if wanted in taken or (before is not None and same(before, book)) else wanted
