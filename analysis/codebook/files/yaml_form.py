"""A codebook as one YAML file: the head of codebook.yaml, and under ``themes:`` what each file of a folder holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from .. import KINDS, Codebook, CodebookError, Kind, Theme
from ..fields import CODE, SUB_KEYS, TOP_KEYS, known_keys, optional, phrases, reach, required, texts_by_key
from .loaded import Loaded, Notice

_HEAD_KEYS = {"id", "version", "title", "themes"}
_KEYS = (SUB_KEYS | TOP_KEYS) - {"themes"}
_DEEPEST = 12
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(data: bytes, name: str, language: str = "en") -> Loaded:
    """Raises CodebookError. Unlike a folder, a file may lack English examples: then a notice says where."""
    try:
        return _read(data, name)
    except CodebookError as error:
        if error.place or not error.theme:
            raise
        place = _line(data, error.theme)
        raise CodebookError(name, error.theme, error.problem, error.cure, place) from error


def _line(data: bytes, code: str) -> str:
    """Where a theme begins; the last place, should there be several: that is the one too many."""
    head = re.compile(rf"\s*(-\s+)?id:\s*[\"']?{re.escape(code)}[\"']?\s*(#.*)?$")
    lines = data.decode("utf-8-sig").splitlines()
    found = [number for number, line in enumerate(lines, 1) if head.match(line)]
    return f"line {found[-1]}" if found else ""


def _read(data: bytes, name: str) -> Loaded:
    head = _mapping(data, name)
    for key in ("id", "version", "title"):
        if not head.get(key):
            raise CodebookError(name, None, f"'{key}' is missing", f"Add a line '{key}: …'.")
    known_keys(name, "", head, _HEAD_KEYS)
    tops = head.get("themes")
    if not isinstance(tops, list) or not tops:
        raise CodebookError(name, None, "there are no themes", "Add a list 'themes:' with top themes in it.")
    themes: list[Theme] = []
    for index, top in enumerate(tops, 1):
        themes += _top(name, f"top theme {index}", top)
    seen: set[str] = set()
    for theme in themes:
        if theme.id in seen:
            raise CodebookError(name, theme.id, "the id is used twice", "Give one of the two another id.")
        seen.add(theme.id)
    bare = [theme.id for theme in themes if theme.parent and not any(theme.examples.values())]
    notices = [Notice("", f"no examples: {', '.join(bare)}")] if bare else []
    return Loaded(
        Codebook(str(head["id"]), str(head["version"]), str(head["title"]), tuple(themes)), tuple(notices)
    )


def write(book: Codebook) -> bytes:
    """The codebook as text that people can read and correct."""
    head = {"id": book.id, "version": book.version, "title": book.title}
    tops = [
        {**_plain(top, None), "themes": [_plain(sub, top) for sub in book.children(top.id)]}
        for top in book.tops
    ]
    text = yaml.dump(
        {**head, "themes": tops}, Dumper=yaml.SafeDumper, allow_unicode=True, sort_keys=False, width=110
    )
    return text.encode()


def _plain(theme: Theme, top: Theme | None) -> dict[str, Any]:
    plain: dict[str, Any] = {"id": theme.id, "label": theme.label, "definition": theme.definition}
    if top is None or theme.kind != top.kind:
        plain["kind"] = theme.kind
    if theme.drafted != (top.drafted if top else frozenset()):
        plain["drafted"] = sorted(theme.drafted)
    more = {
        "include": theme.include,
        "exclude": theme.exclude,
        "map": dict(theme.map),
        "flag": theme.flag,
        "reach": theme.reach,
        "examples": {language: list(texts) for language, texts in theme.examples.items()},
        "cues": {language: list(texts) for language, texts in theme.cues.items()},
    }
    return {**plain, **{key: value for key, value in more.items() if value}}


def _top(name: str, place: str, read: object) -> Iterator[Theme]:
    if not isinstance(read, dict) or not read.get("id"):
        raise CodebookError(name, None, "a top theme has no id", "Begin it with '- id: …'.", place)
    top = str(read["id"])
    if not CODE.fullmatch(top) or "." in top:
        raise CodebookError(
            name, top, "the id is not one word", "Use lower-case letters, digits and '_'.", place
        )
    if read.get("kind") not in KINDS:
        raise CodebookError(
            name, top, "'kind' is neither barrier nor other", "Write 'kind: barrier' or 'kind: other'.", place
        )
    first = _theme(name, top, {key: value for key, value in read.items() if key != "themes"}, None)
    yield first
    subs = read.get("themes") or []
    if not isinstance(subs, list):
        raise CodebookError(
            name, top, "'themes' is not a list", "Begin each theme below it with '- id: …'.", place
        )
    for index, sub in enumerate(subs, 1):
        if not isinstance(sub, dict) or not sub.get("id"):
            what = f"sub-theme {index} has no id"
            raise CodebookError(name, top, what, f"Begin it with '- id: {top}.something'.", place)
        code = str(sub["id"])
        if not CODE.fullmatch(code) or not code.startswith(f"{top}."):
            raise CodebookError(
                name,
                code,
                f"the id does not lie under {top}",
                f"Write it as '{top}.' and lower-case letters or '_'.",
                place,
            )
        yield _theme(name, code, sub, first)


def _theme(name: str, code: str, read: Mapping[str, Any], top: Theme | None) -> Theme:
    known_keys(name, code, read, _KEYS)
    kind: Kind = read.get("kind") or (top.kind if top else "barrier")
    if kind not in KINDS:
        raise CodebookError(
            name, code, "'kind' is neither barrier nor other", "Write 'kind: barrier' or 'kind: other'."
        )
    drafted = read.get("drafted", top.drafted if top else ()) or ()
    if not isinstance(drafted, list | tuple | frozenset):
        raise CodebookError(name, code, "'drafted' is not a list", "Write 'drafted: [es, ht]'.")
    return Theme(
        id=code,
        parent=top.id if top else None,
        label=required(name, code, read, "label"),
        definition=required(name, code, read, "definition"),
        include=str(read.get("include") or "").strip(),
        exclude=str(read.get("exclude") or "").strip(),
        kind=kind,
        examples=phrases(name, code, read, "examples"),
        cues=phrases(name, code, read, "cues"),
        flag=optional(read.get("flag")),
        map=texts_by_key(read.get("map")),
        drafted=frozenset(str(language) for language in drafted),
        reach=reach(name, code, read.get("reach")),
    )


def _mapping(data: bytes, name: str) -> dict[str, Any]:
    cure = "Check indents, and quote texts that hold ': ' or '#'."
    try:
        text = data.decode("utf-8-sig")
        _allow(text, name)
        read = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, in C if it is built
    except UnicodeDecodeError as error:
        raise CodebookError(name, None, "the text is not in UTF-8", "Save it as UTF-8.") from error
    except (yaml.YAMLError, ValueError) as error:
        if isinstance(error, CodebookError):
            raise
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = f"line {line + 1}" if line is not None else ""
        raise CodebookError(name, None, "not readable as YAML", cure, where) from error
    if not isinstance(read, dict):
        raise CodebookError(name, None, "not a mapping of keys to values", "Begin with 'id: …'.")
    return read


def _allow(text: str, name: str) -> None:
    """Refuses what could grow without end (aliases) or exhaust the stack, before anything is built."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = f"line {event.start_mark.line + 1}" if event.start_mark else ""
        if isinstance(event, yaml.AliasEvent):
            raise CodebookError(name, None, "it refers to another place (*…)", "Write the text itself.", line)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                raise CodebookError(
                    name, None, "lists stand too deep in one another", "Check the indents.", line
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
