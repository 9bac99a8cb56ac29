"""Who may come in. Everything needs a sign-in unless it stands in OPEN: a new route is closed until named here.

A request that changes something must come from our own pages (Origin or Sec-Fetch-Site) and carry the token of its
session; before sign-in, the token that belongs to the form's cookie. Webhooks prove themselves by signature instead,
and programs by a token in the header of each request (``api/door.py``): no browser sends that by itself, so no other
site can make it.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlsplit

from fastapi import HTTPException, Request, Response
from starlette.formparsers import MultiPartException
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .. import staff
from ..store.staff import Session
from . import allow, times
from .api.door import Door
from .api.problems import Trouble
from .badges import Badges
from .needs import Needs
from .tongue import to_say
from .typed import Typed

OPEN = frozenset({"/signin", "/healthz", "/protecting-families"})
OPEN_UNDER = ("/signin/", "/static/", "/in/")
WEBHOOKS = "/in/"
API = "/api/"
PLAIN = ("/static/", "/healthz")
"""Open, and without anybody's name: no session is looked up."""
SAFE = frozenset({"GET", "HEAD"})
LARGEST_FORM = 1_000_000
LARGEST_UPLOAD = 20_000_000
MOST_FIELDS = 20_000
"""Of one form: a translator's file may come back with thousands of rows, each with a box to tick."""
UPLOADS = ("/people/import", "/surveys/import", "/codebooks/import", "/translations/import", "/calendar")
"""Under these addresses a form may bring a file."""
LIVE = "/live"
"""How the address of a page that keeps itself up to date ends: that nobody may leave a screen on and stay signed in."""

Refuse = Callable[[Request, int, str], Response]
"""Makes the page that says no: request, status, what to do about it."""


def is_open(path: str) -> bool:
    """Whether a path may be seen without signing in."""
    return path in OPEN or path.startswith(OPEN_UNDER)


class Cookies:
    """The cookies: the session's, the one that ties a form to a browser that has no session yet, and two that live for some
    minutes: between the two steps of a sign-in, and while somebody is at a provider of single sign-on."""

    def __init__(self, secure: bool, key: bytes) -> None:
        # A browser takes a __Host- cookie only from this very host, over TLS.
        prefix = "__Host-" if secure else ""
        self.session = f"{prefix}openline"
        self.form = f"{prefix}openline_form"
        self.second = f"{prefix}openline_second"
        self.away = f"{prefix}openline_away"
        self.secure = secure
        self.key = key

    def set(self, response: Response, name: str, value: str, seconds: int | None = None) -> None:
        response.set_cookie(
            name, value, max_age=seconds, path="/", secure=self.secure, httponly=True, samesite="lax"
        )

    def drop(self, response: Response, name: str) -> None:
        response.delete_cookie(name, path="/", secure=self.secure, httponly=True, samesite="lax")

    def form_token(self, nonce: str) -> str:
        """What a form has to carry beside the cookie with this nonce."""
        return hmac.new(self.key, b"form:" + nonce.encode(), "sha256").hexdigest()

    def form_fits(self, request: Request, token: str) -> bool:
        nonce = request.cookies.get(self.form, "")
        return bool(nonce) and staff.same(self.form_token(nonce), token)

    @staticmethod
    def new_nonce() -> str:
        return secrets.token_urlsafe(24)


