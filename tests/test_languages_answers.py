"""How answers are read in eleven languages: spellings, yes and no, numbers, choices."""

import unicodedata

import pytest
from tongues import ALL, TAGS, rows

from survey_flows import loads, phrases
from survey_flows.folding import fold, light, runs_on
from survey_flows.lexicon import LEXICONS, ear
from survey_flows.reading.answers import number, yes_or_no

# Folding: scripts that share letters but not keyboards


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("نہیں", "نهين"),  # Urdu on an Arabic keyboard
        ("نہیں", "نھیں"),
        ("آٹھ", "اٹه"),
        ("مجھے", "مجهي"),
        ("کمک می‌خواهم", "كمك ميخواهم"),  # Persian with a half-space, and on an Arabic keyboard
        ("۱۲۳", "123"),
        ("Ещё", "еще"),
        ("її", "іі"),
        ("ґрунт", "грунт"),
        ("п'ять", "пʼять"),
        ("п’ять", "пять"),
        ("그만", unicodedata.normalize("NFD", "그만")),
    ],
)
def test_spellings_that_people_mix_are_one(one, other):
    assert fold(one) == fold(other)


def test_korean_stays_in_syllables():
    assert fold("그만 보내세요!") == light("그만 보내세요!") == "그만 보내세요"
    assert runs_on("그만")
    assert not runs_on("стоп")


@pytest.mark.parametrize(
    ("one", "other"), [("ना", "नौ"), ("शोर", "शेर"), ("मेरा", "मारा"), ("हाँ", "है"), ("बंद", "बाद")]
)
def test_vowel_signs_make_words(one, other):
    assert fold(one) != fold(other)


# Yes and no

YES = {
    "ru": "да | Да! | ага | конечно | да, спасибо | da | ДА ДА",
    "uk": "так | Так! | ага | звісно | так, дякую | tak | так так",
    "ko": "네 | 예 | 넵 | 네네 | 응 | 네, 감사합니다 | ㅇㅇ | 맞아요 | 네 그렇습니다",
    "zh-Hant": "是 | 是的 | 有 | 係 | 係呀 | 對 | 好啊 | 沒錯 | 是，謝謝",
    "ur": "ہاں | جی | جی ہاں | ہاں جی | بالکل | haan | han | ji | ji haan | haan ji, shukriya",
    "fa": "بله | بلی | آره | اره | بله ممنون | البته | درسته | bale | بله حتما",
}
NO = {
    "ru": "нет | Нет. | неа | не | нет, спасибо | net | совсем нет",
    "uk": "ні | Ні. | ні, дякую | зовсім ні | ni | не | нема",
    "ko": "아니요 | 아니오 | 아뇨 | 없어요 | 아닙니다 | ㄴㄴ | 아니요 괜찮아요",
    "zh-Hant": "不是 | 沒有 | 唔係 | 冇 | 唔要 | 不用 | 唔係呀 | 不用，謝謝",
    "ur": "نہیں | جی نہیں | نہیں جی | نہ | نهیں | nahi | nahin | nai | ji nahi",
    "fa": "نه | نخیر | خیر | نه ممنون | نه خیر | اصلاً | na",
}


@pytest.mark.parametrize(("tag", "text"), rows(YES))
def test_yes_is_yes(tag, text):
    assert yes_or_no(text, tag, ALL)[0] is True


@pytest.mark.parametrize(("tag", "text"), rows(NO))
def test_no_is_no(tag, text):
    assert yes_or_no(text, tag, ALL)[0] is False


@pytest.mark.parametrize("tag", TAGS)
def test_every_yes_and_no_of_the_lists_is_read_in_any_conversation(tag):
    lexicon = LEXICONS[tag]

    assert all(yes_or_no(word, tag, ALL)[0] is True for word in (*lexicon.yes, *lexicon.own_yes))
    assert all(yes_or_no(word, tag, ALL)[0] is False for word in (*lexicon.no, *lexicon.own_no))
    assert all(yes_or_no(word, "en", ALL)[0] is True for word in lexicon.yes)
    assert all(yes_or_no(word, "en", ALL)[0] is False for word in lexicon.no)
    assert yes_or_no(phrases.say("yes", tag), tag, ALL)[0] is True
    assert yes_or_no(phrases.say("no", tag), tag, ALL)[0] is False


@pytest.mark.parametrize(
    ("tag", "text"),
    [("so", "ma garanayo"), ("tl", "hindi ko alam"), ("sw", "sijui"), ("am", "አላውቅም"), ("hi", "पता नहीं")],
)
def test_not_to_know_is_neither_yes_nor_no(tag, text):
    assert yes_or_no(text, tag, ALL) is None


