"""The parts every survey file is made of: names, and texts that are there in every language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import yaml

from ..asking import PAYLOAD, Question, Texts
from ..choices import Option
from ..told import told
from ..wording import gaps, said
from .tree import MISSING, Entry, Page, did_you_mean, upper

GAPS = frozenset({"school"})
"""What a text may leave to be filled in."""
LONGEST = 1600
"""Characters that Twilio takes in one message."""

LONGEST_KEY = 64
"""Characters of a key of a form from elsewhere: it is kept with every answer."""

NAME = re.compile(r"[a-z][a-z0-9-]*")
KEY = re.compile(r"[a-z][a-z0-9_]*")
_FOREIGN = re.compile(r"\w[\w.-]*")  # what forms of other software may call things


@dataclass
class SurveyPage(Page):
    """A survey file being read: its languages, and the questions so far (None for one that could not be read).

    A ``lenient`` page is a form that was written elsewhere: a text that it lacks in a language is taken from the source,
    and what a chat would word otherwise is left to ``lint``. A ``published`` page is not held to words that Openline has
    learnt since: it is asked as it was. ``names`` are the keys of all items, ``lots`` the splits
    with their arms, ``passed`` the other items so far, ``mentions`` what texts and expressions refer to, ``others`` the questions of included surveys,
    ``blank`` the languages in which a text is marked as missing.
    """

    languages: tuple[str, ...] = ()
    source: str = "en"
    variants: tuple[str, ...] = ()
    used: set[str] = field(default_factory=set)
    asked: dict[str, Question | None] = field(default_factory=dict)
    lenient: bool = False
    published: bool = False
    known_gaps: frozenset[str] = GAPS
    names: frozenset[str] = frozenset()
    contact: frozenset[str] = frozenset()
    lots: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lists: dict[str, tuple[Option, ...]] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)
    mentions: list[tuple[yaml.Node, str]] = field(default_factory=list)
    others: dict[str, yaml.Node] = field(default_factory=dict)
    including: list[str] = field(default_factory=list)
    untranslated: set[tuple[str, str]] = field(default_factory=set)
    blank: set[str] = field(default_factory=set)

    def key(
        self, entry: Entry | None, what: str, like: re.Pattern[str], example: str, node: yaml.Node
    ) -> str:
        """A name that ends up in databases and addresses; "" (and a complaint) where it is missing or unfit."""
        if entry is None:
            self.wrong(
                node,
                told("There is no '{what}:'.", what=what),
                told("Add one, like '{what}: {example}'.", what=what, example=example),
            )
            return ""
        name = self.text(entry.value, f"'{what}'") or ""
        if not (_FOREIGN if self.lenient and like is KEY else like).fullmatch(name):
            self.wrong(
                entry.value,
                told("'{name}' cannot be a {what}.", name=name, what=what),
                told("Use small letters a-z and digits, like '{example}'.", example=example),
            )
        elif len(name) > (most := LONGEST_KEY if self.lenient else PAYLOAD):
            self.wrong(
                entry.value,
                told("The {what} is longer than {most} characters.", what=what, most=most),
                told("Shorten it."),
            )
        return name

    def words(self, node: yaml.Node | None, what: str, *, beside: bool = False) -> Texts:
        """A text in every language of the survey. One plain text is enough where the survey has one language.

        A form from elsewhere may lack some, and any file may mark some as missing: there the source stands in, or
        nothing where the text only stands ``beside`` another, which must not be in two languages.
        """
        if isinstance(node, yaml.ScalarNode) and (self.lenient or self.languages == (self.source,)):
            return dict.fromkeys(self.languages, self.line(node, what))
        entries = self.mapping(node, what)
        for tag in entries.keys() - set(self.languages):
            near = did_you_mean(tag, self.languages)
            cure = told("{cure} Every language has to be in the title.", cure=near)
            self.wrong(
                entries[tag].key,
                told(
                    "{what} is given in '{tag}', which is not a language of this survey.",
                    what=upper(what),
                    tag=tag,
                ),
                cure,
            )
        marked = self.marked(entries, what)
        missing = [tag for tag in self.languages if tag not in entries]
        if missing and isinstance(node, yaml.MappingNode) and not self.lenient:
            self.wrong(
                node,
                told("{what} is not given in {missing}.", what=upper(what), missing=", ".join(missing)),
                told("Every text has to be there in every language."),
            )
        texts = {
            tag: self.line(entries[tag].value, told("{what} ({tag})", what=what, tag=tag))
            for tag in self.languages
            if tag in entries and tag not in marked
        }
        if not self.lenient:
            self._same_gaps(texts, node, what)
        if ((self.lenient and missing) or marked) and texts:
            self.untranslated |= {(tag, what) for tag in missing}
            stand_in = texts.get(self.source) or next(iter(texts.values()))
            texts = {tag: texts.get(tag, "" if beside else stand_in) for tag in self.languages}
        return texts

    def marked(self, entries: Mapping[str, Entry], what: str) -> frozenset[str]:
        """The languages for which this text says itself that it is missing; the source cannot be."""
        marked = frozenset(
            tag for tag, entry in entries.items() if entry.value.tag == MISSING and tag != self.source
        )
        self.untranslated |= {(tag, what) for tag in marked}
        self.blank |= marked
        return marked

    def line(self, node: yaml.Node, what: str) -> str:
        """One text, checked for length, gaps and characters that no phone shows."""
        text = (self.text(node, upper(what)) or "").strip()
        if not text:
            self.wrong(
                node,
                told("{what} is empty.", what=upper(what)),
                told("Write the words, or leave the whole entry out."),
            )
        if len(text) > LONGEST:
            self.wrong(
                node,
                told("{what} is longer than {most} characters.", what=upper(what), most=LONGEST),
                told("Shorten it: 160 is a good length."),
            )
        if any(unicodedata.category(char) == "Cc" and char not in "\n\t" for char in text):
            self.wrong(
                node, told("{what} holds a control character.", what=upper(what)), told("Type the line anew.")
            )
        try:
            unknown = gaps(text) - self.known_gaps
        except ValueError:
            self.wrong(
                node,
                told(
                    "{what} has a brace that does not enclose a name of small letters, like {school}.",
                    what=upper(what),
                ),
                told("Write a gap as {school}; leave other braces out."),
            )
            return text
        for gap in sorted(unknown):
            self.wrong(
                node,
                told("{what} has a gap that nothing can fill: {{gap}}.", what=upper(what), gap=gap),
                told(
                    "{cure} Other gaps are declared under 'fields:'.",
                    cure=did_you_mean(gap, sorted(self.known_gaps)),
                ),
            )
        self.used |= gaps(text)
        self.mentions += [(node, name) for name in sorted(said(text))]
        return text

    def _same_gaps(self, texts: Texts, node: yaml.Node | None, what: str) -> None:
        if node is None or self.source not in texts:
            return
        try:
            held = {tag: gaps(text) & self.known_gaps | said(text) for tag, text in texts.items()}
        except ValueError:
            return  # complained of already
        for tag, names in held.items():
            for gap in sorted(held[self.source] ^ names):
                where = self.source if gap in names else tag
                self.wrong(
                    node,
                    told(
                        "{what} lacks {{gap}} in {language} only.", what=upper(what), gap=gap, language=where
                    ),
                    told("A translation keeps every gap of the source."),
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
                self.wrong(
                    node,
                    told("'{name}' in {what} is unknown.", name=name, what=what),
                    did_you_mean(name, known),
                )
        return tuple(name for _, name in found)