def from_our_page(request: Request, public_url: str) -> bool:
    """Whether a browser says that this request was made by our own page. A request that does not say is not."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return site == "same-origin"
    # The host is compared, not the scheme: behind a proxy that ends TLS we see http where the browser sees https.
    return urlsplit(origin).netloc in (urlsplit(public_url).netloc, request.headers.get("host"))


class Guard:
    """Stands before every route. Puts ``session`` (or None) into the request's state; under /api/, ``bearer``."""

    def __init__(
        self, inner: ASGIApp, needs: Needs, cookies: Cookies, refuse: Refuse, badges: Badges, typed: Typed
    ) -> None:
        self.inner = inner
        self.needs = needs
        self.cookies = cookies
        self.refuse = refuse
        self.badges = badges
        self.typed = typed
        self.door = Door(needs)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.inner(scope, receive, send)
        if scope["type"] != "http":
            return await send({"type": "websocket.close", "code": 1008})
        path: str = scope["path"]
        scope.setdefault("state", {})["session"] = None
        if path.startswith(WEBHOOKS):
            return await self.inner(scope, receive, send)
        if path.startswith(API):
            return await self.by_token(scope, receive, send)

        request = Request(scope, receive)
        changes = request.method not in SAFE
        if changes and not from_our_page(request, self.needs.settings.public_url):
            response = self.refuse(request, 403, to_say("Open the page here and send the form again."))
            return await response(scope, receive, send)
        session = None if path.startswith(PLAIN) else await self.session(request)
        scope["state"]["session"] = session
        if session is None and not is_open(path):
            answer = await self.typed_before(request, receive) if changes else None
            return await (answer or self.to_sign_in(request))(scope, receive, send)
        if session is not None:
            times.read_in(session.timezone or self.needs.settings.timezone)
            if not is_open(path) and not allow.allowed(session.grants, path, changes=changes):
                status = 404 if allow.rule(path) is None else 403
                return await self.refuse(request, status, "")(scope, receive, send)
            if not path.endswith(LIVE):
                scope["state"]["badges"] = await self.badges(session)
        if changes:
            body = await read(receive, LARGEST_UPLOAD if path.startswith(UPLOADS) else LARGEST_FORM)
            if body is None:
                response = self.refuse(request, 413, to_say("It is larger than a form can be."))
                return await response(scope, receive, send)
            receive = again(body, receive)
            if not await self.carries_token(Request(scope, again(body, receive)), session):
                if session is not None and not is_open(path):
                    kept = await self.typed.give_back(Request(scope, again(body, receive)), session)
                    if kept is not None:
                        return await kept(scope, receive, send)
                text = to_say(
                    "The page was open for too long, or the browser keeps no cookies. Load it again."
                )
                return await self.refuse(request, 403, text)(scope, receive, send)
        return await self.inner(scope, receive, send)

    async def by_token(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Neither cookies nor forms count here, and no body is read: uploads are larger than forms.
        scope["state"]["bearer"] = None
        try:
            scope["state"]["bearer"] = await self.door.let_in(Request(scope))
        except Trouble as trouble:
            return await trouble.response()(scope, receive, send)
        return await self.inner(scope, receive, send)

    async def session(self, request: Request) -> Session | None:
        token = request.cookies.get(self.cookies.session)
        if not token:
            return None
        now = self.needs.clock()
        async with self.needs.database.read() as db:
            found = await staff.session(db, now, token)
        if found and not request.url.path.endswith(LIVE) and staff.due_for_touch(found, now):
            async with self.needs.database.begin() as db:
                await staff.touch(db, now, found)
        return found

    async def typed_before(self, request: Request, receive: Receive) -> Response | None:
        """What was typed while the session ended, given back."""
        body = await read(receive)
        if body is None:
            return None
        return await self.typed.give_back(Request(request.scope, again(body, receive)), None)

    def to_sign_in(self, request: Request) -> Response:
        if request.url.path.endswith(LIVE):
            # A stream whose session has ended: led on to a page that is there, a browser would ask again twice a second.
            return Response(status_code=401)
        if request.method != "GET" or request.url.path == "/":
            return RedirectResponse("/signin", 303)
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/signin?onward={quote(request.url.path + query, safe='/')}", 303)

    async def carries_token(self, request: Request, session: Session | None) -> bool:
        try:
            # How large it may be as a whole was looked at already: one field of it may be as large.
            async with request.form(max_fields=MOST_FIELDS, max_part_size=LARGEST_UPLOAD) as form:
                token = form.get("csrf")
        except (HTTPException, MultiPartException):
            return False
        if not isinstance(token, str):
            return False
        # A sign-in form was made before there was a session, even when there is one by now.
        if session is None or is_open(request.url.path):
            return self.cookies.form_fits(request, token)
        return staff.same(session.csrf, token)


async def read(receive: Receive, largest: int = LARGEST_FORM) -> bytes | None:
    """The whole body; None when it has more than ``largest`` bytes or the browser has gone."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if len(body) > largest:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def again(body: bytes, receive: Receive) -> Callable[[], Awaitable[Message]]:
    """A ``receive`` that gives a body that was read already, and then what comes after it."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def safe_next(asked: str) -> str:
    """Where to go after sign-in: a path on this server, or the first page.

    >>> safe_next("/findings/fall?theme=health"), safe_next("//evil.example"), safe_next("https://evil.example")
    ('/findings/fall?theme=health', '/', '/')
    """
    plain = asked.isprintable() and asked.startswith("/") and not asked.startswith("//") and "\\" not in asked
    return asked if plain else "/"
