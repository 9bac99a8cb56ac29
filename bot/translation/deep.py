"""deep-translator's providers, behind a guard.

The library (1.11.4) sets no time-out, blocks, gives None for a text that stays as it is, puts texts and keys into addresses,
and errors that hold those addresses. So every call here runs in a thread that may be left behind, every request gets a
time-out, and of an error only its kind goes on.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Protocol

import requests

from . import tags
from .base import Failed, Pair, Translated
from .pieces import Parcel
from .threads import Threads


class Talker(Protocol):
    """What deep-translator's classes have in common."""

    def translate(self, text: str) -> str | None:
        """One text."""
        ...


@dataclass(frozen=True, slots=True)
class Provider:
    """One of its providers. ``make`` gets the module, the provider's codes of a pair, and the keys. ``limit``: characters of
    one text. ``table``: the list of codes in the library's constants; without one, the provider has what ``extra`` says."""

    name: str
    module: str
    make: Callable[[Any, Pair, Mapping[str, str]], Talker]
    limit: int
    table: str
    keys: tuple[str, ...] = ()
    special: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class _Qcri:
    """The QCRI class wants a domain with each text."""

    def __init__(self, talker: Any) -> None:
        self._talker = talker

    def translate(self, text: str) -> str | None:
        found: str | None = self._talker.translate(text, domain="general")
        return found


_GOOGLE = {"zh-Hans": ("zh-CN",), "zh-Hant": ("zh-TW",), "he": ("iw",), "fil": ("tl",)}
_MYMEMORY = {
    "en": ("en-US",), "es": ("es-ES",), "ht": ("ht-HT",), "pt": ("pt-PT",), "vi": ("vi-VN",), "ar": ("ar-SA",),
    "fr": ("fr-FR",), "zh-Hans": ("zh-CN",), "zh-Hant": ("zh-TW",), "so": ("so-SO",), "tl": ("tl-PH",),
    "fil": ("fil-PH",), "ru": ("ru-RU",), "uk": ("uk-UA",), "ko": ("ko-KR",), "he": ("he-IL",), "fa": ("fa-IR",),
}  # fmt: skip
_BAIDU = {
    "zh-Hans": ("zh",), "zh-Hant": ("cht",), "es": ("spa",), "fr": ("fra",), "vi": ("vie",), "ar": ("ara",),
    "ko": ("kor",), "ja": ("jp",), "sv": ("swe",), "fi": ("fin",), "da": ("dan",), "et": ("est",), "bg": ("bul",),
    "sl": ("slo",),
}  # fmt: skip
_MICROSOFT = {"zh-Hans": ("zh-hans",), "zh-Hant": ("zh-hant",), "pt": ("pt",), "tl": ("fil",)}

PROVIDERS: Mapping[str, Provider] = {
    provider.name: provider
    for provider in (
        Provider(
            "microsoft",
            "microsoft",
            lambda m, pair, keys: m.MicrosoftTranslator(
                api_key=keys["microsoft"], region=keys.get("microsoft-region"), source=pair[0], target=pair[1]
            ),
            5000,
            "",
            ("microsoft",),
            _MICROSOFT,
        ),
        Provider(
            "qcri",
            "qcri",
            lambda m, pair, keys: _Qcri(
                m.QcriTranslator(api_key=keys["qcri"], source=pair[0], target=pair[1])
            ),
            1000,
            "QCRI_LANGUAGE_TO_CODE",
            ("qcri",),
        ),
        Provider(
            "baidu",
            "baidu",
            lambda m, pair, keys: m.BaiduTranslator(
                appid=keys["baidu-id"], appkey=keys["baidu"], source=pair[0], target=pair[1]
            ),
            1500,
            "BAIDU_LANGUAGE_TO_CODE",
            ("baidu-id", "baidu"),
            _BAIDU,
        ),
        # Its addresses hold the text: some 1,900 Chinese characters are too long for it already.
        Provider(
            "google",
            "google",
            lambda m, pair, keys: m.GoogleTranslator(source=pair[0], target=pair[1]),
            1500,
            "GOOGLE_LANGUAGES_TO_CODES",
            special=_GOOGLE,
        ),
        Provider(
            "mymemory",
            "mymemory",
            lambda m, pair, keys: m.MyMemoryTranslator(source=pair[0], target=pair[1]),
            450,
            "MY_MEMORY_LANGUAGES_TO_CODES",
            special=_MYMEMORY,
        ),
        # The argument is custom_url; base_url is swallowed, and the text goes to a public server. A key it must have.
        Provider(
            "deep-libre",
            "libre",
            lambda m, pair, keys: m.LibreTranslator(
                custom_url=keys["url"].rstrip("/") + "/",
                api_key=keys.get("libre") or "none",
                source=pair[0],
                target=pair[1],
            ),
            2000,
            "LIBRE_LANGUAGES_TO_CODES",
            ("url",),
            {"zh-Hans": ("zh",), "zh-Hant": ()},
        ),
    )
}


