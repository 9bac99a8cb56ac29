"""Providers that deliver some people's messages twice at once, as both do when an acknowledgement gets lost."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections.abc import Collection, Mapping
from typing import Any

import httpx

from channels.doubles.telegram import TelegramDouble
from channels.doubles.twilio import TwilioDouble


class NotTaken(RuntimeError):  # noqa: N818
    """A webhook call was refused or failed. Says the status, and nobody's words."""


class StutteringTwilio(TwilioDouble):
    """``twice`` holds the numbers whose messages come double; ``repeated`` counts the needless deliveries."""

    twice: Collection[str] = ()
    repeated = 0

    def __init__(self, account_sid: str, auth_token: str, **more: Any) -> None:
        super().__init__(account_sid, auth_token, http=_client(), **more)

    async def deliver(self, from_: str, body: str, **more: str) -> httpx.Response:
        """See TwilioDouble. Raises NotTaken unless it is acknowledged."""
        sid = f"SM{secrets.token_hex(16)}"
        same = {"MessageSid": sid, "SmsSid": sid, "SmsMessageSid": sid} | more
        times = 2 if from_ in self.twice else 1
        taken = await asyncio.gather(
            *(super(StutteringTwilio, self).deliver(from_, body, **same) for _ in range(times))
        )
        self.repeated += times - 1
        return _good(taken)


class StutteringTelegram(TelegramDouble):
    """``twice`` holds the chats whose updates come double; ``repeated`` counts the needless deliveries."""

    twice: Collection[int] = ()
    repeated = 0

    def __init__(self, token: str, **more: Any) -> None:
        super().__init__(token, http=_client(), **more)
        self._own = itertools.count(500_000_001)

    async def deliver(self, update: Mapping[str, Any]) -> httpx.Response | None:
        """See TelegramDouble. Raises NotTaken unless it is acknowledged."""
        same = {"update_id": next(self._own)} | dict(update)
        message = update.get("message") or update.get("callback_query", {}).get("message", {})
        times = 2 if message.get("chat", {}).get("id") in self.twice else 1
        taken = await asyncio.gather(*(super(StutteringTelegram, self).deliver(same) for _ in range(times)))
        self.repeated += times - 1
        return _good([response for response in taken if response is not None])


def _client() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=60, trust_env=False)


def _good(responses: Collection[httpx.Response]) -> httpx.Response:
    for response in responses:
        if not response.is_success:
            raise NotTaken(f"the service answered a webhook call with {response.status_code}")
    if not responses:
        raise NotTaken("there is no webhook to call")
    return next(iter(responses))
