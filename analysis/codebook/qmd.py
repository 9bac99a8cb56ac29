"""Reads a codebook from a Quarto or Markdown page that has one callout a theme.

The shape, as published with the open benchmark of patient feedback::

    ## Top theme
    ::: {.callout-note title="Theme"}
    ### Theme
    What it means.
    Examples:
    Positive: 'one wording', 'another'
    :::

Quotes are written by hand there: curly or straight, sometimes unpaired, with apostrophes inside. What parts two
wordings is a closing quote with a comma or an opening quote after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePath

from . import Codebook, CodebookError, Theme
from .fields import LONGEST, slug

_TITLE = re.compile(r'^title:\s*"?(?P<title>[^"\n]+)', re.MULTILINE)
_PART = re.compile(
    r"^## (?P<top>[^#\n][^\n]*)$|^:::+ *\{[^}]*?title=\"(?P<label>[^\"]+)\"[^}]*\}(?P<body>.*?)^:::+ *$",
    re.MULTILINE | re.DOTALL,
)
_HEADING = re.compile(r"^#+ [^\n]*$", re.MULTILINE)
_EXAMPLES = re.compile(r"^\s*examples?\s*:", re.MULTILINE | re.IGNORECASE)
# "Positive:", "Negative/ wishlist:" at the head of a line, before its first quote
_TONE = re.compile(r"^[^\W\d_]+(\s*/\s*[^\W\d_]+)?\s*:\s*(?=['‘’\"“])")
_BETWEEN = re.compile(r"['’\"”]\s*[,;]\s*['‘\"“]?|['’\"”]\s+['‘\"“](?=\w)")
_QUOTES = " \t'‘’\"“”"


def read(path: Path | str, language: str = "en") -> Codebook:
    """The codebook on the page: a top theme per heading, a theme per callout. Raises CodebookError.

    ``language`` is the language (BCP 47) of its examples.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CodebookError(
            path.name, None, "the file cannot be read", "Give a text file in UTF-8."
        ) from error
    return parse(data, path.name, language)


def parse(data: bytes, name: str, language: str = "en") -> Codebook:
    """The codebook on a page called ``name``."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise CodebookError(name, None, "the text is not in UTF-8", "Save it as UTF-8.") from error
    themes = tuple(_themes(name, text, language))
    if not any(theme.parent for theme in themes):
        raise CodebookError(
            name,
            None,
            "no theme was found",
            "Begin each theme with '::: {.callout-note title=\"Theme\"}'.",
        )
    title = _TITLE.search(text)
    stem = PurePath(name).stem
    return Codebook(slug(stem), "1", title["title"].strip() if title else stem, themes)


def _themes(file: str, text: str, language: str) -> Iterator[Theme]:
    top: Theme | None = None
    seen: set[str] = set()
    for part in _PART.finditer(text):
        if part["top"]:
            heading = part["top"].strip()
            top = _top(_free(slug(heading)[: LONGEST // 2].rstrip("_"), seen), heading)
            yield top
            continue
        if top is None:
            top = _top(_free("themes", seen), "Themes")
            yield top
        label = " ".join(part["label"].split())
        body = _EXAMPLES.split(_HEADING.sub("", part["body"]), maxsplit=1)
        definition = " ".join(body[0].split())
        examples = tuple(dict.fromkeys(_wordings(body[1]))) if len(body) > 1 else ()
        yield Theme(
            id=_free(f"{top.id}.{slug(label)}"[: LONGEST - 4].rstrip("_"), seen),
            parent=top.id,
            label=label,
            definition=definition or label,
            include="",
            exclude="",
            kind="barrier",
            examples={language: examples} if examples else {},
        )


def _top(code: str, label: str) -> Theme:
    return Theme(code, None, label, label, "", "", "barrier")


def _wordings(text: str) -> Iterator[str]:
    for line in text.splitlines():
        for quoted in _BETWEEN.split(_TONE.sub("", line.strip())):
            wording = quoted.strip(_QUOTES)
            if any(letter.isalpha() for letter in wording):
                yield wording


def _free(code: str, seen: set[str]) -> str:
    number, free = 1, code
    while free in seen:
        number += 1
        free = f"{code}_{number}"
    seen.add(free)
    return free
