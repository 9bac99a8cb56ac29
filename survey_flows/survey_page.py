"""The parts every survey file is made of: names, and texts that are there in every language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field

import yaml

from .questions import Question, Texts
from .tree import Entry, Page, did_you_mean, upper
from .wording import gaps

GAPS = frozenset({"school"})
"""What a text may leave to be filled in."""
LONGEST = 1600
"""Characters that Twilio takes in one message."""
PAYLOAD = 48
"""Bytes of ``question:choice``: Telegram takes 64 in a button, and whoever draws it needs some for itself."""

NAME = re.compile(r"[a-z][a-z0-9-]*")
KEY = re.compile(r"[a-z][a-z0-9_]*")


@dataclass
class SurveyPage(Page):
    """A survey file being read: its languages, and the questions so far (None for one that could not be read)."""

    languages: tuple[str, ...] = ()
    source: str = "en"
    variants: tuple[str, ...] = ()
    used: set[str] = field(default_factory=set)
    asked: dict[str, Question | None] = field(default_factory=dict)

    def key(
        self, entry: Entry | None, what: str, like: re.Pattern[str], example: str, node: yaml.Node
    ) -> str:
        """A name that ends up in databases and addresses; "" (and a complaint) where it is missing or unfit."""
        if entry is None:
            self.wrong(node, f"There is no '{what}:'.", f"Add one, like '{what}: {example}'.")
            return ""
        name = self.text(entry.value, f"'{what}'") or ""
        if not like.fullmatch(name):
            self.wrong(
                entry.value,
                f"'{name}' cannot be a {what}.",
                f"Use small letters a-z and digits, like '{example}'.",
            )
        elif len(name) > PAYLOAD:
            self.wrong(entry.value, f"The {what} is longer than {PAYLOAD} characters.", "Shorten it.")
        return name

    def words(self, node: yaml.Node | None, what: str) -> Texts:
        """A text in every language of the survey. One plain text is enough where the survey has one language."""
        if isinstance(node, yaml.ScalarNode) and self.languages == (self.source,):
            return {self.source: self.line(node, what)}
        entries = self.mapping(node, what)
        for tag in entries.keys() - set(self.languages):
            cure = did_you_mean(tag, self.languages) + " Every language has to be in the title."
            self.wrong(
                entries[tag].key,
                f"{upper(what)} is given in '{tag}', which is not a language of this survey.",
                cure,
            )
        missing = [tag for tag in self.languages if tag not in entries]
        if missing and isinstance(node, yaml.MappingNode):
            self.wrong(
                node,
                f"{upper(what)} is not given in {', '.join(missing)}.",
                "Every text has to be there in every language.",
            )
        texts = {
            tag: self.line(entries[tag].value, f"{what} ({tag})") for tag in self.languages if tag in entries
        }
        self._same_gaps(texts, node, what)
        return texts

    def line(self, node: yaml.Node, what: str) -> str:
        """One text, checked for length, gaps and characters that no phone shows."""
        text = (self.text(node, upper(what)) or "").strip()
        if not text:
            self.wrong(node, f"{upper(what)} is empty.", "Write the words, or leave the whole entry out.")
        if len(text) > LONGEST:
            self.wrong(
                node,
                f"{upper(what)} is longer than {LONGEST} characters.",
                "Shorten it: 160 is a good length.",
            )
        if any(unicodedata.category(char) == "Cc" and char not in "\n\t" for char in text):
            self.wrong(node, f"{upper(what)} holds a control character.", "Type the line anew.")
        try:
            unknown = gaps(text) - GAPS
        except ValueError as error:
            self.wrong(
                node, f"{upper(what)} has {error}.", "Write a gap as {school}; leave other braces out."
            )
            return text
        for gap in sorted(unknown):
            self.wrong(
                node,
                f"{upper(what)} has a gap that nothing can fill: {{{gap}}}.",
                did_you_mean(gap, sorted(GAPS)),
            )
        self.used |= gaps(text)
        return text

    def _same_gaps(self, texts: Texts, node: yaml.Node | None, what: str) -> None:
        if node is None or self.source not in texts:
            return
        try:
            held = {tag: gaps(text) & GAPS for tag, text in texts.items()}
        except ValueError:
            return  # complained of already
        for tag, names in held.items():
            for gap in sorted(held[self.source] ^ names):
                where = self.source if gap in names else tag
                self.wrong(
                    node,
                    f"{upper(what)} lacks {{{gap}}} in {where} only.",
                    "A translation keeps every gap of the source.",
                )

    def at(self, entry: Entry, language: str) -> yaml.Node:
        """The node of one language of a text, for complaints."""
        if isinstance(entry.value, yaml.MappingNode):
            held: list[tuple[yaml.Node, yaml.Node]] = entry.value.value
            for key, value in held:
                if key.value == language:
                    return value
        return entry.value

    def listed(self, entry: Entry | None, what: str, known: Collection[str]) -> tuple[str, ...]:
        """A list of names that have to be among the known ones."""
        found = self.texts(entry.value, what) if entry else []
        for node, name in found:
            if name not in known:
                self.wrong(node, f"'{name}' in {what} is unknown.", did_you_mean(name, known))
        return tuple(name for _, name in found)
