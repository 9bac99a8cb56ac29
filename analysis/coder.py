"""Codes replies to a codebook's themes, on the words as they came, and says why.

A multilingual sentence vector says what a reply means; a softmax regression, learned from the codebook alone, says
which themes that is; cue words found in the reply push gently and explain. See docs/coding.md for how good it is.
What people have confirmed teaches another coder, which builds on this one: learning/trained.py.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np

from . import cues, sentiment
from .aid import Aid
from .aid import digest as aid_digest
from .codebook import NO_BARRIER, UNCLEAR, Codebook, CodebookError, Theme
from .embed import Embedder, Lately, Remembered
from .forms import Asked, by_form
from .learning import clauses
from .sentiment import Sentiment
from .space import Floats, Softmax, Space, fit

CODE_VERSION = "2"
"""Raised by hand whenever the same codebook and embedder would give other codes."""

# Chosen by cross-validation on the codebook's own examples (bench/coder.py --tune); SHARPNESS, PART and forms.FORMS with the
# scores on the demo's replies in view.
PENALTY = 1e-4
SHARPNESS = 1.6
"""Logits are multiplied by this: the regression alone is too unsure of itself."""
THRESHOLD = 0.25
TOP_THRESHOLD = 0.35
"""When a top theme is this probable its best sub-theme is given, even where the sub-themes share the probability."""
FLOOR = 0.15
"""Below this no code is given but x.unclear: a person must read it."""
PUSH = 0.7
"""What a cue word found adds to its theme's logit (two at most count). Not tuned: the cues and the examples have the
same authors, so cross-validation would flatter them."""
PART = 0.85
"""What a single sentence of a reply counts for, beside the whole."""
MOST = 4
LONGEST = 2000
"""Letters of a reply that are read. Nobody says more about one question, but a bot's flood costs seconds each."""
KEPT = 5000
"""Different replies whose codes are kept at hand: many people say the same short thing."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One open answer: the original words, their language (BCP 47) and, where known, what kind of thing was asked."""

    text: str
    language: str
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Coding:
    """One theme of a reply. ``cues`` are the codebook's cue words found in it; ``nearest`` is the theme's example
    that means most nearly the same; ``confirmed`` are the ids of the nearest replies that people gave the theme: the
    evidence a person checks.
    """

    theme: str
    probability: float
    cues: tuple[str, ...] = ()
    nearest: str = ""
    confirmed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coded:
    """What a reply says: its codings, the most probable first, its tone, and ``chances``: how probable each code of the
    codebook is, in its order. No coding at all is given only by a codebook that has no codes for "nothing" and "unclear".
    """

    codings: tuple[Coding, ...]
    sentiment: Sentiment
    sentiment_score: float
    chances: Floats = field(repr=False, compare=False)


