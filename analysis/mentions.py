"""What a reply names that somebody can look up: times, days, bus routes, streets; in eight languages, written as one.

    >>> sorted(mentions("la guagua 12 pasa a las siete y media los lunes", "es"))
    [('day', 'Monday'), ('route', '12'), ('time', '7:30')]

A time without am or pm stays as it was said: of a school day most are in the morning. Tables, not a model: a speaker can read and
mend them. All but English are machine-drafted, not yet looked over by a speaker.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from .cues import fold

Kind = Literal["time", "day", "part of day", "route", "street"]
KINDS: tuple[Kind, ...] = ("route", "time", "day", "part of day", "street")
Mention = tuple[Kind, str]

# Everything below is folded: no accents, small letters, western digits.

_HOURS: Mapping[str, str] = {
    "en": "one two three four five six seven eight nine ten eleven twelve",
    "es": "una dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "pt": "uma duas tres quatro cinco seis sete oito nove dez onze doze",
    "fr": "une deux trois quatre cinq six sept huit neuf dix onze douze",
    "ht": "ine deze twaze katre senke size sete uite neve dize onze midi",
    "vi": "mot hai ba bon nam sau bay tam chin muoi",
    "zh": "一 二 三 四 五 六 七 八 九 十 十一 十二",
    "ar": "الواحدة الثانية الثالثة الرابعة الخامسة السادسة السابعة الثامنة التاسعة العاشرة",
}
"""The hours from one on. In Haitian Creole they are words of their own: setè is seven o'clock."""
_HALF = r"y media|e meia|et demie?|e ?demi|edmi|ruoi|半|و ?النصف|و ?نص"
_QUARTER = r"y cuarto|e quinze|et quart|e ka|一刻|و ?الربع|و ?ربع"
_MINUTES = rf"(?:\s*(?:(?P<half>{_HALF})|(?P<quarter>{_QUARTER})|(?:[yeو:h]|et)?\s*(?P<minute>[0-5]\d)(?:分| ?phut)?(?!\d)))"
_LATER = re.compile(
    r"\s*(?:p\.? ?m\b|de la (?:tarde|noche)|da (?:tarde|noite)|nan apremidi|(?:di)?aswe|apremidi|(?:buoi )?chieu|toi\b"
    r"|de l'apres-midi|du soir|in the (?:afternoon|evening)|مساء|بعد الظهر|العصر)"
)
_LATER_ZH = re.compile(r"(?:下午|晚上|傍晚)$")


def _word(language: str) -> str:
    words = sorted(_HOURS[language].split(), key=len, reverse=True)
    return rf"(?P<hour>\d{{1,2}}|{'|'.join(words)})"


