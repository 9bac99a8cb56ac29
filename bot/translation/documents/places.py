"""Where a text stands in a file: a mapping with languages among its keys, or one plain text in the source language.

Everything here goes by PyYAML's nodes, which know where they stand in the file. So what is read is what can be written
back, and nothing else of the file has to be understood.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import yaml

from survey_flows.files.marks import roots
from survey_flows.files.tree import MISSING

from ..units import Kind, Unit

LONGEST = 200
"""Characters of a context."""
BETWEEN = " | "
"""Between the words of a list, where one text holds them all."""
HEARD = ":heard"
"""How a context ends whose words are only listened for, and never shown."""

Entries = Mapping[str, tuple[yaml.Node, yaml.Node]]


@dataclass(frozen=True, slots=True)
class Place:
    """One text of a file in all its languages.

    ``holder`` is the mapping that has the languages among its keys, or the scalar that is the source's text; ``under``
    is the key it stands behind (None for a choice, whose languages are keys of its own).
    """

    context: str
    holder: yaml.Node
    under: yaml.Node | None = None
    kind: Kind = "message"
    note: str = ""
    group: str = ""
    critical: bool = False

    @property
    def heard(self) -> bool:
        """Whether these are words that are only listened for."""
        return self.context.endswith(HEARD)

    def nodes(self, languages: Collection[str], source: str) -> dict[str, yaml.Node]:
        """What stands there now, by language, the file's order kept; what is marked as missing is not there."""
        if not isinstance(self.holder, yaml.MappingNode):
            return {source: self.holder}
        held = entries(self.holder)
        return {tag: node for tag, (_, node) in held.items() if tag in languages and node.tag != MISSING}

    def texts(self, languages: Collection[str], source: str) -> dict[str, str]:
        """As ``nodes``, their words; empty ones are not there."""
        found = {tag: words(node) for tag, node in self.nodes(languages, source).items()}
        return {tag: text for tag, text in found.items() if text}

    def unit(self, languages: Collection[str], source: str, drafts: Collection[str]) -> Unit | None:
        """The text as something to translate; None where there are no words at all. A form from elsewhere may lack the
        source's: then it is translated from the first language that it has."""
        texts = self.texts(languages, source)
        if not texts:
            return None
        origin = source if source in texts else next(iter(texts))
        text = texts.pop(origin)
        return Unit(
            context=self.context,
            source=origin,
            text=text,
            kind=self.kind,
            note=self.note,
            group=self.group,
            critical=self.critical or bool(_CRISIS.search(text)),
            texts=texts,
            approved=frozenset(texts) - frozenset(drafts),
        )


_CRISIS = re.compile(r"(?<!\d)(?:911|988)(?!\d)")
"""Whatever names an emergency number may be the last thing that somebody reads before they call it."""


def top(text: str) -> list[Entries]:
    """The keys on top of the file, and of those that follow it in the same text. Raises ValueError."""
    return [entries(root) for root in roots(text)]


def entries(node: yaml.Node) -> dict[str, tuple[yaml.Node, yaml.Node]]:
    """The keys of a mapping with what they hold; nothing where the node is none."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return {key.value: (key, value) for key, value in pairs if isinstance(key, yaml.ScalarNode)}


def items(node: yaml.Node) -> list[yaml.Node]:
    """The items of a list; nothing where the node is none."""
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def words(node: yaml.Node) -> str:
    """The words of a scalar, or those of a list as one text."""
    if isinstance(node, yaml.ScalarNode):
        return str(node.value).strip()
    return BETWEEN.join(filter(None, map(words, items(node))))


def plain(held: Entries, name: str, otherwise: str = "") -> str:
    """The plain text that a key holds."""
    return words(held[name][1]) if name in held else otherwise


def entered(held: Entries, name: str) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
    """The entries of a mapping that stands under a key: name, key and value."""
    for inner, (key, value) in entries(held[name][1]).items() if name in held else ():
        yield inner, key, value


def context(*parts: str) -> str:
    """Where a text stands, in small letters, digits and few signs: a form's own keys may have others.

    >>> context("survey:transport", "hard", "ask"), context("survey:form", "Q1", "ask"), context("survey:form", "où", "ask")
    ('survey:transport/hard/ask', 'survey:form/.q1/ask', 'survey:form/o:f9:/ask')
    """
    whole = "/".join(re.sub(r"[^a-z0-9_:-]", _small, part) for part in parts)
    if len(whole) <= LONGEST:
        return whole
    last = HEARD if whole.endswith(HEARD) else ""
    digest = hashlib.sha256(whole.encode()).hexdigest()[:16]
    return f"{whole[: LONGEST - 17 - len(last)]}.{digest}{last}"


def _small(found: re.Match[str]) -> str:
    """A capital as a dot and its small letter, a dot as two, anything else as its number."""
    char = found[0]
    return f".{char.lower()}" if char.isascii() and (char.isalpha() or char == ".") else f":{ord(char):x}:"
