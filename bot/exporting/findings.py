"""Findings as tables: every number that pages show, with a mark where one is hidden, and none that they hide."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from analysis import item_report
from analysis.codebook import Codebook
from analysis.findings import Summary
from analysis.items import Results
from analysis.report import OUTCOMES

from .figures import Figure, figures
from .tables import About, Cell, Column, Row, Sheet, Tables, sheet

FIGURES = (
    Column("count", "People", "count"),
    Column("of", "Out of", "count"),
    Column("share", "Share", "share"),
    Column("low", "From (95%)", "share"),
    Column("high", "To (95%)", "share"),
    Column("hidden", "Hidden", "yesno"),
)
CORRECTED = (
    Column("corrected", "Share, corrected for the coder's errors", "share"),
    Column("corrected_low", "Corrected, from (95%)", "share"),
    Column("corrected_high", "Corrected, to (95%)", "share"),
    Column("corrected_from", "Known from so many people's replies", "count"),
)
WEIGHTED = Column("weighted", "Share, weighted to the roster", "share")
THEME = (
    Column("measure", "Kind", "code", {"theme": "Theme", "subtheme": "Sub-theme", "apart": "No barrier"}),
    Column("theme", "Theme", width=26),
    Column("part_of", "Part of", width=16),
    Column("label", "Label", width=34),
)
EVERY = (
    Column("measure", "Kind", "code", {**THEME[0].values, "response": "Answered"}),
    *THEME[1:],
)
PLACE = (Column("by", "By"), Column("group", "Group", width=24))
SECOND = (Column("by_2", "And by"), Column("group_2", "And group", width=24))


def tables(summary: Summary, results: Results | None, book: Codebook, about: About) -> Tables:
    """``results``: of the closed questions, where there are any."""
    every = list(figures(summary))
    said = [figure for figure in every if figure.measure != "response"]
    alone = [figure for figure in said if not figure.dimension]
    single = [figure for figure in said if figure.dimension and not figure.dimension2]
    double = [figure for figure in said if figure.dimension2]
    sheets = [
        _sheet("themes", "What stands in the way", alone, (*THEME, *FIGURES, *CORRECTED, WEIGHTED), _theme),
        _tones(summary),
        _sheet("groups", "By group", single, (*PLACE, *THEME, *FIGURES, *CORRECTED), _group),
        _sheet("pairs", "By two groups at once (what is not there is hidden)", double, (*PLACE, *SECOND, *THEME, *FIGURES, *CORRECTED), _pair),
        _response([figure for figure in every if figure.measure == "response"]),
        _unheard(summary),
        _languages(summary),
        _items(results),
    ]  # fmt: skip
    there = tuple(each for each in sheets if next(each.rows(), None) is not None)
    columns = (*PLACE, *SECOND, *EVERY, *FIGURES, *CORRECTED, WEIGHTED)
    everything = _sheet(
        "figures", "Every number", every, columns, lambda figure: (*_pair(figure), figure.weighted)
    )
    return Tables(about, there, everything, book)


def _sheet(
    name: str,
    title: str,
    found: Sequence[Figure],
    columns: tuple[Column, ...],
    row: Callable[[Figure], Row],
) -> Sheet:
    return sheet(name, title, columns, [row(figure) for figure in found])


def _theme(figure: Figure) -> Row:
    return (*_named(figure), *_numbers(figure), *_corrected(figure), figure.weighted)


def _group(figure: Figure) -> Row:
    return (figure.dimension, figure.value, *_named(figure), *_numbers(figure), *_corrected(figure))


def _pair(figure: Figure) -> Row:
    place = figure.dimension, figure.value, figure.dimension2, figure.value2
    return (*place, *_named(figure), *_numbers(figure), *_corrected(figure))


def _named(figure: Figure) -> tuple[Cell, ...]:
    return figure.measure, figure.theme, figure.parent, figure.label


def _numbers(figure: Figure) -> tuple[Cell, ...]:
    return figure.count, figure.of, figure.share, figure.low, figure.high, figure.hidden


def _corrected(figure: Figure) -> tuple[Cell, ...]:
    found = figure.corrected
    return (found.share, found.low, found.high, found.known) if found else (None,) * 4


def _tones(summary: Summary) -> Sheet:
    columns = (
        Column("theme", "Theme", width=26),
        Column("label", "Label", width=34),
        Column("tone", "Tone of the reply"),
        Column("count", "People", "count"),
        Column("hidden", "Hidden", "yesno"),
    )
    rows = [
        (finding.theme, finding.label, tone, count, count is None)
        for finding in summary.themes
        for tone, count in finding.tones.items()
    ]
    return sheet("tones", "In what tone", columns, rows)


def _response(found: Sequence[Figure]) -> Sheet:
    columns = (
        *PLACE,
        Column("asked", "Asked", "count"),
        Column("answered", "Answered", "count"),
        Column("rate", "Share who answered", "share"),
        Column("at_most", "At most, where hidden", "share"),
        Column("hidden", "Hidden", "yesno"),
    )
    rows = [
        (each.dimension, each.value, each.of, each.count, each.share, each.high, each.hidden)
        for each in found
    ]
    return sheet("response", "Who answered", columns, rows)


def _unheard(summary: Summary) -> Sheet:
    columns = (
        Column("outcome", "Outcome", width=16),
        Column("meaning", "They were …", width=40),
        Column("people", "People", "count"),
    )
    rows = [(name, OUTCOMES.get(name, name), count) for name, count in summary.unheard.outcomes.items()]
    return sheet("not_heard", "Who was not heard", columns, rows)


def _languages(summary: Summary) -> Sheet:
    columns = (
        Column("language", "Language"),
        Column("certain", "Replies whose language is certain", "share"),
        Column("readable", "Replies that can be read in English", "share"),
    )
    rows = [(language, tongue.certain, tongue.readable) for language, tongue in summary.tongues.items()]
    return sheet("languages", "How well languages were understood", columns, rows)


SHARES = frozenset({"share", "low", "high"})
COUNTS = frozenset({"counted", "count"})
NUMBERS = frozenset({"mean_place", "median", "lower_quartile", "upper_quartile"})


def _items(results: Results | None) -> Sheet:
    def column(name: str) -> Column:
        label = name.replace("_", " ").capitalize()
        if name in SHARES:
            return Column(name, label, "share")
        if name in COUNTS:
            return Column(name, label, "count")
        if name in NUMBERS:
            return Column(name, label, "number")
        return Column(name, label, "yesno" if name == "hidden" else "text", width=24)

    def rows() -> Iterator[Row]:
        for row in item_report.rows(results) if results else ():
            yield (*row[:-1], row[-1] == "yes")

    return Sheet("items", "Closed questions", tuple(map(column, item_report.HEADINGS)), rows)
