"""The headers that every answer carries: what a page may load, who may frame it, who may keep it."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
"""Scripts come from our own files only, and none is written into a page: what somebody says can never become one.
All pages are links, forms and ``details``; scripts make them quicker."""

ALWAYS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Not "no-referrer": with it a browser sends "Origin: null" with our own forms, and the guard could not tell.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class Headers:
    """Adds them to what comes out, and ``no-store`` to all that does not say how long it keeps."""

    def __init__(self, inner: ASGIApp, secure: bool) -> None:
        self.inner = inner
        self.secure = secure

    def dress(self, headers: MutableHeaders) -> None:
        for name, value in ALWAYS.items():
            headers.setdefault(name, value)
        headers.setdefault("Cache-Control", "no-store")
        if self.secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.dress(MutableHeaders(scope=message))
            await send(message)

        await self.inner(scope, receive, dressed if scope["type"] == "http" else send)
