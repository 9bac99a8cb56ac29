"""Which of the Haiti 4636 messages are really Creole, by a rule: about a fifth are French, English or neither.

The messages themselves (CC BY 4.0, R. Munro) are not part of this project: people wrote them in distress.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from analysis.language import clean

SMS = Path(__file__).parents[3] / "shared" / "data" / "haiti_sms" / "disaster_response_validation.csv"
SHA256 = "2c6d4424e812b068ca2486a3c1b35bc0aea445643d922657e3023ae60387bc0b"
EVENT = "haiti_earthquake"

_CREOLE = (
    "mwen nou yo gen nan ki pou sa kote nap ap bezwen ede manje dlo tanpri kijan eske ak li pa m mw moun kay"
)
_NOT_CREOLE = (
    "je nous les des est vous sont pour dans avec une avons suis pas la le du et sur qui que mon ma"
    " i you it is have we the call"
)


def known() -> bool:
    """Whether the messages are here, and the very file that the figures are about."""
    return SMS.exists() and hashlib.sha256(SMS.read_bytes()).hexdigest() == SHA256


def is_creole(text: str) -> bool:
    """Whether a message has more of Creole's function words than of those of French and English."""
    words = clean(text).split()
    creole, other = _CREOLE.split(), _NOT_CREOLE.split()
    return sum(word in creole for word in words) > sum(word in other for word in words)
