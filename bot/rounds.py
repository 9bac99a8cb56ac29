"""How far a survey's conversations came: every person once, in one disposition, and how large a share answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis.codebook import Codebook
from analysis.findings import UNKNOWN, Asked, Response
from analysis.summary import summarize

from .store.tables import conversations, people, surveys

BEST_FIRST = (
    "complete", "partial", "started", "paused", "asked", "refused", "expired", "unreachable", "screened", "imported",
)  # fmt: skip
"""Whoever was asked twice counts once, by the first of these that befell them."""
OUTSIDE = ("screened", "imported")
"""Nobody waited for their answer: they are no part of a response rate."""
HIDDEN = Response(asked=None, answered=None, rate=None, at_most=None)


@dataclass(frozen=True, slots=True)
class Round:
    """A survey's dispositions, and its response rate: complete out of all who were to be asked (AAPOR's RR1).

    ``base`` is how many were to be asked. ``by`` has complete ones (``answered``) and the rate for each language and
    school, with None for what must be hidden.
    """

    survey: str
    dispositions: Mapping[str, int]
    base: int
    rate: float | None
    by: Mapping[str, Mapping[str, Response]]


async def look(
    db: AsyncConnection,
    key: str,
    codebook: Codebook,
    minimum: int,
    shown: Mapping[str, Mapping[str, Response]],
) -> Round:
    """The round of one survey, over all its versions.

    Small groups are hidden as the findings hide them, and every group whose number of people the findings hide:
    ``shown`` is the response that those show.
    """
    rows = await db.execute(
        select(people.c.id, people.c.language, people.c.school, conversations.c.state)
        .join(conversations, conversations.c.person_id == people.c.id)
        .join(surveys, surveys.c.id == conversations.c.survey_id)
        .where(surveys.c.key == key, conversations.c.state != "cut")
        .order_by(conversations.c.id)
    )
    best: dict[str, str] = {}
    groups: dict[str, dict[str, str]] = {}
    for row in rows:
        person = str(row.id)
        best[person] = min(best.get(person, row.state), row.state, key=BEST_FIRST.index)
        groups[person] = {"language": row.language or UNKNOWN, "school": row.school or UNKNOWN}
    counted = Counter(best.values())
    # The findings' own reckoning, with "answered" for those who came to the end.
    asked = [
        Asked(person, "answered" if state == "complete" else "waiting", groups[person])
        for person, state in best.items()
        if state not in OUTSIDE
    ]
    found = summarize(key, asked, [], codebook, minimum=minimum)
    return Round(
        survey=key,
        dispositions={state: counted[state] for state in BEST_FIRST if counted[state]},
        base=len(asked),
        rate=found.answered / len(asked) if asked else None,
        by={
            dimension: {
                value: HIDDEN if _hidden(shown, dimension, value) else response
                for value, response in groups.items()
            }
            for dimension, groups in found.unheard.response.items()
        },
    )


def _hidden(shown: Mapping[str, Mapping[str, Response]], dimension: str, value: str) -> bool:
    known = shown.get(dimension, {}).get(value)
    return known is not None and known.asked is None
