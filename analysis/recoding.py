"""What becomes of codings when a codebook changes: those of people follow, and the difference in findings is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from .codebook import Codebook
from .codebook.changes import compare

Answer = TypeVar("Answer", bound=Hashable)
Move = tuple[str, str, int]
"""From which theme to which, and how many answers."""
NOTHING = ""
"""In moves: no theme at all."""
MINIMUM = 10


@dataclass(frozen=True, slots=True)
class Moved:
    """Where the codes of an older version have gone. ``onto``: those that are another code now. ``again``: those whose
    replies a person has to read again, for the theme was split or taken out."""

    onto: Mapping[str, str]
    again: frozenset[str]

    def recode(self, themes: Iterable[str]) -> tuple[frozenset[str], bool]:
        """What people's themes for one reply are now, and whether somebody has to read it again.

        A theme that was split or taken out stays in the record until then.
        """
        themes = frozenset(themes)
        return frozenset(self.onto.get(theme, theme) for theme in themes), not themes.isdisjoint(self.again)

    def __bool__(self) -> bool:
        return bool(self.onto or self.again)


def moved(
    old: Codebook,
    new: Codebook,
    merges: Mapping[str, str] | None = None,
    splits: Mapping[str, Sequence[str]] | None = None,
) -> Moved:
    """Where the codes of ``old`` have gone: by what the new codebook says its themes were, by ids, labels and examples;
    ``merges`` (code to code) and ``splits`` (code to codes) go before it. Raises CodebookError for a code that is not there.
    """
    stated = {code: [into] for code, into in (merges or {}).items()} | {
        code: list(parts) for code, parts in (splits or {}).items()
    }
    changes = compare(old, new, stated)
    onto = {code: changes.recode(code) for code in old.codes}
    return Moved(
        {code: now for code, now in onto.items() if now is not None and now != code},
        frozenset(code for code, now in onto.items() if now is None),
    )


@dataclass(frozen=True, slots=True)
class Shift:
    """One theme before and after: in how many answers it was and is, and how many came to it and left it."""

    theme: str
    label: str
    before: int
    after: int
    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What a recode has changed, among ``answers`` that were coded before and after. ``changed``: how many have other themes
    now. ``moves``: from which theme to which, and how many answers; "" is no theme. The most come first."""

    answers: int
    changed: int
    shifts: tuple[Shift, ...]
    moves: tuple[Move, ...]
    labels: Mapping[str, str]

    def to_json(self, minimum: int = MINIMUM) -> dict[str, Any]:
        """Fit for JSON; None stands for a number under ``minimum``, and for one from which it could be worked out."""
        shown = self._shown(minimum)

        def told(shift: Shift) -> dict[str, Any]:
            open_ = shift.theme in shown.themes
            numbers = {name: getattr(shift, name) for name in ("before", "after", "gained", "lost")}
            return {"theme": shift.theme, "label": shift.label} | {
                name: number if open_ else None for name, number in numbers.items()
            }

        return {
            "answers": self.answers,
            "changed": self.changed if shown.changed else None,
            "themes": [told(shift) for shift in self.shifts],
            "moves": [
                {"from": old or None, "to": new or None, "answers": number}
                for old, new, number in shown.moves
            ],
        }

    def as_text(self, minimum: int = MINIMUM, most: int = 8) -> str:
        """For people, a line each: the themes that changed, and where most answers went. Nothing under ``minimum`` shows."""
        if not self.answers:
            return "No answer was coded both before and after."
        if not self.changed:
            return f"The {self.answers:,} answers have the themes that they had."
        shown = self._shown(minimum)
        at_all = "At least" if self.changed >= minimum else "Fewer than"
        changed = f"{self.changed:,}" if shown.changed else f"{at_all} {minimum}"
        lines = [f"{changed} of {self.answers:,} answers have other themes now."]
        named = [shift for shift in self.shifts if shift.gained or shift.lost]
        wide = max((len(shift.label) for shift in named if shift.theme in shown.themes), default=0)
        few = [shift.label for shift in named if shift.theme not in shown.themes]
        lines += [
            f"  {shift.label:{wide}}  {shift.before:>7,} → {shift.after:>7,}   +{shift.gained:,}  −{shift.lost:,}"
            for shift in named
            if shift.theme in shown.themes
        ]
        if few:
            lines.append(f"  too few answers to show: {', '.join(few)}")
        if shown.moves:
            lines.append("Most went")
            lines += [
                f"  {number:>7,}  {self._name(old)} → {self._name(new)}"
                for old, new, number in shown.moves[:most]
            ]
        return "\n".join(lines)

    def _shown(self, minimum: int) -> _Shown:
        """What may be seen, so that nothing that is left when the one is taken from the other is small."""

        def few(number: int) -> bool:
            return 0 < number < minimum

        themes = {shift.theme: shift for shift in self.shifts if _open(shift, minimum)}
        for name in ("before", "after"):
            # What is left of all answers would be that of the hidden themes.
            while themes and few(self.answers - sum(getattr(shift, name) for shift in themes.values())):
                del themes[min(themes, key=lambda code: getattr(themes[code], name) or self.answers)]
        moves = [move for move in self.moves if move[2] >= minimum]
        while (small := _leaves_few(moves, self.moves, themes, few)) is not None:
            moves.remove(small)
        rests = [self.answers - self.changed, self.changed - sum(number for *_, number in moves)]
        for way in ("lost", "gained"):
            each = [getattr(shift, way) for shift in themes.values()]
            rests += [self.changed - number for number in (sum(each), *each)]
        changed = not few(self.changed) and not any(map(few, rests))
        return _Shown(frozenset(themes), tuple(moves), changed)

    def _name(self, code: str) -> str:
        return self.labels.get(code, code) if code else "no theme"


