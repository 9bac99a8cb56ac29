"""What a filter can ask about people: fields and functions, and what may be said of each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from survey_flows.told import told

Kind = Literal[
    "respondent", "language", "school", "name", "channel", "household", "children", "days", "attribute"
]
Op = Literal["=", "<", "<=", ">", ">=", "contains", "known"]

ORDER: tuple[Op, ...] = ("<", "<=", ">", ">=")
ALLOWED: Mapping[Kind, tuple[Op, ...]] = {
    "respondent": ("=", "contains", "known"),
    "language": ("=", "contains", "known"),
    "school": ("=", "contains", "known"),
    "name": ("known",),  # people are not chosen by their names, nor do names stand in saved filters
    "channel": ("=", "known"),
    "household": ("=", *ORDER),
    "children": ("=", *ORDER),
    "days": ("=", *ORDER),
    "attribute": ("=", *ORDER, "contains", "known"),
}
COUNTED: tuple[Kind, ...] = ("household", "children", "days")
"""Fields that are a number, always."""

FIELDS: Mapping[str, tuple[Kind, str]] = {
    "respondent": ("respondent", "family, student or staff"),
    "language": ("language", "the language they are written to; es is es-MX as well"),
    "school": ("school", "the child's school, else their own"),
    "name": ("name", "is missing, or is known"),
    "channel": ("channel", "a channel on which they may be written to now"),
    "household.size": ("household", "how many people on the list are in their household"),
    "children": ("children", "how many children they have on the list"),
    "absences.last_week": ("days", "days on which the child was absent in the 7 days before today"),
    "absences.last_month": ("days", "in the 30 days before today"),
    "absences.last_14_days": ("days", "in any number of days before today"),
    "absences.total": ("days", "on all days that are known"),
    "late.last_week": ("days", "the same for days on which the child came late"),
}
"""What there is, as people write it, and what it is. Whatever else is written is an attribute of the list."""

FUNCTIONS: Mapping[str, tuple[str, str]] = {
    "answered": (told("a survey"), "has answered at least one question of it"),
    "asked": (told("a survey"), "has been asked it"),
    "finished": (told("a survey"), "came to its end"),
    "replied_within": (told("a number of days"), "has written to us in so many days"),
    "received": (told("a campaign"), "has been sent a message of it"),
    "on_list": (told("a contact list"), "is on it"),
    "audience": (told("a saved audience"), "is in it, with the same child"),
    "anniversary": (
        told("an attribute that is a date"),
        "is today, in whatever year it began: anniversary(birthday)",
    ),
}
EVERYONE = "everyone"

_SPANS = {"last_week": 7, "last_month": 30, "total": 0}
_KINDS_OF_DAYS = {"absences": "absent", "late": "late"}
MOST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class Field:
    """A field. ``key`` is the attribute's name, or for days what happened on them (absent, late); ``days`` before
    today, 0 for all that are known."""

    kind: Kind
    name: str
    key: str = ""
    days: int = 0

    @property
    def of_child(self) -> bool:
        """Whether the answer may differ between the children of one person."""
        return self.kind in ("school", "days", "attribute")

    @property
    def is_grade(self) -> bool:
        """Whether its values stand on the ladder of grades, where K comes before 1."""
        return self.kind == "attribute" and "grade" in self.key.lower()


def field_named(name: str) -> Field:
    """The field of this name, else the attribute. Raises LookupError that tells what is wrong with the name.

    >>> field_named("late.last_14_days").days, field_named("bus_route").kind
    (14, 'attribute')
    """
    known = name.lower()
    group, dot, span = known.partition(".")
    if group in _KINDS_OF_DAYS and (dot or group == "absences"):
        return Field("days", known, _KINDS_OF_DAYS[group], _days(group, span))
    if known in FIELDS:
        return Field(FIELDS[known][0], known)
    if group == "household":
        raise LookupError(told("There is no such figure of a household. There is: household.size."))
    return attribute(name)


def attribute(name: str) -> Field:
    """An attribute of a child or a person. Raises LookupError where nothing can have that name."""
    if not name.strip() or re.search(r'["\\]', name):
        raise LookupError(told('An attribute has a name, without " and \\ in it.'))
    return Field("attribute", name, name)


def _days(group: str, span: str) -> int:
    if span in _SPANS:
        return _SPANS[span]
    days = re.fullmatch(r"last_([0-9]{1,4})_days?", span)
    if days and 1 <= int(days[1]) <= MOST_DAYS:
        return int(days[1])
    raise LookupError(
        told(
            "There is no such span. There are: {group}.last_week, {group}.last_month, {group}.total, and "
            "{group}.last_14_days with any number up to {most}.",
            group=group,
            most=MOST_DAYS,
        )
    )
