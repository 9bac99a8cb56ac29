"""Pages that keep themselves up to date: a stream of server-sent events that htmx puts in the place of what was there.

In a template: ``<div id="progress" hx-sse:connect="/campaigns/thanks/live" hx-swap="innerHTML">…</div>``, with the same part of
the page inside that the stream sends. Without scripts it is simply as of when it was loaded, and says so.

All streams share one look at whether anything was written (store/pulse.py); only then each makes its part anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from fastapi import HTTPException, Request
from fastapi.responses import StreamingResponse

from .. import staff
from .needs import Needs

EVERY = 2.0
LONGEST = 15 * 60.0
"""Seconds after which the browser has to connect anew."""
QUIET = 20.0
"""Seconds of nothing new after which a comment is sent, so that no proxy takes the line for dead."""
ANYWAY = 20.0
"""Seconds after which a part is made anew though nothing was written: some say how long ago a thing was."""


def stream(
    needs: Needs,
    request: Request,
    part: Callable[[], Awaitable[str]],
    *,
    token: str,
    every: float = EVERY,
    stored: bool = True,
) -> StreamingResponse:
    """Send what ``part`` renders whenever it has changed, looked at every so many seconds.

    ``token`` is the session's cookie: when the session ends, so does the stream; and when its owner's roles are others.
    ``stored``: all that is shown comes from the store, so there is nothing new where nothing was written.
    """

    async def allowed() -> bool:
        async with needs.database.read() as db:
            found = await staff.session(db, needs.clock(), token)
        return found is not None and found.grants == request.state.session.grants

    async def events() -> AsyncIterator[str]:
        last, seen, quiet, old = None, None, 0.0, 0.0
        for turn in range(round(LONGEST / every)):
            mark = await needs.database.pulse.mark()  # before what is read: nothing falls between
            changed = turn == 0 or mark != seen or old >= ANYWAY
            seen = mark
            if turn and changed and not await allowed():
                return
            if changed or not stored:
                try:
                    text, old = await part(), 0.0 if changed else old
                except HTTPException:  # what it shows is out of their reach by now, or gone
                    return
                if text != last:
                    last, quiet = text, 0.0
                    yield event(text)
            if quiet >= QUIET:
                quiet = 0.0
                yield ": still here\n\n"
            await asyncio.sleep(every)
            quiet, old = quiet + every, old + every
            if await request.is_disconnected():
                return

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(events(), media_type="text/event-stream", headers=headers)


def event(text: str) -> str:
    r"""One unnamed event, which is what htmx puts into the page.

    >>> event("<p>\n1</p>")
    'data: <p>\ndata: 1</p>\n\n'
    """
    return "".join(f"data: {line}\n" for line in text.splitlines() or [""]) + "\n"