_ANY = re.compile(r"(?<![\d:.])(?P<hour>\d{1,2})(?: ?: ?| ?h ?)(?P<minute>[0-5]\d)(?![\d:])")
"""6:40, 6h40 and 7 h 15, in any language."""
_CLOCKS: Mapping[str, tuple[re.Pattern[str], ...]] = {
    "en": (
        re.compile(r"(?<![\d:.])(?P<hour>\d{1,2})(?:[:.](?P<minute>[0-5]\d))? ?(?:a|p)\.? ?m\b"),
        re.compile(rf"(?P<half>half past )\b{_word('en')}\b"),
        re.compile(rf"\b{_word('en')} ?o ?'? ?clock\b"),
        re.compile(
            rf"\b(?:at|by|before|after|until|til|till|around) {_word('en')}"
            r"(?! ?(?:[:.]\d|min|hour|hr|day|week|month|year|kid|school|place|stop|time|of|different|o ?'? ?clock))\b(?! ?[ap]\.?m)"
        ),
    ),
    "es": (re.compile(rf"\ba las? {_word('es')}\b{_MINUTES}?"),),
    "pt": (
        # "As 3 crianças" are three children.
        re.compile(
            rf"\b(?:as|ate as|antes das|depois das) {_word('pt')}\b(?= ?(?:h|e (?:meia|quinze|\d)|da |[.,;!?]|$))(?: ?h(?:oras)?\b)?{_MINUTES}?"
        ),
    ),
    "fr": (
        re.compile(rf"\b(?:a|vers|avant|apres|des|jusqu'a) {_word('fr')} ?h(?:eures?)?\b{_MINUTES}?"),
        re.compile(rf"\b{_word('fr')} heures?{_MINUTES}"),
    ),
    "ht": (
        re.compile(rf"\b(?P<hour>{'|'.join(_HOURS['ht'].split())})\b{_MINUTES}?"),
        re.compile(rf"\b(?P<hour>\d{{1,2}}) ?(?:e|te|ze|ve|tre)\b{_MINUTES}?"),
    ),
    "vi": (
        re.compile(rf"\b(?:luc|khoang|truoc|sau|den|toi) {_word('vi')} ?(?:gio|g|h)\b{_MINUTES}?"),
        re.compile(rf"\b{_word('vi')} ?(?:gio|g) ?{_MINUTES}"),
        re.compile(rf"\b{_word('vi')} ?gio (?=sang|chieu|toi\b)"),
    ),
    "zh": (
        re.compile(rf"{_word('zh')}[点點]钟?{_MINUTES}"),
        # 一点 is "a little": an hour must be another, or told by the part of the day.
        re.compile(r"(?P<hour>\d{1,2}|[二两三四五六七八九]|十[一二]?|(?<=[上午晚晨])一)[点點](?!儿|也)"),
    ),
    "ar": (re.compile(rf"(?:الساعه|الساعة) {_word('ar')}{_MINUTES}?"),),
}

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY_WORDS: Mapping[str, tuple[str, ...]] = {
    "en": tuple(
        rf"\b{short}\b"
        for short in (
            "mon(?:day)?s?", "tue(?:s|sday)?s?", "weds?|wednesdays?", "thu(?:rs?|rsday)?s?", "fri(?:day)?s?",
            "satur?days?", "sundays?",
        )
    ),
    "es": (r"\blunes\b", r"\bmartes\b", r"\bmiercoles\b", r"\bjueves\b", r"\bviernes\b", r"\bsabados?\b", r"\bdomingos?\b"),
    # Segunda is also "second": only where nothing else can be meant.
    "pt": (
        r"\bsegundas?-feiras?|\b(?:na|toda|as|de) segundas?\b(?! vez)", r"\btercas?-feiras?|\b(?:na|toda|as|de) tercas?\b",
        r"\bquartas?-feiras?|\b(?:na|toda|as|de) quartas?\b", r"\bquintas?-feiras?|\b(?:na|toda|as|de) quintas?\b",
        r"\bsextas?-feiras?|\b(?:na|toda|as|de) sextas?\b", r"\bsabados?\b", r"\bdomingos?\b",
    ),
    "fr": (r"\blundis?\b", r"\bmardis?\b", r"\bmercredis?\b", r"\bjeudis?\b", r"\bvendredis?\b", r"\bsamedis?\b", r"\bdimanches?\b"),
    "ht": (r"\blendi\b", r"\bmadi\b", r"\bmekredi\b", r"\bjedi\b", r"\bvandredi\b", r"\bsamdi\b", r"\bdimanch\b"),
    "vi": (
        r"\bthu (?:hai|2)\b", r"\bthu (?:ba|3)\b", r"\bthu (?:tu|4)\b", r"\bthu (?:nam|5)\b", r"\bthu (?:sau|6)\b",
        r"\bthu (?:bay|7)\b", r"\bchu nhat\b",
    ),
    "zh": tuple(rf"(?:周|星期|礼拜){day}" for day in ("一", "二", "三", "四", "五", "六", "[日天]")),
    "ar": (r"الاثنين", r"الثلاثاء", r"الاربعاء", r"الخميس", r"الجمعه|الجمعة", r"السبت", r"يوم الاحد"),
}  # fmt: skip

_PARTS = ("morning", "afternoon", "evening")
_PART_WORDS: Mapping[str, tuple[str, str, str]] = {
    "en": (r"\bmornings?\b", r"\bafternoons?\b|\bafter school\b", r"\bevenings?\b|\bat night\b"),
    "es": (r"\b(?:en|por|de|a) la manana\b|\bmananas\b", r"\b(?:en|por|de|a) la tarde\b|\btardes\b", r"\b(?:en|por|de) la noche\b"),
    "pt": (r"\bde manha\b|\bmanhas?\b", r"\b(?:de|a|da) tarde\b", r"\b(?:de|a|da) noite\b"),
    "fr": (r"\bmatins?\b", r"\bapres-midi\b", r"\bsoirs?\b"),
    "ht": (r"\bmaten\b", r"\bapremidi\b", r"\b(?:di)?aswe\b"),
    "vi": (r"\b(?:buoi )?sang\b", r"\b(?:buoi )?chieu\b", r"\bbuoi toi\b"),
    "zh": (r"早上|上午|早晨", r"下午", r"晚上|傍晚"),
    "ar": (r"الصباح|صباحا|الصبح", r"بعد الظهر|العصر", r"المساء|مساء"),
}  # fmt: skip

