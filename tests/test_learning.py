"""The coder that learns from a codebook and from what people confirm (bench/coding.py says how good it is)."""

from itertools import pairwise

import numpy as np
import pytest

from analysis import codebook, coder
from analysis.codebook import Codebook, CodebookError, Theme
from analysis.coder import Reply
from analysis.learning import model as learning
from analysis.learning.blend import blended
from analysis.learning.calibration import Bar, bar, calibrate, evidence
from analysis.learning.clauses import clauses
from analysis.learning.fitting import logistic, ridge, sigmoid
from analysis.learning.model import Coded, learn
from analysis.learning.prevalence import Errors, corrected
from analysis.learning.terms import Terms
from analysis.learning.trained import Confirmed, train

THEMES = ("bus", "food", "heat", "sport")
SAID = {
    "bus": ("the bus was late", "no bus came today", "bus driver drove past us", "missed the bus again"),
    "food": ("lunch is cold", "not enough food to eat", "she was hungry all day", "the lunch ran out"),
    "heat": (
        "the classroom is freezing",
        "heating is broken again",
        "too cold in the room",
        "no heating since May",
    ),
}


def by_letters(texts, languages):
    """Stands for a language model: texts with the same letters lie close together."""
    found = np.zeros((len(texts), 64), np.float32)
    for at, text in enumerate(texts):
        for one, other in pairwise(text):
            found[at, (ord(one) * 7 + ord(other)) % 64] += 1
    return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)


def coded(*pairs, languages=None):
    truth = np.array([[theme in themes for theme in THEMES] for _, themes in pairs], np.float32)
    texts = [text for text, _ in pairs]
    return Coded(texts, languages or ["en"] * len(texts), truth.reshape(-1, len(THEMES)), texts)


LESSONS = coded(*((text, {theme}) for theme, texts in SAID.items() for text in texts))
NONE = coded()


def learned(confirmed=NONE, **more):
    return learn(by_letters, LESSONS, np.ones(len(LESSONS), bool), confirmed, **more)


def themes(model, text):
    (row,) = model.given(model.chances([text], ["en"]))
    return {theme for theme, yes in zip(THEMES, row, strict=True) if yes}


# --- the model ---


def test_a_codebook_alone_teaches_its_themes():
    model = learned()

    assert themes(model, "the bus came late") == {"bus"}
    assert themes(model, "lunch was cold food") == {"food"}


def test_a_theme_that_nothing_was_said_about_is_never_given():
    chances = learned().chances(["football practice", "the bus was late"], ["en", "en"])

    assert (chances[:, THEMES.index("sport")] == 0).all()


def test_what_people_confirm_teaches_a_theme_that_the_codebook_has_no_words_for():
    confirmed = coded(
        *((f"football practice was cancelled {at}", {"sport"}) for at in range(6)),
        *((f"bus number {at} was late", {"bus"}) for at in range(6)),
    )

    assert "sport" in themes(learned(confirmed), "football was cancelled")
    assert "sport" not in themes(learned(), "football was cancelled")


def test_a_clause_is_heard_in_a_long_reply():
    model = learned()
    long = "we are all quite happy with everything else this year, but no bus came today"

    whole_alone = model.chances([long.replace(",", "")], ["en"])[0, 0]

    assert len(clauses(long)) == 2
    assert model.chances([long], ["en"])[0, 0] > whole_alone


def test_names_of_themes_alone_are_better_than_nothing():
    names = coded(("bus", {"bus"}), ("food and lunch", {"food"}), ("heating", {"heat"}))

    model = learn(by_letters, names, np.zeros(3, bool), NONE)

    assert themes(model, "heating") == {"heat"}


def test_confirmed_replies_alone_are_enough():
    confirmed = coded(*((text, {theme}) for theme, texts in SAID.items() for text in texts))

    model = learn(by_letters, NONE, np.zeros(0, bool), confirmed)

    assert themes(model, "the bus came late") == {"bus"}


def test_the_same_lessons_give_the_same_model():
    texts, spoken = ["bus", "cold lunch in a cold room"], ["en", "en"]

    assert np.array_equal(learned().chances(texts, spoken), learned().chances(texts, spoken))


def test_replies_come_out_one_by_one_as_they_do_together():
    model = learned()
    texts = ["the bus was late, lunch ran out again", "heating", "", "no bus", "🚌"]

    together = model.chances(texts, ["en"] * 5)

    for at, text in enumerate(texts):
        assert np.allclose(model.chances([text], ["en"])[0], together[at], atol=1e-5)
    assert model.chances([], []).shape == (0, len(THEMES))
    assert ((together >= 0) & (together <= 1)).all()


