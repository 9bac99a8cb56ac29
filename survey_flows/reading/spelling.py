"""Mends a misspelt label where it can only be that one, and tells which labels lie near where it cannot."""

from __future__ import annotations

from collections.abc import Mapping, Set

from rapidfuzz import process
from rapidfuzz.distance import OSA

from ..folding import runs_on

Hits = Mapping[int, frozenset[str]]


class Spellings:
    """The labels and their openings by spelling, folded.

    ``exact`` and ``openings`` give each form's places and languages, ``vocabulary`` the places of each word,
    ``negations`` the words that a misspelling is never mended across.
    """

    def __init__(
        self,
        exact: Mapping[str, Hits],
        openings: Mapping[str, Hits],
        vocabulary: Mapping[str, Set[int]],
        negations: Set[str],
    ) -> None:
        self.exact = exact
        self.openings = openings
        self.vocabulary = vocabulary
        self.negations = negations
        self.wholes = [form for form in exact if letters(form) >= 4]
        self.forms = [form for form in {**exact, **openings} if len(form) >= 5 and not runs_on(form)]
        self._spoken = {form: frozenset().union(*self._places(form).values()) for form in self.forms}

    def mend(self, said: str, language: str) -> Hits:
        """The one place whose label was meant, with its languages; empty unless every other label is clearly farther."""
        if runs_on(said) or len(said) < 4:
            return {}
        near = process.extract(said, self.forms, scorer=OSA.distance, score_cutoff=4, limit=None)
        if not near:
            return {}
        form, best, _ = min(near, key=lambda found: (found[1], language not in self._tongues(found[0])))
        if best > slips(said, form) or self._another_word(said, form) or self._short(form, language):
            return {}
        places = self._places(form)
        for other, distance, _ in near:
            # Within one language the next label has to be two slips farther; across languages one slip tells.
            margin = 2 if self._tongues(other) & self._tongues(form) else 1
            if distance < best + margin and self._places(other).keys() != places.keys():
                return {}
        return places if len(places) == 1 else {}

    def whole(self, said: str) -> set[int]:
        """The places of the labels that are one slip away from these words."""
        return {
            at
            for form, _, _ in process.extract(
                said, self.wholes, scorer=OSA.distance, score_cutoff=1, limit=None
            )
            if letters(form) >= 5
            for at in self.exact[form]
        }

    def near(self, said: str, language: str) -> list[tuple[int, bool, int]]:
        """The places whose label or its opening is spelt somewhat like this, likeliest first: how many slips, whether it
        is only the opening, and the place."""
        found: dict[int, tuple[int, bool, bool, bool, bool]] = {}
        for forms, table, partly in ((self.wholes, self.exact, False), (self.forms, self.openings, True)):
            for form, distance, _ in process.extract(
                said, forms, scorer=OSA.distance, score_cutoff=4, limit=None
            ):
                if distance > _within_sight(said, form) or _joined(said, form):
                    continue
                if distance > 1 and self._turned_round(said, form):
                    continue
                for at, tongues in table.get(form, {}).items():
                    seen = form in self.openings  # a label, or another word for it
                    rank = (distance, partly, not seen, language not in tongues, said[0] != form[0])
                    found[at] = min(rank, found.get(at, rank))
        return [(*found[at][:2], at) for at in sorted(found, key=lambda at: (found[at], at))]

    def _places(self, form: str) -> Hits:
        return self.exact.get(form) or self.openings[form]

    def _tongues(self, form: str) -> frozenset[str]:
        return self._spoken[form]

    def _short(self, form: str, language: str) -> bool:
        """Whether a form is one short word that is not on the person's list: too many other words are a letter away
        ("personnes" is not "personne"). In Vietnamese any word may be another for one letter."""
        if " " in form or len(form) >= 9:
            return False
        return language == "vi" or language not in {
            tongue for tongues in self.openings.get(form, {}).values() for tongue in tongues
        }

    def _turned_round(self, said: str, form: str) -> bool:
        """Whether a "not" comes or goes; a long one that is itself misspelt ("nunnca") does neither."""
        spoken, meant = said.split(), form.split()
        if len(spoken) == len(meant):
            pairs = [pair for pair in zip(spoken, meant, strict=True) if not _one_word(*pair)]
            spoken, meant = [word for word, _ in pairs], [word for _, word in pairs]
        return set(spoken) & self.negations != set(meant) & self.negations

    def _another_word(self, said: str, form: str) -> bool:
        """Whether mending would change more than spelling: a "not" comes or goes, a word of a label turns into
        another, or two words become one that means something else ("desacuerdo" is not "de acuerdo")."""
        spoken, meant = said.split(), form.split()
        if self._turned_round(said, form) or any(w in self.vocabulary and w not in meant for w in spoken):
            return True
        return [w for w in spoken if w.isdigit()] != [w for w in meant if w.isdigit()] or _joined(said, form)


def slips(said: str, form: str) -> int:
    """How many slips of the finger two spellings may lie apart: none for short words, nor for another first letter
    unless they are long, and one where a word begins differently: "un" in "unsafe" is not two slips."""
    short = min(len(said), len(form))
    longer = abs(len(said) - len(form))
    if longer > 2 or max(len(said), len(form)) < 5:
        return 0
    if said[0] != form[0]:
        return 1 if short >= 8 else 0
    begun_alike = [word[0] for word in said.split()] == [word[0] for word in form.split()]
    return 2 if short >= 10 and begun_alike else 1


def _joined(said: str, form: str) -> bool:
    """Whether a slip would turn a letter into a space or back, which slips do not: "desacuerdo", "de acuerdo"."""
    spoken, meant = said.split(), form.split()
    if len(spoken) == len(meant) or "".join(spoken) == "".join(meant):
        return False
    return [word for word in spoken if len(word) > 1] != [word for word in meant if len(word) > 1]


def _one_word(said: str, meant: str) -> bool:
    """Whether two words are one, a letter apart at most."""
    return said == meant or (len(meant) >= 4 and said[0] == meant[0] and OSA.distance(said, meant) == 1)


def letters(form: str) -> int:
    """How many letters there are in a form."""
    return sum(map(str.isalpha, form))


def _within_sight(said: str, form: str) -> int:
    """How many slips apart two spellings may lie for one to be asked about."""
    if said[0] != form[0] and len(form) < 5:
        return 0
    return min(1 + min(len(said), len(form)) // 6, 4)
