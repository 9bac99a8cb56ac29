"""What the report for organizers holds, as texts and numbers that its template only has to set. Pure: every number is one of the
Summary's, or a plain sum or share of two of its totals.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from analysis.agreement import Agreement, Quality
from analysis.codebook import Codebook
from analysis.findings import Finding, Release, Summary
from analysis.items import Results
from bot.web.view.charts import BANDS, Band, Scale, Tick
from bot.web.view.chosen import Chosen, chosen
from bot.web.view.figures import likely, listed, percent, shown, thousands
from bot.web.view.groups import dimension_name, group_name, who
from bot.web.view.heat import Heat, heats, unshown
from bot.web.view.quoted import Said, said
from bot.web.view.ranked import axis, hidden
from bot.web.view.sentences import heading, leaders, lede, left_out, second_opinion, tone
from bot.web.view.silence import Silence, silence
from bot.web.view.tongues import Understood, understood

from . import checked, crossed, duties, lenses
from .checked import Checked
from .crossed import Crossing
from .duties import Duties
from .lenses import Lens


@dataclass(frozen=True, slots=True)
class Material:
    """All that a report is made of. ``made`` is the time of making, in the school's time zone. ``by`` are the dimensions to
    compare (None: all); ``before`` an earlier summary to compare with, and ``before_called`` how to call it. ``machine``
    are the versions of the coder, ``people`` whether people have read any of it."""

    title: str
    organization: str
    made: datetime
    found: Summary
    book: Codebook
    wave: str = ""
    by: tuple[str, ...] | None = None
    before: Summary | None = None
    before_called: str = ""
    results: Results | None = None
    machine: tuple[str, ...] = ()
    people: bool = False
    quality: Quality | None = None
    agreement: Agreement | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One bar with the numbers beside it. Positions are percentages of the drawing's width; ``corrected`` and ``weighted`` are
    empty where they are not known, ``href`` where the row is no barrier."""

    label: str
    href: str
    count: str
    share: str
    likely: str
    width: str
    low: str
    high: str
    corrected: str
    weighted: str


@dataclass(frozen=True, slots=True)
class Sub:
    """A part of a barrier."""

    label: str
    count: str
    share: str
    likely: str


