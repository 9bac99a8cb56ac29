"""Which person of a list is which person of the store. Pure.

By id. Else by number, with the same name, or without one on either side. Else, of those without an id, by child and
name: a guardian whose old number is nowhere in the list any more has a new one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from .known import Known, Person, Place
from .merging import Listed
from .respondents import folded
from .rows import Reach


@dataclass(slots=True, repr=False)
class Matched:
    """Who was found, and those in the store who turn out to be one of them: (who goes, who stays)."""

    found: dict[Listed, Person] = field(default_factory=dict)
    one_and_the_same: list[tuple[Person, Person]] = field(default_factory=list)


def match(chunk: Sequence[Listed], known: Known, in_the_list: Collection[Reach]) -> Matched:
    """Find each of these people in the store, no person twice. ``in_the_list`` are all numbers of the whole list."""
    matched, taken = Matched(), set[UUID]()

    def take(one: Listed, person: Person | None) -> None:
        if person is not None and person.id not in taken:
            matched.found[one] = person
            taken.add(person.id)

    for one in chunk:
        if one.known_id:
            take(one, known.by_mark.get(one.mark))
    for by_name in (True, False):
        for one in chunk:
            if one not in matched.found:
                take(one, _at_numbers(one, known, taken, by_name=by_name))
    for one in chunk:
        if one not in matched.found and not one.known_id and not one.reaches:
            take(one, known.by_mark.get(one.mark))
    for one in chunk:
        if one not in matched.found and not one.known_id and one.name:
            take(one, _with_children(one, known, taken, in_the_list))
    for one, person in matched.found.items():
        for other in _doubles(one, person, known):
            if other.id not in taken:
                taken.add(other.id)
                matched.one_and_the_same.append((other, person))
    return matched


def has_id(person: Person) -> bool:
    """Whether a list has given them an id of its own."""
    return person.external_id is not None and not person.external_id.startswith("people:")


def alike(one: str | None, other: str | None) -> bool:
    """The same name, however it is written."""
    return one is not None and other is not None and folded(one) == folded(other)


def _at_numbers(one: Listed, known: Known, taken: Collection[UUID], *, by_name: bool) -> Person | None:
    for reach in one.reaches:
        place = known.places.get(reach)
        for id_ in (place.person_id, *sorted(place.shared_with)) if place else ():
            person = known.people.get(id_)
            if (
                place is None
                or person is None
                or id_ in taken
                or (one.known_id and has_id(person))
                or (person.respondent != one.respondent and person.external_id is not None)
            ):
                continue
            if by_name and alike(one.name, person.name):
                return person
            if not by_name and (one.name is None or person.name is None) and _theirs(person, place):
                return person
    return None


def _theirs(person: Person, place: Place) -> bool:
    """They have not gone on to another number."""
    return place.consented or not any(other.consented for other in person.places)


def _with_children(
    one: Listed, known: Known, taken: Collection[UUID], in_the_list: Collection[Reach]
) -> Person | None:
    for child in one.children:
        student = known.students.get(child)
        for id_ in sorted(known.guardians[student.id]) if student else ():
            person = known.people[id_]
            if (
                id_ not in taken
                and not has_id(person)
                and alike(one.name, person.name)
                and person.respondent == one.respondent
                and not any(place.reach in in_the_list for place in (*person.places, *person.shared))
            ):
                return person
    return None


def _doubles(one: Listed, person: Person, known: Known) -> list[Person]:
    """Others who own one of these numbers without an id, and have the same name or none: they wrote to us, perhaps."""
    owners = [
        known.people.get(place.person_id) for reach in one.reaches if (place := known.places.get(reach))
    ]
    return [
        owner
        for owner in owners
        if owner is not None
        and owner.id != person.id
        and not has_id(owner)
        and (owner.name is None or alike(owner.name, one.name))
        and (owner.respondent == one.respondent or owner.external_id is None)
        # Whoever shares a phone by an earlier list is somebody else.
        and owner.id not in {id_ for place in person.places for id_ in place.shared_with}
        and owner.id not in {place.person_id for place in person.shared}
    ]
