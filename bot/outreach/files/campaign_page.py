"""The parts every campaign file is made of: plain words, texts by language, spans of time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import langcodes
import yaml

from survey_flows import SurveyError
from survey_flows.files.tree import MISSING, Entry, Page, upper
from survey_flows.told import listed, told, told_n
from survey_flows.wording import gaps, said

LARGEST = 200_000
"""Characters of a file. Ten messages in ten languages take a tenth of it."""
LONGEST = 1600
"""Characters that Twilio takes in one message."""
MOST = 100
"""Entries of one list or mapping: more languages or steps than any campaign has."""
NAME = re.compile(r"[a-z][a-z0-9_]*")
"""What a gap, a field or a variant may be called."""

_OURS = {
    "A survey is a list of keys like 'survey:' and 'questions:'.": (
        told("A campaign is a list of keys like 'campaign:', 'audience:' and 'steps:'."),
        told("`openline campaign new FILE` writes one to begin with."),
    ),
    "The file is larger than any survey should be.": (
        told("The file is larger than any campaign should be."),
        told("Split it in two, and write anchors out."),
    ),
}
"""What the tree says of survey files, said of campaigns."""
_SPAN = re.compile(r"(\d{1,4})\s*(minute|hour|day|week)s?")


@dataclass
class CampaignPage(Page):
    """A campaign file being read. ``languages`` grows by each tag that a text is given in; ``used`` has every gap;
    ``lacking`` are the languages in which a text is marked as missing: the source's words stand in."""

    source: str = "en"
    languages: dict[str, None] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    lacking: set[str] = field(default_factory=set)

    def root(self, text: str) -> yaml.MappingNode:
        """The mapping that the file is. Raises SurveyError for what is no YAML, or too much of it."""
        if len(text) > LARGEST:
            raise SurveyError(self.name, 1, *_OURS["The file is larger than any survey should be."])
        try:
            root, *others = self.roots(text)
        except SurveyError as error:
            problem, cure = _OURS.get(error.problem, (error.problem, error.cure))
            if _tabbed(text, error.line):
                cure = told("There is a tab in this line: indent with spaces.")
            raise SurveyError(error.file, error.line, problem, cure) from None
        for other in others:
            problem = told("A second campaign begins here.")
            self.wrong(other, problem, told("Give it a file of its own, without '---'."))
        return root

    def mapping(
        self, node: yaml.Node | None, what: str, known: Collection[str] | None = None
    ) -> dict[str, Entry]:
        """As the tree's, of a size that can be looked through."""
        if isinstance(node, yaml.MappingNode) and len(node.value) > MOST:
            self.wrong(node, *self._too_many(what))
            return {}
        return super().mapping(node, what, known)

    def sequence(self, node: yaml.Node | None, what: str) -> list[yaml.Node]:
        """As the tree's, of a size that can be looked through."""
        if isinstance(node, yaml.SequenceNode) and len(node.value) > MOST:
            self.wrong(node, *self._too_many(what))
            return []
        return super().sequence(node, what)

    def _too_many(self, what: str) -> tuple[str, str]:
        return told("{what} has more than {most} entries.", what=upper(what), most=MOST), told(
            "Take some out."
        )

    def words(self, node: yaml.Node, what: str, most: int = LONGEST) -> str:
        """One text: not empty, not too long, and without characters that no phone shows."""
        text = (self.text(node, upper(what)) or "").strip()
        if not text and isinstance(node, yaml.ScalarNode):
            problem = told("{what} is empty.", what=upper(what))
            self.wrong(node, problem, told("Write the words, or leave the whole entry out."))
        if len(text) > most:
            problem = told("{what} is longer than {most} characters.", what=upper(what), most=most)
            self.wrong(node, problem, told("Shorten it."))
        if any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t" for char in text):
            problem = told("{what} holds a character that no text holds.", what=upper(what))
            self.wrong(node, problem, told("Type the line anew."))
        return text

    def tag(self, node: yaml.Node, tag: str) -> bool:
        """Whether this is a language tag (BCP 47) as it is usually written; complains where it is not."""
        if not re.fullmatch(r"[A-Za-z0-9-]{2,35}", tag) or not langcodes.tag_is_valid(tag):
            self.wrong(node, told("'{tag}' is not a language tag.", tag=tag[:40]), _find(tag))
            return False
        if (usual := langcodes.standardize_tag(tag)) != tag:
            problem = told("The language '{tag}' is usually written '{usual}'.", tag=tag, usual=usual)
            self.wrong(node, problem, told("Write '{usual}'.", usual=usual))
            return False
        return True

    def spoken(self, node: yaml.Node, what: str, *, filled: bool = True) -> dict[str, str]:
        """A text by language; the source is always there. One plain text is the source's.

        ``filled``: it may have gaps, the same in every language. Without, it may have none.
        """
        if isinstance(node, yaml.ScalarNode):
            found: dict[str, tuple[yaml.Node, str]] = {self.source: (node, self.words(node, what))}
        else:
            entries = self.mapping(node, what)
            if self.source not in entries and isinstance(node, yaml.MappingNode):
                problem = told(
                    "{what} is not given in the source language, {source}.",
                    what=upper(what),
                    source=self.source,
                )
                self.wrong(node, problem, told("Add '{key}:' to it.", key=self.source))
            found = {
                tag: (self._marked(entries, tag), self.words(self._marked(entries, tag), _in(what, tag)))
                for tag, entry in entries.items()
                if self.tag(entry.key, tag)
            }
        held = {tag: self._gaps(at, text, _in(what, tag), filled) for tag, (at, text) in found.items()}
        self._same(found, held, what)
        self.used |= {gap for names in held.values() for gap in names or ()}
        return {tag: text for tag, (_, text) in found.items()}

    def _marked(self, entries: Mapping[str, Entry], tag: str) -> yaml.Node:
        """The node that holds a text; the source's where the text is marked as missing."""
        node = entries[tag].value
        if node.tag != MISSING or tag == self.source or self.source not in entries:
            return node
        self.lacking.add(tag)
        return entries[self.source].value

    def _gaps(self, node: yaml.Node, text: str, what: str, filled: bool) -> frozenset[str] | None:
        """The gaps of one text, or None (and a complaint) where it has braces that are none."""
        try:
            found = gaps(text)
        except ValueError:
            cure = told("Write a gap as {school}, in small letters; leave other braces out.")
            problem = told("{what} has a brace that does not enclose a name.", what=upper(what))
            self.wrong(node, problem, cure)
            return None
        for name in sorted(said(text)):
            problem = told(
                "{what} has {gap}, which only surveys fill in.", what=upper(what), gap=f"${{{name[:40]}}}"
            )
            self.wrong(node, problem, told("Leave out the '$': {name} is what the contact list has."))
        if found and not filled:
            problem = told("{what} has a gap: {gap}.", what=upper(what), gap=f"{{{min(found)}}}")
            cure = told("It fills a gap itself, and is sent as it stands: write the words.")
            self.wrong(node, problem, cure)
        return found

    def _same(
        self,
        found: dict[str, tuple[yaml.Node, str]],
        held: dict[str, frozenset[str] | None],
        what: str,
    ) -> None:
        wanted = held.get(self.source)
        for tag, names in held.items():
            if wanted is None or names is None:
                continue
            for gap in sorted(wanted ^ names):
                has, lacks = (tag, self.source) if gap in names else (self.source, tag)
                problem = told(
                    "{what} has {gap} in {has}, but not in {lacks}.",
                    what=upper(what),
                    gap=f"{{{gap}}}",
                    has=has,
                    lacks=lacks,
                )
                self.wrong(found[tag][0], problem, told("A translation keeps every gap of the source."))

    def span(self, entry: Entry, what: str, least: timedelta, most: timedelta) -> timedelta:
        """A length of time as people write it: "3 days", "36 hours"."""
        text = self.words(entry.value, what, 20)
        parts = _SPAN.fullmatch(text.lower())
        if not parts:
            self.wrong(
                entry.value,
                told("{what} is no length of time.", what=upper(what)),
                told("Write it like 3 days or 36 hours."),
            )
            return least
        length = timedelta(**{f"{parts[2]}s": int(parts[1])})
        if not least <= length <= most:
            self.wrong(
                entry.value,
                told("{what} is too short or too long.", what=upper(what)),
                told("Between {least} and {most}.", least=lasting(least), most=lasting(most)),
            )
        return min(max(length, least), most)

    def whole(self, node: yaml.Node, what: str, least: int, most: int) -> int:
        """A whole number between these two."""
        text = (self.text(node, upper(what)) or "").strip()
        if not re.fullmatch(r"[+-]?\d{1,6}", text, re.ASCII) or not least <= int(text) <= most:
            self.wrong(
                node,
                told(
                    "{what} is no whole number from {least} to {most}.",
                    what=upper(what),
                    least=least,
                    most=most,
                ),
                told("Write one, in digits."),
            )
            return least
        return int(text)

    def one_of(self, node: yaml.Node, what: str, known: tuple[str, ...]) -> str:
        """One of a few words; the first of them where it is none."""
        text = (self.text(node, upper(what)) or "").strip()
        if text not in known:
            problem = told("{what} cannot be '{word}'.", what=upper(what), word=text[:40])
            self.wrong(node, problem, told("It is one of: {words}.", words=listed(known)))
            return known[0]
        return text


def lasting(length: timedelta) -> str:
    """A length of time in the largest unit that it is whole in.

    >>> lasting(timedelta(days=3)), lasting(timedelta(hours=36)), lasting(timedelta(minutes=1))
    ('3 days', '36 hours', '1 minute')
    """
    size = next(size for size in (86400, 3600, 60, 1) if length.total_seconds() % size == 0)
    number = int(length.total_seconds() // size)
    return {
        86400: told_n("{n} day", "{n} days", number),
        3600: told_n("{n} hour", "{n} hours", number),
        60: told_n("{n} minute", "{n} minutes", number),
        1: told_n("{n} second", "{n} seconds", number),
    }[size]


def _in(what: str, tag: str) -> str:
    """The name of a text in one language."""
    return told("{what} ({language})", what=what, language=tag)


def _tabbed(text: str, line: int) -> bool:
    lines = text.splitlines()
    return line <= len(lines) and "\t" in lines[line - 1]


def _find(name: str) -> str:
    try:
        return told("Did you mean '{near}'?", near=langcodes.find(name[:40])) if name.isalpha() else _LIKE
    except LookupError:
        return _LIKE


_LIKE = told("Use one like en, es, ht or zh-Hans.")
