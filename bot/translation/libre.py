"""A LibreTranslate-compatible server: the text travels in a JSON body, never in an address or a log line."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

import httpx

from .base import Pair
from .served import Served
from .wire import Wire

PUBLIC = ("libretranslate.com", "libretranslate.de", "argosopentech.com", "terraprint.co")
"""Servers that are nobody's own."""


CODES: Mapping[str, tuple[str, ...]] = {
    "zh-Hans": ("zh-Hans", "zh", "zh-CN"),
    "zh-Hant": ("zh-Hant", "zt", "zh-TW"),
    "pt-BR": ("pt-BR", "pb", "pt"),
    "fil": ("fil", "tl"),
}
"""What it calls a language that is neither the whole tag nor its first part."""


class Libre(Served):
    """``POST /translate`` with ``q`` as a list, as LibreTranslate 1.x has it."""

    name = "libre"
    origin = "machine:libretranslate"
    special = CODES
    texts = 16
    characters = 2000

    def __init__(
        self,
        url: str,
        key: str = "",
        *,
        ours: bool = True,
        timeout: float = 20.0,
        deadline: float = 60.0,
        fresh: float = 300.0,
        now: Callable[[], float] = time.monotonic,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._key = key
        host = httpx.URL(url).host
        public = any(host == known or host.endswith(f".{known}") for known in PUBLIC)
        super().__init__(
            Wire(url, patience=timeout, transport=transport),
            ours=ours and not public,
            deadline=deadline,
            fresh=fresh,
            now=now,
        )

    async def _ask_pairs(self) -> frozenset[Pair]:
        rows = await self._wire.ask("GET", "/languages")
        everyone = [row["code"] for row in rows]
        return frozenset((row["code"], str(t)) for row in rows for t in row.get("targets", everyone))

    async def _ask(self, texts: Sequence[str], pair: Pair, attempts: int) -> Sequence[object]:
        body = {"q": list(texts), "source": pair[0], "target": pair[1], "format": "text"}
        key = {"api_key": self._key} if self._key else {}
        answer = await self._wire.ask("POST", "/translate", body | key, attempts=attempts)
        found: Sequence[object] = answer["translatedText"]
        return found