def test_words_that_mean_two_things_are_settled_by_the_persons_language():
    assert yes_or_no("hindi", "tl", ALL)[0] is False
    assert yes_or_no("ay", "am", ALL)[0] is False
    assert yes_or_no("ay", "en", ALL) is None
    assert yes_or_no("may", "so", ALL)[0] is False
    assert yes_or_no("may", "en", ALL) is None


# Numbers

NUMBERS = {
    "ru": "ноль один два три четыре пять шесть семь восемь девять десять",
    "uk": "нуль один два три чотири п'ять шість сім вісім дев’ять десять",
    "ko": "영 하나 둘 셋 넷 다섯 여섯 일곱 여덟 아홉 열",
    "zh-Hant": "零 一 二 三 四 五 六 七 八 九 十",
    "ur": "صفر ایک دو تین چار پانچ چھ سات آٹھ نو دس",
    "fa": "صفر یک دو سه چهار پنج شش هفت هشت نه‌تا ده",
}
DAYS = frozenset(
    fold(unit)
    for unit in (
        "maalmood",
        "maalin",
        "araw",
        "siku",
        "ቀን",
        "ቀናት",
        "दिन",
        "din",
        "days",
        "день",
        "дня",
        "дней",
        "дні",
        "днів",
        "일",
        "天",
        "日",
        "دن",
        "روز",
        "day",
        "days",
    )
)
AMOUNTS = {
    ("so", "saddex maalmood"): 3,
    ("so", "qiyaastii 5 maalmood"): 5,
    ("so", "hal maalin"): 1,
    ("so", "waxba"): 0,
    ("tl", "dalawang araw"): 2,
    ("tl", "mga 5 araw po"): 5,
    ("tl", "apat na araw"): 4,
    ("tl", "siguro tatlo lang po"): 3,
    ("tl", "wala po"): 0,
    ("tl", "walang araw"): 0,
    ("sw", "siku tatu"): 3,
    ("sw", "kama siku 5"): 5,
    ("sw", "labda siku mbili tu"): 2,
    ("sw", "hakuna"): 0,
    ("am", "ሶስት ቀን"): 3,
    ("am", "ወደ 5 ቀን ገደማ"): 5,
    ("am", "ሁለት ቀናት ብቻ"): 2,
    ("am", "ምንም"): 0,
    ("am", "፫ ቀን"): 3,
    ("hi", "तीन दिन"): 3,
    ("hi", "लगभग ५ दिन"): 5,
    ("hi", "lagbhag 5 din"): 5,
    ("hi", "सिर्फ़ दो दिन"): 2,
    ("hi", "do din"): 2,
    ("hi", "एक भी नहीं"): 0,
    ("hi", "kuch nahi"): 0,
    ("ru", "примерно 5 дней"): 5,
    ("ru", "два раза"): 2,
    ("ru", "пять раз"): 5,
    ("ru", "ни разу"): 0,
    ("ru", "ни одного дня"): 0,
    ("uk", "десь 5 днів"): 5,
    ("uk", "п'ять днів"): 5,
    ("uk", "двічі"): 2,
    ("uk", "жодного разу"): 0,
    ("ko", "3일"): 3,
    ("ko", "3일이요"): 3,
    ("ko", "3일입니다"): 3,
    ("ko", "약 3일 정도"): 3,
    ("ko", "한 3일 정도요"): 3,
    ("ko", "삼일"): 3,
    ("ko", "사흘"): 3,
    ("ko", "이틀"): 2,
    ("ko", "두 번"): 2,
    ("ko", "세번"): 3,
    ("ko", "십일"): 11,
    ("ko", "한 번도 없어요"): 0,
    ("ko", "없음"): 0,
    ("zh-Hant", "大概3天"): 3,
    ("zh-Hant", "三天"): 3,
    ("zh-Hant", "得兩日"): 2,
    ("zh-Hant", "冇"): 0,
    ("ur", "تقریباً 3 دن"): 3,
    ("ur", "تین دن"): 3,
    ("ur", "دو بار"): 2,
    ("ur", "۵ دن"): 5,
    ("ur", "ایک دن بھی نہیں"): 0,
    ("ur", "paanch"): 5,
    ("fa", "حدود ۳ روز"): 3,
    ("fa", "سه روز"): 3,
    ("fa", "دو بار"): 2,
    ("fa", "پنج روز بوده"): 5,
    ("fa", "هیچ‌کدام"): 0,
    ("fa", "نه‌روز"): 9,
}


@pytest.mark.parametrize("tag", NUMBERS)
def test_the_numbers_to_ten_are_read_as_people_count(tag):
    assert [number(word, tag, ALL, DAYS) for word in NUMBERS[tag].split()] == list(range(11))


