"""What the checks found, for a terminal and as JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from langcodes import Language

from .counting import Key, Row, Tally
from .finding import SEVERITIES, Finding
from .sampling import Foreseen

_HEADS = {
    "block": "To mend before it can be sent:",
    "warn": "Look at these:",
    "note": "Good to know:",
}


@dataclass(frozen=True)
class Checked:
    """A campaign looked over at a moment. ``price`` is that of one SMS part; ``some`` is there where the texts were made for
    some people of each language only, who they were."""

    key: str
    title: str
    at: datetime
    findings: tuple[Finding, ...]
    tally: Tally
    price: float
    some: Foreseen | None = None

    @property
    def blocks(self) -> tuple[Finding, ...]:
        """What has to be mended before it is sent; nothing if it may go."""
        return tuple(one for one in self.findings if one.severity == "block")

    @property
    def size(self) -> int:
        """How many people it goes to."""
        return self.tally.going

    @property
    def cost(self) -> float:
        """About what it costs in SMS parts, all steps, in US dollars."""
        return sum(row.parts for row in self.tally.rows.values()) * self.price

    def as_text(self) -> str:
        """All of it, to be read in a terminal; it shows real people's texts."""
        blocks = [
            f"{self.key}: {self.title}",
            self._whom(),
            *self._steps(),
            *(self._told(severity) for severity in SEVERITIES),
            "Nothing stands in its way." if not self.blocks else "",
        ]
        return "\n\n".join(filter(None, blocks))

    def to_json(self) -> dict[str, Any]:
        """All of it; ``texts`` has what each step says, by variant and language, as real recipients read it."""
        return {
            "campaign": self.key,
            "title": self.title,
            "at": self.at.isoformat(),
            "may_be_sent": not self.blocks,
            "audience": self.tally.people,
            "going": self.tally.going,
            "not_going": dict(self.tally.reasons),
            "cost": round(self.cost, 2),
            "findings": [one.to_json() for one in self.findings],
            "texts": [_row_json(key, row, self.price) for key, row in self._rows()],
        }

    def _rows(self) -> list[tuple[Key, Row]]:
        return sorted(self.tally.rows.items(), key=lambda one: (*one[0][:2], -one[1].people, one[0][2]))

    def _whom(self) -> str:
        lines = [(self.tally.people, "in the audience")]
        lines += [(-count, reason) for reason, count in self.tally.reasons.most_common()]
        lines.append((self.tally.going, "get it"))
        return "\n".join(f"{count:>9,}  {what}" for count, what in lines)

    def _steps(self) -> list[str]:
        told: list[str] = []
        rows = self._rows()
        for step in sorted({key[0] for key, _ in rows}):
            mine = [(key, row) for key, row in rows if key[0] == step]
            told.append(f"Step {step + 1}\n{self._table(mine)}")
            told += [_shown(key, row) for key, row in mine if row.samples]
        return told

    def _table(self, rows: list[tuple[Key, Row]]) -> str:
        channels = sorted({channel for _, row in rows for channel in row.channels})
        head = ["Language", "People", *(_channel(one) for one in channels), "Parts each", "At most", "Cost"]
        lines = [head, *(self._line(key, row, channels) for key, row in rows)]
        all_ = Row(sum((row.channels for _, row in rows), Counter()), parts=sum(row.parts for _, row in rows))
        all_.most = max((row.most for _, row in rows if row.most), key=lambda one: one.parts, default=None)
        if len(rows) > 1:
            lines.append(["All", *self._line((0, "", "en"), all_, channels)[1:]])
        return _aligned(lines)

    def _line(self, key: Key, row: Row, channels: list[str]) -> list[str]:
        texted = row.channels["sms"]
        each = f"{row.parts / texted:.1f}" if texted else "-"
        name = Language.get(key[2]).display_name()
        name = f"{name}, {key[1]}" if key[1] else name
        waits = f"  ({row.waiting} wait)" if row.waiting else ""
        return [
            f"{name}{waits}",
            f"{row.people:,}",
            *(f"{row.channels[one]:,}" for one in channels),
            each,
            str(row.most.parts) if row.most else "-",
            f"${row.parts * self.price:,.2f}",
        ]

    def _told(self, severity: str) -> str:
        found = [one for one in self.findings if one.severity == severity]
        if not found:
            return ""
        return "\n".join((_HEADS[severity], *map(_line, found)))


def _line(one: Finding) -> str:
    where = f"{one.where}: " if one.where else ""
    return f"  - {where}{one.what}" + (f"\n    {one.cure}" if one.cure else "")


def _shown(key: Key, row: Row) -> str:
    name = ", ".join(filter(None, (Language.get(key[2]).display_name(), key[1])))
    texts = [f"  {name}:", *(f"  | {text}" for text in row.samples)]
    if row.longest not in row.samples:
        texts += [f"  longest, {len(row.longest)} characters:", f"  | {row.longest}"]
    return "\n".join(line.replace("\n", "\n  | ") for line in texts)


def _channel(name: str) -> str:
    return "SMS" if name == "sms" else name.capitalize()


def _aligned(lines: list[list[str]]) -> str:
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    return "\n".join(
        "  ".join(
            (f"{cell:<{width}}" if at == 0 else f"{cell:>{width}}")
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _row_json(key: Key, row: Row, price: float) -> dict[str, Any]:
    texted = row.channels["sms"]
    return {
        "step": key[0] + 1,
        "variant": key[1] or None,
        "language": key[2],
        "people": row.people,
        "channels": dict(row.channels),
        "waiting": row.waiting,
        "in_source_instead": dict(row.source),
        "skipped": row.skipped,
        "missing": dict(row.missing),
        "parts": row.parts,
        "parts_each": round(row.parts / texted, 2) if texted else None,
        "parts_most": row.most.parts if row.most else None,
        "cost": round(row.parts * price, 2),
        "samples": row.samples,
        "longest": row.longest,
    }
