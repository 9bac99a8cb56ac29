"""What a chunk of a list changes in the store: rows to write, decided here and written by ``entering``. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from typing import Any
from uuid import UUID

from ..ids import NewId
from ..store.erased import SOURCE
from .comparing import shared_by
from .households import settle
from .known import Known, Person, Place, Student
from .matching import Matched, has_id, match
from .merging import Listed
from .rows import Child, Reach

Row = dict[str, Any]


@dataclass(slots=True, repr=False)
class Work:
    """All that one chunk writes. ``status`` says of a line whether it was ``taken`` or ``changed`` somebody."""

    people: list[Row] = field(default_factory=list)
    people_changed: list[Row] = field(default_factory=list)
    languages: list[Row] = field(default_factory=list)
    students: list[Row] = field(default_factory=list)
    students_changed: list[Row] = field(default_factory=list)
    addresses: list[Row] = field(default_factory=list)
    moved: list[Row] = field(default_factory=list)  # addresses that have another owner now
    shared: list[Row] = field(default_factory=list)
    not_shared: list[Row] = field(default_factory=list)
    links: list[Row] = field(default_factory=list)
    links_changed: list[Row] = field(default_factory=list)
    granted: list[Row] = field(default_factory=list)
    stopped: list[Row] = field(
        default_factory=list
    )  # the STOP of numbers that were erased since, for the ledger
    given_up: list[UUID] = field(default_factory=list)  # addresses that somebody has changed for others
    same: list[tuple[UUID, UUID]] = field(default_factory=list)  # one person in two rows: who goes, who stays
    homes: dict[UUID, UUID] = field(default_factory=dict)
    on_list: list[UUID] = field(default_factory=list)
    pairs: list[tuple[UUID, UUID]] = field(default_factory=list)  # (person, student) as the list has them
    seen_students: list[UUID] = field(default_factory=list)
    households: set[UUID] = field(default_factory=set)
    status: dict[int, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Ground:
    """What holds for a whole list: its name, what it assumes, and when it is read."""

    name: str
    language: str
    now: datetime
    zone: tzinfo
    new_id: NewId
    reaches: Mapping[Reach, int]  # all numbers of the list, and how many people have each
    theirs: Mapping[str, Collection[Reach]]  # the numbers of everyone to whom the list gives an id


def decide(chunk: Sequence[Listed], children: Mapping[str, Child], known: Known, ground: Ground) -> Work:
    """Decide what these people and children change."""
    return _Deciding(chunk, children, known, ground).decide()


class _Deciding:
    def __init__(
        self, chunk: Sequence[Listed], children: Mapping[str, Child], known: Known, ground: Ground
    ) -> None:
        self.chunk, self.children, self.known, self.ground = chunk, children, known, ground
        self.work = Work()
        self.matched: Matched = match(chunk, known, ground.reaches)
        self.id_of: dict[Listed, UUID] = {}
        self.student_id: dict[str, UUID] = {}
        self.moving: set[str] = set()  # children who are new or have changed
        self.ties: list[tuple[UUID, UUID]] = []
        self.told = tuple(dict.fromkeys(name for child in children.values() for name in child.attributes))

    def decide(self) -> Work:
        for gone, stays in self.matched.one_and_the_same:
            self._one_of_two(gone, stays)
        for one in self.chunk:
            person = self.matched.found.get(one)
            self.id_of[one] = person.id if person else self.ground.new_id()
        for one in self.chunk:
            self._places(one)
        for one, person in self.matched.found.items():
            self._given_up(one, person)
        for child in self.children.values():
            self._child(child)
        for one in self.chunk:
            self._links(one)
        self._people()
        self._homes()
        self.work.on_list += self.id_of.values()
        self.work.seen_students += self.student_id.values()
        return self.work

    def _mark(self, line: int, status: str) -> None:
        if self.work.status.get(line) != "taken":
            self.work.status[line] = status

    # addresses and consent

    def _one_of_two(self, gone: Person, stays: Person) -> None:
        """Two rows of the store are one person: they wrote from a number that only the list connects with them."""
        self.work.same.append((gone.id, stays.id))
        self.ties.append((gone.id, stays.id))
        for place in gone.places:
            place.person_id = stays.id
            place.shared_with.discard(stays.id)
            stays.places.append(place)
        for place in gone.shared:
            place.shared_with.discard(gone.id)
            if place.person_id != stays.id:
                place.shared_with.add(stays.id)
                stays.shared.append(place)
        stays.children = {**gone.children, **stays.children}
        if gone.language_by == "person" and stays.language_by != "person":
            stays.language, stays.language_by = gone.language, "person"
            self.work.languages.append({"_id": stays.id, "language": gone.language, "by": "person"})
        self.work.counts["joined"] += gone.external_id is None

    def _places(self, one: Listed) -> None:
        me, known = self.id_of[one], self.known
        for reach, (source, day) in one.reaches.items():
            place = known.places.get(reach)
            if place is None:
                stopped = "stopped" if reach in known.stopped else None
                place = Place(self.ground.new_id(), me, reach, stopped, False)
                known.places[reach] = place
                channel, address = reach
                self.work.addresses.append(
                    {"id": place.id, "person_id": me, "channel": channel, "address": address,
                     "suppressed": stopped, "created_at": self.ground.now}
                )  # fmt: skip
                if stopped:
                    before = {"event": stopped, "source": SOURCE, "at": self.ground.now}
                    self.work.stopped.append({"address_id": place.id, **before})
                self._changed(one)
            elif place.person_id != me and me not in place.shared_with:
                if self._left_behind(place):
                    self.work.moved.append({"_id": place.id, "person_id": me, "since": self.ground.now})
                    place.person_id = me
                    if place.consented:  # what its last owner allowed holds for them alone
                        self.work.given_up.append(place.id)
                        place.consented = False
                else:
                    self.work.shared.append({"person_id": me, "address_id": place.id})
                    self.ties += [(me, other) for other in (place.person_id, *place.shared_with)]
                    place.shared_with.add(me)
                self._changed(one)
            if not place.consented and place.suppressed != "stopped":
                place.consented = True
                self.work.granted.append(
                    {
                        "address_id": place.id,
                        "event": "granted",
                        "source": source or f"list: {self.ground.name}"[:200],
                        "at": self._moment(day),
                    }
                )
                self._changed(one)

    def _left_behind(self, place: Place) -> bool:
        """Nobody has this number any more: its owner is on a list, and no longer with it."""
        owner = self.known.people.get(place.person_id)
        if place.shared_with or owner is None or owner.external_id is None:
            return False
        if (now := self.ground.theirs.get(owner.external_id)) is not None:
            return bool(now) and place.reach not in now
        still = (one for one, person in self.matched.found.items() if person is owner)
        return not place.consented and not any(place.reach in one.reaches for one in still)

    def _moment(self, day: date | None) -> datetime:
        return datetime.combine(day, time(), self.ground.zone) if day else self.ground.now

    def _given_up(self, one: Listed, person: Person) -> None:
        """Numbers that the list had for them, and has no more."""
        channels = {channel for channel, _ in one.reaches}
        for place in person.shared:
            if place.reach[0] in channels and place.reach not in one.reaches:
                self.work.not_shared.append({"_person": person.id, "_address": place.id})
                place.shared_with.discard(person.id)
        for place in person.places:
            if place.reach[0] not in channels or place.reach in one.reaches or place.person_id != person.id:
                continue
            if place.shared_with:
                heir = min(place.shared_with)
                # They had it together: what came by it was as much the heir's.
                self.work.moved.append({"_id": place.id, "person_id": heir, "since": None})
                self.work.not_shared.append({"_person": heir, "_address": place.id})
                place.person_id = heir
                place.shared_with.discard(heir)
                self._changed(one)
            elif place.consented:
                self.work.given_up.append(place.id)

    # children

    def _child(self, child: Child) -> None:
        student = self.known.students.get(child.id)
        now = self.ground.now
        if student is None:
            told = {name: value for name, value in child.attributes.items() if value}
            student = Student(self.ground.new_id(), child.id, child.name, child.school, told, None)
            self.known.students[child.id] = student
            self.work.students.append(
                {"id": student.id, "external_id": child.id, "name": child.name, "school": child.school,
                 "attributes": told, "created_at": now}
            )  # fmt: skip
            self._mark(child.lines[0], "taken")
            self.work.counts["students new"] += 1
            self.moving.add(child.id)
        else:
            told = {**student.attributes, **child.attributes}
            told = {name: value for name, value in told.items() if value not in ("", None)}
            says = (child.name or student.name, child.school or student.school, told, None)
            if says != (student.name, student.school, student.attributes, student.removed_at):
                student.name, student.school, student.attributes, student.removed_at = says
                self.work.students_changed.append(
                    {"_id": student.id, "name": says[0], "school": says[1], "attributes": told}
                )
                self._mark(child.lines[0], "changed")
                self.work.counts["students changed"] += 1
                self.moving.add(child.id)
        self.student_id[child.id] = student.id

    def _links(self, one: Listed) -> None:
        me = self.id_of[one]
        person = self.matched.found.get(one)
        theirs = person.children if person else {}
        for child, relation in one.children.items():
            student = self.student_id[child]
            self.work.pairs.append((me, student))
            if student not in theirs:
                self.work.links.append({"person_id": me, "student_id": student, "relation": relation})
                self.ties += [(me, other) for other in self.known.guardians[student] if other != me]
                self._changed(one)
            elif relation and theirs[student] != relation:
                self.work.links_changed.append({"_person": me, "_student": student, "relation": relation})
                self._changed(one)
            self.known.guardians[student].add(me)

    # people

    def _people(self) -> None:
        kin: dict[UUID, set[UUID]] = defaultdict(set)
        for student, guardians in self.known.guardians.items():
            for id_ in guardians:
                kin[id_].add(student)
        students = {student.id: student for student in self.known.students.values()}
        named = {person.id: one for one, person in self.matched.found.items()}
        gone = {gone for gone, _ in self.work.same}
        touched = {id_ for child in self.moving for id_ in self.known.guardians[self.student_id[child]]}
        for one in self.chunk:
            if one not in self.matched.found:
                self._new(one, [students[id_] for id_ in kin[self.id_of[one]]])
        for person in self.known.people.values():
            if person.id not in gone and (person.id in named or person.id in touched):
                kids = [students[id_] for id_ in (*person.children, *kin[person.id] - person.children.keys())]
                self._known_person(person, named.get(person.id), kids)

    def _new(self, one: Listed, kids: Sequence[Student]) -> None:
        school, groups = shared_by(kids, one.school, one.groups, self.told)
        me = self.id_of[one]
        self.work.people.append(
            {
                "id": me,
                "external_id": self._free(one, me),
                "respondent": one.respondent,
                "language": one.language or self.ground.language,
                "language_by": "import",
                "name": one.name,
                "school": school,
                "groups": groups,
                "household_id": me,
                "created_at": self.ground.now,
            }
        )
        self.work.status[one.lines[0]] = "taken"
        self.work.counts["people new"] += 1
        self.work.counts["people without an address"] += not one.reaches

    def _free(self, one: Listed, id_: UUID) -> str:
        """What they are known by from now on; somebody with the same name may have been at that number before."""
        return one.mark if one.mark not in self.known.by_mark else f"{one.mark[:160]}:{id_.hex}"

    def _known_person(self, person: Person, one: Listed | None, kids: Sequence[Student]) -> None:
        base = {**person.groups, **(one.groups if one else {})}
        school, groups = shared_by(kids, (one.school if one else None) or person.school, base, self.told)
        says: Row = {"school": school, "groups": groups}
        here: Row = {"school": person.school, "groups": person.groups}
        if one is not None:
            here |= {
                name: getattr(person, name) for name in ("external_id", "respondent", "name", "removed_at")
            }
            adopted = person.external_id is None or (one.known_id and not has_id(person))
            says |= {
                "external_id": self._free(one, person.id) if adopted else person.external_id,
                "respondent": one.respondent,
                "name": one.name or person.name,
                "removed_at": None,
            }
            self.work.counts["joined"] += person.external_id is None
            self.work.counts["back"] += person.removed_at is not None
            if person.external_id is None or (one.language and person.language != one.language):
                language = one.language or self.ground.language
                if person.language_by != "person" and (person.language, person.language_by) != (
                    language,
                    "import",
                ):
                    self.work.languages.append({"_id": person.id, "language": language, "by": "import"})
                    self._changed(one)
        if says != here:
            kept = {
                name: getattr(person, name) for name in ("external_id", "respondent", "name", "removed_at")
            }
            self.work.people_changed.append({"_id": person.id, **kept, **says})
            if one is not None:
                self._changed(one)

    def _changed(self, one: Listed) -> None:
        self._mark(one.lines[0], "changed")

    def _homes(self) -> None:
        homes = self.known.homes | {self.id_of[one]: self.id_of[one] for one in self.chunk
                                    if one not in self.matched.found}  # fmt: skip
        said = {self.id_of[one]: one.household for one in self.chunk if one.household}
        # Whoever shares a phone may live in a household that nobody has looked up: they are looked at where they are.
        ties = [(one, other) for one, other in self.ties if one in homes and other in homes]
        self.work.homes = settle(homes, ties, said)
        after = homes | self.work.homes
        self.work.households |= {after[id_] for id_ in self.id_of.values()}
