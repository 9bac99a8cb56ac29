"""From settings to engines in their order, each behind its guards."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from analysis import redact

from . import order
from .base import Engine, Translator
from .breaker import Breaker
from .careful import Careful
from .chain import Routed
from .deep import PROVIDERS, Deep
from .deepl import Deepl
from .libre import Libre
from .local import Local
from .order import Order
from .outside import Outside
from .terms import TERMS

if TYPE_CHECKING:  # the settings read the order in their turn
    from ..settings import Settings


class NotSetUp(Exception):  # noqa: N818
    """An engine is named and lacks something; the text says what to do."""


def chosen(settings: Settings) -> Order:
    """The order in the settings. Where they name none: the engines of one's own that are set up."""
    if settings.translators.strip():
        return order.parse(settings.translators)
    given = {"local": settings.translation_models is not None, "libre": bool(settings.libretranslate_url)}
    return Order(tuple(name for name in order.OURS if given[name]))


def engine(name: str, settings: Settings) -> Engine:
    """One engine by its name, as it is. Raises NotSetUp."""
    if name in order.SCRAPING and not settings.allow_scraping_translators:
        raise NotSetUp(
            f"{name} is no service that anybody has a contract with: it reads a public page, which gives families' words "
            "to a company on no terms, and stops working at its will. Take it out of OPENLINE_TRANSLATORS; if you know "
            "better, set OPENLINE_ALLOW_SCRAPING_TRANSLATORS=true"
        )
    make = _MAKERS.get(name, _deep)
    return make(name, settings)


def engines(settings: Settings) -> Translator | None:
    """All that the settings name: shown only what may be changed, redacted before it leaves the house, left alone while
    it fails; what one damages, the next is asked for. None without any.
    Raises NotSetUp."""
    wanted = chosen(settings)
    made: dict[str, Translator] = {}
    for name in wanted.names():
        one = engine(name, settings)
        careful = Careful(Breaker(one), TERMS.spans)
        # The pen comes first: "1425 Elm Street" is an address no longer once its number is a token.
        made[name] = careful if one.ours else Outside(careful, redact.find)
    return Routed(wanted.route, made) if made else None


def _libre(name: str, settings: Settings) -> Engine:
    if not settings.libretranslate_url:
        raise NotSetUp("OPENLINE_TRANSLATORS names libre: set OPENLINE_LIBRETRANSLATE_URL, or take it out")
    key = settings.libretranslate_key.get_secret_value()
    return Libre(settings.libretranslate_url, key, ours=settings.libretranslate_ours)


def _local(name: str, settings: Settings) -> Engine:
    folder = settings.translation_models
    if folder is None:
        raise NotSetUp(
            "OPENLINE_TRANSLATORS names local: set OPENLINE_TRANSLATION_MODELS to a folder with models"
        )
    if importlib.util.find_spec("fxtranslate") is None:
        raise NotSetUp(
            "Translation on this machine needs an extra: pip install 'openline[local-translation]'"
        )
    return Local(folder)


def _deepl(name: str, settings: Settings) -> Engine:
    return Deepl(_keys(name, ("deepl",), settings)["deepl"])


def _deep(name: str, settings: Settings) -> Engine:
    provider = PROVIDERS[name]
    return Deep(provider, _keys(name, provider.keys, settings))


def _keys(name: str, needed: tuple[str, ...], settings: Settings) -> Mapping[str, str]:
    given = order.keys(settings.translator_keys.get_secret_value())
    if name == "deep-libre":
        given |= {"url": settings.libretranslate_url, "libre": settings.libretranslate_key.get_secret_value()}
    if missing := [key for key in needed if not given.get(key)]:
        where = "OPENLINE_LIBRETRANSLATE_URL" if missing == ["url"] else "OPENLINE_TRANSLATOR_KEYS"
        written = ", ".join(f"{key}=…" for key in missing)
        raise NotSetUp(f"{name} needs {written}: set it in {where}")
    return given


_MAKERS: Mapping[str, Callable[[str, Settings], Engine]] = {
    "libre": _libre,
    "local": _local,
    "deepl": _deepl,
}
