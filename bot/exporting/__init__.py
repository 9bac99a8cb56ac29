"""Findings and replies as files for other programs: Excel, CSV, data packages, Parquet, SPSS, NVivo and ATLAS.ti, JSON.

There are two kinds. *Findings* come from a summary and from results, so they hold nothing that pages hide: they may be
published. *Replies* are what people said, for the staff's own work. Each file says which it is. ``figures`` are findings
once more, as rows that programs read from the database through views; ``coming_back`` reads codings of other programs.
"""

from __future__ import annotations

from .extra import NotInstalled
from .formats import FORMATS, Format, Job, WrongEnding, of
from .tables import PURPOSES, About, Column, Sheet, Tables

__all__ = [
    "FORMATS",
    "PURPOSES",
    "About",
    "Column",
    "Format",
    "Job",
    "NotInstalled",
    "Sheet",
    "Tables",
    "WrongEnding",
    "of",
]
