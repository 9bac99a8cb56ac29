"""The columns of a file that is brought in: what each may be, what we take it for, and the layout that the choices make. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ....importing.guessing import ATTRIBUTES
from ....importing.layout import Layout, PersonColumns, StudentColumns, attribute_name, forbidden
from ....spreadsheets import Table, blank
from ...tongue import say
from .showing import Pairs, Problem

EXAMPLES = 3
ONES = ("id", "name", "telegram", "language", "relation", "consent_source", "consent_date")
WHOLE = ("school", "household", "respondent_column")
MOST = 4
"""So many people a row may name."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, some of what stands in it, and what it is taken for ("" for nothing).

    ``never`` is a column of passwords or the like, which is not even shown.
    """

    field: str
    heading: str
    examples: tuple[str, ...]
    role: str
    never: bool


def columns(table: Table, layout: Layout) -> list[Column]:
    """Every column of the file, in its order."""
    roles = _roles(layout)
    return [
        Column(
            field=f"column-{place}",
            heading=heading,
            examples=() if forbidden(heading) else _examples(table, heading),
            role=roles.get(heading, ""),
            never=forbidden(heading),
        )
        for place, heading in enumerate(table.columns)
    ]


def options(people: int) -> list[tuple[str, Pairs]]:
    """All that a column may be, in groups, where a row names so many people."""
    groups: list[tuple[str, Pairs]] = []
    for number in range(1, people + 1):
        title = say("The person") if people == 1 else say("Person %(number)s of the row") % {"number": number}
        groups.append((title, [(f"{number}.{what}", _worded(what, number, people)) for what in PERSON]))
    child = [("student.id", say("Child: student number")), ("student.name", say("Child: name"))]
    of_row = [
        ("school", say("School")),
        ("household", say("Household")),
        ("respondent_column", say("Who they are: family, student, staff")),
    ]
    compared = [
        (f"attribute.{name}", say("To compare: %(name)s") % {"name": _attribute(name)}) for name in ATTRIBUTES
    ]
    own = [("attribute", say("To compare, under its own heading"))]
    return [
        *groups,
        (say("The child"), child),
        (say("The row"), of_row),
        (say("Compared in findings"), [*own, *compared]),
    ]


PERSON = ("name", "phones", "language", "relation", "id", "telegram", "consent_source", "consent_date")


def _worded(what: str, number: int, people: int) -> str:
    words = {
        "name": say("Name"),
        "phones": say("Phone number"),
        "language": say("Language"),
        "relation": say("What they are to the child"),
        "id": say("Their id in your own system"),
        "telegram": say("Telegram chat id"),
        "consent_source": say("Where they agreed to be written to"),
        "consent_date": say("When they agreed to be written to"),
    }[what]
    return words if people == 1 else say("Person %(number)s: %(what)s") % {"number": number, "what": words}


def _attribute(name: str) -> str:
    return {
        "grade": say("grade"),
        "bus_route": say("bus route"),
        "home_language": say("home language"),
        "race": say("race"),
        "ethnicity": say("ethnicity"),
        "race_ethnicity": say("race and ethnicity"),
        "income": say("income"),
        "special_education": say("special education"),
        "english_learner": say("English learner"),
        "neighborhood": say("neighborhood"),
        "homeroom": say("homeroom"),
    }.get(name, name)


def chosen(table: Table, form: Mapping[str, str], before: Layout) -> tuple[Layout, list[Problem]]:
    """The layout that a form says, and what is wrong with it."""
    picked = {heading: form.get(f"column-{place}", "") for place, heading in enumerate(table.columns)}
    fields = {heading: f"column-{place}" for place, heading in enumerate(table.columns)}
    problems: list[Problem] = []
    by_role: dict[str, list[str]] = defaultdict(list)
    for heading, role in picked.items():
        if role and not forbidden(heading):
            by_role[role].append(heading)
    for role, headings in by_role.items():
        if len(headings) > 1 and role != "attribute" and not role.endswith(".phones"):
            text = say("Two columns are chosen for the same: %(columns)s. Leave one of them out")
            problems.append(Problem(fields[headings[1]], text % {"columns": ", ".join(headings)}))
    one = {role: headings[0] for role, headings in by_role.items()}
    named = _all_round([_person(number, one, by_role) for number in range(1, MOST + 1)])
    attributes = {
        role.removeprefix("attribute."): heading
        for role, heading in one.items()
        if role.startswith("attribute.")
    }
    names = Counter(attributes)
    for heading in by_role.get("attribute", ()):
        name = attribute_name(heading)
        names[name] += 1
        attributes[name if names[name] == 1 else f"{name}_{names[name]}"] = heading
    layout = replace(
        before,
        people=named,
        student=StudentColumns(one.get("student.id"), one.get("student.name")),
        school=one.get("school"),
        household=one.get("household"),
        respondent_column=one.get("respondent_column"),
        attributes=attributes,
    )
    if not any(person.phones or person.telegram or person.id for person in layout.people):
        text = say("Choose the column with phone numbers: nobody can be reached without one")
        problems.append(Problem("column-0", text))
    if one.get("student.name") and not one.get("student.id"):
        text = say("Choose the column with the student number too: a child is known by it")
        problems.append(Problem(fields[one["student.name"]], text))
    return layout, problems


def _person(
    number: int, one: Mapping[str, str], by_role: Mapping[str, Sequence[str]]
) -> PersonColumns | None:
    phones = tuple(by_role.get(f"{number}.phones", ()))
    values = {what: one.get(f"{number}.{what}") for what in ONES}
    return PersonColumns(phones=phones, **values) if phones or any(values.values()) else None


def _all_round(named: Sequence[PersonColumns | None]) -> tuple[PersonColumns, ...]:
    """A language, and the ground for writing, that a row names once hold for everybody in it."""
    people = [person for person in named if person is not None]
    for what in ("language", "consent_source", "consent_date"):
        said = {getattr(person, what) for person in people} - {None}
        if len(said) == 1:
            people = [replace(person, **{what: next(iter(said))}) for person in people]
    return tuple(people)


def _roles(layout: Layout) -> dict[str, str]:
    """What each heading is; one that is two things (a language for two guardians) is shown as the first."""
    found: dict[str, str] = {}
    for role, heading in _said(layout):
        found.setdefault(heading, role)
    return found


def _said(layout: Layout) -> Iterator[tuple[str, str]]:
    for number, person in enumerate(layout.people[:MOST], start=1):
        for what in ONES:
            if (heading := getattr(person, what)) is not None:
                yield f"{number}.{what}", heading
        for heading in person.phones:
            yield f"{number}.phones", heading
    if layout.student.id:
        yield "student.id", layout.student.id
    if layout.student.name:
        yield "student.name", layout.student.name
    for what in WHOLE:
        if (heading := getattr(layout, what)) is not None:
            yield what, heading
    for name, heading in layout.attributes.items():
        yield f"attribute.{name}" if name in ATTRIBUTES else "attribute", heading


def _examples(table: Table, heading: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for row in table.rows[:200]:
        value = " ".join(row.values.get(heading, "").split())
        if not blank(value):
            found.setdefault(value[:60])
        if len(found) == EXAMPLES:
            break
    return tuple(found)
