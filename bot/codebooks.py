"""The codebooks of this place: the one that comes with Openline, and those imported or changed here.

A survey is coded with the newest version of the codebook that it names, or of the usual one. A version never changes, so
each is read from the store once.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from analysis import codebook
from analysis.codebook import Codebook, CodebookError, files
from analysis.codebook.fields import LONGEST
from survey_flows.told import told

from .ids import NewId
from .store import codebooks

_NAME = re.compile(r"[A-Za-z0-9][\w.+-]*")
Source = Literal["bundled", "changed", "imported"]
"""Comes with Openline; came with it and was changed here; was brought in."""


class NoCodebook(LookupError):  # noqa: N818
    """There is no such codebook or version here. The text says which there are."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A codebook in its newest version. ``surveys``: those that are coded with it. ``update``: Openline comes with another
    version of it by now, which nobody has brought in here."""

    key: str
    version: str
    title: str
    source: Source
    themes: int
    codes: int
    languages: tuple[str, ...]
    surveys: tuple[str, ...]
    versions: tuple[str, ...]
    usual: bool
    created: datetime | None
    update: bool


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a codebook that was brought in. ``before``: the newest version until then.

    ``new`` is False where the same was here already; then ``codebook`` is that version, the newest or an older one.
    """

    codebook: Codebook
    before: Codebook | None
    new: bool


class Books:
    """All codebooks; ``usual`` is the key of the one for surveys that name none."""

    def __init__(self, usual: str = "school_barriers", bundled: Codebook | None = None) -> None:
        self.usual = usual
        self.bundled = bundled or shipped()
        self._read: dict[UUID, Codebook] = {}

    async def of_survey(self, db: AsyncConnection, survey: str) -> Codebook:
        """What this survey's answers are coded with: the newest version. Raises NoCodebook."""
        return await self.get(db, await codebooks.used_by(db, survey) or self.usual)

    async def get(self, db: AsyncConnection, key: str, version: str | None = None) -> Codebook:
        """One version of a codebook; without ``version`` the newest. Raises NoCodebook."""
        row = await codebooks.find(db, key, version)
        if row is None:
            if key == self.bundled.id and version in (None, self.bundled.version):
                return self.bundled
            raise await self._missing(db, key, version)
        if row not in self._read:
            text = await codebooks.text(db, row)
            # A codebook in eight languages takes a quarter of a second to read, and webhooks must be answered.
            found = await asyncio.to_thread(files.read, text.encode(), f"{key}.yaml")
            self._read[row] = found.codebook
        return self._read[row]

    def drop(self, row: UUID) -> None:
        """Read this version anew: words of somebody who was erased have been taken out of it."""
        self._read.pop(row, None)

    async def keys(self, db: AsyncConnection) -> list[str]:
        """The keys of all codebooks, the one that comes with Openline first."""
        rows = await codebooks.versions(db)
        return list(dict.fromkeys([self.bundled.id, *(row.key for row in rows)]))

    async def versions(self, db: AsyncConnection, key: str) -> list[str]:
        """The versions of one codebook, oldest first."""
        found = [row.version for row in await codebooks.versions(db, key)]
        return found or ([self.bundled.version] if key == self.bundled.id else [])

    async def surveys(self, db: AsyncConnection, key: str) -> list[str]:
        """The published surveys that are coded with this codebook."""
        uses = await codebooks.uses(db)
        return [survey for survey, named in uses.items() if (named or self.usual) == key]

    async def listed(self, db: AsyncConnection) -> list[Listed]:
        """Every codebook in its newest version, the one that comes with Openline first."""
        uses = await codebooks.uses(db)
        found = []
        for key in await self.keys(db):
            rows = await codebooks.versions(db, key)
            book = await self.get(db, key)
            ours = key == self.bundled.id
            found.append(
                Listed(
                    key=key,
                    version=book.version,
                    title=book.title,
                    source="imported" if not ours else "changed" if rows else "bundled",
                    themes=len(book.tops),
                    codes=len(book.codes),
                    languages=book.languages,
                    surveys=tuple(survey for survey, named in uses.items() if (named or self.usual) == key),
                    versions=tuple(row.version for row in rows) or (book.version,),
                    usual=key == self.usual,
                    created=rows[-1].created_at if rows else None,
                    update=bool(rows) and ours and self.bundled.digest not in {row.digest for row in rows},
                )
            )
        return found

    async def add(
        self,
        db: AsyncConnection,
        book: Codebook,
        by: str | None,
        now: datetime,
        new_id: NewId,
        version: str | None = None,
    ) -> Added:
        """Bring in a codebook, as the next version of what has its id here.

        ``version``: the one it shall have; None: the next number, and nothing happens when the same is here already in any
        version. ``by``: who, as staff are shown to one another. Raises CodebookError for a version that is taken or a
        codebook that the store has no room for.
        """
        fits(book, version)
        rows = await codebooks.versions(db, book.id)
        before = await self.get(db, book.id) if rows or book.id == self.bundled.id else None
        taken = await self.versions(db, book.id)
        if before is not None and same(before, book) and version in (None, before.version):
            return Added(before, before, new=False)
        if version is None:
            for row in rows:
                # Only what teaches the same can be the same; the other texts need not be read.
                if row.digest == book.digest and same(old := await self.get(db, book.id, row.version), book):
                    return Added(old, before, new=False)
        elif version in taken:
            raise CodebookError(
                book.id,
                None,
                told("version {version} is here already, and says something else", version=version),
                told("Leave the version out, or give one that is free."),
            )
        if not rows and before is not None:
            # The one that comes with Openline may be another after an upgrade: what was changed here, and from what, stays.
            await codebooks.enter(db, _row(before, None, now, new_id))
        new = replace(book, version=version or next_version(book.version, taken))
        await codebooks.enter(db, _row(new, by, now, new_id))
        return Added(new, before, new=True)

    async def use(self, db: AsyncConnection, survey: str, key: str | None, now: datetime) -> Codebook:
        """From now on the survey is coded with this codebook (None: with the usual one). Raises NoCodebook."""
        book = await self.get(db, key or self.usual)
        await codebooks.use(db, survey, key, now)
        return book

    async def _missing(self, db: AsyncConnection, key: str, version: str | None) -> NoCodebook:
        if versions := await self.versions(db, key):
            return NoCodebook(
                f"There is no version {version} of the codebook {key}. There are: {', '.join(versions)}."
            )
        where = "OPENLINE_CODEBOOK: there" if key == self.usual else "There"
        keys = ", ".join(await self.keys(db))
        return NoCodebook(
            f"{where} is no codebook {key}. There are: {keys}. `openline codebook import FILE` brings one in."
        )


