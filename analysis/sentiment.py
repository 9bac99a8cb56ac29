"""The tone of a reply: negative, neutral or positive; and TextBlob's view of its English as a second opinion."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from .aid import Aid
from .embed import Embedder
from .space import Floats, Softmax, Space, fit, softmax

Sentiment = Literal["negative", "neutral", "positive"]
TONES: tuple[Sentiment, ...] = get_args(Sentiment)
SEEDS = Path(__file__).with_name("sentiment.yaml")
PENALTY = 1e-3


def learn(embedder: Embedder, space: Space, aid: Aid) -> Softmax:
    """A model of tone, learned from our seed sentences in the space that replies are placed in."""
    seeds = list(seeds_of())
    vectors = embedder.embed([aid.help(text, language) for text, language, _ in seeds])
    places = space.place(vectors, [language for _, language, _ in seeds])
    return fit(places, [TONES.index(tone) for *_, tone in seeds], len(TONES), penalty=PENALTY)


def read(model: Softmax, places: Floats) -> list[tuple[Sentiment, float]]:
    """The tone of each placed reply, and how it leans: from -1 (surely negative) to 1 (surely positive)."""
    if not len(places):
        return []
    chances = softmax(model.logits(places))
    lean = chances[:, TONES.index("positive")] - chances[:, TONES.index("negative")]
    return [(TONES[int(at)], float(score)) for at, score in zip(chances.argmax(axis=1), lean, strict=True)]


def seeds_of(path: Path = SEEDS) -> Iterator[tuple[str, str, Sentiment]]:
    """The seed sentences: (text, language, tone)."""
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    for tone in TONES:
        for language, texts in written[tone].items():
            for text in texts:
                yield str(text), str(language), tone


def digest() -> str:
    """Changes when a seed sentence does."""
    return hashlib.sha256(SEEDS.read_bytes()).hexdigest()[:12]


def polarity(english: str) -> float:
    """TextBlob's polarity of an English text, from -1 to 1. Show it as a second opinion, never as a finding.

    It looks words up in an English list, so it hears "terrible" and "love" but not trouble told plainly ("the bus
    never came" is 0), and says nothing of text that is not English.
    """
    return float(_textblob()(english).sentiment.polarity)


@cache
def _textblob() -> Any:
    # Costs 50 MB and most of a second, and most runs never ask.
    from textblob import TextBlob

    return TextBlob
