"""A circuit breaker: an engine that has failed some times in a row is left alone for a while, so that it costs nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from .base import Engine, Failed, Translated


class Breaker:
    """An engine, asked only while it works.

    After ``failures`` in a row it is not asked for ``rest`` seconds, each time twice as long, up to ``longest``. Then one
    call tries it, and while that is under way the others still fail at once. Whatever an engine raises becomes Failed: an
    error's own text may hold people's words. Safe to share between tasks and threads.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        failures: int = 3,
        rest: float = 30.0,
        longest: float = 900.0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._most = failures
        self._rest = rest
        self._longest = longest
        self._now = now
        self._lock = threading.Lock()
        self._failed = 0
        self._until = float("-inf")
        self._trying = False

    @property
    def name(self) -> str:
        """The engine's."""
        return self._engine.name

    @property
    def ours(self) -> bool:
        """The engine's."""
        return self._engine.ours

    async def has(self, source: str, target: str) -> bool:
        """As the engine has. Raises Failed."""
        return await self._engine.has(source, target)

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[Translated | None]:
        """What the engine has. Raises Failed, at once while the engine rests."""
        trial = self._enter()
        try:
            found = await self._engine.translate(texts, source, target)
            if len(found) != len(texts):
                raise Failed(f"{self.name}: not one translation for each text")
        except Failed:
            self._bad(trial)
            raise
        except Exception as error:
            self._bad(trial)
            raise Failed(f"{self.name}: {type(error).__name__}") from None
        except BaseException:  # called off: nobody knows how it would have ended
            with self._lock:
                self._trying = self._trying and not trial
            raise
        with self._lock:
            self._failed = 0
            self._trying = self._trying and not trial
        return found

    def _enter(self) -> bool:
        """Whether this call is the one that tries. Raises Failed where it may not go on."""
        with self._lock:
            if self._failed < self._most:
                return False
            if self._trying or self._now() < self._until:
                raise Failed(f"{self.name}: resting after {self._failed} failures")
            self._trying = True
            return True

    def _bad(self, trial: bool) -> None:
        with self._lock:
            self._failed += 1
            self._trying = self._trying and not trial
            if self._failed >= self._most:
                again = min(self._failed - self._most, 30)
                self._until = self._now() + min(self._rest * 2**again, self._longest)

    async def close(self) -> None:
        """Close the engine."""
        await self._engine.close()
