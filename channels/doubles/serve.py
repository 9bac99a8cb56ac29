"""Serves an ASGI app on the loopback, in the running event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn


class _Guest(uvicorn.Server):
    """A server that does not take over Ctrl-C from the program that it is a part of."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serve(app: Any, port: int = 0) -> AsyncIterator[str]:
    """The address under which ``app`` is being served: ``http://127.0.0.1:<port>``; port 0 takes a free one."""
    server = _Guest(
        uvicorn.Config(
            app, host="127.0.0.1", port=port, log_config=None, log_level="critical", access_log=False,
            ws="none", timeout_graceful_shutdown=1,
        )
    )  # fmt: skip
    serving = asyncio.create_task(server.serve())
    try:
        while not server.started:
            if serving.done():
                await serving
                raise OSError(f"could not serve on port {port}")
            await asyncio.sleep(0.005)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
