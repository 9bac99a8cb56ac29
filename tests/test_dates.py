"""A date is read when it is whole and certain; what is no date, or could be two, is asked for again."""

from datetime import date, datetime, time, timedelta
from timeit import timeit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_flows.reading import dates, times

TODAY = date(2026, 11, 22)  # a Sunday
MARCH = date(2025, 3, 3)
LANGUAGES = [
    "en",
    "es",
    "ht",
    "pt",
    "vi",
    "zh-Hans",
    "zh-Hant",
    "ar",
    "fr",
    "so",
    "tl",
    "ru",
    "uk",
    "ko",
    "am",
    "ur",
    "hi",
    "fa",
    "sw",
]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (language, text)
        for language, row in {
            "en": """2025-03-03 | 2025/3/3 | 3/3/2025 | 03.03.25 | 3 3 2025 | March 3 2025 | march 3rd, 2025 | 3 March 2025 | Mar 3, 25 | 3rd of March 2025
on March 3, 2025 | it was March 3, 2025, thanks | Monday, March 3, 2025 | Monday 3/3/2025 | MARCH 3 2025!""",
            "es": "3 de marzo de 2025 | el 3 de marzo del 2025 | lunes, 3 de marzo de 2025 | 3 marzo 2025 | March 3 2025",
            "ht": "3 mas 2025 | lendi 3 mas 2025 | 3 mars 2025",
            "pt": "3 de março de 2025 | 3 de marco de 2025 | segunda-feira, 3 de março de 2025",
            "vi": "ngày 3 tháng 3 năm 2025 | 3 tháng 3 năm 2025 | 3 thang 3, 2025 | ngày 3/3/2025",
            "zh-Hans": "2025年3月3日 | 2025年3月3号 | 二〇二五年三月三日 | 2025.3.3 | 2025年3月3日星期一",
            "zh-Hant": "2025年3月3日 | 2025年3月3號",
            "ar": "3 مارس 2025 | ٣ مارس ٢٠٢٥ | ٣/٣/٢٠٢٥ | 3 آذار 2025",
            "fr": "3 mars 2025 | le 3 mars 2025 | lundi 3 mars 2025 | 03/03/2025",
            "so": "3 Maarso 2025",
            "tl": "Marso 3, 2025",
            "ru": "3 марта 2025 | 3 марта 2025 г.",
            "uk": "3 березня 2025",
            "ko": "2025년 3월 3일",
            "am": "ማርች 3 2025",
            "ur": "3 مارچ 2025",
            "hi": "3 मार्च 2025 | ३ मार्च २०२५",
            "fa": "۳ مارس ۲۰۲۵",
            "sw": "3 Machi 2025",
            "xx": "3 March 2025 | 2025-03-03",
        }.items()
        for text in row.replace("\n", " | ").split(" | ")
    ],
)
def test_a_date_is_read_in_every_language(language, text):
    assert dates.read(text, language, TODAY) == MARCH
    assert dates.read(text, language) == MARCH


@pytest.mark.parametrize(
    "text",
    """ | no | sí | may | may be | maybe | mar | march | sat | sun | monday | now | never | 3 | 12 | 2025 | 20250303 | March 3 | 3 March | March 2025
3/4 | 3 days | two days | a day | un día | 3 dias | 2 weeks ago | last month | next friday | 24 hours ago | 1 month 3 days ago
30 february 2025 | 13/13/2025 | 2025-13-01 | 0/5/2025 | Tuesday 3 March 2025 | Tuesday 3/3/2025 | Monday Tuesday 3 March 2025
the bus on March 3 2025 | March 3 2025 10 | 12:30 | 7:30 | today yesterday | 1/2/3 | 3/3/3025 | 3/3/0025 | 1403/12/12 | 2 or 3 March 2025
3-4 March 2025 | second | कल | کل | 星期五 | 3天 | STOP | 🚌""".replace("\n", " | ").split(" | "),
)
def test_what_is_no_whole_date_is_asked_for_again(text):
    assert {language: dates.read(text, language, TODAY) for language in LANGUAGES} == dict.fromkeys(LANGUAGES)


