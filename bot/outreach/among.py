"""Which people are meant: --among respondent=student, --among language=es."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

Among = Mapping[str, frozenset[str]]
"""For each key the values that are meant. All keys have to hold, each with any one of its values."""

OWN = ("respondent", "school", "language")
SHOWN = 20
"""So many values are listed where one is not known."""


class Described(Protocol):
    """What is known of a person: a row."""

    @property
    def respondent(self) -> str: ...
    @property
    def school(self) -> str | None: ...
    @property
    def language(self) -> str: ...
    @property
    def groups(self) -> Mapping[str, Any] | None: ...


def parse(filters: Iterable[str]) -> Among:
    """The filters as they are typed. Raises LookupError for one that is not KEY=VALUE.

    >>> sorted(parse(["school=Lincoln", "school=Oak Hill", "grade=6"])["school"])
    ['Lincoln', 'Oak Hill']
    """
    among: dict[str, frozenset[str]] = {}
    for one in filters:
        key, equals, value = (part.strip() for part in one.partition("="))
        if not (key and equals and value):
            raise LookupError(f"--among {one}: write it as KEY=VALUE, like respondent=student")
        key = next((known for known in among if known.casefold() == key.casefold()), key)
        among[key] = among.get(key, frozenset()) | {value}
    return among


def meant(person: Described, among: Among) -> bool:
    """Whether a person is among those meant. Case does not matter, in keys either, and es means es-MX as well."""
    return all(any(_is(person, key, value) for value in values) for key, values in among.items())


def check(people: Iterable[Described], among: Among) -> None:
    """Raises LookupError for a key that nobody has, or a value that nobody has in it: a slip would ask no one, silently."""
    if not among:
        return
    people = list(people)
    keys = [*OWN, *sorted({str(key) for person in people for key in person.groups or {}} - set(OWN))]
    for key, values in among.items():
        if key.casefold() not in map(str.casefold, keys):
            raise LookupError(f"--among {key}: there is no {key} on the list. There are: {', '.join(keys)}")
        for value in sorted(values):
            if not any(_is(person, key, value) for person in people):
                known = sorted({has for person in people for has in _of(person, key)} - {""})
                more = f", and {len(known) - SHOWN} more" if len(known) > SHOWN else ""
                there = ", ".join(known[:SHOWN]) or "none"
                raise LookupError(f"--among {key}={value}: nobody has it. There are: {there}{more}")


def _of(person: Described, key: str) -> list[str]:
    """What a person has under a key, whatever its case: two of their groups may differ in nothing else."""
    key = key.casefold()
    if key in OWN:
        return [str(getattr(person, key) or "")]
    return [str(value) for name, value in (person.groups or {}).items() if str(name).casefold() == key]


def _is(person: Described, key: str, value: str) -> bool:
    wanted = value.casefold()
    return any(
        has == wanted or (key.casefold() == "language" and has.startswith(f"{wanted}-"))
        for has in map(str.casefold, _of(person, key))
    )
