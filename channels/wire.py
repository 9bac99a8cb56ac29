"""What every webhook reader does first: bound the size, compare the secret, make the text storable."""

from __future__ import annotations

import hmac
import logging

from channels.base import Refused, Request

LIMIT = 64 * 1024
"""Bytes of one webhook body. Twilio's largest is about 20 KB, Telegram's about 30 KB."""


def bound(request: Request) -> None:
    """Raise Refused(413) for a body that no provider sends."""
    if len(request.body) > LIMIT:
        raise Refused(413, "body too large")


def same(given: str | None, secret: str) -> bool:
    """Whether a secret was given and is the right one, in constant time. An unset secret is never right."""
    if not given or not secret:
        return False
    return hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode("utf-8"))


def clean(text: str) -> str:
    """The text without what PostgreSQL and UTF-8 cannot hold: NUL and lone surrogates.

    >>> clean("a\\x00b")
    'ab'
    >>> clean("\\ud83d")
    '?'
    """
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


class Masked(logging.Filter):
    """Keeps a secret out of one logger: httpx writes every address it calls, and Telegram's hold the token."""

    def __init__(self, secret: str) -> None:
        super().__init__()
        self._secret = secret

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if self._secret in message:
            record.msg, record.args = message.replace(self._secret, "***"), None
        return True
