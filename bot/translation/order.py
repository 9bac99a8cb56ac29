"""Which engines are asked, in which order, for which pair of languages: read from one line.

    local, libre, deepl; ht-en: libre; zh-Hans-en: deepl, libre; *-so: none

The first part is for every pair that has no part of its own. ``*`` stands for any language, a language stands for all its
regions and scripts, and the closest part wins. ``none`` asks no engine: people translate that pair.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

OURS = ("local", "libre")
DEEP = ("microsoft", "qcri", "baidu")
SCRAPING = ("google", "mymemory")
"""They read a public web page, or need no key: no contract says what becomes of the texts."""
NAMES = (*OURS, "deepl", *DEEP, *SCRAPING, "deep-libre")
NOBODY = "none"
REFUSED: Mapping[str, str] = {
    "linguee": "it is a dictionary of words and does not translate sentences",
    "pons": "it is a dictionary of words and does not translate sentences",
    "yandex": "deep-translator speaks Yandex's interface 1.5, which Yandex has closed",
    "papago": "deep-translator speaks Papago's interface of Naver Developers, which closed in February 2024",
    "chatgpt": "deep-translator needs a version of the openai package from before 2024",
    "libretranslate": "it is called libre",
    "argos": "run LibreTranslate, which uses Argos models, and name libre",
}
"""Names that people may try, and why there is no such engine."""

_TAG = re.compile(r"\*|[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?")


@dataclass(frozen=True, slots=True)
class Order:
    """``everywhere``: the names in order; ``by_pair``: the same for pairs of tags, either of which may be ``*``."""

    everywhere: tuple[str, ...] = ()
    by_pair: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def names(self) -> tuple[str, ...]:
        """Every engine in it, each once."""
        return tuple(dict.fromkeys((*self.everywhere, *(n for part in self.by_pair.values() for n in part))))

    def route(self, source: str, target: str) -> tuple[str, ...]:
        """Who is asked for a pair. The source counts for more than the target where two parts are equally close."""
        closest = [(s, t) for s in _wider(source) for t in _wider(target)]
        closest.sort(key=lambda pair: (pair == ("*", "*"), "*" in pair, pair[0] != source, pair[1] != target))
        return next((self.by_pair[pair] for pair in closest if pair in self.by_pair), self.everywhere)


def _wider(tag: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((tag, tag.split("-")[0], "*")))


def parse(line: str) -> Order:
    """The order that a line says. Raises ValueError, which tells what to write."""
    everywhere: tuple[str, ...] = ()
    by_pair: dict[tuple[str, str], tuple[str, ...]] = {}
    for at, part in enumerate(filter(None, (part.strip() for part in line.split(";")))):
        pair, colon, names = part.rpartition(":")
        if colon:
            key = _pair(pair.strip())
            if key in by_pair:
                raise ValueError(f"{pair.strip()} is there twice")
            by_pair[key] = _names(names)
        elif at:
            raise ValueError(
                f"{part!r} has no pair: only the first part is without, as in `libre; ht-en: deepl`"
            )
        else:
            everywhere = _names(part)
    return Order(everywhere, by_pair)


def _names(written: str) -> tuple[str, ...]:
    names = tuple(name.strip().lower() for name in written.split(",") if name.strip())
    if not names:
        raise ValueError(f"an engine is missing; known are {', '.join(NAMES)}, and {NOBODY} for no engine")
    if names == (NOBODY,):
        return ()
    for name in names:
        if name in REFUSED:
            raise ValueError(f"{name} cannot be used: {REFUSED[name]}")
        if name == NOBODY:
            raise ValueError(f"{NOBODY} stands alone")
        if name not in NAMES:
            close = get_close_matches(name, NAMES, 1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise ValueError(f"there is no engine {name!r}.{hint} Known are {', '.join(NAMES)}")
    if len(set(names)) < len(names):
        raise ValueError(f"an engine is there twice: {written.strip()}")
    return names


def _pair(written: str) -> tuple[str, str]:
    joints = [found.start() for found in re.finditer(r"[->]", written)]
    pairs = {(written[:at].strip(), written[at + 1 :].strip()) for at in joints}
    pairs = {pair for pair in pairs if all(_TAG.fullmatch(tag) for tag in pair)}
    if len(pairs) != 1:
        raise ValueError(
            f"{written!r} is no pair of languages: write it as es-en, zh-Hans-en, pt-BR-en or *-so, capitals and all"
        )
    return pairs.pop()


def keys(line: str) -> dict[str, str]:
    """``deepl=…, microsoft=…, microsoft-region=eastus`` as a mapping. Raises ValueError, which shows no key."""
    given = {}
    for part in filter(None, (part.strip() for part in line.split(","))):
        name, equals, value = part.partition("=")
        if not equals or not value.strip():
            raise ValueError("must be written as deepl=KEY, microsoft=KEY, microsoft-region=NAME")
        given[name.strip().lower()] = value.strip()
    return given
