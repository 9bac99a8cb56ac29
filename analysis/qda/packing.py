"""The zip that a project is: packed the same way each time; unpacked in memory, with limits, nothing written to disk."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath

from .project import QdaError

LARGEST = 100_000_000
"""Bytes of a file that is read."""
LARGEST_INSIDE = 400_000_000
"""Bytes of all that is inside, unpacked."""
MOST = 20_000
"""Files inside."""
_THEN = (1980, 1, 1, 0, 0, 0)
# All that zipfile raises for damaged files, which its manual does not say.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, ValueError, OverflowError,
    NotImplementedError, RuntimeError, OSError,
)  # fmt: skip
_DAMAGED = "Export the project once more from the tool that made it."


def pack(files: Mapping[str, bytes]) -> bytes:
    """The files in their order, without the time of day: the same content gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _THEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            packed.writestr(entry, content, compresslevel=6)
    return out.getvalue()


class Packed:
    """What is inside a .qdpx. Raises QdaError for what no tool for coding writes."""

    def __init__(self, data: bytes, file: str) -> None:
        self.file = file
        if len(data) > LARGEST:
            what = f"the file is {len(data) / 1e6:.0f} MB; up to {LARGEST / 1e6:.0f} MB are read"
            raise QdaError(file, "", what, "Export without recordings and pictures, or a part at a time.")
        if not data.startswith(b"PK"):
            cure = "Give a project exported as REFI-QDA (.qdpx)."
            raise QdaError(file, "", "this is no packed project", cure)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except _BROKEN as error:
            raise QdaError(file, "", "the file is damaged", _DAMAGED) from error
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self._read = 0
        if len(entries) > MOST:
            raise QdaError(file, "", f"there are more than {MOST:,} files in it", "Export a part at a time.")
        for entry in entries:
            self._enter(entry)
        if sum(entry.file_size for entry in entries) > LARGEST_INSIDE:
            raise self._too_much()

    def _enter(self, entry: zipfile.ZipInfo) -> None:
        path = entry.filename.replace("\\", "/")
        if path.startswith("/") or ".." in PurePosixPath(path).parts or path[1:2] == ":":
            what = "a file inside names a place outside of it"
            raise QdaError(self.file, path[:80], what, "Ask where the project comes from; do not unpack it.")
        if entry.is_dir():
            return
        if entry.flag_bits & 1:
            raise QdaError(self.file, path[:80], "it is locked with a password", "Export it without one.")
        if self._entries.setdefault(path.lower(), entry) is not entry:
            raise QdaError(self.file, path[:80], "two files inside have the same name", _DAMAGED)

    def find(self, *paths: str) -> str | None:
        """The first of these paths that is inside; capitals do not matter."""
        return next((path.lower() for path in paths if path.lower() in self._entries), None)

    def ending(self, suffix: str) -> list[str]:
        """The files inside whose names end so, those at the top first."""
        return sorted(
            (path for path in self._entries if path.endswith(suffix)), key=lambda path: path.count("/")
        )

    def read(self, path: str) -> bytes:
        """One file. Its size is counted as it comes out: what a zip says about itself need not be true."""
        entry = self._entries[path.lower()]
        try:
            with self._zip.open(entry) as inside:
                content = inside.read(LARGEST_INSIDE - self._read + 1)
        except _BROKEN as error:
            raise QdaError(self.file, path[:80], "it cannot be unpacked", _DAMAGED) from error
        self._read += len(content)
        if self._read > LARGEST_INSIDE:
            raise self._too_much()
        return content

    def _too_much(self) -> QdaError:
        what = f"unpacked it is more than {LARGEST_INSIDE / 1e6:.0f} MB"
        return QdaError(self.file, "", what, "Export without recordings and pictures, or a part at a time.")