@pytest.mark.parametrize(
    ("language", "order", "meant"),
    [
        ("en", None, date(2025, 3, 4)),
        ("en-US", None, date(2025, 3, 4)),
        ("en-GB", None, date(2025, 4, 3)),
        ("fr", None, date(2025, 4, 3)),
        ("es-MX", None, date(2025, 4, 3)),
        ("es", None, None),
        ("ht", None, None),
        ("tl", None, None),
        ("zh-Hans", None, None),
        ("es", "MDY", date(2025, 3, 4)),
        ("es", "DMY", date(2025, 4, 3)),
        ("en", "DMY", date(2025, 4, 3)),
    ],
)
@pytest.mark.parametrize("text", ["3/4/2025", "03-04-25", "3.4.2025", "3 4 2025", "el 3/4/2025"])
def test_a_date_that_can_be_two_is_read_in_the_known_order_only(text, language, order, meant):
    assert dates.read(text, language, TODAY, order) == meant


def test_a_date_that_can_be_only_one_is_read_in_any_order():
    for order in (None, "MDY", "DMY"):
        assert dates.read("25/3/2025", "en", TODAY, order) == date(2025, 3, 25)
        assert dates.read("3/25/2025", "fr", TODAY, order) == date(2025, 3, 25)


def test_a_year_of_two_digits_is_the_one_a_person_means():
    assert dates.read("3/3/55", "en", TODAY) == date(1955, 3, 3)
    assert dates.read("3 March 1998", "en", TODAY) == date(1998, 3, 3)
    assert dates.read("3 March 30", "en", TODAY) == date(2030, 3, 3)
    assert dates.read("25/3/4", "en", TODAY, "YMD") is None
    assert dates.read("25-03-04", "zh-Hans", TODAY, "YMD") == date(2025, 3, 4)


@pytest.mark.parametrize(
    ("language", "text", "days"),
    [
        ("en", "yesterday", -1),
        ("en", "Today!", 0),
        ("en", "day before yesterday", -2),
        ("en", "3 days ago", -3),
        ("en", "two days ago", -2),
        ("en", "last friday", -2),
        ("en", "last Sunday", -7),
        ("es", "ayer", -1),
        ("es", "hace 3 días", -3),
        ("es", "el viernes pasado", -2),
        ("es", "mañana", 1),
        ("ht", "yè", -1),
        ("ht", "vandredi pase", -2),
        ("pt", "sexta-feira passada", -2),
        ("pt", "anteontem", -2),
        ("vi", "hom qua", -1),
        ("vi", "thứ sáu tuần trước", -9),
        ("zh-Hans", "上周五", -9),
        ("zh-Hans", "前天", -2),
        ("ar", "أمس", -1),
        ("ar", "الجمعة الماضية", -2),
        ("fr", "il y a 3 jours", -3),
        ("fr", "vendredi dernier", -2),
        ("ru", "вчера", -1),
        ("ko", "어제", -1),
        ("sw", "jana", -1),
    ],
)
def test_a_day_told_from_today_needs_to_know_today(language, text, days):
    assert dates.read(text, language, TODAY) == TODAY + timedelta(days=days)
    assert dates.read(text, language) is None


@pytest.mark.parametrize("language", [*LANGUAGES, "xx", "es-MX", "en-GB"])
def test_the_example_is_read_as_the_day_it_stands_for(language):
    for month in range(1, 13):
        day = date(2026, month, 3)

        assert dates.read(dates.example(language, day), language) == day


@settings(deadline=None)
@given(day=st.dates(date(1901, 1, 1), date(2100, 12, 31)), language=st.sampled_from(LANGUAGES))
def test_every_day_is_read_as_iso_writes_it(day, language):
    assert dates.read(day.isoformat(), language) == day


@settings(deadline=None)
@given(text=st.text(max_size=40), language=st.sampled_from(LANGUAGES))
def test_any_reply_to_a_question_for_a_date_can_be_read(text, language):
    assert isinstance(dates.read(text, language, TODAY), date | None)
    assert isinstance(times.read(text, language), time | None)


@settings(deadline=None)
@given(text=st.text("0123456789 /-.:amp", max_size=20))
def test_numbers_in_any_arrangement_can_be_read(text):
    assert isinstance(times.read_moment(text, "en", TODAY), datetime | None)
    assert isinstance(dates.read(text, "es", TODAY), date | None)


def test_dates_are_read_quickly_once_the_calendars_are_loaded():
    texts = [("3 de marzo de 2025", "es"), ("3/4/2025", "en"), ("hace 3 días", "es"), ("may be", "en")]
    for text, language in texts:
        dates.read(text, language, TODAY)

    assert timeit(lambda: [dates.read(*row, TODAY) for row in texts], number=25) / 100 < 0.005


