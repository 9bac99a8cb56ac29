"""Hides from an engine what it must not touch, and puts it back: gaps, addresses, numbers, keywords, names, terms, emoji.

Each becomes a token that engines leave alone. Afterwards every token has to be there exactly once: one that was only
re-spaced, re-cased or given other digits is recognised, anything else raises `Damaged`. Pure.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import regex

from survey_flows.lint.replies import CARRIERS

FORMS = ("[V%d]", "_V%d_")
"""Tokens, the best first; measured in docs/translation-protection.md."""

KEYWORDS = frozenset(word.upper() for word in CARRIERS - {"yes", "end"}) | {"SKIP", "BACK", "OK", "JOIN"}
"""Words in capitals that people are told to send. A phone company acts on its own only as they are written in English."""

_WEB = r"[!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]"  # letters of an address (RFC 3986)
_LATIN = r"[A-Za-z0-9\u00c0-\u024f]"
"""What a word in Latin letters goes on with: Chinese characters may stand right beside it."""
_GAP = r"\$\{\s*[^${}\s]+\s*\}|\{[^{}\s]*\}"
_LINK = (
    rf"(?:https?://|(?<![A-Za-z0-9])www\.){_WEB}*[A-Za-z0-9/=_~\-]|[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+"
    r"|(?<![A-Za-z0-9@.\-])(?:[A-Za-z0-9\-]+\.)+(?:org|com|net|edu|gov|us|info|app|io|school)(?![A-Za-z0-9\-])"
    rf"(?:/{_WEB}*[A-Za-z0-9/=_~\-])?"
)
_KEYWORD = rf"(?<!{_LATIN})(?:JOIN(?:\ [A-Z0-9]{{2,}})+|{'|'.join(sorted(KEYWORDS))})(?!{_LATIN}|'[a-z])"
_PHONE = r"(?<![\d.])(?:\+\d[\d ().\-]{5,}\d|\(\d{3}\) ?\d{3}[ .\-]\d{4}|\d{3}[ .\-]\d{3,4}[ .\-]?\d{4}|\d{3}-\d{4})(?!\d)"
_FIGURE = (
    r"(?:US)?[$€£]\s?\d+(?:[.,]\d+)*|\d+(?:[.,]\d+)*\s?[%€$]"
    r"|\d{1,2}(?:[:.h]\d\d)?\s?(?:[ap]\.m\.|[ap]m\b)|\d+(?:[.,:/h\-–]\d+)+|\d{3,}"
)
_EMOJI = r"(?:\p{Regional_Indicator}{2}|\p{Extended_Pictographic}[\ufe0f\u20e3\u200d\p{Emoji_Modifier}\p{Extended_Pictographic}]*)+"
_LEFT = r"(?:[\[［【]\s*|_+\s*)?(?<![A-Za-z0-9])[VvＶｖ]\s?(?P<number>\d+)(?!\s?\d|[A-Za-z])(?:\s*[\]］】]|\s*_+)?"
"""A token as engines may leave it."""

_ALWAYS = regex.compile(
    rf"(?P<gap>{_GAP})|(?P<link>{_LINK})|(?P<token>{_LEFT})|(?P<keyword>{_KEYWORD})|(?P<phone>{_PHONE})"
    rf"|(?P<figure>{_FIGURE})|(?P<emoji>{_EMOJI})"
)
_SMALL = regex.compile(r"\d+")
_LOOSE, _EXACT = regex.compile(_LEFT), regex.compile(r"\[V(?P<number>\d+)\]|_V(?P<number>\d+)_")
_GAPS, _LINKS, _KEYWORDS = regex.compile(_GAP), regex.compile(_LINK), regex.compile(_KEYWORD)


class Damaged(ValueError):  # noqa: N818
    """An engine lost, doubled or broke something; ``missing`` are the originals of it."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(f"{len(missing)} of what must survive did not")
        self.missing = tuple(missing)


@dataclass(frozen=True, slots=True)
class Span:
    """From where to where something stands in a text, and what is put back for it."""

    start: int
    end: int
    put: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Masked:
    """``text`` is what the engine is given; ``spans`` are what its tokens stand for, in order.

    ``expected`` is the source with all put back, nothing translated: what has to survive can be read off it.
    """

    source: str
    text: str
    spans: tuple[Span, ...]
    expected: str

    @property
    def wordless(self) -> bool:
        """Whether there is nothing to translate."""
        return not any(map(str.isalpha, _LOOSE.sub("", self.text)))


def mask(
    text: str,
    *,
    names: Iterable[str] = (),
    terms: Iterable[Span] = (),
    small: bool = True,
    form: str = FORMS[0],
) -> Masked:
    """The text with a token for all that must survive.

    ``names`` are people and schools as they are written, ``terms`` what a glossary found. ``small`` numbers, of one
    or two digits, are often grammar ("2 weeks"): without it they stay, and have to be looked for afterwards.

    >>> mask("{school}: reply STOP, or call 988 by 5 pm").text
    '[V1]: reply [V2], or call [V3] by [V4]'
    """
    spans = _merged(text, _spans(text, names, terms, small))
    masked, expected, at = [], [], 0
    for number, span in enumerate(spans, start=1):
        masked += [text[at : span.start], form % number]
        expected += [text[at : span.start], span.put]
        at = span.end
    return Masked(text, "".join([*masked, text[at:]]), tuple(spans), "".join([*expected, text[at:]]))


