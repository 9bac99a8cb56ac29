from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis.redact import PLACEHOLDERS, redact

REPLIES = Path(__file__).parents[1] / "bot" / "demo" / "replies.yaml"


@pytest.mark.parametrize(
    ("language", "text", "redacted"),
    [
        ("en", "call me 555-0142", "call me [number]"),
        ("en", "my cell is (617) 555-0177 ok", "my cell is [number] ok"),
        ("en", "+1 617 555 0177", "[number]"),
        ("en", "his student id is 482113", "his student id is [number]"),
        ("en", "student id: A-4821", "student id: [number]"),
        ("en", "Born 05/03/2015", "Born [date]"),
        ("en", "he was born May 3, 2015", "he was born [date]"),
        ("en", "the stop at 214 Alder Street is gone", "the stop at [address] is gone"),
        ("en", "we live at 9 W. Oak Park Ave apt 4B now", "we live at [address] now"),
        ("en", "mail kwilson@example.org. thanks", "mail [email]. thanks"),
        ("en", "see https://example.org/a?b=c, ok", "see [link] ok"),
        ("en", "i am @some_kid on insta", "i am [account] on insta"),
        ("en", "Ms. Rivera said my son Luis is late", "[name] said my son [name] is late"),
        ("en", "my son luis is late", "my son [name] is late"),
        ("en", "My name is Maria Lopez", "My name is [name]"),
        ("en", "Keyshawn's mom told me", "[name]'s mom told me"),
        ("en", "I asked Coach Brown. Brown said no", "I asked [name]. [name] said no"),
        ("en", "MY SON LUIS HAS ASTHMA", "MY SON [name] HAS ASTHMA"),
        ("en", "no ride this week - Maria Lopez", "no ride this week - [name]"),
        ("es", "me llamo Rosa, 555-0109", "me llamo [nombre], [número]"),
        ("es", "mi hija valeria llora y la Sra. Delgado lo sabe", "mi hija [nombre] llora y la [nombre] lo sabe"),
        ("es", "vivimos en la calle Olmo 214", "vivimos en la [dirección]"),
        ("es", "nació el 3 de mayo de 2015", "nació el [fecha]"),
        ("ht", "mwen rele Wilner, rele m 555-0133", "mwen rele [non], rele m [nimewo]"),
        ("ht", "pitit mwen Guerline malad, Madam Joseph konn sa", "pitit mwen [non] malad, [non] konn sa"),
        ("pt", "minha filha Beatriz e a Dona Célia", "minha filha [nome] e a [nome]"),
        ("vi", "Cô Martin phạt con trai tôi là Minh", "[tên] phạt con trai tôi là [tên]"),
        ("zh-Hans", "陈老师说我女儿小雨缺课，电话555-0121", "[姓名]老师说我女儿[姓名]缺课，电话[号码]"),
        ("ar", "ابني يوسف مريض ورقمي ٥٥٥-٠١٨٧", "ابني [اسم] مريض ورقمي [رقم]"),
        ("fr", "Mme Laurent et mon fils Kévin, 12 rue des Lilas", "[nom] et mon fils [nom], [adresse]"),
        ("so", "call me 555-0142", "call me [number]"),
    ],
)  # fmt: skip
def test_what_tells_who_somebody_is_goes(language, text, redacted):
    assert redact(text, language).text == redacted


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "bus 12 comes 40 min late, grade 5 waits from 7:15 to 7:55"),
        ("en", "gas is $45 and the trip was 1,200 or 10000.50"),
        ("en", "since 2024-2025 he missed 12 of 180 days"),
        ("en", "my son has asthma and my daughter will not go"),
        ("en", "I'm tired. I am Haitian and my kids speak English"),
        ("en", "practice ends at 6 and theres no way home"),
        ("en", "the teacher said the school on Route 9 is full. Thank you Lord"),
        ("en", "My daughter won't miss it! The crossing guard knows every kid"),
        ("en", "They miss Monday classes, i am my kids only ride"),
        ("en", "NO BUS AGAIN TODAY AND THE DRIVER LEFT"),
        ("es", "mi hijo no tiene zapatos y va con ella a las 6:40"),
        ("es", "la maestra dice que mi niña va bien"),
        ("ht", "pitit mwen malad, li gen 8 an, li nan 3èm ane"),
        ("pt", "minha filha chora na escola, o professor sabe"),
        ("vi", "cháu làm bài không được, cô giáo nói tiếng Anh, con tôi ăn sáng ở trường"),
        ("zh-Hans", "谢谢老师，孩子的任课老师很好，班主任老师也好，高中老师"),
        ("ar", "المعلمة طيبة وابني ينتظر الباص ٤٠ دقيقة"),
        ("fr", "mon fils est malade, le bus 12 passe à 7h15, c'est loin"),
    ],
)  # fmt: skip
def test_what_tells_of_the_barrier_stays(language, text):
    assert redact(text, language).text == text
    assert redact(text, language).count == 0


