"""What is hidden from an engine, and how it is put back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.translation.masking import FORMS, Damaged, Span, mask, survivors, unmask, western


def hidden(text, **how):
    return [span.put for span in mask(text, **how).spans]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("{school}: ${first_name}, hello", ["{school}", "${first_name}"]),
        ("See https://example.org/form?id=12.", ["https://example.org/form?id=12"]),
        ("请看https://example.org/a。谢谢", ["https://example.org/a"]),
        ("See lincoln.edu/bus or www.example.org!", ["lincoln.edu/bus", "www.example.org"]),
        ("Write to ana.perez@lincoln.edu, please", ["ana.perez@lincoln.edu"]),
        ("Call 911, or text 988.", ["911", "988"]),
        (
            "Call +1 617 555 0100 or (617) 555-0100 or 555-0142.",
            ["+1 617 555 0100", "(617) 555-0100", "555-0142"],
        ),
        ("At 7:30 a.m. or 5 pm, or 17h30", ["7:30 a.m.", "5 pm", "17h30"]),
        ("On 10/14 or 2026-10-14", ["10/14", "2026-10-14"]),
        ("It costs $15.50, or 1,500 €; 30% do", ["$15.50", "1,500 €", "30%"]),
        ("Reply STOP. Reply JOIN BUS to begin.", ["STOP", "JOIN BUS"]),
        ("回复STOP即可停止", ["STOP"]),
        ("Thank you 👍🏽, 🇭🇹!", ["👍🏽", "🇭🇹"]),
        ("In the last 2 weeks, 5 or more", ["2", "5"]),
        ("The bus does not stop; stopping helps", []),
    ],
)
def test_what_must_survive_is_hidden(text, kept):
    assert hidden(text) == kept


def test_small_numbers_may_stay_for_grammar_but_never_those_to_call():
    assert hidden("In 2 weeks call 988 or come at 5 pm", small=False) == ["988", "5 pm"]


def test_in_a_shout_help_is_a_word_like_the_others():
    assert hidden("I NEED HELP WITH THE BUS") == []
    assert hidden("STOP") == ["STOP"] or mask("STOP").text == "STOP"


def test_names_are_kept_as_they_are_handed_in_and_only_whole():
    masked = mask("Rose Hill asks Rose about roses", names=["Rose", "Rose Hill"])

    assert masked.text == "[V1] asks [V2] about roses"


def test_a_term_comes_back_as_the_glossary_has_it():
    masked = mask("The 504 plan helps", terms=[Span(4, 12, "plan 504", "term")])

    assert unmask(masked, "El [V1] ayuda") == "El plan 504 ayuda"
    assert masked.expected == "The plan 504 helps"


def test_neighbours_share_a_token():
    assert mask("{first_name} {last_name}: hello").text == "[V1]: hello"


def test_what_looks_like_a_token_is_hidden_as_well():
    masked = mask("A V8 and [V1] for {school}")

    assert unmask(masked, masked.text) == "A V8 and [V1] for {school}"


def test_a_text_of_nothing_but_hidden_things_has_no_words():
    assert mask("{school}: 988! 👍").wordless
    assert not mask("{school}: hi").wordless


@pytest.mark.parametrize(
    "said",
    ["[V1]: responda [V2]", "[v1] : responda [ V 2 ]", "［Ｖ１］：responda [V٢]", "_V1_: responda __V2_", "V1: responda V2",
     "[V1: responda V2]"],
)  # fmt: skip
def test_a_token_that_was_only_bent_is_recognised(said):
    done = unmask(mask("{school}: reply STOP"), said)

    assert done.replace(" ", "").replace("：", ":") == "{school}:respondaSTOP"


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ("responda [V2]", ("{school}",)),
        ("[V1]: responda [V2] [V2]", ("STOP",)),
        ("[V1]: responda [V1]", ("{school}", "STOP")),
        ("[V1]: responda [V12]", ("STOP",)),
        ("[V1]: responda [V 1 2]", ("STOP",)),
        ("[V1]: responda [X2]", ("STOP",)),
        ("[V1]: responda 2", ("STOP",)),
        ("[V1] [V2] [V3]", ("[V3]",)),
    ],
)
def test_a_token_lost_doubled_or_broken_is_told(said, missing):
    with pytest.raises(Damaged) as damaged:
        unmask(mask("{school}: reply STOP"), said)

    assert damaged.value.missing == missing
    assert "school" not in str(damaged.value)


def test_words_do_not_run_together_where_the_engine_took_the_space():
    masked = mask("Reply STOP to end")

    assert unmask(masked, "Responda[V1]para terminar") == "Responda STOP para terminar"
    assert unmask(masked, "回复[V1]即可停止") == "回复STOP即可停止"


def test_a_phone_does_not_take_chinese_punctuation_for_a_part_of_the_address():
    masked = mask("See https://example.org/a.")

    assert unmask(masked, "请看[V1]。") == "请看https://example.org/a 。"


def test_the_groups_of_a_phone_number_keep_their_order_among_arabic_letters():
    masked = mask("Call 617-555-0100 or 988")

    assert unmask(masked, "اتصلوا [V1] أو [V2]", right_to_left=True) == "اتصلوا \u200e617-555-0100 أو 988"


def test_digits_of_other_scripts_are_read_as_the_same_number():
    assert western("٩٨٨ ９８８ ۹۸۸ कक्षा ५") == "988 988 988 कक्षा 5"


def test_survivors_tell_texts_apart():
    text = "{school}: reply STOP to 988 or https://a.org/1"

    assert survivors(text) == survivors("https://a.org/1 988 STOP {school}")
    for worse in ("{school} STOP 98 https://a.org/1", "{escuela} STOP 988 https://a.org/1", text + "}",
                  text.replace("STOP", "ALTO"), text.replace("org/1", "org/2")):  # fmt: skip
        assert survivors(text) != survivors(worse)


PIECES = st.sampled_from(
    ["{school}", "${name}", "https://a.org/x?y=1", "988", "7:30", "$5", "STOP", "👍", "V2", "[V1]", "1.", "hola", "学校", "مدرسة",
     " ", "\n", "(", ".", "a@b.org", "12", "_", "V", "[", "٣"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=12).map("".join)


@given(TEXTS, st.sampled_from(FORMS), st.booleans())
def test_what_an_engine_leaves_alone_comes_back_letter_by_letter(text, form, small):
    masked = mask(text, form=form, small=small)

    try:
        assert unmask(masked, masked.text) == text
    except Damaged:  # letters of a token stand right beside one: refused, never mixed up
        assert any(char in text for char in "V_[")
