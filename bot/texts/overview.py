"""How far every language is, over all that may reach a family; kept until something changes."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows import Survey, phrases

from ..app import App
from ..speech import closest, drafts_of
from ..store.tables import people
from ..translation.memory import Memory
from .document import State
from .standing import fingerprint, known, spoken, texts
from .stored import Kind, Stored, gather

HEARD_EVERY = 60.0
"""Seconds for which the number of families in each language is taken as it was."""
GROUPS: Mapping[Kind, str] = {
    "survey": "survey", "draft": "survey", "campaign": "campaign", "phrases": "phrases", "saved": "saved",
}  # fmt: skip
"""Surveys that are being written are counted with the others."""


@dataclass
class Standing:
    """One language: ``people`` who read it, its texts by group and state, and how many surveys and campaigns can be sent in it."""

    language: str
    people: int
    states: dict[str, Counter[State]] = field(default_factory=dict)
    sendable: int = 0
    documents: int = 0

    @property
    def all(self) -> Counter[State]:
        """Its texts by state, over all groups."""
        return sum(self.states.values(), Counter())

    @property
    def waiting(self) -> int:
        """Texts that wait for a reader."""
        whole = self.all
        return whole["draft"] + whole["stale"]


@dataclass
class _Kept:
    documents: tuple[Any, ...] = ()
    marks: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    found: dict[str, Standing] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=dict)
    heard: float = float("-inf")


_kept: WeakKeyDictionary[Memory, _Kept] = WeakKeyDictionary()
"""By the memory of a service: a process may have several services, in tests."""


async def overview(app: App, db: AsyncConnection) -> Sequence[Standing]:
    """Every language, those that most people read first. Cheap as long as little has changed: a language is counted anew when
    somebody has approved something in it, all of them when a document has changed."""
    kept = _kept.setdefault(app.memory, _Kept())
    if time.monotonic() - kept.heard > HEARD_EVERY:
        rows = await db.execute(
            select(people.c.language, func.count())
            .where(people.c.removed_at.is_(None))
            .group_by(people.c.language)
        )
        heard = {row[0]: row[1] for row in rows}
        if heard != kept.people:
            kept.documents = ()
        kept.people, kept.heard = heard, time.monotonic()
    documents, marks = await fingerprint(db)
    changed = {tag for tag in {*marks, *kept.marks} if marks.get(tag) != kept.marks.get(tag)}
    if documents != kept.documents:
        kept.found = await _counted(app, db, kept.people)
    elif changed:
        again = await _counted(app, db, kept.people, changed)
        kept.found = {tag: one for tag, one in kept.found.items() if tag not in changed} | again
    kept.documents, kept.marks = documents, marks
    return sorted(kept.found.values(), key=lambda one: -one.people)


async def waiting(app: App, db: AsyncConnection) -> int:
    """Texts that wait for a reader, in languages that people on our lists read."""
    return sum(one.waiting for one in await overview(app, db) if one.people)


async def _counted(
    app: App, db: AsyncConnection, heard: Mapping[str, int], only: Collection[str] | None = None
) -> dict[str, Standing]:
    """All languages, or only these."""
    stored = await gather(app, db)
    sources = {unit.source for one in stored for unit in one.units[:1]} | {phrases.SOURCE}
    read_by = _read_by(heard, spoken(stored), sources)
    documents = [each for each in stored if each.kind in ("survey", "campaign")]
    every = await known(db) if only is None else None
    found = {}
    for language in dict.fromkeys((*read_by, *spoken(stored))):
        if only is not None and language not in only:
            continue
        one = Standing(language, read_by.get(language, 0))
        for text in texts(stored, language, every or await known(db, language)):
            group = GROUPS[text.stored.kind]
            if not one.people and text.state == "missing":
                continue  # nobody reads it: nothing is missing
            one.states.setdefault(group, Counter())[text.state] += 1
        one.documents = len(documents)
        one.sendable = sum(can_be_sent(each, language) for each in documents)
        if one.states:
            found[language] = one
    return found


def _read_by(heard: Mapping[str, int], tags: Sequence[str], sources: set[str]) -> dict[str, int]:
    """People by the language in which they would be written to, among those we have; the sources are left out."""
    found: Counter[str] = Counter()
    for tag, count in heard.items():
        meant = closest(tag, (*sources, *tags)) or tag
        if meant not in sources:
            found[meant] += count
    return dict(found)


def can_be_sent(stored: Stored, language: str) -> bool:
    """Whether families get this survey or campaign in this language."""
    made = stored.document.made if stored.document else None
    if made is None or language not in made.languages:
        return False
    return language not in (drafts_of(made) if isinstance(made, Survey) else made.drafts)
