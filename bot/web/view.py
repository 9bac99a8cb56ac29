"""From a Summary to what a page shows: the finding in words, bars, heat, quotes. Pure; no number is made here
that the Summary does not hold or that is not plain division of two of its numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from analysis.summary import Group as GroupFigures
from analysis.summary import Quote, Share, Summary

from . import tongues
from .charts import BANDS, Band, Scale, Tick, band, pack, scale
from .page import likely, listed, percent, thousands

DIMENSIONS = ("school", "language", "grade", "channel", "respondent")
"""The order in which groups are shown; any other dimension follows by name."""
REASONS = {
    "waiting": "Messaged, no reply yet",
    "stopped": "Asked us to stop",
    "no_address": "No usable number",
    "failed": "Message failed",
}


@dataclass(frozen=True, slots=True)
class Card:
    """One survey in the list."""

    href: str
    title: str
    asked: int
    answered: int
    rate: str
    leading: str
    detail: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of the ranked table. Positions are percentages of the drawing's width."""

    label: str
    href: str
    on: bool
    classes: str
    hidden: bool
    count: int
    share: str
    likely: str
    width: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of one group replied."""

    label: str
    hidden: bool
    share: str
    width: str
    least: bool


@dataclass(frozen=True, slots=True)
class Part:
    """The rates of one dimension, and where the rate of all families stands on their scale."""

    dimension: str
    whole: str
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why so many were not heard."""

    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Unheard:
    """Those who were asked and did not reply."""

    count: int
    text: str
    share: str
    parts: tuple[Part, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One column of the heat map; ``families`` is empty when even their number is hidden."""

    label: str
    families: str


@dataclass(frozen=True, slots=True)
class Dimension:
    """Columns that belong together."""

    label: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One share; no text when it is hidden."""

    band: str
    text: str


HIDDEN = Cell("hidden-cell", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One barrier across the groups, a tuple of cells for each dimension."""

    label: str
    on: bool
    cells: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """One table of the heat map."""

    dimensions: tuple[Dimension, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One quote. ``alone``: it is English already and stands without a translation."""

    original: str
    language: str
    english: str
    alone: bool
    caption: str


@dataclass(frozen=True, slots=True)
class Sub:
    """A part of the chosen barrier; no text when it is hidden."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything the findings page shows."""

    title: str
    href: str
    heading: str
    lede: str
    chosen: str
    coder: str
    question: str
    base: int
    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]
    waiting: str
    awaited: str
    unheard: Unheard
    heats: tuple[Heat, ...]
    bands: tuple[Band, ...]
    minimum: int
    quotes: tuple[Said, ...]
    quotes_note: str
    subs: tuple[Sub, ...]
    subs_note: str


def address(survey: str, theme: str | None = None) -> str:
    """Where the findings of a survey are, all of them or with one theme chosen."""
    query = f"?{urlencode({'theme': theme})}" if theme else ""
    return f"/findings/{quote(survey, safe='')}{query}"


def leaders(themes: Sequence[Share]) -> list[Share]:
    """The barriers that may be the one named most: no shown range lies wholly above theirs."""
    shown = [t for t in themes if t.count]
    if not shown:
        return []
    best = max(shown, key=lambda t: t.count)
    return [t for t in shown if t.high >= best.low]


def headline(themes: Sequence[Share]) -> str:
    """The finding in words. It never claims an order that the likely ranges do not bear out."""
    first = leaders(themes)
    if not first:
        return "No barrier has been named by enough families to show"
    if len(first) == 1:
        return f"{first[0].label} is the barrier families name most"
    # A label may hold a comma and an "and" of its own.
    names = [f"“{t.label}”" for t in first]
    if len(first) <= 3:
        return f"{listed(names)} are the barriers families name most"
    return f"No single barrier stands out; {names[0]} is among the {len(first)} named most"


def card(key: str, title: str, found: Summary | None) -> Card:
    """What the list says about one survey. ``found`` is None when nobody has been asked yet."""
    asked, answered = (found.asked, found.answered) if found else (0, 0)
    first = leaders(found.themes) if found else []
    if not asked:
        leading, detail = "", "No message of this survey has been sent yet."
    elif not answered:
        leading, detail = "", "No replies yet. They appear here as they come in."
    elif not first:
        leading, detail = "", "Too few replies have been coded to name a barrier."
    else:
        top = first[0]
        leading = f"{headline(found.themes)}." if found else ""
        whose = "Named by" if len(first) == 1 else f"{top.label}:"
        detail = f"{whose} {percent(top.share)}, likely {likely(top.low, top.high)}."
    rate = percent(answered / asked) if asked else ""
    return Card(address(key), title, asked, answered, rate, leading, detail)


def findings(key: str, title: str, found: Summary, theme: str | None) -> Findings | None:
    """The findings page, with one theme chosen or none. None when the survey's codebook has no such theme."""
    chosen = next((t for t in found.themes if t.theme == theme), None)
    if theme is not None and chosen is None:
        return None
    spoken = chosen or next(iter(leaders(found.themes)), None)
    axis = scale(max((s.high for s in (*found.themes, *found.apart) if s.count), default=0.1))
    return Findings(
        title=title,
        href=address(key),
        heading=heading(found, chosen),
        lede=lede(found, chosen, spoken),
        chosen=chosen.label if chosen else "",
        coder=found.coder or "",
        question="What families say makes it hard",
        base=found.heard,
        ticks=axis.ticks,
        bars=bars(key, found, chosen or spoken, axis),
        waiting=waiting(found.uncoded),
        awaited=awaited(found),
        unheard=unheard(found),
        heats=heats(found, spoken),
        bands=BANDS,
        minimum=found.minimum,
        quotes=tuple(said(q) for q in spoken.quotes) if spoken else (),
        quotes_note=f"About {spoken.label}" if spoken else "",
        subs=tuple(Sub(s.label, "" if s.count is None else thousands(s.count)) for s in spoken.subs)
        if spoken
        else (),
        subs_note="Families that named it. One family can name several.",
    )


def heading(found: Summary, chosen: Share | None) -> str:
    """The question or the finding: what the page is about, in one sentence."""
    if not found.heard:
        return "No replies yet" if not found.answered else "The replies are not coded yet"
    first = leaders(found.themes)
    if chosen is None or [chosen] == first:
        return headline(found.themes)
    if not chosen.count:
        return f"{chosen.label}: too few families named it to show"
    return f"{chosen.label}: named by {thousands(chosen.count)} of {thousands(found.heard)} families"


def lede(found: Summary, chosen: Share | None, spoken: Share | None) -> str:
    """How much, how sure, and for whom it speaks."""
    if not found.heard:
        return f"{thousands(found.asked)} families were asked."
    whom = "It speaks for families who replied."
    if spoken is None or not spoken.count:
        return whom
    named = (
        f"{thousands(spoken.count)} of {thousands(found.heard)} families whose replies are coded named "
        f"{'it' if chosen or len(leaders(found.themes)) == 1 else spoken.label}: {percent(spoken.share)}, "
        f"likely between {percent(spoken.low)} and {percent(spoken.high)} once chance is allowed for."
    )
    return f"{named} {whom}"


def bars(key: str, found: Summary, on: Share | None, axis: Scale) -> tuple[Bar, ...]:
    """The ranked barriers, then what is not a barrier, apart and drawn hollow."""
    rows = [(share, False, False) for share in found.themes]
    rows += [(share, True, index == 0) for index, share in enumerate(found.apart)]
    return tuple(bar(key, share, on, axis, apart=apart, first=first) for share, apart, first in rows)


def bar(key: str, share: Share, on: Share | None, axis: Scale, *, apart: bool, first: bool) -> Bar:
    lit = on is not None and share.theme == on.theme
    classes = [name for name, it in (("on", lit), ("apart", apart), ("first-apart", first)) if it]
    hidden = share.count is None
    return Bar(
        label=share.label,
        href="" if apart else address(key, share.theme),
        on=lit,
        classes=" ".join(classes),
        hidden=hidden,
        count=share.count or 0,
        share="" if hidden else percent(share.share),
        likely="" if hidden else likely(share.low, share.high),
        width="0" if hidden else axis.at(share.share),
        low="0" if hidden else axis.at(share.low),
        high="0" if hidden else axis.at(share.high),
    )


def waiting(uncoded: int) -> str:
    """What the table does not hold yet."""
    if not uncoded:
        return ""
    return "1 reply is not coded yet." if uncoded == 1 else f"{thousands(uncoded)} replies are not coded yet."


def awaited(found: Summary) -> str:
    """What an empty page is waiting for."""
    if not found.asked:
        return "No message of this survey has been sent. The first replies usually come within an hour of it."
    if not found.answered:
        return f"{thousands(found.asked)} families were asked. First replies usually come within the hour."
    return f"{waiting(found.uncoded)} They are read within minutes of their arrival while the coder runs."


def unheard(found: Summary) -> Unheard:
    """Those who were asked and have not replied: how many, of which groups, and why."""
    count = found.asked - found.answered
    share = percent(count / found.asked) if found.asked else "0%"
    return Unheard(
        count=count,
        text=f"of {thousands(found.asked)} families have not replied ({share}). What they would say is not on this page.",
        share=percent(found.answered / found.asked) if found.asked else "0%",
        parts=tuple(
            part(found, dimension)
            for dimension in ("language",)
            if found.answered and len(found.groups.get(dimension, {})) > 1
        ),
        reasons=tuple(
            Reason(label, found.unheard[outcome])
            for outcome, label in REASONS.items()
            if found.unheard.get(outcome)
        ),
    )


def group_name(dimension: str, value: str) -> str:
    """What a group is called on the page."""
    return tongues.name(value) if dimension == "language" else value


def part(found: Summary, dimension: str) -> Part:
    """How many of each group replied, on a scale that ends at the best of them."""
    rates = {
        group_name(dimension, value): None
        if not group.asked or group.answered is None
        else group.answered / group.asked
        for value, group in found.groups[dimension].items()
    }
    whole = found.answered / found.asked
    end = max([rate for rate in rates.values() if rate is not None] + [whole]) * 1.1 or 1.0
    least = min((rate for rate in rates.values() if rate is not None), default=None)
    ordered = sorted(rates.items(), key=lambda one: (one[1] is None, -(one[1] or 0), one[0]))
    return Part(
        dimension=dimension,
        whole=f"{whole / end * 100:.2f}",
        rates=tuple(
            Rate(
                label=label,
                hidden=rate is None,
                share="" if rate is None else percent(rate),
                width=f"{(rate or 0) / end * 100:.2f}",
                least=rate is not None and rate == least and rate < whole,
            )
            for label, rate in ordered
        ),
    )


def heats(found: Summary, on: Share | None) -> tuple[Heat, ...]:
    """Each barrier's share in each group, dimension by dimension, in as many tables as it takes."""
    named = [d for d in DIMENSIONS if d in found.groups]
    named += sorted(d for d in found.groups if d not in DIMENSIONS)
    shown = [(d, sorted(found.groups[d].items(), key=lambda one: rank(d, *one))) for d in named]
    shown = [(d, groups) for d, groups in shown if len(groups) > 1 and any(g.heard for _, g in groups)]
    return tuple(
        heat([shown[index] for index in indices], found.themes, on)
        for indices in pack([len(groups) for _, groups in shown])
    )


def rank(dimension: str, value: str, group: GroupFigures) -> tuple[object, ...]:
    """Schools and languages by size; grades and the like in their own order, kindergarten first."""
    if dimension in ("school", "language"):
        return (-(group.heard or 0), value)
    number = re.match(r"\d+", value)
    return (0 if value.upper().startswith(("PK", "K")) else 1, int(number[0]) if number else 0, value)


def heat(
    dimensions: Sequence[tuple[str, Sequence[tuple[str, GroupFigures]]]],
    themes: Sequence[Share],
    on: Share | None,
) -> Heat:
    return Heat(
        tuple(
            Dimension(
                d,
                tuple(
                    Group(group_name(d, v), "" if g.heard is None else thousands(g.heard)) for v, g in groups
                ),
            )
            for d, groups in dimensions
        ),
        tuple(
            Row(
                t.label,
                on is not None and t.theme == on.theme,
                tuple(tuple(cell(g.themes.get(t.theme)) for _, g in groups) for _, groups in dimensions),
            )
            for t in themes
        ),
    )


def cell(share: float | None) -> Cell:
    return HIDDEN if share is None else Cell(band(share), percent(share))


ORIGINS = {"person": "English by a person", "glossary": "English from the glossary"}


def origin(english_origin: str) -> str:
    """Who or what made a translation, as the page says it."""
    kind, _, engine = english_origin.partition(":")
    return ORIGINS.get(
        kind, f"English by a machine{f' ({engine})' if engine else ''}, not checked by a person"
    )


def said(quote: Quote) -> Said:
    """One quote, and under it whose it is and who translated it."""
    alone = quote.language.split("-")[0] == "en"
    school = quote.groups.get("school")
    caption = [tongues.name(quote.language), school or "school not shown because the group is small"]
    if quote.english and not alone:
        caption.append(origin(quote.english_origin or "machine"))
    return Said(
        quote.original,
        quote.language,
        "" if alone else quote.english or "",
        alone,
        ", ".join(caption[:2]) + "".join(f". {c}" for c in caption[2:]),
    )
