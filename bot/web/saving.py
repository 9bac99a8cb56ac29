"""After a request that may have saved something, audiences are counted anew."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..app import App
from .guard import SAFE, WEBHOOKS

ONLY_LOOKS = "/look"
"""How the addresses end to which a form that is being written is sent, to show what it comes to."""


class Saving:
    """Stands behind the guard. Has what was counted forgotten after each request that may have changed something, of staff or programs.

    Not after what families write: it arrives all day, and what was counted is kept for some seconds only.
    """

    def __init__(self, inner: ASGIApp, app: App) -> None:
        self.inner = inner
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE:
            return await self.inner(scope, receive, send)
        path: str = scope["path"]
        if path.startswith(WEBHOOKS) or path.endswith(ONLY_LOOKS):
            return await self.inner(scope, receive, send)

        async def heard(message: Message) -> None:
            if (
                message["type"] == "http.response.start"
            ):  # whoever follows the answer at once sees the present
                self.app.lately.forget()
            await send(message)

        try:
            await self.inner(scope, receive, heard)
        finally:
            self.app.lately.forget()
        return None
