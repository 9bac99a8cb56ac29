"""From coded replies to findings: what stands in the way, for whom, how surely, and who has not been heard.

Shares are of the people who were heard, each counted once a theme however often they said it. Every number of a small
group is hidden, and every number from which one could be worked out (hiding.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .codebook import NO_BARRIER, UNCLEAR, Codebook, Theme
from .counting import ALL, Group, Key, Numbers, People, Sayings, is_crossing
from .findings import (
    OUTCOMES,
    UNKNOWN,
    Asked,
    Corrected,
    Earlier,
    Finding,
    GroupFinding,
    Opinion,
    Response,
    Summary,
    Unheard,
    Voice,
    Weighting,
)
from .hiding import Census, Shown, decide
from .intervals import wilson
from .quotes import Quote, pick
from .raking import Margins, MarginsError
from .releases import Past, told
from .report import as_text, to_json
from .sentiment import TONES
from .suppress import MINIMUM, Count, hide
from .voices import opinions, quotable, tones, tongues
from .weighting import roster
from .weighting import weigh as weighed

__all__ = ["Asked", "Summary", "Voice", "as_text", "summarize", "to_json"]

REACHED: tuple[str, ...] = ("language", "school")
"""The dimensions for which response is shown."""
AMONG = 50
"""A quote is chosen among so many times the quotes that are wanted, in each language."""


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
    pairs: Collection[tuple[str, str]] = (),
    crossed: bool = False,
    margins: Margins | None = None,
    weigh: bool = False,
    earlier: Sequence[Earlier] = (),
) -> Summary:
    """The findings of one survey.

    A person who is in ``voices`` counts as asked and answered, whatever ``asked`` says. ``focus`` keeps one top theme
    only; ``quotes`` is how many to give for each theme; ``names`` are known names to take out of them. ``pairs`` are
    dimensions to be crossed; which are asked for changes nothing of what is hidden in any. A state that is kept to be an
    earlier one is to be made with some, or ``crossed``: else no crossing can be shown after it. ``earlier`` are the states of
    this survey that have been shown before. Shares are weighted where there are ``margins`` ({dimension: {group: share, or
    number of people}}), or to make up for who of the asked was not heard (``weigh``). Raises KeyError for a code, a focus
    or a dimension that there is not, and raking.MarginsError for margins that cannot be met.
    """
    people = People.of(asked, voices)
    sayings = Sayings.of(voices, people.at(), codebook)
    tops = [
        theme for theme in codebook.tops if theme.kind == "barrier" and (focus is None or theme.id == focus)
    ]
    if focus is not None and focus not in {theme.id for theme in tops}:
        raise KeyError(focus)
    apart = codebook[NO_BARRIER] if NO_BARRIER in codebook and not focus else None
    counted = _Counted(people, sayings, codebook, tops, apart, minimum, tuple(map(Past.of, earlier)))
    shown = decide(counted.census, crossed=crossed or bool(pairs))
    weighting, weighted = _weighted(counted.census, shown, margins, weigh)
    corrections = _corrections(voices, counted, shown)
    parts = _Parts(
        counted,
        shown,
        tones(voices, sayings, codebook, counted.everybody),
        weighted,
        corrections.get(ALL, {}),
    )

    may = quotable(voices, sayings, codebook, _schools(people, shown), minimum, AMONG * quotes)
    chosen = pick(may, [theme.id for theme in tops if counted.total[theme.id] >= minimum], codebook, quotes, names)  # fmt: skip
    thought = opinions(voices, sayings, codebook, minimum)
    findings = [parts.finding(theme, chosen.get(theme.id, ()), thought.get(theme.id)) for theme in tops]
    findings.sort(key=lambda finding: -(finding.count or 0))
    outcomes = np.bincount(people.outcomes, minlength=len(OUTCOMES)).tolist()
    return Summary(
        survey=survey,
        asked=len(people),
        answered=int(people.answered.sum()),
        heard=counted.heard,
        uncoded=counted.uncoded,
        minimum=minimum,
        themes=tuple(findings),
        apart=parts.finding(apart) if apart else None,
        groups=_groups(counted, shown, corrections),
        unheard=Unheard(
            {outcome: outcomes[n] for n, outcome in enumerate(OUTCOMES) if outcome != "answered"},
            _response(people, shown),
        ),
        tongues=tongues(voices, sayings, minimum),
        pairs={pair: _pair(people, counted, shown, pair) for pair in pairs} if len(people) else {},
        weighting=weighting,
        shown=told(shown.cells, shown.counts, shown.hidden, parts.told(), crossed=crossed or bool(pairs)),
    )


class _Counted:
    """The people, what they said, and how many named each code."""

    def __init__(
        self,
        people: People,
        sayings: Sayings,
        codebook: Codebook,
        tops: Sequence[Theme],
        apart: Theme | None,
        minimum: int,
        past: Sequence[Past],
    ) -> None:
        said = sayings.said(len(people), len(codebook.themes))
        place = {theme.id: n for n, theme in enumerate(codebook.themes)}
        heard = sayings.heard(len(people))
        self.people, self.codebook, self.tops, self.minimum, self.past = people, codebook, tops, minimum, past
        self.heard = int(heard.sum())
        self.everybody = np.ones(len(people), dtype=bool)
        self.total = dict(zip(place, said.sum(axis=0).tolist(), strict=True))
        clear = [n for code, n in place.items() if code != UNCLEAR]
        self.uncoded = int((heard & ~said[:, clear].any(axis=1)).sum())
        rows = [*tops, apart] if apart else tops
        self.census = Census(
            people, heard, {theme.id: said[:, place[theme.id]] for theme in rows}, minimum, past
        )

    def news(self, past: Past) -> int:
        """How many people were heard now and not then."""
        return sum(person not in past.people for person, heard in zip(self.people.ids, self.census.heard.tolist(), strict=True) if heard)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a theme is made of: sub-themes and tones, counted for everybody only."""

    counted: _Counted
    shown: Shown
    felt: Mapping[str, Mapping[str, int]]
    weighted: Mapping[str, float]
    corrected: Mapping[str, Corrected]

    def finding(
        self, theme: Theme, quotes: tuple[Quote, ...] = (), polarity: Opinion | None = None
    ) -> Finding:
        if ALL in self.shown.hidden[theme.id]:
            return Finding(theme.id, theme.label, None, None, None, None)
        of, subs = self.counted.heard, self.subs(theme)
        count = self.counted.total[theme.id]
        low, high = wilson(count, of)
        return Finding(
            theme.id,
            theme.label,
            count,
            count / of,
            low,
            high,
            subs=tuple(self._sub(sub) for sub in subs),
            quotes=quotes,
            tones=self.tones(theme) if theme.kind == "barrier" else {},
            polarity=polarity,
            corrected=self.corrected.get(theme.id),
            weighted=self.weighted.get(theme.id),
        )

    def _sub(self, sub: Theme) -> Finding:
        count, of = self.counted.total[sub.id], self.counted.heard
        low, high = wilson(count, of)
        return Finding(sub.id, sub.label, count, count / of, low, high, corrected=self.corrected.get(sub.id))

    def subs(self, top: Theme) -> list[Theme]:
        """The sub-themes that may be shown, most named first."""
        total, of = self.counted.total, self.counted.heard
        subs = list(self.counted.codebook.children(top.id))
        hidden = {sub.id for sub in subs if Count(total[sub.id], of).small(self.counted.minimum)}
        for past in self.counted.past:
            hidden |= {sub.id for sub in subs if self._tells(past, "subs", sub.id, total[sub.id])}
        # A theme is not the sum of its sub-themes (people name several), but one hidden alone could be narrowed down.
        shown = [sub for sub in subs if sub.id not in hidden]
        if len(hidden) == 1 and sum(total[sub.id] for sub in shown) < total[top.id] and shown:
            shown.remove(min(shown, key=lambda sub: (total[sub.id], sub.id)))
        return sorted(shown, key=lambda sub: -total[sub.id])

    def tones(self, top: Theme) -> dict[str, int | None]:
        """How many of those who named it did so in each tone."""
        felt = self.felt[top.id]
        cells = {tone: Count(felt[tone]) for tone in TONES} | {"": Count(sum(felt.values()))}
        hidden = hide(cells, [("", TONES)], minimum=self.counted.minimum)
        shown = [tone for tone in TONES if tone not in hidden]
        if any(self._tones_tell(past, top.id, shown) for past in self.counted.past):
            shown = []
        return {tone: felt[tone] if tone in shown else None for tone in TONES}

    def _tones_tell(self, past: Past, top: str, shown: Sequence[str]) -> bool:
        """Whether tones tell of few beside those of an earlier state: one of them, or what is left for the others."""
        felt, then = self.felt[top], past.more.get("tones", {})
        if any(self._tells(past, "tones", f"{top} {tone}", felt[tone]) for tone in shown):
            return True
        both = [tone for tone in shown if f"{top} {tone}" in then]
        more = self.counted.total[top] - past.tables.get(top, {}).get(ALL, 0)
        left = more - sum(felt[tone] - then[f"{top} {tone}"] for tone in both)
        return bool(more and both) and len(both) < len(TONES) and left < self.counted.minimum

    def _tells(self, past: Past, table: str, name: str, now: int) -> bool:
        """Whether this number beside what an earlier state showed tells of few: of those who came since, or (where nobody
        came) of those who were hidden then."""
        then, heard = past.more.get(table, {}).get(name), past.tables.get("heard", {}).get(ALL, 0)
        if heard == self.counted.heard and not self.counted.news(past):
            return then is None
        return then is not None and Count(abs(now - then), abs(self.counted.heard - heard)).small(
            self.counted.minimum
        )

    def told(self) -> dict[str, dict[str, int]]:
        """What of this is shown, as plain data."""
        tops = [theme for theme in self.counted.tops if ALL not in self.shown.hidden[theme.id]]
        return {
            "subs": {sub.id: self.counted.total[sub.id] for top in tops for sub in self.subs(top)},
            "tones": {
                f"{top.id} {tone}": count
                for top in tops
                for tone, count in self.tones(top).items()
                if count is not None
            },
        }


