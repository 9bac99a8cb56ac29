"""What people wrote back after a campaign's message: their words, for staff who answer them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..store.tables import messages, people, recipients

MOST = 500
"""So many are read at once, the newest."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One message that came after a campaign's. ``answered`` says whether anything has gone to that address since."""

    at: datetime
    person: str | None
    name: str | None
    language: str
    school: str | None
    channel: str
    address: str
    text: str
    answered: bool

    def to_json(self) -> dict[str, Any]:
        """For other programs."""
        return {name: getattr(self, name) for name in self.__slots__} | {"at": self.at.isoformat()}


async def replies(db: AsyncConnection, campaign_id: UUID) -> list[Reply]:
    """The last messages from this campaign's recipients, each since theirs was sent, the newest first."""
    heard, later = messages.alias("heard"), messages.alias("later")
    sent = (
        select(recipients.c.address_id, recipients.c.person_id, func.min(messages.c.sent_at).label("at"))
        .join(messages, messages.c.id == recipients.c.message_id)
        .where(recipients.c.campaign_id == campaign_id, messages.c.sent_at.is_not(None))
        .group_by(recipients.c.address_id, recipients.c.person_id)
        .subquery("sent")
    )
    since = (
        select(later.c.id)
        .where(
            later.c.address_id == heard.c.address_id, later.c.id > heard.c.id, later.c.sent_at.is_not(None)
        )
        .exists()
    )
    wanted = (
        select(heard.c.created_at, people.c.external_id, people.c.name, people.c.language, people.c.school,
               heard.c.channel, heard.c.address, heard.c.text, since.label("answered"))
        .join(sent, and_(sent.c.address_id == heard.c.address_id, heard.c.created_at >= sent.c.at))
        .join(people, people.c.id == sent.c.person_id)
        .where(heard.c.direction == "in")
        .order_by(heard.c.id.desc())
        .limit(MOST)
    )  # fmt: skip
    return [Reply(*row) for row in await db.execute(wanted)]
