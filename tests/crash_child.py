"""The service as the crash test starts and kills it: ``python crash_child.py PART SOCKET``, settings from the environment.

``web`` is the webhooks' door, ``work`` sends and reconciles, ``all`` does both in one process, as on SQLite. It says
"ready" when it is.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from contextlib import AsyncExitStack

from fastapi import FastAPI

from bot import logs
from bot.app import opened
from bot.demo.loopback import serving
from bot.settings import Settings
from bot.web import webhooks
from bot.work import work

LOOK = 0.5
"""Seconds between looks for sends that were cut short: the test has no time to wait as long as the service does."""


async def main(part: str, door: int) -> None:
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(opened(Settings(_env_file=None)))
        doing = []
        if part in ("all", "web"):
            web = FastAPI(openapi_url=None)
            web.include_router(webhooks.router(app))
            await stack.enter_async_context(serving(web, socket.socket(fileno=door)))
            doing.append(asyncio.Event().wait())
        if part in ("all", "work"):
            doing.append(work(app, every=LOOK, coding=False))
        print("ready", flush=True)
        await asyncio.gather(*doing)


if __name__ == "__main__":
    logs.configure(quiet=True)
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
