"""How far every language is, over all that may reach a family; kept until something changes."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
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
    mark: tuple[Any, ...] = ()
    found: list[Standing] = field(default_factory=list)
    people: Mapping[str, int] = field(default_factory=dict)
    heard: float = float("-inf")


_kept: WeakKeyDictionary[Memory, _Kept] = WeakKeyDictionary()
"""By the memory of a service: a process may have several services, in tests."""


async def overview(app: App, db: AsyncConnection) -> Sequence[Standing]:
    """Every language, those that most people read first. Cheap as long as nothing has changed."""
    kept = _kept.setdefault(app.memory, _Kept())
    if time.monotonic() - kept.heard > HEARD_EVERY:
        rows = await db.execute(
            select(people.c.language, func.count())
            .where(people.c.removed_at.is_(None))
            .group_by(people.c.language)
        )
        kept.people, kept.heard, kept.mark = {row[0]: row[1] for row in rows}, time.monotonic(), ()
    mark = await fingerprint(db)
    if mark != kept.mark:
        kept.found = await _counted(app, db, kept.people)
        kept.mark = mark
    return kept.found


async def waiting(app: App, db: AsyncConnection) -> int:
    """Texts that wait for a reader, in languages that people on our lists read."""
    return sum(one.waiting for one in await overview(app, db) if one.people)


async def _counted(app: App, db: AsyncConnection, heard: Mapping[str, int]) -> list[Standing]:
    stored = await gather(app, db)
    every = await known(db)
    sources = {unit.source for one in stored for unit in one.units[:1]} | {phrases.SOURCE}
    read_by = _read_by(heard, spoken(stored), sources)
    found = []
    for language in dict.fromkeys((*read_by, *spoken(stored))):
        one = Standing(language, read_by.get(language, 0))
        for text in texts(stored, language, every):
            group = GROUPS[text.stored.kind]
            if not one.people and text.state == "missing":
                continue  # nobody reads it: nothing is missing
            one.states.setdefault(group, Counter())[text.state] += 1
        documents = [each for each in stored if each.kind in ("survey", "campaign")]
        one.documents = len(documents)
        one.sendable = sum(can_be_sent(each, language) for each in documents)
        if one.states:
            found.append(one)
    return sorted(found, key=lambda one: -one.people)


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
