"""One text's translations as edits of the file: what is cut out from where to where, and what stands there instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import yaml

from survey_flows.files.marks import end, flows, line_end, roots
from survey_flows.files.tree import MISSING
from survey_flows.told import told

from .places import Entries, Place, entries
from .scalars import MARKED, listed, scalar

_ANCHOR = re.compile(r"&\S+\s+")


class Unwritable(ValueError):  # noqa: N818
    """A translation cannot be entered without changing something else in the file: says which, and why."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What stands from ``start`` to ``stop`` gives way to ``text``."""

    start: int
    stop: int
    text: str


class Source:
    """A file's text, the language it is written in, and all the languages it is going to have."""

    def __init__(self, text: str, source: str, languages: Sequence[str]) -> None:
        self.text, self.source, self.languages = text, source, languages
        self._line = "\r\n" if "\r\n" in text else "\n"
        self._in_brackets = {at for root in roots(text) for at in _bracketed(root)}

    def edited(self, edits: Iterable[Edit]) -> str:
        """The text with these edits made."""
        written = self.text
        for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
            written = written[: edit.start] + edit.text + written[edit.stop :]
        return written

    def edits(self, place: Place, said: Mapping[str, str]) -> Iterator[Edit]:
        """What is to be changed for one text; a language without words is marked as missing. Raises Unwritable."""
        if not said:
            return
        if not isinstance(place.holder, yaml.MappingNode):
            yield from self._spread(place, said)
            return
        held = entries(place.holder)
        for tag, text in said.items():
            if tag in held and text:
                yield self._replaced(place, held[tag], text)
        new = {tag: text for tag, text in said.items() if tag not in held}
        if new:
            yield self._added(place, held, new)

    def _replaced(self, place: Place, pair: tuple[yaml.Node, yaml.Node], text: str) -> Edit:
        key, node = pair
        start, stop = node.start_mark.index, self._stop(node)
        if start < key.start_mark.index:
            raise _anchored(place)
        anchor = _ANCHOR.match(self.text, start, stop)
        quoted = getattr(node, "style", None) == '"' and node.tag != MISSING
        said = self._row(
            place, text, quoted or self._quoted(place), flows(place.holder), key.start_mark.column
        )
        lead = "" if self.text[start - 1] in " \n" else " "
        return Edit(start, stop, f"{lead}{anchor[0] if anchor else ''}{said}")

    def _added(self, place: Place, held: Entries, said: Mapping[str, str]) -> Edit:
        """Behind the last language that stands there: choices have other keys too."""
        spoken = [pair for tag, pair in held.items() if place.under is not None or tag in self.languages]
        key, last = max(spoken or list(held.values()), key=lambda pair: pair[0].start_mark.index)
        flow, column = flows(place.holder), key.start_mark.column
        rows = self._rows(place, said, self._quoted(place), flow, column)
        at = self._stop(last)
        if last.start_mark.index < key.start_mark.index:
            raise _anchored(place)
        if flow:
            return Edit(at, at, "".join(f", {row}" for row in rows))
        at = line_end(self.text, at)
        lead = "" if self.text[:at].endswith("\n") else self._line
        return Edit(at, at, lead + "".join(f"{' ' * column}{row}{self._line}" for row in rows))

    def _spread(self, place: Place, said: Mapping[str, str]) -> Iterator[Edit]:
        """One plain text becomes a mapping: the source's words as they stand, and the translations."""
        node, key = place.holder, place.under
        start, stop = node.start_mark.index, self._stop(node)
        now = self.text[start:stop]
        if key is None or start < key.start_mark.index or _ANCHOR.match(now):
            raise Unwritable(
                told("{where}: its text stands behind an anchor. Write it out", where=place.context)
            )
        quoted, column = getattr(node, "style", None) == '"', key.start_mark.column + 2
        flow = start in self._in_brackets
        rows = self._rows(place, said, quoted, flow, column)
        if flow:
            yield Edit(start, stop, f"{{{', '.join([f'{self.source}: {now}', *rows])}}}")
            return
        pad = " " * column
        begins = len(self.text[:start].rstrip())
        # What stands on further lines belongs to the source's words: it moves in with them.
        moved = re.sub(r"\n(?=[^\r\n])", "\n  ", now)
        yield Edit(begins, stop, f"{self._line}{pad}{self.source}: {moved}")
        at = line_end(self.text, stop)
        lead = "" if self.text[:at].endswith("\n") else self._line
        yield Edit(at, at, lead + "".join(f"{pad}{row}{self._line}" for row in rows))

    def _rows(
        self, place: Place, said: Mapping[str, str], quoted: bool, flow: bool, column: int
    ) -> list[str]:
        return [
            f"{tag}: {self._row(place, text, quoted, flow, column) if text else MARKED}"
            for tag, text in said.items()
        ]

    def _row(self, place: Place, text: str, quoted: bool, flow: bool, column: int) -> str:
        if place.heard:
            return listed(text)
        return scalar(text, flow=flow, quoted=quoted, indent=column + 2, line=self._line)

    def _quoted(self, place: Place) -> bool:
        """Whether the source stands in double quotes."""
        node = place.nodes([self.source], self.source).get(self.source)
        return getattr(node, "style", None) == '"'

    def _stop(self, node: yaml.Node) -> int:
        """Behind the last character of what a key holds."""
        at = end(node)
        block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
        return len(self.text[:at].rstrip()) if block else at


def _anchored(place: Place) -> Unwritable:
    return Unwritable(
        told("{where}: its text stands elsewhere, behind an anchor. Write it out", where=place.context)
    )


def _bracketed(node: yaml.Node, within: bool = False) -> Iterator[int]:
    """Where the scalars begin that stand within brackets."""
    if isinstance(node, yaml.ScalarNode):
        if within:
            yield node.start_mark.index
        return
    for one in node.value:
        for part in one if isinstance(one, tuple) else (one,):
            yield from _bracketed(part, within or flows(node))
