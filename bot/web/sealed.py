"""Small values that travel in a cookie for some minutes: signed, each for one purpose, worthless after their time."""

from __future__ import annotations

import base64
import hmac
import json
from datetime import datetime
from typing import Any


def seal(key: bytes, purpose: str, value: Any, until: datetime) -> str:
    """The value as text (anything that JSON can say), signed, and good until then. Whoever holds it can read it."""
    packed = base64.urlsafe_b64encode(json.dumps([value, until.timestamp()]).encode()).decode()
    return f"{packed}.{_signature(key, purpose, packed)}"


def unseal(key: bytes, purpose: str, text: str, now: datetime) -> Any:
    """What was sealed for this purpose; None where it was not, or its time is over.

    >>> from datetime import UTC, timedelta
    >>> now = datetime(2026, 10, 14, tzinfo=UTC)
    >>> sealed = seal(b"key", "code", {"who": "ines"}, now + timedelta(minutes=10))
    >>> unseal(b"key", "code", sealed, now), unseal(b"key", "away", sealed, now)
    ({'who': 'ines'}, None)
    """
    packed, _, signature = text.partition(".")
    if not packed or not hmac.compare_digest(signature.encode(), _signature(key, purpose, packed).encode()):
        return None
    value, until = json.loads(base64.urlsafe_b64decode(packed))
    return value if now.timestamp() < until else None


def _signature(key: bytes, purpose: str, packed: str) -> str:
    return hmac.new(key, f"{purpose}:{packed}".encode(), "sha256").hexdigest()
