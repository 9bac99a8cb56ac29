"""Which people are meant: --among respondent=student, --among language=es."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Protocol

Among = Mapping[str, frozenset[str]]
"""For each key the values that are meant. All keys have to hold, each with any one of its values."""

OWN = ("respondent", "school", "language")


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
        among[key] = among.get(key, frozenset()) | {value}
    return among


def meant(person: Described, among: Among) -> bool:
    """Whether a person is among those meant. Case does not matter, and es means es-MX as well."""
    return all(any(_is(person, key, value) for value in values) for key, values in among.items())


def check(people: Iterable[Described], among: Among) -> None:
    """Raises LookupError for a key that nobody has, or a value that nobody has in it: a slip would ask no one, silently."""
    if not among:
        return
    people = list(people)
    keys = [*OWN, *sorted({str(key) for person in people for key in person.groups or {}} - set(OWN))]
    for key, values in among.items():
        if key not in keys:
            raise LookupError(f"--among {key}: there is no {key} on the list. There are: {', '.join(keys)}")
        for value in sorted(values):
            if not any(_is(person, key, value) for person in people):
                known = sorted({_of(person, key) for person in people} - {""})
                near = get_close_matches(value, known, 3, 0.6) or known[:10]
                raise LookupError(
                    f"--among {key}={value}: nobody has it. There are: {', '.join(near) or 'none'}"
                )


def _of(person: Described, key: str) -> str:
    if key in OWN:
        return str(getattr(person, key) or "")
    return str((person.groups or {}).get(key, ""))


def _is(person: Described, key: str, value: str) -> bool:
    has, wanted = _of(person, key).casefold(), value.casefold()
    return has == wanted or (key == "language" and has.startswith(f"{wanted}-"))
