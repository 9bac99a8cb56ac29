"""Every route of the web side, however deep it is included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any


def every(routes: Iterable[Any]) -> Iterator[Any]:
    """The routes that have a path of their own; newer FastAPI keeps an included router whole."""
    for route in routes:
        if hasattr(route, "path"):
            yield route
        elif inner := getattr(route, "original_router", None):
            yield from every(inner.routes)
