"""How a contact list is laid out: which column holds what. Read from a mapping file, from flags, or guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .respondents import folded

NEVER = re.compile(
    r"pass ?word|passwd|contrasena|\b(?:passcode|pwd|secret|ssn|social security|seguro social|credentials?|api ?key)\b"
)
"""Headings of columns that are never read, whatever a mapping says."""


class LayoutError(ValueError):
    """A mapping that cannot be used: every complaint, with what to do about it."""

    def __init__(self, complaints: list[str]) -> None:
        self.complaints = complaints
        super().__init__("; ".join(complaints))


@dataclass(frozen=True, slots=True)
class PersonColumns:
    """The columns of one person whom a row names: by the table's own headings. ``phones`` come in order of preference."""

    id: str | None = None
    name: str | None = None
    phones: tuple[str, ...] = ()
    telegram: str | None = None
    language: str | None = None
    relation: str | None = None
    consent_source: str | None = None
    consent_date: str | None = None

    def columns(self) -> Iterator[tuple[str, str]]:
        """Every (what it is, heading)."""
        for name in ("id", "name", "telegram", "language", "relation", "consent_source", "consent_date"):
            if (column := getattr(self, name)) is not None:
                yield name, column
        for column in self.phones:
            yield "phone", column


@dataclass(frozen=True, slots=True)
class StudentColumns:
    """The columns of the child whom a row is about. Without ``id`` a row has no child."""

    id: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole list. ``attributes`` are the child's where a row has one, else the person's: {name: heading}.

    ``respondent`` and ``language`` are assumed where no column says better; ``roles`` adds to the words that a column
    of roles may have. ``school`` is the child's or the person's, as the attributes are.
    """

    people: tuple[PersonColumns, ...] = ()
    student: StudentColumns = StudentColumns()
    school: str | None = None
    household: str | None = None
    respondent_column: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    respondent: str = "family"
    language: str = "en"
    roles: Mapping[str, str] = field(default_factory=dict)
    date_order: str | None = None

    def columns(self) -> Iterator[tuple[str, str]]:
        """Every (what it is, heading) that is read."""
        for number, person in enumerate(self.people, start=1):
            who = f"person {number}: " if len(self.people) > 1 else "person: "
            for what, column in person.columns():
                yield who + what.replace("_", " "), column
        yield from (
            (what, column)
            for what, column in (
                ("student: id", self.student.id),
                ("student: name", self.student.name),
                ("school", self.school),
                ("household", self.household),
                ("respondent", self.respondent_column),
            )
            if column is not None
        )
        yield from ((f"attribute {name}", column) for name, column in self.attributes.items())


def attribute_name(heading: str) -> str:
    """What an attribute is called in audiences and texts.

    >>> attribute_name("Bus Route #")
    'bus_route'
    """
    return "_".join(words(heading))[:60].strip("_") or "attribute"


def words(heading: str) -> list[str]:
    """The words of a heading, small and without accents; a number at the end of a word is a word.

    >>> words("Guardian1_FirstName"), words("Teléfono (móvil)")
    (['guardian', '1', 'first', 'name'], ['telefono', 'movil'])
    """
    from_camel = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])", " ", heading)
    return re.findall(r"\w+", folded(from_camel).replace("_", " "))


def forbidden(heading: str) -> bool:
    """Whether a column must not be read at all.

    >>> forbidden("Password"), forbidden("user_pwd"), forbidden("Phone")
    (True, True, False)
    """
    return NEVER.search(" ".join(words(heading))) is not None
