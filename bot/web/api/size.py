"""Reads no more of a request than it may have, also of one that does not say how long it is."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...spreadsheets import LARGEST

USUAL = 1_000_000
UPLOAD = LARGEST + 100_000
"""The file, and what a form puts round it."""
UPLOADS = ("/people/imports", "/absences/imports")


class Size:
    """Stands before the routes: 413 as soon as a body is known to be too large."""

    def __init__(self, inner: ASGIApp) -> None:
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.inner(scope, receive, send)
        left = UPLOAD if scope["path"].endswith(UPLOADS) else USUAL

        async def counted() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise HTTPException(413)
            return message

        return await self.inner(scope, counted, send)