def test_confirmed_replies_are_judged_by_a_model_that_has_not_seen_them():
    # Nonsense words tell nothing about others: whoever had learned them by heart would be sure of them.
    confirmed = coded(*((f"zzq{chr(97 + at)}{at}", {"sport"} if at % 2 else {"bus"}) for at in range(20)))
    model = learned(confirmed)

    held = model.held.chances[:, THEMES.index("sport")]
    known = model.chances(confirmed.texts, confirmed.languages)[:, THEMES.index("sport")]
    truth = confirmed.truth[:, THEMES.index("sport")] > 0

    assert model.held.truth.shape == (20, len(THEMES))
    assert known[truth].mean() - known[~truth].mean() > held[truth].mean() - held[~truth].mean()


def test_replies_in_the_same_words_are_judged_by_a_model_that_has_not_seen_these_words():
    nonsense = [(f"zzq{chr(97 + at)}{at}", {"sport"} if at % 2 else {"bus"}) for at in range(20)]
    once, twice = coded(*nonsense), coded(*nonsense, *((text.upper(), said) for text, said in nonsense))
    twice = Coded(twice.texts, twice.languages, twice.truth, [str(at) for at in range(40)])  # of 40 people

    def by_heart(confirmed):
        held = learned(confirmed).held.chances[:, THEMES.index("sport")]
        sport = confirmed.truth[:, THEMES.index("sport")] > 0
        return held[sport].mean() - held[~sport].mean()

    assert by_heart(twice) < by_heart(once) + 0.05


def test_what_is_held_of_replies_is_by_probabilities_and_thresholds_that_others_have_set(monkeypatch):
    settled = learning._settled
    seen = []

    def watched(evidence, *more):
        seen.append(evidence)
        return settled(evidence, *more)

    monkeypatch.setattr(learning, "_settled", watched)
    confirmed = coded(*((f"bus number {at} was late", {"bus"}) for at in range(12)))

    held = learned(confirmed).held

    everything, *others = seen
    folds = np.unique(held.folds)
    assert len(others) == len(folds) > 1
    for fold, used in zip(folds, others, strict=True):
        assert len(used) <= len(everything) - (held.folds == fold).sum()


def test_one_persons_replies_never_stand_on_both_sides():
    folds = learning._folds(["ana", "ben", "ana", "cy", "dee", "ana", "cy"], 3)

    assert folds[0] == folds[2] == folds[5]
    assert folds[3] == folds[6]
    assert set(folds.tolist()) == {0, 1, 2}


def test_replies_that_nobody_coded_are_learned_from_only_while_few_are_confirmed(monkeypatch):
    heard = [(f"the bus was late on day {at}", "en") for at in range(30)]
    confirmed = coded(*((f"bus number {at} was late", {"bus"}) for at in range(6)))
    monkeypatch.setattr(learning, "ENOUGH", 6)

    few, enough = learned(heard=heard), learned(confirmed, heard=heard)

    assert not np.array_equal(few.direction.meaning, learned().direction.meaning)
    assert np.array_equal(enough.direction.meaning, learned(confirmed).direction.meaning)


def test_more_confirmed_replies_than_memory_allows_are_drawn_from_the_same_way_each_time(monkeypatch):
    confirmed = coded(*((f"bus number {at} was late", {"bus"}) for at in range(12)))
    monkeypatch.setattr(learning, "MOST", 5)

    model = learned(confirmed)

    assert len(model.held.truth) == 5
    assert np.array_equal(model.held.chances, learned(confirmed).held.chances)


def test_of_more_than_memory_allows_people_are_drawn_with_all_that_they_said(monkeypatch):
    confirmed = coded(*((f"bus number {at} was late", {"bus"}) for at in range(12)))
    confirmed = Coded(
        confirmed.texts, confirmed.languages, confirmed.truth, [str(at % 6) for at in range(12)]
    )
    monkeypatch.setattr(learning, "MOST", 6)

    drawn = set(learned(confirmed).drawn)

    assert len(drawn) == 6
    assert all(at in drawn for at in range(12) if (at + 6) % 12 in drawn)


# --- the coder made of it ---


class ByLetters:
    """Stands for an embedder."""

    name, size = "by letters", 64

    def embed(self, texts):
        return by_letters(texts, ())


def book(*themes):
    return Codebook("few", "1", "Few", (Theme("day", None, "Day", "Day", "", "", "barrier"), *themes))


def sub(code, kind="barrier", **examples):
    return Theme(
        code,
        "day",
        code.upper(),
        "",
        "",
        "",
        kind,
        {language: (text,) for language, text in examples.items()},
    )


