"""What is asked of a column on SQLite and PostgreSQL alike: an attribute as text, and text as a number, grade or day."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import ColumnElement, Double, String, case, func, literal, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from .values import DAY, DIGITS, GRADES, NUMBER

_NOTHING: ColumnElement[str] = literal_column("''", String())


class _Attribute(FunctionElement[str]):
    """One value of a JSON object, as text: of (column, key, SQLite's path to the key)."""

    name = "attribute"
    type = String()
    inherit_cache = True


class _Number(FunctionElement[float]):
    name = "number"
    type = Double()
    inherit_cache = True


class _Day(FunctionElement[str]):
    name = "day"
    type = String()
    inherit_cache = True


def known(text: ColumnElement[Any]) -> ColumnElement[str | None]:
    """The text; NULL where nothing is in it."""
    return func.nullif(text, _NOTHING)


def attribute(column: ColumnElement[Any], key: str) -> ColumnElement[str | None]:
    """The attribute's text; NULL where there is none, or nothing in it."""
    # SQLite compares a key with what stands in the JSON as it stands there: letters beyond ASCII are escaped in both.
    return known(_Attribute(column, literal(key), literal(f"$.{json.dumps(key)}")))


def number(text: ColumnElement[str | None]) -> ColumnElement[float]:
    """The text as a number; NULL where it is none."""
    return _Number(text)


def grade(text: ColumnElement[str | None]) -> ColumnElement[float]:
    """The text on the ladder of grades; NULL where it is on none of its rungs."""
    rungs: dict[Any, ColumnElement[float]] = {
        literal_column(f"'{word}'", String()): literal_column(str(rung), Double())
        for word, rung in GRADES.items()
    }
    return case(rungs, value=func.lower(text), else_=number(text))


def day(text: ColumnElement[str | None]) -> ColumnElement[str]:
    """The text's day as 2026-10-15; NULL where it is no day."""
    return _Day(text)


@compiles(_Attribute)
def _attribute(element: _Attribute, compiler: Any, **more: Any) -> str:
    column, key, _ = element.clauses
    return f"({compiler.process(column, **more)} ->> {compiler.process(key, **more)})"


@compiles(_Attribute, "sqlite")
def _attribute_sqlite(element: _Attribute, compiler: Any, **more: Any) -> str:
    # JSON's true would come out as 1. A number comes out as one: whatever is done with it here sees its text.
    column, _, path = (compiler.process(one, **more) for one in element.clauses)
    return (
        f"CASE json_type({column}, {path}) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' "
        f"ELSE json_extract({column}, {path}) END"
    )


@compiles(_Number)
def _number(element: _Number, compiler: Any, **more: Any) -> str:
    (text,) = (compiler.process(one, **more) for one in element.clauses)
    # CASE, because a cast that fails ends the whole statement.
    return (
        f"CASE WHEN {text} ~ '{NUMBER}' AND length({text}) <= {DIGITS} "
        f"THEN CAST({text} AS DOUBLE PRECISION) END"
    )


@compiles(_Number, "sqlite")
def _number_sqlite(element: _Number, compiler: Any, **more: Any) -> str:
    return _named(
        "CASE WHEN said NOT GLOB '*[^0-9.-]*' AND ltrim(said, '-') GLOB '[0-9]*' AND said NOT GLOB '?*-*' "
        f"AND said NOT GLOB '*.*.*' AND said NOT GLOB '*.' AND length(said) <= {DIGITS} "
        "THEN CAST(said AS DOUBLE) END",
        compiler.process(element.clauses, **more),
    )


@compiles(_Day)
def _day(element: _Day, compiler: Any, **more: Any) -> str:
    (text,) = (compiler.process(one, **more) for one in element.clauses)
    return f"CASE WHEN {text} ~ '{DAY}' THEN substr({text}, 1, 10) END"


@compiles(_Day, "sqlite")
def _day_sqlite(element: _Day, compiler: Any, **more: Any) -> str:
    two = "[0-9][0-9]"
    return _named(
        f"CASE WHEN said GLOB '{two}{two}-{two}-{two}*' THEN substr(said, 1, 10) END",
        compiler.process(element.clauses, **more),
    )


def _named(found: str, text: str) -> str:
    """What is found in a text that is written out once: it has its values bound, and there is a limit to those."""
    return " ".join(("(SELECT", found, "FROM (SELECT", text, "AS said))"))
