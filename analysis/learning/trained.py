"""The coder in use once people have confirmed replies: what a codebook says and what people taught, as one.

It builds on the coder that knows a codebook alone (coder.py): the same space of meaning, cues and tone, and, where the
codebook has codes for the forms of a reply (``x.…``), its probabilities, blended with the learned ones. How good it is:
docs/coding-research.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..codebook import NO_BARRIER, UNCLEAR, Codebook
from ..coder import LONGEST, Coder, Reply, choose, lessons_of
from .blend import blended
from .calibration import bar
from .model import Coded, Held, Model, learn

Bools = NDArray[np.bool_]
Floats = NDArray[np.float32]

VERSION = "2"
"""Raised by hand whenever the same lessons would give other codes."""
SETTLED = 50
"""Confirmed replies from which on they set the thresholds of a codebook that has codes for forms."""
NEAREST = 3
"""How many confirmed replies are named as evidence."""
ALIKE = 0.5
"""How alike in meaning (cosine) a confirmed reply has to be to be named."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A reply as people have read it. ``id`` is named in evidence; a ``person``'s replies are learned from together;
    ``by_lot``: not read because the coder was unsure of it."""

    id: str
    reply: Reply
    themes: tuple[str, ...]
    person: str
    by_lot: bool = True


@dataclass(frozen=True, eq=False)
class Trained(Coder):
    """Made by train(). ``held`` is what it said of each confirmed reply while it had not seen it, shape (confirmed, codes);
    ``judged`` what it would have given it then, by thresholds that others' replies had set.
    """

    learned: Model = field(repr=False, kw_only=True)
    confirmed: tuple[Confirmed, ...] = field(repr=False, kw_only=True)
    held: Floats = field(repr=False, kw_only=True)
    judged: Bools = field(repr=False, kw_only=True)
    bars: dict[str, float] = field(default_factory=dict, repr=False, kw_only=True)
    spots: Floats = field(repr=False, kw_only=True)

    def given(self, chances: Floats) -> list[list[str]]:
        """See Coder."""
        if has_forms(self.codebook):
            return [choose(self.codebook, row, self.bars) for row in chances]
        codes = self.codebook.codes
        return [
            [codes[at] for at in np.argsort(-row, kind="stable").tolist() if given[at]]
            for row, given in zip(chances, self.learned.given(chances), strict=True)
        ]

    def _read(self, replies: Sequence[Reply], places: Floats) -> Floats:
        said = [reply.text[:LONGEST] for reply in replies]
        learned = self.learned.chances(said, [reply.language for reply in replies])
        if not has_forms(self.codebook):
            return learned
        return blended(self.codebook, super()._read(replies, places), learned, len(self.confirmed))

    def _confirmed(self, code: str, place: Floats) -> tuple[str, ...]:
        own = [at for at, reply in enumerate(self.confirmed) if code in reply.themes]
        if not own:
            return ()
        near = self.spots[own] @ (place / max(float(np.linalg.norm(place)), 1e-9))
        best = np.argsort(-near, kind="stable")[:NEAREST]
        return tuple(self.confirmed[own[at]].id for at in best.tolist() if near[at] >= ALIKE)

    def truth(self) -> Bools:
        """What people gave the confirmed replies: shape (confirmed, codes)."""
        return _truth(self.codebook, self.confirmed) > 0.5

    def said(self) -> Bools:
        """What this coder would have given them, not having seen them: shape (confirmed, codes)."""
        return self.judged

    def before(self) -> dict[str, frozenset[str]]:
        """The same, by the id of each confirmed reply."""
        codes = np.array(self.codebook.codes, object)
        return {one.id: frozenset(codes[row]) for one, row in zip(self.confirmed, self.judged, strict=True)}


def has_forms(codebook: Codebook) -> bool:
    """Whether the codebook has codes for replies that name nothing hard, or cannot be read."""
    return NO_BARRIER in codebook and UNCLEAR in codebook


def train(usual: Coder, confirmed: Sequence[Confirmed], heard: Sequence[Reply] = ()) -> Trained:
    """A coder for ``usual``'s codebook that has learned from ``confirmed`` replies too: seconds to a minute.

    ``heard`` are replies that nobody has read (see learn()). Confirmed replies with a theme that the codebook does not
    have teach nothing: what they name of its themes is not known.
    """
    book = usual.codebook
    lessons = [lesson for lesson in lessons_of(book) if lesson[3] != "cues"]
    codes = {code: at for at, code in enumerate(book.codes)}
    eye = np.eye(len(codes), dtype=np.float32)
    confirmed = sorted((one for one in confirmed if codes.keys() >= set(one.themes)), key=lambda one: one.id)
    truth = _truth(book, confirmed)

    def place(texts: Sequence[str], languages: Sequence[str]) -> Floats:
        return usual.place([Reply(text, spoken) for text, spoken in zip(texts, languages, strict=True)])

    model = learn(
        place,
        Coded(
            [lesson[0] for lesson in lessons],
            [lesson[1] for lesson in lessons],
            eye[[codes[lesson[2]] for lesson in lessons]],
            ["" for _ in lessons],
        ),
        np.array([lesson[3] == "example" for lesson in lessons], np.bool_),
        Coded(
            [one.reply.text[:LONGEST] for one in confirmed],
            [one.reply.language for one in confirmed],
            truth,
            [one.person for one in confirmed],
        ),
        heard=[(reply.text[:LONGEST], reply.language) for reply in heard],
    )
    # A draw of them, where there are very many: what is kept here is of the same ones.
    kept = [confirmed[at] for at in model.drawn] if len(confirmed) else []
    held, judged, bars = model.held.chances, model.held.given, dict[str, float]()
    if has_forms(book) and kept:
        held = blended(book, usual.probabilities([one.reply for one in kept]), held, len(kept))
        judged = _judged(book, held, model.held)
        bars = _bars(book, held, model.held.truth) if len(kept) >= SETTLED else {}
    places = usual.place([one.reply for one in kept])
    length = np.maximum(np.linalg.norm(places, axis=1, keepdims=True), 1e-9)
    base: dict[str, Any] = {part.name: getattr(usual, part.name) for part in fields(Coder)}
    return Trained(
        **base | {"version": _version(usual, kept, heard), "_met": {}},
        learned=model,
        confirmed=tuple(kept),
        held=held.astype(np.float32),
        judged=judged,
        bars=bars,
        spots=(places / length).astype(np.float32),
    )


def _bars(book: Codebook, chances: Floats, truth: Floats) -> dict[str, float]:
    """The thresholds that these replies set."""
    own = bar(chances, truth, np.ones(len(chances), np.float32))
    return dict(zip(book.codes, own.themes.tolist(), strict=True))


def _judged(book: Codebook, chances: Floats, held: Held) -> Bools:
    """The codes given to each held-out reply, by thresholds that the other folds have set: shape (replies, codes)."""
    given = np.zeros(chances.shape, np.bool_)
    for fold in np.unique(held.folds):
        others = held.folds != fold
        bars = _bars(book, chances[others], held.truth[others]) if len(chances) >= SETTLED else {}
        for at in np.flatnonzero(~others).tolist():
            given[at, [book.codes.index(code) for code in choose(book, chances[at], bars)]] = True
    return given


def _truth(book: Codebook, confirmed: Sequence[Confirmed]) -> Floats:
    codes = {code: at for at, code in enumerate(book.codes)}
    truth = np.zeros((len(confirmed), len(codes)), np.float32)
    for row, one in zip(truth, confirmed, strict=True):
        row[[codes[theme] for theme in one.themes if theme in codes]] = 1
    return truth


def _version(usual: Coder, confirmed: Sequence[Confirmed], heard: Sequence[Reply]) -> str:
    """Changes with all that was learned from: who said what, and what it was read as."""
    seen = hashlib.sha256(f"{VERSION}\n{usual.version}".encode())
    read = [(one.id, one.person, one.reply, sorted(one.themes)) for one in confirmed]
    unread = sorted({(reply.text, reply.language) for reply in heard})
    for told in (*read, *unread):
        seen.update(repr(told).encode("utf-8", "replace"))
    return seen.hexdigest()[:12]
