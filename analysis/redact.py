"""Takes out of a reply what tells who somebody is, before it leaves the database or is quoted.

Rules, not a model: they can be read, they run everywhere, and they miss a bare first name that nothing announces. So a
person still looks at each quote before it is published (FERPA counts a direct identifier, and whatever lets a
reasonable person in the school community identify the student: 34 CFR 99.3).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Kind = Literal["name", "number", "email", "link", "handle", "address", "date"]
Span = tuple[int, int, Kind]

PLACEHOLDERS: dict[str, dict[Kind, str]] = {
    "en": {"name": "name", "number": "number", "email": "email", "link": "link", "handle": "account", "address": "address", "date": "date"},
    "es": {"name": "nombre", "number": "número", "email": "correo", "link": "enlace", "handle": "cuenta", "address": "dirección", "date": "fecha"},
    "ht": {"name": "non", "number": "nimewo", "email": "imel", "link": "lyen", "handle": "kont", "address": "adrès", "date": "dat"},
    "pt": {"name": "nome", "number": "número", "email": "e-mail", "link": "link", "handle": "conta", "address": "endereço", "date": "data"},
    "vi": {"name": "tên", "number": "số", "email": "email", "link": "liên kết", "handle": "tài khoản", "address": "địa chỉ", "date": "ngày"},
    "zh": {"name": "姓名", "number": "号码", "email": "邮箱", "link": "链接", "handle": "账号", "address": "地址", "date": "日期"},
    "ar": {"name": "اسم", "number": "رقم", "email": "بريد", "link": "رابط", "handle": "حساب", "address": "عنوان", "date": "تاريخ"},
    "fr": {"name": "nom", "number": "numéro", "email": "e-mail", "link": "lien", "handle": "compte", "address": "adresse", "date": "date"},
}  # fmt: skip
"""What stands in the place of what was taken out. All but English machine-drafted, not yet approved by a person."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """The text with placeholders, and how many there are."""

    text: str
    count: int


def redact(text: str, language: str, names: Collection[str] = ()) -> Redacted:
    """``text`` without names, numbers that could be a phone or an id, addresses, dates with a year, e-mail and web
    addresses. Short numbers stay ("bus 12", "40 min", "grade 5").

    ``names`` are those known to the caller (the person's own, the children's); ``language`` is the placeholders'.

    >>> redact("Ms. Rivera said my son Luis must wait. 555-0142", "en")
    Redacted(text='[name] said my son [name] must wait. [number]', count=3)
    """
    words = PLACEHOLDERS.get(language.split("-")[0], PLACEHOLDERS["en"])
    parts, at = [], 0
    spans = find(text, names)
    for start, end, kind in spans:
        parts += [text[at:start], f"[{words[kind]}]"]
        at = end
    return Redacted("".join((*parts, text[at:])), len(spans))


def find(text: str, names: Collection[str] = ()) -> list[Span]:
    """Where ``redact`` finds something, as (start, end, kind), in order; spans do not touch one another."""
    found = sorted({span for rule in RULES for span in rule(text)} | set(_known(text, names)))
    return _apart([*found, *_again(text, found)])


def _apart(found: Iterable[Span]) -> list[Span]:
    """Spans that do not touch one another: what overlaps is one, of the kind of the longest."""
    merged: list[Span] = []
    for start, end, kind in sorted(found):
        if merged and start < merged[-1][1]:
            before = merged.pop()
            longest = before[2] if before[1] - before[0] >= end - start else kind
            start, end, kind = before[0], max(before[1], end), longest
        merged.append((start, end, kind))
    return merged


# --- addresses of the net ---

_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"'،。，]+", re.I)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HANDLE = re.compile(r"(?<![\w@./])@\w[\w.]{2,}")


def _net(text: str) -> Iterator[Span]:
    kinds: tuple[tuple[re.Pattern[str], Kind], ...] = (
        (_LINK, "link"),
        (_EMAIL, "email"),
        (_HANDLE, "handle"),
    )
    for pattern, kind in kinds:
        for found in pattern.finditer(text):
            yield found.start(), found.end(), kind


# --- numbers ---

_LOCAL_PHONE = re.compile(r"(?<![\d/.:-])\d{3}[-. ]\d{4}(?![\d/:])")
_SPACED_PHONE = re.compile(r"(?<!\d)\(?\d{3}\)?[-. ]?\d{3}[-. ]?\d{4}(?!\d)")
_LONG = re.compile(r"(?<![\d.,$€£])#?\d{5,}(?![\d]|[.,]\d)")
_ID = re.compile(
    r"\b(?:id|i\.d|student(?: id| number| no)?|matr[ií]cula|expediente|nimewo elèv|mã số|numéro d'élève)"
    r"\W{0,3}(?:is|es|se|est|là|n[oº°]\.?)?\W{0,3}#?([a-z]{0,3}-?\d{4,}[\w-]*)",
    re.I,
)
_SOCIAL = re.compile(r"(?<!\d)\d{3}[- ]\d{2}[- ]\d{4}(?!\d)")


def _numbers(text: str) -> Iterator[Span]:
    from phonenumbers import Leniency, PhoneNumberMatcher

    plain = _western(text)
    for pattern in (_LOCAL_PHONE, _SPACED_PHONE, _LONG, _SOCIAL):
        for found in pattern.finditer(plain):
            yield found.start(), found.end(), "number"
    for found in _ID.finditer(plain):
        yield found.start(1), found.end(1), "number"
    for phone in PhoneNumberMatcher(plain, "US", leniency=Leniency.POSSIBLE, max_tries=20):
        # Two times, two years or a price look like a phone number to it.
        if sum(digit.isdigit() for digit in phone.raw_string) >= 7 and not _NO_PHONE.search(phone.raw_string):
            yield phone.start, phone.end, "number"


_NO_PHONE = re.compile(r"\d:\d\d|^\d+[.,]\d\d?$|(?:19|20)\d\d\s*[-/]\s*(?:19|20)\d\d")

# --- dates with a year ---

_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic|fev|mai|ago|set|out|dez|janv|févr|avr|juin|"
    r"juil|août|déc|me|avr|jen|jiy|out|sept|okt|des)[\w.éûôè]*"
)
_DATE = re.compile(
    rf"(?<![\d/])(?:\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:\d{{4}}|\d{{2}})|\d{{4}}[/.-]\d{{1,2}}[/.-]\d{{1,2}}|"
    rf"\d{{4}}\s*年\s*\d{{1,2}}\s*月(?:\s*\d{{1,2}}\s*日)?|"
    rf"{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d|"
    rf"\d{{1,2}}(?:er)?\s+(?:de\s+)?{_MONTH}\s+(?:de\s+|del\s+)?(?:19|20)\d\d|"
    rf"ngày\s+\d{{1,2}}\s+tháng\s+\d{{1,2}}\s+năm\s+\d{{4}})(?![\d/])",
    re.I,
)


def _dates(text: str) -> Iterator[Span]:
    for found in _DATE.finditer(_western(text)):
        yield found.start(), found.end(), "date"


# --- where people live ---

_STREET = (
    r"(?:street|str|st|avenue|ave|av|road|rd|lane|ln|court|ct|drive|dr|boulevard|blvd|way|place|pl|terrace|ter|circle|cir|"
    r"highway|hwy|parkway|pkwy|square|sq|trail|trl|alley|loop)"
)
_UNIT = r"(?:,?\s*(?:apt|apartment|unit|suite|ste|no|lot|apto|depto|#)\.?\s*#?\w{1,5}\b)?"
_ADDRESS = re.compile(
    rf"(?<![\w-])\d{{1,5}}[a-z]?\s+(?:[nsew]\.?\s+)?(?:[\w'’]+\.?\s+){{1,3}}?{_STREET}\b\.?{_UNIT}"
    # calle Olmo 214, rua das Flores 12, avenida X #30, lari X nimewo 3
    r"|\b(?:calle|avenida|av\.|carrera|rua|travessa|lari|đường|số nhà)\s+(?:[\w'’.]+\s+){1,4}?(?:#|n[oº°]\.?|num\.?|nimewo)?\s*\d{1,5}\b"
    # 12 rue des Lilas, 12 calle Olmo, số 12 đường Hoa Mai
    r"|(?<![\w-])\d{1,5}(?:\s?bis)?,?\s+(?:rue|avenue|boulevard|allée|chemin|impasse|place|calle|rua|lari|đường)"
    r"\s+(?:(?:de|du|des|la|le|les|da|do|das|dos|del|los|las|l'|d')\s*)*[\w'’-]+(?:\s+(?=[A-ZÀ-Ý])[\w'’-]+)*"
    # Apartment 4B alone says where somebody lives, too
    r"|\b(?:apt|apartment|apartamento|apto|appartement|căn hộ)\.?\s*#?\d{1,4}[a-z]?\b"
    r"|[\u4e00-\u9fff]{2,4}(?:路|街|巷|大道)\s*\d{1,5}\s*号(?:\s*\d{1,4}\s*(?:室|楼|单元))*"
    r"|شارع\s+\w+(?:\s+رقم)?\s+\d{1,5}",
    re.I,
)


def _addresses(text: str) -> Iterator[Span]:
    for found in _ADDRESS.finditer(_western(text)):
        # "ends at 6 and there's no way" is no address: small numbers and everyday words need a street's capital.
        words = text[found.start() : found.end()].split()
        doubtful = len(re.findall(r"\d", words[0])) < 2 or _EVERYDAY_STREET.search(words[-1])
        if words[0][0].isdigit() and doubtful and not any(word[0].isupper() for word in words[1:]):
            continue
        yield found.start(), found.end(), "address"


_EVERYDAY_STREET = re.compile(
    r"^(?:way|place|drive|court|loop|trail|circle|square|st|str|dr|pl|av|ter|alley|ct|cir)\b", re.I
)


# --- names ---

_TITLES = (
    r"mr|mrs|ms|miss|mx|dr|doctor|coach|principal|nurse|teacher|prof|professor|officer|pastor|"
    r"sr|sra|srta|don|doña|dona|señor|señora|señorita|profe|profesor|profesora|maestro|maestra|doctora|director|directora|"
    r"professora|diretora|diretor|tia|tio|"
    r"madam|mesye|msye|misye|matmwazèl|pwofesè|pwof|doktè|direktè|pastè|mis|"
    r"m|mme|mlle|monsieur|madame|mademoiselle|docteur|professeur|maître|maîtresse|directrice|"
    r"cô|thầy|co|thay|bác sĩ|ông|bà|chú|dì"
)
# A title alone is everyday speech ("the teacher said"): a capital letter must follow.
_WORD = r"[A-ZÀ-ÖØ-ÝĐĂƠƯẠ-Ỹ][\w'’-]+"
_NAME = rf"{_WORD}(?:\s+(?:de\s+la|de\s+los|de|del|da|dos|la|van|ben|al|el)\s+{_WORD}|\s+{_WORD}){{0,2}}"
_TITLED = re.compile(rf"(?<![\w'’])(?i:{_TITLES})(?:\.\s*|\s+)({_NAME})")

_KIN = (
    r"my (?:\w+ )?(?:son|daughter|kid|child|boy|girl|baby|brother|sister|husband|wife|cousin|niece|nephew|friend|"
    r"grandson|granddaughter|grandma|grandpa|stepson|stepdaughter|mom|dad|aunt|uncle)s?,?|"
    r"(?:mi|mis|nuestr[oa]) (?:hij[oa]s?|niñ[oa]s?|beb[eé]|herman[oa]s?|espos[oa]|niet[oa]s?|sobrin[oa]s?|prim[oa]s?|amig[oa]s?|"
    r"mam[aá]|pap[aá]|t[ií][oa]|abuel[oa]|niet[oa]),?|"
    r"(?:meu|minha|o meu|a minha) (?:filh[oa]|menin[oa]|irmã|irmão|marido|esposa|net[oa]|sobrinh[oa]|prim[oa]|amig[oa]),?|"
    r"(?:mon|ma|notre) (?:fils|fille|garçon|petite?|frère|sœur|soeur|mari|femme|neveu|nièce|cousine?|amie?|bébé|enfant|aîn[ée]e?|cadette?),?|"
    r"(?:pitit|timoun|ti)(?: gason| fi)? (?:mwen|m|pa m)(?: an)?,?|(?:frè|sè|mari|madanm|neve|nyès|kouzen) (?:mwen|m),?|"
    r"(?:con|cháu|bé|em) (?:trai|gái)(?: của)?(?: tôi| em| mình| chị)?(?: tên là| tên| là)?|"
    r"(?:con|cháu|bé)(?: tôi| em| mình)(?: tên là| tên| là)?|(?:bé|cháu) tên(?: là)?|"
    r"(?:ابني|ابنتي|بنتي|ولدي|طفلي|طفلتي|أخي|اخي|أختي|اختي|زوجي|زوجتي)"
)
_SELF = (
    r"(?:my|his|her|their|our) names? (?:is|are)|i'?m called|call(?:ed)? me|this is|i am|i'?m|its|it'?s|"
    r"me llamo|se llama|mi nombre es|su nombre es|soy|habla|le dicen|"
    r"me chamo|meu nome é|se chama|chama-se|aqui é [ao]|sou [ao]|"
    r"je m'appelle|s'appelle|mon nom est|je suis|c'est|"
    r"mwen rele|m rele|li rele|non mwen se|non li se|non pitit mwen se|"
    r"tôi tên(?: là)?|tên tôi là|tên là|tên|tôi là|con tên|"
    r"(?:اسمي|اسمه|اسمها|انا|أنا)"
)
_OF = r"(?:mam[aá]|pap[aá]|madre|padre|m[aã]e|pai|maman|papa|mère|père|manman|mẹ|bố|ba|má)(?: de| do| da| của| d')?(?: la| el| bé| cháu)?"
_ANNOUNCED = re.compile(rf"(?<!\w)(?i:{_KIN}|{_SELF}|{_OF})[\s:]+({_NAME}|[^\W\d_][\w'’-]+)")
_POSSESSED = re.compile(
    rf"(?<!\w)({_WORD})['’]s (?i:mom|mother|dad|father|parent|grandma|guardian|sister|brother|teacher)\b"
)
_SIGNED = re.compile(rf"(?:^|\s)[-–—~]\s?({_NAME})\s*$")

# Words with a capital that follow "I am" or a sentence's start and name nobody.
_NOT_NAMES = frozenset(
    (  # noqa: SIM905
        "a african american arab arabic asian black brazilian catholic chinese christian christmas creole cuban dominican "
        "english espanol espanola español every everything fine friday from haitian happy he here hispanic honestly i it its "
        "jewish just latina latino mexican monday mrs ms muslim nada no none not nothing ok okay only our out puerto rican saturday she "
        "sick so sorry spanish still sunday that the there they this thursday tired too tuesday very vietnamese we wednesday "
        "white yes you salvadoran guatemalan honduran colombian venezuelan somali portuguese french dad mom mama papa "
    ).split()
)

# A family name, and what a person is called after it.
_FAMILY = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹章苏潘葛范彭郎鲁韦马方任袁柳唐罗薛贺倪汤殷毕郝安常傅卞齐康伍余顾孟黄穆萧尹姚邵汪毛米戴宋庞熊纪舒"
    "项祝董梁杜阮蓝季贾江童颜郭梅林钟徐邱骆高夏蔡田胡凌霍万柯管卢莫房丁邓洪包左石崔吉龚程邢裴陆翁侯段白赖武刘叶司谭温庄瞿阎习艾易廖辛关欧曾黎曲"
)
_CHINESE = re.compile(
    rf"(?:(?<![主谢])(?!谢谢)[{_FAMILY}]|(?<![\u4e00-\u9fff])(?!谢谢|高中|任课|安排)[{_FAMILY}][\u4e00-\u9fff]{{1,2}})"
    r"(?=老师|先生|女士|太太|小姐|校长|医生|主任|教练|阿姨|叔叔)"
)
_CHINESE_CHILD = re.compile(
    r"(?:(?:儿子|女儿|孩子|弟弟|妹妹|哥哥|姐姐)(?:叫)?)([小阿][\u4e00-\u9fff])|(?:我叫|他叫|她叫|名字叫|名叫)([\u4e00-\u9fff]{2,3})"
)
_ARABIC_TITLED = re.compile(
    r"(?<!\w)(السيدة|السيد|الأستاذة|الأستاذ|الاستاذة|الاستاذ|المعلمة|المعلم|الدكتورة|الدكتور|الآنسة|المديرة|المدير|مس|مستر)"
    r"\s+(?!ال)([\u0621-\u064a]{2,})"
)


def _names(text: str) -> Iterator[Span]:
    capitals = not _shouted(text)
    if capitals:
        for pattern in (_TITLED, _POSSESSED, _SIGNED):
            for found in pattern.finditer(text):
                if fold(found[1].split()[0]) not in _NOT_NAMES:
                    yield found.start(1 if pattern is not _TITLED else 0), found.end(1), "name"
    for found in _ANNOUNCED.finditer(text):
        name = found[1]
        first = name.split()[0]
        if fold(first) in _NOT_NAMES:
            continue
        if capitals and first[0].isupper():
            yield found.start(1), found.end(1), "name"
        elif _listed(first):
            yield found.start(1), found.start(1) + len(first), "name"
    for found in _ARABIC_TITLED.finditer(text):
        # After "teacher" a plain word may follow ("the teacher is kind"); after "Mr" and "Mrs" a name does.
        if found[1].startswith("السيد") or fold(found[2]) in common_names():
            yield found.start(2), found.end(2), "name"
    for pattern in (_CHINESE, _CHINESE_CHILD):
        for found in pattern.finditer(text):
            group = next((at for at in range(1, (found.lastindex or 0) + 1) if found[at]), 0)
            yield found.start(group), found.end(group), "name"


def _listed(word: str) -> bool:
    """Whether a word in small letters is a first name and hardly anything else (an accent makes it another word)."""
    plain = fold(word)
    return (
        plain in common_names() and plain not in _EVERYDAY and (word.lower() == plain or not plain.isascii())
    )


def _known(text: str, names: Collection[str]) -> Iterator[Span]:
    """Names the caller knows: the whole, and each part of three letters or more; without regard to case or accents,
    save for parts that are everyday words in small letters ("will", "may", "rose").
    """
    folded, at = _folded(text)
    for name in names:
        whole = fold(name).strip()
        parts = {whole, *(part for part in re.split(r"[\s,]+", whole) if len(part) >= 3)}
        for part in filter(None, parts):
            edge = r"(?<!\w)" if part[0].isascii() else ""
            for found in re.finditer(
                edge + re.escape(part) + (r"(?!\w)" if part[-1].isascii() else ""), folded
            ):
                start, end = at[found.start()], at[found.end() - 1] + 1
                if part in _EVERYDAY and text[start].islower():
                    continue
                yield start, end, "name"


_EVERYDAY = frozenset(
    "will may rose hope grace faith joy mark bill rich art pat sue april june august summer dawn grant chase young long "  # noqa: SIM905
    "white black brown green day love best cruz luz sol flor mar paz son thanh an my ha hai ba".split()
)


def _again(text: str, found: Iterable[Span]) -> Iterator[Span]:
    """The same name further on, where nothing announces it."""
    for start, end, kind in list(found):
        if kind != "name":
            continue
        for part in re.findall(rf"{_WORD}", text[start:end]):
            if len(part) >= 3 and not re.fullmatch(_TITLES, part, re.I):
                for more in re.finditer(rf"(?<!\w){re.escape(part)}(?!\w)", text):
                    yield more.start(), more.end(), "name"


RULES: tuple[Callable[[str], Iterator[Span]], ...] = (_net, _numbers, _dates, _addresses, _names)


def fold(text: str) -> str:
    """Small letters without accents; Arabic letters that are often swapped, as one."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return plain.translate(_ARABIC_ALIKE)


_ARABIC_ALIKE = str.maketrans("ةى", "هي")


def _folded(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its letters where it stood."""
    letters, places = [], []
    for place, letter in enumerate(text):
        for plain in fold(letter):
            letters.append(plain)
            places.append(place)
    return "".join(letters), places


def _western(text: str) -> str:
    """The same text, letter for letter, with every decimal digit as 0-9."""
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)


def _shouted(text: str) -> bool:
    """Whether capitals mean nothing here, since all is in capitals."""
    letters = [letter for letter in text if letter.isalpha() and letter.lower() != letter.upper()]
    return len(letters) > 3 and sum(letter.isupper() for letter in letters) > 0.7 * len(letters)


@cache
def common_names() -> frozenset[str]:
    """The first names in names.txt."""
    lines = Path(__file__).with_name("names.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(fold(name) for line in lines if not line.startswith("#") for name in line.split())
