"""Russian, Ukrainian, Korean, traditional Chinese, Urdu and Persian: what people text in them is understood."""

import unicodedata

import pytest

from survey_flows.folding import fold, light, runs_on

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
