"""A summary straight from a table of coded replies, as people have it in a notebook; and its numbers back as rows.

    >>> table = {"person": range(24), "themes": ["bus"] * 12 + ["food; money"] * 12, "school": ["Oak"] * 24}
    >>> [(one.label, one.count) for one in summarise(table).themes]
    [('bus', 12), ('food', 12), ('money', 12)]

pandas and polars data frames, Arrow tables, dicts of columns and lists of dicts all do. None of those libraries is needed
for it, and nothing is read from anywhere else.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from .codebook import NO_BARRIER, UNCLEAR, Codebook, Theme
from .findings import OUTCOMES, Asked, Finding, Summary, Voice
from .intervals import wilson
from .raking import Margins
from .summary import summarize
from .suppress import MINIMUM

PERSON, TEXT, THEMES, LANGUAGE = "person", "text", "themes", "language"
UNDETERMINED = "und"
"""BCP 47's word for a language that is not known."""


class FrameError(ValueError):
    """A table that cannot be summed up: says which column, in which row, what is wrong with it, and how to mend it."""


def summarise(
    frame: Any,
    codebook: Codebook | None = None,
    *,
    by: Collection[str] | None = None,
    asked: Any = None,
    survey: str = "survey",
    minimum: int = MINIMUM,
    quotes: int = 0,
    names: Collection[str] = (),
    pairs: Collection[tuple[str, str]] = (),
    margins: Margins | None = None,
    weigh: bool = False,
) -> Summary:
    """The findings of a table with a row for each reply.

    Columns: ``person`` (who said it; each counts once), ``themes`` (a list, or text with semicolons between; none means that
    nothing was found), and, where there are such, ``text`` and ``language``. Every other column, or those named ``by``,
    divides people into groups; empty cells are a group of their own. Without a ``codebook`` themes are what is
    written there. ``asked`` is a table of all who were asked: ``person``, the same groups, and ``outcome`` if it is known.
    Quotes are redacted as far as machines can: read each before it goes anywhere.

    Small numbers are hidden, and all from which they could be worked out. Print ``as_text(found)``, or turn ``rows(found)`` into a
    data frame again. Raises FrameError.
    """
    columns = _columns(frame, "the table")
    people = [_person(value, n) for n, value in enumerate(_need(columns, PERSON))]
    said = [_themes(value, n) for n, value in enumerate(_need(columns, THEMES))]
    book = codebook or _plain(said)
    for n, codes in enumerate(said):
        for code in codes:
            if code not in book:
                raise FrameError(f"column {THEMES}, row {n + 1}: {code!r} is no theme of the codebook {book.id} {book.version}. Correct it, or leave the codebook out")  # fmt: skip
    dimensions = _dimensions(columns, by, {PERSON, TEXT, THEMES})
    groups = _groups(columns, dimensions)
    texts = [_text(value) for value in columns.get(TEXT, [None] * len(people))]
    languages = [_text(value) or UNDETERMINED for value in columns.get(LANGUAGE, [None] * len(people))]
    voices = [
        Voice(person, language, text, None, None, dict.fromkeys(codes, 1.0), belongs)
        for person, language, text, codes, belongs in zip(people, languages, texts, said, groups, strict=True)
    ]
    for one, other in pairs:
        for name in (one, other):
            if name not in dimensions:
                raise FrameError(f"pairs: there is no column {name!r} to cross. There are: {', '.join(dimensions) or 'none'}")  # fmt: skip
    for name in margins or {}:
        if name not in dimensions:
            raise FrameError(f"margins: there is no column {name!r} to weight by. There are: {', '.join(dimensions) or 'none'}")  # fmt: skip
    return summarize(
        survey,
        _asked(asked, dimensions) if asked is not None else [],
        voices,
        book,
        minimum=minimum,
        quotes=quotes if TEXT in columns else 0,
        names=names,
        pairs=pairs,
        margins=margins,
        weigh=weigh,
    )


