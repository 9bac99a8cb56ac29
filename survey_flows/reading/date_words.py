"""The few words about days that dateparser and CLDR lack or read too freely. All but English machine-drafted.

Small letters; they are compared folded.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..folding import fold


def _folded(rows: Mapping[str, str]) -> dict[str, frozenset[str]]:
    return {key: frozenset(fold(word) for word in words.split(",")) for key, words in rows.items()}


MONTHS: Mapping[str, tuple[str, ...]] = {
    "ht": (
        "janvye", "fevriye|fevrye", "mas", "avril|avri", "me", "jen", "jiye|jiyè", "out|dawou|daou", "septanm",
        "oktob|oktòb", "novanm", "desanm",
    ),
    # The Levant's names, and the Maghreb's where they differ from those of Egypt, which dateparser knows.
    "ar": (
        "كانون الثاني|جانفي", "شباط|فيفري", "آذار|اذار", "نيسان|أفريل", "أيار|ايار|ماي", "حزيران|جوان",
        "تموز|جويلية", "آب|أوت", "أيلول|ايلول", "تشرين الأول|تشرين الاول", "تشرين الثاني", "كانون الأول|كانون الاول",
    ),
}  # fmt: skip
"""Twelve months, each with its spellings, for languages that need their own."""

ENGLISH_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip

_OFFSETS = {
    0: """today,hoy,hoy día,hoy mismo,aujourd'hui,ce jour,hoje,jodi a,jodia,hôm nay,今天,今日,اليوم,النهارده,maanta,ngayong araw,
сегодня,сьогодні,오늘,ዛሬ,آج,आज,امروز,leo""",
    -1: """yesterday,ayer,hier,ontem,yè,hôm qua,昨天,昨日,أمس,امبارح,البارحة,shalay,kahapon,вчера,вчора,어제,ትናንት,دیروز,jana""",
    -2: """day before yesterday,the day before yesterday,anteayer,antier,antes de ayer,avant-hier,anteontem,avanyè,avantyè,hôm kia,前天,
أول أمس,позавчера,позавчора,그저께,그제,پریروز,juzi""",
    1: """tomorrow,mañana,demain,amanhã,demen,ngày mai,明天,明日,غدا,بكرة,berri,bukas,завтра,내일,ነገ,فردا,kesho""",
    2: """day after tomorrow,the day after tomorrow,pasado mañana,après-demain,depois de amanhã,apre demen,aprè demen,ngày kia,后天,後天,
بعد غد,послезавтра,післязавтра,모레,kesho kutwa""",
}
OFFSETS = {
    fold(word): days for days, words in _OFFSETS.items() for word in words.replace("\n", "").split(",")
}
"""Days from today. Hindi and Urdu कल and کل are yesterday and tomorrow at once, so they are not here."""

BEFORE = _folded(
    {
        "en": "ago",
        "es": "hace",
        "fr": "il y a",
        "pt": "há,ha,faz,atrás",
        "ht": "sa gen",
        "vi": "trước",
        "zh": "前",
        "ar": "قبل,منذ",
        "ru": "назад",
        "uk": "тому",
        "ko": "전",
        "fa": "پیش",
        "hi": "पहले",
    }
)
"""What makes "3 days" a day in the past; without it "3 days" is no date."""

# {} is the day of the week. "Next Friday" is not here: it is tomorrow's for some and next week's for others.
LAST = {
    "en": ("last {}", "this past {}"),
    "es": ("{} pasado", "{} pasada", "pasado {}", "ultimo {}"),
    "fr": ("{} dernier", "{} passe"),
    "pt": ("{} passada", "{} passado", "ultima {}", "ultimo {}"),
    "ht": ("{} pase", "{} ki sot pase a", "denye {}"),
    "ar": ("{} الماضي", "{} الماضيه", "يوم {} الماضي"),
}
OF_LAST_WEEK = {"vi": ("{} tuan truoc",), "zh": ("上{}", "上个{}", "上個{}")}

WEEKDAYS: Mapping[str, tuple[str, ...]] = {
    "ht": ("lendi", "madi", "mekredi", "jedi", "vandredi", "samdi", "dimanch"),
    "zh": (
        "周一|礼拜一|星期一|週一|禮拜一", "周二|礼拜二|星期二|週二|禮拜二", "周三|礼拜三|星期三|週三|禮拜三",
        "周四|礼拜四|星期四|週四|禮拜四", "周五|礼拜五|星期五|週五|禮拜五", "周六|礼拜六|星期六|週六|禮拜六",
        "周日|周天|礼拜天|星期天|星期日|週日|禮拜天",
    ),
    "pt": (
        "segunda|segunda feira", "terca|terca feira", "quarta|quarta feira", "quinta|quinta feira",
        "sexta|sexta feira", "sabado", "domingo",
    ),
    "ar": ("الاثنين|الإثنين", "الثلاثاء", "الأربعاء|الاربعاء", "الخميس", "الجمعة", "السبت", "الأحد|الاحد"),
}  # fmt: skip
"""Monday first, for languages that CLDR lacks or that have several names for a day."""

EMPTY = _folded(
    {"all": "on,the,it,was,of,in,date,el,del,de,la,fue,fecha,día,le,du,en,em,no,dia,data,foi,nan,dat"}
)["all"]
"""Words about a date that add nothing."""

ORDERS = {"en": "MDY", "en-US": "MDY", "en-PR": "MDY"} | dict.fromkeys(
    (
        "en-GB", "en-AU", "en-NZ", "en-IE", "en-IN", "fr", "pt", "vi", "ar", "ru", "uk", "am", "sw", "so", "ur", "hi",
        "es-MX", "es-ES", "es-GT", "es-HN", "es-SV", "es-CO", "es-VE", "es-EC", "es-PE", "es-CU", "es-DO",
    ),
    "DMY",
)  # fmt: skip
"""How 3/4/2025 is read where the survey does not say. Spanish and Creole without a country are not here: at home the day
comes first, on every form of a school in the United States the month. Nor are Tagalog, Chinese, Korean and Persian."""
