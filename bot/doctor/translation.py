"""Whether each engine of translation answers, whether it is our own, and which languages of families none of them knows."""

from __future__ import annotations

import asyncio
import time

from survey_flows import phrases
from survey_flows.told import told

from ..settings import Settings
from ..translation import engines
from ..translation.base import Engine, Failed
from ..translation.order import Order
from .finding import Finding

PATIENCE = 8.0
"""Seconds that an engine is given. Who looks a set-up over does not wait for one that is down."""
ENGLISH = "en"
SAMPLES = {
    "es": "El autobús llega tarde.",
    "pt": "O ônibus está atrasado.",
    "fr": "Le bus est en retard.",
    "ar": "الحافلة متأخرة.",
    "zh-Hans": "校车晚点了。",
    "vi": "Xe buýt đến muộn.",
    "ht": "Bis la an reta.",
}
"""Made-up words, nobody's own. An engine is given the first whose language it has."""
AFTERWARDS = told(
    "No reply is lost: what waits is translated when it answers again. See docs/translation-engines.md."
)


async def look(settings: Settings) -> list[Finding]:
    """The findings about translation; every engine is asked at the same time."""
    try:
        order = engines.chosen(settings)
        made = {name: engines.engine(name, settings) for name in order.names()}
    except engines.NotSetUp as error:
        return [Finding("bad", told("translation is set up in part"), str(error))]
    if not made:
        return [
            Finding(
                "note",
                told("no translator: quotes show the original words and say 'not translated yet'"),
                told("See docs/translation-engines.md. Theme coding works all the same."),
            )
        ]
    try:
        tried = await asyncio.gather(*map(_try, made.values()))
        sound = all(one.state == "good" for one in tried)
        asked = list(phrases.LANGUAGES) if sound else []  # an engine that is down is not asked 19 times more
        known = await asyncio.gather(*(_known(order, made, tag) for tag in asked))
    finally:
        for engine in made.values():
            await engine.close()
    lacking = [tag for tag, has in zip(asked, known, strict=True) if not has]
    found = [*tried, *(_abroad(engine) for engine in made.values() if not engine.ours)]
    if lacking:
        found.append(
            Finding(
                "note",
                told("no engine translates into English from: {languages}", languages=", ".join(lacking)),
                told(
                    "Staff see these families' own words, untranslated. Add an engine that has them "
                    "(docs/translation-engines.md), or have people translate."
                ),
            )
        )
    return found


async def _try(engine: Engine) -> Finding:
    began = time.monotonic()
    try:
        async with asyncio.timeout(PATIENCE):
            for tag, text in SAMPLES.items():
                (found,) = await engine.translate([text], tag, ENGLISH)
                if found is not None:
                    took = f"{time.monotonic() - began:.1f}"
                    what = told("translation by {engine} answers, in {n} s", engine=engine.name, n=took)
                    return Finding("good", what)
    except TimeoutError:
        what = told("translation by {engine}: no answer in {n} s", engine=engine.name, n=f"{PATIENCE:.0f}")
        return Finding("bad", what, AFTERWARDS)
    except Failed as failed:
        why = str(failed).removeprefix(f"{engine.name}: ")
        what = told("translation by {engine} fails: {why}", engine=engine.name, why=why)
        return Finding("bad", what, AFTERWARDS)
    return Finding(
        "bad",
        told(
            "translation by {engine} has none of {languages} to English",
            engine=engine.name,
            languages=", ".join(SAMPLES),
        ),
        told("Give it models or languages that families speak: see docs/translation-engines.md."),
    )


async def _known(order: Order, made: dict[str, Engine], tag: str) -> bool:
    """Whether an engine that is asked from this language knows it; one that does not say counts as if."""
    if tag == ENGLISH:
        return True
    for name in order.route(tag, ENGLISH):
        try:
            async with asyncio.timeout(PATIENCE):
                if await made[name].has(tag, ENGLISH):
                    return True
        except (Failed, TimeoutError):
            return True
    return False


def _abroad(engine: Engine) -> Finding:
    return Finding(
        "note",
        told("texts go to {engine}, which is not your own", engine=engine.name),
        told(
            "Names, numbers and addresses that rules can find are taken out first, and put back after. Have an agreement "
            "on families' data with whoever runs it, or take it out of OPENLINE_TRANSLATORS."
        ),
    )
