"""Replies that are written once and sent to many: their translations are people's, and approved, before anybody gets one.

They stand in the memory under the context "saved:NAME", those of one school under "saved:NAME@SCHOOL": its own phone numbers
and hours are no use to another. A draft of the same words finds them by itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
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
AT = "@"
LONGEST_SCHOOL = 120
"""Of what names a school in a key: the memory keeps 200 characters."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved reply: its words, their language, and its translations by language. ``key`` is its name, and its school behind it."""

    key: str
    text: str
    language: str
    translations: Mapping[str, str]
    by: str | None

    @property
    def name(self) -> str:
        """What it is called."""
        return self.key.partition(AT)[0]

    @property
    def school(self) -> str | None:
        """Whose it is; None: everybody's."""
        return self.key.partition(AT)[2] or None

    def within(self, schools: Collection[str] | None) -> bool:
        """Whether it is theirs alone to change: of one of their schools, or anything for whoever answers all (None)."""
        return schools is None or self.school in schools


def key_of(name: str, school: str | None) -> str:
    """Under what it is kept.

    >>> key_of("office-hours", None), key_of("office-hours", "Lincoln")
    ('office-hours', 'office-hours@Lincoln')
    """
    return f"{name}{AT}{school}" if school else name


async def save(app: App, key: str, text: str, language: str, said: Mapping[str, str], by: str) -> Saved:
    """Keep a reply with translations that people have made; one of this name gives way. Raises Refused."""
    text = text.strip()
    name, _, school = key.partition(AT)
    if not NAME.fullmatch(name) or len(school) > LONGEST_SCHOOL:
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
    await remove(app, key)
    await app.memory.keep(
        [
            New(f"{PREFIX}{key}", language, tag, text, words.strip(), "person", approved_by=by)
            for tag, words in said.items()
        ]
    )
    return Saved(key, text, language, dict(said), by)


async def listed(app: App, schools: Collection[str] | None = None) -> list[Saved]:
    """Every saved reply, by name; with ``schools``, those of everybody and of these."""
    found: dict[str, Saved] = {}
    for entry in await app.memory.for_context(PREFIX):
        key = entry.context.removeprefix(PREFIX)
        before = found.get(key)
        others = dict(before.translations) if before else {}
        others[entry.target] = entry.text or ""
        found[key] = Saved(key, entry.source_text or "", entry.source, others, entry.approved_by)
    return [one for one in found.values() if one.school is None or one.within(schools)]


async def get(app: App, key: str, schools: Collection[str] | None = None) -> Saved:
    """The saved reply of this key, within reach of these schools. Raises LookupError."""
    for one in await listed(app, schools):
        if one.key == key:
            return one
    raise LookupError(f"There is no saved reply {key[:64]}. They are listed by: openline inbox saved list")


async def add(app: App, key: str, text: str, language: str, said: Mapping[str, str], by: str) -> Saved:
    """Keep a reply, with the translations that it has already where its words are the same. Raises Refused."""
    known = next((one for one in await listed(app) if one.key == key), None)
    if known is not None and (known.text, known.language) != (text.strip(), language):
        raise Refused("Another saved reply has this name. Choose another name, or remove that one first.")
    before = known.translations if known else {}
    return await save(app, key, text, language, {**before, **said}, by)


async def put_away(app: App, key: str) -> bool:
    """Take a saved reply out, so that ``put_back`` can still have it again. False where there was none."""
    async with app.database.begin() as db:
        await db.execute(delete(translations).where(translations.c.context == f"{AWAY}{key}"))
        gone = await db.execute(
            update(translations)
            .where(translations.c.context == f"{PREFIX}{key}")
            .values(context=f"{AWAY}{key}", state="draft")
        )
    return gone.rowcount > 0


async def put_back(app: App, key: str) -> bool:
    """Have a saved reply again, unless there is a new one of this name. False where there is none."""
    if any(one.key == key for one in await listed(app)):
        return False
    async with app.database.begin() as db:
        back = await db.execute(
            update(translations)
            .where(translations.c.context == f"{AWAY}{key}")
            .values(context=f"{PREFIX}{key}", state="approved")
        )
    return back.rowcount > 0


async def remove(app: App, key: str) -> bool:
    """Take a saved reply out; what was sent with it stays sent. False where there was none."""
    async with app.database.begin() as db:
        gone = await db.execute(delete(translations).where(translations.c.context == f"{PREFIX}{key}"))
    return gone.rowcount > 0
