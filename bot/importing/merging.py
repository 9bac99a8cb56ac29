"""Who is who within one list: the people it names, each once, and who belongs together. Pure.

The same id is the same person. Without an id it is the same number and the same name, or no name on one of the two.
One number with two names is two people who share a phone. Two ids are two people, whatever else they have in common.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from .respondents import folded
from .rows import Child, Mention, Reach, Reading

MOST_SHARE = 12
"""More people than this do not share a phone: the number is the school's, or fills the cell."""
TOO_MANY = "the phone number stands with {count} people; is it the school's own? It was not taken"


@dataclass(slots=True, repr=False, eq=False)
class Listed:
    """One person of the list. ``mark`` is what the store knows them by; ``known_id`` says that the list gave it.

    ``reaches`` come in order of preference, each with the source and the day of its consent where the list says so;
    ``children`` with the relation.
    """

    mark: str
    known_id: bool
    respondent: str
    name: str | None = None
    language: str | None = None
    school: str | None = None
    household: str | None = None
    groups: dict[str, str] = field(default_factory=dict)
    reaches: dict[Reach, tuple[str | None, date | None]] = field(default_factory=dict)
    children: dict[str, str | None] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)


class Joined:
    """Things that belong together, found by joining two at a time."""

    def __init__(self) -> None:
        self._above: dict[Hashable, Hashable] = {}

    def top(self, one: Hashable) -> Hashable:
        """The one that stands for everything joined with this."""
        above = self._above
        above.setdefault(one, one)
        while above[one] != one:
            above[one] = above[above[one]]
            one = above[one]
        return one

    def join(self, one: Hashable, other: Hashable) -> None:
        """From now on these two, and all that is joined with either, belong together."""
        self._above[self.top(other)] = self.top(one)


def merge(reading: Reading, name: str) -> list[Listed]:
    """The people of a list called ``name``, in the order in which it first names them.

    A number that stands with too many people is taken from all of them, and their lines are to be looked at.
    """
    people: dict[Hashable, Listed] = {}
    namesakes: Counter[str] = Counter()
    for key, mention in zip(_keys(reading.mentions), reading.mentions, strict=True):
        one = people.get(key)
        if one is None:
            # Their first row may be one without the id.
            id_ = key[1] if isinstance(key, tuple) and key[0] == "id" else None
            mark = id_ or _mark(mention, name, namesakes)
            one = people[key] = Listed(mark, id_ is not None, mention.respondent)
        _add(one, mention)
    listed = list(people.values())
    _refuse_crowds(listed, reading)
    return listed


def _keys(mentions: list[Mention]) -> list[Hashable]:
    """For each mention, which person it is."""
    same, on = Joined(), _Phones()
    for place, each in enumerate(mentions):
        me = ("id", each.id) if each.id else ("line", place)
        if each.id:
            on.note(each, me)
        elif each.name:
            for reach in each.reaches:
                same.join((each.respondent, reach, folded(each.name)), me)
    for place, each in enumerate(mentions):
        if not each.id and each.name and each.reaches:
            me = ("line", place)
            top = same.top(me)
            if (other := on.named(each, top)) is not None:
                same.join(other, me)
            on.note(each, same.top(me))
    for place, each in enumerate(mentions):
        if not each.id and not each.name and each.reaches:
            me = ("line", place)
            # At two people's numbers at once they are the first of them: nobody has said that the two are one.
            met = (on.anybody(each.respondent, reach) for reach in each.reaches)
            same.join(next((one for one in met if one is not None), me), me)
            on.note(each, same.top(me))
    _join_siblings(mentions, same)
    return [_me(each, place, same) for place, each in enumerate(mentions)]


def _me(mention: Mention, place: int, same: Joined) -> Hashable:
    return same.top(("id", mention.id) if mention.id else ("line", place))


def _join_siblings(mentions: list[Mention], same: Joined) -> None:
    """Somebody without id and number is whoever has the same name beside the same person on a sibling's line."""
    guardians: dict[str, set[Hashable]] = defaultdict(set)
    children: dict[Hashable, set[str]] = defaultdict(set)
    lines: dict[tuple[str, str], list[tuple[Hashable, int]]] = defaultdict(list)
    for place, each in enumerate(mentions):
        if each.child:
            me = _me(each, place, same)
            guardians[each.child].add(me)
            children[me].add(each.child)
            if each.name:
                lines[each.child, folded(each.name)].append((me, each.line))
    for place, each in enumerate(mentions):
        if each.child and each.name and not each.id and not each.reaches:
            me, name = _me(each, place, same), folded(each.name)
            beside = {other for other in guardians[each.child] if other != me}
            siblings = sorted({child for other in beside for child in children[other]})
            here = [who for who, line in lines[each.child, name] if line != each.line]
            there = [
                who
                for child in siblings
                if child != each.child
                for who, _ in lines[child, name]
                if who not in beside
            ]
            if here or there:
                same.join([*here, *there][0], me)


