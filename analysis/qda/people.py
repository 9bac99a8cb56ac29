"""Who is in a project: those who code (users), and those who said something (cases), with their groups."""

from __future__ import annotations

from collections.abc import Iterable

from ..refi.guids import read_guid
from ..refi.xml import Element
from .heard import Heard
from .project import Case, Coder
from .sources import Source

UNKNOWN = "unknown"
"""Who coded, where the project does not say."""
MACHINE = " (machine)"
"""What stands behind the machine's name, so that nobody takes its codings for a person's."""


class Coders:
    """The users of a project by GUID, each with a name of their own."""

    def __init__(self, root: Element) -> None:
        self._by_guid: dict[str, Coder] = {}
        self._strangers = False
        names: set[str] = set()
        for user in root.inside("Users", "User"):
            shown, kind = user.get("name") or user.get("id") or UNKNOWN, user.get("id").partition(":")
            machine = kind[0] == "machine" or shown.endswith(MACHINE)
            name, number = shown.removesuffix(MACHINE) if machine else shown, 1
            while (free := name if number == 1 else f"{name} ({number})") in names:
                number += 1
            names.add(free)
            self._by_guid[read_guid(user.get("guid")) or free] = Coder(free, machine)
        self._default = read_guid(root.get("creatingUserGUID")) or ""

    def of(self, guid: str) -> str:
        """The name of a user; where none is given, of whoever made the project."""
        coder = self._by_guid.get(guid or self._default)
        if coder is None:
            self._strangers = True
            return UNKNOWN
        return coder.name

    def all(self) -> tuple[Coder, ...]:
        """Everybody, and the unknown one if something is coded by nobody that the project names."""
        named = tuple(self._by_guid.values())
        strange = self._strangers and UNKNOWN not in {coder.name for coder in named}
        return (*named, Coder(UNKNOWN)) if strange else named


def read_cases(root: Element, sources: Iterable[Source], heard: Heard) -> tuple[Case, ...]:
    """The cases; which replies are theirs is entered in the sources."""
    selections = {guid: (source, at) for source in sources for guid, at in source.selections.items()}
    alone = {source.guid: (source, 0) for source in sources if len(source.stretches) == 1}
    variables = {
        read_guid(each.get("guid")) or "": each.get("name") for each in root.inside("Variables", "Variable")
    }
    cases: dict[str, Case] = {}
    for element in root.inside("Cases", "Case"):
        name = element.get("name") or element.get("guid")
        while name in cases:
            name += "_2"
        cases[name] = Case(name, dict(_values(element, variables)))
        for refers in element.named("SelectionRef", "SourceRef"):
            guid = read_guid(refers.get("targetGUID")) or ""
            source, at = selections.get(guid) or alone.get(guid) or (None, 0)
            place = f"case, line {refers.line}"
            if source is None:
                heard.note(place, "it refers to something that is no reply")
            elif source.cases.setdefault(at, name) != name:
                heard.note(place, f"reply {source.stretches[at].id} belongs to another case already")
    return tuple(cases.values())


def _values(case: Element, variables: dict[str, str]) -> Iterable[tuple[str, str]]:
    for value in case.named("VariableValue"):
        refers = value.first("VariableRef")
        name = variables.get(read_guid(refers.get("targetGUID")) or "") if refers else None
        given = next((each.text for each in value.elements if each.name.endswith("Value")), None)
        if name and given is not None:
            yield name, given
