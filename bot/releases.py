"""Which state of a survey's numbers is shown, so that nobody learns what the last few said by comparing two days.

All pages, exports and reports show one state: the people heard up to its moment. The first is made when findings are
asked for the first time, the next when enough more people have been heard (analysis/releases.py); until then those wait.
An import shows at once, and a survey that people are answering moves in steps.

What coders or people make of the replies may change a state's numbers at any time. It counts the same people before and
after, so there is nobody to be subtracted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

import structlog
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis.codebook import Codebook
from analysis.findings import Asked, Earlier, GroupFinding, Release, Summary, Voice
from analysis.keeping import fewer_quotes, guarded_quotes
from analysis.releases import due
from analysis.summary import summarize

from . import findings, waves
from .clock import Clock
from .codebooks import Books
from .exporting import figures
from .ids import NewId
from .store import releases as store
from .store.database import Database
from .store.releases import Print
from .store.spans import Span
from .waves import Wave

Pairs = Collection[tuple[str, str]]
Key = tuple[str, str, tuple[tuple[str, str], ...]]

QUOTES, MORE_QUOTES = 4, 40
"""Of each theme, beside its numbers and on a page of their own."""
KEPT = 64
"""So many summaries are kept in a process."""
STALE = timedelta(minutes=10)
"""After so long a summary is made anew for what does not change its numbers: quotes that now have their English, and what
became of asking those who have not replied."""
TICK = timedelta(microseconds=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A summary, the ``brief`` one with few quotes, and what it stands on. ``pulse`` is quick to look at; only where that is another, ``print_`` is."""

    pulse: Print
    print_: Print
    summary: Summary | None
    brief: Summary | None
    at: datetime


@dataclass(frozen=True, slots=True)
class _State:
    """Of which answers the numbers are, and the how-manieth state that is. ``row`` has it where it was shown before; a ``new``
    one shall be shown. Where it is neither, nobody has been heard yet."""

    span: Span
    number: int
    new: bool
    row: Row[Any] | None = None


