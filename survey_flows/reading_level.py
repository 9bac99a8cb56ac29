"""How hard a text is to read: the Flesch-Kincaid grade for English, the length of sentences for every language.

Kincaid and others 1975: 0.39 words per sentence + 11.8 syllables per word - 15.59 is the US school grade. It was made
for passages of 100 words; on one short line it is shaky, so read such a line aloud rather than trust the figure.
Syllables are estimated from the letters; counted against dictionaries such estimates are off by a few percent.
For other languages we know no formula that has been shown to hold for them all: there, sentences are counted.
"""

from __future__ import annotations

import re

from .folding import runs_on

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE = re.compile(r"[.!?。！？؟۔।:\n]+")
_VOWELS = re.compile(r"[aeiouy]+")
_ENDINGS = re.compile(r"(?:[^laeiouysxzcgh]es|[^laeiouytd]ed|[^laeiouy]e)$")  # letters that are not heard
_APART = re.compile(r"ia(?!l|n)|io(?!n|us)|(?<![ctx])ious|(?<![tc])ien[ct]|eo|ual|[oeuy]ing|oyee|iet|creat")
_KNOWN = {"every": 2, "everyone": 3, "area": 3, "idea": 3, "ideas": 3, "people": 2, "business": 2, "different": 3,
          "family": 3, "families": 3, "evening": 2, "school": 1, "schools": 1, "something": 2, "sometimes": 2,
          "someone": 2, "somebody": 3, "somewhere": 2, "homework": 2, "usually": 4, "science": 2, "quiet": 2,
          "friends": 1, "anyone": 3, "somewhat": 2, "reply": 2, "does": 1, "goes": 1, "clothes": 1, "safety": 2, "safely": 2, "caregiver": 3, "caregivers": 3}  # fmt: skip


def syllables(word: str) -> int:
    """About how many syllables an English word has, one at least.

    >>> [syllables(word) for word in ("bus", "late", "hardly", "transportation", "missed", "little")]
    [1, 1, 2, 4, 1, 2]
    """
    plain = word.casefold().replace("’", "'").removesuffix("'s").replace("'", "")
    if plain in _KNOWN:
        return _KNOWN[plain]
    base = _ENDINGS.sub(lambda end: end[0][0], plain) if len(plain) > 3 else plain
    count = len(_VOWELS.findall(base)) + len(_APART.findall(plain))
    return max(count, 1)


def grade(text: str) -> float:
    """The US school grade from which an English text can be read; 0 for a text without words.

    >>> grade("Was it hard to get to school?") < 3 < 12 < grade("Institutional transportation accommodations deteriorated.")
    True
    """
    words, sentences = _words(text), _sentences(text)
    if not words or not sentences:
        return 0.0
    spoken = sum(map(syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * spoken / len(words) - 15.59


def sentence_length(text: str) -> float:
    """Words per sentence, in any language; of a script without spaces, every two characters count as a word.

    >>> sentence_length("Hola. ¿Cómo está usted hoy?"), sentence_length("您的孩子今天怎么来上学？")
    (2.5, 5.5)
    """
    sentences = _sentences(text)
    if not sentences:
        return 0.0
    words = [word for sentence in sentences for word in _WORD.findall(sentence)]
    return sum(len(word) / 2 if runs_on(word) else 1 for word in words) / len(sentences)


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _sentences(text: str) -> list[str]:
    return [part for part in _SENTENCE.split(text) if _WORD.search(part)]
