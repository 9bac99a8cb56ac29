"""Writes a summary down: as JSON for programs, as text for a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from .findings import Finding, GroupFinding, Summary
from .quotes import Quote
from .views import Ranking, View

OUTCOMES = {
    "waiting": "messaged and have not replied yet",
    "stopped": "asked us to stop",
    "no_address": "without a usable address",
    "failed": "whose message failed",
}
TITLES: Mapping[View, str] = {
    "named": "What stands in the way",
    "within_reach": "What the school can change first",
    "gap": "Where groups differ most",
    "change": "What has changed since last time",
}
_EIGHTHS = " ▏▎▍▌▋▊▉█"
# First-strong isolate … pop: a right-to-left quote must not turn the line around it.
_ISOLATE, _POP = "\u2068", "\u2069"


def to_json(summary: Summary, ranking: Ranking | None = None) -> dict[str, Any]:
    """Plain data: numbers that are hidden are null. Shares are from 0 to 1."""
    release = summary.release
    told: dict[str, Any] = {
        "survey": summary.survey,
        "asked": summary.asked,
        "answered": summary.answered,
        "heard": summary.heard,
        "uncoded": summary.uncoded,
        "minimum": summary.minimum,
        "release": {
            "number": release.number,
            "at": release.at.isoformat() if release.at else None,
            "since": release.since,
        }
        if release
        else None,
        "weighting": asdict(summary.weighting) if summary.weighting else None,
        "themes": [asdict(finding) for finding in summary.themes],
        "apart": asdict(summary.apart) if summary.apart else None,
        "groups": {
            dimension: {value: asdict(found) for value, found in values.items()}
            for dimension, values in summary.groups.items()
        },
        "pairs": [
            {"dimensions": list(pair), "groups": list(groups), **asdict(found)}
            for pair, cells in summary.pairs.items()
            for groups, found in cells.items()
        ],
        "unheard": asdict(summary.unheard),
        "languages": {language: asdict(tongue) for language, tongue in summary.tongues.items()},
    }
    if ranking is not None:
        told["view"] = {
            "name": ranking.view,
            "order": [{"theme": row.theme, "reason": row.reason} for row in ranking.rows],
            "notes": list(ranking.notes),
        }
        told["duties"] = [asdict(duty) for duty in ranking.duties]
    return told


def as_text(
    summary: Summary,
    width: int = 80,
    *,
    ranking: Ranking | None = None,
    by: str | None = None,
    pair: tuple[str, str] | None = None,
    theme: str | None = None,
    notes: Sequence[str] = (),
) -> str:
    """The findings for a terminal of ``width`` columns (40 or more).

    ``ranking`` gives the order of the themes; ``by`` compares the groups of one dimension, ``pair`` those of two at once;
    ``theme`` keeps one top theme; ``notes`` stand below the figures. Raises KeyError for a dimension or theme that there
    is not.
    """
    if theme is not None and theme not in {finding.theme for finding in summary.themes}:
        raise KeyError(theme)
    width = max(width, 40)
    return (
        "\n".join(
            [*_lines(summary, width, ranking, theme, notes), *_compared(summary, width, by, pair, theme)]
        )
        + "\n"
    )


def _lines(
    summary: Summary, width: int, ranking: Ranking | None, theme: str | None, notes: Sequence[str]
) -> Iterator[str]:
    yield summary.survey
    figures = f"{summary.asked} asked, {summary.answered} answered, {summary.heard} in their own words"
    yield from wrapped(figures, width, "")
    for note in (*_state(summary), *notes):
        yield from wrapped(note, width, "")
    yield ""
    if summary.answered and not summary.heard:
        yield "Nothing is coded yet, or nobody answered in words of their own. To code: openline code"
        yield ""
        yield from _unheard(summary, width)
        return
    chosen = [finding for finding in summary.themes if theme in (None, finding.theme)]
    reasons: dict[str, str] = {}
    if ranking is not None:
        place = {row.theme: at for at, row in enumerate(ranking.rows)}
        chosen.sort(key=lambda finding: place.get(finding.theme, len(place)))
        reasons = {row.theme: row.reason for row in ranking.rows} if ranking.view != "named" else {}
    shown = [finding for finding in chosen if finding.count is not None]
    hidden = [finding for finding in chosen if finding.count is None]
    title = TITLES[ranking.view if ranking else "named"]
    yield from wrapped(f"{title} (share of the {summary.heard} heard, 95% interval)", width, "")
    for finding in shown:
        yield from _finding(finding, width, reasons.get(finding.theme, ""))
    if hidden:
        names = ", ".join(finding.label for finding in hidden)
        yield from wrapped(f"Fewer than {summary.minimum} (hidden): {names}", width, "")
    if summary.apart and summary.apart.count is not None and theme is None:
        yield ""
        yield from _finding(summary.apart, width)
    yield ""
    for note in ranking.notes if ranking else ():
        yield from wrapped(note, width, "")
    if ranking and ranking.duties and theme is None:
        yield from _duties(ranking, width)
    yield from _unheard(summary, width)


def _state(summary: Summary) -> Iterator[str]:
    """Which state of the numbers this is, and what weighting does."""
    release, weighting = summary.release, summary.weighting
    if release and release.at:
        since = f" {release.since} more have replied since." if release.since else ""
        yield f"Numbers as of {release.at:%Y-%m-%d %H:%M %Z}, state {release.number}.{since}"
    if weighting and weighting.effect > 1:
        yield (
            f"Weighted to everybody asked by {', '.join(weighting.dimensions)}: the {summary.heard} heard tell as much as "
            f"{summary.heard / weighting.effect:.0f} would who are like everybody."
        )


def _duties(ranking: Ranking, width: int) -> Iterator[str]:
    yield "Look at each of these, whatever its rank: openline duties"
    for duty in ranking.duties:
        count = "" if duty.count is None else f", named by {duty.count}"
        yield from wrapped(f"{duty.label}: {duty.role}{count}", width, "  ")
    yield ""


def _finding(finding: Finding, width: int, reason: str = "") -> Iterator[str]:
    share, low, high = finding.share or 0.0, finding.low or 0.0, finding.high or 0.0
    figures = f"{share:4.0%} ({low:.0%}-{high:.0%}) {finding.count:5}"
    label_width = min(34, width - len(figures) - 12)
    room = width - label_width - len(figures) - 3
    yield f"{fit(finding.label, label_width)} {bar(share, room)} {figures}".rstrip()
    if reason:
        yield from wrapped(reason, width, "    ")
    if also := ", ".join(_also(finding)):
        yield from wrapped(also, width, "    ")
    for sub in finding.subs:
        yield f"  {fit(sub.label, label_width - 2)} {bar(sub.share or 0.0, room)} {sub.share or 0.0:4.0%}"
    for quote in finding.quotes:
        yield from _quote(quote, width)


def _also(finding: Finding) -> Iterator[str]:
    """What stands beside a share: freed of the coder's known errors, and weighted."""
    if (mended := finding.corrected) is not None:
        yield (
            f"corrected for the coder's errors {mended.share:.0%} ({mended.low:.0%}-{mended.high:.0%}), "
            f"which {mended.known} people's replies tell"
        )
    if finding.weighted is not None and f"{finding.weighted:.0%}" != f"{finding.share or 0.0:.0%}":
        yield f"weighted {finding.weighted:.0%}"


