"""From the rows to what findings are made of: who was asked, who answered, in whose words; ``analysis`` does the reckoning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis.findings import UNKNOWN, Asked, Outcome, Voice

from .interpreting import ENGLISH
from .store.memory import AT_ONCE, SAID, digest
from .store.tables import addresses, answers, codings, conversations, messages, people, surveys, translations


async def gather(db: AsyncConnection, key: str) -> tuple[list[Asked], list[Voice]]:
    """Everybody who was asked in any version of this survey, and every coded answer."""
    asked = await everyone(db, key)
    return asked, await _voices(db, key, {UUID(one.person): one.groups for one in asked})


def _groups(row: Any) -> dict[str, str]:
    return {
        "language": row.language or UNKNOWN,
        "school": row.school or UNKNOWN,
        "channel": row.channel or "imported",
        "respondent": row.respondent,
        **{str(name): str(value) or UNKNOWN for name, value in (row.groups or {}).items()},
    }


async def everyone(db: AsyncConnection, key: str) -> list[Asked]:
    """One for each person, with what became of asking them."""
    said = select(answers.c.person_id).join(surveys, surveys.c.id == answers.c.survey_id)
    answered = set((await db.execute(said.where(surveys.c.key == key))).scalars())
    went = (
        select(
            messages.c.conversation_id.label("conversation_id"),
            func.max(case((messages.c.state.in_(["sent", "delivered", "read"]), 1), else_=0)).label(
                "through"
            ),
            func.max(case((messages.c.state == "failed", 1), else_=0)).label("failed"),
        )
        .where(messages.c.direction == "out", messages.c.conversation_id.is_not(None))
        .group_by(messages.c.conversation_id)
        .subquery()
    )
    rows = await db.execute(
        select(
            people.c.id,
            people.c.language,
            people.c.school,
            people.c.respondent,
            people.c.groups,
            addresses.c.channel,
            conversations.c.state,
            went.c.through,
            went.c.failed,
        )
        .join(conversations, conversations.c.person_id == people.c.id)
        .join(surveys, surveys.c.id == conversations.c.survey_id)
        .outerjoin(addresses, addresses.c.id == conversations.c.address_id)
        .outerjoin(went, went.c.conversation_id == conversations.c.id)
        .where(surveys.c.key == key, conversations.c.state != "cut")
        .order_by(conversations.c.id)
    )
    return list({row.id: Asked(str(row.id), _outcome(row, answered), _groups(row)) for row in rows}.values())


def _outcome(row: Any, answered: set[UUID]) -> Outcome:
    if row.id in answered:
        return "answered"
    if row.state == "refused":
        return "stopped"
    if row.channel is None or (row.state == "unreachable" and not row.failed):
        return "no_address"
    return "failed" if row.failed and not row.through else "waiting"


async def _voices(db: AsyncConnection, key: str, groups: Mapping[UUID, Mapping[str, str]]) -> list[Voice]:
    """One for each coded answer: whose, in which words, which themes."""
    rows = await db.execute(
        select(
            answers.c.id,
            answers.c.person_id,
            answers.c.language,
            answers.c.heard,
            answers.c.sentiment,
            answers.c.polarity,
            answers.c.language_score,
            codings.c.theme,
            codings.c.probability,
        )
        .join(surveys, surveys.c.id == answers.c.survey_id)
        .join(codings, and_(codings.c.answer_id == answers.c.id, codings.c.coder == answers.c.coder))
        .where(surveys.c.key == key)
        .order_by(answers.c.id)
    )
    said: dict[UUID, tuple[Any, dict[str, float]]] = {}
    for row in rows:
        said.setdefault(row.id, (row, {}))[1][row.theme] = row.probability
    english = await _english(db, (row for row, _ in said.values()))
    return [
        Voice(
            person=str(row.person_id),
            language=row.language,
            original=row.heard,
            english=(read := english.get((digest(row.heard), row.language), (None, None, row.polarity)))[0],
            english_origin=read[1],
            themes=themes,
            groups=groups.get(row.person_id, {}),
            sentiment=row.sentiment,
            polarity=read[2] if row.polarity is None else row.polarity,
            certainty=row.language_score,
        )
        for row, themes in said.values()
    ]


async def _english(
    db: AsyncConnection, rows: Iterable[Any]
) -> dict[tuple[str, str], tuple[str, str, float | None]]:
    """The English of these answers, where it came from, and its polarity, by the digest and language of their words."""
    digests = sorted({digest(row.heard) for row in rows if row.language != ENGLISH})
    english: dict[tuple[str, str], tuple[str, str, float | None]] = {}
    for start in range(0, len(digests), AT_ONCE):
        found = await db.execute(
            select(
                translations.c.digest,
                translations.c.source,
                translations.c.text,
                translations.c.origin,
                translations.c.polarity,
            ).where(
                translations.c.target == ENGLISH,
                translations.c.context == SAID,
                translations.c.text.is_not(None),
                translations.c.digest.in_(digests[start : start + AT_ONCE]),
            )
        )
        english |= {(row.digest, row.source): (row.text, row.origin, row.polarity) for row in found}
    return english
