"""A worker that dies in the middle of a campaign: ``python campaign_child.py URL MOMENT WORDS TIMES HOUSEHOLDS``.

It kills itself when it has executed a statement with these WORDS so many TIMES, before that transaction is committed;
"handed over" is the moment at which a message is handed to its provider. HOUSEHOLDS are expanded in one transaction.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import datetime
from functools import partial
from typing import Any

from campaign_world import District, district
from sqlalchemy import event

from bot import logs
from bot.outreach import dispatch
from bot.outreach.expansion import expand

SEND = "handed over"


class Death:
    """Comes at the given time that it is told to count."""

    def __init__(self, words: str, times: int) -> None:
        self._words = words
        self._left = times

    def count(self, words: str) -> None:
        if self._words in words:
            self._left -= 1
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)

    def sent(self, _: Any) -> None:
        self.count(SEND)

    def executed(self, connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        self.count(statement)


async def main(url: str, moment: datetime, death: Death) -> None:
    async with district(url, lambda: moment, death.sent, approve_above=1_000_000) as town:
        event.listen(town.app.database.writer.sync_engine, "after_cursor_execute", death.executed)
        await work(town)


async def work(town: District) -> None:
    """Until nothing is due any more, however much there is."""
    before = -1
    while before < len(town.phone.sent):
        before = len(town.phone.sent)
        await town.work()


if __name__ == "__main__":
    logs.configure(quiet=True)
    url, moment, words, times, households = sys.argv[1:]
    dispatch.expand = partial(expand, households=int(households))  # type: ignore[assignment]
    asyncio.run(main(url, datetime.fromisoformat(moment), Death(words, int(times))))
