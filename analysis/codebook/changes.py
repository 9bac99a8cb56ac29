"""What has changed between two versions of a codebook, and where each old code has gone.

Themes are the same when their ids are. Of those that are left over, an old and a new one are taken for the same when
their labels, or most of their examples, are alike. That one theme has become several, or several one, has to be
stated: in the new codebook (``map: {was: transport.cost transport.gas}``) or by whoever compares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from .base import Codebook, CodebookError, Theme
from .likeness import alike

WAS = "was"
"""The key of a theme's ``map`` that names the codes it has come from."""
Fate = Literal["same", "renamed", "moved", "merged", "split", "removed"]
_TEXTS = ("label", "definition", "include", "exclude", "kind", "flag", "reach", "map", "drafted")
_MEANING = {"definition", "include", "exclude", "kind", "examples", "cues"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A theme that is in both versions. ``fields``: what differs. ``wordings``: examples come and gone, by language."""

    old: Theme
    new: Theme
    fields: tuple[str, ...] = ()
    wordings: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)

    @property
    def fate(self) -> Fate:
        """Moved when the id or the top theme is another one; renamed when the label is."""
        if self.old.id != self.new.id or self.old.parent != self.new.parent:
            return "moved"
        return "renamed" if self.old.label != self.new.label else "same"


@dataclass(frozen=True, slots=True)
class Changes:
    """The difference of two versions. ``onto`` leads from every old code to the new ones, () where none is left."""

    old: Codebook
    new: Codebook
    added: tuple[Theme, ...]
    removed: tuple[Theme, ...]
    kept: tuple[Kept, ...]
    merged: Mapping[str, tuple[str, ...]]
    split: Mapping[str, tuple[str, ...]]
    onto: Mapping[str, tuple[str, ...]]

    @property
    def renamed(self) -> tuple[Kept, ...]:
        """The same id, another label."""
        return tuple(each for each in self.kept if each.fate == "renamed")

    @property
    def moved(self) -> tuple[Kept, ...]:
        """Another id, or under another top theme."""
        return tuple(each for each in self.kept if each.fate == "moved")

    @property
    def changed(self) -> tuple[Kept, ...]:
        """Those whose meaning is told in other words: definition, notes, examples, cues, kind."""
        return tuple(each for each in self.kept if _MEANING & set(each.fields))

    def __bool__(self) -> bool:
        return bool(
            self.added or self.removed or any(each.fields or each.fate != "same" for each in self.kept)
        )

    def recode(self, code: str) -> str | None:
        """The one new code that stands for an old one; None: somebody, or the coder, has to decide."""
        found = self.onto.get(code, ())
        return found[0] if len(found) == 1 else None

    def to_read_again(self) -> tuple[str, ...]:
        """The old codes whose replies have to be read again: split, removed, or with another meaning."""
        changed = {each.old.id for each in self.changed}
        return tuple(code for code in self.old.codes if self.recode(code) is None or code in changed)

    def data(self) -> dict[str, Any]:
        """All of it, fit for JSON."""
        return {
            "from": {"id": self.old.id, "version": self.old.version},
            "to": {"id": self.new.id, "version": self.new.version},
            "added": [theme.id for theme in self.added],
            "removed": [theme.id for theme in self.removed],
            "renamed": {each.new.id: [each.old.label, each.new.label] for each in self.renamed},
            "moved": {each.old.id: each.new.id for each in self.moved},
            "merged": {code: list(parts) for code, parts in self.merged.items()},
            "split": {code: list(parts) for code, parts in self.split.items()},
            "changed": {
                each.new.id: [name for name in each.fields if name in _MEANING] for each in self.changed
            },
            "onto": {code: list(codes) for code, codes in self.onto.items()},
        }

    def text(self) -> str:
        """The difference for people, a line each."""
        return "\n".join(self._lines()) or "Nothing has changed."

    def _lines(self) -> Iterator[str]:
        for code, parts in self.merged.items():
            yield f"merged   {', '.join(parts)} -> {code}"
        for code, parts in self.split.items():
            yield f"split    {code} -> {', '.join(parts)}"
        for theme in self.added:
            yield f"added    {theme.id}: {theme.label}"
        for theme in self.removed:
            yield f"removed  {theme.id}: {theme.label}"
        for each in self.moved:
            yield f"moved    {each.old.id} -> {each.new.id}: {each.new.label}"
        for each in self.renamed:
            yield f"renamed  {each.new.id}: '{each.old.label}' -> '{each.new.label}'"
        for each in self.kept:
            for name in each.fields:
                if name in ("examples", "cues", "label"):
                    continue
                before, after = _shown(getattr(each.old, name)), _shown(getattr(each.new, name))
                yield f"changed  {each.new.id}, {name}: {before} -> {after}"
            for what, (come, gone) in each.wordings.items():
                yield from (f"changed  {each.new.id}, {what}: + {text}" for text in come)
                yield from (f"changed  {each.new.id}, {what}: - {text}" for text in gone)


def compare(old: Codebook, new: Codebook, stated: Mapping[str, Sequence[str]] | None = None) -> Changes:
    """The difference. ``stated``: old code to the new codes it has become; it goes before what ids say.

    Raises CodebookError when something stated names a theme that is not there.
    """
    said = _stated(old, new, stated or {})
    pairs = [(theme, new[theme.id]) for theme in old if theme.id in new and theme.id not in said]
    came_from_said = {code for codes in said.values() for code in codes}
    left = [theme for theme in old if theme.id not in new and theme.id not in said]
    free = [theme for theme in new if theme.id not in old and theme.id not in came_from_said]
    pairs += alike(left, free)
    gone = {before.id for before, _ in pairs} | said.keys()
    come = {after.id for _, after in pairs} | came_from_said
    onto = {before.id: (after.id,) for before, after in pairs} | {
        code: tuple(codes) for code, codes in said.items()
    }
    merged = {
        theme.id: sources
        for theme in new
        if len(sources := tuple(code for code in onto if theme.id in onto[code])) > 1
    }
    order = {theme.id: place for place, theme in enumerate(old)}
    kept = [_kept(before, after) for before, after in pairs]
    # One code that is stated to have become one other, alone, has only moved.
    for code, codes in said.items():
        if len(codes) == 1 and codes[0] not in merged:
            kept.append(_kept(old[code], new[codes[0]]))
    return Changes(
        old=old,
        new=new,
        added=tuple(theme for theme in new if theme.id not in come),
        removed=tuple(theme for theme in old if theme.id not in gone or onto.get(theme.id) == ()),
        kept=tuple(sorted(kept, key=lambda each: order[each.old.id])),
        merged=merged,
        split={code: codes for code, codes in onto.items() if len(codes) > 1},
        onto={theme.id: onto.get(theme.id, ()) for theme in old},
    )


def _said(old: Codebook, code: str, was: str) -> bool:
    return code in old and was in old[code].map.get(WAS, "").replace(",", " ").split()


def _stated(old: Codebook, new: Codebook, given: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    said = {code: list(codes) for code, codes in given.items()}
    for theme in new:
        for code in theme.map.get(WAS, "").replace(",", " ").split():
            # A codebook goes on saying where its themes came from when that version is long past.
            if code in old and code not in given and not (code in new and _said(old, theme.id, code)):
                codes = said.setdefault(code, [code] if code in new else [])
                codes += [] if theme.id in codes else [theme.id]
    for code, codes in said.items():
        if code not in old:
            raise CodebookError(
                old.id, code, f"version {old.version} has no such theme", "Correct the old code."
            )
        for other in codes:
            if other not in new:
                raise CodebookError(
                    new.id, other, f"version {new.version} has no such theme", f"Correct where {code} goes."
                )
    return said


def _kept(old: Theme, new: Theme) -> Kept:
    fields = [name for name in _TEXTS if getattr(old, name) != getattr(new, name)]
    wordings = {}
    for name in ("examples", "cues"):
        before, after = getattr(old, name), getattr(new, name)
        for language in sorted({*before, *after}):
            was, now = before.get(language, ()), after.get(language, ())
            if was != now:
                come = tuple(text for text in now if text not in was)
                gone = tuple(text for text in was if text not in now)
                wordings[f"{name} {language}"] = (come, gone)
                fields += [] if name in fields else [name]
    return Kept(old, new, tuple(fields), wordings)


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        value = "; ".join(f"{key}: {text}" for key, text in sorted(value.items()))
    elif isinstance(value, frozenset):
        value = ", ".join(sorted(value))
    return f"'{value}'" if value else "nothing"
