"""The glossary as people here have it: the terms that come with Openline, with what they have added, changed and taken out.

It is kept in the store, and every process looks at it once a minute, as it does with the phrases.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import langcodes
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows.told import told

from .store.tables import terms
from .translation.terms import TERMS, Term

EVERY = timedelta(minutes=1)
LONGEST, LONGEST_NOTE, MOST_FORMS = 200, 1000, 20
COLUMNS = ("key", "language", "say", "forms", "avoid", "note", "never translate")
BETWEEN = " | "
MOST_ROWS = 20_000
PAGES = frozenset({"new", "check"})
"""Addresses of the glossary's own pages, which no term can have."""


class Unfit(ValueError):  # noqa: N818
    """A term cannot be entered so; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One term in one language. ``kept`` terms are names that are never translated; ``gone`` ones are taken out here."""

    key: str
    language: str
    say: str
    forms: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    note: str = ""
    kept: bool = False
    gone: bool = False


class Wordlist:
    """Keeps the terms of this process up to date with what people have entered, here or in another one."""

    def __init__(self) -> None:
        self._read: datetime | None = None

    def look_again(self) -> None:
        """Something was changed here: look at it with the next text."""
        self._read = None

    async def current(self, db: AsyncConnection, now: datetime) -> None:
        """Look for what has changed since, once a minute at most."""
        if self._read is not None and self._read <= now < self._read + EVERY:
            return
        own = await entries(db)
        self._read = now
        laid: dict[str, dict[str, Term | None]] = {}
        for one in own:
            laid.setdefault(one.language, {})[one.key] = _term(one)
        if laid or TERMS.languages is not TERMS.given:
            TERMS.adopt(laid)


async def entries(db: AsyncConnection) -> list[Entry]:
    """What people here have entered."""
    rows = await db.execute(select(terms).order_by(terms.c.key, terms.c.language))
    return [
        Entry(
            row.key, row.language, row.say, tuple(row.forms), tuple(row.avoid), row.note, row.kept, row.gone
        )
        for row in rows
    ]


async def enter(db: AsyncConnection, given: Sequence[Entry], by: str, now: datetime) -> None:
    """Enter these in place of what stands there. They have been looked over (``checked``)."""
    if not given:
        return
    insert = (postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert)(terms)
    names = ("say", "forms", "avoid", "note", "kept", "gone", "by", "changed_at")
    await db.execute(
        insert.on_conflict_do_update(
            index_elements=["key", "language"], set_={name: insert.excluded[name] for name in names}
        ),
        [
            {
                "key": one.key, "language": one.language, "say": one.say, "forms": list(one.forms),
                "avoid": list(one.avoid), "note": one.note, "kept": one.kept, "gone": one.gone, "by": by, "changed_at": now,
            }
            for one in given
        ],
    )  # fmt: skip


async def take_out(db: AsyncConnection, key: str, by: str, now: datetime) -> int:
    """Take a term out in every language, one that comes with Openline too. Returns in how many it was known."""
    mine = [replace(one, gone=True) for one in all_entries() if one.key == key]
    await enter(db, mine, by, now)
    return len(mine)


async def put_back(db: AsyncConnection, key: str) -> int:
    """A term that was taken out is there again, with its words. Returns in how many languages."""
    done = await db.execute(update(terms).where(terms.c.key == key, terms.c.gone).values(gone=False))
    return done.rowcount


def languages_of(key: str) -> list[str]:
    """The languages in which a term is known now."""
    return [tag for tag, known in TERMS.languages.items() if key in known]


def all_entries() -> list[Entry]:
    """Every term in every language as it stands now: the source's first."""
    tags = sorted(TERMS.languages, key=lambda tag: (tag != TERMS.source, tag))
    return [
        Entry(term.key, tag, term.say, term.forms, term.avoid, term.note, term.kept)
        for key in sorted(known_keys())
        for tag in tags
        if (term := TERMS.languages[tag].get(key)) is not None
    ]


def known_keys() -> set[str]:
    """The keys of the terms in the source's language, which is where texts are looked at for them."""
    return set(TERMS.languages.get(TERMS.source, {}))


def key_of(say: str) -> str:
    """A key for a new term, of its words.

    >>> key_of("Back-to-school night")
    'back_to_school_night'
    """
    plain = unicodedata.normalize("NFKD", say).encode("ascii", "ignore").decode().casefold()
    base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:60] or "term"
    taken, number, key = known_keys() | PAGES, 2, base
    while key in taken:
        key, number = f"{base}_{number}", number + 1
    return key