@pytest.mark.parametrize(
    "themes",
    [
        (sub("day.bus", en="the bus is late"),),
        (sub("day.bus"),),
        (sub("day.bus", "other", en="the bus is late"),),
        (sub("day.bus", "other"),),
        (sub("day.bus", en="the bus is late"), sub("day.food", zh="饭冷了")),
    ],
)
@pytest.mark.parametrize("confirmed", [0, 1, 3])
def test_the_smallest_codebooks_can_be_learned(themes, confirmed):
    read = [Confirmed(str(at), Reply("", "en"), (), "ana") for at in range(confirmed - 1)]
    read += [Confirmed("9", Reply("BUS", "en"), ("day.bus",), "ben")] * bool(confirmed)

    made = train(coder.learn(book(*themes), ByLetters()), read, [Reply("", "en"), Reply("x", "ar")])

    for reply in made.code([Reply("", "en"), Reply("校车晚点了", "zh-Hans"), Reply("bis la an reta", "ht")]):
        assert np.isfinite(reply.chances).all()
        assert all(type(coding.theme) is str for coding in reply.codings)
    assert made.said().shape == made.truth().shape == (confirmed, len(themes))


def test_a_codebook_without_any_theme_to_code_to_is_refused_with_the_cure():
    with pytest.raises(CodebookError, match="Add one below a top theme"):
        coder.learn(book(), ByLetters())


TWO = book(sub("day.bus", en="the bus is late"), sub("day.food", en="lunch is cold"))


def test_a_reading_with_a_theme_that_the_codebook_lacks_teaches_nothing():
    usual = coder.learn(TWO, ByLetters())
    kept = Confirmed("1", Reply("no bus", "en"), ("day.bus",), "ana")
    gone = Confirmed("2", Reply("lunch too small", "en"), ("day.lunch",), "ben")

    made = train(usual, [kept, gone])

    assert made.confirmed == (kept,)
    assert np.array_equal(
        made.learned.chances(["lunch"], ["en"]), train(usual, [kept]).learned.chances(["lunch"], ["en"])
    )


def test_the_version_changes_with_whatever_would_give_other_codes():
    usual = coder.learn(TWO, ByLetters())

    def version(text="no bus", language="en", themes=("day.bus",), person="ana", heard=()):
        return train(usual, [Confirmed("1", Reply(text, language), themes, person)], heard).version

    changed = [
        version(text="no food"),
        version(language="ht"),
        version(themes=("day.food",)),
        version(person="ben"),
        version(heard=[Reply("late", "en")]),
    ]
    assert version() == version()
    assert len({version(), *changed}) == 6


# --- its parts ---


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("The bus is late, nobody tells us. Thanks", ["The bus is late,", "nobody tells us. Thanks"]),
        ("The 7:30 bus costs 1,000 francs", []),
        ("No hay autobús por la noche; la comida se acaba temprano", 2),
        ("公交车每天都来得太晚了，我们没有钱买午饭吃。", 2),
        ("لا توجد حافلة في الصباح، الطعام لا يكفي الجميع هنا", 2),
        ("ဘတ်စ်ကား နောက်ကျတယ်။ နေ့လယ်စာ မလောက်ဘူး", 2),
        ("አውቶቡሱ ሁልጊዜ ይዘገያል። ምሳ ለሁሉም ልጆች አይበቃም", 2),
        ("बस हर दिन देर से आती है। दोपहर का खाना ठंडा है", 2),
        ("bus, food", []),
        ("", []),
    ],
)
def test_replies_are_split_where_they_may_change_the_subject(text, parts):
    found = clauses(text)

    assert len(found) == parts if isinstance(parts, int) else found == parts


def test_a_flood_has_few_clauses_and_loses_no_word():
    flood = "the bus is late. " * 500

    assert len(clauses(flood)) == 12
    assert " ".join(clauses(flood)).split() == flood.split()


def test_rare_terms_tell_more_and_rows_have_length_one_in_each_kind():
    terms = Terms.of(["the bus", "the car", "the bike", "the school"])

    row = terms.words.matrix([["the", "bus", "never heard of"]]).toarray()[0]

    assert row[terms.words.columns["bus"]] > row[terms.words.columns["the"]] > 0
    assert np.isclose(np.linalg.norm(row), 1)
    assert terms.matrix([""]).nnz == 0


@pytest.mark.parametrize("language", ["zh", "ja", "th", "km", "my"])
def test_where_no_spaces_are_written_a_long_reply_is_read_to_its_end(language):
    before = {"zh": "公交", "ja": "バス", "th": "รถ", "km": "ឡាន", "my": "ကား"}[language] * 40
    end = {"zh": "午饭冷", "ja": "給食が", "th": "อาหาร", "km": "បាយ", "my": "ထမင်း"}[language]
    terms = Terms.of([before + end, end, "the bus"] * 2)

    one, other = terms.matrix([before, before + end]).toarray()

    assert not np.array_equal(one[len(terms.words.columns) :], other[len(terms.words.columns) :])


