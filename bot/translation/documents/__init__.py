"""What can be translated in a survey, a campaign and Openline's own phrases, and writing translations back into files."""

from .campaigns import campaign_units
from .phrases import phrase_units
from .places import HEARD
from .surveys import Document, survey_units
from .writing import Changes, Unwritable, lacking, write

__all__ = [
    "HEARD", "Changes", "Document", "Unwritable", "campaign_units", "lacking", "phrase_units", "survey_units", "write",
]  # fmt: skip