def _spans(text: str, names: Iterable[str], terms: Iterable[Span], small: bool) -> list[Span]:
    loud = shouted(text)
    found = [
        Span(m.start(), m.end(), m[0], m.lastgroup if m.lastgroup != "number" else "token")
        for m in _ALWAYS.finditer(text)
        if not (loud and m.lastgroup == "keyword")
    ]
    whole = [span for span in found if span.kind in ("gap", "link")]
    wanted = [*whole]
    for name in sorted(filter(None, names), key=len, reverse=True):
        pattern = rf"(?<![^\W_]){regex.escape(name)}(?![^\W_])"
        wanted += [Span(m.start(), m.end(), m[0], "name") for m in regex.finditer(pattern, text)]
    wanted += sorted(terms, key=lambda span: span.start - span.end)
    wanted += [span for span in found if span not in whole]
    wanted += [Span(m.start(), m.end(), m[0], "number") for m in _SMALL.finditer(text)] if small else []
    taken: list[Span] = []
    for span in wanted:
        if all(span.end <= other.start or other.end <= span.start for other in taken):
            taken.append(span)
    return sorted(taken, key=lambda span: span.start)


def shouted(text: str) -> bool:
    """Whether everything is in capitals, so that HELP is a word like the others."""
    rest = _KEYWORDS.sub("", _GAPS.sub("", text))
    return any(map(str.isupper, rest)) and not any(char.isalpha() and not char.isupper() for char in rest)


def _merged(text: str, spans: list[Span]) -> list[Span]:
    """Neighbours with only a space between them share a token: engines run two of them together."""
    merged: list[Span] = []
    for span in spans:
        if merged and text[merged[-1].end : span.start] in ("", " "):
            before = merged.pop()
            put = before.put + text[before.end : span.start] + span.put
            span = Span(before.start, span.end, put, span.kind)
        merged.append(span)
    return merged


def unmask(masked: Masked, said: str, *, right_to_left: bool = False) -> str:
    """What an engine said, with the originals put back. Raises `Damaged` where a token is not there exactly once.

    >>> unmask(mask("{school}: reply STOP"), "[ v1 ]: responda ［V２］")
    '{school}: responda STOP'
    """
    found = [
        (match, int(match["number"]))
        for match in (_EXACT if _bracketed(masked.text) else _LOOSE).finditer(said)
    ]
    often = Counter(number for _, number in found)
    wrong = [span.put for number, span in enumerate(masked.spans, start=1) if often[number] != 1]
    if wrong or len(found) != len(masked.spans):
        raise Damaged(wrong or [match[0] for match, number in found if number > len(masked.spans)])
    parts: list[str] = []
    at = 0
    for match, number in found:
        span = masked.spans[number - 1]
        before, after = said[at : match.start()], said[match.end() : match.end() + 1]
        last = before[-1:] if before else (parts[-1][-1:] if parts else "")
        parts += [before, _apart(masked.source, span, last, after, right_to_left)]
        at = match.end()
    return "".join([*parts, said[at:]])


def _bracketed(text: str) -> bool:
    """Whether the text has brackets or underscores of its own, so that those of a bent token could not be told from them."""
    return any(char in "_[]［］【】" for char in _EXACT.sub("", text))


def _apart(source: str, span: Span, last: str, after: str, right_to_left: bool) -> str:
    """What is put back, with the space that the engine took away where two words would run together."""
    open_, close = source[: span.start][-1:], source[span.end : span.end + 1]
    first = " " if open_.isspace() and _joins(last) else ""
    # A phone would take Chinese punctuation for a part of the address.
    link = span.kind == "link" and not after.isascii() and close.isascii()
    then = " " if link or (close.isspace() and _joins(after)) else ""
    # After Arabic letters the groups of 617-555-0100 are shown in reverse: the mark keeps them in order.
    mark = "\u200e" if right_to_left and span.kind == "phone" else ""
    return f"{first}{mark}{span.put}{then}"


def _joins(char: str) -> bool:
    return bool(char) and (char.isdecimal() or char.islower() or char.isupper())


def western(text: str) -> str:
    """The text with every digit of another script as 0-9: what is sent back, or called, has to be the same number."""
    return (
        text if text.isascii() else "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    )


def survivors(text: str) -> Counter[tuple[str, str]]:
    """All that has to be the same in a translation: ("gap", "{school}"), ("link", …), ("keyword", "STOP"), ("number", "988")."""
    found: Counter[tuple[str, str]] = Counter()
    for kind, pattern in (("gap", _GAPS), ("link", _LINKS)):
        found.update((kind, match) for match in pattern.findall(text))
        text = pattern.sub(" ", text)
    found.update(("keyword", word) for word in _KEYWORDS.findall(text))
    found.update(("number", digits) for digits in _SMALL.findall(text))
    found.update(("brace", char) for char in text if char in "{}")
    return found
