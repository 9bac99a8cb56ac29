"""What comes out of a file: the codebook, and what a person should know about how it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .. import Codebook


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that was read in a way that its author may not expect: where, and what."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}" if self.place else self.what


@dataclass(frozen=True, slots=True)
class Loaded:
    """``guids``: which theme a GUID of the file has become (only .qdc; empty for others). ``stated``: whether the file says
    which version it is."""

    codebook: Codebook
    notices: tuple[Notice, ...] = ()
    guids: Mapping[str, str] = field(default_factory=dict)
    stated: bool = True
