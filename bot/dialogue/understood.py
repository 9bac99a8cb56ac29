"""What the memory knows of what families said: translations that others looked after, only read here, and in bulk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..store.memory import AT_ONCE, SAID, digest
from ..store.tables import translations
from .sureness import same


@dataclass(frozen=True, slots=True)
class Understood:
    """A text in the reader's language, who translated it, and how sure that is. ``id`` is its entry in the memory."""

    id: UUID
    text: str
    origin: str
    confidence: float | None


async def understood(
    db: AsyncConnection, said: Iterable[tuple[str, str | None]], reader: str
) -> dict[str, Understood]:
    """Translations of these (text, language) pairs into the ``reader``'s language, by text: what a person approved
    first, then the newest. One query for a whole page. Texts without any are not in it."""
    wanted = {
        digest(text): (text, language) for text, language in said if text and not same(language, reader)
    }
    keys = list(wanted)
    found: dict[str, tuple[bool, Understood]] = {}
    for start in range(0, len(keys), AT_ONCE):
        rows = await db.execute(
            select(translations)
            .where(
                translations.c.digest.in_(keys[start : start + AT_ONCE]),
                translations.c.target == reader,
                translations.c.context == SAID,
                translations.c.text.is_not(None),
            )
            .order_by(translations.c.created_at, translations.c.id)
        )
        for row in rows:
            text, language = wanted[row.digest]
            if language is not None and not same(language, row.source):
                continue  # the same letters in another language
            approved = row.state == "approved"
            if text not in found or approved >= found[text][0]:
                by = "person" if approved else row.origin or "not known"
                found[text] = approved, Understood(row.id, row.text, by, row.confidence)
    return {text: best for text, (_, best) in found.items()}
