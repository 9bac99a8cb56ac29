"""Emerging themes: groups among the replies that no theme fits, each proposed to people as a theme with its own words.

Replies are grouped by what they mean, in the space that all languages share, so that one idea in two languages lies in one
group. What is found is a proposal: staff read the replies behind it, and name it or dismiss it. See docs/emerging.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .codebook import NO_BARRIER, Codebook
from .distinctive import Words, distinctive, words_of
from .redact import redact
from .space import Floats

OTHER_BARRIER = "x.other_barrier"
LOOSE = 0.5
"""A reply whose surest barrier is less probable than this may mean something else: of replies that a theme fits, a quarter
lie below; of those whose theme was taken out of the codebook, two in three (docs/emerging.md)."""
FITS = 0.3
"""A group whose members on average hold one barrier this probable speaks of that one, less clearly than others do."""
SAYS = 0.5
"""The same for the codes that are no barriers: thanks, nothing is hard, "I don't know"."""
APART = 0.96
"""Two groups are joined while their replies lie nearer to each other, on average, than this share of pairs of
examples of *different* themes do: the measure comes from the codebook, so it holds for any embedding model."""
ELSEWHERE = 0.05
"""The likeness that three pairs of replies in four exceed where replies lie apart from the codebook as a whole: measured
below 0 for replies about what the codebook is about, .07 for patients' comments on care."""
MANY = 200
"""So many different replies show where they lie as a whole; fewer may simply all be about one thing."""
LEAST = 5
"""Nobody is shown a group of fewer people."""
MOST = 5000
"""Different replies that are grouped with each other (a matrix of all pairs: 100 MB); more join the groups they lie in."""
TYPICAL = 6
SHORT, LONG = 12, 240


@dataclass(frozen=True, slots=True)
class Said:
    """One reply: its ``chances`` are how probable the codes of the codebook are, as far as known (those not named: 0); a
    code that people gave has 1. ``english`` is a translation, for the label; ``names`` are the person's own and their
    children's, which are taken out besides what redact() finds."""

    id: str
    person: str
    text: str
    language: str
    chances: Mapping[str, float]
    english: str | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A reply to show, redacted."""

    id: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A group of replies that may be a theme of its own.

    ``members`` are the ids of its replies, the most typical first; ``people`` said them, so many in each of ``languages``
    (one who used two is counted in both). ``words`` set it apart, by language; ``label`` is made of them. ``cohesion`` is the mean
    likeness of two of its replies (the replies of one theme of the codebook: about 0.15, of different themes: 0).
    ``nearest`` is the barrier of the codebook that comes closest, with how probable it is on average.
    """

    members: tuple[str, ...]
    people: int
    languages: Mapping[str, int]
    words: Mapping[str, tuple[str, ...]]
    typical: tuple[Example, ...]
    label: str
    cohesion: float
    nearest: tuple[str, float] | None


def fits_none(codebook: Codebook, chances: Mapping[str, float]) -> bool:
    """Whether no theme fits a reply: no barrier is probable, and it does not say that nothing is hard, what helps, or thanks.

    What people have called unclear or another barrier is among them; so is an idea whose subject is none of the themes.
    """
    kinds = {code: codebook[code].kind for code in chances if code in codebook}
    barriers = [chances[code] for code, kind in kinds.items() if kind == "barrier"]
    forms = sum(chances[code] for code in kinds if code in _FORMS)
    return max(barriers, default=0.0) < LOOSE and forms < LOOSE


_FORMS = frozenset({NO_BARRIER, "x.helps", "x.thanks"})


def likeness(places: Floats, labels: Sequence[str], codebook: Codebook) -> float:
    """How near (cosine) replies must lie to belong together: from where the codebook's own examples lie, and the barrier
    that each is an example of."""
    kept = [at for at, label in enumerate(labels) if label in codebook and codebook[label].kind == "barrier"]
    if len({labels[at] for at in kept}) < 2:
        return 0.2
    units = _unit(places[kept])
    of = np.array([labels[at] for at in kept])
    different = np.triu(of[:, None] != of[None, :])
    return float(np.quantile((units @ units.T)[different], APART))


def propose(
    said: Sequence[Said],
    places: Floats,
    codebook: Codebook,
    near: float,
    *,
    others: Iterable[Said] = (),
    minimum: int = 10,
) -> list[Proposal]:
    """The groups among ``said`` (replies that no theme fits), most people first; the same replies give the same groups.

    ``places`` has a row for each of them, in the space that languages share; ``near`` is likeness(); ``others`` are the
    replies that themes do fit, for the words that set a group apart. A group has ``minimum`` people or more (5 at the least).
    """
    if len(said) != len(places):
        raise ValueError(f"{len(said)} replies, but places for {len(places)}")
    order = sorted(range(len(said)), key=lambda at: said[at].id)
    said, units = [said[at] for at in order], _units(places[order])
    groups = [
        members
        for members in _groups(said, units, near)
        if len({said[at].person for at in members}) >= max(minimum, LEAST)
        and not _known([said[at] for at in members], codebook)
    ]
    if not groups:
        return []
    spoken = _Spoken([*said, *others])
    found = [_proposal([said[at] for at in members], units[members], codebook, spoken) for members in groups]
    return sorted(found, key=lambda one: (-one.people, one.members))


