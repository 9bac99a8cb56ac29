"""Which numbers a page shows and in which order: their state, the wave, the view, weighting, and who has to look at what."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import dates

from analysis.findings import Summary
from analysis.views import Ranking, View

from ...viewing import Viewed
from .. import tongue
from ..tongue import say, say_n
from .addresses import Look
from .figures import listed, thousands
from .groups import dimension_name, who
from .themes import called

OF_GROUPS: tuple[View, ...] = ("named", "within_reach")
"""The views in which the findings of one group can be shown."""


@dataclass(frozen=True, slots=True)
class Way:
    """A link to the same findings in another order, or of another wave."""

    href: str
    label: str
    on: bool


@dataclass(frozen=True, slots=True)
class Duty:
    """A theme at which a role has to look whenever somebody names it. ``untold``: nobody is named for the role."""

    role: str
    themes: str
    untold: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What a findings page says of its numbers as a whole."""

    title: str
    state: str
    weighting: str
    ways: tuple[Way, ...]
    waves: tuple[Way, ...]
    notes: tuple[str, ...]
    duties: tuple[Duty, ...]


def standing(viewed: Viewed, look: Look, zone: ZoneInfo, told: Collection[str]) -> Standing:
    """``look`` is what the page shows, ``told`` the roles for which somebody is named, in small letters."""
    found, ranking = viewed.summary, viewed.ranking
    before = viewed.before or _before(viewed)
    return Standing(
        title=_title(ranking.view, who(found).many, before),
        state=state(found, zone),
        weighting=weighting(found),
        ways=tuple(
            # Gaps and changes are of everybody: with them no group is chosen.
            Way(
                replace(look, view=how, groups=look.groups if how in OF_GROUPS else ()).href(),
                label,
                how == ranking.view,
            )
            for how, label in _ways(before).items()
            if how != "change" or before
        ),
        waves=tuple(
            Way(
                replace(look, wave=name, view="named" if ranking.view == "change" else ranking.view).href(),
                name,
                name == viewed.wave,
            )
            for name in viewed.waves
        ),
        notes=ranking.notes,
        duties=duties(ranking, told),
    )


def _ways(before: str) -> dict[View, str]:
    return {
        "named": say("Named most"),
        "within_reach": say("What the school can change"),
        "gap": say("Largest gap between groups"),
        "change": say("Change since {before}").format(before=before),
    }


def _title(how: View, people: str, before: str) -> str:
    if how == "named":
        return say("What {people} say makes it hard").format(people=people)
    if how == "within_reach":
        return say("What the school can change first")
    if how == "gap":
        return say("Where groups differ most")
    return say("What has changed since {before}").format(before=before)


def _before(viewed: Viewed) -> str:
    if viewed.wave not in viewed.waves[1:]:
        return ""
    return viewed.waves[viewed.waves.index(viewed.wave) - 1]


def state(found: Summary, zone: ZoneInfo) -> str:
    """As of when the numbers are, and how many wait for the next state."""
    release = found.release
    if release is None or release.at is None:
        return ""
    said = say("Numbers as of {moment}.").format(moment=moment(release.at, zone))
    if not release.since:
        return said
    more = say_n(
        "{n} more has replied since and is counted once enough have: so nobody can tell what the last few said.",
        "{n} more have replied since and are counted once enough have: so nobody can tell what the last few said.",
        release.since,
    )
    return f"{said} {more.format(n=thousands(release.since))}"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """
    >>> from datetime import UTC
    >>> moment(datetime(2026, 10, 14, 20, 5, tzinfo=UTC), ZoneInfo("America/New_York"))
    'Wednesday, October 14, 2026, 4:05 pm'
    """
    there = at.astimezone(zone)
    if tongue.current() != tongue.SOURCE:
        locale = tongue.current().replace("-", "_")
        return f"{dates.format_date(there.date(), 'full', locale=locale)}, {dates.format_time(there, 'short', locale=locale)}"
    hour, half = there.hour % 12 or 12, "am" if there.hour < 12 else "pm"
    return f"{there:%A, %B} {there.day}, {there.year}, {hour}:{there:%M} {half}"


def weighting(found: Summary) -> str:
    """What raking to everybody asked did to what can be known."""
    if found.weighting is None or found.weighting.effect <= 1:
        return ""
    text = say(
        "“Weighted” counts each group as large as it is among all who were asked, by {groups}. It makes the {families} heard "
        "tell as much as {number} who are like everybody. It cannot speak for those who did not reply."
    )
    return text.format(
        groups=listed([dimension_name(name) for name in found.weighting.dimensions]),
        families=who(found).of(found.heard),
        number=thousands(round(found.heard / found.weighting.effect)),
    )


def duties(ranking: Ranking, told: Collection[str]) -> tuple[Duty, ...]:
    """By role. All themes that imply a duty stand here, named or not: a list of those named would tell of few people."""
    themes: dict[str, list[str]] = {}
    for duty in ranking.duties:
        themes.setdefault(duty.role, []).append(f"“{called(duty.label)}”")
    return tuple(Duty(role, listed(names), role.lower() not in told) for role, names in themes.items())
