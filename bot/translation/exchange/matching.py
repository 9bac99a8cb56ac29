"""What a file that has come back means for the texts of today: a verdict for each of its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from langcodes import Language
from langcodes.tag_parser import LanguageTagError

from survey_flows.told import told

from ..units import Unit
from .base import Complaint, ExchangeError, Returned, Row, digest

Verdict = Literal[
    "new", "changed", "approved", "unchanged", "untouched", "missing",
    "emptied", "stale", "clash", "unknown", "duplicate",
]  # fmt: skip
WANTED: frozenset[Verdict] = frozenset({"new", "changed", "approved"})
"""Verdicts of rows that may be taken over as they are. Of the others, nothing is taken over without a person."""
WORDS: Mapping[Verdict, tuple[str, str]] = {
    "emptied": (told("the translation was deleted."), told("The one that stands is kept; delete it in the survey if that is meant.")),
    "stale": (told("the source text has changed since this file was made."), told("Export again and have this row looked at.")),
    "clash": (told("here and in the survey it was changed, differently, since this file was made."), told("Decide which is right.")),
    "unknown": (told("no text stands under this key any more."), told("Leave it: the text was taken out or renamed.")),
    "duplicate": (told("this key stands here more than once, with different translations."), told("Keep one of them, and import again.")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Match:
    """A row that came back, the unit it is of (None: no such text today), and what is to be made of it."""

    row: Row
    unit: Unit | None
    verdict: Verdict


def match(
    returned: Returned, units: Sequence[Unit], target: str
) -> tuple[tuple[Match, ...], tuple[Complaint, ...]]:
    """What each row means, and what is to be complained of; rows of equal content count once.

    Raises ExchangeError when the file is of another language than ``target``, or of none of these units.
    """
    _of_this(returned, units, target)
    by_context = {unit.context: unit for unit in units}
    texts = {digest(unit.text) for unit in units}
    seen = Counter(row.context for row in {_content(row): row for row in returned.rows}.values())
    matches, complaints = [], list(returned.complaints)
    for row in {_content(row): row for row in reversed(returned.rows)}.values():
        unit = by_context.get(row.context)
        verdict: Verdict = "duplicate" if seen[row.context] > 1 else _verdict(row, unit, target)
        if verdict in WANTED and digest(row.text) != row.digest and digest(row.text) in texts:
            verdict = "stale"  # only some columns were sorted: it stands beside another text than its key's
        matches.append(Match(row, unit, verdict))
        if verdict in WORDS:
            what, cure = WORDS[verdict]
            complaints.append(Complaint(returned.file, row.place, verdict, what, cure, row.context))
    matches.reverse()
    return tuple(matches), tuple(complaints)


def _content(row: Row) -> tuple[str, str, str, str]:
    return row.context, row.digest, row.translation, row.state


def _of_this(returned: Returned, units: Sequence[Unit], target: str) -> None:
    if returned.target and not same_language(returned.target, target):
        tags = {"is": returned.target, "asked": target}
        what = told("the file is a translation into {is}, and {asked} was asked for.", **tags)
        cure = told("Import it as {is}, or give the file for {asked}.", **tags)
        raise ExchangeError(returned.file, what, cure)
    known = {unit.context: unit.source for unit in units}
    sources = {known[row.context] for row in returned.rows if row.context in known}
    if returned.rows and not sources:
        what = told("none of its rows is of these texts.")
        raise ExchangeError(returned.file, what, told("Check that it belongs to this survey."))
    if returned.source and not any(same_language(returned.source, source) for source in sources):
        what = told(
            "the file translates from {is}; these texts are in {languages}.",
            **{"is": returned.source, "languages": ", ".join(sorted(sources))},
        )
        raise ExchangeError(returned.file, what, told("Export again, and have that translated."))


def same_language(one: str, other: str) -> bool:
    """Whether two tags mean one written language: tools write zh-CN for zh-Hans, and pt-BR for pt.

    >>> same_language("zh_CN", "zh-Hans"), same_language("zh-TW", "zh-Hans"), same_language("fr", "ht")
    (True, False, False)
    """
    try:
        first, second = (Language.get(tag).maximize() for tag in (one, other))
    except LanguageTagError:
        return one.casefold() == other.casefold()
    return (first.language, first.script) == (second.language, second.script)


def _verdict(row: Row, unit: Unit | None, target: str) -> Verdict:
    if unit is None:
        return "unknown"
    stands = unit.texts.get(target, "")
    if not row.translation:
        return "emptied" if stands and row.was not in ("", digest("")) else "missing"
    if row.digest != digest(unit.text):
        return "stale"
    if digest(row.translation) == digest(stands):
        newly = row.state == "approved" and target not in unit.approved
        return "approved" if newly else "unchanged"
    if row.was and row.was == digest(row.translation):
        return "untouched"
    if row.was and row.was != digest(stands):
        return "clash"
    return "changed" if stands else "new"
