"""How far the reading of replies has come, cheaply: what pages and the menu show."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from ....app import App
from ....reviewing.figures import names_of
from ....reviewing.standing import differences
from ....store import draws
from ....store import standing as rows
from ....store.readings import Schools
from .doors import Named


@dataclass(frozen=True, slots=True)
class Progress:
    """``done``: replies that people have read; ``left``: those they have not (``many``: more than can be counted at a
    glance). ``readers``: who read how many, by name. ``again``: drawn replies that one person has read and a second has to."""

    survey: Named
    done: int
    left: int
    many: bool
    readers: tuple[tuple[str, int], ...] = ()
    again: int = 0
    apart: int = 0

    @property
    def share(self) -> float:
        """Of all that are counted, how much is done: 0 to 100."""
        return round(100 * self.done / max(self.done + self.left, 1), 1)


async def progress(db: AsyncConnection, survey: Named, schools: Schools) -> Progress:
    """How far it has come: for the workbench."""
    left = await rows.unread(db, survey.key, schools)
    many = left > rows.MOST
    return Progress(survey, await rows.read_by_people(db, survey.key, schools), min(left, rows.MOST), many)


async def whole(app: App, db: AsyncConnection, survey: Named, schools: Schools) -> Progress:
    """The same, and by whom, how many wait for a second reader, and on how many readers differ."""
    so_far = await progress(db, survey, schools)
    read = {row.coder: row.read for row in await rows.readers(db, survey.key, schools)}
    names = await names_of(db, read)
    waiting = await draws.to_read(db, survey.key, "", app.clock(), schools=schools)
    return Progress(
        survey,
        so_far.done,
        so_far.left,
        so_far.many,
        tuple((names[coder], number) for coder, number in read.items()),
        sum(row.read > 0 for row in waiting),
        len(await differences(db, survey.key, schools)),
    )