@dataclass(frozen=True, slots=True)
class Barrier:
    """One barrier by itself: in numbers, in its parts, in how it sounds, in families' words."""

    anchor: str
    label: str
    meaning: str
    numbers: str
    subs: tuple[Sub, ...]
    tone: str
    second: str
    quotes: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the report shows."""

    title: str
    organization: str
    wave: str
    date: str
    state: str
    heading: str
    lede: str
    people: str
    asked: str
    answered: str
    heard: str
    rate: str
    minimum: int
    ticks: tuple[Tick, ...]
    rows: tuple[Row, ...]
    corrected: str
    weighted: str
    hidden: str
    left_out: str
    barriers: tuple[Barrier, ...]
    lenses: tuple[Lens, ...]
    heats: tuple[Heat, ...]
    crossings: tuple[Crossing, ...]
    unshown: str
    bands: tuple[Band, ...]
    silence: Silence
    duties: Duties
    chosen: Chosen | None
    tongues: tuple[Understood, ...]
    coders: str
    checked: Checked


def report(given: Material) -> Report:
    """The report. Raises LookupError for a dimension in ``by`` that the summary does not have."""
    found = _narrowed(given.found, given.by)
    along, first = axis(found), next(iter(leaders(found.themes)), None)
    rows = _rows(found)
    return Report(
        title=given.title,
        organization=given.organization,
        wave=given.wave,
        date=date(given.made),
        state=_state(found.release, given.made, who(found).many),
        heading=heading(found, None),
        lede=lede(found, None, first),
        people=who(found).many,
        asked=thousands(found.asked),
        answered=thousands(found.answered),
        heard=thousands(found.heard),
        rate=percent(found.answered / found.asked) if found.asked else "",
        minimum=found.minimum,
        ticks=along.ticks,
        rows=rows,
        corrected=_corrected(found, rows),
        weighted=_weighted(found, rows),
        hidden=", ".join(f"“{label}”" for label in hidden(found)),
        left_out=left_out(found),
        barriers=tuple(_barrier(theme, found, given.book) for theme in found.themes if shown(theme)),
        lenses=lenses.all_of(found, given.book, given.before, given.before_called),
        heats=heats(found, None) if found.heard else (),
        crossings=crossed.tables(found),
        unshown=unshown(found),
        bands=BANDS,
        silence=silence(found),
        duties=duties.named(found, given.book),
        chosen=chosen(given.results, None) if given.results and given.results.items else None,
        tongues=understood(found),
        coders=_coders(given.machine, given.people),
        checked=checked.checked(found, given.book, given.quality, given.agreement),
    )


CHAPTERS = ("lenses", "words", "groups", "duties", "chosen")
"""What a report may be without: other ways to look, barrier by barrier in families' words, where it differs, duties, what people
chose. What makes it hard, who was not heard and how it was counted always stand in it."""


def only(whole: Report, chapters: Collection[str]) -> Report:
    """The report with these chapters."""
    without: dict[str, Any] = {}
    if "lenses" not in chapters:
        without["lenses"] = ()
    if "words" not in chapters:
        without["barriers"] = ()
        without["rows"] = tuple(replace(row, href=row.href and "#ranked") for row in whole.rows)
    if "groups" not in chapters:
        without |= {"heats": (), "crossings": (), "unshown": ""}
    if "duties" not in chapters:
        without["duties"] = Duties((), ())
    if "chosen" not in chapters:
        without["chosen"] = None
    return replace(whole, **without)


def date(moment: datetime) -> str:
    """A day with its weekday, month in words.

    >>> date(datetime(2026, 10, 4))
    'Sunday, October 4, 2026'
    """
    return f"{moment:%A, %B} {moment.day}, {moment.year}"


def anchor(theme: str) -> str:
    """Where a barrier stands in the page.

    >>> anchor("health")
    'barrier-health'
    """
    return f"barrier-{theme}"


def _narrowed(found: Summary, by: Collection[str] | None) -> Summary:
    if by is None:
        return found
    lost = [name for name in by if name not in found.groups]
    if lost:
        raise LookupError(lost[0])
    return replace(found, groups={name: groups for name, groups in found.groups.items() if name in by})


def _state(release: Release | None, made: datetime, people: str) -> str:
    """Which numbers these are: two reports are comparable if they say the same here."""
    if release is None or release.at is None:
        return f"All replies up to {date(made)}."
    since = (
        f" {thousands(release.since)} {people} have answered since; they are counted in the next state."
        if release.since
        else ""
    )
    return f"State {release.number} of the numbers, of {date(release.at.astimezone(made.tzinfo))}.{since}"


def _rows(found: Summary) -> tuple[Row, ...]:
    along = axis(found)
    barriers = [_row(theme, f"#{anchor(theme.theme)}", along) for theme in found.themes if shown(theme)]
    apart = [_row(found.apart, "", along)] if found.apart and shown(found.apart) else []
    return (*barriers, *apart) if found.heard else ()


def _row(theme: Finding, href: str, along: Scale) -> Row:
    numbers, mended = shown(theme), theme.corrected
    assert numbers
    return Row(
        label=theme.label,
        href=href,
        count=thousands(numbers.count),
        share=percent(numbers.share),
        likely=likely(numbers.low, numbers.high),
        width=along.at(numbers.share),
        low=along.at(numbers.low),
        high=along.at(numbers.high),
        corrected=f"{percent(mended.share)} ({likely(mended.low, mended.high)})" if mended else "",
        weighted=percent(theme.weighted) if theme.weighted is not None else "",
    )


def _corrected(found: Summary, rows: Sequence[Row]) -> str:
    if not any(row.corrected for row in rows):
        return ""
    known = max(theme.corrected.known for theme in found.themes if theme.corrected)
    return (
        "“Corrected” takes the coder’s errors into account, as people found them in the replies of "
        f"{who(found).of(known)} drawn by lot; in brackets its likely range, which is wider, for it also holds what is not known of "
        "those errors. Where both stand, quote the corrected share."
    )


def _weighted(found: Summary, rows: Sequence[Row]) -> str:
    weighting = found.weighting
    if weighting is None or not any(row.weighted for row in rows):
        return ""
    joined = "; ".join(
        f"{dimension_name(dimension)}: {listed([group_name(dimension, value) for value in values])}"
        for dimension, values in weighting.joined.items()
        if values
    )
    return (
        f"“Weighted” counts groups that replied less than others for more, so that {listed([dimension_name(one) for one in weighting.dimensions])} are "
        f"represented as on the roster. The price: the replies tell as much as {weighting.effect:.1f} times fewer would have told; "
        f"the largest weight is {weighting.largest:.1f}."
        + (f" Too few were heard to weight these apart, so they were joined: {joined}." if joined else "")
        + " It makes up for who replied, not for what those who did not reply would have said."
    )


def _barrier(theme: Finding, found: Summary, book: Codebook) -> Barrier:
    numbers = shown(theme)
    assert numbers
    return Barrier(
        anchor=anchor(theme.theme),
        label=theme.label,
        meaning=book[theme.theme].definition if theme.theme in book else "",
        numbers=f"{thousands(numbers.count)} of {who(found).of(found.heard)} named it: {percent(numbers.share)}, likely "
        f"between {percent(numbers.low)} and {percent(numbers.high)}.",
        subs=tuple(_sub(sub) for sub in theme.subs if shown(sub)),
        tone=tone(theme),
        second=second_opinion(theme),
        quotes=tuple(said(quote) for quote in theme.quotes),
    )


def _sub(finding: Finding) -> Sub:
    numbers = shown(finding)
    assert numbers
    return Sub(
        finding.label,
        thousands(numbers.count),
        percent(numbers.share),
        likely(numbers.low, numbers.high),
    )


def _coders(machine: Sequence[str], people: bool) -> str:
    if not machine:
        return "People have coded the replies." if people else ""
    read = "People have checked a part of its work." if people else "No person has checked its work yet."
    versions = ", ".join(machine)
    return f"A program read each reply in its own language and decided which themes it names (version {versions}). {read}"
