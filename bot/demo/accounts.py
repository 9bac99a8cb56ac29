"""Holds the providers' books against ours when the round is over: nothing lost, nothing doubled, no STOP overheard."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select

from ..app import App
from ..store.tables import addresses, alerts, answers, messages
from .crowd import Crowd

OPEN = ("queued", "sending", "uncertain", "held")
"""States in which nobody knows yet what becomes of a message."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """What was counted on both sides, and every difference in words."""

    sent: int
    delivered: int
    failed: int
    refused: int
    heard: int
    repeated: int
    stopped: int
    endangered: int
    problems: tuple[str, ...]

    @property
    def line(self) -> str:
        """One line for the person who watches."""
        if self.problems:
            return f"The accounts do not add up: {'; '.join(self.problems)}."
        return (
            f"Every message accounted for: {self.sent:,} sent and received, {self.failed + self.refused:,} more "
            f"could not be delivered; {self.heard:,} heard, {self.repeated:,} of them delivered twice and answered once; "
            f"{self.stopped:,} people said STOP in the round and were left alone; {self.endangered:,} wrote what a person "
            "should look at before anything else is asked."
        )


async def check(app: App, crowd: Crowd) -> Accounts:
    """Compare every message in the store with what the two providers took and what people wrote."""
    async with app.database.read() as db:
        rows = (
            await db.execute(
                select(
                    messages.c.direction,
                    messages.c.channel,
                    messages.c.address,
                    messages.c.text,
                    messages.c.provider_id,
                    messages.c.state,
                )
            )
        ).all()
        # Several messages that are one answer are kept on a line each.
        kept = Counter(
            line for said in (await db.execute(select(answers.c.heard))).scalars() for line in _apart(said)
        )
        endangered = set(
            (
                await db.execute(
                    select(addresses.c.address)
                    .join(alerts, alerts.c.person_id == addresses.c.person_id)
                    .where(alerts.c.kind != "person")
                )
            ).scalars()
        )
    out = [row for row in rows if row.direction == "out"]
    heard = [row for row in rows if row.direction == "in"]
    ours = {(row.channel, row.provider_id) for row in out if row.provider_id is not None}
    theirs = [("sms", message.sid) for message in crowd.twilio.messages]
    theirs += [("telegram", f"{message.chat}:{message.id}") for message in crowd.telegram.messages]
    refused = sum(row.state == "failed" and row.provider_id is None for row in out)
    written = Counter((row.address, row.text) for row in heard)
    return Accounts(
        sent=sum(row.state in ("sent", "delivered", "read") for row in out),
        delivered=sum(row.state == "delivered" for row in out),
        failed=sum(row.state == "failed" and row.provider_id is not None for row in out),
        refused=refused,
        heard=len(heard),
        repeated=crowd.twilio.repeated + crowd.telegram.repeated,
        stopped=sum(part.stopped for part in crowd.parts.values()),
        endangered=len(endangered),
        problems=tuple(
            _found(
                {
                    "messages taken by a provider that the store does not know": len(set(theirs) - ours),
                    "messages sent by the store that no provider has": len(ours - set(theirs)),
                    "refusals that the store and the provider count differently": abs(
                        refused - crowd.refused
                    ),
                    "messages that are not settled": sum(row.state in OPEN for row in out),
                    "messages that differ from what was written": _differ(written, Counter(crowd.said)),
                    "answers that are not in the words that were written": sum(
                        (kept - Counter(line for _, text in crowd.said for line in _apart(text))).values()
                    ),
                    "people who got more than one message after STOP": sum(
                        part.after_stop > 1 for part in crowd.parts.values()
                    ),
                    # Whoever may be in danger is asked nothing more until a person has looked.
                    "people who were cut short": sum(
                        not part.done and address not in endangered for address, part in crowd.parts.items()
                    ),
                }
            )
        ),
    )


def _apart(said: str) -> list[str]:
    return said.split("\n")


def _found(counted: dict[str, int]) -> list[str]:
    return [f"{count} {what}" for what, count in counted.items() if count]


def _differ(stored: Counter[tuple[str, str]], written: Counter[tuple[str, str]]) -> int:
    return sum((stored - written).values()) + sum((written - stored).values())
