"""From replies to findings, without database or network.

In a notebook, of any table of coded replies: ``print(analysis.as_text(found := analysis.summarise(frame)))``, and
``pandas.DataFrame(analysis.rows(found))`` makes a table of it again.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .frame import FrameError, rows, summarise
    from .report import as_text

__all__ = ["FrameError", "as_text", "rows", "summarise"]
_HOME = {"FrameError": "frame", "as_text": "report", "rows": "frame", "summarise": "frame"}


def __getattr__(name: str) -> Any:
    # Nothing is loaded before it is used: a web process that only needs the codebook does not carry the rest.
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)