class _Phones:
    """Who has been seen at each number: by name, without one, and whoever came first."""

    def __init__(self) -> None:
        self.by_name: dict[Hashable, Hashable] = {}
        self.nameless: dict[Hashable, list[Hashable]] = defaultdict(list)
        self.first: dict[Hashable, Hashable] = {}
        self.name_of: dict[Hashable, str] = {}

    def note(self, mention: Mention, who: Hashable) -> None:
        name = folded(mention.name) if mention.name else self.name_of.get(who)
        if name:
            self.name_of[who] = name
        for reach in mention.reaches:
            place = (mention.respondent, reach)
            self.first.setdefault(place, who)
            if name:
                self.by_name.setdefault((*place, name), who)
            else:
                self.nameless[place].append(who)

    def named(self, mention: Mention, already: Hashable) -> Hashable | None:
        """Somebody with an id at one of these numbers who has the same name, or none."""
        name = folded(mention.name or "")
        for reach in mention.reaches:
            place = (mention.respondent, reach)
            if (found := self.by_name.get((*place, name))) is not None:
                return found if found != already else None
        for reach in mention.reaches:
            for found in self.nameless[mention.respondent, reach]:
                if found not in self.name_of and found != already:
                    self.name_of[found] = name
                    return found
        return None

    def anybody(self, respondent: str, reach: Reach) -> Hashable | None:
        return self.first.get((respondent, reach))


def _mark(mention: Mention, name: str, namesakes: Counter[str]) -> str:
    """What somebody without an id is known by: number and name; or child and name; or list, name and which of them."""
    called = folded(mention.name) if mention.name else ""
    if mention.reaches:
        # As earlier versions wrote it, where there is no name.
        address = mention.reaches[0][1]
        who = "" if mention.respondent == "family" else f":{mention.respondent}"
        return f"people:{address}{who}" + (f":{_digest(called)}" if called else "")
    if mention.child:
        return f"people:child:{_digest(mention.child)}:{_digest(called)}"
    content = f"{name}\n{called or sorted(mention.groups.items())}\n{'' if called else mention.school}"
    namesakes[content] += 1
    return f"people:list:{_digest(content)}:{namesakes[content]}"


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:20]


def _add(one: Listed, mention: Mention) -> None:
    """Put what this row says to what earlier rows said; within one list the first to say something is right."""
    one.name = one.name or mention.name
    one.language = one.language or mention.language
    one.school = one.school or mention.school
    one.household = one.household or mention.household
    one.groups |= {name: value for name, value in mention.groups.items() if not one.groups.get(name)}
    for reach in mention.reaches:
        source, day = one.reaches.get(reach, (None, None))
        one.reaches[reach] = (source or mention.consent_source, day or mention.consent_day)
    if mention.child is not None:
        one.children[mention.child] = one.children.get(mention.child) or mention.relation
    one.lines.append(mention.line)


def _refuse_crowds(listed: list[Listed], reading: Reading) -> None:
    at: dict[Reach, list[Listed]] = defaultdict(list)
    for one in listed:
        for reach in one.reaches:
            at[reach].append(one)
    for reach, crowd in at.items():
        if len(crowd) > MOST_SHARE:
            for one in crowd:
                del one.reaches[reach]
                for line in one.lines:
                    reading.look_at(line, TOO_MANY.format(count=len(crowd)))


def together(listed: Iterable[Listed]) -> Iterator[list[Listed]]:
    """The people in lots that have nothing to do with each other: no child, number or household in common."""
    listed, joined = list(listed), Joined()
    for place, one in enumerate(listed):
        for child in one.children:
            joined.join(("child", child), place)
        for reach in one.reaches:
            joined.join(reach, place)
        if one.household:
            joined.join(("household", one.household), place)
    lots: dict[Hashable, list[Listed]] = defaultdict(list)
    for place, one in enumerate(listed):
        lots[joined.top(place)].append(one)
    yield from lots.values()


def chunks(listed: Iterable[Listed], size: int) -> Iterator[list[Listed]]:
    """Whole lots, put together to about ``size`` people."""
    chunk: list[Listed] = []
    for lot in together(listed):
        chunk += lot
        if len(chunk) >= size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def children_of(chunk: Iterable[Listed], reading: Reading) -> dict[str, Child]:
    """The children of these people, as the list has them."""
    return {id_: reading.children[id_] for one in chunk for id_ in one.children}
