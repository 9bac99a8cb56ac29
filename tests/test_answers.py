"""Answers are understood in every language of the survey at once, and never guessed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_flows import folding, library, loads
from survey_flows.folding import fold, light, symbols
from survey_flows.lexicon import LEXICONS, ear, read
from survey_flows.reading.answers import number, yes_or_no

HARD = library("getting-to-school").question("hard")
ALL = ear(tuple(LEXICONS))


def hard(text, language="en"):
    reading = HARD.read(text, language)
    return reading.value if reading else None


SAID = {
    "a_little": """
2 | ２ | ٢ | २ | ۲ | 2. | 2) | (2) | #2 | 2!!! | 2️⃣ | ② | Ⅱ | number 2 | Option 2 | la 2 | la número 2 | the 2 please
I pick 2 | 2 a little hard | 2. Un poco difícil | 2nd | 2da | two | Two. | dos | dois | deux | hai | اثنين | 二 | 第二个
the second one | segundo | dezyèm | numéro deux | A little hard | a  LITTLE   hard!! | little | a little | a litle hard
a litl hard | a bit | un poco dificil | poco | UN POCO DIFÍCIL | un pco dificil | yon ti jan difisil | um pouco dificil
hoi kho | Hơi khó | hơi | 有点难 | 有点 | 有點難 | صَعْبٌ قَلِيلًا | صعب قليلا | un peu difficile | un peu | 😐 | a little hard 😐
""",
    "very": """
