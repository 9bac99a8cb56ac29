"""Makes a page: one template, the person who looks at it, and the addresses of the static files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from babel.numbers import format_decimal
from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from survey_flows.told import Told

from ..clock import Clock
from ..store.staff import Session
from . import allow, notices, times, tongue
from .assets import Asset
from .view import tongues

FOLDER = Path(__file__).parent / "templates"
TAKEN_OUT = re.compile(r"\[[^\[\]\n]{1,30}\]")
"""What redaction leaves in the place of a name or a number: [name], [número]."""


def marked(text: str) -> Markup:
    """A family's words with the places marked where something was taken out."""
    parts, end = [], 0
    for found in TAKEN_OUT.finditer(text):
        parts += [
            escape(text[end : found.start()]),
            Markup('<span class="taken-out">%s</span>') % found.group(),
        ]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


def _in_our_words(value: Any) -> Any:
    # What a check found or refused is shown in the reader's language wherever a template names it.
    return tongue.say(value) if isinstance(value, Told) else value


class Page:
    """Call it with a request and the name of a template to get the response."""

    def __init__(self, assets: Mapping[str, Asset], clock: Clock, organization: str, key: bytes) -> None:
        self._clock = clock
        self._key = key
        self._templates = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
            finalize=_in_our_words,
        )
        self._templates.policies["ext.i18n.trimmed"] = True  # texts stand in the catalogues on one line
        self._templates.install_gettext_callables(  # type: ignore[attr-defined]
            tongue.say, tongue.say_n, newstyle=True, pgettext=tongue.say_in
        )
        self._templates.globals |= {
            "asset": lambda name: assets[name].url,
            "organization": organization,
            "may": may,
        }
        self._templates.filters |= {
            "direction": tongues.direction,
            "marked": marked,
            "said": tongue.say,
            "moment": lambda at: times.moment(at, clock()),
            "day": lambda at: times.day(at, clock()),
            "clock": times.clock,
            "ago": lambda at: times.ago(at, clock()),
            "count": lambda number: format_decimal(number, locale=tongue.current().replace("-", "_")),
        }

    def warm(self) -> None:
        """Read every template and every language's texts now: the first pages shall not wait for it. For a thread."""
        for language in tongue.languages():
            tongue.catalogue(language)
        for template in self._templates.list_templates():
            self._templates.get_template(template)

    def __call__(
        self, request: Request, template: str, status: int = 200, section: str = "", **values: Any
    ) -> HTMLResponse:
        """A whole page. ``section`` is the entry of the menu that it stands under."""
        notice = notices.take(request, self._key) if request.method == "GET" else None
        known = self._known(request) | {"section": section, "notice": notice}
        response = HTMLResponse(self._templates.get_template(template).render(known | values), status)
        if notice is not None:
            notices.drop(response)
        return response

    def part(self, request: Request, template: str, block: str, **values: Any) -> str:
        """One block of a template by itself: what htmx asks for, and what a stream sends."""
        found = self._templates.get_template(template)
        context = found.new_context(self._known(request) | {"section": "", "notice": None} | values)
        return "".join(found.blocks[block](context))

    def onward(self, to: str, said: str = "", undo: str = "") -> Response:
        """To another page after a form (303), which says what was done, with a button that undoes it.

        ``said`` names nobody: it travels in a cookie. ``undo`` is an address of ours that takes a POST.
        """
        return notices.onward(to, self._key, said, undo)

    def _known(self, request: Request) -> dict[str, Any]:
        state = request.scope.get("state", {})
        language = tongue.current()
        return {
            "lang": language,
            "dir": tongues.direction(language),
            "languages": tongue.languages(),
            "drafted": tongue.drafted(language),
            "here": request.url.path,
            "session": state.get("session"),
            "badges": state.get("badges", {}),
            "now": self._clock(),
        }


def may(session: Session | None, path: str, *, changes: bool = False) -> bool:
    """Whether this person may come to this address: what they may not do is not offered to them."""
    return session is not None and allow.allowed(session.grants, path, changes=changes)


def wants_part(request: Request) -> bool:
    """Whether htmx asks, for a part of the page to put in the place of another."""
    return request.headers.get("hx-request") == "true"
