"""A day in a language's words, without the year: "Thursday, October 15", "jueves 15 de octubre", "jedi 15 oktòb"."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from survey_flows.told import told

_ORDER = {
    "en": "EEEE, MMMM d",
    "es": "EEEE d 'de' MMMM",
    "pt": "EEEE, d 'de' MMMM",
    "fr": "EEEE d MMMM",
    "vi": "EEEE, d 'tháng' M",
    "zh": "M月d日EEEE",
    "ar": "EEEE، d MMMM",
    "so": "EEEE, d MMMM",
    "ru": "EEEE, d MMMM",
    "uk": "EEEE, d MMMM",
    "ko": "M월 d일 EEEE",
    "tl": "EEEE, MMMM d",
    "fil": "EEEE, MMMM d",
    "am": "EEEE፣ MMMM d",
    "fa": "EEEE d MMMM",
    "ur": "EEEE، d MMMM",
    "hi": "EEEE, d MMMM",
    "sw": "EEEE, d MMMM",
}
"""CLDR has full dates with the year, and short ones with cut-off names: a message wants neither."""
_CREOLE = (
    ("lendi", "madi", "mèkredi", "jedi", "vandredi", "samdi", "dimanch"),
    ("janvye", "fevriye", "mas", "avril", "me", "jen", "jiyè", "out", "septanm", "oktòb", "novanm", "desanm"),
)


@lru_cache(maxsize=2048)
def in_words(day: date, language: str) -> str:
    """The day as it is said in a sentence; in a language that nobody knows, as 2026-10-15.

    >>> [in_words(date(2026, 10, 15), tag) for tag in ("en", "es", "ht", "zh-Hans")]
    ['Thursday, October 15', 'jueves 15 de octubre', 'jedi 15 oktòb', '10月15日星期四']
    """
    base = language.partition("-")[0]
    if base == "ht":
        weekdays, months = _CREOLE
        return f"{weekdays[day.weekday()]} {day.day} {months[day.month - 1]}"
    try:
        return format_date(day, _ORDER.get(base, "long"), locale=Locale.parse(language, sep="-"))
    except (UnknownLocaleError, ValueError):
        return day.isoformat()


def told_day(day: date) -> str:
    """The day for those who run surveys: said in English, and again in the language of the page.

    >>> told_day(date(2026, 10, 15))
    'Thursday, October 15'
    """
    month = _MONTHS[day.month - 1]
    return told(_WEEKDAYS[day.weekday()].one, date=told(month.one, day=day.day))


_WEEKDAYS = (
    told("Monday, {date}"), told("Tuesday, {date}"), told("Wednesday, {date}"), told("Thursday, {date}"),
    told("Friday, {date}"), told("Saturday, {date}"), told("Sunday, {date}"),
)  # fmt: skip
_MONTHS = (
    told("January {day}"), told("February {day}"), told("March {day}"), told("April {day}"), told("May {day}"),
    told("June {day}"), told("July {day}"), told("August {day}"), told("September {day}"), told("October {day}"),
    told("November {day}"), told("December {day}"),
)  # fmt: skip
