"""Reads a time of day, and a day with a time; ``None`` where there is none, or one that is early or late at once.

A time without "am" or "pm" is one of the 24-hour clock: 7:30 is half past seven in the morning. A bare "7" is none.
The words of languages other than English are machine-drafted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time

from ..folding import fold, light, runs_on
from ..lexicon import LEXICONS, bare
from . import dates, spelled


def _set(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words.replace("\n", " ").split(","))


_MORNING = _set(
    """am, a m, morning, in the morning, de la mañana, por la mañana, en la mañana, du matin, le matin, da manhã, de manhã, di maten,
nan maten, sáng, buổi sáng, صباحا, الصباح, في الصباح, ص, 早上, 上午, 凌晨, 早晨, утра, ранку, 오전, ng umaga, sa umaga, asubuhi,
subaxnimo, صبح, सुबह, ጠዋት"""
)
_AFTERNOON = _set(
    """pm, p m, afternoon, in the afternoon, evening, in the evening, de la tarde, por la tarde, en la tarde, de l'après-midi,
après-midi, du soir, le soir, da tarde, de tarde, nan apremidi, apremidi, nan aswè, aswè, diswa, chiều, buổi chiều, tối,
buổi tối, مساء, المساء, في المساء, بعد الظهر, م, 下午, 傍晚, 晚上, вечера, вечора, дня, 오후, sa hapon, ng hapon, jioni, galabnimo,
شام, शाम, ከሰዓት"""
)
_NIGHT = _set(
    "at night, night, tonight, de la noche, por la noche, en la noche, da noite, de noite, de la nuit, đêm, ليلا, 夜里, 밤, ng gabi"
)
_NOON = _set(
    "noon, midday, mediodía, al mediodía, el mediodía, midi, à midi, meio dia, ao meio dia, midi, trưa, 正午, 中午, الظهر, 정오, полдень"
)
_MIDNIGHT = _set(
    "midnight, medianoche, la medianoche, minuit, à minuit, meia noite, minwi, nửa đêm, 午夜, منتصف الليل, 자정, полночь"
)
_ABOUT = _set(
    """at, about, around, a las, a la, las, la, sobre las, como a las, à, vers, às, as, por volta das, a, nan, vè, lúc, khoảng, vào lúc,
