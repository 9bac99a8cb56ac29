"""Reads a codebook: the themes that replies are coded to, with their meaning and example wordings.

A codebook is a folder: ``codebook.yaml`` (id, version, title, order) and one YAML file a top theme. People read and
correct it; the coder learns from it. See docs/coding.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from .base import KINDS, NO_BARRIER, REACHES, UNCLEAR, Codebook, CodebookError, Kind, Reach, Theme
from .fields import CODE, SUB_KEYS, TOP_KEYS, known_keys, optional, phrases, reach, required, texts_by_key

__all__ = (
    "KINDS",
    "NO_BARRIER",
    "REACHES",
    "SCHOOL_BARRIERS",
    "UNCLEAR",
    "Codebook",
    "CodebookError",
    "Kind",
    "Reach",
    "Theme",
    "load",
)

HERE = Path(__file__).parent
SCHOOL_BARRIERS = HERE / "school_barriers"
"""The codebook that ships with Openline."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(folder: Path | str = SCHOOL_BARRIERS) -> Codebook:
    """Read the codebook in ``folder``. Raises CodebookError, naming file, theme and cure."""
    folder = Path(folder)
    head = _read(folder / "codebook.yaml")
    for key in ("id", "version", "title", "order"):
        if not head.get(key):
            raise CodebookError("codebook.yaml", None, f"'{key}' is missing", f"Add a line '{key}: …'.")
    order = [str(name) for name in head["order"]]
    files = {path.stem for path in folder.glob("*.yaml")} - {"codebook"}
    for name in sorted(files.symmetric_difference(order)):
        if name in files:
            raise CodebookError(
                f"{name}.yaml",
                None,
                "the file is not in the order",
                f"Add '{name}' to 'order' in codebook.yaml.",
            )
        raise CodebookError(
            "codebook.yaml",
            None,
            f"there is no file {name}.yaml",
            f"Write it, or take '{name}' out of 'order'.",
        )
    themes = tuple(theme for name in order for theme in _themes(folder / f"{name}.yaml"))
    _check_together(themes)
    return Codebook(str(head["id"]), str(head["version"]), str(head["title"]), themes)


def _read(path: Path) -> dict[str, Any]:
    try:
        read = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader, in C if built
    except FileNotFoundError:
        raise CodebookError(
            path.name, None, "the file is missing", f"Write {path.name} in {path.parent.name}."
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = f" at line {line + 1}" if line is not None else ""
        raise CodebookError(
            path.name,
            None,
            f"not readable as YAML{where}",
            "Check indents, and quote texts that hold ': ' or '#'.",
        ) from error
    if not isinstance(read, dict):
        raise CodebookError(path.name, None, "not a mapping of keys to values", "Begin with 'id: …'.")
    return read


def _themes(path: Path) -> Iterator[Theme]:
    read = _read(path)
    top = str(read.get("id") or "")
    if top != path.stem:
        raise CodebookError(
            path.name, top or None, "the id is not the file's name", f"Write 'id: {path.stem}'."
        )
    kind = read.get("kind")
    if kind not in KINDS:
        raise CodebookError(
            path.name, top, "'kind' is neither barrier nor other", "Write 'kind: barrier' or 'kind: other'."
        )
    known_keys(path.name, top, read, TOP_KEYS)
    drafted = frozenset(str(language) for language in read.get("drafted") or ())
    yield Theme(
        id=top,
        parent=None,
        label=required(path.name, top, read, "label"),
        definition=required(path.name, top, read, "definition"),
        include=str(read.get("include") or ""),
        exclude=str(read.get("exclude") or ""),
        kind=kind,
        flag=optional(read.get("flag")),
        map=texts_by_key(read.get("map")),
        drafted=drafted,
        reach=reach(path.name, top, read.get("reach")),
    )
    subs = read.get("themes")
    if not isinstance(subs, list) or not subs:
        raise CodebookError(
            path.name, top, "there are no sub-themes", "Add a list 'themes:' with at least one theme."
        )
    for sub in subs:
        yield _sub(path.name, top, kind, drafted, sub)


def _sub(file: str, top: str, kind: Kind, drafted: frozenset[str], read: object) -> Theme:
    if not isinstance(read, dict) or not read.get("id"):
        raise CodebookError(file, top, "a sub-theme has no id", f"Begin it with '- id: {top}.something'.")
    code = str(read["id"])
    if not CODE.fullmatch(code) or not code.startswith(f"{top}."):
        raise CodebookError(
            file,
            code,
            f"the id does not lie under {top}",
            f"Write it as '{top}.' and lower-case letters or '_'.",
        )
    known_keys(file, code, read, SUB_KEYS)
    examples = phrases(file, code, read, "examples")
    if not examples.get("en"):
        raise CodebookError(
            file, code, "there are no English examples", "Add at least one under 'examples: en:'."
        )
    return Theme(
        id=code,
        parent=top,
        label=required(file, code, read, "label"),
        definition=required(file, code, read, "definition"),
        include=str(read.get("include") or ""),
        exclude=str(read.get("exclude") or ""),
        kind=kind,
        examples=examples,
        cues=phrases(file, code, read, "cues"),
        flag=optional(read.get("flag")),
        map=texts_by_key(read.get("map")),
        drafted=drafted,
        reach=reach(file, code, read.get("reach")),
    )


def _check_together(themes: tuple[Theme, ...]) -> None:
    """What can only be seen across files: ids used twice, and one wording given as an example of two themes."""
    seen: set[str] = set()
    owner: dict[tuple[str, str], str] = {}
    for theme in themes:
        file = f"{theme.parent or theme.id}.yaml"
        if theme.id in seen:
            raise CodebookError(file, theme.id, "the id is used twice", "Give one of the two another id.")
        seen.add(theme.id)
        for language, texts in theme.examples.items():
            for wording in texts:
                other = owner.setdefault((language, wording.casefold()), theme.id)
                if other != theme.id:
                    raise CodebookError(
                        file,
                        theme.id,
                        f"the example {wording!r} also stands under {other}",
                        "Keep it in one of them.",
                    )
