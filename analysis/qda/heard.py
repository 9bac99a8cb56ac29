"""What is known of a project while its texts are read, and what has to be told about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..codebook.files import Notice


@dataclass
class Heard:
    """What the codings of a project refer to: codes by GUID, coders too. ``notices`` fills up."""

    codes: Mapping[str, str]
    coder_of: Callable[[str], str]
    utf16: bool
    notices: list[Notice] = field(default_factory=list)

    def note(self, place: str, what: str) -> None:
        self.notices.append(Notice(place, what))