def _weighted(
    census: Census, shown: Shown, margins: Margins | None, wished: bool
) -> tuple[Weighting | None, dict[str, float]]:
    if margins is not None:
        return weighed(census, shown, margins)
    if not wished:
        return None, {}
    people = census.people
    try:
        return weighed(census, shown, roster(people, REACHED) or roster(people, people.dimensions))
    except MarginsError:  # nobody chose these margins: where they cannot be met, there is no weighting
        return None, {}


def _corrections(
    voices: Sequence[Voice], counted: _Counted, shown: Shown
) -> dict[Group, dict[str, Corrected]]:
    """The corrected shares of everybody and of each group, as far as the coder kept how sure it was."""
    if not any(voice.chances is not None for voice in voices):
        return {}
    # Costs scipy's sparse matrices, and is not needed where nothing can be corrected.
    from .correcting import corrected

    people, rows = counted.people, list(counted.census.rows)
    subs = [sub.id for top in counted.tops for sub in counted.codebook.children(top.id)]
    groups: dict[Group, list[str]] = {}
    for at, (name, values) in enumerate(zip(people.dimensions, people.values, strict=True)):
        for place, value in enumerate(values):
            if shown.get("heard", (name, value)) is not None:
                who = np.nonzero(counted.census.heard & (people.codes[:, at] == place))[0].tolist()
                groups[name, value] = [people.ids[n] for n in who]
    return corrected(voices, counted.codebook, [*rows, *subs], groups)


