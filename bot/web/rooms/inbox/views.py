"""Puts a page of the inbox together: alerts, the list, and the conversation that is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from ....app import App
from ....dialogue import counting, handling, notes
from ....dialogue.handling import Colleague
from ....dialogue.saved import listed as saved_replies
from ....dialogue.standing import Standing, standing
from ....dialogue.sureness import same
from ....dialogue.threads import Thread, thread
from ....dialogue.within import schools_of
from ...page import Page
from ...tongue import say, say_n
from . import lists, showing, titles
from .asking import Asked, asked, ids
from .forms import Form
from .lists import Known
from .who import known, reach, reader, readers

MOST = 30
"""So many messages stand on one page of a conversation."""


@dataclass(frozen=True, slots=True)
class Talk:
    """The conversation that is open."""

    person: UUID
    name: str
    about: str
    thread: Thread
    standing: Standing
    entries: Sequence[showing.Entry]
    seen: UUID | None
    earlier: str
    before: bool


class Views:
    """Makes the pages. ``page`` is the whole of one, ``live`` what a stream sends of it."""

    def __init__(self, app: App, page: Page) -> None:
        self._app = app
        self._page = page
        self._known = Known()

    async def page(
        self, request: Request, person: UUID | None = None, form: Form | None = None, status: int = 200
    ) -> Response:
        """The list, and beside it a conversation. Raises 404 for somebody out of reach."""
        app, wanted = self._app, asked(request.query_params)
        async with app.database.read() as db:
            values = await self._parts(db, request, wanted, person)
            values["choices"] = await self._known.choices(db, app, request)
            values["since"] = await counting.newest(db)
            if person is not None:
                values["colleagues"] = await self._colleagues(db, person)
        if person is not None:
            values |= await self.reply(request, values["talk"], form)
        return self._page(
            request, "inbox/inbox.html", status, section="inbox", errors=form.errors if form else (), **values
        )

    async def reply(self, request: Request, talk: Talk, form: Form | None = None) -> dict[str, Any]:
        """What the form below a conversation needs."""
        app = self._app
        form = form or Form("", reader(app), app.new_id())
        target = talk.standing.language
        return {
            "talk": talk,
            "form": form,
            "target": showing.language(target),
            "target_tag": target,
            "same_language": same(form.language, target),
            "writes": [(tag, showing.language(tag)) for tag in readers(app)],
            "written_in": showing.language(form.language),
            "saved": await saved_replies(app, reach(request)),
            "query": "",
        }

    async def talk(self, request: Request, person: UUID) -> Talk:
        """One conversation by itself."""
        async with self._app.database.read() as db:
            await known(db, request, person)
            return await self._talk(db, request, person, asked(request.query_params))

    def live(self, request: Request, person: UUID | None) -> Callable[[], Any]:
        """What a stream renders again and again: the alerts, the counts, the list, and the conversation."""
        wanted, since = asked(request.query_params), ids(request.query_params.get("since", ""))

        async def part() -> str:
            async with self._app.database.read() as db:
                values = await self._parts(db, request, wanted, person)
                new = await counting.news(db, reach(request), since) if since else 0
            news = say_n("{n} new message", "{n} new messages", new).format(n=new) if new else ""
            return self._page.part(request, "inbox/live.html", "live", news=news, **values)

        return part

    async def _parts(
        self, db: AsyncConnection, request: Request, wanted: Asked, person: UUID | None
    ) -> dict[str, Any]:
        shown = await lists.listed(db, self._app, request, wanted)
        alerts, further = await lists.pinned(db, request)
        talk = None
        if person is not None:
            await known(db, request, person)
            talk = await self._talk(db, request, person, wanted)
        return {
            "asked": wanted,
            "query": wanted.query,
            "listed": shown,
            "alerts": alerts,
            "further": further,
            "heading": heading(shown.counts.waiting, shown.counts.more),
            "talk": talk,
            "person": person,
            "empty": _empty(wanted),
        }

    async def _talk(self, db: AsyncConnection, request: Request, person: UUID, wanted: Asked) -> Talk:
        app, now = self._app, self._app.clock()
        before = ids(request.query_params.get("before", ""))
        found = await thread(db, person, reader(app), before=before, most=MOST)
        stands = await standing(db, app, person, now)
        bubbles = found.bubbles
        first = bubbles[0].at if bubbles and found.earlier else None
        until = bubbles[-1].at if bubbles and before else None
        said = await notes.listed(db, person, first, until)
        names = showing.Names(
            await handling.names(db, {one.written_by.lower() for one in bubbles if one.written_by}),
            await titles.of_surveys(db, app, [one.survey for one in bubbles if one.survey]),
            await titles.of_campaigns(db, [one.campaign for one in bubbles if one.campaign]),
            {message: id_ for message, (id_, kind) in stands.alarms.items() if kind != "person"},
        )
        query = wanted.query
        entries = showing.entries(bubbles, said, names, person, reader(app), query, now)
        earlier = (
            f"/inbox/{person}{query}{'&' if query else '?'}before={found.earlier}" if found.earlier else ""
        )
        return Talk(
            person,
            showing.called(found.head.name, found.head.respondent),
            about(found, stands),
            found,
            stands,
            list(entries),
            max((one.id for one in bubbles if one.direction == "in"), default=None),
            earlier,
            before is not None,
        )

    async def _colleagues(self, db: AsyncConnection, person: UUID) -> list[Colleague]:
        return await handling.colleagues(db, await schools_of(db, person))


def heading(waiting: int, more: bool) -> str:
    """The finding of the list."""
    if not waiting:
        return say("Every family has an answer")
    if more:
        return say("More than {n} families wait for an answer").format(n=f"{waiting:,}")
    return say_n("{n} family waits for an answer", "{n} families wait for an answer", waiting).format(
        n=waiting
    )


def about(found: Thread, stands: Standing) -> str:
    """Who somebody is, in a line: their language, how they are reached, their children."""
    head = found.head
    by = {"sms": say("{language}, by text"), "telegram": say("{language}, by Telegram")}
    channel = next(
        (way.channel for way in head.ways if way.state == "open"), head.ways[0].channel if head.ways else ""
    )
    said = [by.get(channel, "{language}").format(language=showing.language(head.language))]
    schools = [one.school for one in stands.children]
    if len(stands.children) == 1 and (grade := stands.children[0].attributes.get("grade")):
        said.append(say("one child at {school}, grade {grade}").format(school=schools[0] or "?", grade=grade))
    elif stands.children and len(set(schools)) == 1 and schools[0]:
        text = say_n("one child at {school}", "{n} children at {school}", len(schools))
        said.append(text.format(school=schools[0], n=len(schools)))
    elif stands.children:
        text = say_n("{n} child", "{n} children", len(schools))
        said.append(text.format(n=len(schools)))
    elif head.school:
        said.append(head.school)
    return ". ".join(each[0].upper() + each[1:] for each in said) + "."


def _empty(wanted: Asked) -> str:
    if wanted.q:
        return say("Nobody is called so, and nobody has written so. Words are found from their beginning.")
    if wanted.narrowed:
        return say("No conversation fits these filters.")
    return {
        "all": say("Nobody waits. What families write comes in here as soon as it needs an answer."),
        "mine": say("Nobody waits for you. Open a conversation and take it on, and it stands here."),
        "unassigned": say("Nobody waits whom a colleague has not taken on."),
        "snoozed": say(
            "Nothing rests. A conversation that you let rest stands here until its time has come."
        ),
        "done": say("No conversation has been finished yet."),
    }[wanted.view]
