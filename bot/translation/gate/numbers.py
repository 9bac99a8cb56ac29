"""The same numbers, whatever digits, separators or words a language writes them with."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from babel import Locale, UnknownLocaleError

from survey_flows.folding import fold, runs_on
from survey_flows.lexicon import LEXICONS
from survey_flows.told import told
from survey_flows.wording import nearest

from .case import Case, listed
from .finding import Finding
from .kept import bare

_SPACES = "\u00a0\u202f\u2009 "
_THOUSANDS = re.compile(
    rf"(?<![\d.,])(\d{{1,3}}(?:[.,'’٬{_SPACES}]\d{{2,3}}){{0,5}}[.,'’٬{_SPACES}]\d{{3}})(?![.,]?\d)"
)
_PHONE = re.compile(r"\+?(?:\d{1,3}[\s.-])?(?:\(\d{2,4}\)\s?|\d{2,4}[\s.-]){1,5}\d{3,4}(?!\d)")
_YEARS = re.compile(r"(?:19|20)\d\d\D(?:19|20)\d\d")
_SOON = re.compile(r"\d")
_ZEROS = re.compile(r"(?<!\d)00(?!\d)")
"""Minutes and cents that may be left out: 8:00 is 8."""
_EVENING = re.compile(
    r"(?<![a-z])p\.?\s?m\b|\bde la (?:tarde|noche)|\bd[ae] (?:tarde|noite)|\bdu soir|après-midi|\baprè ?midi|\bdiswa|\baswè|\bchiều"
    r"|\btối|下午|晚上|晚|مساء|عصر|بعد الظهر|вечера|дня|дня|вечора|오후|저녁|शाम|दोपहर|شام|ظهر|\bgalab|\bjioni|\busiku|\bgabi|\bhapon|ከሰዓት|ማታ",
    re.IGNORECASE,
)
_HALF = re.compile(
    r"\bmedia\b|\bmeia\b|\bdemie?\b|\bedmi\b|\brưỡi\b|半|نصف|\bполовин|\bпів|\bhalf\b|반|साढ़े|ساڑھے|نیم|\bnusu\b|\bnus\b|\bkalahati\b|ተኩል",
    re.IGNORECASE,
)
_HOUR = re.compile(r"\d{1,2}\s?(?::|h|：|時|点|點|시|giờ|\s?[ap]\.?\s?m\b)", re.IGNORECASE)
_OTHER_CLOCKS = ("am", "sw", "so")
"""In these languages the day begins at six: seven in the morning is one o'clock."""
_ARABIC_TWO = re.compile(r"\b\w{3,}[يا]ن\b")
"""Arabic says two of a thing with the thing's ending: "week" أسبوع, "two weeks" أسبوعين."""
_ARABIC_JOINED = re.compile(r"\b(?:و|ب|ل|ف|ك)?(?:ال|لل)(?=\w{3})")
"""The article and small words that Arabic writes as part of the next: "the four" is one word."""


def same(case: Case) -> Iterator[Finding]:
    """Every number of the source, and no other. A number may be written as a word."""
    wanted, there = (
        figures(_spelled(case.unit.text, case.unit.source)),
        figures(_spelled(case.text, case.language)),
    )
    evening = bool(_EVENING.search(case.unit.text) or _EVENING.search(case.text))
    lost, added = _unmatched(wanted, there, evening), _unmatched(there, wanted, evening)
    if not lost and not added:
        return
    if _ZEROS.search(case.unit.text) or _ZEROS.search(case.text):
        lost, added = ([n for n in some if n != "0"] for some in (lost, added))
    added = [n for n in added if not _in_words(n, case.unit.text, case.unit.source)]
    in_words = [n for n in lost if _in_words(n, case.text, case.language)]
    if not added:  # where there is another number in its place, a word elsewhere is no excuse
        lost = [n for n in lost if n not in in_words]
    repeated = [n for n in lost if n in there]
    lost = [n for n in lost if n not in there]
    added_new = [n for n in added if n not in wanted]
    if lost:
        clock = nearest(case.language, _OTHER_CLOCKS, "") and _HOUR.search(case.unit.text)
        what = told("{what} is missing.", what=listed(lost))
        if added_new:
            what = told(
                "{what} is missing, and {other} is there instead.", what=listed(lost), other=listed(added_new)
            )
        cure = told("Write the same number as the source.")
        if clock:
            cure = told(
                "{cure} This language may count the hours from six in the morning: have a speaker decide.",
                cure=cure,
            )
        yield Finding("warn" if clock else "block", "number", what, cure)
    elif added_new:
        what = told("{what} is not in the source.", what=listed(added_new))
        yield Finding("warn", "number", what, told("Take it out, unless the source says it in words."))
    elif repeated:
        what = told("{what} stands there less often than in the source.", what=listed(repeated))
        yield Finding("note", "number", what, told("Look whether a part of the text is missing."))