def _compared(
    summary: Summary, width: int, by: str | None, pair: tuple[str, str] | None, theme: str | None
) -> Iterator[str]:
    """The share of each theme in the groups of a dimension, and of two at once."""
    tables: list[tuple[str, Mapping[str, GroupFinding]]] = []
    if by is not None:
        tables.append((by, summary.groups[by]))
    if pair is not None:
        crossed = {" / ".join(groups): found for groups, found in summary.pairs[pair].items()}
        tables.append((" and ".join(pair), crossed))
    rows = [finding for finding in summary.themes if theme in (None, finding.theme)]
    for name, groups in tables:
        yield ""
        yield f"By {name}"
        lost = [group for group, found in groups.items() if found.heard is None]
        for group, found in groups.items():
            if found.heard is None:
                continue
            yield from wrapped(f"{group} ({found.heard} heard)", width, "  ")
            told = [
                (finding, share) for finding in rows if (share := found.themes.get(finding.theme)) is not None
            ]
            for finding, share in told:
                mended = found.corrected.get(finding.theme)
                also = (
                    f"  corrected {mended.share:.0%} ({mended.low:.0%}-{mended.high:.0%})" if mended else ""
                )
                yield f"    {fit(finding.label, min(34, width - 36))} {share:4.0%}{also}"
            if hidden := len(rows) - len(told):
                yield f"    {hidden} hidden"
        if lost:
            yield from wrapped(f"Too few to show: {', '.join(lost)}", width, "  ")
        yield from wrapped("Hidden is what too few people named, or what could be worked out.", width, "  ")


