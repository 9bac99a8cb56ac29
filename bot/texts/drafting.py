"""Machine drafts of what is missing in a language, made in the background of the pages: how far each is, and what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from weakref import WeakKeyDictionary

import structlog

from ..app import App
from ..translation import Chain, Translator
from ..translation.filling import Filled, fill
from ..translation.memory import Memory, New, Remembered
from .deciding import draft_context
from .standing import Text

log = structlog.get_logger(__name__)


@dataclass
class Drafting:
    """One language: ``done`` of ``total`` texts, and whether it has ``ended``. ``filled`` tells what came."""

    language: str
    total: int
    done: int = 0
    ended: bool = False
    filled: Filled = field(default_factory=Filled)
    task: asyncio.Task[None] | None = None


_under_way: WeakKeyDictionary[Memory, dict[str, Drafting]] = WeakKeyDictionary()


def engine(app: App) -> Translator | None:
    """What may be asked beside the memory; None where no translator is set up."""
    if not isinstance(app.translator, Chain):
        return app.translator
    others = [one for one in app.translator.translators if not isinstance(one, Remembered)]
    return Chain(*others) if others else None


def under_way(app: App, language: str) -> Drafting | None:
    """The last one of this language in this process."""
    return _under_way.get(app.memory, {}).get(language)


def begin(app: App, language: str, missing: Sequence[Text]) -> Drafting:
    """Draft these in the background, unless that is under way already."""
    held = under_way(app, language)
    if held is not None and not held.ended:
        return held
    drafting = Drafting(language, len(missing))
    _under_way.setdefault(app.memory, {})[language] = drafting
    drafting.task = asyncio.create_task(_draft(app, drafting, missing))
    return drafting


async def _draft(app: App, drafting: Drafting, missing: Sequence[Text]) -> None:
    """Each text once; what was found in another place of the memory is put into this one, as a draft."""
    units = {
        where: replace(one.unit, context=where)
        for one in missing
        for where in [draft_context(one.stored, one.unit)]
    }

    def told(count: int) -> None:
        drafting.done += count

    try:
        await fill(list(units.values()), drafting.language, app.memory, engine(app), drafting.filled, told)
        found = drafting.filled.found
        await app.memory.keep(
            [
                New(
                    where, units[where].source, drafting.language, units[where].text, found[where].text,
                    found[where].origin, found[where].confidence,
                )
                for where in drafting.filled.remembered
            ]
        )  # fmt: skip
    except Exception as error:  # its own words may hold a text
        drafting.filled.failed = "it broke off"
        log.error("drafting failed", language=drafting.language, error=type(error).__name__)
    finally:
        drafting.ended = True
