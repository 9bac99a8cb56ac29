"""What was done here, by whom and when: in words, narrowed by person, kind and time, page by page, and as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request, Response

from .... import audit
from ....app import App
from ....store import accounts
from ... import downloads
from ...page import Page
from ...times import zone
from ...tongue import say
from .told import kinds, told

AT_ONCE = 50
MOST = 20_000
"""Lines of a file."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed to, as the address has it."""

    by: UUID | None
    kind: str
    since: date | None
    until: date | None

    @property
    def query(self) -> dict[str, str]:
        """The same, for an address."""
        given = {"by": self.by, "kind": self.kind, "since": self.since, "until": self.until}
        return {name: str(value) for name, value in given.items() if value}

    def span(self) -> tuple[datetime | None, datetime | None]:
        """The days on the reader's clock."""
        begins = datetime.combine(self.since, time(), zone()) if self.since else None
        ends = datetime.combine(self.until + timedelta(days=1), time(), zone()) if self.until else None
        return begins, ends


def asked(by: str, kind: str, since: str, until: str) -> Asked:
    """From an address that anybody may have typed: what cannot be read is left out."""
    return Asked(_id(by), kind if kind in kinds() else "", _day(since), _day(until))


def router(app: App, page: Page) -> APIRouter:
    """/settings/audit"""
    routes = APIRouter()

    @routes.get("/settings/audit")
    async def show(
        request: Request, by: str = "", kind: str = "", since: str = "", until: str = "", before: str = ""
    ) -> Response:
        wanted = asked(by, kind, since, until)
        begins, ends = wanted.span()
        async with app.database.read() as db:
            names = await accounts.names(db)
            found = await audit.listed(
                db, AT_ONCE + 1, _place(before), did=wanted.kind, by=wanted.by, since=begins, until=ends
            )
        entries, more = found[:AT_ONCE], len(found) > AT_ONCE
        older = ""
        if more:
            last = entries[-1]
            older = "?" + urlencode(wanted.query | {"before": f"{last.at.isoformat()}~{last.id}"})
        return page(
            request,
            "settings/audit.html",
            section="settings",
            tab="audit",
            entries=[(entry.at, told(entry, names)) for entry in entries],
            people=[("", say("Everybody")), *((str(id_), name) for id_, name in names.items())],
            kinds=[("", say("Everything")), *kinds().items()],
            asked=wanted,
            query=urlencode(wanted.query),
            newest=f"?{urlencode(wanted.query)}" if before else "",
            older=older,
        )

    @routes.get("/settings/audit/table.{file}")
    async def download(
        file: Literal["csv", "xlsx"], by: str = "", kind: str = "", since: str = "", until: str = ""
    ) -> Response:
        wanted = asked(by, kind, since, until)
        begins, ends = wanted.span()
        async with app.database.read() as db:
            names = await accounts.names(db)
            found = await audit.listed(db, MOST, did=wanted.kind, by=wanted.by, since=begins, until=ends)
        rows = [
            (each.at, each.by or say("A command on the server"), told(each, names), each.did, each.about)
            for each in found
        ]
        headings = [say("Time"), say("Who"), say("What was done"), say("Kind"), say("Which")]
        return downloads.table("what-was-done", headings, rows, file)

    return routes


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _place(text: str) -> tuple[datetime, UUID] | None:
    at, _, id_ = text.partition("~")
    known = _id(id_)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return (moment, known) if known and moment.tzinfo else None
