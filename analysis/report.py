"""Writes a summary down: as JSON for programs, as text for a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from .findings import Finding, Summary
from .quotes import Quote

OUTCOMES = {
    "waiting": "messaged and have not replied yet",
    "stopped": "asked us to stop",
    "no_address": "without a usable address",
    "failed": "whose message failed",
}
_EIGHTHS = " ▏▎▍▌▋▊▉█"
# First-strong isolate … pop: a right-to-left quote must not turn the line around it.
_ISOLATE, _POP = "\u2068", "\u2069"


def to_json(summary: Summary) -> dict[str, Any]:
    """Plain data: numbers that are hidden are null. Shares are from 0 to 1."""
    return {
        "survey": summary.survey,
        "asked": summary.asked,
        "answered": summary.answered,
        "heard": summary.heard,
        "uncoded": summary.uncoded,
        "minimum": summary.minimum,
        "themes": [asdict(finding) for finding in summary.themes],
        "apart": asdict(summary.apart) if summary.apart else None,
        "groups": {
            dimension: {value: asdict(found) for value, found in values.items()}
            for dimension, values in summary.groups.items()
        },
        "unheard": asdict(summary.unheard),
        "languages": {language: asdict(tongue) for language, tongue in summary.tongues.items()},
    }


def as_text(summary: Summary, width: int = 80) -> str:
    """The findings for a terminal of ``width`` columns (40 or more)."""
    return "\n".join(_lines(summary, max(width, 40))) + "\n"


def _lines(summary: Summary, width: int) -> Iterator[str]:
    yield summary.survey
    figures = f"{summary.asked} asked, {summary.answered} answered, {summary.heard} in their own words"
    yield from wrapped(figures, width, "")
    yield ""
    if summary.answered and not summary.heard:
        yield "Nothing is coded yet, or nobody answered in words of their own. To code: openline code"
        yield ""
        yield from _unheard(summary, width)
        return
    shown = [finding for finding in summary.themes if finding.count is not None]
    hidden = [finding for finding in summary.themes if finding.count is None]
    yield from wrapped(
        f"What stands in the way (share of the {summary.heard} heard, 95% interval)", width, ""
    )
    for finding in shown:
        yield from _finding(finding, width)
    if hidden:
        names = ", ".join(finding.label for finding in hidden)
        yield from wrapped(f"Fewer than {summary.minimum} (hidden): {names}", width, "")
    if summary.apart and summary.apart.count is not None:
        yield ""
        yield from _finding(summary.apart, width)
    yield ""
    yield from _unheard(summary, width)


def _finding(finding: Finding, width: int) -> Iterator[str]:
    share, low, high = finding.share or 0.0, finding.low or 0.0, finding.high or 0.0
    figures = f"{share:4.0%} ({low:.0%}-{high:.0%}) {finding.count:5}"
    label_width = min(34, width - len(figures) - 12)
    room = width - label_width - len(figures) - 3
    yield f"{fit(finding.label, label_width)} {bar(share, room)} {figures}".rstrip()
    for sub in finding.subs:
        yield f"  {fit(sub.label, label_width - 2)} {bar(sub.share or 0.0, room)} {sub.share or 0.0:4.0%}"
    for quote in finding.quotes:
        yield from _quote(quote, width)


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
