"""The language in which staff read the pages: which one, and its texts.

Texts stand in the templates and in ``view`` in English, marked for translation, and as ``told`` where something is found
or refused; ``locale/<language>.po`` holds each other
language (``python scripts/interface_texts.py`` brings the files up to date). A text that is missing there is shown in
English: better than nothing, and a test names it.
"""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.core import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from survey_flows.told import Told

SOURCE = "en"
FOLDER = Path(__file__).parent / "locale"
COOKIE = "openline_language"
CHOICE = "pages_in"
"""The parameter of an address that asks for a language: ``?pages_in=es``. (``language`` is what lists are filtered by.)"""

_current: ContextVar[str] = ContextVar("interface_language", default=SOURCE)


@cache
def languages() -> Mapping[str, str]:
    """The languages there are, each by its own name: ``{"en": "English", "es": "español"}``."""
    known = [SOURCE, *sorted(file.stem for file in FOLDER.glob("*.po"))]
    return {tag: str(Locale.parse(tag, sep="-").display_name) for tag in known}


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The texts of one language; of the source, and of one that we do not have, the texts as they are."""
    file = FOLDER / f"{language}.po"
    if language == SOURCE or language not in languages():
        return gettext.NullTranslations()
    packed = io.BytesIO()
    with file.open("rb") as opened:
        write_mo(packed, read_po(opened, locale=language.replace("-", "_")))
    packed.seek(0)
    return gettext.GNUTranslations(packed)


@cache
def drafted(language: str) -> bool:
    """Whether no person has approved the texts of this language: its file says who has, in its first lines."""
    if language == SOURCE or language not in languages():
        return False
    with (FOLDER / f"{language}.po").open(encoding="utf-8") as file:
        head = file.read(2000)
    return re.search(r"^# Approved by: *\S", head, re.MULTILINE) is None


def current() -> str:
    """The language of the page that is being made."""
    return _current.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within this block texts are said in ``language``."""
    token = _current.set(language if language in languages() else SOURCE)
    try:
        yield
    finally:
        _current.reset(token)


def say(text: str) -> str:
    """The text in the language of the page; one that is ``Told`` with its values in it."""
    known = catalogue(current())
    return text.again(known.gettext, known.ngettext) if isinstance(text, Told) else known.gettext(text)


def to_say(text: str) -> str:
    """Marks a text that is said later, by whoever shows it; gives it as it is."""
    return text


def say_n(one: str, many: str, number: int) -> str:
    """The form for so many: ``say_n("{n} family", "{n} families", 3)``."""
    return catalogue(current()).ngettext(one, many, number)


def say_in(context: str, text: str) -> str:
    """The text as it is meant in this context: "Open" as what to do, or as how it stands."""
    return catalogue(current()).pgettext(context, text)


def wanted(request: Request) -> str:
    """What the reader chose, now or before; else the first of their browser's languages that we have.

    >>> wanted(Request({"type": "http", "headers": [(b"accept-language", b"fr, es-MX;q=0.9")], "query_string": b""}))
    'es'
    """
    for asked in (request.query_params.get(CHOICE), request.cookies.get(COOKIE)):
        if asked in languages():
            return str(asked)
    ranked: list[tuple[float, int, str]] = []
    for at, part in enumerate(request.headers.get("accept-language", "").split(",")[:20]):
        tag, _, weight = part.strip().partition(";q=")
        try:
            ranked.append((-float(weight or 1), at, tag.lower()))
        except ValueError:
            continue
    for _, _, tag in sorted(ranked):
        for known in languages():
            if tag == known.lower() or tag.split("-")[0] == known.lower().split("-")[0]:
                return known
    return SOURCE


class Speaking:
    """Every answer in the reader's language; who asks for one by the address is answered in it from then on."""

    def __init__(self, inner: ASGIApp, secure: bool) -> None:
        self.inner = inner
        self.secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        request = Request(scope)
        language = wanted(request)
        chosen = request.query_params.get(CHOICE) == language

        async def told(message: Message) -> None:
            if chosen and message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", self._cookie(language))
            await send(message)

        with speaking(language):
            await self.inner(scope, receive, told)

    def _cookie(self, language: str) -> str:
        year = 365 * 24 * 3600
        return (
            f"{COOKIE}={language}; Max-Age={year}; Path=/; SameSite=Lax; HttpOnly" + "; Secure" * self.secure
        )
