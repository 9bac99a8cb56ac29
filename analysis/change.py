"""What has changed since an earlier wave of the same survey, how surely, and what else was different then."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from .differences import Estimate, Verdict, difference, holm, verdict
from .findings import UNKNOWN, Corrected, Finding, Summary
from .gaps import rows

ALL = ("", "")
MOVED = 0.10
"""From so many points on it is said that those heard are others than before."""
GREW = 1.5
SAME_PEOPLE = "Some people may have been heard both times. Then a change is surer than its interval says, never less sure."


@dataclass(frozen=True, slots=True)
class Change:
    """A theme's share ``then`` and ``now``, among everybody or in one ``group`` (dimension, value), with the 95% interval of the
    difference, and ``p`` adjusted for everything that was looked at. ``corrected``: both shares are corrected for the
    coder's errors (else both are as counted)."""

    theme: str
    label: str
    group: tuple[str, str]
    then: float
    now: float
    difference: float
    low: float
    high: float
    p: float
    verdict: Verdict
    corrected: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """Certain ones first, then by size. ``notes`` say in words what else was different, and what to bear in mind."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...]

    def of(self, theme: str, group: tuple[str, str] = ALL) -> Change | None:
        """The change of one theme, where both shares are shown."""
        return next((one for one in self.changes if (one.theme, one.group) == (theme, group)), None)


def change(before: Summary, now: Summary, dimensions: Collection[str] = (), *, subs: bool = False) -> Changes:
    """From one wave to the next: each theme that is shown in both, in every group of the ``dimensions`` too, and with ``subs``
    each sub-theme."""
    (found,) = trend([before, now], dimensions, subs=subs)
    return found


def trend(
    waves: Sequence[Summary], dimensions: Collection[str] = (), *, subs: bool = False
) -> tuple[Changes, ...]:
    """Of several waves each against the first, with p adjusted for all of them together."""
    base = waves[0]
    looked = [list(_changes(base, wave, dimensions, subs)) for wave in waves[1:]]
    adjusted = iter(holm([one.p for wave in looked for one in wave]))
    found = []
    for wave, changes in zip(waves[1:], looked, strict=True):
        told = [replace(one, p=(p := next(adjusted)), verdict=verdict(p)) for one in changes]
        told.sort(key=lambda one: (one.verdict != "certain", -abs(one.difference), one.theme, one.group))
        found.append(Changes(tuple(told), tuple(_notes(base, wave))))
    return tuple(found)


def _changes(before: Summary, now: Summary, dimensions: Collection[str], subs: bool) -> Iterator[Change]:
    tops = {finding.theme for finding in now.themes}
    then = {finding.theme: finding for finding in rows(before.themes)}
    for finding in rows(now.themes):
        if finding.theme not in then or (finding.theme not in tops and not subs):
            continue
        yield from _change(finding, ALL, _of_all(before, then[finding.theme]), _of_all(now, finding))
        for dimension in dimensions:
            for value in now.groups.get(dimension, {}):
                if value != UNKNOWN:
                    group = (dimension, value)
                    yield from _change(
                        finding,
                        group,
                        _of_group(before, finding.theme, group),
                        _of_group(now, finding.theme, group),
                    )


Shown = tuple[Estimate, Corrected | None]


def _of_all(summary: Summary, finding: Finding) -> Shown | None:
    if finding.count is None or not summary.heard:
        return None
    return Estimate.of(finding.count, summary.heard), finding.corrected


def _of_group(summary: Summary, theme: str, group: tuple[str, str]) -> Shown | None:
    found = summary.groups.get(group[0], {}).get(group[1])
    share = found.themes.get(theme) if found else None
    if found is None or share is None or not found.heard:
        return None
    return Estimate.of(round(share * found.heard), found.heard), found.corrected.get(theme)


def _change(
    finding: Finding, group: tuple[str, str], then: Shown | None, now: Shown | None
) -> Iterator[Change]:
    if then is None or now is None:
        return
    corrected = then[1] is not None and now[1] is not None
    one, other = (
        # A coder that has learned since counts otherwise: what it gives is compared only where its errors are taken out.
        Estimate(mended.share, mended.low, mended.high) if corrected and mended else counted
        for counted, mended in (now, then)
    )
    size = difference(one, other)
    yield Change(
        finding.theme,
        finding.label,
        group,
        other.share,
        one.share,
        *size,
        verdict=verdict(size.p),
        corrected=corrected,
    )


def _notes(before: Summary, now: Summary) -> Iterator[str]:
    """What was different between two waves, other than what people said."""
    small, large = sorted((before.heard, now.heard))
    if large > GREW * small:
        yield f"{before.heard} people were heard then, {now.heard} now."
    rates = [wave.answered / wave.asked if wave.asked else 0.0 for wave in (before, now)]
    if abs(rates[0] - rates[1]) >= MOVED:
        yield f"{rates[0]:.0%} of those asked answered then, {rates[1]:.0%} now."
    yield from _came_and_went("Languages of enough people", before.tongues, now.tongues)
    yield from _came_and_went("Channels", *(_named(wave, "channel") for wave in (before, now)))
    yield from _came_and_went(
        "Themes of the codebook",
        *({finding.label: None for finding in wave.themes} for wave in (before, now)),
    )
    for dimension, groups in now.groups.items():
        for value, found in groups.items():
            earlier = before.groups.get(dimension, {}).get(value)
            if earlier is None or earlier.heard is None or found.heard is None:
                continue
            parts = earlier.heard / max(before.heard, 1), found.heard / max(now.heard, 1)
            if abs(parts[0] - parts[1]) >= MOVED:
                yield f"{dimension} {value}: {parts[0]:.0%} of those heard then, {parts[1]:.0%} now."
    yield SAME_PEOPLE


def _named(summary: Summary, dimension: str) -> Mapping[str, object]:
    return {value: None for value in summary.groups.get(dimension, {}) if value != UNKNOWN}


def _came_and_went(what: str, before: Mapping[str, object], now: Mapping[str, object]) -> Iterator[str]:
    for told, names in (("only now", now.keys() - before.keys()), ("only then", before.keys() - now.keys())):
        if names:
            yield f"{what} {told}: {', '.join(sorted(names))}."
