"""A LibreTranslate-compatible server: the text travels in a JSON body, never in an address or a log line."""

from __future__ import annotations

from collections.abc import Sequence

import httpx
import stamina

from .base import Failed, Translated

CODES = {"zh-Hans": ("zh-Hans", "zh"), "zh-Hant": ("zh-Hant", "zt")}
"""What LibreTranslate calls a language, in newer and older releases, where it is not the primary language subtag."""


def codes(tag: str) -> tuple[str, ...]:
    """What a server may call the language of a BCP 47 tag, likeliest first."""
    return CODES.get(tag, (tag.split("-")[0],))


class Libre:
    """``POST /translate`` with ``q`` as a list, as LibreTranslate 1.x has it."""

    def __init__(
        self,
        url: str,
        key: str = "",
        *,
        timeout: float = 20.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._key = key
        self._client = httpx.AsyncClient(base_url=url, timeout=timeout, transport=transport)
        self._pairs: set[tuple[str, str]] | None = None

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[Translated | None]:
        """Every text translated, or none of them where the server does not know the pair. Raises Failed."""
        try:
            async for attempt in stamina.retry_context(on=_worth_retrying, attempts=3, wait_initial=0.2):
                with attempt:
                    known = await self._languages()
                    pairs = [(s, t) for s in codes(source) for t in codes(target) if (s, t) in known]
                    if not pairs:
                        return [None] * len(texts)
                    pair = pairs[0]
                    answer = await self._client.post(
                        "/translate",
                        json={"q": list(texts), "source": pair[0], "target": pair[1], "format": "text"}
                        | ({"api_key": self._key} if self._key else {}),
                    )
                    answer.raise_for_status()
                    done = answer.json()["translatedText"]
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            # The error's own text may hold ours: only its kind goes on.
            raise Failed(f"translation server: {type(error).__name__}") from None
        if not isinstance(done, list) or len(done) != len(texts):
            raise Failed("translation server: not one translation for each text")
        return [Translated(text, "machine:libretranslate") if isinstance(text, str) and text.strip() else None
                for text in done]  # fmt: skip

    async def _languages(self) -> set[tuple[str, str]]:
        if self._pairs is None:
            answer = await self._client.get("/languages")
            answer.raise_for_status()
            self._pairs = {(row["code"], t) for row in answer.json() for t in row.get("targets", ())}
        return self._pairs

    async def close(self) -> None:
        """Give back connections."""
        await self._client.aclose()


def _worth_retrying(error: Exception) -> bool:
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code >= 500 or error.response.status_code == 429
    return isinstance(error, httpx.TransportError)