_NUMBER = r"(?:#|no?\.?(?:[o°º]\.?)?|num(?:ero|ber)?\.?|nimewo|so|رقم)?\s*#?\s*(?P<route>\d{1,3}[a-z]?)\b"
_NOT_A_ROUTE = r"(?!\s?(?:[:.,]\d|h\b|am\b|pm\b|%|min|mn\b|time|day|dia|jou\b|hour|hora|heure|or[ae]s?\b|phut|ngay|lan\b|vez|veces|fois|fwa|kid|nin|timoun|block|stop|late|year|student|week|دقيق|مر|يوم|ساع))"
_ROUTES = (
    re.compile(
        r"\b(?:bus(?:es)?|autobus|ruta|route|guagua|camion|linea|linha|ligne|line|onibus|bis|liy|xe buyt|tuyen|xe)\s+(?:de |la )?"
        + _NUMBER
        + _NOT_A_ROUTE
    ),
    re.compile(r"(?:حافله|حافلة|الحافله|الحافلة|باص|الباص|خط|اوتوبيس)\s+" + _NUMBER + _NOT_A_ROUTE),
    re.compile(r"(?:校车|巴士|公交车?|大巴)\s*(?P<route>\d{1,3}[a-z]?)(?!\d|[:点點分]| ?分|次|天|个)"),
    re.compile(r"(?<!\d)(?P<route>\d{1,3}[a-z]?)\s*(?:路(?!口)|号(?:校|公交|巴|线)|线)"),
    re.compile(r"(?:#|\bno\. ?|\bthe )(?P<route>\d{1,3}[a-z]?) (?:school )?bus\b"),
)
_NAMED = r"(?P<street>[a-z][\w'-]+(?: [a-z][\w'-]+)?)"
_STREETS = (
    re.compile(rf"\b{_NAMED} (?P<sort>street|avenue|lane|road|boulevard|drive)\b"),
    re.compile(r"\b(?P<sort>calle|avenida|rua|rue|lari|duong)\s+(?:(?:de|du|des|la|le|las|los|da|do)\s+)*(?P<street>[a-z][\w'-]+)"),
    re.compile(r"(?P<sort>شارع)\s+(?P<street>\w+)"),
)  # fmt: skip
_SHORT_STREET = re.compile(rf"\b{_NAMED} (?P<sort>st|ave|ln|rd|blvd)\b")
"""In English alone: elsewhere these letters are words."""
_SORTS = {"st": "street", "ave": "avenue", "ln": "lane", "rd": "road", "blvd": "boulevard"}
_SMALL = frozenset(
    [
        "the",
        "a",
        "an",
        "this",
        "that",
        "my",
        "our",
        "your",
        "his",
        "her",
        "their",
        "on",
        "in",
        "at",
        "to",
        "from",
        "cross",
        "crosses",
        "crossing",
        "down",
        "up",
        "by",
        "near",
        "along",
        "of",
        "off",
        "across",
        "and",
        "no",
        "busy",
        "main",
        "dark",
        "big",
        "one",
        "other",
        "same",
        "every",
        "each",
        "is",
        "de",
        "la",
        "el",
    ]
)


def mentions(text: str, language: str) -> frozenset[Mention]:
    """What the reply names, as (kind, value); ``language`` is BCP 47, and in one without tables only digits are read."""
    base = language.split("-")[0]
    plain = "".join(str(int(letter)) if letter.isdecimal() else letter for letter in fold(text))
    found: set[Mention] = set()
    times, plain = _times(plain, base)
    found |= {("time", time) for time in times}
    found |= {("day", day) for day in _listed(plain, _DAYS, _DAY_WORDS.get(base, ()))}
    found |= {("part of day", part) for part in _listed(plain, _PARTS, _PART_WORDS.get(base, ()))}
    found |= {("route", hit["route"].upper()) for pattern in _ROUTES for hit in pattern.finditer(plain)}
    found |= {("street", street) for street in _streets(plain, base)}
    return frozenset(found)


def _times(plain: str, base: str) -> tuple[set[str], str]:
    """The times, and the text without them: the number of a time is no bus."""
    found = set()
    for pattern in (*_CLOCKS.get(base, ()), _ANY):
        for hit in reversed(list(pattern.finditer(plain))):
            if (time := _time(hit, plain, base)) is not None:
                found.add(time)
                plain = plain[: hit.start()] + " ; " + plain[hit.end() :]
    return found, plain


def _time(hit: re.Match[str], plain: str, base: str) -> str | None:
    named = hit.groupdict()
    said = named["hour"]
    words = _HOURS.get(base, "").split()
    hour = int(said) if said.isdecimal() else 2 if said == "两" else words.index(said) + 1
    minute = 30 if named.get("half") else 15 if named.get("quarter") else int(named.get("minute") or 0)
    later = _LATER.match(plain, hit.end()) or re.search(r"p\.? ?m$", hit[0])
    if base == "zh":
        later = later or _LATER_ZH.search(plain[: hit.start()])
    if later and hour < 12:
        hour += 12
    return f"{hour}:{minute:02}" if 0 < hour < 24 else None


def _listed(plain: str, names: tuple[str, ...], patterns: tuple[str, ...]) -> Iterator[str]:
    for name, pattern in zip(names, patterns, strict=False):
        if re.search(pattern, plain):
            yield name


def _streets(plain: str, base: str) -> Iterator[str]:
    for pattern in (*_STREETS, _SHORT_STREET) if base == "en" else _STREETS:
        for hit in pattern.finditer(plain):
            said = hit["street"].split()
            words = [word for word in said if word not in _SMALL]
            # "Cross the street": what stands before it is no name.
            if words and said[-1] == words[-1]:
                sort = _SORTS.get(hit["sort"], hit["sort"])
                after = hit.start("sort") > hit.start("street")
                yield f"{' '.join(words)} {sort}" if after else f"{sort} {' '.join(words)}"
