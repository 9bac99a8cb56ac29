"""What the quality gate says of one translation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["block", "warn", "note"]
Rule = Literal[
    "empty", "placeholder", "number", "keyword", "url", "negation", "meaning", "length", "collision", "script",
    "leftover", "term",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """``block``: it cannot be approved so; ``warn``: read it again; ``note``: good to know. ``cure`` says how to mend it."""

    severity: Severity
    rule: Rule
    what: str
    cure: str
