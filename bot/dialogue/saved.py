"""Replies that are written once and sent to many: their translations are people's, and approved, before anybody gets one.

They stand in the memory under the context "saved:NAME". A draft of the same words finds them by itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from langcodes import tag_is_valid
from sqlalchemy import delete, update

from ..app import App
from ..store.tables import translations
from ..translation.memory import New
from .reaching import Refused
from .sureness import same
from .wording import LONGEST

PREFIX = "saved:"
AWAY = "removed-saved:"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved reply: its words, their language, and its translations by language."""

    name: str
    text: str
    language: str
    translations: Mapping[str, str]
    by: str | None


async def save(app: App, name: str, text: str, language: str, said: Mapping[str, str], by: str) -> Saved:
    """Keep a reply with translations that people have made; one of this name gives way. Raises Refused."""
    text = text.strip()
    if not NAME.fullmatch(name):
        raise Refused("A saved reply's name has small letters, digits and hyphens, like office-hours.")
    if not text or len(text) > LONGEST:
        raise Refused(f"A reply has 1 to {LONGEST:,} characters.")
    if not said:
        raise Refused("Give at least one translation that a person has made: --in ht 'Biwo a louvri a 8è.'")
    for tag, words in said.items():
        if not (tag_is_valid(tag) and tag_is_valid(language)) or same(tag, language):
            raise Refused(
                f"{tag!r} is no language to translate into from {language!r}. Write tags like en, es, ht."
            )
        if not words.strip():
            raise Refused(f"The translation into {tag} is empty.")
    await remove(app, name)
    await app.memory.keep(
        [
            New(f"{PREFIX}{name}", language, tag, text, words.strip(), "person", approved_by=by)
            for tag, words in said.items()
        ]
    )
    return Saved(name, text, language, dict(said), by)


async def listed(app: App) -> list[Saved]:
    """Every saved reply, by name."""
    found: dict[str, Saved] = {}
    for entry in await app.memory.for_context(PREFIX):
        name = entry.context.removeprefix(PREFIX)
        before = found.get(name)
        others = dict(before.translations) if before else {}
        others[entry.target] = entry.text or ""
        found[name] = Saved(name, entry.source_text or "", entry.source, others, entry.approved_by)
    return list(found.values())


async def get(app: App, name: str) -> Saved:
    """The saved reply of this name. Raises LookupError."""
    for one in await listed(app):
        if one.name == name:
            return one
    raise LookupError(f"There is no saved reply {name[:64]}. They are listed by: openline inbox saved list")


async def add(app: App, name: str, text: str, language: str, said: Mapping[str, str], by: str) -> Saved:
    """Keep a reply, with the translations that it has already where its words are the same. Raises Refused."""
    known = next((one for one in await listed(app) if one.name == name), None)
    if known is not None and (known.text, known.language) != (text.strip(), language):
        raise Refused("Another saved reply has this name. Choose another name, or remove that one first.")
    before = known.translations if known else {}
    return await save(app, name, text, language, {**before, **said}, by)


async def put_away(app: App, name: str) -> bool:
    """Take a saved reply out, so that ``put_back`` can still have it again. False where there was none."""
    async with app.database.begin() as db:
        await db.execute(delete(translations).where(translations.c.context == f"{AWAY}{name}"))
        gone = await db.execute(
            update(translations)
            .where(translations.c.context == f"{PREFIX}{name}")
            .values(context=f"{AWAY}{name}", state="draft")
        )
    return gone.rowcount > 0


async def put_back(app: App, name: str) -> bool:
    """Have a saved reply again, unless there is a new one of this name. False where there is none."""
    if any(one.name == name for one in await listed(app)):
        return False
    async with app.database.begin() as db:
        back = await db.execute(
            update(translations)
            .where(translations.c.context == f"{AWAY}{name}")
            .values(context=f"{PREFIX}{name}", state="approved")
        )
    return back.rowcount > 0


async def remove(app: App, name: str) -> bool:
    """Take a saved reply out; what was sent with it stays sent. False where there was none."""
    async with app.database.begin() as db:
        gone = await db.execute(delete(translations).where(translations.c.context == f"{PREFIX}{name}"))
    return gone.rowcount > 0
