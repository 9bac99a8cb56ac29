"""Which numbers a page shows and in which order: their state, the wave, the view, weighting, and who has to look at what."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from analysis.findings import Summary
from analysis.views import Ranking, View

from ...viewing import Viewed
from .addresses import address
from .figures import listed, thousands
from .groups import dimension_name, who

WAYS: dict[View, str] = {
    "named": "Named most",
    "within_reach": "What the school can change",
    "gap": "Largest gap between groups",
    "change": "Change since {before}",
}
TITLES: dict[View, str] = {
    "named": "What {people} say makes it hard",
    "within_reach": "What the school can change first",
    "gap": "Where groups differ most",
    "change": "What has changed since {before}",
}


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


def standing(viewed: Viewed, theme: str | None, zone: ZoneInfo, told: Collection[str]) -> Standing:
    """``theme`` is the one that is chosen, ``told`` the roles for which somebody is named, in small letters."""
    found, ranking = viewed.summary, viewed.ranking
    before = viewed.before or _before(viewed)
    wave = viewed.wave if viewed.waves and viewed.wave != viewed.waves[-1] else None
    return Standing(
        title=TITLES[ranking.view].format(people=who(found).many, before=before),
        state=state(found, zone),
        weighting=weighting(found),
        ways=tuple(
            Way(address(found.survey, theme, how, wave), label.format(before=before), how == ranking.view)
            for how, label in WAYS.items()
            if how != "change" or before
        ),
        waves=tuple(
            Way(
                address(found.survey, theme, None if ranking.view == "change" else ranking.view, name),
                name,
                name == viewed.wave,
            )
            for name in viewed.waves
        ),
        notes=ranking.notes,
        duties=duties(ranking, told),
    )


def _before(viewed: Viewed) -> str:
    if viewed.wave not in viewed.waves[1:]:
        return ""
    return viewed.waves[viewed.waves.index(viewed.wave) - 1]


def state(found: Summary, zone: ZoneInfo) -> str:
    """As of when the numbers are, and how many wait for the next state."""
    release = found.release
    if release is None or release.at is None:
        return ""
    said = f"Numbers as of {moment(release.at, zone)}."
    if not release.since:
        return said
    have, are = ("has", "is") if release.since == 1 else ("have", "are")
    return (
        f"{said} {thousands(release.since)} more {have} replied since and {are} counted once enough have: "
        "so nobody can tell what the last few said."
    )


def moment(at: datetime, zone: ZoneInfo) -> str:
    """
    >>> from datetime import UTC
    >>> moment(datetime(2026, 10, 14, 20, 5, tzinfo=UTC), ZoneInfo("America/New_York"))
    'Wednesday, October 14, 2026, 4:05 pm'
    """
    there = at.astimezone(zone)
    hour, half = there.hour % 12 or 12, "am" if there.hour < 12 else "pm"
    return f"{there:%A, %B} {there.day}, {there.year}, {hour}:{there:%M} {half}"


def weighting(found: Summary) -> str:
    """What raking to everybody asked did to what can be known."""
    if found.weighting is None or found.weighting.effect <= 1:
        return ""
    by = listed([dimension_name(name) for name in found.weighting.dimensions])
    alike = found.heard / found.weighting.effect
    return (
        f"“Weighted” counts each group as large as it is among all who were asked, by {by}. It makes the {who(found).of(found.heard)} "
        f"heard tell as much as {thousands(round(alike))} who are like everybody. It cannot speak for those who did not reply."
    )


def duties(ranking: Ranking, told: Collection[str]) -> tuple[Duty, ...]:
    """By role. All themes that imply a duty stand here, named or not: a list of those named would tell of few people."""
    themes: dict[str, list[str]] = {}
    for duty in ranking.duties:
        themes.setdefault(duty.role, []).append(f"“{duty.label}”")
    return tuple(Duty(role, listed(names), role.lower() not in told) for role, names in themes.items())