class Releases:
    """The findings of every survey, each as the state of them that may be shown."""

    def __init__(
        self, database: Database, books: Books, clock: Clock, new_id: NewId, *, minimum: int
    ) -> None:
        self._database = database
        self._books = books
        self._clock = clock
        self._new_id = new_id
        self._minimum = minimum
        self._kept: dict[Key, _Kept] = {}
        self._locks: dict[Key, asyncio.Lock] = {}

    async def summary(self, survey: str, wave: str | None = None, pairs: Pairs = ()) -> Summary | None:
        """The findings of one wave (the newest, where none is named), or of a survey without waves; None where nobody
        was asked. Raises waves.NoWave and codebooks.NoCodebook."""
        return (await self._shown(survey, wave, pairs)).brief

    async def whole(self, survey: str, wave: str | None = None, pairs: Pairs = ()) -> Summary | None:
        """The same with all quotes that may be read on a page of their own, the most typical ones first."""
        return (await self._shown(survey, wave, pairs)).summary

    async def _shown(self, survey: str, wave: str | None, pairs: Pairs) -> _Kept:
        """It is kept in the process until a look at the store says that it may be another: answers or conversations have
        come, something was coded or read by people, a codebook, wave or state is new.
        """
        async with self._database.read() as db:
            found = waves.pick(await waves.of_survey(db, survey), wave, self._clock())
        key = survey, found.name if found else "", tuple(pairs)
        async with self._locks.setdefault(key, asyncio.Lock()):  # asked for twice at once, it is made once
            kept = None
            while kept is None:
                kept = await self._look(key, found)
            self._kept.pop(key, None)
            self._kept[key] = kept
            while len(self._kept) > KEPT:
                self._kept.pop(next(iter(self._kept)))
        return kept

    async def _look(self, key: Key, wave: Wave | None) -> _Kept | None:
        """What is shown now; None where another process has just made a new state: look again."""
        survey, name, pairs = key
        now, kept = self._clock(), self._kept.get(key)
        stale = kept is None or now - kept.at > STALE
        whole = wave.span if wave else Span()
        async with self._database.read() as db:
            book = await self._books.of_survey(db, survey)
            # The day is in it for anonymous surveys, which settle at its beginning.
            over = await store.over(db, survey)
            pulse = (*await store.pulse(db, survey), (book.id, book.version, wave, now.date(), over))
            if kept and kept.pulse == pulse and not (stale and _untranslated(kept.summary)):
                return kept
            bound = await _bound(db, survey, now)
            count = await store.counted(db, survey, replace(whole, at=bound), whole)
            rows = await store.of_survey(db, survey)
            mine = [row for row in rows if row.wave == name]
            state = _state(
                mine,
                whole,
                bound,
                count.heard,
                self._minimum,
                over=over,
            )
            before = _before(rows, state)
            print_ = (*await store.print_of(db, survey, state.span), (book.id, book.version, state.number))
            same = kept is not None and state.row is not None and kept.print_ == print_ and not stale
            summary = kept.summary if kept and same else None
            made = kept.at if kept and same else now
            if summary is None:
                asked, voices = await findings.gather(db, survey, book, state.span)
                if not state.span.at:  # read since, but only together with what came before it
                    voices = []
                said = await store.heard(db, survey) if before else ()
        if summary is None and asked:
            # Thousands of voices take seconds to sum up, and webhooks must be answered meanwhile.
            summary = await asyncio.to_thread(self._sum_up, survey, asked, voices, book, before, said, pairs)
            if state.new:
                if not await self._release(survey, name, state, summary):
                    return None
            elif state.row is not None and state.span.at and not pairs:
                # Read again, or by people: other programs see what the pages show.
                async with self._database.begin() as db:
                    await store.lock(db, state.row.id)
                    await figures.store(db, survey, name, figures.rows(summary), state.span.at)
        if summary and state.span.at:
            # A count of replies, as `openline rounds` has it: it says nothing of what they say.
            since = max(0, count.spoke - summary.heard)
            summary = replace(summary, release=Release(state.number, state.span.at, since))
        brief = fewer_quotes(summary, QUOTES) if summary else None
        return _Kept(pulse, print_, summary, brief, made)

    def _sum_up(
        self,
        survey: str,
        asked: Sequence[Asked],
        voices: Sequence[Voice],
        book: Codebook,
        before: Sequence[Row[Any]],
        said: Sequence[Row[Any]],
        pairs: Pairs,
    ) -> Summary:
        earlier = [_earlier(row, said) for row in before]
        found = summarize(
            survey,
            asked,
            voices,
            book,
            minimum=self._minimum,
            pairs=tuple(pairs),
            weigh=True,
            earlier=earlier,
            quotes=MORE_QUOTES,
        )
        return guarded_quotes(found, QUOTES)

    async def _release(self, survey: str, wave: str, state: _State, summary: Summary) -> bool:
        """Keep a new state. False where another process was first: theirs is the one that is shown."""
        row = {
            "id": self._new_id(),
            "survey": survey,
            "wave": wave,
            "number": state.number,
            "at": state.span.at,
            "heard": summary.heard,
            "shown": {"numbers": dict(summary.shown), "span": _plain(state.span)},
        }
        async with self._database.begin() as db:
            if not await store.add(db, row):
                return False
            await figures.store(db, survey, wave, figures.rows(summary), state.span.at or self._clock())
        log.info("new state of the numbers", survey=survey, number=state.number)
        return True


