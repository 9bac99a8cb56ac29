"""Which of Openline's own phrases people here have approved: kept in the translation memory, and said from then on.

A language's approval is for the words that were there: should a later version of Openline have another English text for
a phrase, that phrase is said in English again until somebody has approved it anew.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows import phrases

from .store import memory
from .store.tables import translations
from .translation.memory import Memory, New

PREFIX = "phrase:"
EVERY = timedelta(minutes=1)
"""So old may be what a process knows of approvals."""


class Phrasebook:
    """Keeps what this process says up to date with what has been approved, here or in another process."""

    def __init__(self) -> None:
        self._read: datetime | None = None

    def look_again(self) -> None:
        """Something was approved here: look at it with the next word that is said, not within a minute."""
        self._read = None

    async def current(self, db: AsyncConnection, now: datetime) -> None:
        """Look for what has been approved since, once a minute at most."""
        if self._read is not None and self._read <= now < self._read + EVERY:
            return
        rows = await memory.of_context(db, PREFIX, translations.c.state == "approved")
        self._read = now
        approved: dict[str, dict[str, tuple[str, ...]]] = {}
        for row in rows:
            name = NAMES.get(row.context)
            if name is not None and row.text and row.digest == memory.digest(phrases.PHRASES[name]):
                approved.setdefault(row.target, {})[name] = _forms(name, row.text)
        phrases.adopt(approved)


def context(name: str) -> str:
    """Where a phrase stands in the memory."""
    return f"{PREFIX}{name.lower()}"


NAMES = {context(name): name for name in phrases.PHRASES}


async def approve(memory: Memory, language: str, by: str) -> int:
    """A person's word that Openline's phrases in this language may be said as they are: the catalogue's, or what people
    have put in their place. Returns how many these are. Raises LookupError for a language that we do not speak."""
    if language not in phrases.LANGUAGES or language == phrases.SOURCE:
        raise LookupError(f"Openline has no phrases in {language}")
    said = {name: "\n".join(forms) for name in phrases.PHRASES if (forms := phrases.forms(name, language))}
    for entry in await memory.for_context(PREFIX):
        name = NAMES.get(entry.context)
        if name and entry.target == language and entry.text and entry.digest == _digest(name):
            said[name] = entry.text
    await memory.keep(
        [
            New(
                context(name),
                phrases.SOURCE,
                language,
                phrases.PHRASES[name],
                text,
                "machine:draft",
                approved_by=by,
            )
            for name, text in said.items()
        ]
    )
    return len(said)


def _digest(name: str) -> str:
    return memory.digest(phrases.PHRASES[name])


def _forms(name: str, text: str) -> tuple[str, ...]:
    return tuple(text.split("\n")) if name in phrases.COUNTED else (text,)
