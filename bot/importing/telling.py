"""Says what a contact list came to: its rows, each in one count; the people, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from ..spreadsheets import BadRow, Table
from .deciding import Work
from .removal import MOST
from .report import Report
from .rows import Reading

SAYS = {
    "people without an address": "New people without a number that can be used, who cannot be reached",
    "phones shared": "People new to a phone that they share with another",
    "numbers changed": "Numbers given up for others, whose consent has ended",
    "off the list": "People taken off the list",
    "removed": "People on no list any more, whose consent has ended",
    "students removed": "Children on no list any more",
    "guardians parted": "Guardians who are no longer a child's",
    "messages cancelled": "Messages cancelled that had not gone out",
}
"""What is said of each count, where it is not zero."""


@dataclass(slots=True)
class Sums:
    """What all lots together came to."""

    status: dict[int, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    seen: set[UUID] = field(default_factory=set)
    students: set[UUID] = field(default_factory=set)
    pairs: set[tuple[UUID, UUID]] = field(default_factory=set)
    households: set[UUID] = field(default_factory=set)

    def add(self, work: Work) -> None:
        """Add one lot."""
        for line, status in work.status.items():
            if self.status.get(line) != "taken":
                self.status[line] = status
        self.counts += work.counts
        self.counts["numbers changed"] += len(work.given_up)
        self.counts["phones shared"] += len(work.shared)
        self.counts["granted"] += len(work.granted)
        self.counts["still stopped"] += len(work.stopped)
        self.counts["people changed"] += len(work.people_changed)
        self.seen.update(work.on_list)
        self.students.update(work.seen_students)
        self.pairs.update(work.pairs)
        self.households |= work.households


def report_of(table: Table, found: Reading, sums: Sums, name: str, doubt: tuple[int, int] | None) -> Report:
    """Every row in one count, and what it all came to. ``doubt``: how many a whole list lacks, and of how many."""
    report = Report(table.file, bad=list(table.bad))
    for row in table.rows:
        if row.line in found.bad:
            report.bad.append(BadRow(row.line, found.bad[row.line]))
        elif row.line in found.empty:
            report.empty += 1
        else:
            status = sums.status.get(row.line, "known")
            setattr(report, status, getattr(report, status) + 1)
    report.bad.sort(key=lambda bad: bad.line)
    report.facts = _facts(sums, name)
    report.notes = _notes(found, sums, doubt)
    report.sums = {what: count for what, count in sums.counts.items() if count} | {
        "people": len(sums.seen),
        "households": len(sums.households),
        "students": len(sums.students),
        "not valid": len(found.not_valid),
        "landlines": len(found.landlines),
        "strange languages": found.strange_languages,
    }
    if doubt and doubt[0] > MOST * doubt[1]:
        report.sums |= {"missing": doubt[0], "before": doubt[1]}
    return report


def _facts(sums: Sums, name: str) -> list[str]:
    counts = sums.counts
    facts = [
        f"On the list {name}: {len(sums.seen)} people in {len(sums.households)} households; "
        f"{counts['people new']} new, {counts['people changed']} changed."
    ]
    if sums.students:
        facts.append(
            f"Their children: {len(sums.students)}; {counts['students new']} new, "
            f"{counts['students changed']} changed."
        )
    return facts + [f"{says}: {counts[what]}." for what, says in SAYS.items() if counts[what]]


def _notes(found: Reading, sums: Sums, doubt: tuple[int, int] | None) -> list[str]:
    notes = []
    if joined := sums.counts["joined"]:
        some = (
            "1 person who had written before is"
            if joined == 1
            else f"{joined} people who had written before are"
        )
        notes.append(f"{some} now on the list")
    if back := sums.counts["back"]:
        notes.append(
            f"{back} {'person is' if back == 1 else 'people are'} on a list again, and may be written to"
        )
    if found.not_valid:
        notes.append(
            f"{len(found.not_valid)} numbers are in no numbering plan we know; they were taken all the same "
            f"({_lines(found.not_valid)})"
        )
    if found.landlines:
        notes.append(
            f"{len(found.landlines)} numbers are landlines, which get no text messages ({_lines(found.landlines)})"
        )
    if found.strange_languages:
        notes.append(f"{found.strange_languages} times the language is none we know; the default was assumed")
    if doubt and doubt[0] > MOST * doubt[1]:
        notes.append(
            f"{doubt[0]} of the {doubt[1]} people on the list are not in this file; taking them off needs --anyway"
        )
    return notes


def _lines(lines: Sequence[int]) -> str:
    first = ", ".join(str(line) for line in list(dict.fromkeys(lines))[:8])
    return f"lines {first}{' …' if len(set(lines)) > 8 else ''}"
