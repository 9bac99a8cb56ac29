"""Labels as a phone shows them: without Markdown, HTML and braces that are no gaps, and not without end."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Collection

from ..files.survey_page import LONGEST as LONGEST

_SAID = re.compile(r"\$\{\s*([^${}\s]+)\s*\}")
_GAPS = re.compile(r"\$\{[^${}\s]+\}|\{([a-z_][a-z0-9_]*)\}")
_BREAKS = re.compile(r"<\s*(?:br|/p|/div|/li|/h[1-6]|/tr)\b[^<>]*>", re.IGNORECASE)
_TAGS = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>|<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"!?\[([^\]\n]*)\]\(([^()\s]+)[^()]*\)")
_MARKS = (
    (re.compile(r"^[ \t]*#{1,6}[ \t]+(.*?)[ \t]*#*$", re.MULTILINE), r"\1"),
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w_])_(?=[^\s_])([^_\n]+?)(?<=[^\s_])_(?![\w_])"), r"\1"),
    (re.compile(r"\\([\\*_#\[\]()`-])"), r"\1"),
)


# pyxform makes every “quote” a straight one, in any language. In expressions that helps; words keep theirs.
_GUARDED = str.maketrans("“”‘’‚„", "\ue010\ue011\ue012\ue013\ue014\ue015")
_RESTORED = {guard: quote for quote, guard in _GUARDED.items()}
_OF_WORDS = re.compile(
    r"(?:label|caption|hint|guidance_hint|\w+_message|requiredmsg|form_title|title)(?::|$)"
)


def guarded(row: dict[str, str]) -> dict[str, str]:
    """A row whose words keep their quotation marks on the way through pyxform; ``restored`` gives them back."""
    return {
        head: cell.translate(_GUARDED)
        if isinstance(cell, str) and _OF_WORDS.match(head.strip().lower())
        else cell
        for head, cell in row.items()
    }


def restored(text: str) -> str:
    """The words with their own quotation marks."""
    return text.translate(_RESTORED)


def plain(text: str, gaps: Collection[str] = ("school",)) -> str:
    r"""The words alone; ``${name}`` stays as it is, and so do ``gaps``, the names that may stand in bare braces.

    >>> plain('**Bold** and <span style="color:red">red</span><br/>less < 5, *ok*, snake_case_name')
    'Bold and red\nless < 5, ok, snake_case_name'
    >>> plain("### Hello ${ first_name }, see [the map](https://example.org) {not a gap}")
    'Hello ${first_name}, see the map (https://example.org) (not a gap)'
    """
    said: list[str] = []

    def aside(match: re.Match[str]) -> str:
        said.append(f"${{{match[1]}}}")
        return f"\ue000{len(said) - 1}\ue001"  # no mark of Markdown reaches into it

    text = _SAID.sub(aside, text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _BREAKS.sub("\n", text)
    text = html.unescape(_TAGS.sub("", text))
    text = _LINK.sub(lambda link: f"{link[1]} ({link[2]})" if link[1] else link[2], text)
    for mark, kept in _MARKS:
        text = mark.sub(kept, text)
    text = re.sub("\ue000(\\d+)\ue001", lambda match: said[int(match[1])], text)
    text = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
    text = re.sub(r"[ \t\xa0]+", " ", _no_braces(text, gaps))
    return restored(re.sub(r"\n{3,}", "\n\n", re.sub(r" *\n *", "\n", text)).strip())


def _no_braces(text: str, gaps: Collection[str]) -> str:
    if "{" not in text and "}" not in text:
        return text
    parts, at = [], 0
    for kept in _GAPS.finditer(text):
        if kept[1] and kept[1] not in gaps:
            continue
        parts += [_round(text[at : kept.start()]), kept[0]]
        at = kept.end()
    return "".join([*parts, _round(text[at:])])


def _round(text: str) -> str:
    return text.replace("${", "(").replace("{", "(").replace("}", ")")


def cut(text: str, most: int = LONGEST) -> str:
    """A text that fits into one message, cut at a word and never inside a ``${name}``."""
    if len(text) <= most:
        return text
    end = text.rfind(" ", most - 100, most - 2)
    end = end if end > 0 else most - 2
    opened = text.rfind("${", 0, end)
    if opened >= 0 and "}" not in text[opened:end]:
        end = opened
    return f"{text[:end].rstrip()}…"
