"""Russian, Ukrainian, Korean, traditional Chinese, Urdu and Persian: what people text in them is understood."""

import unicodedata

import pytest

from survey_flows import danger, loads, phrases, requests, words
from survey_flows.folding import fold, light, runs_on
from survey_flows.lexicon import LEXICONS, ear
from survey_flows.reading.answers import number, yes_or_no
from survey_flows.utterances import expand

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


def each(table):
    return [text.strip() for line in table.strip().splitlines() for text in line.split(" | ")]


def rows(table):
    return [
        pytest.param(tag, text, id=f"{tag}-{text}") for tag, texts in table.items() for text in each(texts)
    ]


TAGS = ("ru", "uk", "ko", "zh-Hant", "ur", "fa")
ALL = ear(tuple(LEXICONS))

STOPS = {
    "ru": """
стоп | СТОП! | Стоп пожалуйста | хватит | отписаться | отмена | не пишите мне больше | Больше не присылайте мне сообщения
перестаньте мне писать | Отпишите меня | вы ошиблись номером | не тот номер | удалите мой номер | оставьте меня в покое
stop | otpiska | ne pishite mne bolshe | Я уже ответила. Не пишите мне больше!
""",
    "uk": """
стоп | СТОП! | Стоп, будь ласка | припиніть | відписатися | скасувати | не пишіть мені більше | Більше не надсилайте мені повідомлень
перестаньте мені писати | відпишіть мене | ви помилилися номером | не той номер | видаліть мій номер | дайте мені спокій
vidpysatysia | ne pyshit meni bilshe | Я вже відповіла. Не пишіть мені більше!
""",
    "ko": """
그만 | 그만! | 그만 보내세요 | 그만보내세요 | 문자 그만 보내세요 | 더 이상 문자 보내지 마세요 | 문자 보내지 마세요 | 수신거부 | 수신 거부합니다
그만해 주세요 | 중지해주세요 | 취소 | 정지 | 번호 잘못 아셨어요 | 잘못 보내셨어요 | 제 번호 삭제해 주세요 | 스톱 | 답했어요. 그만 보내세요.
""",
    "zh-Hant": """
停 | 停！ | 停止 | 退訂 | 取消訂閱 | 請停止 | 不要再發了 | 請不要再傳簡訊給我 | 我不想再收到簡訊 | 唔好再send | 唔好再send短訊畀我
唔該停 | 唔好煩我 | 唔要短訊 | 打錯電話 | 打錯咗 | 傳錯人了 | 請把我從名單上刪除 | 我已經答了。唔好再send！
""",
    "ur": """
بند کرو | بند کریں | روکو | اسٹاپ | منسوخ | میسج مت بھیجیں | مجھے میسج نہ کریں | مجھے مزید پیغام نہیں چاہیے | غلط نمبر | یہ غلط نمبر ہے
مجھے تنگ نہ کریں | میرا نمبر لسٹ سے نکال دیں | band karo | Band kar do please | message mat karo | mujhe message nahi chahiye
galat number | bas karo | میں جواب دے چکی ہوں۔ مجھے میسج نہ کریں۔
""",
    "fa": """
لغو | لغو۱۱ | لغو 11 | توقف | لطفاً بس کنید | دیگر پیام نفرستید | دیگه پیام ندید | به من پیامک نفرستید | پیام نمی‌خواهم | پیام نمی خوام
دیگر نمی‌خواهم پیام دریافت کنم | مزاحم نشوید | اشتباه گرفتید | این شماره را اشتباه گرفته‌اید | شماره من را حذف کنید | جواب دادم. دیگه پیام نفرستید!
""",
}

