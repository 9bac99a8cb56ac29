"""Engines that are servers: pairs asked for now and then, texts sent in batches, all within one deadline."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence

from . import tags
from .base import Failed, Pair, Translated
from .pieces import Parcel
from .wire import Indigestible, Wire


class Served(ABC):
    """What such engines share. One is a name, how it calls languages, its limits, and two questions to its server."""

    name: str
    origin: str
    special: Mapping[str, tuple[str, ...]] = {}
    texts: int
    """How many a request may hold."""
    characters: int
    """How many a request may hold, and so the most of one text."""

    def __init__(
        self,
        wire: Wire,
        *,
        ours: bool,
        deadline: float,
        fresh: float,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wire = wire
        self._ours = ours
        self._deadline = deadline
        self._fresh = fresh
        self._now = now
        self._pairs: frozenset[Pair] = frozenset()
        self._asked_at = float("-inf")

    @property
    def ours(self) -> bool:
        """Whether the server is the operator's own."""
        return self._ours

    @abstractmethod
    async def _ask_pairs(self) -> frozenset[Pair]:
        """The pairs that the server has. Raises Failed, TypeError, ValueError or KeyError."""

    @abstractmethod
    async def _ask(self, texts: Sequence[str], pair: Pair, attempts: int) -> Sequence[object]:
        """One result for each text. Raises as above."""

    async def has(self, source: str, target: str) -> bool:
        """Whether the server has the pair. Raises Failed."""
        try:
            async with asyncio.timeout(self._deadline):
                return tags.known(source, target, await self.pairs(), self.special) is not None
        except TimeoutError:
            raise Failed(f"{self.name}: too slow") from None

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[Translated | None]:
        """None for all where the server has not got the pair, and for what has no words. Raises Failed, with what was
        translated before."""
        parcel = Parcel(texts, self.characters)
        done: dict[str, str] = {}
        if not parcel.pieces:
            return parcel.opened(done, self.origin)
        try:
            async with asyncio.timeout(self._deadline):
                pair = tags.known(source, target, await self.pairs(), self.special)
                if pair is None:
                    return [None] * len(texts)
                for batch in parcel.batches(self.texts, self.characters):
                    await self._send(batch, pair, done)
        except Failed as failed:
            raise Failed(f"{self.name}: {failed}", parcel.opened(done, self.origin)) from None
        except TimeoutError:
            raise Failed(f"{self.name}: too slow", parcel.opened(done, self.origin)) from None
        return parcel.opened(done, self.origin)

    async def _send(self, batch: list[str], pair: Pair, done: dict[str, str]) -> None:
        """Fill ``done``. A text that the server cannot take must not keep the others waiting: halves, and halves of those, are
        sent until it stands alone; it is left out. Two such and nothing done is a server that takes nothing."""
        waiting, alone, before = [batch], 0, len(done)
        while waiting:
            part = waiting.pop()
            try:
                done.update(await self._once(part, pair, 3 if part is batch else 1))
            except Indigestible:
                half = len(part) // 2
                waiting += [part[half:], part[:half]] if half else []
                alone += not half
                if len(done) == before and (alone == 2 or not waiting):
                    raise

    async def _once(self, texts: list[str], pair: Pair, attempts: int) -> dict[str, str]:
        try:
            found = await self._ask(texts, pair, attempts)
            if not isinstance(found, list) or len(found) != len(texts):
                raise Failed("not one translation for each text")
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise Failed(f"an answer of another form ({type(error).__name__})") from None
        return {text: new for text, new in zip(texts, found, strict=True) if isinstance(new, str)}

    async def pairs(self) -> frozenset[Pair]:
        """The pairs that the server has, not older than some minutes; older ones where it does not say now. Raises Failed."""
        if self._now() - self._asked_at < self._fresh and self._pairs:
            return self._pairs
        try:
            self._pairs = await self._ask_pairs()
            self._asked_at = self._now()
        except (Failed, TypeError, ValueError, KeyError, AttributeError) as error:
            if not self._pairs:
                why = str(error) if isinstance(error, Failed) else type(error).__name__
                raise Failed(f"no list of languages ({why})") from None
        return self._pairs

    async def close(self) -> None:
        """Give back connections."""
        await self._wire.close()
