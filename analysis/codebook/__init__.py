"""Reads a codebook: the themes that replies are coded to, with their meaning and example wordings.

A codebook is a folder: ``codebook.yaml`` (id, version, title, order) and one YAML file a top theme. People read and
correct it; the coder learns from it. See docs/coding.md.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import yaml

HERE = Path(__file__).parent
SCHOOL_BARRIERS = HERE / "school_barriers"
"""The codebook that ships with Openline."""

Kind = Literal["barrier", "other"]
KINDS: tuple[Kind, ...] = ("barrier", "other")
UNCLEAR = "x.unclear"
NO_BARRIER = "x.no_barrier"

_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_TOP_KEYS = {"id", "label", "definition", "kind", "drafted", "themes", "include", "exclude", "flag", "map"}
_SUB_KEYS = {"id", "label", "definition", "include", "exclude", "map", "flag", "examples", "cues"}
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class CodebookError(ValueError):
    """A codebook that cannot be used. Says where (file, theme), what is wrong and how to cure it."""

    def __init__(self, file: str, theme: str | None, problem: str, cure: str) -> None:
        where = f"{file}, theme {theme}" if theme else file
        super().__init__(f"{where}: {problem}. {cure}")
        self.file = file
        self.theme = theme
        self.problem = problem
        self.cure = cure


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme. A top theme has no parent and no examples; replies are coded to the others.

    ``examples`` and ``cues`` are keyed by BCP 47 language; ``drafted`` are the languages whose examples no person has
    approved yet; ``flag`` says what people must do when the theme turns up (None: nothing); ``map`` leads to the
    same idea in other code lists.
    """

    id: str
    parent: str | None
    label: str
    definition: str
    include: str
    exclude: str
    kind: Kind
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cues: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    flag: str | None = None
    map: Mapping[str, str] = field(default_factory=dict)
    drafted: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Codebook:
    """All themes, a top theme before its own sub-themes, in the order that people see them."""

    id: str
    version: str
    title: str
    themes: tuple[Theme, ...]

    def __getitem__(self, code: str) -> Theme:
        return self._by_id[code]

    def __contains__(self, code: object) -> bool:
        return code in self._by_id

    def __iter__(self) -> Iterator[Theme]:
        return iter(self.themes)

    @cached_property
    def _by_id(self) -> dict[str, Theme]:
        return {theme.id: theme for theme in self.themes}

    @cached_property
    def tops(self) -> tuple[Theme, ...]:
        """The top themes."""
        return tuple(theme for theme in self.themes if theme.parent is None)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The ids that a reply can be coded to: every theme that has examples."""
        return tuple(theme.id for theme in self.themes if theme.parent is not None)

    @cached_property
    def barriers(self) -> tuple[str, ...]:
        """The codes that name a barrier."""
        return tuple(code for code in self.codes if self[code].kind == "barrier")

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages that have examples."""
        return tuple(sorted({language for theme in self.themes for language in theme.examples}))

    @cached_property
    def digest(self) -> str:
        """12 hex digits that change whenever anything that a coder learns from changes."""
        learned = [
            [
                theme.id,
                theme.label,
                theme.definition,
                theme.include,
                _plain(theme.examples),
                _plain(theme.cues),
            ]
            for theme in self.themes
        ]
        text = json.dumps(learned, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def top(self, code: str) -> str:
        """The top theme of a code: itself for a top theme, and for a code of kind *other* (``x.thanks``), which
        stand for themselves.
        """
        theme = self[code]
        if theme.parent is None or theme.kind == "other":
            return code
        return theme.parent

    def children(self, top: str) -> tuple[Theme, ...]:
        """The sub-themes of a top theme, in order."""
        return tuple(theme for theme in self.themes if theme.parent == top)


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
    _known_keys(path.name, top, read, _TOP_KEYS)
    drafted = frozenset(str(language) for language in read.get("drafted") or ())
    yield Theme(
        id=top,
        parent=None,
        label=_text(path.name, top, read, "label"),
        definition=_text(path.name, top, read, "definition"),
        include=str(read.get("include") or ""),
        exclude=str(read.get("exclude") or ""),
        kind=kind,
        flag=_optional(read.get("flag")),
        map=_texts_by_key(read.get("map")),
        drafted=drafted,
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
    if not _CODE.fullmatch(code) or not code.startswith(f"{top}."):
        raise CodebookError(
            file,
            code,
            f"the id does not lie under {top}",
            f"Write it as '{top}.' and lower-case letters or '_'.",
        )
    _known_keys(file, code, read, _SUB_KEYS)
    examples = _phrases(file, code, read, "examples")
    if not examples.get("en"):
        raise CodebookError(
            file, code, "there are no English examples", "Add at least one under 'examples: en:'."
        )
    return Theme(
        id=code,
        parent=top,
        label=_text(file, code, read, "label"),
        definition=_text(file, code, read, "definition"),
        include=str(read.get("include") or ""),
        exclude=str(read.get("exclude") or ""),
        kind=kind,
        examples=examples,
        cues=_phrases(file, code, read, "cues"),
        flag=_optional(read.get("flag")),
        map=_texts_by_key(read.get("map")),
        drafted=drafted,
    )


def _known_keys(file: str, theme: str, read: Mapping[str, Any], known: set[str]) -> None:
    for key in read:
        if key not in known:
            raise CodebookError(
                file, theme, f"unknown key '{key}'", f"Known keys: {', '.join(sorted(known))}."
            )


def _text(file: str, theme: str, read: Mapping[str, Any], key: str) -> str:
    value = read.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CodebookError(file, theme, f"'{key}' is missing", f"Add a line '{key}: …'.")
    return value.strip()


def _phrases(file: str, theme: str, read: Mapping[str, Any], key: str) -> dict[str, tuple[str, ...]]:
    given = read.get(key) or {}
    if not isinstance(given, dict):
        raise CodebookError(
            file, theme, f"'{key}' is not keyed by language", f"Write '{key}:' and below it 'en: […]'."
        )
    phrases: dict[str, tuple[str, ...]] = {}
    for language, texts in given.items():
        # A bare `no:` is YAML's False: say so instead of failing on its type.
        if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
            raise CodebookError(
                file, theme, f"'{language}' under '{key}' is no language", "Use BCP 47 tags: en, ht, zh-Hans."
            )
        if not isinstance(texts, list):
            raise CodebookError(
                file, theme, f"'{key}: {language}:' is not a list", "Write the texts in [ … ] or with '- '."
            )
        for text in texts:
            # Unquoted yes, no, 12 and 7:30 are not text to YAML.
            if not isinstance(text, str) or not text.strip():
                raise CodebookError(
                    file, theme, f"{text!r} under '{key}: {language}:' is not a text", "Put it in quotes."
                )
        phrases[language] = tuple(text.strip() for text in texts)
    return phrases


def _optional(value: object) -> str | None:
    return str(value).strip() or None if value is not None else None


def _texts_by_key(value: object) -> dict[str, str]:
    return {str(key): str(text) for key, text in value.items()} if isinstance(value, dict) else {}


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
            for text in texts:
                other = owner.setdefault((language, text.casefold()), theme.id)
                if other != theme.id:
                    raise CodebookError(
                        file,
                        theme.id,
                        f"the example {text!r} also stands under {other}",
                        "Keep it in one of them.",
                    )
    for code in (UNCLEAR, NO_BARRIER):
        if code not in seen:
            raise CodebookError(
                "x.yaml", None, f"there is no theme {code}", f"Add '- id: {code}' with examples."
            )


def _plain(phrases: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {language: list(texts) for language, texts in phrases.items()}