def figures(text: str) -> list[str]:
    """The numbers of a text as digits 0-9: thousands and phone numbers joined, times and fractions in their parts.

    >>> figures("1,000 or 1 000, ٢٫٥, 7:30, 555-0142"), figures("１２ {grade9} https://example.org/1")
    (['1000', '1000', '2', '5', '7', '30', '5550142'], ['12'])
    """
    plain = bare(text)
    if not _SOON.search(plain):
        return []
    plain = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain)
    plain = _PHONE.sub(_joined, plain)
    plain = _THOUSANDS.sub(lambda found: re.sub(r"\D", "", found[0]), plain)
    return [run.lstrip("0") or "0" for run in re.findall(r"\d+", plain)]


_CHAT = re.compile(r"\b(?=\w*[a-z]\w*[a-z])[a-z]*\d[a-z0-9]*\b", re.IGNORECASE)


def _spelled(text: str, language: str) -> str:
    """Arabic in Latin letters writes some of its sounds as numbers: "met2akher" (late) holds no 2."""
    return _CHAT.sub(" ", text) if language.partition("-")[0] == "ar" else text


def _joined(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found[0])
    return f" {digits} " if len(digits) >= 7 and not _YEARS.fullmatch(found[0]) else found[0]


def _unmatched(wanted: list[str], there: list[str], evening: bool) -> list[str]:
    """What of ``wanted`` has no partner; noughts of minutes and cents may go."""
    left = list(there)
    lost = []
    for number in wanted:
        others = [number]
        if evening and len(number) < 3:
            others += [str(int(number) + 12), str(int(number) - 12)]
        partner = next((other for other in others if other in left), None)
        if partner is not None:
            left.remove(partner)
        else:
            lost.append(number)
    return lost


def _in_words(number: str, text: str, language: str) -> bool:
    """Whether a text says a number in words of its language: "two", "两", "quinto", "half past"."""
    value = int(number) if len(number) < 7 else -1
    if value == 30 and _HALF.search(text):
        return True
    tag = nearest(language, tuple(LEXICONS), "")
    if not tag:
        return False
    plain = fold(text)
    if tag == "ar":
        if value == 2 and _ARABIC_TWO.search(plain):
            return True
        plain = f"{plain} {_ARABIC_JOINED.sub('', plain)}"
    spaced = f" {plain} "
    return any(word in plain if runs_on(word) else f" {word} " in spaced for word in _words(tag, value))


@cache
def _words(tag: str, value: int) -> tuple[str, ...]:
    known = LEXICONS[tag]
    found = [
        *known.numbers.get(value, ()), *known.counted.get(value, ()), *known.ordinals.get(value, ()),
        *_MORE.get(tag, {}).get(value, ()), *_months(tag, value),
    ]  # fmt: skip
    return tuple(dict.fromkeys(filter(None, map(fold, found))))


def _months(tag: str, value: int) -> tuple[str, ...]:
    """Where one language writes "October", another writes 10."""
    if not 1 <= value <= 12:
        return ()
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return ()
    return tuple(
        locale.months[context][width][value]
        for context in ("format", "stand-alone") for width in ("wide", "abbreviated")
    )  # fmt: skip


_MORE: dict[str, dict[int, tuple[str, ...]]] = {
    "en": {1: ("once", "a", "an", "single"), 2: ("twice", "couple", "both", "pair"), 12: ("dozen", "noon")},
    "es": {2: ("ambos", "ambas")},
    "fr": {2: ("deux",), 12: ("midi",)},
    "ht": dict(
        enumerate(
            (
                ("janvye",),
                ("fevriye",),
                ("mas",),
                ("avril",),
                ("me",),
                ("jen",),
                ("jiyè",),
                ("out", "dawou"),
                ("septanm",),
                ("oktòb",),
                ("novanm",),
                ("desanm", "midi"),
            ),
            start=1,
        )
    ),
    "zh-Hans": {2: ("两", "二", "俩"), 1: ("一",)},
    "zh-Hant": {2: ("兩", "二"), 1: ("一",)},
}