@dataclass(frozen=True, slots=True)
class _Shown:
    """The themes whose numbers may be seen, the moves, and whether the number of answers ``changed`` may be."""

    themes: frozenset[str]
    moves: tuple[Move, ...]
    changed: bool


def _leaves_few(
    shown: Sequence[Move], moves: Sequence[Move], themes: Mapping[str, Shift], few: Callable[[int], bool]
) -> Move | None:
    """The smallest move from or to a theme of whose other moves a few are left; None where there are none such."""
    for end, way in ((0, "lost"), (1, "gained")):
        told: Counter[str] = Counter()
        every: Counter[str] = Counter()
        for some, count in ((shown, told), (moves, every)):
            for move in some:
                count[move[:2][end]] += move[2]
        for code, number in told.items():
            rests = [every[code] - number]
            if code in themes:
                rests.append(getattr(themes[code], way) - number)
            if any(map(few, rests)):
                return min(
                    (move for move in shown if move[:2][end] == code), key=lambda move: (move[2], move)
                )
    return None


def difference(
    before: Mapping[Answer, Collection[str]],
    after: Mapping[Answer, Collection[str]],
    codebook: Codebook,
    earlier: Codebook | None = None,
) -> Difference:
    """What changed from one coding of answers to another: ``{answer: themes}``. Answers that are in one alone do not count.

    ``earlier``: the codebook before, for the names of themes that are no more.
    """
    had: Counter[str] = Counter()
    has: Counter[str] = Counter()
    gained: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    moves: Counter[tuple[str, str]] = Counter()
    answers = changed = 0
    for answer, themes in before.items():
        now = after.get(answer)
        if now is None:
            continue
        answers += 1
        had.update(themes)
        has.update(now)
        old, new = frozenset(themes), frozenset(now)
        if old == new:
            continue
        changed += 1
        gone, come = old - new, new - old
        lost.update(gone)
        gained.update(come)
        moves.update((one, other) for one in gone or (NOTHING,) for other in come or (NOTHING,))
    books = [codebook, *([earlier] if earlier else [])]
    labels = {theme.id: theme.label for book in reversed(books) for theme in book}
    order = dict.fromkeys([*(code for book in books for code in book.codes), *sorted(had | has)])
    shifts = [
        Shift(code, labels.get(code, code), had[code], has[code], gained[code], lost[code])
        for code in order
        if had[code] or has[code]
    ]
    shifts.sort(key=lambda shift: -(shift.gained + shift.lost))
    ranked = sorted(moves.items(), key=lambda move: (-move[1], move[0]))
    return Difference(
        answers,
        changed,
        tuple(shifts),
        tuple((old, new, number) for (old, new), number in ranked),
        labels,
    )


def _open(shift: Shift, minimum: int) -> bool:
    """Whether its numbers may be seen: none is under the minimum but nought, nor how many stayed."""
    numbers = (shift.before, shift.after, shift.gained, shift.lost, shift.before - shift.lost)
    return all(number == 0 or number >= minimum for number in numbers)
