"""Conditions on messages that wait for a person, in the words of the indexes messages_waiting and messages_talk."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, literal_column

# Literals: a bound value would hide the indexes.
WAITS: ColumnElement[str] = literal_column("'waiting'")
DEALT_WITH: ColumnElement[str] = literal_column("'answered'")


def waits(of: Any) -> ColumnElement[bool]:
    """Whether nobody has answered it."""
    return of.c.state == WAITS  # type: ignore[no-any-return]


def talk(of: Any) -> ColumnElement[bool]:
    """Whether it is for a person at all."""
    return of.c.state.in_([WAITS, DEALT_WITH])  # type: ignore[no-any-return]
