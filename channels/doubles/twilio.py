"""A stand-in for Twilio: the Messages resource of its REST API, and the webhooks that it signs.

Paths and shapes as in Twilio's OpenAPI description of 2010-04-01; the numbers that fail are those of its test
credentials, https://www.twilio.com/docs/iam/test-credentials#test-sms-messages.
"""

from __future__ import annotations

import base64
import binascii
import operator
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from twilio.request_validator import RequestValidator

from channels.doubles.faults import Background, Cut, Faults, Stall

VERSION = "2010-04-01"

NUMBERS: dict[str, tuple[int, str]] = {
    "+15005550001": (21211, "The 'To' number is not a valid phone number."),
    "+15005550002": (
        21612,
        "The 'To' phone number is not currently reachable using the 'From' phone number.",
    ),
    "+15005550003": (21408, "Permission to send an SMS has not been enabled for the region."),
    "+15005550004": (21610, "Attempt to send to unsubscribed recipient."),
    "+15005550009": (21614, "'To' number is not a valid mobile number."),
}
SENDERS: dict[str, tuple[int, str]] = {
    "+15005550001": (21212, "The 'From' number is not a valid phone number."),
    "+15005550007": (21606, "The 'From' phone number is not a valid, SMS-capable number for your account."),
    "+15005550008": (21611, "This 'From' number has exceeded the maximum number of queued messages."),
}
STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START_WORDS = frozenset({"START", "YES", "UNSTOP"})
COMPARED: dict[str, Callable[[date, date], bool]] = {
    "DateSent": operator.eq,
    "DateSent<": operator.le,
    "DateSent>": operator.ge,
}


@dataclass(slots=True)
class Message:
    """One message that the double has taken. ``at`` is when; ``status`` moves with ``report``."""

    sid: str
    to: str
    from_: str | None
    body: str
    at: datetime
    status_callback: str | None = None
    service: str | None = None
    status: str = "queued"
    error_code: int | None = None
    validity: int | None = None  # seconds that it may wait to be sent


@dataclass(frozen=True, slots=True)
class Rejection:
    """An error as Twilio words it, with its code and HTTP status."""

    code: int
    message: str
    status: int = 400
    headers: Mapping[str, str] = field(default_factory=dict)


Judge = Callable[[Mapping[str, str]], Rejection | None]


def judge(params: Mapping[str, str]) -> Rejection | None:
    """What Twilio's test credentials refuse: bad parameters, and the numbers that always fail."""
    to, sender, body = params.get("To", ""), params.get("From", ""), params.get("Body", "")
    if not to:
        return Rejection(21604, "A 'To' phone number is required.")
    if not sender and not params.get("MessagingServiceSid"):
        return Rejection(21603, "A 'From' phone number is required.")
    if not body:
        return Rejection(21602, "Message body is required.")
    if len(body) > 1600:
        return Rejection(21617, "The concatenated message body exceeds the 1600 character limit.")
    found = NUMBERS.get(to) or SENDERS.get(sender)
    return Rejection(*found) if found else None


