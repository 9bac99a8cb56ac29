"""What a check before sending finds: where, how bad, what, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from survey_flows.told import listed, told

Severity = Literal["block", "warn", "note"]
SEVERITIES: tuple[Severity, ...] = ("block", "warn", "note")
"""``block``: it is not sent so. ``warn``: it will cost answers, money or trust. ``note``: worth a look."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend. ``step`` counts from 1; None is all of the campaign, as None is every variant or language."""

    severity: Severity
    rule: str
    what: str
    cure: str
    step: int | None = None
    variant: str | None = None
    language: str | None = None

    @property
    def where(self) -> str:
        """Step, variant and language in words; empty where it is about all of the campaign."""
        parts = [
            told("step {n}", n=self.step) if self.step else "",
            told("variant {name}", name=self.variant) if self.variant else "",
            self.language or "",
        ]
        return listed(filter(None, parts))

    def __str__(self) -> str:
        """Where, what, and how to mend it, on one line."""
        said = told("{what} {cure}", what=self.what, cure=self.cure) if self.cure else self.what
        return told("{where}: {what}", where=self.where, what=said) if self.where else said

    def to_json(self) -> dict[str, Any]:
        """All of it, by name."""
        return {
            "severity": self.severity,
            "rule": self.rule,
            "step": self.step,
            "variant": self.variant,
            "language": self.language,
            "what": self.what,
            "cure": self.cure,
        }
