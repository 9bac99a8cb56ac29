"""From a tree of any depth, as other tools have it, to Openline's two levels, with ids that are unique and speak."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .. import Kind, Reach, Theme
from ..fields import CODE, LONGEST, slug
from .loaded import Notice

LOOSE = ("themes", "Themes")
"""The top theme that takes in codes which stand alone: replies are coded to what lies under a top theme."""
_LONGEST_TOP = 60
_LONGEST = 80
"""Characters of a code's name that go before the names of those below it."""


@dataclass(slots=True)
class Branch:
    """One code of a foreign tree. ``id`` is the one it asks for ("": none); ``top`` says that it has to be a top theme."""

    label: str
    place: str
    id: str = ""
    definition: str = ""
    include: str = ""
    exclude: str = ""
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cues: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    flag: str | None = None
    map: Mapping[str, str] = field(default_factory=dict)
    kind: Kind | None = None
    reach: Reach | None = None
    drafted: frozenset[str] | None = None
    guid: str = ""
    codable: bool = True
    top: bool = False
    branches: list[Branch] = field(default_factory=list)


class Grove:
    """Takes in branches and grows themes: ``themes``, ``notices`` and, by GUID, which theme a code has become."""

    def __init__(self) -> None:
        self.themes: list[Theme] = []
        self.notices: list[Notice] = []
        self.guids: dict[str, str] = {}
        self._taken: dict[str, int] = {}
        self._renamed: list[str] = []

    def grow(self, branches: Iterable[Branch]) -> Grove:
        """All of them. Codes that stand alone at the top come last, under a top theme of their own."""
        alone = []
        for branch in branches:
            if branch.branches or branch.top or not branch.codable:
                self._top(branch)
            else:
                alone.append(branch)
        if alone:
            code, label = LOOSE
            home = Branch(label, alone[0].place, code, "Codes that stood alone.", branches=alone)
            self.notices.append(
                Notice(alone[0].place, f"codes without a group stand under '{label}': {_names(alone)}")
            )
            self._top(home)
        if self._renamed:
            self.notices.append(Notice("", f"ids that could not stay: {_some(self._renamed)}"))
        return self

    def _top(self, branch: Branch) -> None:
        asked = len(branch.id) <= _LONGEST_TOP and CODE.fullmatch(branch.id) and "." not in branch.id
        wanted = branch.id if asked else slug(branch.label)
        code = self._free(wanted, branch)
        kind = branch.kind or "barrier"
        top = self._theme(branch, code, None, branch.label, kind, branch.drafted or frozenset())
        for child in branch.branches:
            self._sub(child, top, ())

    def _sub(self, branch: Branch, top: Theme, above: tuple[str, ...]) -> None:
        label = ": ".join((*above, branch.label))
        if branch.codable or not branch.branches:
            own = branch.id.rpartition(".")[2] if CODE.fullmatch(branch.id) else slug(label)
            code = f"{top.id}.{own}"
            if len(code) > LONGEST:  # with room for a number, should there be two
                code = code[: LONGEST - 5].rstrip("_")
            code = self._free(code, branch)
            drafted = top.drafted if branch.drafted is None else branch.drafted
            self._theme(branch, code, top.id, label, branch.kind or top.kind, drafted)
        if branch.branches:
            self.notices.append(
                Notice(
                    branch.place,
                    f"'{branch.label}' has codes below it; Openline has two levels, so these now stand "
                    f"under '{top.label}' with its name before theirs: {_names(branch.branches)}",
                )
            )
        for child in branch.branches:
            self._sub(child, top, (*above, branch.label[:_LONGEST]))

    def _theme(
        self, branch: Branch, code: str, parent: str | None, label: str, kind: Kind, drafted: frozenset[str]
    ) -> Theme:
        theme = Theme(
            id=code,
            parent=parent,
            label=label,
            definition=branch.definition or label,
            include=branch.include,
            exclude=branch.exclude,
            kind=kind,
            examples=branch.examples,
            cues=branch.cues,
            flag=branch.flag,
            map=branch.map,
            drafted=drafted,
            reach=branch.reach,
        )
        self.themes.append(theme)
        if branch.guid:
            self.guids[branch.guid] = code
        return theme

    def _free(self, wanted: str, branch: Branch) -> str:
        free = wanted
        while free in self._taken:
            # Counted on from the last time: a thousand codes of one name take no million steps.
            self._taken[wanted] += 1
            free = f"{wanted}_{self._taken[wanted]}"
        self._taken[free] = 1
        if branch.id and branch.id != free:
            self._renamed.append(f"{branch.id} is {free} here ({branch.place})")
        return free


def _names(branches: list[Branch]) -> str:
    return _some([branch.label for branch in branches])


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:5])
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown
