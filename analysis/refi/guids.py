"""Names of things in REFI-QDA: the same thing has the same GUID in every file that Openline ever writes.

So a tool that has read one file knows what is already there when it reads the next.
"""

from __future__ import annotations

import re
import uuid

OPENLINE = uuid.UUID("6f0c1d7e-5f4b-5d0a-9a63-0f7b6c1d2e4a")
"""The room that our names live in. Never change it: every name would change."""
_GUID = re.compile(r"\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?")


def guid(kind: str, *names: str) -> str:
    """The GUID of one thing: its kind and the ids that lead to it.

    >>> guid("code", "school_barriers", "transport.cost") == guid("code", "school_barriers", "transport.cost")
    True
    """
    # NUL cannot stand in an id, so two different lists of ids never make one name.
    return str(uuid.uuid5(OPENLINE, "\0".join((kind, *names))))


def read_guid(given: str) -> str | None:
    """The GUID as we write it: some tools put it in braces or in capitals. None: it is none.

    >>> read_guid("{6F0C1D7E-5F4B-5D0A-9A63-0F7B6C1D2E4A}")
    '6f0c1d7e-5f4b-5d0a-9a63-0f7b6c1d2e4a'
    """
    found = _GUID.fullmatch(given.strip())
    return found[1].lower() if found else None
