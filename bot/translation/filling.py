"""Texts that have no translation yet get one: from the memory first, from engines for the rest, each text asked for once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .base import Failed, Translated, Translator
from .memory import Entry, Memory, New
from .units import Unit

AT_ONCE = 8
"""Texts in one request: few enough that a bar moves, and that little is lost when somebody interrupts."""


@dataclass(slots=True)
class Filled:
    """How far it came: it is filled while the work goes on, so that what is done stays when that is interrupted.

    ``found`` are translations by context, ``remembered`` those of them that nobody was asked for, ``failed`` why engines
    could not be asked, and ``unknown`` the contexts for which none of them has anything that can be trusted.
    """

    found: dict[str, Translated] = field(default_factory=dict)
    remembered: set[str] = field(default_factory=set)
    unknown: list[str] = field(default_factory=list)
    failed: str = ""


async def fill(
    units: Sequence[Unit],
    target: str,
    memory: Memory,
    engine: Translator | None,
    filled: Filled,
    told: Callable[[int], None] = lambda count: None,
) -> None:
    """Find a translation of each of these units, and keep what engines say in the memory as a draft.

    ``told`` hears how many more are done. An engine that fails is asked nothing more.
    """
    for context, entry in (await memory.find_units(units, target)).items():
        filled.found[context] = _remembered(entry)
        filled.remembered.add(context)
    told(len(filled.found))
    left = [unit for unit in units if unit.context not in filled.found]
    if engine is None:
        filled.unknown += [unit.context for unit in left]
        return
    for source in dict.fromkeys(unit.source for unit in left):
        same: dict[str, list[Unit]] = {}
        for unit in left:
            if unit.source == source:
                same.setdefault(unit.text, []).append(unit)
        for start in range(0, len(same), AT_ONCE):
            texts = list(same)[start : start + AT_ONCE]
            said = await _asked(engine, texts, source, target, filled) if not filled.failed else {}
            new = [
                New(unit.context, source, target, text, done.text, done.origin, done.confidence)
                for text, done in said.items()
                for unit in same[text]
            ]
            await memory.keep(new)
            filled.found |= {unit.context: done for text, done in said.items() for unit in same[text]}
            filled.unknown += [unit.context for text in texts if text not in said for unit in same[text]]
            told(sum(len(same[text]) for text in texts))


async def _asked(
    engine: Translator, texts: Sequence[str], source: str, target: str, filled: Filled
) -> Mapping[str, Translated]:
    """What an engine says, by text. One that fails says why, and gives what it had by then."""
    try:
        said: Iterable[Translated | None] = await engine.translate(texts, source, target)
    except Failed as failed:
        filled.failed = str(failed) or "it cannot be reached"
        said = failed.found or [None] * len(texts)
    return {text: done for text, done in zip(texts, said, strict=True) if done is not None}


def _remembered(entry: Entry) -> Translated:
    return Translated(entry.text or "", entry.origin or "person", entry.confidence)
