"""A survey's file as a tree that can be changed and written again: whatever nobody touches says what it said.

Comments inside the file go when it is changed (those on top stay), and anchors are written out; words, keys, marks and the
order of things never change. What is written is read again and compared before anybody gets it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import copy
from typing import Any

import yaml

from survey_flows.files.tree import MISSING, Page

_STR, _SEQ, _MAP = (f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map"))
_WIDTH = 100_000  # a text stays on its line: a translator finds it below the others
_NARROW = 88
"""Characters up to which a list or a mapping of plain texts stays in brackets."""

At = tuple[int, ...]
"""Where an item stands: its place in the list, then its place in the group, and so on."""


class _Writer(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, False)  # lists stand in from their key, as in the library

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def anchor_node(self, node: yaml.Node) -> None:
        """No anchors: whatever stood behind one has been written out."""

    def serialize_node(self, node: yaml.Node, parent: Any, index: Any) -> None:
        self.serialized_nodes.clear()
        self.anchors[node] = None
        super().serialize_node(node, parent, index)


class Sheet:
    """One file: ``head`` are the comments on top, ``top`` the survey, ``others`` those it includes."""

    def __init__(self, text: str) -> None:
        """Raises SurveyError for a text that is no list of keys."""
        roots = [_apart(root) for root in Page("survey").roots(text)]
        self.head = text[: roots[0].value[0][0].start_mark.index] if roots[0].value else ""
        if any(line.strip() and not line.lstrip().startswith("#") for line in self.head.splitlines()):
            self.head = ""
        self.top, self.others = roots[0], roots[1:]

    def text(self) -> str:
        """The file's text. Raises ValueError should it not say the same as the tree, which would be a defect of ours."""
        parts = [_written(root) for root in (self.top, *self.others)]
        text = self.head + "---\n".join(parts)
        again = Sheet(text)
        if [same(root) for root in (again.top, *again.others)] != [
            same(root) for root in (self.top, *self.others)
        ]:
            raise ValueError("the survey could not be written without changing it")
        return text

    @property
    def source(self) -> str:
        return plain(get(self.top, "source")) or "en"

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the title, the source first."""
        title = get(self.top, "title")
        tags = [key.value for key, _ in title.value] if isinstance(title, yaml.MappingNode) else []
        return tuple(dict.fromkeys([self.source, *tags]))

    @property
    def variants(self) -> tuple[str, ...]:
        return tuple(listed(get(self.top, "variants")))

    def rows(self, within: At = ()) -> list[yaml.Node]:
        """The list of items, or that of a group: to be changed in place. Raises LookupError."""
        holder: yaml.Node = self.top if not within else self.item(within)
        found = get(holder, "questions")
        if found is None and not within:
            found = yaml.SequenceNode(_SEQ, [])
            put(holder, "questions", found)
        if not isinstance(found, yaml.SequenceNode):
            raise LookupError(f"no list of questions at {within}")
        found.flow_style = False
        rows: list[yaml.Node] = found.value
        return rows

    def item(self, at: At) -> yaml.MappingNode:
        """The item that stands there. Raises LookupError."""
        rows = self.rows(at[:-1])
        if not 0 <= at[-1] < len(rows):
            raise LookupError(f"no item at {at}")
        found = rows[at[-1]]
        if not isinstance(found, yaml.MappingNode):
            raise LookupError(f"no item at {at}")
        return found


def get(node: yaml.Node | None, name: str) -> yaml.Node | None:
    """What a mapping holds under a key; None for nothing."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)


def put(node: yaml.Node, name: str, value: yaml.Node, *, after: Sequence[str] = ()) -> None:
    """Hold ``value`` under a key: where the key stands, else behind the last of ``after``, else at the end."""
    pairs = node.value
    for at, (key, _) in enumerate(pairs):
        if key.value == name:
            pairs[at] = (key, value)
            return
    behind = [at for at, (key, _) in enumerate(pairs) if key.value in after]
    pairs.insert(behind[-1] + 1 if behind else len(pairs), (word(name), value))


