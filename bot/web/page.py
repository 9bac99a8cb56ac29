"""Makes a page: one template, the person who looks at it, and the addresses of the static files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from . import tongue
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


class Page:
    """Call it with a request and the name of a template to get the response."""

    def __init__(self, assets: Mapping[str, Asset]) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        self._templates.install_gettext_callables(  # type: ignore[attr-defined]
            tongue.say, tongue.say_n, newstyle=True, pgettext=tongue.say_in
        )
        self._templates.globals["asset"] = lambda name: assets[name].url
        self._templates.filters |= {
            "direction": tongues.direction,
            "marked": marked,
        }

    def __call__(
        self, request: Request, template: str, status: int = 200, section: str = "", **values: Any
    ) -> HTMLResponse:
        known = {
            "lang": tongue.current(),
            "dir": tongues.direction(tongue.current()),
            "languages": tongue.languages(),
            "section": section,
            "here": request.url.path,
            "session": request.scope.get("state", {}).get("session"),
        }
        text = self._templates.get_template(template).render(known | values)
        return HTMLResponse(text, status)
