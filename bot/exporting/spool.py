"""Keeps the rows of an export on disk until they are written: a hundred thousand replies fit into no small memory.

It is a private database of SQLite's that has no name in any folder and is gone when it is closed, whatever happens.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any


class Spool:
    """Rows of plain data, given back in the order of their keys as often as wanted."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("")  # the empty name: a temporary file that SQLite itself takes away
        self._db.execute("CREATE TABLE kept (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")

    def put(self, key: str, value: Any) -> None:
        """Keep this. A key that was there is replaced."""
        self._db.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (key, json.dumps(value)))

    def __iter__(self) -> Iterator[Any]:
        for (value,) in self._db.execute("SELECT value FROM kept ORDER BY key"):
            yield json.loads(value)

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM kept").fetchone()[0])

    def close(self) -> None:
        """Everything is gone."""
        self._db.close()
