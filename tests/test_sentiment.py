from functools import cache

import numpy as np
import pytest

from analysis import codebook, sentiment
from analysis.coder import aid_of
from analysis.embed import Remembered, best
from analysis.space import Space

LANGUAGES = {"en", "es", "ht", "pt", "vi", "zh-Hans", "ar", "fr"}


@cache
def tools():
    embedder, aid = Remembered(best()), aid_of(codebook.load())
    examples = [
        (text, lang) for theme in codebook.load() for lang, texts in theme.examples.items() for text in texts
    ]
    vectors = embedder.embed([aid.help(text, lang) for text, lang in examples])
    space = Space.of(vectors, [lang for _, lang in examples])
    return embedder, space, sentiment.learn(embedder, space, aid), aid


def tones(*texts, language="en"):
    embedder, space, model, aid = tools()
    vectors = embedder.embed([aid.help(text, language) for text in texts])
    return sentiment.read(model, space.place(vectors, [language] * len(texts)))


HEARD = [
    # language, negative, neutral, positive
    ("en", "the driver skips us and nobody cares", "what day is the meeting", "we love this school, thank you"),
    ("es", "el chofer no se para y a nadie le importa", "qué día es la reunión", "nos encanta la escuela, gracias"),
    ("ht", "chofè a pa kanpe epi sa pa fè pèsòn anyen", "ki jou reyinyon an ye", "nou renmen lekòl la anpil, mèsi"),
    ("pt", "o motorista não para e ninguém liga", "que dia é a reunião", "adoramos a escola, obrigada"),
    ("vi", "tài xế không dừng mà chẳng ai quan tâm", "họp ngày nào vậy", "gia đình rất thích trường, cảm ơn"),
    ("zh-Hans", "司机不停车，没人管", "家长会是哪天", "我们很喜欢这所学校，谢谢"),
    ("ar", "السائق لا يقف ولا أحد يهتم", "في أي يوم الاجتماع", "نحب المدرسة كثيرا، شكرا"),
    ("fr", "le chauffeur ne s'arrête pas et tout le monde s'en fiche", "c'est quel jour la réunion", "on adore l'école, merci"),
]  # fmt: skip


def test_the_tone_is_heard_in_the_reply_s_own_language():
    right = {language: [tone for tone, _ in tones(*texts, language=language)] for language, *texts in HEARD}

    assert all(sum(map(str.__eq__, heard, sentiment.TONES)) >= 2 for heard in right.values()), right
    assert sum(heard == list(sentiment.TONES) for heard in right.values()) >= len(HEARD) - 1, right


def test_trouble_told_plainly_is_negative_where_a_word_list_hears_nothing():
    told = "My daughter is being bullied"

    assert tones(told)[0][0] == "negative"
    assert sentiment.polarity(told) == 0.0


def test_polarity_is_textblob_s():
    assert sentiment.polarity("This is a terrible bus") == -1.0
    assert sentiment.polarity("I love it") == pytest.approx(0.5)


def test_scores_lie_between_surely_negative_and_surely_positive():
    scores = [score for _, score in tones("awful", "ok", "wonderful", "no", "thank you so much")]

    assert all(-1 <= score <= 1 for score in scores)
    assert scores[0] < scores[2]


def test_nothing_read_gives_nothing():
    embedder, space, model, _ = tools()

    assert sentiment.read(model, space.place(embedder.embed([]), [])) == []


def test_the_seeds_teach_every_tone_in_every_language_and_no_text_twice():
    seeds = list(sentiment.seeds_of())

    for tone in sentiment.TONES:
        assert {language for _, language, said in seeds if said == tone} == LANGUAGES
    assert len({text for text, *_ in seeds}) == len(seeds) > 150


def test_seeds_left_out_of_the_lesson_are_heard_right_most_of_the_time():
    embedder, space, _, aid = tools()
    seeds = list(sentiment.seeds_of())
    vectors = embedder.embed([aid.help(text, language) for text, language, _ in seeds])
    places = space.place(vectors, [language for _, language, _ in seeds])
    truth = np.array([sentiment.TONES.index(tone) for *_, tone in seeds])

    right = 0
    for fold in range(5):
        held = np.arange(len(seeds)) % 5 == fold
        model = sentiment.fit(places[~held], truth[~held], 3, penalty=sentiment.PENALTY)
        right += sum(
            tone == sentiment.TONES[known]
            for (tone, _), known in zip(sentiment.read(model, places[held]), truth[held], strict=True)
        )

    assert right / len(seeds) > 0.75
