"""The boxes: what stands in each, and how large that makes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..choices import One, Rank
from ..items import Computed, Note, Quota, Split
from ..questions import Number, Question, YesNo
from ..told import told
from .flow import Say, Step
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
    "open": told("own words"), "one": told("one choice"), "scale": told("scale"), "many": told("several choices"),
    "yesno": told("yes or no"), "number": told("number"), "range": told("number"), "rank": told("put in order"),
    "date": told("date"), "time": told("time"), "datetime": told("date and time"), "image": told("photo"),
    "audio": told("voice message"),
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


def card(step: Step, room: float, language: str, say: Say = str) -> Card:
    """The box of one step; our own words are as ``say`` has them."""
    item = step.item
    if isinstance(item, Question):
        return _question(item, step.number, room, language, say)
    if isinstance(item, Note):
        return boxed("note", item.wording(language, None), room, kind=say(told("note")))
    return _value(item, room, say)


def boxed(look: str, text: str, room: float, *, kind: str = "") -> Card:
    """A box with a line of its kind and a text."""
    lines = wrapped(text, room - 2 * PAD, TEXT)
    return Card(look, room, _height(lines, [], [], header=bool(kind)), kind=kind, lines=tuple(lines))


def _question(item: Question, number: int | None, room: float, language: str, say: Say) -> Card:
    kind = say(_kind(item))
    inner = room - 2 * PAD
    lines = wrapped(item.wording(language, None), inner, TEXT)
    hints = wrapped(item.hints[language], inner, SMALL) if item.hints else []
    rows = [(mark, tuple(wrapped(label, inner - 30, SMALL))) for mark, label in _choices(item, language, say)]
    beside = inner - 2 * BADGE - 8
    stacked = width(item.key, SMALL) + 16 + width(kind, SMALL) > beside
    key = wrapped(item.key, beside, SMALL, lines=1)[0]
    height = _height(lines, hints, rows, header=True) + (SMALL * LEADING if stacked else 0)
    return Card("question", room, height, key, kind, number, tuple(lines), tuple(hints), tuple(rows), stacked)


def _kind(item: Question) -> str:
    kind: str = KINDS.get(item.kind, item.kind)
    if isinstance(item, Number) and (item.least is not None or item.most is not None):
        least, most = f"{item.least or 0:g}", f"{item.most or 0:g}"
        if item.least is None:
            kind = told("{kind} up to {most}", kind=kind, most=most)
        elif item.most is None:
            kind = told("{kind} from {least}", kind=kind, least=least)
        else:
            kind = told("{kind} from {least} to {most}", kind=kind, least=least, most=most)
    return told("{kind}, needed", kind=kind) if item.required else kind


def _choices(item: Question, language: str, say: Say) -> list[tuple[str, str]]:
    if isinstance(item, YesNo):
        return [(str(number), choice.label) for number, choice in enumerate(item.choices(language), start=1)]
    if not isinstance(item, One):
        return []
    rows = [(str(number), item.options[at].labels[language]) for number, at in item.labels.numbered.items()]
    if item.shuffled and not isinstance(item, Rank):
        rows = [("•", label) for _, label in rows]
    if item.show is not None:
        rows.append(("", say(told("({n} of these, by lot)", n=item.show))))
    if len(rows) <= SHOWN:
        return rows
    return [*rows[: SHOWN - 1], ("", say(told("… and {n} more", n=len(rows) - SHOWN + 1)))]


def _value(item: Computed | Split | Quota, room: float, say: Say) -> Card:
    kind: str
    text: str
    if isinstance(item, Computed):
        kind, text = told("worked out"), item.expression.source
    elif isinstance(item, Split):
        total = sum(item.arms.values())
        kind, text = (
            told("by lot"),
            ", ".join(f"{arm} {100 * weight / total:.0f} %" for arm, weight in item.arms.items()),
        )
    else:
        kind = told("enough when")
        text = told("{n} people have come by here; later ones are thanked", n=item.most)
    lines = wrapped(say(text), room - 2 * PAD, SMALL, lines=6)
    return Card("value", room, _height(lines, [], [], header=True), item.key, say(kind), lines=tuple(lines))


def _height(
    lines: Sequence[str], hints: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]], *, header: bool
) -> float:
    height = 2 * PAD - 4 + (2 * BADGE + 6 if header else 0) + len(lines) * TEXT * LEADING
    height += len(hints) * SMALL * LEADING
    count = sum(len(row) for _, row in rows)
    return height + (8 + count * SMALL * LEADING + 3 * len(rows) if rows else 0)
