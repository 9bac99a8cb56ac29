"""One person's words: a text with its gaps filled."""

from __future__ import annotations

import time
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outreach.days import in_words
from bot.outreach.joining import FSI, PDI, joined
from bot.outreach.rendering import Child, MissingWords, Reader, clean, lacking, render
from survey_flows.lexicon import LEXICONS
from survey_flows.segments import count

DAY = date(2026, 10, 15)


def person(
    name: str | None = "Rosa", *children: Child, school: str | None = None, **groups: object
) -> Reader:
    return Reader(UUID(int=1), name, "en", "family", school, groups, children, DAY)


def said(text: str, reader: Reader, language: str = "en", **given) -> str:
    own = {"organization": "Riverbend", "fields": {}, "fallback": {}, **given}
    return render({language: text}, reader, language=language, **own)


# Names, joined as each language does it.


@pytest.mark.parametrize(
    ("language", "names", "phrase"),
    [
        ("en", ["Ana"], "Ana"),
        ("en", ["Ana", "Leo"], "Ana and Leo"),
        ("es", ["Ana", "Leo", "Sofía"], "Ana, Leo y Sofía"),
        ("es-MX", ["Ana", "Inés"], "Ana e Inés"),
        ("es", ["Ana", "Hilda"], "Ana e Hilda"),
        ("es", ["Leo", "Ana", "Isaac"], "Leo, Ana e Isaac"),
        ("es", ["Ana", "Yolanda"], "Ana y Yolanda"),
        ("es", ["Ana", "Iago"], "Ana y Iago"),
        ("es", ["Inés", "Ana"], "Inés y Ana"),
        ("ht", ["Ana", "Leo", "Sofi"], "Ana, Leo ak Sofi"),
        ("pt", ["Ana", "Inês"], "Ana e Inês"),
        ("vi", ["An", "Bình"], "An và Bình"),
        ("zh-Hans", ["小明", "小红", "小丽"], "小明、小红和小丽"),
        ("zh-Hant", ["Ana", "Leo"], "Ana和Leo"),
        ("ar", ["سلمى", "ليو", "آنا"], "سلمى وليو وآنا"),
        ("fa", ["سارا", "علی", "رضا"], "سارا، علی و رضا"),
        ("ko", ["민준", "서연"], "민준과 서연"),
        ("ko", ["지우", "서연"], "지우와 서연"),
        ("ko", ["Ana", "Leo"], "Ana 및 Leo"),
        ("so", ["Ana", "Leo"], "Ana iyo Leo"),
        ("tl", ["Ana", "Leo"], "Ana at Leo"),
        ("uk", ["Ана", "Лео"], "Ана і Лео"),
        ("xx", ["Ana", "Leo", "Sofi"], "Ana, Leo, Sofi"),
    ],
)
def test_names_are_joined_as_the_language_does_it(language, names, phrase):
    assert joined(names, language) == phrase


@given(st.lists(st.text(min_size=1), min_size=1, max_size=6), st.sampled_from([*LEXICONS, "xx"]))
def test_every_name_is_in_the_phrase_whole_and_in_order(names, language):
    phrase, at = joined(names, language), 0

    for name in names:
        at = phrase.index(name, at) + len(name)


# Gaps.


def test_the_school_is_the_children_s_where_they_agree_then_the_person_s_then_the_organization():
    at = [Child("Ana", "Lincoln"), Child("Leo", "Lincoln"), Child("Sofi", "Oak Hill")]

    assert said("{school}", person("Rosa", *at[:2], school="Elm")) == "Lincoln"
    assert said("{school}", person("Rosa", *at, school="Elm")) == "Elm"
    assert said("{school}", person("Rosa", *at)) == "Riverbend"
    assert said("{school}, {organization}", person(school="Elm")) == "Elm, Riverbend"


def test_an_attribute_is_said_only_if_all_children_meant_agree():
    five, six = Child("Ana", None, {"grade": "5"}), Child("Leo", None, {"grade": "6"})

    assert said("{grade}", person("Rosa", five, five)) == "5"
    assert said("{grade}", person("Rosa", five, grade="9")) == "5"
    assert said("{grade}", person("Rosa", grade="9")) == "9"
    for children in ((five, six), (five, Child("Sofi"))):
        with pytest.raises(MissingWords):
            said("{grade}", person("Rosa", *children, grade="9"))


def test_capitals_of_codes_and_of_the_organization_s_own_name_stay():
    reader = person("ANA", code="ABC12", bus="RED", program="ESL", teacher="MRS GARCIA")

    written = render(
        {"en": "{organization}, {school}, {name}: {code} {bus} {program} {teacher}"}, reader, language="en",
        organization="KIPP", fields={}, fallback={},
    )  # fmt: skip

    assert written == "KIPP, KIPP, Ana: ABC12 RED ESL Mrs Garcia"


