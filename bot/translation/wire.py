"""JSON over HTTP to one server: retries for what passes, a limit to what is read, no redirects, and errors without words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import stamina

from .base import Failed

MOST = 4_000_000
"""Bytes of an answer. What is longer is no translation."""
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
INDIGESTIBLE = frozenset({400, 413, 422, 500})
"""What a server says that cannot take these texts, though it may take others."""


class Indigestible(Failed):
    """The server is there and does not take these texts."""


class _Passing(Exception):  # noqa: N818
    """A fault that may be gone in a moment. Libraries log it, so it holds a kind and nothing of ours."""

    def __init__(self, kind: str, wait: float | None = None, status: int = 0) -> None:
        super().__init__(kind)
        self.wait = wait
        self.status = status


class Wire:
    """One server. ``patience``: seconds for one request; what calls it sets a limit to all of them together."""

    def __init__(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        patience: float = 20.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        # A server that sends us elsewhere with people's words is not followed.
        self._client = httpx.AsyncClient(
            base_url=url, headers=headers, timeout=patience, transport=transport, follow_redirects=False
        )

    async def ask(self, method: str, path: str, body: object = None, *, attempts: int = 3) -> Any:
        """The answer's JSON. Raises Failed (Indigestible where the texts may be at fault), with a kind of error alone."""
        try:
            async for attempt in stamina.retry_context(
                on=_again, attempts=attempts, timeout=None, wait_initial=0.2
            ):
                with attempt:
                    return await self._once(method, path, body)
        except _Passing as passing:
            if passing.status in INDIGESTIBLE:
                raise Indigestible(str(passing)) from None
            raise Failed(str(passing)) from None

    async def _once(self, method: str, path: str, body: object) -> Any:
        try:
            async with self._client.stream(method, path, json=body) as answer:
                if answer.status_code in PASSING:
                    raise _Passing(f"HTTP {answer.status_code}", _wait(answer), answer.status_code)
                if answer.status_code in INDIGESTIBLE:
                    raise Indigestible(f"HTTP {answer.status_code}")
                if not answer.is_success:
                    raise Failed(f"HTTP {answer.status_code}")
                read = bytearray()
                async for part in answer.aiter_bytes():
                    read += part
                    if len(read) > MOST:
                        raise Failed("an answer too long")
        except httpx.TransportError as error:
            # The error's own text may hold ours: only its kind goes on.
            raise _Passing(type(error).__name__) from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise Failed(type(error).__name__) from None
        try:
            return json.loads(read)
        except (ValueError, RecursionError):
            raise Failed("an answer that is not JSON") from None

    async def close(self) -> None:
        """Give back connections."""
        await self._client.aclose()


def _again(error: Exception) -> bool | float:
    if not isinstance(error, _Passing):
        return False
    return True if error.wait is None else error.wait


def _wait(answer: httpx.Response) -> float | None:
    """Seconds of a Retry-After header, which holds a number or a date."""
    given = answer.headers.get("retry-after", "")
    try:
        return max(0.0, float(given))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(given) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
