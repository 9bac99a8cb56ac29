"""From a Summary to what a page shows. Pure; no number is made here that the Summary does not hold, but for plain
sums and shares of two of its totals.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from analysis.findings import Summary

from ...viewing import Viewed
from .addresses import address
from .charts import BANDS, Band, Tick
from .figures import likely, percent, shown, thousands
from .groups import who
from .heat import Heat, heats, unshown
from .quoted import Said, said
from .ranked import Bar, axis, bars, hidden
from .sentences import awaited, heading, headline, leaders, lede, left_out, second_opinion, tone
from .silence import Silence, silence
from .standing import Standing, standing
from .tongues import Understood, understood

__all__ = ["Card", "Findings", "Sub", "address", "card", "findings"]


@dataclass(frozen=True, slots=True)
class Card:
    """One survey in the list."""

    href: str
    title: str
    asked: str
    answered: str
    rate: str
    people: str
    leading: str
    detail: str


@dataclass(frozen=True, slots=True)
class Sub:
    """A part of the chosen barrier."""

    label: str
    count: str


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything the findings page shows."""

    title: str
    href: str
    heading: str
    lede: str
    chosen: str
    base: str
    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]
    hidden: str
    left_out: str
    awaited: str
    silence: Silence
    heats: tuple[Heat, ...]
    unshown: str
    bands: tuple[Band, ...]
    minimum: int
    people: str
    about: str
    quotes: tuple[Said, ...]
    subs: tuple[Sub, ...]
    tone: str
    second: str
    tongues: tuple[Understood, ...]
    standing: Standing


def card(key: str, title: str, found: Summary | None) -> Card:
    """What the list says about one survey. ``found`` is None when nobody has been asked yet."""
    if found is None or not found.asked:
        return Card(address(key), title, "", "", "", "", "", "No message of this survey has been sent yet.")
    leading, detail = _leading(found)
    rate = percent(found.answered / found.asked)
    return Card(
        address(key),
        title,
        thousands(found.asked),
        thousands(found.answered),
        rate,
        who(found).many,
        leading,
        detail,
    )


def _leading(found: Summary) -> tuple[str, str]:
    if not found.answered:
        return "", "No replies yet. They appear here as they come in."
    first = leaders(found.themes)
    numbers = shown(first[0]) if first else None
    if numbers is None:
        return "", "Too few replies have been coded to name a barrier."
    whose = "Named by" if len(first) == 1 else f"{first[0].label}:"
    return (
        f"{headline(found)}.",
        f"{whose} {percent(numbers.share)}, likely {likely(numbers.low, numbers.high)}.",
    )


def findings(
    key: str, title: str, viewed: Viewed, theme: str | None, zone: ZoneInfo, told: Collection[str] = ()
) -> Findings | None:
    """The findings page in one view, with one theme chosen or none. None when there is no such theme.

    Moments are told on the clock of the ``zone``; for the roles that are ``told`` of duties somebody is named.
    """
    found = viewed.summary
    about = standing(viewed, theme, zone, told)
    wave = next((viewed.wave for way in about.waves[:-1] if way.on), None)

    def link(code: str | None) -> str:
        return address(key, code, viewed.ranking.view, wave)

    chosen = next((finding for finding in found.themes if finding.theme == theme), None)
    if theme is not None and chosen is None:
        return None
    spoken = chosen or next(iter(leaders(found.themes)), None)
    along = axis(found)
    return Findings(
        title=title,
        href=link(None),
        heading=heading(found, chosen),
        lede=lede(found, chosen, spoken),
        chosen=chosen.label if chosen else "",
        base=thousands(found.heard),
        ticks=along.ticks,
        bars=bars(found, viewed.ranking, spoken, link, along) if found.heard else (),
        hidden=", ".join(f"“{label}”" for label in hidden(found)),
        left_out=left_out(found),
        awaited=awaited(found),
        silence=silence(found),
        heats=heats(found, spoken) if found.heard else (),
        unshown=unshown(found) if found.heard else "",
        bands=BANDS,
        minimum=found.minimum,
        people=who(found).many,
        about=spoken.label if spoken else "",
        quotes=tuple(said(one) for one in spoken.quotes) if spoken else (),
        subs=tuple(Sub(sub.label, thousands(sub.count)) for sub in spoken.subs if sub.count)
        if spoken
        else (),
        tone=tone(spoken) if spoken else "",
        second=second_opinion(spoken) if spoken else "",
        tongues=understood(found),
        standing=about,
    )
