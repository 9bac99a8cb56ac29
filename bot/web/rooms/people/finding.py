"""/people: who there is, found by a name or the end of a number; as a file too."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from .... import audit
from ....app import App
from ....people import listing
from ....people.listing import Wanted
from ...downloads import Kind
from ...downloads import table as download
from ...page import Page
from ...tongue import say
from ...view import tongues
from . import doors, showing

LARGEST = 50_000
"""So many people go into one file."""
AT_ONCE = 500
Text = Annotated[str, Query(max_length=200)]


def add(routes: APIRouter, app: App, page: Page) -> None:
    """The list and its downloads."""

    @routes.get("/people")
    async def people(
        request: Request,
        q: Text = "",
        kind: Text = "",
        language: Text = "",
        school: Text = "",
        on_list: Annotated[str, Query(alias="list", max_length=200)] = "",
        state: Text = "",
        after: UUID | None = None,
    ) -> Response:
        wanted, reach = Wanted(q, kind, language, school, on_list, state), doors.reach(request)
        async with app.database.read() as db:
            lines, onward = await listing.listed(db, wanted, reach, after)
            total = await listing.counted(db, wanted, reach)
            anybody = bool(lines) or total > 0 or await listing.counted(db, Wanted(), reach, 0) > 0
            schools, languages, lists = await listing.choices(db, reach)
        asked = {name: value for name, value in _asked(wanted).items() if value}
        return page(
            request,
            "people/list.html",
            section="people",
            lines=lines,
            total=showing.total(total, listing.MOST),
            anybody=anybody,
            wanted=wanted,
            asked=asked,
            query=urlencode(asked),
            onward=urlencode(asked | {"after": str(onward)}) if onward else "",
            later=after is not None,
            schools=[("", say("Any school")), *((one, one) for one in schools)],
            spoken=showing.languages(languages),
            lists=[("", say("Any list")), *((one, one) for one in lists)],
            states=showing.states(),
            kinds=showing.kinds(),
            words=showing.WORDS,
        )

    @routes.get("/people/download.{as_}")
    async def as_file(
        request: Request,
        as_: Literal["csv", "xlsx"],
        q: Text = "",
        kind: Text = "",
        language: Text = "",
        school: Text = "",
        on_list: Annotated[str, Query(alias="list", max_length=200)] = "",
        state: Text = "",
    ) -> Response:
        """Everybody who is asked for, without whole numbers: a file is passed on more easily than a page."""
        wanted, reach = Wanted(q, kind, language, school, on_list, state), doors.reach(request)
        lines: list[listing.Line] = []
        onward: UUID | None = None
        async with app.database.read() as db:
            while len(lines) < LARGEST:
                some, onward = await listing.listed(db, wanted, reach, onward, AT_ONCE)
                lines += some
                if onward is None:
                    break
        async with app.database.begin() as db:
            await audit.record(
                db, app.clock(), doors.member(request), "people.download", "", people=len(lines)
            )
        headings = [
            say("Name"), say("Who"), say("School"), say("Language"), say("Children"), say("State"),
            say("Numbers end in"), say("Id in your own system"), say("Id here"),
        ]  # fmt: skip
        rows = (
            [
                one.name, showing.kind(one.kind), one.school, tongues.name(one.language),
                ", ".join(filter(None, one.children)), showing.state(one.state),
                ", ".join(way.ending for way in one.ways), one.external_id, str(one.id),
            ]
            for one in lines
        )  # fmt: skip
        as_kind: Kind = as_
        # In a thread: a workbook of 20,000 rows takes seconds, and webhooks are answered meanwhile.
        return await asyncio.to_thread(download, "people", headings, rows, as_kind)


def _asked(wanted: Wanted) -> dict[str, str]:
    return {
        "q": wanted.text,
        "kind": wanted.kind,
        "language": wanted.language,
        "school": wanted.school,
        "list": wanted.list,
        "state": wanted.state,
    }