def drop(node: yaml.Node, name: str) -> None:
    """Take a key away."""
    node.value[:] = [(key, value) for key, value in node.value if key.value != name]


def word(text: str) -> yaml.ScalarNode:
    """A text, on lines of its own where it has several."""
    return yaml.ScalarNode(_STR, text, style="|" if "\n" in text else None)


def bare(text: str) -> yaml.ScalarNode:
    """A number, or yes and no: what stands without quotes."""
    return yaml.ScalarNode("tag:yaml.org,2002:bool" if text in ("yes", "no") else _number(text), text)


def _number(text: str) -> str:
    """The tag under which a number stands without quotes; anything else is a text."""
    if re.fullmatch(r"-?(0|[1-9][0-9]*)", text):
        return "tag:yaml.org,2002:int"
    return "tag:yaml.org,2002:float" if re.fullmatch(r"-?[0-9]+\.[0-9]+", text) else _STR


def missing() -> yaml.ScalarNode:
    """The mark of a text that is not there yet."""
    return yaml.ScalarNode(MISSING, "", style='"')


def mapping(pairs: dict[str, yaml.Node] | None = None) -> yaml.MappingNode:
    return yaml.MappingNode(
        _MAP, [(word(name), node) for name, node in (pairs or {}).items()], flow_style=False
    )


def sequence(nodes: Sequence[yaml.Node]) -> yaml.SequenceNode:
    return yaml.SequenceNode(_SEQ, list(nodes), flow_style=all(isinstance(n, yaml.ScalarNode) for n in nodes))


def plain(node: yaml.Node | None) -> str:
    """The words of a scalar; "" for none, and for what is marked as missing."""
    return str(node.value).strip() if isinstance(node, yaml.ScalarNode) and node.tag != MISSING else ""


def listed(node: yaml.Node | None) -> list[str]:
    """The words of a list, or of one text where a list of one is meant."""
    if isinstance(node, yaml.ScalarNode):
        return [plain(node)]
    return [plain(one) for one in node.value] if isinstance(node, yaml.SequenceNode) else []


def same(node: yaml.Node) -> Any:
    """What a node says, without the way it is written."""
    if isinstance(node, yaml.ScalarNode):
        return (node.tag == MISSING, node.value)
    if isinstance(node, yaml.SequenceNode):
        return [same(one) for one in node.value]
    return {key.value: same(value) for key, value in node.value}


def _apart(node: yaml.Node) -> Any:
    """A copy of which no part stands in two places."""
    if isinstance(node, yaml.SequenceNode):
        parts: Any = [_apart(one) for one in node.value]
        return yaml.SequenceNode(node.tag, parts, node.start_mark, node.end_mark, node.flow_style)
    if isinstance(node, yaml.MappingNode):
        parts = [(_apart(key), _apart(value)) for key, value in node.value]
        return yaml.MappingNode(node.tag, parts, node.start_mark, node.end_mark, node.flow_style)
    return copy(node)


def _written(root: yaml.Node) -> str:
    for node in _walk(root):
        if isinstance(node, yaml.CollectionNode):
            node.flow_style = node is not root and bool(node.flow_style) and _short(node)
    text: str = yaml.serialize(root, Dumper=_Writer, allow_unicode=True, width=_WIDTH)
    return text


def _walk(node: yaml.Node) -> Iterator[yaml.Node]:
    yield node
    if not isinstance(node, yaml.ScalarNode):
        for one in node.value:
            for part in one if isinstance(one, tuple) else (one,):
                yield from _walk(part)


def _short(node: yaml.Node) -> bool:
    held = [part for part in _walk(node) if isinstance(part, yaml.ScalarNode)]
    return (
        all("\n" not in part.value for part in held)
        and sum(len(part.value) + 2 for part in held) <= 4 * _NARROW
    )
