"""How sure a translation is, in a word that staff can act on."""

from __future__ import annotations

from typing import Literal

Sure = Literal["sure", "fair", "doubtful", "not known"]

SURE, FAIR = 0.8, 0.6
"""From here on a machine's translation is called so. They follow the scale on which confidence is reckoned."""


def word(origin: str | None, confidence: float | None) -> Sure:
    """What to call it. A person who translated it is sure.

    >>> word("person", None), word("machine:x", 0.9), word("machine:x", 0.65), word("machine:x", 0.2), word("machine:x", None)
    ('sure', 'sure', 'fair', 'doubtful', 'not known')
    """
    if origin == "person":
        return "sure"
    if confidence is None:
        return "not known"
    return "sure" if confidence >= SURE else "fair" if confidence >= FAIR else "doubtful"


def same(one: str | None, other: str) -> bool:
    """Whether somebody who reads one language reads the other: Mexican Spanish and Spanish.

    >>> same("es-MX", "es"), same("zh-Hans", "en"), same(None, "en")
    (True, False, False)
    """
    return one is not None and one.partition("-")[0].lower() == other.partition("-")[0].lower()
