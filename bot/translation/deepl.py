"""DeepL, by its interface of 2025: key in a header, texts in the body. (deep-translator still sends both in the address, which
DeepL has refused since January 2026.)"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

import httpx

from .base import Pair
from .served import Served
from .wire import Wire

CODES: Mapping[str, tuple[str, ...]] = {
    "zh-Hans": ("ZH-HANS", "ZH"),
    "zh-Hant": ("ZH-HANT",),
    "en": ("EN-US", "EN"),
    "pt": ("PT-BR", "PT"),
    "pt-BR": ("PT-BR", "PT"),
    "pt-PT": ("PT-PT", "PT"),
    "fil": ("TL",),
}
"""What it calls a language that is neither the whole tag nor its first part."""


class Deepl(Served):
    """``POST /v2/translate``. A key that ends in ``:fx`` is one of the free service, which has a server of its own."""

    name = "deepl"
    origin = "machine:deepl"
    special = CODES
    texts = 50
    characters = 5000

    def __init__(
        self,
        key: str,
        *,
        url: str = "",
        timeout: float = 20.0,
        deadline: float = 60.0,
        fresh: float = 3600.0,
        now: Callable[[], float] = time.monotonic,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        free = "-free" if key.endswith(":fx") else ""
        wire = Wire(
            url or f"https://api{free}.deepl.com",
            headers={"Authorization": f"DeepL-Auth-Key {key}"},
            patience=timeout,
            transport=transport,
        )
        super().__init__(wire, ours=False, deadline=deadline, fresh=fresh, now=now)

    async def _ask_pairs(self) -> frozenset[Pair]:
        sources = await self._wire.ask("GET", "/v2/languages?type=source")
        targets = await self._wire.ask("GET", "/v2/languages?type=target")
        theirs = {row["language"] for row in sources}
        # Of a source it tells one Chinese, and reads both.
        theirs |= {"ZH-HANT"} if "ZH" in theirs else set()
        return frozenset((s, row["language"]) for s in theirs for row in targets)

    async def _ask(self, texts: Sequence[str], pair: Pair, attempts: int) -> Sequence[object]:
        body = {"text": list(texts), "source_lang": pair[0].split("-")[0], "target_lang": pair[1]}
        answer = await self._wire.ask("POST", "/v2/translate", body, attempts=attempts)
        return [row["text"] for row in answer["translations"]]
