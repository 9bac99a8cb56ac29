"""What a figure of agreement allows, in words: Krippendorff's rule of .80 and .67 (Content Analysis, 4th ed. 2019, ch. 12)."""

from __future__ import annotations

from typing import Literal, NamedTuple

from .measuring import ENOUGH, Figure

RELIABLE, TENTATIVE = 0.80, 0.67
Word = Literal["reliable", "tentative", "not reliable", "cannot tell"]
ADVICE: dict[Word, str] = {
    "reliable": "people read it alike: its shares may be reported",
    "tentative": "people read it nearly alike: report its shares as tentative, and say so",
    "not reliable": "people read it differently: sharpen its definition and read again before its shares are reported",
    "cannot tell": "too little differs, or too little was read twice, to say",
}


class Verdict(NamedTuple):
    """One word, what to do, and what stands in doubt (empty: nothing)."""

    word: Word
    advice: str
    doubt: str = ""


def judge(figure: Figure | None, answers: int) -> Verdict:
    """The verdict on an alpha or kappa of so many answers that two people have read.

    >>> judge(Figure(0.84, 0.71, 0.93), 60).word
    'reliable'
    >>> judge(Figure(0.84, 0.71, 0.93), 60).doubt
    'with 60 answers it could as well be tentative'
    """
    if figure is None:
        return Verdict("cannot tell", ADVICE["cannot tell"])
    word = _word(figure.value)
    worst = _word(figure.low)
    if answers < ENOUGH:
        doubt = f"only {answers} answers were read twice; {ENOUGH} are the least"
    elif worst != word:
        doubt = f"with {answers} answers it could as well be {worst}"
    else:
        doubt = ""
    return Verdict(word, ADVICE[word], doubt)


def _word(value: float) -> Word:
    return "reliable" if value >= RELIABLE else "tentative" if value >= TENTATIVE else "not reliable"
