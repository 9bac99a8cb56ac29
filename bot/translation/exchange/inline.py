"""Texts as XLIFF holds them: the gaps in braces as protected codes, and what XML cannot hold as <cp>. And back."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from survey_flows.told import told

from .xml import Element

GAP = re.compile(r"\$?\{[^{}\s]+\}")
"""What is filled in when a text is sent: {school}, ${first_name}."""
_UNSAID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MARKED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"})
_IN_QUOTES = {**_MARKED, ord('"'): "&quot;", ord("\n"): "&#xA;", ord("\t"): "&#x9;"}


def words(text: str) -> str:
    """Text as the content of an element; characters that XML has no way to say are left out."""
    return _UNSAID.sub("", text).translate(_MARKED)


def quoted(text: str) -> str:
    """Text as the value of an attribute, with its quotation marks."""
    return f'"{_UNSAID.sub("", text).translate(_IN_QUOTES)}"'


class Codes:
    """The protected codes of one unit: each place in the source has its id, and the target takes the same ones.

    >>> codes = Codes()
    >>> codes.written("{school} & you")
    '<ph id="1" canCopy="no" canDelete="no" dataRef="d1" equiv="{school}" disp="{school}"/> &amp; you'
    >>> codes.data()
    '<originalData><data id="d1">{school}</data></originalData>'
    """

    def __init__(self) -> None:
        self._data: dict[str, str] = {}
        self._ids: dict[str, list[str]] = defaultdict(list)
        self._given = 0

    def written(self, text: str) -> str:
        """A text as mixed content. The first one written is the source."""
        used: dict[str, int] = defaultdict(int)
        parts, at = [], 0
        for gap in GAP.finditer(text):
            parts += [_plain(text[at : gap.start()]), self._code(gap[0], used)]
            at = gap.end()
        return "".join([*parts, _plain(text[at:])])

    def data(self) -> str:
        """What the codes stand for."""
        if not self._data:
            return ""
        held = "".join(f'<data id="{ref}">{_plain(gap)}</data>' for gap, ref in self._data.items())
        return f"<originalData>{held}</originalData>"

    def _code(self, gap: str, used: dict[str, int]) -> str:
        ref = self._data.setdefault(gap, f"d{len(self._data) + 1}")
        if used[gap] == len(self._ids[gap]):
            self._given += 1
            self._ids[gap].append(str(self._given))
        one = self._ids[gap][used[gap]]
        used[gap] += 1
        shown = quoted(gap)
        return f'<ph id="{one}" canCopy="no" canDelete="no" dataRef="{ref}" equiv={shown} disp={shown}/>'


def _plain(text: str) -> str:
    parts, at = [], 0
    for unsaid in _UNSAID.finditer(text):
        parts += [words(text[at : unsaid.start()]), f'<cp hex="{ord(unsaid[0]):04X}"/>']
        at = unsaid.end()
    return "".join([*parts, words(text[at:])])


def text_of(element: Element, data: Mapping[str, str]) -> str:
    """The text that mixed content stands for. Raises ValueError, with a reason, for a code that says nothing."""
    return "".join(_said(element, data))


def _said(element: Element, data: Mapping[str, str]) -> Iterator[str]:
    for each in element.inside:
        if isinstance(each, str):
            yield each
            continue
        match each.name:
            case "cp":
                yield _character(each)
            case "ph" | "sc" | "ec" | "x" | "bx" | "ex":
                yield _code_of(each, data, "")
            case "pc":
                yield _code_of(each, data, "Start")
                yield from _said(each, data)
                yield _code_of(each, data, "End")
            case "sm" | "em":
                pass
            case _:  # mrk, and what XLIFF 1.2 puts text into: g, ph, it, bpt, ept, sub
                yield from _said(each, data)


def _character(element: Element) -> str:
    try:
        found = chr(int(element.attributes.get("hex", ""), 16))
        found.encode()  # half a character can be stored nowhere, and neither can NUL
    except (ValueError, OverflowError):
        raise ValueError(told("a <cp> that is no character")) from None
    if found == "\0":
        raise ValueError(told("a <cp> that is no character"))
    return found


def _code_of(element: Element, data: Mapping[str, str], end: str) -> str:
    own = element.attributes
    if (ref := own.get(f"dataRef{end}")) in data:
        return data[ref or ""]
    if element.inside and not end:
        return element.text  # XLIFF 1.2
    for key in (f"equiv{end}", f"disp{end}", "equiv-text"):
        if key in own:
            return own[key]
    if element.name == "pc" or element.name in ("sc", "ec"):
        return ""
    code = f"<{element.name} id={own.get('id', '')!r}>"
    raise ValueError(told("a code {code} that does not say what it stands for", code=code))
