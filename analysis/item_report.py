"""Writes item results down: as JSON for programs, as text for a terminal, as rows for a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from .amounts import Middle
from .items import NUMBERS, Part, Result, Results, Share
from .report import bar, fit, wrapped

NEVER_ADDED = (
    "Each line is the percent of the people who answered that question. They are not to be added up, over choices or "
    "over questions, nor made into a score."
)
RANKS_ONLY = (
    "People tick fewer from a list than they would say yes to one by one: read which is more, not how many."
)
TONGUES = "A scale is not heard alike in every language: compare languages with care, and best with themselves over time."
HOW = {"skipped": "skipped", "dont_know": "did not know", "unclear": "in words that fit no choice"}
HEADINGS = (
    "survey", "question", "title", "kind", "by", "group", "choice", "label", "counted", "count", "share", "low", "high",
    "mean_place", "median", "lower_quartile", "upper_quartile", "hidden",
)  # fmt: skip
"""Of ``rows``."""


def to_json(results: Results) -> dict[str, Any]:
    """Plain data: numbers that are hidden are null. Shares are from 0 to 1."""
    return asdict(results)


def rows(results: Results) -> Iterator[tuple[str | int | float | None, ...]]:
    """One row for each choice of each question, for everybody and for each group, to go under ``HEADINGS``. Hidden
    numbers are None; ``hidden`` says "yes" where they are."""
    for result in results.items:
        item = result.item
        told = (results.survey, item.key, item.title, item.kind)
        if item.kind in NUMBERS:
            yield (*told, "", "", "", "", result.counted, *[None] * 5, *_middle(result.middle))
        for share in _lines(result):
            yield (*told, "", "", *_share(share, result.counted))
        for share in result.apart:
            yield (*told, "", "", *_share(share, result.answered))
        for dimension, parts in result.groups.items():
            for value, part in parts.items():
                if item.kind in NUMBERS:
                    yield (*told, dimension, value, "", "", part.counted, *[None] * 5, *_middle(part.middle))
                for share in part.shares.values():
                    yield (*told, dimension, value, *_share(share, part.counted))


def _lines(result: Result) -> tuple[Share, ...]:
    return (*result.shares, *result.bands, *([result.top] if result.top else []))


def _share(share: Share, counted: int | None) -> tuple[str | int | float | None, ...]:
    of = share.of if share.of is not None else counted
    hidden = "yes" if share.count is None else ""
    return (
        share.key,
        share.label,
        of,
        share.count,
        share.share,
        share.low,
        share.high,
        share.mean,
        *[None] * 3,
        hidden,
    )


def _middle(found: Middle | None) -> tuple[str | int | float | None, ...]:
    return (found.median, found.low, found.high, "") if found else (None, None, None, "yes")


def as_text(results: Results, width: int = 80, by: str | None = None) -> str:
    """The results for a terminal of ``width`` columns (40 or more), with one dimension's groups or none."""
    return "\n".join(_text(results, max(width, 40), by)) + "\n"


def _text(results: Results, width: int, by: str | None) -> Iterator[str]:
    yield from wrapped(f"{results.title}: what people chose (95% interval)", width, "")
    yield from wrapped(NEVER_ADDED, width, "")
    for result in results.items:
        yield ""
        yield from _result(result, results.minimum, width)
        if by and result.counted is not None:
            yield from _groups(result, by, width)
    if by == "language":
        yield ""
        yield from wrapped(TONGUES, width, "")
    if results.left_out:
        yield ""
        several = "Asked several times of one person, so no percent of people can tell of them: "
        yield from wrapped(several + "; ".join(results.left_out), width, "")