def _groups(
    counted: _Counted, shown: Shown, corrections: Mapping[Group, Mapping[str, Corrected]]
) -> dict[str, dict[str, GroupFinding]]:
    people, answered = counted.people, shown.counts["answered"]
    found: dict[str, dict[str, GroupFinding]] = {}
    for dimension, values in zip(people.dimensions, people.values, strict=True):
        groups: list[Group] = [(dimension, value) for value in values]
        # Hidden groups come by name: an order by size would tell of theirs.
        groups.sort(
            key=lambda group: (
                group[1] == UNKNOWN,
                0 if group in shown.hidden["answered"] else -answered[group],
                group[1],
            )
        )
        found[dimension] = {
            group[1]: _group(counted, shown, group, corrections.get(group, {})) for group in groups
        }
    return found


def _group(
    counted: _Counted, shown: Shown, key: Key, corrections: Mapping[str, Corrected] | None = None
) -> GroupFinding:
    heard = shown.counts["heard"].get(key, 0)
    said = {row: shown.get(row, key) for row in counted.census.rows}
    return GroupFinding(
        shown.get("answered", key),
        shown.get("heard", key),
        {row: None if count is None else count / heard for row, count in said.items()},
        {row: one for row, one in (corrections or {}).items() if said.get(row) is not None},
    )


def _pair(
    people: People, counted: _Counted, shown: Shown, pair: tuple[str, str]
) -> dict[tuple[str, str], GroupFinding]:
    """The crossings of two dimensions of which anything may be told: of the others it is not even told that there are any."""
    for dimension in pair:
        if dimension not in people.dimensions:
            raise KeyError(dimension)
    if pair[0] == pair[1]:
        raise ValueError(f"{pair[0]} cannot be crossed with itself: name two dimensions")
    turned = people.dimensions.index(pair[0]) > people.dimensions.index(pair[1])
    found = {}
    for crossing in shown.cells.keys:
        if not is_crossing(crossing) or {crossing[0][0], crossing[1][0]} != set(pair):
            continue
        one = _group(counted, shown, shown.same.get(crossing, crossing))
        if one.answered is not None or one.heard is not None:
            values = (crossing[0][1], crossing[1][1])
            found[values[::-1] if turned else values] = one
    return dict(sorted(found.items()))


def _response(people: People, shown: Shown) -> dict[str, dict[str, Response]]:
    asked, answered = shown.counts["asked"], shown.counts["answered"]
    found: dict[str, dict[str, Response]] = {}
    for dimension in REACHED:
        if dimension not in people.dimensions:
            continue
        cells = [(dimension, value) for value in people.values[people.dimensions.index(dimension)]]
        left = sum(answered[cell] for cell in cells if cell in shown.hidden["answered"])
        for cell in cells:
            gone = cell in shown.hidden["answered"]
            found.setdefault(dimension, {})[cell[1]] = Response(
                asked=shown.get("asked", cell),
                answered=shown.get("answered", cell),
                rate=None if gone else answered[cell] / asked[cell],
                # Worked out from shown numbers alone: what all the hidden groups together answered.
                at_most=min(1.0, left / asked[cell]) if gone and cell not in shown.hidden["asked"] else None,
            )
    return found


def _schools(people: People, shown: Shown) -> tuple[Sequence[str], Numbers, list[str]]:
    """The names of the schools, the place among them of each person's, and those of which the number of people is told."""
    if "school" not in people.dimensions:
        return (UNKNOWN,), np.zeros(len(people), np.int64), []
    at = people.dimensions.index("school")
    names = people.values[at]
    told = [name for name in names if shown.get("heard", ("school", name)) is not None]
    return names, people.codes[:, at].astype(np.int64), told
