"""How far readers agree, and how often the coder is right: kept until somebody reads something, and told in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from analysis.agreement import Figure, OfTheme
from analysis.agreement.judging import Verdict
from analysis.agreement.measuring import ENOUGH

from ....app import App
from ....reviewing.figures import FEW, Figures, figures
from ....store import standing as rows
from ....store.readings import Schools
from ... import tongue
from ...view.themes import called

Tone = Literal["good", "fair", "warn", "none"]
TONES: dict[str, Tone] = {
    "reliable": "good",
    "tentative": "fair",
    "not reliable": "warn",
    "cannot tell": "none",
}
AWHILE = timedelta(minutes=5)
"""On the workbench, where the figures stand beside other things, they may be so old."""
KEPT = 32


@dataclass(frozen=True, slots=True)
class _Kept:
    stamp: tuple[Any, ...]
    at: datetime
    figures: Figures


class Measured:
    """The figures of each survey, made anew when readings, the codebook or the coder are others."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, Schools], _Kept] = {}

    async def __call__(
        self, app: App, db: AsyncConnection, survey: str, schools: Schools, old: timedelta = timedelta()
    ) -> Figures:
        """They may be as ``old`` as this, where they are known."""
        key = survey, schools
        kept, now = self._kept.get(key), app.clock()
        if kept is not None and now - kept.at < old:
            return kept.figures
        book = await app.books.of_survey(db, survey)
        learned = app.coders.learned(book)
        stamp = (
            *await rows.pulse(db, survey), book.id, book.version, learned.version if learned else None,
        )  # fmt: skip
        if kept is not None and kept.stamp == stamp:
            return kept.figures
        found = await figures(app, db, survey, schools)
        self._kept.pop(key, None)
        self._kept[key] = _Kept(stamp, now, found)
        while len(self._kept) > KEPT:
            self._kept.pop(next(iter(self._kept)))
        return found


@dataclass(frozen=True, slots=True)
class Theme:
    """How far readers agree on one theme. ``instead``: what the other reader gave."""

    label: str
    of: OfTheme
    tone: Tone
    word: str
    instead: str


@dataclass(frozen=True, slots=True)
class Right:
    """How often the coder was right about one theme, of so many."""

    label: str
    gave: int
    true: int
    both: int
    precision: tuple[int, int, int] | None
    recall: tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """The figures as the pages tell them. ``alpha`` is over all themes; ``talk``: the themes to talk about first."""

    answers: int
    readers: int
    alpha: Figure | None
    same: Figure | None
    tone: Tone
    sentence: str
    advice: str
    doubt: str
    themes: tuple[Theme, ...]
    talk: tuple[Theme, ...]
    replies: int
    few: bool
    seen: int
    right: tuple[Right, ...]
    overall: Right | None
    book: str


def told(found: Figures) -> Agreed:
    """The figures in words that need no statistics."""
    people = found.people
    themes = {each.theme: _theme(found, each) for each in people.themes}
    ordered = sorted(themes.values(), key=lambda each: -(each.of.alpha.value if each.of.alpha else -2))
    machine = found.machine
    tone = TONES[found.verdict.word]
    return Agreed(
        answers=people.answers,
        readers=people.readers,
        alpha=people.alpha,
        same=people.same,
        tone=tone,
        sentence=sentence(people.answers, people.same.value if people.same else 0.0, tone),
        advice=_advice(tone),
        doubt=_doubt(found.verdict, people.answers),
        themes=tuple(ordered),
        talk=tuple(themes[each.theme] for each in people.to_discuss(3)),
        replies=machine.replies,
        few=machine.replies < FEW,
        seen=found.seen,
        right=tuple(
            _right(_label(found, theme), hits)
            for theme, hits in sorted(machine.themes.items(), key=lambda item: -item[1].true)
        ),
        overall=_right(tongue.say("All themes together"), machine.micro) if machine.replies else None,
        book=f"{found.codebook.title} ({found.codebook.version})",
    )


def sentence(answers: int, same: float, tone: Tone) -> str:
    """How far readers agree, in one sentence.

    >>> sentence(118, 0.81, "good")
    'Two readers gave exactly the same themes to 81% of 118 replies: people read alike.'
    """
    if not answers:
        return tongue.say(
            "No reply has been read by two people yet, so nobody knows whether people read alike."
        )
    endings = {
        "good": tongue.say_n(
            "Two readers gave exactly the same themes to {share}% of {n} reply: people read alike.",
            "Two readers gave exactly the same themes to {share}% of {n} replies: people read alike.",
            answers,
        ),
        "fair": tongue.say_n(
            "Two readers gave exactly the same themes to {share}% of {n} reply: people read nearly alike.",
            "Two readers gave exactly the same themes to {share}% of {n} replies: people read nearly alike.",
            answers,
        ),
        "warn": tongue.say_n(
            "Two readers gave exactly the same themes to {share}% of {n} reply: people read differently.",
            "Two readers gave exactly the same themes to {share}% of {n} replies: people read differently.",
            answers,
        ),
        "none": tongue.say_n(
            "Two readers gave exactly the same themes to {share}% of {n} reply: too few to say more.",
            "Two readers gave exactly the same themes to {share}% of {n} replies: too few to say more.",
            answers,
        ),
    }
    return endings[tone].format(share=round(100 * same), n=f"{answers:,}")


def reading(tone: Tone) -> str:
    """What an alpha means, in a word or two."""
    return {
        "good": tongue.say("Good"),
        "fair": tongue.say("Fair"),
        "warn": tongue.say("Too low to publish"),
        "none": tongue.say("Cannot tell yet"),
    }[tone]


def _advice(tone: Tone) -> str:
    return {
        "good": tongue.say("Shares may be reported as they are."),
        "fair": tongue.say("Report shares as tentative, and say so."),
        "warn": tongue.say(
            "Talk about the themes below, sharpen what they mean, and read again before shares are reported."
        ),
        "none": tongue.say("Have more replies read by two people before you rely on this."),
    }[tone]


def _doubt(verdict: Verdict, answers: int) -> str:
    if not verdict.doubt:
        return ""
    if answers < ENOUGH:
        return tongue.say(
            "That is few: with fewer than {least} replies the figure could well be another."
        ).format(least=ENOUGH)
    return tongue.say("With so many replies it could as well be a step lower.")


def _theme(found: Figures, each: OfTheme) -> Theme:
    tone = TONES[found.verdicts[each.theme].word]
    instead = ", ".join(_label(found, other) for other, _ in each.instead)
    return Theme(_label(found, each.theme), each, tone, reading(tone), instead)


def _right(label: str, hits: Any) -> Right:
    ends = hits.intervals()

    def share(name: str, of: int) -> tuple[int, int, int] | None:
        if not of:
            return None
        low, high = ends[name]
        return round(100 * hits.both / of), round(100 * low), round(100 * high)

    return Right(
        label, hits.gave, hits.true, hits.both, share("precision", hits.gave), share("recall", hits.true)
    )


def _label(found: Figures, theme: str) -> str:
    return called(found.codebook[theme].label) if theme in found.codebook else theme
