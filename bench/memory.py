"""The translation memory: how many texts a second are found in it, and how often an engine is asked for each.

10,000 different texts are wanted, each by three people; two workers have them translated by an engine that counts what
it is sent. Then all are looked up, at once and in the batches of 32 in which the workers ask. Beside it the same rows
read by a bare SELECT ... IN of the same size.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from ground import ENGINES, ROUNDS, middle, store, table
from sqlalchemy import select, update

from bot import ids
from bot.clock import utcnow
from bot.interpreting import BATCH, Interpreter, Wishes
from bot.shelf import Shelf
from bot.store import memory as rows
from bot.store.database import Database, connect
from bot.store.memory import AT_ONCE, digest
from bot.store.tables import translations
from bot.translation import Translated
from bot.translation.memory import Memory

TEXTS = [f"Le bus numéro {n} n'est pas passé ce matin devant l'école." for n in range(10_000)]


class Engine:
    """Counts what it is sent."""

    def __init__(self) -> None:
        self.sent = Counter[str]()

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[Translated | None]:
        """The same words, marked."""
        self.sent.update(texts)
        await asyncio.sleep(0)
        return [Translated(f"[{target}] {text}", "machine:bench") for text in texts]

    async def close(self) -> None:
        """Nothing to give back."""


async def once(database: Database) -> tuple[float, int]:
    """Texts a second from wanted to kept, and how often the engine was sent any of them more than once."""
    now = utcnow() - timedelta(seconds=1)
    for _ in range(3):  # three people say the same
        async with database.begin() as db:
            for start in range(0, len(TEXTS), AT_ONCE):
                await rows.want(
                    db, Wishes().rows([(text, "fr") for text in TEXTS[start : start + AT_ONCE]], now)
                )
    engine = Engine()
    workers = [Interpreter(database, Shelf(), engine, utcnow) for _ in range(2)]

    async def drain(worker: Interpreter) -> None:
        while await worker.translate():
            pass

    begun = time.perf_counter()
    await asyncio.gather(*map(drain, workers))
    took = time.perf_counter() - begun
    if set(engine.sent) != set(TEXTS):
        raise RuntimeError(f"{len(engine.sent)} of {len(TEXTS)} texts were translated")
    return len(TEXTS) / took, sum(count - 1 for count in engine.sent.values())


async def lookups(database: Database, size: int) -> tuple[float, float]:
    """Texts found a second in batches of this size: ours, and by a bare SELECT."""
    memory = Memory(database, utcnow, ids.maker())
    ours, bare = [], []
    batches = [TEXTS[start : start + size] for start in range(0, len(TEXTS), size)]
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for batch in batches:
            if len(await memory.find(batch, "fr", "en")) != len(batch):
                raise RuntimeError("a text that is in the memory was not found")
        ours.append(len(TEXTS) / (time.perf_counter() - begun))
        begun = time.perf_counter()
        for batch in batches:
            async with database.read() as db:
                for start in range(0, len(batch), AT_ONCE):
                    keys = [digest(text) for text in batch[start : start + AT_ONCE]]
                    (
                        await db.execute(
                            select(translations.c.digest, translations.c.text).where(
                                translations.c.digest.in_(keys)
                            )
                        )
                    ).all()
        bare.append(len(TEXTS) / (time.perf_counter() - begun))
    return middle(ours), middle(bare)


async def measure(url: str) -> list[object]:
    database = connect(url)
    rate, twice = await once(database)
    async with database.begin() as db:
        # People's own words are found for nobody else: from here on these are texts of ours.
        await db.execute(update(translations).values(context="survey:bench/q", state="approved"))
    whole, bare = await lookups(database, len(TEXTS))
    few, bare_few = await lookups(database, BATCH)
    await database.close()
    return [rate, twice, whole, whole / bare, few, few / bare_few]


def main() -> None:
    found = []
    for engine in ENGINES:
        with store(engine) as url:
            found.append([engine, *asyncio.run(measure(url))])
    print(f"{len(TEXTS)} texts, each wanted three times, two workers; lookups: median of {ROUNDS} rounds")
    table(
        ["", "translated/s", "sent twice", "found/s at once", "of bare", f"found/s in {BATCH}s", "of bare"],
        found,
    )


if __name__ == "__main__":
    main()