def rows(summary: Summary) -> list[dict[str, Any]]:
    """Every number of a summary as a row: whose (``dimension`` and ``value``; of crossings also ``dimension2`` and ``value2``), which
    ``theme`` (None: the people themselves), ``count`` of ``base``, and ``share`` with its interval. Hidden is None."""
    found = [
        _row(None, None, base=summary.answered, count=summary.heard),
        *(
            row
            for finding in (*summary.themes, *((summary.apart,) if summary.apart else ()))
            for row in _finding(finding, summary.heard)
        ),
    ]
    for dimension, values in summary.groups.items():
        for value, group in values.items():
            found += _group((dimension, value), group.answered, group.heard, group.themes, group.corrected)
    for (one, other), crossings in summary.pairs.items():
        for (a, b), group in crossings.items():
            found += _group((one, a, other, b), group.answered, group.heard, group.themes, group.corrected)
    return found


def _finding(finding: Finding, base: int) -> Iterator[dict[str, Any]]:
    row = _row(finding.theme, finding.label, base=base, count=finding.count)
    if finding.corrected:
        row |= {"corrected": finding.corrected.share, "corrected_low": finding.corrected.low, "corrected_high": finding.corrected.high}  # fmt: skip
    yield row | {"weighted": finding.weighted}
    for sub in finding.subs:
        yield from _finding(sub, base)


def _group(
    of: tuple[str, ...],
    answered: int | None,
    heard: int | None,
    themes: Mapping[str, float | None],
    corrected: Mapping[str, Any],
) -> Iterator[dict[str, Any]]:
    yield _row(None, None, of, base=answered, count=heard)
    for theme, share in themes.items():
        count = None if share is None or heard is None else round(share * heard)
        row = _row(theme, None, of, base=heard, count=count)
        if one := corrected.get(theme):
            row |= {"corrected": one.share, "corrected_low": one.low, "corrected_high": one.high}
        yield row


def _row(
    theme: str | None,
    label: str | None,
    of: tuple[str, ...] = (),
    *,
    base: int | None,
    count: int | None,
) -> dict[str, Any]:
    told = count is not None and bool(base)
    low, high = wilson(count or 0, base or 0) if told else (None, None)
    dimension, value, dimension2, value2 = (*of, None, None, None, None)[:4]
    return {
        "dimension": dimension,
        "value": value,
        "dimension2": dimension2,
        "value2": value2,
        "theme": theme,
        "label": label or theme,
        "base": base,
        "count": count,
        "share": (count or 0) / (base or 1) if told else None,
        "low": low,
        "high": high,
        "corrected": None,
        "corrected_low": None,
        "corrected_high": None,
        "weighted": None,
    }


def _columns(frame: Any, what: str) -> dict[str, list[Any]]:
    """The columns of whatever holds a table."""
    if hasattr(frame, "to_pydict"):  # Arrow
        found = frame.to_pydict()
    elif hasattr(frame, "to_dict") and hasattr(
        frame, "columns"
    ):  # pandas: Series by name; polars: Series by name as well
        found = {str(name): frame[name] for name in frame.columns}
    elif isinstance(frame, Mapping):
        found = frame
    elif isinstance(frame, Iterable) and not isinstance(frame, str | bytes):
        dicts = list(frame)
        if not all(isinstance(one, Mapping) for one in dicts):
            raise FrameError(f"{what}: every row must be a dict of its columns. Give a data frame, an Arrow table, a dict of columns or a list of dicts")  # fmt: skip
        keys = dict.fromkeys(str(name) for one in dicts for name in one)
        found = {name: [one.get(name) for one in dicts] for name in keys}
    else:
        raise FrameError(f"{what}: a {type(frame).__name__} is no table. Give a data frame, an Arrow table, a dict of columns or a list of dicts")  # fmt: skip
    columns = {str(name): _values(name, values) for name, values in found.items()}
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        most = max(lengths.values())
        name = next(name for name, length in lengths.items() if length != most)
        raise FrameError(f"column {name}: {lengths[name]} cells where other columns have {most}. Give every column as many cells as there are replies")  # fmt: skip
    return columns


def _values(name: object, values: Any) -> list[Any]:
    for way in ("tolist", "to_list"):
        if hasattr(values, way):
            return list(getattr(values, way)())
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise FrameError(
            f"column {name}: a {type(values).__name__} is no column. Give a list with a cell for each reply"
        )
    return list(values)


def _need(columns: Mapping[str, list[Any]], name: str, what: str = "the table") -> list[Any]:
    if name not in columns:
        there = ", ".join(columns) or "none"
        raise FrameError(
            f"{what}: there is no column {name!r}. Rename the one that has it; there are: {there}"
        )
    return columns[name]


