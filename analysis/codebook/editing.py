"""Themes that become one, or several, and new ones: each change gives another codebook, which says where its themes were.

What a theme was stands in its ``map`` under *was*: it is versioned, exported and compared with everything else
(``changes.compare``), and so people's codings can follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..cues import find
from .base import Codebook, CodebookError, Theme
from .changes import WAS

Wordings = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Part:
    """What a theme becomes, with the ``words`` (of any language) by which its examples and cues are known."""

    id: str
    label: str
    definition: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Split:
    """``given``: how many examples each part received; ``left``: those that went to none, by language."""

    codebook: Codebook
    given: Mapping[str, int]
    left: Wordings = field(default_factory=dict)


def added(book: Codebook, theme: Theme) -> Codebook:
    """With one more theme, the last under its top theme. Raises CodebookError."""
    if theme.id in book:
        raise CodebookError(book.id, theme.id, "the id is used already", "Give it another id.")
    if theme.parent is not None:
        _top(book, theme.parent)
    themes = list(book.themes)
    family = [at for at, each in enumerate(themes) if theme.parent in (each.id, each.parent)]
    themes.insert(family[-1] + 1 if theme.parent is not None and family else len(themes), theme)
    return replace(book, themes=tuple(themes))


def changed(book: Codebook, theme: Theme) -> Codebook:
    """With this theme in place of the one that has its id; what it was stands where it stood. Raises CodebookError."""
    if theme.id not in book:
        raise CodebookError(
            book.id,
            theme.id,
            f"version {book.version} has no such theme",
            f"There are: {', '.join(book.codes)}.",
        )
    return replace(book, themes=tuple(theme if each.id == theme.id else each for each in book))


def moved(book: Codebook, code: str, top: str) -> Codebook:
    """``code`` lies below another top theme from now on, as the last there, under an id that says so. Raises CodebookError."""
    old = _sub(book, code)
    _top(book, top)
    if old.parent == top:
        raise CodebookError(book.id, code, f"it lies under {top} already", "Name another top theme.")
    name = code.rpartition(".")[2]
    id_ = next(id_ for id_ in _free(f"{top}.{name}") if id_ not in book)
    kind = book[top].kind
    new = replace(
        old,
        id=id_,
        parent=top,
        kind=kind,
        reach=old.reach if kind == "barrier" else None,
        map=_with_was(old.map, id_, _was(old), [code]),
    )
    return added(_in_place(book, {code: []}), new)


def _free(wanted: str) -> Iterator[str]:
    yield wanted
    yield from (f"{wanted}_{number}" for number in range(2, 1000))


def merged(book: Codebook, code: str, into: str) -> Codebook:
    """``code`` becomes a part of ``into``, which keeps its id and label and receives examples, cues, notes and flag.

    Raises CodebookError.
    """
    gone, stays = _sub(book, code), _sub(book, into)
    if gone is stays:
        raise CodebookError(book.id, code, "it cannot be merged into itself", "Name two themes.")
    taken = {
        (language, text.casefold())
        for theme in book
        if theme is not gone
        for language, texts in theme.examples.items()
        for text in texts
    }
    new = replace(
        stays,
        include=_told(stays.include, f"{gone.label}: {gone.definition}", gone.include),
        exclude=_told(stays.exclude, gone.exclude),
        examples=_joined(
            stays.examples,
            {
                language: [text for text in texts if (language, text.casefold()) not in taken]
                for language, texts in gone.examples.items()
            },
        ),
        cues=_joined(stays.cues, gone.cues),
        flag="; ".join(dict.fromkeys(filter(None, (stays.flag, gone.flag)))) or None,
        reach=stays.reach or gone.reach,
        map=_with_was({**gone.map, **stays.map}, stays.id, _was(stays), _was(gone), [gone.id]),
        drafted=stays.drafted | (gone.drafted & gone.examples.keys()),
    )
    return _in_place(book, {gone.id: [], stays.id: [new]})


def split(book: Codebook, code: str, parts: Sequence[Part]) -> Split:
    """``code`` becomes ``parts``, in its place; one of them may have its id, and is then what is left of it.

    An example or cue goes to the part of which most words stand in it; one that has none stays with the part of the old
    id, or is left out. Raises CodebookError.
    """
    old = _sub(book, code)
    ids = [part.id for part in parts]
    if len(ids) < 2 or len(set(ids)) < len(ids):
        raise CodebookError(book.id, code, "it would not be split", "Name two parts or more, each once.")
    for part in parts:
        if part.id != code and part.id in book:
            raise CodebookError(book.id, part.id, "the id is used already", "Give the part another id.")
        if part.id.rpartition(".")[0] != old.parent:
            raise CodebookError(
                book.id,
                part.id,
                f"the part does not lie under {old.parent}",
                f"Write it as '{old.parent}.…'.",
            )
    examples, left = _shared(old.examples, parts, code)
    cues, _ = _shared(old.cues, parts, code)
    new = []
    for part in parts:
        theme = replace(old, examples=examples[part.id], cues=cues[part.id])
        if part.id == code:
            label, definition = part.label or old.label, part.definition or old.definition
            new.append(replace(theme, label=label, definition=definition))
            continue
        new.append(
            replace(
                theme,
                id=part.id,
                label=part.label,
                definition=part.definition or part.label,
                include="",
                map=_with_was(old.map, part.id, _was(old), [code]),
            )
        )
    given = {part.id: sum(map(len, examples[part.id].values())) for part in parts}
    return Split(_in_place(book, {code: new}), given, left)


def _sub(book: Codebook, code: str) -> Theme:
    if code not in book:
        raise CodebookError(
            book.id, code, f"version {book.version} has no such theme", f"There are: {', '.join(book.codes)}."
        )
    if book[code].parent is None:
        cure = f"Name one of those under it: {', '.join(theme.id for theme in book.children(code))}."
        raise CodebookError(book.id, code, "it is a top theme, and no reply is coded to it", cure)
    return book[code]


def _top(book: Codebook, code: str) -> None:
    if code not in book or book[code].parent is not None:
        tops = ", ".join(theme.id for theme in book.tops)
        raise CodebookError(book.id, code, "there is no such top theme", f"There are: {tops}.")


def _in_place(book: Codebook, new: Mapping[str, Sequence[Theme]]) -> Codebook:
    """With other themes in place of some; a top theme that has lost its last one goes as well."""
    themes = [each for theme in book for each in new.get(theme.id, (theme,))]
    had = {theme.parent for theme in book}
    have = {theme.parent for theme in themes}
    return replace(
        book,
        themes=tuple(theme for theme in themes if theme.parent or theme.id in have or theme.id not in had),
    )


def _was(theme: Theme) -> list[str]:
    return theme.map.get(WAS, "").replace(",", " ").split()


def _with_was(mapped: Mapping[str, str], own: str, *codes: Iterable[str]) -> dict[str, str]:
    was = dict.fromkeys(code for some in codes for code in some if code != own)
    return {**{key: value for key, value in mapped.items() if key != WAS}, WAS: " ".join(was)}


def _told(*notes: str) -> str:
    """Notes, one after the other, each with its full stop."""
    said = dict.fromkeys(note.strip() for note in notes if note.strip())
    return " ".join(note if note[-1] in ".!?。؟" else f"{note}." for note in said)


def _joined(mine: Wordings, theirs: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    found = {
        language: tuple(dict.fromkeys((*mine.get(language, ()), *theirs.get(language, ()))))
        for language in dict.fromkeys((*mine, *theirs))
    }
    return {language: texts for language, texts in found.items() if texts}


def _shared(
    wordings: Wordings, parts: Sequence[Part], code: str
) -> tuple[dict[str, dict[str, tuple[str, ...]]], dict[str, tuple[str, ...]]]:
    """The wordings of each part, by language; and those of none."""
    # English cues are looked for in every language, so these words of any language are.
    known = Codebook(
        "parts",
        "",
        "",
        tuple(Theme(part.id, "", "", "", "", "", "other", cues={"en": part.words}) for part in parts),
    )
    order = [part.id for part in parts]
    rest = code if code in order else None
    shared: dict[str, dict[str, tuple[str, ...]]] = {part.id: {} for part in parts}
    left: dict[str, tuple[str, ...]] = {}
    for language, texts in wordings.items():
        for text in texts:
            found = find(known, text, language)
            best = max(found, key=lambda part: (len(found[part]), -order.index(part)), default=rest)
            home = left if best is None else shared[best]
            home[language] = (*home.get(language, ()), text)
    return shared, left


def kept(new: Codebook, old: Codebook) -> Codebook:
    """With what a file of another program has no place for, as it was in the version before: kind, reach, flag, map, cues."""
    known = {theme.id: theme for theme in old}
    themes = []
    for theme in new:
        before = known.get(theme.id)
        if before is not None and (before.parent is None) == (theme.parent is None):
            theme = replace(
                theme,
                kind=before.kind,
                reach=theme.reach or before.reach,
                flag=theme.flag or before.flag,
                map={**before.map, **theme.map},
                cues=theme.cues or before.cues,
            )
        themes.append(theme)
    return replace(new, themes=tuple(themes))