الساعة, في, حوالي, 大概, 在, в, около, о, alas, saa"""
) | {""}  # fmt: skip
_AROUND = _ABOUT | _set("o'clock, oclock, uhr, hrs, hs, hours, horas, heures, heure, giờ, 整")

_DIGITS = re.compile(
    r"(?<![\d:.])(\d{1,2})(?:\s?(?:[:.٫h]|è|hrs?|giờ|gio|g|heures?|horas?|點|点|時|时|시)\s?(\d{2})(?!\d)(?::\d{2}(?!\d))?\s?(?:分|분|min|m(?!\s?\w)|phút)?)(?![\d:.])",
)
_HOUR = re.compile(
    r"(?<![\d:.])(\d{1,2})\s?(?:h\b|è(?!\w)|hrs?\b|o.?clock|giờ|gio\b|heures?\b|horas?\b|點|点|時|时|시)(?:钟|鐘|整)?\s?(半|반|rưỡi|ruoi\b|et demie\b|y media\b|e meia\b)?"
)
_PLAIN = {ord("’"): "'", ord("："): ":", ord("．"): "."}
_SPACED = re.compile(r"(?<!\S)(\d{1,2}) ([0-5]\d)(?!\S)")
_COMPACT = re.compile(r"(?<!\S)([01]?\d|2[0-3])([0-5]\d)(?!\S)")
_BARE = re.compile(r"(?<!\S)(\d{1,2})(?=\s?[^\d\s:.,/-]|$)")
_PARTS = (
    (r"half past (\d+)", 30), (r"quarter past (\d+)", 15), (r"quarter to (\d+)", -15), (r"(\d+) y media", 30),
    (r"(\d+) y cuarto", 15), (r"(\d+) menos cuarto", -15), (r"(\d+) (?:heures? )?et demie?", 30),
    (r"(\d+) (?:heures? )?et quart", 15), (r"(\d+) (?:heures? )?moins le quart", -15), (r"(\d+) e meia", 30),
    (r"(\d+) (?:gio )?ruoi", 30), (r"(\d+) edmi", 30), (r"(\d+) e demi", 30),
)  # fmt: skip
_SPOKEN = tuple((re.compile(rf"(?<!\w){form}(?!\w)"), minutes) for form, minutes in _PARTS)


def read(heard: str, language: str) -> time | None:
    """The one time of day that a reply names, or None.

    >>> read("7:30", "en"), read("7.30 pm", "en"), read("7h30", "fr"), read("19時30分", "zh-Hant"), read("7", "en")
    (datetime.time(7, 30), datetime.time(19, 30), datetime.time(7, 30), datetime.time(19, 30), None)
    >>> read("half past seven", "en"), read("a las 7 de la mañana", "es"), read("12 at night", "en")
    (datetime.time(7, 30), datetime.time(7, 0), None)
    """
    if len(heard) > 60:
        return None
    written = _written(heard, language)
    plain = fold(written)
    alone = {plain, plain.partition(" ")[2] if plain.partition(" ")[0] in _ABOUT else plain}  # "at noon"
    if alone & (_NOON | _MIDNIGHT):
        return time(12 if alone & _NOON else 0)
    found = {_on_the_clock(*reading) for reading in _readings(written)}
    return found.pop() if len(found) == 1 else None


def read_moment(
    heard: str, language: str, today: date | None = None, order: str | None = None
) -> datetime | None:
    """A day and a time of that day, in either order; ``today`` and ``order`` as in ``dates.read``.

    >>> read_moment("2026-11-22 7:30", "en"), read_moment("ayer a las 7 pm", "es", date(2026, 11, 22))
    (datetime.datetime(2026, 11, 22, 7, 30), datetime.datetime(2026, 11, 21, 19, 0))
    """
    if len(heard) > 100:
        return None
    words = re.sub(r"(?<=\d)[Tt](?=\d\d:)|[,،]\s", " ", heard).split()
    if len(words) == 1 and runs_on(heard):  # 2025年3月3日7点
        words = [part for part in re.split(r"(?<=[日号號天])", words[0]) if part]
    found: set[datetime] = set()
    for at in range(1, len(words)):
        for day_words, time_words in ((words[:at], words[at:]), (words[at:], words[:at])):
            said = " ".join(time_words)
            clock = None if _COMPACT.search(said) else read(said, language)
            day = dates.read(" ".join(day_words), language, today, order) if clock else None
            if clock and day:
                found.add(datetime.combine(day, clock))
    return found.pop() if len(found) == 1 else None


def _written(heard: str, language: str) -> str:
    """Small letters, digits 0-9, number words of the language in digits; the marks between the digits stay."""
    text = "".join(fold(char) if char.isdecimal() else char for char in heard.casefold().translate(_PLAIN))
    text = re.sub(r"\b([ap])\.\s?m\b\.?", r"\1m", text)
    text = re.sub(r"(?<=\d)([ap])m?\b", r" \1m", text).strip(" \t\r\n.!?,،。")
    if runs_on(text):
        text = re.sub(r"[一二两兩三四五六七八九十]+(?=[点點時时分])", _han, text)
    words = bare(text.split())
    at, out = 0, []
    own = {light(word): n for n, forms in _numbers(language) for word in forms}
    while at < len(words):
        run = spelled.at(words, at, language) if words[at].isalpha() else None
        if run and words[at : run[1]] != ["a"]:
            out.append(str(run[0]))
            at = run[1]
        else:
            out.append(str(own.get(light(words[at]), words[at])) if words[at].isalpha() else words[at])
            at += 1
    return " ".join(out)


def _numbers(language: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    if language in LEXICONS:
        yield from LEXICONS[language].numbers.items()


def _han(run: re.Match[str]) -> str:
    return (
        spelled.in_digits(run[0])
        if len(run[0]) > 1
        else str("零一二三四五六七八九十".find(run[0].translate({0x4E24: "二", 0x5169: "二"})))
    )


def _readings(written: str) -> Iterator[tuple[int, int, str]]:
    """Hour, minute and the words about them, for the first form that fits."""
    plain = fold(written)
    for form, minutes in _SPOKEN:
        if match := form.search(plain):
            yield int(match[1]) - (minutes < 0), minutes % 60, _rest(plain, match)
            return
    if match := _DIGITS.search(written):
        yield int(match[1]), int(match[2]), _rest(written, match)
        return
    if match := _HOUR.search(written):
        yield int(match[1]), 30 if match[2] else 0, _rest(written, match)
        return
    if match := _SPACED.search(written) or _COMPACT.search(written):
        yield int(match[1]), int(match[2]), _rest(written, match)
        return
    if match := _BARE.search(written):
        rest = _rest(written, match)
        if rest:  # "7 am"; a bare 7 is no time
            yield int(match[1]), 0, rest


def _rest(text: str, match: re.Match[str]) -> str:
    before, after = fold(text[: match.start()]), fold(text[match.end() :])
    before = "" if before in _ABOUT else before
    after = "" if after in _AROUND else after
    return f"{before} {after}".strip()


def _on_the_clock(hour: int, minute: int, about: str) -> time | None:
    if not (0 <= hour <= 23 and 0 <= minute <= 59):
        return None
    if not about:
        return time(hour, minute)
    if about in _MORNING and hour <= 12:
        return time(hour % 12, minute)
    if about in _AFTERNOON and hour > 0:
        return time(hour if hour >= 12 else hour + 12, minute)
    if about in _NIGHT and (6 <= hour <= 11 or hour >= 18):  # one at night is in the morning for some
        return time(hour if hour >= 12 else hour + 12, minute)
    if about in _NOON and hour in (11, 12, 1, 2):
        return time(hour if hour > 10 else hour + 12, minute)
    return None
