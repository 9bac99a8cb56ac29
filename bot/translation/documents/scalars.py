"""A text as it is written in YAML: plain where that is safe, else in quotes, on lines of its own where it has several."""

from __future__ import annotations

import re

import yaml

from survey_flows.files.tree import MISSING

from .places import BETWEEN

_LOADERS = (getattr(yaml, "CSafeLoader", yaml.SafeLoader), yaml.SafeLoader)
_STR = "tag:yaml.org,2002:str"
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_HIDDEN = re.compile('[\x00-\x1f"\\\\\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]')
"""What cannot stand in quotes as it is. A no-break space can, but nobody would see it."""
_BLOCK = re.compile(r"[^\s](?:[^\S\n]*[^\s])*(?:\n+[^\s](?:[^\S\n]*[^\s])*)*")
"""Lines none of which begins or ends with a space: these a block holds as they are."""
_LINE_BREAKS = re.compile(
    "[\r\x85\u2028\u2029\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]"
)

MARKED = f'{MISSING} ""'


def scalar(text: str, *, flow: bool, quoted: bool = False, indent: int = 0, line: str = "\n") -> str:
    """A text behind its key. ``flow``: within brackets. ``quoted``: its neighbours are. ``indent`` is how many spaces the
    lines of a longer text begin with, ``line`` how lines end.

    >>> scalar("Hola", flow=False), scalar("no", flow=False), scalar("Uno: dos", flow=False), scalar("a\\nb", flow=True)
    ('Hola', '"no"', '"Uno: dos"', '"a\\\\nb"')
    """
    if "\n" in text and not flow and not _LINE_BREAKS.search(text) and _BLOCK.fullmatch(text):
        return "|-" + "".join(f"{line}{' ' * indent}{part}" if part else line for part in text.split("\n"))
    if not quoted and _is_plain(text, flow):
        return text
    return f'"{_HIDDEN.sub(_escaped, text)}"'


def listed(text: str) -> str:
    """Words that stand in one text, as a list in brackets.

    >>> listed("bus | el bus, sí")
    '[bus, "el bus, sí"]'
    """
    return f"[{', '.join(scalar(part, flow=True) for part in parted(text))}]"


def parted(text: str) -> list[str]:
    """The words of a list that stands in one text."""
    return [part for part in map(str.strip, text.split(BETWEEN.strip())) if part]


def _escaped(found: re.Match[str]) -> str:
    char = found[0]
    if char in _ESCAPES:
        return _ESCAPES[char]
    number = ord(char)
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"


def _is_plain(text: str, flow: bool) -> bool:
    """Whether every reader takes the bare words for just these words, and for words."""
    if "\n" in text or _LINE_BREAKS.search(text) or re.search(r"[\xa0\t#]|^[-?:!&*|>'\"%@`=<]", text):
        return False
    written = f"{{en: {text}, fr: x}}" if flow else f"en: {text}\nfr: x"
    return all(_means(written, text, loader) for loader in _LOADERS)


def _means(written: str, text: str, loader: type[yaml.SafeLoader]) -> bool:
    try:
        node = yaml.compose(written, loader)
    except (yaml.YAMLError, UnicodeError):
        return False
    if not isinstance(node, yaml.MappingNode) or len(node.value) != 2:
        return False
    value = node.value[0][1]
    return bool(isinstance(value, yaml.ScalarNode) and value.value == text and value.tag == _STR)
