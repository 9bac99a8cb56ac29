"""Which of a list of choices was meant, in any of a survey's languages at once: lookups in forms laid out beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from .folding import FRACTION, fold, light, runs_on, symbols
from .lexicon import Ear


@dataclass(frozen=True, slots=True)
class Match:
    """Which label was said (its place in the list), and the language its words betray, when it is just one."""

    at: int
    language: str | None = None


_Hits = Mapping[int, frozenset[str]]
_Forms = dict[str, dict[int, set[str]]]


class Labels:
    """A numbered list of labels in several languages, laid out for hearing.

    ``labels`` gives each choice's readings by language, one or more, the label itself first; ``emoji`` the pictures that stand
    for it; ``zero`` is the place of the choice that is numbered 0, when there is one.
    """

    def __init__(
        self,
        labels: Sequence[Mapping[str, Sequence[str]]],
        ear: Ear,
        emoji: Sequence[Iterable[str]] = (),
        zero: int | None = None,
    ) -> None:
        self.ear = ear
        self.numbered = dict(enumerate((at for at in range(len(labels)) if at != zero), start=1))
        if zero is not None:
            self.numbered[0] = zero
        self.pictures = {
            picture: at for at, pictures in enumerate(emoji) for text in pictures for picture in symbols(text)
        }
        exact: _Forms = {}
        openings: _Forms = {}
        self.vocabulary: dict[str, set[int]] = {}
        for at, readings in enumerate(labels):
            for language, texts in readings.items():
                for text in texts:
                    _add(exact, fold(text), at, language)
                label = fold(texts[0])  # only what the person has seen is recognised by its opening
                for word in label.split():
                    self.vocabulary.setdefault(word, set()).add(at)
                for form in self._openings(label):
                    _add(openings, form, at, language)
        self.exact = _frozen(exact)
        self.written = {
            (light(text), language)
            for readings in labels
            for language, texts in readings.items()
            for text in texts
        }
        self.openings = _frozen(openings)
        self.longest = max(map(len, self.exact), default=0) + 2
        self.spellings: dict[str, list[str]] = {}
        for form in {**self.exact, **self.openings}:
            if len(form) >= 5 and not runs_on(form):
                self.spellings.setdefault(form[0], []).append(form)

    def _openings(self, whole: str) -> Iterable[str]:
        """A label's first word, first two words …, with and without its article: "a", "a little", "little" …"""
        words = whole.split()
        for start in (0, 1) if len(words) > 1 and words[0] in self.ear.articles else (0,):
            for end in range(start + 1, len(words) + 1):
                yield " ".join(words[start:end])

    def which(self, heard: str, language: str) -> Match | None:
        """The one label that was meant: by number, number word, label, its opening, a near spelling, or emoji."""
        shown = self._picture(heard)
        said = self._said(heard, language) if fold(heard) else shown
        return None if said and shown and shown.at != said.at else said

    def _picture(self, heard: str) -> Match | None:
        seen = {self.pictures[char] for char in symbols(heard) if char in self.pictures}
        return Match(seen.pop()) if len(seen) == 1 else None

    def _said(self, heard: str, language: str) -> Match | None:
        plain = fold(heard)
        exact = self._exact(plain, light(heard), language)
        if exact:
            return _settle(exact, language)
        if len(plain) > self.longest + 40:  # a story, not a choice
            return None
        words = self.ear.split(heard)
        if FRACTION in words:
            return None
        plain = fold(" ".join(words))  # without "please"
        numbers = {int(word) for word in words if word.isdigit() and len(word) < 10}
        if any(word.isdigit() for word in words):
            return self._numbered(numbers, [word for word in words if not word.isdigit()], language)
        by_label = self._label(plain, language)
        by_word = self._number_word(words, language)
        if by_label and by_word and by_label.at != by_word.at:
            return None
        return by_label or by_word

    def _exact(self, plain: str, written: str, language: str) -> _Hits:
        """The choices that are called so. A short word of another language counts only with its accents: "de" is two
        in Creole, not Vietnamese for easy (dễ)."""
        hits = self.exact.get(plain, {})
        if len(plain) > 4 or not hits:
            return hits
        meant = {
            at: frozenset(
                tongue for tongue in tongues if tongue == language or (written, tongue) in self.written
            )
            for at, tongues in hits.items()
        }
        return {at: tongues for at, tongues in meant.items() if tongues}

    def _numbered(self, numbers: set[int], rest: list[str], language: str) -> Match | None:
        """A number stands alone, among empty words, or before its own label; "2 buses" is not an answer."""
        if len(numbers) != 1:
            return None
        at = self.numbered.get(numbers.pop())
        if at is None:
            return None
        if all(fold(word) in self.ear.filler for word in rest):
            return Match(at)
        label = self._label(fold(" ".join(rest)), language)
        return label if label and label.at == at else None

    def _number_word(self, words: list[str], language: str) -> Match | None:
        kept = [word for word in words if fold(word) not in self.ear.filler]
        kept = kept or [word for word in words if self.ear.numbers.look_up(word, language)]  # "number one"
        if len(kept) != 1:
            return None
        hit = self.ear.numbers.look_up(kept[0], language) or self.ear.ordinals.look_up(kept[0], language)
        if hit is None or hit[0] not in self.numbered:
            return None
        return Match(self.numbered[hit[0]], hit[1])

    def _label(self, plain: str, language: str) -> Match | None:
        """A label by its words; empty words around it do not count."""
        for said in dict.fromkeys((plain, " ".join(w for w in plain.split() if w not in self.ear.filler))):
            if len(said) > 4 and said in self.exact:
                return _settle(self.exact[said], language)
            if len(said) > self.longest:
                continue
            match = self._opening(said, language) or self._misspelt(said, language)
            if match:
                return match
        return None

    def _opening(self, said: str, language: str) -> Match | None:
        """The label that begins so. A word cut short takes four letters, and may be no word of another label: "khó"
        (hard) must not become "không khó" (not hard)."""
        # A bare yes or no means a label only where the survey says so: "no" must not become "No idea".
        if said in self.openings and len(said) >= (2 if runs_on(said) else 3):
            hits = self.openings[said]
        elif len(said) >= (2 if runs_on(said) else 4):
            begun = [by for form, by in self.openings.items() if form.startswith(said)]
            hits = {at: frozenset().union(*(by.get(at, ()) for by in begun)) for by in begun for at in by}
        else:
            return None
        if (
            len(hits) != 1
            or self.ear.yesno.look_up(said, language)
            or len(self.vocabulary.get(said, hits)) > 1
        ):
            return None
        return _match(hits)

    def _misspelt(self, said: str, language: str) -> Match | None:
        """The label whose spelling is near, if every other one is clearly farther."""
        if runs_on(said) or len(said) < 5:
            return None
        near = [
            (distance, form)
            for form in self.spellings.get(said[0], ())
            if abs(len(form) - len(said)) <= 4 and (distance := OSA.distance(said, form, score_cutoff=4)) <= 4
        ]
        if not near:
            return None
        best, form = min(near, key=lambda found: (found[0], language not in self._tongues(found[1])))
        if best > _slips(said, form) or self._turned_round(said, form):
            return None
        places = self._places(form)
        for distance, other in near:
            # Within one language the next label has to be two slips farther; across languages one slip tells.
            margin = 2 if self._tongues(other) & self._tongues(form) else 1
            if set(self._places(other)) != set(places) and distance < best + margin:
                return None
        return _match(places) if len(places) == 1 else None

    def _places(self, form: str) -> _Hits:
        return self.exact.get(form) or self.openings[form]

    def _tongues(self, form: str) -> frozenset[str]:
        return frozenset().union(*self._places(form).values())

    def _turned_round(self, said: str, form: str) -> bool:
        return set(said.split()) & self.ear.negations != set(form.split()) & self.ear.negations


def _slips(said: str, form: str) -> int:
    """How many slips of the finger two spellings may lie apart; none for short words or another first letter."""
    short = min(len(said), len(form))
    if short < 5 or said[0] != form[0] or abs(len(said) - len(form)) > 2:
        return 0
    return 1 if short < 10 else 2


def _settle(hits: _Hits, language: str) -> Match | None:
    """One choice, or the one that is so called in the person's own language."""
    own = {at: languages for at, languages in hits.items() if language in languages}
    hits = hits if len(hits) == 1 else own
    return _match(hits) if len(hits) == 1 else None


def _match(hits: Mapping[int, Iterable[str]]) -> Match:
    ((at, languages),) = hits.items()
    spoken = set(languages)
    return Match(at, spoken.pop() if len(spoken) == 1 else None)


def _add(forms: _Forms, form: str, at: int, language: str) -> None:
    if form:
        forms.setdefault(form, {}).setdefault(at, set()).add(language)


def _frozen(forms: _Forms) -> dict[str, _Hits]:
    return {form: {at: frozenset(languages) for at, languages in by.items()} for form, by in forms.items()}
