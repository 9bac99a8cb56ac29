"""The findings in the order that answers one question: what is named most, what the school can change, gaps, change."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.codebook import Codebook
from analysis.findings import Summary
from analysis.views import Ranking, View, ranked

from .store.coders import Coders
from .waves import NoWave, Wave

Findings = Callable[[str, str | None], Awaitable[Summary | None]]
"""The findings of a survey and wave, in the state that is shown."""


@dataclass(frozen=True, slots=True)
class Viewed:
    """The findings, their order, the wave they are of ("" where the survey has none), all waves, and what they are compared
    with in the view "change". ``at``: when the numbers were looked at last, and the ``coders`` they are from, where pages ask."""

    summary: Summary
    ranking: Ranking
    wave: str
    waves: tuple[str, ...]
    before: str
    at: datetime | None = None
    coders: Coders | None = None


async def view(
    findings: Findings,
    book: Codebook,
    survey: str,
    waves: Sequence[Wave],
    wave: Wave | None,
    surveys: Sequence[str],
    how: View,
    against: str | None,
) -> Viewed | None:
    """One view of a survey's wave. ``against`` names an earlier wave or another survey to compare with; without it that is
    the wave before. None where nobody was asked. Raises NoWave where there is nothing to compare with."""
    name = wave.name if wave else None
    found = await findings(survey, name)
    if found is None:
        return None
    before, then = "", None
    if how == "change":
        before = against or _before(waves, wave)
        names = [one.name for one in waves]
        if before in names:
            then = await findings(survey, before)
        elif before in surveys and before != survey:
            then = await findings(before, None)
        else:
            raise NoWave(
                f"To show what has changed: name an earlier wave of {survey} ({', '.join(names) or 'it has none'}) or "
                "another survey."
            )
        if then is None or not then.heard:
            raise NoWave(f"Nobody has been heard in {before}, so there is nothing to compare with.")
    return Viewed(found, ranked(found, book, how, then), name or "", tuple(one.name for one in waves), before)


def _before(waves: Sequence[Wave], wave: Wave | None) -> str:
    earlier = [one.name for one in waves if wave and one.begins < wave.begins]
    return earlier[-1] if earlier else ""
