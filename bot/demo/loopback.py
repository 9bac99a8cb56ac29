"""Real HTTP on this computer only: a port of the system's choice, and a server on it in the loop that is running."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn

HOST = "127.0.0.1"


def listener(port: int = 0) -> socket.socket:
    """A socket on the loopback address; 0 lets the system choose. Raises OSError for a port that is taken."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((HOST, port))
    except OSError:
        made.close()
        raise
    return made


def address(of: socket.socket) -> str:
    """The address of a server on this socket."""
    return f"http://{HOST}:{of.getsockname()[1]}"


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Several servers share this process: Ctrl-C belongs to whoever started them."""
        yield


@asynccontextmanager
async def serving(web: Any, on: socket.socket) -> AsyncIterator[None]:
    """Serve an ASGI app on this socket for the length of the block."""
    settings = uvicorn.Config(
        web,
        log_config=None,
        access_log=False,
        lifespan="off",
        proxy_headers=False,
        timeout_graceful_shutdown=2,
        timeout_keep_alive=120,  # longer than any client keeps one: else both may close and open it at once
    )
    server = _Server(settings)
    task = asyncio.create_task(server.serve(sockets=[on]))
    try:
        while not server.started:
            if task.done():
                task.result()
                raise OSError("the server stopped before it had started")
            await asyncio.sleep(0.005)
        yield
    finally:
        server.should_exit = True
        await task
