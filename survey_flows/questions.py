"""The kinds of question: how each is asked, and how an answer to it is read. To add a kind, add a class and a row."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from . import phrases
from .asking import Choice, Constraint, Question, Reading, Texts
from .choices import Many, One, Option, Rank, Scale
from .folding import fold
from .gates import Condition
from .reading.answers import number, yes_or_no
from .reading.labels import Labels
from .scope import Value

_COUNTED = re.compile(r"(?:how many|cu[aá]nt[oa]s|quant[oa]s|combien d(?:e |['’]))\s*(\w+)", re.IGNORECASE)

SEEKS = ("barriers", "helps", "ideas", "language")
"""What an open question may ask for: what is hard, what helps, what could be done; which language to write in."""


@dataclass(frozen=True, kw_only=True)
class Open(Question):
    """Answered in the person's own words: any words will do.

    ``seeks`` says what is asked for (see SEEKS): "the bus" is a barrier after one question and a help after another.
    """

    kind = "open"
    in_words = True
    seeks: str | None = None

    def read(self, heard: str, language: str, today: date | None = None) -> Reading | None:
        words = heard.strip()
        return Reading(words) if words else None


@dataclass(frozen=True, kw_only=True)
class YesNo(Question):
    """Yes or no, in any language."""

    kind = "yesno"

    @property
    def keys(self) -> tuple[str, ...]:
        return ("yes", "no")

    @cached_property
    def labels(self) -> Labels:
        """The numbers before the two answers; the words themselves are in the language files."""
        return Labels([_system("yes", self.languages), _system("no", self.languages)], self.ear)

    def choices(self, language: str) -> tuple[Choice, ...]:
        return tuple(Choice(key, phrases.say(key, language)) for key in self.keys)

    def rows(self, language: str) -> list[str]:
        return [f"{n}. {choice.label}" for n, choice in enumerate(self.choices(language), start=1)]

    def read(self, heard: str, language: str, today: date | None = None) -> Reading | None:
        said = yes_or_no(heard, language, self.ear)
        if said:
            return Reading(*said)
        match = self.labels.which(heard, language)
        return Reading(match.at == 0, match.language) if match else None

    def press(self, key: str) -> Reading | None:
        return Reading(key == "yes") if key in self.keys else None

    def take(self, written: str) -> Value:
        return {"yes": True, "no": False}.get(written)

    def label(self, written: str, language: str) -> str:
        return phrases.say(written, language) if written in self.keys else written


@dataclass(frozen=True, kw_only=True)
class Number(Question):
    """A number, whole unless ``decimals``; ``units`` are words that may follow it ("days"); ``step`` is the distance
    from one value to the next, counted from ``least``."""

    kind = "number"
    least: float | None = None
    most: float | None = None
    decimals: bool = False
    units: Collection[str] = ()
    step: float | None = None

    @cached_property
    def folded_units(self) -> frozenset[str]:
        """The units, and what the question itself counts: "How many minutes …?" is answered with "20 minutes"."""
        asked = (text for texts in self.texts.values() for text in texts.values())
        counted = (found[1] for text in asked for found in _COUNTED.finditer(text))
        return frozenset(fold(unit) for unit in (*self.units, *counted))

    def read(self, heard: str, language: str, today: date | None = None) -> Reading | None:
        value = number(heard, language, self.ear, self.folded_units, decimals=self.decimals)
        return Reading(value) if value is not None and self._fits(value) else None

    def _fits(self, value: float) -> bool:
        if (self.least is not None and value < self.least) or (self.most is not None and value > self.most):
            return False
        steps = (value - (self.least or 0)) / self.step if self.step else 0
        return abs(steps - round(steps)) < 1e-9

    def take(self, written: str) -> Value:
        try:
            value = float(written)
        except ValueError:
            return None
        if not (math.isfinite(value) and self._fits(value)):
            return None
        return int(value) if value.is_integer() else value

    def again(self, language: str, today: date | None = None) -> str:
        if self.least is None or self.most is None:
            return super().again(language)
        return phrases.say("again_number", language, least=f"{self.least:g}", most=f"{self.most:g}")


@dataclass(frozen=True, kw_only=True)
class Range(Number):
    """A number between two bounds, which the question names."""

    kind = "range"

    def hint(self, language: str, today: date | None = None) -> str:
        return phrases.say("hint_range", language, least=f"{self.least or 0:g}", most=f"{self.most or 0:g}")


@dataclass(frozen=True, kw_only=True)
class Date(Question):
    """A day. Kept as ISO 8601 (``2026-11-22``); ``order`` is how the survey's people write dates: MDY, DMY or YMD."""

    kind = "date"
    order: str | None = None

    def read(self, heard: str, language: str, today: date | None = None) -> Reading | None:
        from .reading import dates  # the calendar words of all languages take a while to load

        found = dates.read(heard, language, today, self.order)
        return Reading(found.isoformat()) if found else None

    def hint(self, language: str, today: date | None = None) -> str:
        return phrases.say("hint_date", language, example=self._example(language, today))

    def again(self, language: str, today: date | None = None) -> str:
        return phrases.say("again_date", language, example=self._example(language, today))

    def _example(self, language: str, today: date | None) -> str:
        from .reading import dates

        return dates.example(language, today or date(2026, 9, 30))


