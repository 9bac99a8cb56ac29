"""What looking a set-up over comes to: findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: ``good``, a ``note`` (works, but look), or ``bad`` (will not work)."""

    state: Literal["good", "note", "bad"]
    what: str
    cure: str = ""
