"""Makes the pages: one template, everything inside it. No script, no address of anywhere else, so that a file can be mailed."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ..web.assets import FOLDER as STATIC
from ..web.page import marked
from ..web.view import tongues
from .families import Page
from .organizers import Report
from .words import SOURCE, read

HERE = Path(__file__).parent
PAPERS = ("letter", "a4")


PAIR = re.compile(
    r"--([\w-]+):\s*(?:light-dark\(\s*([^,()]+(?:\([^()]*\))?)\s*,\s*([^,()]+(?:\([^()]*\))?)\s*\)|(#\w+));"
)
"""A colour of the pages: one for the light and one for the dark, or the same for both."""


@cache
def _colours() -> tuple[dict[str, str], dict[str, str]]:
    """The colours of the pages by name, light and dark, as the stylesheet of the web pages has them."""
    css = (STATIC / "openline.css").read_text("utf-8")
    block = css[css.index("/* Colours, ") : css.index("/* What Bootstrap draws")]
    found = [(name, light or both, dark or both) for name, light, dark, both in PAIR.findall(block)]
    return {name: light for name, light, _ in found}, {name: dark for name, _, dark in found}


@cache
def _palette() -> str:
    """As a style that paper knows as well: light, and dark for screens that want it."""
    light, dark = (
        ";".join(f"--{name}:{colour}" for name, colour in colours.items()) for colours in _colours()
    )
    return (
        f":root{{color-scheme:light dark;{light}}}\n@media (prefers-color-scheme: dark){{:root{{{dark}}}}}\n"
    )


def ink() -> dict[str, str]:
    """The light colours by name. Drawings have them as attributes too: a PDF's drawings know no stylesheet."""
    return _colours()[0]


def _style(name: str, paper: str) -> Markup:
    css = (HERE / "styles" / name).read_text("utf-8")
    sizes = f"@page {{ size: {paper}; }}\n@page wide {{ size: {paper} landscape; }}\n"
    return Markup(_palette() + css + sizes)  # noqa: S704  # our own files


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"direction": tongues.direction, "marked": marked}
    made.globals["ink"] = ink()
    return made


def for_organizers(report: Report, paper: str = "letter") -> str:
    """The report as HTML."""
    return _templates().get_template("report.html").render(r=report, css=_style("report.css", paper))


def for_families(page: Page, paper: str = "letter") -> str:
    """The page for families as HTML."""
    return (
        _templates()
        .get_template("family.html")
        .render(
            p=page,
            say=page.words.say,
            gap="" if page.words.language.startswith("zh") else " ",
            english_draft=read(SOURCE).say("draft"),
            css=_style("family.css", paper),
        )
    )
