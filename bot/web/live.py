"""Pages that keep themselves up to date: a stream of server-sent events that htmx puts in the place of what was there.

In a template: ``<div id="progress" hx-sse:connect="/campaigns/thanks/live" hx-swap="innerHTML">…</div>``, with the same part of
the page inside that the stream sends. Without scripts it is simply as of when it was loaded, and says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from fastapi import Request
from fastapi.responses import StreamingResponse

from .. import staff
from .needs import Needs

EVERY = 2.0
LONGEST = 15 * 60.0
"""Seconds after which the browser has to connect anew."""
QUIET = 20.0
"""Seconds of nothing new after which a comment is sent, so that no proxy takes the line for dead."""


def stream(
    needs: Needs, request: Request, part: Callable[[], Awaitable[str]], *, token: str, every: float = EVERY
) -> StreamingResponse:
    """Send what ``part`` renders whenever it has changed, looked at every so many seconds.

    ``token`` is the session's cookie: when the session ends, so does the stream; and when its owner's roles are others.
    """

    async def alive() -> bool:
        if await request.is_disconnected():
            return False
        async with needs.database.read() as db:
            found = await staff.session(db, needs.clock(), token)
        return found is not None and found.grants == request.state.session.grants

    async def events() -> AsyncIterator[str]:
        last, quiet = None, 0.0
        for _ in range(round(LONGEST / every)):
            text = await part()
            if text != last:
                last, quiet = text, 0.0
                yield event(text)
            elif quiet >= QUIET:
                quiet = 0.0
                yield ": still here\n\n"
            await asyncio.sleep(every)
            quiet += every
            if not await alive():
                return

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(events(), media_type="text/event-stream", headers=headers)


def event(text: str) -> str:
    r"""One unnamed event, which is what htmx puts into the page.

    >>> event("<p>\n1</p>")
    'data: <p>\ndata: 1</p>\n\n'
    """
    return "".join(f"data: {line}\n" for line in text.splitlines() or [""]) + "\n"
