"""Where the parts of a file stand, so that one of them can be changed and everything else stays as it was written."""

from __future__ import annotations

import yaml

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The loader that reads surveys: PyYAML's own takes "hard?," for something else."""

Header = dict[str, tuple[yaml.Node, yaml.Node]]


def roots(text: str) -> list[yaml.MappingNode]:
    """The mapping that a file is, and those that follow it after ``---``. Raises ValueError."""
    try:
        nodes = list(yaml.compose_all(text, _Loader))
    except yaml.YAMLError as error:
        raise ValueError(f"this is not well-formed YAML: {error}") from None
    found = [node for node in nodes if isinstance(node, yaml.MappingNode)]
    if not found or len(found) < len(nodes):
        raise ValueError("this is no survey and no campaign")
    return found


def header(text: str) -> Header:
    """The keys on top of a file, with what they hold. Raises ValueError."""
    return {key.value: (key, value) for key, value in roots(text)[0].value}


def flows(node: yaml.Node) -> bool:
    """Whether a collection is written in brackets."""
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


def end(node: yaml.Node) -> int:
    """Behind the last character of a node: PyYAML has a block end where the next thing begins."""
    if isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        return end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def line_end(text: str, at: int) -> int:
    """Behind the line break that comes next."""
    return text.find("\n", at) + 1 or len(text)