@dataclass(frozen=True, eq=False)
class Coder:
    """Knows a codebook. Made by learn(); the same replies always get the same codes."""

    codebook: Codebook
    embedder: Embedder
    version: str
    """Changes with the codebook, the embedder, this code and all that was learned: store it beside each coding."""
    aid: Aid
    space: Space
    model: Softmax
    tone: Softmax
    examples: tuple[str, ...]
    places: Floats
    labels: tuple[str, ...]
    _met: dict[Reply, Coded] = field(default_factory=dict, repr=False)

    def code(self, replies: Sequence[Reply]) -> list[Coded]:
        """The codings of each reply, in order. Equal replies are read once."""
        tidy = [replace(reply, text=_tidy(reply.text)) for reply in replies]
        coded = {reply: known for reply in tidy if (known := self._met.get(reply)) is not None}
        new = [reply for reply in dict.fromkeys(tidy) if reply not in coded]
        coded.update(zip(new, self._code(new), strict=True))
        self._met.update((reply, coded[reply]) for reply in new)
        while len(self._met) > KEPT:
            self._met.pop(next(iter(self._met)), None)
        return [coded[reply] for reply in tidy]

    def probabilities(self, replies: Sequence[Reply]) -> Floats:
        """Shape (replies, codes of the codebook): how probable it is that a careful person would give the code."""
        return self._read(replies, self.place(replies))

    def given(self, chances: Floats) -> list[list[str]]:
        """The codes to give to each reply, the most probable first, from probabilities()."""
        return [choose(self.codebook, row) for row in chances]

    def _code(self, replies: Sequence[Reply]) -> Iterator[Coded]:
        codes = self.codebook.codes
        for at in range(0, len(replies), 256):
            some = replies[at : at + 256]
            places = self.place(some)
            chances = self._read(some, places)
            tones = sentiment.read(self.tone, places)
            rows = zip(some, places, chances, self.given(chances), tones, strict=True)
            for reply, place, chance, given, (tone, score) in rows:
                if not _says_something(reply.text):
                    yield self._nothing()
                    continue
                cue = cues.find(self.codebook, reply.text, reply.language)
                codings = tuple(
                    Coding(
                        code,
                        float(chance[codes.index(code)]),
                        cue.get(code, ()),
                        self._nearest(code, place),
                        self._confirmed(code, place),
                    )
                    for code in given
                )
                yield Coded(codings, tone, score, chance)

    def _nothing(self) -> Coded:
        """Of a reply that has nothing to read."""
        chances = np.zeros(len(self.codebook.codes), np.float32)
        if UNCLEAR not in self.codebook:
            return Coded((), "neutral", 0.0, chances)
        chances[self.codebook.codes.index(UNCLEAR)] = 1
        return Coded((Coding(UNCLEAR, 1.0),), "neutral", 0.0, chances)

    def place(self, replies: Sequence[Reply]) -> Floats:
        """Where replies lie in the space of meaning that languages share: shape (replies, size)."""
        vectors = self.embedder.embed(
            [self.aid.help(reply.text[:LONGEST], reply.language) for reply in replies]
        )
        return self.space.place(vectors, [reply.language for reply in replies])

    def _confirmed(self, code: str, place: Floats) -> tuple[str, ...]:
        """The nearest replies that people gave the code: this coder knows of none."""
        return ()

    def _read(self, replies: Sequence[Reply], places: Floats) -> Floats:
        """Each reply whole; and a long one sentence by sentence too, since its sentences may name other barriers."""
        chances = self._weigh(replies, places)
        parts = [(at, part) for at, reply in enumerate(replies) for part in _sentences(reply)]
        barriers = [
            at for at, code in enumerate(self.codebook.codes) if self.codebook[code].kind == "barrier"
        ]
        said = [part for _, part in parts]
        for (at, _), chance in zip(parts, self._weigh(said, self.place(said)), strict=True):
            chances[at, barriers] = np.maximum(chances[at, barriers], PART * chance[barriers])
        return chances

    def _weigh(self, replies: Sequence[Reply], places: Floats) -> Floats:
        codes = self.codebook.codes
        if not len(replies):
            return np.empty((0, len(codes)), np.float32)
        logits = self.model.logits(places) * SHARPNESS
        for row, reply in zip(logits, replies, strict=True):
            for theme, words in cues.find(self.codebook, reply.text, reply.language).items():
                row[codes.index(theme)] += PUSH * min(len(words), 2)
        return by_form(self.codebook, logits, [reply.asked for reply in replies])

    def _nearest(self, code: str, place: Floats) -> str:
        own = [at for at, label in enumerate(self.labels) if label == code]
        return self.examples[own[int((self.places[own] @ place).argmax())]] if own else ""


def learn(
    codebook: Codebook,
    embedder: Embedder,
    *,
    folder: Path | str | None = None,
) -> Coder:
    """A coder for ``codebook``, made in about 2 seconds once the vectors are there.

    The bundled codebook's vectors are shipped; those of another are computed (about 50 texts a second) and, with a
    ``folder``, kept there for the next start. Raises CodebookError for one without any theme to code to.
    """
    lessons = list(lessons_of(codebook))
    if not lessons:
        raise CodebookError(
            codebook.id, None, "there is no theme that replies can be coded to", "Add one below a top theme."
        )
    remembered = Remembered(embedder, folder)
    aid = aid_of(codebook)
    helped = [aid.help(text, language) for text, language, *_ in lessons]
    vectors = remembered.embed(helped)
    spoken = [language for _, language, _, _ in lessons]
    is_example = np.array([kind == "example" for *_, kind in lessons])
    examples = [lesson for lesson in lessons if lesson[3] == "example"]
    # A codebook without any example has its definitions only.
    middle = is_example if is_example.any() else np.ones(len(lessons), np.bool_)
    space = Space.of(vectors[middle], [spoken[at] for at in np.flatnonzero(middle)])
    # Lists of cues stand apart from sentences in every language, so they have a middle of their own.
    places = space.place(vectors, spoken)
    is_cues = np.array([kind == "cues" for *_, kind in lessons])
    if is_cues.any():
        cue_languages = [language for language, listed in zip(spoken, is_cues, strict=True) if listed]
        places[is_cues] = replace(Space.of(vectors[is_cues], cue_languages), scale=space.scale).place(
            vectors[is_cues], cue_languages
        )
    labels = [codebook.codes.index(code) for _, _, code, _ in lessons]
    model = fit(places, labels, len(codebook.codes), penalty=PENALTY)
    return Coder(
        codebook=codebook,
        embedder=Lately(embedder, helped, vectors),
        version=_version(codebook, embedder),
        aid=aid,
        space=space,
        model=model,
        tone=sentiment.learn(remembered, space, aid),
        examples=tuple(text for text, *_ in examples),
        places=places[is_example],
        labels=tuple(code for _, _, code, _ in examples),
    )


