"""From coded replies to findings: what stands in the way, for whom, how surely, and who has not been heard.

Shares are of the people who were heard, each counted once a theme however often they said it. Every number of a small
group is hidden, and every number from which one could be worked out (suppress.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import fmean
from typing import NamedTuple

from .codebook import NO_BARRIER, UNCLEAR, Codebook
from .findings import (
    OUTCOMES,
    UNKNOWN,
    Asked,
    Finding,
    GroupFinding,
    Opinion,
    Outcome,
    Response,
    Summary,
    Tongue,
    Unheard,
    Voice,
)
from .intervals import wilson
from .quotes import Quote, pick
from .report import as_text, to_json
from .sentiment import TONES, Sentiment
from .suppress import MINIMUM, SPREAD, Count, hide, nested

__all__ = ["Asked", "Summary", "Voice", "as_text", "summarize", "to_json"]

Group = tuple[str, str]
"""(dimension, value)"""
_ALL: Group = ("", "")
REACHED: tuple[str, ...] = ("language", "school")
"""The dimensions for which response is shown."""
CERTAIN = 0.9
"""From here on the language of a reply counts as certain: on made-up replies 99 in 100 of such are right
(docs/language-identification.md)."""


def summarize(
    survey: str,
    asked: Iterable[Asked],
    voices: Sequence[Voice],
    codebook: Codebook,
    *,
    minimum: int = MINIMUM,
    quotes: int = 4,
    focus: str | None = None,
    names: Collection[str] = (),
) -> Summary:
    """The findings of one survey.

    A person who is in ``voices`` counts as asked and answered, whatever ``asked`` says. ``focus`` keeps one top theme
    only; ``quotes`` is how many to give for each theme; ``names`` are known names to take out of them. Raises
    KeyError for a code or focus that the codebook does not have.
    """
    people = _people(asked, voices)
    outcomes = Counter(outcome for outcome, _ in people.values())
    answered = {person for person, (outcome, _) in people.items() if outcome == "answered"}
    named = _named(voices, codebook)
    heard = set(named)
    groups = {person: belongs for person, (_, belongs) in people.items()}
    tops = [
        theme for theme in codebook.tops if theme.kind == "barrier" and (focus is None or theme.id == focus)
    ]
    if focus is not None and focus not in {theme.id for theme in tops}:
        raise KeyError(focus)
    rows = [theme.id for theme in tops]
    tables = _Tables(groups, answered, heard, named, rows if focus else [*rows, NO_BARRIER], minimum)
    hidden = tables.hidden()
    total = {code: sum(code in said for said in named.values()) for code in (*codebook.codes, *rows)}

    quotable = _quotable(tables, hidden, voices, minimum)
    chosen = pick(quotable, [row for row in rows if total[row] >= minimum], codebook, quotes, names)
    findings = [
        _finding(
            codebook,
            row,
            total,
            len(heard),
            minimum,
            quotes=chosen.get(row, ()),
            tones=_tones(voices, codebook, row, minimum),
            polarity=_polarity(voices, codebook, row, minimum),
        )
        for row in rows
    ]
    findings.sort(key=lambda finding: (-(finding.count or 0), rows.index(finding.theme)))
    return Summary(
        survey=survey,
        asked=len(people),
        answered=len(answered),
        heard=len(heard),
        uncoded=sum(said <= {UNCLEAR} for said in named.values()),
        minimum=minimum,
        themes=tuple(findings),
        apart=None if focus else _finding(codebook, NO_BARRIER, total, len(heard), minimum),
        groups=tables.shown(hidden),
        unheard=Unheard(
            {outcome: outcomes[outcome] for outcome in OUTCOMES if outcome != "answered"},
            tables.response(hidden),
        ),
        tongues=_tongues(voices, minimum),
    )


def _tongues(voices: Sequence[Voice], minimum: int) -> dict[str, Tongue]:
    """How well the replies in each language were understood, for languages of at least ``minimum`` people: most people first."""
    said: dict[str, list[Voice]] = {}
    for voice in voices:
        said.setdefault(voice.language, []).append(voice)
    people = {language: len({voice.person for voice in theirs}) for language, theirs in said.items()}
    return {
        language: Tongue(
            certain=sum((voice.certainty or 0) >= CERTAIN for voice in said[language]) / len(said[language]),
            readable=sum(_readable(voice) for voice in said[language]) / len(said[language]),
        )
        for language in sorted(said, key=lambda language: (-people[language], language))
        if people[language] >= minimum
    }


def _readable(voice: Voice) -> bool:
    return voice.english is not None or voice.language.partition("-")[0] == "en"


def _people(asked: Iterable[Asked], voices: Sequence[Voice]) -> dict[str, tuple[Outcome, dict[str, str]]]:
    """Everybody once, with their best outcome and a value in every dimension."""
    people: dict[str, tuple[Outcome, dict[str, str]]] = {}
    spoke: list[Asked] = [Asked(voice.person, "answered", voice.groups) for voice in voices]
    for one in (*asked, *spoke):
        outcome, groups = people.get(one.person, (one.outcome, {}))
        better = min(outcome, one.outcome, key=OUTCOMES.index)
        # What the list of the asked says of a person's groups comes first.
        people[one.person] = better, {**{k: v for k, v in one.groups.items() if v}, **groups}
    dimensions = sorted({dimension for _, groups in people.values() for dimension in groups})
    return {
        person: (outcome, {dimension: groups.get(dimension) or UNKNOWN for dimension in dimensions})
        for person, (outcome, groups) in people.items()
    }


def _named(voices: Sequence[Voice], codebook: Codebook) -> dict[str, set[str]]:
    """The codes of each person heard, and the top themes of those codes."""
    named: dict[str, set[str]] = {}
    for voice in voices:
        said = named.setdefault(voice.person, set())
        for code in voice.themes:
            said |= {code, codebook.top(code)}
    return named


class Hidden(NamedTuple):
    """The groups whose number of people asked, answered, and heard is hidden."""

    asked: frozenset[Group]
    answered: frozenset[Group]
    heard: frozenset[Group]


@dataclass(frozen=True, slots=True)
class _Tables:
    """The counts of every group, and which of them may be shown."""

    groups: Mapping[str, Mapping[str, str]]
    answered: Collection[str]
    heard: Collection[str]
    named: Mapping[str, set[str]]
    rows: Sequence[str]
    minimum: int

    def shown(self, hidden: Hidden) -> dict[str, dict[str, GroupFinding]]:
        answered, heard = self._count(self.answered), self._count(self.heard)
        sums = _sums(self.groups)
        table: dict[Group, dict[str, float | None]] = {group: {} for group in answered}
        for row in self.rows:
            said = self._count(person for person in self.heard if row in self.named[person])
            counts = {group: Count(said[group], heard[group]) for group in answered}
            small = hide(counts, sums, minimum=self.minimum, also=hidden.heard)
            for group, count in counts.items():
                table[group][row] = None if group in small else count.said / heard[group]
        found: dict[str, dict[str, GroupFinding]] = {}
        for group in sorted(
            answered, key=lambda group: (group[0], group[1] == UNKNOWN, -answered[group], group[1])
        ):
            if group != _ALL:
                found.setdefault(group[0], {})[group[1]] = GroupFinding(
                    None if group in hidden.answered else answered[group],
                    None if group in hidden.heard else heard[group],
                    table[group],
                )
        return found

    def response(self, hidden: Hidden) -> dict[str, dict[str, Response]]:
        asked, answered = self._count(self.groups), self._count(self.answered)
        found: dict[str, dict[str, Response]] = {}
        for dimension in REACHED:
            cells = [cell for cell in asked if cell[0] == dimension]
            left = sum(answered[cell] for cell in cells if cell in hidden.answered)
            for cell in cells:
                gone = cell in hidden.answered
                found.setdefault(dimension, {})[cell[1]] = Response(
                    asked=None if cell in hidden.asked else asked[cell],
                    answered=None if gone else answered[cell],
                    rate=None if gone else answered[cell] / asked[cell],
                    # Worked out from shown numbers alone: what all the hidden groups together answered.
                    at_most=min(1.0, left / asked[cell]) if gone and cell not in hidden.asked else None,
                )
        return found

    def hidden(self) -> Hidden:
        """The groups whose sizes may not be told: too few, or another would be given away.

        One set for each size, whatever table shows it. A group is hidden in every size that is part of a hidden one.
        """
        sums = _sums(self.groups)
        sizes = [self._count(people) for people in (self.groups, self.answered, self.heard)]
        gone: list[frozenset[Group]] = [frozenset()] * len(sizes)
        while True:
            before = list(gone)
            for at, size in enumerate(sizes):
                also = gone[at] | (gone[at - 1] if at else frozenset())
                cells = {group: Count(number) for group, number in size.items()}
                gone[at] = hide(cells, sums, minimum=self.minimum, also=also)
            for at, (whole, part) in enumerate(pairwise(sizes)):
                gone[at] |= _tight(whole, part, gone[at + 1], sums)
            if gone == before:
                return Hidden(*gone)

    def _count(self, people: Iterable[str]) -> dict[Group, int]:
        counts: dict[Group, int] = dict.fromkeys(_cells(self.groups), 0)
        for person in people:
            counts[_ALL] += 1
            for group in self.groups[person].items():
                counts[group] += 1
        return counts


def _cells(groups: Mapping[str, Mapping[str, str]]) -> list[Group]:
    return [_ALL, *sorted({group for values in groups.values() for group in values.items()})]


def _sums(groups: Mapping[str, Mapping[str, str]]) -> list[tuple[Group, list[Group]]]:
    """Everybody is the sum of each dimension's groups; some groups are the sums of others."""
    cells = _cells(groups)[1:]
    dimensions = sorted({dimension for dimension, _ in cells})
    whole = [(_ALL, [cell for cell in cells if cell[0] == dimension]) for dimension in dimensions]
    return [*whole, *nested(groups)]