def _state(
    mine: Sequence[Row[Any]], whole: Span, bound: datetime, heard: int, minimum: int, *, over: bool
) -> _State:
    """The state of a wave to show: the newest of those that were shown (``mine``), or a new one where that is due.

    ``whole`` is the wave's span, ``heard`` how many people would be in a new state, which may go up to ``bound``; ``over``:
    nobody else is waited for.
    """
    last = max(mine, key=lambda row: row.number, default=None)
    if last is None:
        new = due(0, heard, minimum)
        return _State(replace(whole, at=bound) if new else whole, 1, new)
    span = _span(last)
    # Made before the next wave began, it holds the same answers with that one's beginning as its end.
    same = span.begins == whole.begins and (span.ends == whole.ends or _open_then(span, whole))
    if same and not due(last.heard, heard, minimum, over=over):
        return _State(span, last.number, new=False, row=last)
    return _State(replace(whole, at=bound), last.number + 1, new=True)


def _open_then(span: Span, whole: Span) -> bool:
    return span.ends is None and bool(span.at and whole.ends and span.at < whole.ends)


def _before(rows: Sequence[Row[Any]], state: _State) -> list[Row[Any]]:
    """The states that were shown before this one of any of its answers, in whatever wave they were then."""
    made = takewhile(lambda row: state.row is None or row.id != state.row.id, rows)
    return [row for row in made if _overlap(_span(row), state.span)]


async def _bound(db: AsyncConnection, survey: str, now: datetime) -> datetime:
    """Up to when the answers of a state may be from: none is still to come into it.

    Neither one that no coder has read yet, nor one that is still to be cut from who gave it: it gets the day's beginning.
    """
    unread = await store.unread(db, survey, now)
    bound = min(now, unread - TICK) if unread else now
    if await store.anonymous(db, survey):
        return min(bound, now.replace(hour=0, minute=0, second=0, microsecond=0) - TICK)
    return bound


def _overlap(one: Span, other: Span) -> bool:
    """Whether an answer could be in both."""
    begins = [span.begins for span in (one, other) if span.begins]
    ends = [span.ends for span in (one, other) if span.ends]
    last = [span.at for span in (one, other) if span.at]
    first = max(begins, default=None)
    return first is None or (all(first < end for end in ends) and all(first <= at for at in last))


def _earlier(row: Row[Any], said: Sequence[Row[Any]]) -> Earlier:
    """A state that was shown, and the people heard in it."""
    span = _span(row)
    people = {
        findings.written(one.person)
        for one in said
        if one.settled
        and (span.begins is None or one.at >= span.begins)
        and (span.ends is None or one.at < span.ends)
        and (span.at is None or one.at <= span.at)
    }
    return Earlier(frozenset(people), row.shown["numbers"])


def _plain(span: Span) -> list[str | None]:
    return [moment.isoformat() if moment else None for moment in (span.begins, span.ends)]


def _span(row: Row[Any]) -> Span:
    begins, ends = (datetime.fromisoformat(moment) if moment else None for moment in row.shown["span"])
    return Span(begins, ends, row.at)


def _untranslated(summary: Summary | None) -> bool:
    """Whether some quote has no English yet."""
    quotes = (quote for theme in summary.themes for quote in theme.quotes) if summary else ()
    return any(not quote.english and quote.language.partition("-")[0] != "en" for quote in quotes)


def focused(found: Summary, theme: str) -> Summary:
    """The same findings with one top theme only. Raises KeyError for one that there is not.

    What is hidden stays so: every page, whatever it leaves out, is of the same numbers.
    """
    one = tuple(finding for finding in found.themes if finding.theme == theme)
    if not one:
        raise KeyError(theme)

    def only(group: GroupFinding) -> GroupFinding:
        corrected = {code: share for code, share in group.corrected.items() if code == theme}
        return replace(group, themes={theme: group.themes[theme]}, corrected=corrected)

    return replace(
        found,
        themes=one,
        apart=None,
        groups={
            name: {value: only(group) for value, group in of.items()} for name, of in found.groups.items()
        },
        pairs={pair: {value: only(group) for value, group in of.items()} for pair, of in found.pairs.items()},
    )
