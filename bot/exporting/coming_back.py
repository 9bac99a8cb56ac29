"""Codings from another program come back: which reply and which theme is meant, who gave it, and what is left out and why.

What comes in is what people there coded. The machine's codings, and those of staff that went out with the file, are here
already: they are counted and left as they are. The same file twice changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis.codebook import Codebook
from analysis.qda import Project

from ..ids import NewId
from ..store import readings
from ..store.tables import answers, surveys
from ..store.tables import readings as table
from .coders import FILE, OURS
from .standing_in import StandIns

LONGEST = 80
"""Letters of a coder's name in the store."""


@dataclass(slots=True)
class Back:
    """What a file brings. ``themes``: for each answer and coder, what was given; ``suggested``: the machine's name where its
    codings were in view. ``unknown``: codes that no theme stands for, with how often they were given."""

    themes: dict[tuple[UUID, str], set[str]] = field(default_factory=dict)
    seen: set[UUID] = field(default_factory=set)
    suggested: dict[UUID, str] = field(default_factory=dict)
    coders: set[str] = field(default_factory=set)
    unknown: Counter[str] = field(default_factory=Counter)
    missing: int = 0
    machine: int = 0
    ours: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """How many readings are new, other than before, taken back (coded before, and not any more), the same."""

    new: int
    changed: int
    gone: int
    same: int


async def match(
    db: AsyncConnection,
    project: Project,
    survey: str,
    book: Codebook,
    standing_in: StandIns,
    who: str,
    mapped: Mapping[str, str],
) -> Back:
    """Find the replies and themes that a project speaks of. ``who``: a name for where it comes from; ``mapped``: codes of the
    file to themes, as somebody said. Nothing is written."""
    rows = await db.execute(
        select(answers.c.id, answers.c.coder)
        .join(surveys, surveys.c.id == answers.c.survey_id)
        .where(surveys.c.key == survey)
    )
    here = {standing_in("reply", id_): (id_, coder) for id_, coder in rows}
    codes = dict(_codes(project, book, mapped))
    machines = {coder.name for coder in project.coders if coder.machine}
    back = Back()
    for question in project.questions:
        for reply in question.replies:
            found = here.get(reply.id)
            if found is None:
                back.missing += 1
                continue
            id_, machine = found
            back.seen.add(id_)
            for coding in reply.codings:
                if coding.coder in machines:
                    back.machine += 1
                    if machine is not None:
                        back.suggested[id_] = machine
                elif coding.coder.endswith(OURS):
                    back.ours += 1
                elif (theme := codes.get(coding.code)) is None:
                    back.unknown[project.codebook[coding.code].label] += 1
                else:
                    back.themes.setdefault((id_, coder_of(who, coding.coder)), set()).add(theme)
    back.coders = {
        coder_of(who, coder.name)
        for coder in project.coders
        if not coder.machine and not coder.name.endswith(OURS)
    }
    return back


def coder_of(who: str, user: str) -> str:
    """What a user of another program is called in the store.

    >>> coder_of("nvivo", "Ana")
    'file:nvivo/Ana'
    """
    name = f"{FILE}{who}/{user}"
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 9]}~{sha256(name.encode()).hexdigest()[:8]}"


def _codes(project: Project, book: Codebook, mapped: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Which theme each code of the project is: what somebody said, the same id, the same label."""
    said = {given.casefold(): theme for given, theme in mapped.items()}
    labels = Counter(book[code].label.casefold() for code in book.codes)
    by_label = {book[code].label.casefold(): code for code in book.codes}
    for theme in project.codebook:
        label = theme.label.casefold()
        if named := said.get(label) or said.get(theme.id.casefold()):
            yield theme.id, named
        elif theme.id in book.codes:
            yield theme.id, theme.id
        elif labels[label] == 1:
            yield theme.id, by_label[label]


async def enter(
    db: AsyncConnection, back: Back, book: Codebook, now: datetime, new_id: NewId, *, dry: bool = False
) -> Changes:
    """Write the readings, in place of what the same coders had given the same answers. ``dry``: only say what would change."""
    before = await _before(db, back)
    new = [key for key in back.themes if key not in before]
    changed = [key for key, themes in back.themes.items() if key in before and before[key] != themes]
    gone = [key for key in before if key not in back.themes]
    counted = Changes(len(new), len(changed), len(gone), len(back.themes) - len(new) - len(changed))
    if dry:
        return counted
    rows, given = [], []
    for answer, coder in (*new, *changed):
        rows.append(
            {
                "id": new_id(), "answer_id": answer, "coder": coder, "purpose": "import", "drawn": "chosen",
                "codebook": book.id, "codebook_version": book.version, "machine": back.suggested.get(answer),
                "note": None, "created_at": now, "changed_at": now,
            }
        )  # fmt: skip
        given += [_coding(answer, coder, theme, now, new_id) for theme in sorted(back.themes[answer, coder])]
    if rows:
        await readings.put(db, rows, given)
    for coder in {coder for _, coder in gone}:
        await readings.withdraw(db, [answer for answer, other in gone if other == coder], coder)
    return counted


def _coding(answer: UUID, coder: str, theme: str, now: datetime, new_id: NewId) -> dict[str, Any]:
    return {
        "id": new_id(), "answer_id": answer, "theme": theme, "probability": 1.0, "coder": coder, "evidence": {},
        "created_at": now,
    }  # fmt: skip


async def _before(db: AsyncConnection, back: Back) -> dict[tuple[UUID, str], set[str]]:
    """What these coders had given these answers."""
    rows = await db.execute(
        select(table.c.answer_id, table.c.coder).where(
            table.c.coder.in_(back.coders), table.c.purpose == "import"
        )
    )
    mine = {(row.answer_id, row.coder) for row in rows if row.answer_id in back.seen}
    themes = await readings.themes(db, {answer for answer, _ in mine})
    return {key: {one.theme for one in themes.get(key, ())} for key in mine}
