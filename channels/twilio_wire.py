"""Calls to Twilio's REST API, and what is to be made of their failing."""

from __future__ import annotations

import base64
from datetime import timedelta

import aiohttp
from twilio.base.exceptions import TwilioException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response

from channels.base import SendFailed
from channels.twilio_codes import failure, number


def failed(error: Exception) -> SendFailed:
    """What an exception of the client means, in our words and none of its own."""
    if isinstance(error, TwilioException):
        status = getattr(error, "status", None)
        return failure(number(str(getattr(error, "code", ""))), status)
    # Nothing was sent where no connection came about.
    if isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)):
        return SendFailed("the provider could not be reached", "retry", after=timedelta(seconds=30))
    # The kind of error is no one's words: with it, a fault of our own does not pass for one of the network.
    return SendFailed("the connection to the provider broke", "unknown", code=type(error).__name__)


def _basic(auth: tuple[str, str] | None) -> dict[str, str]:
    if auth is None:
        return {}
    return {"Authorization": "Basic " + base64.b64encode(":".join(auth).encode()).decode()}


class Wire(AsyncHttpClient):  # type: ignore[misc]
    """Twilio's calls over aiohttp.

    The library's own client logs numbers at INFO, needs a running loop to be built, and passes ``timeout=None`` on
    every call, which for aiohttp means to wait for ever.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(logger=None, is_async=True)
        self._limits = aiohttp.ClientTimeout(total=seconds, sock_connect=min(5.0, seconds))
        self._session: aiohttp.ClientSession | None = None

    async def request(
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
        allow_redirects: bool = False,
    ) -> Response:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._limits)
        async with self._session.request(
            method,
            uri,
            params=params,  # type: ignore[arg-type]
            data=data,
            headers={**(headers or {}), **_basic(auth)},
            allow_redirects=allow_redirects,
        ) as response:
            return Response(response.status, await response.text(), response.headers)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None
