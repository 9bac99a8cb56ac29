"""Takes out of a text what tells who somebody is before an engine on another's machine sees it, and puts it back after."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from .base import Failed, Translated, Translator

Find = Callable[[str], Sequence[tuple[int, int, str]]]
"""Where in a text something must not leave the house: (start, end, kind), in order and apart."""

_MASK = re.compile(r"__ ?[Vv](\d+) ?__")


class Outside:
    """An engine that is not ours, behind a black pen. A translation in which a mask was lost, doubled or bent is none.

    It has to see the text as it was written: whatever else hides a part of it comes after.
    """

    def __init__(self, engine: Translator, find: Find) -> None:
        self._engine = engine
        self._find = find

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[Translated | None]:
        """What the engine makes of the redacted texts, whole again. Raises Failed."""
        masked = [mask(text, self._find(text)) for text in texts]
        try:
            found = await self._engine.translate([text for text, _ in masked], source, target)
        except Failed as failed:
            raise Failed(str(failed), _whole(failed.found, masked)) from None
        return _whole(found, masked)

    async def close(self) -> None:
        """Close the engine."""
        await self._engine.close()


def _whole(
    found: Sequence[Translated | None], masked: Sequence[tuple[str, dict[str, str]]]
) -> list[Translated | None]:
    if not found:
        return []
    whole: list[Translated | None] = []
    for one, (_, hidden) in zip(found, masked, strict=True):
        text = None if one is None else unmask(one.text, hidden)
        whole.append(Translated(text, one.origin, one.confidence) if one and text is not None else None)
    return whole


def mask(text: str, spans: Sequence[tuple[int, int, str]]) -> tuple[str, dict[str, str]]:
    """The text with ``__V1__`` and so on in the place of spans, and what each stands for. Masks that are in the text
    already stay, and the numbers go on after theirs.

    >>> mask("Luis is sick", [(0, 4, "name")])
    ('__V1__ is sick', {'1': 'Luis'})
    """
    number = max((int(found[1]) for found in _MASK.finditer(text)), default=0)
    hidden: dict[str, str] = {}
    parts, at = [], 0
    for start, end, _ in spans:
        number += 1
        hidden[str(number)] = text[start:end]
        parts += [text[at:start], f"__V{number}__"]
        at = end
    return "".join((*parts, text[at:])), hidden


def unmask(text: str, hidden: dict[str, str]) -> str | None:
    """The text with what the masks stand for; None where one of them is not there exactly once."""
    numbers = [found[1] for found in _MASK.finditer(text)]
    if any(numbers.count(number) != 1 for number in hidden):
        return None
    return _MASK.sub(lambda found: hidden.get(found[1], found[0]), text)