def _result(result: Result, minimum: int, width: int) -> Iterator[str]:
    yield from wrapped(result.item.title, width, "")
    if result.counted is None:
        yield f"  hidden: fewer than {minimum} answered"
    else:
        yield f"  n = {result.counted}{BASES[result.base]}"
        if result.middle:
            low, median, high = result.middle.low, result.middle.median, result.middle.high
            yield f"  median {median:g}; half of the people from {low:g} to {high:g}"
        for share in (*result.shares, *result.bands):
            if share.count is not None:
                yield _line(share, width)
        if result.top and result.top.count is not None:
            yield _line(result.top, width)
        yield from _places(result, width)
        gone = [share.label for share in _lines(result) if share.count is None]
        if gone:
            yield from wrapped(f"Hidden, {why(minimum)}: {', '.join(gone)}", width, "  ")
    yield from wrapped(not_counted(result, minimum), width, "  ")
    for note in notes(result):
        yield from wrapped(note, width, "  ")


BASES = {
    "counted": "",
    "shown": "; each share is of those who were shown that choice",
    "asked": "; each share is of all who were asked, though each was shown a part of the choices",
}


def why(minimum: int) -> str:
    """Why a number is not there."""
    return f"fewer than {minimum} or all but a few, or it would give such a number away"


def notes(result: Result) -> list[str]:
    """What whoever reads this result should know."""
    ticked = result.item.kind == "many" and result.counted is not None
    return [note for note in (RANKS_ONLY if ticked else "", result.item.note) if note]


def not_counted(result: Result, minimum: int) -> str:
    """Who is no part of the base, in one line.

    >>> from .items import Item
    >>> item = Item("safe", "Safe?", "scale")
    >>> apart = (Share("not_sure", "Not sure", 14), Share("na", "Not tried"))
    >>> not_counted(Result(item, None, 80, (), apart, None, {}), 10)
    'Not counted: “Not sure” 14, “Not tried” hidden; passed over the question: fewer than 10.'
    """
    ways = [f"“{one.label}” {'hidden' if one.count is None else one.count}" for one in result.apart]
    how = [f"{count} {HOW[name]}" for name, count in result.passed_how.items() if count is not None]
    told = f"fewer than {minimum}" if result.passed is None else str(result.passed)
    passed = f"passed over the question: {told}" + (f" ({', '.join(how)})" if how else "")
    return f"Not counted: {'; '.join(filter(None, (', '.join(ways), passed)))}."


def _line(share: Share, width: int) -> str:
    part, low, high = share.share or 0.0, share.low or 0.0, share.high or 0.0
    figures = f"{part:4.0%} ({low:.0%}-{high:.0%})"
    of = f"{share.count}/{share.of}"
    label = min(30, width - 36)
    room = width - label - 28
    return f"  {fit(share.label, label)} {bar(part, max(room, 1))} {figures:<14} {of:>9}".rstrip()


def _places(result: Result, width: int) -> Iterator[str]:
    told = [f"{one.label} {one.mean:.1f}" for one in result.shares if one.mean is not None]
    if told:
        yield from wrapped(f"The bars: put first. Mean place (1 is first): {', '.join(told)}", width, "  ")


def _groups(result: Result, by: str, width: int) -> Iterator[str]:
    parts = result.groups.get(by, {})
    if len(parts) < 2:
        return
    yield f"  By {by}"
    if result.item.kind in NUMBERS:
        for value, part in parts.items():
            yield f"    {fit(value, 24)} {_half(part)}"
        return
    labels = {share.key: share.label for share in (*result.shares, *([result.top] if result.top else []))}
    for value, part in parts.items():
        told = any(share.share is not None for share in part.shares.values())
        n = "" if part.counted is None else f"n = {part.counted}"
        yield f"    {fit(value, 24)} {n if told else f'{n}, all else hidden' if n else 'hidden'}"
        if told:
            yield from wrapped(", ".join(_told(part.shares, labels)), width, "      ")


def _told(shares: Mapping[str, Share], labels: Mapping[str, str]) -> Iterator[str]:
    for key, label in labels.items():
        share = shares[key]
        if share.share is None:
            yield f"{label} hidden"
        else:
            yield f"{label} {share.share:.0%} ({share.low or 0:.0%}-{share.high or 0:.0%})"


def _half(part: Part) -> str:
    if part.counted is None or part.middle is None:
        return "hidden"
    found = part.middle
    return f"median {found.median:g}, half from {found.low:g} to {found.high:g}, n = {part.counted}"
