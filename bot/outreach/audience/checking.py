"""Whether what a filter names is there: a slip would reach nobody, or everybody, and nobody would notice."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import langcodes
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows import LIBRARY
from survey_flows.told import told, told_n

from ...store.tables import absences, campaigns, list_entries, surveys
from .comparing import comparable, compared
from .errors import AudienceError
from .expression import Call, Expression, Test, leaves
from .fields import FIELDS, ORDER, Field, attribute
from .saved import offer
from .slips import Slip
from .sources import attributes, sources, values
from .values import Value

MOST = 2000
"""So many values, the most frequent ones, are looked through for one that is like a word."""
FEW = 10
"""So many values may be shown, however few people have each."""
ANY_DAY = date(2000, 6, 15)
"""Relative days are not looked up, so it matters not what today is."""


async def check(db: AsyncConnection, expression: Expression) -> list[str]:
    """What to know before the filter is used: a line each.

    Raises AudienceError for an attribute, value, survey, campaign or list that does not exist, with the one that was
    probably meant. Of a list of values one that nobody has is a warning, where others exist and none is like it.
    """
    warnings: list[str] = []
    for leaf in leaves(expression.root):
        try:
            warnings += await (_call(db, leaf) if isinstance(leaf, Call) else _test(db, leaf))
        except Slip as slip:
            raise AudienceError(expression.text, slip.at, slip.what, slip.cure) from None
    return list(dict.fromkeys(warnings))


async def _call(db: AsyncConnection, call: Call) -> list[str]:
    name = call.argument.text
    if call.name in ("answered", "asked", "finished"):
        known = set((await db.execute(select(surveys.c.key).distinct())).scalars())
        if name not in known and name in LIBRARY:
            asked = f"{call.name}({name})"
            return [told("{test}: nobody has been asked this survey yet.", test=asked)]
        _among(call, known | set(LIBRARY), told("There is no survey {name}.", name=name[:60]))
    if call.name == "received":
        keys = set((await db.execute(select(campaigns.c.key))).scalars())
        _among(call, keys, told("There is no campaign {name}.", name=name[:60]))
    here = list_entries.c.list
    if call.name == "on_list" and not await _any(db, select(here).where(here == name)):
        lists = set((await db.execute(select(here).distinct())).scalars())
        _among(call, lists, told("There is no contact list {name}.", name=name[:60]))
    if call.name == "anniversary":
        field = attribute(name)
        await _exists(db, field, call.argument.at)
        return await _comparable(db, field, Value("today"))
    return []


def _among(call: Call, known: set[str], otherwise: str) -> None:
    name = call.argument.text
    if name not in known:
        raise Slip(call.argument.at, otherwise, offer(name, known))


async def _test(db: AsyncConnection, test: Test) -> list[str]:
    field = test.field
    if field.kind == "attribute":
        await _exists(db, field, test.at)
    if field.kind == "days" and not await _any(
        db, select(absences.c.day).where(absences.c.kind == field.key)
    ):
        if field.key == "late":
            return [
                told(
                    "{field}: no late arrivals have been brought in, so everybody has 0 (openline import absences).",
                    field=field.name,
                )
            ]
        return [
            told(
                "{field}: no absences have been brought in, so everybody has 0 (openline import absences).",
                field=field.name,
            )
        ]
    if test.op in ORDER:
        return await _comparable(db, field, test.values[0]) if field.kind == "attribute" else []
    if not list(sources(field)):
        return []
    # Whether anything falls on a day is no question of spelling.
    sought = [value for value in test.values if not (field.kind == "attribute" and value.is_day)]
    missing = [value for value in sought if not await _had(db, test, value)]
    warnings: list[str] = []
    for value in missing:
        known = await values(db, field)
        cure = _tag(value) if field.kind == "language" else ""
        cure = cure or _offered(value, known)
        words = {"field": field.name, "value": value.text[:60]}
        what = told("Nobody's {field} is {value}.", **words)
        if len(missing) == len(test.values) or cure.startswith("Did"):
            contains = told("Nobody's {field} contains {value}.", **words)
            raise Slip(value.at, what if test.op == "=" else contains, cure)
        warnings.append(what)
    return warnings


def telling(known: Counter[str]) -> bool:
    """Whether values are different for nearly everybody: then one may tell who somebody is, and none is shown."""
    return len(known) > FEW and len(known) * 2 > known.total()


def _offered(value: Value, known: Counter[str]) -> str:
    if telling(known):
        return told_n(
            "There is {n} different value; look in your list.",
            "There are {n} different values; look in your list.",
            len(known),
        )
    return offer(value.text, [one for one, _ in known.most_common(MOST)])


async def _exists(db: AsyncConnection, field: Field, at: int) -> None:
    for table, text, counts in sources(field):
        if await _any(db, select(text).select_from(table).where(counts, text.is_not(None))):
            return
    known = [*FIELDS, *await attributes(db)]
    what = told("There is no {field} on the list.", field=field.name[:60])
    raise Slip(at, what, offer(field.name, known))


async def _had(db: AsyncConnection, test: Test, value: Value) -> bool:
    for table, text, counts in sources(test.field):
        met: ColumnElement[bool] = compared(text, test.field, test.op, value, ANY_DAY)
        if await _any(db, select(text).select_from(table).where(counts, met)):
            return True
    return False


async def _comparable(db: AsyncConnection, field: Field, value: Value) -> list[str]:
    for table, text, counts in sources(field):
        if await _any(db, select(text).select_from(table).where(counts, comparable(text, field, value))):
            return []
    kind = told("a number or a grade") if field.is_grade else told("a number")
    if value.is_day:
        kind = told("a day, written as 2026-10-15")
    return [
        told(
            "{field}: nobody has {kind} in it, so nobody is larger, smaller or the same.",
            field=field.name,
            kind=kind,
        )
    ]


async def _any(db: AsyncConnection, wanted: Select[Any]) -> bool:
    return (await db.execute(wanted.limit(1))).first() is not None


def _tag(value: Value) -> str:
    """A language's code, where somebody wrote its name."""
    try:
        return (
            f"Did you mean {langcodes.find(value.text)}?"
            if value.text.isalpha() and len(value.text) > 3
            else ""
        )
    except LookupError:
        return ""
