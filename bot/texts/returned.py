"""What a translator has sent back: what each row means for the texts of today, and which may be entered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import langcodes

from survey_flows.told import told

from ..translation import exchange
from ..translation.exchange import Complaint, ExchangeError, Match
from ..translation.exchange.matching import WORDS
from .document import Document, Unusable

_TOLD = {
    "new": "new", "changed": "changed", "approved": "unchanged", "unchanged": "unchanged", "untouched": "unchanged",
    "missing": "still empty", "emptied": "emptied", "stale": "stale", "clash": "clash", "unknown": "unknown",
    "duplicate": "twice",
}  # fmt: skip
"""What a row is called in the table, by what the file says of it."""


@dataclass
class Taken:
    """What came back in one language: the texts to enter, and what became of each row."""

    language: str
    changes: dict[tuple[str, str], str] = field(default_factory=dict)
    rows: list[tuple[str, str, str]] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)

    def tell(self, verdict: str, where: str, why: str) -> None:
        self.counted[verdict] += 1
        if why:
            self.rows.append((verdict, where, why))

    def fewer(self, gone: int) -> None:
        """So many that were counted as new or changed are not taken after all."""
        for verdict in ("new", "changed"):
            less = min(gone, self.counted[verdict])
            self.counted[verdict] -= less
            gone -= less


def looked_at(given: Document, data: bytes, name: str) -> Taken:
    """What a file that came back means for the texts of today. Raises Unusable for one that cannot be used."""
    try:
        sheet = exchange.read(data, name)
        if not sheet.target:
            raise Unusable(
                told(
                    "{file} does not say which language it is in: export it again, and copy the texts over.",
                    file=name,
                )
            )
        language = tag(sheet.target, given.source)
        matches, complaints = exchange.match(sheet, given.offered, language)
    except ExchangeError as error:
        raise Unusable(str(error)) from None
    taken = Taken(language)
    why = {(one.context, one.place): f"{one.what} {one.cure}" for one in complaints if one.word in WORDS}
    for match in matches:
        _sort(taken, match, why.get((match.row.context, match.row.place), ""))
        if match.row.remark:
            taken.rows.append(("comment", short(match.row.context), match.row.remark))
    for one in complaints:
        if not one.context:
            taken.tell("not read", one.place, f"{one.what} {one.cure}")
    _look_at(taken, complaints)
    return taken


def _sort(taken: Taken, match: Match, why: str) -> None:
    verdict = _TOLD[match.verdict]
    where = short(match.row.context)
    if match.verdict in exchange.WANTED and match.unit is not None:
        if match.row.translation != match.unit.texts.get(taken.language):
            taken.changes[match.row.context, taken.language] = match.row.translation
        why = ""
    elif match.verdict in ("clash", "stale") and match.unit is not None:
        stands = match.unit.texts.get(taken.language, "")
        why += f" It said: {match.row.translation}" + (f" Here stands: {stands}" if stands else "")
    taken.tell(verdict, where, why)


def _look_at(taken: Taken, complaints: Sequence[Complaint]) -> None:
    """Of rows that are taken all the same, what is odd about them; the same thing about many is said once."""
    entered = {where for where, _ in taken.changes}
    odd: dict[str, list[str]] = {}
    for one in complaints:
        if one.context in entered and one.word not in WORDS:
            odd.setdefault(f"{one.what} {one.cure}", []).append(short(one.context))
    for what, places in odd.items():
        more = f" and {len(places) - 1} more" if len(places) > 1 else ""
        taken.rows.append(("look", places[0] + more, what))


def agree(taken: Sequence[Taken]) -> None:
    """Where two files say different things for one text, neither is taken: a person decides."""
    said: dict[tuple[str, str], set[str]] = {}
    for one in taken:
        for key, text in one.changes.items():
            said.setdefault(key, set()).add(text)
    for one in taken:
        for key in [key for key in one.changes if len(said[key]) > 1]:
            del one.changes[key]
            why = f"the files say different things: {' / '.join(sorted(said[key]))}. Import the one that is right."
            one.fewer(1)
            one.tell("clash", short(key[0]), why)


def refuse(taken: Taken, refused: Mapping[tuple[str, str], str]) -> None:
    """Rows that the gate or the file does not take are counted as refused."""
    for (where, language), why in refused.items():
        if language == taken.language and (where, language) in taken.changes:
            taken.counted["refused"] += 1
            taken.rows.append(("refused", short(where), f"{why} It said: {taken.changes[where, language]}"))
    taken.fewer(sum(1 for key in taken.changes if key in refused))


def tag(language: str, source: str = "") -> str:
    """A language's tag as it is usually written. Raises Unusable for what is none, or is the source."""
    if not langcodes.tag_is_valid(language):
        raise Unusable(told("'{tag}' is no language tag. Use one like es, ht or zh-Hans.", tag=language))
    usual = langcodes.standardize_tag(language)
    if usual == source:
        raise Unusable(told("{tag} is the language that the texts are written in.", tag=usual))
    return usual


def short(context: str) -> str:
    """A context without its document: hard/choice/bus."""
    return context.partition("/")[2] or context.partition(":")[2]
