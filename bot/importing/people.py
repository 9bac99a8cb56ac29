"""Takes a contact list: read, merged, compared with the store, and entered lot by lot, each in its own transaction."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from ..app import App
from ..spreadsheets import Table
from ..store import erased
from .comparing import shared_by
from .deciding import Ground, Work, decide
from .entering import PERSON, enter
from .known import Known, look_up
from .layout import Layout
from .matching import match
from .merging import Listed, children_of, chunks, merge
from .removal import check, let_go, missing, take_off
from .report import Progress, Report
from .rows import Reading, read
from .telling import Sums, report_of

AT_ONCE = 1_000
"""People who share a transaction: the inbox waits no longer than that takes."""
TRIES = 3
"""How often a lot is tried where somebody writes to us, or another list is read, in the very moment."""


class _NotForGood(Exception):  # noqa: N818 - nothing is wrong
    """Ends the transaction of a dry run."""


async def take(
    app: App,
    table: Table,
    name: str,
    layout: Layout,
    *,
    reading: Progress = lambda _: None,
    entering: Progress = lambda _: None,
    dry: bool = False,
    whole: bool = False,
    anyway: bool = False,
) -> Report:
    """Enter everyone on the list ``name``, once; the list is kept as the source of each number's consent.

    What the newest list says of somebody holds; what they said themselves stays theirs, and a STOP stays a STOP. Nobody
    is left out for want of a number: they are counted among those who could not be asked. With ``whole`` the file is
    all of the list: whoever it has no more is taken off. With ``dry`` everything is found out and nothing written.

    ``reading`` is called with the number of rows read, ``entering`` with the number of people entered. Raises
    dates.UncertainDates, and removal.Doubtful where ``whole`` is doubtful and not meant ``anyway``; then nothing has been
    written.
    """
    # In a thread: webhooks are answered meanwhile.
    found = await asyncio.to_thread(read, table, layout, app.settings.country, lambda: reading(1))
    listed = await asyncio.to_thread(merge, found, name)
    ground = _ground(app, name, layout, listed)
    doubt = None
    if whole:
        gone, before = await _missing(app, listed, ground)
        if not anyway and not dry:
            check(gone, before, len(table.bad))
        doubt = (gone, before)
    sums = Sums()
    for chunk in chunks(listed, AT_ONCE):
        sums.add(await _enter(app, chunk, found, ground, dry=dry))
        entering(len(chunk))
    if whole:
        sums.counts += await _take_off(app, sums, ground, dry=dry)
    return report_of(table, found, sums, name, doubt if dry and not anyway else None)


def _ground(app: App, name: str, layout: Layout, listed: Sequence[Listed]) -> Ground:
    return Ground(
        name=name,
        language=layout.language,
        now=app.clock(),
        zone=app.desk.zone,
        new_id=app.new_id,
        reaches=Counter(reach for one in listed for reach in one.reaches),
        theirs={one.mark: tuple(one.reaches) for one in listed if one.known_id},
    )


async def _known(app: App, db: AsyncConnection, chunk: Sequence[Listed], name: str) -> Known:
    reaches = {reach for one in chunk for reach in one.reaches}
    children = {child for one in chunk for child in one.children}
    known = await look_up(db, {one.mark for one in chunk}, reaches, children, name)
    known.stopped = await erased.among(db, app.desk.seal, reaches - known.places.keys())
    return known


async def _enter(app: App, chunk: Sequence[Listed], found: Reading, ground: Ground, *, dry: bool) -> Work:
    children = children_of(chunk, found)
    for tried in range(1, TRIES + 1):
        try:
            async with app.database.begin() as db:
                work = decide(chunk, children, await _known(app, db, chunk, ground.name), ground)
                await enter(db, work, ground.name, ground.now, ground.new_id)
                if dry:
                    raise _NotForGood
        except _NotForGood:
            return work
        except IntegrityError:
            if tried == TRIES:
                raise
            continue
        return work
    raise AssertionError  # pragma: no cover - the last try returns or raises


async def _missing(app: App, listed: Sequence[Listed], ground: Ground) -> tuple[int, int]:
    """How many people of the list are not among these, and how many it has; before anything is written."""
    seen: set[UUID] = set()
    for chunk in chunks(listed, AT_ONCE):
        async with app.database.read() as db:
            known = await _known(app, db, chunk, ground.name)
        seen |= {person.id for person in match(chunk, known, ground.reaches).found.values()}
    async with app.database.read() as db:
        gone, before = await missing(db, ground.name, seen)
    return len(gone), before


async def _take_off(app: App, sums: Sums, ground: Ground, *, dry: bool) -> Counter[str]:
    counts: Counter[str] = Counter()
    try:
        async with app.database.begin() as db:
            gone, _ = await missing(db, ground.name, sums.seen)
            parted, touched = await let_go(
                db, ground.name, sums.students, sums.pairs, sums.seen - gone, gone, ground.now
            )
            counts += parted + await take_off(db, ground.name, gone, ground.now, ground.new_id)
            await _compare_anew(db, touched)
            if dry:
                raise _NotForGood
    except _NotForGood:
        pass
    return counts


async def _compare_anew(db: AsyncConnection, ids: Collection[UUID]) -> None:
    """People whose children have changed are compared by those they have."""
    known = await look_up(db, (), (), (), "", ids)
    students = {student.id: student for student in known.students.values()}
    rows = []
    for person in known.people.values():
        kids = [students[id_] for id_ in person.children]
        school, groups = shared_by(kids, person.school, person.groups)
        if (school, groups) != (person.school, person.groups):
            kept = {
                name: getattr(person, name) for name in ("external_id", "respondent", "name", "removed_at")
            }
            rows.append({"_id": person.id, "school": school, "groups": groups, **kept})
    if rows:
        await db.execute(PERSON, rows)
