"""Which of a list of choices was meant, in any of a survey's languages at once: lookups in forms laid out beforehand."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, takewhile

from ..folding import FRACTION, fold, light, runs_on, symbols
from ..lexicon import Ear
from ..utterances import courteous
from .close_calls import near
from .spelling import Spellings

_ORDINAL = frozenset({"st", "nd", "rd", "th"})


@dataclass(frozen=True, slots=True)
class Match:
    """Which label was said (its place in the list), and the language its words betray, when it is just one."""

    at: int
    language: str | None = None


Hits = Mapping[int, frozenset[str]]
"""Places in the list, each with the languages in which it is called so."""

Readings = Sequence[Mapping[str, Sequence[str]]]
_Forms = dict[str, dict[int, set[str]]]

_STARS = re.compile(r"([⭐★🌟]+)([☆✩]*)")
_NUMERO = re.compile(r"[nN](?:[º°]|[oO]\s*[.º°])\s*(?=\d)|№")  # "No. 2", "nº 2"; "no 2" may be a no
_RANGE = re.compile(r"\d\s*[-–—~/]\s*\d")


class Labels:
    """A numbered list of labels in several languages, laid out for hearing.

    ``labels`` gives each choice's readings by language, one or more, the label itself first; ``emoji`` the pictures that stand
    for it; ``zero`` is the place of the choice that is numbered 0, when there is one; ``points`` says that the list
    is a scale from low to high, on which stars can be counted.

    ``numbered`` is the number before each choice, to its place. It counts from 1, but for labels that all begin with a
    number of their own ("0 not at all", "1", "2" …): there the number that is seen is the number that counts.
    """

    def __init__(
        self,
        labels: Readings,
        ear: Ear,
        emoji: Sequence[Iterable[str]] = (),
        zero: int | None = None,
        *,
        points: bool = False,
    ) -> None:
        self.ear = ear
        self.zero = zero
        self.points = points
        self.numbered = dict(enumerate((at for at in range(len(labels)) if at != zero), start=1))
        if zero is not None:
            self.numbered[0] = zero
        else:
            self.numbered = own_numbers(labels) or self.numbered
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
        self._in_order = sorted(self.openings)
        self.longest = max(map(len, self.exact), default=0) + 2
        self.spellings = Spellings(self.exact, self.openings, self.vocabulary, ear.negations)
        self.letters = self._letters()

    def _openings(self, whole: str) -> Iterable[str]:
        """A label's first word, first two words …, with and without its article: "a", "a little", "little" …"""
        words = whole.split()
        for start in (0, 1) if len(words) > 1 and words[0] in self.ear.articles else (0,):
            for end in range(start + 1, len(words) + 1):
                yield " ".join(words[start:end])

    @cached_property
    def crossed(self) -> bool:
        """Whether a label has a number that is not its own: where "Grade 1" is the second, "1st" has two meanings."""
        place = {at: number for number, at in self.numbered.items()}
        return any(
            word.isdigit() and int(word) != place[at]
            for form, hits in self.exact.items()
            for at in hits
            for word in form.split()
            if len(word) < 6
        )

    def _letters(self) -> dict[str, int]:
        """a, b, c … for the choices in their order. Not i, l and o, which are as easily a one and a nought."""
        ordered = [at for at in self.numbered.values() if at != self.zero]
        return {
            letter: at
            for letter, at in zip("abcdefghijklmnopqrstuvwxyz", ordered, strict=False)
            if letter not in "ilo"
        }

    def which(self, heard: str, language: str) -> Match | None:
        """The one label that was meant: by number, number word, letter, label, its opening, a near spelling, emoji or
        stars. None asks again: nothing was understood, or two things at once."""
        shown = self._picture(heard)
        said = self._said(heard, language) if fold(heard) else shown or self._starred(heard)
        return None if said and shown and shown.at != said.at else said

    def near(self, heard: str, language: str) -> tuple[int, ...]:
        """Where ``which`` gives None: the one to three places that may have been meant, the likeliest first. To ask
        back with ("Did you mean …?"), never to keep. Empty when nothing is near, as for a number not in the list."""
        return () if self.which(heard, language) else near(self, heard, language)

    def _picture(self, heard: str) -> Match | None:
        seen = {self.pictures[char] for char in symbols(heard) if char in self.pictures}
        return Match(seen.pop()) if len(seen) == 1 else None

    def _starred(self, heard: str) -> Match | None:
        """Three stars are the third point of a scale; ★★★☆☆ only where there are five."""
        stars = _STARS.fullmatch("".join(heard.replace("\ufe0f", "").split())) if self.points else None
        if stars is None or (stars[2] and len(stars[1] + stars[2]) != len(self.numbered)):
            return None
        ordered = list(self.numbered.values())
        return Match(ordered[len(stars[1]) - 1]) if len(stars[1]) <= len(ordered) else None

    def _said(self, heard: str, language: str) -> Match | None:
        plain = fold(heard)
        if len(plain) < 3 and plain.isdigit() and plain not in self.exact and int(plain) in self.numbered:
            return Match(self.numbered[int(plain)])
        exact = self.called(plain, light(heard), language)
        if exact:
            return _settle(exact, language)
        if len(plain) > self.longest + 40:  # a story, not a choice
            return None
        apart, bared = (self.called(fold(said), said, language) for said in courteous(heard))
        if apart:
            return _settle(apart, language)
        misspelt = self.spellings.whole(plain)
        if bared:
            clear = self._begun_with(plain) | misspelt <= bared.keys()
            return _settle(bared, language) if clear else None
        said = self._roughly(heard, language)
        # "Pls claires" is a misspelt "Pas claires" before it is "please" and "claires".
        return None if said and misspelt and said.at not in misspelt else said

    def _begun_with(self, plain: str) -> set[int]:
        """The choices whose label a message begins with: "gosto muito obrigada" with "gosto" and "gosto muito"."""
        words = plain.split()
        return {at for end in range(1, len(words)) for at in self.exact.get(" ".join(words[:end]), ())}

    def _roughly(self, heard: str, language: str) -> Match | None:
        """The label among empty words, in other words or with a slip."""
        words = self.ear.split(_NUMERO.sub("#", heard))
        if FRACTION in words:
            return None
        plain = fold(" ".join(words))  # without "please"
        numbers = {int(word) for word in words if word.isdigit() and len(word) < 10}
        if any(word.isdigit() for word in words):
            rest = [word for word in words if not word.isdigit()]
            return self._numbered(numbers, rest, language) or self._misspelt(plain, language)
        by_label = self._label(plain, language)
        by_word = self._number_word(words, language) or self._lettered(heard, words, language)
        if by_label and by_word and by_label.at != by_word.at:
            return None
        return by_label or by_word or self._in_digits(words, language)

    def _in_digits(self, words: list[str], language: str) -> Match | None:
        """A label that has a number, said in words: "two days"."""
        numbers = [self.ear.numbers.look_up(word, language) for word in words]
        written = " ".join(
            str(hit[0]) if hit else fold(word) for hit, word in zip(numbers, words, strict=True)
        )
        return _settle(self.exact[written], language) if any(numbers) and written in self.exact else None

    def called(self, plain: str, written: str, language: str) -> Hits:
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
            return None if self.crossed and _ORDINAL & {fold(word) for word in rest} else Match(at)
        label = self._label(fold(" ".join(rest)), language)
        return label if label and label.at == at else None

    def _number_word(self, words: list[str], language: str) -> Match | None:
        kept = [word for word in words if fold(word) not in self.ear.filler]
        kept = kept or [word for word in words if self.ear.numbers.look_up(word, language)]  # "number one"
        if len(kept) != 1:
            return None
        hit = self.ear.numbers.look_up(kept[0], language)
        if hit is None and not self.crossed:
            hit = self.ear.ordinals.look_up(kept[0], language)
        if hit is None or hit[0] not in self.numbered:
            return None
        return Match(self.numbered[hit[0]], hit[1])

    def _lettered(self, heard: str, words: list[str], language: str) -> Match | None:
        """A letter in place of the number: "b", "b)", "option b"; a bare one only where it can be nothing else."""
        kept = [fold(word) for word in words if len(word) == 1 or fold(word) not in self.ear.filler]
        if len(kept) != 1 or kept[0] not in self.letters:
            return None
        (letter,) = kept
        at = self.letters[letter]
        if len(words) > 1 or re.search(r"\w\s*\)", heard):
            return Match(at)
        other_word = self.ear.yesno.look_up(letter, language) or self.ear.numbers.look_up(letter, language)
        return None if other_word or self.begun_by(letter, language) - {at} else Match(at)

    def begun_by(self, letter: str, language: str) -> set[int]:
        """The choices whose label begins with this letter in the person's language, or with this word in any."""
        own = {
            at for form, by in self.openings.items() if form[0] == letter for at in by if language in by[at]
        }
        return own | set(self.openings.get(letter, ()))

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
            hits = self.begun(said)
        else:
            return None
        if (
            len(hits) != 1
            or self.ear.yesno.look_up(said, language)
            or len(self.vocabulary.get(said, hits)) > 1
            or self.spellings.whole(said) - set(hits)
        ):
            return None
        return _match(hits)

    def begun(self, said: str) -> Hits:
        """The choices whose label begins with these letters."""
        start = bisect_left(self._in_order, said)
        forms = takewhile(lambda form: form.startswith(said), islice(self._in_order, start, None))
        found = [self.openings[form] for form in forms]
        return {at: frozenset().union(*(by.get(at, ()) for by in found)) for by in found for at in by}

    def _misspelt(self, said: str, language: str) -> Match | None:
        hits = self.spellings.mend(said, language)
        return _match(hits) if hits else None