def _tight(
    whole: Mapping[Group, int],
    part: Mapping[Group, int],
    hidden: Collection[Group],
    sums: Iterable[tuple[Group, Sequence[Group]]],
) -> frozenset[Group]:
    """The groups whose hidden part their whole would give away: all but a few of the whole are in the part."""
    found: set[Group] = set()
    for _, children in sums:
        gone = [cell for cell in children if cell in hidden]
        if sum(whole[cell] - part[cell] for cell in gone) < SPREAD:
            found.update(gone)
    return frozenset(found)


def _finding(
    codebook: Codebook,
    code: str,
    total: Mapping[str, int],
    heard: int,
    minimum: int,
    *,
    quotes: tuple[Quote, ...] = (),
    tones: Mapping[str, int | None] | None = None,
    polarity: Opinion | None = None,
) -> Finding:
    label = codebook[code].label
    if Count(total[code], heard).small(minimum):
        return Finding(code, label, None, None, None, None)
    low, high = wilson(total[code], heard)
    subs = [theme.id for theme in codebook.children(code)]
    # A theme is not the sum of its sub-themes (people name several), but one hidden alone could be narrowed down.
    hidden = {sub for sub in subs if Count(total[sub], heard).small(minimum)}
    if len(hidden) == 1 and sum(total[sub] for sub in subs if sub not in hidden) < total[code]:
        hidden |= set(sorted(set(subs) - hidden, key=lambda sub: (total[sub], sub))[:1])
    shown = sorted(set(subs) - hidden, key=lambda sub: (-total[sub], subs.index(sub)))
    return Finding(
        code,
        label,
        total[code],
        total[code] / heard,
        low,
        high,
        subs=tuple(_finding(codebook, sub, total, heard, minimum) for sub in shown),
        quotes=quotes,
        tones=tones or {},
        polarity=polarity,
    )


