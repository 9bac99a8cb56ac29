"""Libraries of the extra ``research``: loaded only when a format needs them, with a word on how to get them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

INSTALL = 'pip install "openline[research]"'


class NotInstalled(Exception):  # noqa: N818
    """A library for this format is missing; the text says how it is installed."""


def load(name: str, what: str) -> Any:
    """The module of this name. Raises NotInstalled."""
    try:
        return import_module(name)
    except ImportError as error:
        raise NotInstalled(f"{what} needs {name.partition('.')[0]}. Install it: {INSTALL}") from error
