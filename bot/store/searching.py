"""Finds people by their names and by what they wrote to staff, whatever the case and the accents, through an index.

PostgreSQL keeps two indexes over the words of ``people.name`` and of messages. SQLite has no index over words of a
column: there a table of its own (FTS5) holds them, which triggers keep in step, so that what is erased is gone from it in
the same statement. Only messages for a person (waiting, answered) are in it: what somebody answers in an anonymous survey
is never found under their name. Words match from their beginning: "mirl" finds Mirlande.
"""

# ruff: noqa: S608 - every name in these statements is a constant of this module; what people type is bound

from __future__ import annotations

import re
import unicodedata
from typing import Any

from sqlalchemy import TextualSelect, Uuid, column, text
from sqlalchemy.ext.asyncio import AsyncConnection

FOR_STAFF = "('waiting', 'answered')"
MOST_WORDS = 8
MOST = 500
"""So many names or messages are found, the newest: who has more of them has to say more."""


def _folded(column: str) -> str:
    # Accents first, then lower case: a database in the C locale knows the small letters of ASCII only.
    return rf"to_tsvector('simple', lower(regexp_replace(normalize({column}, NFKD), '[\u0300-\u036f]', '', 'g')))"


_POSTGRESQL = (
    f"CREATE INDEX search_names ON people USING gin ({_folded('name')}) WHERE name IS NOT NULL",
    f"CREATE INDEX search_words ON messages USING gin ({_folded('text')}) WHERE state IN {FOR_STAFF}",
)

_ENTER = """\
INSERT INTO search_rows (id, kind) VALUES (new.id, '{kind}');
INSERT INTO search_words (rowid, text) SELECT n, new.{column} FROM search_rows WHERE id = new.id;"""
_REMOVE = """\
DELETE FROM search_words WHERE rowid = (SELECT n FROM search_rows WHERE id = old.id);
DELETE FROM search_rows WHERE id = old.id;"""
_NAMED, _WROTE = _ENTER.format(kind="name", column="name"), _ENTER.format(kind="words", column="text")

_SQLITE = (
    "CREATE TABLE search_rows (n INTEGER PRIMARY KEY, id CHAR(32) NOT NULL UNIQUE, kind VARCHAR(10) NOT NULL)",
    "CREATE VIRTUAL TABLE search_words USING fts5(text, tokenize = 'unicode61 remove_diacritics 2')",
    f"CREATE TRIGGER search_name_new AFTER INSERT ON people WHEN new.name IS NOT NULL BEGIN {_NAMED} END",
    f"CREATE TRIGGER search_name_gone AFTER DELETE ON people BEGIN {_REMOVE} END",
    "CREATE TRIGGER search_name_changed AFTER UPDATE OF name ON people WHEN old.name IS NOT new.name "
    f"BEGIN {_REMOVE} INSERT INTO search_rows (id, kind) SELECT new.id, 'name' WHERE new.name IS NOT NULL; "
    "INSERT INTO search_words (rowid, text) SELECT n, new.name FROM search_rows WHERE id = new.id; END",
    f"CREATE TRIGGER search_said_new AFTER INSERT ON messages WHEN new.state IN {FOR_STAFF} BEGIN {_WROTE} END",
    f"CREATE TRIGGER search_said_gone AFTER DELETE ON messages WHEN old.state IN {FOR_STAFF} BEGIN {_REMOVE} END",
    f"CREATE TRIGGER search_said_changed AFTER UPDATE OF text, state ON messages WHEN old.state IN {FOR_STAFF} AND "
    f"new.state IN {FOR_STAFF} AND old.text <> new.text BEGIN {_REMOVE} {_WROTE} END",
    f"CREATE TRIGGER search_said_out AFTER UPDATE OF state ON messages WHEN old.state IN {FOR_STAFF} AND "
    f"new.state NOT IN {FOR_STAFF} BEGIN {_REMOVE} END",
    f"CREATE TRIGGER search_said_in AFTER UPDATE OF state ON messages WHEN old.state NOT IN {FOR_STAFF} AND "
    f"new.state IN {FOR_STAFF} BEGIN {_WROTE} END",
    # What there was before.
    "INSERT INTO search_rows (id, kind) SELECT id, 'name' FROM people WHERE name IS NOT NULL",
    f"INSERT INTO search_rows (id, kind) SELECT id, 'words' FROM messages WHERE state IN {FOR_STAFF}",
    "INSERT INTO search_words (rowid, text) SELECT n, name FROM search_rows JOIN people USING (id) WHERE kind = 'name'",
    "INSERT INTO search_words (rowid, text) SELECT n, text FROM search_rows JOIN messages USING (id) "
    "WHERE kind = 'words'",
)  # fmt: skip


def made(dialect: str) -> tuple[str, ...]:
    """The statements that make the index, for a migration."""
    return _POSTGRESQL if dialect == "postgresql" else _SQLITE


def is_part(name: str | None) -> bool:
    """Whether a table or an index of the store is a part of this index, which no table of ours describes."""
    return (name or "").startswith("search_")


def terms(asked: str) -> list[str]:
    """What somebody typed, as words that are looked for.

    >>> terms("  Églantine, BIS la?"), terms("---")
    (['eglantine', 'bis', 'la'], [])
    """
    parted = unicodedata.normalize("NFKD", asked)
    plain = "".join(sign for sign in parted if not "\u0300" <= sign <= "\u036f").lower()
    return re.findall(r"\w+", plain)[:MOST_WORDS]


def names(dialect: str, words: list[str]) -> TextualSelect:
    """A query for the ids of people in whose name all of these words stand (``terms`` made them, at least one)."""
    return _query(dialect, words, "people", "name", "name IS NOT NULL", "name")


def said(dialect: str, words: list[str]) -> TextualSelect:
    """A query for the ids of messages for staff in which all of these words stand."""
    return _query(dialect, words, "messages", "text", f"state IN {FOR_STAFF}", "words")


def _query(dialect: str, words: list[str], table: str, of: str, only: str, kind: str) -> TextualSelect:
    # A word has letters, digits and underscores only, so nothing in it can be taken for an operator.
    if dialect == "postgresql":
        query: dict[str, Any] = {f"{kind}_asked": " & ".join(f"'{word}':*" for word in words)}
        match = f"{only} AND {_folded(of)} @@ to_tsquery('simple', :{kind}_asked)"
        # By the index of words first, then in order: else it may walk through all rows from the newest on.
        found = f"SELECT id FROM (SELECT id FROM {table} WHERE {match} OFFSET 0) AS found ORDER BY id DESC LIMIT {MOST}"
    else:
        query = {f"{kind}_asked": " ".join(f'"{word}"*' for word in words), f"{kind}_kind": kind}
        found = (
            "SELECT search_rows.id FROM search_words JOIN search_rows ON search_rows.n = search_words.rowid "
            f"WHERE search_words MATCH :{kind}_asked AND search_rows.kind = :{kind}_kind "
            f"ORDER BY search_words.rowid DESC LIMIT {MOST}"
        )
    return text(found).bindparams(**query).columns(column("id", Uuid()))


async def tidy(db: AsyncConnection) -> None:
    """Wipe what was taken out: SQLite's index keeps words of rows that are gone until its parts are next put together."""
    if db.dialect.name == "sqlite":
        await db.execute(text("INSERT INTO search_words (search_words) VALUES ('optimize')"))