def _tones(voices: Sequence[Voice], codebook: Codebook, top: str, minimum: int) -> dict[str, int | None]:
    """How many of those who named a theme did so in each tone: that of their reply that names it most surely."""
    surest: dict[str, tuple[float, Sentiment]] = {}
    for voice in voices:
        sure = max(
            (chance for code, chance in voice.themes.items() if codebook.top(code) == top), default=0.0
        )
        if voice.sentiment and sure > surest.get(voice.person, (0.0, ""))[0]:
            surest[voice.person] = sure, voice.sentiment
    counts = Counter(tone for _, tone in surest.values())
    cells: dict[str, Count] = {tone: Count(counts[tone]) for tone in TONES}
    cells[""] = Count(len(surest))
    hidden = hide(cells, [("", TONES)], minimum=minimum)
    return {tone: None if tone in hidden else counts[tone] for tone in TONES}


def _polarity(voices: Sequence[Voice], codebook: Codebook, top: str, minimum: int) -> Opinion | None:
    """The mean over the people who named a theme, each counted once, where enough of them have an English text."""
    said: dict[str, list[float]] = {}
    for voice in voices:
        if voice.polarity is not None and any(codebook.top(code) == top for code in voice.themes):
            said.setdefault(voice.person, []).append(voice.polarity)
    if len(said) < minimum:
        return None
    return Opinion(round(fmean(map(fmean, said.values())), 2), len(said))


def _quotable(tables: _Tables, hidden: Hidden, voices: Sequence[Voice], minimum: int) -> list[Voice]:
    """The voices that may be quoted, each with its school where that may be named, and no other group.

    Words in a language tell the language: nobody is quoted whose language too few have spoken in, and a school beside
    the words is a crossing, so it is named only where enough have spoken in that language at that school.
    """
    spoke = {(voice.person, voice.language) for voice in voices}
    speakers = Counter(language for _, language in spoke)
    there = Counter((language, tables.groups[person].get("school", UNKNOWN)) for person, language in spoke)
    quotable = []
    for voice in voices:
        school = tables.groups[voice.person].get("school", UNKNOWN)
        named = (
            school != UNKNOWN
            and ("school", school) not in hidden.heard
            and there[voice.language, school] >= minimum
        )
        if speakers[voice.language] >= minimum:
            quotable.append(replace(voice, groups={"school": school} if named else {}))
    return quotable
