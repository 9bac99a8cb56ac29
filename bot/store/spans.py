"""Conditions: which answers to a survey belong to a span of time, and whose reading of an answer counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import Column, ColumnElement, Select, and_, func, or_, true

from .tables import answers, conversations, surveys

Columns = TypeVarTuple("Columns")

READ_BY = func.coalesce(answers.c.decided, answers.c.coder)
"""Whose reading of an answer counts."""


@dataclass(frozen=True, slots=True)
class Span:
    """Which answers of a survey: given from ``begins`` on, before ``ends``, and up to and with ``at``. None is open.

    With ``at``, an answer to an anonymous survey counts once it has been cut from who gave it: until then its moment may
    still change.
    """

    begins: datetime | None = None
    ends: datetime | None = None
    at: datetime | None = None

    def answers(self) -> ColumnElement[bool]:
        """The condition on answers joined with surveys and conversations."""
        held = self._between(answers.c.created_at)
        if self.at is None:
            return held
        settled = or_(surveys.c.anonymous.is_(False), conversations.c.address_id.is_(None))
        return and_(held, answers.c.created_at <= self.at, settled)

    def conversations(self) -> ColumnElement[bool]:
        """The condition on conversations joined with surveys: those begun in it."""
        held = self._between(conversations.c.started_at)
        if self.at is None:
            return held
        # A stand-in was asked when the person was for whom it stands: only its answers wait.
        stand_in = and_(surveys.c.anonymous, conversations.c.address_id.is_(None))
        return and_(held, or_(stand_in, conversations.c.started_at <= self.at))

    def _between(self, moment: Column[datetime]) -> ColumnElement[bool]:
        first = moment >= self.begins if self.begins else true()
        return and_(first, moment < self.ends) if self.ends else first


ALWAYS = Span()


def here(wanted: Select[*Columns], key: str, span: Span) -> Select[*Columns]:
    """Of the answers to any version of this survey, those in the span."""
    return (
        wanted.select_from(answers)
        .join(surveys, surveys.c.id == answers.c.survey_id)
        .join(conversations, conversations.c.id == answers.c.conversation_id)
        .where(surveys.c.key == key, span.answers())
    )
