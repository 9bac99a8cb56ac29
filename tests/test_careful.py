"""An engine that is never trusted: masked, looked over, tried once more in small pieces, refused."""

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.translation.base import Failed, Translated
from bot.translation.careful import AS_IT_IS, Careful
from bot.translation.masking import Span, survivors
from bot.translation.plausible import implausible


class Engine:
    """Says what a function makes of each text; keeps what it was given."""

    def __init__(self, say):
        self.say = say
        self.given = []
        self.closed = False

    async def translate(self, texts, source, target):
        self.given.append(list(texts))
        said = map(self.say, texts)
        return [None if t is None else Translated(t, "machine:made-up", 0.5) for t in said]

    async def close(self):
        self.closed = True


def spanish(text):
    """Words that end in o."""
    return re.sub("[a-z]+", lambda word: f"{word[0]}o", text)


async def one(say, text, source="en", target="es", **how):
    engine = Engine(say)
    careful = Careful(engine, **how)
    (done,) = await careful.translate([text], source, target)
    return done, engine, careful


async def test_the_engine_sees_tokens_and_the_text_comes_back_whole():
    done, engine, careful = await one(spanish, "{school}: reply STOP, or see https://a.org/x")

    assert engine.given == [["[V1]: reply [V2], or see [V3]"]]
    assert done == Translated("{school}: replyo STOP, oro seeo https://a.org/x", "machine:made-up", 0.5)
    assert (careful.again, dict(careful.refused)) == (0, {})


async def test_a_question_is_put_to_the_engine_choice_by_choice_and_keeps_its_numbers():
    done, engine, _ = await one(spanish, "How do you come?\n1. By bus\n2. On foot\n10. Other\nSend one.")

    assert engine.given == [["How do you come?", "By bus", "On foot", "Other", "Send one."]]
    assert done.text == "Howo doo youo comeo?\n1. Byo buso\n2. Ono footo\n10. Othero\nSendo oneo."


async def test_spaces_that_an_engine_leaves_around_a_mask_are_one():
    done, *_ = await one(lambda text: spanish(text).replace("[V1]", " [V1] "), "Write to {school} today")
    kept, *_ = await one(spanish, "Name:  {school}")

    assert done.text == "Writeo too {school} todayo"
    assert kept.text == "Nameo:  {school}"


async def test_a_text_without_words_is_not_sent_at_all():
    done, engine, _ = await one(spanish, "{school}: 988 👍")

    assert (done, engine.given) == (Translated("{school}: 988 👍", AS_IT_IS), [])


async def test_small_numbers_go_as_grammar_and_are_hidden_only_if_they_do_not_survive():
    spelled = lambda text: spanish(text.replace("2 ", "two "))  # noqa: E731

    done, engine, careful = await one(spelled, "In the last 2 weeks")

    assert engine.given == [["In the last 2 weeks"], ["In the last _V1_ weeks"]]
    assert done.text == "Ino theo lasto 2 weekso"
    assert careful.again == 1


async def test_a_damaged_text_is_tried_once_more_sentence_by_sentence():
    first = lambda text: spanish(text if text.count(".") < 2 else text.replace("[V1]", ""))  # noqa: E731

    done, engine, careful = await one(first, "Call 988 now. Or wait. Thank you!")

    assert engine.given[1] == ["Call _V1_ now.", "Or wait.", "Thank you!"]
    assert done.text == "Callo 988 nowo. Oro waito. Thanko youo!"
    assert not careful.refused


async def test_what_is_damaged_twice_is_refused_and_counted_beside_texts_that_are_not():
    engine = Engine(lambda text: re.sub(r"\W?V\d\W?", "", spanish(text)))
    careful = Careful(engine)

    done = await careful.translate(["Call 988", "hello there", "Reply STOP"], "en", "es")

    assert [t and t.text for t in done] == [None, "helloo thereo", None]
    assert dict(careful.refused) == {"token": 2}


async def test_a_text_that_the_engine_does_not_have_is_neither_refused_nor_tried_again():
    done, engine, careful = await one(lambda text: None, "Call 988 now")

    assert (done, len(engine.given), dict(careful.refused)) == (None, 1, {})


async def test_the_same_text_is_asked_once_and_the_order_is_kept():
    engine = Engine(spanish)

    done = await Careful(engine).translate(["b b", "a a", "b b"], "en", "es")

    assert [t.text for t in done] == ["bo bo", "ao ao", "bo bo"]
    assert engine.given == [["b b", "a a"]]


async def test_an_engine_that_fails_is_not_a_text_that_is_refused():
    def fail(text):
        raise Failed("down")

    with pytest.raises(Failed, match="down"):
        await one(fail, "hello")


async def test_terms_come_in_the_glossary_s_words_and_names_stay():
    def plan(text, source, target):
        return [Span(m.start(), m.end(), "plan 504") for m in re.finditer("504 plan", text)]

    done, engine, _ = await one(
        lambda text: text.replace("asks about", "pregunta por"),
        "Rose asks about a 504 plan",
        terms=plan,
        names=["Rose"],
    )

    assert engine.given == [["[V1] asks about a [V2]"]]
    assert done.text == "Rose pregunta por a plan 504"


async def test_digits_come_back_as_they_are_written_in_messages():
    done, _, _ = await one(lambda text: "في ٢ أسبوع [V١]", "In 2 weeks {school}", target="ar")

    assert done.text == "في 2 أسبوع {school}"


