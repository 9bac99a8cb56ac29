"""The providers' door: check, store, then acknowledge. What is not surely from the provider is refused."""

from __future__ import annotations

import structlog
from fastapi import APIRouter, Response
from fastapi import Request as HttpRequest

from channels.base import Channel, Receipt, Received, Refused, Request

from ..app import App

log = structlog.get_logger(__name__)

LARGEST = 256 * 1024
"""Bytes of a body that are read at all; each channel has a tighter limit of its own."""
LONGEST = 200
"""Characters of an address, or of a provider's id of a message, that the store has room for."""


def router(app: App) -> APIRouter:
    """One address for each channel's messages and receipts; a channel that is not set up has none (404)."""
    made = APIRouter(prefix="/in")
    for path, name in (("/sms", "sms"), ("/sms/status", "sms"), ("/telegram", "telegram")):
        if name in app.channels:
            made.add_api_route(path, _door(app, app.channels[name]), methods=["POST"], name=path)
    return made


def _door(app: App, channel: Channel):  # type: ignore[no-untyped-def]  # FastAPI reads the inner signature
    async def hear(request: HttpRequest) -> Response:
        try:
            heard = await channel.hear(await _read(request, app.settings.public_url))
            if not all(_fits(event) for event in heard.events):
                raise Refused(422, "an id or address longer than any of the provider's")
        except Refused as refused:
            log.warning("webhook refused", channel=channel.name, status=refused.status, why=str(refused))
            return Response(status_code=refused.status)
        # Commit before the response: a provider that has its 2xx never sends the message again.
        await app.inbox.hear(heard.events)
        return Response(heard.body, heard.status, media_type=heard.media_type)

    return hear


def _fits(event: Received | Receipt) -> bool:
    """Whether the store can hold it. What never can must not look like a failure of ours, to be delivered again."""
    address = event.sender if isinstance(event, Received) else ""
    return max(len(event.provider_id), len(address)) <= LONGEST


async def _read(request: HttpRequest, public_url: str) -> Request:
    """The call as the provider made it: a proxy may have changed scheme, host and port, so those come from settings."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise Refused(413, "the body is too large")
    query = request.url.query
    return Request(
        request.method,
        f"{public_url}{request.url.path}" + (f"?{query}" if query else ""),
        {name.lower(): value for name, value in request.headers.items()},
        bytes(body),
    )
