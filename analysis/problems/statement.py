"""A problem statement: its fields, its one sentence, as plain data and as people read it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Literal

Source = Literal["listening", "records", "other"]
TO_SET = "to be set by you"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece: what ``kind`` of source it is from, and what it says."""

    kind: Source
    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A problem statement. ``start`` and ``target`` are shares from 0 to 1; ``unset`` names the fields that stand there as a
    proposal until somebody has set them. ``about`` is (theme, dimension, group): what it was drafted from.
    """

    about: tuple[str, str, str]
    verb: str  # Reduce, Increase
    what: str
    who: str
    where: str
    start: float | None
    target: float | None
    by: date | None
    evidence: tuple[Evidence, ...] = ()
    quotes: tuple[str, ...] = ()  # where they stand, never their words
    going_well: str = ""
    unknown: tuple[str, ...] = ()
    not_heard: tuple[str, ...] = ()
    our_rules: str = ""  # which of the school's own rules or routines may be behind it
    unset: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The statement in one sentence: who and how much, neither why nor what to do."""
        return (
            f"{self.verb} {self.what} among {self.who} at {self.where} from {in_percent(self.start)} to "
            f"{in_percent(self.target)}{self._mark('target')} by {self.by or '…'}{self._mark('by')}."
        )

    def _mark(self, field: str) -> str:
        return f" ({TO_SET})" if field in self.unset else ""


def to_json(statement: Statement) -> dict[str, Any]:
    """Plain data; from_json() reads it."""
    plain = {field.name: getattr(statement, field.name) for field in fields(statement)}
    return plain | {
        "about": list(statement.about),
        "by": statement.by.isoformat() if statement.by else None,
        "evidence": [{"kind": one.kind, "text": one.text} for one in statement.evidence],
        **{name: list(plain[name]) for name in ("quotes", "unknown", "not_heard", "unset")},
    }


def from_json(plain: Mapping[str, Any]) -> Statement:
    """What to_json() made."""
    values = dict(plain)
    values["about"] = tuple(plain["about"])
    values["by"] = date.fromisoformat(plain["by"]) if plain["by"] else None
    values["evidence"] = tuple(Evidence(one["kind"], one["text"]) for one in plain["evidence"])
    values |= {name: tuple(plain[name]) for name in ("quotes", "unknown", "not_heard", "unset")}
    return Statement(**values)


EDITABLE = ("verb", "what", "who", "where", "start", "target", "by", "going_well", "our_rules")
_SOURCES: Mapping[str, Source] = {"listening": "listening", "records": "records", "other": "other"}
_VERBS = {"reduce": "Reduce", "increase": "Increase"}


def edited(statement: Statement, field: str, value: str) -> Statement:
    """With one field as somebody has set it. Raises ValueError that says what would be taken."""
    if field == "evidence" or field.startswith("evidence."):
        kind = _SOURCES.get(field.partition(".")[2] or "other")
        if kind is None:
            raise ValueError("evidence is evidence.listening, evidence.records or evidence.other")
        added = Evidence(kind, value.strip())
        return replace(statement, evidence=tuple(dict.fromkeys((*statement.evidence, added))))
    if field not in EDITABLE:
        raise ValueError(
            f"{field} cannot be set: {', '.join(EDITABLE)}, and evidence.records to add a source"
        )
    unset = tuple(name for name in statement.unset if name != field)
    values: dict[str, Any] = {"unset": unset, field: _read(field, value.strip())}
    return replace(statement, **values)


def _read(field: str, value: str) -> str | float | date:
    if field == "verb":
        if value.lower() not in _VERBS:
            raise ValueError("verb is Reduce or Increase")
        return _VERBS[value.lower()]
    if field in ("start", "target"):
        number = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(%?)", value)
        share = float(number[1]) / (100 if number[2] or float(number[1]) > 1 else 1) if number else -1.0
        if not 0 <= share <= 1:
            raise ValueError(f"{field} is a share: 30% or 0.3")
        return round(share, 4)
    if field == "by":
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError("by is a date: 2027-06-30") from None
    return value


def as_text(statement: Statement) -> str:
    """As people read it."""
    parts: Sequence[tuple[str, Sequence[str]]] = (
        ("What we know", [f"{one.text} [{one.kind}]" for one in statement.evidence]),
        ("In their words", statement.quotes),
        ("What is going well", [statement.going_well] if statement.going_well else []),
        ("What we do not know", statement.unknown),
        ("Who was not heard", statement.not_heard),
        ("Which of our own rules or routines may be behind it", [statement.our_rules or f"({TO_SET})"]),
    )
    lines = [statement.line]
    for title, told in parts:
        if told:
            lines += ["", title, *(f"  - {one}" for one in told)]
    return "\n".join(lines)


def in_percent(share: float | None) -> str:
    """A share as people read it, a small one with two digits; … where there is none.

    >>> in_percent(0.284), in_percent(0.0044), in_percent(None)
    ('28%', '0.44%', '…')
    """
    if share is None:
        return "…"
    return f"{share * 100:.0f}%" if abs(share) >= 0.05 else f"{share * 100:.2g}%"