def aid_of(codebook: Codebook) -> Aid:
    """Help for the model's reading, with accents learned from the codebook's own texts."""
    texts: dict[str, list[str]] = {}
    for theme in codebook:
        for phrases in (theme.examples, theme.cues):
            for language, written in phrases.items():
                texts.setdefault(language, []).extend(written)
    return Aid(texts)


Lesson = tuple[str, str, str, Literal["example", "meaning", "cues"]]


def lessons_of(codebook: Codebook) -> Iterator[Lesson]:
    """All that a codebook teaches: (text, language, code, what it is).

    Besides the examples: what a barrier, or a theme without examples, means and includes (in the codebook's own English),
    and its cues, each language's in one line. Measured on held-out examples, each adds two points.
    """
    for theme in codebook:
        for language, texts in theme.examples.items():
            for text in texts:
                yield text, language, theme.id, "example"
        if theme.parent is None:
            continue
        if theme.kind == "barrier" or not theme.examples:
            for text in (theme.label, theme.definition, *_pieces(theme)):
                yield text, "en", theme.id, "meaning"
        for language, words in theme.cues.items():
            if words:
                yield ", ".join(words), language, theme.id, "cues"


def choose(codebook: Codebook, chances: Floats, bars: Mapping[str, float] | None = None) -> list[str]:
    """The codes to give, most probable first, from one row of probabilities: never none where there is a code for
    unclear ones, never contradictory. ``bars`` are the thresholds that people's readings have set."""
    bars = bars or {}
    chance = dict(sorted(zip(codebook.codes, chances.tolist(), strict=True), key=lambda pair: -pair[1]))
    first = next(iter(chance))
    if first == UNCLEAR or chance[first] < FLOOR:
        return [UNCLEAR] if UNCLEAR in codebook else []
    by_top: dict[str, float] = {}
    best: dict[str, str] = {}
    for code in chance:
        top = codebook.top(code)
        by_top[top] = by_top.get(top, 0.0) + chance[code]
        best.setdefault(top, code)
    chosen = [first]
    for code in chance:
        top = codebook.top(code)
        likely = chance[code] >= bars.get(code, THRESHOLD) or (
            by_top[top] >= TOP_THRESHOLD and best[top] == code
        )
        if likely and code not in (first, UNCLEAR) and not _contradicts(codebook, code, chosen):
            chosen.append(code)
    return chosen[:MOST]


def _contradicts(codebook: Codebook, code: str, chosen: Sequence[str]) -> bool:
    """Nothing is hard, or something is: whichever is the more probable."""
    if code == NO_BARRIER:
        return any(codebook[other].kind == "barrier" for other in chosen)
    return codebook[code].kind == "barrier" and NO_BARRIER in chosen


def _pieces(theme: Theme) -> list[str]:
    return [piece.strip() for piece in re.split(r"[,.;]", theme.include) if piece.strip()]


def _tidy(text: str) -> str:
    return " ".join(text.split())


_SENTENCE = re.compile(r"(?<=[.!?…。！？؟۔\n;؛；।॥።፤፧။។៕])\s*")


def _sentences(reply: Reply) -> list[Reply]:
    """The sentences of a reply that has several, those of three words or more."""
    parts = [part for part in _SENTENCE.split(reply.text[:LONGEST]) if clauses.words(part) >= 3]
    return [replace(reply, text=part) for part in parts] if len(parts) > 1 else []


def _says_something(text: str) -> bool:
    """Whether there is anything to read: a letter or an emoji, not digits and punctuation alone."""
    return any(letter.isalpha() or ord(letter) > 0x2190 for letter in text)


def _version(codebook: Codebook, embedder: Embedder) -> str:
    learned = [CODE_VERSION, codebook.id, codebook.digest, aid_digest(), sentiment.digest(), embedder.name]
    return hashlib.sha256("\n".join(learned).encode()).hexdigest()[:12]
