"""What is stored beside what somebody wrote: as words, numbers, grades or days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Double, func, literal, or_

from . import columns
from .fields import Field, Op
from .values import Value

SIGNS: Mapping[Op, Callable[[Any, Any], ColumnElement[bool]]] = {
    "=": lambda one, other: one == other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}


def compared(
    text: ColumnElement[Any], field: Field, op: Op, value: Value, today: date
) -> ColumnElement[bool]:
    """Whether a field's text stands so to a value; NULL where it has none, or none of that kind."""
    if op == "contains":
        return or_(*(func.lower(text).contains(each, autoescape=True) for each in value.spellings))
    if field.kind == "language":
        return or_(*(_language(text, each) for each in value.spellings))
    if field.kind == "attribute":
        sign = SIGNS[op]
        if (named := value.day(today)) is not None:
            return sign(columns.day(text), literal(named.isoformat()))
        on_ladder = field.is_grade or (op != "=" and value.number is None)
        if on_ladder and value.grade is not None:
            return sign(columns.grade(text), literal(value.grade, Double))
        if value.number is not None and (op != "=" or not value.quoted):
            return sign(columns.number(text), literal(value.number, Double))
    return func.lower(text).in_(value.spellings)


def comparable(text: ColumnElement[Any], field: Field, value: Value) -> ColumnElement[bool]:
    """Whether a field's text is of the kind of a value, so that one of the two is larger."""
    if value.is_day:
        return columns.day(text).is_not(None)
    ladder = field.is_grade or value.number is None
    return (columns.grade(text) if ladder else columns.number(text)).is_not(None)


def _language(text: ColumnElement[Any], tag: str) -> ColumnElement[bool]:
    return or_(func.lower(text) == tag, func.lower(text).startswith(f"{tag}-", autoescape=True))