def checked(one: Entry) -> Entry:
    """The entry as it may stand. Raises Unfit."""
    say, note = " ".join(one.say.split()), one.note.strip()
    forms, avoid = (
        tuple(dict.fromkeys(filter(None, (" ".join(w.split()) for w in words))))
        for words in (one.forms, one.avoid)
    )
    if not re.fullmatch(r"[a-z0-9_]{1,64}", one.key):
        raise Unfit(told("A key has small letters, digits and underscores."))
    if not langcodes.tag_is_valid(one.language):
        tag = repr(one.language[:35])
        raise Unfit(told("{tag} is no language tag. Use one like es, ht or zh-Hans.", tag=tag))
    if any(len(words) > LONGEST for words in (say, *forms, *avoid)) or len(note) > LONGEST_NOTE:
        raise Unfit(told("These are too many words for a glossary. Keep it to the term itself."))
    if len(forms) > MOST_FORMS or len(avoid) > MOST_FORMS:
        raise Unfit(told("More than {n} other words for one term are not of use.", n=MOST_FORMS))
    if any(letter in "{}" for words in (say, *forms) for letter in words):
        raise Unfit(told("A term has no gaps: leave out the braces."))
    if both := {word.casefold() for word in (say, *forms)} & {word.casefold() for word in avoid}:
        raise Unfit(told("'{word}' cannot be both what to write and what to avoid.", word=min(both)))
    return Entry(one.key, langcodes.standardize_tag(one.language), say, forms, avoid, note, one.kept)


def written(given: Sequence[Entry]) -> list[list[str]]:
    """Rows of a file, without its headings."""
    return [
        [
            one.key,
            one.language,
            one.say,
            BETWEEN.join(one.forms),
            BETWEEN.join(one.avoid),
            one.note,
            "yes" if one.kept else "",
        ]
        for one in given
    ]


def read(data: bytes) -> tuple[list[Entry], list[str]]:
    """The terms in a CSV file, and what is wrong with rows that cannot be taken. Raises Unfit for a file that is none."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unfit(told("The file is not in UTF-8. Save it as “CSV UTF-8”.")) from None
    try:
        rows = list(csv.DictReader(io.StringIO(text), dialect=_dialect(text)))
    except csv.Error:
        raise Unfit(told("The file cannot be read as a table.")) from None
    if not rows or not {"language", "say"} <= set(map(_heading, rows[0])):
        raise Unfit(told("The first row has to name the columns: {columns}.", columns=", ".join(COLUMNS)))
    if len(rows) > MOST_ROWS:
        raise Unfit(told("It has more than {n} rows.", n=f"{MOST_ROWS:,}"))
    found: list[Entry] = []
    wrong: list[str] = []
    for number, raw in enumerate(rows, 2):
        row = {_heading(name): _cell(value) for name, value in raw.items() if name}
        if not any(row.values()):
            continue
        try:
            found.append(
                checked(
                    Entry(
                        row.get("key", ""), row.get("language", ""), row.get("say", ""),
                        tuple(row.get("forms", "").split("|")), tuple(row.get("avoid", "").split("|")),
                        row.get("note", ""), row.get("never translate", "").casefold() in ("yes", "true", "1", "x"),
                    )
                )
            )  # fmt: skip
        except Unfit as error:
            wrong.append(told("Row {row}: {what}", row=number, what=str(error)))
    return found, wrong


def changes(given: Sequence[Entry]) -> list[tuple[Entry | None, Entry]]:
    """Those that differ from what stands now, each with what stands there."""
    now = {(one.key, one.language): one for one in all_entries()}
    last = {(one.key, one.language): one for one in given}
    return [
        (now.get(place), one)
        for place, one in last.items()
        if now.get(place) != one and (one.say or place in now)
    ]


def _term(one: Entry) -> Term | None:
    if one.gone or not one.say:
        return None
    given = TERMS.given.get(one.language, {}).get(one.key)
    whole = one.kept or (given.whole if given else False)
    return Term(one.key, one.say, one.forms, one.avoid, one.note, whole, one.kept)


def _heading(name: str) -> str:
    return " ".join((name or "").casefold().split())


def _cell(value: object) -> str:
    text = value if isinstance(value, str) else ""
    return text[1:].strip() if text.startswith("'") else text.strip()


def _dialect(text: str) -> type[csv.Dialect]:
    first = text.partition("\n")[0]
    return (
        csv.excel_tab if "\t" in first else _Semicolons if first.count(";") > first.count(",") else csv.excel
    )


class _Semicolons(csv.excel):
    delimiter = ";"


WORDLIST = Wordlist()
"""Of this process, as TERMS are."""
