"""Zips from outside: how much really comes out of one, before anybody reads it."""

from __future__ import annotations

import struct
import sys
import zipfile
import zlib

CHUNK = 1 << 20
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    KeyError,
    RuntimeError,
    ValueError,
)
"""What zipfile raises for a zip whose bytes are wrong (NotImplementedError is a RuntimeError)."""


def unpacks_to_more(archive: zipfile.ZipFile, most: int) -> bool:
    """Whether a zip unpacks to more than so many bytes; what its directory says of it is only the quick answer.

    Each member is unpacked once, in pieces that are let go. Raises what ``BROKEN`` has where one is not as it says.
    """
    members = archive.infolist()
    if sum(member.file_size for member in members) > most:
        return True
    size = 0
    for member in members:
        # zipfile ends where the directory says that a member ends; other readers go on.
        said, member.file_size = member.file_size, sys.maxsize
        try:
            with archive.open(member) as part:
                while chunk := part.read(CHUNK):
                    size += len(chunk)
                    if size > most:
                        return True
        finally:
            member.file_size = said
    return False
