"""Reads a date from a reply to a question that asks for one; ``None`` where there is no whole date or two are possible.

A date has a day, a month and a year, or is told from today ("yesterday"). dateparser reads the months of all languages;
what it would guess ("may", "sat", "3 days", कल) never reaches it or is refused afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from ..folding import fold, light, runs_on
from ..lexicon import bare
from . import date_words, spelled

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

_BASE = datetime(2001, 1, 10, 12)  # noqa: DTZ001 - only the days from it count; one base, so that settings are made once
_YEARS = range(1900, 2101)
_TO_COME = 10  # years that a year of two digits may lie ahead
_BIDI = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_NUMBERS = re.compile(r"[\d\s./\-–_]+")
_NUMERIC = re.compile(r"(\d{1,4})([\s./\-–_]+)(\d{1,2})[\s./\-–_]+(\d{1,4})")
_SIGNS = (
    re.compile(r"(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日号號일]?"),
    re.compile(r"(\d{4}) nam (\d{1,2}) thang (\d{1,2})"),
)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|ère|º|ª|°)\b")
_HAN_YEAR = re.compile("[零〇一二三四五六七八九]{4}(?=年)")


def read(heard: str, language: str, today: date | None = None, order: str | None = None) -> date | None:
    """The one day that a reply names, or None.

    ``today`` is the person's day, for "yesterday" and "last Friday"; without it only whole dates are read. ``order`` is
    how the survey's people write 3/4/2025: "MDY", "DMY" or "YMD"; without it the language tells, where it can.

    >>> read("March 3, 2025", "en"), read("3/4/25", "en-US"), read("25.3.2025", "es")
    (datetime.date(2025, 3, 3), datetime.date(2025, 3, 4), datetime.date(2025, 3, 25))
    >>> read("3/4/2025", "es"), read("may be", "en"), read("March 3", "en"), read("yesterday", "en")
    (None, None, None, None)
    >>> read("ayer", "es", date(2026, 11, 22))
    datetime.date(2026, 11, 21)
    """
    if len(heard) > 80:
        return None
    written = _written(heard)
    said, weekday = _weekday(written, language) if re.search(r"\d.*\d", written) else (written, None)
    said = " ".join(word for word in said.split() if fold(word) not in date_words.EMPTY)
    if _NUMBERS.fullmatch(bare_number := said.removeprefix("ngày ").removeprefix("ngay ")):
        found = _in_numbers(bare_number, language, today, order)
    else:
        found = _in_signs(said) or _in_words(said, language, today)
    if found is None and today is not None:
        return _from_today(written, language, today)
    return found if found and weekday in (None, found.weekday()) else None


def example(language: str, today: date) -> str:
    """How this day may be written in this language: one that ``read`` understands without any doubt.

    >>> example("en", date(2026, 11, 22)), example("es", date(2026, 11, 22)), example("ht", date(2026, 11, 22))
    ('November 22, 2026', '22 de noviembre de 2026', '22 novanm 2026')
    """
    return _example(language, today)


@lru_cache(maxsize=256)
def _example(language: str, today: date) -> str:
    from babel import Locale, UnknownLocaleError  # loads a file a language
    from babel.dates import format_date

    tongue = language.split("-")[0]
    if tongue == "ht":
        long = f"{today.day} {date_words.MONTHS['ht'][today.month - 1].split('|')[0]} {today.year}"
    else:
        try:
            long = _BIDI.sub("", format_date(today, "long", Locale.parse(language, sep="-")))
        except (UnknownLocaleError, ValueError):
            return today.isoformat()
    return long if read(long, language) == today else today.isoformat()


def _written(heard: str) -> str:
    """Small letters, digits 0-9, without politeness, invisible marks and the "th" of a number; numbers stay apart."""
    text = _BIDI.sub("", heard).casefold().strip(" \t\r\n.!?,،。")
    text = "".join(fold(char) if char.isdecimal() else char for char in text)
    text = _HAN_YEAR.sub(
        lambda run: "".join(str("零一二三四五六七八九".index(c.replace("〇", "零"))) for c in run[0]), text
    )
    if runs_on(text):
        text = spelled.in_digits(text)
        text = re.sub(
            "[一二三四五六七八九](?=[月日号號])",
            lambda sign: str("零一二三四五六七八九".index(sign[0])),
            text,
        )
    text = _ORDINAL.sub("", text)
    words = re.sub(r"[,،;]", " ", text).split()
    return " ".join(bare(words))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


def _whole_year(written: str, today: date | None) -> int | None:
    """A year in four digits or two: '25 is 2025, and '55 is 1955 for anybody who speaks before 2045."""
    if len(written) == 4:
        return int(written)
    if len(written) != 2:
        return None
    ahead = ((today.year if today else 2025) + _TO_COME) % 100
    return int(written) + (2000 if int(written) <= ahead else 1900)


def _in_numbers(written: str, language: str, today: date | None, order: str | None) -> date | None:
    match = _NUMERIC.fullmatch(written)
    if match is None:
        return None
    first, _, second, third = match.groups()
    if len(first) == 4:
        return _day(int(first), int(second), int(third)) if len(third) <= 2 else None
    if len(first) == 3 or (order == "YMD" and len(third) == 2):
        year = _whole_year(first, today)
        return _day(year, int(second), int(third)) if year and len(first) == 2 else None
    year = _whole_year(third, today)
    if year is None:
        return None
    by_month, by_day = _day(year, int(first), int(second)), _day(year, int(second), int(first))
    if by_month and by_day and by_month != by_day:
        known = order if order in ("MDY", "DMY") else date_words.ORDERS.get(language)
        known = known or date_words.ORDERS.get(language.split("-")[0])
        return {"MDY": by_month, "DMY": by_day}.get(known or "")
    return by_month or by_day


def _in_signs(written: str) -> date | None:
    """2025年3月3日, 2025년 3월 3일."""
    for pattern in _SIGNS:
        if match := pattern.fullmatch(written):
            return _day(*map(int, match.groups()))
    return None


def _in_words(written: str, language: str, today: date | None) -> date | None:
    """A day and a year in digits with the month by name."""
    numbers = re.findall(r"\d+", written)
    if not (2 <= len(numbers) <= 3) or len(written.split()) > 9 or re.search(r":|\d[./-]\d", written):
        return None
    parsed = _parsed(_english_months(written, language), language, "absolute-time")
    if parsed is None:
        return None
    years = [number for number in numbers if len(number) == 4] or numbers[-1:]
    year = _whole_year(years[0], today) if len(years) == 1 else None
    found = _day(year, parsed.month, parsed.day) if year else None
    if found is None or year is None or parsed.year % 100 != year % 100:
        return None
    told = [found.day, found.month] if len(numbers) == 3 else [found.day]  # "3 tháng 3 năm 2025" has three
    if sorted(map(int, numbers)) != sorted([*told, int(years[0])]):
        return None
    if len(numbers) == 3 and language.split("-")[0] not in ("vi", "zh", "ko"):
        return None
    return found


def _from_today(written: str, language: str, today: date) -> date | None:
    plain = fold(written)
    if plain in date_words.OFFSETS:
        return today + timedelta(days=date_words.OFFSETS[plain])
    return _last(plain, language, today) or _days_ago(written, plain, language, today)


def _last(plain: str, language: str, today: date) -> date | None:
    for tongue in dict.fromkeys((language.split("-")[0], "en")):
        for name, weekday in _weekdays(tongue).items():
            back = (today.weekday() - weekday - 1) % 7 + 1
            if any(_without_article(plain) == form.format(name) for form in date_words.LAST.get(tongue, ())):
                return today - timedelta(days=back)
            if any(plain == form.format(name) for form in date_words.OF_LAST_WEEK.get(tongue, ())):
                return today - timedelta(days=today.weekday() + 7 - weekday)
    return None


def _without_article(plain: str) -> str:
    first, _, rest = plain.partition(" ")
    return rest if first in ("el", "le", "la", "o", "a", "on") and rest else plain


def _days_ago(written: str, plain: str, language: str, today: date) -> date | None:
    tongues = (language.split("-")[0], "en")
    marks = {mark for tongue in tongues for mark in date_words.BEFORE.get(tongue, ())}
    spaced = plain if runs_on(plain) else f" {plain} "
    if not any((mark if runs_on(plain) else f" {mark} ") in spaced for mark in marks):
        return None
    parsed = _parsed(written, language, "relative-time")
    days = (_BASE.date() - parsed).days if parsed else 0
    numbers = re.findall(r"\d+", written)
    right = numbers == [str(days)] or (not numbers and days < 7)
    return today - timedelta(days=days) if days > 0 and right else None


def _english_months(written: str, language: str) -> str:
    """The text with the months that dateparser does not know in English."""
    names = _own_months(language.split("-")[0])
    if not names:
        return written
    plain = f" {fold(written)} "
    for name in sorted(names, key=len, reverse=True):
        if f" {name} " in plain:
            return plain.replace(f" {name} ", f" {names[name]} ").strip()
    return written


@cache
def _own_months(tongue: str) -> Mapping[str, str]:
    rows = zip(date_words.MONTHS.get(tongue, ()), date_words.ENGLISH_MONTHS, strict=False)
    return {fold(name): english for names, english in rows for name in names.split("|")}


def _weekday(written: str, language: str) -> tuple[str, int | None]:
    """The text without its day of the week, and that day (0 is Monday); -1 where there are two."""
    plain = f" {light(written)} "
    found = set()
    for tongue in dict.fromkeys((language, "en")):
        for name, weekday in sorted(_weekdays(tongue).items(), key=lambda row: -len(row[0])):
            if runs_on(name) and name in plain:
                plain = plain.replace(name, " ")
                found.add(weekday)
            elif f" {name} " in f" {fold(plain)} ":
                plain = f" {fold(plain)} ".replace(f" {name} ", " ")
                found.add(weekday)
    if not found:
        return written, None
    return " ".join(plain.split()), found.pop() if len(found) == 1 else -1


@cache
def _weekdays(language: str) -> Mapping[str, int]:
    tongue = language.split("-")[0]
    if tongue in date_words.WEEKDAYS:
        rows = enumerate(date_words.WEEKDAYS[tongue])
        return {fold(name): day for day, names in rows for name in names.split("|")}
    from babel import Locale, UnknownLocaleError

    try:
        names = Locale.parse(language, sep="-").days["format"]["wide"]
    except (UnknownLocaleError, ValueError):
        return {}
    return {fold(name): day for day, name in names.items()}


def _parsed(written: str, language: str, how: str) -> date | None:
    """What dateparser makes of it, in this language or English, with nothing filled in."""
    found = _parser(language, how).get_date_data(written)
    return found.date_obj.date() if found.date_obj is not None and found.period == "day" else None


@cache
def _parser(language: str, how: str) -> DateDataParser:
    from dateparser.data.languages_info import language_order
    from dateparser.date import DateDataParser

    tongue = language if language in language_order else language.split("-")[0]
    tongues = [tongue] if tongue in language_order else ["fr"] if tongue == "ht" else []
    settings: dict[str, Any] = {"STRICT_PARSING": True, "RELATIVE_BASE": _BASE, "PARSERS": [how]}
    return DateDataParser(languages=list(dict.fromkeys([*tongues, "en"])), settings=settings)
