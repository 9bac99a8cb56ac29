"""How far people checked the coder, and how far they agree with each other: in percents, of themes that are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.agreement import Agreement, Hits, Quality, judge
from analysis.codebook import Codebook
from analysis.findings import Summary
from bot.web.view.figures import likely, percent, shown, thousands


@dataclass(frozen=True, slots=True)
class OfTheme:
    """One theme: of what the coder gave, how much was right; of what was there, how much it found; how alike people read it."""

    label: str
    right: str
    found: str
    alike: str


@dataclass(frozen=True, slots=True)
class Checked:
    """In words, and theme by theme."""

    words: tuple[str, ...]
    themes: tuple[OfTheme, ...]


def checked(found: Summary, book: Codebook, quality: Quality | None, agreement: Agreement | None) -> Checked:
    """What is known. A theme stands in the table where so many replies speak of it that no small number can be read."""
    words = []
    if quality is not None and quality.replies:
        micro = quality.micro
        words.append(
            f"People read {thousands(quality.replies)} replies that were drawn by lot and that the program had not learned from. Of the themes it gave, "
            f"{_share(micro.both, micro.gave)} were right; of the themes people found, it found {_share(micro.both, micro.true)}."
        )
    if agreement is not None and agreement.alpha is not None:
        verdict = judge(agreement.alpha, agreement.answers)
        doubt = f" ({verdict.doubt})" if verdict.doubt else ""
        words.append(
            f"{thousands(agreement.answers)} replies were read by two people or more, who did not see each other’s reading. Their "
            f"agreement (Krippendorff’s alpha, 1 is perfect, 0 is chance) is {agreement.alpha.value:.2f}, likely between "
            f"{agreement.alpha.low:.2f} and {agreement.alpha.high:.2f}: {verdict.word}{doubt}. That means: {verdict.advice}."
        )
    return Checked(tuple(words), _themes(found, book, quality, agreement))


def _themes(
    found: Summary, book: Codebook, quality: Quality | None, agreement: Agreement | None
) -> tuple[OfTheme, ...]:
    hits: Mapping[str, Hits] = quality.themes if quality else {}
    read = {theme.theme: theme for theme in agreement.themes} if agreement else {}
    told = []
    for finding in [one for top in found.themes for one in (top, *top.subs) if shown(one)]:
        mine, theirs = hits.get(finding.theme), read.get(finding.theme)
        enough = mine is not None and min(mine.gave, mine.true) >= found.minimum
        alike = theirs is not None and theirs.named >= found.minimum and theirs.alpha is not None
        if enough or alike:
            told.append(
                OfTheme(
                    finding.label,
                    _share(mine.both, mine.gave) + _range(mine, "precision") if mine and enough else "",
                    _share(mine.both, mine.true) + _range(mine, "recall") if mine and enough else "",
                    f"{theirs.alpha.value:.2f}" if theirs and alike and theirs.alpha else "",
                )
            )
    return tuple(told)


def _share(part: int, whole: int) -> str:
    return percent(part / whole) if whole else "none"


def _range(hits: Hits, name: str) -> str:
    low, high = hits.intervals()[name]
    return f" ({likely(low, high)})"