def test_an_attribute_is_found_by_its_heading_and_said_in_words():
    reader = person(**{"Bus route": "12", "Next-visit": "2026-10-15", "days": 3.0, "clubs": ["art", "chess"]})

    text = "{bus_route}, {next_visit}, {days}, {clubs}"

    assert said(text, reader) == "12, Thursday, October 15, 3, art and chess"


def test_what_is_neither_known_nor_has_a_fallback_is_missing_by_name():
    with pytest.raises(MissingWords) as missing:
        said("Hi {name}", person(None))

    assert missing.value.name == "name"
    assert said("Hi {name}", person(None), fallback={"name": {"en": "there"}}) == "Hi there"
    assert lacking("{name} {grade} {name} {school}", person(None), "en", {}, {}) == ["name", "grade"]


def test_a_fallback_or_a_field_in_another_language_does_not_do():
    with pytest.raises(MissingWords):
        said("Hi {name}", person(None), fallback={"name": {"es": "familia"}})
    with pytest.raises(MissingWords):
        said("{help}", person(), fields={"help": {"es": "¿Qué les ayuda?"}})


def test_children_are_not_named_where_one_has_no_name():
    with pytest.raises(MissingWords):
        said("{children}", person("Rosa", Child("Ana"), Child(None)))
    with pytest.raises(MissingWords):
        said("{children}", person("Rosa"))


def test_true_and_false_are_no_words():
    with pytest.raises(MissingWords):
        said("{bus}", person(bus=True))


def test_what_is_filled_in_is_never_filled_again():
    assert said("Hi {name} {grade}", person("{organization}", grade="{name}")) == "Hi {organization} {name}"


# Names as they come.


@pytest.mark.parametrize(
    ("came", "written"),
    [
        ("MARIA", "Maria"),
        ("MARÍA JOSÉ", "María José"),
        ("ANNE-MARIE O'BRIEN", "Anne-Marie O'Brien"),
        ("İBRAHİM", "İbrahim"),
        ("ОЛЕНА", "Олена"),
        ("AJ", "AJ"),
        ("TJ SMITH", "TJ Smith"),
        ("LI", "Li"),
        ("LÊ THỊ HOA", "Lê Thị Hoa"),
        ("MLK HIGH SCHOOL", "MLK High School"),
        ("IS 25", "IS 25"),
        ("maria", "maria"),
        ("McKenzie", "McKenzie"),
        ("سلمى", "سلمى"),
        ("  Ana \t Sofi ", "Ana Sofi"),
        ("Ana\nYour bill is due", "Ana Your bill is due"),
        ("An\x00a\u202e\u200b", "An a"),
        ("فاطمه\u200cسادات", "فاطمه\u200cسادات"),
    ],
)
def test_names_are_one_calm_line(came, written):
    assert clean(came) == written


@given(st.text())
def test_no_name_has_control_characters_or_line_breaks(name):
    written = clean(name)

    assert written == " ".join(written.split())
    assert not any(char in written for char in "\n\r\x00\u2028\u2029\u202a\u202b\u202d\u202e\u2066\u2067")


# Days.


def test_every_language_we_speak_has_a_day_in_words_without_the_year():
    for language in LEXICONS:
        words = in_words(DAY, language)
        assert "15" in words, language
        assert "2026" not in words, language


# Languages from right to left.


def test_a_latin_name_in_an_arabic_text_is_set_apart():
    reader = person("Rosa", Child("ليو", "Lincoln"))

    text = said("{school}: مرحبًا {name}. وصل {children}.", reader, "ar")

    assert text == f"{FSI}Lincoln{PDI}: مرحبًا {FSI}Rosa{PDI}. وصل ليو."
    assert said("Hi {name}", person("سلمى 2")) == f"Hi {FSI}سلمى 2{PDI}"


def test_setting_apart_never_changes_the_encoding_of_an_arabic_text():
    text = "مرحبًا {name}. هنا مدرسة {school}. وصل {children} في الموعد كل يوم خلال أسبوعين."
    latin = said(text, person("Rosa", Child("Leo", "Lincoln"), Child("Ana", "Lincoln")), "ar")
    plain = latin.replace(FSI, "").replace(PDI, "")

    assert count(plain).encoding == count(latin).encoding == "UCS-2"
    assert count(latin).units - count(plain).units == 2 * 4


# Speed.


def test_a_plain_text_takes_a_few_microseconds():
    text = "Hi {name}, {school} here. {children} came on time every day for two weeks. Reply STOP to end."
    readers = [person(f"Rosa{number}", Child(f"Leo{number}", "Lincoln")) for number in range(2000)]

    def once() -> float:
        begun = time.process_time()
        for reader in readers:
            said(text, reader)
        return (time.process_time() - begun) / len(readers)

    assert min(once() for _ in range(5)) < 60e-6  # 3 here; the limit is for a busy machine
