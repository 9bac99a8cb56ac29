"""What a text costs as SMS, against counts that are known."""

import pytest

from survey_flows.segments import LOOK_ALIKES, count


@pytest.mark.parametrize(
    ("text", "encoding", "units", "parts"),
    [
        ("", "GSM-7", 0, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€" * 80, "GSM-7", 160, 1),
        ("€" * 81, "GSM-7", 162, 2),
        ("ñ" * 160, "GSM-7", 160, 1),
        ("á" * 70, "UCS-2", 70, 1),
        ("á" * 71, "UCS-2", 71, 2),
        ("学" * 134, "UCS-2", 134, 2),
        ("学" * 135, "UCS-2", 135, 3),
        ("😀" * 35, "UCS-2", 70, 1),
        ("😀" * 36, "UCS-2", 72, 2),
    ],
)
def test_a_text_takes_as_many_parts_as_the_standard_says(text, encoding, units, parts):
    counted = count(text)

    assert (counted.encoding, counted.units, counted.parts) == (encoding, units, parts)


def test_a_character_of_two_places_is_not_cut_in_two():
    assert (
        count("a" * 152 + "€" + "a" * 152).parts == 3
    )  # 306 places, but one is lost at the end of the first part
    assert count("a" * 66 + "😀" + "á" * 66).parts == 3


@pytest.mark.parametrize("cheap", ["èéùìò ÄÖÜäöü ñÑ ¿¡ Ç àÉ ß æ Å ø §", "{}[]|\\^~€\f", "ΔΦΓΛΩΠΨΣΘΞ"])
def test_letters_of_the_table_stay_cheap(cheap):
    assert count(cheap).encoding == "GSM-7"


@pytest.mark.parametrize("dear", list("áíóúçãõêâîôûœŒÁÍÓÚ’“–…\u200f"))
def test_letters_outside_the_table_are_named(dear):
    assert count(f"It is {dear} and {dear}").culprits == (dear,)


def test_every_look_alike_is_dear_and_its_stand_in_cheap():
    for dear, cheap in LOOK_ALIKES.items():
        assert count(dear).encoding == "UCS-2"
        assert count(cheap).encoding == "GSM-7"


def test_the_table_has_128_places_one_of_them_the_escape():
    assert sum(count(chr(point)).encoding == "GSM-7" for point in range(0x2FFF)) == 127 + 10