def test_names_that_the_caller_knows_go_in_any_spelling_and_nothing_else_does():
    text = "nguyen thi hoa and HOA and Hoàng wait; hope will come. Hope did"

    redacted = redact(text, "en", names=["Nguyễn Thị Hòa", "Hope Quill"])

    assert redacted.text == "[name] and [name] and Hoàng wait; hope will come. [name] did"
    assert redacted.count == 3


def test_a_known_name_inside_a_word_stays():
    assert redact("the analysis of Ana", "en", names=["Ana"]).text == "the analysis of [name]"


def test_a_chinese_name_that_the_caller_knows_goes_without_spaces_around_it():
    assert redact("老师说王小雨迟到", "zh-Hans", names=["王小雨"]).text == "老师说[姓名]迟到"


def test_every_language_has_every_placeholder():
    kinds = set(PLACEHOLDERS["en"])

    assert all(set(words) == kinds and all(words.values()) for words in PLACEHOLDERS.values())


@given(st.text(max_size=80))
def test_redacting_twice_changes_nothing_more_than_once_and_any_text_is_taken(text):
    once = redact(text, "en")

    assert once.count == 0 or once.text != text
    assert redact(once.text, "en").text.count("[number]") >= once.text.count("[number]")


@given(
    st.from_regex(r"[2-9]\d{2}[-. ]?555[-. ]?01\d{2}", fullmatch=True),
    st.sampled_from(["call {}", "{}", "tel:{} ok", "我的电话是{}"]),
)
def test_no_phone_number_of_ten_digits_gets_through(number, around):
    redacted = redact(around.format(number), "en").text

    assert not any(digit.isdigit() for digit in redacted)


PRIVATE = (
    "214 Alder Street", "555-0142", "Dana", "555-0177", "Rivera", "Luis", "Okafor", "555-0118", "kwilson@example.org",
    "Mensah", "Amara", "87 Orchard Lane", "555-0165", "Valeria", "Benton", "Mateo", "Delgado", "Ana ", "Rosa", "555-0109",
    "rosalba.t@example.org", "31 Willow Court", "555-0133", "Wilner", "Joseph", "Beatriz", "52 Fern Street", "Martin",
    "Minh", "555-0150", "陈", "小雨", "555-0121", "يوسف", "19 Maple Avenue", "555-0187", "Laurent", "Kévin", "aminata.d@example.org",
)  # fmt: skip
"""What is private in the demo's replies, found by reading all of them."""


def test_the_demo_s_private_things_go_and_its_other_words_stay():
    replies = yaml.safe_load(REPLIES.read_text(encoding="utf-8"))
    carrying = [reply for reply in replies if any(item in reply["text"] for item in PRIVATE)]

    left = [
        item
        for reply in carrying
        for item in PRIVATE
        if item in redact(reply["text"], reply["language"]).text
    ]
    touched = [
        reply["text"]
        for reply in replies
        if reply not in carrying and redact(reply["text"], reply["language"]).count
    ]

    assert len(carrying) >= 20
    assert left == []
    assert touched == []