_OWN = re.compile(r"(\d{1,9})(?!\s*[-–—~/.,]?\s*\d)(?!\w*%)")


def own_numbers(labels: Readings) -> dict[int, int] | None:
    """Number to place where every label begins, in every language, with a number of its own; else None. Ranges
    ("1-2 days") are no numbers.

    >>> own_numbers([{"en": ["0 not at all"]}, {"en": ["1"]}, {"en": ["2 very"]}])
    {0: 0, 1: 1, 2: 2}
    >>> own_numbers([{"en": ["0"]}, {"en": ["1-2"]}]) is None
    True
    """
    found: dict[int, int] = {}
    for at, readings in enumerate(labels):
        begun = {_OWN.match(fold_digits(texts[0])) for texts in readings.values()}
        values = {int(match[1]) if match and not _RANGE.match(match.string) else None for match in begun}
        if len(values) != 1 or None in values:
            return None
        found.update((value, at) for value in values if value is not None)
    return found if len(found) == len(labels) else None


def fold_digits(text: str) -> str:
    """Every script's digits as 0-9; the rest stays as it is."""
    return "".join(fold(char) if char.isdecimal() else char for char in text.strip())


def _settle(hits: Hits, language: str) -> Match | None:
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


def _frozen(forms: _Forms) -> dict[str, Hits]:
    return {form: {at: frozenset(languages) for at, languages in by.items()} for form, by in forms.items()}
