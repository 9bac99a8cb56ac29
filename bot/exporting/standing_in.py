"""Names for answers and people outside of the store: they say nothing, and only whoever has the key finds the way back."""

from __future__ import annotations

from hashlib import sha256
from hmac import digest
from typing import Literal
from uuid import UUID

LENGTH = 16
"""Hexadecimal digits: among a million replies two share a name once in some forty million exports."""


class StandIns:
    """Random-looking names, always the same for the same key. A key that is thrown away makes them random."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def of(cls, secret: str, survey: str) -> StandIns:
        """Those by which codings of a survey come back, from the secret of this place."""
        return cls(digest(secret.encode(), f"openline export {survey}".encode(), sha256))

    def __call__(self, kind: Literal["reply", "person", "talk"], id_: UUID) -> str:
        return digest(self._key, kind.encode() + id_.bytes, sha256).hex()[:LENGTH]

    def package(self) -> str:
        """The name of an export made with these: a UUID that looks random (version 4)."""
        return str(UUID(bytes=digest(self._key, b"package", sha256)[:16], version=4))
