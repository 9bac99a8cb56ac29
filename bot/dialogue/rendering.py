"""Puts what staff wrote into a family's language, and looks at what came of it: translated back, checked, weighed.

A translator or a judge that fails, in whatever way, costs no reply: it can still go as it was written.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog

from ..app import App
from ..translation import Failed, Translated
from ..translation.gate import Finding, confidence, look
from ..translation.units import Unit

log = structlog.get_logger(__name__)

PATIENCE = 20.0
"""Seconds that a translator has. Then it counts as one that does not answer."""
PERSON = "person"


@dataclass(frozen=True, slots=True)
class Looked:
    """What can be said of a translation: translated back, what the checks find, how sure it is that the meaning is the same."""

    back: str | None = None
    findings: tuple[Finding, ...] = ()
    confidence: float | None = None

    @property
    def block(self) -> str | None:
        """Why it may not be sent, in words for staff; None where it may."""
        worst = next((one for one in self.findings if one.severity == "block"), None)
        return f"{worst.what} {worst.cure}" if worst else None


async def put(app: App, text: str, source: str, target: str) -> Translated | None:
    """A translation, by people where they have approved one of the same words; None where there is none."""
    return await by_people(app, text, source, target) or await _asked(app, text, source, target)


async def by_people(app: App, text: str, source: str, target: str) -> Translated | None:
    """The translation of these very words that a person has approved."""
    known = (await app.memory.find([text], source, target)).get(text)
    return Translated(known.text, PERSON) if known and known.state == "approved" and known.text else None


async def look_over(app: App, text: str, source: str, made: Translated, target: str) -> Looked:
    """Look at a translation. What people have translated is not doubted, only checked."""
    back = None
    if made.origin != PERSON:
        again = await _asked(app, made.text, target, source)
        back = again.text if again else None
    return await asyncio.to_thread(_looked, app, text, source, made, target, back)


def _looked(app: App, text: str, source: str, made: Translated, target: str, back: str | None) -> Looked:
    unit, judge, sure = Unit("reply", source, text), app.judge, made.confidence
    try:
        if made.origin == PERSON:
            return Looked(back, look(unit, target, made.text), sure)
        if sure is None:
            sure = confidence(text, source, made.text, target, judge, back)
        return Looked(back, look(unit, target, made.text, judge=judge, back=back), sure)
    except Exception as error:  # no model, or a defect: the quick checks at least
        log.warning("translation not weighed", source=source, target=target, error=type(error).__name__)
        return Looked(back, look(unit, target, made.text, back=back), sure)


async def _asked(app: App, text: str, source: str, target: str) -> Translated | None:
    if app.translator is None:
        return None
    try:
        async with asyncio.timeout(PATIENCE):
            (made,) = await app.translator.translate([text], source, target)
    except (Failed, TimeoutError) as error:
        log.warning("reply not translated", source=source, target=target, error=type(error).__name__)
        return None
    except Exception as error:  # its own words may be somebody's
        log.error("translator failed", source=source, target=target, error=type(error).__name__)
        return None
    return made if made is not None and made.text.strip() else None
