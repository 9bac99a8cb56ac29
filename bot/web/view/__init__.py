"""From a Summary to what a page shows. Pure; no number is made here that the Summary does not hold, but for plain
sums and shares of two of its totals.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from analysis.findings import Finding, Summary

from ...viewing import Viewed
from ..tongue import say
from .addresses import Look, address
from .charts import BANDS, Band, Tick
from .figures import likely, percent, shown, thousands
from .filters import Menu, group_title, groups_named, menus
from .groups import who
from .heat import Heat, heats, unshown
from .narrow import column, narrowed
from .quoted import Said, said
from .ranked import Bar, axis, bars, hidden
from .sentences import awaited, heading, headline, leaders, lede, left_out, second_opinion, tone
from .silence import Silence, silence
from .standing import OF_GROUPS, Standing, standing
from .tongues import Understood, understood
from .trend import Trend, over_waves

__all__ = ["Card", "Findings", "Look", "Sub", "address", "card", "findings"]


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
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sub:
    """A part of the chosen barrier."""

    label: str
    count: str


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything the findings page shows. ``about`` is the theme that is spoken of: the chosen one, or the first."""

    title: str
    look: Look
    href: str
    heading: str
    lede: str
    chosen: str
    group: str
    groups: str
    small: bool
    menus: tuple[Menu, ...]
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
    theme: str
    quotes: tuple[Said, ...]
    every_quote: int
    subs: tuple[Sub, ...]
    tone: str
    second: str
    tongues: tuple[Understood, ...]
    standing: Standing
    trend: Trend | None
    at: datetime | None

    @property
    def toggled(self) -> str:
        """The same page with numbers in place of shares, or the other way."""
        return replace(self.look, families=not self.look.families).href()

    @property
    def reading(self) -> str:
        """Where all quotes stand."""
        return Look(self.look.survey, self.look.wave, theme=self.theme).href("quotes")

    @property
    def behind(self) -> str:
        """The replies behind the theme, as far as this page is narrowed."""
        beside = {name: value for name, value in self.look.groups if name in ("school", "language")}
        query = {"wave": self.look.wave, "theme": self.theme, "school": beside.get("school", "")}
        query |= {"language": beside.get("language", "")}
        chosen = urlencode({name: value for name, value in query.items() if value})
        return f"/replies/{quote(self.look.survey, safe='')}?{chosen}"


def card(key: str, title: str, found: Summary | None, at: datetime | None = None) -> Card:
    """What the list says about one survey. ``found`` is None when nobody has been asked yet."""
    if found is None or not found.asked:
        nothing = say("No message of this survey has been sent yet.")
        return Card(address(key), title, "", "", "", "", "", nothing)
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
        at,
    )


def counting(key: str, title: str) -> Card:
    """The same while its numbers are being counted for the first time."""
    return Card(address(key), title, "", "", "", "", "", say("Being counted. Reload in a moment."))


def _leading(found: Summary) -> tuple[str, str]:
    if not found.answered:
        return "", say("No replies yet. They appear here as they come in.")
    first = leaders(found.themes)
    numbers = shown(first[0]) if first else None
    if numbers is None:
        return "", say("Too few replies have been coded to name a barrier.")
    values = {"share": percent(numbers.share), "likely": likely(numbers.low, numbers.high)}
    if len(first) == 1:
        detail = say("Named by {share}, likely {likely}.").format(**values)
    else:
        detail = say("{theme}: {share}, likely {likely}.").format(theme=first[0].label, **values)
    return f"{headline(found)}.", detail


def findings(
    look: Look,
    title: str,
    viewed: Viewed,
    zone: ZoneInfo,
    told: Collection[str] = (),
    crossed: Summary | None = None,
    waves: Sequence[tuple[str, Summary]] = (),
) -> Findings | None:
    """The findings page. None when there is no such theme or group.

    Moments are told on the clock of the ``zone``; for the roles that are ``told`` of duties somebody is named. ``crossed`` has
    the crossing that two groups need; ``waves`` are all waves' findings, the earliest first, where there are several.
    """
    everybody = viewed.summary
    there = all(value in everybody.groups.get(name, {}) for name, value in look.groups)
    if not there or (look.theme and look.theme not in {one.theme for one in everybody.themes}):
        return None
    if look.groups and look.view not in OF_GROUPS:
        return None
    group = column(crossed or everybody, look.groups) if look.groups else None
    found = narrowed(everybody, group) if look.groups else everybody
    chosen = _named(found, look.theme)
    spoken = chosen or next(iter(leaders(found.themes)), None)
    # Parts, tones and words are told of everybody only.
    of_all = _named(everybody, spoken.theme) if spoken else next(iter(leaders(everybody.themes)), None)
    along = axis(found)
    small = bool(look.groups) and not found.heard
    return Findings(
        title=title,
        look=look,
        href=look.of("").href(),
        heading=_heading(found, chosen, look, small),
        lede=_lede(found, chosen, spoken, look, small),
        chosen=chosen.label if chosen else "",
        group=group_title(look),
        groups=groups_named(look),
        small=small,
        menus=menus(everybody, look) if everybody.heard else (),
        base=thousands(found.heard),
        ticks=along.ticks,
        bars=bars(
            found, viewed.ranking, spoken, lambda code: look.of(code).href(), along, own=bool(look.groups)
        )
        if found.heard
        else (),
        hidden=", ".join(f"“{label}”" for label in hidden(found)) if found.heard else "",
        left_out=left_out(found),
        awaited="" if found.heard else awaited(found),
        silence=silence(everybody),
        heats=heats(everybody, spoken, look) if everybody.heard else (),
        unshown=unshown(everybody) if everybody.heard else "",
        bands=BANDS,
        minimum=everybody.minimum,
        people=who(everybody).many,
        about=of_all.label if of_all else "",
        theme=of_all.theme if of_all else "",
        quotes=tuple(said(one) for one in of_all.quotes[:QUOTES]) if of_all else (),
        every_quote=len(of_all.quotes) if of_all else 0,
        subs=tuple(Sub(sub.label, thousands(sub.count)) for sub in of_all.subs if sub.count)
        if of_all
        else (),
        tone=tone(of_all) if of_all else "",
        second=second_opinion(of_all) if of_all else "",
        tongues=understood(everybody),
        standing=standing(viewed, look, zone, told),
        trend=over_waves(waves, of_all.theme, look.groups) if of_all else None,
        at=viewed.at,
    )


QUOTES = 4


def _named(found: Summary, theme: str) -> Finding | None:
    return next((finding for finding in found.themes if finding.theme == theme), None)


def _heading(found: Summary, chosen: Finding | None, look: Look, small: bool) -> str:
    if small:
        text = say("{group}: too few {people} were heard to show their numbers")
        return text.format(group=group_title(look), people=who(found).many)
    return heading(found, chosen, group_title(look))


def _lede(found: Summary, chosen: Finding | None, spoken: Finding | None, look: Look, small: bool) -> str:
    if not small:
        return lede(found, chosen, spoken)
    text = say(
        "Numbers of fewer than {minimum}, and such as would give a small number away, are hidden: so nobody can be known by them. "
        "Look at a larger group, or at everybody."
    )
    return text.format(minimum=found.minimum)