class TwilioDouble:
    """An ASGI app. ``messages`` holds what was sent through it; ``deliver`` and ``report`` call our webhooks.

    ``target`` is our public address, without which nothing can be delivered. ``on_message`` is awaited, after the
    response, for each message taken: a family that answers. ``judge`` decides what is refused. ``faults.add("cut")``
    breaks the next send.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        *,
        target: str | None = None,
        number: str = "+16175550100",
        on_message: Callable[[Message], Awaitable[object]] | None = None,
        judge: Judge = judge,
        http: httpx.AsyncClient | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.account_sid = account_sid
        self.target = target
        self.number = number
        self.on_message = on_message
        self.judge = judge
        self.messages: list[Message] = []
        self.opted_out: set[str] = set()
        self.faults = Faults()
        self.background = Background()
        self._by_sid: dict[str, Message] = {}
        self._token = auth_token
        self._validator = RequestValidator(auth_token)
        self._http = http
        self._now = now
        base = f"/{VERSION}/Accounts/{{account}}/Messages"
        self._app = Starlette(
            routes=[
                Route(f"{base}.json", self._create, methods=["POST"]),
                Route(f"{base}.json", self._list, methods=["GET"]),
                Route(f"{base}/{{sid}}.json", self._fetch, methods=["GET"]),
            ]
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    async def deliver(self, from_: str, body: str, **more: str) -> httpx.Response:
        """A person texts our number: call ``/in/sms`` as Twilio does. ``more`` are further parameters.

        STOP and START do at the provider what they do at Twilio: what is sent to the number from then on is refused
        with 21610, or no longer.
        """
        word = body.strip().upper()
        if word in STOP_WORDS:
            self.opted_out.add(from_)
        elif word in START_WORDS:
            self.opted_out.discard(from_)
        sid = _sid("SM")
        params = {
            "ToCountry": "US", "ToState": "MA", "SmsMessageSid": sid, "NumMedia": "0", "ToCity": "", "FromZip": "",
            "SmsSid": sid, "FromState": "MA", "SmsStatus": "received", "FromCity": "", "Body": body,
            "FromCountry": "US", "To": self.number, "ToZip": "", "NumSegments": "1", "MessageSid": sid,
            "AccountSid": self.account_sid, "From": from_, "ApiVersion": VERSION,
        } | more  # fmt: skip
        return await self._post(f"{self._address()}/in/sms", params)

    async def report(self, sid: str, status: str, error_code: int | None = None) -> httpx.Response | None:
        """A message has come to ``status``: call the address that was given with it, if there was one."""
        message = self._by_sid[sid]
        message.status, message.error_code = status, error_code
        if not message.status_callback:
            return None
        params = {
            "SmsSid": sid, "SmsStatus": status, "MessageStatus": status, "To": message.to, "MessageSid": sid,
            "AccountSid": self.account_sid, "From": message.from_ or self.number, "ApiVersion": VERSION,
        }  # fmt: skip
        if error_code is not None:
            params["ErrorCode"] = str(error_code)
        return await self._post(message.status_callback, params)

    def sign(self, url: str, params: Mapping[str, str]) -> str:
        """The X-Twilio-Signature of a form call."""
        return str(self._validator.compute_signature(url, params))

    async def close(self) -> None:
        """Give up hooks that are still under way, and connections."""
        await self.background.stop()
        if self._http is not None:
            await self._http.aclose()

    async def _post(self, url: str, params: Mapping[str, str]) -> httpx.Response:
        if self._http is None:
            self._http = httpx.AsyncClient(timeout=15)  # Twilio's own: 15 s in all, then error 11205
        headers = {
            "X-Twilio-Signature": self.sign(url, params),
            "I-Twilio-Idempotency-Token": secrets.token_hex(16),
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        }
        return await self._http.post(url, content=urlencode(params), headers=headers)

    def _address(self) -> str:
        if self.target is None:
            raise ValueError("the double has no target to deliver to")
        return self.target.rstrip("/")

    async def _create(self, request: Request) -> ASGIApp:
        if not self._allowed(request):
            return _refuse(Rejection(20003, "Authenticate", 401))
        fault = self.faults.take()
        if fault == "500":
            return _refuse(Rejection(20500, "An internal server error has occurred", 500))
        if fault == "429":
            return _refuse(Rejection(20429, "Too Many Requests", 429))
        params = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        rejection = self.judge(params)
        if rejection is None and params["To"] in self.opted_out:
            rejection = Rejection(*NUMBERS["+15005550004"])
        if rejection is not None:
            return _refuse(rejection)
        message = Message(
            _sid("SM"), params["To"], params.get("From"), params["Body"], self._now(),
            params.get("StatusCallback"), params.get("MessagingServiceSid"),
            validity=int(params["ValidityPeriod"]) if "ValidityPeriod" in params else None,
        )  # fmt: skip
        self.messages.append(message)
        self._by_sid[message.sid] = message
        if self.on_message is not None:
            self.background.start(_run(self.on_message, message))
        match fault:
            case "cut":
                return Cut()
            case "stall":
                return Stall()
            case "garbage":
                return JSONResponse(["not", "a", "message"], 201)
            case _:
                return JSONResponse(self._shown(message), 201)

    async def _list(self, request: Request) -> ASGIApp:
        if not self._allowed(request):
            return _refuse(Rejection(20003, "Authenticate", 401))
        query = request.query_params
        try:
            size, page = min(int(query.get("PageSize", 50)), 1000), int(query.get("Page", 0))
            kept = [message for message in reversed(self.messages) if _kept(message, query)]
        except ValueError:
            return _refuse(Rejection(20001, "Invalid parameter"))
        start = page * size
        shown = kept[start : start + size]

        def address(number: int) -> str:
            rest = [
                (name, value)
                for name, value in query.multi_items()
                if name not in {"Page", "PageSize", "PageToken"}
            ]
            token = [("PageToken", f"PA{shown[-1].sid}")] if number and shown else []
            return f"{request.url.path}?{urlencode([*rest, ('PageSize', size), ('Page', number), *token])}"

        return JSONResponse(
            {
                "messages": [self._shown(message) for message in shown],
                "page": page,
                "page_size": size,
                "start": start,
                "end": start + max(len(shown) - 1, 0),
                "uri": address(page),
                "first_page_uri": address(0),
                "next_page_uri": address(page + 1) if start + size < len(kept) else None,
                "previous_page_uri": address(page - 1) if page else None,
            }
        )

    async def _fetch(self, request: Request) -> ASGIApp:
        if not self._allowed(request):
            return _refuse(Rejection(20003, "Authenticate", 401))
        message = self._by_sid.get(request.path_params["sid"])
        if message is None:
            return _refuse(Rejection(20404, f"The requested resource {request.url.path} was not found", 404))
        return JSONResponse(self._shown(message))

    def _allowed(self, request: Request) -> bool:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        try:
            user, _, password = base64.b64decode(given, validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            return False
        return (
            scheme.lower() == "basic"
            and secrets.compare_digest(user.encode(), self.account_sid.encode())
            and secrets.compare_digest(password.encode(), self._token.encode())
            and request.path_params["account"] == self.account_sid
        )

    def _shown(self, message: Message) -> dict[str, Any]:
        """The resource as Twilio shows it: dates in RFC 2822, counts as text."""
        uri = f"/{VERSION}/Accounts/{self.account_sid}/Messages/{message.sid}"
        at = format_datetime(message.at)
        return {
            "account_sid": self.account_sid, "api_version": VERSION, "body": message.body, "date_created": at,
            "date_sent": None if message.status == "queued" else at, "date_updated": at,
            "direction": "outbound-api", "error_code": message.error_code, "error_message": None,
            "from": message.from_, "messaging_service_sid": message.service, "num_media": "0", "num_segments": "1",
            "price": None, "price_unit": "USD", "sid": message.sid, "status": message.status,
            "subresource_uris": {"media": f"{uri}/Media.json"}, "to": message.to, "uri": f"{uri}.json",
        }  # fmt: skip


def _kept(message: Message, query: Mapping[str, str]) -> bool:
    """Whether the list's filters let a message through. A queued one has no date sent, so no date filter does."""
    if query.get("To", message.to) != message.to or query.get("From", message.from_) != message.from_:
        return False
    sent = None if message.status == "queued" else message.at.date()
    bounds = {name: date.fromisoformat(query[name][:10]) for name in COMPARED if name in query}
    return all(sent is not None and COMPARED[name](sent, day) for name, day in bounds.items())


def _refuse(rejection: Rejection) -> JSONResponse:
    return JSONResponse(
        {
            "code": rejection.code,
            "message": rejection.message,
            "more_info": f"https://www.twilio.com/docs/errors/{rejection.code}",
            "status": rejection.status,
        },
        rejection.status,
        dict(rejection.headers),
    )


def _sid(prefix: str) -> str:
    return prefix + secrets.token_hex(16)


async def _run(hook: Callable[[Message], Awaitable[object]], message: Message) -> None:
    await hook(message)
