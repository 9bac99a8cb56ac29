"""Where everything stands: one column from top to bottom, ways that part side by side, frames around groups.

Ways part and meet again within their own columns, so no line can cross a box, nor another line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..told import told
from .cards import CARD, Card, card
from .flow import Fork, Group, Part, Say, Way
from .lettering import wrapped

GAP = 30.0
"""Between one thing and the next: room for an arrow."""
COLUMN = 22.0
"""Between columns."""
LANE = 76.0
"""The least width of a way on which nothing is asked."""
LEAST = 160.0
"""The least width of a box."""
PAD = 18.0
LOOP = 26.0
LABEL = 12.5
"""Size of the words on an arrow."""
LEADING = 1.35


@dataclass(slots=True)
class Drawing:
    """What has been placed so far."""

    language: str
    right_to_left: bool
    say: Say = str
    cards: list[tuple[Card, float, float]] = field(default_factory=list)
    lines: list[tuple[list[tuple[float, float]], bool]] = field(default_factory=list)
    labels: list[tuple[list[str], float, float]] = field(default_factory=list)
    frames: list[tuple[float, float, float, float, str, list[str]]] = field(default_factory=list)

    def line(self, *points: tuple[float, float], arrow: bool = False) -> None:
        self.lines.append((list(points), arrow))

    def steps(self, parts: Sequence[Part], x: float, y: float, room: float) -> float:
        """Place the parts below each other, from ``y`` on; where the last one ends."""
        middle = x + room / 2
        for number, part in enumerate(parts):
            if number and not isinstance(part, Fork):
                self.line((middle, y), (middle, y + GAP), arrow=True)
                y += GAP
            y = self.part(part, x, y, room)
        return y

    def part(self, part: Part, x: float, y: float, room: float) -> float:
        if isinstance(part, Fork):
            return self.fork(part.ways, x, y, room)
        if isinstance(part, Group):
            return self.group(part, x, y, room)
        return self.card(card(part, min(room, CARD), self.language, self.say), x, y, room)

    def card(self, made: Card, x: float, y: float, room: float) -> float:
        self.cards.append((made, x + (room - made.width) / 2, y))
        return y + made.height

    def fork(self, ways: Sequence[Way], x: float, y: float, room: float) -> float:
        rooms = _shared(ways, room)
        if rooms is None:  # too narrow to stand side by side: one after the other
            for way in ways:
                if way.steps:
                    y = self.fork((way, Way((), self.say(told("otherwise")))), x, y, room)
            return y
        middle, bar = x + room / 2, y + GAP * 0.6
        left = middle - _taken(rooms) / 2
        if len(rooms) == 2 and not ways[1].steps and rooms[0] + 2 * (rooms[1] + COLUMN) <= room:
            left = middle - rooms[0] / 2  # the box stays in line with those above and below
        words = [
            wrapped(way.label, share - 8, LABEL, lines=5) for way, share in zip(ways, rooms, strict=True)
        ]
        below = bar + 12 + max(map(len, words)) * LABEL * LEADING
        self.line((middle, y), (middle, bar))
        ends: list[tuple[float, float]] = []
        for way, share, label in zip(ways, rooms, words, strict=True):
            centre = left + share / 2
            self.line((middle, bar), (centre, bar), (centre, bar + 8))
            self.labels.append((label, centre, bar + 12))
            under = bar + 12 + len(label) * LABEL * LEADING
            if way.steps:
                first = below + (0 if isinstance(way.steps[0], Fork) else GAP * 0.8)
                self.line((centre, under), (centre, first), arrow=not isinstance(way.steps[0], Fork))
                ends.append((centre, self.steps(way.steps, left, first, share)))
            else:
                ends.append((centre, under))
            left += share + COLUMN
        foot = max(end for _, end in ends) + GAP * 0.5
        for centre, end in ends:
            self.line((centre, end), (centre, foot), (middle, foot))
        return foot

    def group(self, group: Group, x: float, y: float, room: float) -> float:
        frame = min(room, _wants([group]))
        x += (room - frame) / 2
        inner = x + PAD + (LOOP if group.repeated else 0)
        space = frame - 2 * PAD - (2 * LOOP if group.repeated else 0)
        words = wrapped(group.told, frame - 32, LABEL, lines=3)
        first = y + 44 + max(0, len(words)) * LABEL * LEADING
        end = self.steps(group.steps, inner, first, space)
        bottom = end + (PAD + 8 if group.repeated else PAD)
        self.frames.append((x, y, frame, bottom - y, group.key, words))
        if group.repeated:
            middle, side = inner + space / 2, x + frame - PAD
            ring = (
                (middle, end),
                (middle, end + 12),
                (side, end + 12),
                (side, first - 12),
                (middle, first - 12),
            )
            self.line(*ring)
            self.line((middle, first - 14), (middle, first), arrow=True)
        return bottom


def _taken(rooms: Sequence[float]) -> float:
    return sum(rooms) + COLUMN * (len(rooms) - 1)


def _shared(ways: Sequence[Way], room: float) -> list[float] | None:
    """The width of each way: what its boxes need, and a fair share of the rest; None where there is not enough."""
    needs = [_needs(way.steps) for way in ways]
    if len(ways) == 2 and not ways[1].steps:
        beside = room - 2 * (LANE + COLUMN)
        if beside >= needs[0]:
            return [min(beside, _wants(ways[0].steps)), LANE]
        lane = max(36.0, min(LANE, room - COLUMN - needs[0]))
        return [room - COLUMN - lane, lane]
    spare = room - _taken(needs)
    if spare < 0:
        return None
    full = sum(1 for way in ways if way.steps)
    return [
        min(need + spare / full, _wants(way.steps)) if way.steps else need
        for way, need in zip(ways, needs, strict=True)
    ]


def _needs(parts: Sequence[Part]) -> float:
    """The least width that these take."""
    least = LEAST if parts else LANE
    for part in parts:
        if isinstance(part, Group):
            least = max(least, _needs(part.steps) + 2 * PAD + (2 * LOOP if part.repeated else 0))
        elif isinstance(part, Fork):  # if need be its ways stand below each other, each with a lane beside it
            least = max(least, *(_needs(way.steps) + COLUMN + LANE for way in part.ways if way.steps))
    return least


def _wants(parts: Sequence[Part]) -> float:
    """The width at which these look best."""
    most = CARD if parts else LANE
    for part in parts:
        if isinstance(part, Group):
            most = max(most, _wants(part.steps) + 2 * PAD + (2 * LOOP if part.repeated else 0))
        elif isinstance(part, Fork):
            wide = _taken([_wants(way.steps) for way in part.ways])
            most = max(most, wide + (COLUMN + LANE if len(part.ways) == 2 and not part.ways[1].steps else 0))
    return most


__all__ = ["GAP", "LABEL", "LEADING", "Drawing"]
