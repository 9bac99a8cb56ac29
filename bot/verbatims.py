"""Replies as staff read them on a page, some at a time: names taken out, and beside them no more than an export would tell.

Languages that too few wrote in are left out: the words would tell who wrote them. A school stands beside a reply, or
narrows the list, only as far as ``analysis.cloak`` allows it for everybody's replies together: else what the findings hide
of a school could be counted here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from analysis.codebook import Codebook
from analysis.findings import Summary

from .app import App
from .exporting.coders import Named, names
from .exporting.reading import READ, Heard, together
from .exporting.replies import cloaked_by, redacted
from .exporting.tables import About
from .store import replies as store
from .store.spans import Span
from .waves import Wave

PAGE = 50
SCANNED = 4000
"""So many rows are looked at for one page: after that a link leads on."""
SCHOOL = "school"


@dataclass(frozen=True, slots=True)
class Given:
    """A theme that somebody or something gave a reply: ``by`` is a version or a name; ``chance`` is None where people decided.
    ``cues`` are the words that the coder went by, ``like`` its nearest example."""

    theme: str
    label: str
    machine: bool
    by: str
    chance: float | None
    cues: tuple[str, ...]
    like: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply. ``words`` are without names; ``english`` is None where there is none (or where it is English)."""

    id: UUID
    question: str
    language: str
    words: str
    english: str | None
    english_by: str | None
    themes: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One page; ``onward`` is the id from before which the next one begins, None at the end."""

    replies: tuple[Reply, ...]
    onward: UUID | None


@dataclass(frozen=True, slots=True)
class Schools:
    """Which schools replies may be narrowed to, and the people who are not told to be of theirs."""

    told: tuple[str, ...]
    untold: frozenset[str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which replies. ``theme`` is a top theme or a part of one."""

    survey: str
    theme: str = ""
    language: str = ""
    school: str = ""
    words: str = ""


async def schools(app: App, survey: str, wave: Wave | None, shown: Summary, at: datetime) -> Schools:
    """Reckoned from everybody's replies: seconds for many. ``shown`` are the findings of the same state."""
    found = await app.releases.whole(survey, wave.name if wave else None, ((SCHOOL, "language"),))
    summary = found or shown
    span = replace(wave.span if wave else Span(), at=at)
    async with app.database.read() as db:
        book = await app.books.of_survey(db, survey)
        about = About("replies", survey, "", book.id, book.version, summary.minimum, at=at)
        cloaked = await cloaked_by(db, about, book, span, tuple(summary.tongues), summary, (SCHOOL,))
    told = {row[SCHOOL] for row in cloaked.values.values()}
    untold = {person for person, row in cloaked.values.items() if row[SCHOOL] is None}
    return Schools(
        tuple(sorted(school for school in told if school)), frozenset(untold | set(cloaked.withheld))
    )


async def find(
    app: App,
    wanted: Wanted,
    languages: Collection[str],
    span: Span,
    book: Codebook,
    allowed: Schools | None,
    before: UUID | None = None,
) -> Found:
    """A page of replies. ``languages`` are those that enough people wrote in; ``allowed`` is needed for a school."""
    spoken = [one for one in languages if wanted.language in ("", one)]
    themes = (
        [theme.id for theme in (book[wanted.theme], *book.children(wanted.theme))] if wanted.theme else []
    )
    kept: list[Heard] = []
    scanned, onward = 0, before
    async with app.database.read() as db:
        while len(kept) <= PAGE and scanned < SCANNED and spoken:
            rows = await store.some(
                db,
                READ,
                wanted.survey,
                span,
                PAGE * 2,
                before=onward,
                languages=spoken,
                themes=themes,
                school=wanted.school or None,
                words=wanted.words,
            )
            scanned += len(rows)
            onward = rows[-1].id if rows else None
            for heard in await together(db, rows):
                if wanted.school and (allowed is None or str(heard.person) in allowed.untold):
                    continue
                if wanted.words and not _says(heard, wanted.words):
                    continue
                kept.append(heard)
            if len(rows) < PAGE * 2:
                onward = None
                break
        if len(kept) > PAGE:
            kept, onward = kept[:PAGE], kept[PAGE - 1].id
        named = await names(db, {one.coder for heard in kept for one in heard.codings})
    # In an order that tells nothing of when each came.
    kept.sort(key=lambda heard: hashlib.sha256(heard.id.bytes).digest())
    return Found(tuple(_reply(heard, named, book) for heard in kept), onward)


def _says(heard: Heard, words: str) -> bool:
    """Whether the words are still there with names taken out: nobody is found by their name."""
    return words.lower() in redacted(heard.words, heard.language, heard.names).lower()


def _reply(heard: Heard, named: dict[str, Named], book: Codebook) -> Reply:
    english = heard.english if heard.language.partition("-")[0] != "en" else None
    return Reply(
        heard.id,
        heard.question,
        heard.language,
        redacted(heard.words, heard.language, heard.names),
        redacted(english, "en", heard.names) if english else None,
        heard.english_by if english else None,
        tuple(
            Given(
                one.theme,
                book[one.theme].label,
                named[one.coder].machine,
                named[one.coder].name.removesuffix(" in Openline"),
                one.probability if named[one.coder].machine else None,
                tuple(map(str, one.evidence.get("cues") or ())),
                redacted(str(one.evidence["nearest"]), "en", ()) if one.evidence.get("nearest") else "",
            )
            for one in heard.codings
            if one.counts and one.theme in book
        ),
    )


def marks(words: str, cues: Sequence[str]) -> list[tuple[str, bool]]:
    """The words in pieces, each with whether it is one of the cues.

    >>> marks("The bus is late", ["BUS"])
    [('The ', False), ('bus', True), (' is late', False)]
    """
    folded = words.casefold()
    if len(folded) != len(
        words
    ):  # a letter that folds to two: then nothing is marked rather than something wrong
        return [(words, False)]
    spans: list[tuple[int, int]] = []
    for cue in sorted({cue.casefold() for cue in cues if cue}, key=len, reverse=True):
        at = folded.find(cue)
        while at >= 0:
            if all(at >= end or at + len(cue) <= start for start, end in spans):
                spans.append((at, at + len(cue)))
            at = folded.find(cue, at + len(cue))
    pieces, done = [], 0
    for start, end in sorted(spans):
        pieces += [(words[done:start], False), (words[start:end], True)]
        done = end
    return [piece for piece in [*pieces, (words[done:], False)] if piece[0]]