def _quote(quote: Quote, width: int) -> Iterator[str]:
    for line in wrapped(f"“{' '.join(quote.original.split())}”", width - 2, "    "):
        yield f"{line[:4]}{_ISOLATE}{line[4:]}{_POP}"
    if quote.english and quote.english != quote.original:
        yield from wrapped(f"{quote.language}: {quote.english}", width, "      ")


def _unheard(summary: Summary, width: int) -> Iterator[str]:
    yield "Who was not heard"
    outcomes = ", ".join(
        f"{count} {OUTCOMES[name]}" for name, count in summary.unheard.outcomes.items() if count
    )
    yield from wrapped(outcomes or "everybody answered", width, "  ")
    everybody = summary.answered / summary.asked if summary.asked else 0.0
    for dimension, values in summary.unheard.response.items():
        yield f"  Replied, by {dimension}"
        ranked = sorted(values.items(), key=lambda item: _rate(item[1].rate, item[1].at_most))
        for value, response in ranked:
            of = "few asked" if response.asked is None else f"of {response.asked}"
            if response.rate is not None:
                said = f"{response.rate:4.0%}"
            else:  # a bound says something only where it is lower than what everybody did
                bound = response.at_most
                said = f"≤{bound:3.0%}" if bound is not None and bound < everybody else "   -"
            yield f"    {fit(value, min(30, width - 22))} {said} {of}"


def _rate(rate: float | None, at_most: float | None) -> float:
    return rate if rate is not None else at_most if at_most is not None else 2.0


def bar(share: float, room: int) -> str:
    eighths = round(share * room * 8)
    bar = _EIGHTHS[8] * (eighths // 8) + (_EIGHTHS[eighths % 8] if eighths % 8 else "")
    return bar.ljust(room)


def fit(text: str, width: int) -> str:
    """The text in exactly ``width`` columns."""
    if columns(text) > width:
        while columns(text) > width - 1:
            text = text[:-1]
        text += "…"
    return text + " " * (width - columns(text))


def columns(text: str) -> int:
    """How many columns of a terminal a text takes: Chinese letters two, marks none."""
    return sum(
        0
        if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf"
        else 2
        if unicodedata.east_asian_width(letter) in "WF"
        else 1
        for letter in text
    )


def wrapped(text: str, width: int, indent: str) -> Iterator[str]:
    """Lines of at most ``width`` columns, broken at spaces, or anywhere where there are none."""
    line = indent
    for word in text.split(" "):
        glued = word if line == indent else f" {word}"
        if columns(line) + columns(glued) > width and line != indent:
            yield line
            line, glued = indent, word
        for letter in glued:
            if columns(line) + columns(letter) > width:
                yield line
                line = indent
            line += letter
    if line != indent:
        yield line