3 | ３ | ٣ | 3️⃣ | three | tres | três | trois | twa | ba | ثلاثة | 三 | very hard | very | veri hard | vary hard | Very hard :(
muy dificil | mui dificil | muy | muito difícil | muito dificil | tre difisil | trè difisil | tres difficile | Très difficile
rat kho | rất khó | 很难 | 非常难 | صعب جدا | صعب جدًا | 😭 | 😢😭 | 3 😭 | trois svp | really hard | difícil demais | 3 very hard
it is very hard
""",
    "not_hard": """
1 | one | uno | youn | um | un | một | واحد | 一 | first | not hard | not | Not  hard. | not hrad | nada difícil | nada dificil
no fue difícil | pa difisil | li pa t difisil | não foi difícil | nao foi dificil | không khó | khong kho | 不难 | ليس صعبا
pas difficile | no | No! | non | não | không | 不 | لا | easy | fácil | 😀 | 1. | number one
""",
}

UNCLEAR = """
hard | difícil | difisil | صعب | 难 | khó | yes | sí | oui | wi | 是 | نعم | 4 | 0 | 12 | 1 2 | 1 or 2 | 2-3 | 1½ | ½ | 2.5 | two three
2 of my kids | 2 kids | 3 buses | 2 very hard | 3 not hard | not very hard | no tan difícil | not a little | very easy | a | an
x | ? | ... | 😀😭 | 2 😭 | 🚌 | el bus nunca pasa | the bus never comes | I do not know | no sé | maybe | ni | so hard to say
the third bus | hardly | 999999999999999999999 | II | one of them | 13 | very little | pas très difficile | pas tres difficile
"""


def each(table):
    return [text.strip() for line in table.strip().splitlines() for text in line.split(" | ")]


@pytest.mark.parametrize(
    ("meant", "text"),
    [(meant, text) for meant, row in SAID.items() for text in each(row)],
)
def test_a_choice_is_understood_however_it_is_said(meant, text):
    assert hard(text) == meant or hard(text, own_language(text)) == meant


def own_language(text):
    """Words that are understood without accents from those who speak the language."""
    own = {
        "hai": "vi",
        "hoi kho": "vi",
        "ba": "vi",
        "tres": "es",
        "un": "es",
        "um": "pt",
        "dois": "pt",
        "segundo": "es",
    }
    return own.get(text, "en")


@pytest.mark.parametrize("text", each(UNCLEAR))
@pytest.mark.parametrize("language", HARD.languages)
def test_what_could_mean_two_things_is_asked_again(text, language):
    assert hard(text, language) is None


@pytest.mark.parametrize("language", HARD.languages)
def test_every_choice_is_understood_by_its_label_and_number_in_every_language(language):
    for number_, option in enumerate(HARD.options, start=1):
        for label in option.labels.values():
            for said in (label, label.upper(), fold(label), f" {label}.", f"{number_} {label}", f"{number_}"):
                assert hard(said, language) == option.key


def test_a_label_tells_the_language_it_is_in():
    assert HARD.read("muy difícil", "en").language == "es"
    assert HARD.read("rất khó", "en").language == "vi"
    assert HARD.read("3", "en").language is None
    assert HARD.read("no", "en").language is None


def test_a_short_word_of_another_language_needs_its_accents():
    assert hard("de", "ht") == "a_little"  # two
    assert hard("dễ", "en") == "not_hard"  # Vietnamese: easy
    assert hard("bon", "fr") is None  # good; bốn is four in Vietnamese


WAY = loads(
    """
survey: way
title: {en: Way, es: Camino, zh-Hans: 路, ar: طريق}
intro: {en: "{school} STOP", es: "{school} STOP", zh-Hans: "{school} STOP", ar: "{school} STOP"}
questions:
  - key: way
    kind: many
    text: {en: What?, es: ¿Qué?, zh-Hans: 什么, ar: ماذا}
    choices:
      - {key: bus, en: A late bus, es: El autobús tarde, zh-Hans: 校车晚点, ar: تأخر الحافلة}
      - {key: cold, en: Cold and rain, es: Frío y lluvia, zh-Hans: 天冷下雨, ar: البرد والمطر}
      - {key: work, en: Work, es: El trabajo, zh-Hans: 工作, ar: العمل}
      - {key: health, en: Health, es: La salud, zh-Hans: 健康, ar: الصحة, emoji: [🤒, 🤧]}
""",
    "way",
).question("way")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1 3", ["bus", "work"]),
        ("1,3", ["bus", "work"]),
        ("3, 1", ["bus", "work"]),
        ("1 y 3", ["bus", "work"]),
        ("1 and 3", ["bus", "work"]),
        ("1和3", ["bus", "work"]),
        ("1、3", ["bus", "work"]),
        ("١و٣", ["bus", "work"]),
        ("1.3.", ["bus", "work"]),
        ("1 & 3", ["bus", "work"]),
        ("1\n3", ["bus", "work"]),
        ("1/3/4", ["bus", "work", "health"]),
        ("1️⃣3️⃣", ["bus", "work"]),
        ("numbers 1 and 3 please", ["bus", "work"]),
        ("uno y tres", ["bus", "work"]),
        ("1 1 1", ["bus"]),
        ("2", ["cold"]),
        ("cold and rain", ["cold"]),
        ("work, a late bus", ["bus", "work"]),
        ("trabajo y salud", ["work", "health"]),
        ("1, salud", ["bus", "health"]),
        ("🤒", ["health"]),
        ("all of them", ["bus", "cold", "work", "health"]),
        ("todas", ["bus", "cold", "work", "health"]),
        ("全部", ["bus", "cold", "work", "health"]),
        ("0", []),
        ("٠", []),
        ("none", []),
        ("nothing", []),
        ("nada", []),
        ("Nada de esto", []),
        ("没有", []),
        ("لا شيء", []),
    ],
)
def test_several_choices_are_understood_at_once(text, meant):
    reading = WAY.read(text, "en")

    assert reading is not None
    assert reading.value == meant


@pytest.mark.parametrize(
    "text", ["13", "1-3", "0 1", "1 5", "1 bus 2", "work and the weather", "1, dogs", "maybe", "", "2.5 kids"]
)
def test_a_list_with_an_unclear_part_is_asked_for_again(text):
    assert WAY.read(text, "en") is None


DAYS = frozenset(
    fold(unit)
    for unit in ("day", "days", "días", "día", "jou", "ngày", "天", "يوم", "أيام", "jours", "jour", "dias")
)


@pytest.mark.parametrize(
    ("text", "meant", "language"),
    [
        ("3", 3, "en"),
        ("3 days", 3, "en"),
        ("about 5", 5, "en"),
        ("i think 3 days", 3, "en"),
        ("maybe two", 2, "en"),
        ("twice", 2, "en"),
        ("none", 0, "en"),
        ("no days", 0, "en"),
        ("zero", 0, "en"),
        ("never", 0, "en"),
        ("0", 0, "en"),
        ("٣ أيام", 3, "ar"),
        ("ثلاثة أيام", 3, "ar"),
        ("يومين", 2, "ar"),
        ("يوم واحد", 1, "ar"),
        ("3 يوم", 3, "ar"),
        ("como 5 dias", 5, "es"),
        ("ninguno", 0, "es"),
        ("cinco días más o menos", 5, "es"),
        ("un día", 1, "es"),
        ("apeprè 4 jou", 4, "ht"),
        ("okenn", 0, "ht"),
        ("uns três dias", 3, "pt"),
        ("nenhum", 0, "pt"),
        ("khoảng 4 ngày", 4, "vi"),
        ("nam ngay", 5, "vi"),
        ("大概3天", 3, "zh-Hans"),
        ("三天", 3, "zh-Hans"),
        ("没有", 0, "zh-Hans"),
        ("十天", 10, "zh-Hans"),
        ("environ 4 jours", 4, "fr"),
        ("aucun", 0, "fr"),
        ("1,000", 1000, "en"),
        ("10", 10, "en"),
        ("🔟", 10, "en"),
        ("３", 3, "en"),
        ("cinco", 5, "en"),
        ("twenty five", 25, "en"),
        ("Twenty-five days", 25, "en"),
        ("about fifteen", 15, "en"),
        ("a hundred and three", 103, "en"),
        ("a dozen", 12, "en"),
        ("half a dozen days", 6, "en"),
        ("a couple of days", 2, "en"),
        ("veinticinco", 25, "es"),
        ("veintidos dias", 22, "es"),
        ("treinta y uno", 31, "es"),
        ("once días", 11, "es"),
        ("once", 1, "en"),
        ("veinticinco", 25, "en"),
        ("vingt-cinq jours", 25, "fr"),
        ("quatre-vingt-dix", 90, "fr"),
        ("vinte e três", 23, "pt"),
        ("dezesseis", 16, "pt"),
        ("hai mươi lăm ngày", 25, "vi"),
        ("muoi hai", 12, "vi"),
        ("二十五天", 25, "zh-Hans"),
        ("十五", 15, "zh-Hans"),
        ("一百零五", 105, "zh-Hans"),
        ("خمسة عشر يوما", 15, "ar"),
        ("خمسة وعشرون", 25, "ar"),
        ("venn senk", None, "ht"),
        ("vennsenk jou", 25, "ht"),
        ("3 days.", 3, "en"),
        ("3days", 3, "en"),
        ("3 d", 3, "en"),
        ("20.00", 20, "en"),
        ("1,00,000", 100000, "en"),
        ("1.000.000", 1000000, "es"),
        ("፭", 5, "en"),
        ("፳፭", 25, "en"),
        ("२५", 25, "en"),
        ("۲۵", 25, "en"),
    ],
)
def test_a_number_is_understood_among_empty_words(text, meant, language):
    assert number(text, language, ALL, DAYS) == meant


@pytest.mark.parametrize(
    "text",
    """2-3 | 2 or 3 | 2 to 3 | -3 | - 3 | 10+ | >5 | <3 | 2 weeks | 3 kids | a lot | many | no | not 3 | 3% | 1/2 | ½ | 1½ | 2.5
2,5 | 3 4 | more than 5 | less than 3 | half | twenty or thirty | twenty five six | fifth | 三四天 | 一百五 | $20 | 20 dollars | 2nd 3 | +5 | 1.2.2025 | 2 semanas | mucho | ? | 12345678901 | 3:30 | 3 months | minus 3""".replace(
        "\n", " | "
    ).split(" | "),
)
def test_what_is_not_one_number_is_asked_for_again(text):
    assert number(text, "en", ALL, DAYS) is None


def test_decimals_are_read_where_they_are_asked_for():
    assert number("2.5 days", "en", ALL, DAYS, decimals=True) == 2.5
    assert number("2,5", "es", ALL, DAYS, decimals=True) == 2.5
    assert number("٢٫٥", "ar", ALL, DAYS, decimals=True) == 2.5
    assert number("2.5 weeks", "en", ALL, DAYS, decimals=True) is None
    assert number("1.234,5", "es", ALL, decimals=True) == 1234.5
    assert number("1,234.5", "en", ALL, decimals=True) == 1234.5
    assert number("0.125", "es", ALL, decimals=True) == 0.125


def test_a_point_that_may_part_thousands_or_decimals_is_asked_about():
    assert number("1.234", "es", ALL, decimals=True) is None
    assert number("1.234", "en", ALL, decimals=True) is None
    assert number("1,234", "en", ALL, decimals=True) == 1234
    assert number("1,00000", "en", ALL, decimals=True) is None
    assert number("1,2,3", "en", ALL, decimals=True) is None


@pytest.mark.parametrize(
    "text", ["$20", "20 dollars", "US$20", "€20", "20 €", "R$ 20", "$20.00", "20 goud", "about $20"]
)
def test_money_is_a_number_where_money_or_nothing_else_is_asked_for(text):
    assert number(text, "en", ALL) == 20
    assert number(text, "en", ALL, frozenset({"dollars"})) == 20
    assert number(text, "en", ALL, DAYS) is None


@pytest.mark.parametrize("text", ["2 hrs", "2 hours", "2 hr", "2h", "two hours", "2 Hour"])
def test_units_have_their_plurals_and_short_forms(text):
    assert number(text, "en", ALL, frozenset({"hours"})) == 2


@settings(deadline=None)
@given(st.integers(0, 999_999_999))
def test_every_whole_number_is_read_as_itself(value):
    assert number(str(value), "en", ALL) == value


YES = "yes | Yes! | YEP | yeah | y | sí | si | SI | sip | wi | oui | sim | có | co | vâng | 是 | 是的 | 有 | نعم | أيوه | 👍 | ✅ | yes 👍🏽 | yes please | sí, gracias | yes yes | ✔️"
NO = "no | NO. | nope | n | non | não | nao | không | khong | ko | 不 | 没有 | 否 | لا | 👎 | ❌ | no thanks | no gracias | no no no"


@pytest.mark.parametrize("text", YES.split(" | "))
def test_yes_is_yes_in_every_language(text):
    language = {"co": "vi", "SI": "es"}.get(text, "en")

    assert yes_or_no(text, language, ALL)[0] is True


@pytest.mark.parametrize("text", NO.split(" | "))
def test_no_is_no_in_every_language(text):
    assert yes_or_no(text, "vi" if text == "ko" else "en", ALL)[0] is False


@pytest.mark.parametrize(
    "text",
    [
        "no sé",
        "no se",
        "no idea",
        "yes and no",
        "yes but no",
        "👍👎",
        "yes 👎",
        "maybe",
        "k",
        "ok",
        "",
        "🚌",
        "not yes",
        "si no",
    ],
)
def test_what_is_neither_yes_nor_no_is_asked_again(text):
    assert yes_or_no(text, "en", ALL) is None


def test_a_letter_that_is_no_on_a_vietnamese_phone_is_not_no_elsewhere():
    assert yes_or_no("k", "vi", ALL) == (False, None)
    assert yes_or_no("k", "en", ALL) is None


# Folding


@settings(deadline=None)
@given(st.text(max_size=80))
def test_folded_text_is_folded_for_good(text):
    assert fold(fold(text)) == fold(text)
    assert light(light(text)) == light(text)


@settings(deadline=None)
@given(st.text(max_size=80))
def test_folding_forgets_accents_case_and_what_cannot_be_seen(text):
    assert fold(light(text)) == fold(text) or any(char.isnumeric() and not char.isdecimal() for char in text)
    assert fold("\u200b".join(text)) == fold(text)


@pytest.mark.parametrize("zero", "0٠۰०০๐０𝟎")
def test_every_scripts_digits_are_digits(zero):
    digits = "".join(chr(ord(zero) + value) for value in range(10))

    assert fold(digits) == "0123456789"


def test_skin_tones_and_variation_marks_are_no_part_of_a_symbol():
    assert symbols("👍🏽 ok ✔️") == "👍✔"


@settings(deadline=None)
@given(text=st.text(max_size=120), language=st.sampled_from(HARD.languages))
def test_any_reply_can_be_read(text, language):
    assert hard(text, language) in {None, "not_hard", "a_little", "very"}
    assert WAY.read(text, "en") is None or isinstance(WAY.read(text, "en").value, list)
    assert yes_or_no(text, language, ALL) is None or yes_or_no(text, language, ALL)[0] in (True, False)
    assert (number(text, language, ALL, DAYS, decimals=True) or 0) >= 0


# The language files


@pytest.mark.parametrize("lexicon", LEXICONS.values(), ids=LEXICONS)
def test_a_language_file_has_the_numbers_to_ten_and_yes_and_no(lexicon):
    assert set(lexicon.numbers) == set(range(11))
    assert lexicon.yes
    assert lexicon.no
    assert lexicon.none
    assert lexicon.joining


@pytest.mark.parametrize("lexicon", LEXICONS.values(), ids=LEXICONS)
def test_no_word_of_a_language_means_two_numbers_or_yes_and_no(lexicon):
    numbers = [word for words in lexicon.numbers.values() for word in {fold(word) for word in words}]
    yes, no = (
        {fold(word) for word in row}
        for row in ((*lexicon.yes, *lexicon.own_yes), (*lexicon.no, *lexicon.own_no))
    )

    assert len(numbers) == len(set(numbers))
    assert not yes & no


def test_a_language_file_with_an_unknown_list_is_refused():
    with pytest.raises(TypeError):
        read("language: xx\nnumber: {1: [one]}\n")


@pytest.mark.parametrize(
    "heard", ["십일" * 800, "십일" * 20 + "가", "一" * 1600, "三天" * 800, "一二三" * 533]
)
def test_a_long_row_of_numbers_without_spaces_is_read_at_once_and_means_nothing(heard):
    assert number(heard, "ko", ALL) is None


def test_every_character_there_is_folds_to_the_same_again_and_is_not_remembered_for_ever():
    every = [chr(point) for point in range(0x20000)]

    first = [fold(char) for char in every]
    fold.cache_clear()

    assert [fold(char) for char in every] == first
    assert len(folding._PLAIN) <= folding.REMEMBERED
