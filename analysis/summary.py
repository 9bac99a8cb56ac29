"""From coded replies to findings: what stands in the way, for whom, how surely, and who has not been heard.

Shares are of the people who were heard, each counted once a theme however often they said it. Every number of a small
group is hidden, and every number from which one could be worked out (suppress.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

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
    Unheard,
    Voice,
)
from .intervals import wilson
from .quotes import Quote, pick
from .report import as_text, to_json
from .sentiment import TONES, Sentiment
from .suppress import MINIMUM, Count, hide, nested

__all__ = ["Asked", "Summary", "Voice", "as_text", "summarize", "to_json"]

Group = tuple[str, str]
"""(dimension, value)"""
_ALL: Group = ("", "")
REACHED: tuple[str, ...] = ("language", "school")
"""The dimensions for which response is shown."""


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
    by_group = tables.shown()
    total = {code: sum(code in said for said in named.values()) for code in (*codebook.codes, *rows)}

    quotable = _quotable(tables, voices, minimum)
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
        groups=by_group,
        unheard=_unheard(people, answered, minimum),
    )


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


@dataclass(frozen=True, slots=True)
class _Tables:
    """The counts of every group, and which of them may be shown."""

    groups: Mapping[str, Mapping[str, str]]
    answered: Collection[str]
    heard: Collection[str]
    named: Mapping[str, set[str]]
    rows: Sequence[str]
    minimum: int

    def shown(self) -> dict[str, dict[str, GroupFinding]]:
        sums = _sums(self.groups)
        answered, heard = self._count(self.answered), self._count(self.heard)
        no_answered = hide({group: Count(n) for group, n in answered.items()}, sums, minimum=self.minimum)
        no_heard = self.small(sums)
        table: dict[Group, dict[str, float | None]] = {group: {} for group in answered}
        for row in self.rows:
            said = self._count(person for person in self.heard if row in self.named[person])
            counts = {group: Count(said[group], heard[group]) for group in answered}
            hidden = hide(counts, sums, minimum=self.minimum, also=no_heard)
            for group, count in counts.items():
                table[group][row] = None if group in hidden else count.said / heard[group]
        found: dict[str, dict[str, GroupFinding]] = {}
        for group in sorted(
            answered, key=lambda group: (group[0], group[1] == UNKNOWN, -answered[group], group[1])
        ):
            if group != _ALL:
                found.setdefault(group[0], {})[group[1]] = GroupFinding(
                    None if group in no_answered else answered[group],
                    None if group in no_heard else heard[group],
                    table[group],
                )
        return found

    def small(self, sums: Sequence[tuple[Group, Sequence[Group]]]) -> frozenset[Group]:
        """The groups of which nothing may be told: too few were heard, or another would be given away."""
        heard = self._count(self.heard)
        return hide({group: Count(number) for group, number in heard.items()}, sums, minimum=self.minimum)

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


def _quotable(tables: _Tables, voices: Sequence[Voice], minimum: int) -> list[Voice]:
    """The voices that may be quoted, each with only those of its groups that may be named.

    Words in a language tell the language, so nobody is quoted whose language too few have spoken in.
    """
    small = tables.small(_sums(tables.groups))
    speakers = Counter(language for _, language in {(voice.person, voice.language) for voice in voices})
    return [
        replace(
            voice,
            groups={
                d: v for d, v in tables.groups[voice.person].items() if (d, v) not in small and v != UNKNOWN
            },
        )
        for voice in voices
        if speakers[voice.language] >= minimum
    ]


def _unheard(
    people: Mapping[str, tuple[Outcome, Mapping[str, str]]], answered: Collection[str], minimum: int
) -> Unheard:
    outcomes = Counter(outcome for outcome, _ in people.values())
    response: dict[str, dict[str, Response]] = {}
    for dimension in REACHED:
        asked = Counter(groups[dimension] for _, groups in people.values() if dimension in groups)
        if not asked:
            continue
        said = Counter(people[person][1][dimension] for person in answered)
        values = sorted(asked)
        sizes: dict[str, Count] = {value: Count(asked[value]) for value in values} | {"": Count(len(people))}
        few = hide(sizes, [("", values)], minimum=minimum)
        counts: dict[str, Count] = {value: Count(said[value]) for value in values} | {
            "": Count(len(answered))
        }
        hidden = hide(counts, [("", values)], minimum=minimum, also=few)
        left = sum(said[value] for value in values if value in hidden)
        response[dimension] = {
            value: Response(
                asked=None if value in few else asked[value],
                answered=None if value in hidden else said[value],
                rate=None if value in hidden else said[value] / asked[value],
                # Worked out from shown numbers alone: what all the hidden groups together answered.
                at_most=None if value not in hidden or value in few else min(1.0, left / asked[value]),
            )
            for value in values
        }
    return Unheard({outcome: outcomes[outcome] for outcome in OUTCOMES if outcome != "answered"}, response)
