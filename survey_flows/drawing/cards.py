"""The boxes: what stands in each, and how large that makes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..choices import One, Rank
from ..items import Computed, Note, Quota, Split
from ..questions import Number, Question, YesNo
from .flow import Step
from .lettering import width, wrapped

CARD = 420.0
"""The greatest width of a box."""
TEXT, SMALL = 14.0, 12.5
LEADING = 1.38
PAD = 14.0
BADGE = 11.0
SHOWN = 12
"""So many choices of a longer list are drawn."""

KINDS = {
    "open": "own words", "one": "one choice", "scale": "scale", "many": "several choices", "yesno": "yes or no",
    "number": "number", "range": "number", "rank": "put in order", "date": "date", "time": "time",
    "datetime": "date and time", "image": "photo", "audio": "voice message",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """One box: ``look`` is question, note, value or end; ``rows`` are choices with the numbers before them; in a narrow
    box the kind is ``stacked`` below the key."""

    look: str
    width: float
    height: float
    key: str = ""
    kind: str = ""
    number: int | None = None
    lines: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    rows: tuple[tuple[str, tuple[str, ...]], ...] = ()
    stacked: bool = False


def card(step: Step, room: float, language: str) -> Card:
    """The box of one step."""
    item = step.item
    if isinstance(item, Question):
        return _question(item, step.number, room, language)
    if isinstance(item, Note):
        return boxed("note", item.wording(language, None), room, kind="note")
    return _value(item, room)


def boxed(look: str, text: str, room: float, *, kind: str = "") -> Card:
    """A box with a line of its kind and a text."""
    lines = wrapped(text, room - 2 * PAD, TEXT)
    return Card(look, room, _height(lines, [], [], header=bool(kind)), kind=kind, lines=tuple(lines))


def _question(item: Question, number: int | None, room: float, language: str) -> Card:
    kind = KINDS.get(item.kind, item.kind)
    if isinstance(item, Number) and (item.least is not None or item.most is not None):
        least, most = item.least, item.most
        kind += f" from {least:g} to {most:g}" if least is not None and most is not None else ""
        kind += f" up to {most:g}" if least is None else f" from {least:g}" if most is None else ""
    if item.required:
        kind += ", needed"
    inner = room - 2 * PAD
    lines = wrapped(item.wording(language, None), inner, TEXT)
    hints = wrapped(item.hints[language], inner, SMALL) if item.hints else []
    rows = [(mark, tuple(wrapped(label, inner - 30, SMALL))) for mark, label in _choices(item, language)]
    beside = inner - 2 * BADGE - 8
    stacked = width(item.key, SMALL) + 16 + width(kind, SMALL) > beside
    key = wrapped(item.key, beside, SMALL, lines=1)[0]
    height = _height(lines, hints, rows, header=True) + (SMALL * LEADING if stacked else 0)
    return Card("question", room, height, key, kind, number, tuple(lines), tuple(hints), tuple(rows), stacked)


def _choices(item: Question, language: str) -> list[tuple[str, str]]:
    if isinstance(item, YesNo):
        return [(str(number), choice.label) for number, choice in enumerate(item.choices(language), start=1)]
    if not isinstance(item, One):
        return []
    rows = [(str(number), item.options[at].labels[language]) for number, at in item.labels.numbered.items()]
    if item.shuffled and not isinstance(item, Rank):
        rows = [("•", label) for _, label in rows]
    if item.show is not None:
        rows.append(("", f"({item.show} of these, by lot)"))
    return rows if len(rows) <= SHOWN else [*rows[: SHOWN - 1], ("", f"… and {len(rows) - SHOWN + 1} more")]


def _value(item: Computed | Split | Quota, room: float) -> Card:
    if isinstance(item, Computed):
        kind, text = "worked out", item.expression.source
    elif isinstance(item, Split):
        total = sum(item.arms.values())
        kind, text = (
            "by lot",
            ", ".join(f"{arm} {100 * weight / total:.0f} %" for arm, weight in item.arms.items()),
        )
    else:
        kind, text = "enough when", f"{item.most} people have come by here; later ones are thanked"
    lines = wrapped(text, room - 2 * PAD, SMALL, lines=6)
    return Card("value", room, _height(lines, [], [], header=True), item.key, kind, lines=tuple(lines))


def _height(
    lines: Sequence[str], hints: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]], *, header: bool
) -> float:
    height = 2 * PAD - 4 + (2 * BADGE + 6 if header else 0) + len(lines) * TEXT * LEADING
    height += len(hints) * SMALL * LEADING
    count = sum(len(row) for _, row in rows)
    return height + (8 + count * SMALL * LEADING + 3 * len(rows) if rows else 0)