@pytest.mark.parametrize(
    ("tag", "text", "meant"),
    [(tag, word, value) for tag in TAGS for value, words in LEXICONS[tag].numbers.items() for word in words],
)
def test_every_number_of_the_lists_is_read(tag, text, meant):
    own = ear((tag, "en", "es"))

    assert number(text, tag, own) == meant
    assert number(text.upper(), tag, ALL) == meant


@pytest.mark.parametrize(("said", "meant"), AMOUNTS.items(), ids=[" ".join(said) for said in AMOUNTS])
def test_a_number_is_read_among_the_words_people_put_around_it(said, meant):
    tag, text = said

    assert number(text, tag, ALL, DAYS) == meant


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("fa", "نه"),  # nine, or no
        ("fa", "نه روز"),
        ("ur", "نه روز"),
        ("ko", "네"),  # four, or yes
        ("ko", "2주"),
        ("ru", "2 недели"),
        ("uk", "2 або 3"),
        ("ar", "كل 5 أيام"),
        ("zh-Hant", "兩個星期"),
    ],
)
def test_what_could_be_two_numbers_is_asked_again(tag, text):
    assert number(text, tag, ALL, DAYS) is None


def test_no_is_not_nine():
    assert number("ना", "hi", ear(("hi", "en"))) is None


# Choices