def _missing(value: Any) -> bool:
    """None, NaN, pandas' NA and NaT, and blank text."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return True
    if isinstance(value, str):
        return not value.strip()
    return type(value).__name__ in ("NAType", "NaTType")


def _person(value: Any, n: int) -> str:
    if _missing(value):
        raise FrameError(
            f"column {PERSON}, row {n + 1}: nobody is named. Give each reply the id of who said it"
        )
    if isinstance(value, bool) or (not isinstance(value, str | int | float) and not hasattr(value, "hex")):
        raise FrameError(
            f"column {PERSON}, row {n + 1}: a {type(value).__name__} is no id. Use text or whole numbers"
        )
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _themes(value: Any, n: int) -> list[str]:
    if isinstance(value, str):
        return [code for part in value.split(";") if (code := part.strip())]
    if not isinstance(value, str) and hasattr(value, "tolist") and not isinstance(value, float):
        value = value.tolist()
    if isinstance(value, Sequence | set | frozenset):
        named = sorted(value, key=str) if isinstance(value, set | frozenset) else list(value)
        if not all(isinstance(code, str) for code in named):
            raise FrameError(
                f"column {THEMES}, row {n + 1}: a list of themes must hold text only. Write each theme's id or label"
            )
        return [code.strip() for code in named if code.strip()]
    if _missing(value):
        return []
    raise FrameError(f"column {THEMES}, row {n + 1}: a {type(value).__name__} is no list of themes. Use a list, or text with semicolons between")  # fmt: skip


def _text(value: Any) -> str:
    return "" if _missing(value) else str(value)


def _dimensions(columns: Mapping[str, list[Any]], by: Collection[str] | None, own: set[str]) -> list[str]:
    if by is None:
        return [name for name in columns if name not in own]
    if isinstance(by, str):
        raise FrameError(f"by: {by!r} must be a list of columns: by=[{by!r}]")
    for name in by:
        _need(columns, name, "by")
    return list(dict.fromkeys(by))


def _groups(columns: Mapping[str, list[Any]], dimensions: Sequence[str]) -> list[dict[str, str]]:
    number = len(next(iter(columns.values()), []))
    if not dimensions:
        return [{} for _ in range(number)]
    told = []
    for name in dimensions:
        known: dict[Any, str] = {}
        for n, value in enumerate(columns[name]):
            if not isinstance(value, Hashable):
                raise FrameError(
                    f"column {name}, row {n + 1}: a {type(value).__name__} is no group. Name the columns that divide people "
                    f"into groups, by=[…]; by=[] for none"
                )
        told.append(
            [
                known[value] if value in known else known.setdefault(value, _value(value))
                for value in columns[name]
            ]
        )
    return [dict(zip(dimensions, values, strict=True)) for values in zip(*told, strict=True)]


def _value(value: Any) -> str:
    """The name of a group. A whole number in a column with gaps is a float for pandas, and no other group for that."""
    if isinstance(value, str):
        return value.strip()
    if _missing(value):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _asked(table: Any, dimensions: Sequence[str]) -> list[Asked]:
    columns = _columns(table, "asked")
    people = [_person(value, n) for n, value in enumerate(_need(columns, PERSON, "asked"))]
    groups = _groups({PERSON: columns[PERSON], **columns}, [name for name in dimensions if name in columns])
    outcomes = columns.get("outcome", ["waiting"] * len(people))
    for n, outcome in enumerate(outcomes):
        if outcome not in OUTCOMES:
            raise FrameError(f"asked: column outcome, row {n + 1}: {outcome!r} is none of {', '.join(OUTCOMES)}. Use one of these")  # fmt: skip
    return [Asked(person, outcome, belongs) for person, outcome, belongs in zip(people, outcomes, groups, strict=True)]  # fmt: skip


def _plain(said: Sequence[Sequence[str]]) -> Codebook:
    """A codebook of the themes as they are written, in order of the alphabet."""
    labels = sorted({code for codes in said for code in codes})
    return Codebook(
        "table",
        "1",
        "The themes of the table",
        tuple(
            Theme(label, None, label, "", "", "", "other" if label in (NO_BARRIER, UNCLEAR) else "barrier")
            for label in labels
        ),
    )
