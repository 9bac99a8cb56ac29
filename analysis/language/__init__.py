"""Which language a reply is in: script first, then words and letters, and the person's declared language in doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

from .cleaning import clean, pieces
from .mixing import others
from .scripts import base, chinese, main_script, scripts_of, written_in
from .weighing import MARGIN, TYPED, tellable, telling, weigh

__all__ = ["CERTAIN", "MARGIN", "UNKNOWN", "Identified", "clean", "identify", "tellable"]

UNKNOWN = "und"
"""BCP 47's *undetermined*: nothing can be told from the text and no language was declared."""

CERTAIN = 1000.0
"""The score where the script alone decides: more than words ever give."""
CERTAINTY = 0.999
"""The probability where the script alone decides."""
GUESS = 0.5
"""The probability where there was nothing to choose by."""
SHARPNESS = 1.6
"""What a point of evidence is worth in the logarithm of the odds: fitted to half of the made-up replies (bench/languages.py)."""
_LETTERS = 2
_TYPED = frozenset(TYPED)


@dataclass(frozen=True, slots=True)
class Identified:
    """``language`` is one of those asked for (or *und*). ``score`` is how far it leads, in points of evidence (CERTAIN when
    the script alone decides, 0 when nothing could be told); ``sure`` is whether the text itself settles it.

    ``probability`` (0 to 1) is the chance that it is right, declared language and all; 0 when the text says nothing.
    ``also`` are other languages of those asked for that are clearly present: people mix them.
    """

    language: str
    score: float
    sure: bool
    probability: float = 0.0
    also: tuple[str, ...] = ()


def identify(text: str, among: Sequence[str], declared: str | None = None) -> Identified:
    """The language of ``text``, out of ``among`` (BCP 47) and the declared one.

    The declared language stands unless the text speaks clearly against it: one-word replies and emoji cannot be
    identified by any detector, and a person's own statement is the better evidence.
    """
    among = tuple(dict.fromkeys((*among, declared) if declared else among))
    kept = Identified(declared or UNKNOWN, 0.0, sure=False)
    words = clean(text)
    if not among or not words:
        return kept
    scripts = scripts_of(words)
    script = main_script(scripts)
    if scripts[script] < _LETTERS and script == "Latin":
        return kept
    possible = written_in(script, among, _TYPED)
    if not possible:
        return kept
    said = pieces(text)
    if len({base(language) for language in possible}) == 1:
        return _by_script(said, words, script, possible, among, declared)
    evidence = weigh(said, words, script, possible, declared)
    if not evidence or (declared in possible and declared not in evidence):
        return kept
    return _decided(said, words, script, evidence, among, declared)


def _by_script(
    said: Sequence[str],
    words: str,
    script: str,
    possible: tuple[str, ...],
    among: tuple[str, ...],
    declared: str | None,
) -> Identified:
    """The one language that is written so. Latin proves nothing: what we did not ask for is written in it too."""
    if script == "Latin":
        return Identified(_way(words, possible, declared, script), 0.0, sure=False, probability=GUESS)
    language = _way(words, possible, declared, script)
    told = len(possible) == 1 or declared in possible or chinese(words, possible) is not None
    return Identified(
        language,
        CERTAIN,
        sure=True,
        probability=CERTAINTY if told else GUESS,
        also=others(said, language, among, script),
    )


def _decided(
    said: Sequence[str],
    words: str,
    script: str,
    evidence: Mapping[str, float],
    among: tuple[str, ...],
    declared: str | None,
) -> Identified:
    """The best language, or the declared one where it is not far behind: twice as far where it is clearly present.

    A single word that several languages have, or none, overrules nobody.
    """
    top = max(evidence, key=lambda language: evidence[language])
    stands = declared is not None and evidence.get(declared, -MARGIN) > -MARGIN
    if not stands and declared in evidence:
        stands = not telling(said, script)
    language = declared if stands and declared is not None else top
    also = others(said, language, among, script)
    if declared in also and declared is not None and evidence.get(declared, -MARGIN) > -2 * MARGIN:
        language, also = declared, others(said, declared, among, script)
    rivals = [figure for tag, figure in evidence.items() if base(tag) != base(language)]
    lead = max(0.0, evidence[language] - max(rivals, default=-MARGIN))
    if base(language) == base(top):
        same = [tag for tag in evidence if base(tag) == base(language)]
        language = _way(words, same, declared, script)
    return Identified(
        language,
        lead,
        sure=base(language) == base(top) and lead >= MARGIN,
        probability=_probability(evidence, language, declared),
        also=also,
    )


def _probability(evidence: Mapping[str, float], language: str, declared: str | None) -> float:
    odds: dict[str, float] = {}
    for tag, figure in evidence.items():
        prior = MARGIN if declared is not None and base(tag) == base(declared) else 0.0
        odds[base(tag)] = exp(SHARPNESS * (figure + prior))
    return odds[base(language)] / sum(odds.values())


def _way(words: str, tags: Sequence[str], declared: str | None, script: str) -> str:
    """Which tag of one language: the declared one, or for Chinese the one whose characters are written."""
    if declared is not None and declared in tags:
        return declared
    return (chinese(words, tags) if script == "Han" else None) or tags[0]