ORDINARY = {
    "ru": """
автобус здесь не останавливается | остановка далеко | хватит ли вам времени | на уроках скучно, хватит задавать так много | нет | не знаю
сын не пишет домашнее задание | конец дороги разбит | отменили автобус | надо остановить драки | мне больше не надо ездить так далеко
""",
    "uk": """
автобус тут не зупиняється | зупинка далеко | досить важко | ні | не знаю | син не пише домашнє завдання | скасували автобус
треба зупинити бійки | кінець дороги розбитий | мені більше не треба їздити так далеко
""",
    "ko": """
버스가 여기서 멈추지 않아요 | 버스가 자주 취소돼요 | 아이가 학교를 그만두고 싶대요 | 아니요 | 네 | 잘 모르겠어요 | 문자로 알려 주세요
정류장이 멀어요 | 수업이 늦게 끝나요 | 메시지를 못 받았어요
""",
    "zh-Hant": """
公車不停 | 停車場太遠 | 校車取消了兩次 | 唔要 | 唔好 | 不要 | 冇 | 結束得太晚 | 巴士唔停呢度 | 我打電話給老師了 | 不知道
""",
    "ur": """
بس اسٹاپ دور ہے | بس | بس یہاں نہیں رکتی | اسکول جلدی بند ہوتا ہے | نہیں | جی | مجھے معلوم نہیں | سڑک بند ہے | acha | bas stop door hai
لڑائی بند ہونی چاہیے
""",
    "fa": """
اتوبوس اینجا توقف نمی‌کند | ایستگاه دور است | سرویس لغو شد | نه | نمی‌دانم | خیر | بچه‌ام پیام نفرستاد | پایان سال سخت است
بس که دیر می‌آید خسته شدیم | اینترنت قطع است
""",
}

NAMED = {
    "ru": "русский | Русский! | по-русски пожалуйста | на русском | я говорю по-русски | Russian | ruso | 러시아어 | 俄語",
    "uk": "українська | українською будь ласка | Українською мовою | я розмовляю українською | Ukrainian | украинский | 烏克蘭語",
    "ko": "한국어 | 한국말로 해주세요 | 한국어로 보내 주세요 | Korean | coreano | 韓文 | корейский | in Korean please",
    "zh-Hant": "繁體中文 | 繁體 | 请用繁体 | 我要繁體字 | 廣東話 | 我講廣東話 | 粵語 | Traditional Chinese | Cantonese | 正體中文",
    "ur": "اردو | اردو میں | اردو میں لکھیں | مجھے صرف اردو آتی ہے | Urdu | urdu mein | 烏爾都語 | urdu mein likhein",
    "fa": "فارسی | فارسي | به فارسی بنویسید | دری | Farsi | Persian | persa | Dari | 波斯語 | فارسی لطفاً",
}


@pytest.mark.parametrize(("tag", "text"), rows(STOPS))
def test_a_person_who_wants_no_more_is_understood_in_any_conversation(tag, text):
    assert words.read(text, tag) == words.read(text) == words.Word("stop")


@pytest.mark.parametrize(("tag", "text"), rows(ORDINARY))
def test_what_sounds_like_stop_and_is_not_is_no_command(tag, text):
    assert words.read(text, tag) is None


@pytest.mark.parametrize(("tag", "text"), rows(NAMED))
def test_a_language_is_asked_for_by_its_names(tag, text):
    assert words.read(text) == words.Word("language", tag)


@pytest.mark.parametrize(
    "text", each("по-английски | англійською | 영어로 해주세요 | 英文 | انگریزی میں | به انگلیسی")
)
def test_the_way_back_to_english_is_open(text):
    assert words.read(text) == words.Word("language", "en")


def test_the_plain_word_for_chinese_asks_for_the_simplified():
    assert words.read("中文") == words.read("國語") == words.Word("language", "zh-Hans")


# Collisions, of these languages with all there are


@pytest.mark.parametrize("tag", TAGS)
def test_no_answer_in_any_language_is_a_command_to_these_and_none_of_theirs_is_to_any(tag):
    own = LEXICONS[tag]
    mine = [
        *own.yes,
        *own.no,
        *own.own_yes,
        *own.own_no,
        *own.none,
        *own.ok,
        *own.every,
        *(word for row in (*own.numbers.values(), *own.ordinals.values()) for word in row),
    ]
    theirs = [
        word
        for other in LEXICONS.values()
        for row in (other.yes, other.no, other.none, *other.numbers.values())
        for word in row
    ]

    assert [word for word in mine if words.read(word, tag)] == []
    assert [word for word in theirs if words.read(word, tag)] == []


@pytest.mark.parametrize("tag", TAGS)
def test_no_pattern_has_a_bracket_left_when_it_is_expanded(tag):
    own = LEXICONS[tag]
    patterns = [
        pattern
        for row in (
            own.stop,
            own.stop_sentence,
            own.skip,
            own.back,
            own.dont_know,
            own.person,
            own.meant,
            own.join,
        )
        for pattern in row
    ]
    told = danger.load((danger.FOLDER / f"{tag}.yaml").read_text("utf-8"))
    patterns += [pattern for kind in (*danger.KINDS, "not") for pattern in told[kind]]

    assert [
        pattern
        for pattern in patterns
        for wording in [next(iter(expand(pattern)))]
        if set(wording) & set("[]()?")
    ] == []


