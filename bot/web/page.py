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

from . import tongues
from .assets import Asset

FOLDER = Path(__file__).parent / "templates"
TAKEN_OUT = re.compile(r"\[[^\[\]\n]{1,30}\]")
"""What redaction leaves in the place of a name or a number: [name], [número]."""


def thousands(number: int) -> str:
    """
    >>> thousands(2416)
    '2,416'
    """
    return f"{number:,}"


def percent(share: float) -> str:
    """A share as people say it. Never 0% for something, never 100% for less than all.

    >>> percent(0.307), percent(0.002), percent(0.998), percent(0.0)
    ('31%', 'under 1%', 'over 99%', '0%')
    """
    if 0 < share < 0.005:
        return "under 1%"
    if 0.995 <= share < 1:
        return "over 99%"
    return f"{share * 100:.0f}%"


def likely(low: float, high: float) -> str:
    """An interval, short.

    >>> likely(0.271, 0.348)
    '27–35%'
    """
    return f"{low * 100:.0f}–{high * 100:.0f}%"


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


def listed(names: list[str]) -> str:
    """
    >>> listed(["Health"]), listed(["Health", "Work", "Home"])
    ('Health', 'Health, Work and Home')
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


class Page:
    """Call it with a request and the name of a template to get the response."""

    def __init__(self, assets: Mapping[str, Asset]) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["asset"] = lambda name: assets[name].url
        self._templates.filters |= {
            "direction": tongues.direction,
            "language": tongues.name,
            "likely": likely,
            "listed": listed,
            "marked": marked,
            "percent": percent,
            "thousands": thousands,
        }

    def __call__(
        self, request: Request, template: str, status: int = 200, section: str = "", **values: Any
    ) -> HTMLResponse:
        known = {
            "lang": "en",
            "dir": "ltr",
            "section": section,
            "here": request.url.path,
            "session": request.scope.get("state", {}).get("session"),
        }
        text = self._templates.get_template(template).render(known | values)
        return HTMLResponse(text, status)
