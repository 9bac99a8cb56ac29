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


@cache
def _palette() -> str:
    """The colours of the pages, light and dark, as the stylesheet of the web pages has them."""
    css = (STATIC / "openline.css").read_text("utf-8")
    return css[css.index("/* Colours.") : css.index("/* What Bootstrap draws")]


@cache
def ink() -> dict[str, str]:
    """The light colours by name. Drawings have them as attributes too: a PDF's drawings know no stylesheet."""
    light = _palette().partition("@media")[0]
    return dict(re.findall(r"--([\w-]+):\s*(#\w+)", light))


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