# Answers

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
    for unit in ("день", "дня", "дней", "дні", "днів", "일", "天", "日", "دن", "روز", "day", "days")
)
AMOUNTS = {
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


@pytest.mark.parametrize(("tag", "text"), rows(YES))
def test_yes_is_yes(tag, text):
    assert yes_or_no(text, tag, ALL)[0] is True


@pytest.mark.parametrize(("tag", "text"), rows(NO))
def test_no_is_no(tag, text):
    assert yes_or_no(text, tag, ALL)[0] is False


@pytest.mark.parametrize("tag", TAGS)
def test_the_numbers_to_ten_are_read(tag):
    assert [number(word, tag, ALL, DAYS) for word in NUMBERS[tag].split()] == list(range(11))


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


@pytest.mark.parametrize(
    ("tag", "text", "meant"),
    [
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
    ],
)
def test_choices_are_heard(tag, text, meant):
    reading = WAY.read(text, tag)

    assert reading is not None
    assert reading.value == meant


# Requests

ASKED = {
    "skip": {
        "ru": "пропустить | Пропустите, пожалуйста | дальше | следующий вопрос | не хочу отвечать",
        "uk": "пропустити | Пропустіть, будь ласка | далі | наступне питання | не хочу відповідати",
        "ko": "건너뛰기 | 건너뛸게요 | 패스 | 다음 질문 | 대답하고 싶지 않아요",
        "zh-Hant": "跳過 | 跳過這題 | 下一題 | 我不想回答 | 唔想答",
        "ur": "اسکپ | اگلا سوال | یہ سوال چھوڑ دیں | جواب نہیں دینا | agla sawal",
        "fa": "بعدی | سؤال بعدی | رد کن | نمی‌خواهم جواب بدهم | بگذریم",
    },
    "back": {
        "ru": "назад | вернуться | предыдущий вопрос | хочу изменить ответ",
        "uk": "назад | повернутися | попереднє питання | хочу змінити відповідь",
        "ko": "뒤로 | 이전 질문 | 돌아가기 | 답을 바꾸고 싶어요",
        "zh-Hant": "上一題 | 返回 | 返去 | 我想改答案",
        "ur": "پیچھے | واپس | پچھلا سوال | جواب بدلنا ہے",
        "fa": "قبلی | سؤال قبلی | برگرد | می‌خواهم جوابم را عوض کنم",
    },
    "dont_know": {
        "ru": "не знаю | я не знаю | Не помню. | затрудняюсь ответить | без понятия",
        "uk": "не знаю | я не знаю | не пам'ятаю | важко сказати | гадки не маю",
        "ko": "모르겠어요 | 잘 모르겠습니다 | 몰라요 | 기억이 안 나요 | 글쎄요",
        "zh-Hant": "不知道 | 我不知道 | 唔知 | 唔知呀 | 不清楚 | 不記得了",
        "ur": "معلوم نہیں | مجھے نہیں پتہ | پتہ نہیں | یاد نہیں | pata nahi",
        "fa": "نمی‌دانم | نمی دونم | نمیدونم | یادم نیست | مطمئن نیستم",
    },
    "person": {
        "ru": "хочу поговорить с человеком | позвоните мне, пожалуйста | перезвоните мне",
        "uk": "хочу поговорити з людиною | зателефонуйте мені, будь ласка | передзвоніть мені",
        "ko": "선생님과 통화하고 싶어요 | 전화 주세요 | 상담원 연결해 주세요",
        "zh-Hant": "我想跟真人說話 | 可以打電話給我嗎 | 我想同老師傾偈",
        "ur": "مجھے کسی سے بات کرنی ہے | مجھے کال کریں | mujhe kisi se baat karni hai",
        "fa": "می‌خواهم با کسی صحبت کنم | لطفاً به من زنگ بزنید | با من تماس بگیرید",
    },
    "ok": {
        "ru": "ок | хорошо | то же самое",
        "uk": "ок | добре | те саме",
        "ko": "오케이 | 좋아요 | 그대로",
        "zh-Hant": "好的 | 照舊 | 冇問題",
        "ur": "ٹھیک ہے | اوکے | وہی | theek hai",
        "fa": "باشه | اوکی | همان",
    },
}
MEANT = {
    "ru": ("я имела в виду 2", "исправьте на 2", "нет 2", "точнее 2"),
    "uk": ("я мав на увазі 2", "змініть на 2", "ні 2", "точніше 2"),
    "ko": ("제 말은 2", "아니 2", "정정 2"),
    "zh-Hant": ("我是說2", "改成2", "唔係2"),
    "ur": ("میرا مطلب 2", "نہیں 2", "mera matlab 2"),
    "fa": ("منظورم 2", "نه 2", "جوابم 2"),
}
JOINING = {
    "ru": "записаться BUS",
    "uk": "приєднатися BUS",
    "ko": "참여 BUS",
    "zh-Hant": "參加BUS",
    "ur": "شامل BUS",
    "fa": "عضویت BUS",
}


@pytest.mark.parametrize(
    ("kind", "tag", "text"),
    [
        (kind, tag, text)
        for kind, table in ASKED.items()
        for tag, texts in table.items()
        for text in each(texts)
    ],
)
def test_what_a_person_asks_of_the_conversation_is_heard(kind, tag, text):
    assert requests.read(text, tag) == requests.Request(kind)
    assert words.read(text, tag) is None


@pytest.mark.parametrize(("tag", "text"), [(tag, text) for tag, texts in MEANT.items() for text in texts])
def test_a_correction_says_what_was_meant(tag, text):
    assert requests.read(text, tag) == requests.Request("meant", "2")


@pytest.mark.parametrize("tag", TAGS)
def test_joining_by_keyword(tag):
    assert requests.read(JOINING[tag], tag) == requests.Request("join", "BUS")
    assert requests.read("JOIN BUS", tag) == requests.Request("join", "BUS")


# Danger

DANGER = {
    "self_harm": {
        "ru": "я хочу умереть | он режет себя | не хочу больше жить | сын говорит, что покончит с собой | лучше бы я не родилась",
        "uk": "я хочу померти | він ріже себе | не хочу більше жити | донька каже про самогубство | краще б я не народилася",
        "ko": "죽고 싶어요 | 죽고싶다 | 아이가 자해를 했어요 | 더 이상 살고 싶지 않아요 | 자살하고 싶대요 | 그냥 사라지고 싶어요",
        "zh-Hant": "我想死 | 她割腕 | 我不想活了 | 佢話想自殺 | 我唔想做人 | 他想跳樓",
        "ur": "میں مرنا چاہتی ہوں | وہ خودکشی کرنا چاہتا ہے | میں جینا نہیں چاہتا | main marna chahta hun | خود کو مارنا چاہتا ہوں",
        "fa": "می‌خواهم بمیرم | می خوام بمیرم | پسرم خودکشی کرده | دیگر نمی‌خواهم زنده باشم | خودش را می‌زند | از زندگی خسته شدم",
    },
    "harm": {
        "ru": "муж бьёт меня | отец бьёт ребёнка | он угрожает мне | боюсь идти домой | меня дома бьют",
        "uk": "чоловік б'є мене | батько б’є дитину | він погрожує мені | боюся йти додому | мене вдома б'ють",
        "ko": "아빠가 저를 때려요 | 집에 가기 무서워요 | 선생님이 제 몸을 만졌어요 | 남편이 협박해요 | 형한테 맞았어요",
        "zh-Hant": "爸爸打我 | 我被爸爸打 | 老公恐嚇我 | 我很怕回家 | 阿爸打我 | 家暴",
        "ur": "شوہر مجھے مارتا ہے | ابو بچوں کو مارتے ہیں | مجھے گھر میں مارتے ہیں | shohar mujhe marta hai | دھمکی دیتا ہے",
        "fa": "شوهرم مرا می‌زند | پدرم منو میزنه | از پدرم می‌ترسم | در خانه کتک می‌خورد | به دخترم تجاوز شد",
    },
    "violence": {
        "ru": "я убью его | мальчик принёс нож в школу | взорвать школу | у него есть пистолет | завтра устрою стрельбу",
        "uk": "я вб'ю його | хлопець приніс ніж до школи | підірвати школу | у нього є пістолет | вбити вчителя",
        "ko": "다 죽여버릴 거야 | 가방에 칼이 있어요 | 칼을 가져왔어요 | 학교를 폭파하겠다 | 선생님을 죽이고 싶다",
        "zh-Hant": "我要殺了他 | 他帶刀來學校 | 書包裡有刀 | 炸學校 | 佢話要斬死老師",
        "ur": "سب کو مار دوں گا | وہ چاقو لایا تھا | بیگ میں پستول ہے | اسکول کو بم سے اڑا دوں گا | sab ko mar dunga",
        "fa": "معلم را می‌کشم | در کیفش چاقو دارد | تفنگ به مدرسه آورد | همه را می‌کشم | مدرسه را منفجر می‌کنم",
    },
}
EVERYDAY = {
    "ru": """
автобус всегда опаздывает | умираю со смеху | чтобы убить время | не хочу жить здесь, далеко от школы | сын порезал палец
учитель повысил голос | дождь бьёт по окнам | нет денег на автобус | надо больше кружков | он любит жизнь
""",
    "uk": """
автобус завжди запізнюється | вмираю зі сміху | щоб убити час | не хочу жити тут, далеко від школи | син порізав палець
учитель підвищив голос | дощ б'є по вікнах | нема грошей на автобус | треба більше гуртків
""",
    "ko": """
버스가 항상 늦어요 | 배고파 죽겠어요 | 웃겨 죽겠어요 | 아이가 혼자 해요 | 할머니는 혼자 살아요 | 예방주사를 맞았어요 | 학교에 총 3명이 다녀요
답이 맞았어요 | 대학 대신 취업을 하고 싶대요 | 친구 타고 다니는 버스 | 약을 다 먹었어요 | 문자 해 주세요 | 추워 죽겠어요 | 건강 간식을 주세요
""",
    "zh-Hant": """
校車總是遲到 | 笑死我了 | 熱死了 | 打我電話 | 請打電話給我 | 餓死了 | 想死你了 | 殺時間 | 佢好攰 | 孩子喜歡打籃球
""",
    "ur": """
بس ہمیشہ دیر سے آتی ہے | ہنس ہنس کر مر گیا | میرا بیٹا بیمار ہے | اسکول دور ہے | استاد اچھے ہیں | گھر میں انٹرنیٹ نہیں | وقت نہیں ہوتا
بچے کو بخار ہے | ڈاکٹر نے گولی دی | bus late aati hai
""",
    "fa": """
اتوبوس همیشه دیر می‌آید | از خنده مردم | معلم خوب است | بچه‌ام مریض است | خانه ما دور است | زنگ می‌زنم | با او حرف زدم
پسرم درس می‌خواند | هوا سرد است | دلم برای مدرسه تنگ شده
""",
}


@pytest.mark.parametrize(
    ("kind", "tag", "text"),
    [
        (kind, tag, text)
        for kind, table in DANGER.items()
        for tag, texts in table.items()
        for text in each(texts)
    ],
)
def test_what_asks_for_a_person_to_look_is_found(kind, tag, text):
    found = danger.read(text, tag)

    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(("tag", "text"), rows(EVERYDAY))
def test_everyday_speech_is_no_danger(tag, text):
    assert danger.read(text, tag) is None


# What Openline says


@pytest.mark.parametrize("tag", TAGS)
def test_the_phrases_are_all_there_and_a_draft(tag):
    assert tag in phrases.DRAFTS
    values = dict.fromkeys(("least", "most", "example", "label", "labels", "skip", "value", "number"), "X")
    for name in sorted(set(phrases.PHRASES) - phrases.COUNTED):
        said = phrases.say(name, tag, school="Lincoln School", **values)
        assert said != phrases.say(name, "en", school="Lincoln School", **values)
    assert fold(phrases.say("yes", tag)) in map(fold, LEXICONS[tag].yes)
    assert fold(phrases.say("no", tag)) in map(fold, LEXICONS[tag].no)


@pytest.mark.parametrize("tag", ["ur", "fa"])
def test_no_phrase_from_right_to_left_begins_with_a_latin_word(tag):
    for name in sorted(set(phrases.PHRASES) - phrases.COUNTED):
        values = dict.fromkeys(
            ("least", "most", "example", "label", "labels", "skip", "value", "number", "school"), "X"
        )
        begins = next(char for char in phrases.say(name, tag, **values) if char.isalpha())
        assert unicodedata.bidirectional(begins) == "AL" or name == "hint_range"  # it begins with a number


def test_slavic_numbers_have_their_forms():
    def said(tag, n):
        return phrases.count("reminder", tag, n, school="X")

    assert "1 вопрос," in said("ru", 1)
    assert "3 вопроса," in said("ru", 3)
    assert "11 вопросов," in said("ru", 11)
    assert "21 вопрос," in said("ru", 21)
    assert "5 запитань," in said("uk", 5)
    assert "2 запитання," in said("uk", 2)