@pytest.mark.parametrize(
    ("text", "said", "why"),
    [
        ("Call in 2 days", "Llame en _V1_ días 3", "number"),
        ("Hello", "Hola {nombre}", "gap"),
        ("Hello", "Hola, vea https://b.org", "link"),
        ("Write to us", "Responda STOP", "keyword"),
        ("Hello", "Hola }", "brace"),
        ("Hello", "Hola 5", "number"),
    ],
)
async def test_what_was_not_in_the_source_is_refused(text, said, why):
    done, _, careful = await one(lambda _: said, text)

    assert (done, dict(careful.refused)) == (None, {why: 1})


async def test_a_keyword_added_to_a_shout_is_seen_and_a_shouted_word_may_be_translated():
    done, _, _ = await one(lambda _: "NECESITO AYUDA", "I NEED HELP")
    refused, _, careful = await one(lambda _: "NECESITO STOP", "I NEED HELP")

    assert done.text == "NECESITO AYUDA"
    assert (refused, dict(careful.refused)) == (None, {"keyword": 1})


async def test_a_number_that_the_source_has_in_words_may_come_in_digits():
    done, _, _ = await one(lambda _: "My daughter is 8 years old", "Mi hija tiene ocho años", "es", "en")

    assert done.text == "My daughter is 8 years old"


@pytest.mark.parametrize(
    ("text", "said", "target", "why"),
    [
        ("The bus is late", "", "es", "empty"),
        ("The bus is late", "...", "es", "empty"),
        ("The bus is late again", "The bus is late again", "es", "same"),
        ("The bus is late", "el el el el autobús", "es", "loop"),
        ("The bus is late", "学校学校学校学校学校", "zh-Hans", "loop"),
        ("The bus is late", "<b>El autobús</b>", "es", "markup"),
        ("The bus is late", "El autob&uacute;s llega tarde", "es", "markup"),
        ("The bus is late and my child is cold at the stop", "Sí", "es", "length"),
        (
            "The bus",
            "El autobús llega muy tarde todos los días y no sé qué hacer con mis hijos",
            "es",
            "length",
        ),
        ("The bus is late", "The autobús is late", "ar", "script"),
        ("The bus is late", "Der Bus ist spät", "zh-Hans", "script"),
        ("校车晚点了", "校车晚了", "en", "script"),
    ],
)
def test_what_cannot_be_a_translation(text, said, target, why):
    source = "zh-Hans" if text.startswith("校") else "en"

    assert implausible(text, said, source, target) == why


@pytest.mark.parametrize(
    ("text", "said", "source", "target"),
    [
        ("Ana Pérez", "Ana Pérez", "es", "en"),
        ("We use Google Classroom", "نستخدم Google Classroom", "en", "ar"),
        ("WhatsApp", "WhatsApp", "en", "zh-Hans"),
        ("no no no no no", "nah nah nah nah nah", "es", "en"),
        (
            "校车每天都晚点，孩子在外面很冷",
            "The school bus is late every day and the child is cold outside",
            "zh-Hans",
            "en",
        ),
        ("Tardy", "En retard à l'école", "en", "fr"),
        ("The bus is late today", "The bus is late today", "en-US", "en"),
        ("x < 3 & y > 2", "x < 3 & y > 2", "en", "es"),
    ],
)
def test_what_may_well_be_one(text, said, source, target):
    assert implausible(text, said, source, target) is None


PIECES = st.sampled_from(
    ["{school}", "{first_name}", "${said}", "https://a.org/x?y=1", "a@b.org", "988", "617-555-0100", "7:30", "$5", "STOP", "HELP",
     "JOIN BUS", "👍", "2", "14", "504 plan", "the bus", "is late", "reply", "学校", "مدرسة", "\n1. Bus", "\n2. On foot", ".", ",", ":"]
)  # fmt: skip
TEXTS = st.lists(PIECES, min_size=1, max_size=12).map(" ".join)


def malicious(seed):
    """An engine that bends, breaks, loses, doubles and swaps what it is given, and adds what nobody said."""

    def say(text):
        lot = Random(f"{seed}:{text}")
        parts = re.findall(r"\W?V\d+\W?|\w+|\W", text)
        for _ in range(lot.randrange(4)):
            at = lot.randrange(len(parts) + 1)
            match lot.randrange(9):
                case 0 if at < len(parts):
                    del parts[at]
                case 1 if at < len(parts):
                    parts.insert(at, parts[at])
                case 2 if at < len(parts):
                    parts[at] = parts[at].swapcase()
                case 3 if at < len(parts):
                    parts[at] = parts[at].replace("1", "2")
                case 4 if at < len(parts):
                    parts[at] = parts[at][: lot.randrange(len(parts[at]) + 1)]
                case 5 if at < len(parts):
                    parts[at] = " ".join(parts[at])
                case 6:
                    parts.insert(
                        at, lot.choice(["STOP", "911", "{x}", "https://c.org", "[V1]", "7", "}", "_V2_"])
                    )
                case 7:
                    lot.shuffle(parts)
                case 8:
                    parts = [part.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")) for part in parts]
        return "".join(parts)

    return say


@given(TEXTS, st.integers(0, 10**6))
async def test_a_malicious_engine_never_gets_a_damaged_text_through(text, seed):
    done, _, careful = await one(malicious(seed), text, "en", "es")

    if done is None:
        assert sum(careful.refused.values()) == 1
    else:
        assert survivors(done.text) == survivors(text)
        assert not re.search(r"[\[_]\s?[Vv]|[Vv]\d", done.text)
        assert re.findall(r"(?m)^\d\. ", done.text) == re.findall(r"(?m)^\d\. ", text)


async def test_closing_closes_the_engine():
    engine = Engine(spanish)

    await Careful(engine).close()

    assert engine.closed