# Times


@pytest.mark.parametrize(
    ("language", "row", "meant"),
    [
        ("en", "7:30 | 7.30 | 07:30 | 7h30 | 730 | 0730 | 7:30 am | 7:30am | 7:30 a.m. | at 7:30 | half past seven | seven thirty | ７：３０", "07:30"),
        ("en", "7 am | 7am | 7 A.M. | 7 in the morning | 7 o'clock | 7:00 | 7:00:00", "07:00"),
        ("en", "7:30 pm | 7:30PM | 19:30 | 1930 | 7:30 in the evening | 7:30 at night", "19:30"),
        ("en", "quarter to 8 | 7:45", "07:45"),
        ("en", "noon | 12 pm | 12:00", "12:00"),
        ("en", "midnight | 12 am | 0:00", "00:00"),
        ("es", "a las siete y media | 7:30 | a las 7:30 de la mañana", "07:30"),
        ("es", "8 de la noche | 20:00", "20:00"),
        ("ht", "7:30 | 7:30 di maten", "07:30"),
        ("pt", "sete e meia | 7h30 | às 7h30", "07:30"),
        ("vi", "7 giờ 30 | 7g30 | 7 giờ rưỡi | 7 giờ 30 sáng", "07:30"),
        ("zh-Hans", "7点半 | 七点半 | 早上7点半 | 7:30", "07:30"),
        ("zh-Hant", "19時30分 | 下午7點30分 | 晚上7點半", "19:30"),
        ("ar", "٧:٣٠ | الساعة 7:30 | 7:30 صباحا", "07:30"),
        ("fr", "7h30 | 7 h 30 | sept heures et demie | à 7h30 | 7h30 du matin", "07:30"),
        ("ko", "7시 30분 | 오전 7시 반", "07:30"),
        ("ru", "7:30 | 7:30 утра", "07:30"),
    ],
)  # fmt: skip
def test_a_time_is_read_however_it_is_written(language, row, meant):
    read = {text: times.read(text, language) for text in row.split(" | ")}

    assert {text: found and found.strftime("%H:%M") for text, found in read.items()} == dict.fromkeys(
        read, meant
    )


@pytest.mark.parametrize(
    "text",
    """ | 7 | seven | 25:00 | 7:65 | 20:00 am | 12 at night | 2 at night | 7-8 | 7:30 or 8:00 | 7:30-8:30 | 7 days | 2.5 | 3:30 kids | 1st
morning | no | never | late | 7/30 | at | half past""".replace("\n", " | ").split(" | "),
)
def test_what_is_no_certain_time_is_asked_for_again(text):
    assert times.read(text, "en") is None


@pytest.mark.parametrize(
    ("language", "text", "meant"),
    [
        ("en", "2026-11-22 7:30", datetime(2026, 11, 22, 7, 30)),
        ("en", "2026-11-22T07:30", datetime(2026, 11, 22, 7, 30)),
        ("en", "November 22, 2026 at 7:30 pm", datetime(2026, 11, 22, 19, 30)),
        ("en", "7:30 pm, November 22, 2026", datetime(2026, 11, 22, 19, 30)),
        ("en", "yesterday at noon", datetime(2026, 11, 21, 12)),
        ("es", "ayer a las 7 pm", datetime(2026, 11, 21, 19)),
        ("es", "22 de noviembre de 2026 a las 7:30", datetime(2026, 11, 22, 7, 30)),
        ("fr", "hier à 7h30", datetime(2026, 11, 21, 7, 30)),
        ("vi", "hôm qua lúc 7 giờ 30", datetime(2026, 11, 21, 7, 30)),
        ("zh-Hans", "2025年3月3日7点半", datetime(2025, 3, 3, 7, 30)),
        ("zh-Hans", "昨天下午3点", datetime(2026, 11, 21, 15)),
    ],
)
def test_a_day_with_a_time_is_read(language, text, meant):
    assert times.read_moment(text, language, TODAY) == meant


@pytest.mark.parametrize(
    "text",
    ["", "7:30", "yesterday", "2026-11-22", "March 3 2025", "7:30 7:30", "March 3 7:30", "the 5th at 7"],
)
def test_a_day_without_a_time_and_a_time_without_a_day_are_asked_for_again(text):
    assert times.read_moment(text, "en", TODAY) is None
