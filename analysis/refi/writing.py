"""Writes XML by hand, in an order that never changes, so that the same content gives the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable

# What XML 1.0 cannot hold, however it is escaped.
_IMPOSSIBLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IN_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_IN_ATTRIBUTE = {**_IN_TEXT, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
_TEXT, _ATTRIBUTE = str.maketrans(_IN_TEXT), str.maketrans(_IN_ATTRIBUTE)
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def possible(text: str) -> str:
    """The text, with what XML cannot hold replaced by the sign for it (U+FFFD), one for one."""
    return _IMPOSSIBLE.sub("\ufffd", text)


def tag(name: str, attributes: dict[str, str | None], inside: Iterable[str] = (), text: str = "") -> str:
    """One element as text. Attributes that are None are left out; ``inside`` are elements written before."""
    given = "".join(
        f' {key}="{possible(value).translate(_ATTRIBUTE)}"'
        for key, value in attributes.items()
        if value is not None
    )
    content = possible(text).translate(_TEXT) + "".join(inside)
    return f"<{name}{given}>{content}</{name}>\n" if content else f"<{name}{given}/>\n"
