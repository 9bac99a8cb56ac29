"""What is translated: one text by itself, where it stands, and what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["message", "choice", "title", "phrase", "field"]


@dataclass(frozen=True, slots=True)
class Unit:
    """One text that is translated by itself.

    ``context`` is where it stands, the same over versions: "survey:getting-to-school/hard/ask",
    "survey:getting-to-school/hard/choice/bus", "campaign:thanks/1/text", "phrase:help". ``note`` tells a translator where
    people meet it. Units of one ``group`` must differ from one another: the choices of a question. ``critical`` texts
    (consent, crisis) are never sent unless a person has approved them. ``texts`` are the translations that stand in
    the document now, by language; ``approved`` are those of these languages that a person has approved.
    """

    context: str
    source: str
    text: str
    kind: Kind = "message"
    note: str = ""
    group: str = ""
    critical: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)
    approved: frozenset[str] = frozenset()
