"""Replies as tables, for the staff's own work: people's words without names, and who coded them how.

Whose words they are does not stand there: names are random, and in random order. A group stands beside a reply only as
far as ``analysis.cloak`` allows it; languages that too few people wrote in are left out, for the words tell who wrote them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from langcodes import Language
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis.cloak import Cloaked, cloak
from analysis.codebook import Codebook
from analysis.findings import Summary
from analysis.qda import plain
from analysis.redact import redact
from analysis.sentiment import TONES

from ..findings import everyone
from ..store.spans import Span
from . import reading
from .coders import Named, names
from .spool import Spool
from .standing_in import StandIns
from .tables import About, Cell, Column, Row, Sheet, Tables

Progress = Callable[[int], None]
WHO = {"machine": "the machine", "people": "people"}


@dataclass(slots=True)
class Replies:
    """The replies of a survey on their way out. ``kept`` has them by random name; ``withheld`` counts those in languages of
    too few; ``cloaked`` says which groups may stand beside them, and ``groups`` which values of each do; ``package`` is the name of this export, random as well."""

    kept: Spool
    questions: Mapping[str, str]
    coders: Mapping[str, Named]
    languages: tuple[str, ...]
    withheld: int
    cloaked: Cloaked | None
    about: About
    book: Codebook
    groups: Mapping[str, tuple[str, ...]]
    package: str

    def each(self) -> Iterator[dict[str, Any]]:
        """Every reply as plain data."""
        return iter(self.kept)


async def gather(
    db: AsyncConnection,
    about: About,
    book: Codebook,
    questions: Mapping[str, str],
    standing_in: StandIns,
    span: Span,
    *,
    summary: Summary | None = None,
    dimensions: Sequence[str] = (),
    progress: Progress = lambda _: None,
) -> Replies:
    """Everything that may be handed on. ``summary``: the findings of the same answers, needed for ``dimensions``.

    ``progress`` is called with numbers of replies that add up to how many there are (see ``reading.speakers``).
    """
    spoken = await reading.speakers(db, about.survey, span)
    languages = tuple(sorted(one for one, (persons, _) in spoken.items() if persons >= about.minimum))
    left_out = sum(replies for one, (_, replies) in spoken.items() if one not in languages)
    cloaked = None
    if dimensions and summary is not None:
        cloaked = await cloaked_by(db, about, book, span, languages, summary, dimensions)
    named = await names(db, await reading.coders(db, about.survey))
    kept = Spool()
    progress(left_out)
    async for heard in reading.each(db, about.survey, span, languages):
        progress(1)
        if cloaked and str(heard.person) in cloaked.withheld:
            continue
        name = standing_in("reply", heard.id)
        groups = cloaked.values.get(str(heard.person), {}) if cloaked else {}
        # Beside a group the day would be one more thing to know somebody by.
        day = about.at.date() if cloaked else heard.at.date()
        kept.put(f"{heard.question} {name}", _plain(heard, name, standing_in, named, book, groups, day))
    shown: dict[str, tuple[str, ...]] = {}
    if cloaked:
        shown = {name: _values(cloaked, name) for name in dimensions}
    told = replace(about, notes=(*about.notes, *_notes(about, left_out, cloaked)))
    return Replies(
        kept, questions, named, languages, left_out, cloaked, told, book, shown, standing_in.package()
    )


def _values(cloaked: Cloaked, name: str) -> tuple[str, ...]:
    return tuple(sorted({value for row in cloaked.values.values() if (value := row[name]) is not None}))


def _notes(about: About, left_out: int, cloaked: Cloaked | None) -> Iterator[str]:
    yield "Names, numbers and addresses were taken out of the words by rules. Rules miss some: read before you show anybody."
    if left_out:
        yield f"{left_out} replies in languages that fewer than {about.minimum} people wrote in are left out."
    if cloaked is None:
        return
    people = len(cloaked.values)
    if cloaked.withheld:
        yield (
            f"What {len(cloaked.withheld)} people said is left out: they named what few named, and it could be told where "
            "they belong. It is there in an export without groups."
        )
    for name, lost in cloaked.lost.items():
        if name in cloaked.left_out:
            yield f"{name}: hidden beside all replies, for it would give small numbers away."
        else:
            yield f"{name}: hidden beside the replies of {lost} of {people} people, for it would give small numbers away."


async def cloaked_by(
    db: AsyncConnection,
    about: About,
    book: Codebook,
    span: Span,
    languages: tuple[str, ...],
    summary: Summary,
    dimensions: Sequence[str],
) -> Cloaked:
    """Which groups may stand beside whose replies."""
    groups = {one.person: one.groups for one in await everyone(db, about.survey, span)}
    said: dict[str, set[object]] = {}
    async for heard in reading.each(db, about.survey, span, languages, words=False):
        here = said.setdefault(str(heard.person), set())
        here.add(("language", heard.language))
        for one in heard.codings:
            if one.theme not in book:
                continue
            for code in (one.theme, book.top(one.theme)):
                here.add(code if one.counts else ("also", code))
                here.add((heard.language, code))
    # Many say the same: one set for all of them.
    alike: dict[frozenset[object], frozenset[object]] = {}
    once = {person: alike.setdefault(same := frozenset(keys), same) for person, keys in said.items()}
    known = {person: groups.get(person, {}) for person in said}
    return cloak(known, once, summary, dimensions, minimum=about.minimum)


def _plain(
    heard: reading.Heard,
    name: str,
    standing_in: StandIns,
    named: Mapping[str, Named],
    book: Codebook,
    groups: Mapping[str, str | None],
    day: date,
) -> dict[str, Any]:
    english = heard.english if heard.language.partition("-")[0] != "en" else None
    return {
        "id": name,
        "person": standing_in("person", heard.person),
        "talk": standing_in("talk", heard.talk),
        "question": heard.question,
        "day": day.isoformat(),
        "language": heard.language,
        "words": redacted(heard.words, heard.language, heard.names),
        "english": redacted(english, "en", heard.names) if english else None,
        "english_by": heard.english_by if english else None,
        "sentiment": heard.sentiment,
        "read_by": "machine" if ":" not in heard.read_by else "people",
        "groups": dict(groups),
        "codings": [
            {
                "who": "machine" if named[one.coder].machine else "people",
                "coder": named[one.coder].name,
                "theme": one.theme,
                "probability": one.probability,
                "evidence": _evidence(one.evidence, standing_in),
                "counts": one.counts,
                "at": one.at.date().isoformat(),
            }
            for one in heard.codings
            if one.theme in book
        ],
    }


@lru_cache(4096)  # many say the same
def redacted(text: str, language: str, names: tuple[str, ...]) -> str:
    return plain(redact(text, language, names).text)


def _evidence(evidence: Mapping[str, Any], standing_in: StandIns) -> str:
    """What the coder went by: words of the codebook that it found, its nearest example, the nearest confirmed replies."""
    parts = []
    if cues := evidence.get("cues"):
        parts.append(f"words: {', '.join(map(str, cues))}")
    if nearest := evidence.get("nearest"):
        parts.append(f"like: {redacted(str(nearest), 'en', ())}")
    if confirmed := evidence.get("confirmed"):
        parts.append(f"replies: {', '.join(standing_in('reply', UUID(str(one))) for one in confirmed)}")
    return "; ".join(parts)


def tables(replies: Replies) -> Tables:
    """The replies as two tables: one row a reply; one row for each theme that somebody or something gave one."""
    said = _replies(replies)
    return Tables(replies.about, (said, _codings(replies)), said, replies.book)


def _replies(replies: Replies) -> Sheet:
    labels = {theme.id: theme.label for theme in replies.book}
    columns = (
        Column("reply", "Reply (a random name)", width=18),
        Column("person", "Person (a random name)", width=18),
        Column("question", "Question", "code", replies.questions),
        Column("language", "Language", "code", {one: Language.get(one).display_name() for one in replies.languages}),
        Column("words", "Words (names taken out)", width=70),
        Column("english", "In English", width=70),
        Column("english_by", "English by", width=18),
        Column("sentiment", "Tone", "code", {tone: tone.capitalize() for tone in TONES}, ordered=True),
        Column("themes", "Themes that count", "several", labels, width=36),
        Column("read_by", "Read by", "code", WHO),
        Column("machine", "The machine's themes", "several", labels, width=36),
        Column("machine_version", "The machine's version", width=20),
        Column("people", "People's themes", "several", labels, width=36),
        Column("people_who", "People who gave them", width=24),
        *group_columns(replies),
    )  # fmt: skip

    def rows() -> Iterator[Row]:
        for one in replies.each():
            yield (
                one["id"], one["person"], one["question"], one["language"], one["words"], one["english"],
                one["english_by"], one["sentiment"], _themes(one, counts=True), one["read_by"],
                _themes(one, who="machine"), _coders(one, "machine"), _themes(one, who="people"),
                _coders(one, "people"), *(one["groups"].get(name) for name in replies.groups),
            )  # fmt: skip

    return Sheet("replies", "Replies", columns, rows)


def group_columns(replies: Replies) -> tuple[Column, ...]:
    """A column for each group that stands beside the replies."""
    taken: set[str] = set()
    columns = []
    for name, found in replies.groups.items():
        plain_name = f"group_{re.sub('[^a-z0-9]+', '_', name.lower()).strip('_') or 'x'}"[:50]
        while plain_name in taken:
            plain_name += "_2"
        taken.add(plain_name)
        values = {value: value for value in found}
        columns.append(Column(plain_name, f"{name.capitalize()} (blank: hidden)", "code", values, width=20))
    return tuple(columns)


def _codings(replies: Replies) -> Sheet:
    columns = (
        Column("reply", "Reply", width=18),
        Column("theme", "Theme", "code", {theme.id: theme.label for theme in replies.book}, width=30),
        Column("who", "Who", "code", WHO),
        Column("coder", "Coder or version", width=30),
        Column("counts", "In the findings", "yesno"),
        Column("probability", "How probable", "number"),
        Column("evidence", "Evidence", width=70),
        Column("day", "Coded on"),
    )

    def rows() -> Iterator[Row]:
        for one in replies.each():
            for coding in one["codings"]:
                yield (
                    one["id"], coding["theme"], coding["who"], coding["coder"], coding["counts"],
                    coding["probability"], coding["evidence"], None if replies.cloaked else coding["at"],
                )  # fmt: skip

    return Sheet("codings", "Who coded what", columns, rows)


def _themes(one: Mapping[str, Any], *, who: str = "", counts: bool = False) -> Cell:
    found = (
        c["theme"] for c in one["codings"] if (not who or c["who"] == who) and (c["counts"] or not counts)
    )
    return tuple(dict.fromkeys(found))


def _coders(one: Mapping[str, Any], who: str) -> str:
    return ", ".join(dict.fromkeys(c["coder"] for c in one["codings"] if c["who"] == who))