def test_both_learners_part_what_can_be_parted():
    points = np.array([[2, 0], [1.5, 0.2], [-1, 0], [-1, 0.5], [-2, -0.3]], np.float32)
    truth = np.array([[1], [1], [0], [0], [0]], np.float32)
    alike, weight = points @ points.T, np.ones(5, np.float32)

    shares = logistic(alike, truth, weight, freedom=1.0)
    chance = sigmoid(alike @ shares + shares.sum(axis=0))
    straight, mean = ridge(alike, truth, weight, penalty=0.3)
    solved = np.linalg.solve(alike + 0.3 * np.trace(alike) / 5 * np.eye(5), truth - mean)

    assert ((chance > 0.5) == (truth > 0.5)).all()
    assert np.allclose(straight, solved, atol=1e-3)
    assert np.isclose(mean[0], 0.4)


def test_probabilities_are_as_often_right_as_they_say():
    draw = np.random.default_rng(1)
    scores = draw.normal(size=(2000, 3)).astype(np.float32)
    truth = (draw.random((2000, 3)) < sigmoid(2 * scores - 1)).astype(np.float32)
    seen = evidence(scores, scores, np.full(2000, 9, np.float32))

    chances = calibrate(seen, truth, np.ones(2000, np.float32)).chances(seen)

    for low in (0.1, 0.3, 0.5, 0.7):
        some = (chances >= low) & (chances < low + 0.2)
        assert abs(truth[some].mean() - chances[some].mean()) < 0.05


def test_the_bar_is_near_half_the_f1_that_can_be_had():
    draw = np.random.default_rng(2)
    chances = draw.beta(0.6, 2, size=(3000, 4)).astype(np.float32)
    truth = (draw.random((3000, 4)) < chances).astype(np.float32)

    found = bar(chances, truth, np.ones(3000, np.float32))

    given = found.given(chances)
    f1 = 2 * (given * truth).sum() / (given.sum() + truth.sum())
    assert np.allclose(found.themes, f1 / 2, atol=0.08)


def test_the_most_probable_theme_is_given_from_the_floor_on():
    low = Bar(np.array([0.4, 0.4], np.float32), 0.2)

    assert low.given(np.array([[0.3, 0.1], [0.15, 0.1], [0.5, 0.6]], np.float32)).tolist() == [
        [True, False],
        [False, False],
        [True, True],
    ]


# --- shares ---


def test_a_coder_that_sees_too_little_is_corrected_and_the_interval_holds_the_truth():
    draw = np.random.default_rng(3)
    inside, off = 0, []
    for _ in range(200):
        truth = (draw.random((700, 1)) < 0.3).astype(np.float32)
        chances = (0.6 * truth + 0.05).astype(np.float32)
        errors = Errors.of(chances[:200], truth[:200])
        found = corrected(chances[200:], errors)
        off.append(chances[200:].mean() - 0.3)
        inside += bool(found.low[0] <= 0.3 <= found.high[0])
    assert np.mean(off) < -0.06
    assert 185 <= inside < 200


def test_nothing_confirmed_makes_a_wide_interval():
    nothing = Errors.of(np.empty((0, 2), np.float32), np.empty((0, 2), np.float32))

    found = corrected(np.full((500, 2), 0.2, np.float32), nothing)

    assert np.allclose(found.share, 0.2)
    assert (found.high - found.low > 0.5).all()


def test_a_group_with_few_confirmed_replies_borrows_from_all():
    every = Errors.of(np.full((400, 1), 0.2, np.float32), np.full((400, 1), 0.3, np.float32))

    alone = Errors.of(np.full((2, 1), 0.2, np.float32), np.ones((2, 1), np.float32), every)
    none = Errors.of(np.empty((0, 1), np.float32), np.empty((0, 1), np.float32), every)

    assert 0.1 < alone.mean[0] < 0.2
    assert np.isclose(none.mean[0], 0.1)


# --- beside the coder that knows forms ---


def test_the_learned_coder_has_a_say_in_barriers_only_and_more_once_people_have_confirmed():
    book = codebook.load()
    usual = np.full((1, len(book.codes)), 0.2, np.float32)
    said = np.full((1, len(book.codes)), 0.8, np.float32)
    bus, nothing = book.codes.index("transport.bus_service"), book.codes.index(codebook.NO_BARRIER)

    first, later = blended(book, usual, said, 0), blended(book, usual, said, 800)

    assert np.isclose(first[0, bus], 0.5)
    assert first[0, bus] < later[0, bus] < 0.8
    assert first[0, nothing] == later[0, nothing] == np.float32(0.2)
