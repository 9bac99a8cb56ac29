"""Calls to Telegram's Bot API, and what is to be made of their failing.

The bot's token is part of every address called, so no address may ever reach a log or an exception.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from datetime import timedelta
from typing import Any

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from channels.base import SendFailed, Then
from channels.wire import Masked

# The library is moving from seconds to timedelta and warns on every use of the old way; this is its switch.
os.environ.setdefault("PTB_TIMEDELTA", "true")

# (kind of error, words in its description, what we say, what the caller does), first match wins.
# Telegram gives no codes beyond the HTTP status: the descriptions are all there is.
FAILURES: tuple[tuple[type[TelegramError], str, str, Then], ...] = (
    (Forbidden, "deactivated", "the account is gone", "dead"),
    (Forbidden, "initiate", "the person has not started the bot", "dead"),
    (Forbidden, "to bots", "the address is a bot", "dead"),
    (Forbidden, "", "the person has blocked the bot", "stop"),
    (BadRequest, "chat not found", "no such chat", "dead"),
    (BadRequest, "user not found", "no such person", "dead"),
    (BadRequest, "peer_id_invalid", "no such chat", "dead"),
    (BadRequest, "chat_id is empty", "no such chat", "dead"),
    (BadRequest, "have no rights", "the bot may not write in this chat", "dead"),
    (BadRequest, "", "refused as malformed", "drop"),
    (ChatMigrated, "", "the chat has become a group of another address", "dead"),
    (InvalidToken, "", "wrong bot token", "halt"),
    (Conflict, "", "another program is fetching this bot's messages", "halt"),
)


def failed(error: Exception) -> SendFailed:
    """What an exception of the client means, in our words and none of its own."""
    if isinstance(error, RetryAfter):
        # Telegram does not say whether one chat or the bot is meant; each chat has its gap, so it is the bot, and what
        # is sent meanwhile only makes the wait longer.
        return SendFailed("sending too fast", "retry", code="429", after=_wait(error), account=True)
    described = str(error).lower()
    for kind, words, reason, then in FAILURES:
        if isinstance(error, kind) and words in described:
            return SendFailed(reason, then)
    # BadRequest is a NetworkError too, and was read above. Of the rest, only these surely sent nothing.
    if isinstance(error.__cause__, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)):
        return SendFailed("the provider could not be reached", "retry", after=timedelta(seconds=30))
    if isinstance(error, NetworkError):
        return SendFailed(
            "the connection to the provider broke", "unknown", code=type(error.__cause__ or error).__name__
        )
    return SendFailed("the provider's answer could not be read", "unknown", code=type(error).__name__)


def _wait(error: RetryAfter) -> timedelta:
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)


def wire(timeout: float, connections: int) -> HTTPXRequest:
    return _Wire(
        connection_pool_size=connections,
        read_timeout=timeout,
        write_timeout=timeout,
        connect_timeout=min(5.0, timeout),
        pool_timeout=timeout,
    )


class _Wire(HTTPXRequest):
    """httpx as the library uses it, less its habit of logging a response that it cannot read."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        try:
            document = json.loads(payload)
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise TelegramError("Invalid server response")
        return document


def mask(token: str) -> None:
    """Keep the token out of httpx's log, and people's words out of the library's debug log."""
    mark = f"masked {hashlib.sha256(token.encode()).hexdigest()}"
    log = logging.getLogger("httpx")
    if not any(each.name == mark for each in log.filters if isinstance(each, Masked)):
        masked = Masked(token)
        masked.name = mark
        log.addFilter(masked)
    logging.getLogger("telegram").setLevel(logging.WARNING)
