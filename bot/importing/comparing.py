"""What a person is compared by in findings: what all their children have in common. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .known import Student

SEVERAL = "several"
"""What a person is compared as in findings where their children differ."""


def shared_by(
    kids: Iterable[Student], school: str | None, groups: Mapping[str, Any], told: Iterable[str] = ()
) -> tuple[str | None, dict[str, Any]]:
    """The school and the groups of somebody with these children: what all of them have, or that they differ.

    ``told`` are the attributes that the list has: nobody keeps an old value of one. Without children (that are on any
    list) school and groups are the person's own.
    """
    there = [kid for kid in kids if kid.removed_at is None]
    if not there:
        return school, dict(groups)
    schools = {kid.school for kid in there if kid.school}
    together: dict[str, Any] = dict(groups)
    for name in dict.fromkeys([*told, *(name for kid in there for name in kid.attributes)]):
        values = {str(kid.attributes[name]) for kid in there if kid.attributes.get(name) not in ("", None)}
        together[name] = values.pop() if len(values) == 1 else SEVERAL if values else ""
    if len(schools) > 1:
        return None, together
    return (schools.pop() if schools else school), together