class _Timed:
    """``requests`` as the provider's module sees it: every request with a time-out, and none sent on elsewhere."""

    exceptions = requests.exceptions

    def __init__(self, patience: float) -> None:
        self._patience = patience

    def get(self, url: str, **given: Any) -> requests.Response:
        return requests.get(url, **given, timeout=self._patience, allow_redirects=False)

    def post(self, url: str, **given: Any) -> requests.Response:
        return requests.post(url, **given, timeout=self._patience, allow_redirects=False)


class Deep:
    """One provider. Its texts leave the house, so it belongs behind ``Outside``."""

    ours = False

    def __init__(
        self,
        provider: Provider,
        keys: Mapping[str, str],
        *,
        timeout: float = 15.0,
        deadline: float = 60.0,
        threads: int = 4,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = provider.name
        self._provider = provider
        self._keys = dict(keys)
        self._timeout = timeout
        self._deadline = deadline
        self._threads = Threads(threads)
        self._now = now
        self._theirs: frozenset[str] | None = None

    async def pairs(self) -> frozenset[Pair]:
        """The pairs that the library has for this provider. Raises Failed."""
        try:
            theirs = await self._threads.run(self._codes, self._timeout + 1)
        except Failed:
            raise
        except TimeoutError:
            raise Failed(f"{self.name}: too slow") from None
        except Exception as error:
            raise Failed(f"{self.name}: {type(error).__name__}") from None
        return frozenset((s, t) for s in theirs for t in theirs if s != t)

    async def has(self, source: str, target: str) -> bool:
        """Whether the library has the pair for this provider. Raises Failed."""
        return tags.known(source, target, await self.pairs(), self._provider.special) is not None

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[Translated | None]:
        """None where the provider has not got the pair, gives back nothing, or the text has no words. Raises Failed, with
        what was translated before."""
        origin = f"machine:{self.name}"
        parcel = Parcel(texts, self._provider.limit)
        done: dict[str, str] = {}
        if not parcel.pieces:
            return parcel.opened(done, origin)
        end = self._now() + self._deadline
        try:
            pair = tags.known(source, target, await self.pairs(), self._provider.special)
            if pair is None:
                return [None] * len(texts)
            await self._threads.run(lambda: self._work(pair, parcel.pieces, done, end), self._deadline)
        except Failed as failed:
            raise Failed(str(failed), parcel.opened(done, origin)) from None
        except TimeoutError:
            raise Failed(f"{self.name}: too slow", parcel.opened(dict(done), origin)) from None
        except Exception as error:
            # Its text holds the address, and that holds people's words and the key: only its kind goes on.
            raise Failed(f"{self.name}: {type(error).__name__}", parcel.opened(done, origin)) from None
        return parcel.opened(done, origin)

    def _work(self, pair: Pair, pieces: Sequence[str], done: dict[str, str], end: float) -> None:
        """In a thread: one text after the other, until nobody waits any more."""
        talker = self._provider.make(self._module(), pair, self._keys)
        for piece in pieces:
            if self._now() >= end:
                return
            found = talker.translate(piece)
            if isinstance(found, str):
                done[piece] = found

    def _codes(self) -> frozenset[str]:
        """In a thread: the provider's codes of languages."""
        if self._theirs is None:
            if self._provider.table:
                constants = importlib.import_module("deep_translator.constants")
                self._theirs = frozenset(getattr(constants, self._provider.table).values())
            else:  # it asks its server
                talker: Any = self._provider.make(self._module(), ("en", "es"), self._keys)
                self._theirs = frozenset(talker.get_supported_languages(as_dict=True).values())
        return self._theirs

    def _module(self) -> ModuleType:
        module = importlib.import_module(f"deep_translator.{self._provider.module}")
        # The library passes no time-out to requests, so a hung server would hold a thread for ever.
        module.requests = _Timed(self._timeout)  # type: ignore[attr-defined]
        return module

    async def close(self) -> None:
        """Nothing to give back: each request has a connection of its own."""
