"""Slows down guessing. Counts in the memory of this process: N processes allow N times as many tries."""

from __future__ import annotations

import hashlib
from collections import OrderedDict, deque
from datetime import datetime, timedelta


class Throttle:
    """At most ``limit`` tries by one key in any ``window``. Remembers the last ``size`` keys, as digests."""

    def __init__(self, limit: int, window: timedelta, size: int = 10_000) -> None:
        self.limit = limit
        self.window = window
        self.size = size
        self._tries: OrderedDict[bytes, deque[datetime]] = OrderedDict()

    def allow(self, key: str, now: datetime) -> bool:
        """Count this try and say whether it may go ahead.

        It is counted before it is known how it ends, so that a hundred tries at once are a hundred tries.
        """
        tries = self._tries.setdefault(self._digest(key), deque(maxlen=self.limit))
        self._tries.move_to_end(self._digest(key))
        while len(self._tries) > self.size:
            self._tries.popitem(last=False)
        while tries and now - tries[0] >= self.window:
            tries.popleft()
        if len(tries) == self.limit:
            return False
        tries.append(now)
        return True

    def spent(self, key: str, now: datetime) -> bool:
        """Whether this key has had all its tries, without counting one."""
        tries = self._tries.get(self._digest(key), deque())
        return sum(now - each < self.window for each in tries) >= self.limit

    def forget(self, key: str) -> None:
        """Start anew for this key: its owner got in."""
        self._tries.pop(self._digest(key), None)

    @staticmethod
    def _digest(key: str) -> bytes:
        return hashlib.sha256(key.encode()).digest()
