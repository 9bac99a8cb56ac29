"""The mapping file: which column of a list holds what, in YAML, for a person to mend."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import yaml
from rapidfuzz import process

from ..spreadsheets import Table, TableError
from .layout import Layout, LayoutError, PersonColumns, StudentColumns, forbidden
from .report import tag
from .respondents import RESPONDENTS, folded

PERSON = ("id", "name", "phones", "telegram", "language", "relation", "consent_source", "consent_date")
STUDENT = ("id", "name")
WHOLE = ("respondent", "respondent_column", "roles", "language", "date_order", "people", "student", "school",
         "household", "attributes")  # fmt: skip
TAKEN = frozenset({"school", "language", "respondent", "name", "children", "organization", "day", "absences"})
"""Names that texts and audiences have for something else."""

HEAD = """\
# How Openline reads {file}. On the left is what it keeps, on the right a heading of the file.
# Mend what was guessed wrong, and leave empty what shall not be kept. Then:
#   openline import people {file} --mapping THIS-FILE --dry-run
#
# respondent: who they are where no column says it (family, student, staff); respondent_column: the column that does.
# roles: words of that column that Openline does not know, as in {{proctor: staff}}.
# people: one entry for each person a row names. phones: in the order in which they are tried.
# student: the child a row is about; attributes and school are then the child's, and else the person's own.
# household: whoever has the same value there is one household, and nobody else is.
# date_order: mdy (month first) or dmy (day first), where dates are written like 3/4/2026.
"""


def dumps(layout: Layout, table: Table) -> str:
    """A mapping file for this table: what is known of it, and what is not read, as a comment."""
    whole: dict[str, Any] = {
        "respondent": layout.respondent,
        "respondent_column": layout.respondent_column,
        "roles": dict(layout.roles),
        "language": layout.language,
        "date_order": layout.date_order,
        "people": [
            {name: list(each.phones) if name == "phones" else getattr(each, name) for name in PERSON}
            for each in layout.people or (PersonColumns(),)
        ],
        "student": {"id": layout.student.id, "name": layout.student.name},
        "school": layout.school,
        "household": layout.household,
        "attributes": dict(layout.attributes),
    }
    read = {column for _, column in layout.columns()}
    left = [column for column in table.columns if column not in read]
    text = yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, width=100).replace(": null\n", ":\n")
    rest = "".join(f"#   {column}\n" for column in left)
    return HEAD.format(file=table.file) + text + (f"# Not read:\n{rest}" if left else "")


def loads(text: str, table: Table) -> Layout:
    """Read a mapping for this table. Raises LayoutError with every complaint."""
    try:
        whole = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise LayoutError([f"{where}this is no YAML; put texts with : or # in quotation marks"]) from None
    if not isinstance(whole, Mapping):
        raise LayoutError(["there is nothing in it; --write-mapping makes one to begin with"])
    return _Reader(table).layout(whole)


class _Reader:
    """Reads one mapping and gathers complaints."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.complaints: list[str] = []

    def layout(self, whole: Mapping[str, Any]) -> Layout:
        self._known(whole, WHOLE, "")
        layout = Layout(
            people=self._people(whole.get("people")),
            student=self._student(whole.get("student")),
            school=self._column(whole.get("school"), "school"),
            household=self._column(whole.get("household"), "household"),
            respondent_column=self._column(whole.get("respondent_column"), "respondent_column"),
            attributes=self._attributes(whole.get("attributes")),
            roles=self._roles(whole.get("roles")),
        )
        layout = replace(
            layout,
            respondent=self._one(whole, "respondent", RESPONDENTS, "family") or "family",
            date_order=self._one(whole, "date_order", ("mdy", "dmy"), None),
            language=self._language(whole.get("language")),
        )
        if not layout.people and not self.complaints:
            self.complaints.append("people: nobody; name at least the column with phone numbers")
        if self.complaints:
            raise LayoutError(self.complaints)
        return layout

    def _people(self, given: Any) -> tuple[PersonColumns, ...]:
        entries = given if isinstance(given, list) else [given] if given else []
        people = []
        for number, entry in enumerate(entries, start=1):
            where = f"people, entry {number}"
            if not isinstance(entry, Mapping):
                self.complaints.append(f"{where}: write it as id:, name:, phones: with a column each")
                continue
            self._known(entry, PERSON, where)
            phones = entry.get("phones")
            listed = phones if isinstance(phones, list) else [phones] if phones is not None else []
            columns = {
                name: self._column(entry.get(name), f"{where}, {name}") for name in PERSON if name != "phones"
            }
            found = [self._column(phone, f"{where}, phones") for phone in listed]
            people.append(PersonColumns(phones=tuple(each for each in found if each), **columns))
        return tuple(each for each in people if each.id or each.name or each.phones or each.telegram)

    def _student(self, given: Any) -> StudentColumns:
        if given is None:
            return StudentColumns()
        if not isinstance(given, Mapping):
            self.complaints.append("student: write it as id: and name: with a column each")
            return StudentColumns()
        self._known(given, STUDENT, "student")
        found = {name: self._column(given.get(name), f"student, {name}") for name in STUDENT}
        if found["name"] and not found["id"]:
            self.complaints.append("student: a name without an id; children are told apart by their id")
        return StudentColumns(**found)

    def _attributes(self, given: Any) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, heading in self._mapping(given, "attributes").items():
            name = str(name).strip()
            if folded(name) in TAKEN or not 0 < len(name) <= 60:
                self.complaints.append(f"attributes: {name[:60]!r} means something else; choose another name")
            elif column := self._column(heading, f"attributes, {name}"):
                found[name] = column
        return found

    def _roles(self, given: Any) -> dict[str, str]:
        found = {}
        for word, respondent in self._mapping(given, "roles").items():
            if respondent in RESPONDENTS:
                found[folded(str(word))] = str(respondent)
            else:
                self.complaints.append(f"roles, {word}: one of {', '.join(RESPONDENTS)}")
        return found

    def _mapping(self, given: Any, where: str) -> Mapping[Any, Any]:
        if given is None or isinstance(given, Mapping):
            return given or {}
        self.complaints.append(f"{where}: write it as name: value, a line each")
        return {}

    def _one(
        self, whole: Mapping[str, Any], key: str, known: tuple[str, ...], default: str | None
    ) -> str | None:
        given = whole.get(key)
        if given is None or given in known:
            return given or default
        self.complaints.append(f"{key}: one of {', '.join(known)}")
        return default

    def _language(self, given: Any) -> str:
        found = tag(str(given)) if given is not None else "en"
        if found is None:
            self.complaints.append("language: no language we know; write it as en, es, ht, or by its name")
        return found or "en"

    def _column(self, given: Any, where: str) -> str | None:
        if given is None or given == "":
            return None
        try:
            column = self.table.column(str(given))
        except TableError as error:
            self.complaints.append(f"{where}: {error}")
            return None
        return allowed(column, lambda problem: self.complaints.append(f"{where}: {problem}"))

    def _known(self, given: Mapping[Any, Any], known: tuple[str, ...], where: str) -> None:
        for key in given:
            if key not in known:
                close = process.extractOne(str(key), known, score_cutoff=60)
                meant = f"; did you mean {close[0]}?" if close else f"; there are {', '.join(known)}"
                self.complaints.append(f"{where + ': ' if where else ''}there is no {key!s}{meant}")


def allowed(column: str, complain: Callable[[str], None]) -> str | None:
    """The column, unless it must never be read: then the complaint is made, and it is None."""
    if forbidden(column):
        complain(
            f"the column {column!r} looks like a password or a number of that kind, and is never kept; leave it out"
        )
        return None
    return column