def _units(places: Floats) -> Floats:
    """Places as directions. Replies that as a whole lie apart from the codebook (a clinic's, a library's) are seen from
    their own middle: what all of them have in common makes no group."""
    units = _unit(places)
    # Of some hundreds all pairs are soon looked at; of more, every so-manieth tells as much.
    some = units[:: max(len(units) // 500, 1)]
    if len(some) >= MANY and np.quantile((some @ some.T)[np.triu_indices(len(some), 1)], 0.25) > ELSEWHERE:
        return _unit(units - units.mean(axis=0))
    return units


def _groups(said: Sequence[Said], units: Floats, near: float) -> list[list[int]]:
    """Which replies belong together, as row numbers. Equal words count once, so that a phrase many send makes no group dense."""
    first: dict[str, int] = {}
    of = [first.setdefault(" ".join(one.text.casefold().split()), at) for at, one in enumerate(said)]
    different = sorted(set(of))
    # Where there are too many, every so-manieth, so that all times and languages are among them.
    chosen = different[:: -(-len(different) // MOST)] if len(different) > MOST else different
    label = dict(zip(chosen, _linked(units[chosen], near), strict=True))
    if len(chosen) < len(different):
        label |= _joined([at for at in different if at not in label], label, units, near)
    by_group: dict[int, list[int]] = {}
    for at, same in enumerate(of):
        if same in label:
            by_group.setdefault(label[same], []).append(at)
    return list(by_group.values())


def _linked(units: Floats, near: float) -> list[int]:
    """Average linkage: two groups are one while the mean likeness of their replies is ``near`` or more."""
    if len(units) < 2:
        return [0] * len(units)
    from scipy.cluster.hierarchy import fcluster, linkage

    rows, columns = np.triu_indices(len(units), 1)
    apart = np.maximum(1 - (units @ units.T)[rows, columns].astype(np.float64), 0)
    del rows, columns
    return [int(group) for group in fcluster(linkage(apart, "average"), 1 - near, "distance")]


def _joined(left: Sequence[int], label: Mapping[int, int], units: Floats, near: float) -> dict[int, int]:
    """Replies that were not among those grouped: each joins the group it lies nearest to, if it lies near enough."""
    groups = sorted(set(label.values()))
    sums = np.stack([units[[at for at, of in label.items() if of == group]].mean(axis=0) for group in groups])
    likeness = units[left] @ sums.T
    best = likeness.argmax(axis=1)
    return {
        at: groups[group]
        for at, group, row in zip(left, best.tolist(), likeness, strict=True)
        if row[group] >= near
    }


def _known(group: Sequence[Said], codebook: Codebook) -> bool:
    """Whether the group as a whole says what a code of the codebook says already."""
    for code, chance in _average(group).items():
        if code not in codebook or code in _OPEN:
            continue
        if chance >= (FITS if codebook[code].kind == "barrier" else SAYS):
            return True
    return False


_OPEN = frozenset({OTHER_BARRIER, "x.idea"})
"""Codes that say of a reply that its subject is still to be named."""


def _average(group: Sequence[Said]) -> dict[str, float]:
    sums: Counter[str] = Counter()
    for one in group:
        sums.update(one.chances)
    return {code: total / len(group) for code, total in sums.items()}


def _proposal(group: Sequence[Said], units: Floats, codebook: Codebook, spoken: _Spoken) -> Proposal:
    centre = _unit(units.mean(axis=0, keepdims=True))[0]
    order = np.argsort(-(units @ centre), kind="stable").tolist()
    group = [group[at] for at in order]
    barriers = {
        code: chance
        for code, chance in _average(group).items()
        if code in codebook and codebook[code].kind == "barrier" and code != OTHER_BARRIER
    }
    closest = max(barriers, key=lambda code: (barriers[code], code), default=None)
    languages, typical = _speakers(group), _typical(group)
    words = {language: found for language in languages if (found := spoken.telling(group, language))}
    pairs = max(len(units) * (len(units) - 1), 1)
    return Proposal(
        members=tuple(one.id for one in group),
        people=len({one.person for one in group}),
        languages=languages,
        words=words,
        typical=typical,
        label=_label(group, words, spoken) or _like(typical),
        cohesion=round(float((np.linalg.norm(units.sum(axis=0)) ** 2 - len(units)) / pairs), 2),
        nearest=(closest, round(barriers[closest], 2)) if closest is not None else None,
    )


def _speakers(group: Iterable[Said]) -> dict[str, int]:
    """How many people spoke each language, the most spoken first."""
    spoke = Counter(language for _, language in {(one.person, one.language) for one in group})
    return dict(sorted(spoke.items(), key=lambda pair: (-pair[1], pair[0])))


ENGLISH = "en"
_READ = "en, read"
"""What can be read in English: written in it, or translated."""


class _Spoken:
    """The words of all replies, by language and person: read once, for each group is set against all others."""

    def __init__(self, said: Sequence[Said]) -> None:
        self._of: dict[str, dict[str, dict[str, str]]] = {}
        for one in said:
            for language, text in _texts(one):
                self._of.setdefault(language, {}).setdefault(one.person, {})[one.id] = text
        self._people: dict[str, Counter[str]] = {}
        self._clean: dict[tuple[str, str], str] = {}

    def telling(self, group: Sequence[Said], language: str, most: int = 6) -> tuple[str, ...]:
        """The words that set the group apart from all other replies in this language; no names among them."""
        inside: dict[str, list[Said]] = {}
        for one in group:
            if language in dict(_texts(one)):
                inside.setdefault(one.person, []).append(one)
        outside = self._everybody(language).copy()
        for person, theirs in inside.items():
            everything, ids = self._of[language][person], {one.id for one in theirs}
            outside.subtract(_words(everything.values(), language).keys())
            rest = [text for id_, text in everything.items() if id_ not in ids]
            outside.update(_words(rest, language).keys())
        ours = (
            _words((self._redacted(one, language) for one in theirs), language) for theirs in inside.values()
        )
        return distinctive(ours, outside, most)

    def _redacted(self, one: Said, language: str) -> str:
        if (key := (one.id, language)) not in self._clean:
            self._clean[key] = redact(dict(_texts(one))[language], language, one.names).text
        return self._clean[key]

    def _everybody(self, language: str) -> Counter[str]:
        if language not in self._people:
            people = self._of.get(language, {}).values()
            self._people[language] = Counter(
                word for texts in people for word in _words(texts.values(), language)
            )
        return self._people[language]


def _words(texts: Iterable[str], language: str) -> Words:
    """All the words of one person."""
    found: dict[str, str] = {}
    for text in texts:
        found |= words_of(text, ENGLISH if language == _READ else language)
    return found


def _texts(one: Said) -> list[tuple[str, str]]:
    english = one.text if one.language == ENGLISH else one.english
    return [(one.language, one.text)] + ([(_READ, english)] if english is not None else [])


def _label(group: Sequence[Said], words: Mapping[str, tuple[str, ...]], spoken: _Spoken) -> str:
    """Three words: English where half of the group can be read in it, else of the language that most spoke; "" where
    nobody shares a word."""
    readable = sum(any(language == _READ for language, _ in _texts(one)) for one in group)
    if readable * 2 >= len(group) and (english := spoken.telling(group, _READ, 3)):
        return ", ".join(english)
    return next((", ".join(words[language][:3]) for language in (ENGLISH, *words) if language in words), "")


def _like(typical: Sequence[Example]) -> str:
    """The beginning of the most typical reply, an English one if there is any."""
    shown = min(typical, key=lambda example: example.language != "en").text
    return f"like: {shown if len(shown) <= 60 else shown[:59] + '…'}"


def _typical(group: Sequence[Said]) -> tuple[Example, ...]:
    """The replies nearest to the centre, by turns of language; nobody twice, nor the same words, and short ones last."""
    turn: Counter[str] = Counter()
    people: set[str] = set()
    texts: set[str] = set()
    ranked: list[tuple[bool, int, int, Said]] = []
    for place, one in enumerate(group):
        words = " ".join(one.text.casefold().split())
        if one.person in people or words in texts:
            continue
        people.add(one.person)
        texts.add(words)
        readable = SHORT <= len(one.text) <= LONG or (len(one.text) >= 4 and not one.text.isascii())
        ranked.append((not readable, turn[one.language], place, one))
        turn[one.language] += readable
    ranked.sort(key=lambda entry: entry[:3])
    return tuple(
        Example(one.id, redact(one.text, one.language, one.names).text, one.language)
        for *_, one in ranked[:TYPICAL]
    )


def _unit(places: NDArray[np.floating]) -> Floats:
    lengths = np.maximum(np.linalg.norm(places, axis=-1, keepdims=True), 1e-9)
    found: Floats = (places / lengths).astype(np.float32)
    return found


__all__ = ["LEAST", "Example", "Proposal", "Said", "fits_none", "likeness", "propose"]
