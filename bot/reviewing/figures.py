"""How far people agree on what replies say, and how often the coder is right, in figures and in plain words.

People are compared on what two or more of them have read; the coder only on replies that were drawn by lot, and by what it
said of them before it had learned from them: those read because it was unsure are its hardest, and what it has been told
it knows.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis.agreement import Agreement, Quality, Verdict, judge, measure
from analysis.codebook import Codebook
from analysis.coder import choose
from analysis.learning.trained import Trained

from ..app import App
from ..store import readings
from ..store import standing as rows

FEW = 30
"""Of fewer replies a coder's figures are no more than a hint."""


@dataclass(frozen=True, slots=True)
class Figures:
    """``people``: how far readers agree, with ``verdict`` on all themes and ``verdicts`` on each; ``machine``: how often the
    coder was right on replies drawn by lot, of which people read so many with its suggestions in view (``seen``).
    ``names``: who the readers are."""

    survey: str
    codebook: Codebook
    people: Agreement
    verdict: Verdict
    verdicts: Mapping[str, Verdict]
    machine: Quality
    seen: int
    names: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "survey": self.survey,
            "codebook": self.codebook.id,
            "codebook_version": self.codebook.version,
            "people": self.people.to_json() | {"verdict": self.verdict._asdict()},
            "verdicts": {theme: verdict._asdict() for theme, verdict in self.verdicts.items()},
            "discuss": [theme.theme for theme in self.people.to_discuss()],
            "machine": self.machine.to_json(),
            "suggestions_in_view": self.seen,
        }


async def figures(app: App, db: AsyncConnection, survey: str, schools: readings.Schools = None) -> Figures:
    """The figures of one survey, of replies from these schools, by the codebook that it is read by now. The same readings give the same intervals."""
    book = await app.books.of_survey(db, survey)
    found = [row for row in await rows.read(db, survey, book.id, schools) if row.machine_coder is not None]
    given = await readings.themes(db, {row.answer_id for row in found})
    said = {
        (row.answer_id, row.coder): frozenset(
            coding.theme for coding in given.get((row.answer_id, row.coder), ()) if coding.theme in book
        )
        for row in found
    }
    read: dict[str, dict[str, frozenset[str]]] = {}
    for row in found:
        if row.purpose in readings.READ and not row.copied:
            read.setdefault(str(row.answer_id), {})[row.coder] = said[row.answer_id, row.coder]
    people = await asyncio.to_thread(measure, read, chance=Random(0))  # noqa: S311 - the same intervals each time
    counted = [row for row in found if row.coder == row.decided and row.drawn == readings.LOT]
    learned = app.coders.learned(book)
    before = learned.before() if learned else {}
    pairs = [
        (row, guess) for row in counted if (guess := _guess(row, book, learned, before, given)) is not None
    ]
    return Figures(
        survey,
        book,
        people,
        judge(people.alpha, people.answers),
        {theme.theme: judge(theme.alpha, people.answers) for theme in people.themes},
        _quality(book, [guess for _, guess in pairs], [said[row.answer_id, row.coder] for row, _ in pairs]),
        sum(row.machine is not None for row, _ in pairs),
        await names_of(db, {row.coder for row in found}),
    )


def _guess(
    row: Row[Any],
    book: Codebook,
    learned: Trained | None,
    before: Mapping[str, frozenset[str]],
    given: Mapping[tuple[UUID, str], Sequence[Row[Any]]],
) -> frozenset[str] | None:
    """What the coder said of an answer while it had not learned from it; None where that is not known. ``before``: of those
    that it has learned from, by thresholds that other replies have set."""
    if row.seen_until is None or row.created_at > row.seen_until:
        return frozenset(coding.theme for coding in given.get((row.answer_id, row.machine_coder), ()))
    if (guess := before.get(str(row.answer_id))) is not None:
        return guess
    if row.held is None or len(row.held) != 2 * len(book.codes):
        return None
    held = np.frombuffer(row.held, np.float16).astype(np.float32)
    return frozenset(learned.given(held[None])[0] if learned else choose(book, held))


def _quality(book: Codebook, guesses: Sequence[frozenset[str]], truths: Sequence[frozenset[str]]) -> Quality:
    themes = [code for code in book.codes if any(code in each for each in (*guesses, *truths))]

    def table(some: Sequence[frozenset[str]]) -> np.ndarray[Any, np.dtype[np.bool_]]:
        return np.array([[theme in each for theme in themes] for each in some], bool).reshape(
            len(some), len(themes)
        )

    return Quality.of(themes, table(guesses), table(truths))


async def names_of(db: AsyncConnection, coders: Iterable[str]) -> dict[str, str]:
    """What to call these readers: by their names (of two who have the same, with their addresses), or by the file that their
    readings came from."""
    members = await rows.names(db)
    often = Counter(row.name for row in members)
    known = {
        str(row.id): row.name if often[row.name] == 1 else f"{row.name} ({row.email})" for row in members
    }
    return {coder: known.get(coder.partition(":")[2], coder.partition(":")[2]) for coder in coders}