HARD = loads(
    """
survey: hard
title: {en: Hard, so: Adag, tl: Hirap, sw: Ugumu, am: አስቸጋሪ, hi: मुश्किल}
intro: {en: "{school} STOP", so: "{school} STOP", tl: "{school} STOP", sw: "{school} STOP", am: "{school} STOP", hi: "{school} STOP"}
questions:
  - key: hard
    kind: one
    text: {en: Hard?, so: Ma adag tahay?, tl: Mahirap ba?, sw: Je, ni ngumu?, am: ከባድ ነው?, hi: क्या मुश्किल था?}
    choices:
      - {key: not_hard, en: Not hard, so: Ma adka, tl: Hindi mahirap, sw: Si ngumu, am: ከባድ አይደለም, hi: मुश्किल नहीं}
      - {key: a_little, en: A little hard, so: Wax yar way adag tahay, tl: Medyo mahirap, sw: Ngumu kidogo, am: ትንሽ ከባድ, hi: थोड़ा मुश्किल}
      - {key: very, en: Very hard, so: Aad bay u adag tahay, tl: Napakahirap, sw: Ngumu sana, am: በጣም ከባድ, hi: बहुत मुश्किल}
  - key: way
    kind: many
    text: {en: What?, so: Maxay?, tl: Ano?, sw: Nini?, am: ምን?, hi: क्या?}
    choices:
      - {key: bus, en: A late bus, so: Bas daahay, tl: Huling bus, sw: Basi kuchelewa, am: የዘገየ አውቶቡስ, hi: देर से आई बस}
      - {key: cold, en: Cold, so: Qabow, tl: Lamig, sw: Baridi, am: ብርድ, hi: ठंड}
      - {key: work, en: Work, so: Shaqo, tl: Trabaho, sw: Kazi, am: ሥራ, hi: काम}
""".replace("Je, ni ngumu?", '"Je, ni ngumu?"'),
    "hard",
)
WAY = loads(
    """
survey: way
title: {en: Way, ru: Путь, ko: 길, zh-Hant: 路, ur: راستہ, fa: راه, uk: Шлях}
intro: {en: "{school} STOP", ru: "{school} STOP", ko: "{school} STOP", zh-Hant: "{school} STOP", ur: "{school} STOP", fa: "{school} STOP", uk: "{school} STOP"}
questions:
  - key: way
    kind: many
    text: {en: What?, ru: Что?, ko: 무엇?, zh-Hant: 什麼？, ur: کیا؟, fa: چی؟, uk: Що?}
    choices:
      - {key: bus, en: A late bus, ru: Автобус опаздывает, ko: 버스가 늦어요, zh-Hant: 校車晚到, ur: بس دیر سے آتی ہے, fa: اتوبوس دیر می‌آید, uk: Автобус запізнюється}
      - {key: cold, en: Cold and rain, ru: Холод и дождь, ko: 춥고 비가 와요, zh-Hant: 天冷下雨, ur: سردی اور بارش, fa: سرما و باران, uk: Холод і дощ}
      - {key: work, en: Work, ru: Работа, ko: 일, zh-Hant: 工作, ur: کام, fa: کار, uk: Робота}
""",
    "way",
).question("way")
SECOND = {
    "so": "2 | laba | labaad | lambarka 2 | midka labaad | Wax yar way adag tahay | wax yar way adag tahay fadlan",
    "tl": "2 | dalawa | pangalawa | ang pangalawa po | numero 2 po | Medyo mahirap | medyo mahirap po",
    "sw": "2 | mbili | namba 2 | ya pili | jibu 2 | Ngumu kidogo | ngumu kidogo tafadhali",
    "am": "2 | ፪ | ሁለት | ሁለተኛው | ቁጥር 2 | 2ኛ | ትንሽ ከባድ | hulet",
    "hi": "2 | २ | दो | do | दूसरा | नंबर 2 | dusra wala | थोड़ा मुश्किल | थोड़ा मुश्किल है",
}
CHOSEN = [
    ("so", "1 iyo 3", ["bus", "work"]),
    ("so", "kow iyo saddex", ["bus", "work"]),
    ("so", "bas daahay iyo shaqo", ["bus", "work"]),
    ("tl", "1 at 3", ["bus", "work"]),
    ("tl", "isa at tatlo po", ["bus", "work"]),
    ("tl", "huling bus, trabaho", ["bus", "work"]),
    ("sw", "1 na 3", ["bus", "work"]),
    ("sw", "moja na tatu", ["bus", "work"]),
    ("sw", "basi kuchelewa, kazi", ["bus", "work"]),
    ("am", "1 እና 3", ["bus", "work"]),
    ("am", "1ና 3", ["bus", "work"]),
    ("am", "አንድ እና ሶስት", ["bus", "work"]),
    ("am", "የዘገየ አውቶቡስ እና ሥራ", ["bus", "work"]),
    ("am", "1፣ 3", ["bus", "work"]),
    ("hi", "1 और 3", ["bus", "work"]),
    ("hi", "एक और तीन", ["bus", "work"]),
    ("hi", "ek aur teen", ["bus", "work"]),
    ("hi", "देर से आई बस और काम", ["bus", "work"]),
    ("ru", "1 и 3", ["bus", "work"]),
    ("ru", "номер 1", ["bus"]),
    ("ru", "1-й и 3-й", ["bus", "work"]),
    ("ru", "второй", ["cold"]),
    ("ru", "автобус опаздывает", ["bus"]),
    ("ru", "автобус опаздывет", ["bus"]),
    ("ru", "всё", ["bus", "cold", "work"]),
    ("ru", "ничего", []),
    ("uk", "1 та 3", ["bus", "work"]),
    ("uk", "другий", ["cold"]),
    ("uk", "жодного", []),
    ("ko", "1번", ["bus"]),
    ("ko", "1번이요", ["bus"]),
    ("ko", "1번하고 3번", ["bus", "work"]),
    ("ko", "1, 3번이요", ["bus", "work"]),
    ("ko", "첫번째", ["bus"]),
    ("ko", "두 번째요", ["cold"]),
    ("ko", "이번", ["cold"]),
    ("ko", "버스", ["bus"]),
    ("ko", "일", ["work"]),
    ("ko", "전부", ["bus", "cold", "work"]),
    ("ko", "없음", []),
    ("zh-Hant", "1同3", ["bus", "work"]),
    ("zh-Hant", "第二個", ["cold"]),
    ("zh-Hant", "揀2", ["cold"]),
    ("zh-Hant", "以上皆是", ["bus", "cold", "work"]),
    ("ur", "1 اور 3", ["bus", "work"]),
    ("ur", "پہلا", ["bus"]),
    ("ur", "کام", ["work"]),
    ("ur", "کوئی نہیں", []),
    ("fa", "۱ و ۳", ["bus", "work"]),
    ("fa", "گزینه دوم", ["cold"]),
    ("fa", "كار", ["work"]),
    ("fa", "هیچ کدام", []),
]


@pytest.mark.parametrize(("tag", "text"), rows(SECOND))
def test_a_choice_is_understood_however_it_is_said(tag, text):
    reading = HARD.question("hard").read(text, tag)

    assert reading is not None
    assert reading.value == "a_little"


@pytest.mark.parametrize(("tag", "text", "meant"), CHOSEN)
def test_several_choices_are_heard(tag, text, meant):
    reading = way(tag).read(text, tag)

    assert reading is not None
    assert reading.value == meant


@pytest.mark.parametrize(("tag", "text"), [(tag, word) for tag in TAGS for word in LEXICONS[tag].every])
def test_all_of_them(tag, text):
    assert way(tag).read(text, tag).value == ["bus", "cold", "work"]


@pytest.mark.parametrize(
    ("tag", "text"),
    [(tag, word) for tag in TAGS for word in (*LEXICONS[tag].none, phrases.say("none", tag))],
)
def test_none_of_them(tag, text):
    assert way(tag).read(text, tag).value == []


def way(tag):
    """The question in the survey that speaks this language."""
    return HARD.question("way") if tag in HARD.languages else WAY
