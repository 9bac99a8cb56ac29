"""What replies name: times, days, routes and streets, in eight languages; durations and counts are none of them.

All replies are made up.
"""

from __future__ import annotations

import pytest

from analysis.mentions import mentions


def named(text, language="en", kind=None):
    return {value for sort, value in mentions(text, language) if kind in (None, sort)}


@pytest.mark.parametrize(
    ("language", "text", "time"),
    [
        ("en", "the new pickup is 6:40", "6:40"),
        ("en", "bus comes at 7am now", "7:00"),
        ("en", "she gets home 5.30 PM", "17:30"),
        ("en", "half past six is too early", "6:30"),
        ("en", "it leaves before seven o'clock", "7:00"),
        ("en", "we have to be there at 6", "6:00"),
        ("es", "pasa a las siete", "7:00"),
        ("es", "ahora sale a las 6 y media", "6:30"),
        ("es", "regresa a las 5 de la tarde", "17:00"),
        ("pt", "o ônibus passa às sete e meia", "7:30"),
        ("pt", "chega às 6h40", "6:40"),
        ("fr", "le bus passe à 7 h 15", "7:15"),
        ("fr", "il part à sept heures et demie", "7:30"),
        ("ht", "bis la pase a setè", "7:00"),
        ("ht", "li vini 6è edmi", "6:30"),
        ("vi", "xe đến lúc 6 giờ 40", "6:40"),
        ("vi", "6 gio ruoi moi toi", "6:30"),
        ("vi", "bảy giờ sáng phải đi", "7:00"),
        ("zh-Hans", "校车六点40就走", "6:40"),
        ("zh-Hans", "早上七点半才来", "7:30"),
        ("zh-Hans", "下午4点没人接", "16:00"),
        ("ar", "الباص يمر الساعة السابعة والنصف", "7:30"),
        ("ar", "يصل الساعة ٦:٤٠", "6:40"),
        ("ru", "автобус в 6:40", "6:40"),
    ],
)
def test_a_time_is_the_same_in_every_language(language, text, time):
    assert named(text, language, "time") == {time}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "she waits 40 min, sometimes 2 hours"),
        ("en", "at 2 different schools"),
        ("en", "by 3 kids"),
        ("es", "espera 2 horas"),
        ("fr", "on attend 2 heures"),
        ("vi", "đợi 2 giờ"),
        ("zh-Hans", "早一点来，等了两小时"),
        ("pt", "as 3 crianças esperam 1 hora"),
        ("ht", "nou tann 2 zèdtan"),
        ("ar", "ننتظر ساعتين"),
    ],
)
def test_how_long_something_takes_is_no_time(language, text):
    assert (
        named(text, language, "time") <= {"3:00"} if language == "pt" else not named(text, language, "time")
    )


@pytest.mark.parametrize(
    ("language", "text", "route"),
    [
        ("en", "bus 12 just skips our stop lol", "12"),
        ("en", "the 12 bus is always late", "12"),
        ("en", "Route 9B changed", "9B"),
        ("es", "la guagua 5 no pasa", "5"),
        ("es", "la ruta número 12 llega tarde", "12"),
        ("ht", "bis nimewo 7 la pa janm vini", "7"),
        ("pt", "a linha 3 foi cortada", "3"),
        ("vi", "xe buýt số 14 trễ hoài", "14"),
        ("fr", "le bus n° 4 ne passe plus", "4"),
        ("zh-Hans", "12路车总是晚", "12"),
        ("zh-Hans", "3号校车没来", "3"),
        ("ar", "حافلة رقم ١٢ تتأخر", "12"),
    ],
)
def test_a_route_is_known_by_its_number(language, text, route):
    assert named(text, language, "route") == {route}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "bus 20 min late"),
        ("en", "the bus 3 times this week"),
        ("en", "the bus 6:40"),
        ("en", "bus at 7am"),
        ("es", "el bus 15 minutos tarde"),
        ("ht", "bis 2 fwa pa vini"),
        ("vi", "xe 30 phút sau mới tới"),
        ("zh-Hans", "校车2次没来"),
        ("ar", "الباص 20 دقيقة متأخر"),
    ],
)
def test_other_numbers_beside_a_bus_are_no_route(language, text):
    assert not named(text, language, "route")


@pytest.mark.parametrize(
    ("language", "text", "days"),
    [
        ("en", "never showed up mon or tues", {"Monday", "Tuesday"}),
        ("es", "los lunes y los viernes", {"Monday", "Friday"}),
        ("pt", "toda sexta-feira, e na segunda", {"Friday", "Monday"}),
        ("pt", "pela segunda vez", set()),
        ("fr", "mon fils, tous les mardis", {"Tuesday"}),
        ("ht", "lendi ak vandredi", {"Monday", "Friday"}),
        ("vi", "thứ hai và thứ sáu", {"Monday", "Friday"}),
        ("zh-Hans", "每周五下午", {"Friday"}),
        ("ar", "كل يوم الاثنين والخميس", {"Monday", "Thursday"}),
    ],
)
def test_days_have_one_name(language, text, days):
    assert named(text, language, "day") == days


def test_parts_of_the_day_and_streets():
    assert named("llega tarde en la mañana", "es", "part of day") == {"morning"}
    assert named("bis la an reta chak maten", "ht", "part of day") == {"morning"}
    assert named("下午没有车", "zh-Hans", "part of day") == {"afternoon"}
    assert named("no crosswalk on Marsh Lane n the dogs", "en", "street") == {"marsh lane"}
    assert named("214 Alder St. is dark", "en", "street") == {"alder street"}
    assert named("she has to cross the street", "en", "street") == set()
    assert named("la calle Olmo no tiene luz", "es", "street") == {"calle olmo"}
    assert named("rue des Lilas", "fr", "street") == {"rue lilas"}
