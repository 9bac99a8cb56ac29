"""What all tables stand in."""

from __future__ import annotations

from sqlalchemy import MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

TRIAL = "try-"
"""How the key of a copy begins that staff ask themselves: what they answer is nobody's answer to the survey."""
OPEN = "('queued', 'sending', 'uncertain')"
"""States in which a message may still go out; a later one to the same address waits for it."""
WAITING = "('asked', 'started')"
"""Dispositions in which a conversation waits for an answer (survey_flows.dispositions.OPEN)."""
