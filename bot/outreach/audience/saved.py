"""Saved audiences: filters that have a name, for campaigns and for other filters. The caller owns the transaction."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from datetime import datetime

import yaml
from lark import LarkError
from sqlalchemy import delete as delete_from
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows.told import listed as beside
from survey_flows.told import told, told_n

from ...store.tables import audiences, campaigns
from .errors import AudienceError
from .expression import Expression
from .fields import EVERYONE
from .reading import mentions, parse

KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
"""Small letters, digits and hyphens: never mistaken for a filter."""
SHOWN = 20
"""So many names are listed where one is not known."""
OVER = ("stopped", "finished")
"""States of campaigns that need their audience no more."""


async def save(db: AsyncConnection, key: str, text: str, now: datetime) -> Expression:
    """Keep a filter under a name, in place of what was there. Raises AudienceError for either; returns what it means."""
    if not KEY.fullmatch(key) or key == EVERYONE:
        raise AudienceError(
            key,
            0,
            told("An audience's name is small letters, digits and hyphens."),
            told("For example: lincoln-families."),
        )
    text = text.strip()
    meant = parse(await _expanded(db, text, (key,)))
    values = {"text": text, "changed_at": now}
    if not (await db.execute(update(audiences).where(audiences.c.key == key).values(**values))).rowcount:
        await db.execute(insert(audiences).values(key=key, **values))
    return meant


async def listed(db: AsyncConnection) -> dict[str, str]:
    """Every saved filter by its name."""
    rows = await db.execute(select(audiences.c.key, audiences.c.text).order_by(audiences.c.key))
    return {row.key: row.text for row in rows}


async def get(db: AsyncConnection, key: str) -> str:
    """The filter of this name, as it was written. Raises AudienceError with a name that is like it."""
    wanted = select(audiences.c.text).where(audiences.c.key == key)
    text = (await db.execute(wanted)).scalar() if KEY.fullmatch(key) else None
    if text is None:
        what = told("There is no saved audience {name}.", name=key[:64])
        raise AudienceError(key, 0, what, offer(key, await listed(db)))
    return str(text)


async def delete(db: AsyncConnection, key: str) -> None:
    """Forget a saved filter. Raises AudienceError for one that is not there, or that is still needed, and by what."""
    await get(db, key)
    needed = [name for name, text in (await listed(db)).items() if name != key and key in _mentioned(text)]
    rows = await db.execute(select(campaigns.c.key, campaigns.c.text).where(campaigns.c.state.not_in(OVER)))
    needed += [row.key for row in rows if key in _mentioned(_audience(row.text))]
    if needed:
        raise AudienceError(
            key,
            0,
            told("{name} is still needed by: {names}.", name=key, names=beside(needed)),
            told("Stop or edit these first; then delete it."),
        )
    await db.execute(delete_from(audiences).where(audiences.c.key == key))


async def resolve(db: AsyncConnection, text: str) -> Expression:
    """What a campaign's ``audience:`` means: a filter, or the name of a saved one.

    The expression's text has every saved filter written out, and means the same for ever. Raises AudienceError.
    """
    text = text.strip()
    if KEY.fullmatch(text) and text != EVERYONE:
        return parse(await _expanded(db, await get(db, text), (text,)))
    return parse(await _expanded(db, text, ()))


def offer(word: str, known: Collection[str]) -> str:
    """How to mend a word that is none of those known.

    >>> offer("Linclon", ["Lincoln", "Oak Hill"])
    'Did you mean Lincoln?'
    """
    folded = {each.casefold(): each for each in known}
    near = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    if near:
        return told("Did you mean {name}?", name=folded[near[0]])
    some = sorted(known)
    names, more = beside(some[:SHOWN]) or told("none yet"), len(some) - SHOWN
    if more <= 0:
        return told("There are: {names}.", names=names)
    return told_n("There are: {names}, and {n} more.", "There are: {names}, and {n} more.", more, names=names)


async def _expanded(db: AsyncConnection, text: str, within: tuple[str, ...]) -> str:
    """The filter with each saved one that it mentions written out in its place."""
    parse(text)  # its own faults are shown in its own text
    parts, start = [], 0
    for begin, end, name in mentions(text):
        if name in within:
            raise AudienceError(
                text,
                begin,
                told("{name} would be a part of itself.", name=name),
                told("Write out one of the two."),
            )
        try:
            saved = await get(db, name)
        except AudienceError as error:
            raise AudienceError(text, begin, error.what, error.cure) from None
        # A comment at its end must not swallow the parenthesis.
        parts += [text[start:begin], "(", await _expanded(db, saved, (*within, name)), "\n)"]
        start = end
    whole = "".join((*parts, text[start:]))
    parse(whole)  # together they may have become too long
    return whole


def _mentioned(text: str) -> set[str]:
    """The saved filters that a filter needs; none where it cannot be read."""
    try:
        return {text.strip()} if KEY.fullmatch(text.strip()) else {name for *_, name in mentions(text)}
    except LarkError:  # a text of another version: nothing can be said of it
        return set()


def _audience(campaign: str) -> str:
    try:
        return str(yaml.safe_load(campaign)["audience"])
    except (yaml.YAMLError, TypeError, KeyError):
        return ""
