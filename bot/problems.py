"""Problem statements from findings: drafted, edited and agreed on by people; and themes taken apart to their roots.

Drafts are made from the numbers that are shown (releases.py), so a statement tells nothing that the findings hide.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from langcodes import Language
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis.drilling import Drill, drill
from analysis.findings import Summary
from analysis.gaps import Gap, gaps
from analysis.problems import Lack, Statement, check, draft, edited, from_json, to_json

from . import findings, waves
from .clock import Clock
from .codebooks import Books
from .ids import NewId
from .releases import Releases
from .store import statements as store
from .store.database import Database
from .store.spans import Span

DRAFTS = 3
"""So many gaps become drafts, one for each theme: nobody works on ten problems at once."""


class NoStatement(LookupError):  # noqa: N818
    """There is no such statement, or what is wanted cannot be done with it. The text says what to do."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A statement as it is kept. ``state``: draft, agreed, dropped."""

    id: UUID
    survey: str
    state: str
    by: str | None
    changed: datetime
    statement: Statement

    @property
    def lacks(self) -> tuple[Lack, ...]:
        return check(self.statement)


@dataclass(frozen=True)
class Problems:
    """Problem statements of every survey."""

    database: Database
    books: Books
    releases: Releases
    clock: Clock
    new_id: NewId

    async def draft(
        self, survey: str, where: str, by: date | None = None, shown: Summary | None = None
    ) -> list[Kept]:
        """Draft a statement for each of the largest certain gaps that has none yet, the largest in which chance may play where there
        is no certain one. ``by``: the end of the cycle; None: of the school year; ``shown``: the numbers of a page, to
        draft from them instead of the present ones. Returns the new ones.
        """
        summary = shown or await self.releases.summary(survey)
        if summary is None:
            return []
        async with self.database.begin() as db:
            book = await self.books.of_survey(db, survey)
            had = {kept(row).statement.about for row in await store.of_survey(db, survey)}
            now = self.clock()
            drafts = [
                draft(gap, summary, book, where, by or end_of_school_year(now.date()), called)
                for gap in _worth(gaps(summary, book))
                if (gap.theme, gap.dimension, gap.group) not in had
            ]
            made = [Kept(self.new_id(), survey, "draft", None, now, one) for one in drafts]
            await store.enter(db, [_row(one) for one in made])
        return made

    async def of_survey(self, survey: str) -> list[Kept]:
        """All statements, oldest first."""
        async with self.database.read() as db:
            return [kept(row) for row in await store.of_survey(db, survey)]

    async def one(self, digits: str) -> Kept:
        """The statement whose id ends in these digits. Raises NoStatement."""
        async with self.database.read() as db:
            return await self._find(db, digits)

    async def edit(self, digits: str, changes: Sequence[tuple[str, str]], by: str | None) -> Kept:
        """Set fields; what was agreed on is a draft again. Raises NoStatement, and ValueError for what cannot be set."""

        def set_(statement: Statement) -> Statement:
            for field, value in changes:
                statement = edited(statement, field, value)
            return statement

        return await self._move(digits, "draft", by, set_)

    async def agree(self, digits: str, by: str | None) -> Kept:
        """This is the problem to work on. Raises NoStatement where something is lacking."""

        def whole(statement: Statement) -> Statement:
            if lacks := check(statement, self.clock().date()):
                raise NoStatement("; ".join(f"{lack.problem}. {lack.cure}" for lack in lacks))
            return statement

        return await self._move(digits, "agreed", by, whole)

    async def drop(self, digits: str, by: str | None) -> Kept:
        """Put a statement aside: the same gap is not drafted again. Raises NoStatement."""
        return await self._move(digits, "dropped", by, lambda statement: statement)

    async def restore(self, digits: str, by: str | None) -> Kept:
        """Take back that it was dropped or agreed on: it is a draft. Raises NoStatement."""
        return await self._move(digits, "draft", by, lambda statement: statement)

    async def drilled(
        self, survey: str, theme: str, shown: Summary | None = None, wave: str | None = None
    ) -> Drill | None:
        """A theme taken apart, from the replies that the shown findings count; None where nobody was asked. Raises KeyError.

        ``shown``: the numbers of a page; without them the present ones are reckoned.
        """
        summary = shown or await self.releases.summary(survey, wave)
        if summary is None:
            return None
        async with self.database.read() as db:
            book = await self.books.of_survey(db, survey)
            span = await self._span(db, survey, summary, wave)
            voices = await findings.voices(db, survey, {}, book, span) if span else []
        return await asyncio.to_thread(drill, summary, voices, theme, book)

    async def _span(
        self, db: AsyncConnection, survey: str, summary: Summary, name: str | None
    ) -> Span | None:
        """Which answers the shown findings count; None where none are shown yet."""
        if summary.release is None or summary.release.at is None:
            return None
        wave = waves.pick(await waves.of_survey(db, survey), name, self.clock())
        return Span(wave.begins if wave else None, wave.ends if wave else None, summary.release.at)

    async def _move(
        self, digits: str, state: str, by: str | None, change: Callable[[Statement], Statement]
    ) -> Kept:
        async with self.database.begin() as db:
            found = await self._find(db, digits)
            moved = Kept(found.id, found.survey, state, by, self.clock(), change(found.statement))
            fields = to_json(moved.statement)
            await store.change(db, found.id, state=state, by=by, fields=fields, changed_at=moved.changed)
        return moved

    async def _find(self, db: AsyncConnection, digits: str) -> Kept:
        rows = await store.ending(db, digits.strip().lower().replace("-", ""))
        if len(rows) == 1:
            return kept(rows[0])
        if rows:
            raise NoStatement(f"Several statements end in {digits}: give more of the digits.")
        raise NoStatement(f"There is no statement {digits}. See `openline problems list SURVEY`.")


def _worth(found: Sequence[Gap]) -> list[Gap]:
    """The gaps to draft from: each theme once, at the group that names it more; sure ones only, as far as there are any."""
    largest: dict[str, Gap] = {}
    for gap in found:  # the certain ones come first, then the largest
        if gap.more and "." not in gap.theme:
            largest.setdefault(gap.theme, gap)
    certain = [gap for gap in largest.values() if gap.verdict == "certain"]
    return (certain or list(largest.values())[:1])[:DRAFTS]


def called(dimension: str, group: str) -> str:
    """How a group is spoken of in a statement.

    >>> called("language", "ht"), called("bus_route", "12"), called("respondent", "family")
    ('people who use Haitian Creole', 'people whose bus route is 12', 'families')
    """
    if dimension == "language":
        return f"people who use {Language.get(group).display_name('en')}"
    if dimension == "school":
        return f"people at {group}"
    if dimension == "respondent":
        return {"family": "families", "student": "students"}.get(group, group)
    return f"people whose {dimension.replace('_', ' ')} is {group}"


def end_of_school_year(today: date) -> date:
    """The next 30 June."""
    return date(today.year + (today >= date(today.year, 6, 30)), 6, 30)


def _row(one: Kept) -> dict[str, Any]:
    return {
        "id": one.id,
        "survey": one.survey,
        "theme": one.statement.about[0],
        "fields": to_json(one.statement),
        "state": one.state,
        "by": one.by,
        "created_at": one.changed,
        "changed_at": one.changed,
    }


def kept(row: Row[Any]) -> Kept:
    """A statement from its row."""
    return Kept(row.id, row.survey, row.state, row.by, row.changed_at, from_json(row.fields))