@cache
def shipped() -> Codebook:
    """The codebook that comes with Openline, read once in a process."""
    return codebook.load()


def same(one: Codebook, other: Codebook) -> bool:
    """Whether they differ in nothing but the version."""
    return (one.id, one.title, one.themes) == (other.id, other.title, other.themes)


def next_version(wanted: str, taken: Iterable[str]) -> str:
    """The version after those ``taken``, by numbers; the first is what it says of itself.

    >>> next_version("1", []), next_version("1", ["1", "2"]), next_version("1", ["2026-09", "3"])
    ('1', '2', '4')
    """
    taken = list(taken)
    if not taken:
        return wanted
    number = max([int(each) for each in taken if each.isdecimal()], default=len(taken)) + 1
    return str(number)


def fits(book: Codebook, version: str | None = None) -> None:
    """Raises CodebookError for names that cannot be typed as one word or are longer than the store keeps."""
    version = version or book.version
    for wrong, text in (
        (told("the id is {text}", text=repr(book.id)), book.id),
        (told("the version is {text}", text=repr(version)), version),
    ):
        if not _NAME.fullmatch(text):
            cure = told("Use letters, digits, '_', '-' and '.', and no spaces.")
            raise CodebookError(book.id, None, wrong, cure)
    for wrong, theme, text, most in (
        (told("the id has {n} characters", n=len(book.id)), None, book.id, 64),
        (told("the version has {n} characters", n=len(version)), None, version, 64),
        (told("the title has {n} characters", n=len(book.title)), None, book.title, 300),
        *(
            (told("the theme's id has {n} characters", n=len(one.id)), one.id, one.id, LONGEST)
            for one in book
        ),
    ):
        if len(text) > most:
            cure = told("Shorten it to {most} at most.", most=most)
            raise CodebookError(book.id, theme, wrong, cure)


def _row(book: Codebook, by: str | None, now: datetime, new_id: NewId) -> dict[str, object]:
    return {
        "id": new_id(),
        "key": book.id,
        "version": book.version,
        "title": book.title,
        "digest": book.digest,
        "text": files.write(book, "yaml").decode(),
        "added_by": by,
        "created_at": now,
    }