@dataclass(frozen=True, kw_only=True)
class Time(Question):
    """A time of day. Kept as ``07:30``."""

    kind = "time"

    def read(self, heard: str, language: str, today: date | None = None) -> Reading | None:
        from .reading import times

        found = times.read(heard, language)
        return Reading(found.strftime("%H:%M")) if found else None

    def hint(self, language: str, today: date | None = None) -> str:
        return phrases.say("hint_time", language, example="7:30")

    def again(self, language: str, today: date | None = None) -> str:
        return phrases.say("again_time", language, example="7:30")


@dataclass(frozen=True, kw_only=True)
class DateTime(Date):
    """A day and a time. Kept as ``2026-11-22T07:30``."""

    kind = "datetime"

    def read(self, heard: str, language: str, today: date | None = None) -> Reading | None:
        from .reading import times

        found = times.read_moment(heard, language, today, self.order)
        return Reading(found.strftime("%Y-%m-%dT%H:%M")) if found else None

    def _example(self, language: str, today: date | None) -> str:
        return f"{super()._example(language, today)} 7:30"


@dataclass(frozen=True, kw_only=True)
class Photo(Question):
    """A picture, or the same told in words. The value of a picture is its media type; of words, the words."""

    kind = "image"
    in_words = True

    def read(self, heard: str, language: str, today: date | None = None) -> Reading | None:
        return Reading(heard.strip()) if heard.strip() else None

    def see(self, media: Collection[str]) -> Reading | None:
        """The answer in what came with a message; ``media`` are media types ("image/jpeg")."""
        return next((Reading(type_) for type_ in media if type_.startswith(f"{self.kind}/")), None)

    def hint(self, language: str, today: date | None = None) -> str:
        return phrases.say(f"hint_{self.kind}", language)


@dataclass(frozen=True, kw_only=True)
class Voice(Photo):
    """A voice message, or the same in writing."""

    kind = "audio"


def _system(name: str, languages: Collection[str]) -> dict[str, tuple[str, ...]]:
    return {language: (phrases.say(name, language),) for language in languages}


KINDS: dict[str, type[Any]] = {
    kind.kind: kind
    for kind in (Open, One, Many, Scale, Number, YesNo, Range, Rank, Date, Time, DateTime, Photo, Voice)
}
"""Every kind by the name it has in a survey file."""

__all__ = [
    "KINDS", "SEEKS", "Choice", "Condition", "Constraint", "Date", "DateTime", "Many", "Number", "One", "Open", "Option",
    "Photo", "Question", "Range", "Rank", "Reading", "Scale", "Texts", "Time", "Value", "Voice", "YesNo",
]  # fmt: skip
