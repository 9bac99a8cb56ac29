"""A page as a PDF that can be read aloud (PDF/UA-1). WeasyPrint sets it with Pango, and is loaded only here."""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib import import_module
from typing import Any

MISSING = """A PDF needs Pango, which is not here. Install it:
  Debian, Ubuntu  apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
  macOS           brew install pango
  Windows         MSYS2 from msys2.org, then in its window: pacman -S mingw-w64-x86_64-pango
Or write an HTML file and print it to PDF from a browser."""

STEPS = 2
"""Of making a PDF."""


class NoPaper(Exception):  # noqa: N818
    """No PDF can be made here; the text says what to install."""


def pdf(html: str, step: Callable[[], None] = lambda: None) -> bytes:
    """The page as a tagged PDF with its title and language. ``step`` is called after each of STEPS. Raises NoPaper.

    Nothing is fetched: a page that names an address gets none.
    """
    weasyprint = _weasyprint()
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=())
    document = weasyprint.HTML(string=html, url_fetcher=nothing).render(pdf_variant="pdf/ua-1")
    step()
    written: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    step()
    return written


def _weasyprint() -> Any:
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)  # it tells of every rule that is for screens
    try:
        return import_module("weasyprint")
    except (ImportError, OSError):
        raise NoPaper(MISSING) from None
