"""Reads one text of a project and what is coded in it: from positions to replies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from ..codebook.fields import slug
from ..refi.guids import read_guid
from ..refi.xml import Element
from .heard import Heard
from .layout import Stretch, find
from .packing import Packed
from .positions import Ruler, choose, on_words
from .project import Coding, Question, Reply
from .texts import text_of

_QUESTION = re.compile(r"Question (?P<id>.+): one reply below", re.DOTALL)


@dataclass
class Source:
    """One text: its replies by stretch, and which selection (by GUID) fell on which of them."""

    id: str
    guid: str
    title: str
    text: str
    stretches: list[Stretch]
    codings: list[list[Coding]]
    selections: dict[str, int] = field(default_factory=dict)
    cases: dict[int, str] = field(default_factory=dict)

    def question(self) -> Question:
        replies = (
            Reply(stretch.id, self.text[stretch.start : stretch.end], _once(codings), self.cases.get(place))
            for place, (stretch, codings) in enumerate(zip(self.stretches, self.codings, strict=True))
        )
        return Question(self.id, self.title, tuple(replies))


def read_source(element: Element, packed: Packed, heard: Heard) -> Source | None:
    """The text with what is coded in it. None: it has no plain text. Raises QdaError if its file is missing."""
    title = element.get("name") or element.get("plainTextPath").rpartition("/")[2] or "text"
    place = f"text '{title[:60]}'"
    stored = text_of(element, packed, place, heard)
    if stored is None:
        return None
    selections = [each for each in element.named("PlainTextSelection") if _span(each) is not None]
    damaged = len(element.named("PlainTextSelection")) - len(selections)
    if damaged:
        heard.note(place, f"{damaged} selections without positions are left out")
    ruler = _ruler(stored, [span for each in selections if (span := _span(each))], heard, place)
    described = element.first("Description")
    said = _QUESTION.match(described.text) if described else None
    name = said["id"] if said else slug(title)
    empty = said is not None and not ruler.text.strip()
    stretches = [] if empty else _stretches(name, ruler.text, heard, place)
    if said is None and find(ruler.text):
        heard.note(place, f"the id of its question is lost; it is called {name} after its title")
    guid = read_guid(element.get("guid")) or ""
    source = Source(name, guid, title, ruler.text, stretches, [[] for _ in stretches])
    for selection in selections:
        _enter(selection, source, ruler, heard, place)
    whole = list(_codings(element, heard, place, None))
    if len(stretches) == 1:
        source.codings[0] += whole
    elif whole:
        what = f"{len(whole)} codings of the text as a whole are left out: it holds {len(stretches)} replies"
        heard.note(place, what)
    return source


def _ruler(stored: str, spans: list[tuple[int, int]], heard: Heard, place: str) -> Ruler:
    stretches = find(stored.replace("\r\n", "\n").replace("\r", "\n"))
    edges = {(each.start, each.end) for each in stretches or ()}
    ruler = choose(
        stored,
        spans,
        heard.utf16,
        (lambda _, start, end: (start, end) in edges) if edges else on_words,
    )
    if ruler.utf16 != heard.utf16 or not ruler.pairs:
        counts = "UTF-16 units" if ruler.utf16 else "code points"
        lines = "" if ruler.pairs else ", line ends as one"
        heard.note(place, f"its positions fit best when they count {counts}{lines}; so they are read")
    return ruler


def _stretches(name: str, text: str, heard: Heard, place: str) -> list[Stretch]:
    """The replies in a text of ours; the text of another tool is one reply."""
    seen: dict[str, int] = {}
    once = []
    for each in find(text) or [Stretch(name, 0, len(text))]:
        seen[each.id] = seen.get(each.id, 0) + 1
        own = each.id if seen[each.id] == 1 else f"{each.id}:{seen[each.id]}"
        if own != each.id:
            heard.note(place, f"reply {each.id} stands there twice; the second is called {own}")
        once.append(Stretch(own, each.start, each.end))
    return once


def _enter(selection: Element, source: Source, ruler: Ruler, heard: Heard, place: str) -> None:
    span = _span(selection)
    if span is None:
        return
    where = f"{place}, {span[0]} to {span[1]}"
    codings = len(selection.named("Coding"))
    start, end = (ruler.index(max(0, min(position, ruler.length))) for position in span)
    if span[0] < 0 or span[1] > ruler.length:
        heard.note(where, f"the text has only {ruler.length} characters; the selection was cut")
    if start >= end:
        heard.note(where, f"nothing is selected; {codings} codings are left out")
        return
    hit = [
        place for place in _near(source.stretches, start, end) if source.stretches[place].overlap(start, end)
    ]
    if not hit:
        heard.note(where, f"no reply is there, only the line above one; {codings} codings are left out")
        return
    at = max(hit, key=lambda place: source.stretches[place].overlap(start, end))
    stretch = source.stretches[at]
    if len(hit) > 1 and codings:
        what = f"it covers {len(hit)} replies; its codings are given to {stretch.id}, where most of it lies"
        heard.note(where, what)
    if guid := read_guid(selection.get("guid")):
        source.selections[guid] = at
    part = _part(stretch, start, end, source.text)
    source.codings[at] += _codings(selection, heard, where, part)


def _near(stretches: list[Stretch], start: int, end: int) -> Iterator[int]:
    """The places of stretches that may overlap: they stand in order, so the rest is not looked at."""
    low, high = 0, len(stretches)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if stretches[middle].end <= start else (low, middle)
    while low < len(stretches) and stretches[low].start < end:
        yield low
        low += 1


def _part(stretch: Stretch, start: int, end: int, text: str) -> tuple[int, int] | None:
    """The part of the reply that is selected. None: all of it, blanks at the ends aside if more was selected."""
    begun, ended = max(start, stretch.start), min(end, stretch.end)
    beyond = start < stretch.start or end > stretch.end
    missing = text[stretch.start : begun] + text[ended : stretch.end]
    if not missing or (beyond and not missing.strip()):
        return None
    return begun - stretch.start, ended - stretch.start


def _codings(element: Element, heard: Heard, place: str, part: tuple[int, int] | None) -> Iterator[Coding]:
    start, end = part or (None, None)
    for coding in element.named("Coding"):
        refers = coding.first("CodeRef")
        code = heard.codes.get(read_guid(refers.get("targetGUID")) or "") if refers else None
        if code is None:
            heard.note(f"{place}, line {coding.line}", "a coding names a code that the project does not have")
            continue
        by = coding.get("creatingUser") or element.get("creatingUser")
        coder = heard.coder_of(read_guid(by) or "")
        yield Coding(code, coder, read_time(coding.get("creationDateTime")), start, end)


def _span(selection: Element) -> tuple[int, int] | None:
    try:
        return int(selection.get("startPosition")), int(selection.get("endPosition"))
    except ValueError:
        return None


def _once(codings: list[Coding]) -> tuple[Coding, ...]:
    first: dict[tuple[str, str, int | None, int | None], Coding] = {}
    for coding in codings:
        first.setdefault((coding.code, coding.coder, coding.start, coding.end), coding)
    return tuple(first.values())


def read_time(given: str) -> datetime | None:
    """An xsd:dateTime; None if there is none that can be read."""
    try:
        return datetime.fromisoformat(given) if given else None
    except ValueError:
        return None
