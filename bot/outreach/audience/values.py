"""A value as somebody wrote it, and what it can be read as: a number, a day, a grade, words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product

NUMBER = r"^-?[0-9]+([.][0-9]+)?$"
"""What is a number, in a filter and in the store: so short that every machine reads it exactly."""
DIGITS = 15
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"
"""What is a day, in the store: it may have a time behind it."""
GRADES = {
    "pk": -1.0, "prek": -1.0, "pre-k": -1.0, "preschool": -1.0, "tk": -0.5, "k": 0.0, "kg": 0.0, "kindergarten": 0.0,
    "1st": 1.0, "2nd": 2.0, "3rd": 3.0, **{f"{n}th": float(n) for n in range(4, 13)},
}  # fmt: skip
"""What comes before first grade, and grades with their endings. TK is California's transitional kindergarten."""
LETTERS = 6
"""So many letters beyond ASCII are tried in both cases, each for itself: two to that power of spellings."""

_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
_SPAN = re.compile(r"(?P<ahead>in )?(?P<number>[0-9]{1,5}) (?P<unit>day|week)s?(?P<ago> ago)?")


@dataclass(frozen=True, slots=True)
class Value:
    """A value in a filter. ``quoted`` is a number in quotes; ``at`` is where it stands in the text."""

    text: str
    quoted: bool = False
    at: int = field(default=0, compare=False)

    @property
    def number(self) -> float | None:
        """It as a number, whether it stands in quotes or not."""
        return float(self.text) if len(self.text) <= DIGITS and re.match(NUMBER, self.text) else None

    @property
    def grade(self) -> float | None:
        """It on the ladder of grades: PK, TK, K, 1 to 12 and whatever number there is."""
        return GRADES.get(self.text.lower(), self.number)

    @property
    def is_day(self) -> bool:
        """Whether it names a day."""
        return self.day(date(2000, 6, 15)) is not None

    def day(self, today: date) -> date | None:
        """The day that it names: 2026-10-15, today, yesterday, tomorrow, "7 days ago", "in 2 weeks"."""
        said = " ".join(self.text.lower().split())
        if said in _DAYS:
            return today + timedelta(_DAYS[said])
        span = _SPAN.fullmatch(said)
        if span and bool(span["ahead"]) != bool(span["ago"]):
            days = int(span["number"]) * (7 if span["unit"] == "week" else 1)
            try:
                return today + timedelta(days if span["ahead"] else -days)
            except OverflowError:
                return None
        try:
            return date.fromisoformat(said) if re.fullmatch(DAY + "$", said) else None
        except ValueError:
            return None

    @property
    def spellings(self) -> tuple[str, ...]:
        """What a database's ``lower`` may make of these words: some lower all letters, some ASCII's only.

        >>> Value("ÉCOLE").spellings
        ('école', 'École')
        """
        letters = [_cases(letter) for letter in self.text]
        if sum(len(cases) > 1 for cases in letters) > LETTERS:
            whole = (self.text.lower(), self.text.upper(), self.text.title(), self.text)
            return tuple(dict.fromkeys("".join(map(_ascii_lower, words)) for words in whole))
        return tuple("".join(each) for each in product(*letters))


def _cases(letter: str) -> tuple[str, ...]:
    if letter.isascii():
        return (letter.lower(),)
    return tuple(dict.fromkeys(case for case in (letter.lower(), letter, letter.upper()) if len(case) == 1))


def _ascii_lower(letter: str) -> str:
    return letter.lower() if letter.isascii() else letter
