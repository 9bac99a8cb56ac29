"""A reply as a reader has it before them: its words and a translation, and what the coder suggests, unless they read blind."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis.codebook import Codebook
from survey_flows.wording import fill, gaps

from ..app import App
from ..dialogue.understood import Understood, understood
from ..store import draws, readings
from ..store.tables import people
from .deciding import mark


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A theme that the coder gave, and why: words of the codebook found in the reply, the example most like it, and how many
    replies that people gave the theme are ``near``. Never chosen beforehand."""

    theme: str
    label: str
    probability: float
    cues: tuple[str, ...]
    nearest: str
    confirmed: int
    near: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """A reply to read. ``seen`` is to be given back with the decision. ``drawn`` is lot, doubt or chosen; ``blind`` replies
    are read by two people without suggestions. ``mine`` is what this reader made of it before (None: nothing), with their
    ``note``, and ``outgrown`` that words have come since. ``speaks``: the language of the translation."""

    answer: UUID
    survey: str
    question: str
    asked: str
    text: str
    language: str
    translation: Understood | None
    suggestions: tuple[Suggestion, ...]
    drawn: str
    blind: bool
    mine: tuple[str, ...] | None
    note: str
    outgrown: bool
    seen: str
    codebook: Codebook
    speaks: str


async def show(app: App, db: AsyncConnection, answer: UUID, coder: str, speaks: str = "en") -> Task:
    """This answer for this reader, who reads the language ``speaks``. Raises LookupError."""
    row = await readings.answer(db, answer)
    if row is None:
        raise LookupError("There is no such reply any more.")
    survey = await app.shelf.get(db, row.survey_id)
    book = await app.books.of_survey(db, survey.key)
    drawn = await draws.drawn(db, answer)
    own = [one for one in await readings.of(db, [answer], stale=True) if one.coder == coder]
    given = await readings.themes(db, [answer])
    language = row.language or row.declared
    blind = drawn is not None and drawn.wanted > 1
    asked = survey.by_key.get(row.question)
    variant = None
    if not survey.anonymous and row.person_id is not None:
        variant = (
            await db.execute(select(people.c.respondent).where(people.c.id == row.person_id))
        ).scalar_one_or_none()
    return Task(
        answer=answer,
        survey=survey.key,
        question=row.question,
        asked=as_asked(asked.wording(survey.source, variant)) if asked else "",
        text=row.heard,
        language=language,
        translation=(await understood(db, [(row.heard, language)], speaks)).get(row.heard),
        suggestions=() if blind else _suggestions(book, given.get((answer, row.coder), ())),
        drawn=drawn.drawn if drawn is not None else draws.CHOSEN,
        blind=blind,
        note=next((one.note for one in own if one.note), ""),
        mine=tuple(coding.theme for coding in given.get((answer, coder), ())) if own else None,
        outgrown=any(one.purpose == "stale" for one in own),
        seen=mark(row.heard),
        codebook=book,
        speaks=speaks,
    )


def as_asked(words: str) -> str:
    """A question as it is shown to readers: what stands in its gaps was another thing for everybody."""
    return " ".join(fill(words, {gap: f"[{gap}]" for gap in gaps(words)}, lambda _: "…").split())


def _suggestions(book: Codebook, codings: Collection[Row[Any]]) -> tuple[Suggestion, ...]:
    return tuple(
        Suggestion(
            coding.theme,
            book[coding.theme].label,
            coding.probability,
            tuple(coding.evidence.get("cues", ())),
            coding.evidence.get("nearest", ""),
            len(coding.evidence.get("confirmed", ())),
            tuple(UUID(id_) for id_ in coding.evidence.get("confirmed", ())),
        )
        for coding in codings
        if coding.theme in book  # it may be of an older codebook
    )
