"""How replies stand in one text, and how they are found in it again.

::

    === 17 ===
    The bus is late

    === 18 ===
    …

The line above a reply holds its id. It has more signs than any line of a reply that looks like one, so a family that
writes "=== 5 ===" cuts nothing in two; the first line of the text says how many. Replies with characters that some
tools count as two (emoji) come last: a tool that counts so is still right about all others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .project import Question, Reply, plain

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}")
"""What a reply's id looks like."""
_MARK = re.compile(r"^(?P<signs>={3,}) (?P<id>[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}) (?P=signs)$", re.MULTILINE)
_BREAK = "\n\n"


@dataclass(frozen=True, slots=True)
class Stretch:
    """From ``start`` up to ``end`` (code points, the end not in it) lies the reply ``id``."""

    id: str
    start: int
    end: int

    def overlap(self, start: int, end: int) -> int:
        return max(0, min(self.end, end) - max(self.start, start))


def in_order(replies: Iterable[Reply]) -> list[Reply]:
    """Those with characters beyond U+FFFF last; else as they come."""
    return sorted(replies, key=lambda reply: any(sign > "\uffff" for sign in reply.text))


def lay_out(question: Question) -> tuple[str, list[Stretch]]:
    """The text of a question, and where each reply stands in it, in the order of ``in_order``."""
    replies = [(reply.id, plain(reply.text)) for reply in in_order(question.replies)]
    widest = max((len(mark["signs"]) for _, text in replies for mark in _MARK.finditer(text)), default=2)
    signs = "=" * max(3, widest + 1)
    parts, stretches, length = [], [], 0
    for name, text in replies:
        mark = f"{signs} {name} {signs}\n"
        length += len(mark)
        stretches.append(Stretch(name, length, length + len(text)))
        parts += [mark, text, _BREAK]
        length += len(text) + len(_BREAK)
    return "".join(parts), stretches


def find(text: str) -> list[Stretch] | None:
    """Where the replies stand in a text of ours, lines ending in LF. None: it is none of ours.

    A tool may have taken blank lines off the end of the text.
    """
    first = _MARK.match(text)
    if not first:
        return None
    marks = [mark for mark in _MARK.finditer(text) if mark["signs"] == first["signs"]]
    stretches = []
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        start = min(mark.end() + 1, len(text))
        whole = text[start : after.start() if after else len(text)]
        stretches.append(Stretch(mark["id"], start, start + len(whole.removesuffix(_BREAK))))
    return stretches
